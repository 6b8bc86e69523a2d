package review_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func retests(d review.Dossier, earlier ...review.Disposition) map[review.MatchKey]review.Retest {
	return review.Retests(d, review.Parties(d), earlier)
}

func TestAnEarlierFindingIsPutToTheSameMatch(t *testing.T) {
	t.Parallel()
	d := twoListed()
	earlier := cleared(t, d, 7, nil)
	got := retests(d, earlier...)
	require.Len(t, got, 1)
	assert.True(t, got["older"].Held())
	assert.Equal(t, earlier[0], got["older"].Earlier)
	assert.Empty(t, retests(d))

	elsewhere := func(edit func(*review.Disposition)) map[review.MatchKey]review.Retest {
		return retests(d, cleared(t, d, 7, func(e *review.Disposition) {
			if e.Match = "in another report"; edit != nil {
				edit(e)
			}
		})...)
	}
	assert.True(t, elsewhere(nil)["older"].Held(), "the same match of another report")
	assert.Empty(t, elsewhere(func(e *review.Disposition) { e.Kind = review.KindPEP }), "of another kind of report it is another match")
	assert.Empty(t, elsewhere(func(e *review.Disposition) { e.Identity = "" }))
	assert.Empty(t, elsewhere(func(e *review.Disposition) { e.Whose = review.Whose(review.Subject{First: "Mirela", Last: "Vask"}) }),
		"a finding never passes to another person")
	assert.Empty(t, elsewhere(func(e *review.Disposition) { e.Whose = "" }), "nor to nobody knows whom")
}

func TestTheNewestFindingCounts(t *testing.T) {
	t.Parallel()
	d := twoListed()
	old := cleared(t, d, 7, nil)[0]
	found := func(f review.Finding) review.Disposition {
		return cleared(t, d, 9, func(e *review.Disposition) { e.Finding, e.Premises = f, nil })[0]
	}
	for _, f := range []review.Finding{review.TrueMatch, review.CannotTell} {
		assert.Empty(t, retests(d, found(f), old), "in any order: %s", f)
		assert.Empty(t, retests(d, old, found(f)))
	}
	assert.Equal(t, review.EntryID(9), retests(d, found(review.FalsePositive), old)["older"].Earlier.Entry)
	assert.False(t, retests(d, found(review.FalsePositive), old)["older"].Held(), "without a premise nothing holds")
	assert.False(t, retests(d, found(review.FalsePositive), old)["older"].Reopened(), "nor breaks")
}

func TestAMatchThatNobodySawIsFresh(t *testing.T) {
	t.Parallel()
	match := func(key review.MatchKey, edit func(*review.Match)) review.Match {
		m := listed(func(m *review.Match) { m.Key, m.EntityID, m.Birthdates = key, "E", born(1979, 0, 0) })
		if edit != nil {
			edit(&m)
		}
		return m
	}
	d := about(orlan(), match("a", nil), match("b", nil), match("c", func(m *review.Match) { m.Dismissed = true }))
	on := func(entry review.EntryID, key review.MatchKey, f review.Finding) review.Disposition {
		return review.Disposition{Entry: entry, Match: key, Finding: f, Premises: premisesOf(t, d)}
	}
	got := retests(d, on(7, "a", review.FalsePositive))
	assert.Equal(t, []review.MatchKey{"b"}, got["a"].Fresh, "a dismissed one asks for nobody")
	assert.Equal(t, got["a"], got["b"], "what came of it is said of each match of the party")
	assert.False(t, got["a"].Held())
	assert.False(t, got["a"].Reopened())

	both := retests(d, on(7, "a", review.FalsePositive), on(9, "b", review.FalsePositive))
	assert.Empty(t, both["a"].Fresh, "each was cleared, if in two acts")
	assert.Equal(t, review.EntryID(9), both["a"].Earlier.Entry)
	assert.True(t, both["a"].Held())
	mixed := retests(d, on(7, "a", review.TrueMatch), on(9, "b", review.FalsePositive))
	assert.Equal(t, []review.MatchKey{"a"}, mixed["b"].Fresh, "a true match is no false positive because another list's is")
}

func premisesOf(t *testing.T, d review.Dossier) []review.Premise {
	t.Helper()
	all, err := review.CompareParties(d, review.ComparatorVersion)
	require.NoError(t, err)
	return all[0].Premises()
}

