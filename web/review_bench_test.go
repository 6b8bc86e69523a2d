package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/web"
)

// BenchmarkReview shows a review with three reports and fifty matches without a network: to
// whoever holds it (with its forms) and to another reader, for the first time after a start,
// which another review has warmed up, and again.
func BenchmarkReview(b *testing.B) {
	ctx := b.Context()
	path := filepath.Join(b.TempDir(), "docket.db")
	open := func() *store.DB {
		db, err := store.Open(ctx, path, store.Options{Hydrate: persona.Hydrate})
		require.NoError(b, err)
		return db
	}
	db := open()
	var arrivals []review.Arrival
	for seed := range uint64(2) {
		for _, p := range sandbox.Heavy(1 + seed) {
			arrivals = append(arrivals, review.Arrival{Bytes: p, Source: "bench"})
		}
	}
	require.NoError(b, persona.Absorb(ctx, db, arrivals))
	page, err := db.Queue(ctx, review.QueueQuery{Limit: 2})
	require.NoError(b, err)
	require.GreaterOrEqual(b, page.Rows[0].Matches, 50)
	id, other := page.Rows[0].Review, page.Rows[1].Review
	cookies := map[string]string{}
	for _, who := range []string{"holder", "reader"} {
		require.NoError(b, db.AddColleague(ctx, review.Colleague{ID: review.ColleagueID(who), Name: who, Role: review.RoleReviewer}, "-", ""))
		session, err := db.BeginSession(ctx, nil, review.ColleagueID(who), "-", "benchmark")
		require.NoError(b, err)
		cookies[who] = web.SessionCookie(session)
	}
	_, err = db.Claim(ctx, id, "holder", false)
	require.NoError(b, err)
	require.NoError(b, db.Close())

	ask := func(b *testing.B, h http.Handler, who string, id review.ReviewID) int {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/reviews/"+strconv.FormatInt(int64(id), 10), nil)
		r.Header.Set("Cookie", cookies[who])
		w := &sink{header: http.Header{}}
		h.ServeHTTP(w, r)
		require.Equal(b, http.StatusOK, w.status)
		return w.bytes
	}
	server := func(db *store.DB) http.Handler {
		return web.New(web.Options{DB: db, Log: slog.New(slog.DiscardHandler)})
	}
	for _, who := range []string{"holder", "reader"} {
		b.Run(fmt.Sprintf("%s/first", who), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				b.StopTimer()
				db := open()
				h := server(db)
				ask(b, h, who, other)
				b.StartTimer()
				n = ask(b, h, who, id)
				b.StopTimer()
				require.NoError(b, db.Close())
				b.StartTimer()
			}
			b.ReportMetric(float64(n), "bytes")
		})
		b.Run(fmt.Sprintf("%s/again", who), func(b *testing.B) {
			db := open()
			b.Cleanup(func() { _ = db.Close() })
			h := server(db)
			n := ask(b, h, who, id)
			b.ReportAllocs()
			for b.Loop() {
				n = ask(b, h, who, id)
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}

// sink takes an answer and keeps only how long it was.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header { return s.header }

func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(p []byte) (int, error) {
	s.bytes += len(p)
	return len(p), nil
}
