package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
)

// apiAnswer is one answer of the API with what it includes.
func apiAnswer(data map[string]any, included ...map[string]any) []byte {
	b, err := json.Marshal(map[string]any{"data": data, "included": included})
	if err != nil {
		panic(err)
	}
	return b
}

func transactionOf(id, status string, created, updated time.Time, fallback string) map[string]any {
	fields := map[string]any{"name_first": map[string]any{"type": "string", "value": "Ekene"}, "name_last": map[string]any{"type": "string", "value": "Falade"}}
	if fallback != "" {
		fields["fallback_inquiry_id"] = map[string]any{"type": "string", "value": fallback}
	}
	return map[string]any{"type": "transaction", "id": id, "attributes": map[string]any{"status": status, "reference-id": "cust-1", "tags": []string{},
		"created-at": stampOf(created), "updated-at": stampOf(updated), "fields": fields},
		"relationships": map[string]any{"related-objects": map[string]any{"data": []any{}}}}
}

func inquiryOf(id, status string, more map[string]any) map[string]any {
	a := map[string]any{"status": status, "reference-id": nil, "created-at": stampOf(start.Add(-time.Hour))}
	for k, v := range more {
		a[k] = v
	}
	return map[string]any{"type": "inquiry", "id": id, "attributes": a}
}

func TestAPageFollowsItsTransactionUntilItSettles(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	c := h.as("reviewer")
	every := func(a answer) string { return a.page().Find("main").AttrOr("data-follow", "") }
	h.take(apiAnswer(transactionOf("txn_1", "created", start, start, "")))
	a := c.get("/transactions/txn_1").is(200)
	assert.Equal(t, "2", every(a))
	assert.Contains(t, a.text("main"), "Persona is screening.")
	h.clock.Pass(5 * time.Minute)
	assert.Equal(t, "10", every(c.get("/transactions/txn_1")), "ever less often")
	h.clock.Pass(20 * time.Minute)
	assert.Equal(t, "60", every(c.get("/transactions/txn_1")))
	live.set(func(s *persona.LiveState) {
		s.Client.LastFailed, s.Client.Problem = h.clock.Now(), "Persona answered 503"
	})
	assert.Contains(t, c.get("/transactions/txn_1").text("main"), "Nothing is lost")
	h.clock.Pass(time.Hour)
	c = h.as("reviewer")
	assert.Empty(t, every(c.get("/transactions/txn_1")), "nobody waits for so long")

	p := ekene()
	p.id, p.at = "txn_2", start.Add(-time.Minute)
	h.take(p.payload())
	a = c.get("/transactions/txn_2").is(200)
	assert.Empty(t, every(a), "it has settled")
	assert.NotContains(t, a.body, `http-equiv="refresh"`)
	assert.Contains(t, a.text("main"), "It became a review.")
	to := a.page().Find("[aria-labelledby=follow] a").AttrOr("href", "")
	assert.Equal(t, "/reviews/"+h.opened().String()[2:], to)
	for status, words := range map[string]string{"approved": "Persona approved it.", "Declined": "Persona declined it.", "errored": "Persona’s workflow errored.", "odd_one": "Persona’s status is “odd_one”."} {
		h.take(apiAnswer(transactionOf("txn_"+status, status, h.clock.Now(), h.clock.Now(), "")))
		a := c.get("/transactions/txn_" + status).is(200)
		assert.Contains(t, a.text("main"), words)
		assert.Empty(t, every(a))
	}
	h.clock.Pass(48 * time.Hour)
	assert.NotContains(t, h.as("reviewer").get("/transactions/txn_approved").is(200).body, "follow-steps", "old news")
}

func TestATransactionFromAFarFutureIsNotFollowedForEver(t *testing.T) {
	t.Parallel()
	h := newHouse(t, sandboxed().with)
	c := h.as("reviewer")
	soon, far := start.Add(time.Minute), start.AddDate(70, 0, 0)
	h.take(apiAnswer(transactionOf("txn_soon", "created", soon, soon, "")), apiAnswer(transactionOf("txn_far", "created", far, far, "")))
	assert.Equal(t, "2", c.get("/transactions/txn_soon").is(200).page().Find("main").AttrOr("data-follow", ""), "clocks differ")
	assert.Empty(t, c.get("/transactions/txn_far").is(200).page().Find("main").AttrOr("data-follow", ""))
}