// One listed person may match two people of one case: what was found of one says nothing of the
// other.
func TestOneListedPartyBesideTwoSubjects(t *testing.T) {
	t.Parallel()
	party := listed(func(m *review.Match) { m.EntityID, m.Sexes = "E", []string{"female"} })
	d := about(orlan(), party)
	second := about(review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbekov", Sex: "male"}, party).Reports[0]
	second.Ref.ID, second.Matches[0].Key, second.Matches[0].Report.ID = "rep_2", "m-second", "rep_2"
	d.Reports = append(d.Reports, second)
	parties := review.Parties(d)
	require.Len(t, parties, 2)
	require.Equal(t, parties[0].Key, parties[1].Key, "it is one listed party")
	earlier := review.Disposition{Entry: 7, Match: "m-0", Identity: "m-0", Kind: review.KindWatchlist, Whose: review.Whose(orlan()),
		Finding: review.FalsePositive, Premises: premisesOf(t, d)}
	got := review.Retests(d, parties, []review.Disposition{earlier})
	assert.Contains(t, got, review.MatchKey("m-0"))
	assert.NotContains(t, got, review.MatchKey("m-second"))
}

func TestFreeWordsNeverHoldAndNeverBreak(t *testing.T) {
	t.Parallel()
	holds := review.TestedPremise{Premise: review.Premise{Kind: review.PremiseSexApart}, Standing: review.Holds}
	words := review.TestedPremise{Premise: review.Premise{Kind: review.PremiseOther}, Standing: review.Untestable}
	for _, c := range []struct {
		premises       []review.TestedPremise
		held, reopened bool
	}{
		{nil, false, false},
		{[]review.TestedPremise{words}, false, false},
		{[]review.TestedPremise{words, holds}, true, false},
		{[]review.TestedPremise{holds, {Premise: holds.Premise, Standing: review.Broken}}, false, true},
		{[]review.TestedPremise{holds, {Premise: holds.Premise, Standing: review.Untestable}}, false, true},
	} {
		r := review.Retest{Premises: c.premises}
		assert.Equal(t, c.held, r.Held(), "%v", c.premises)
		assert.Equal(t, c.reopened, r.Reopened(), "%v", c.premises)
	}
}

// running is what a review found on the first of two parties.
func running(t *testing.T, d review.Dossier, form review.DispositionForm) review.Disposition {
	t.Helper()
	grounds, err := form.Grounds(review.DefaultPolicy(), d, nil, nil)
	require.NoError(t, err)
	g := grounds[0]
	return review.Disposition{Entry: 4, Match: "older", Finding: g.Finding, Premises: g.Premises, Missing: g.Missing, Seen: g.Seen, Evidence: review.Evidence(d)}
}

func TestAFindingStandsWhileItsGroundDoes(t *testing.T) {
	t.Parallel()
	before := twoListed()
	by := func(keys ...string) review.Disposition {
		return running(t, before, falsePositive(func(f *review.DispositionForm) { f.Premises, f.Note = keys, "Seen in person." }))
	}
	without := func(missing ...review.Fact) review.Disposition {
		return running(t, before, review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.CannotTell, Reason: review.ReasonCountry,
			Missing: missing, Note: "Which of the two ports?"})
	}
	same := running(t, before, review.DispositionForm{Matches: []review.MatchKey{"older"}, Finding: review.TrueMatch, Reason: review.ReasonName})
	moved := func(edit func(*review.Match)) review.Dossier {
		d := twoListed()
		edit(&d.Reports[0].Matches[0])
		return d
	}
	article := moved(func(m *review.Match) { m.Articles = []review.Article{{Title: "A port opens"}} })
	nearer := moved(func(m *review.Match) { m.Birthdates = born(1983, 0, 0) })
	dateless := moved(func(m *review.Match) { m.Birthdates = nil })
	country := moved(in("BR"))
	other := twoListed()
	other.Reports[0].Matches[1].Birthdates = nil
	for _, c := range []struct {
		name   string
		found  review.Disposition
		now    review.Dossier
		stands bool
	}{
		{"nothing moved", by("birth-years-apart"), before, true},
		{"nothing moved, said in words", by("other"), before, true},
		{"another party moved, said in words", by("other"), other, true},
		{"a detail moved, said in words", by("other"), article, false},
		{"a detail moved", by("birth-years-apart"), article, true},
		{"a detail moved, words beside a reason", by("birth-years-apart", "other"), article, true},
		{"the reason broke", by("birth-years-apart"), nearer, false},
		{"the reason cannot be tested", by("birth-years-apart"), dateless, false},
		{"one of two reasons broke", by("birth-years-apart", "sex-apart"), nearer, false},
		{"another reason stands", by("sex-apart"), nearer, true},
		{"what was missing is known", without(review.FactCountryMatch), country, false},
		{"something else is known", without(review.FactCountryMatch), article, true},
		{"what was missing is named in the note", without(review.FactOther), country, true},
		{"a true match", same, nearer, true},
	} {
		stands, lapsed := review.StillStanding(c.now, review.Parties(c.now), []review.Disposition{c.found})
		if c.stands {
			assert.Equal(t, []review.Disposition{c.found}, stands, c.name)
			assert.Empty(t, lapsed, c.name)
			continue
		}
		assert.Empty(t, stands, c.name)
		require.Len(t, lapsed, 1, c.name)
		assert.Equal(t, c.found, lapsed[0].Disposition)
		if c.found.Finding == review.FalsePositive {
			assert.Len(t, lapsed[0].Retest.Premises, len(c.found.Premises), c.name)
			assert.Empty(t, lapsed[0].Known)
		} else {
			assert.Equal(t, []review.Fact{review.FactCountryMatch}, lapsed[0].Known)
		}
	}
	gone := about(orlan(), before.Reports[0].Matches[1])
	stands, lapsed := review.StillStanding(gone, review.Parties(gone), []review.Disposition{by("other")})
	assert.Len(t, stands, 1, "of a match that is gone nobody asks")
	assert.Empty(t, lapsed)
}

