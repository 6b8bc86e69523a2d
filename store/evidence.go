package store

import (
	"context"
	"encoding/json"
	"errors"
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

// keepEvidence stores what a digest stands for, once.
func (a *act) keepEvidence(digest review.Hash, b review.Bundle) error {
	var have int
	err := a.one(`SELECT 1 FROM evidence WHERE digest = ?`, []any{digest[:]}, &have)
	if !errors.Is(err, review.ErrNotFound) {
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
		for _, s := range slices.Concat(e.Layers, e.History) {
			if _, err := a.exec(`
				INSERT INTO evidence_state (resource, sha256)
				SELECT r.id, ? FROM word w JOIN resource r ON r.rid = ? AND r.family = w.id WHERE w.text = ?
				ON CONFLICT DO NOTHING`, s.Snapshot[:], e.Ref.ID, e.Ref.Family()); err != nil {
				return err
			}
		}
	}
	return nil
}

// AsSeen gives the dossier behind an evidence digest, as it stood then: the digest of any entry,
// and any that a claimed review has had. review.ErrNotFound when it was never kept.
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
