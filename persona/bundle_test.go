package persona_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/require"
)

// shelf is a store in memory: it keeps the states of what was read and hands back the bundle
// of a transaction, without the store's caps and hops: whatever is linked belongs together.
type shelf struct {
	states map[review.Ref]map[review.Hash]review.Snapshot
	links  []review.Link
}

func newShelf(t testing.TB, payloads ...string) *shelf {
	s := &shelf{states: map[review.Ref]map[review.Hash]review.Snapshot{}}
	for _, p := range payloads {
		r := persona.Read([]byte(p))
		require.Empty(t, r.Refused, "payload %.80s", p)
		s.add(r)
	}
	return s
}

func (s *shelf) add(r review.Reading) {
	for _, snap := range r.Snapshots {
		if s.states[snap.Ref] == nil {
			s.states[snap.Ref] = map[review.Hash]review.Snapshot{}
		}
		if had, ok := s.states[snap.Ref][snap.Order.Snapshot]; !ok || had.Order.Compare(snap.Order) < 0 {
			s.states[snap.Ref][snap.Order.Snapshot] = snap
		}
		for _, l := range snap.Links {
			if !slices.Contains(s.links, l) {
				s.links = append(s.links, l)
			}
		}
	}
}

// resolve finds the resource behind a link: "report" stands for any kind of report.
func (s *shelf) resolve(ref review.Ref) review.Ref {
	if _, ok := s.states[ref]; !ok && ref.Type == "report" {
		for have := range s.states {
			if have.Family() == "report" && have.ID == ref.ID {
				return have
			}
		}
	}
	return ref
}

// captured are the states of one resource, pruned as the store prunes them.
func (s *shelf) captured(ref review.Ref) review.Captured {
	c := review.Captured{Ref: ref}
	var all []review.Snapshot
	for _, snap := range s.states[ref] {
		all = append(all, snap)
	}
	slices.SortFunc(all, func(a, b review.Snapshot) int { return b.Order.Compare(a.Order) })
	var told []string
	for _, snap := range all {
		c.History = append([]review.Layer{{Order: snap.Order, Body: snap.Body}}, c.History...)
		if len(c.Layers) > 0 && review.Covers(told, snap.Keys) {
			continue
		}
		c.Layers = append(c.Layers, review.Layer{Order: snap.Order, Body: snap.Body})
		told = append(told, snap.Keys...)
		slices.Sort(told)
		told = slices.Compact(told)
	}
	if !strings.HasPrefix(ref.Type, "report/") || len(c.History) < 2 {
		c.History = nil
	}
	return c
}

// bundle gathers everything that is tied to a transaction over any number of links.
func (s *shelf) bundle(root review.Ref) review.Bundle {
	b := review.Bundle{Root: root}
	reached := map[review.Ref]bool{root: true}
	for again := true; again; {
		again = false
		for _, l := range s.links {
			from, to := s.resolve(l.From), s.resolve(l.To)
			switch {
			case reached[from] && !reached[to]:
				reached[to], again = true, true
			case reached[to] && !reached[from]:
				reached[from], again = true, true
			}
		}
	}
	for ref := range reached {
		if len(s.states[ref]) > 0 {
			b.Resources = append(b.Resources, s.captured(ref))
		} else if named(ref) {
			b.Named = append(b.Named, ref)
		}
	}
	for _, l := range s.links {
		if reached[s.resolve(l.From)] {
			b.Links = append(b.Links, l)
		}
	}
	slices.SortFunc(b.Resources, func(x, y review.Captured) int {
		return cmp.Or(rootFirst(root, x.Ref)-rootFirst(root, y.Ref), cmp.Compare(x.Ref.Type, y.Ref.Type), cmp.Compare(x.Ref.ID, y.Ref.ID))
	})
	slices.SortFunc(b.Named, func(x, y review.Ref) int {
		return cmp.Or(cmp.Compare(x.Type, y.Type), cmp.Compare(x.ID, y.ID))
	})
	return b
}

func rootFirst(root, ref review.Ref) int {
	if root == ref {
		return 0
	}
	return 1
}

func named(ref review.Ref) bool {
	switch ref.Family() {
	case "report", "inquiry", "account", "case", "verification", "document", "selfie", "transaction":
		return true
	}
	return false
}

// transactions are the roots on the shelf, received or only named.
func (s *shelf) transactions() []review.Ref {
	var out []review.Ref
	add := func(ref review.Ref) {
		if ref.Type == "transaction" && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	for ref := range s.states {
		add(ref)
	}
	for _, l := range s.links {
		add(l.To)
	}
	slices.SortFunc(out, func(a, b review.Ref) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// dossier hydrates the only transaction on the shelf.
func (s *shelf) dossier(t testing.TB) review.Dossier {
	roots := s.transactions()
	require.Len(t, roots, 1)
	return persona.Hydrate(s.bundle(roots[0]))
}

// hydrate reads payloads that are about one transaction.
func hydrate(t testing.TB, payloads ...string) review.Dossier {
	return newShelf(t, payloads...).dossier(t)
}
