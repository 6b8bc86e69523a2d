package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// Of the demo's month, too, every figure is what a recount of what docket exports gives.
func TestTheInsightsOfTheDemoAreWhatItsExportsAddUpTo(t *testing.T) {
	t.Parallel()
	d := demo{now: time.Now().UTC()}
	d.clock.Store(int64(-85 * 24 * time.Hour))
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "demo.db"),
		store.Options{Hydrate: persona.Hydrate, Pushes: persona.Pushes, Reduce: persona.Reduce, Read: persona.Read, Clock: d.time})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, d.fill(t.Context(), db, sandbox.Options{Transactions: 60, Seed: 1, Now: d.now}, "pw-long-enough-1"))
	today := review.DayOf(d.time())
	for _, days := range []review.DaySpan{{From: today.Monday() - 77, To: today + 1}, {From: today - 1, To: today + 1}} {
		got, _, err := db.Insights(t.Context(), days)
		require.NoError(t, err)
		want, err := storetest.Recount(t.Context(), db, days)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.NotZero(t, got.All.N())
		assert.NotZero(t, got.Opened)
	}
}
