package store_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func errand(id, cause string) review.Errand {
	return review.Errand{Kind: review.ErrandResource, Ref: ref("report/watchlist", id), Cause: cause}
}

func TestTheSameThingForTheSameCauseIsOneErrand(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	n, err := db.Want(t.Context(), []review.Errand{errand("rep_1", "thin"), errand("rep_1", "thin"), errand("rep_1", "absent")})
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	require.NoError(t, db.ErrandDone(t.Context(), 1))
	n, err = db.Want(t.Context(), []review.Errand{errand("rep_1", "thin"), {Kind: review.ErrandHistory, Ref: ref("report/watchlist", "rep_1"), Cause: "thin"}})
	require.NoError(t, err)
	assert.Equal(t, 1, n, "a done one is not begun again")
	due, err := db.DueErrands(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, due, 2)
	want := errand("rep_1", "absent")
	want.ID, want.State, want.At, want.NextAt = 2, review.ErrandWaiting, storetest.Start, storetest.Start
	assert.Equal(t, want, due[0])
	n, err = db.Want(t.Context(), nil)
	require.NoError(t, err)
	assert.Zero(t, n)
}

func TestErrandsComeWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	next, err := db.NextErrand(t.Context())
	require.NoError(t, err)
	assert.Zero(t, next)
	later := errand("rep_later", "follow")
	later.NextAt = storetest.Start.Add(time.Hour)
	_, err = db.Want(t.Context(), []review.Errand{later, errand("rep_1", "a"), errand("rep_2", "a")})
	require.NoError(t, err)
	due := func() (ids []string) {
		found, err := db.DueErrands(t.Context(), 10)
		require.NoError(t, err)
		for _, e := range found {
			ids = append(ids, e.Ref.ID)
		}
		return ids
	}
	assert.Equal(t, []string{"rep_1", "rep_2"}, due())
	require.NoError(t, db.ErrandAgain(t.Context(), 2, storetest.Start.Add(time.Minute), "Persona is slow"))
	require.NoError(t, db.ErrandFailed(t.Context(), 3, strings.Repeat("é", 5_000)))
	assert.Empty(t, due())
	next, err = db.NextErrand(t.Context())
	require.NoError(t, err)
	assert.Equal(t, storetest.Start.Add(time.Minute), next)
	clock.Advance(time.Minute)
	found, err := db.DueErrands(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "Persona is slow", found[0].Problem)
	assert.Equal(t, 1, found[0].Tries)
	clock.Advance(time.Hour)
	assert.Equal(t, []string{"rep_1", "rep_later"}, due())
	failed, _, err := db.Errands(t.Context(), []review.ErrandState{review.ErrandFailed}, "", 10)
	require.NoError(t, err)
	require.Len(t, failed, 1)
	assert.Equal(t, strings.Repeat("é", 1_000)+"…", failed[0].Problem)
}

