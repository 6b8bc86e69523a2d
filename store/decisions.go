package store

import (
	"context"
	"math"
	"strconv"
	"time"

	"docket/review"
)

// DecisionQuery shapes the list of decisions in effect. Its zero value is all of them, newest first.
type DecisionQuery struct {
	From, To time.Time // From is in, To is out; zero: unbounded
	Outcome  review.Outcome
	By       review.ColleagueID
	Search   string // as in the queue
	After    string // cursor; "" the first page
	Limit    int    // 1 to 200; 0: 50
}

// DecisionRow is one decision with what it was about.
type DecisionRow struct {
	review.Decision
	Root        review.Ref
	Transaction review.TransactionID // the root when it is a transaction, else ""
	Reference   string
	Subject     string
	OpenedAt    time.Time
	Corrected   bool // a later one stands on it
}

// The list of decisions walks decision_by_time, or decision_by_whom for one colleague.
const (
	decisionSelect = `
		SELECT ` + decisionSelected + `,
		       w.text, t.rid, ifnull(q.reference, ''), ifnull(q.subject, ''), r.opened_at,
		       EXISTS (SELECT 1 FROM decision x WHERE x.corrects = d.entry AND (x.second = 0 OR EXISTS (
		         SELECT 1 FROM approval w WHERE w.decision = x.entry AND w.answer = 'approve')) AND x.review = d.review)
		FROM decision d JOIN entry e ON e.id = d.entry` + decisionJoined + `JOIN review r ON r.id = d.review
		JOIN resource t ON t.id = r.root JOIN word w ON w.id = t.family LEFT JOIN queue q ON q.id = d.review
		WHERE `
	decisionCount  = `SELECT count(*) FROM (SELECT 1 FROM decision d WHERE `
	decisionFilter = inEffect + ` AND d.at >= ?1 AND d.at < ?2 AND (?3 = '' OR d.outcome = ?3) AND (?4 = '' OR d.by_ = ?4)
		AND (?5 = '' OR d.review IN (SELECT rowid & 4294967295 FROM search WHERE search MATCH ?5 AND rowid < 5764607523034234880)) `
	decisionFilterBy = inEffect + ` AND d.at >= ?1 AND d.at < ?2 AND (?3 = '' OR d.outcome = ?3) AND d.by_ = ?4
		AND (?5 = '' OR d.review IN (SELECT rowid & 4294967295 FROM search WHERE search MATCH ?5 AND rowid < 5764607523034234880)) `
	decisionOlder = `AND (d.at, d.entry) < (?6, ?7) ORDER BY d.at DESC, d.entry DESC LIMIT ?8`
	decisionNewer = `AND (d.at, d.entry) > (?6, ?7) ORDER BY d.at, d.entry LIMIT ?8`
	decisionCap   = `LIMIT ?6)`

	decisionsOlder   = decisionSelect + decisionFilter + decisionOlder
	decisionsNewer   = decisionSelect + decisionFilter + decisionNewer
	decisionsOlderBy = decisionSelect + decisionFilterBy + decisionOlder
	decisionsNewerBy = decisionSelect + decisionFilterBy + decisionNewer
	decisionsCount   = decisionCount + decisionFilter + decisionCap
	decisionsCountBy = decisionCount + decisionFilterBy + decisionCap
)

// exactTo is how far totals are counted.
const exactTo = 1_000

// Decisions lists decisions, newest first, with the cursor of the next page ("" on the last) and
// the number of all that fit the query. A cursor that is none is review.ErrNotFound.
func (db *DB) Decisions(ctx context.Context, q DecisionQuery) (rows []DecisionRow, next string, total review.Count, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 200)
	args, findable := q.filter()
	if !findable {
		return nil, "", review.Count{}, nil
	}
	list, count := decisionsOlder, decisionsCount
	if q.By != "" {
		list, count = decisionsOlderBy, decisionsCountBy
	}
	err = db.read(ctx, "decisions", func(a *act) error {
		at, entry := int64(math.MaxInt64), int64(math.MaxInt64)
		if q.After != "" {
			id, err := strconv.ParseInt(q.After, 10, 64)
			if err != nil {
				return review.ErrNotFound
			}
			entry = id
			if err := a.one(`SELECT at FROM decision WHERE entry = ?`, []any{id}, &at); err != nil {
				return err
			}
		}
		if rows, err = a.decisionRows(list, append(args, at, entry, limit+1)); err != nil {
			return err
		}
		if err := a.one(count, append(args, exactTo+1), &total.N); err != nil {
			return err
		}
		total.More = total.N > exactTo
		total.N = min(total.N, exactTo)
		return nil
	})
	if len(rows) > limit {
		rows = rows[:limit]
		next = strconv.FormatInt(int64(rows[limit-1].Entry), 10)
	}
	return rows, next, total, err
}

// EachDecision calls fn for every decision that fits the query, oldest first, whatever the
// query's page. It reads in short steps and holds nothing open while fn runs, so that a slow
// reader of an export does not hold up the database.
func (db *DB) EachDecision(ctx context.Context, q DecisionQuery, fn func(DecisionRow) error) error {
	const step = 500
	args, findable := q.filter()
	if !findable {
		return nil
	}
	list := decisionsNewer
	if q.By != "" {
		list = decisionsNewerBy
	}
	at, entry := int64(math.MinInt64), int64(0)
	for {
		var rows []DecisionRow
		err := db.read(ctx, "each decision", func(a *act) (err error) {
			rows, err = a.decisionRows(list, append(args, at, entry, step))
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
		if len(rows) < step {
			return nil
		}
		last := rows[len(rows)-1]
		at, entry = millis(last.At), int64(last.Entry)
	}
}

// filter gives the first five parameters of the queries; findable is false when something was
// searched that no row can hold.
func (q DecisionQuery) filter() (args []any, findable bool) {
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if !q.From.IsZero() {
		from = millis(q.From)
	}
	if !q.To.IsZero() {
		to = millis(q.To)
	}
	match := ""
	if q.Search != "" {
		if match = matchQuery(q.Search, facet{}); match == "" {
			return nil, false
		}
	}
	args = []any{from, to, string(q.Outcome), string(q.By), match}
	return args[:len(args):len(args)], true
}

func (a *act) decisionRows(query string, args []any) ([]DecisionRow, error) {
	if err := a.whole(); err != nil {
		return nil, err
	}
	var all []DecisionRow
	err := a.each(query, args, func(scan func(...any) error) error {
		var r DecisionRow
		c := decisionColumns{d: &r.Decision}
		err := scan(append(c.columns(), &r.Root.Type, &r.Root.ID, &r.Reference, &r.Subject, timeColumn{&r.OpenedAt}, &r.Corrected)...)
		c.settle()
		r.Transaction = r.Root.Transaction()
		all = append(all, r)
		return err
	})
	return all, err
}
