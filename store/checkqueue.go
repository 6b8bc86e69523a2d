package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"

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

// unseated counts, of seats in facets, those where no row sits.
const unseated = `SELECT count(*) FROM json_each(?1) j WHERE NOT EXISTS (
	SELECT 1 FROM facet f WHERE f.place = j.value->>0 AND f.opened_at = j.value->>1 AND f.id = j.value->>2)`

// facets looks for every row of the queue in each facet that it is to be found by, and whether a row sits
// in any other.
func (c *checking) facets() error {
	if err := c.expect(`SELECT count(*) FROM queue`); err != nil {
		return err
	}
	return c.read("facets", func(a *act) error {
		late, some, err := a.lateRows()
		if err != nil {
			return err
		}
		wanted, missing := 0, 0
		for after := int64(math.MinInt64); ; {
			rows, err := a.seatedRows(after)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].id
			places := map[counterKey]int64{}
			var seats [][3]int64
			for _, r := range rows {
				if some && late.has(r.id) {
					continue // its facets are put off
				}
				for _, f := range choices(r.facets) {
					k := counterKey{r.state, f.Name, f.Value}
					if _, ok := places[k]; !ok {
						if places[k], _, err = a.counter(r.state, f); err != nil {
							return err
						}
					}
					seats = append(seats, [3]int64{places[k], r.openedAt, r.id})
				}
			}
			asked, err := list(seats)
			if err != nil {
				return err
			}
			empty := 0
			if err := a.one(unseated, []any{asked}, &empty); err != nil {
				return err
			}
			wanted, missing = wanted+len(seats), missing+empty
			c.tell(len(rows))
		}
		if missing > 0 {
			c.found("%d × wrong: row of the queue that a facet lacks", missing)
		}
		all := 0
		err = a.one(`SELECT count(*) FROM facet`, nil, &all)
		if n := all - (wanted - missing); n > 0 {
			c.found("%d × wrong: row in a facet that it does not have", n)
		}
		return err
	})
}

// seatedRow is a row of the queue and where it stands.
type seatedRow struct {
	id int64
	facetPlace
}

// seatedRows gives the rows of the queue behind one, so many at once. What cannot be read as facets is
// none: that it is damaged is seen with the evidence (asShown).
func (a *act) seatedRows(after int64) ([]seatedRow, error) {
	var rows []seatedRow
	err := a.each(`SELECT id, state, opened_at, facets FROM queue WHERE id > ? ORDER BY id LIMIT ?`, []any{after, checkBatch},
		func(scan func(...any) error) error {
			var r seatedRow
			var facets string
			if err := scan(&r.id, &r.state, &r.openedAt, &facets); err != nil {
				return err
			}
			if json.Unmarshal([]byte(facets), &r.facets) != nil {
				r.facets = nil
			}
			rows = append(rows, r)
			return nil
		})
	return rows, err
}
