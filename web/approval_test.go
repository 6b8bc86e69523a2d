package web_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// awaits is a house with one review that the reviewer declined.
func awaits(t *testing.T) (h *house, id review.ReviewID, at string) {
	t.Helper()
	h = newHouse(t)
	h.take(ekene().payload())
	id = h.opened()
	at = "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	c.decline(at)
	return h, id, at
}

func (c *client) decline(at string) {
	c.h.t.Helper()
	page := c.get(at)
	if page.page().Find("[data-match][data-finding='']").Length() > 0 {
		c.post(at+"/dispositions", page.finding(1, "true_match", "document", "The register says so.")).is(303)
		c.post(at+"/dispositions", page.finding(2, "true_match", "document", "This one too.")).is(303)
	}
	c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"true_match"}, "note": {"A maker’s own words."}, "evidence": {c.get(at).evidence()}}).is(303)
}

// answering is the form of the second person as its page shows it.
func (c *client) answering(at, answer, note string) url.Values {
	c.h.t.Helper()
	form := c.get(at + "/decision").is(200).page().Find("form[action$='/approval']")
	require.Equal(c.h.t, 1, form.Length())
	return url.Values{"answer": {answer}, "note": {note}, "evidence": {form.Find("[name=evidence]").AttrOr("value", "")},
		"decision": {form.Find("[name=decision]").AttrOr("value", "")}}
}

func TestTheDecisionPageSaysWhoElseMustAgree(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	for n := range 2 {
		c.post(at+"/dispositions", c.get(at).finding(n+1, "false_positive", "name", "")).is(303)
	}
	page := c.get(at + "/decision").is(200)
	assert.Contains(t, page.text("main"), "Declining takes two people. Policy 1 asks a lead to agree: every decline. That lead cannot be you.")
	assert.Equal(t, "Approve now", page.text("button[value=approve]"))
	assert.Equal(t, "Decline, and ask for a second person", page.text("button[value=decline]"))
	assert.Contains(t, page.text("main"), "Until that person agrees, nothing is sent to Persona")
	c.post(at+"/dispositions", c.get(at).finding(2, "true_match", "document", "")).is(303)
	page = c.get(at + "/decision").is(200)
	assert.Contains(t, page.text("main"), "Either takes two people.")
	assert.Equal(t, "Approve, and ask for a second person", page.text("button[value=approve]"))
}

func TestASecondPersonLooksAndAgrees(t *testing.T) {
	t.Parallel()
	h, _, at := awaits(t)
	reviewer, lead, auditor := h.as("reviewer"), h.as("lead"), h.as("auditor")
	for _, c := range []*client{reviewer, lead, auditor} {
		page := c.get(at).is(200)
		assert.Equal(t, "approval", page.page().Find("main").AttrOr("data-state", ""))
		assert.Contains(t, page.text(".identity"), "Approval awaited")
	}
	assert.NotContains(t, lead.get(at).body, "A maker’s own words.", "their own look comes first")
	assert.Contains(t, auditor.get(at).body, "A maker’s own words.")
	for _, c := range []*client{reviewer, auditor} {
		assert.Zero(t, c.get(at+"/decision").is(200).page().Find("form[action$='/approval'], form[action$='/decision']").Length())
	}
	page := lead.get(at + "/decision").is(200)
	assert.Contains(t, page.text("main"), "You are the second person. Noor Haddad asks to decline")
	assert.Contains(t, page.text("main details"), "A maker’s own words.", "folded")
	assert.Zero(t, page.page().Find("main details[open], form[action$='/approval'] button[aria-keyshortcuts]").Length(), "and no key answers")
	queue := lead.get("/reviews?state=approval").is(200)
	assert.Contains(t, queue.text("tr[data-review]"), "To decline by Noor Haddad: every decline")
	assert.Equal(t, "approval", queue.page().Find("tr[data-review]").AttrOr("data-state", ""))
	assert.Contains(t, lead.get("/decisions").is(200).text("tr[data-entry]"), "Declined, awaited", "it is no decision yet")
	assert.NotContains(t, lead.get("/decisions.ndjson").is(200).body, "decline")

	bad := lead.post(at+"/approval", lead.answering(at, "return", " ")).is(422)
	assert.Contains(t, bad.text("[role=alert]"), "Say in the note why you return it")
	reviewer.post(at+"/approval", lead.answering(at, "approve", "")).is(403)
	form := lead.answering(at, "approve", "Looked myself.")
	done := lead.get(lead.post(at+"/approval", form).to()).is(200)
	assert.Contains(t, done.text("[role=status]"), "you agree. The review is declined")
	assert.Contains(t, done.text("[data-outcome=decline]"), "You agreed")
	again := lead.post(at+"/approval", form).is(409)
	assert.Contains(t, again.text("h1"), "is decided already")
	row := auditor.get("/decisions.ndjson").is(200).body
	assert.Contains(t, row, `"approved_by":"lead"`)
	assert.NotContains(t, row, `"approved_at":""`)
}

