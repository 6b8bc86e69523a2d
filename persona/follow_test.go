package persona_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinksForSubjectsAreMadeAndNotKept(t *testing.T) {
	t.Parallel()
	var kept bytes.Buffer
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	id := d.screen("Ilka Brandywater")
	d.work(4)
	inquiry := d.file(id).Dossier.Transaction.Fallback
	by := colleague(t, d)
	link, until, err := d.OneTimeLink(t.Context(), inquiry, by)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(link, "https://"))
	assert.Equal(t, s.clock.Now().Add(24*time.Hour), until)
	require.True(t, s.Expire(inquiry))
	_, _, err = d.OneTimeLink(t.Context(), inquiry, by)
	var refused *persona.Refused
	require.ErrorAs(t, err, &refused, "an expired inquiry has to be resumed first")
	resumed, err := d.Resume(t.Context(), inquiry, by)
	require.NoError(t, err)
	assert.Contains(t, resumed, "session-token=")
	assert.Contains(t, resumed, "inquiry-id="+inquiry)
	assert.NotContains(t, d.InquiryLink(inquiry), "token")

	_, token, _ := strings.Cut(resumed, "session-token=")
	for _, p := range d.file(id).Payloads {
		_, raw, err := d.db.Payload(t.Context(), p.Hash)
		require.NoError(t, err)
		kept.Write(raw)
	}
	for _, secret := range []string{link, strings.TrimSpace(token)} {
		assert.NotContains(t, kept.String(), secret)
	}
}

func colleague(t *testing.T, d *desk) review.ColleagueID {
	t.Helper()
	require.NoError(t, d.db.AddColleague(t.Context(), review.Colleague{ID: "rio", Name: "Rio", Role: review.RoleReviewer}, "no password", ""))
	return "rio"
}