func TestTheLinkFitsHowFarTheCustomerIs(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	c := h.as("reviewer")
	show := func(n, status string, more map[string]any) answer {
		t.Helper()
		txn := transactionOf("txn_"+n, "pending_fallback_inquiry", start.Add(-time.Hour), start.Add(-time.Minute), "inq_"+n)
		txn["relationships"] = map[string]any{"inquiry": map[string]any{"data": map[string]any{"type": "inquiry", "id": "inq_" + n}}}
		if status == "" {
			h.take(apiAnswer(txn))
		} else {
			h.take(apiAnswer(txn, inquiryOf("inq_"+n, status, more)))
		}
		return c.get("/transactions/txn_" + n).is(200)
	}
	acts := func(a answer) string {
		var all []string
		a.page().Find("[aria-labelledby=fallback] button").Each(func(_ int, s *goquery.Selection) { all = append(all, s.AttrOr("value", "")) })
		return strings.Join(all, " ")
	}
	a := show("a", "created", map[string]any{"expires-at": stampOf(start.Add(20 * time.Hour))})
	assert.Equal(t, "https://inquiry.withpersona.com/verify?inquiry-id=inq_a", a.page().Find("#fallback-link").AttrOr("value", ""))
	assert.Equal(t, "one-time", acts(a))
	assert.Contains(t, a.text("[aria-labelledby=fallback]"), "in 20 h")
	a = show("b", "pending", map[string]any{"expires-at": stampOf(start.Add(2 * time.Hour))})
	assert.Zero(t, a.page().Find("#fallback-link").Length(), "the plain link does not let them go on")
	assert.Equal(t, "one-time resume", acts(a))
	a = show("c", "expired", map[string]any{"expires-at": nil, "expired-at": stampOf(start.Add(-3 * time.Hour))})
	assert.Equal(t, "resume", acts(a), "no one-time link is made for an expired inquiry")
	assert.Contains(t, a.text("[aria-labelledby=fallback]"), "3 h ago")
	a = show("f", "created", map[string]any{"expires-at": stampOf(start.Add(-time.Minute))})
	assert.Equal(t, "resume", acts(a), "its time is over, whatever the status says")
	a = show("d", "", nil)
	assert.Equal(t, "one-time resume", acts(a))
	assert.Contains(t, a.text("[aria-labelledby=fallback]"), "never received")
	a = show("e", "completed", nil)
	assert.Zero(t, a.page().Find("[aria-labelledby=fallback]").Length(), "there is nothing left to hand over")

	tab := c.get("/reviews?state=fallback").is(200)
	row := tab.page().Find("tr[data-transaction=txn_a]")
	assert.Equal(t, "https://inquiry.withpersona.com/verify?inquiry-id=inq_a", row.Find("input[name=link]").AttrOr("value", ""))
	assert.Equal(t, "/transactions/txn_c/link", tab.page().Find("tr[data-transaction=txn_c] form").AttrOr("action", ""))
	auditor := h.as("auditor").get("/transactions/txn_a").is(200)
	assert.Empty(t, acts(auditor))
}

func TestALinkIsShownOnceAndNotKept(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	live.link, live.until = "https://withpersona.com/verify?code=us1-s3cr3t", start.Add(24*time.Hour)
	h := newHouse(t, live.with)
	h.take(apiAnswer(transactionOf("txn_1", "pending_fallback_inquiry", start.Add(-time.Hour), start, "inq_1"), inquiryOf("inq_1", "created", nil)),
		apiAnswer(transactionOf("txn_2", "created", start, start, "")))
	c := h.as("reviewer")
	a := c.post("/transactions/txn_1/link", url.Values{"make": {"one-time"}}).is(200)
	assert.Equal(t, live.link, a.page().Find("#link").AttrOr("value", ""))
	assert.Contains(t, a.text("main"), "19 June, 09:41 UTC")
	assert.Contains(t, a.text("main"), "Shown this once")
	assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
	assert.Equal(t, "one-time inq_1 by reviewer", live.asked[0])
	assert.NotContains(t, c.get("/transactions/txn_1").body, "s3cr3t")
	assert.NotContains(t, h.log.String(), "s3cr3t")

	live.link = "https://inquiry.withpersona.com/verify?inquiry-id=inq_1&session-token=t0k3n"
	a = c.post("/transactions/txn_1/link", url.Values{"make": {"resume"}}).is(200)
	assert.Equal(t, live.link, a.page().Find("#link").AttrOr("value", ""))
	assert.Contains(t, a.text("main"), "not said by Persona")

	c.post("/transactions/txn_1/link", url.Values{"make": {"else"}}).is(400)
	c.post("/transactions/txn_none/link", url.Values{"make": {"resume"}}).is(404)
	c.post("/transactions/txn_2/link", url.Values{"make": {"resume"}}).is(409)
	live.err = &persona.Refused{Status: 409, Title: "Inquiry must be pending or expired"}
	a = c.post("/transactions/txn_1/link", url.Values{"make": {"resume"}}).is(http.StatusUnprocessableEntity)
	assert.Contains(t, a.text("main"), "Inquiry must be pending or expired. No link was made.")
	live.err = &persona.Unavailable{Problem: "timeout"}
	a = c.post("/transactions/txn_1/link", url.Values{"make": {"resume"}}).is(http.StatusBadGateway)
	assert.Contains(t, a.text("main"), "No link was made")
	live.err = errors.New("disk")
	c.post("/transactions/txn_1/link", url.Values{"make": {"resume"}}).is(500)
}

