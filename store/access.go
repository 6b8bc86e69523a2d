package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"docket/review"
)

const (
	// maxAccesses bounds what waits to be written: beyond it nothing more can be recorded, nor shown.
	maxAccesses = 4_096
	// maxRecent bounds how many rows that still count are kept in mind.
	maxRecent = 32_768
	// accessWait is how long a page waits until the record of it is on disk. What is not by then, as
	// a long write runs, stays in the queue and is written next.
	accessWait = 150 * time.Millisecond
)

// Opened records that a colleague has personal data before them: call it before they have. When it
// returns nil the access is on disk or, if that takes longer than a page may wait, next in turn to be. An
// error says that it cannot be recorded; what cannot be is not to be shown. Repeats within
// review.AccessEvery are counted in the row of the first. The context ends the wait only.
func (db *DB) Opened(ctx context.Context, by review.ColleagueID, what review.AccessKind, object string, of review.ReviewID) error {
	if err := cmp.Or(ctx.Err(), db.unbroken()); err != nil {
		return fmt.Errorf("opened: %w", err)
	}
	done, ok := db.accesses.add(accessKey{by, what, object}, of, db.now(), db.writeAccesses)
	if !ok {
		return fmt.Errorf("opened: %w", ErrBusy)
	}
	if done == nil {
		return nil
	}
	late := time.NewTimer(accessWait) // the wall clock: how long somebody waits, no fact
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("opened: %w", ctx.Err())
	}
}

type accessKey struct {
	by     review.ColleagueID
	what   review.AccessKind
	object string
}

// accessCount is a number of accesses that wait to be written.
type accessCount struct {
	accessKey
	review      review.ReviewID
	first, last time.Time
	n           int
	known       bool       // there is a row, and first is its own
	done        chan error // told once, of a first access; nil of repeats
}

// recentAccess is a row that still counts, and what is not yet on disk of it.
type recentAccess struct {
	accessCount
	writtenAt time.Time
}

// accesses is the queue of what somebody had before them. One goroutine empties it and lives only while
// there is something in it.
type accesses struct {
	mu      sync.Mutex
	waiting []accessCount
	recent  map[accessKey]*recentAccess
	running bool
	runs    sync.WaitGroup
}

// add counts an access. The channel is told when it is on disk; nil: its row is there already. It is
// false when too much waits.
func (q *accesses) add(key accessKey, of review.ReviewID, now time.Time, run func()) (<-chan error, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxAccesses {
		return nil, false
	}
	if r := q.recent[key]; r != nil {
		if now.Sub(r.first) < review.AccessEvery && !now.Before(r.first) {
			r.n++
			r.last = now
			if now.Sub(r.writtenAt) >= review.AccessLag {
				q.count(r)
				r.writtenAt = now
				q.run(run)
			}
			return nil, true
		}
		q.count(r)
		delete(q.recent, key)
	}
	done := make(chan error, 1)
	q.waiting = append(q.waiting, accessCount{accessKey: key, review: of, first: now, last: now, n: 1, done: done})
	q.run(run)
	return done, true
}

// count queues what is not on disk of a row.
func (q *accesses) count(r *recentAccess) {
	if r.n > 0 {
		q.waiting = append(q.waiting, r.accessCount)
		r.n = 0
	}
}

func (q *accesses) run(run func()) {
	if !q.running {
		q.running = true
		q.runs.Go(run)
	}
}

func (q *accesses) take() []accessCount {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := q.waiting
	q.waiting = nil
	return batch
}

// remember keeps in mind the rows that were just written.
func (q *accesses) remember(batch []accessCount, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.recent == nil || len(q.recent) > maxRecent {
		for _, r := range q.recent {
			q.count(r)
		}
		q.recent = make(map[accessKey]*recentAccess)
	}
	for _, c := range batch {
		if q.recent[c.accessKey] == nil {
			q.recent[c.accessKey] = &recentAccess{accessCount{accessKey: c.accessKey, review: c.review, first: c.first, last: c.last, known: true}, now}
		}
	}
}

// rest says that there is nothing left, and then that nobody runs any more.
func (q *accesses) rest() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = len(q.waiting) > 0
	return !q.running
}

// writeAccesses empties the queue. What cannot be written is told to who waits for it; counts of
// repeats are lost with it, the rows that they belong to are not.
func (db *DB) writeAccesses() {
	for {
		var batch []accessCount
		var now time.Time
		err := db.write(context.Background(), "opened", func(a *act) error {
			batch, now = db.accesses.take(), a.now // only now that it is our turn: whoever came meanwhile shares
			for i := range batch {
				if err := a.putAccess(&batch[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if batch == nil {
			batch = db.accesses.take() // they waited for a turn that could not be had
		}
		if err == nil {
			db.accesses.remember(batch, now)
		}
		for _, c := range batch {
			if c.done != nil {
				c.done <- err
			}
		}
		if db.accesses.rest() {
			return
		}
	}
}

// putAccess writes one count: to the row that it belongs to, or as a new one.
func (a *act) putAccess(c *accessCount) error {
	var id int64
	if !c.known {
		// A restart, or another process, forgets what is on disk.
		err := a.one(`
			SELECT id, first_at FROM access WHERE object = ? AND what = ? AND first_at > ? AND colleague = ? AND +id > (`+accessSealed+`)
			ORDER BY first_at DESC, id DESC LIMIT 1`,
			[]any{c.object, c.what, c.first.Add(-review.AccessEvery).UnixMilli(), c.by}, &id, timeColumn{&c.first})
		if errors.Is(err, review.ErrNotFound) {
			return a.insertAccess(c, c.first)
		}
		if err != nil {
			return err
		}
	}
	n, err := a.changes(`
		UPDATE access SET n = n + ?1, last_at = max(last_at, ?2)
		WHERE object = ?3 AND what = ?4 AND first_at = ?5 AND colleague = ?6 AND (?7 = 0 OR id = ?7) AND +id > (`+accessSealed+`)`,
		c.n, c.last.UnixMilli(), c.object, c.what, c.first.UnixMilli(), c.by, id)
	if err != nil || n > 0 {
		return err
	}
	return a.insertAccess(c, c.last) // its row was sealed meanwhile
}

// accessSealed is the last row that an entry of the trail speaks for: it is changed no more, and no row
// comes before it.
const accessSealed = `SELECT ifnull(max(last), 0) FROM access_seal`

func (a *act) insertAccess(c *accessCount, first time.Time) error {
	var of any
	if c.review != 0 {
		of = c.review
	}
	_, err := a.exec(`
		INSERT INTO access (id, colleague, what, object, review, first_at, last_at, n)
		VALUES (max((`+accessSealed+`), (SELECT ifnull(max(id), 0) FROM access)) + 1, ?, ?, ?, ?, ?, ?, ?)`,
		c.by, c.what, c.object, of, first.UnixMilli(), c.last.UnixMilli(), c.n)
	return err
}

// flushAccesses writes what was only counted, before the database is closed.
func (db *DB) flushAccesses() {
	q := &db.accesses
	q.mu.Lock()
	for _, r := range q.recent {
		q.count(r)
	}
	if len(q.waiting) > 0 {
		q.run(db.writeAccesses)
	}
	q.mu.Unlock()
	q.runs.Wait()
}
