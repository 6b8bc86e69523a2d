package store

import (
	"fmt"
	"slices"

	"docket/review"
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

// judgedRoots gives which of some roots have findings.
func (a *act) judgedRoots(roots []int64) (map[int64]bool, error) {
	ids, err := a.ids(`
		SELECT j.value FROM json_each(?) j WHERE EXISTS (
		  SELECT 1 FROM review r JOIN disposition d ON d.review = r.id WHERE r.root = j.value)`, numbers(roots))
	judged := make(map[int64]bool, len(ids))
	for _, id := range ids {
		judged[id] = true
	}
	return judged, err
}

// heldRoot reads what else is kept of a root that has rows in the queue.
func (a *act) heldRoot(root int64, ref review.Ref, queued []queuedRow, judged bool) (*heldRoot, error) {
	h := &heldRoot{rootReviews: rootReviews{node: &node{id: root, family: ref.Type, rid: ref.ID}}}
	for _, q := range queued {
		if q.id > 0 {
			h.rows = append(h.rows, &reviewRow{Review: review.Review{ID: review.ReviewID(q.id)}})
		}
	}
	if judged {
		if err := a.readFindings(&h.rootReviews); err != nil {
			return nil, err
		}
	}
	var err error
	if h.listed, err = a.listedOf(root); err != nil {
		return nil, err
	}
	return h, a.one(`SELECT (SELECT subject FROM kept WHERE root = ?)`, []any{root}, &h.subject)
}

// compare says what of it is not what its dossier says.
func (h *heldRoot) compare(s *summary) (wrong []string) {
	h.summary = s
	want, err := h.listedRows()
	if err != nil || !slices.Equal(want, h.listed) {
		wrong = append(wrong, fmt.Sprintf("resource row %d: its listed matches are not those of its dossier and its findings", h.id))
	}
	if h.subject.Valid && h.subject.Int64 != s.whose {
		wrong = append(wrong, fmt.Sprintf("resource row %d: it is kept as another subject's than its dossier says", h.id))
	}
	return wrong
}
