package store

import (
	"errors"
	"slices"

	"docket/review"
)

// statusPoint is one status of a root at its place in time.
type statusPoint struct {
	order  review.Order
	status string
}

// state is one snapshot's row as the running absorption knows it.
type state struct {
	hash          review.Hash
	id, at, event int64
	unseen        bool // no payload gives it any more: a rebuild kept it for evidence

	kind string // of one that this call brought
	body []byte
	keys []string
}

func (s *state) order() review.Order { return review.Order{At: s.at, Event: s.event, Snapshot: s.hash} }

// before says that the state stands earlier in time.
func (s *state) before(o review.Order) bool { return s.at < o.At || s.at == o.At && s.event < o.Event }

func (n *node) remember(s *state) { n.have = append(n.have, s) }

// state is what is known of a state, nil when nothing is.
func (n *node) state(hash review.Hash) *state {
	for _, s := range n.have {
		if s.hash == hash {
			return s
		}
	}
	return nil
}

// received says that some payload gave a state of the resource.
func (n *node) received() bool {
	for _, s := range n.have {
		if !s.unseen {
			return true
		}
	}
	return false
}

// snapshot takes in one state of a resource as a payload told it.
func (b *absorption) snapshot(payload int64, s *review.Snapshot, p *packedState) error {
	n := b.met[p.self]
	id, err := b.place(n, s, p)
	if err != nil {
		return err
	}
	if err := b.sightings.add(id, payload, s.Order.At, s.Order.Event); err != nil {
		return err
	}
	if s.Status != "" && b.db.reviewed(n.family) {
		// The status history is read from sightings: this one may be a new point in it.
		n.moved, n.stirs = true, true
		if n.fresh {
			n.points = append(n.points, statusPoint{review.Order{At: s.Order.At, Event: s.Order.Event, Snapshot: p.hash}, s.Status})
		}
	}
	for i := range s.Links {
		if err := b.link(n, b.met[p.links[i]], s.Ref.Type, &s.Links[i]); err != nil {
			return err
		}
	}
	return nil
}

// place finds or adds the snapshot's row and moves it to the newest place in time.
func (b *absorption) place(n *node, s *review.Snapshot, p *packedState) (int64, error) {
	st := n.state(p.hash)
	known := st != nil
	if known && !st.unseen {
		if !st.before(s.Order) {
			return st.id, nil
		}
		st.at, st.event = s.Order.At, s.Order.Event
		n.moved, n.stirs = true, true
		n.added++
		if err := b.snapshots.flush(); err != nil { // its row may still be on its way
			return 0, err
		}
		_, err := b.exec(`UPDATE snapshot SET at = ?, event = ? WHERE id = ?`, st.at, st.event, st.id)
		return st.id, err
	}
	if !n.received() {
		b.out.Resources++
		if n.family == familyTransaction {
			b.out.Transactions++
		}
	}
	kind, err := b.word(s.Ref.Type)
	if err != nil {
		return 0, err
	}
	keys, err := b.keyset(p.keyset)
	if err != nil {
		return 0, err
	}
	n.moved, n.stirs = true, true
	n.added++
	if known {
		st.at, st.event, st.unseen = s.Order.At, s.Order.Event, false
		_, err := b.exec(`UPDATE snapshot SET type = ?, at = ?, event = ?, speaks = 1, keyset = ?, status = ? WHERE id = ?`,
			kind, st.at, st.event, keys, s.Status, st.id)
		return st.id, err
	}
	if p.pack == 0 {
		// Its bytes lie in a frame of a payload that is not taken in.
		b.lastPack++
		p.pack = b.lastPack
		if err := b.packs.add(p.pack, zip(p.body)); err != nil {
			return 0, err
		}
	}
	b.last++
	n.remember(&state{hash: p.hash, id: b.last, at: s.Order.At, event: s.Order.Event, kind: s.Ref.Type, body: s.Body, keys: s.Keys})
	return b.last, b.snapshots.add(b.last, n.id, p.hash[:], kind, s.Order.At, s.Order.Event, keys, s.Status, p.pack, p.from, len(s.Body))
}

// keyset gives the number of the i-th packed list of keys.
func (b *absorption) keyset(i int) (int64, error) {
	if id := b.keysets[i]; id != 0 {
		return id, nil
	}
	id, err := b.act.keyset(b.packed.keysets[i])
	b.keysets[i] = id
	return id, err
}

