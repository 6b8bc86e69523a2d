package persona_test

import (
	"bytes"
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/store"
)

// wholeTransactions gives payloads that each hold one transaction with its account and two
// reports, about 8 KB each, as NDJSON.
func wholeTransactions(n int, seed uint64) (ndjson []byte, each [][]byte) {
	// Those of this size wait for a person more often than others: with this share, as many open a review as
	// of all that is generated otherwise, a fifth.
	for p := range sandbox.Payloads(sandbox.Options{Transactions: 5 * n, Seed: seed, ReviewShare: 0.04}) {
		if len(p) < 6<<10 || len(p) > 12<<10 || !bytes.Contains(p, []byte(`"transaction.`)) || bytes.Count(p, []byte(`"type":"report/`)) < 4 {
			continue // a linkage and an inclusion each name the type
		}
		each = append(each, bytes.Clone(p))
		ndjson = append(append(ndjson, p...), '\n')
		if len(each) == n {
			break
		}
	}
	return ndjson, each
}

// BenchmarkImportWhole imports transactions with two reports each, from a file to reviews, fully
// durable; in turn it inserts the same bytes barely, 200 to a commit.
func BenchmarkImportWhole(b *testing.B) {
	benchmarkImport(b, func() (ndjson []byte, each [][]byte, path string) {
		ndjson, each = wholeTransactions(4000, 7)
		return ndjson, each, filepath.Join(b.TempDir(), "import.db")
	})
}

// BenchmarkImportLarge does the same into the database that DOCKET_BENCH_DB names, which grows by
// other transactions each time.
func BenchmarkImportLarge(b *testing.B) {
	path := os.Getenv("DOCKET_BENCH_DB")
	if path == "" {
		b.Skip("DOCKET_BENCH_DB names no database; the README says how to make one")
	}
	benchmarkImport(b, func() ([]byte, [][]byte, string) {
		ndjson, each := wholeTransactions(48_000, rand.Uint64()) //nolint:gosec // any other transactions will do
		return ndjson, each, path
	})
}

func benchmarkImport(b *testing.B, next func() (ndjson []byte, each [][]byte, path string)) {
	b.Helper()
	var took, floor, used time.Duration
	var size, transactions, reviews, inserts int
	for b.Loop() {
		ndjson, each, path := next()
		rows := len(each)
		size, inserts = size+len(ndjson), inserts+rows
		payloads := filepath.Join(b.TempDir(), "payloads.ndjson")
		require.NoError(b, os.WriteFile(payloads, ndjson, 0o600))
		began := time.Now()
		bare(b, each)
		floor += time.Since(began)

		// From here on the payloads are on disk alone, and garbage is collected, as for the command.
		percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(368<<20)
		debug.FreeOSMemory()
		db, err := store.Open(b.Context(), path, store.Options{Hydrate: persona.Hydrate, Bulk: true})
		require.NoError(b, err)
		before := processor(b)
		began = time.Now()
		counts, err := persona.Import(b.Context(), db, []string{payloads}, persona.ImportOptions{})
		took += time.Since(began)
		used += processor(b) - before
		require.NoError(b, err)
		require.Greater(b, counts.Transactions, rows*9/10, "a few come twice")
		transactions, reviews = transactions+counts.Transactions, reviews+counts.ReviewsOpened
		require.Zero(b, counts.Quarantined)
		require.NoError(b, db.Close())
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(size)/float64(inserts), "bytes/payload")
	b.ReportMetric(float64(transactions)/took.Seconds(), "transactions/s")
	b.ReportMetric(float64(reviews)/float64(transactions), "reviews/transaction")
	b.ReportMetric(float64(used.Microseconds())/float64(transactions), "cpu-µs/transaction")
	b.ReportMetric(float64(inserts)/floor.Seconds(), "floor-inserts/s")
	b.ReportMetric(floor.Seconds()/took.Seconds(), "of-floor")
}

// processor is the time that all cores have spent on this process: unlike the clock on the
// wall, others on the same machine hardly move it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func bare(b *testing.B, payloads [][]byte) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	require.NoError(b, err)
	_, err = db.Exec(`CREATE TABLE payload (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`)
	require.NoError(b, err)
	for from := 0; from < len(payloads); from += 200 {
		tx, err := db.Begin()
		require.NoError(b, err)
		insert, err := tx.Prepare(`INSERT INTO payload (body) VALUES (?)`)
		require.NoError(b, err)
		for _, p := range payloads[from:min(from+200, len(payloads))] {
			_, err := insert.Exec(p)
			require.NoError(b, err)
		}
		require.NoError(b, tx.Commit())
	}
	require.NoError(b, db.Close())
}
