package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestManyPairsComparedTogetherGiveWhatEachGivesAlone(t *testing.T) {
	t.Parallel()
	s := review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
	var pairs []review.Pair
	for _, names := range aliases() {
		pairs = append(pairs, review.Pair{Subject: s, Match: review.Match{Party: review.PartyPerson, Names: names}})
	}
	for _, version := range []string{"2", review.ComparatorVersion} {
		by, err := review.ComparatorOf(version)
		if !assert.NoError(t, err) {
			return
		}
		for i, rows := range by.CompareAll(pairs) {
			assert.Equal(t, by.Compare(pairs[i].Subject, pairs[i].Match), rows)
		}
	}
	assert.Empty(t, review.Comparator{}.CompareAll(nil))
}

// A page that fails must not take the server with it: a panic of a goroutine that nobody recovers would.
func TestAPanicAmongPairsComparedTogetherReachesTheCaller(t *testing.T) {
	t.Parallel()
	for bad := range 8 {
		by := review.Comparator{Compare: func(s review.Subject, _ review.Match) []review.Comparison {
			if s.First == "bad" {
				panic("of this pair")
			}
			return nil
		}}
		pairs := make([]review.Pair, 8)
		for i := range pairs {
			pairs[i].Match.Names = make([]review.Name, 100)
		}
		pairs[bad].Subject.First = "bad"
		assert.PanicsWithValue(t, "of this pair", func() { by.CompareAll(pairs) })
	}
}
