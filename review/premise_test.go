package review_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

var screened = review.Ref{Type: "report/watchlist", ID: "rep_1"}

// about is a dossier of one report on a subject. Each match is given what names it.
func about(s review.Subject, matches ...review.Match) review.Dossier {
	d := dossier(matches...)
	d.Reports[0].Ref, d.Reports[0].Subject = screened, s
	for i := range d.Reports[0].Matches {
		m := &d.Reports[0].Matches[i]
		m.Report, m.Kind = screened, review.KindWatchlist
	}
	return d
}

// beside is the one party of a dossier, compared by the rules in force.
func beside(t *testing.T, s review.Subject, matches ...review.Match) review.ComparedParty {
	t.Helper()
	return besideUnder(t, review.ComparatorVersion, s, matches...)
}

func besideUnder(t *testing.T, version string, s review.Subject, matches ...review.Match) review.ComparedParty {
	t.Helper()
	all, err := review.CompareParties(about(s, matches...), version)
	require.NoError(t, err)
	require.Len(t, all, 1)
	return all[0]
}

func keysOf(premises []review.Premise) []string {
	var keys []string
	for _, p := range premises {
		keys = append(keys, p.Key())
	}
	return keys
}

func premise(t *testing.T, c review.ComparedParty, kind review.PremiseKind) review.Premise {
	t.Helper()
	all := c.Premises()
	i := slices.IndexFunc(all, func(p review.Premise) bool { return p.Kind == kind })
	require.GreaterOrEqual(t, i, 0, "%s among %v", kind, keysOf(all))
	return all[i]
}

// orlan is a whole person; the listed party of the same name is given what a test needs.
func orlan() review.Subject {
	return review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek", Birthdate: born(1986, 3, 14)[0], Sex: "male",
		Countries:   []review.Country{{Code: "KZ", Role: "citizenship"}},
		Identifiers: []review.Identifier{{Type: "passport", Value: "N7720414", Country: "KZ"}}}
}

func listed(edit func(*review.Match)) review.Match {
	m := review.Match{Party: review.PartyPerson, Names: names("Orlan Temur Kasymbek")}
	if edit != nil {
		edit(&m)
	}
	return m
}

func TestEachWayToStandApartIsAPremise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*review.Match)
		want []string
	}{
		{"nothing sets them apart", nil, nil},
		{"years", func(m *review.Match) { m.Birthdates = born(1979, 0, 0) }, []string{"birth-years-apart:7"}},
		{"days of one year", func(m *review.Match) { m.Birthdates = born(1986, 9, 2) }, []string{"birth-days-apart"}},
		{"days of the next year", func(m *review.Match) { m.Birthdates = born(1987, 9, 2) }, []string{"birth-days-apart"}},
		{"the next day of one month", func(m *review.Match) { m.Birthdates = born(1986, 3, 15) }, []string{"birth-days-apart"}},
		{"the nearest of several dates", func(m *review.Match) { m.Birthdates = append(born(1959, 0, 0), born(1979, 0, 0)...) }, []string{"birth-years-apart:7"}},
		{"one of several dates agrees", func(m *review.Match) { m.Birthdates = append(born(1959, 0, 0), born(1986, 0, 0)...) }, nil},
		{"sex", func(m *review.Match) { m.Sexes = []string{"female"} }, []string{"sex-apart"}},
		{"kind", func(m *review.Match) { m.Party = review.PartyVessel }, []string{"kind-apart"}},
		{"countries", func(m *review.Match) { m.Countries = []review.Country{{Code: "BR", Role: "nationality"}} }, []string{"countries-apart"}},
		{"numbers", func(m *review.Match) {
			m.Identifiers = []review.Identifier{{Type: "Passport Number", Value: "A1192288", Country: "KZ"}}
		}, []string{"identifiers-apart"}},
		{"family name", func(m *review.Match) { m.Names = names("Orlan Temur Zhumabayev") }, []string{"family-name-apart:1"}},
		{"one part of three agrees", func(m *review.Match) { m.Names = names("Orlan Viktor Zhumabayev") }, []string{"family-name-apart:2"}},
		{"another given name", func(m *review.Match) { m.Names = names("Bektur Temur Kasymbek") }, []string{"name-parts-apart:1"}},
		{"no part alike", func(m *review.Match) { m.Names = names("Bektur Viktor Zhumabayev") }, []string{"name-parts-apart:3"}},
		{"a part that only one side has is an omission", func(m *review.Match) { m.Names = names("Orlan Kasymbek") }, nil},
		{"died first", func(m *review.Match) { m.Deathdates = born(1961, 0, 0) }, []string{"died-before"}},
		{"died first, and born long before", func(m *review.Match) { m.Birthdates, m.Deathdates = born(1902, 0, 0), born(1961, 0, 0) },
			[]string{"birth-years-apart:84", "died-before"}},
	} {
		assert.Equal(t, c.want, keysOf(beside(t, orlan(), listed(c.edit)).Premises()), c.name)
	}
}

