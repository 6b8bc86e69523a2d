package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// redacted is the event by which Persona tells that a transaction's personal data is gone.
func redacted(id string, at time.Time) []byte {
	return fmt.Appendf(nil, `{"data":{"type":"event","id":"evt_gone_%[1]s","attributes":{"name":"transaction.redacted","created-at":%[2]q,"payload":{"data":
		{"type":"transaction","id":%[1]q,"attributes":{"status":"needs_review","reference-id":null,"tags":[],"updated-at":%[2]q,"fields":{}}}}}}}`, id, stampOf(at))
}

func TestAReviewOfWhatWasErasedSaysSoAndCanBeDecided(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := ekene().payload()
	h.take(body)
	id := h.opened()
	h.claimed(id, "reviewer")
	c := h.as("reviewer")
	path := "/reviews/" + id.String()[2:]
	seen := c.get(path).is(200)
	c.post(path+"/dispositions", seen.finding(1, "false_positive", "birthdate", "")).is(303)
	torn := []byte(`{"data":{"type":"transaction","id":"txn_ekene","attributes":{"name":"Ekene Falade"`)
	h.take(redacted("txn_ekene", start.Add(-time.Minute)), torn)
	n, err := h.db.Erase(t.Context())
	require.NoError(t, err)
	require.Positive(t, n)

	a := c.get(path).is(200)
	assert.Contains(t, a.text(".notice"), "Personal data erased at Persona on")
	assert.Contains(t, a.text("main"), "nothing is left to compare")
	assert.Contains(t, a.text("h1"), "Name erased")
	assert.NotContains(t, a.text("main"), "No matches")
	assert.Equal(t, "redacted", a.page().Find("[data-report]").AttrOr("data-capture", ""))
	assert.Contains(t, a.text(`li[data-act="erased"]`), "evt_gone_txn_ekene")
	assert.Equal(t, 1, a.page().Find(`li[data-act="disposed"]`).Length(), "what was found stays")
	queue := c.get("/reviews").is(200)
	assert.Contains(t, queue.text(`tr[data-review]`), "Name erased")
	assert.Contains(t, queue.text(`tr[data-review]`), "Erased")
	assert.Equal(t, "matches not known", queue.text(".queue-matches"))
	for _, page := range []string{path, "/reviews", "/reviews?q=falade", "/transactions/txn_ekene", "/resources/report/watchlist/rep_ekene", "/resources/transaction/txn_ekene"} {
		text := c.get(page).is(200).text("main")
		assert.NotContains(t, strings.ReplaceAll(text, "falade", ""), "Falade", page)
	}

	left := c.get("/payloads/" + review.Sum(body).String()).is(200)
	assert.NotContains(t, left.body, "Falade")
	assert.NotEmpty(t, left.header.Get("Docket-Erased"))
	gone := c.get("/payloads/" + review.Sum(torn).String())
	assert.Equal(t, 410, gone.status)

	c.post(path+"/dispositions", seen.finding(1, "false_positive", "birthdate", "")).is(409)
	c.post(path+"/decision", url.Values{"outcome": {"decline"}, "reason": {"other"}, "note": {"Nothing is left to compare"}, "evidence": {a.evidence()}}).is(303)
	h.agreed(id)
	sheet := h.as("auditor").get("/decisions.csv").is(200).body
	assert.Contains(t, sheet, "txn_ekene")
	assert.NotContains(t, sheet, "Falade")
	assert.NotContains(t, h.as("auditor").get("/decisions").is(200).body, "Falade")
	problems, err := h.db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
