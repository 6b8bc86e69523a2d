package store

import (
	"context"
	"math"
	"strconv"
	"time"

	"docket/review"
)

// DecisionRow is one decision with what it was about.
type DecisionRow struct {
	review.Decision
	Root        review.Ref
	Transaction review.TransactionID // the root when it is a transaction, else ""
	Reference   string
	Subject     string
	OpenedAt    time.Time
	Corrected   bool        // a later one in effect corrects it
	Late        bool        // more time than the policy's target went by from opening the review
	Hash        review.Hash // of its leaf in the ledger; zero: none yet
	Kinds       []string    // of report; this and the next only when the query is wide
	Lists       []string
	Parties     []string // keys
}

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
	err = db.read(ctx, "decisions", func(a *act) error {
		at, entry, err := a.start(q.After)
		if err != nil {
			return err
		}
		p, none, err := a.planDecisions(q)
		if err != nil || none {
			return err
		}
		if rows, err = a.decisionRows(p.walk.older, p.before(at, entry, limit+1)); err != nil {
			return err
		}
		total, err = a.countDecisions(p)
		return err
	})
	if len(rows) > limit {
		rows = rows[:limit]
		next = strconv.FormatInt(int64(rows[limit-1].Entry), 10)
	}
	return rows, next, total, err
}

// CountDecisions is the number of decisions that fit a query.
func (db *DB) CountDecisions(ctx context.Context, q DecisionQuery) (total review.Count, err error) {
	err = db.read(ctx, "count decisions", func(a *act) error {
		p, none, err := a.planDecisions(q)
		if err != nil || none {
			return err
		}
		total, err = a.countDecisions(p)
		return err
	})
	return total, err
}

func (a *act) countDecisions(p decisionPlan) (total review.Count, err error) {
	if err := a.one(p.walk.count, append(p.args, exactTo+1), &total.N); err != nil {
		return total, err
	}
	total.More = total.N > exactTo
	total.N = min(total.N, exactTo)
	return total, nil
}

// EachDecision calls fn for every decision that fits the query, oldest first, whatever the
// query's page: those in effect, unless the query says otherwise. It reads in short steps and holds nothing
// open while fn runs, so that a slow reader of an export does not hold up the database; what is
// decided meanwhile comes at the end.
func (db *DB) EachDecision(ctx context.Context, q DecisionQuery, fn func(DecisionRow) error) error {
	at, entry := int64(math.MinInt64), int64(0)
	var p decisionPlan
	for first := true; ; first = false {
		var rows []DecisionRow
		err := db.read(ctx, "each decision", func(a *act) (err error) {
			if first {
				none := false
				if p, none, err = a.planDecisions(q); err != nil || none {
					return err
				}
			}
			rows, err = a.decisionRows(p.walk.newer, p.behind(at, entry, recordStep))
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
		last := rows[len(rows)-1]
		at, entry = millis(last.At), int64(last.Entry)
	}
}

func (a *act) decisionRows(query string, args []any) ([]DecisionRow, error) {
	if err := a.whole(); err != nil {
		return nil, err
	}
	var all []DecisionRow
	err := a.each(query, args, func(scan func(...any) error) error {
		var r DecisionRow
		c := decisionColumns{d: &r.Decision}
		err := scan(append(c.columns(), &r.Root.Type, &r.Root.ID, &r.Reference, &r.Subject, timeColumn{&r.OpenedAt}, &r.Corrected, &r.Late, hashColumn{&r.Hash},
			listColumn[string]{&r.Kinds}, listColumn[string]{&r.Lists}, listColumn[string]{&r.Parties})...)
		c.settle()
		r.Transaction = r.Root.Transaction()
		all = append(all, r)
		return err
	})
	return all, err
}
