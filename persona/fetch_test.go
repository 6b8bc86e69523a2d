package persona_test

import (
	"bytes"
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

func TestFilesAreFetchedAtOnceAndHeldByTheirDigest(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		s := newStand(t, func(o *standOptions) { o.Included, o.FileFor = sandbox.IncludeAll, time.Hour })
		d := newDesk(t, s, func(o *persona.LiveOptions) { o.Files = on })
		s.hook = d.take
		id := d.screen("Ilka Brandywater")
		d.work(4)
		inquiry := d.file(id).Dossier.Transaction.Fallback
		require.NotEmpty(t, inquiry)
		require.True(t, s.Finish(inquiry, true))
		d.work(4)
		photos := map[review.Ref]review.Photo{}
		var refs []review.Ref
		for _, r := range d.file(id).Dossier.Records {
			for _, p := range r.Photos {
				photos[r.Ref] = p
				refs = append(refs, r.Ref)
			}
		}
		require.NotEmpty(t, photos)
		held, err := d.db.HeldFiles(t.Context(), refs)
		require.NoError(t, err)
		if !on {
			require.Empty(t, held)
			s.settle(2 * time.Hour) // every link that webhooks brought has expired
			require.NoError(t, d.FetchAgain(t.Context(), refs[0], "ada"))
			require.NoError(t, d.FetchAgain(t.Context(), refs[0], "ada"))
			d.drain()
			held, err = d.db.HeldFiles(t.Context(), refs[:1])
			require.NoError(t, err)
			require.NotEmpty(t, held)
			assert.Empty(t, d.errands(review.ErrandFailed))
			assert.Len(t, d.errands(review.ErrandDone), len(doneOnce(d.errands(review.ErrandDone))))
			continue
		}
		for ref, p := range photos {
			found := false
			for _, h := range held {
				if h.Ref != ref || h.Link != p.File.Link {
					continue
				}
				found = true
				f, body, err := d.db.File(t.Context(), h.Hash)
				require.NoError(t, err)
				assert.Equal(t, review.Sum(body), f.Hash)
				assert.Contains(t, []string{"image/jpeg", "image/png", "application/pdf"}, f.Media)
				assert.NotContains(t, f.Link, "access_token")
			}
			assert.True(t, found, "%s %s", ref, p.Page)
		}
		downloads := len(held)
		d.work(3)
		again, err := d.db.HeldFiles(t.Context(), refs)
		require.NoError(t, err)
		assert.Len(t, again, downloads)
	}
}

// doneOnce are the different things that errands were for.
func doneOnce(es []review.Errand) map[review.Errand]bool {
	out := map[review.Errand]bool{}
	for _, e := range es {
		out[review.Errand{Kind: e.Kind, Ref: e.Ref, Cause: e.Cause}] = true
	}
	return out
}

func TestOneNameForDifferentFilesHoldsNone(t *testing.T) {
	t.Parallel()
	pixel := func(n byte) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), n) }
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasPrefix(r.URL.Path, "/files/"):
					_, _ = w.Write(pixel(r.URL.Query().Get("access_token")[0]))
				case strings.HasPrefix(r.URL.Path, "/api/v1/verifications/"):
					host := "http://" + r.Host
					w.Header().Set("Content-Type", "application/json")
					_, _ = fmt.Fprintf(w, `{"data":{"type":"verification/government-id","id":"ver_1","attributes":{"status":"passed","photo-urls":[
						{"page":"front","filename":"a.png","byte-size":9,"url":"%[1]s/files/a.png?access_token=1"},
						{"page":"back","filename":"a.png","byte-size":9,"url":"%[1]s/files/a.png?access_token=2"},
						{"page":"other","filename":"b.png","byte-size":9,"url":"%[1]s/files/b.png?access_token=3"}]}}}`, host)
				default:
					h.ServeHTTP(w, r)
				}
			})
		}
	})
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.Files = true })
	ref := review.Ref{Type: "verification/government-id", ID: "ver_1"}
	require.Equal(t, 200, d.take([]byte(`{"data":{"type":"transaction","id":"txn_1","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"},
		"relationships":{"related-objects":{"data":[{"type":"verification/government-id","id":"ver_1"}]}}}}`)))
	d.drain()
	held, err := d.db.HeldFiles(t.Context(), []review.Ref{ref})
	require.NoError(t, err)
	require.Len(t, held, 1)
	assert.Equal(t, review.Sum(pixel('3')), held[0].Hash)
	failed := d.errands(review.ErrandFailed)
	require.Len(t, failed, 1)
	assert.Contains(t, failed[0].Problem, "several different files")
}

func TestLinksForSubjectsAreMadeAndNotKept(t *testing.T) {
	t.Parallel()
	var kept bytes.Buffer
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	id := d.screen("Ilka Brandywater")
	d.work(4)
	inquiry := d.file(id).Dossier.Transaction.Fallback
	by := colleague(t, d)
	link, until, err := d.OneTimeLink(t.Context(), inquiry, by)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(link, "https://"))
	assert.Equal(t, s.clock.Now().Add(24*time.Hour), until)
	require.True(t, s.Expire(inquiry))
	_, _, err = d.OneTimeLink(t.Context(), inquiry, by)
	var refused *persona.Refused
	require.ErrorAs(t, err, &refused, "an expired inquiry has to be resumed first")
	resumed, err := d.Resume(t.Context(), inquiry, by)
	require.NoError(t, err)
	assert.Contains(t, resumed, "session-token=")
	assert.Contains(t, resumed, "inquiry-id="+inquiry)
	assert.NotContains(t, d.InquiryLink(inquiry), "token")

	_, token, _ := strings.Cut(resumed, "session-token=")
	for _, p := range d.file(id).Payloads {
		_, raw, err := d.db.Payload(t.Context(), p.Hash)
		require.NoError(t, err)
		kept.Write(raw)
	}
	for _, secret := range []string{link, strings.TrimSpace(token)} {
		assert.NotContains(t, kept.String(), secret)
	}
}

