package store

import (
	"database/sql/driver"
	"fmt"

	"docket/review"
)

// leafRow is an entry with all its rows and its leaf, if it has one.
type leafRow struct {
	entry  review.LedgerEntry
	sealed bool
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
	var r hangers
	if err := r.read(rows, first, last); err != nil {
		return err
	}
	var l leafRow
	return rows(`
		SELECT e.id, e.review, e.at, e.act, e.by_, e.by_name, e.by_role, e.finding, e.outcome, e.reason, e.note, e.matches, e.status, e.evidence,
		       e.undoes, e.answers, e.detail, e.comparator, e.policy, l.record, l.salts, l.hashes
		FROM entry e LEFT JOIN leaf l ON l.entry = e.id WHERE e.id BETWEEN ? AND ? ORDER BY e.id`, 22, func(v []driver.Value) error {
		c := columns{v: v}
		e := &l.entry
		*e = review.LedgerEntry{ID: review.EntryID(c.number()), Review: c.number(), At: c.number(), Act: c.text(), By: c.text(), ByName: c.text(),
			ByRole: c.text(), Finding: c.text(), Outcome: c.text(), Reason: c.text(), Note: c.text(), Matches: c.text(), Status: c.text(),
			Evidence: c.bytes(), Undoes: c.number(), Answers: c.number(), Detail: c.text(), Comparator: c.text(), Policy: c.number(),
			Dispositions: e.Dispositions[:0], Premises: e.Premises[:0]}
		l.record, l.salts, l.hashes = c.bytes(), c.bytes(), c.bytes()
		l.sealed = l.hashes != nil
		if c.odd {
			return fmt.Errorf("entry %d: a column of another type", e.ID)
		}
		r.hang(e)
		return fn(&l)
	}, first, last)
}

// columns reads the values of a row one after the other; NULL is zero.
type columns struct {
	v   []driver.Value
	odd bool // a value was of another type: STRICT tables hold none
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
	row   T
}

// take gives the rows of an entry and goes on behind them. Rows of entries that are not there are
// passed over: whoever reads them misses the entry first.
func take[T any](of *[]hung[T], entry review.EntryID, fn func(T)) {
	rows := *of
	for len(rows) > 0 && rows[0].entry <= entry {
		if rows[0].entry == entry {
			fn(rows[0].row)
		}
		rows = rows[1:]
	}
	*of = rows
}

// hangers are the rows that hang on the entries of a range, by entry.
type hangers struct {
	decisions    []hung[review.LedgerDecisionRow]
	approvals    []hung[review.LedgerApprovalRow]
	dispositions []hung[review.LedgerDispositionRow]
	premises     []hung[review.LedgerPremiseRow]
}

func (r *hangers) hang(e *review.LedgerEntry) {
	take(&r.decisions, e.ID, func(d review.LedgerDecisionRow) { e.Decided, e.Decision = true, d })
	take(&r.approvals, e.ID, func(p review.LedgerApprovalRow) { e.Answered, e.Approval = true, p })
	take(&r.dispositions, e.ID, func(d review.LedgerDispositionRow) { e.Dispositions = append(e.Dispositions, d) })
	take(&r.premises, e.ID, func(p review.LedgerPremiseRow) { e.Premises = append(e.Premises, p) })
}

func (r *hangers) read(rows rower, first, last review.EntryID) error {
	var odd bool
	err := rows(`
		SELECT entry, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects
		FROM decision WHERE entry BETWEEN ? AND ? ORDER BY entry`, 13, func(v []driver.Value) error {
		c := columns{v: v}
		r.decisions = append(r.decisions, hung[review.LedgerDecisionRow]{review.EntryID(c.number()), review.LedgerDecisionRow{
			Review: c.number(), At: c.number(), By: c.text(), Outcome: c.text(), Matches: c.number(), FalsePositives: c.number(),
			TrueMatches: c.number(), CannotTell: c.number(), Comparator: c.text(), Policy: c.number(), Second: c.number(), Corrects: c.number()}})
		odd = odd || c.odd
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	err = rows(`SELECT entry, decision, answer, by_, at FROM approval WHERE entry BETWEEN ? AND ? ORDER BY entry`, 5, func(v []driver.Value) error {
		c := columns{v: v}
		r.approvals = append(r.approvals, hung[review.LedgerApprovalRow]{review.EntryID(c.number()), review.LedgerApprovalRow{
			Decision: c.number(), Answer: c.text(), By: c.text(), At: c.number()}})
		odd = odd || c.odd
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	err = rows(`
		SELECT entry, review, match, finding, kind, identity, whose, party, seen, carries, missing
		FROM disposition INDEXED BY disposition_of_entry WHERE entry BETWEEN ? AND ? ORDER BY entry, match`, 11, func(v []driver.Value) error {
		c := columns{v: v}
		r.dispositions = append(r.dispositions, hung[review.LedgerDispositionRow]{review.EntryID(c.number()), review.LedgerDispositionRow{
			Review: c.number(), Match: c.text(), Finding: c.text(), Kind: c.text(), Identity: c.text(), Whose: c.text(), Party: c.text(),
			Seen: c.bytes(), Carries: c.number(), Missing: c.text()}})
		odd = odd || c.odd
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	err = rows(`
		SELECT entry, place, kind, attribute, amount, out_of, subject, listed, rule, comparator
		FROM premise WHERE entry BETWEEN ? AND ? ORDER BY entry, place`, 10, func(v []driver.Value) error {
		c := columns{v: v}
		r.premises = append(r.premises, hung[review.LedgerPremiseRow]{review.EntryID(c.number()), review.LedgerPremiseRow{
			Place: c.number(), Kind: c.text(), Attribute: c.text(), Amount: c.number(), Of: c.number(), Subject: c.text(), Listed: c.text(),
			Rule: c.text(), Comparator: c.text()}})
		odd = odd || c.odd
		return nil
	}, first, last)
	if err == nil && odd {
		err = fmt.Errorf("entries %d to %d: a column of another type", first, last)
	}
	return err
}
