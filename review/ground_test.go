package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// twoListed are two parties: the first is seven years older and a woman, the second nine years older.
func twoListed() review.Dossier {
	return about(orlan(),
		review.Match{Key: "older", Party: review.PartyPerson, Names: names("Orlan Temur Kasymbek"), Birthdates: born(1979, 0, 0), Sexes: []string{"female"}},
		review.Match{Key: "oldest", Party: review.PartyPerson, Names: names("KASYMBEK, Orlan Bektur"), Birthdates: born(1977, 5, 1)})
}

func falsePositive(edit func(*review.DispositionForm)) review.DispositionForm {
	f := review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.FalsePositive, Reason: review.ReasonBirthdate,
		Premises: []string{"birth-years-apart:7"}}
	if edit != nil {
		edit(&f)
	}
	return f
}

// problems are the fields and texts of what Grounds refuses.
func problems(t *testing.T, f review.DispositionForm, d review.Dossier, earlier, found []review.Disposition) (all []string, text string) {
	t.Helper()
	grounds, err := f.Grounds(review.DefaultPolicy(), d, earlier, found)
	assert.Empty(t, grounds, "nothing is grounded in part")
	all = fields(t, err)
	return all, err.Error()
}

func TestAFalsePositiveRestsOnAReason(t *testing.T) {
	t.Parallel()
	d := twoListed()
	grounds, err := falsePositive(nil).Grounds(review.DefaultPolicy(), d, nil, nil)
	require.NoError(t, err)
	require.Len(t, grounds, 1)
	g := grounds[0]
	assert.Equal(t, []string{"birth-years-apart:7"}, keysOf(g.Premises))
	assert.Equal(t, []string{"1979"}, g.Premises[0].Match, "with what stood there")
	assert.Equal(t, review.PartyEvidence(g.Subject, g.Party), g.Seen)
	assert.Equal(t, []review.MatchKey{"older"}, g.Matches)

	got, text := problems(t, falsePositive(func(f *review.DispositionForm) { f.Premises = nil }), d, nil, nil)
	assert.Equal(t, []string{"premise"}, got)
	assert.Contains(t, text, "Tick at least one reason that sets them apart, or say it in the note and tick “Something else”")
}

func TestAReasonThatIsNotSoIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ premise, text string }{
		{"countries-apart", "Choose another reason for “Orlan Temur Kasymbek”, or judge it by itself: the countries do not set it apart"},
		{"birth-years-apart:9", "Open the review again: what sets “Orlan Temur Kasymbek” apart is not counted as the page says"},
		{"birth-years-apart:6", "not counted as the page says"},
		{"birth-years-apart:0x7", "not counted as the page says"},
		{"birth-years-apart:", "not counted as the page says"},
		{"mischief", "the page sent a reason that it never showed"},
		{"", "the page sent a reason that it never showed"},
	} {
		got, text := problems(t, falsePositive(func(f *review.DispositionForm) { f.Premises = []string{c.premise} }), twoListed(), nil, nil)
		assert.Equal(t, []string{"premise"}, got, c.premise)
		assert.Contains(t, text, c.text)
	}
	for _, k := range review.PremiseKinds() {
		if k == review.PremiseOther || k == review.PremiseYearsApart || k == review.PremiseSexApart {
			continue
		}
		_, text := problems(t, falsePositive(func(f *review.DispositionForm) { f.Premises = []string{string(k)} }), twoListed(), nil, nil)
		assert.NotContains(t, text, "nothing that can be tested", "%s has words of its own", k)
	}
}

func TestATickTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	f := falsePositive(func(f *review.DispositionForm) {
		f.Matches = []review.MatchKey{"older", "older"}
		f.Premises = []string{"sex-apart", "birth-years-apart", "birth-years-apart:7", "other", "other"}
		f.Note = "The passport photo is of someone else."
	})
	grounds, err := f.Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"sex-apart", "birth-years-apart:7", "other"}, keysOf(grounds[0].Premises))
	assert.Equal(t, []review.MatchKey{"older"}, grounds[0].Matches)
}

func TestSomethingElseIsSaidInTheNote(t *testing.T) {
	t.Parallel()
	other := func(f *review.DispositionForm) { f.Premises = []string{"other"} }
	got, _ := problems(t, falsePositive(other), twoListed(), nil, nil)
	assert.Equal(t, []string{"note"}, got)
	f := falsePositive(other)
	f.Note = "Seen in person."
	grounds, err := f.Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []review.Premise{{Kind: review.PremiseOther, Comparator: review.ComparatorVersion}}, grounds[0].Premises)

	untold := review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.CannotTell, Reason: review.ReasonDocument, Missing: []review.Fact{review.FactOther}}
	got, _ = problems(t, untold, twoListed(), nil, nil)
	assert.Equal(t, []string{"note"}, got)
}