func colleague(t *testing.T, d *desk) review.ColleagueID {
	t.Helper()
	require.NoError(t, d.db.AddColleague(t.Context(), review.Colleague{ID: "rio", Name: "Rio", Role: review.RoleReviewer}, "no password", ""))
	return "rio"
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

func TestMissingIsWhatAPageLacks(t *testing.T) {
	t.Parallel()
	full := review.Resource{Ref: review.Ref{Type: "transaction", ID: "txn_1"}, Capture: review.CaptureFull,
		Relations: []review.Relation{{Name: "related-objects", State: review.Empty}}}
	txn := review.Transaction{ID: "txn_1", Resource: full, Status: review.Text{State: review.Present, Value: "needs_review"}}
	rep := func(c review.Capture, edits ...func(*review.Report)) review.Report {
		r := review.Report{Ref: review.Ref{Type: "report/watchlist", ID: "rep_1"}, Kind: review.KindWatchlist, Capture: c, CompletedAt: storeStart}
		for _, edit := range edits {
			edit(&r)
		}
		return r
	}
	record := func(kind, id string, c review.Capture) review.Resource {
		return review.Resource{Ref: review.Ref{Type: kind, ID: id}, Capture: c, Relations: []review.Relation{{Name: "x"}}}
	}
	yes := review.Flag{State: review.Present, Value: true}
	match := func(r *review.Report) { r.HasMatch, r.Matches = yes, []review.Match{{Key: "a"}} }
	ran := func(r *review.Report) {
		match(r)
		r.Runs = []review.Run{{CompletedAt: storeStart, Source: review.RunFromHistory}}
	}
	for name, c := range map[string]struct {
		dossier review.Dossier
		want    []string
	}{
		"nothing":                     {review.Dossier{Transaction: txn}, nil},
		"the transaction itself":      {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: review.Resource{Capture: review.CaptureAbsent}}}, []string{"resource transaction/txn_1 absent"}},
		"what it is tied to":          {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: review.Resource{Capture: review.CaptureFull}}}, []string{"resource transaction/txn_1 relations"}},
		"the inquiry that it fell to": {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: full, Status: review.Text{Value: "Pending Fallback Inquiry"}}}, []string{"resource transaction/txn_1 fallback"}},
		"a report":                    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureAbsent)}}, []string{"resource report/watchlist/rep_1 absent"}},
		"a report that runs still":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CapturePending)}}, nil},
		"a report that was erased":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureRedacted, match)}}, nil},
		"a report without details":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureThin)}}, []string{"resource report/watchlist/rep_1 thin"}},
		"a match that was never sent": {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, ran, func(r *review.Report) { r.Matches = nil })}}, []string{"resource report/watchlist/rep_1 thin"}},
		"the runs of a match":         {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, match)}}, []string{"history report/watchlist/rep_1 runs"}},
		"no runs of a clean one-off":  {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull)}}, nil},
		"runs that are known":         {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, ran)}}, nil},
		"an account":                  {review.Dossier{Transaction: txn, Records: []review.Resource{record("account", "act_1", review.CaptureAbsent)}}, []string{"resource account/act_1 absent"}},
		"a selfie has no address":     {review.Dossier{Transaction: txn, Records: []review.Resource{record("selfie/center-only", "self_1", review.CaptureAbsent)}}, nil},
		"several are asked for at once": {review.Dossier{Transaction: txn, Records: []review.Resource{record("account", "act_1", review.CaptureAbsent), record("inquiry", "inq_1", review.CaptureAbsent)}},
			[]string{"resource transaction/txn_1 objects", "resource account/act_1 absent", "resource inquiry/inq_1 absent"}},
		"a case without its ties": {review.Dossier{Transaction: txn, Records: []review.Resource{{Ref: review.Ref{Type: "case", ID: "case_1"}, Capture: review.CaptureFull}}},
			[]string{"resource case/case_1 relations"}},
	} {
		var got []string
		for _, e := range persona.Missing(c.dossier) {
			cause, _, _ := strings.Cut(e.Cause, " ")
			got = append(got, fmt.Sprintf("%s %s %s", e.Kind, e.Ref, cause))
		}
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, persona.Missing(c.dossier), persona.Missing(c.dossier), name)
	}
	later := review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureThin)}}
	now := persona.Missing(later)[0].Cause
	later.Reports[0].CompletedAt = storeStart.Add(time.Hour)
	assert.NotEqual(t, now, persona.Missing(later)[0].Cause, "another run is another errand")
	many := review.Dossier{Transaction: txn}
	for i := range 500 {
		many.Records = append(many.Records, record("verification/database", fmt.Sprint("ver_", i), review.CaptureAbsent))
	}
	assert.Len(t, persona.Missing(many), 100)
}
