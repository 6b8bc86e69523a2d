package store

import (
	"database/sql/driver"
	"strings"

	"docket/review"
)

// leafRow is an entry with all its rows and its leaf, if it has one.
type leafRow struct {
	entry  review.LedgerEntry
	sealed bool
	odd    bool // a value that docket never writes
	record []byte
	salts  []byte
	hashes []byte
}

// A rower runs a query and hands over its rows, as wide as asked, values as the driver gives them.
// They are good until the next row.
type rower func(query string, width int, fn func(v []driver.Value) error, args ...any) error

// rows is the rower of one act.
func (a *act) rows(query string, width int, fn func([]driver.Value) error, args ...any) error {
	values, dest := make([]driver.Value, width), make([]any, width)
	for i := range values {
		dest[i] = (*any)(&values[i])
	}
	return a.each(query, args, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		return fn(values)
	})
}

// eachLeaf reads the entries of a range, both ends included, in order, with everything that their
// records cover. Writing a record and checking it both read here, so that they cannot disagree on
// what an entry is. What fn gets is good until it returns.
func eachLeaf(rows rower, first, last review.EntryID, fn func(*leafRow) error) error {
	var r leafReader
	for ; first <= last; first += packSize {
		end := min(last, first+packSize-1)
		whole := false
		err := rows(packQuery, 6, func(v []driver.Value) error {
			whole = r.packed(v)
			return nil
		}, first, end)
		switch {
		case err != nil:
			return err
		case !whole:
			if err := unpacked(rows, first, end, fn); err != nil {
				return err
			}
			continue
		}
		left := r.hung
		for i := range r.leaves {
			l := &r.leaves[i]
			left.hang(&l.entry)
			if err := fn(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// leafReader keeps the room that reading takes.
type leafReader struct {
	leaves []leafRow
	hung   hangers
}

// unpacked reads entries column by column, where they cannot be read as a pack. Columns of plain words
// come as one here too, with the sign between them that no word has. A word that has it after all makes
// the row odd, so that no two rows read alike. Texts that hold nothing come as NULL.
func unpacked(rows rower, first, last review.EntryID, fn func(*leafRow) error) error {
	var r hangers
	if err := r.read(rows, first, last); err != nil {
		return err
	}
	var l leafRow
	return rows(`
		SELECT e.id, e.review, e.at, concat_ws(char(31), e.act, ifnull(e.by_, ''), e.by_role, e.finding, e.outcome, e.reason, e.comparator),
		       nullif(e.by_name, ''), nullif(e.note, ''), iif(e.matches = '', '?', nullif(e.matches, '[]')), nullif(e.status, ''), e.evidence,
		       e.undoes, e.answers, iif(e.detail = '', '?', nullif(e.detail, '{}')), e.policy, l.record, l.salts, l.hashes
		FROM entry e LEFT JOIN leaf l ON l.entry = e.id WHERE likelihood(e.id >= ?, 1.0) AND e.id <= ? ORDER BY e.id`, 16, func(v []driver.Value) error {
		c := columns{v: v}
		e := &l.entry
		*e = review.LedgerEntry{ID: review.EntryID(c.number()), Review: c.number(), At: c.number(), Dispositions: e.Dispositions[:0], Premises: e.Premises[:0]}
		c.texts(&e.Act, &e.By, &e.ByRole, &e.Finding, &e.Outcome, &e.Reason, &e.Comparator)
		e.ByName, e.Note, e.Matches, e.Status, e.Evidence = c.text(), c.text(), c.text(), c.text(), c.bytes()
		e.Undoes, e.Answers, e.Detail, e.Policy = c.number(), c.number(), c.text(), c.number()
		l.record, l.salts, l.hashes = c.bytes(), c.bytes(), c.bytes()
		l.sealed = l.hashes != nil
		l.odd = c.odd
		l.odd = r.hang(e) || l.odd
		return fn(&l)
	}, first, last)
}

// columns reads the values of a row one after the other; NULL is zero.
type columns struct {
	v   []driver.Value
	odd bool // a value was of another type, which STRICT tables do not hold, or a word was no word
}

// texts cuts a column of several words.
func (c *columns) texts(to ...*string) {
	s, more := c.text(), true
	for i, t := range to {
		if !more {
			c.odd = true
			return
		}
		if i == len(to)-1 {
			*t, more = s, strings.IndexByte(s, 31) >= 0
			c.odd = c.odd || more
			return
		}
		*t, s, more = strings.Cut(s, "\x1f")
	}
}

func (c *columns) next() driver.Value {
	v := c.v[0]
	c.v = c.v[1:]
	return v
}

func (c *columns) number() int64 {
	v := c.next()
	n, ok := v.(int64)
	c.odd = c.odd || !ok && v != nil
	return n
}

func (c *columns) text() string {
	v := c.next()
	s, ok := v.(string)
	c.odd = c.odd || !ok && v != nil
	return s
}

func (c *columns) bytes() []byte {
	v := c.next()
	b, ok := v.([]byte)
	c.odd = c.odd || !ok && v != nil
	return b
}

// hung is a row that hangs on an entry.
type hung[T any] struct {
	entry review.EntryID
	odd   bool
	row   T
}

// take gives the rows of an entry and goes on behind them; odd: one is. Rows of entries that are not
// there are passed over: whoever reads them misses the entry first.
func take[T any](of *[]hung[T], entry review.EntryID, fn func(T)) (odd bool) {
	rows := *of
	for len(rows) > 0 && rows[0].entry <= entry {
		if rows[0].entry == entry {
			fn(rows[0].row)
			odd = odd || rows[0].odd
		}
		rows = rows[1:]
	}
	*of = rows
	return odd
}

// hangers are the rows that hang on the entries of a range, by entry.
type hangers struct {
	decisions    []hung[review.LedgerDecisionRow]
	approvals    []hung[review.LedgerApprovalRow]
	dispositions []hung[review.LedgerDispositionRow]
	premises     []hung[review.LedgerPremiseRow]
}

func (r *hangers) hang(e *review.LedgerEntry) (odd bool) {
	odd = take(&r.decisions, e.ID, func(d review.LedgerDecisionRow) { e.Decided, e.Decision = true, d })
	odd = take(&r.approvals, e.ID, func(p review.LedgerApprovalRow) { e.Answered, e.Approval = true, p }) || odd
	odd = take(&r.dispositions, e.ID, func(d review.LedgerDispositionRow) { e.Dispositions = append(e.Dispositions, d) }) || odd
	odd = take(&r.premises, e.ID, func(p review.LedgerPremiseRow) { e.Premises = append(e.Premises, p) }) || odd
	return odd
}

func (r *hangers) read(rows rower, first, last review.EntryID) error {
	err := rows(`
		SELECT entry, review, at, matches, false_positives, true_matches, cannot_tell, policy, second, corrects,
		       concat_ws(char(31), by_, outcome, comparator)
		FROM decision WHERE likelihood(entry >= ?, 1.0) AND entry <= ? ORDER BY entry`, 11, func(v []driver.Value) error {
		c := columns{v: v}
		id := review.EntryID(c.number())
		d := review.LedgerDecisionRow{Review: c.number(), At: c.number(), Matches: c.number(), FalsePositives: c.number(),
			TrueMatches: c.number(), CannotTell: c.number(), Policy: c.number(), Second: c.number(), Corrects: c.number()}
		c.texts(&d.By, &d.Outcome, &d.Comparator)
		r.decisions = append(r.decisions, hung[review.LedgerDecisionRow]{id, c.odd, d})
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	err = rows(`SELECT entry, decision, answer, by_, at FROM approval WHERE likelihood(entry >= ?, 1.0) AND entry <= ? ORDER BY entry`, 5, func(v []driver.Value) error {
		c := columns{v: v}
		id := review.EntryID(c.number())
		p := review.LedgerApprovalRow{Decision: c.number(), Answer: c.text(), By: c.text(), At: c.number()}
		r.approvals = append(r.approvals, hung[review.LedgerApprovalRow]{id, c.odd, p})
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	err = rows(`
		SELECT entry, review, seen, carries, iif(missing = '', '?', nullif(missing, '[]')),
		       concat_ws(char(31), match, finding, kind, identity, whose, party)
		FROM disposition INDEXED BY disposition_of_entry WHERE entry BETWEEN ? AND ? ORDER BY entry, match`, 6, func(v []driver.Value) error {
		c := columns{v: v}
		id := review.EntryID(c.number())
		d := review.LedgerDispositionRow{Review: c.number(), Seen: c.bytes(), Carries: c.number(), Missing: c.text()}
		c.odd = c.odd || len(d.Seen) != len(review.Hash{})
		c.texts(&d.Match, &d.Finding, &d.Kind, &d.Identity, &d.Whose, &d.Party)
		r.dispositions = append(r.dispositions, hung[review.LedgerDispositionRow]{id, c.odd, d})
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	return rows(`
		SELECT entry, place, amount, out_of, concat_ws(char(31), kind, attribute, rule, comparator, subject, listed)
		FROM premise WHERE entry BETWEEN ? AND ? ORDER BY entry, place`, 5, func(v []driver.Value) error {
		c := columns{v: v}
		id := review.EntryID(c.number())
		p := review.LedgerPremiseRow{Place: c.number(), Amount: c.number(), Of: c.number()}
		c.texts(&p.Kind, &p.Attribute, &p.Rule, &p.Comparator, &p.Subject, &p.Listed)
		r.premises = append(r.premises, hung[review.LedgerPremiseRow]{id, c.odd, p})
		return nil
	}, first, last)
}
