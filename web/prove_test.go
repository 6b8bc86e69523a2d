package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// farReaching are the addresses that carry the data of many people off.
var farReaching = []string{"/decisions.csv", "/decisions.ndjson", "/decisions.xlsx", "/record.csv", "/record.ndjson", "/record.xlsx",
	"/decisions/evidence.zip?from=2026-06-01&to=2026-06-30"}

// exportMarks counts the exports on the trail.
func (h *house) exportMarks() int {
	h.t.Helper()
	n := 0
	err := h.db.EachEntry(h.t.Context(), store.Span{}, func(e store.EntryRow) error {
		if e.Act == review.ActExported {
			n++
		}
		return nil
	})
	require.NoError(h.t, err)
	return n
}

func TestABulkExportAsksForThePasswordAgainAndLeadsBackToIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	h.decided(h.opened(), review.Approve)
	c := h.visitor()
	first := c.signsIn("auditor")
	c.get("/decisions.csv").is(200) // whoever just signed in is not asked

	h.clock.Pass(15*time.Minute + time.Second)
	marks := h.exportMarks()
	for _, path := range farReaching {
		asked := c.get(path).is(303)
		assert.Equal(t, "/account/prove?next="+url.QueryEscape(path), asked.to(), path)
		assert.Empty(t, asked.body, "nothing left")
	}
	assert.Equal(t, marks, h.exportMarks(), "and nothing is said to have left")
	c.get("/insights.csv?chart=weeks").is(200) // numbers are nobody's data
	c.get("/decisions").is(200)

	page := c.get("/account/prove?next=" + url.QueryEscape("/decisions.csv?outcome=approve")).is(200)
	assert.Equal(t, "/decisions?outcome=approve", page.page().Find("main .page-acts a").AttrOr("href", ""), "back to the filters")
	wrong := c.post("/account/prove", page.filled("main form", url.Values{"password": {"not it at all"}})).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, wrong.text("#password-problem"))
	assert.Empty(t, valueOf(wrong))
	c.get("/decisions.csv").is(303)

	done := c.post("/account/prove", wrong.filled("main form", url.Values{"password": {password}})).is(303)
	require.NotEmpty(t, valueOf(done), "the session goes on under a new id")
	ready := c.get(done.to()).is(200)
	href := ready.page().Find("main .page-acts a").First().AttrOr("href", "")
	assert.Equal(t, "/decisions.csv?outcome=approve", href)
	assert.Equal(t, 2, strings.Count(c.get(href).is(200).body, "\r\n"))

	assert.Contains(t, h.sends(valueOf(first), "/decisions").is(303).to(), "/login", "the old id opens nothing")
}

func TestTypingThePasswordAgainIsNoWayToGuessIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("auditor")
	h.clock.Pass(16 * time.Minute)
	held := false
	for range 20 {
		a := c.post("/account/prove", url.Values{"password": {"guess"}, "next": {"/decisions.csv"}})
		if a.status == http.StatusTooManyRequests {
			held = true
			break
		}
		a.is(http.StatusUnprocessableEntity)
	}
	assert.True(t, held)
}

func TestTheWayOnAfterThePasswordStaysInside(t *testing.T) {
	t.Parallel()
	c := newHouse(t).as("auditor")
	for _, next := range []string{"", "//evil.example/decisions.csv", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "/login"} {
		page := c.get("/account/prove?next=" + url.QueryEscape(next)).is(200)
		require.Equal(t, 2, page.page().Find("main a[href]").Length())
		for _, a := range page.page().Find("main a[href]").EachIter() {
			assert.Equal(t, "/reviews", a.AttrOr("href", ""), next)
		}
	}
}
