package persona_test

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func openStore(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{
		Hydrate: persona.Hydrate, Clock: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestAnImportReachesTheQueue(t *testing.T) {
	t.Parallel()
	db := openStore(t)
	path := filepath.Join("testdata", "fixtures")
	first, err := persona.Import(t.Context(), db, []string{path}, persona.ImportOptions{})
	require.NoError(t, err)
	assert.Zero(t, first.Quarantined)
	assert.Positive(t, first.ReviewsOpened)
	page, err := db.Queue(t.Context(), review.QueueQuery{Limit: 1})
	require.NoError(t, err)
	assert.Len(t, page.Rows, 1)

	again, err := persona.Import(t.Context(), db, []string{path}, persona.ImportOptions{})
	require.NoError(t, err)
	assert.Equal(t, persona.Counts{Payloads: first.Payloads, Duplicate: first.Payloads}, again)

	var reasons []string
	broken, err := persona.Import(t.Context(), db, []string{filepath.Join("testdata", "broken")}, persona.ImportOptions{
		Report: func(_, reason string) { reasons = append(reasons, reason) }})
	require.NoError(t, err)
	assert.Positive(t, broken.Quarantined)
	lying, _, err := db.Quarantined(t.Context(), "", 100)
	require.NoError(t, err)
	assert.Len(t, lying, broken.Quarantined)
	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Empty(t, unread)
}

// BenchmarkImport carries synthetic payloads from bytes to the queue, with full durability.
func BenchmarkImport(b *testing.B) {
	var lines bytes.Buffer
	require.NoError(b, sandbox.Generate(&lines, sandbox.Options{Transactions: 3000, Seed: 1}))
	b.SetBytes(int64(lines.Len()))
	var took time.Duration
	var payloads, transactions int
	for b.Loop() {
		db := openStore(b)
		start := time.Now()
		counts, err := persona.Import(b.Context(), db, []string{"-"}, persona.ImportOptions{Stdin: bytes.NewReader(lines.Bytes())})
		require.NoError(b, err)
		took += time.Since(start)
		payloads += counts.Payloads
		transactions += counts.Transactions
	}
	b.ReportMetric(float64(payloads)/took.Seconds(), "payloads/s")
	b.ReportMetric(float64(transactions)/took.Seconds(), "transactions/s")
	b.ReportMetric(float64(lines.Len())*float64(b.N)/float64(payloads), "bytes/payload")
}