func TestAPremiseHoldsBothValuesRuleAndVersion(t *testing.T) {
	t.Parallel()
	c := beside(t, orlan(), listed(func(m *review.Match) {
		m.Birthdates, m.Deathdates, m.Names = born(1902, 0, 0), born(1961, 5, 0), names("Orlan Viktor Zhumabayev")
	}))
	name := premise(t, c, review.PremiseFamilyNameApart)
	assert.Equal(t, 3, name.Of)
	assert.Equal(t, []string{"Orlan Temur Kasymbek"}, name.Subject)
	years, died := premise(t, c, review.PremiseYearsApart), premise(t, c, review.PremiseDiedBefore)
	assert.Equal(t, review.Premise{Kind: review.PremiseYearsApart, Attribute: review.AttributeBirthdate, Amount: 84, Subject: []string{"1986-03-14"},
		Match: []string{"1902"}, Rule: "birthdate-apart", Comparator: review.ComparatorVersion}, years)
	assert.Equal(t, []string{"1961-05"}, died.Match, "each with the value that it rests on")
	assert.Equal(t, c.Premises(), review.PremisesOf(c.Rows))
}

func TestEveryKindOfPremiseHasItsAttribute(t *testing.T) {
	t.Parallel()
	for _, k := range review.PremiseKinds() {
		p := review.Premise{Kind: k, Attribute: k.Attribute()}
		assert.Equal(t, p.Testable(), slices.Contains(review.Attributes(), p.Attribute), k)
		assert.Equal(t, p.Attribute == review.AttributeName, k.Weak(), "spelling alone seldom sets two people apart: %s", k)
	}
}

