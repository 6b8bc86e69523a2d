package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/web"
)

func TestTheIntakePageSaysWhatArrivedAndWhatFailed(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with, hooked)
	send := func(body []byte) {
		t.Helper()
		h.deliver(body, "Persona-Signature", signed(hookSecret, h.clock.Now(), body), "Persona-Webhook-Attempts-Made", "4").is(200)
	}
	empty := h.as("lead").get("/intake").is(200)
	assert.Contains(t, empty.text("main"), "Nothing has ever come from Persona by webhook.")
	body := ekene().payload()
	send(body)
	send(body)
	send(bytes.Replace(body, []byte("Ekene"), []byte("Ekena"), 1))
	broken := []byte(`{"data":`)
	send(broken)
	require.NoError(t, persona.NewLive(persona.LiveOptions{DB: h.db, Clock: h.clock.Now}).Drain(t.Context()))
	h.clock.Pass(3 * time.Minute)
	c := h.as("lead")
	a := c.get("/intake").is(200)
	assert.Contains(t, a.text("main"), "The newest delivery came 3 min ago. To look at: 2 in quarantine.")
	rows := a.page().Find("tr[data-delivery]")
	assert.Equal(t, 3, rows.Length())
	first := a.page().Find("tr[data-delivery='1']")
	assert.Equal(t, "absorbed", first.AttrOr("data-state", ""))
	assert.Contains(t, first.Text(), "try 4; 1 repeat")
	assert.Contains(t, first.Text(), "transaction.status-updated")
	assert.Equal(t, 2, a.page().Find("tr[data-state=quarantined]").Length())
	quarantine := a.page().Find("[aria-labelledby=quarantine]")
	assert.Equal(t, 2, quarantine.Find("tbody tr").Length())
	assert.Contains(t, quarantine.Text(), "same event with other bytes")
	raw := quarantine.Find("tbody tr").First().Find("th a")
	assert.Equal(t, string(broken), c.get(raw.AttrOr("href", "")).is(200).body, "the raw bytes are at hand")
	assert.Equal(t, 1, c.get("/intake?state=absorbed").page().Find("tr[data-delivery]").Length())
	assert.Equal(t, 3, c.get("/intake?after=nonsense").is(200).page().Find("tr[data-delivery]").Length(), "an old link is no dead end")
	assert.Contains(t, a.text("[aria-labelledby=hours]"), "4 in 48 hours; most, 4")
	assert.Contains(t, a.text("[aria-labelledby=connection]"), "284 of 300")

	before := live.wakes.Load()
	again := quarantine.Find("tbody tr").First().Find("form").AttrOr("action", "")
	assert.Equal(t, "/intake?done=read", c.post(again, url.Values{"answer": {"retry"}}).to())
	assert.Greater(t, live.wakes.Load(), before)
	c.post(again, url.Values{"answer": {"retry"}}).is(http.StatusConflict)
	c.post(again, url.Values{"answer": {"burn"}}).is(http.StatusBadRequest)
	clash := quarantine.Find("tbody tr").Last().Find("form").AttrOr("action", "")
	a = c.post(clash, url.Values{"answer": {"retry"}}).is(http.StatusConflict)
	assert.Contains(t, a.text("main"), "can never be taken")
	c.post("/intake/quarantine/"+strings.Repeat("0", 64), url.Values{"answer": {"retry"}}).is(404)

	auditor := h.as("auditor").get("/intake").is(200)
	assert.Zero(t, auditor.page().Find("main form").Length(), "who only reads has nothing to press")
	h.as("reviewer").get("/intake").is(403)
}

func TestHostileWordsOnLivePagesAreText(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with, hooked)
	for _, hostile := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "\u202Egnp.exe", "https://evil.example/x", strings.Repeat("W", 900)} {
		h.planted = hostile
		live.set(func(s *persona.LiveState) {
			s.Client.LastFailed, s.Client.Problem, s.Problem = start.Add(time.Hour), hostile, hostile
		})
		body := []byte(`{"data":{"type":"event","id":` + strconv.Quote("evt "+hostile) + `}`)
		h.deliver(body, "Persona-Signature", signed(hookSecret, h.clock.Now(), body)).is(200)
		_, err := h.db.Want(t.Context(), []review.Errand{{Kind: review.ErrandFiles, Ref: review.Ref{Type: "document/" + hostile, ID: hostile}, Cause: "x", State: review.ErrandWaiting, NextAt: start}})
		require.NoError(t, err)
		due, err := h.db.DueErrands(t.Context(), 1)
		require.NoError(t, err)
		require.NoError(t, h.db.ErrandFailed(t.Context(), due[0].ID, hostile))
		live.screen = func(review.ScreeningForm) (review.TransactionID, error) {
			return "", &persona.Refused{Status: 422, Title: hostile, Problems: []persona.RefusedField{{Pointer: hostile, Field: hostile, Words: hostile}}}
		}
		c := h.as("admin")
		pages := []answer{c.get("/intake").is(200), c.get("/screen").is(200),
			c.post("/screen", c.get("/screen").filled("main form", url.Values{"name_last": {hostile}, "field": {hostile + "=" + hostile}})).is(422)}
		for _, a := range pages {
			assert.Zero(t, a.page().Find("script:not([src])").Length())
			assert.Zero(t, a.page().Find("img, [onerror]").Length())
			doc := a.page()
			doc.Find("input").Remove() // what was typed comes back as it was
			html, err := doc.Html()
			require.NoError(t, err)
			assert.False(t, strings.Contains(html, "\u202E"), "what turns text around is cut out")
			a.page().Find("a[href]").Each(func(_ int, s *goquery.Selection) {
				assert.True(t, strings.HasPrefix(s.AttrOr("href", ""), "/") || strings.HasPrefix(s.AttrOr("href", ""), "#"), s.AttrOr("href", ""))
			})
		}
	}
}