func TestManyPartiesEachCountForThemselves(t *testing.T) {
	t.Parallel()
	both := func(f *review.DispositionForm) {
		f.Matches, f.Premises = []review.MatchKey{"oldest", "older"}, []string{"birth-years-apart"}
	}
	grounds, err := falsePositive(both).Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
	require.Len(t, grounds, 2)
	assert.Equal(t, []string{"birth-years-apart:7"}, keysOf(grounds[0].Premises), "in the order of the dossier")
	assert.Equal(t, []string{"birth-years-apart:9"}, keysOf(grounds[1].Premises))
	assert.NotEqual(t, grounds[0].Seen, grounds[1].Seen)

	got, text := problems(t, falsePositive(func(f *review.DispositionForm) { both(f); f.Premises = []string{"sex-apart"} }), twoListed(), nil, nil)
	assert.Equal(t, []string{"premise"}, got)
	assert.Contains(t, text, "“KASYMBEK, Orlan Bektur”", "the one that lacks it is named")
	got, text = problems(t, falsePositive(func(f *review.DispositionForm) { both(f); f.Premises = []string{"kind-apart"} }), twoListed(), nil, nil)
	assert.Equal(t, []string{"premise"}, got, "said once")
	assert.Contains(t, text, "“Orlan Temur Kasymbek” (and one other)")
}

func TestAPartOfAPartyMayBeJudged(t *testing.T) {
	t.Parallel()
	d := about(orlan(), listed(func(m *review.Match) { m.Key, m.EntityID, m.Birthdates = "a", "E", born(1979, 0, 0) }),
		listed(func(m *review.Match) { m.Key, m.EntityID = "b", "E" }), listed(func(m *review.Match) { m.Key, m.EntityID, m.Dismissed = "c", "E", true }))
	grounds, err := falsePositive(func(f *review.DispositionForm) { f.Matches = []review.MatchKey{"b"} }).Grounds(review.DefaultPolicy(), d, nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []review.MatchKey{"b"}, grounds[0].Matches)
	assert.Equal(t, []string{"birth-years-apart:7"}, keysOf(grounds[0].Premises), "by what the whole party tells")
	got, _ := problems(t, falsePositive(func(f *review.DispositionForm) { f.Matches = []review.MatchKey{"c"} }), d, nil, nil)
	assert.Equal(t, []string{"match"}, got, "a dismissed match is not asked for")
}

func TestWhatCannotBeToldLacksAFact(t *testing.T) {
	t.Parallel()
	d := about(orlan(), review.Match{Key: "older", Party: review.PartyPerson, Names: names("Orlan Temur Kasymbek")})
	form := func(missing ...review.Fact) review.DispositionForm {
		return review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.CannotTell, Reason: review.ReasonBirthdate, Missing: missing}
	}
	grounds, err := form(review.FactBirthdateMatch, review.FactCountryMatch, review.FactBirthdateMatch).Grounds(review.DefaultPolicy(), d, nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []review.Fact{review.FactBirthdateMatch, review.FactCountryMatch}, grounds[0].Missing)
	assert.Empty(t, grounds[0].Premises)

	got, text := problems(t, form(), d, nil, nil)
	assert.Equal(t, []string{"missing"}, got)
	assert.Contains(t, text, "Tick what would settle it")
	got, text = problems(t, form(review.FactBirthdateSubject), d, nil, nil)
	assert.Equal(t, []string{"missing"}, got)
	assert.Contains(t, text, "Tick what else would settle “Orlan Temur Kasymbek”: our subject’s birth date is known")
	got, _ = problems(t, form("mischief"), d, nil, nil)
	assert.Equal(t, []string{"missing"}, got)
	whole := about(orlan(), listed(func(m *review.Match) {
		m.Key, m.Birthdates, m.Sexes = "older", born(1986, 3, 14), []string{"male"}
		in("KZ")(m)
		passport("N7720414")(m)
	}))
	for _, f := range review.Facts() {
		if f != review.FactOther && f != review.FactDetails {
			_, text := problems(t, form(f), whole, nil, nil)
			assert.NotContains(t, text, "the report told of it", "%s has words of its own", f)
		}
	}
}

