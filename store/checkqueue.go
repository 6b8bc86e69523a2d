package store

import (
	"database/sql"
	"fmt"

	"docket/review"
)

// shown is what a row of the queue says of its root's dossier, as it is written.
type shown struct {
	subject, kind, fold, reference, country string
	tags, tally, facets                     string // JSON
	matches                                 int
	halted                                  sql.NullInt64
	why                                     review.Why
	evidence                                review.Hash
}

// queuedRow is a row of the queue.
type queuedRow struct {
	id      int64
	opening review.Opening
	shown
}

// asShown is what a row of a root is to say, behind so many earlier reviews of it.
func asShown(s *summary, r queuedRow, earlier int) (out shown, err error) {
	out = shown{subject: s.subject, kind: string(s.kind), fold: review.Fold(s.subject), reference: s.reference, country: s.country,
		matches: len(s.open), why: rowWhy(s, r.opening, earlier), evidence: s.evidence}
	if r.id < 0 {
		out.why = "" // a row that waits for an inquiry is no review
	}
	if !s.halted.IsZero() {
		out.halted = sql.NullInt64{Int64: millis(s.halted), Valid: true}
	}
	if out.tags, err = list(s.tags); err != nil {
		return out, err
	}
	if out.tally, err = list(s.tally); err != nil {
		return out, err
	}
	out.facets, err = list(s.facets)
	return out, err
}

// rowsOfRoot gives the rows of a root as the queue has them: its reviews in the order in which they
// opened, then the one that waits for an inquiry.
func (a *act) rowsOfRoot(root int64) ([]queuedRow, error) {
	var rows []queuedRow
	err := a.each(`
		SELECT id, opening, subject, subject_kind, subject_fold, reference, country, tags, tally, facets, matches, halted_since, why, evidence
		FROM queue WHERE root = ? ORDER BY id < 0, opened_at, id`, []any{root}, func(scan func(...any) error) error {
		var r queuedRow
		err := scan(&r.id, &r.opening, &r.subject, &r.kind, &r.fold, &r.reference, &r.country, &r.tags, &r.tally, &r.facets, &r.matches,
			&r.halted, &r.why, hashColumn{&r.evidence})
		rows = append(rows, r)
		return err
	})
	return rows, err
}

// standing compares what rows of the queue say with where their reviews stand.
func (c *checking) standing() error {
	return c.read("queue", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"row of the queue with another status than its root", `
				SELECT count(*) FROM queue q JOIN root t ON t.resource = q.root WHERE q.status <> t.status`},
			{"row of the queue that opened or closed otherwise than its review", `
				SELECT count(*) FROM queue q JOIN review r ON r.id = q.id WHERE q.opening <> r.opening OR q.closing <> r.closing`},
			{"row of the queue with another outcome than the decision in effect", `
				SELECT count(*) FROM queue q JOIN review r ON r.id = q.id WHERE q.outcome <> iif(r.state = 'closed' AND r.closing = 'decided', ifnull((
				  SELECT d.outcome FROM decision d WHERE d.review = q.id AND ` + inEffect + ` ORDER BY d.entry DESC LIMIT 1), ''), q.outcome)`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return fmt.Errorf("%s: %w", q.what, err)
			}
			if n > 0 {
				c.found("%d × wrong: %s", n, q.what)
			}
		}
		return nil
	})
}
