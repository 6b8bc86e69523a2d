package store

import (
	"errors"
	"slices"

	"docket/review"
)

// foreseen is the dossier of a root as the payloads of one batch tell it alone. It holds when the
// bundle that the store gathers in its turn to write is the same.
type foreseen struct {
	bundle  review.Bundle
	dossier review.Dossier
	summary *summary
}

// errUnforeseen says that memory alone does not tell.
var errUnforeseen = errors.New("not to be foreseen")

// foresee reads the dossiers of those roots that the readings bring in a status that puts them
// into the queue, on all cores. Most roots of an import come whole and are new; of the others the
// dossier is read anew, and nothing is lost but time.
func (db *DB) foresee(p Packed) map[review.Ref]*foreseen {
	v := vision{nodes: make([]node, len(p.mentions.refs))}
	for i, ref := range p.mentions.refs {
		v.nodes[i] = node{id: int64(i + 1), family: ref.Type, rid: ref.ID, fresh: true}
	}
	var roots []*node
	for i, r := range p.Readings {
		if r.Refused != "" || !slices.ContainsFunc(r.Snapshots, db.queues) {
			continue
		}
		states := p.statesOf(i)
		for j := range r.Snapshots {
			s, n := &r.Snapshots[j], &v.nodes[states[j].self]
			if n.state(s.Order.Snapshot) == nil {
				n.remember(&state{hash: s.Order.Snapshot, at: s.Order.At, event: s.Order.Event, kind: s.Ref.Type, body: s.Body})
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
	parallel(len(roots), func(i int) {
		g, err := gather(&v, roots[i].id, roots[i].ref())
		if err != nil {
			return
		}
		d := db.options.Hydrate(g.Bundle)
		s := summarize(d, g.Bundle)
		all[i] = &foreseen{g.Bundle, d, &s}
	})
	found := make(map[review.Ref]*foreseen, len(roots))
	for i, n := range roots {
		if all[i] != nil {
			found[n.ref()] = all[i]
		}
	}
	return found
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
		if len(n.have) > 1 {
			return nil, errUnforeseen
		}
		out[i] = n.captured(m)
	}
	return out, nil
}
