package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// SQLite passes over what its own copying of the log meets. An import that goes on would fill the disk with a
// log that nobody can copy, and say at its end that all is well.
func TestALogThatCannotBeCopiedEndsAnImport(t *testing.T) {
	t.Parallel()
	open := func() (path string, db *store.DB) {
		path = filepath.Join(t.TempDir(), "docket.db")
		db, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate, Read: storetest.Read, Bulk: true})
		require.NoError(t, err)
		return path, db
	}
	keep := func(db *store.DB, n int) error {
		payload := storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%d", n), "approved", at(n)))
		_, err := db.Keep(t.Context(), []review.Arrival{{Bytes: payload}})
		return err
	}

	path, db := open()
	require.NoError(t, keep(db, 0))
	require.NoError(t, db.BreakBackfill())
	assert.ErrorContains(t, db.Close(), "cannot be copied into the file", "at the end")

	_, db = open()
	require.NoError(t, db.BreakBackfill())
	held := 0
	require.Eventually(t, func() bool {
		err := keep(db, held)
		if err == nil {
			held++
			return false
		}
		return assert.ErrorContains(t, err, "cannot be copied into the file")
	}, time.Minute, time.Millisecond)
	assert.Positive(t, held)
	assert.ErrorContains(t, db.Close(), "cannot be copied into the file")

	// What was written before is there.
	db = storetest.OpenFile(t, path)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"1 × payload that is kept but unread"}, problems)
}
