package store

import (
	"errors"
	"slices"

	"docket/review"
)

// foreseen is what the dossier of a root comes to as the payloads of one batch tell it alone. It holds
// when the bundle that the store gathers in its turn to write is the same. The dossier itself is not
// kept until then: of all that an import has in memory it would be the most, and few roots ask for it.
type foreseen struct {
	bundle  review.Bundle
	summary *summary
}

// errUnforeseen says that memory alone does not tell.
var errUnforeseen = errors.New("not to be foreseen")

// foresee reads the dossiers of those roots that the readings bring in a status that puts them
// into the queue. Most roots of an import come whole and are new; of the others the
// dossier is read anew, and nothing is lost but time.
func (db *DB) foresee(p Packed) map[review.Ref]*foreseen {
	v := vision{nodes: make([]node, len(p.mentions.refs))}
	for i, ref := range p.mentions.refs {
		v.nodes[i] = node{id: int64(i + 1), family: ref.Type, rid: ref.ID, fresh: true}
	}
	var roots []*node
	for _, i := range db.telling(p) {
		states := p.statesOf(i)
		for j := range p.Readings[i].Snapshots {
			s, n := &p.Readings[i].Snapshots[j], &v.nodes[states[j].self]
			if st := n.state(s.Order.Snapshot); st == nil {
				n.remember(&state{hash: s.Order.Snapshot, at: s.Order.At, event: s.Order.Event, kind: s.Ref.Type, body: s.Body, keys: s.Keys})
			} else if st.before(s.Order) {
				st.at, st.event = s.Order.At, s.Order.Event // as place will have it
			}
			if !n.moved && db.queues(*s) {
				n.moved, roots = true, append(roots, n)
			}
			for k := range s.Links {
				if to := &v.nodes[states[j].links[k]]; !sharedFamily(to.family) {
					n.tell(to, s.Ref.Type, &s.Links[k])
				}
			}
		}
	}
	all := make([]*foreseen, len(roots))
	db.aside(len(roots), func(i int) {
		g, err := gather(&v, roots[i].id, roots[i].ref())
		if err != nil {
			return
		}
		d := db.options.Hydrate(g.Bundle)
		s := summarize(d, g.Bundle)
		all[i] = &foreseen{g.Bundle, &s}
	})
	found := make(map[review.Ref]*foreseen, len(roots))
	for i, n := range roots {
		if all[i] != nil {
			found[n.ref()] = all[i]
		}
	}
	return found
}

// telling gives the readings that bring a root into the queue, and those that speak of a resource of one
// of these, or of what is tied to it: a later state of it, most often.
func (db *DB) telling(p Packed) []int {
	part := make([]bool, len(p.mentions.refs))
	bring := make([]bool, len(p.Readings))
	for i, r := range p.Readings {
		if bring[i] = r.Refused == "" && slices.ContainsFunc(r.Snapshots, db.queues); !bring[i] {
			continue
		}
		for _, s := range p.statesOf(i) {
			part[s.self] = true
			for _, to := range s.links {
				part[to] = part[to] || !sharedFamily(p.mentions.refs[to].Type)
			}
		}
	}
	var all []int
	for i := range p.Readings {
		if bring[i] || slices.ContainsFunc(p.statesOf(i), func(s packedState) bool {
			return part[s.self] || slices.ContainsFunc(s.links, func(to int) bool { return part[to] })
		}) {
			all = append(all, i)
		}
	}
	return all
}

// queues says that a state puts its resource into the queue.
func (db *DB) queues(s review.Snapshot) bool {
	if s.Status == "" {
		return false
	}
	statuses := db.statuses.For(family(s.Ref.Type))
	return statuses.IsReview(s.Status) || statuses.IsFallback(s.Status)
}

// vision is a source of bundles that knows nothing but the payloads of one batch.
type vision struct {
	nodes []node // what is mentioned, numbered from 1
}

func (v *vision) links(resources []int64) ([]linkRow, error) {
	var rows []linkRow
	for _, id := range resources {
		n := &v.nodes[id-1]
		if len(n.told) > maxFreshLinks {
			return nil, errUnforeseen
		}
		rows = n.linkRows(rows)
	}
	return rows, nil
}

func (v *vision) captured(members []*member) ([][]review.Captured, error) {
	out := make([][]review.Captured, len(members))
	for i, m := range members {
		n := &v.nodes[m.id-1]
		if n.ofTwoTypes() {
			return nil, errUnforeseen
		}
		out[i] = n.captured(m)
	}
	return out, nil
}
