package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestOnlyWhatIsOpenAndUnknownWouldSettleIt(t *testing.T) {
	t.Parallel()
	year := func(s *review.Subject) { s.Birthdate = born(1986, 0, 0)[0] }
	bare := func(s *review.Subject) {
		*s = review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
	}
	day := func(m *review.Match) { m.Birthdates = born(1986, 3, 14) }
	full := func(m *review.Match) {
		m.Sexes, m.Identifiers = []string{"male"}, []review.Identifier{{Type: "passport", Value: "N7720414", Country: "KZ"}}
		in("KZ")(m)
	}
	most := func(edit func(*review.Match)) func(*review.Match) { // all but a number, which would settle anything
		return func(m *review.Match) {
			m.Sexes = []string{"male"}
			in("KZ")(m)
			edit(m)
		}
	}
	for _, c := range []struct {
		name string
		ours func(*review.Subject)
		edit func(*review.Match)
		want []review.Fact
	}{
		{"a name alone", nil, nil, []review.Fact{review.FactBirthdateMatch, review.FactCountryMatch, review.FactSexMatch, review.FactIdentifierMatch}},
		{"nothing of ours but a name", bare, func(m *review.Match) { full(m); day(m) },
			[]review.Fact{review.FactBirthdateSubject, review.FactCountrySubject, review.FactSexSubject, review.FactIdentifierSubject}},
		{"nothing but names on either side", bare, nil, []review.Fact{review.FactBirthdateSubject, review.FactBirthdateMatch, review.FactCountrySubject,
			review.FactCountryMatch, review.FactSexSubject, review.FactSexMatch, review.FactIdentifierSubject, review.FactIdentifierMatch}},
		{"a year there", nil, most(func(m *review.Match) { m.Birthdates = born(1986, 0, 0) }), []review.Fact{review.FactBirthdayMatch, review.FactIdentifierMatch}},
		{"a month there", nil, most(func(m *review.Match) { m.Birthdates = born(1986, 3, 0) }), []review.Fact{review.FactBirthdayMatch, review.FactIdentifierMatch}},
		{"about a year there", nil, most(func(m *review.Match) {
			m.Birthdates = []review.Birthdate{{From: review.PartialDate{Year: 1985}, Circa: true}}
		}), []review.Fact{review.FactBirthdayMatch, review.FactIdentifierMatch}},
		{"the nearest of several dates has no day", nil, most(func(m *review.Match) { m.Birthdates = append(born(1951, 2, 2), born(1986, 0, 0)...) }),
			[]review.Fact{review.FactBirthdayMatch, review.FactIdentifierMatch}},
		{"1 January there, likely no more than a year", nil, most(func(m *review.Match) { m.Birthdates = born(1986, 1, 1) }),
			[]review.Fact{review.FactBirthdayMatch, review.FactIdentifierMatch}},
		{"a year here", year, most(day), []review.Fact{review.FactBirthdaySubject, review.FactIdentifierMatch}},
		{"a date there that cannot be read", nil, most(func(m *review.Match) { m.Birthdates = []review.Birthdate{{Raw: "in spring"}} }),
			[]review.Fact{review.FactBirthdateMatch, review.FactIdentifierMatch}},
		{"day and month swapped: both are known", nil, most(func(m *review.Match) { m.Birthdates = born(1987, 3, 14) }), []review.Fact{review.FactIdentifierMatch}},
		{"a country of another tie", nil, func(m *review.Match) {
			day(m)
			m.Sexes, m.Names, m.Countries = []string{"male"}, names("Orlan Temur Kasymbekov"), []review.Country{{Code: "BR", Role: "birthplace"}}
		}, []review.Fact{review.FactCountrySubject, review.FactIdentifierMatch}},
		{"a country in words that nobody knows", nil, func(m *review.Match) {
			day(m)
			m.Sexes, m.Names, m.Countries = []string{"male"}, names("Orlan Temur Kasymbekov"), []review.Country{{Name: "beyond the hills", Role: "citizenship"}}
		}, []review.Fact{review.FactCountryMatch, review.FactIdentifierMatch}},
		{"numbers of other kinds", nil, most(func(m *review.Match) {
			m.Birthdates, m.Identifiers = born(1987, 3, 14), []review.Identifier{{Type: "tax number", Value: "31", Country: "KZ"}}
		}), []review.Fact{review.FactIdentifierSubject}},
		{"initials of ours", func(s *review.Subject) { s.First, s.Middle = "O.", "T." }, most(func(m *review.Match) { m.Birthdates = born(1987, 3, 14) }),
			[]review.Fact{review.FactIdentifierMatch, review.FactNameSubject}},
		{"one word of ours", func(s *review.Subject) { s.First, s.Middle, s.Last = "", "", "Kasymbek" }, most(func(m *review.Match) { m.Birthdates = born(1987, 3, 14) }),
			[]review.Fact{review.FactIdentifierMatch, review.FactNameSubject}},
		{"no details", nil, func(m *review.Match) { m.Names, m.Party = nil, review.PartyList }, []review.Fact{review.FactDetails}},
		{"a company has no birthday", func(s *review.Subject) { s.Kind, s.Birthdate, s.Sex = review.PartyBusiness, review.Birthdate{}, "" },
			func(m *review.Match) { m.Party = review.PartyBusiness }, []review.Fact{review.FactCountryMatch, review.FactIdentifierMatch}},
		{"set apart already", nil, func(m *review.Match) { m.Sexes = []string{"female"} }, nil},
		{"born on one day under one name", nil, day, nil},
		{"one number", nil, func(m *review.Match) { passport("N7720414")(m); m.Names = names("O. Kasymbek") }, nil},
		{"a name alone sets nobody apart", nil, func(m *review.Match) { full(m); day(m); m.Identifiers, m.Names = nil, names("Mirela Vask") }, []review.Fact{review.FactIdentifierMatch}},
	} {
		s := orlan()
		if c.ours != nil {
			c.ours(&s)
		}
		party := beside(t, s, listed(c.edit))
		assert.Equal(t, c.want, review.SettleParty(party), c.name)
		for _, f := range c.want {
			_, err := review.DispositionForm{Matches: []review.MatchKey{"m-0"}, Finding: review.CannotTell, Reason: review.ReasonBirthdate,
				Missing: []review.Fact{f}}.Grounds(review.DefaultPolicy(), about(s, listed(c.edit)), nil, nil)
			assert.NoError(t, err, "%s: %s may be named as missing", c.name, f)
		}
	}
}