func TestAPremiseIsTestedByMeaning(t *testing.T) {
	t.Parallel()
	years := func(m *review.Match) { m.Birthdates = born(1979, 0, 0) }
	subject := func(edit func(*review.Subject)) review.Subject { s := orlan(); edit(&s); return s }
	same := func(*review.Subject) {}
	for _, c := range []struct {
		name  string
		kind  review.PremiseKind
		was   func(*review.Match)
		ours  func(*review.Subject)
		is    func(*review.Match)
		want  review.Standing
		count int
	}{
		{"nothing moved", review.PremiseYearsApart, years, same, years, review.Holds, 7},
		{"more years apart", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = born(1971, 0, 0) }, review.Holds, 15},
		{"fewer years apart", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = born(1980, 0, 0) }, review.Broken, 6},
		{"a second date comes nearer", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = append(born(1979, 0, 0), born(1983, 0, 0)...) }, review.Broken, 3},
		{"a second date lies farther", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = append(born(1971, 0, 0), born(1979, 0, 0)...) }, review.Holds, 7},
		{"a second date agrees", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = append(born(1979, 0, 0), born(1986, 3, 14)...) }, review.Broken, 0},
		{"to the day now", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = born(1979, 12, 31) }, review.Holds, 7},
		{"their date is gone", review.PremiseYearsApart, years, same, nil, review.Untestable, 0},
		{"our date is gone", review.PremiseYearsApart, years, func(s *review.Subject) { s.Birthdate = review.Birthdate{} }, years, review.Untestable, 0},
		{"their date cannot be read", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = []review.Birthdate{{Raw: "in the seventies"}} }, review.Untestable, 0},
		{"their date gone, one of death came", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Deathdates = born(1961, 0, 0) }, review.Untestable, 0},
		{"our date was corrected", review.PremiseYearsApart, years, func(s *review.Subject) { s.Birthdate = born(1979, 5, 1)[0] }, years, review.Broken, 0},
		{"years now, days then", review.PremiseDaysApart, func(m *review.Match) { m.Birthdates = born(1986, 9, 2) }, same, years, review.Holds, 0},
		{"days now, years then", review.PremiseYearsApart, years, same, func(m *review.Match) { m.Birthdates = born(1986, 9, 2) }, review.Broken, 0},
		{"only the year now", review.PremiseDaysApart, func(m *review.Match) { m.Birthdates = born(1986, 9, 2) }, same, func(m *review.Match) { m.Birthdates = born(1986, 0, 0) }, review.Broken, 0},
		{"a country came that meets", review.PremiseCountriesApart, in("BR"), same, in("BR", "KZ"), review.Broken, 0},
		{"another country that does not meet", review.PremiseCountriesApart, in("BR"), same, in("JP"), review.Holds, 0},
		{"countries gone", review.PremiseCountriesApart, in("BR"), same, nil, review.Untestable, 0},
		{"a country in words that nobody knows", review.PremiseCountriesApart, in("BR"), same, func(m *review.Match) {
			m.Countries = []review.Country{{Name: "beyond the hills", Role: "citizenship"}}
		}, review.Untestable, 0},
		{"sex corrected", review.PremiseSexApart, func(m *review.Match) { m.Sexes = []string{"female"} }, same, func(m *review.Match) { m.Sexes = []string{"male"} }, review.Broken, 0},
		{"sex gone", review.PremiseSexApart, func(m *review.Match) { m.Sexes = []string{"female"} }, same, nil, review.Untestable, 0},
		{"no vessel any more", review.PremiseKindApart, func(m *review.Match) { m.Party = review.PartyVessel }, same, nil, review.Broken, 0},
		{"a business instead", review.PremiseKindApart, func(m *review.Match) { m.Party = review.PartyVessel }, same, func(m *review.Match) { m.Party = review.PartyBusiness }, review.Holds, 0},
		{"kind not told any more", review.PremiseKindApart, func(m *review.Match) { m.Party = review.PartyVessel }, same, func(m *review.Match) { m.Party = review.PartyUnknown }, review.Untestable, 0},
		{"what we are is not known any more", review.PremiseKindApart, func(m *review.Match) { m.Party = review.PartyVessel },
			func(s *review.Subject) { s.Kind = review.PartyUnknown }, func(m *review.Match) { m.Party = review.PartyVessel }, review.Untestable, 0},
		{"an alias is our name", review.PremiseFamilyNameApart, called("Orlan Temur Zhumabayev"), same, called("Orlan Temur Zhumabayev", "Orlan Temur Kasymbek"), review.Broken, 0},
		{"an alias is nobody's", review.PremiseFamilyNameApart, called("Orlan Temur Zhumabayev"), same, called("Orlan Temur Zhumabayev", "Ildiko Szarvashegyi"), review.Holds, 1},
		{"fewer parts apart", review.PremiseNameApart, called("Bektur Viktor Kasymbek"), same, called("Bektur Temur Kasymbek"), review.Broken, 1},
		{"the family name too", review.PremiseNameApart, called("Bektur Temur Kasymbek"), same, called("Bektur Temur Zhumabayev"), review.Holds, 0},
		{"no part alike any more", review.PremiseFamilyNameApart, called("Orlan Temur Zhumabayev"), same, called("Bektur Viktor Zhumabayev"), review.Holds, 0},
		{"a number that is ours", review.PremiseIdentifierApart, passport("A1192288"), same, passport("N7720414"), review.Broken, 0},
		{"another number again", review.PremiseIdentifierApart, passport("A1192288"), same, passport("B2203399"), review.Holds, 0},
		{"the number gone", review.PremiseIdentifierApart, passport("A1192288"), same, nil, review.Untestable, 0},
		{"a number of another kind", review.PremiseIdentifierApart, passport("A1192288"), same, func(m *review.Match) {
			m.Identifiers = []review.Identifier{{Type: "tax number", Value: "31", Country: "KZ"}}
		}, review.Untestable, 0},
		{"a birth date came beside the death", review.PremiseDiedBefore, died(1961), same, func(m *review.Match) { died(1961)(m); m.Birthdates = born(1902, 0, 0) }, review.Holds, 0},
		{"died later", review.PremiseDiedBefore, died(1961), same, died(1999), review.Broken, 0},
		{"no death any more", review.PremiseDiedBefore, died(1961), same, nil, review.Untestable, 0},
	} {
		p := premise(t, beside(t, orlan(), listed(c.was)), c.kind)
		got := p.Test(beside(t, subject(c.ours), listed(c.is)))
		assert.Equal(t, c.want, got.Standing, c.name)
		if c.count > 0 {
			assert.Equal(t, c.count, got.AmountNow, c.name)
		}
		assert.Equal(t, p, got.Premise, "the premise itself stays as it was: %s", c.name)
	}
}

