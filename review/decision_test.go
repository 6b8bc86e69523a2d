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
	assert.Equal(t, []string{"match", "outcome", "reason"}, fields(t, review.DecisionForm{}.Check(open, nil)))
	assert.Equal(t, []string{"match"}, fields(t, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonFailedCheck}.Check(open, found[:1])))
	assert.NoError(t, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive}.Check(open, found))
	assert.NoError(t, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonNoMatch}.Check(nil, nil))
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
		assert.Contains(t, fields(t, f.Check(open, mixed)), "reason", f)
	}
	assert.NoError(t, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch}.Check(open, mixed))
	assert.NoError(t, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonOther, Note: "agreed with legal"}.Check(open, mixed))
}

func TestOtherReasonNeedsWords(t *testing.T) {
	t.Parallel()
	f := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: " \n"}
	assert.Equal(t, []string{"note"}, fields(t, f.Check(open, found)))
	f.Note = strings.Repeat("я", review.MaxNote+1)
	assert.Equal(t, []string{"note"}, fields(t, f.Check(open, found)))
	f.Note = strings.Repeat("я", review.MaxNote)
	assert.NoError(t, f.Check(open, found))
}

func TestFindingNeedsAMatchThatIsOpen(t *testing.T) {
	t.Parallel()
	good := review.DispositionForm{Matches: []review.MatchKey{"wl-1"}, Finding: review.FalsePositive, Reason: review.ReasonBirthdate}
	assert.NoError(t, good.Check(open))
	bad := good
	bad.Matches = nil
	assert.Equal(t, []string{"match"}, fields(t, bad.Check(open)))
	bad.Matches = []review.MatchKey{"wl-1", "wl-9"}
	assert.Equal(t, []string{"match"}, fields(t, bad.Check(open)))
	assert.Equal(t, []string{"match", "finding", "reason"}, fields(t, review.DispositionForm{}.Check(open)))
	bad = good
	bad.Finding = "maybe"
	assert.Equal(t, []string{"finding"}, fields(t, bad.Check(open)))
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
