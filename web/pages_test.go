package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/web"
)

// edited changes attributes of the report of a person's payload.
func edited(p person, edit func(attributes map[string]any)) []byte {
	var event map[string]any
	if err := json.Unmarshal(p.payload(), &event); err != nil {
		panic(err)
	}
	data := event["data"].(map[string]any)
	data["id"] = data["id"].(string) + "-edited"
	included := data["attributes"].(map[string]any)["payload"].(map[string]any)["included"].([]any)
	edit(included[0].(map[string]any)["attributes"].(map[string]any))
	b, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return b
}

func (h *house) reviewPage(id review.ReviewID, by string) answer {
	h.t.Helper()
	return h.as(by).get("/reviews/" + id.String()[2:]).is(200)
}

func TestMonitoringThatStandsStillIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(edited(ekene(), func(a map[string]any) {
		a["is-continuous"] = true
		a["run-history"] = []any{
			map[string]any{"id": "run_1", "type": "scheduled", "scheduled-at": "2026-05-18T05:00:00Z", "completed-at": "2026-05-18T05:00:30Z"},
			map[string]any{"id": "run_2", "type": "scheduled", "scheduled-at": "2026-06-17T03:00:00Z", "completed-at": a["completed-at"]},
			map[string]any{"id": "run_3", "type": "scheduled", "scheduled-at": "2026-07-18T05:00:00Z", "completed-at": nil},
		}
	}))
	a := h.reviewPage(h.opened(), "reviewer")
	assert.Contains(t, a.text(".notice"), "Monitoring halted since 17 June, 03:40 UTC.")
	runs := a.page().Find("li[data-run]")
	require.Equal(t, 3, runs.Length())
	assert.Equal(t, "scheduled", runs.First().AttrOr("data-run-type", ""))
	assert.Equal(t, "2026-05-18T05:00:30Z", runs.First().AttrOr("data-run-completed", ""))
	assert.Empty(t, runs.Last().AttrOr("data-run-completed", "x"))
	assert.Contains(t, runs.Last().Text(), "next run")
	queue := h.as("reviewer").get("/reviews").is(200)
	assert.Contains(t, queue.text("tr[data-review]"), "Monitoring halted 1 day")
}

func TestAMatchWithoutDetailsIsNotNoMatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.listed = nil
	h.take(edited(p, func(a map[string]any) { a["has-match"] = true; delete(a, "matched-lists"); delete(a, "ignore-list") }))
	a := h.reviewPage(h.opened(), "reviewer")
	assert.Contains(t, a.text("main"), "A match is reported, and its details were not captured.")
	assert.Contains(t, a.text("main"), "docket cannot tell whether there is a match")
	assert.NotContains(t, a.text("main"), "No matches")
	assert.Contains(t, a.text(".section-head"), "none known")
	assert.Equal(t, "matches not known", h.as("reviewer").get("/reviews").text(".queue-matches"))
	assert.Equal(t, "thin", a.page().Find("[data-report]").AttrOr("data-capture", ""))
}

func TestNoMatchesIsSaidOnlyOfARunThatEnded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.listed = nil
	h.take(p.payload())
	assert.Contains(t, h.reviewPage(h.opened(), "reviewer").text("main"), "No matches: every screening report ran to its end and found nobody.")

	other := mirela()
	other.listed, other.at = nil, start.Add(-time.Hour)
	h.take(edited(other, func(a map[string]any) { a["status"] = "pending"; a["completed-at"] = nil; a["has-match"] = false }))
	a := h.reviewPage(h.opened(), "reviewer")
	assert.NotContains(t, a.text("main"), "No matches")
	assert.Equal(t, "pending", a.page().Find("[data-report]").AttrOr("data-capture", ""))
}

