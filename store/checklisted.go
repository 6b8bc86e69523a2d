package store

import (
	"fmt"
)

// listed compares the listed matches with the reviews and findings that they name, and kin with
// the matches that make them.
func (c *checking) listed() error {
	return c.read("listed", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"listed match of no review of its root", `
				SELECT count(*) FROM listed l WHERE NOT EXISTS (SELECT 1 FROM review r WHERE r.id = l.review AND r.root = l.root)`},
			{"listed match with a finding that is none", `
				SELECT count(*) FROM listed l WHERE l.entry <> 0 AND NOT EXISTS (
				  SELECT 1 FROM disposition d WHERE d.review = l.review AND d.match = l.match AND d.entry = l.entry AND d.finding = l.finding)`},
			{"listed match without its finding", `
				SELECT count(*) FROM listed l WHERE l.entry <> (
				  SELECT ifnull(max(d.entry), 0) FROM review r JOIN disposition d ON d.review = r.id AND d.match = l.match
				  WHERE r.root = l.root AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = d.entry))`},
			{"listed match that says another finding than its entry", `SELECT count(*) FROM listed WHERE (entry = 0) <> (finding = '')`},
			{"kin of keys that never stood together", `
				SELECT count(*) FROM (` + kinKept + ` EXCEPT ` + kinMade + `)`},
			{"keys that stood together and are no kin", `
				SELECT count(*) FROM (` + kinMade + ` EXCEPT ` + kinKept + `)`},
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

const (
	kinKept = `SELECT own, other, n FROM kin`
	kinMade = `
		SELECT own, other, count(*) FROM (
		  SELECT own, party AS other FROM listed WHERE own <> party UNION ALL
		  SELECT party, own FROM listed WHERE own <> party) GROUP BY own, other`
)
