package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestTheSameFormScreensOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	anna := string(storetest.Colleague(t, db, review.RoleReviewer, "anna"))
	auditor := string(storetest.Colleague(t, db, review.RoleAuditor))
	begin := func(key, by string) (review.TransactionID, bool) {
		txn, begun, err := db.BeginScreening(t.Context(), key, by)
		require.NoError(t, err)
		return txn, begun
	}
	txn, begun := begin("k1", anna)
	assert.True(t, begun)
	assert.Empty(t, txn)
	txn, begun = begin("k1", anna)
	assert.False(t, begun)
	assert.Empty(t, txn, "begun, and nobody knows yet what it became")
	require.NoError(t, db.EndScreening(t.Context(), "k1", "txn_1", anna))
	require.NoError(t, db.EndScreening(t.Context(), "k1", "txn_1", anna), "told once")
	txn, begun = begin("k1", anna)
	assert.False(t, begun)
	assert.Equal(t, review.TransactionID("txn_1"), txn)
	require.ErrorIs(t, db.EndScreening(t.Context(), "k1", "txn_2", anna), review.ErrConflict)
	require.ErrorIs(t, db.EndScreening(t.Context(), "k9", "txn_2", anna), review.ErrNotFound)

	_, begun = begin("k2", "")
	assert.True(t, begun, "the command line")
	require.NoError(t, db.EndScreening(t.Context(), "k2", "txn_2", ""))
	for _, by := range []string{auditor, "nobody"} {
		_, _, err := db.BeginScreening(t.Context(), "k3", by)
		require.ErrorIs(t, err, review.ErrForbidden, by)
	}
	_, _, err := db.BeginScreening(t.Context(), "", anna)
	require.Error(t, err)
	assert.Equal(t, []string{"anna: txn_1", ": txn_2"}, loose(t, path, review.ActScreened))
}

func TestALinkForTheSubjectIsToldOnTheNewestReview(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	auditor := storetest.Colleague(t, db, review.RoleAuditor)
	id := storetest.Review(t, db)
	storetest.Import(t, db, storetest.Payload(storetest.Resource("inquiry", "inq_1", at(1)).Link("transaction", ref("transaction", "txn_1"))))
	require.NoError(t, db.AddLinked(t.Context(), ref("transaction", "txn_1"), "resumed inq_1", anna))
	require.NoError(t, db.AddLinked(t.Context(), ref("inquiry", "inq_1"), "one-time link for inq_1", ""))
	require.NoError(t, db.AddLinked(t.Context(), ref("inquiry", "inq_9"), "one-time link for inq_9", anna))
	require.ErrorIs(t, db.AddLinked(t.Context(), ref("inquiry", "inq_1"), "resumed", auditor), review.ErrForbidden)
	require.Error(t, db.AddLinked(t.Context(), ref("inquiry", "inq_1"), "https://inquiry.example/?code=secret", anna), "the link itself opens the inquiry")
	entries := mustFile(t, db, id).Entries
	assert.Equal(t, "one-time link for inq_1", entries[0].Status)
	assert.Equal(t, "resumed inq_1", entries[1].Status)
	assert.Equal(t, anna, entries[1].By)
	assert.Equal(t, []string{"anna: one-time link for inq_9"}, loose(t, path, review.ActLinked))
}
