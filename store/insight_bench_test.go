package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

// BenchmarkInsights times the page's figures of a year on 100,000 reviews with 300,000 findings: from
// cold, when an entry came, and when nothing did.
func BenchmarkInsights(b *testing.B) {
	path := filepath.Join(b.TempDir(), "insights.db")
	db := storetest.OpenFile(b, path)
	storetest.Colleague(b, db, review.RoleReviewer, "anna")
	require.NoError(b, db.FillRecord(b.Context(), 100_000))
	today := review.DayOf(storetest.Start)
	days := review.DaySpan{From: today - 364, To: today + 1}
	in, now, err := db.UnkeptInsights(b.Context(), days)
	require.NoError(b, err)
	b.Logf("decided %d, findings %d, open %d, halted %d", in.Decided, in.All.N(), now.Open, now.Halted.N)
	require.Equal(b, 300_000, in.All.N())
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			in, now, err = db.UnkeptInsights(b.Context(), days)
		}
	})
	b.Run("twelve weeks", func(b *testing.B) {
		for b.Loop() {
			in, now, err = db.UnkeptInsights(b.Context(), review.DaySpan{From: today - 83, To: today + 1})
		}
	})
	b.Run("kept", func(b *testing.B) {
		for b.Loop() {
			in, now, err = db.Insights(b.Context(), days)
		}
	})
	require.NoError(b, err)
	assert.NotZero(b, in.Decided+now.Open)
}