// asked are the parties of one subject, each with what a test gives it.
func asked(t *testing.T, s review.Subject, edits ...func(*review.Match)) []review.ComparedParty {
	t.Helper()
	var matches []review.Match
	for i, edit := range edits {
		m := listed(edit)
		m.Kind, m.EntityID = review.KindPEP, fmt.Sprint("E", i)
		matches = append(matches, m)
	}
	d := about(s, matches...)
	for i := range d.Reports[0].Matches {
		d.Reports[0].Matches[i].Kind = review.KindPEP // where ids tell parties apart
	}
	all, err := review.CompareParties(d, review.ComparatorVersion)
	require.NoError(t, err)
	require.Len(t, all, len(edits))
	return all
}

func TestTheShortestListOfFactsIsAskedFor(t *testing.T) {
	t.Parallel()
	year := orlan()
	year.Birthdate, year.Identifiers, year.Countries, year.Sex = born(1986, 0, 0)[0], nil, nil, ""
	day := func(d int) func(*review.Match) { return func(m *review.Match) { m.Birthdates = born(1986, 4, d) } }
	apart := func(m *review.Match) { m.Birthdates = born(1950, 0, 0) }
	all := asked(t, year, day(1), day(2), day(3), day(4), apart, in("BR"))
	got := review.Settle(all)
	require.Len(t, got, 2)
	assert.Equal(t, review.FactBirthdaySubject, got[0].Fact, "a full birth date would decide four of five")
	assert.Equal(t, []review.PartyKey{all[0].Party.Key, all[1].Party.Key, all[2].Party.Key, all[3].Party.Key}, got[0].Parties)
	assert.Equal(t, review.Settler{Fact: review.FactCountrySubject, Parties: []review.PartyKey{all[5].Party.Key}}, got[1], "our own fact before one of the list's")

	got = review.Settle(asked(t, year, day(1), in("BR"), in("KZ")))
	require.Len(t, got, 2)
	assert.Equal(t, review.FactCountrySubject, got[0].Fact, "what decides most comes first")

	one := review.Settle(asked(t, orlan(), nil, in("KZ")))
	require.Len(t, one, 1)
	assert.Equal(t, review.FactBirthdateMatch, one[0].Fact, "what must be found on lists is asked for where nothing of ours decides")
	assert.Len(t, one[0].Parties, 2)
	assert.Empty(t, review.Settle(asked(t, year, apart)))
	assert.Empty(t, review.Settle(nil))
	assert.Empty(t, review.Settle(asked(t, review.Subject{First: "Orlan", Middle: "Temur", Last: "Kasymbek"}, nil)), "what needs two facts is decided by neither")
}

