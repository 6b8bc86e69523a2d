package review_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func born(y, m, d int) []review.Birthdate {
	return []review.Birthdate{{From: review.PartialDate{Year: y, Month: m, Day: d}}}
}

func names(all ...string) []review.Name {
	var n []review.Name
	for _, v := range all {
		n = append(n, review.Name{Value: v})
	}
	return n
}

// dossier gives each match the subject of one report.
func dossier(matches ...review.Match) review.Dossier {
	r := review.Report{Kind: review.KindWatchlist, Subject: review.Subject{Name: review.Name{Value: "Orlan Kasymbek"}}}
	for i := range matches {
		if matches[i].Key == "" {
			matches[i].Key = review.MatchKey(fmt.Sprint("m-", i))
		}
		matches[i].Identity = string(matches[i].Key)
	}
	r.Matches = matches
	return review.Dossier{Reports: []review.Report{r}}
}

func sizes(d review.Dossier) []int {
	var n []int
	for _, p := range review.Parties(d) {
		n = append(n, len(p.Matches))
	}
	return n
}

func TestOnePersonOnManyListsIsOneParty(t *testing.T) {
	t.Parallel()
	d := dossier(
		review.Match{Names: names("KASYMBEKOV, Orlan Timurovich", "Orlan Kasimbek"), Birthdates: born(1979, 0, 0)},
		review.Match{Names: names("Orlan Timurovich Kasymbekov"), Birthdates: born(1979, 3, 2)},
		review.Match{Names: names("КАСЫМБЕКОВ, Орлан", "orlan KASIMBEK")},
		review.Match{Names: names("Orlan Timurovich Kasymbekov"), Birthdates: born(1951, 0, 0)},
	)
	parties := review.Parties(d)
	require.Len(t, parties, 2)
	assert.Len(t, parties[0].Matches, 3)
	assert.Contains(t, parties[0].GroupedBy, "same name")
	assert.Empty(t, parties[1].GroupedBy)
	assert.NotEqual(t, parties[0].Key, parties[1].Key)
}

func TestASharedSingleWordDoesNotMakeOneParty(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []int{1, 1}, sizes(dossier(review.Match{Names: names("Orlan")}, review.Match{Names: names("Orlan")})))
	assert.Equal(t, []int{2}, sizes(dossier(
		review.Match{Names: names("Orlan"), Birthdates: born(1979, 0, 0)}, review.Match{Names: names("Orlan"), Birthdates: born(1979, 1, 1)})))
}

func TestWhatSetsMatchesApartKeepsThemApart(t *testing.T) {
	t.Parallel()
	same := func(m review.Match) review.Match { m.Names = names("Orlan Kasymbek"); return m }
	assert.Equal(t, []int{1, 1}, sizes(dossier(same(review.Match{Sexes: []string{"male"}}), same(review.Match{Sexes: []string{"female"}}))))
	assert.Equal(t, []int{1, 1}, sizes(dossier(same(review.Match{Party: review.PartyPerson}), same(review.Match{Party: review.PartyVessel}))))
	assert.Equal(t, []int{1, 1}, sizes(dossier(
		same(review.Match{Kind: review.KindPEP, EntityID: "A"}), same(review.Match{Kind: review.KindPEP, EntityID: "B"}))))
	assert.Equal(t, []int{2}, sizes(dossier(
		review.Match{Kind: review.KindPEP, EntityID: "A", Names: names("One Name")}, review.Match{Kind: review.KindPEP, EntityID: "A", Names: names("Other Name")})))
}

func TestWatchlistIdsTellOnlyWithinOneList(t *testing.T) {
	t.Parallel()
	on := func(slug, id string) review.Match {
		return review.Match{Kind: review.KindWatchlist, EntityID: id, Names: names("Orlan Kasymbek"), Listings: []review.Listing{{Slug: slug}}}
	}
	assert.Equal(t, []int{2}, sizes(dossier(on("eu", "EU:1"), on("us", "US:7"))))
	assert.Equal(t, []int{1, 1}, sizes(dossier(on("eu", "EU:1"), on("eu", "EU:2"))))
}

func TestMatchesOnDifferentSubjectsAreNeverGathered(t *testing.T) {
	t.Parallel()
	d := dossier(review.Match{Names: names("Orlan Kasymbek")})
	second := dossier(review.Match{Key: "x", Names: names("Orlan Kasymbek")}).Reports[0]
	second.Subject.Name.Value = "Someone Else"
	d.Reports = append(d.Reports, second)
	assert.Len(t, review.Parties(d), 2)
}

func TestPartiesDoNotHangOnOrder(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	pool := []string{"Orlan Kasymbek", "Orlan Kasymbekov", "Temur Vask", "Vask Temur", "Ilse Don", "Orlan"}
	for range 300 {
		var ms []review.Match
		for i := range 2 + rng.IntN(8) {
			m := review.Match{Key: review.MatchKey(fmt.Sprint("k", i)), Names: names(pool[rng.IntN(len(pool))], pool[rng.IntN(len(pool))])}
			if rng.IntN(2) == 0 {
				m.Birthdates = born(1970+rng.IntN(2), rng.IntN(3), 0)
			}
			if rng.IntN(3) == 0 {
				m.EntityID = fmt.Sprint("E", rng.IntN(3))
			}
			ms = append(ms, m)
		}
		want := grouping(dossier(ms...))
		rng.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
		assert.Equal(t, want, grouping(dossier(ms...)))
	}
}

func grouping(d review.Dossier) map[review.MatchKey]review.PartyKey {
	of := map[review.MatchKey]review.PartyKey{}
	for _, p := range review.Parties(d) {
		for _, m := range p.Matches {
			of[m.Key] = p.Key
		}
	}
	return of
}
