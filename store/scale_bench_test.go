package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// BenchmarkAtScale times the reads behind pages on a database of DOCKET_SCALE transactions
// (10,000), half of which wait for a person. DOCKET_SCALE_DB names a file that is made once and
// used again.
func BenchmarkAtScale(b *testing.B) {
	n := 10_000
	if s := os.Getenv("DOCKET_SCALE"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		require.NoError(b, err)
	}
	path := os.Getenv("DOCKET_SCALE_DB")
	if path == "" {
		path = filepath.Join(b.TempDir(), "scale.db")
	}
	_, err := os.Stat(path)
	made := err == nil
	db := storetest.OpenFile(b, path)
	if !made {
		fill(b, db, n)
	}
	page, err := db.Queue(b.Context(), review.QueueQuery{Limit: 100})
	require.NoError(b, err)
	b.Logf("open: %d", page.Tabs[review.TabOpen])
	ids := make([]review.ReviewID, len(page.Rows))
	for i, r := range page.Rows {
		ids[i] = r.Review
	}
	for _, q := range []struct {
		name string
		q    review.QueueQuery
	}{
		{"first page", review.QueueQuery{}},
		{"by matches", review.QueueQuery{Sort: review.SortMatches}},
		{"all", review.QueueQuery{Tab: review.TabAll, Sort: review.SortSubject}},
		{"country", review.QueueQuery{Country: "PT"}},
		{"country and tag by subject", review.QueueQuery{Country: "PT", Tag: "payout", Sort: review.SortSubject}},
		{"free", review.QueueQuery{Assignee: "free"}},
		{"search full name", review.QueueQuery{Search: "Ines Varga"}},
		{"search surname", review.QueueQuery{Search: "petrov"}},
		{"search prefix", review.QueueQuery{Search: "pe"}},
		{"search reference", review.QueueQuery{Search: "order-104242"}},
		{"search common and country", review.QueueQuery{Search: "order", Country: "DE"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			timed(b, func(int) { _, err = db.Queue(b.Context(), q.q) })
			require.NoError(b, err)
		})
	}
	b.Run("filters", func(b *testing.B) {
		timed(b, func(int) { _, err = db.QueueFilters(b.Context(), review.TabOpen) })
		require.NoError(b, err)
	})
	b.Run("review", func(b *testing.B) {
		timed(b, func(i int) { _, err = db.ReviewFile(b.Context(), ids[i%len(ids)]) })
		require.NoError(b, err)
	})
}

// timed runs fn and reports the middle and the hundredth slowest run beside the mean.
func timed(b *testing.B, fn func(i int)) {
	b.Helper()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		fn(i)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

func fill(b *testing.B, db *store.DB, n int) {
	b.Helper()
	began := time.Now()
	for i := 0; i < n; i += 500 {
		payloads := make([][]byte, 0, 500)
		for j := i; j < min(i+500, n); j++ {
			payloads = append(payloads, storetest.Small(j))
		}
		storetest.Import(b, db, payloads...)
	}
	b.Logf("filled in %s", time.Since(began))
}
