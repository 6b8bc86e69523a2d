package store

import (
	"database/sql"
	"slices"

	"docket/review"
)

// evidenceBatch is how many dossiers are in memory at once.
const evidenceBatch = 100

// evidence makes the evidence behind the entries again and compares its digests: what was kept, what
// reviews rest on now, and that every entry's is one of these.
func (c *checking) evidence() error {
	for _, step := range []func() error{c.keptEvidence, c.heldEvidence, c.entryEvidence} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// rest is some evidence with what can be made of it now.
type rest struct {
	what   string
	digest review.Hash
	bundle review.Bundle
	erased bool
	queued []queuedRow // of a root, in the order of their reviews
	held   *heldRoot   // the same root
	about  []aboutRow  // what was judged on it
}

// heldRoot is what else is kept of a root that has rows in the queue.
type heldRoot struct {
	rootReviews
	listed  []listedRow
	subject sql.NullInt64 // as kept has it
}

// compare hydrates what was read and says whose digest is another one. That of what was erased is,
// and damaged states are told of as such.
func (c *checking) compare(all []rest) {
	got := make([]review.Hash, len(all))
	other := make([]bool, len(all))
	wrong := make([][]string, len(all))
	parallel(len(all), func(i int) {
		r := &all[i]
		if !whole(r.bundle) {
			return
		}
		d := c.db.options.Hydrate(r.bundle)
		if len(r.queued) == 0 {
			is := review.Evidence(d)
			if !r.erased {
				got[i] = is
			}
			if is == r.digest || r.erased {
				for _, a := range r.about {
					wrong[i] = append(wrong[i], a.compare(d, is == r.digest)...)
				}
			}
			return
		}
		s := summarize(d, r.bundle)
		got[i] = s.evidence
		for earlier, row := range r.queued {
			want, err := asShown(&s, row, earlier)
			other[i] = other[i] || err != nil || row.shown != want
		}
		wrong[i] = r.held.compare(&s)
	})
	for i, r := range all {
		if !got[i].IsZero() && got[i] != r.digest {
			c.found("%s %s: what it was read from now gives %s", r.what, r.digest, got[i])
		}
		if other[i] {
			c.found("%s %s: its rows do not say what it was read from", r.what, r.digest)
		}
		for _, w := range wrong[i] {
			c.found("%s", w)
		}
	}
}

// whole says that every state has its digest.
func whole(b review.Bundle) bool {
	for _, r := range b.Resources {
		for _, l := range slices.Concat(r.Layers, r.History) {
			if review.Sum(l.Body) != l.Order.Snapshot {
				return false
			}
		}
	}
	return true
}

func (c *checking) keptEvidence() error {
	if err := c.expect(`SELECT (SELECT count(*) FROM evidence) + (SELECT count(DISTINCT root) FROM queue)`); err != nil {
		return err
	}
	after := review.Hash{}
	for {
		var all []rest
		n := 0
		err := c.read("evidence", func(a *act) error {
			var digests []review.Hash
			err := a.each(`SELECT digest FROM evidence WHERE digest > ? ORDER BY digest LIMIT ?`, []any{after[:], evidenceBatch},
				func(scan func(...any) error) error {
					var h review.Hash
					err := scan(hashColumn{&h})
					digests = append(digests, h)
					return err
				})
			if err != nil {
				return err
			}
			n = len(digests)
			for _, h := range digests {
				after = h
				r := rest{what: "evidence", digest: h}
				m, err := a.manifest(h)
				if err == nil {
					r.bundle, r.erased, err = a.bundleIn(m)
				}
				if err == nil {
					r.about, err = a.aboutEvidence(m.Root, h)
				}
				if err != nil {
					c.found("evidence %s cannot be read: %v", h, err)
					continue
				}
				all = append(all, r)
			}
			return a.ctx.Err()
		})
		if err != nil || n == 0 {
			return err
		}
		c.compare(all)
		c.tell(n)
	}
}

// heldEvidence looks at what reviews rest on now, and at what the queue says of it.
func (c *checking) heldEvidence() error {
	for after := int64(0); ; {
		var all []rest
		n := 0
		err := c.read("evidence of reviews", func(a *act) error {
			type row struct {
				root   int64
				ref    review.Ref
				digest review.Hash
			}
			var rows []row
			var roots []int64
			err := a.each(`
				SELECT q.root, q.root_type, q.root_id, min(q.evidence) FROM queue q WHERE q.root > ?
				GROUP BY q.root ORDER BY q.root LIMIT ?`, []any{after, evidenceBatch}, func(scan func(...any) error) error {
				var r row
				err := scan(&r.root, &r.ref.Type, &r.ref.ID, hashColumn{&r.digest})
				rows, roots = append(rows, r), append(roots, r.root)
				return err
			})
			if err != nil {
				return err
			}
			n = len(rows)
			judged, err := a.judgedRoots(roots)
			if err != nil {
				return err
			}
			for _, r := range rows {
				after = r.root
				b, err := a.bundle(r.root, r.ref)
				if err != nil {
					c.found("evidence of resource row %d cannot be read: %v", r.root, err)
					continue
				}
				queued, err := a.rowsOfRoot(r.root)
				if err != nil {
					return err
				}
				held, err := a.heldRoot(r.root, r.ref, queued, judged[r.root])
				if err != nil {
					return err
				}
				all = append(all, rest{what: "queue: evidence", digest: r.digest, bundle: b.Bundle, queued: queued, held: held})
			}
			return a.ctx.Err()
		})
		if err != nil || n == 0 {
			return err
		}
		c.compare(all)
		c.tell(n)
	}
}

// entryEvidence looks for entries whose evidence was neither kept nor is what their review rests on.
func (c *checking) entryEvidence() error {
	return c.read("evidence of entries", func(a *act) error {
		return a.each(`
			SELECT e.id, e.review, e.evidence FROM entry e
			WHERE e.review IS NOT NULL AND NOT EXISTS (SELECT 1 FROM evidence v WHERE v.digest = e.evidence)
			  AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.id = e.review AND q.evidence = e.evidence)
			ORDER BY e.id LIMIT ?`, []any{maxProblems}, func(scan func(...any) error) error {
			var entry review.EntryID
			var id review.ReviewID
			var h review.Hash
			err := scan(&entry, &id, hashColumn{&h})
			c.found("entry %d of %s: its evidence %s was not kept", entry, id, h)
			return err
		})
	})
}