// What Settle gives decides everything that one fact each can decide, and nothing shorter does.
func TestNoShorterListWouldSettleTheRest(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 9))
		s := review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
		some := func() bool { return rng.IntN(2) == 0 }
		if some() {
			s.Birthdate = choose(rng, born(1986, 0, 0)[0], born(1986, 3, 14)[0])
		}
		if some() {
			s.Sex = "male"
		}
		if some() {
			s.Countries = []review.Country{{Code: "KZ", Role: "citizenship"}}
		}
		var edits []func(*review.Match)
		for range 1 + rng.IntN(6) {
			edits = append(edits, func(m *review.Match) {
				if some() {
					m.Birthdates = choose(rng, born(1986, 0, 0), born(1986, 3, 0), born(1986, 3, 14), born(1951, 0, 0))
				}
				if some() {
					m.Sexes = []string{"male"}
				}
				if some() {
					in("KZ")(m)
				}
			})
		}
		all := asked(t, s, edits...)
		deciding := map[review.Fact][]review.PartyKey{}
		decidable := map[review.PartyKey]bool{}
		for _, c := range all {
			facts := review.SettleParty(c)
			if alone := review.Settle([]review.ComparedParty{c}); len(alone) == 0 {
				continue // nothing, or what neither side gives
			}
			decidable[c.Party.Key] = true
			for _, f := range facts {
				deciding[f] = append(deciding[f], c.Party.Key)
			}
		}
		// A fact of ours costs one question, one of the list's costs one for each party that is left.
		cost := func(ours []review.Fact) int {
			left := len(decidable)
			done := map[review.PartyKey]bool{}
			for _, f := range ours {
				for _, p := range deciding[f] {
					if !done[p] {
						left--
					}
					done[p] = true
				}
			}
			return len(ours) + left
		}
		var given, candidates []review.Fact
		covered := map[review.PartyKey]bool{}
		for _, g := range review.Settle(all) {
			assert.Equal(t, deciding[g.Fact], g.Parties, "all that it decides are told")
			for _, p := range g.Parties {
				covered[p] = true
			}
			if g.Fact.Ours() {
				given = append(given, g.Fact)
			}
		}
		assert.Equal(t, decidable, covered, "seed %d", seed)
		for _, f := range review.Facts() {
			if f.Ours() && len(deciding[f]) > 0 {
				candidates = append(candidates, f)
			}
		}
		var try func(chosen []review.Fact, rest []review.Fact)
		try = func(chosen, rest []review.Fact) {
			assert.LessOrEqual(t, cost(given), cost(chosen), "seed %d: %v against %v", seed, given, chosen)
			for i, f := range rest {
				try(append(slices.Clone(chosen), f), rest[i+1:])
			}
		}
		try(nil, candidates)
	}
}

func TestEveryFactIsOursOrTheLists(t *testing.T) {
	t.Parallel()
	assert.True(t, review.FactBirthdaySubject.Ours())
	for _, f := range []review.Fact{review.FactBirthdayMatch, review.FactDetails, review.FactOther} {
		assert.False(t, f.Ours(), f)
	}
}