func TestWhatCannotBeFetchedIsSaidAndTriedAgain(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	ctx := t.Context()
	ref := review.Ref{Type: "report/watchlist", ID: "rep_1"}
	_, err := h.db.Want(ctx, []review.Errand{{Kind: review.ErrandHistory, Ref: ref, Cause: "thin", State: review.ErrandWaiting, NextAt: start},
		{Kind: review.ErrandResource, Ref: ref, Cause: "thin", State: review.ErrandWaiting, NextAt: start}})
	require.NoError(t, err)
	due, err := h.db.DueErrands(ctx, 9)
	require.NoError(t, err)
	require.Len(t, due, 2)
	require.NoError(t, h.db.ErrandFailed(ctx, due[0].ID, "Persona does not have it any more"))
	require.NoError(t, h.db.ErrandAgain(ctx, due[1].ID, start.Add(time.Hour), "Persona answered 503"))
	c := h.as("admin")
	a := c.get("/intake").is(200)
	failed := a.page().Find("tr[data-errand][data-state=failed]")
	assert.Contains(t, failed.Text(), "Persona does not have it any more")
	assert.Contains(t, a.page().Find("tr[data-errand][data-state=waiting]").Text(), "18 June, 10:41:07")
	assert.Contains(t, a.text("[aria-labelledby=errands]"), "1 waiting, 1 given up")
	assert.Equal(t, "/intake?done=fetch", c.post(failed.Find("form").AttrOr("action", ""), url.Values{"answer": {"retry"}}).to())
	assert.Zero(t, c.get("/intake").page().Find("tr[data-errand][data-state=failed]").Length())
	c.post("/intake/errands/999", url.Values{"answer": {"retry"}}).is(404)
	c.post("/intake/errands/x", url.Values{"answer": {"retry"}}).is(404)
}

func TestAReconciliationGoesOnAfterTheAnswer(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	c := h.as("lead")
	assert.Equal(t, "/intake?done=sync", c.post("/intake/sync", nil).to())
	select {
	case <-live.synced:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody looked")
	}
	live.set(func(s *persona.LiveState) { s.Syncing = true })
	assert.Equal(t, "/intake?done=syncing", c.post("/intake/sync", nil).to())
	assert.Contains(t, c.get("/intake").text("[aria-labelledby=sync]"), "runs right now")
	require.NoError(t, h.db.SetSynced(t.Context(), review.Synced{At: start, Since: start.Add(-time.Hour), Events: 311, Missed: 2, Problem: "Persona cannot be reached"}))
	a := c.get("/intake").text("[aria-labelledby=sync]")
	assert.Contains(t, a, "311")
	assert.Contains(t, a, "Persona cannot be reached")
}

func TestTheIntakeSaysWhichSecretSignsAndWhenAnOldOneOutlivesItsRotation(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	send := func(secret, body string) {
		t.Helper()
		h.deliver([]byte(body), "Persona-Signature", signed(secret, h.clock.Now(), []byte(body))).is(200)
	}
	ids := persona.NewSignatures([]string{hookSecret, olderSecret}, 0, 0).IDs()
	send(olderSecret, "1")
	c := h.as("lead")
	a := c.get("/intake").is(200)
	assert.Contains(t, a.text("[aria-labelledby=arrives]"), "Secret "+ids[0])
	assert.Contains(t, a.text("[aria-labelledby=arrives]"), "has not signed anything yet")
	assert.Contains(t, a.text("[aria-labelledby=arrives]"), "Secret "+ids[1])
	assert.NotContains(t, a.body, hookSecret)
	send(hookSecret, "2")
	h.clock.Pass(25 * time.Hour)
	send(hookSecret, "3")
	c = h.as("lead")
	assert.NotContains(t, c.get("/intake").is(200).text("main"), "older webhook secret")
	assert.Contains(t, h.visitor().get("/metrics").body, "docket_webhook_secrets_outlived 0\n")
	send(olderSecret, "4")
	a = c.get("/intake").is(200)
	assert.Contains(t, a.text("main"), "An older webhook secret is still in use. Secret "+ids[1]+" signed a delivery on")
	assert.Contains(t, h.visitor().get("/metrics").body, "docket_webhook_secrets_outlived 1\n")
}

