package store_test

import (
	"database/sql"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

const benchBatch = 200

// batch gives the n-th batch of payloads, read.
func batch(n int) ([]review.Arrival, []review.Reading) {
	arrivals := make([]review.Arrival, benchBatch)
	readings := make([]review.Reading, benchBatch)
	for i := range arrivals {
		p := storetest.Bulk(n*benchBatch + i)
		arrivals[i] = review.Arrival{Bytes: p, Source: "import", About: "bench"}
		readings[i] = storetest.Read(p)
	}
	return arrivals, readings
}

// Keep and absorb batches of 200 self-contained payloads of 8 KB; beside it the least that a
// durable import could do, which is to insert the same bytes and commit.
func BenchmarkImport(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
		require.NoError(b, err)
		defer func() { require.NoError(b, db.Close()) }()
		_, err = db.Exec(`CREATE TABLE payload (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`)
		require.NoError(b, err)
		n := 0
		for b.Loop() {
			b.StopTimer()
			arrivals, _ := batch(n)
			n++
			b.StartTimer()
			tx, err := db.Begin()
			require.NoError(b, err)
			s, err := tx.Prepare(`INSERT INTO payload (body) VALUES (?)`)
			require.NoError(b, err)
			for _, a := range arrivals {
				_, err := s.Exec(a.Bytes)
				require.NoError(b, err)
			}
			require.NoError(b, tx.Commit())
		}
		b.ReportMetric(float64(n*benchBatch)/b.Elapsed().Seconds(), "payloads/s")
	})
	b.Run("store", func(b *testing.B) {
		db := storetest.Open(b)
		n, used := 0, time.Duration(0)
		for b.Loop() {
			b.StopTimer()
			arrivals, readings := batch(n)
			n++
			runtime.GC()
			before := processor(b)
			b.StartTimer()
			importBatch(b, db, arrivals, readings)
			used += processor(b) - before
		}
		b.ReportMetric(float64(n*benchBatch)/b.Elapsed().Seconds(), "payloads/s")
		b.ReportMetric(float64(used.Microseconds())/float64(n*benchBatch), "cpu-µs/payload")
	})
}

func importBatch(b *testing.B, db *store.DB, arrivals []review.Arrival, readings []review.Reading) {
	b.Helper()
	_, err := db.Keep(b.Context(), arrivals)
	require.NoError(b, err)
	got, err := db.Absorb(b.Context(), readings)
	require.NoError(b, err)
	if got.Transactions != len(readings) {
		b.Fatalf("absorbed %d transactions of %d", got.Transactions, len(readings))
	}
}

// processor is the time that all cores have spent on this process: unlike the clock on the
// wall, others on the same machine hardly move it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