func TestAFindingWithoutADigestStandsOnUnmovedEvidence(t *testing.T) {
	t.Parallel()
	d := twoListed()
	bare := review.Disposition{Entry: 4, Match: "older", Finding: review.FalsePositive, Evidence: review.Evidence(d)}
	stands, _ := review.StillStanding(d, review.Parties(d), []review.Disposition{bare})
	assert.Len(t, stands, 1)
	d.Reports[0].Matches[1].Sexes = []string{"male"}
	_, lapsed := review.StillStanding(d, review.Parties(d), []review.Disposition{bare})
	assert.Len(t, lapsed, 1)
}

func TestPartyEvidenceIsOfSubjectAndPartyAlone(t *testing.T) {
	t.Parallel()
	digest := func(d review.Dossier) review.Hash {
		p := review.Parties(d)[0]
		return review.PartyEvidence(d.SubjectOfParty(p), p)
	}
	d := twoListed()
	was := digest(d)
	other := twoListed()
	other.Reports[0].Matches[1].Sexes = []string{"male"}
	assert.Equal(t, was, digest(other), "another party does not count")
	ours := twoListed()
	ours.Reports[0].Subject.Sex = "female"
	assert.NotEqual(t, was, digest(ours))
	theirs := twoListed()
	theirs.Reports[0].Matches[0].Topics = []string{"sanction"}
	assert.NotEqual(t, was, digest(theirs))
	assert.NotEqual(t, was, review.Evidence(d))

	many := about(orlan(), listed(func(m *review.Match) { m.Key, m.EntityID = "a", "E" }), listed(func(m *review.Match) { m.Key, m.EntityID = "b", "E" }))
	turned := about(orlan(), many.Reports[0].Matches[1], many.Reports[0].Matches[0])
	assert.Equal(t, digest(many), digest(turned), "order does not count")
}

func TestTheSubjectOfAPartyDoesNotHangOnTheOrderOfReports(t *testing.T) {
	t.Parallel()
	party := listed(func(m *review.Match) { m.EntityID = "E" })
	bare, whole := orlan(), orlan()
	bare.Countries, whole.Countries = nil, []review.Country{{Code: "KZ"}}
	d := about(bare, party)
	second := about(whole, party).Reports[0]
	second.Ref.ID, second.Matches[0].Key, second.Matches[0].Report.ID = "rep_2", "m-second", "rep_2"
	d.Reports = append(d.Reports, second)
	p := review.Parties(d)
	require.Len(t, p, 1)
	got := d.SubjectOfParty(p[0])
	assert.Equal(t, whole.Countries, got.Countries, "one report completes the other")
	for _, ours := range [][]review.Country{nil, {{Code: "BR"}}} {
		d.Reports[0].Subject.Countries = ours
		got := d.SubjectOfParty(p[0])
		slices.Reverse(d.Reports)
		assert.Equal(t, got, d.SubjectOfParty(p[0]), "what each says for itself: %v", ours)
		slices.Reverse(d.Reports)
	}
}

func TestWhoseTellsPeopleApartByNameAlone(t *testing.T) {
	t.Parallel()
	assert.Equal(t, review.Whose(orlan()), review.Whose(review.Subject{Name: review.Name{Value: "KASYMBEK Orlan Temur"}}))
	assert.NotEqual(t, review.Whose(orlan()), review.Whose(review.Subject{First: "Orlan", Last: "Kasymbek"}))
	assert.Empty(t, review.Whose(review.Subject{}))
	assert.NotContains(t, review.Whose(orlan()), "asymbek")
}
