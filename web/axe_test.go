package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
	"docket/web"
)

// axeRuns are how a page is looked at. Colours are all that the scheme changes.
var axeRuns = []axeRun{
	{1440, "light", `{}`},
	{1440, "dark", `{runOnly: ['color-contrast']}`},
	{360, "light", `{}`},
	{360, "dark", `{runOnly: ['color-contrast']}`},
}

// axeViolations gives what axe found, each rule with the first place and why.
const axeViolations = `axe.run(document, {...%s, resultTypes: ['violations']}).then(r => r.violations.map(v =>
	v.id + ', ' + v.nodes.length + ' times, first ' + v.nodes[0].target + ': ' + v.nodes[0].failureSummary))`

// Every specimen and the main pages pass axe-core, in both schemes, wide and narrow.
func TestEveryPagePassesAxe(t *testing.T) {
	t.Parallel()
	path := os.Getenv("DOCKET_AXE")
	if path == "" {
		t.Skip("DOCKET_AXE does not name an axe.min.js: accessibility rules are not tested")
	}
	axe, err := os.ReadFile(path)
	require.NoError(t, err)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	var arrivals []review.Arrival
	for _, p := range fixtures(t) {
		arrivals = append(arrivals, review.Arrival{Bytes: p, Source: "import"})
	}
	require.NoError(t, persona.Absorb(t.Context(), db, arrivals))
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "noor", Name: "Noor Haddad", Role: review.RoleAdmin, Keys: true},
		web.HashDemoPassword("correct horse battery"), ""))
	s := httptest.NewServer(web.New(web.Options{DB: db, Live: sandboxed(), Demo: true, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.Close)

	q, err := db.Queue(t.Context(), review.QueueQuery{Tab: review.TabOpen, Limit: 1})
	require.NoError(t, err)
	require.NotEmpty(t, q.Rows)
	_, err = db.Claim(t.Context(), q.Rows[0].Review, "noor", false)
	require.NoError(t, err)
	first := "/reviews/" + strings.TrimPrefix(q.Rows[0].Review.String(), "R-")
	paths := []string{"/reviews", "/reviews?state=fallback", first, first + "/decision", "/transactions/" + string(q.Rows[0].Transaction),
		"/decisions", "/screen", "/intake", "/admin/telling", "/admin/colleagues", "/account",
		"/insights", "/quality", "/ledger", "/retention", "/record", "/admin/policy"}
	for _, sp := range views.Gallery() {
		paths = append(paths, "/gallery/"+sp.Name)
	}
	// A few browsers, as one would take minutes.
	const browsers = 3
	for n := range browsers {
		t.Run(fmt.Sprint("browser ", n+1), func(t *testing.T) {
			t.Parallel()
			ctx := browser(t)
			signIn(t, ctx, s.URL)
			for i := n; i < len(paths); i += browsers {
				runs := axeRuns
				if strings.HasPrefix(paths[i], "/gallery/") {
					runs = axeRuns[1:3] // pages are seen in every way, specimens once by every rule and once in the other colours
				}
				require.NoError(t, axeOn(ctx, string(axe), s.URL+paths[i], runs, func(width int64, scheme string, found []string) {
					assert.Empty(t, found, "%s at %d px, %s", paths[i], width, scheme)
				}), paths[i])
			}
		})
	}
}

// axeRun is one way of looking at a page.
type axeRun struct {
	width  int64
	scheme string
	rules  string
}

// axeOn looks at one page in some ways.
func axeOn(ctx context.Context, axe, address string, runs []axeRun, say func(width int64, scheme string, found []string)) error {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	load := func() error {
		if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
			return err
		}
		_, err := chromedp.Run(ctx, chromedp.Evaluate[string](axe+"; axe.version"))
		return err
	}
	if err := load(); err != nil {
		return err
	}
	for _, run := range runs {
		look := func() ([]string, error) {
			err := chromedp.Do(ctx, chromedp.EmulateViewport(run.width, 1000),
				command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: run.scheme}}}))
			if err != nil {
				return nil, err
			}
			return chromedp.Run(ctx, chromedp.Evaluate[[]string](fmt.Sprintf(axeViolations, run.rules), func(p *cdpruntime.EvaluateParams) {
				wait := true
				p.AwaitPromise = &wait
			}))
		}
		found, err := look()
		if err != nil { // a page that follows something left under our hands
			if err = load(); err != nil {
				return err
			}
			if found, err = look(); err != nil {
				return err
			}
		}
		say(run.width, run.scheme, found)
	}
	return nil
}
