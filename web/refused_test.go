package web_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestADecisionOnEvidenceThatMovedIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	page := c.get(at)
	c.post(at+"/dispositions", page.finding(1, "false_positive", "birthdate", "")).is(303)
	c.post(at+"/dispositions", page.finding(2, "false_positive", "name", "")).is(303)
	check := c.get(at + "/decision").is(200)

	// Another run arrives: one party is gone, one gained a year, one is new.
	p.listed = []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}, {"奥尔兰", "1971", "UN - Security Council"}}
	p.completed = start.Add(-time.Hour)
	h.take(p.payload())
	before, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)

	a := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "note": {"typed with care"},
		"evidence": {check.evidence()}}).is(http.StatusConflict)
	assert.Contains(t, a.text("[role=alert]"), "not recorded")
	assert.Contains(t, a.text("main"), "奥尔兰", "what is new is named")
	assert.Contains(t, a.text("main"), "Ekene Oyelaran Falade", "what is gone is named")
	assert.Contains(t, a.text("main"), "your finding stands")
	assert.Contains(t, a.text("main"), "typed with care")
	now := a.page().Find("main").AttrOr("data-evidence", "")
	assert.NotEqual(t, check.evidence(), now)
	after, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Empty(t, after.Decisions)
	assert.Equal(t, before.Found, after.Found)
	assert.Equal(t, review.StateOpen, after.Review.State)
	assert.Equal(t, review.ActRefused, after.Entries[0].Act, "the refusal itself is on the trail")

	// What was typed comes back, on what now holds.
	hidden := url.Values{}
	form := a.page().Find("form[action$='/decision']")
	require.Equal(t, 1, form.Length())
	for _, in := range form.Find("input[type=hidden]").EachIter() {
		hidden.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	again := c.post(at+"/decision", hidden).is(200)
	assert.Equal(t, "typed with care", again.text("textarea[name=note]"))
	assert.Equal(t, "all_false_positive", again.page().Find("select[name=reason] option[selected]").AttrOr("value", ""))
	assert.Equal(t, now, again.page().Find("input[name=evidence]").AttrOr("value", ""))
}

func TestAFindingOnEvidenceThatMovedIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	form := c.get(at).finding(1, "false_positive", "birthdate", "typed with care")
	p.listed[0].year = "1986"
	p.completed = start.Add(-time.Hour)
	h.take(p.payload())
	a := c.post(at+"/dispositions", form).is(409)
	assert.Contains(t, a.text("main"), "1979")
	assert.Contains(t, a.text("main"), "1986")
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Empty(t, file.Found)
	hidden := url.Values{}
	for _, in := range a.page().Find("form[action$='/dispositions'] input[type=hidden]").EachIter() {
		hidden.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	again := c.post(at+"/dispositions", hidden).is(200)
	assert.Equal(t, "typed with care", again.text("#party-1 textarea[name=note]"))
	assert.Equal(t, 0, again.page().Find("input[name=finding][checked]").Length(), "the answer is asked again")
}

func TestOfFiftyDecisionsOneWins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	p := ekene()
	p.listed = nil
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	h.as("reviewer").post(at+"/claim", nil).is(303)
	c := h.as("reviewer")
	evidence := c.get(at).evidence()
	var mu sync.Mutex
	got := map[int]int{}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			a := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"no_open_match"}, "evidence": {evidence}})
			mu.Lock()
			defer mu.Unlock()
			got[a.status]++
		})
	}
	wg.Wait()
	assert.Equal(t, map[int]int{303: 1, 409: 49}, got)
	late := c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"no_open_match"}, "evidence": {evidence}}).is(409)
	assert.Contains(t, late.text("h1"), "decided already")
}
