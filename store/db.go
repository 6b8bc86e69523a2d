package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"docket/review"
)

// Options are what a store needs from outside. Hydrate is needed, the rest has defaults.
type Options struct {
	Clock    func() time.Time                   // nil: time.Now
	Hydrate  func(review.Bundle) review.Dossier // reads a bundle of states into our nouns; pure
	Statuses *review.Statuses                   // nil: those the database holds (review.DefaultStatuses for a new one); so for its Inquiry and Case
	ClaimFor time.Duration                      // how long a claim lasts from the last act; 0: as the policy says
	Target   time.Duration                      // a review that waits longer is over target; 0: as the policy says
	Warning  time.Duration                      // … and from here on close to it; 0: as the policy says
	Bulk     bool                               // spend memory on taking in many payloads at once

	// Pushes says what Persona is to be told once a decision is final; pure. Nil: nothing ever is.
	// Findings are those that hold. Ids, times, states and missing keys are filled in.
	Pushes func(review.Telling, review.Review, review.Decision, review.Dossier, []review.Disposition) []review.Push

	// Reduce takes the personal parts of some states out of a payload, or out of one state alone;
	// pure. gone is asked once for each state, in their order. Nil: nothing is ever erased.
	Reduce func(raw []byte, gone func(ref review.Ref, at int64) bool) (review.Reduced, error)

	// Read reads a payload, as Rebuild does; pure. Nil: Check does not read payloads again.
	Read func(raw []byte) review.Reading

	// LedgerKey gives the key that signs checkpoints of the ledger with this origin; called once, on
	// opening. Nil, or a nil key: nothing is signed.
	LedgerKey func(origin string) (*review.LedgerKey, error)
	// NewLedgerKey makes one where LedgerKey gives none, while nothing was signed yet.
	NewLedgerKey func(origin string) (*review.LedgerKey, error)

	// Room is nil while the disk has room for what comes by itself: asked before each delivery and
	// file, so it must be cheap. What is left below is for decisions, and for making room. Nil: there
	// always is.
	Room func() error

	wrap func(driver.Connector) driver.Connector // around the writer's connector: tests let it fail
}

const (
	readers = 4               // more bring no throughput and worse latencies
	readFor = 5 * time.Second // the longest that one read may take
)

// DB is one open database. It is safe for concurrent use.
type DB struct {
	path     string
	options  Options
	statuses review.Statuses
	roots    []string      // families besides transactions that have or had reviews
	writer   *sql.DB       // one connection
	turn     chan struct{} // who holds it
	reader   *sql.DB
	watcher  *sql.DB // one connection that only asks whether anything was committed
	filters  memo[review.Tab, review.QueueFilters]
	pages    memo[review.QueueQuery, review.QueuePage]
	books    memo[struct{}, review.PolicyBook]
	policies policies
	insights memo[review.DaySpan, insightPage]
	happened kept[insightKey, review.Insights]
	replayed kept[replayKey, review.PolicyReplay]
	dossiers dossiers
	words    *wordCache
	receipts receipts
	accesses accesses
	origin   string       // of the ledger
	backfill *backfill    // in a bulk import
	youth    youth        // of fingerprints
	tails    [2]tail      // by printKind
	putOff   putOffAtMost // by a bulk import
	sieve    sieve        // of names, in a bulk import
	edge     frontier     // of the ledger, as the last write of this process left it; guarded by turn
	ledger   ledgerMemory
	key      *review.LedgerKey // that signs checkpoints, nil none
	ready    bool              // to read and write
	holder   string            // whose the errands are that are run from here
	signed   chan struct{}     // see CheckpointSigned
	broken   chan struct{}
	breaking sync.Once
}