func TestHiddenPartsOfAFormDoNotCount(t *testing.T) {
	t.Parallel()
	all := review.DispositionForm{Matches: []review.MatchKey{"older"}, Reason: review.ReasonBirthdate, Premises: []string{"mischief", "other"},
		Missing: []review.Fact{"mischief"}, Carry: []review.EntryID{7}}
	all.Finding = review.TrueMatch
	grounds, err := all.Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
	assert.Empty(t, grounds[0].Premises)
	assert.Empty(t, grounds[0].Missing)
	assert.Zero(t, grounds[0].Carries)
	all.Finding, all.Missing = review.CannotTell, []review.Fact{review.FactCountryMatch}
	_, err = all.Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
	all.Finding, all.Missing, all.Carry, all.Premises = review.FalsePositive, []review.Fact{"mischief"}, nil, []string{"sex-apart"}
	_, err = all.Grounds(review.DefaultPolicy(), twoListed(), nil, nil)
	require.NoError(t, err)
}

func TestEveryFindingNeedsMatchFindingAndReason(t *testing.T) {
	t.Parallel()
	got, _ := problems(t, review.DispositionForm{}, twoListed(), nil, nil)
	assert.Equal(t, []string{"match", "finding", "reason"}, got)
	for field, edit := range map[string]func(*review.DispositionForm){
		"match":   func(f *review.DispositionForm) { f.Matches = append(f.Matches, "gone") },
		"finding": func(f *review.DispositionForm) { f.Finding = "maybe" },
		"reason":  func(f *review.DispositionForm) { f.Reason = review.ReasonAllFalsePositive },
		"note":    func(f *review.DispositionForm) { f.Reason, f.Note = review.ReasonOther, " \n" },
	} {
		got, _ := problems(t, falsePositive(edit), twoListed(), nil, nil)
		assert.Equal(t, []string{field}, got)
	}
	got, _ = problems(t, falsePositive(func(f *review.DispositionForm) { f.Note = strings.Repeat("я", review.MaxNote+1) }), twoListed(), nil, nil)
	assert.Equal(t, []string{"note"}, got)
}

func TestLongListsAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	many := func(f *review.DispositionForm) {
		for i := range 5001 {
			f.Matches = append(f.Matches, review.MatchKey(fmt.Sprint("m-", i)))
			f.Premises = append(f.Premises, "sex-apart")
			f.Carry = append(f.Carry, review.EntryID(i+1))
		}
	}
	got, _ := problems(t, falsePositive(many), twoListed(), nil, nil)
	assert.Equal(t, []string{"match", "premise"}, got)
	got, _ = problems(t, falsePositive(func(f *review.DispositionForm) { many(f); f.Matches = f.Matches[:1] }), twoListed(), nil, nil)
	assert.Equal(t, []string{"premise", "carry"}, got)
	untold := review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.CannotTell, Reason: review.ReasonSex,
		Missing: make([]review.Fact, 5001)}
	got, _ = problems(t, untold, twoListed(), nil, nil)
	assert.Equal(t, []string{"missing"}, got)
}

func TestAHostileNameStaysWithinASentence(t *testing.T) {
	t.Parallel()
	d := about(orlan(), review.Match{Key: "older", Names: names("x\u202e\n\x00" + strings.Repeat("long ", 900))})
	_, text := problems(t, falsePositive(nil), d, nil, nil)
	assert.Less(t, len(text), 300)
	assert.NotContains(t, text, "\u202e")
	assert.NotContains(t, text, "\n")
	nobody := about(orlan(), review.Match{Key: "older", Party: review.PartyList})
	_, text = problems(t, falsePositive(nil), nobody, nil, nil)
	assert.Contains(t, text, "the party without a name")
}

// cleared is an earlier finding on the first of two parties, by its years of birth.
func cleared(t *testing.T, d review.Dossier, entry review.EntryID, edit func(*review.Disposition)) []review.Disposition {
	t.Helper()
	grounds, err := falsePositive(nil).Grounds(review.DefaultPolicy(), d, nil, nil)
	require.NoError(t, err)
	e := review.Disposition{Entry: entry, Review: 3, Match: "older", Identity: "older", Kind: review.KindWatchlist, Whose: review.Whose(orlan()),
		Finding: review.FalsePositive, Reason: review.ReasonBirthdate, Premises: grounds[0].Premises, Seen: grounds[0].Seen}
	if edit != nil {
		edit(&e)
	}
	return []review.Disposition{e}
}