// keyset gives the number of a packed list of keys, adding it when it is new.
func (a *act) keyset(keys []byte) (int64, error) {
	sum := review.Sum(keys)
	var id int64
	err := a.one(`SELECT id FROM keyset WHERE sha256 = ?`, []any{sum[:]}, &id)
	if errors.Is(err, review.ErrNotFound) {
		if keys == nil {
			keys = []byte{}
		}
		id, err = a.insert(`INSERT INTO keyset (sha256, keys) VALUES (?, ?)`, sum[:], keys)
	}
	return id, err
}

// layering finds, newest first, which states of one resource hold a fact that no newer one of their
// type mentions.
type layering[Type comparable] map[Type][]string // the keys that newer states mention

func (l layering[Type]) speaks(of Type, keys []string) bool {
	newer, later := l[of]
	if later && review.Covers(newer, keys) {
		return false
	}
	l[of] = union(newer, keys)
	return true
}

// layerRow is one snapshot while its resource's layers are found.
type layerRow struct {
	id, kind, keyset int64
	order            review.Order
	speaks           bool
}

// relayer finds anew which states of a resource still hold a fact that no newer one mentions.
func (a *act) relayer(resource int64) error {
	var all []layerRow
	err := a.each(`SELECT id, type, keyset, at, event, sha256, speaks FROM snapshot WHERE resource = ? AND at IS NOT NULL`, []any{resource},
		func(scan func(...any) error) error {
			var r layerRow
			err := scan(&r.id, &r.kind, &r.keyset, &r.order.At, &r.order.Event, hashColumn{&r.order.Snapshot}, &r.speaks)
			all = append(all, r)
			return err
		})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y layerRow) int { return y.order.Compare(x.order) })
	said := layering[int64]{}
	told := map[[2]int64]bool{}        // by type and keyset: the same set again has nothing to say
	keysOf := make(map[int64][]string) // by keyset
	for _, r := range all {
		speaks := false
		if !told[[2]int64{r.kind, r.keyset}] {
			told[[2]int64{r.kind, r.keyset}] = true
			keys, ok := keysOf[r.keyset]
			if !ok {
				if keys, err = a.keys(r.keyset); err != nil {
					return err
				}
				keysOf[r.keyset] = keys
			}
			speaks = said.speaks(r.kind, keys)
		}
		if speaks != r.speaks {
			if _, err := a.exec(`UPDATE snapshot SET speaks = ? WHERE id = ?`, speaks, r.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *act) keys(keyset int64) ([]string, error) {
	var packed []byte
	if err := a.one(`SELECT keys FROM keyset WHERE id = ?`, []any{keyset}, &packed); err != nil {
		return nil, err
	}
	return unpackKeys(packed)
}

// statusPoints gives the statuses of a root, oldest first. Sightings of one state at one
// of its own times are one point.
func (a *act) statusPoints(root int64) ([]statusPoint, error) {
	all, err := a.statusPointsOf([]int64{root})
	return all[root], err
}

// statusPointsOf does so for some roots.
func (a *act) statusPointsOf(roots []int64) (map[int64][]statusPoint, error) {
	all := make(map[int64][]statusPoint, len(roots))
	err := a.each(`
		SELECT s.resource, s.sha256, s.status, g.at, g.event
		FROM json_each(?) j CROSS JOIN snapshot s ON s.resource = j.value JOIN sighting g ON g.snapshot = s.id
		WHERE s.status <> ''`, []any{numbers(roots)}, func(scan func(...any) error) error {
		var root int64
		var p statusPoint
		err := scan(&root, hashColumn{&p.order.Snapshot}, &p.status, &p.order.At, &p.order.Event)
		all[root] = append(all[root], p)
		return err
	})
	for root, points := range all {
		all[root] = sortPoints(points)
	}
	return all, err
}

func sortPoints(points []statusPoint) []statusPoint {
	type place struct {
		at       int64
		snapshot review.Hash
	}
	newest := make(map[place]statusPoint, len(points))
	for _, p := range points {
		k := place{p.order.At, p.order.Snapshot}
		if have, ok := newest[k]; !ok || have.order.Compare(p.order) < 0 {
			newest[k] = p
		}
	}
	points = points[:0]
	for _, p := range newest {
		points = append(points, p)
	}
	slices.SortFunc(points, func(x, y statusPoint) int { return x.order.Compare(y.order) })
	return points
}

// history is the points as package review reads them.
func history(points []statusPoint) []review.StatusAt {
	h := make([]review.StatusAt, len(points))
	for i, p := range points {
		h[i] = review.StatusAt{At: instant(p.order.At), Status: p.status}
	}
	return h
}
