package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views/viewtest"
	"docket/web"
)

// traced are texts that stand nowhere but in what was sent, typed and asked about one invented person:
// facts first, then what colleagues wrote.
var traced = []string{"Zorvane", "zorvane", "ZORVANE", "Quibblewick", "quibblewick", "1971-03-09", "order-zq-77", "Zorwane Quibelwick", "tag-zq",
	"note-on-zq", "finding-on-zq", "decision-on-zq", "return-on-zq", "approval-on-zq", "correction-on-zq", "wait-on-zq", "file-on-zq", "attached-on-zq",
	"hold-on-zq", "lift-on-zq", "ask-on-zq", "login-zq"}

// among says which of some texts stand in another.
func among(text string, texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return !strings.Contains(text, s) })
}

// exported is everything that leaves as a file, in both of the plain formats.
func (h *house) exported() string {
	h.t.Helper()
	var out bytes.Buffer
	ctx := h.t.Context()
	for _, format := range []string{"csv", "ndjson"} {
		for what, write := range map[string]func(io.Writer) (int, error){
			"decisions":    func(w io.Writer) (int, error) { return web.WriteDecisions(ctx, w, h.db, store.DecisionQuery{}, format) },
			"dispositions": func(w io.Writer) (int, error) { return web.WriteDispositions(ctx, w, h.db, store.Span{}, format) },
			"trail":        func(w io.Writer) (int, error) { return web.WriteTrail(ctx, w, h.db, store.Span{}, format) },
			"reviews":      func(w io.Writer) (int, error) { return web.WriteReviews(ctx, w, h.db, store.Span{}, format) },
			"record":       func(w io.Writer) (int, error) { return web.WriteRecord(ctx, w, h.db, store.RecordQuery{}, format) },
		} {
			n, err := write(&out)
			require.NoError(h.t, err, "%s as %s", what, format)
			require.Positive(h.t, n, "%s as %s", what, format)
		}
	}
	return out.String()
}

// bytes are those of the database file and its log.
func (h *house) bytes() string {
	h.t.Helper()
	file, err := os.ReadFile(h.path)
	require.NoError(h.t, err)
	wal, err := os.ReadFile(h.path + "-wal")
	if !os.IsNotExist(err) {
		require.NoError(h.t, err)
	}
	return string(file) + string(wal)
}

// zorvane is the person whom traced is about.
func zorvane() person {
	return person{id: "txn_zq", status: "needs_review", reference: "order-zq-77", first: "Zorvane", last: "Quibblewick",
		birth: "1971-03-09", country: "NG", at: start.Add(-30 * time.Hour), tags: []string{"tag-zq"},
		listed: []listed{{"Zorwane Quibelwick", "1979", "US - OFAC - SDN"}, {"QUIBBLEWICK, Zorvane", "1971", "UK - OFSI - Consolidated"}}}
}

