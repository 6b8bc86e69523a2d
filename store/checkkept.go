package store

import (
	"strconv"
)

// retention compares what is kept of how long subjects stay with their reviews, decisions and holds; whom
// those roots are about that have a dossier in the queue is compared with the evidence.
func (c *checking) retention() error {
	err := c.read("retention", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"root whose time of keeping is not what its reviews say", `
				SELECT 'resource row ' || t.resource FROM root t LEFT JOIN kept k ON k.root = t.resource
				WHERE ` + stillKept + ` AND (k.root IS NULL OR (k.reviews, k.open, k.declined, k.ended_at) IS NOT (` + keptFacts + `))`},
			{"time of keeping of no root that is kept", `
				SELECT 'resource row ' || k.root FROM kept k LEFT JOIN root t ON t.resource = k.root WHERE t.resource IS NULL OR NOT ` + stillKept},
		} {
			if err := c.differ(a, q.what, q.query); err != nil {
				return err
			}
		}
		return c.keptSubjects(a)
	})
	if err != nil {
		return err
	}
	return c.plainRoots()
}

// keptSubjects sums up each subject again.
func (c *checking) keptSubjects(a *act) error {
	signs, err := a.ids(`SELECT subject FROM hold WHERE lifted IS NULL`)
	if err != nil {
		return err
	}
	held, err := a.heldSigns(signs)
	if err != nil {
		return err
	}
	n, first := 0, []string{}
	compare := func(roots []keptFull) error {
		sum := sumOf(roots, held[roots[0].subject])
		for i := range roots {
			if roots[i].keptSum != sum {
				if n++; n <= namedRows {
					first = append(first, "that of resource row "+strconv.FormatInt(roots[i].root, 10))
				}
			}
			sum = keptSum{}
		}
		return nil
	}
	var rows []keptFull // of one subject
	err = a.each(`SELECT `+keptColumns+` FROM kept k ORDER BY k.subject, k.root`, nil, func(scan func(...any) error) error {
		var k keptFull
		if err := k.scan(scan); err != nil {
			return err
		}
		if len(rows) > 0 && rows[0].subject != k.subject {
			if err := compare(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
		rows = append(rows, k)
		return nil
	})
	if err == nil && len(rows) > 0 {
		err = compare(rows)
	}
	c.several(n, "subject that is kept otherwise than its roots and holds say", first)
	return err
}

// plainRoots finds again whom those roots are about that nobody reviews.
func (c *checking) plainRoots() error {
	if err := c.expect(`SELECT count(*) FROM kept k WHERE NOT EXISTS (SELECT 1 FROM queue q WHERE q.root = k.root)`); err != nil {
		return err
	}
	n, first := 0, []string{}
	for after := int64(0); ; {
		roots, kept := map[int64]*node{}, map[int64]int64{}
		err := c.read("subjects", func(a *act) error {
			err := a.each(`
				SELECT k.root, r.rid, w.text, k.subject FROM kept k CROSS JOIN resource r ON r.id = k.root CROSS JOIN word w ON w.id = r.family
				WHERE k.root > ? AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.root = k.root) ORDER BY k.root LIMIT ?`,
				[]any{after, checkBatch}, func(scan func(...any) error) error {
					t := &node{}
					var subject int64
					err := scan(&t.id, &t.rid, &t.family, &subject)
					roots[t.id], kept[t.id], after = t, subject, t.id
					return err
				})
			if err != nil {
				return err
			}
			signs, err := a.plainSigns(roots)
			for id, sign := range signs {
				if kept[id] != sign {
					if n++; n <= namedRows {
						first = append(first, "resource row "+strconv.FormatInt(id, 10))
					}
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(roots) == 0 {
			break
		}
		c.tell(len(roots))
	}
	c.several(n, "root that is kept as another subject's than its links say", first)
	return nil
}

// looks compares who looked at what with the entries that say so.
func (c *checking) looks() error {
	return c.read("looks", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"look that no entry tells of", `
				SELECT 'R-' || l.review FROM look l WHERE NOT EXISTS (
				  SELECT 1 FROM entry e WHERE e.review = l.review AND e.act = 'seen' AND e.by_ = l.colleague AND e.evidence = l.evidence AND e.at <= l.at)`},
			{"entry of a look that is not kept", `
				SELECT 'entry ' || e.id FROM review r CROSS JOIN entry e ON e.review = r.id WHERE e.act = 'seen' AND NOT EXISTS (
				  SELECT 1 FROM look l WHERE l.review = e.review AND l.colleague = e.by_ AND l.evidence = e.evidence)`},
		} {
			if err := c.differ(a, q.what, q.query); err != nil {
				return err
			}
		}
		return nil
	})
}
