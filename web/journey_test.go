package web_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestAWorkingDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	other := person{id: "txn_mirela", status: "Needs Review", first: "Mirela", last: "Dobrescu", birth: "1990-01-02", country: "RO",
		at: start.Add(-5 * time.Hour), reference: "cust-2"}
	h.take(ekene().payload(), other.payload())

	// In by name and password, to the queue.
	c := h.visitor()
	assert.Equal(t, "/reviews", c.signsIn("reviewer").to())
	queue := c.get("/reviews").is(200)
	assert.Contains(t, queue.text("h1"), "Queue")
	rows := queue.page().Find("tr[data-review]")
	require.Equal(t, 2, rows.Length())
	first := rows.First()
	assert.Equal(t, "txn_ekene", first.AttrOr("data-transaction", ""), "the oldest stands first")
	assert.Equal(t, "open", first.AttrOr("data-state", ""))
	assert.Equal(t, "Ekene Falade", first.Find("th[scope=row] a bdi").Text())
	assert.Contains(t, first.Text(), "1 day 6 h")
	assert.Contains(t, first.Text(), "Nigeria")
	assert.Contains(t, first.Text(), "cust-48213")

	// The oldest free one, taken.
	page := c.post("/reviews/next", nil)
	at := page.to()
	assert.Equal(t, first.Find("th a").AttrOr("href", ""), at)
	open := c.get(at).is(200)
	main := open.page().Find("main")
	assert.Equal(t, "txn_ekene", main.AttrOr("data-transaction", ""))
	assert.Equal(t, "open", main.AttrOr("data-state", ""))
	assert.Len(t, main.AttrOr("data-evidence", ""), 64)
	assert.Equal(t, "Ekene Falade", open.text("h1"))
	assert.Equal(t, "Ekene", open.text("[data-query='name-first']"))
	assert.Contains(t, open.text("[data-query='birthdate']"), "14 March 1986")
	assert.Equal(t, 1, open.page().Find("section[data-report='rep_ekene'][data-kind='watchlist'][data-capture='full']").Length())
	require.Equal(t, 2, open.page().Find("article[data-match]").Length())
	assert.Equal(t, "conflict", open.page().Find("#party-1 [data-attribute=birthdate]").AttrOr("data-verdict", ""))
	assert.Equal(t, 0, open.page().Find("input[name=finding][checked], option[selected][value!='']").Length(), "nothing is chosen beforehand")

	// What is missing is said, and what was typed comes back.
	id := strings.TrimPrefix(at, "/reviews/")
	bad := c.post(at+"/dispositions", open.finding(1, "", "", "I compared the years")).is(422)
	assert.Equal(t, 1, bad.page().Find("[role=alert]").Length())
	assert.Equal(t, 1, bad.page().Find("#finding-problem").Length())
	assert.Equal(t, 1, bad.page().Find("#reason-problem").Length())
	assert.Equal(t, "I compared the years", bad.text("#party-1 textarea[name=note]"))
	assert.Empty(t, bad.text("#party-2 textarea[name=note]"))
	assert.True(t, strings.HasPrefix(bad.text("title"), "Error:"))

	// A finding on the first party leads to the second.
	one := c.post(at+"/dispositions", open.finding(1, "false_positive", "birthdate", "Born seven years apart")).to()
	assert.Regexp(t, `^/reviews/`+id+`\?recorded=\d+#party-2$`, one)
	noted := c.get(one).is(200)
	assert.Contains(t, noted.text("[role=status]"), "Recorded: false positive on 1 match.")
	assert.Equal(t, "false_positive", noted.page().Find("#party-1 article").AttrOr("data-finding", ""))

	// Deciding too early shows what is missing.
	early := c.get(at + "/decision").is(200)
	assert.Contains(t, early.text("main"), "1 of 2 matches have one")
	soon := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"other"}, "note": {"in a hurry"}, "evidence": {early.evidence()}}).is(422)
	assert.NotEmpty(t, soon.text("#match-problem, [role=alert]"))
	assert.Equal(t, "in a hurry", soon.text("textarea[name=note]"))

	two := c.post(at+"/dispositions", noted.finding(2, "false_positive", "name", "Another middle name")).to()
	assert.Regexp(t, `\?recorded=\d+$`, two, "no party is left to go to")
	c.post(at+"/notes", url.Values{"note": {"Called nobody."}}).is(303)

	// The decision: first without a reason, then whole.
	check := c.get(at + "/decision").is(200)
	assert.Equal(t, 0, check.page().Find("[aria-keyshortcuts][name=outcome]").Length(), "no key approves")
	missing := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "note": {"all clear"}, "evidence": {check.evidence()}}).is(422)
	assert.Equal(t, 1, missing.page().Find("#reason-problem").Length())
	assert.Equal(t, "all clear", missing.text("textarea[name=note]"))
	done := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "note": {"=both differ"}, "evidence": {check.evidence()}}).to()
	closed := c.get(done).is(200)
	assert.Equal(t, "closed", closed.page().Find("main").AttrOr("data-state", ""))
	assert.Contains(t, closed.text("[role=status]"), "Recorded: approved.")
	assert.Equal(t, 0, closed.page().Find("form[action$='/dispositions'], form[action$='/decision']").Length())
	var acts []string
	for _, n := range closed.page().Find("li[data-entry]").EachIter() {
		acts = append(acts, n.AttrOr("data-act", ""))
	}
	assert.Equal(t, []string{"decided", "noted", "disposed", "disposed", "seen", "claimed", "opened-review"}, acts)

	// It stands in the list and in both exports.
	list := h.as("auditor").get("/decisions").is(200)
	row := list.page().Find("tr[data-review='" + id + "']")
	require.Equal(t, 1, row.Length())
	assert.Equal(t, "approve", row.AttrOr("data-outcome", ""))
	assert.NotEmpty(t, row.AttrOr("data-entry", ""))
	auditor := h.as("auditor")
	sheet := auditor.get("/decisions.csv").is(200)
	assert.Equal(t, `attachment; filename="decisions-2026-06-18.csv"`, sheet.header.Get("Content-Disposition"))
	cells, err := csv.NewReader(strings.NewReader(sheet.body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, cells, 2)
	got := map[string]string{}
	for i, name := range cells[0] {
		got[name] = cells[1][i]
	}
	want := map[string]string{"review": "R-" + id, "transaction": "txn_ekene", "reference_id": "cust-48213", "subject": "Ekene Falade",
		"outcome": "approve", "reason": "all_false_positive", "note": "'=both differ", "decided_by": "reviewer", "decided_by_role": "reviewer",
		"matches": "2", "false_positives": "2", "true_matches": "0", "cannot_tell": "0", "decided_at": "2026-06-18T09:41:07Z",
		"opened_at": "2026-06-17T03:41:07Z", "comparator_version": review.ComparatorVersion, "evidence": check.evidence(),
		"entry": row.AttrOr("data-entry", ""), "approved_by": "", "approved_at": "", "policy_version": "1", "entry_hash": got["entry_hash"]}
	assert.Len(t, got["entry_hash"], 64)
	assert.Equal(t, want, got)
	var object map[string]any
	lines := auditor.get("/decisions.ndjson").is(200)
	require.NoError(t, json.Unmarshal([]byte(lines.body), &object))
	assert.Len(t, object, len(cells[0]))
	assert.Equal(t, "=both differ", object["note"], "a machine gets the text as it is")
	for _, name := range cells[0] {
		assert.Contains(t, object, name)
	}
	assert.Empty(t, auditor.get("/decisions.ndjson?outcome=decline").is(200).body)
}

