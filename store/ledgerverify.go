package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
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
	marks   []mark // checkpoints, by size
	chunks  []chunk
	done    atomic.Int64
	stop    atomic.Int64 // no chunk from here on matters: an earlier one is broken
	edge    frontier     // of what was whole
}

// mark is a checkpoint to compare with, and the roots of the subtrees of its chunk once they are known.
type mark struct {
	review.Checkpoint
	about string // in words
	bad   string // what is wrong with it, however the ledger looks
	roots []review.Hash
	known bool
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
	broken      *review.LedgerBreak
}

// policyEntry is an entry about a version of the policy, with the digest of its document.
type policyEntry struct {
	entry           review.EntryID
	version, digest string
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
	if p, err := v.policies(ctx); err != nil {
		return report, err
	} else if p != nil && (first == nil || p.Entry < first.Entry) {
		first = p
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
	err := eachLeaf(rows, c.first, c.last, func(l *leafRow) error {
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

// compare holds the ledger against a checkpoint; good is the size of the last one that fits.
func (m *mark) compare(size, good int64) *review.LedgerBreak {
	switch {
	case m.bad != "":
		return &review.LedgerBreak{Entry: review.EntryID(max(m.Size, 1)), Why: m.about + " " + m.bad}
	case m.Size > size && !m.known:
		return &review.LedgerBreak{Entry: review.EntryID(size + 1), Why: fmt.Sprintf("%s was made of %d entries, this ledger ends before: later entries are gone", m.about, m.Size)}
	case m.known && (frontier{m.Size, m.roots}).root() != m.Root:
		return &review.LedgerBreak{Entry: review.EntryID(min(good+1, m.Size)), Why: fmt.Sprintf("%s does not fit: entries %d to %d are not those that it was made of", m.about, min(good+1, m.Size), m.Size)}
	}
	return nil
}

// readMarks gathers the checkpoints behind a size.
func (v *ledgerVerifier) readMarks(a *act, behind int64) error {
	err := a.each(`SELECT id, size, root, note FROM checkpoint WHERE size >= ? ORDER BY id`, []any{behind}, func(scan func(...any) error) error {
		var id int64
		var c review.Checkpoint
		var signed string
		if err := scan(&id, &c.Size, hashColumn{&c.Root}, &signed); err != nil {
			return err
		}
		c.Origin = v.db.origin
		m := mark{Checkpoint: c, about: fmt.Sprintf("checkpoint %d", id)}
		said, err := review.PeekCheckpoint(signed)
		if err == nil && v.Key != "" {
			said, err = v.Key.Open(signed)
		}
		switch {
		case err != nil:
			m.bad = "cannot be trusted: " + err.Error()
		case said != c:
			m.bad = "says something else than its note"
		}
		v.marks = append(v.marks, m)
		return nil
	})
	for _, c := range v.Checkpoints {
		m := mark{Checkpoint: c, about: fmt.Sprintf("the checkpoint of %d entries that was kept elsewhere", c.Size)}
		if c.Origin != v.db.origin {
			m.bad = "is of another ledger: " + c.Origin
		}
		v.marks = append(v.marks, m)
	}
	slices.SortStableFunc(v.marks, func(x, y mark) int { return int(x.Size - y.Size) })
	return err
}

// hangers looks for rows that hang on entries beyond the trail.
func (v *ledgerVerifier) hangers(ctx context.Context, size int64) (*review.LedgerBreak, error) {
	var broken *review.LedgerBreak
	err := v.db.readWithin(ctx, checkFor, "ledger", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"disposition", `SELECT min(entry) FROM disposition INDEXED BY disposition_of_entry WHERE entry > ?1 OR entry < 1`},
			{"premise", `SELECT min(entry) FROM premise WHERE entry > ?1 OR entry < 1`},
			{"decision", `SELECT min(entry) FROM decision WHERE entry > ?1 OR entry < 1`},
			{"approval", `SELECT min(entry) FROM approval WHERE entry > ?1 OR entry < 1`},
			{"line of the trail", `SELECT min(id) FROM entry WHERE id < min(1, ?1 + 1)`},
			{"leaf", `SELECT min(entry) FROM leaf WHERE entry < min(1, ?1 + 1)`},
		} {
			var least sql.NullInt64
			var end int64
			if err := a.one(q.query, []any{size}, &least); err != nil {
				return err
			}
			if !least.Valid {
				continue
			}
			entry := least.Int64
			// It may have come with an entry since the size was read.
			if err := a.one(`SELECT ifnull(max(id), 0) FROM entry`, nil, &end); err != nil {
				return err
			}
			if (entry < 1 || entry > end) && (broken == nil || entry < int64(broken.Entry)) {
				broken = &review.LedgerBreak{Entry: review.EntryID(entry), Why: "there is a " + q.what + " of it, and no such entry"}
			}
		}
		return nil
	})
	return broken, err
}

// explained looks for salts that are gone without a later `erased` entry that says so.
func (v *ledgerVerifier) explained(ctx context.Context, size int64) (*review.LedgerBreak, error) {
	var emptied []review.EntryID
	var erasers []eraserEntry
	for i := range v.chunks {
		emptied = append(emptied, v.chunks[i].emptied...)
		erasers = append(erasers, v.chunks[i].erasers...)
	}
	if len(emptied) == 0 {
		return nil, nil
	}
	err := v.db.read(ctx, "ledger", func(a *act) error { // written while the rest was read
		return a.each(`SELECT id, detail FROM entry WHERE id > ? AND act = ?`, []any{size, review.ActErased}, func(scan func(...any) error) error {
			var e eraserEntry
			var detail map[string]string
			if err := scan(&e.entry, detailColumn{&detail}); err != nil {
				return err
			}
			var err error
			e.spans, err = review.ParseEntrySpans(detail[review.DetailEntries])
			erasers = append(erasers, e)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, id := range emptied {
		if !slices.ContainsFunc(erasers, func(e eraserEntry) bool { return e.entry > id && named(e.spans, id) }) {
			return &review.LedgerBreak{Entry: id, Why: "its salts are gone, and no later entry says that it was erased"}, nil
		}
	}
	return nil, nil
}

// policies holds the documents of the policy against the digests that the trail has of them.
func (v *ledgerVerifier) policies(ctx context.Context) (*review.LedgerBreak, error) {
	digests := map[string]string{}
	err := v.db.read(ctx, "ledger", func(a *act) error {
		return a.each(`SELECT CAST(version AS TEXT), document, digest FROM policy`, nil, func(scan func(...any) error) error {
			var version, document string
			var digest review.Hash
			if err := scan(&version, &document, hashColumn{&digest}); err != nil {
				return err
			}
			if review.Sum([]byte(document)) == digest {
				digests[version] = digest.String()
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	for i := range v.chunks {
		for _, p := range v.chunks[i].policies {
			if digests[p.version] != p.digest {
				return &review.LedgerBreak{Entry: p.entry, Why: "version " + p.version + " of the policy is not the document that was recorded"}, nil
			}
		}
	}
	return nil, nil
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
			rows, err := raw.QueryContext(ctx, query, values)
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

// ledgerChecker holds one entry after the other against its leaf.
type ledgerChecker struct {
	fields []review.LedgerField
	room   []byte
	record []byte
	opened []openedEntry
}

// openedEntry is an entry that says what its review was opened for.
type openedEntry struct {
	entry  review.EntryID
	review int64
	detail string
}

// check says what does not fit, "" when all does.
func (k *ledgerChecker) check(l *leafRow, c *chunk) string {
	e := &l.entry
	switch {
	case !l.sealed:
		return "it has no leaf"
	case l.odd:
		return "it holds a value that docket never writes"
	case len(l.hashes) < 32 || review.LeafHash(l.record) != review.Hash(l.hashes[:32]):
		return "its record is not the one that was hashed"
	}
	var err error
	if k.fields, k.room, err = e.Fields(k.fields[:0], k.room[:0]); err != nil {
		return err.Error()
	}
	whole := len(l.salts) == len(k.fields)*review.SaltSize
	for i := 0; whole && i < len(k.fields); i++ {
		f := &k.fields[i]
		salt := saltAt(l.salts, i)
		whole = !salt.IsZero()
		f.Sum = review.Seal(f.Name, salt, f.Value)
	}
	if whole {
		if k.record, err = e.Append(k.record[:0], k.fields); err != nil {
			return err.Error()
		}
		whole = string(k.record) == string(l.record)
	}
	if !whole {
		erased, why := k.compare(l)
		if why != "" {
			return why
		}
		c.erased += erased
		c.emptied = append(c.emptied, e.ID)
	}
	switch review.Act(e.Act) {
	case review.ActErased:
		r, err := review.ParseRecord(l.record)
		if err != nil {
			return err.Error()
		}
		spans, err := review.ParseEntrySpans(r.Detail[review.DetailEntries])
		if err != nil {
			return err.Error()
		}
		if len(spans) > 0 {
			c.erasers = append(c.erasers, eraserEntry{e.ID, spans})
		}
	case review.ActPolicy:
		r, err := review.ParseRecord(l.record)
		if err != nil {
			return err.Error()
		}
		if d := r.Detail["digest"]; d != "" {
			c.policies = append(c.policies, policyEntry{e.ID, r.Detail["version"], d})
		}
	case review.ActReviewOpened:
		if e.Detail != "" && e.Detail != "{}" {
			k.opened = append(k.opened, openedEntry{e.ID, e.Review, e.Detail})
		}
	}
	return ""
}

// compare holds an entry against its leaf field by field, for what is not plainly equal: erased is
// how many of its fields were, why what else does not fit.
func (k *ledgerChecker) compare(l *leafRow) (erased int64, why string) {
	r, err := review.ParseRecord(l.record)
	if err != nil {
		return 0, "its record cannot be read"
	}
	names := r.SealedNames()
	if len(l.salts) != len(names)*review.SaltSize {
		return 0, "it has other salts than sealed fields"
	}
	sealed := make([]review.LedgerField, len(names))
	for i, n := range names {
		sealed[i] = review.LedgerField{Name: n, Sum: r.Sealed[n]}
		salt := saltAt(l.salts, i)
		at := slices.IndexFunc(k.fields, func(f review.LedgerField) bool { return f.Name == n })
		switch {
		case salt.IsZero() && at < 0:
			erased++
		case salt.IsZero():
			return 0, "its " + n + " is there, though its salt was erased"
		case at < 0:
			return 0, "its " + n + " is gone, though its salt was not erased"
		case review.Seal(n, salt, k.fields[at].Value) != r.Sealed[n]:
			return 0, "its " + n + " is not what was sealed"
		}
	}
	for _, f := range k.fields {
		if _, ok := r.Sealed[f.Name]; !ok {
			return 0, "its " + f.Name + " was never sealed"
		}
	}
	if k.record, err = l.entry.Append(k.record[:0], sealed); err != nil {
		return 0, err.Error()
	}
	if string(k.record) != string(l.record) {
		return 0, "its " + differs(k.record, l.record) + " is not what was recorded"
	}
	return erased, ""
}

// openings holds what entries say that their reviews were opened for against the reviews.
func (k *ledgerChecker) openings(rows rower) (review.EntryID, string, error) {
	if len(k.opened) == 0 {
		return 0, "", nil
	}
	type about struct{ opening, root string }
	ids := make([]int64, len(k.opened))
	for i, o := range k.opened {
		ids[i] = o.review
	}
	of := make(map[int64]about, len(ids))
	put := func(v []driver.Value) error {
		c := columns{v: v}
		id := c.number()
		of[id] = about{c.text(), c.text() + "/" + c.text()}
		return nil
	}
	low, high := slices.Min(ids), slices.Max(ids)
	var err error
	if high-low < 4*int64(len(ids)) {
		err = rows(`
			SELECT r.id, r.opening, w.text, x.rid FROM review r JOIN resource x ON x.id = r.root JOIN word w ON w.id = x.family
			WHERE r.id BETWEEN ? AND ?`, 4, put, low, high)
	} else {
		err = rows(`
			SELECT r.id, r.opening, w.text, x.rid FROM json_each(?) j JOIN review r ON r.id = j.value
			JOIN resource x ON x.id = r.root JOIN word w ON w.id = x.family`, 4, put, numbers(ids))
	}
	if err != nil {
		return 0, "", err
	}
	for _, o := range k.opened {
		a, ok := of[o.review]
		if !ok {
			return o.entry, "its review is gone", nil
		}
		if strings.HasSuffix(o.detail, `"opening":"`+a.opening+`","root":"`+a.root+`"}`) {
			continue
		}
		var said map[string]string
		if err := (detailColumn{&said}).Scan(o.detail); err != nil || said["opening"] != a.opening || said["root"] != a.root {
			return o.entry, "its review is about something else than was recorded", nil
		}
	}
	return 0, "", nil
}
