package views_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
)

func TestEveryKindOfPremiseHasItsWordsInPrecedent(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, k := range review.PremiseKinds() {
		because := views.PrecedentBecause(k)
		assert.NotContains(t, because, "⁇", k)
		assert.False(t, said[because], "two kinds say the same: %s", because)
		said[because] = true
		for _, s := range review.Standings() {
			for _, lacks := range []review.Verdict{"", review.MissingSubject, review.MissingMatch} {
				words := views.PrecedentHere(review.PrecedentPremise{Kind: k, Here: s, Lacks: lacks})
				assert.Regexp(t, `^[A-Z].*over\.$`, words, "%s %s", k, s)
				carries := s == review.Holds && k != review.PremiseOther
				assert.Equal(t, carries, strings.HasSuffix(words, "so that reason carries over."), "%s %s: %s", k, s, words)
			}
		}
	}
	assert.Contains(t, views.PrecedentBecause("no kind"), "⁇", "visibly odd")
	assert.Contains(t, views.PrecedentHere(review.PrecedentPremise{Kind: review.PremiseSexApart, Here: "no standing"}), "⁇")
	for _, s := range review.ListedStates() {
		assert.NotContains(t, views.ListedStateWords(s), "⁇", s)
	}
	assert.Contains(t, views.ListedStateWords("no state"), "⁇")
}
