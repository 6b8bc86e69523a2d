package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
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
	failed, err := db.Errands(t.Context(), review.ErrandFailed, 10)
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
