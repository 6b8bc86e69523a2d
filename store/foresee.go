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
func (db *DB) foresee(readings []review.Reading) map[review.Ref]*foreseen {
	v := vision{nodes: map[review.Ref]*node{}}
	var roots []*node
	for _, r := range readings {
		if r.Refused != "" || !slices.ContainsFunc(r.Snapshots, db.queues) {
			continue
		}
		for _, s := range r.Snapshots {
			n := v.node(s.Ref)
			if n.state(s.Order.Snapshot) == nil {
				n.remember(&state{hash: s.Order.Snapshot, at: s.Order.At, event: s.Order.Event, kind: s.Ref.Type, body: s.Body})
			}
			if db.queues(s) && !n.moved {
				n.moved, roots = true, append(roots, n)
			}
			for i := range s.Links {
				if l := &s.Links[i]; !sharedFamily(family(l.To.Type)) {
					n.tell(v.node(l.To), s.Ref.Type, l)
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
	nodes   map[review.Ref]*node // by family and id
	ordered []*node              // numbered from 1
}

func (v *vision) node(ref review.Ref) *node {
	key := review.Ref{Type: family(ref.Type), ID: ref.ID}
	n, ok := v.nodes[key]
	if !ok {
		n = &node{id: int64(len(v.ordered) + 1), family: key.Type, rid: key.ID, fresh: true}
		v.nodes[key], v.ordered = n, append(v.ordered, n)
	}
	return n
}

func (v *vision) links(resources []int64) ([]linkRow, error) {
	var rows []linkRow
	for _, id := range resources {
		n := v.ordered[id-1]
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
		n := v.ordered[m.id-1]
		if len(n.have) > 1 {
			return nil, errUnforeseen
		}
		out[i] = n.captured(m)
	}
	return out, nil
}
