package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"docket/review"
)

// Backup is what a copy of a database holds.
type Backup struct {
	Bytes   int64
	Entries int64          // of the trail, and so the size of the ledger
	Last    review.EntryID // the newest entry
}

// copyKeys are those of a connection that reads to copy; readerKeys forbid VACUUM INTO as well.
var copyKeys = url.Values{"mode": {"ro"}, "_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_defensive": {"1"}, "_dqs": {"0"}}

// copyPragmas are those of a connection that only copies.
var copyPragmas = []string{`PRAGMA temp_store = FILE`, `PRAGMA cache_size = -65536`}

// Backup writes the database as it stands into a new file, whole or not at all, and checks it: its pages,
// its references, and that its ledger is the one of this database. Readers and writers go on meanwhile.
// A file that is there is never written over. Where something was erased lately, the search index is first
// freed of it, so that no copy made after an erasure has it.
func (db *DB) Backup(ctx context.Context, to string) (Backup, error) {
	if some, _, err := db.Scrubbing(ctx); err != nil {
		return Backup{}, fmt.Errorf("backup: %w", err)
	} else if some {
		if err := db.mergeSearch(ctx); err != nil {
			return Backup{}, fmt.Errorf("backup: %w", err)
		}
	}
	b, err := copyDatabase(ctx, db.path, to)
	if err != nil {
		return Backup{}, fmt.Errorf("backup: %w", err)
	}
	return b, nil
}

// Restore makes a database of a backup, under a name that nothing has yet, and checks it as Backup
// does. It says what the copy holds: what came later is not in it.
func Restore(ctx context.Context, from, to string) (Backup, error) {
	if _, err := os.Stat(from); err != nil {
		return Backup{}, fmt.Errorf("restore: %w", err)
	}
	b, err := copyDatabase(ctx, from, to)
	if err != nil {
		return Backup{}, fmt.Errorf("restore: %w", err)
	}
	return b, nil
}

// copyDatabase copies what a database holds, without what was deleted from it, into a file that is there
// under its name only once it is checked and on disk.
func copyDatabase(ctx context.Context, from, to string) (b Backup, err error) {
	if to, err = filepath.Abs(to); err != nil {
		return b, err
	}
	for _, name := range []string{to, to + "-wal", to + "-shm", to + "-journal"} {
		if _, err := os.Lstat(name); err == nil {
			return b, fmt.Errorf("%s: %w: a copy takes a new name", filepath.Base(name), fs.ErrExist)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return b, err
		}
	}
	folder := filepath.Dir(to)
	part := filepath.Join(folder, "."+filepath.Base(to)+"."+rand.Text()[:8])
	defer func() {
		if err != nil {
			for _, name := range []string{part, part + "-wal", part + "-shm", part + "-journal"} {
				if gone := os.Remove(name); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
					err = errors.Join(err, gone)
				}
			}
		}
	}()
	if err := createPrivate(part); err != nil {
		return b, err
	}
	if err := vacuumInto(ctx, from, part); err != nil {
		return b, err
	}
	if b, err = checkCopy(ctx, from, part); err != nil {
		return b, err
	}
	if err := syncFile(part); err != nil {
		return b, err
	}
	// A link, not a rename: it fails when somebody took the name meanwhile.
	if err := os.Link(part, to); err != nil {
		return b, err
	}
	if err := os.Remove(part); err != nil {
		return b, err
	}
	return b, syncFile(folder)
}

// vacuumInto copies by a connection of its own, which changes nothing in what it reads.
func vacuumInto(ctx context.Context, from, to string) (err error) {
	pool, err := newPool(dsn(from, copyKeys), 1, copyPragmas, nil)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, pool.Close()) }()
	if _, err := pool.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return classify(err)
	}
	return nil
}

// checkCopy looks at every page of a copy, and compares its ledger with the one that it is a copy of.
func checkCopy(ctx context.Context, from, to string) (b Backup, err error) {
	pool, err := newPool(dsn(to, readerKeys), 1, copyPragmas, nil)
	if err != nil {
		return b, err
	}
	defer func() { err = cmp.Or(err, pool.Close()) }()
	var word string
	if err := pool.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&word); err != nil {
		return b, classify(err)
	}
	if word != "ok" {
		return b, fmt.Errorf("the copy is damaged: %s", word)
	}
	var broken int
	if err := pool.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check()`).Scan(&broken); err != nil {
		return b, classify(err)
	}
	if broken > 0 {
		return b, fmt.Errorf("the copy is damaged: %d rows name rows that are not there", broken)
	}
	var head []byte
	if b.Entries, head, err = ledgerHead(ctx, pool, 1<<62); err != nil {
		return b, err
	}
	b.Last = review.EntryID(b.Entries)
	source, err := newPool(dsn(from, readerKeys), 1, copyPragmas, nil)
	if err != nil {
		return b, err
	}
	defer func() { err = cmp.Or(err, source.Close()) }()
	size, same, err := ledgerHead(ctx, source, b.Entries)
	if err != nil {
		return b, err
	}
	if size != b.Entries || string(head) != string(same) {
		return b, errors.New("the copy's ledger is not the beginning of the database's own")
	}
	info, err := os.Stat(to)
	if err != nil {
		return b, err
	}
	b.Bytes = info.Size()
	return b, nil
}

// ledgerHead gives how many leaves a ledger has, up to a size, and the hashes that the last of them
// completed: of a tree they depend on all before them that it joins.
func ledgerHead(ctx context.Context, pool *sql.DB, upTo int64) (size int64, hashes []byte, err error) {
	err = pool.QueryRowContext(ctx, `SELECT entry, hashes FROM leaf WHERE entry <= ? ORDER BY entry DESC LIMIT 1`, upTo).Scan(&size, &hashes)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, classify(err)
	}
	return size, hashes, nil
}

func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
