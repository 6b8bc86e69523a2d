package web_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/web"
)

// browser starts a Chromium for one test. Without one the test is skipped and says so;
// DOCKET_CHROMIUM=required makes that a failure.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("DOCKET_CHROMIUM") == "required" {
			t.Fatal("Chromium is required and not installed")
		}
		t.Skip("no Chromium on this machine: what a browser does with the pages is not tested")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.DisableGPU)
	ctx, stop := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Do(ctx))
	return ctx
}

// watched collects what must never happen on a page.
type watched struct {
	mu   sync.Mutex
	seen []string
}

func (w *watched) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, what)
}

func (w *watched) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// watch reports dialogs, scripts that threw, violations of the content policy and requests to
// anywhere but the server.
func watch(t *testing.T, ctx context.Context, origin string) *watched {
	t.Helper()
	w := &watched{}
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *page.EventJavascriptDialogOpening:
			w.note("dialog: " + e.Message)
			go func() {
				_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			}()
		case *cdpruntime.EventExceptionThrown:
			w.note("exception: " + e.ExceptionDetails.Text)
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, origin) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") {
				w.note("request: " + u)
			}
		}
	}))
	const listen = `document.addEventListener('securitypolicyviolation', e => noted(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))`
	require.NoError(t, chromedp.Do(ctx,
		chromedp.ExposeFunc("noted", func(_ context.Context, what string) (chromedp.Void, error) {
			w.note("violation: " + what)
			return chromedp.Void{}, nil
		}),
		command(network.Enable, network.EnableParams{}),
		command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: listen})))
	return w
}

// command makes a step of one command of the DevTools protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

// houseFor is a served store that holds the given payloads and one reviewer.
func houseFor(t *testing.T, payloads [][]byte, around ...func(http.Handler) http.Handler) (*store.DB, string) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	arrivals := make([]review.Arrival, 0, len(payloads))
	for _, p := range payloads {
		arrivals = append(arrivals, review.Arrival{Bytes: p, Source: "import"})
	}
	require.NoError(t, persona.Absorb(ctx, db, arrivals))
	require.NoError(t, db.AddColleague(ctx, review.Colleague{ID: "noor", Name: "Noor Haddad", Role: review.RoleReviewer, Keys: true},
		web.HashDemoPassword("correct horse battery"), ""))
	var h http.Handler = web.New(web.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	for _, a := range around {
		h = a(h)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return db, s.URL
}

func signIn(t *testing.T, ctx context.Context, origin string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(origin+"/login"),
		chromedp.SendKeys(chromedp.CSS(`[name=username]`), "noor"),
		chromedp.SendKeys(chromedp.CSS(`[name=password]`), "correct horse battery")))
	_, err := chromedp.RunResponse(ctx, chromedp.Submit(chromedp.CSS(`[name=password]`)))
	require.NoError(t, err)
}

func fixtures(t *testing.T) [][]byte {
	t.Helper()
	var all [][]byte
	err := filepath.WalkDir("../persona/testdata/fixtures", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for line := range strings.Lines(string(b)) {
			if strings.HasSuffix(path, ".ndjson") && strings.TrimSpace(line) != "" {
				all = append(all, []byte(line))
			}
		}
		if strings.HasSuffix(path, ".json") {
			all = append(all, b)
		}
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// widerThanTheWindow names the innermost elements that stick out when the page scrolls sideways.
const widerThanTheWindow = `document.documentElement.scrollWidth <= innerWidth + 1 ? [] :
	[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&
		![...e.children].some(c => c.getBoundingClientRect().right > innerWidth + 1)).slice(0, 3).map(e => {
		let path = ''
		for (let n = e, i = 0; n && i < 4; n = n.parentElement, i++) path = n.tagName + '.' + n.className + ' ' + path
		return path + e.textContent.slice(0, 60)
	})`

func TestHostilePayloadsDoNothingInABrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	var payloads [][]byte
	for i, p := range fixtures(t) {
		payloads = append(payloads, sandbox.Poison(p, sandbox.Corpus[i%len(sandbox.Corpus)]))
	}
	payloads = append(payloads, sandbox.Hostile()...)
	db, origin := houseFor(t, payloads)
	seen := watch(t, ctx, origin)
	signIn(t, ctx, origin)

	paths := []string{"/reviews", "/reviews?state=all&sort=subject", "/decisions", "/reviews?state=fallback"}
	q, err := db.Queue(ctx, review.QueueQuery{Tab: review.TabAll, Limit: 100})
	require.NoError(t, err)
	require.NotEmpty(t, q.Rows)
	for _, row := range q.Rows {
		paths = append(paths, "/reviews/"+strings.TrimPrefix(row.Review.String(), "R-"))
	}
	for _, p := range paths {
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(origin+p)), p)
		title, err := chromedp.Run(ctx, chromedp.Title())
		require.NoError(t, err)
		assert.Contains(t, title, "docket", p)
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](widerThanTheWindow))
		require.NoError(t, err)
		assert.Empty(t, wide, "%s is wider than the window", p)
	}
	assert.Empty(t, seen.all())
}

// TestTheWatchSees proves that the test above can fail.
func TestTheWatchSees(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/blocked" {
			w.Header().Set("Content-Security-Policy", "default-src 'none'")
		}
		_, _ = io.WriteString(w, `<!doctype html><title>x</title><img src="http://localhost:1/x"><script>alert(1)</script><script>throw new Error('thrown')</script>`)
	}))
	t.Cleanup(s.Close)
	seen := watch(t, ctx, s.URL)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(s.URL), chromedp.Navigate(s.URL+"/blocked")))
	for _, what := range []string{"dialog", "exception", "request", "violation"} {
		assert.Eventually(t, func() bool {
			return slices.ContainsFunc(seen.all(), func(s string) bool { return strings.HasPrefix(s, what) })
		}, 5*time.Second, 20*time.Millisecond, what)
	}
}

// No page of who oversees, who has the most places in the bar, scrolls sideways on any window from a
// telephone's to a desk's.
func TestNoPageIsWiderThanItsWindow(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	s := httptest.NewServer(web.New(web.Options{DB: db, Demo: true, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.Close)
	for _, name := range []string{"queue", "review-correct", "decisions", "insights", "quality-lead", "record", "colleagues", "policy", "retention"} {
		for _, width := range []int64{320, 360, 700, 960, 1024, 1152, 1280, 1408} {
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(s.URL+"/gallery/"+name)), name)
			wide, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](widerThanTheWindow))
			require.NoError(t, err)
			assert.Empty(t, wide, "%s at %d px", name, width)
		}
	}
}