// Open opens the database file at path, creates it when there is none, and brings its schema up
// to date. A database that a newer or changed docket wrote is refused.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Hydrate == nil {
		return nil, errors.New("open: no function to hydrate bundles")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if err := createPrivate(abs); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	db := &DB{path: abs, options: o, youth: printYouth, tails: [2]tail{{half: halfTail}, {half: halfTail}}, putOff: mostPutOff, sieve: sieve{rules: sievePays}, words: newWordCache(), turn: make(chan struct{}, 1), broken: make(chan struct{}), signed: make(chan struct{}, 1), holder: rand.Text()}
	keys, settings := writerKeys, writerPragmas
	if o.Bulk {
		keys, settings = bulkKeys, bulkPragmas
		if err := registerBufferedLog(); err != nil {
			return nil, fmt.Errorf("open: %w", err)
		}
	}
	if db.writer, err = newPool(dsn(abs, keys), 1, settings, o.wrap); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if db.reader, err = newPool(dsn(abs, readerKeys), readers, readerPragmas, nil); err != nil {
		return nil, errors.Join(fmt.Errorf("open: %w", err), db.writer.Close())
	}
	if db.watcher, err = newPool(dsn(abs, readerKeys), 1, readerPragmas, nil); err != nil {
		return nil, errors.Join(fmt.Errorf("open: %w", err), db.reader.Close(), db.writer.Close())
	}
	if o.Bulk {
		if db.backfill, err = newBackfill(abs); err != nil {
			return nil, errors.Join(fmt.Errorf("open: %w", err), db.Close())
		}
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", filepath.Base(path), classify(err)), db.Close())
	}
	db.ready = true
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := migrate(ctx, db.writer, db.options.Clock()); err != nil {
		return err
	}
	if err := db.checkReading(ctx); err != nil {
		return err
	}
	if err := db.startLedger(ctx); err != nil {
		return err
	}
	if err := db.loadPolicy(ctx); err != nil {
		return err
	}
	if err := db.loadLedgerKey(ctx); err != nil {
		return err
	}
	return db.loadStatuses(ctx)
}

// forgetSmall takes what is said of small tables out of the statistics: the next process may fill them, and
// runs for months by what it read when it began. Of a table of one row they say that it is best read
// whole. Without any, the planner takes a table for large.
const forgetSmall = `
	DELETE FROM sqlite_stat1 WHERE tbl NOT IN (SELECT tbl FROM sqlite_stat1 WHERE CAST(stat AS INTEGER) >= 10000);
	DELETE FROM sqlite_stat4 WHERE tbl NOT IN (SELECT tbl FROM sqlite_stat1)`

// Close checkpoints and closes the database. No other method may run or follow.
func (db *DB) Close() error {
	db.receipts.runs.Wait() // a caller that waited no longer may have left its receipt behind
	db.flushAccesses()
	db.sieve.close()
	var errs []error
	if db.options.Bulk && db.ready && db.backfill.failure() == nil {
		errs = append(errs, db.CatchUp(context.Background()))
	}
	for _, pool := range []*sql.DB{db.watcher, db.reader} {
		errs = append(errs, pool.Close())
	}
	if db.writer != nil {
		// Best effort: a database that is closed without fresh statistics is still right.
		_, _ = db.writer.ExecContext(context.Background(), `PRAGMA optimize`)
		_, _ = db.writer.ExecContext(context.Background(), forgetSmall)
		errs = append(errs, db.backfill.close(), db.writer.Close())
	}
	return errors.Join(errs...)
}

// Room is ErrFull while the disk lacks room for what comes by itself, or is fetched.
func (db *DB) Room() error {
	if db.options.Room == nil {
		return nil
	}
	if err := db.options.Room(); err != nil {
		return errors.Join(ErrFull, err)
	}
	return nil
}

// Broken is closed once a COMMIT has failed in a way that leaves unknown what is on disk. The
// process should stop and start again: SQLite recovers on opening.
func (db *DB) Broken() <-chan struct{} { return db.broken }

var errBroken = errors.New("an earlier commit failed: restart docket")

func (db *DB) unbroken() error {
	select {
	case <-db.broken:
		return errBroken
	default:
		return nil
	}
}

// now is the clock at the precision that the database holds.
func (db *DB) now() time.Time { return db.options.Clock().UTC().Truncate(time.Millisecond) }