func TestWhoDecidedIsNotTheSecondPersonOnAnyPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	lead := h.as("lead")
	lead.post(at+"/claim", nil).is(303)
	lead.decline(at)
	assert.Zero(t, lead.get(at+"/decision").is(200).page().Find("form[action$='/approval']").Length())
	own := lead.post(at+"/approval", url.Values{"answer": {"approve"}, "evidence": {lead.get(at).evidence()}}).is(403)
	assert.Contains(t, own.text("h1"), "You decided this yourself")
	h.as("admin").post(at+"/approval", h.as("admin").answering(at, "approve", "")).is(303)
}

func TestAReturnedReviewIsOnTopOfItsMakersPage(t *testing.T) {
	t.Parallel()
	h, _, at := awaits(t)
	reviewer, lead := h.as("reviewer"), h.as("lead")
	form := lead.answering(at, "return", "Ask for the document first.")
	lead.post(at+"/approval", form).is(303)
	page := reviewer.get(at).is(200)
	assert.Equal(t, "open", page.page().Find("main").AttrOr("data-state", ""))
	assert.Contains(t, page.text(".identity"), "Returned")
	assert.Contains(t, page.text(".notice"), "Ask for the document first.")
	assert.Contains(t, reviewer.get("/reviews").text("tr[data-review]"), "Returned")
	next := page.page().Find("a[href$='/decision']")
	assert.Equal(t, 1, next.Length(), "it can be decided anew")
	assert.Equal(t, "d", next.AttrOr("aria-keyshortcuts", ""))
	assert.Zero(t, next.Closest("section").Length(), "the next act stands beside the progress, where a narrow window keeps it in sight")
	late := lead.post(at+"/approval", form).is(409)
	assert.Contains(t, late.text("main"), "You returned it")
	reviewer.decline(at)
	assert.Contains(t, lead.post(at+"/approval", form).is(409).text("h1"), "Another decision waits")
}

func TestADecisionThatFellBackShowsWhatMoved(t *testing.T) {
	t.Parallel()
	h, _, at := awaits(t)
	reviewer, lead := h.as("reviewer"), h.as("lead")
	form := lead.answering(at, "approve", "Looked.")
	who := ekene()
	who.at, who.country = start.Add(time.Minute), "GH"
	h.take(who.payload())
	page := reviewer.get(at).is(200)
	assert.Contains(t, page.text(".identity"), "Fell back")
	assert.Contains(t, page.text(".notice"), "the evidence moved. Your decision to decline waited for a second person, and does not count")
	assert.Contains(t, page.text("[aria-labelledby=changes]"), "What changed")
	late := lead.post(at+"/approval", form).is(409)
	assert.Contains(t, late.text("main"), "fell back")
}

func TestAReviewIsParkedAndWoken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	assert.Zero(t, c.get(at).page().Find("form[action$='/wait']").Length(), "who does not hold it cannot")
	c.post(at+"/claim", nil).is(303)
	form := c.get(at).page().Find("form[action$='/wait']")
	missing := form.Find("[name=missing]").First().AttrOr("value", "")
	until := form.Find("[name=until]").AttrOr("value", "")
	bad := c.post(at+"/wait", url.Values{"until": {"tomorrow"}, "missing": {missing}, "note": {"kept"}}).is(422)
	assert.Equal(t, "Choose a day", bad.text("#until-problem"))
	assert.Equal(t, "kept", bad.text("#wait-note"))
	assert.Equal(t, 1, bad.page().Find("form[action$='/wait'] [name=missing][checked]").Length())
	assert.Contains(t, c.post(at+"/wait", url.Values{"missing": {"other"}}).is(422).text("#wait-note-problem"), "Say in the note")
	c.post(at+"/wait", url.Values{"until": {until}, "missing": {missing}, "note": {"Asked by letter."}}).is(303)
	page := c.get(at).is(200)
	assert.Equal(t, "waiting", page.page().Find("main").AttrOr("data-state", ""))
	assert.Contains(t, page.text("[aria-labelledby=panel-wait]"), "Asked for:")
	assert.Contains(t, c.post(at+"/claim", nil).is(409).text("h1"), "waits for the customer")
	assert.Contains(t, h.as("auditor").get("/reviews?state=waiting").text("tr[data-state=waiting]"), "Reminder 25 June")
	h.as("auditor").post(at+"/wait", url.Values{"wake": {"yes"}}).is(403)
	c.post(at+"/wait", url.Values{"wake": {"yes"}}).is(303)
	assert.Contains(t, c.get(at).text(".identity"), "Claimed by you")
	c.post(at+"/wait", url.Values{"wake": {"yes"}}).is(409)
}

