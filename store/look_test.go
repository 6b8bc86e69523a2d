package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestALookIsRecordedOncePerEvidenceAndNowAndThenAnew(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	auditor := storetest.Colleague(t, d.db, review.RoleAuditor)
	look := func(by review.ColleagueID) {
		require.NoError(t, d.db.Look(t.Context(), d.id, by, d.file().Review.Evidence))
	}
	assert.Empty(t, d.file().Looks)
	look(d.anna)
	first := d.file().Review.Evidence
	want := review.Look{Review: d.id, By: d.anna, ByName: "Colleague anna", Evidence: first, At: storetest.Start}
	assert.Equal(t, []review.Look{want}, d.file().Looks)
	d.clock.Advance(review.LookEvery - time.Millisecond)
	look(d.anna)
	assert.Equal(t, []review.Look{want}, d.file().Looks, "not yet")
	d.clock.Advance(time.Millisecond)
	look(d.anna)
	want.At = d.clock.Now()
	assert.Equal(t, []review.Look{want}, d.file().Looks)
	look(auditor)
	require.Len(t, d.file().Looks, 2, "who only reads has seen it too")

	d.births("1971-01-31", map[string]string{"a": "1961-05-06"})
	require.NoError(t, d.db.Look(t.Context(), d.id, d.anna, first))
	assert.Len(t, d.file().Looks, 2, "a page that was made before is no look at what is there now")
	seen := d.file()
	look(d.anna)
	looks := d.file().Looks
	require.Len(t, looks, 3)
	assert.Equal(t, seen.Review.Evidence, looks[0].Evidence, "the newest first")
	require.ErrorIs(t, d.db.Look(t.Context(), 99, d.anna, first), review.ErrNotFound)
	require.ErrorIs(t, d.db.Look(t.Context(), d.id, "nobody", seen.Review.Evidence), review.ErrForbidden)

	d.births("1972-01-31", map[string]string{"a": "1961-05-06"})
	for _, l := range looks {
		_, err := d.db.AsSeen(t.Context(), l.Evidence)
		require.NoError(t, err, "what somebody saw can be shown again")
	}
	then, err := d.db.AsSeen(t.Context(), seen.Review.Evidence)
	require.NoError(t, err)
	assert.Equal(t, seen.Dossier, then)
}

func TestAClosedReviewIsNotLookedAt(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	decided(t, d.db, d.id, d.anna, review.Approve)
	require.NoError(t, d.db.Look(t.Context(), d.id, d.anna, d.file().Review.Evidence))
	assert.Empty(t, d.file().Looks)
}

func TestLooksAreThoseOfTheRoot(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	require.NoError(t, d.db.Look(t.Context(), d.id, d.anna, d.file().Review.Evidence))
	other := storetest.Review(t, d.db, func(c *storetest.Case) { c.ID = "txn_2" })
	assert.Empty(t, mustFile(t, d.db, other).Looks)
	first := d.id
	decided(t, d.db, d.id, d.anna, review.Approve)
	d.births("", map[string]string{"a": "1961-05-06"})
	storetest.Import(t, d.db, storetest.Payload(storetest.Report("rep_txn_1", d.clock.Now(), "a", "b", "c", "d")))
	all := reviewsOf(t, d.db, "txn_1")
	require.Len(t, all, 2)
	looks := mustFile(t, d.db, all[1].ID).Looks
	require.Len(t, looks, 1)
	assert.Equal(t, first, looks[0].Review)
}
