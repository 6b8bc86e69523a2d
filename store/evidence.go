package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"docket/review"
)

// manifest is what a dossier was read from: every state by its digest, in the order of the
// bundle. With the snapshots, which stay as long as a manifest names them, it gives the same
// dossier again.
type manifest struct {
	Root      review.Ref      `json:"root"`
	Resources []manifestEntry `json:"resources"`
	Named     []review.Ref    `json:"named,omitempty"`
	Links     []review.Link   `json:"links,omitempty"`
}

type manifestEntry struct {
	Ref     review.Ref      `json:"ref"`
	Layers  []manifestState `json:"layers"`
	History []manifestState `json:"history,omitempty"`
	Via     string          `json:"via,omitempty"`
}

type manifestState struct {
	At       int64       `json:"at"`
	Event    int64       `json:"event,omitempty"`
	Snapshot review.Hash `json:"sha256"`
}

func manifestStates(layers []review.Layer) []manifestState {
	var out []manifestState
	for _, l := range layers {
		out = append(out, manifestState(l.Order))
	}
	return out
}

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
	m := manifest{Root: b.Root, Named: b.Named, Links: b.Links}
	for _, c := range b.Resources {
		m.Resources = append(m.Resources, manifestEntry{c.Ref, manifestStates(c.Layers), manifestStates(c.History), c.Via})
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := a.exec(`INSERT INTO evidence (digest, manifest) VALUES (?, ?)`, digest[:], a.db.zip.pack(raw)); err != nil {
		return err
	}
	for _, e := range m.Resources {
		states := slices.Concat(e.Layers, e.History)
		hashes := make([]string, len(states))
		for i, s := range states {
			hashes[i] = s.Snapshot.String()
		}
		raw, err := json.Marshal(hashes)
		if err != nil {
			return err
		}
		// Of a state that was erased meanwhile, what is left of it stays.
		if _, err := a.exec(`
			INSERT INTO evidence_state (resource, sha256)
			SELECT r.id, ifnull((SELECT x.left FROM erased_state x WHERE x.resource = r.id AND x.sha256 = unhex(j.value) AND NOT EXISTS (
			  SELECT 1 FROM snapshot s WHERE s.resource = r.id AND s.sha256 = x.sha256)), unhex(j.value))
			FROM word w JOIN resource r ON r.rid = ?2 AND r.family = w.id JOIN json_each(?1) j WHERE w.text = ?3
			ON CONFLICT DO NOTHING`, string(raw), e.Ref.ID, e.Ref.Family()); err != nil {
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
			// Whoever reads sees what was committed, and so the states as they stood before this act.
			var before bundle
			err := b.db.read(b.ctx, "replaced evidence", func(a *act) (err error) {
				before, err = a.bundle(t.id, t.ref())
				return err
			})
			if err != nil {
				return err
			}
			if err := b.keepEvidence(was, before.Bundle); err != nil {
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

// AsSeen gives the dossier behind an evidence digest, as it stood then: of any look, and of any
// entry unless its review rests on it still. Of evidence that was erased it is what is left.
// review.ErrNotFound when it was never kept.
func (db *DB) AsSeen(ctx context.Context, digest review.Hash) (review.Dossier, error) {
	var b review.Bundle
	err := db.read(ctx, "as seen", func(a *act) (err error) {
		b, err = a.bundleOf(digest)
		return err
	})
	if err != nil {
		return review.Dossier{}, err
	}
	return db.options.Hydrate(b), nil
}

// bundleOf reads the bundle behind a digest.
func (a *act) bundleOf(digest review.Hash) (review.Bundle, error) {
	m, err := a.manifest(digest)
	if err != nil {
		return review.Bundle{}, err
	}
	return a.bundleIn(m)
}

// bundleIn reads the states that a manifest names.
func (a *act) bundleIn(m manifest) (review.Bundle, error) {
	var err error
	b := review.Bundle{Root: m.Root, Named: m.Named, Links: m.Links}
	for _, e := range m.Resources {
		c := review.Captured{Ref: e.Ref, Via: e.Via}
		if c.Layers, err = a.layersOf(e.Ref, e.Layers); err != nil {
			return review.Bundle{}, err
		}
		if c.History, err = a.layersOf(e.Ref, e.History); err != nil {
			return review.Bundle{}, err
		}
		b.Resources = append(b.Resources, c)
	}
	return b, nil
}

// erasedIn says that some state that a manifest names lost what was personal.
func (a *act) erasedIn(m manifest) (bool, error) {
	for _, e := range m.Resources {
		for _, s := range slices.Concat(e.Layers, e.History) {
			var erased bool
			err := a.one(`
				SELECT EXISTS (
				  SELECT 1 FROM word w JOIN resource r ON r.rid = ?1 AND r.family = w.id
				  JOIN erased_state x ON x.resource = r.id AND x.sha256 = ?2 AND x.left <> x.sha256
				  WHERE w.text = ?3 AND NOT EXISTS (SELECT 1 FROM snapshot n WHERE n.resource = r.id AND n.sha256 = ?2))`,
				[]any{e.Ref.ID, s.Snapshot[:], e.Ref.Family()}, &erased)
			if err != nil || erased {
				return erased, err
			}
		}
	}
	return false, nil
}

func (a *act) manifest(digest review.Hash) (manifest, error) {
	var packed []byte
	if err := a.one(`SELECT manifest FROM evidence WHERE digest = ?`, []any{digest[:]}, &packed); err != nil {
		return manifest{}, err
	}
	raw, err := a.db.zip.unpack(packed)
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	err = json.Unmarshal(raw, &m)
	return m, err
}

// layersOf reads states by their digests; of one that was erased, what is left of it.
func (a *act) layersOf(ref review.Ref, states []manifestState) ([]review.Layer, error) {
	var layers []review.Layer
	for _, s := range states {
		var frame []byte
		var start, size int
		err := a.one(`
			SELECT p.body, s.start, s.size FROM word w JOIN resource r ON r.rid = ?1 AND r.family = w.id
			JOIN snapshot s ON s.resource = r.id AND s.sha256 = ifnull((
			  SELECT x.left FROM erased_state x WHERE x.resource = r.id AND x.sha256 = ?2 AND NOT EXISTS (
			    SELECT 1 FROM snapshot n WHERE n.resource = r.id AND n.sha256 = ?2)), ?2)
			JOIN pack p ON p.id = s.pack WHERE w.text = ?3`,
			[]any{ref.ID, s.Snapshot[:], ref.Family()}, &frame, &start, &size)
		if err != nil {
			return nil, fmt.Errorf("state %s: %w", s.Snapshot, err)
		}
		raw, err := a.db.zip.unpack(frame)
		if err != nil {
			return nil, err
		}
		body, err := cut(raw, start, size)
		if err != nil {
			return nil, err
		}
		layers = append(layers, review.Layer{Order: review.Order(s), Body: body})
	}
	return layers, nil
}
