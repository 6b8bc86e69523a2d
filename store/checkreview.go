package store

import (
	"errors"
	"slices"

	"docket/review"
)

// reviews reconciles every root in memory and says what would change.
func (c *checking) reviews() error {
	if err := c.expect(`SELECT count(*) FROM root`); err != nil {
		return err
	}
	for after := int64(0); ; {
		n := 0
		err := c.read("reviews", func(a *act) error {
			var ids []int64
			byID := map[int64]*rootReviews{}
			err := a.each(`
				SELECT t.resource, r.rid, w.text FROM root t CROSS JOIN resource r ON r.id = t.resource CROSS JOIN word w ON w.id = r.family
				WHERE t.resource > ? ORDER BY t.resource LIMIT ?`, []any{after, checkBatch}, func(scan func(...any) error) error {
				t := &rootReviews{node: &node{}}
				err := scan(&t.id, &t.rid, &t.family)
				t.statuses = c.db.statuses.For(t.family)
				ids = append(ids, t.id)
				byID[t.id] = t
				return err
			})
			if err != nil || len(ids) == 0 {
				return err
			}
			n, after = len(ids), ids[len(ids)-1]
			if err := a.reviewRows(ids, func(root int64, r *reviewRow) { byID[root].rows = append(byID[root].rows, r) }); err != nil {
				return err
			}
			points, err := a.statusPointsOf(ids)
			if err != nil {
				return err
			}
			for _, id := range ids {
				t := byID[id]
				t.follow(points[id])
				t.plan()
				if slices.ContainsFunc(t.rows, func(r *reviewRow) bool { return r.fresh || r.changed }) {
					c.found("%s in resource row %d: its reviews do not follow its statuses", t.family, id)
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return err
		}
		c.tell(n)
		if n == 0 {
			return nil
		}
	}
}
