package persona_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// thinning answers for reports with nothing but that there is a match, and with a new
// completed-at every time, so that no two answers are alike.
func thinning(o *standOptions) {
	var n atomic.Int64
	o.wrap = func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id, isReport := strings.CutPrefix(r.URL.Path, "/api/v1/reports/")
			if r.Method != http.MethodGet || !isReport || strings.Contains(id, "/") {
				h.ServeHTTP(w, r)
				return
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r) // so that it counts
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"data":{"type":"report/watchlist","id":%q,"attributes":{"status":"ready","has-match":true,"completed-at":%q}}}`,
				id, storeStart.Add(time.Duration(n.Add(1))*time.Second).Format(time.RFC3339))
		})
	}
}

var storeStart = time.Date(2026, 6, 18, 10, 0, 0, 0, time.UTC)

func TestAnswersThatStayThinAreAskedForOnce(t *testing.T) {
	t.Parallel()
	s := newStand(t, thinning)
	d := newDesk(t, s)
	s.hook = d.take
	doc := func(completed string) []byte {
		return []byte(`{"data":{"type":"transaction","id":"txn_thin","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"},
			"relationships":{"related-objects":{"data":[{"type":"report/watchlist","id":"rep_thin"},{"type":"report/watchlist","id":"rep_thinner"}]}}},
			"included":[{"type":"report/watchlist","id":"rep_thin","attributes":{"status":"ready","has-match":true,"completed-at":"` + completed + `"}},
			{"type":"report/watchlist","id":"rep_thinner","attributes":{"status":"ready","has-match":true,"completed-at":"` + completed + `"}}]}`)
	}
	require.Equal(t, 200, d.take(doc("2026-06-18T08:00:01Z")))
	for range 20 {
		d.drain()
		s.settle(time.Minute)
	}
	assert.Equal(t, 1, s.asked("GET", "/reports/rep_thin"+"?")+s.askedExactly("GET", "/reports/rep_thin"))
	assert.Equal(t, 1, s.askedExactly("GET", "/reports/rep_thinner"))
	first := len(s.Requests())
	require.Equal(t, 200, d.take(doc("2026-06-18T08:00:01Z"))) // nothing new
	d.drain()
	assert.Equal(t, first, len(s.Requests()))
	require.Equal(t, 200, d.take(doc("2026-06-18T12:00:00Z"))) // another run
	for range 20 {
		d.drain()
		s.settle(time.Minute)
	}
	assert.LessOrEqual(t, len(s.Requests())-first, 6)
	assert.Equal(t, 2, s.askedExactly("GET", "/reports/rep_thin"))
}

// askedExactly counts the requests for one path, whatever their query.
func (s *stand) askedExactly(method, path string) int {
	n := 0
	for _, r := range s.Requests() {
		if p, _, _ := strings.Cut(r.Path, "?"); r.Method == method && p == path {
			n++
		}
	}
	return n
}

func TestWhatPersonaDoesNotHaveIsGivenUpAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	require.Equal(t, 200, d.take([]byte(`{"data":{"type":"transaction","id":"txn_1","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"},
		"relationships":{"related-objects":{"data":[{"type":"account","id":"act_gone"}]}}}}`)))
	d.drain()
	failed := d.errands(review.ErrandFailed)
	require.Len(t, failed, 1)
	assert.Contains(t, failed[0].Problem, "Persona does not know account act_gone")
	assert.Equal(t, 1, s.askedExactly("GET", "/accounts/act_gone"))
	d.drain()
	assert.Equal(t, 1, s.askedExactly("GET", "/accounts/act_gone"))
}

func TestOnlyWhatAPersonLooksAtIsFetched(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.Everything = false })
	other := newDeskClient(t, s)
	_, clean, err := other.Screen(t.Context(), review.ScreeningForm{NameFirst: "Nobody", NameLast: "Special", Key: "a"}, sandbox.TypePerson)
	require.NoError(t, err)
	_, listed, err := other.Screen(t.Context(), review.ScreeningForm{NameFirst: "Boris", NameLast: "Johnson", Key: "b"}, sandbox.TypePerson)
	require.NoError(t, err)
	s.hook = d.take
	s.settle(10 * time.Second)
	before := len(s.Requests())
	d.drain()
	for _, r := range s.Requests()[before:] {
		assert.NotContains(t, r.Path, string(clean))
	}
	assert.Positive(t, len(s.Requests())-before)
	assert.Equal(t, "approved", d.file(clean).Dossier.Transaction.Status.Value)
	assert.Equal(t, review.CaptureAbsent, d.file(clean).Dossier.Records[0].Capture)
	for _, r := range d.file(listed).Dossier.Records {
		if persona.HasEndpoint(r.Ref) {
			assert.Equal(t, review.CaptureFull, r.Capture, r.Ref)
		}
	}
}

func TestWhatWasAbsorbedBeforeACrashIsStillAskedFor(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	_, id, err := d.client.Screen(t.Context(), review.ScreeningForm{NameFirst: "Boris", NameLast: "Johnson", Key: "b"}, sandbox.TypePerson)
	require.NoError(t, err)
	s.hook = d.take
	s.settle(10 * time.Second)
	require.NoError(t, persona.Recover(t.Context(), d.db)) // it absorbs, and the machine stops before anything is planned
	assert.Empty(t, d.errands(review.ErrandWaiting))

	again := newDeskOn(t, d)
	stop := running(t, again)
	require.Eventually(t, func() bool {
		return len(again.errands(review.ErrandDone)) > 0 && len(again.errands(review.ErrandWaiting)) == 0
	},
		10*time.Second, 10*time.Millisecond)
	stop()
	assert.Equal(t, calm(t, s, id), again.page(id))
}

// An answer that was taken in names what nobody has asked for yet.
func TestWhatAnAnswerNamedBeforeACrashIsStillAskedFor(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	_, id, err := d.client.Screen(t.Context(), review.ScreeningForm{NameFirst: "Boris", NameLast: "Johnson", Key: "b"}, sandbox.TypePerson)
	require.NoError(t, err)
	s.settle(10 * time.Second) // the webhooks are lost
	a, err := d.client.Resource(t.Context(), review.Ref{Type: "transaction", ID: string(id)})
	require.NoError(t, err)
	_, err = d.db.Keep(t.Context(), []review.Arrival{{Bytes: a.Body, Source: "api", About: a.About}})
	require.NoError(t, err)
	_, err = d.db.Absorb(t.Context(), []review.Reading{persona.Read(a.Body)}) // and the machine stops
	require.NoError(t, err)

	again := newDeskOn(t, d)
	again.Live = persona.NewLive(persona.LiveOptions{DB: d.db, Client: d.client, Clock: s.clock.Now, Everything: true, Poll: -1})
	stop := running(t, again)
	require.Eventually(t, func() bool {
		return len(again.errands(review.ErrandDone)) > 0 && len(again.errands(review.ErrandWaiting)) == 0
	}, 10*time.Second, 10*time.Millisecond)
	stop()
	assert.NotEmpty(t, again.file(id).Dossier.OpenMatches())
}

func TestWhatCouldNotBePlannedIsPlannedLater(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	_, _, err := d.client.Screen(t.Context(), review.ScreeningForm{NameFirst: "Boris", NameLast: "Johnson", Key: "b"}, sandbox.TypePerson)
	require.NoError(t, err)
	s.hook = d.take
	s.settle(10 * time.Second)
	once := false
	require.NoError(t, d.db.Rebuild(t.Context(), persona.Read, func(int, int) {
		if !once { // what is there is only a part, so that nobody can say what is lacking
			once = true
			require.Equal(t, 200, d.take([]byte(`{"data":{"type":"transaction","id":"txn_late","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"}}}`)))
			require.ErrorIs(t, d.Drain(t.Context()), store.ErrRebuilding)
		}
	}))
	require.True(t, once)
	d.drain()
	assert.Positive(t, s.asked("GET", "/transactions/txn_late"))
}

func TestADeskThatCouldNotPlanAtItsStartDoesSoLater(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	require.Equal(t, 200, d.take([]byte(`{"data":{"type":"transaction","id":"txn_early","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"}}}`)))
	require.NoError(t, persona.Recover(t.Context(), d.db))
	var stop func()
	require.NoError(t, d.db.Rebuild(t.Context(), persona.Read, func(int, int) {
		if stop == nil {
			stop = running(t, d)
			require.Eventually(t, func() bool { return strings.Contains(d.State().Problem, "plan") }, 10*time.Second, time.Millisecond)
		}
	}))
	require.NotNil(t, stop)
	assert.Eventually(t, func() bool { return d.State().Problem == "" && s.asked("GET", "/transactions/txn_early") > 0 }, 20*time.Second, 10*time.Millisecond)
	stop()
}

// running lets a desk work by itself until the function that it gives is called.
func running(t *testing.T, d *desk) (stop func()) {
	t.Helper()
	ctx, cancel := contextOf(t)
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		require.NoError(t, <-done)
	}
}

func TestADeskThatRunsIsWokenByADelivery(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	stop := running(t, d)
	s.hook = func(body []byte) int {
		defer d.Wake()
		return d.take(body)
	}
	id := d.screen("Boris Johnson")
	s.settle(10 * time.Second)
	require.Eventually(t, func() bool {
		f, err := d.db.TransactionFile(t.Context(), id)
		return err == nil && len(f.Reviews) == 1
	}, 10*time.Second, 10*time.Millisecond)
	stop()
	assert.Empty(t, d.State().Problem)
}

func TestASinglePageOfHistoryBelongsToItsReport(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/history") {
					h.ServeHTTP(w, r)
					return
				}
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				var doc map[string]json.RawMessage
				body, _ := io.ReadAll(rec.Body)
				_ = json.Unmarshal(body, &doc)
				doc["links"] = json.RawMessage(`{"next":null,"prev":null}`)
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(doc)
			})
		}
	})
	d := newDesk(t, s)
	s.hook = d.take
	id := d.screen("Boris Johnson")
	d.work(4)
	runs := 0
	for _, r := range d.file(id).Dossier.Reports {
		for _, run := range r.Runs {
			if run.Source == review.RunFromHistory {
				runs++
			}
		}
	}
	assert.Positive(t, runs)
	for _, r := range d.file(id).Dossier.Records {
		assert.NotEqual(t, "report-run", r.Ref.Type, "a stray run")
	}
}
