package persona_test

import (
	"testing"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADecisionOnACaseOrAnInquiryMovesThatAlone(t *testing.T) {
	t.Parallel()
	told := review.Telling{Status: true, Fields: true, Inquiry: true, Case: true, CaseApproved: "Approved", CaseDeclined: "Declined",
		Types: []review.TypeTelling{{Approved: "approved", Declined: "declined", ReasonField: "reason"}}}
	d := caseFile(t, firmPayload(t)).Dossier
	rev := review.Review{ID: 7, Root: d.Root().Ref}
	dec := review.Decision{Review: 7, Entry: 9, Outcome: review.Decline, Reason: review.ReasonTrueMatch, ByName: "Noor"}
	var acts []string
	for _, p := range persona.Pushes(told, rev, dec, d, nil) {
		acts = append(acts, string(p.Act)+" "+p.Target.String()+" "+p.Value)
		assert.Equal(t, d.Root().Ref, p.Root)
	}
	assert.Equal(t, []string{"comment case/case_firm ", "case case/case_firm Declined"}, acts,
		"first why, then the status; it joins two transactions, and speaks for all of it")
	told.Case = false
	assert.Empty(t, persona.Pushes(told, rev, dec, d, nil))

	db := storetest.Open(t, hydrates, reviewsCases)
	require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: firmPayload(t), Source: "api"}}))
	f, err := db.RootFile(t.Context(), review.Ref{Type: "inquiry", ID: "inq_rui"})
	require.NoError(t, err)
	rev.Root = f.Dossier.Root().Ref
	dec.Outcome = review.Approve
	pushes := persona.Pushes(told, rev, dec, f.Dossier, nil)
	require.Len(t, pushes, 1)
	assert.Equal(t, review.PushInquiry, pushes[0].Act)
	assert.Equal(t, "approve", pushes[0].Value)
	assert.Equal(t, "needs_review", pushes[0].Before)

	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	push := pushes[0]
	push.State, push.At, push.SentAt = review.PushSent, at, at
	history := []review.StatusAt{{At: at.Add(-time.Hour), Status: "needs_review"}, {At: at.Add(time.Second), Status: "approved"}}
	assert.Equal(t, review.PushAcknowledged, push.Echo(history), "approving makes it approved")
	history[1].Status = "declined"
	assert.Equal(t, review.PushDiverged, push.Echo(history))
}
