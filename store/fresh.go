package store

import (
	"slices"

	"docket/review"
)

// What an absorption has just taken in of new resources it need not read back.

// told is a link as it was told in the running absorption.
type told struct {
	from, to *node
	fromType string
	link     *review.Link
}

// tell notes a link of a new resource, or to one.
func (n *node) tell(to *node, fromType string, l *review.Link) {
	t := told{n, to, fromType, l}
	if n.fresh {
		n.hear(t)
	}
	if to.fresh && to != n {
		to.hear(t)
	}
}

func (n *node) hear(t told) {
	if n.told == nil {
		n.told = make([]told, 0, 4) // as most have
	}
	n.told = append(n.told, t)
}

// linkRows adds what was told of a new resource, in both directions.
func (n *node) linkRows(rows []linkRow) []linkRow {
	rows = slices.Grow(rows, len(n.told))
	for _, t := range n.told {
		link := review.Link{From: review.Ref{Type: t.fromType, ID: t.from.rid}, To: review.Ref{Type: t.link.To.Type, ID: t.to.rid}, Name: t.link.Name}
		if t.from == n {
			rows = append(rows, linkRow{n.id, t.to.id, t.to.rid, t.to.family, true, link})
		}
		if t.to == n {
			rows = append(rows, linkRow{n.id, t.from.id, t.from.rid, t.from.family, false, link})
		}
	}
	return rows
}

// captured gives what the states of a new resource say, as act.captured does; they are of one type.
func (n *node) captured(m *member) []review.Captured {
	if len(n.have) == 0 {
		return nil
	}
	c := review.Captured{Ref: review.Ref{Type: n.have[0].kind, ID: m.rid}, Via: m.via}
	said := layering[string]{}
	for _, s := range n.newestFirst() {
		l := review.Layer{Order: s.order(), Body: s.body}
		if len(n.have) == 1 || said.speaks(s.kind, s.keys) {
			c.Layers = append(c.Layers, l)
		} else {
			c.History = append(c.History, l)
		}
	}
	order(&c)
	return []review.Captured{c}
}

// ofTwoTypes says that a resource came under several types.
func (n *node) ofTwoTypes() bool {
	return slices.ContainsFunc(n.have, func(s *state) bool { return s.kind != n.have[0].kind })
}

// newestFirst gives the states of a resource in that order.
func (n *node) newestFirst() []*state {
	if len(n.have) < 2 {
		return n.have
	}
	return slices.SortedFunc(slices.Values(n.have), func(x, y *state) int { return y.order().Compare(x.order()) })
}

// relayerFresh is relayer of a new resource, whose states are all in memory. Their rows say that they
// speak.
func (b *absorption) relayerFresh(n *node) error {
	said := layering[string]{}
	for _, s := range n.newestFirst() {
		if said.speaks(s.kind, s.keys) {
			continue
		}
		if _, err := b.exec(`UPDATE snapshot SET speaks = 0 WHERE id = ?`, s.id); err != nil {
			return err
		}
	}
	return nil
}

// freshNode gives a resource whose row was made in this call, nil when it is older.
func (b *absorption) freshNode(id int64) *node {
	if i := id - b.firstFresh; i >= 0 && i < int64(len(b.freshNodes)) {
		return b.freshNodes[i]
	}
	return nil
}

// bundle is act's, from memory as far as that reaches.
func (b *absorption) bundle(root int64, ref review.Ref) (bundle, error) { return gather(b, root, ref) }

// maxFreshLinks is how many links of one resource are given from memory; of more, act.links says
// which count.
const maxFreshLinks = 200

// links is act's. Those that others share are left out: no bundle follows them.
func (b *absorption) links(resources []int64) ([]linkRow, error) {
	var rows []linkRow
	var ask []int64
	for _, id := range resources {
		n := b.freshNode(id)
		if n == nil || len(n.told) > maxFreshLinks {
			ask = append(ask, id)
			continue
		}
		rows = n.linkRows(rows)
	}
	if len(ask) == 0 {
		return rows, nil
	}
	more, err := b.act.links(ask)
	return append(rows, more...), err
}

// captured is act's, from memory of new resources.
func (b *absorption) captured(members []*member) ([][]review.Captured, error) {
	out := make([][]review.Captured, len(members))
	var ask []*member
	var places []int
	for i, m := range members {
		n := b.freshNode(m.id)
		if n == nil || n.ofTwoTypes() {
			ask, places = append(ask, m), append(places, i)
			continue
		}
		out[i] = n.captured(m)
	}
	if len(ask) == 0 {
		return out, nil
	}
	more, err := b.act.captured(ask)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		out[place] = more[i]
	}
	return out, nil
}