func TestAFailedErrandIsTriedAgainByALead(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	lead := storetest.Colleague(t, db, review.RoleLead)
	reviewer := storetest.Colleague(t, db, review.RoleReviewer)
	auditor := storetest.Colleague(t, db, review.RoleAuditor)
	_, err := db.Want(t.Context(), []review.Errand{errand("rep_1", "a")})
	require.NoError(t, err)
	require.NoError(t, db.ErrandFailed(t.Context(), 1, "gone"))
	require.ErrorIs(t, db.ErrandAgain(t.Context(), 1, storetest.Start, ""), review.ErrConflict)
	require.ErrorIs(t, db.ErrandFailed(t.Context(), 1, ""), review.ErrConflict)
	for _, by := range []review.ColleagueID{reviewer, auditor, "nobody"} {
		require.ErrorIs(t, db.RetryErrand(t.Context(), 1, by), review.ErrForbidden, by)
	}
	require.NoError(t, db.RetryErrand(t.Context(), 1, lead))
	due, err := db.DueErrands(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	assert.Empty(t, due[0].Problem)
	require.NoError(t, db.ErrandDone(t.Context(), 1))
	require.ErrorIs(t, db.RetryErrand(t.Context(), 1, lead), review.ErrConflict)
	require.ErrorIs(t, db.ErrandDone(t.Context(), 7), review.ErrNotFound)
	require.ErrorIs(t, db.RetryErrand(t.Context(), 7, lead), review.ErrNotFound)
}

func TestOneOfTwoProcessesRunsAnErrand(t *testing.T) {
	t.Parallel()
	clock, path := storetest.NewClock(), filepath.Join(t.TempDir(), "docket.db")
	one, other := storetest.OpenFile(t, path, storetest.WithClock(clock)), storetest.OpenFile(t, path, storetest.WithClock(clock))
	lead := storetest.Colleague(t, one, review.RoleLead)
	const errands = 20
	var wants []review.Errand
	for i := range errands {
		wants = append(wants, errand("rep_"+strconv.Itoa(i), "a"))
	}
	_, err := one.Want(t.Context(), wants)
	require.NoError(t, err)
	var mu sync.Mutex
	taken := map[review.ErrandID][]*store.DB{}
	var work sync.WaitGroup
	for range 4 {
		for _, db := range []*store.DB{one, other} {
			work.Go(func() {
				due, err := db.DueErrands(t.Context(), errands)
				assert.NoError(t, err)
				for _, e := range due {
					switch err := db.BeginErrand(t.Context(), e.ID, time.Minute); {
					case err == nil:
						mu.Lock()
						taken[e.ID] = append(taken[e.ID], db)
						mu.Unlock()
					default:
						assert.ErrorIs(t, err, review.ErrConflict)
					}
				}
			})
		}
	}
	work.Wait()
	require.Len(t, taken, errands)
	for id, by := range taken {
		assert.Len(t, by, 1, id)
	}
	holder, rival := taken[1][0], one
	if holder == one {
		rival = other
	}
	require.ErrorIs(t, rival.ErrandAgain(t.Context(), 1, clock.Now(), "x"), review.ErrConflict)
	require.ErrorIs(t, rival.ErrandFailed(t.Context(), 1, "x"), review.ErrConflict)
	require.ErrorIs(t, rival.LeaveErrand(t.Context(), 1), review.ErrConflict)
	require.ErrorIs(t, rival.RetryErrand(t.Context(), 1, lead), review.ErrConflict, "it is being run")
	next, err := rival.NextErrand(t.Context())
	require.NoError(t, err)
	assert.Equal(t, clock.Now().Add(time.Minute), next)

	// Whoever stopped loses it after the lease, and can do nothing about it then.
	clock.Advance(time.Minute)
	require.NoError(t, rival.BeginErrand(t.Context(), 1, time.Minute))
	require.ErrorIs(t, holder.ErrandAgain(t.Context(), 1, clock.Now(), "x"), review.ErrConflict)
	require.NoError(t, rival.LeaveErrand(t.Context(), 1))
	require.NoError(t, holder.BeginErrand(t.Context(), 1, time.Minute), "what was left is there at once")
	require.NoError(t, holder.ErrandFailed(t.Context(), 1, "gone"))
	require.NoError(t, rival.RetryErrand(t.Context(), 1, lead))
	require.NoError(t, rival.BeginErrand(t.Context(), 1, time.Minute))
	require.NoError(t, rival.ErrandDone(t.Context(), 1))
	require.ErrorIs(t, holder.BeginErrand(t.Context(), 1, time.Minute), review.ErrConflict)
	require.ErrorIs(t, holder.BeginErrand(t.Context(), 999, time.Minute), review.ErrNotFound)
}

func TestErrandsAreListedStateAfterStateInPages(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for i := range 11 {
		_, err := db.Want(t.Context(), []review.Errand{errand("rep_"+strconv.Itoa(i), "a")})
		require.NoError(t, err)
	}
	for _, id := range []review.ErrandID{2, 5, 9} {
		require.NoError(t, db.ErrandFailed(t.Context(), id, "gone"))
	}
	states := []review.ErrandState{review.ErrandFailed, review.ErrandWaiting}
	for limit := 1; limit <= 12; limit++ {
		var ids []review.ErrandID
		for after, pages := "", 0; ; pages++ {
			require.Less(t, pages, 12)
			found, next, err := db.Errands(t.Context(), states, after, limit)
			require.NoError(t, err)
			for _, e := range found {
				ids = append(ids, e.ID)
			}
			if after = next; next == "" {
				break
			}
			require.Len(t, found, limit)
		}
		assert.Equal(t, []review.ErrandID{9, 5, 2, 11, 10, 8, 7, 6, 4, 3, 1}, ids, "pages of %d", limit)
	}
	for _, none := range []string{"x", "failed", "failed.", "failed.x", "failed.0", "failed.-1", "done.3", ".", "failed.99999999999999999999", "waiting.3.4"} {
		_, _, err := db.Errands(t.Context(), states, none, 10)
		assert.ErrorIs(t, err, review.ErrNotFound, none)
	}
}
