package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

const largeLedger = 1_000_000

var ledgerFile = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "docket-ledger-") })

// filledLedger is a store whose ledger has a million entries; made once for all benchmarks of a run.
func filledLedger(b *testing.B) *store.DB {
	b.Helper()
	dir, err := ledgerFile()
	require.NoError(b, err)
	path := filepath.Join(dir, "large.db")
	db, err := store.Open(b.Context(), path, options(func(o *store.Options) { o.Bulk = true }))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	if size, err := db.LedgerSize(b.Context()); err != nil || size < largeLedger { // a new one has the entry of its policy
		storetest.Colleague(b, db, review.RoleReviewer, "anna")
		storetest.Review(b, db)
		began := time.Now()
		require.NoError(b, db.FillLedger(b.Context(), largeLedger))
		b.Logf("filled in %s", time.Since(began).Round(time.Second))
	}
	return db
}

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := ledgerFile(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// BenchmarkVerifyLedger verifies a million entries whole; in turn it only reads and hashes records.
func BenchmarkVerifyLedger(b *testing.B) {
	db := filledLedger(b)
	var took, floor, used, floorUsed time.Duration
	var n int64
	for b.Loop() {
		before, began := processor(b), time.Now()
		report, err := db.VerifyLedger(b.Context(), store.LedgerCheck{})
		took += time.Since(began)
		used += processor(b) - before
		require.NoError(b, err)
		require.Nil(b, report.Break)
		n += report.Size
		before, began = processor(b), time.Now()
		_, err = db.FloorOfLedger(b.Context())
		floor += time.Since(began)
		floorUsed += processor(b) - before
		require.NoError(b, err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n)/took.Seconds(), "entries/s")
	b.ReportMetric(float64(n)/used.Seconds(), "entries/cpu-s")
	b.ReportMetric(float64(n)/floor.Seconds(), "floor-entries/s")
	b.ReportMetric(float64(n)/floorUsed.Seconds(), "floor-entries/cpu-s")
}

// BenchmarkLedgerProof proves an entry somewhere in a million, and checks the proof.
func BenchmarkLedgerProof(b *testing.B) {
	db := filledLedger(b)
	entry := review.EntryID(1)
	for b.Loop() {
		entry = (entry*48271)%largeLedger + 1
		p, err := db.LedgerProof(b.Context(), entry, 0)
		require.NoError(b, err)
		require.NoError(b, p.Check(review.Checkpoint{Size: p.Size, Root: p.Root}))
	}
}

// BenchmarkSeal makes the leaf of one entry in an act of its own: seal-µs is how long half of them took at
// most, act-µs the same of that act with its commit.
func BenchmarkSeal(b *testing.B) {
	db := storetest.Open(b)
	storetest.Colleague(b, db, review.RoleReviewer, "anna")
	var seals, acts []time.Duration
	for b.Loop() {
		seal, act, err := db.SealOne(b.Context())
		require.NoError(b, err)
		seals, acts = append(seals, seal), append(acts, act)
	}
	b.ReportMetric(0, "ns/op")
	for unit, all := range map[string][]time.Duration{"seal-µs": seals, "act-µs": acts} {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Nanoseconds())/1e3, unit)
		b.ReportMetric(float64(all[len(all)/10].Nanoseconds())/1e3, "tenth-"+unit)
	}
}