// act is one running SQL transaction with one now.
type act struct {
	ctx context.Context
	db  *DB
	tx  *sql.Tx
	now time.Time

	inForce   review.PolicyVersion    // once asked; 0 not yet
	words     map[string]int64        // met in this act and not yet in the cache
	indexed   map[int64]entryOfIndex  // by queue row: to be written at the end of the act
	moved     moved                   // the same of the counters
	stood     map[int64]review.Bundle // by root, what its reviews rest on since this act; nil: nothing that follows in it asks
	kept      map[int64]int64         // by root, whom it is about: the same of how long they are kept
	late      map[delayed]int64       // what is put off, and behind which row
	lateKnown bool                    // late was asked for
	opened    added                   // reviews
	named     added                   // resources: received, or only named

	entries  int64            // so many were added to the trail
	sealed   *frontier        // the ledger's right edge, once they are sealed
	unsealed []review.EntryID // salts of these went, and no entry says so yet
}

// write runs fn inside one write transaction and commits. An error of fn rolls back. The
// context ends the wait for one's turn; work that has begun is finished, because a statement
// that watches a context costs a goroutine, and imports run millions.
func (db *DB) write(ctx context.Context, what string, fn func(*act) error) error {
	select {
	case db.turn <- struct{}{}:
		defer func() { <-db.turn }()
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	if err := cmp.Or(ctx.Err(), db.unbroken(), db.backfill.failure()); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	a := &act{ctx: ctx, db: db, tx: tx, now: db.now()}
	err = rescue(a, func(a *act) error {
		if err := fn(a); err != nil {
			return err
		}
		if err := a.seal(); err != nil {
			return err
		}
		if err := a.writeCounters(); err != nil {
			return err
		}
		if err := a.writeKept(); err != nil {
			return err
		}
		return a.writeIndex()
	})
	if err != nil {
		db.forgetNames()
		return errors.Join(fmt.Errorf("%s: %w", what, classify(err)), rollback(tx))
	}
	if err := tx.Commit(); err != nil {
		db.forgetNames()
		if isIO(err) {
			db.breaking.Do(func() { close(db.broken) })
		}
		return fmt.Errorf("%s: commit: %w", what, classify(err))
	}
	db.backfill.committed()
	db.words.add(a.words)
	if a.sealed != nil {
		db.edge = *a.sealed
	}
	return nil
}

// read runs fn inside one read transaction: everything it reads is of one moment. It must be
// short; rows are read into slices before anyone renders them.
func (db *DB) read(ctx context.Context, what string, fn func(*act) error) error {
	return db.readWithin(ctx, readFor, what, fn)
}

func (db *DB) readWithin(ctx context.Context, limit time.Duration, what string, fn func(*act) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tx, err := db.reader.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	a := &act{ctx: ctx, db: db, tx: tx, now: db.now()}
	err = rescue(a, fn)
	if back := rollback(tx); err == nil {
		err = back
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	db.words.add(a.words)
	return nil
}

// rescue gives the connection back when fn panics, and lets the panic go on.
func rescue(a *act, fn func(*act) error) error {
	done := false
	defer func() {
		if !done {
			_ = rollback(a.tx)
		}
	}()
	err := fn(a)
	done = true
	return err
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

func (a *act) exec(query string, args ...any) (sql.Result, error) {
	return a.tx.ExecContext(a.ctx, query, args...)
}

// changes runs a statement and says how many rows it changed.
func (a *act) changes(query string, args ...any) (int64, error) {
	r, err := a.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert adds a row and gives its number.
func (a *act) insert(query string, args ...any) (int64, error) {
	r, err := a.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// one reads the single row of a query; no row is review.ErrNotFound.
func (a *act) one(query string, args []any, dest ...any) error {
	err := a.tx.QueryRowContext(a.ctx, query, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return review.ErrNotFound
	}
	return err
}

// each calls fn for every row of a query.
func (a *act) each(query string, args []any, fn func(scan func(...any) error) error) (err error) {
	rows, err := a.tx.QueryContext(a.ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Health says what keeps the store from working, nil when nothing does. ErrRebuilding: a rebuild
// runs, or was cut short and is to be run again.
func (db *DB) Health(ctx context.Context) error {
	if err := db.unbroken(); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	return db.read(ctx, "health", func(a *act) error {
		return a.whole()
	})
}

func dsn(path string, keys url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(),
		RawQuery: keys.Encode()}).String()
}