func TestALeadCorrectsADecisionAndTheFirstStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c, lead := h.as("reviewer"), h.as("lead")
	h.decided(id, "approve")
	assert.Equal(t, 0, c.get(at).page().Find("form[action$='/corrections']").Length())
	page := lead.get(at).is(200)
	require.Equal(t, 1, page.page().Find("form[action$='/corrections']").Length())
	form := url.Values{"outcome": {"decline"}, "evidence": {page.evidence()}, "note": {"seen again"}}
	bad := lead.post(at+"/corrections", form).is(422)
	assert.Equal(t, 1, bad.page().Find("#reason-problem").Length())
	assert.Equal(t, "seen again", bad.text("form[action$='/corrections'] textarea"))
	form.Set("reason", "other")
	after := lead.get(lead.post(at+"/corrections", form).to()).is(200)
	assert.Contains(t, after.text("[role=status]"), "you ask to correct the decision to decline")
	h.agreed(id)
	list := lead.get("/decisions").is(200)
	var outcomes []string
	for _, n := range list.page().Find("tr[data-entry]").EachIter() {
		outcomes = append(outcomes, n.AttrOr("data-outcome", ""))
	}
	assert.Equal(t, []string{"decline", "approve"}, outcomes, "both stand, the newest first")
	assert.Equal(t, 403, c.post(at+"/corrections", form).status)
}