func TestAReviewIsHandedToALead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	c, lead := h.as("reviewer"), h.as("lead")
	c.post(at+"/claim", nil).is(303)
	assert.Contains(t, c.post(at+"/escalate", url.Values{"to": {"lead"}}).is(422).text("#escalate-note-problem"), "Say in the note")
	assert.Contains(t, c.post(at+"/escalate", url.Values{"to": {"auditor"}, "note": {"Look."}}).is(422).text("#to-problem"), "Choose a lead")
	c.post(at+"/escalate", url.Values{"to": {"lead"}, "note": {"Which list do we follow?"}}).is(303)
	assert.Contains(t, lead.get(at).text(".notice"), "Escalated to you by Noor Haddad")
	for _, who := range []string{"lead", "escalated"} {
		assert.Contains(t, lead.get("/reviews?assignee="+who).is(200).text("tr[data-review]"), "Escalated")
	}
	assert.Equal(t, "/reviews?done=none-free", c.post("/reviews/next", nil).to(), "not back to who handed it over")
	lead.post(at+"/claim", nil).is(303)
}

// upload sends one file as a browser does.
func (c *client) upload(path, name string, body []byte) answer {
	c.h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	require.NoError(c.h.t, err)
	_, err = part.Write(body)
	require.NoError(c.h.t, err)
	require.NoError(c.h.t, m.Close())
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodPost, c.h.url+path, &b)
	require.NoError(c.h.t, err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", c.h.url)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

func TestAFileIsAttachedAndServedAsAFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	defer h.everyEntryAsSeen()
	h.take(ekene().payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	var scan bytes.Buffer
	require.NoError(t, png.Encode(&scan, image.NewGray(image.Rect(0, 0, 3, 3))))
	assert.Contains(t, c.upload(at+"/attachments", "page.pdf", []byte("<script>alert(1)</script>")).is(422).text("#file-problem"), "whatever its name says")
	assert.Contains(t, c.upload(at+"/attachments", "empty.png", nil).is(422).text("#file-problem"), "not empty")
	c.post(at+"/attachments", url.Values{"file": {"x"}}).is(400)
	large := c.upload(at+"/attachments", "big.pdf", append([]byte("%PDF-1.7"), make([]byte, review.MaxAttachment)...)).is(413)
	assert.Contains(t, large.text("main"), "Up to 20 MB. Nothing was stored.")
	larger := c.upload(at+"/attachments", "bigger.pdf", make([]byte, 2*review.MaxAttachment)).is(413)
	assert.Contains(t, larger.text("h1"), "This file is too large")

	c.upload(at+"/attachments", `"><b>Ekene's letter.png`, scan.Bytes()).is(303)
	row := c.get(at).is(200).page().Find("[aria-labelledby=attachments] tbody tr")
	require.Equal(t, 1, row.Length())
	assert.Contains(t, row.Text(), "Ekene's letter.png")
	held := h.as("auditor").get(row.Find("a").AttrOr("href", "")).is(200)
	assert.Equal(t, "image/png", held.header.Get("Content-Type"))
	assert.Equal(t, "default-src 'none'; sandbox", held.header.Get("Content-Security-Policy"))
	assert.Regexp(t, `^inline; filename="[0-9a-f]{16}\.png"$`, held.header.Get("Content-Disposition"), "our own name")
	assert.Equal(t, scan.String(), held.body)
	assert.NotContains(t, h.log.String(), "letter")
	assert.Zero(t, h.as("auditor").get(at).page().Find("form[action$='/attachments']").Length())
	h.as("auditor").upload(at+"/attachments", "a.png", scan.Bytes()).is(403)
	plain := h.visitor().upload(at+"/attachments", "a.png", scan.Bytes())
	assert.Contains(t, plain.to(), "/login")
}
