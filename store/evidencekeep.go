package store

import (
	"context"
	"encoding/json"
	"slices"

	"docket/review"
)

// keepShown stores what a review now rests on, once.
func (a *act) keepShown(r review.Review) error {
	if have, err := a.hasEvidence(r.Evidence); err != nil || have {
		return err
	}
	root, ref, err := a.rootOf(r.ID)
	if err != nil {
		return err
	}
	b, err := a.bundle(root, ref)
	if err != nil {
		return err
	}
	return a.keepEvidence(r.Evidence, b.Bundle)
}

func (a *act) hasEvidence(digest review.Hash) (have bool, err error) {
	err = a.one(`SELECT EXISTS (SELECT 1 FROM evidence WHERE digest = ?)`, []any{digest[:]}, &have)
	return have, err
}

// keepEvidence stores what a digest stands for, once.
func (a *act) keepEvidence(digest review.Hash, b review.Bundle) error {
	if have, err := a.hasEvidence(digest); err != nil || have {
		return err
	}
	m := manifestOf(b)
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := a.exec(`INSERT INTO evidence (digest, manifest) VALUES (?, ?)`, digest[:], zip(raw)); err != nil {
		return err
	}
	for _, e := range m.Resources {
		hashes, err := hashList(slices.Concat(e.Layers, e.History))
		if err != nil {
			return err
		}
		id, err := a.resourceID(e.Ref.Family(), e.Ref.ID)
		if err != nil {
			return err
		}
		// Of a state that was erased meanwhile, what is left of it stays.
		if _, err := a.exec(`
			INSERT INTO evidence_state (resource, sha256)
			SELECT ?2, ifnull((SELECT x.left FROM erased_state x WHERE x.resource = ?2 AND x.sha256 = unhex(j.value) AND NOT EXISTS (
			  SELECT 1 FROM snapshot s WHERE s.resource = ?2 AND s.sha256 = x.sha256)), unhex(j.value))
			FROM json_each(?1) j WHERE true
			ON CONFLICT DO NOTHING`, hashes, id); err != nil {
			return err
		}
	}
	return nil
}

// keepReplaced keeps the evidence of a root that is about to give way, when an entry names it: most
// that ever held is named by none. Then every review of the root rests on the new one.
func (b *absorption) keepReplaced(t *rootReviews) error {
	was := t.evidence()
	if !was.IsZero() && was != t.summary.evidence {
		var named bool
		if err := b.one(`
			SELECT EXISTS (SELECT 1 FROM review r JOIN entry e ON e.review = r.id WHERE r.root = ?1 AND e.evidence = ?2)
			AND NOT EXISTS (SELECT 1 FROM evidence WHERE digest = ?2)`, []any{t.id, was[:]}, &named); err != nil {
			return err
		}
		if named {
			before, ok := b.stood[t.id]
			if !ok {
				// Whoever reads sees what was committed, and so the states as they stood before this act.
				err := b.db.read(b.ctx, "replaced evidence", func(a *act) error {
					committed, err := a.bundle(t.id, t.ref())
					before = committed.Bundle
					return err
				})
				if err != nil {
					return err
				}
			}
			if err := b.keepEvidence(was, before); err != nil {
				return err
			}
		}
	}
	for _, r := range t.rows {
		r.Evidence = t.summary.evidence
	}
	return nil
}

// evidence is what the reviews of a root rested on when they were read; zero when there were none.
func (t *rootReviews) evidence() review.Hash {
	for _, r := range t.rows {
		if !r.fresh && !r.Evidence.IsZero() {
			return r.Evidence
		}
	}
	return review.Hash{}
}

// keepBatch is how many reviews are looked at in one SQL transaction while others wait to write.
const keepBatch = 200

// keepAllNamed keeps what reviews rest on wherever an entry names it, before it can be made from the
// projections no more.
func (db *DB) keepAllNamed(ctx context.Context) error {
	for after := int64(0); after >= 0; {
		err := db.write(ctx, "keep evidence", func(a *act) (err error) {
			after, err = a.keepNamed(after)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keepNamed does so for some reviews behind one, and gives the last of them; -1 when there is none. While
// a rebuild is unfinished, only where the states still give that evidence.
func (a *act) keepNamed(after int64) (last int64, err error) {
	unfinished, err := a.rebuilding()
	if err != nil {
		return 0, err
	}
	type row struct {
		root     int64
		ref      review.Ref
		evidence review.Hash
	}
	var rows []row
	last = -1
	err = a.each(`
		SELECT q.id, q.root, q.root_type, q.root_id, q.evidence FROM queue q
		WHERE q.id > ? AND NOT EXISTS (SELECT 1 FROM evidence v WHERE v.digest = q.evidence)
		  AND EXISTS (SELECT 1 FROM review r JOIN entry e ON e.review = r.id WHERE r.root = q.root AND e.evidence = q.evidence)
		ORDER BY q.id LIMIT ?`, []any{after, keepBatch}, func(scan func(...any) error) error {
		var r row
		err := scan(&last, &r.root, &r.ref.Type, &r.ref.ID, hashColumn{&r.evidence})
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		b, err := a.bundle(r.root, r.ref)
		if err != nil {
			return 0, err
		}
		if unfinished && review.Evidence(a.db.options.Hydrate(b.Bundle)) != r.evidence {
			continue
		}
		if err := a.keepEvidence(r.evidence, b.Bundle); err != nil {
			return 0, err
		}
	}
	return last, nil
}