func TestWhatWasDismissedAtPersonaWasFoundOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.listed = nil
	h.take(edited(p, func(a map[string]any) {
		a["ignore-list"] = []any{map[string]any{"ignored-at": "2026-06-17T03:40:30Z", "ignored-matched-lists": []any{map[string]any{"name": "US - OFAC - SDN", "entities": []any{map[string]any{"name": "FALADE, Ekene"}}}}}}
	}))
	a := h.reviewPage(h.opened(), "reviewer")
	assert.NotContains(t, a.text("main"), "found nobody", "Persona sends dismissed matches only as what it ignores")
	assert.NotContains(t, a.text("main"), "No matches")
	assert.Contains(t, a.text("[data-report]"), "All matches dismissed at Persona")
}

func TestAbsentNullAndEmptyStayThreeThings(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(edited(ekene(), func(a map[string]any) { a["country-code"] = ""; a["name-middle"] = nil; delete(a, "birthdate") }))
	a := h.reviewPage(h.opened(), "reviewer")
	assert.Contains(t, a.text("[data-query='name-middle']"), "none")
	assert.Contains(t, a.text("[data-query='country-code']"), "empty")
	assert.Empty(t, a.page().Find("[data-query='birthdate']").Nodes, "what was never sent has no value to show")
}

func TestWhatPersonaDismissedIsFoldedAndNotAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(edited(ekene(), func(a map[string]any) {
		lists := a["matched-lists"].([]any)
		a["ignore-list"] = []any{map[string]any{"ignored-at": "2026-06-17T03:40:30Z", "run-history-completed-at": a["completed-at"],
			"match": lists[0], "user": "Jane Reviewer", "ignore-reason": "false positive"}}
	}))
	id := h.opened()
	h.claimed(id, "reviewer")
	a := h.reviewPage(id, "reviewer")
	assert.Contains(t, a.text("main"), "1 match dismissed at Persona")
	assert.Contains(t, a.text("main"), "Jane Reviewer")
	assert.Equal(t, 1, a.page().Find("form[action$='/dispositions']").Length(), "one party is left to judge")
	assert.Contains(t, a.text("main"), "1 match of 1 listed party, 1 to go")
}

func TestOneFormJudgesAllMatchesOfAParty(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.listed = []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}, {"Ekene FALADE", "1979", "UK - OFSI - Consolidated"}}
	h.take(p.payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	a := h.reviewPage(id, "reviewer")
	require.Equal(t, 1, a.page().Find("form[action$='/dispositions']").Length())
	form := a.finding(1, "true_match", "name", "")
	assert.Len(t, form["match"], 2)
	for _, m := range a.page().Find("article[data-match]").EachIter() {
		assert.Equal(t, 1, m.Find("[data-attribute=name][data-verdict]").Length(), "each match says how it stands, also by reference to another")
	}
	h.as("reviewer").post("/reviews/"+id.String()[2:]+"/dispositions", form).is(303)
	after := h.reviewPage(id, "reviewer")
	assert.Equal(t, 2, after.page().Find("article[data-finding='true_match']").Length())
	// With a true match, approving asks for a reason of its own.
	refused := h.as("reviewer").post("/reviews/"+id.String()[2:]+"/decision",
		url.Values{"outcome": {"approve"}, "reason": {"true_match"}, "evidence": {after.evidence()}}).is(422)
	assert.Contains(t, refused.text("#reason-problem"), "found true")
}

func TestEachFieldOfAFormIsChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	c := h.as("reviewer")
	at := "/reviews/" + id.String()[2:]
	for field, values := range map[string][]string{
		"finding": {"", "FALSE_POSITIVE", "maybe", "true_match ", "<b>", "0"},
		"reason":  {"", "because", "all_false_positive", "birth date"},
		"match":   {"", "wl-00", "<script>", "MATCH"},
		"note":    {strings.Repeat("ä", 10_001)},
	} {
		for _, v := range values {
			form := c.get(at).finding(1, "false_positive", "name", "kept note")
			form.Set(field, v)
			a := c.post(at+"/dispositions", form).is(422)
			assert.Equal(t, 1, a.page().Find("[role=alert]").Length(), "%s=%q", field, v)
			assert.Equal(t, 1, a.page().Find("#"+field+"-problem").Length()|boolInt(field == "match"), "%s=%q", field, v)
			if field != "note" {
				assert.Contains(t, a.body, "kept note", "%s=%q", field, v)
			}
		}
	}
	form := c.get(at).finding(1, "false_positive", "other", "")
	assert.Contains(t, c.post(at+"/dispositions", form).is(422).text("#note-problem"), "note")
	for _, note := range []string{"", "   ", strings.Repeat("x", 10_001)} {
		a := c.post(at+"/notes", url.Values{"note": {note}}).is(422)
		assert.NotEmpty(t, a.text("#note-problem"), "%.10q", note)
	}
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Empty(t, file.Found)
	for _, outcome := range []string{"", "Approve", "escalate", "approve\n"} {
		a := c.post(at+"/decision", url.Values{"outcome": {outcome}, "reason": {"other"}, "note": {"kept note"}, "evidence": {c.get(at).evidence()}}).is(422)
		assert.Contains(t, a.body, "kept note")
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestAResourceHasAPageAlsoWhenItWasOnlyNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	named := `{"data":{"type":"account","id":"act_1","attributes":{"created-at":"2026-06-01T00:00:00Z","updated-at":"2026-06-01T00:00:00Z",
		"fields":{"name-first":{"type":"string","value":"Ekene"},"nested":{"type":"hash","value":{"a":{"type":"array","value":[{"type":"integer","value":7}]}}}}},
		"relationships":{"inquiries":{"data":[{"type":"inquiry","id":"inq_never"}]}}}}`
	h.take([]byte(named))
	c := h.as("auditor")
	report := c.get("/resources/report/watchlist/rep_ekene").is(200)
	assert.Contains(t, report.text("h1"), "rep_ekene")
	assert.Equal(t, 1, report.page().Find("section[data-report='rep_ekene']").Length(), "a report's query and runs")
	account := c.get("/resources/account/act_1").is(200)
	assert.Equal(t, "string", account.page().Find("[data-field='name-first']").AttrOr("data-type", ""))
	assert.Equal(t, "hash", account.page().Find("[data-field='nested']").AttrOr("data-type", ""))
	assert.Contains(t, account.text("[data-field='nested']"), "7")
	assert.NotEmpty(t, account.page().Find("a[href='/resources/inquiry/inq_never']").Nodes)
	never := c.get("/resources/inquiry/inq_never").is(200)
	assert.Contains(t, never.text("main"), "Named, never received")
	assert.NotEmpty(t, never.page().Find("a[href='/resources/account/act_1']").Nodes, "what named it")
	assert.Equal(t, http.StatusNotFound, c.get("/resources/inquiry/inq_other").status)
}

func TestATransactionHasAPageWithAllItsReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Decline)
	a := h.as("auditor").get("/transactions/txn_ekene").is(200)
	assert.Equal(t, "txn_ekene", a.page().Find("main").AttrOr("data-transaction", ""))
	assert.Contains(t, a.text("main"), id.String())
	assert.Contains(t, a.text("main"), "Declined")
	assert.Equal(t, "date", a.page().Find("[data-field='birthdate']").AttrOr("data-type", ""))
	assert.Empty(t, a.page().Find("form[action$='/dispositions']").Nodes)
}

