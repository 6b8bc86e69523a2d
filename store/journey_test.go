package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestAReviewGoesFromPayloadToDecision(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(2))

	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, id, page.Rows[0].Review)
	assert.Equal(t, "Ines Okafor", page.Rows[0].Subject)
	assert.Equal(t, 2, page.Rows[0].Matches)
	assert.Equal(t, review.WhyFirst, page.Rows[0].Why)
	assert.Equal(t, 1, page.Tabs[review.TabOpen])
	assert.Equal(t, review.Bands{InTime: 1, Oldest: storetest.Start.Add(-time.Hour)}, page.Bands)

	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	clock.Advance(time.Minute)
	d, err := db.Decide(t.Context(), id, anna, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive,
		Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	assert.Equal(t, review.FindingTally{Matches: 2, FalsePositives: 2}, d.Tally)

	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, review.StateClosed, f.Review.State)
	assert.Equal(t, review.ClosingDecided, f.Review.Closing)
	assert.Zero(t, f.Review.Claim, "a closed review is nobody's")
	assert.Len(t, f.Found, 2)
	require.Len(t, f.Decisions, 1)
	assert.Equal(t, d, f.Decisions[0])
	var acts []review.Act
	for _, e := range f.Entries {
		acts = append(acts, e.Act)
	}
	assert.Equal(t, []review.Act{review.ActDecided, review.ActDisposed, review.ActDisposed, review.ActClaimed, review.ActReviewOpened}, acts)

	for tab, n := range map[review.Tab]int{review.TabOpen: 0, review.TabClosed: 1} {
		page, err := db.Queue(t.Context(), review.QueueQuery{Tab: tab, Search: "okafor"})
		require.NoError(t, err)
		assert.Len(t, page.Rows, n, "found where it now stands: %s", tab)
	}

	rows, next, total, err := db.Decisions(t.Context(), store.DecisionQuery{Search: "okafor"})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	assert.Equal(t, "Ines Okafor", rows[0].Subject)
	assert.Empty(t, next)
	assert.Equal(t, review.Count{N: 1}, total)

	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func mustFile(t *testing.T, db *store.DB, id review.ReviewID) store.ReviewFile {
	t.Helper()
	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	f.Edition = 0 // given anew by each store
	return f
}