// journey does through the routes what can be done to one review, with a text of its own in each place
// that takes one, and closes it. It looks everywhere on the way.
func (h *house) journey(id review.ReviewID) {
	h.t.Helper()
	at := reviewPath(id)
	c, lead, second := h.as("reviewer"), h.as("lead"), h.as("second")
	c.get("/reviews?q=Zorvane").is(200)
	c.get("/decisions?party=Zorvane&q=Quibblewick")
	c.get("/parties/Zorvane-Quibblewick")
	c.get("/transactions/order-zq-77")
	c.post("/login", url.Values{"name": {"login-zq"}, "password": {"Quibblewick"}})
	h.visitor().post("/login", url.Values{"name": {"login-zq"}, "password": {"Quibblewick"}})
	h.visitor().get("/transactions/Quibblewick").to()
	h.as("auditor").post("/transactions/order-zq-77/link", nil).is(403)
	c.get("/zorvane-quibblewick?birthdate=1971-03-09").is(404)
	c.post(at+"/claim", nil).is(303)
	c.post(at+"/notes", url.Values{"note": {"Some note-on-zq"}}).is(303)
	c.upload(at+"/attachments", "file-on-zq.pdf", []byte("%PDF-1.4\nSome attached-on-zq\n%%EOF\n")).is(303)
	wait := c.get(at).page().Find("form[action$='/wait']")
	missing := wait.Find("input[name=missing]").First().AttrOr("value", "")
	c.post(at+"/wait", url.Values{"until": {"never-on-zq"}, "missing": {missing}, "note": {"Some wait-on-zq"}}).is(422)
	_, err := h.db.Wait(h.t.Context(), id, "reviewer", review.WaitForm{Missing: []review.Fact{review.Fact(missing)}, Note: "Some wait-on-zq"})
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.Wake(h.t.Context(), id, "reviewer"))
	h.claimed(id, "reviewer")
	for n := range 2 {
		page := c.get(at)
		if page.page().Find("[data-match][data-finding='']").Length() > 0 {
			c.post(at+"/dispositions", page.finding(n+1, "true_match", "document", "Some finding-on-zq")).is(303)
		}
	}
	decline := func(note string) url.Values {
		return url.Values{"outcome": {"decline"}, "reason": {"true_match"}, "note": {note}, "evidence": {c.get(at).evidence()}}
	}
	c.post(at+"/decision", decline("Some decision-on-zq")).is(303)
	lead.post(at+"/approval", lead.answering(at, "return", "Some return-on-zq")).is(303)
	h.claimed(id, "reviewer")
	c.post(at+"/decision", decline("Some decision-on-zq")).is(303)
	lead.post(at+"/approval", lead.answering(at, "approve", "Some approval-on-zq")).is(303)
	lead.post(at+"/corrections", decline("Some correction-on-zq")).is(303)
	second.post(at+"/approval", second.answering(at, "approve", "")).is(303)
	hold, err := h.db.SetHold(h.t.Context(), "lead", review.HoldForm{Object: id.String(), Words: "Some hold-on-zq"})
	require.NoError(h.t, err)
	lead.post(fmt.Sprintf("/retention/holds/%d/lift", hold), url.Values{"words": {"Some lift-on-zq"}}).is(303)
	for _, path := range []string{at, at + "/decision", "/transactions/txn_zq", "/resources/transaction/txn_zq", "/resources/report/watchlist/rep_zq",
		"/payloads/" + review.Sum(zorvane().payload()).String(), "/record?about=txn_zq", "/decisions", "/reviews?tab=closed&q=Quibblewick", "/retention", "/insights", "/quality"} {
		lead.get(path)
	}
	for _, path := range []string{"/decisions.csv", "/decisions.ndjson", "/record.csv", "/record.ndjson"} {
		lead.get(path).is(200)
	}
}

