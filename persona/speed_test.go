package persona_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"runtime"
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
func wholeTransactions(n int) (ndjson []byte, each [][]byte) {
	for p := range sandbox.Payloads(sandbox.Options{Transactions: 4 * n, Seed: 7}) {
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

// BenchmarkImportWhole imports transactions with two reports each, from bytes to reviews, fully
// durable; in turn it inserts the same bytes barely, 200 to a commit.
func BenchmarkImportWhole(b *testing.B) {
	const n = 4000
	ndjson, each := wholeTransactions(n)
	require.Len(b, each, n)
	var took, floor, used time.Duration
	rounds, transactions := 0, 0
	for b.Loop() {
		began := time.Now()
		bare(b, each)
		floor += time.Since(began)

		db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "import.db"), store.Options{Hydrate: persona.Hydrate, Bulk: true})
		require.NoError(b, err)
		runtime.GC()
		before := processor(b)
		began = time.Now()
		counts, err := persona.Import(b.Context(), db, []string{"-"}, persona.ImportOptions{Stdin: bytes.NewReader(ndjson)})
		took += time.Since(began)
		used += processor(b) - before
		require.NoError(b, err)
		require.Greater(b, counts.Transactions, n*9/10, "a few come twice")
		transactions += counts.Transactions
		require.Zero(b, counts.Quarantined)
		require.NoError(b, db.Close())
		rounds++
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(ndjson))/n, "bytes/payload")
	b.ReportMetric(float64(transactions)/took.Seconds(), "transactions/s")
	b.ReportMetric(float64(used.Microseconds())/float64(transactions), "cpu-µs/transaction")
	b.ReportMetric(float64(rounds*n)/floor.Seconds(), "floor-inserts/s")
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
