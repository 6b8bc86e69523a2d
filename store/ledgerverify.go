package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"docket/review"
)

// LedgerCheck says what a ledger is held against, besides itself.
type LedgerCheck struct {
	Key         review.LedgerPublic   // that signed; "": signatures are not checked
	Checkpoints []review.Checkpoint   // that were kept elsewhere, their signatures checked
	Progress    func(done, all int64) // may be called from several goroutines; nil: nobody wants to know
}

// VerifyLedger makes every record again from the rows of the trail, holds it against the record that
// was sealed, hashes that into the tree and holds the tree against the stored hashes, against every
// checkpoint that this file holds and every one given. What it finds first is in the report; the
// error says that it could not look.
func (db *DB) VerifyLedger(ctx context.Context, o LedgerCheck) (review.LedgerReport, error) {
	v := &ledgerVerifier{db: db, LedgerCheck: o, workers: min(runtime.GOMAXPROCS(0), readers-1)}
	report, err := v.verify(ctx, frontier{})
	if err != nil {
		return report, fmt.Errorf("verify ledger: %w", err)
	}
	db.ledger.remember(db.now(), v.edge, report.Break)
	return report, nil
}

// chunkLevel is the height of the subtrees that are verified each on its own, and chunkSize how many
// entries they have.
const (
	chunkLevel = 12
	chunkSize  = 1 << chunkLevel
)

type ledgerVerifier struct {
	LedgerCheck
	db      *DB
	workers int
	short   int64  // a run of at most so many entries is read in packs, which takes fewer queries
	marks   []mark // checkpoints, by size
	chunks  []chunk
	done    atomic.Int64
	stop    atomic.Int64 // no chunk from here on matters: an earlier one is broken
	edge    frontier     // of what was whole
}

// chunk is a run of entries within one subtree of chunkLevel.
type chunk struct {
	first, last review.EntryID
	low         frontier      // within the subtree: before it is verified where it begins, after where it ends
	above       []review.Hash // stored hashes of subtrees that the last leaf completed above the chunk's
	emptied     []review.EntryID
	erased      int64
	erasers     []eraserEntry
	policies    []policyEntry
	accesses    accessEntries
	broken      *review.LedgerBreak
}

// eraserEntry is an `erased` entry with the entries that it names.
type eraserEntry struct {
	entry review.EntryID
	spans []review.EntrySpan
}

func (v *ledgerVerifier) verify(ctx context.Context, from frontier) (review.LedgerReport, error) {
	var report review.LedgerReport
	report.Origin = v.db.origin
	var size int64
	err := v.db.read(ctx, "ledger", func(a *act) error {
		if err := a.one(`SELECT max(ifnull((SELECT max(id) FROM entry), 0), ifnull((SELECT max(entry) FROM leaf), 0))`, nil, &size); err != nil {
			return err
		}
		return v.readMarks(a, from.size)
	})
	if err != nil {
		return report, err
	}
	v.cut(from, size)
	if err := v.run(ctx, size-from.size); err != nil {
		return report, err
	}
	upper := frontier{size: from.size >> chunkLevel, roots: slices.Clone(from.roots[:len(from.roots)-lowRoots(from.size)])}
	first := v.join(&upper, size)
	if first == nil {
		if first, err = v.hangers(ctx, size); err != nil {
			return report, err
		}
	}
	if e, err := v.explained(ctx, size); err != nil {
		return report, err
	} else if e != nil && (first == nil || e.Entry < first.Entry) {
		first = e
	}
	if p, err := v.policies(ctx, size, first == nil && from.size == 0); err != nil {
		return report, err
	} else if p != nil && (first == nil || p.Entry < first.Entry) {
		first = p
	}
	if x, err := v.accesses(ctx, size, first == nil && from.size == 0); err != nil {
		return report, err
	} else if x != nil && (first == nil || x.Entry < first.Entry) {
		first = x
	}
	for i := range v.chunks {
		report.Erased += v.chunks[i].erased
	}
	report.Size, report.Root = v.edge.size, v.edge.root()
	report.Signed = v.Key != ""
	good := from.size
	for i := range v.marks {
		m := &v.marks[i]
		b := m.compare(size, good)
		if b != nil && (first == nil || b.Entry < first.Entry) {
			first = b
		}
		if b == nil && m.known {
			good = m.Size
			report.Checkpoints++
		}
	}
	report.Break = first
	return report, nil
}

// lowRoots is how many of the roots of a frontier lie within its last chunk.
func lowRoots(size int64) int {
	n := 0
	for rest := size & (chunkSize - 1); rest > 0; rest &= rest - 1 {
		n++
	}
	return n
}

// cut lays out the chunks behind a frontier.
func (v *ledgerVerifier) cut(from frontier, size int64) {
	v.edge = from
	low := lowRoots(from.size)
	for at := from.size; at < size; {
		end := min(size, at&^(chunkSize-1)+chunkSize)
		c := chunk{first: review.EntryID(at + 1), last: review.EntryID(end)}
		if at == from.size {
			c.low = frontier{size: at & (chunkSize - 1), roots: slices.Clone(from.roots[len(from.roots)-low:])}
		}
		v.chunks = append(v.chunks, c)
		at = end
	}
	v.stop.Store(int64(len(v.chunks)))
}

