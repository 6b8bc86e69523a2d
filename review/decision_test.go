package review_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

var (
	open  = []review.Match{{Key: "wl-1"}, {Key: "pep-2"}}
	found = []review.Disposition{{Match: "wl-1", Finding: review.FalsePositive}, {Match: "pep-2", Finding: review.FalsePositive}}
)

func fields(t *testing.T, err error) []string {
	t.Helper()
	var inv *review.Invalid
	require.ErrorAs(t, err, &inv)
	var names []string
	for _, p := range inv.Problems {
		assert.NotEmpty(t, p.Text)
		assert.False(t, strings.HasSuffix(p.Text, "."), p.Text)
		names = append(names, p.Field)
	}
	return names
}

func TestDecisionNeedsEveryMatchAnOutcomeAndAReason(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"match", "outcome", "reason"}, fields(t, review.DecisionForm{}.Check(review.DefaultPolicy(), open, nil, false)))
	assert.Equal(t, []string{"match"}, fields(t, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonFailedCheck}.Check(review.DefaultPolicy(), open, found[:1], false)))
	assert.NoError(t, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive}.Check(review.DefaultPolicy(), open, found, false))
	none := review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonNoMatch}
	assert.NoError(t, none.Check(review.DefaultPolicy(), nil, nil, false))
	assert.Equal(t, []string{"reason"}, fields(t, none.Check(review.DefaultPolicy(), nil, nil, true)), "a match that was never sent is not none")
}

func TestDecisionReasonMustFitTheFindings(t *testing.T) {
	t.Parallel()
	mixed := []review.Disposition{found[0], {Match: "pep-2", Finding: review.TrueMatch}}
	for _, f := range []review.DecisionForm{
		{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive},
		{Outcome: review.Decline, Reason: review.ReasonCannotTell},
		{Outcome: review.Decline, Reason: review.ReasonNoMatch},
		{Outcome: review.Approve, Reason: review.ReasonTrueMatch},
		{Outcome: review.Decline, Reason: "mischief"},
	} {
		assert.Contains(t, fields(t, f.Check(review.DefaultPolicy(), open, mixed, false)), "reason", f)
	}
	assert.NoError(t, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch}.Check(review.DefaultPolicy(), open, mixed, false))
	assert.NoError(t, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonOther, Note: "agreed with legal"}.Check(review.DefaultPolicy(), open, mixed, false))
}

func TestOtherReasonNeedsWords(t *testing.T) {
	t.Parallel()
	f := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: " \n"}
	assert.Equal(t, []string{"note"}, fields(t, f.Check(review.DefaultPolicy(), open, found, false)))
	f.Note = strings.Repeat("я", review.MaxNote+1)
	assert.Equal(t, []string{"note"}, fields(t, f.Check(review.DefaultPolicy(), open, found, false)))
	f.Note = strings.Repeat("я", review.MaxNote)
	assert.NoError(t, f.Check(review.DefaultPolicy(), open, found, false))
}

func TestTallyCountsEachOpenMatchOnce(t *testing.T) {
	t.Parallel()
	got := review.TallyOf(open, append([]review.Disposition{{Match: "gone", Finding: review.TrueMatch}}, found...))
	assert.Equal(t, review.FindingTally{Matches: 2, FalsePositives: 2}, got)
}

func TestInvalidIsNilWithoutProblems(t *testing.T) {
	t.Parallel()
	assert.NoError(t, (&review.Invalid{}).OrNil())
	assert.False(t, errors.Is((&review.Invalid{}).OrNil(), review.ErrConflict))
}

func TestOnlyReasonsThatFitAreOffered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tally  review.FindingTally
		untold bool
	}{
		{}, {untold: true}, {tally: review.FindingTally{Matches: 2, FalsePositives: 2}},
		{tally: review.FindingTally{Matches: 2, FalsePositives: 1, TrueMatches: 1}},
		{tally: review.FindingTally{Matches: 1, CannotTell: 1}},
	} {
		var some []review.Match
		var all []review.Disposition
		for i := range c.tally.Matches {
			f := review.FalsePositive
			if i < c.tally.TrueMatches {
				f = review.TrueMatch
			} else if i < c.tally.TrueMatches+c.tally.CannotTell {
				f = review.CannotTell
			}
			k := review.MatchKey(rune('a' + i))
			some, all = append(some, review.Match{Key: k}), append(all, review.Disposition{Match: k, Finding: f})
		}
		var fit []review.ReasonCode
		for _, r := range review.DefaultPolicy().Decisions {
			if (review.DecisionForm{Outcome: review.Decline, Reason: r.Code, Note: "n"}).Check(review.DefaultPolicy(), some, all, c.untold) == nil {
				fit = append(fit, r)
			}
		}
		assert.Equal(t, fit, review.DefaultPolicy().Fitting(c.tally, c.untold), "%+v", c)
	}
	assert.Equal(t, review.DefaultPolicy().Decisions, review.DefaultPolicy().Fitting(review.FindingTally{Matches: 2, TrueMatches: 1}, false))
}
