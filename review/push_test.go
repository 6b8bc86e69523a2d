package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestAnEchoSettlesAPush(t *testing.T) {
	t.Parallel()
	minute := func(m int) time.Time { return time.Date(2026, 6, 18, 9, m, 0, 0, time.UTC) }
	statuses := func(words ...string) (h []review.StatusAt) {
		for i, w := range words {
			h = append(h, review.StatusAt{At: minute(10 * i), Status: w})
		}
		return h
	}
	// Decided at 09:15, between the second and the third status; sent at 09:16.
	for _, c := range []struct {
		what    string
		state   review.PushState
		history []review.StatusAt
		want    review.PushState
	}{
		{"nothing known", review.PushSent, nil, review.PushSent},
		{"no news", review.PushSent, statuses("created", "needs_review"), review.PushSent},
		{"other news of the same status", review.PushSent, statuses("created", "needs_review", "Needs Review"), review.PushSent},
		{"the echo of an attempt whose answer was lost, and then something else", review.PushWaiting, statuses("created", "needs_review", "approved", "declined"), review.PushDiverged},
		{"our echo", review.PushSent, statuses("created", "needs_review", "Approved"), review.PushAcknowledged},
		{"our echo, by a clock that is behind", review.PushSent, statuses("needs_review", "approved"), review.PushAcknowledged},
		{"somebody did it already", review.PushWaiting, statuses("created", "needs_review", "approved"), review.PushAcknowledged},
		{"somebody did it by hand after the refusal", review.PushRefused, statuses("created", "needs_review", "approved"), review.PushAcknowledged},
		{"somebody did something else meanwhile: ours is still to come", review.PushWaiting, statuses("created", "needs_review", "declined"), review.PushWaiting},
		{"something else came before the sending", review.PushSent, statuses("needs_review", "declined"), review.PushSent},
		{"something else came after the sending", review.PushSent, statuses("created", "needs_review", "declined"), review.PushDiverged},
		{"the echo, and then something else", review.PushSent, statuses("created", "needs_review", "approved", "declined"), review.PushDiverged},
		{"something else after the echo", review.PushAcknowledged, statuses("created", "needs_review", "approved", "declined"), review.PushDiverged},
		{"back to what it was told", review.PushDiverged, statuses("created", "needs_review", "declined", "approved"), review.PushAcknowledged},
		{"a new episode", review.PushAcknowledged, statuses("created", "needs_review", "approved", "needs_review"), review.PushAcknowledged},
		{"a new episode, ended without us", review.PushAcknowledged, statuses("created", "needs_review", "approved", "needs_review", "declined"), review.PushAcknowledged},
		{"a new episode after the divergence", review.PushDiverged, statuses("created", "needs_review", "approved", "declined", "needs_review"), review.PushDiverged},
		{"the same status before the decision is no echo", review.PushSent, statuses("approved", "needs_review", "needs_review"), review.PushSent},
		{"dropped is dropped", review.PushDropped, statuses("created", "needs_review", "approved"), review.PushDropped},
	} {
		p := review.Push{Act: review.PushStatus, Value: "approved", Before: "needs review", State: c.state, At: minute(15)}
		if c.state != review.PushWaiting && c.state != review.PushRefused {
			p.SentAt = minute(16)
		}
		assert.Equal(t, c.want, p.Echo(c.history), c.what)
	}
}

func TestWhatIsToldMustBeSpelled(t *testing.T) {
	t.Parallel()
	require.NoError(t, review.Telling{}.Check())
	spelled := review.Telling{Status: true, Fields: true, Case: true, CaseDeclined: "Resolved", Types: []review.TypeTelling{
		{Approved: "approved"}, {Type: "txntp_1", ReasonField: "reason"}}}
	require.NoError(t, spelled.Check())
	bad := review.Telling{Status: true, Fields: true, Case: true, Types: []review.TypeTelling{{Type: "txntp_1"}, {Type: "txntp_1"}}}
	var inv *review.Invalid
	require.ErrorAs(t, bad.Check(), &inv)
	fields := make([]string, len(inv.Problems))
	for i, p := range inv.Problems {
		fields[i] = p.Field
	}
	assert.ElementsMatch(t, []string{"types", "status", "fields", "case"}, fields)
	assert.Equal(t, "approved", spelled.Of("txntp_9").Approved)
	assert.Equal(t, review.TypeTelling{Type: "txntp_1", ReasonField: "reason"}, spelled.Of("txntp_1"))
}
