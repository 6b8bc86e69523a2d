package store

import (
	"slices"

	"docket/review"
)

// premises takes the values on both sides, and whom a finding was about, out of the findings whose
// evidence has lost something: what kind of fact they rest on, by which rule, stays. When the evidence is
// another by it, nobody can tell which lists named a match: that goes too.
func (e *eraser) premises() error {
	roots, err := e.roots(e.due...)
	if err != nil {
		return err
	}
	type finding struct {
		entry    int64
		evidence review.Hash
	}
	var told []finding
	err = e.each(`
		SELECT DISTINCT d.entry, n.evidence
		FROM json_each(?) j JOIN review r ON r.root = j.value JOIN disposition d ON d.review = r.id JOIN entry n ON n.id = d.entry
		WHERE d.identity <> '' OR d.whose <> '' OR d.seen <> zeroblob(32)
		   OR EXISTS (SELECT 1 FROM premise p WHERE p.entry = d.entry AND (p.subject <> '[]' OR p.listed <> '[]'))
		   OR EXISTS (SELECT 1 FROM counted c WHERE c.review = d.review AND c.match = d.match AND c.entry = d.entry AND c.lists <> '[]')
		ORDER BY d.entry`, []any{numbers(roots)}, func(scan func(...any) error) error {
		var f finding
		err := scan(&f.entry, hashColumn{&f.evidence})
		told = append(told, f)
		return err
	})
	if err != nil {
		return err
	}
	lost := losses{}
	if err := e.decidedLists(roots, lost); err != nil {
		return err
	}
	var emptied []review.EntryID
	for _, f := range told {
		gone, err := e.lossOf(f.evidence, lost)
		if err != nil {
			return err
		}
		if !gone.some {
			continue
		}
		if gone.another {
			if _, err := e.exec(`
				UPDATE counted SET lists = '[]' WHERE lists <> '[]'
				AND (review, match, entry) IN (SELECT d.review, d.match, d.entry FROM disposition d WHERE d.entry = ?)`, f.entry); err != nil {
				return err
			}
		}
		// Whoever took the finding over took the values too.
		if err := e.each(takenOver+`SELECT entry FROM taken`, []any{f.entry}, func(scan func(...any) error) error {
			var id review.EntryID
			err := scan(&id)
			emptied = append(emptied, id)
			return err
		}); err != nil {
			return err
		}
		if _, err := e.exec(takenOver+`
			UPDATE premise SET subject = '[]', listed = '[]' WHERE entry IN (SELECT entry FROM taken)`, f.entry); err != nil {
			return err
		}
		if _, err := e.exec(`
			UPDATE disposition SET identity = '', whose = '', seen = zeroblob(32)
			WHERE (review, match) IN (SELECT e.review, m.value FROM entry e, json_each(e.matches) m WHERE e.id = ?1) AND entry = ?1`, f.entry); err != nil {
			return err
		}
	}
	slices.Sort(emptied)
	e.emptied, err = e.unseal(slices.Compact(emptied))
	return err
}

// A loss is whether some evidence lost anything, and whether it is another by that.
type loss struct{ some, another bool }

// losses remembers what was found: many findings and decisions rest on the same evidence.
type losses map[review.Hash]loss

func (e *eraser) lossOf(evidence review.Hash, known losses) (loss, error) {
	gone, ok := known[evidence]
	if ok {
		return gone, nil
	}
	left, some, err := e.leftOf(evidence)
	if err != nil {
		return gone, err
	}
	gone = loss{some: some, another: some && review.Evidence(e.db.options.Hydrate(left)) != evidence}
	known[evidence] = gone
	return gone, nil
}

// leftOf gives what is left of some evidence, and whether anything of it is gone.
func (e *eraser) leftOf(evidence review.Hash) (review.Bundle, bool, error) {
	m, err := e.manifest(evidence)
	if err != nil {
		return review.Bundle{}, false, err
	}
	return e.bundleIn(m)
}

// takenOver is a finding and those that took over what it rests on.
const takenOver = `
	WITH RECURSIVE taken (entry) AS (
	  SELECT ?1 UNION SELECT d.entry FROM taken t JOIN disposition d ON d.carries = t.entry)
	`
