package web_test

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/web"
)

// A page that follows changes without a reload: the reader's focus, scroll and folds stay, what
// changed is said, and the content policy has nothing against it.
func TestAFollowedPageChangesUnderTheReadersHands(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	now := time.Now()
	take := func(body []byte) {
		t.Helper()
		require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: body, Source: "api"}}))
	}
	txn := transactionOf("txn_1", "created", now, now, "")
	txn["relationships"] = map[string]any{"account": map[string]any{"data": map[string]any{"type": "account", "id": "act_1"}}}
	account := map[string]any{"type": "account", "id": "act_1", "attributes": map[string]any{"reference-id": "cust-1", "created-at": stampOf(now), "updated-at": stampOf(now), "fields": map[string]any{}}}
	take(apiAnswer(txn, account))
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "noor", Name: "Noor Haddad", Role: review.RoleReviewer, Keys: true},
		web.HashDemoPassword("correct horse battery"), ""))
	s := httptest.NewServer(web.New(web.Options{DB: db, Live: sandboxed(), Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.Close)
	seen := watch(t, ctx, s.URL)
	signIn(t, ctx, s.URL)
	text := func(js string) string {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](js))
		require.NoError(t, err)
		return got
	}
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL+"/transactions/txn_1")))
	require.Equal(t, "2", text(`document.querySelector('main').dataset.follow`))
	text(`window.marked = 'the same page'; document.querySelector('main details').open = true; scrollTo(0, 40);
		document.querySelector('main nav a[href="/reviews"], main a[href="/reviews"]').focus(); document.activeElement.tagName`)
	scrolled := text(`String(scrollY)`)

	txn = transactionOf("txn_1", "needs_review", now, now.Add(time.Second), "")
	txn["relationships"] = map[string]any{"account": map[string]any{"data": map[string]any{"type": "account", "id": "act_1"}}}
	take(apiAnswer(txn, account))
	require.Eventually(t, func() bool {
		return text(`document.querySelector('[aria-labelledby=follow] a')?.textContent ?? ''`) != ""
	}, 30*time.Second, 100*time.Millisecond)
	assert.Equal(t, "Open R-1", text(`document.querySelector('[aria-labelledby=follow] a').textContent`))
	assert.Equal(t, "the same page", text(`window.marked ?? 'another page'`))
	assert.Equal(t, "/reviews", text(`document.activeElement.getAttribute('href') ?? document.activeElement.tagName`), "the focus stays")
	assert.Equal(t, scrolled, text(`String(scrollY)`))
	assert.Equal(t, "open", text(`document.querySelector('main details').open ? 'open' : 'shut'`), "what was unfolded stays so")
	assert.Contains(t, text(`document.querySelector('body > [role=status]').textContent`), "It became a review.")
	assert.Equal(t, "none", text(`document.querySelector('main').dataset.follow ?? 'none'`))
	assert.Empty(t, seen.all())
}
