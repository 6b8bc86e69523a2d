package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

// Names that are folded for one comparison share what their words have in common; names that were
// folded before share nothing. Both must come to the same, for whatever subject.
func TestWhatWordsOfAPartyShareChangesNothing(t *testing.T) {
	t.Parallel()
	var authoredNames []review.Name
	for _, p := range authoredPairs(t) {
		authoredNames = append(authoredNames, review.Name{Value: p.Ours}, review.Name{Value: p.Theirs, Type: "weak_aka"})
	}
	parties := append(aliases()[:12], slices.Collect(slices.Chunk(authoredNames, 40))...)
	many := review.Name{Value: strings.Repeat("Orlan Temur Kasymbek Brunnhof ", 4)} // more parts than are remembered
	subjects := [][]review.Name{
		{{Value: "Orlan Temur Kasymbek"}}, {{Value: "KASYMBEK, Temür"}, {Value: "Виктор Щёлков"}}, {{Value: "王伟"}}, {{Value: "خالد الراوندي"}},
		{many, many, many, many, many, {Value: "Temür Kasymbekov"}}, authoredNames[:6],
	}
	for _, kind := range []review.PartyKind{review.PartyPerson, review.PartyBusiness, review.PartyUnknown} {
		for _, ours := range subjects {
			folded := review.FoldNames(kind, ours)
			for _, party := range parties {
				var apart []review.FoldedName
				for _, n := range party {
					apart = append(apart, review.FoldName(kind, n))
				}
				assert.Equal(t, review.CompareFolded(kind, folded, apart), review.CompareNames(kind, ours, party), "%s: %v and %v", kind, ours, party)
			}
		}
	}
}
