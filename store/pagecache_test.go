package store_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/store"
	"docket/store/storetest"
)

// No connection looks at its pages behind a lock that others take, or pushes out those of others: not the
// store's, nor any other in the process.
func TestEachConnectionHasItsPagesToItself(t *testing.T) {
	t.Parallel()
	for _, bulk := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path, func(o *store.Options) { o.Bulk = bulk })
		storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(0))))
		var n int
		require.NoError(t, raw(t, path).QueryRow(`SELECT count(*) FROM payload`).Scan(&n))
		assert.Equal(t, 1, n)
		assert.Zero(t, store.SharedPages(), "so many pages are in the group of all connections")
	}
}
