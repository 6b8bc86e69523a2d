package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestNobodyElseActsOnAClaimedReview(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	lead := storetest.Colleague(t, db, review.RoleLead)
	auditor := storetest.Colleague(t, db, review.RoleAuditor)
	id := storetest.Review(t, db)
	r, err := db.Claim(t.Context(), id, anna, false)
	require.NoError(t, err)
	assert.Equal(t, review.Claim{By: anna, Name: "Colleague anna", At: storetest.Start, Until: storetest.Start.Add(30 * time.Minute)}, r.Claim)

	_, err = db.Claim(t.Context(), id, ben, false)
	require.ErrorIs(t, err, review.ErrConflict)
	_, err = db.Claim(t.Context(), id, ben, true)
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = db.Claim(t.Context(), id, auditor, false)
	require.ErrorIs(t, err, review.ErrForbidden)
	require.ErrorIs(t, db.Release(t.Context(), id, ben), review.ErrConflict)
	_, err = db.AddNote(t.Context(), id, ben, "hello")
	require.ErrorIs(t, err, review.ErrConflict)

	r, err = db.Claim(t.Context(), id, lead, true)
	require.NoError(t, err)
	assert.Equal(t, lead, r.Claim.By)
	require.NoError(t, db.Release(t.Context(), id, lead))
	require.NoError(t, db.Release(t.Context(), id, lead), "twice changes nothing")
	var acts []review.Act
	for _, e := range mustFile(t, db, id).Entries {
		acts = append(acts, e.Act)
	}
	assert.Equal(t, []review.Act{review.ActReleased, review.ActClaimed, review.ActClaimed, review.ActReviewOpened}, acts)
	_, err = db.Claim(t.Context(), 99, anna, false)
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestEveryActMovesTheEndOfAClaim(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock), func(o *store.Options) { o.ClaimFor = 10 * time.Minute })
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	for i, act := range []func(){
		func() { storetest.Claimed(t, db, id, anna) },
		func() { _, err := db.AddNote(t.Context(), id, anna, "seen"); require.NoError(t, err) },
		func() { storetest.Disposed(t, db, id, anna, review.CannotTell) },
	} {
		clock.Advance(9 * time.Minute)
		act()
		assert.Equal(t, clock.Now().Add(10*time.Minute), mustFile(t, db, id).Review.Claim.Until, i)
	}
	clock.Advance(10 * time.Minute)
	page, err := db.Queue(t.Context(), review.QueueQuery{Assignee: "anna"})
	require.NoError(t, err)
	assert.Empty(t, page.Rows, "a claim that ran out needs no one to clear it")
	r, err := db.Claim(t.Context(), id, ben, false)
	require.NoError(t, err)
	assert.Equal(t, ben, r.Claim.By)
}

func TestNextClaimsTheOldestFreeReview(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	for _, hours := range []int{3, 1, 2} {
		storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_"+string(rune('0'+hours)), "needs_review", at(hours))))
	}
	for i, by := range []review.ColleagueID{anna, ben, anna} {
		id, err := db.Next(t.Context(), by)
		require.NoError(t, err)
		f := mustFile(t, db, id)
		assert.Equal(t, at(i+1), f.Review.OpenedAt)
		assert.Equal(t, by, f.Review.Claim.By)
	}
	_, err := db.Next(t.Context(), ben)
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestANoteIsNeitherEmptyNorEndless(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	for _, note := range []string{"", " \n", strings.Repeat("é", review.MaxNote+1)} {
		_, err := db.AddNote(t.Context(), id, anna, note)
		var invalid *review.Invalid
		require.ErrorAs(t, err, &invalid)
	}
	entry, err := db.AddNote(t.Context(), id, anna, "Called the bank.")
	require.NoError(t, err)
	f := mustFile(t, db, id)
	assert.Equal(t, review.Entry{ID: entry, Review: id, At: storetest.Start, Act: review.ActNoted, By: anna, ByName: "Colleague anna",
		Note: "Called the bank.", Evidence: f.Review.Evidence, Comparator: review.ComparatorVersion, Policy: 1}, f.Entries[0])
}