// slowSync looks for what was missed until it is told to end.
type slowSync struct {
	*fakeLive
	began, ended chan struct{}
}

func (l *slowSync) Sync(ctx context.Context, _ time.Time) (review.Synced, error) {
	close(l.began)
	<-ctx.Done()
	close(l.ended)
	return review.Synced{}, ctx.Err()
}

func TestAServerThatEndsLeavesNoReconciliationBehind(t *testing.T) {
	t.Parallel()
	live := &slowSync{sandboxed(), make(chan struct{}), make(chan struct{})}
	h := newHouse(t, func(o *web.Options) { o.Live = live })
	assert.Equal(t, "/intake?done=sync", h.as("lead").post("/intake/sync", nil).to())
	<-live.began
	h.server.Close()
	select {
	case <-live.ended:
	default:
		t.Fatal("it goes on beside a store that is being closed")
	}
}

// paged walks one list of the intake page and gives what names its rows.
func (c *client) paged(list, hook string) (rows []string) {
	c.h.t.Helper()
	for at, n := "/intake", 0; at != ""; n++ {
		require.Less(c.h.t, n, 10)
		section := c.get(at).is(200).page().Find("[aria-labelledby=" + list + "]")
		found := section.Find("tbody tr")
		require.LessOrEqual(c.h.t, found.Length(), 25)
		found.Each(func(_ int, tr *goquery.Selection) { rows = append(rows, tr.AttrOr(hook, tr.Find("th").Text())) })
		if n > 0 {
			assert.Equal(c.h.t, "/intake#"+list, section.Find("nav a").First().AttrOr("href", ""), "the way back")
		}
		at, _, _ = strings.Cut(section.Find("a[rel=next]").AttrOr("href", ""), "#")
	}
	return rows
}

func TestEveryListOfTheIntakePageHasPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, sandboxed().with, hooked)
	var errands []review.Errand
	for i := range 60 {
		errands = append(errands, review.Errand{Kind: review.ErrandResource, Ref: review.Ref{Type: "report/watchlist", ID: "rep_" + strconv.Itoa(i)}, Cause: "a"})
		broken := []byte("{" + strconv.Itoa(i))
		_, err := h.db.Keep(t.Context(), []review.Arrival{{Bytes: broken, Source: "import", About: "test"}})
		require.NoError(t, err)
		_, err = h.db.Absorb(t.Context(), []review.Reading{{Hash: review.Sum(broken), ReadAs: "text", Refused: "not JSON"}})
		require.NoError(t, err)
	}
	_, err := h.db.Want(t.Context(), errands)
	require.NoError(t, err)
	for id := range 30 {
		require.NoError(t, h.db.ErrandFailed(t.Context(), review.ErrandID(2*id+1), "gone"))
	}
	c := h.as("lead")
	got := c.paged("errands", "data-errand")
	require.Len(t, got, 60)
	assert.Equal(t, []string{"59", "57"}, got[:2], "what failed is first")
	assert.Equal(t, []string{"1", "60"}, got[29:31])
	quarantined := c.paged("quarantine", "data-none")
	slices.Sort(quarantined)
	assert.Len(t, slices.Compact(quarantined), 60)
	page := c.get("/intake?errands=waiting.60&quarantine=" + review.Sum([]byte("{30")).String() + "&pushes=nonsense&state=absorbed").is(200)
	next := page.page().Find("[aria-labelledby=errands] a[rel=next]").AttrOr("href", "")
	assert.Contains(t, next, "quarantine="+review.Sum([]byte("{30")).String(), "the other lists stay where they are")
	assert.NotContains(t, next, "nonsense")
	assert.Contains(t, next, "state=absorbed")
	assert.True(t, strings.HasSuffix(next, "#errands"))
}

func TestTheIntakePageSaysWhatPersonaSendsAgainThoughItWasErased(t *testing.T) {
	t.Parallel()
	h := newHouse(t, sandboxed().with, hooked)
	h.take(ekene().payload())
	assert.NotContains(t, h.as("auditor").get("/intake").is(200).text("main"), "again")
	// The store's own tests erase by two and have it come again; here only the row matters.
	h.exec("INSERT INTO erasure (resource, until, ground, erased_at, due, again_at) SELECT min(id), 0, 'request', 1, 0, " +
		strconv.FormatInt(h.clock.Now().UnixMilli(), 10) + " FROM resource")
	page := h.as("auditor").get("/intake").is(200)
	assert.Contains(t, page.text("[aria-labelledby=arrives]"), "Erased, sent again1 resource, last on 18 June, 09:41 UTC")
	assert.Contains(t, page.text("main"), "Persona sends again what two people had erased here.")
	h.clock.Pass(31 * 24 * time.Hour)
	later := h.as("auditor").get("/intake").is(200)
	assert.NotContains(t, later.text("main"), "Persona sends again", "no news any more")
	assert.Contains(t, later.text("[aria-labelledby=arrives]"), "Erased, sent again")
}