func TestAClosedReviewShowsWhatWasJudged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	who := ekene()
	h.take(who.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	h.decided(id, review.Approve)
	before := h.as("reviewer").get(at).is(200)
	assert.NotContains(t, before.text("main"), "as they stood")
	judged := before.page().Find("[data-match]").Length()
	require.Equal(t, 2, judged)
	evidence := before.evidence()

	// Persona dismisses the matches, and goes on.
	who.at, who.status, who.listed = start.Add(time.Minute), "approved", nil
	h.take(who.payload())
	page := h.as("auditor").get(at).is(200)
	assert.Equal(t, judged, page.page().Find("[data-match][data-finding=false_positive]").Length())
	assert.Contains(t, page.text("main"), "as they stood at the decision, 18 June, 09:41 UTC")
	assert.Equal(t, "/transactions/txn_ekene", page.page().Find(".notice a").AttrOr("href", ""))
	assert.Contains(t, page.text(".print-only"), evidence, "the sheet names what it shows")
	assert.Contains(t, page.text(".identity"), "approved", "the status is today's")

	// A lead goes on from there, on the matches that were judged.
	lead := h.as("lead")
	form := url.Values{"outcome": {"decline"}, "reason": {"all_false_positive"}, "note": {"n"},
		"evidence": {lead.get(at).page().Find("form[action$='/corrections'] [name=evidence]").AttrOr("value", "")}}
	lead.post(at+"/corrections", form).is(303)
	h.agreed(id)
	after := lead.get(at).is(200)
	assert.Equal(t, judged, after.page().Find("[data-match][data-finding=false_positive]").Length())
}

func TestAReviewClosedAtPersonaShowsWhatWasFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	who := ekene()
	h.take(who.payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	_, err = h.db.Dispose(t.Context(), id, "reviewer", review.DispositionForm{Matches: []review.MatchKey{file.Dossier.OpenMatches()[0].Key},
		Finding: review.FalsePositive, Reason: review.ReasonName, Premises: []string{"other"}, Note: "n", Evidence: file.Review.Evidence.String()})
	require.NoError(t, err)
	who.at, who.status, who.listed = start.Add(time.Minute), "approved", nil
	h.take(who.payload())
	page := h.reviewPage(id, "reviewer")
	assert.Equal(t, 2, page.page().Find("[data-match]").Length())
	assert.Contains(t, page.text("main"), "as they stood at the last finding")
	assert.Contains(t, page.text("main"), "Closed at Persona")
}

