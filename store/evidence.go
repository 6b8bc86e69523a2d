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

// manifestOf lists the states of a bundle.
func manifestOf(b review.Bundle) manifest {
	m := manifest{Root: b.Root, Named: b.Named, Links: b.Links}
	for _, c := range b.Resources {
		m.Resources = append(m.Resources, manifestEntry{c.Ref, manifestStates(c.Layers), manifestStates(c.History), c.Via})
	}
	return m
}

func manifestStates(layers []review.Layer) []manifestState {
	var out []manifestState
	for _, l := range layers {
		out = append(out, manifestState(l.Order))
	}
	return out
}

// AsSeen gives the dossier behind an evidence digest, as it stood then: of any look, and of any
// entry unless its review rests on it still. Of evidence that was erased it is what is left.
// review.ErrNotFound when it was never kept.
func (db *DB) AsSeen(ctx context.Context, digest review.Hash) (review.Dossier, error) {
	var b review.Bundle
	err := db.read(ctx, "as seen", func(a *act) (err error) {
		m, err := a.manifest(digest)
		if err != nil {
			return err
		}
		b, _, err = a.bundleIn(m)
		return err
	})
	if err != nil {
		return review.Dossier{}, err
	}
	return db.options.Hydrate(b), nil
}

func (a *act) manifest(digest review.Hash) (manifest, error) {
	var packed []byte
	if err := a.one(`SELECT manifest FROM evidence WHERE digest = ?`, []any{digest[:]}, &packed); err != nil {
		return manifest{}, err
	}
	raw, err := unzip(packed)
	if err != nil {
		return manifest{}, err
	}
	var m manifest
	err = json.Unmarshal(raw, &m)
	return m, err
}

// errStateGone says that a state which some evidence names is not there.
var errStateGone = errors.New("a state of it is gone")

// bundleIn reads the states that a manifest names; of one that was erased, what is left of it: then
// erased is true.
func (a *act) bundleIn(m manifest) (b review.Bundle, erased bool, err error) {
	b = review.Bundle{Root: m.Root, Named: m.Named, Links: m.Links}
	r := manifestReader{act: a}
	for _, e := range m.Resources {
		c := review.Captured{Ref: e.Ref, Via: e.Via, Layers: r.layers(e.Layers), History: r.layers(e.History)}
		if err := r.find(e); err != nil {
			return review.Bundle{}, false, err
		}
		b.Resources = append(b.Resources, c)
	}
	return b, r.erased, r.read(b.Resources)
}

// manifestReader finds where the states of a manifest lie, and then unpacks what they lie in, once.
type manifestReader struct {
	*act
	places []manifestPlace // of layers and history of each resource, one behind the other
	packs  []int64
	erased bool
}

type manifestPlace struct {
	pack        int64
	start, size int
}

func (r *manifestReader) layers(states []manifestState) []review.Layer {
	var layers []review.Layer
	for _, s := range states {
		layers = append(layers, review.Layer{Order: review.Order(s)})
	}
	return layers
}

func (r *manifestReader) find(e manifestEntry) error {
	states := slices.Concat(e.Layers, e.History)
	hashes, err := hashList(states)
	if err != nil {
		return err
	}
	id, err := r.resourceID(e.Ref.Family(), e.Ref.ID)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	found := 0
	places := make([]manifestPlace, len(states))
	err = r.each(`
		SELECT j.key, s.sha256, s.pack, s.start, s.size
		FROM json_each(?1) j JOIN snapshot s ON s.resource = ?2 AND s.sha256 = ifnull((
		  SELECT x.left FROM erased_state x WHERE x.resource = ?2 AND x.sha256 = unhex(j.value) AND NOT EXISTS (
		    SELECT 1 FROM snapshot n WHERE n.resource = ?2 AND n.sha256 = x.sha256)), unhex(j.value))`, []any{hashes, id}, func(scan func(...any) error) error {
		var i int
		var p manifestPlace
		var hash review.Hash
		if err := scan(&i, hashColumn{&hash}, &p.pack, &p.start, &p.size); err != nil {
			return err
		}
		found++
		places[i] = p
		r.packs = append(r.packs, p.pack)
		r.erased = r.erased || hash != states[i].Snapshot
		return nil
	})
	if err == nil && found < len(states) {
		err = fmt.Errorf("%s: %w", e.Ref, errStateGone)
	}
	r.places = append(r.places, places...)
	return err
}

func (r *manifestReader) read(resources []review.Captured) error {
	raw, err := r.unpacked(r.packs)
	if err != nil {
		return err
	}
	at := 0
	for _, c := range resources {
		for _, layers := range [][]review.Layer{c.Layers, c.History} {
			for i := range layers {
				p := r.places[at]
				if layers[i].Body, err = cut(raw[p.pack], p.start, p.size); err != nil {
					return err
				}
				at++
			}
		}
	}
	return nil
}

// hashList writes digests of states for json_each.
func hashList(states []manifestState) (string, error) {
	hashes := make([]review.Hash, len(states))
	for i, s := range states {
		hashes[i] = s.Snapshot
	}
	return list(hashes)
}
