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

// reviewsOf gives the reviews of a transaction, oldest first.
func reviewsOf(t *testing.T, db *store.DB, txn review.TransactionID) []review.Review {
	t.Helper()
	f, err := db.TransactionFile(t.Context(), txn)
	require.NoError(t, err)
	var all []review.Review
	for i := len(f.Reviews) - 1; i >= 0; i-- {
		all = append(all, f.Reviews[i])
	}
	return all
}

func moved(status string, hours int) []byte {
	return storetest.Payload(storetest.Transaction("txn_1", status, at(hours)))
}

func TestAReviewOpensWithAReviewStatusInAnySpelling(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"needs_review", "needs review", "Needs Review", "needs-review"} {
		db := storetest.Open(t)
		assert.Equal(t, 1, storetest.Import(t, db, moved(status, 1)).ReviewsOpened, status)
		r := reviewsOf(t, db, "txn_1")
		require.Len(t, r, 1)
		assert.Equal(t, review.StateOpen, r[0].State)
		assert.Equal(t, at(1), r[0].OpenedAt)
		assert.Equal(t, review.OpeningStatus, r[0].Opening)
	}
	db := storetest.Open(t)
	assert.Zero(t, storetest.Import(t, db, moved("approved", 1)).ReviewsOpened)
}

func TestAReviewClosesWhenPersonaMovesOnAndAnotherOpensWhenItComesBack(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	storetest.Import(t, db, moved("needs_review", 1))
	id := reviewsOf(t, db, "txn_1")[0].ID
	storetest.Claimed(t, db, id, anna)
	storetest.Import(t, db, moved("Approved", 5))
	r := reviewsOf(t, db, "txn_1")
	require.Len(t, r, 1)
	assert.Equal(t, review.Review{ID: id, Root: review.Ref{Type: "transaction", ID: "txn_1"}, Transaction: "txn_1", State: review.StateClosed, Opening: review.OpeningStatus, OpenedAt: at(1),
		ClosedAt: at(5), Closing: review.ClosingPersona, LeftStatus: "Approved", Evidence: r[0].Evidence}, r[0])
	entries := mustFile(t, db, id).Entries
	assert.Equal(t, review.ActReviewClosed, entries[0].Act)
	assert.Equal(t, "Approved", entries[0].Status)

	assert.Equal(t, 1, storetest.Import(t, db, moved("needs_review", 9)).ReviewsOpened)
	r = reviewsOf(t, db, "txn_1")
	require.Len(t, r, 2)
	assert.Equal(t, review.StateOpen, r[1].State)
	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, review.WhyNothing, page.Rows[0].Why)
	assert.Equal(t, r[1].ID, page.Rows[0].Review)
	require.Len(t, mustFile(t, db, r[1].ID).Earlier, 1)
}

func TestADecidedReviewStaysDecided(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	d := decided(t, db, id, anna, review.Decline)
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "declined", storetest.Start)))
	r := reviewsOf(t, db, "txn_1")
	require.Len(t, r, 1, "a running episode that was decided opens nothing")
	assert.Equal(t, review.ClosingDecided, r[0].Closing)
	assert.Equal(t, d.At, r[0].ClosedAt)
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "needs_review", storetest.Start.Add(time.Minute))))
	r = reviewsOf(t, db, "txn_1")
	require.Len(t, r, 2, "coming back opens another")
	assert.Equal(t, review.StateOpen, r[1].State)
}

func TestAMatchThatTheDecisionNeverSawOpensAReview(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	clock.Advance(time.Hour)
	d := decided(t, db, id, anna, review.Approve)

	again := storetest.Report("rep_txn_1", d.At.Add(day), "a")
	assert.Zero(t, storetest.Import(t, db, storetest.Payload(again)).ReviewsOpened, "a judged match opens nothing")
	later := storetest.Report("rep_txn_1", d.At.Add(2*day), "a", "b")
	assert.Equal(t, 1, storetest.Import(t, db, storetest.Payload(later)).ReviewsOpened)
	assert.Zero(t, storetest.Import(t, db, storetest.Payload(later.Fact("query", "x"))).ReviewsOpened, "once is enough")
	r := reviewsOf(t, db, "txn_1")
	require.Len(t, r, 2)
	assert.Equal(t, review.OpeningMatches, r[1].Opening)
	assert.Equal(t, d.At.Add(2*day), r[1].OpenedAt)
	assert.Equal(t, review.StateOpen, r[1].State)
	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	assert.Equal(t, review.WhyNewMatch, page.Rows[0].Why)
	assert.Equal(t, 0, page.Rows[0].Answered, "findings belong to one review")

	decided(t, db, r[1].ID, anna, review.Approve)
	storetest.Import(t, db, storetest.Payload(later.Fact("query", "y")))
	assert.Len(t, reviewsOf(t, db, "txn_1"), 2)
	late := storetest.Report("rep_txn_1", d.At.Add(time.Minute), "c")
	storetest.Import(t, db, storetest.Payload(late))
	assert.Len(t, reviewsOf(t, db, "txn_1"), 2, "an older state does not bring its matches back")
}