func TestWhatTwoPeopleErasedIsInNoPackNoExportAndNoLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.colleague("second", review.RoleLead)
	h.take(zorvane().payload())
	id := h.opened()
	other := ekene()
	h.take(other.payload())
	h.journey(id)

	assert.NotEmpty(t, among(h.bytes(), []string{"QUIBBLEWICK, Zorvane"}), "the listed name lies in the file as it is")
	before := h.evidencePack(web.EvidenceAsk{Review: id, By: "auditor", Via: "page"})
	assert.Empty(t, before.report.Erased)
	packed := string(bytes.Join(mapped(before.files), nil))
	assert.NotEmpty(t, among(packed, []string{"Zorvane"}), "it must be there to be erased")
	for _, said := range traced[slices.Index(traced, "note-on-zq"):slices.Index(traced, "hold-on-zq")] {
		assert.Contains(t, packed, said, "it must be there to be erased")
	}
	for _, said := range []string{"order-zq-77", "finding-on-zq", "decision-on-zq", "note-on-zq", "correction-on-zq"} {
		assert.Contains(t, h.exported(), said, "it must be there to be erased")
	}
	report, err := h.db.VerifyLedger(t.Context(), store.LedgerCheck{})
	require.NoError(t, err)
	require.Nil(t, report.Break)
	assert.Zero(t, report.Erased)

	live := persona.NewLive(persona.LiveOptions{DB: h.db, Clock: h.clock.Now})
	// It cleaned up behind an erasure of Persona's a moment ago, and would wait before it does so again.
	h.take([]byte(`{"data":{"type":"event","id":"evt_gone","attributes":{"name":"transaction.redacted","created-at":"2026-06-17T10:00:00.000Z",` +
		`"payload":{"data":{"type":"transaction","id":"txn_gone","attributes":{"status":"created","created-at":"2026-06-17T10:00:00.000Z"}}}}}}`))
	require.NoError(t, live.Drain(t.Context()))
	lead, second := h.as("lead"), h.as("second")
	request, _, _ := strings.Cut(lead.post("/retention/erasures", url.Values{"other": {id.String()}, "ground": {"order"}, "words": {"Some ask-on-zq"}}).to(), "?")
	list := second.get(request).page().Find("[name=list]").AttrOr("value", "")
	require.Equal(t, http.StatusSeeOther, second.post(request+"/agree", url.Values{"list": {list}, "password": {password}}).status)
	_, err = h.db.Erase(t.Context())
	require.NoError(t, err)
	copied := filepath.Join(t.TempDir(), "copy.db")
	_, err = h.db.Backup(t.Context(), copied)
	require.NoError(t, err)
	backup, err := os.ReadFile(copied)
	require.NoError(t, err)
	assert.Empty(t, among(string(backup), traced), "a copy made right after it")
	require.NoError(t, live.Drain(t.Context()))
	report, err = h.db.VerifyLedger(t.Context(), store.LedgerCheck{})
	require.NoError(t, err)
	assert.Nil(t, report.Break, "what is gone is explained")
	assert.Positive(t, report.Erased)

	assert.Empty(t, among(h.bytes(), traced))
	assert.Contains(t, h.bytes(), "Falade", "the other person stays")

	after := h.evidencePack(web.EvidenceAsk{Review: id, By: "auditor", Via: "page"})
	for name, body := range after.files {
		assert.Empty(t, among(name+"\n"+string(body), traced), name)
	}
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	erased := file.Entries[slices.IndexFunc(file.Entries, func(e review.Entry) bool { return e.Act == review.ActErased })]
	fields := map[string]int{}
	for _, e := range after.report.Erased {
		assert.Equal(t, erased.ID, e.By)
		assert.Equal(t, "order", e.Ground)
		assert.Contains(t, e.Who, "lead", "who asked")
		assert.Contains(t, e.Who, "second", "who agreed")
		for _, f := range e.Fields {
			fields[f[strings.LastIndexByte(f, '/')+1:]]++
		}
	}
	for _, f := range []string{"note", "match", "identity", "whose", "party", "seen", "matches"} {
		assert.Positive(t, fields[f], "%s of something is named as erased", f)
	}
	text := viewtest.Text(after.pages(t)["reviews/"+id.String()+".html"].Find("main"))
	for _, want := range []string{"Tomasz Lindqvist", "Colleague second", "Declined"} {
		assert.Contains(t, text, want, "the page says who did it, and what became of the review")
	}

	assert.Empty(t, among(h.exported(), traced))
	assert.Contains(t, h.exported(), "txn_zq", "that there was a review stays")
	for _, path := range []string{reviewPath(id), "/reviews?q=quibblewick", "/transactions/txn_zq", "/decisions", request, "/retention"} {
		text := lead.get(path).text("main")
		assert.Empty(t, among(strings.ReplaceAll(text, "quibblewick", ""), traced), path)
	}
	logged := h.log.String()
	assert.Contains(t, logged, `"path":"/transactions/{id}/link","status":403`)
	assert.Contains(t, logged, reviewPath(id)+"/decision", "the log is of this journey")
	for line := range strings.Lines(logged) {
		assert.Empty(t, among(line, traced), line)
	}
	assert.Empty(t, among(logged, []string{"never-on-zq", "FALADE", "Falade"}))
}
