package store_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func accessesOf(t *testing.T, db *store.DB, by review.ColleagueID) []review.Access {
	t.Helper()
	var all []review.Access
	require.NoError(t, db.EachRecord(t.Context(), store.RecordQuery{By: by, Show: store.RecordAccesses}, func(r store.RecordRow) error {
		all = append(all, *r.Access)
		return nil
	}))
	return all
}

func TestOpeningsWithinTenMinutesAreOneRow(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	open := func() { require.NoError(t, db.Opened(t.Context(), anna, review.AccessParty, "p1", 0)) }
	open()
	got := accessesOf(t, db, anna)
	require.Len(t, got, 1, "it is on disk before anything is shown")
	assert.Equal(t, review.Access{ID: got[0].ID, By: anna, ByName: "Colleague anna", What: review.AccessParty, Object: "p1",
		FirstAt: storetest.Start, LastAt: storetest.Start, N: 1}, got[0])
	for range 9 {
		clock.Advance(time.Minute)
		open()
	}
	clock.Advance(time.Minute)
	open()
	require.NoError(t, db.Opened(t.Context(), anna, review.AccessParty, "p2", 0))
	require.NoError(t, db.Close())

	db = storetest.OpenFile(t, path, storetest.WithClock(clock))
	clock.Advance(time.Minute)
	require.NoError(t, db.Opened(t.Context(), anna, review.AccessParty, "p1", 0))
	got = accessesOf(t, db, anna)
	counts := map[string][]int{}
	for _, x := range got {
		counts[x.Object] = append(counts[x.Object], x.N)
	}
	assert.Equal(t, map[string][]int{"p1": {2, 10}, "p2": {1}}, counts, "a restart begins no new row")
	assert.Equal(t, storetest.Start.Add(9*time.Minute), got[len(got)-1].LastAt)
}

func TestManyOpeningsAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	bert := storetest.Colleague(t, db, review.RoleAuditor, "bert")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			by := anna
			if i%2 == 0 {
				by = bert
			}
			assert.NoError(t, db.Opened(t.Context(), by, review.AccessReview, string(rune('a'+i%10/2)), 0))
		})
	}
	wg.Wait()
	require.NoError(t, db.Close())
	db = storetest.OpenFile(t, path)
	n := 0
	for _, by := range []review.ColleagueID{anna, bert} {
		rows := accessesOf(t, db, by)
		assert.Len(t, rows, 5, "one row for each object")
		for _, r := range rows {
			n += r.N
		}
	}
	assert.Equal(t, 200, n)
}

func TestWhatCannotBeRecordedIsAnError(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	require.Error(t, db.Opened(t.Context(), "nobody", review.AccessQueue, "", 0), "no colleague")
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	require.Error(t, db.Opened(t.Context(), anna, "everything", "", 0), "no such kind")
	require.NoError(t, db.Opened(t.Context(), anna, review.AccessQueue, "", 0), "what failed does not stand in the way")
	assert.Len(t, accessesOf(t, db, anna), 1)
	for _, kind := range review.AccessKinds() {
		require.NoError(t, db.Opened(t.Context(), anna, kind, "x", 0), "the CHECK knows %s", kind)
	}
}