func TestALateArrivalGivesTheReviewsOfATimelyOne(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Import(t, db, moved("needs_review", 1))
	storetest.Import(t, db, moved("needs_review", 9))
	id := reviewsOf(t, db, "txn_1")[0].ID
	storetest.Import(t, db, moved("approved", 5))
	r := reviewsOf(t, db, "txn_1")
	require.Len(t, r, 2)
	assert.Equal(t, id, r[0].ID)
	assert.Equal(t, review.ClosingPersona, r[0].Closing)
	assert.Equal(t, at(9), r[1].OpenedAt)
	storetest.Import(t, db, moved("needs_review", 0))
	r = reviewsOf(t, db, "txn_1")
	require.Len(t, r, 2)
	assert.Equal(t, at(0), r[0].OpenedAt, "it began earlier than we knew")
	storetest.Import(t, db, moved("in transit", 3))
	assert.Equal(t, at(3), reviewsOf(t, db, "txn_1")[0].ClosedAt)
}

func TestReviewsOfOneCallAreNumberedByAge(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	var payloads [][]byte
	for i, hours := range []int{5, 3, 9, 3} {
		id := string(rune('d' - i))
		payloads = append(payloads, storetest.Payload(storetest.Transaction("txn_"+id, "needs_review", at(hours))))
	}
	assert.Equal(t, 4, storetest.Import(t, db, payloads...).ReviewsOpened)
	for i, txn := range []review.TransactionID{"txn_a", "txn_c", "txn_d", "txn_b"} {
		assert.Equal(t, review.ReviewID(i+1), reviewsOf(t, db, txn)[0].ID, txn)
	}
}

func TestOtherStatusesThatCountReadEveryReviewAgain(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/docket.db"
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
	require.NoError(t, err)
	storetest.Import(t, db, moved("needs_review", 1), storetest.Payload(storetest.Transaction("txn_2", "manual check", at(1))))
	require.NoError(t, db.Close())
	statuses := &review.Statuses{Review: []string{"Manual Check"}}
	db, err = store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate, Statuses: statuses})
	require.NoError(t, err)
	assert.Equal(t, review.StateClosed, reviewsOf(t, db, "txn_1")[0].State)
	require.Len(t, reviewsOf(t, db, "txn_2"), 1)
	require.NoError(t, db.Close())
	db, err = store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
	require.NoError(t, err)
	assert.Equal(t, review.Statuses{Review: []string{"manual_check"}, Fallback: []string{}}, db.Statuses(), "the database remembers")
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
	require.NoError(t, db.Close())
}

func TestTheReviewFileKnowsItsPlaceInTheQueue(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ids := map[int]review.ReviewID{}
	for _, hours := range []int{4, 1, 3, 2} {
		id := "txn_" + string(rune('0'+hours))
		storetest.Import(t, db, storetest.Payload(storetest.Transaction(id, "needs_review", at(hours))))
		ids[hours] = reviewsOf(t, db, review.TransactionID(id))[0].ID
	}
	for hours, want := range map[int][3]int{1: {0, 0, 2}, 2: {1, 1, 3}, 4: {3, 3, 0}} {
		f := mustFile(t, db, ids[hours])
		assert.Equal(t, want[0], f.Ahead)
		assert.Equal(t, 4, f.Open)
		assert.Equal(t, ids[want[1]], f.Previous)
		assert.Equal(t, ids[want[2]], f.Next)
	}
	_, err := db.ReviewFile(t.Context(), 99)
	require.ErrorIs(t, err, review.ErrNotFound)
}