func TestThePageOfAReviewHasTheInquiryAndItsPhotos(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	link := func(n string) string { return "https://files.withpersona.com/" + n + ".jpg?access_token=s3cr3t" }
	verification := func(id, status, photo string) map[string]any {
		return map[string]any{"type": "verification/government-id", "id": id, "attributes": map[string]any{"status": status, "created-at": stampOf(start.Add(-time.Hour)),
			"front-photo-url": link(photo), "checks": []any{map[string]any{"name": "id_expired_detection", "status": status, "reasons": []any{}, "requirement": "required"}}}}
	}
	txn := transactionOf("txn_1", "needs_review", start.Add(-2*time.Hour), start.Add(-time.Minute), "inq_1")
	inq := inquiryOf("inq_1", "completed", nil)
	inq["relationships"] = map[string]any{"verifications": map[string]any{"data": []any{map[string]any{"type": "verification/government-id", "id": "ver_f"}, map[string]any{"type": "verification/government-id", "id": "ver_p"}}}}
	txn["relationships"] = map[string]any{"inquiry": map[string]any{"data": map[string]any{"type": "inquiry", "id": "inq_1"}}}
	h.take(apiAnswer(txn, inq, verification("ver_f", "failed", "f"), verification("ver_p", "passed", "p")))
	c := h.as("reviewer")
	path := "/reviews/" + h.opened().String()[2:]
	a := c.get(path).is(200)
	photos := a.page().Find("[aria-labelledby=photos]")
	require.Equal(t, 1, photos.Length())
	assert.Less(t, strings.Index(photos.Text(), "ver_p"), strings.Index(photos.Text(), "ver_f"), "the attempt that passed comes first")
	assert.Contains(t, photos.Text(), "link expired")
	assert.NotContains(t, a.body, "s3cr3t")
	assert.NotContains(t, a.body, `href="https://files.withpersona.com`, "nothing is hot-linked")
	fetch := photos.Find("form").First().AttrOr("action", "")
	assert.Equal(t, "/resources/verification/government-id/ver_p/fetch", fetch)
	assert.Equal(t, "/resources/verification/government-id/ver_p?done=fetch", c.post(fetch, nil).to())
	assert.Equal(t, []string{"fetch verification/government-id/ver_p by reviewer"}, live.asked)
	assert.Contains(t, c.get("/resources/verification/government-id/ver_p?done=fetch").text("[role=status]"), "It is being fetched")
	h.as("auditor").get(path).is(200)
	assert.Zero(t, h.as("auditor").get(path).page().Find("[aria-labelledby=photos] form").Length())

	png := []byte("\x89PNG\r\n\x1a\n0000")
	require.NoError(t, h.db.KeepFile(t.Context(), review.HeldFile{Ref: review.Ref{Type: "verification/government-id", ID: "ver_p"},
		Link: "https://files.withpersona.com/p.jpg", Name: "p.jpg", Media: "image/png"}, png))
	for range 2 { // also once its markup is kept
		a = c.get(path).is(200)
		image := a.page().Find("[aria-labelledby=photos] img")
		require.Equal(t, 1, image.Length())
		assert.Equal(t, "/files/"+review.Sum(png).String(), image.AttrOr("src", ""))
		assert.NotEmpty(t, image.AttrOr("alt", ""))
	}
}

func TestAFileIsForColleaguesAndNeverAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ref := review.Ref{Type: "document/generic", ID: "doc_1"}
	keep := func(media string, body string) string {
		require.NoError(t, h.db.KeepFile(t.Context(), review.HeldFile{Ref: ref, Link: "https://files.withpersona.com/" + media, Name: `../"evil".html`, Media: media}, []byte(body)))
		return "/files/" + review.Sum([]byte(body)).String()
	}
	c := h.as("auditor")
	for media, want := range map[string]struct{ disposition, served string }{
		"image/png":       {"inline", "image/png"},
		"image/jpeg":      {"inline", "image/jpeg"},
		"application/pdf": {"attachment", "application/pdf"},
		"text/html":       {"attachment", "application/octet-stream"},
		"image/svg+xml":   {"attachment", "application/octet-stream"},
	} {
		path := keep(media, "<script>"+media)
		a := c.get(path).is(200)
		assert.Equal(t, "<script>"+media, a.body)
		assert.True(t, strings.HasPrefix(a.header.Get("Content-Disposition"), want.disposition+`; filename="`), media)
		assert.NotContains(t, a.header.Get("Content-Disposition"), "evil")
		assert.Equal(t, want.served, a.header.Get("Content-Type"))
		assert.Equal(t, "default-src 'none'; sandbox", a.header.Get("Content-Security-Policy"))
		assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		assert.True(t, toLogin(h.visitor().get(path)))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+path, nil)
		require.NoError(t, err)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		assert.Equal(t, http.StatusForbidden, c.do(r).status)
	}
	c.get("/files/" + strings.Repeat("0", 64)).is(404)
	c.get("/files/x").is(404)
}