func in(codes ...string) func(*review.Match) {
	return func(m *review.Match) {
		for _, c := range codes {
			m.Countries = append(m.Countries, review.Country{Code: c, Role: "citizenship"})
		}
	}
}

func called(all ...string) func(*review.Match) {
	return func(m *review.Match) { m.Names = names(all...) }
}

func passport(number string) func(*review.Match) {
	return func(m *review.Match) {
		m.Identifiers = []review.Identifier{{Type: "passport", Value: number, Country: "KZ"}}
	}
}

func died(year int) func(*review.Match) {
	return func(m *review.Match) { m.Deathdates = born(year, 0, 0) }
}

func TestATestedPremiseShowsWhatStandsToday(t *testing.T) {
	t.Parallel()
	p := premise(t, beside(t, orlan(), listed(func(m *review.Match) { m.Birthdates = born(1979, 0, 0) })), review.PremiseYearsApart)
	s := orlan()
	s.Birthdate = born(1980, 3, 14)[0]
	got := p.Test(beside(t, s, listed(func(m *review.Match) { m.Birthdates = born(1979, 6, 1) })))
	assert.Equal(t, []string{"1980-03-14"}, got.SubjectNow)
	assert.Equal(t, []string{"1979-06-01"}, got.MatchNow)
	assert.Equal(t, review.Broken, got.Standing)
}

func TestWhatIsSaidInWordsNeverHolds(t *testing.T) {
	t.Parallel()
	c := beside(t, orlan(), listed(nil))
	assert.Equal(t, review.Untestable, review.Premise{Kind: review.PremiseOther, Comparator: review.ComparatorVersion}.Test(c).Standing)
	years := review.Premise{Kind: review.PremiseYearsApart, Attribute: review.AttributeBirthdate, Amount: 7, Comparator: "rules that never were"}
	far := beside(t, orlan(), listed(func(m *review.Match) { m.Birthdates = born(1950, 0, 0) }))
	assert.Equal(t, review.Untestable, years.Test(far).Standing, "rules that docket never had say nothing")
}

// A premise from before the rules in force is tested by the rules that it was found with.
func TestAPremiseKeepsItsRules(t *testing.T) {
	t.Parallel()
	given := listed(func(m *review.Match) {
		m.Birthdates, m.Sexes, m.Countries = born(1979, 0, 0), []string{"female"}, []review.Country{{Name: "Brazil", Role: "citizenship"}}
	})
	earlier := besideUnder(t, "2", orlan(), given)
	assert.Equal(t, []string{"birth-years-apart:7", "sex-apart"}, keysOf(earlier.Premises()), "version 2 does not read countries in words")
	now := beside(t, orlan(), given)
	assert.Equal(t, []string{"birth-years-apart:7", "countries-apart", "sex-apart"}, keysOf(now.Premises()))
	for _, p := range earlier.Premises() {
		assert.Equal(t, "2", p.Comparator)
		assert.Equal(t, review.Holds, p.Test(now).Standing, p.Key())
	}
	written := premise(t, now, review.PremiseCountriesApart)
	assert.Equal(t, review.Holds, written.Test(earlier).Standing, "whichever rules the party was compared by")
	written.Comparator = "2"
	assert.Equal(t, review.Untestable, written.Test(now).Standing)

	near := listed(func(m *review.Match) { m.Birthdates, m.Sexes = born(1984, 0, 0), []string{"female"} })
	assert.Equal(t, review.Broken, premise(t, earlier, review.PremiseYearsApart).Test(beside(t, orlan(), near)).Standing)
	assert.Equal(t, review.Untestable, premise(t, earlier, review.PremiseYearsApart).Test(beside(t, orlan(), listed(nil))).Standing)
}

func TestWhatOneListAddsMayBreakWhatTheOthersLetStand(t *testing.T) {
	t.Parallel()
	first := listed(func(m *review.Match) { m.Key, m.EntityID, m.Sexes = "a", "E1", []string{"female"} })
	p := premise(t, beside(t, orlan(), first), review.PremiseSexApart)
	second := listed(func(m *review.Match) { m.Key, m.EntityID, m.Sexes = "b", "E1", []string{"male"} })
	assert.Equal(t, review.Broken, p.Test(beside(t, orlan(), first, second)).Standing)
}
