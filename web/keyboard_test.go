package web_test

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
)

// steps keeps how long the server took for each request of a journey, and how long the machine took
// for the same piece of work before each: tests share it with each other and with what else runs.
type steps struct {
	mu    sync.Mutex
	took  []time.Duration
	floor []time.Duration
}

var yardstick = make([]byte, 4<<20)

func (s *steps) around(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/login" {
			h.ServeHTTP(w, r)
			return
		}
		began := time.Now()
		sha256.Sum256(yardstick)
		floor := time.Since(began)
		began = time.Now()
		h.ServeHTTP(w, r)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.took, s.floor = append(s.took, time.Since(began)), append(s.floor, floor)
	})
}

// isQuick holds the median step against 20 ms. How long the machine took for the same work each time is
// logged beside it, so that a slow machine is known for one.
func (s *steps) isQuick(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.Sort(s.took)
	slices.Sort(s.floor)
	median, best, usual := s.took[len(s.took)/2], s.floor[0], s.floor[len(s.floor)/2]
	t.Logf("median server time of a step: %s; a fixed piece of work took %s at best, %s usually", median, best, usual)
	assert.Less(t, median, 20*time.Millisecond)
}

// journey is a colleague who judges reviews in a browser, one after the other.
type journey struct {
	t   *testing.T
	ctx context.Context
	db  *store.DB
}

func (j *journey) do(actions ...chromedp.Action[chromedp.Void]) {
	j.t.Helper()
	require.NoError(j.t, chromedp.Do(j.ctx, actions...))
}

// goes does what leads to another page, and waits for that.
func (j *journey) goes(a chromedp.Action[chromedp.Void]) {
	j.t.Helper()
	resp, err := chromedp.RunResponse(j.ctx, a)
	require.NoError(j.t, err)
	require.EqualValues(j.t, http.StatusOK, resp.Status, "%s: %s", resp.URL, j.page().Find("[role=alert]").Text())
}

func (j *journey) page() *goquery.Document {
	j.t.Helper()
	html, err := chromedp.Run(j.ctx, chromedp.OuterHTML(chromedp.CSS("body")))
	require.NoError(j.t, err)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	require.NoError(j.t, err)
	return doc
}

func (j *journey) decided() int {
	j.t.Helper()
	rows, _, _, err := j.db.Decisions(j.ctx, store.DecisionQuery{Second: store.AnySecond})
	require.NoError(j.t, err)
	return len(rows)
}

// asks is the finding form of the first party that has none.
func asks(doc *goquery.Document) *goquery.Selection {
	return doc.Find(`section.party:not([data-fold=answered]) form[action$="/dispositions"]:has([name=finding][value=cannot_tell])`).First()
}

const waitingPeople = 200 // transactions of which more than ten wait

func journeyPayloads() [][]byte {
	return slices.Collect(sandbox.Payloads(sandbox.Options{Transactions: waitingPeople, Seed: 3, Now: time.Now().UTC()}))
}

func TestTenReviewsAreJudgedByKeyboardAlone(t *testing.T) { //nolint:paralleltest // it holds the server against a time
	ctx := browser(t)
	took := &steps{}
	db, origin := houseFor(t, journeyPayloads(), took.around)
	seen := watch(t, ctx, origin)
	signIn(t, ctx, origin)
	j := &journey{t, ctx, db}
	key := func(keys string) chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(keys) }

	j.goes(key("n")) // on the queue: take the oldest free one
	for done := range 10 {
		for asks(j.page()).Length() > 0 {
			form := asks(j.page())
			j.do(key("n"))
			if form.Find(`[name=premise]`).Length() > 1 { // besides what is said in words
				j.do(key("f"), key("1"), key("r"), key(kb.ArrowDown))
			} else {
				j.do(key("u"), key("1"), key("r"), key(kb.End), key(kb.Tab), chromedp.KeyEvent("The list gives nothing but a name."))
			}
			j.goes(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
		}
		j.goes(key("d"))
		j.do(key("r"), key(kb.End), key(kb.Tab), chromedp.KeyEvent("No key decides; this does."), key(kb.Tab))
		decline, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.activeElement.value`))
		require.NoError(t, err)
		if decline != string(review.Decline) {
			j.do(key(kb.Tab))
		}
		j.goes(key(kb.Enter))
		require.Equal(t, done+1, j.decided())
		j.goes(key("n")) // the server opens the next one in one step
	}
	assert.Empty(t, seen.all())
	took.isQuick(t)
}

func TestTenReviewsAreJudgedWithoutJavaScript(t *testing.T) { //nolint:paralleltest // it holds the server against a time
	ctx := browser(t)
	took := &steps{}
	db, origin := houseFor(t, journeyPayloads(), took.around)
	require.NoError(t, chromedp.Do(ctx,
		command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})))
	signIn(t, ctx, origin)
	j := &journey{t, ctx, db}

	j.goes(chromedp.Click(chromedp.CSS(`form[action="/reviews/next"] button`)))
	for done := range 10 {
		for asks(j.page()).Length() > 0 {
			form := asks(j.page())
			in := "#" + form.AttrOr("id", "") + " "
			if form.Find(`[name=premise]`).Length() > 1 {
				j.do(chromedp.Click(chromedp.CSS(in+`[name=finding][value=false_positive]`)), chromedp.Click(chromedp.CSS(in+`[name=premise]`)),
					chromedp.SetValue(chromedp.CSS(in+`[name=reason]`), string(review.ReasonName)))
			} else {
				j.do(chromedp.Click(chromedp.CSS(in+`[name=finding][value=cannot_tell]`)), chromedp.Click(chromedp.CSS(in+`[name=missing]`)),
					chromedp.SetValue(chromedp.CSS(in+`[name=reason]`), string(review.ReasonOther)),
					chromedp.SetValue(chromedp.CSS(in+`[name=note]`), "The list gives nothing but a name."))
			}
			j.goes(chromedp.Submit(chromedp.CSS(in)))
		}
		j.goes(chromedp.Click(chromedp.CSS(`.panel a[href$="/decision"]`)))
		j.do(chromedp.SetValue(chromedp.CSS(`#reason`), string(review.ReasonOther)),
			chromedp.SetValue(chromedp.CSS(`#note`), "The customer sent no papers."))
		j.goes(chromedp.Click(chromedp.CSS(`button[name=outcome][value=decline]`)))
		require.Equal(t, done+1, j.decided())
		j.goes(chromedp.Click(chromedp.CSS(`.panel form[action="/reviews/next"] button`)))
	}
	took.isQuick(t)
}