// decided is a review with a false positive on every match and a decision by the reviewer.
func (h *house) decided(id review.ReviewID, outcome review.Outcome) {
	h.t.Helper()
	ctx := h.t.Context()
	h.claimed(id, "reviewer")
	file, err := h.db.ReviewFile(ctx, id)
	require.NoError(h.t, err)
	evidence := file.Review.Evidence.String()
	for _, m := range file.Dossier.OpenMatches() {
		_, err := h.db.Dispose(ctx, id, "reviewer", review.DispositionForm{Matches: []review.MatchKey{m.Key}, Finding: review.FalsePositive,
			Reason: review.ReasonName, Premises: []string{"other"}, Note: "n", Evidence: evidence})
		require.NoError(h.t, err)
	}
	_, err = h.db.Decide(ctx, id, "reviewer", review.DecisionForm{Outcome: outcome, Reason: review.ReasonOther, Note: "n", Evidence: evidence})
	require.NoError(h.t, err)
	h.agreed(id)
}

// agreed has a lead agree to the decision of a review, where it waits for one.
func (h *house) agreed(id review.ReviewID) {
	h.t.Helper()
	storetest.Agreed(h.t, h.db, id)
}

func TestNobodyElseActsOnAClaimedReview(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	h.colleague("second", review.RoleReviewer)
	first, second := h.as("reviewer"), h.as("second")
	first.post(at+"/claim", nil).is(303)
	form := first.get(at).finding(1, "false_positive", "name", "")

	page := second.get(at).is(200)
	assert.Contains(t, page.text("main"), "Noor Haddad")
	assert.Equal(t, 0, page.page().Find("form[action$='/dispositions'], form[action$='/claim'], form[action$='/notes']").Length())
	for path, form := range map[string]url.Values{
		"/claim": nil, "/release": nil, "/notes": {"note": {"x"}}, "/dispositions": form,
		"/decision": {"outcome": {"approve"}, "reason": {"other"}, "note": {"x"}, "evidence": {page.evidence()}},
	} {
		a := second.post(at+path, form)
		assert.Equal(t, http.StatusConflict, a.status, path)
		assert.Contains(t, a.text("main"), "Noor Haddad", path)
		assert.Contains(t, a.text("main"), "Nothing of yours was recorded", path)
	}
	assert.Equal(t, 403, second.post(at+"/claim", url.Values{"take_over": {"yes"}}).status)

	// A lead may take it over; then the first one's form is refused.
	lead := h.as("lead")
	require.Equal(t, 1, lead.get(at).page().Find("button[name=take_over]").Length())
	lead.post(at+"/claim", url.Values{"take_over": {"yes"}}).is(303)
	assert.Contains(t, first.post(at+"/dispositions", form).is(409).text("main"), "Tomasz Lindqvist")
	lead.post(at+"/release", nil).is(303)
	second.post(at+"/claim", nil).is(303)
}

func TestAClaimRunsOutAfterHalfAnHourWithoutAnAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	form := c.get(at).finding(1, "false_positive", "name", "")
	h.clock.Pass(20 * time.Minute)
	c.post(at+"/notes", url.Values{"note": {"still here"}}).is(303)
	h.clock.Pass(20 * time.Minute)
	c.post(at+"/dispositions", form).is(303)
	h.clock.Pass(29 * time.Minute)
	c.get(at).is(200)
	h.clock.Pass(time.Minute)
	form = url.Values{"finding": {"false_positive"}, "reason": {"name"}, "match": form["match"], "evidence": form["evidence"]}
	a := c.post(at+"/dispositions", form)
	if toLogin(a) { // the session is as old; in again
		c = h.as("reviewer")
		a = c.post(at+"/dispositions", form)
	}
	a.is(409)
	assert.Contains(t, a.text("h1"), "do not hold")
	assert.NotEmpty(t, h.as("lead").get(at).page().Find("form[action$='/claim']").Nodes, "it is free again")
}

func TestAuditorsReadAndWriteNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("auditor")
	for _, path := range []string{"/reviews", at, at + "/decision", "/decisions", "/transactions/txn_ekene"} {
		page := c.get(path).is(200).page()
		for _, form := range page.Find("main form[method=post]").EachIter() {
			assert.Fail(t, "a form for an auditor", "%s has %s", path, form.AttrOr("action", ""))
		}
	}
}

func TestNobodyIsFreeToTakeWhenNothingWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	assert.Equal(t, "/reviews?done=none-free", c.post("/reviews/next", nil).to())
	page := c.get("/reviews?done=none-free").is(200)
	assert.Contains(t, page.text("main"), "No review is free")
	assert.Contains(t, page.text("main"), "Nothing waits for a review")
}

func TestPersonaMovingOnClosesAReviewAndSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	p := ekene()
	h.take(p.payload())
	at := "/reviews/" + h.opened().String()[2:]
	p.status, p.at = "approved", start.Add(-time.Hour)
	h.take(p.payload())
	page := h.as("reviewer").get(at).is(200)
	assert.Equal(t, "closed", page.page().Find("main").AttrOr("data-state", ""))
	assert.Contains(t, page.text("main"), "moved on to “approved”")
	p.status, p.at = "needs review", start.Add(-time.Minute)
	h.take(p.payload())
	again := h.opened()
	assert.NotEqual(t, at, "/reviews/"+again.String()[2:])
	assert.Contains(t, h.as("reviewer").get("/reviews/"+again.String()[2:]).is(200).text("main"), "Came back to review")
	txn := h.as("reviewer").get("/transactions/txn_ekene").is(200)
	assert.Equal(t, 2, txn.page().Find("a[href^='/reviews/']").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.HasPrefix(s.Text(), "R-")
	}).Length())
}

func TestOnlyAReviewThatADecisionClosedCanBeCorrected(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	p := ekene()
	h.take(p.payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	lead := h.as("lead")
	form := func() url.Values {
		return url.Values{"outcome": {"decline"}, "reason": {"other"}, "note": {"n"}, "evidence": {lead.get(at).evidence()}}
	}
	assert.Contains(t, lead.post(at+"/corrections", form()).is(409).text("h1"), "no decision to correct")
	p.status, p.at = "approved", start.Add(-time.Hour)
	h.take(p.payload())
	assert.Contains(t, lead.post(at+"/corrections", form()).is(409).text("h1"), "no decision to correct")
	assert.Equal(t, at, lead.get(at+"/decision").to(), "a closed review has nothing to decide")
	assert.Contains(t, lead.post(at+"/decision", form()).is(409).text("main"), "moved on without us")
	assert.Contains(t, lead.post(at+"/claim", nil).is(409).text("main"), "closed")
}

func TestTrueAndUntoldFindingsAreSaidInWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("lead")
	c.post(at+"/claim", nil).is(303)
	page := c.get(at)
	c.post(at+"/dispositions", page.finding(1, "true_match", "document", "")).is(303)
	c.post(at+"/dispositions", page.finding(2, "cannot_tell", "other", "nothing but a year")).is(303)
	done := c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"true_match"}, "evidence": {page.evidence()}}).to()
	trail := c.get(done).is(200).text("li[data-entry]")
	for _, words := range []string{"You asked for a second person, to decline", "found that it cannot be told", "found a true match", "nothing but a year", "Persona’s status became"} {
		assert.Contains(t, trail, words)
	}
	assert.Contains(t, c.post(at+"/decision", url.Values{"outcome": {"decline"}, "evidence": {page.evidence()}}).is(409).text("main"), "waits for a second person")
	h.agreed(id)
	row := h.as("auditor").get("/decisions").is(200).text("tr[data-entry]")
	assert.Contains(t, row, "1 true match, 1 cannot tell")
	again := c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"true_match"}, "evidence": {page.evidence()}}).is(409)
	assert.Contains(t, again.text("main"), "You declined it")
}
