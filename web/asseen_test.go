package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// everyEntryAsSeen opens every entry of every review as it stood: the page is there, shows the
// evidence that the entry rests on, the trail up to it, and nothing to act with.
func (h *house) everyEntryAsSeen() {
	h.t.Helper()
	c := h.as("auditor")
	page, err := h.db.Queue(h.t.Context(), review.QueueQuery{Tab: review.TabAll, Limit: 100})
	require.NoError(h.t, err)
	entries := 0
	for _, row := range page.Rows {
		if row.Review == 0 {
			continue
		}
		file, err := h.db.ReviewFile(h.t.Context(), row.Review)
		require.NoError(h.t, err)
		for i, e := range file.Entries {
			if e.Review != row.Review {
				continue
			}
			at := fmt.Sprintf("/reviews/%d/as-seen/%d", row.Review, e.ID)
			a := c.get(at)
			if !assert.Equal(h.t, http.StatusOK, a.status, "%s of %s: %s", at, e.Act, excerpt(a.body)) {
				continue
			}
			entries++
			doc := a.page()
			assert.Equal(h.t, e.Evidence.String(), a.evidence(), at)
			assert.Equal(h.t, len(file.Entries)-i, doc.Find("li[data-entry]").Length(), "%s: the trail up to the entry", at)
			assert.Equal(h.t, fmt.Sprint(e.ID), doc.Find("li[data-entry]").First().AttrOr("data-entry", ""), at)
			assert.Zero(h.t, doc.Find("main form").Length(), "%s: a form on a page of the past", at)
			assert.Contains(h.t, a.text(".notice"), "version "+e.Comparator+" of the rules", at)
		}
	}
	assert.Positive(h.t, entries, "no entry was looked at")
}

func TestAReviewIsShownAsItStoodAtEachEntry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	page := c.get(at).is(200)
	c.post(at+"/dispositions", page.finding(1, "false_positive", "birthdate", "Seven years apart")).is(303)
	judged := c.get(at).is(200)
	disposed := judged.page().Find("li[data-act=disposed] a.trail-entry").AttrOr("href", "")
	require.NotEmpty(t, disposed, "an entry leads to the page as it stood")

	// The list corrects the year, and a match comes; the review goes on.
	h.clock.Pass(20 * time.Minute)
	p.listed[0].year, p.completed = "1986", h.clock.Now()
	p.listed = append(p.listed, listed{"Ekene Faladé", "1990", "EU - Consolidated"})
	h.take(p.payload())
	today := c.get(at).is(200)
	require.Equal(t, 3, today.page().Find("article[data-match]").Length())
	require.Empty(t, today.page().Find("#party-1 article").AttrOr("data-finding", "x"), "the finding lapsed")

	then := h.as("auditor").get(disposed).is(200)
	assert.Equal(t, judged.evidence(), then.evidence())
	assert.NotEqual(t, today.evidence(), then.evidence())
	assert.Equal(t, 2, then.page().Find("article[data-match]").Length())
	assert.Equal(t, "false_positive", then.page().Find("#party-1 article").AttrOr("data-finding", ""))
	assert.Equal(t, "conflict", then.page().Find("#party-1 [data-attribute=birthdate]").AttrOr("data-verdict", ""))
	assert.Contains(t, then.text("#party-1"), "birth year differs by 7", "the reason as it stood")
	assert.Contains(t, then.text("#party-1"), "Seven years apart")
	assert.Empty(t, then.page().Find("#party-2 article").AttrOr("data-finding", "x"))
	banner := then.text(".notice")
	assert.Contains(t, banner, "As it stood at entry")
	assert.Contains(t, banner, "Noor Haddad found a false positive, 1 match of party 1, 18 June 2026, 09:41:07 UTC.")
	assert.Contains(t, banner, "Nothing here can be acted on.")
	assert.Equal(t, at, then.page().Find(".notice a").AttrOr("href", ""))
	assert.NotContains(t, then.text("main"), "Faladé", "what came later is not there")

	// To see the past is no look at it.
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	for _, l := range file.Looks {
		assert.NotEqual(t, review.ColleagueID("auditor"), l.By)
	}
	h.everyEntryAsSeen()

	// A decision and a correction: the page before, between and after.
	d := h.as("reviewer")
	for party := range 3 {
		d.post(at+"/dispositions", d.get(at).finding(party+1, "false_positive", "other", "n")).is(303)
	}
	d.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"other"}, "note": {"n"}, "evidence": {d.get(at + "/decision").evidence()}}).is(303)
	h.everyEntryAsSeen()
	listed := h.as("auditor").get("/decisions").is(200).page().Find("tr[data-entry] a.trail-entry").AttrOr("href", "")
	assert.Equal(t, "closed", h.as("auditor").get(listed).is(200).page().Find("main").AttrOr("data-state", ""), "the list of decisions leads there")
	assert.Equal(t, "open", h.as("lead").get(disposed).page().Find("main").AttrOr("data-state", ""), "as it was then")

	// In another year, days say which.
	h.clock.Pass(300 * 24 * time.Hour)
	assert.Contains(t, h.as("lead").get(disposed).text(".notice"), "Days without a year are of 2026.")
}

func TestWhatCannotBeShownAsItWasIsNotShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	then := c.get(at).is(200)
	first := then.page().Find("li[data-act=claimed] a.trail-entry").AttrOr("href", "")
	require.NotEmpty(t, first)
	p.listed[0].year, p.completed = "1986", start.Add(-time.Hour)
	h.take(p.payload())
	c.get(first).is(200)

	// Somebody changes a manifest behind docket's back: the states of the one are given for the other's.
	now := c.get(at).is(200)
	require.NotEqual(t, then.evidence(), now.evidence())
	raw, err := sql.Open("sqlite", "file:"+h.path+"?_busy_timeout=5000")
	require.NoError(t, err)
	defer raw.Close()
	_, err = raw.ExecContext(t.Context(), `DROP TRIGGER evidence_holds`)
	require.NoError(t, err)
	res, err := raw.ExecContext(t.Context(), `UPDATE evidence SET manifest = (SELECT manifest FROM evidence WHERE hex(digest) = upper(?)) WHERE hex(digest) = upper(?)`,
		now.evidence(), then.evidence())
	require.NoError(t, err)
	n, err := res.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, n)

	a := c.get(first).is(http.StatusInternalServerError)
	assert.Contains(t, a.text("h1"), "This cannot be shown as it was")
	assert.Contains(t, a.text("main"), then.evidence())
	assert.Contains(t, a.text("main"), now.evidence())
	assert.Contains(t, a.text("main"), "Tell whoever looks after docket")
	assert.Zero(t, a.page().Find("[data-match]").Length())
}

func TestWhatWasErasedIsGoneFromThePastToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	page := c.get(at).is(200)
	claimed := page.page().Find("li[data-act=claimed] a.trail-entry").AttrOr("href", "")
	c.get(claimed).is(200)
	h.take(redacted("txn_ekene", start.Add(-time.Minute)))
	_, err := h.db.Erase(t.Context())
	require.NoError(t, err)

	a := c.get(claimed).is(http.StatusGone)
	assert.Contains(t, a.text("h1"), "What stood here was erased")
	assert.Contains(t, a.text("main"), "was erased since: transaction txn_ekene, watchlist report rep_ekene.")
	assert.NotContains(t, a.body, "Falade")
	after := c.get(at).is(200)
	assert.Zero(t, after.page().Find("#changes").Length(), "nothing is left to compare with")
	assert.NotContains(t, c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"other"}, "note": {"n"}, "evidence": {page.evidence()}}).is(409).body, "Falade")
}
