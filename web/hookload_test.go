package web_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/store"
	"docket/store/storetest"
	"docket/web"
)

const deliveriesPerRound = 2000

// BenchmarkLoadDeliveries posts signed events of 4 KB over eight connections, each waiting for its
// answer: signature, rows, flush and 200. In turn it posts the same to a floor, a server that
// inserts each body by itself into one table and commits with the same safety. “Kept and read” is
// how it goes while what arrived is read and absorbed as well, on the same two cores.
func BenchmarkLoadDeliveries(b *testing.B) {
	b.Run("kept", func(b *testing.B) { loadDeliveries(b, false) })
	b.Run("kept and read", func(b *testing.B) { loadDeliveries(b, true) })
}

func loadDeliveries(b *testing.B, read bool) {
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
	require.NoError(b, err)
	b.Cleanup(func() { db.Close() })
	o := web.Options{DB: db, Log: quiet, Signatures: persona.NewSignatures([]string{hookSecret}, persona.DefaultBack, persona.DefaultAhead)}
	if read {
		live := persona.NewLive(persona.LiveOptions{DB: db, Log: quiet, Poll: -1})
		ctx, stop := context.WithCancel(b.Context())
		var work sync.WaitGroup
		work.Go(func() { _ = live.Run(ctx) })
		b.Cleanup(func() { stop(); work.Wait() })
		o.Live = live
	}
	s := httptest.NewServer(web.New(o))
	b.Cleanup(s.Close)
	floor := httptest.NewServer(bareDeliveries(b))
	b.Cleanup(floor.Close)

	var next atomic.Int64
	var times []time.Duration
	var took, tookFloor time.Duration
	for b.Loop() {
		_, f := deliverRound(b, floor.Listener.Addr().String(), &next)
		t, p := deliverRound(b, s.Listener.Addr().String(), &next)
		times, took, tookFloor = append(times, t...), took+p, tookFloor+f
	}
	slices.Sort(times)
	at := func(q float64) float64 { return float64(times[int(q*float64(len(times)-1))].Microseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(times))/took.Seconds(), "deliveries/s")
	b.ReportMetric(float64(len(times))/tookFloor.Seconds(), "floor-deliveries/s")
	b.ReportMetric(tookFloor.Seconds()/took.Seconds(), "of-floor")
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(at(1), "worst-ms")
}

// bareDeliveries is the least that a durable answer can be.
func bareDeliveries(b *testing.B) http.Handler {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	_, err = db.ExecContext(b.Context(), `CREATE TABLE payload (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`)
	require.NoError(b, err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = db.ExecContext(r.Context(), `INSERT INTO payload (body) VALUES (?)`, body)
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
}

// deliverRound posts events that never came before.
func deliverRound(b *testing.B, addr string, next *atomic.Int64) (times []time.Duration, took time.Duration) {
	b.Helper()
	all := make([][]time.Duration, loadConnections)
	errs := make([]error, loadConnections)
	requests := make([][][]byte, loadConnections) // signed beforehand: that is Persona's work
	for c := range requests {
		for range deliveriesPerRound / loadConnections {
			requests[c] = append(requests[c], signedRequest(addr, loadEvent(next.Add(1))))
		}
	}
	var wg sync.WaitGroup
	began := time.Now()
	for c := range loadConnections {
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				errs[c] = err
				return
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			for _, request := range requests[c] {
				t := time.Now()
				if errs[c] = answered(conn, in, request); errs[c] != nil {
					return
				}
				all[c] = append(all[c], time.Since(t))
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

func answered(conn net.Conn, in *bufio.Reader, request []byte) error {
	if _, err := conn.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || string(body) != "ok\n") {
		err = fmt.Errorf("status %d: %s", resp.StatusCode, body)
	}
	return err
}

func signedRequest(addr string, body []byte) []byte {
	head := fmt.Appendf(nil, "POST /hooks/persona HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nPersona-Signature: %s\r\n\r\n",
		addr, len(body), signed(hookSecret, time.Now(), body))
	return append(head, body...)
}

// loadEvent is an event of about 4 KB: a transaction with the words of a synthetic one.
func loadEvent(n int64) []byte {
	filler := storetest.Bulk(int(n % 64))
	return fmt.Appendf(nil, `{"data":{"type":"event","id":"evt_%012d","attributes":{"name":"transaction.updated-fields","created-at":"2026-03-01T09:00:00.000Z",`+
		`"payload":{"data":{"type":"transaction","id":"txn_%012d","attributes":{"status":"created","created-at":"2026-03-01T08:00:00.000Z",`+
		`"fields":{"note":{"type":"string","value":"%s"}}}}}}}}`, n, n, strings.ToValidUTF8(strings.Map(plainLetter, string(filler[:3700])), "x"))
}

// plainLetter keeps what needs no escape within JSON.
func plainLetter(r rune) rune {
	if r < ' ' || r == '"' || r == '\\' {
		return ' '
	}
	return r
}
