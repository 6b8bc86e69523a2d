package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func clearedOn(subject int64, kinds ...review.Premise) review.Judged {
	return review.Judged{Entry: review.EntryID(100 - subject), Subject: subject, Finding: review.FalsePositive, Premises: kinds}
}

var (
	byYear    = review.Premise{Kind: review.PremiseYearsApart, Attribute: review.AttributeBirthdate}
	byCountry = review.Premise{Kind: review.PremiseCountriesApart, Attribute: review.AttributeCountry}
	byNote    = review.Premise{Kind: review.PremiseOther}
)

// against compares a subject with one listed person.
func against(t *testing.T, s review.Subject, m review.Match) review.ComparedParty {
	t.Helper()
	r := review.Report{Kind: review.KindWatchlist, Ref: review.Ref{Type: "report/watchlist", ID: "rep_1"}, Subject: s}
	m.Report, m.Kind, m.Key = r.Ref, r.Kind, "m"
	r.Matches = []review.Match{m}
	all, err := review.CompareParties(review.Dossier{Reports: []review.Report{r}}, review.ComparatorVersion)
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

func TestPrecedentSaysWhichReasonCarriesOver(t *testing.T) {
	t.Parallel()
	p := review.Precedent{Judged: []review.Judged{clearedOn(1, byYear, byYear), clearedOn(2, byYear, byCountry), clearedOn(3, byNote),
		{Subject: 4, Finding: review.TrueMatch, Premises: []review.Premise{byCountry}}}}
	subject := review.Subject{Name: review.Name{Value: "Orlan Kasymbek"}, Birthdate: born(1986, 3, 14)[0]}
	for name, c := range map[string]struct {
		subject review.Subject
		match   review.Match
		want    review.Standing
		lacks   review.Verdict
	}{
		"it conflicts here too":     {subject, review.Match{Birthdates: born(1979, 0, 0)}, review.Holds, ""},
		"here it agrees":            {subject, review.Match{Birthdates: born(1986, 3, 14)}, review.Broken, ""},
		"the list gives none here":  {subject, review.Match{}, review.Untestable, review.MissingMatch},
		"our subject has none here": {review.Subject{Name: subject.Name}, review.Match{Birthdates: born(1979, 0, 0)}, review.Untestable, review.MissingSubject},
		"nobody gives any":          {review.Subject{Name: subject.Name}, review.Match{}, review.Untestable, ""},
	} {
		c.match.Names = names("Orlan Kasymbek")
		got := p.Against(against(t, c.subject, c.match))
		require.Len(t, got, 3, name)
		assert.Equal(t, review.PrecedentPremise{Kind: review.PremiseYearsApart, Attribute: review.AttributeBirthdate, Times: 2, Here: c.want, Lacks: c.lacks}, got[0], name)
		assert.Equal(t, 1, got[1].Times, "only false positives rest on premises")
		for _, q := range got {
			if q.Kind == review.PremiseOther {
				assert.Equal(t, review.Untestable, q.Here, "a note never carries over")
			}
		}
	}
	assert.Equal(t, 3, p.Count(review.FalsePositive))
	assert.Equal(t, 1, p.Count(review.TrueMatch))
	assert.Empty(t, review.Precedent{}.Against(against(t, subject, review.Match{Names: names("Orlan Kasymbek")})))
}

func TestAMatchHasTheSameKeyWhoeverTheSubjectIs(t *testing.T) {
	t.Parallel()
	listed := review.Match{Key: "a", Kind: review.KindWatchlist, Party: review.PartyPerson, Names: names("KASYMBEK, Orlan"), Birthdates: born(1979, 0, 0)}
	other := func(edit func(*review.Match)) review.PartyKey {
		m := listed
		m.Key = "b" // another report
		edit(&m)
		return m.PartyKey()
	}
	key := listed.PartyKey()
	assert.Equal(t, key, other(func(m *review.Match) {
		m.Names = names("Orlan Kasymbek", "Another Alias")
		m.Countries = []review.Country{{Code: "KZ"}}
		m.Listings = []review.Listing{{Slug: "eu"}}
	}), "what else is told does not count")
	assert.NotEqual(t, key, other(func(m *review.Match) { m.Birthdates = born(1951, 0, 0) }))
	assert.NotEqual(t, key, other(func(m *review.Match) { m.Party = review.PartyVessel }))
	assert.NotEqual(t, key, other(func(m *review.Match) { m.EntityID = "E1" }))

	with := func(kind review.ReportKind, id, slug string) review.PartyKey {
		m := review.Match{Kind: kind, EntityID: id, Names: names("Any Name"), Listings: []review.Listing{{Slug: slug}}}
		return m.PartyKey()
	}
	assert.Equal(t, with(review.KindPEP, "Q1", "a"), with(review.KindPEP, "Q1", "b"))
	assert.NotEqual(t, with(review.KindPEP, "Q1", "a"), with(review.KindPEP, "Q2", "a"))
	assert.NotEqual(t, with(review.KindWatchlist, "1", "eu"), with(review.KindWatchlist, "1", "us"), "each list counts for itself")

	one := func(slug string) review.PartyKey {
		m := review.Match{Names: names("Orlan"), Listings: []review.Listing{{Slug: slug}}}
		return m.PartyKey()
	}
	assert.NotEqual(t, one("eu"), one("us"), "a single word alone names too many")
	nameless := review.Match{Key: "x", Identity: "articles"}
	another := review.Match{Key: "y", Identity: "articles"}
	assert.NotEqual(t, nameless.PartyKey(), another.PartyKey(), "nobody named is nobody's precedent")
}

func TestAPartyIsKnownByTheKeysOfItsMatches(t *testing.T) {
	t.Parallel()
	d := dossier(
		review.Match{Names: names("Orlan Kasymbek"), Birthdates: born(1979, 0, 0)},
		review.Match{Names: names("Kasymbek Orlan"), EntityID: "E1", Kind: review.KindPEP},
		review.Match{Names: names("Orlan Kasymbek")})
	parties := review.Parties(d)
	require.Len(t, parties, 1)
	p := parties[0]
	assert.Len(t, p.Keys(), 3)
	assert.Contains(t, p.Keys(), p.Key)
	assert.Equal(t, p.Matches[1].PartyKey(), p.Key, "the vendor's id is surest")
	for _, l := range review.ListedIn(d) {
		assert.Equal(t, p.Key, l.Party)
		assert.Equal(t, p.GroupedBy, l.GroupedBy)
		assert.Contains(t, p.Keys(), l.Own)
	}
	got, err := review.ParsePartyKey(string(p.Key))
	require.NoError(t, err)
	assert.Equal(t, p.Key, got)
	for _, bad := range []string{"", "p-", "p-1", string(p.Key) + "0", "P" + string(p.Key)[1:], "p-" + "ABCDEF0123456789ABCD", "p-zzzzzzzzzzzzzzzzzzzz"} {
		_, err := review.ParsePartyKey(bad)
		require.ErrorIs(t, err, review.ErrNotFound, bad)
	}
}

func TestASubjectIsOneAcrossTransactions(t *testing.T) {
	t.Parallel()
	of := func(id, reference string, accounts ...string) int64 {
		d := review.Dossier{Transaction: review.Transaction{ID: review.TransactionID(id), ReferenceID: review.Text{State: review.Present, Value: reference}}}
		for _, a := range accounts {
			d.Records = append(d.Records, review.Resource{Ref: review.Ref{Type: "account", ID: a}})
		}
		return review.SubjectSign(d)
	}
	assert.Equal(t, of("1", "r1", "act_1"), of("2", "r2", "act_1"), "the same account")
	assert.Equal(t, of("1", "r1"), of("2", "r1"), "the same reference")
	assert.NotEqual(t, of("1", ""), of("2", ""), "nothing tells")
	assert.NotEqual(t, of("1", "r1", "act_1"), of("2", "r1", "act_2"))
	assert.Equal(t, of("1", "r1", "act_1", "act_2"), of("2", "r1", "act_3", "act_1"), "of several accounts none is the subject's")
}