func TestAnAdminLooksAfterColleagues(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("admin")
	good := url.Values{"username": {"mireille"}, "name": {"Mireille Okonkwo"}, "role": {"reviewer"}, "password": {"a bridge over the canal"}}
	for field, bad := range map[string][]string{
		"username": {"", "Mireille Okonkwo", "reviewer", "../x", strings.Repeat("x", 65)},
		"name":     {"", "  ", strings.Repeat("x", 101), "Mireille\u202e"},
		"role":     {"", "root", "Admin"},
		"password": {"", "short", "mireille", "docket12"},
	} {
		for _, v := range bad {
			form := url.Values{}
			for k := range good {
				form.Set(k, good.Get(k))
			}
			form.Set(field, v)
			a := c.post("/admin/colleagues", form).is(422)
			assert.NotEmpty(t, a.text("#"+field+"-problem"), "%s=%q", field, v)
			assert.NotContains(t, a.body, "a bridge over the canal", "a password is never sent back")
		}
	}
	assert.Equal(t, "/admin/colleagues?done=added", c.post("/admin/colleagues", good).to())
	page := c.get("/admin/colleagues?done=added").is(200)
	assert.Contains(t, page.text("main"), "Mireille Okonkwo")
	assert.Equal(t, 303, h.visitor().post("/login", url.Values{"username": {"mireille"}, "password": {"a bridge over the canal"}}).status)

	c.post("/admin/colleagues/mireille/role", url.Values{"role": {"root"}}).is(400)
	c.post("/admin/colleagues/mireille/password", url.Values{"password": {"short"}}).is(422)
	c.post("/admin/colleagues/unknown/disable", nil).is(404)
	c.post("/admin/colleagues/unknown/password", url.Values{"password": {"a bridge over the canal"}}).is(404)
	for _, act := range []string{"role", "disable", "password", "enable"} {
		c.post("/admin/colleagues/admin/"+act, url.Values{"role": {"auditor"}, "password": {"a bridge over the canal"}}).is(403)
	}
	assert.Empty(t, page.page().Find("form[action^='/admin/colleagues/admin/']").Nodes, "nobody changes their own role or access")
}

func TestADayThatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	h.decided(h.opened(), review.Decline)
	c := h.as("auditor")
	a := c.get("/decisions?from=yesterday").is(422)
	assert.NotEmpty(t, a.text("#from-problem"))
	c.get("/decisions.csv?from=yesterday").is(400)
	rows := func(q string) int { return c.get("/decisions?" + q).is(200).page().Find("tr[data-entry]").Length() }
	assert.Equal(t, 1, rows("from=2026-06-18&to=2026-06-18"), "the last day is included")
	assert.Equal(t, 0, rows("to=2026-06-17"))
	assert.Equal(t, 0, rows("from=2026-06-19"))
	assert.Equal(t, 1, rows("outcome=decline&by=reviewer"))
	assert.Equal(t, 0, rows("by=lead"))
	assert.Equal(t, 1, rows("q=falade"))
	assert.Equal(t, 1, strings.Count(c.get("/decisions.ndjson?from=2026-06-18&to=2026-06-18").is(200).body, "\n"))
}

func TestEveryErrorHasItsStatus(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{
		review.ErrNotFound: 404, review.ErrConflict: 409, review.ErrStale: 409, review.ErrForbidden: 403,
		web.ErrMalformed: 400, web.ErrMethod: 405, web.ErrBusy: 503, &review.Invalid{}: 422, &http.MaxBytesError{}: 413,
		http.ErrBodyNotAllowed: 500, store.ErrBusy: 503, store.ErrRebuilding: 503, store.ErrFull: 500,
	} {
		assert.Equal(t, want, web.StatusOf(err), "%v", err)
	}
}

func TestSlowSendersAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := web.NewHTTPServer("127.0.0.1:0", h.server, nil)
	assert.Equal(t, 5*time.Second, s.ReadHeaderTimeout)
	assert.Equal(t, 30*time.Second, s.ReadTimeout)
	assert.Equal(t, 2*time.Minute, s.IdleTimeout)
	assert.Equal(t, 32<<10, s.MaxHeaderBytes)
	assert.NotZero(t, s.WriteTimeout)
}

func TestTheGalleryIsForDemonstrations(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) { o.Demo = true })
	a := h.visitor().get("/gallery").is(200)
	links := a.page().Find("a[href^='/gallery/']")
	assert.Greater(t, links.Length(), 20)
	h.visitor().get(links.First().AttrOr("href", "")).is(200)
	h.visitor().get("/gallery/none").is(404)
	assert.Equal(t, http.StatusNotFound, newHouse(t).as("admin").get("/gallery").status)
}
