package store_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/store"
)

// What a bulk import has committed lies in the files when it goes on: a copy of them, as a power cut would
// leave them, holds it, and nothing that was not committed. Transactions are larger and smaller than what is
// gathered of a log, and than the cache, whose pages go into the log before their commit; they are read while
// they run, rolled back in part and in whole, and others read and copy the log meanwhile.
func TestABulkCommitIsInTheFilesOnceItReturns(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bulk.db")
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate, Bulk: true})
	require.NoError(t, err)
	defer db.Close()
	conn, err := db.Pools()["writer"].Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := conn.ExecContext(t.Context(), query, args...)
		require.NoError(t, err, query)
	}
	one := func(query string) (n int64) {
		t.Helper()
		require.NoError(t, conn.QueryRowContext(t.Context(), query).Scan(&n))
		return n
	}
	exec(`PRAGMA cache_size = 20`)
	exec(`CREATE TABLE load (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT`)
	other := raw(t, path)
	powerCut := cutOff(t, path)
	dice := rand.New(rand.NewPCG(4, 7))
	body := bytes.Repeat([]byte("evidence "), 40_000)

	const sum = `SELECT ifnull(sum(id * length(body)), 0) FROM load`
	var held int64
	for range 120 {
		exec(`BEGIN IMMEDIATE`)
		running := held
		for range 1 + dice.IntN(12) {
			exec(`SAVEPOINT some`)
			for range 1 + dice.IntN(6) {
				exec(`INSERT INTO load (body) VALUES (?)`, body[:dice.IntN(len(body)>>dice.IntN(12))])
			}
			exec(`DELETE FROM load WHERE id % 7 = ?`, dice.IntN(7))
			switch dice.IntN(4) {
			case 0:
				exec(`ROLLBACK TO some`)
			case 1:
				exec(`UPDATE load SET body = ? WHERE id % 5 = 1`, body[:dice.IntN(20_000)])
			}
			exec(`RELEASE some`)
			running = one(sum)
		}
		require.Equal(t, held, number(t, other, sum), "others do not see what is not committed")
		if dice.IntN(4) == 0 {
			exec(`ROLLBACK`)
		} else {
			exec(`COMMIT`)
			held = running
		}
		require.Equal(t, held, number(t, other, sum))
		require.Equal(t, held, one(sum))

		copied := raw(t, powerCut())
		require.Equal(t, held, number(t, copied, sum), "after a power cut")
		var sound string
		require.NoError(t, copied.QueryRow(`PRAGMA integrity_check`).Scan(&sound))
		require.Equal(t, "ok", sound)
		require.NoError(t, copied.Close())
		switch dice.IntN(6) {
		case 0:
			exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
		case 1:
			exec(`PRAGMA wal_checkpoint(RESTART)`)
		case 2:
			_, err := other.Exec(`PRAGMA wal_checkpoint(PASSIVE)`)
			require.NoError(t, err)
		}
	}
	require.Positive(t, held)
}

// cutOff gives what copies a database with its log, as it lies there. It leaves the files open: closing one
// would drop the locks that this process has on it.
func cutOff(t *testing.T, path string) func() (copied string) {
	t.Helper()
	files := map[string]*os.File{}
	for _, tail := range []string{"", "-wal"} {
		f, err := os.Open(path + tail)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, f.Close()) })
		files[tail] = f
	}
	return func() string {
		to := filepath.Join(t.TempDir(), "copy.db")
		for tail, f := range files {
			into, err := os.Create(to + tail)
			require.NoError(t, err)
			_, err = io.Copy(into, io.NewSectionReader(f, 0, 1<<40))
			require.NoError(t, err)
			require.NoError(t, into.Close())
		}
		return to
	}
}
