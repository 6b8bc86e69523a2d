package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"docket/review"
)

// Span is a stretch of time: From is in, To is out; zero is unbounded.
type Span struct{ From, To time.Time }

func (s Span) bounds() (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !s.From.IsZero() {
		from = millis(s.From)
	}
	if !s.To.IsZero() {
		to = millis(s.To)
	}
	return from, to
}

// recordStep is how many rows of the record are read at once: nothing is held open while an export
// is written.
const recordStep = 500

// DispositionRow is one finding on one match with what its review is about.
type DispositionRow struct {
	review.Disposition
	ByRole      review.Role
	Root        review.Ref
	Transaction review.TransactionID // the root when it is a transaction, else ""
	Reference   string
	Subject     string
	UndoneBy    review.EntryID // that took it back, 0 none
}

// EachDisposition calls fn for every finding that was recorded in a span of time, those taken back
// included, in the order of the entries and of matches within one.
func (db *DB) EachDisposition(ctx context.Context, s Span, fn func(DispositionRow) error) error {
	from, to := s.bounds()
	last := DispositionRow{}
	for {
		var rows []DispositionRow
		err := db.read(ctx, "each disposition", func(a *act) (err error) {
			rows, err = a.dispositionRows(from, to, last.Entry, last.Match)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		if len(rows) < recordStep {
			return nil
		}
		last = rows[len(rows)-1]
	}
}

func (a *act) dispositionRows(from, to int64, entry review.EntryID, match review.MatchKey) ([]DispositionRow, error) {
	if err := a.whole(); err != nil {
		return nil, err
	}
	var rows []DispositionRow
	var entries []int64
	err := a.each(`
		SELECT `+dispositionSelected+`, e.by_role, w.text, t.rid, ifnull(q.reference, ''), ifnull(q.subject, ''),
		       (SELECT u.id FROM entry u WHERE u.undoes = e.id)
		FROM entry e JOIN disposition d ON d.review = e.review AND d.entry = e.id JOIN review r ON r.id = d.review
		JOIN resource t ON t.id = r.root JOIN word w ON w.id = t.family LEFT JOIN queue q ON q.id = d.review
		WHERE e.id >= ?3 AND e.act = 'disposed' AND e.at >= ?1 AND e.at < ?2 AND (e.id, d.match) > (?3, ?4)
		ORDER BY e.id, d.match LIMIT ?5`, []any{from, to, entry, match, recordStep}, func(scan func(...any) error) error {
		var r DispositionRow
		var undone sql.NullInt64
		c := dispositionColumns{d: &r.Disposition}
		err := scan(append(c.columns(), &r.ByRole, &r.Root.Type, &r.Root.ID, &r.Reference, &r.Subject, &undone)...)
		c.settle()
		r.Transaction, r.UndoneBy = r.Root.Transaction(), review.EntryID(undone.Int64)
		if n := len(entries); n == 0 || entries[n-1] != int64(r.Entry) {
			entries = append(entries, int64(r.Entry))
		}
		rows = append(rows, r)
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	premises, err := a.premises(entries)
	for i := range rows {
		rows[i].Premises = premises[rows[i].Entry]
	}
	return rows, err
}

// EntryRow is one line of the trail with what its review is about.
type EntryRow struct {
	review.Entry
	ByRole      review.Role
	Root        review.Ref           // zero when it is about no review
	Transaction review.TransactionID // the root when it is a transaction, else ""
}

// EachEntry calls fn for every line of the trail that was written in a span of time, in order.
func (db *DB) EachEntry(ctx context.Context, s Span, fn func(EntryRow) error) error {
	from, to := s.bounds()
	for last := review.EntryID(0); ; {
		var rows []EntryRow
		err := db.read(ctx, "each entry", func(a *act) (err error) {
			rows, err = a.entryRows(from, to, last)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		if len(rows) < recordStep {
			return nil
		}
		last = rows[len(rows)-1].ID
	}
}

func (a *act) entryRows(from, to int64, last review.EntryID) ([]EntryRow, error) {
	var rows []EntryRow
	err := a.each(`
		SELECT `+entrySelected+`, e.by_role, ifnull(w.text, ''), ifnull(t.rid, '')
		FROM entry e LEFT JOIN review r ON r.id = e.review LEFT JOIN resource t ON t.id = r.root LEFT JOIN word w ON w.id = t.family
		WHERE e.id > ? AND e.at >= ? AND e.at < ? ORDER BY e.id LIMIT ?`, []any{last, from, to, recordStep}, func(scan func(...any) error) error {
		var r EntryRow
		c := entryColumns{e: &r.Entry}
		err := scan(append(c.columns(), &r.ByRole, &r.Root.Type, &r.Root.ID)...)
		c.settle()
		r.Transaction = r.Root.Transaction()
		rows = append(rows, r)
		return err
	})
	return rows, err
}
