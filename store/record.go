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
	err := a.entryRowsOf(entryRowSelected+`FROM entry e`+entryRowJoined+`WHERE e.id > ? AND e.at >= ? AND e.at < ? ORDER BY e.id LIMIT ?`,
		[]any{last, from, to, recordStep}, func(r EntryRow) { rows = append(rows, r) })
	return rows, err
}

// ReviewRow is one review with what it is about.
type ReviewRow struct {
	ID                                  review.ReviewID
	Root                                review.Ref
	State                               review.State
	Opening                             review.Opening
	Closing                             review.Closing
	LeftStatus                          string // what Persona moved on to, when it closed the review
	OpenedAt, ClosedAt, DecidedAt       time.Time
	Outcome                             review.Outcome // of the newest decision in effect
	Subject, Reference, Country, Status string
	Tags                                []string
	Matches, Answered                   int                // open ones, and those of them with a finding
	ClaimedBy                           review.ColleagueID // now
	Evidence                            review.Hash
}

// EachReview calls fn for every review that opened in a span of time, in the order of their numbers.
func (db *DB) EachReview(ctx context.Context, s Span, fn func(ReviewRow) error) error {
	from, to := s.bounds()
	for last := review.ReviewID(0); ; {
		var rows []ReviewRow
		err := db.read(ctx, "each review", func(a *act) (err error) {
			rows, err = a.exportedReviews(from, to, last, recordStep)
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

const reviewsEach = `
	SELECT r.id, w.text, t.rid, r.state, r.opening, r.closing, r.left_status, r.opened_at, r.closed_at, q.outcome,
	       (SELECT max(d.at) FROM decision d WHERE d.review = r.id AND ` + inEffect + `),
	       q.subject, q.reference, q.country, q.status, q.tags, q.matches, q.answered,
	       ifnull((SELECT c.by_ FROM claim c WHERE c.review = r.id AND c.until > ?5), ''), q.evidence
	FROM review r JOIN queue q ON q.id = r.id JOIN resource t ON t.id = r.root JOIN word w ON w.id = t.family
	WHERE r.id > ?3 AND r.opened_at >= ?1 AND r.opened_at < ?2 ORDER BY r.id LIMIT ?4`

func (a *act) exportedReviews(from, to int64, last review.ReviewID, limit int) ([]ReviewRow, error) {
	if err := a.whole(); err != nil {
		return nil, err
	}
	var rows []ReviewRow
	err := a.each(reviewsEach, []any{from, to, last, limit, a.now.UnixMilli()}, func(scan func(...any) error) error {
		var r ReviewRow
		err := scan(&r.ID, &r.Root.Type, &r.Root.ID, &r.State, &r.Opening, &r.Closing, &r.LeftStatus, timeColumn{&r.OpenedAt}, timeColumn{&r.ClosedAt},
			&r.Outcome, timeColumn{&r.DecidedAt}, &r.Subject, &r.Reference, &r.Country, &r.Status, listColumn[string]{&r.Tags}, &r.Matches, &r.Answered,
			&r.ClaimedBy, hashColumn{&r.Evidence})
		rows = append(rows, r)
		return err
	})
	return rows, err
}
