package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestWithoutAKeyNothingIsSigned(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	_, err := db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.ErrorIs(t, err, review.ErrNoLedgerKey)
	assert.Empty(t, db.LedgerPublic())
	_, err = db.NewestCheckpoint(t.Context())
	require.ErrorIs(t, err, review.ErrNotFound)
	report, err := db.VerifyLedger(t.Context(), store.LedgerCheck{})
	require.NoError(t, err)
	assert.Nil(t, report.Break)
	assert.NotEqual(t, review.EmptyRoot, report.Root, "the policy that came with docket is the first entry")
	assert.EqualValues(t, 1, report.Size)
}

func TestAKeyOfAnotherLedgerIsRefused(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	_, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "other.db"), options(withKey(&c.key)))
	require.ErrorContains(t, err, "the ledger key is for")
}

func TestWhereACheckpointWentIsKnown(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.KeepCheckpoint(t.Context(), c.point.ID, "command keep-root", "it did not answer within 10 seconds"))
	require.NoError(t, db.KeepCheckpoint(t.Context(), c.point.ID, "command keep-root", ""))
	require.NoError(t, db.KeepCheckpoint(t.Context(), c.point.ID, "file roots.txt", "no such folder"))
	p, err := db.NewestCheckpoint(t.Context())
	require.NoError(t, err)
	now := storetest.Start
	assert.Equal(t, []review.Keeping{{Keeper: "command keep-root", At: now, Tries: 2}, {Keeper: "file roots.txt", At: now, Tries: 1, Problem: "no such folder"}}, p.Kept)
}

func TestTheKnownReasonsForACheckpointAreInTheSchema(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	file := raw(t, c.path)
	for _, why := range review.CheckpointWhys() {
		_, err := file.Exec(`INSERT INTO checkpoint (size, root, note, at, why) VALUES (0, zeroblob(32), '', 0, ?)`, why)
		require.NoError(t, err, why)
	}
	_, err := file.Exec(`INSERT INTO checkpoint (size, root, note, at, why) VALUES (0, zeroblob(32), '', 0, 'other')`)
	require.Error(t, err)
}
