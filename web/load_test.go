package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/web"
)

// The benchmarks here run against a database that was made once, named by DOCKET_BENCH_DB:
//
//	docket generate --transactions 1000000 | docket import --db big.db -
//	DOCKET_BENCH_DB=big.db go test -run '^$' -bench Load ./web
//
// Each asks over loopback on eight connections, in a closed loop, and in turn asks a floor
// that answers the same bytes from memory. The client runs on the same cores. Every answer is
// checked: status, length, a marker.

const (
	loadConnections = 8
	loadRequests    = 250 // per connection and round
)

// loadServer serves the big database to a signed-in colleague.
func loadServer(b *testing.B) (db *store.DB, addr, cookie string) {
	b.Helper()
	path := os.Getenv("DOCKET_BENCH_DB")
	if path == "" {
		b.Skip("DOCKET_BENCH_DB names no database; see the comment above")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, path, store.Options{Hydrate: persona.Hydrate})
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	if _, err := db.Colleague(ctx, "bench"); err != nil {
		require.NoError(b, db.AddColleague(ctx, review.Colleague{ID: "bench", Name: "Bench", Role: review.RoleReviewer}, "-", ""))
	}
	id, err := db.BeginSession(ctx, nil, "bench", "-", "benchmark")
	require.NoError(b, err)
	s := httptest.NewServer(web.New(web.Options{DB: db, Log: slog.New(slog.DiscardHandler)}))
	b.Cleanup(s.Close)
	return db, s.Listener.Addr().String(), web.SessionCookie(id)
}

// asker is one connection that asks for one path again and again, with as little client as can be.
type asker struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
	body    bytes.Buffer
}

func newAsker(b *testing.B, addr, path, cookie string) *asker {
	b.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(b, err)
	b.Cleanup(func() { conn.Close() })
	return &asker{conn: conn, in: bufio.NewReaderSize(conn, 64<<10),
		request: fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, addr, cookie)}
}

func (a *asker) ask() (int, []byte, error) {
	if _, err := a.conn.Write(a.request); err != nil {
		return 0, nil, err
	}
	resp, err := http.ReadResponse(a.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	a.body.Reset()
	_, err = io.Copy(&a.body, resp.Body)
	return resp.StatusCode, a.body.Bytes(), err
}

// round asks on every connection at once and answers each request's time.
func round(b *testing.B, askers []*asker, n int, marker []byte) (times []time.Duration, took time.Duration) {
	b.Helper()
	all := make([][]time.Duration, len(askers))
	errs := make([]error, len(askers))
	var wg sync.WaitGroup
	began := time.Now()
	for i, a := range askers {
		wg.Go(func() {
			for range n {
				t := time.Now()
				status, body, err := a.ask()
				if err == nil && (status != http.StatusOK || !bytes.Contains(body, marker)) {
					err = fmt.Errorf("status %d, %d bytes", status, len(body))
				}
				if err != nil {
					errs[i] = err
					return
				}
				all[i] = append(all[i], time.Since(t))
			}
		})
	}
	wg.Wait()
	took = time.Since(began)
	for _, err := range errs {
		require.NoError(b, err)
	}
	return slices.Concat(all...), took
}

// load measures one page against a floor of the same bytes from memory, in turn.
func load(b *testing.B, path, marker string, connections int) {
	_, addr, cookie := loadServer(b)
	status, page, err := newAsker(b, addr, path, cookie).ask()
	require.NoError(b, err)
	require.Equal(b, http.StatusOK, status)
	page = bytes.Clone(page)
	floor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		_, _ = w.Write(page)
	}))
	b.Cleanup(floor.Close)

	var pages, floors []*asker
	for range connections {
		pages = append(pages, newAsker(b, addr, path, cookie))
		floors = append(floors, newAsker(b, floor.Listener.Addr().String(), path, cookie))
	}
	var times []time.Duration
	var took, tookFloor time.Duration
	for b.Loop() {
		_, f := round(b, floors, loadRequests, []byte(marker))
		t, p := round(b, pages, loadRequests, []byte(marker))
		times, took, tookFloor = append(times, t...), took+p, tookFloor+f
	}
	slices.Sort(times)
	at := func(q float64) float64 { return float64(times[int(q*float64(len(times)-1))].Microseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(times))/took.Seconds(), "req/s")
	b.ReportMetric(float64(len(times))/tookFloor.Seconds(), "floor-req/s")
	b.ReportMetric(tookFloor.Seconds()/took.Seconds(), "of-floor")
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(at(1), "worst-ms")
	b.ReportMetric(float64(len(page)), "bytes")
}

func BenchmarkLoadQueue(b *testing.B) { load(b, "/reviews", "data-review=", loadConnections) }
func BenchmarkLoadQueueFiltered(b *testing.B) {
	load(b, "/reviews?kind=watchlist&country=DE&sort=oldest", "data-review=", loadConnections)
}
func BenchmarkLoadQueueNewest(b *testing.B) {
	load(b, "/reviews?sort=newest", "data-review=", loadConnections)
}
func BenchmarkLoadSearchName(b *testing.B) { load(b, "/reviews?q=maria+s", "Queue", loadConnections) }
func BenchmarkLoadSearchBroad(b *testing.B) {
	load(b, "/reviews?q=an&state=all", "Queue", loadConnections)
}
func BenchmarkLoadSearchHan(b *testing.B) {
	load(b, "/reviews?q=%E6%9D%8E&state=all", "Queue", loadConnections)
}

// BenchmarkLoadReview shows a review with three reports and fifty matches.
func BenchmarkLoadReview(b *testing.B) {
	db, _, _ := loadServer(b)
	ctx := context.Background()
	var arrivals []review.Arrival
	for _, p := range sandbox.Heavy(1) {
		arrivals = append(arrivals, review.Arrival{Bytes: p, Source: "bench"})
	}
	require.NoError(b, persona.Absorb(ctx, db, arrivals))
	page, err := db.Queue(ctx, review.QueueQuery{Tab: review.TabAll, Sort: review.SortMatches, Limit: 1})
	require.NoError(b, err)
	require.GreaterOrEqual(b, page.Rows[0].Matches, 50)
	path := "/reviews/" + strconv.FormatInt(int64(page.Rows[0].Review), 10)
	for _, connections := range []int{1, loadConnections} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			load(b, path, "data-evidence=", connections)
		})
	}
}