// run verifies the chunks, several at a time. Behind a broken one nothing more is begun.
func (v *ledgerVerifier) run(ctx context.Context, all int64) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, max(v.workers, 1))
	for w := range errs {
		wg.Go(func() {
			for errs[w] == nil {
				i := next.Add(1) - 1
				if i >= v.stop.Load() {
					return
				}
				c := &v.chunks[i]
				errs[w] = v.db.rawRead(ctx, func(rows rower) error { return v.chunk(rows, c) })
				if c.broken != nil {
					for old := v.stop.Load(); i+1 < old && !v.stop.CompareAndSwap(old, i+1); old = v.stop.Load() {
					}
				}
				if done := v.done.Add(int64(c.last-c.first) + 1); v.Progress != nil {
					v.Progress(done, all)
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// chunk verifies one run of entries.
func (v *ledgerVerifier) chunk(rows rower, c *chunk) error {
	marks := v.marks
	for len(marks) > 0 && marks[0].Size < int64(c.first) {
		marks = marks[1:]
	}
	var k ledgerChecker
	var completed []review.Hash
	next := c.first
	breaks := func(why string) { c.broken = &review.LedgerBreak{Entry: next, Why: why} }
	each := eachPagedLeaf
	if int64(c.last-c.first) < v.short {
		each = eachLeaf
	}
	err := each(rows, c.first, c.last, func(l *leafRow) error {
		if l.entry.ID != next {
			breaks("it is gone from the trail")
			return errEnough
		}
		if why := k.check(l, c); why != "" {
			breaks(why)
			return errEnough
		}
		completed = c.low.add(completed[:0], review.Hash(l.hashes[:review.SaltSize]))
		if len(l.hashes) != 32*(1+trailingZeros(next)) {
			breaks("it has another number of hashes than its place has")
			return errEnough
		}
		for i, h := range completed {
			if h != review.Hash(l.hashes[32*i:32*i+32]) {
				breaks("a hash of the tree is not what its leaves give")
				return errEnough
			}
		}
		if next == c.last {
			for i := len(completed); 32*i < len(l.hashes); i++ {
				c.above = append(c.above, review.Hash(l.hashes[32*i:32*i+32]))
			}
		}
		for len(marks) > 0 && marks[0].Size == int64(next) {
			marks[0].roots, marks[0].known = slices.Clone(c.low.roots), true
			marks = marks[1:]
		}
		next++
		return nil
	})
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return err
	case next <= c.last:
		breaks("it is gone from the trail")
		return nil
	}
	if entry, why, err := k.openings(rows); err != nil || why == "" {
		return err
	} else {
		c.broken = &review.LedgerBreak{Entry: entry, Why: why}
	}
	return nil
}

// errEnough ends the reading of a chunk at its first break.
var errEnough = errors.New("enough")

func trailingZeros(n review.EntryID) int {
	z := 0
	for ; n&1 == 0; n >>= 1 {
		z++
	}
	return z
}

// join puts the chunks together, as far as they are whole, and gives the first break.
func (v *ledgerVerifier) join(upper *frontier, size int64) *review.LedgerBreak {
	at := 0
	for ; at < len(v.marks) && v.marks[at].Size <= v.edge.size; at++ {
		if m := &v.marks[at]; m.Size == v.edge.size { // where it begins
			m.roots, m.known = v.edge.roots, true
		}
	}
	for i := range v.chunks {
		c := &v.chunks[i]
		if c.broken != nil {
			v.forget(at)
			return c.broken
		}
		for at < len(v.marks) && v.marks[at].Size <= int64(c.last) {
			if m := &v.marks[at]; m.known {
				m.roots = append(slices.Clone(upper.roots), m.roots...)
			}
			at++
		}
		if c.low.size < chunkSize {
			break // the last one
		}
		completed := upper.add(nil, c.low.roots[0])
		if !slices.Equal(completed[1:], c.above) {
			v.forget(at)
			return &review.LedgerBreak{Entry: c.last, Why: "a hash of the tree is not what its leaves give"}
		}
		v.edge = frontier{upper.size << chunkLevel, slices.Clone(upper.roots)}
	}
	if n := len(v.chunks); n > 0 && v.chunks[n-1].low.size < chunkSize {
		v.edge = frontier{size, append(slices.Clone(upper.roots), v.chunks[n-1].low.roots...)}
	}
	return nil
}

// forget leaves out the checkpoints behind a break: what they say of it cannot be compared.
func (v *ledgerVerifier) forget(from int) {
	for i := from; i < len(v.marks); i++ {
		v.marks[i].known = false
	}
}

// rawRead runs fn inside one read transaction, close to the driver: a whole ledger has millions of
// values, and what database/sql does to each costs more than reading it.
func (db *DB) rawRead(ctx context.Context, fn func(rower) error) error {
	c, err := db.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(of any) (err error) {
		raw, ok := of.(*conn)
		if !ok {
			return errors.New("the driver lost an interface")
		}
		tx, err := raw.BeginTx(ctx, driver.TxOptions{})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, tx.Rollback()) }()
		return fn(func(query string, width int, fn func([]driver.Value) error, args ...any) (err error) {
			values := make([]driver.NamedValue, len(args))
			for i, arg := range args {
				if id, ok := arg.(review.EntryID); ok {
					arg = int64(id)
				}
				values[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
			}
			// A context that can end costs at every row; a chunk is short, and it is asked before each.
			rows, err := raw.QueryContext(context.WithoutCancel(ctx), query, values)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, rows.Close()) }()
			row := make([]driver.Value, width)
			for {
				switch err := rows.Next(row); {
				case errors.Is(err, io.EOF):
					return nil
				case err != nil:
					return err
				}
				if err := fn(row); err != nil {
					return err
				}
			}
		})
	})
}
