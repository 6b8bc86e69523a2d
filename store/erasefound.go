package store

import (
	"docket/review"
)

// decidedLists takes which lists a decision was about out of what decisions are found by, where nobody
// can tell any more from its evidence. A correction, which is about the lists of what it corrects
// besides, keeps those that its own evidence still tells.
func (e *eraser) decidedLists(roots []int64, lost losses) error {
	type made struct {
		entry, corrects int64
		evidence        review.Hash
		matches         []review.MatchKey
	}
	var all []made
	err := e.each(`
		SELECT d.entry, ifnull(d.corrects, 0), n.evidence, n.matches
		FROM json_each(?) j JOIN review r ON r.root = j.value JOIN decision d ON d.review = r.id JOIN entry n ON n.id = d.entry
		WHERE EXISTS (SELECT 1 FROM decision_facet x WHERE x.entry = d.entry AND x.facet = 'list')
		ORDER BY d.entry`, []any{numbers(roots)}, func(scan func(...any) error) error {
		var m made
		err := scan(&m.entry, &m.corrects, hashColumn{&m.evidence}, listColumn[review.MatchKey]{&m.matches})
		all = append(all, m)
		return err
	})
	if err != nil {
		return err
	}
	fewer := map[int64]bool{}
	for _, m := range all { // what is corrected comes before what corrects it
		gone, err := e.lossOf(m.evidence, lost)
		if err != nil {
			return err
		}
		if !gone.another && !fewer[m.corrects] {
			continue
		}
		fewer[m.entry] = true
		if _, err := e.exec(`DELETE FROM decision_facet WHERE facet = 'list' AND entry = ?`, m.entry); err != nil {
			return err
		}
		var own []string
		if !gone.another {
			left, _, err := e.leftOf(m.evidence)
			if err != nil {
				return err
			}
			own = listsOn(e.db.options.Hydrate(left), m.matches)
		}
		names, err := list(own)
		if err != nil {
			return err
		}
		if _, err := e.exec(`
			INSERT INTO decision_facet (facet, value, at, entry)
			SELECT 'list', j.value, d.at, d.entry FROM decision d, json_each(?2) j WHERE d.entry = ?1 UNION
			SELECT 'list', x.value, d.at, d.entry FROM decision d JOIN decision_facet x ON x.entry = d.corrects AND x.facet = 'list' WHERE d.entry = ?1`,
			m.entry, names); err != nil {
			return err
		}
	}
	return nil
}
