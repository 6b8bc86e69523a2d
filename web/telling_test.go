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
)

func TestWhatPersonaIsToldIsOffUntilAnAdminSwitchesItOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, sandboxed().with)
	c := h.as("admin")
	a := c.get("/admin/telling").is(200)
	assert.Contains(t, a.text("main"), "Nothing: every switch is off.")
	assert.Zero(t, a.page().Find("input:checked").Length())
	assert.Equal(t, 5, a.page().Find("input[type=checkbox]").Length())
	form := a.filled("main form", url.Values{"status": {"on"}})
	wrong := c.post("/admin/telling", form).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, wrong.text("#status-problem"))
	assert.Equal(t, 1, wrong.page().Find("input[name=status][checked]").Length(), "what was chosen stays")
	form = wrong.filled("main form", url.Values{"approved": {" Approved "}, "declined": {"Declined"}, "reason_field": {"review_reason"}, "fields": {"on"}})
	assert.Equal(t, "/admin/telling?done=kept", c.post("/admin/telling", form).to())
	now, err := h.db.Telling(t.Context())
	require.NoError(t, err)
	assert.Equal(t, review.Telling{Status: true, Fields: true, Types: []review.TypeTelling{{Approved: "Approved", Declined: "Declined", ReasonField: "review_reason"}}}, now)
	kept := c.get("/admin/telling?done=kept").is(200)
	assert.Contains(t, kept.text("[role=status]"), "Kept.")
	assert.Contains(t, kept.text("main"), "2 of 5 switched on.")

	late := c.post("/admin/telling", form).is(http.StatusConflict)
	assert.Contains(t, late.text("h1"), "Somebody changed it meanwhile")
	more := kept.filled("main form", nil)
	more["type"] = []string{"", "txntp_1"}
	more["approved"] = []string{"Approved", "clear"}
	c.post("/admin/telling", more).is(303)
	now, err = h.db.Telling(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "clear", now.Of("txntp_1").Approved)
	more["declined"] = []string{"one"}
	c.post("/admin/telling", more).is(400)
}

func TestADecisionSaysWhatPersonaWillBeToldAndThenWasTold(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	require.NoError(t, h.db.SetTelling(t.Context(), review.Telling{Status: true, Fields: true, Matches: true, Types: []review.TypeTelling{
		{Approved: "Approved", Declined: "Declined", ReasonField: "review_reason", NoteField: "review_note"}}}, "admin"))
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	h.claimed(id, "lead")
	c, path := h.as("lead"), "/reviews/"+id.String()[2:]
	for n := 1; n <= 2; n++ {
		c.post(path+"/dispositions", c.get(path).finding(n, "false_positive", "name", "")).is(303)
	}
	page := c.get(path + "/decision").is(200)
	will := page.text("[aria-labelledby=will-tell]")
	for _, words := range []string{"Status of the transaction: Approved", "Status of the transaction: Declined", "review_reason, review_note", "Findings on matches: dismiss"} {
		assert.Contains(t, will, words)
	}
	assert.NotContains(t, page.text("main"), "Nothing is sent to Persona")
	c.post(path+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "note": {"Checked twice"}, "evidence": {page.evidence()}}).is(303)
	assert.Positive(t, live.wakes.Load(), "what there is to tell is told at once")
	a := c.get(path).is(200)
	told := a.page().Find("[aria-labelledby=told]")
	assert.Equal(t, "2", a.page().Find("main").AttrOr("data-follow", ""), "the page watches it being told")
	var states []string
	for _, s := range told.Find("tr[data-push]").EachIter() {
		states = append(states, s.AttrOr("data-state", ""))
	}
	assert.Equal(t, []string{"waiting", "waiting", "waiting"}, states)
	assert.Contains(t, told.Text(), "held back by the one before it")

	due, err := h.db.DuePushes(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, due, 1, "in order: the others wait behind it")
	require.NoError(t, h.db.PushTried(t.Context(), due[0].ID, review.PushTry{Refused: true, Problem: "It was dismissed already", Request: "req_1"}))
	a = c.get(path).is(200)
	row := a.page().Find("tr[data-push][data-state=refused]")
	assert.Contains(t, row.Text(), "It was dismissed already")
	assert.Contains(t, row.Text(), "req_1")
	assert.Contains(t, a.text("[data-act=pushed]"), "It was dismissed already")
	action := row.Find("form").AttrOr("action", "")
	assert.Zero(t, h.as("reviewer").get(path).page().Find("[aria-labelledby=told] form").Length(), "leads settle it")
	intake := c.get("/intake").is(200)
	assert.Contains(t, intake.text("[aria-labelledby=pushes]"), "1 refused")
	assert.Equal(t, path, intake.page().Find("tr[data-push][data-state=refused] th a").AttrOr("href", ""))
	h.as("reviewer").post(action, url.Values{"answer": {"drop"}}).is(403)
	assert.Equal(t, "/intake?done=retry", c.post(action, url.Values{"answer": {"retry"}}).to())
	assert.Equal(t, "/intake?done=drop", c.post(action, url.Values{"answer": {"drop"}}).to())
	c.post(action, url.Values{"answer": {"drop"}}).is(409)
	c.post(action, url.Values{"answer": {"burn"}}).is(400)
	c.post("/intake/pushes/999", url.Values{"answer": {"drop"}}).is(404)
	h.clock.Pass(2 * time.Hour)
	assert.Empty(t, h.as("lead").get(path).page().Find("main").AttrOr("data-follow", ""))
	settled := h.as("lead").get(path).text("[data-act=pushed]")
	assert.Contains(t, settled, "settled what Persona is told")
	assert.Equal(t, 1, strings.Count(settled, "iven up"))
}

func TestADecisionThatPersonaIsNotToldSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "lead")
	c, path := h.as("lead"), "/reviews/"+id.String()[2:]
	page := c.get(path + "/decision").is(200)
	assert.Contains(t, page.text("[aria-labelledby=will-tell]"), "Set the status there as well.")
	c.post(path+"/dispositions", c.get(path).finding(1, "true_match", "name", "")).is(303)
	c.post(path+"/dispositions", c.get(path).finding(2, "true_match", "name", "")).is(303)
	c.post(path+"/decision", url.Values{"outcome": {"decline"}, "reason": {"true_match"}, "note": {""}, "evidence": {page.evidence()}}).is(303)
	h.agreed(id)
	assert.Contains(t, c.get(path).text("[aria-labelledby=told]"), "Persona was told nothing of this decision")
}
