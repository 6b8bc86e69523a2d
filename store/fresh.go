package store

import "docket/review"

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
		n.told = append(n.told, t)
	}
	if to.fresh && to != n {
		to.told = append(to.told, t)
	}
}

// linkRows adds what was told of a new resource, in both directions.
func (n *node) linkRows(rows []linkRow) []linkRow {
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

// captured gives the state of a new resource that has no more than one.
func (n *node) captured(m *member) []review.Captured {
	if len(n.have) == 0 {
		return nil
	}
	s := n.have[0]
	return []review.Captured{{Ref: review.Ref{Type: s.kind, ID: m.rid}, Via: m.via,
		Layers: []review.Layer{{Order: review.Order{At: s.at, Event: s.event, Snapshot: s.hash}, Body: s.body}}}}
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

// captured is act's: a new resource with one state has nothing that could be covered.
func (b *absorption) captured(members []*member) ([][]review.Captured, error) {
	out := make([][]review.Captured, len(members))
	var ask []*member
	var places []int
	for i, m := range members {
		n := b.freshNode(m.id)
		switch {
		case n == nil || len(n.have) > 1:
			ask, places = append(ask, m), append(places, i)
		default:
			out[i] = n.captured(m)
		}
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