func TestAnEarlierFindingIsCarriedWhileItHolds(t *testing.T) {
	t.Parallel()
	d := twoListed()
	carry := review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.FalsePositive, Carry: []review.EntryID{7}}
	earlier := cleared(t, d, 7, nil)
	grounds, err := carry.Grounds(review.DefaultPolicy(), d, earlier, nil)
	require.NoError(t, err)
	assert.Equal(t, review.EntryID(7), grounds[0].Carries)
	assert.Equal(t, review.ReasonBirthdate, grounds[0].Reason, "the earlier reason is taken over")
	assert.Equal(t, earlier[0].Premises, grounds[0].Premises, "and its premises as they were")

	more := carry
	more.Reason, more.Premises = review.ReasonSex, []string{"sex-apart", "birth-years-apart"}
	grounds, err = more.Grounds(review.DefaultPolicy(), d, earlier, nil)
	require.NoError(t, err)
	assert.Equal(t, review.ReasonSex, grounds[0].Reason)
	assert.Equal(t, []string{"birth-years-apart:7", "sex-apart"}, keysOf(grounds[0].Premises))

	more.Reason = "mischief"
	got, _ := problems(t, more, d, earlier, nil)
	assert.Equal(t, []string{"reason"}, got, "a reason that is sent must be one")

	words := cleared(t, d, 7, func(e *review.Disposition) {
		e.Reason, e.Premises = review.ReasonOther, append(e.Premises, review.Premise{Kind: review.PremiseOther})
	})
	grounds, err = carry.Grounds(review.DefaultPolicy(), d, words, nil)
	require.NoError(t, err, "what was said in words beside it does not break it, and is not said again")
	assert.Equal(t, []string{"birth-years-apart:7"}, keysOf(grounds[0].Premises))
}

func TestAnEarlierFindingThatDoesNotHoldIsNotCarried(t *testing.T) {
	t.Parallel()
	d := twoListed()
	carry := review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.FalsePositive, Carry: []review.EntryID{7}}
	fresh := about(orlan(), d.Reports[0].Matches[0], d.Reports[0].Matches[1], review.Match{Key: "new", Names: names("Orlan Temur Kasymbek")})
	nearer := twoListed()
	nearer.Reports[0].Matches[0].Birthdates = born(1983, 0, 0)
	for _, c := range []struct {
		name, text string
		dossier    review.Dossier
		form       func(*review.DispositionForm)
		earlier    []review.Disposition
		found      []review.Disposition
	}{
		{"broken", "not every reason that cleared it earlier still holds", nearer, nil, cleared(t, d, 7, nil), nil},
		{"a new match", "it has a match that the earlier finding never saw", fresh, nil, cleared(t, d, 7, nil), nil},
		{"only words", "nothing that cleared it earlier can be tested again", d, nil,
			cleared(t, d, 7, func(e *review.Disposition) { e.Premises = []review.Premise{{Kind: review.PremiseOther}} }), nil},
		{"no such finding", "none of those sent is the last one on it", d, nil, nil, nil},
		{"a later finding", "none of those sent is the last one on it", d, nil, append(cleared(t, d, 7, nil), cleared(t, d, 9, nil)...), nil},
		{"a later true match", "none of those sent is the last one on it", d, nil,
			append(cleared(t, d, 7, nil), cleared(t, d, 9, func(e *review.Disposition) { e.Finding = review.TrueMatch })...), nil},
		{"one party of two", "Judge “KASYMBEK, Orlan Bektur” without an earlier finding", d,
			func(f *review.DispositionForm) { f.Matches = append(f.Matches, "oldest") }, cleared(t, d, 7, nil), nil},
		{"found otherwise since", "this review has found something else of it", d, nil, cleared(t, d, 7, nil),
			[]review.Disposition{{Entry: 20, Match: "older", Finding: review.TrueMatch}}},
		{"one too many", "is about none of these matches", d, func(f *review.DispositionForm) { f.Carry = append(f.Carry, 8) }, cleared(t, d, 7, nil), nil},
	} {
		f := carry
		f.Carry, f.Matches = append([]review.EntryID(nil), f.Carry...), append([]review.MatchKey(nil), f.Matches...)
		if c.form != nil {
			c.form(&f)
		}
		got, text := problems(t, f, c.dossier, c.earlier, c.found)
		assert.Contains(t, got, "carry", c.name)
		assert.NotContains(t, got, "premise", c.name)
		assert.Contains(t, text, c.text, c.name)
	}
	again := []review.Disposition{{Entry: 20, Match: "older", Finding: review.FalsePositive}}
	_, err := carry.Grounds(review.DefaultPolicy(), d, cleared(t, d, 7, nil), again)
	assert.NoError(t, err, "the same finding may be given again")
}
