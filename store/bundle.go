package store

import (
	"cmp"
	"slices"
	"strings"

	"docket/review"
)

const (
	maxBundle  = 400 // resources around one root
	maxHistory = 200 // states of one report, the newest
)

// bundle is everything that joins one root, with the rows that it came from.
type bundle struct {
	review.Bundle
	resources []int64 // received ones
}

// member is a resource on its way into a bundle.
type member struct {
	id     int64
	rid    string
	family string
	via    string
	named  string // the most telling type that a link gave it
}

func compareRefs(x, y review.Ref) int {
	return cmp.Or(cmp.Compare(x.Type, y.Type), cmp.Compare(x.ID, y.ID))
}

// bundle gathers a root: what is tied to it, and the runs of every report. Of a transaction,
// what inquiries and cases among that are tied to as well, unless it belongs to another
// transaction. Of a case, what its inquiries are tied to; its transactions stand for themselves,
// and what only they are tied to stays with them. Of an inquiry no more than its own. Nothing is
// followed through accounts, templates and the like: it would join strangers.
func (a *act) bundle(root int64, ref review.Ref) (bundle, error) { return gather(a, root, ref) }

// source is where a bundle is gathered from.
type source interface {
	links(resources []int64) ([]linkRow, error)
	captured(members []*member) ([][]review.Captured, error)
}

func gather(from source, root int64, ref review.Ref) (bundle, error) {
	g := gathering{source: from, root: root, family: ref.Type, members: map[int64]*member{root: {id: root, rid: ref.ID, family: ref.Type}}}
	if err := g.gather(); err != nil {
		return bundle{}, err
	}
	return g.finish(ref)
}

type gathering struct {
	source
	root    int64
	family  string // of the root
	members map[int64]*member
	told    []review.Link // some several times
}

func (g *gathering) gather() error {
	direct, err := g.follow([]int64{g.root})
	if err != nil {
		return err
	}
	for _, l := range direct {
		if !sharedFamily(l.otherFamily) && (l.otherFamily != familyTransaction || g.family != familyTransaction) {
			g.add(l, "")
		}
	}
	var through []int64
	for id, m := range g.members {
		if id != g.root && (g.passes(m.family) || m.family == familyReport) {
			through = append(through, id)
		}
	}
	if len(through) == 0 {
		return nil
	}
	slices.Sort(through)
	second, err := g.follow(through)
	if err != nil {
		return err
	}
	candidates := map[int64]linkRow{}
	for _, l := range second {
		from := g.members[l.asked]
		switch {
		case g.members[l.other] != nil:
		case from.family == familyReport && ranFor(l.otherFamily):
			g.add(l, from.family+"/"+from.rid)
		case g.passes(from.family) && (passedOn(l.otherFamily) || g.family == familyCase && l.otherFamily == familySession):
			have, ok := candidates[l.other]
			if !ok || g.via(l) < g.via(have) {
				candidates[l.other] = l
			}
		}
	}
	return g.admit(candidates)
}

// passes says that a neighbour of this family hands on what it is tied to.
func (g *gathering) passes(family string) bool {
	switch g.family {
	case familyTransaction:
		return passes(family)
	case familyCase:
		return family == familyInquiry
	}
	return false
}

// admit adds what inquiries and cases hand on to a transaction, unless it is another one's, or
// inquiries to a case.
func (g *gathering) admit(candidates map[int64]linkRow) error {
	if len(candidates) == 0 {
		return nil
	}
	ids := make([]int64, 0, len(candidates))
	for id := range candidates {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	third, err := g.follow(ids)
	if err != nil {
		return err
	}
	for _, l := range third {
		if g.family == familyTransaction && l.otherFamily == familyTransaction && l.other != g.root {
			delete(candidates, l.asked)
		}
	}
	for _, l := range candidates {
		g.add(l, g.via(l))
	}
	for _, l := range third {
		if c, ok := candidates[l.asked]; ok && c.otherFamily == familyReport && ranFor(l.otherFamily) && g.members[l.other] == nil {
			g.add(l, familyReport+"/"+c.otherRid)
		}
	}
	return nil
}

// via names the member that a link was followed from.
func (g *gathering) via(l linkRow) string {
	m := g.members[l.asked]
	return m.family + "/" + m.rid
}

func (g *gathering) follow(ids []int64) ([]linkRow, error) {
	rows, err := g.links(ids)
	g.told = slices.Grow(g.told, len(rows))
	for i := range rows {
		g.told = append(g.told, rows[i].link)
	}
	return rows, err
}

func (g *gathering) add(l linkRow, via string) {
	m, ok := g.members[l.other]
	if !ok {
		m = &member{id: l.other, rid: l.otherRid, family: l.otherFamily, via: via}
		g.members[l.other] = m
	}
	m.via = min(m.via, via)
	kind := l.link.From.Type
	if l.outward {
		kind = l.link.To.Type
	}
	// "report/watchlist" tells more than "report"; of two equals the first in the alphabet.
	if more, have := strings.Contains(kind, "/"), strings.Contains(m.named, "/"); m.named == "" || more && !have ||
		more == have && kind < m.named {
		m.named = kind
	}
}

// finish reads the states of the members and puts everything in its order.
func (g *gathering) finish(root review.Ref) (bundle, error) {
	members := make([]*member, 0, len(g.members))
	for _, m := range g.members {
		members = append(members, m)
	}
	slices.SortFunc(members, func(x, y *member) int {
		return cmp.Or(boolCompare(y.id == g.root, x.id == g.root), boolCompare(y.via == "", x.via == ""),
			cmp.Compare(x.family, y.family), cmp.Compare(x.rid, y.rid))
	})
	members = members[:min(len(members), maxBundle)]
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.id
	}
	captured, err := g.captured(members)
	if err != nil {
		return bundle{}, err
	}
	out := bundle{Bundle: review.Bundle{Root: root, Resources: make([]review.Captured, 0, len(members)), Links: make([]review.Link, 0, len(g.told))},
		resources: make([]int64, 0, len(members))}
	inside := make(map[[2]string]bool, len(members))
	for i, m := range members {
		inside[[2]string{m.family, m.rid}] = true
		switch {
		case len(captured[i]) > 0:
			out.Resources = append(out.Resources, captured[i]...)
			out.resources = append(out.resources, m.id)
		case m.id != g.root && missed(m.family):
			out.Named = append(out.Named, review.Ref{Type: m.named, ID: m.rid})
		}
	}
	slices.SortFunc(out.Resources, func(x, y review.Captured) int {
		return cmp.Or(boolCompare(y.Ref == root, x.Ref == root), compareRefs(x.Ref, y.Ref))
	})
	slices.SortFunc(out.Named, compareRefs)
	for _, l := range g.told {
		if inside[[2]string{l.From.Family(), l.From.ID}] && inside[[2]string{l.To.Family(), l.To.ID}] {
			out.Links = append(out.Links, l)
		}
	}
	slices.SortFunc(out.Links, compareLinks)
	out.Links = slices.Compact(out.Links)
	return out, nil
}

// boolCompare orders false before true.
func boolCompare(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// captured reads the states of the members that still say something, and all states of
// screening reports that have more than one. The answer has the order of the members; a
// resource that came under two types is there twice.
func (a *act) captured(members []*member) ([][]review.Captured, error) {
	ids := make([]int64, len(members))
	at := make(map[int64]int, len(members))
	for i, m := range members {
		ids[i], at[m.id] = m.id, i
	}
	out := make([][]review.Captured, len(members))
	read := func(query string, ids []int64, put func(*review.Captured, review.Layer)) error {
		type row struct {
			resource, kind, pack int64
			start, size          int
			layer                review.Layer
		}
		var rows []row
		var packs []int64
		err := a.each(query, []any{numbers(ids)}, func(scan func(...any) error) error {
			var r row
			err := scan(&r.resource, &r.kind, &r.layer.Order.At, &r.layer.Order.Event, hashColumn{&r.layer.Order.Snapshot}, &r.pack, &r.start, &r.size)
			rows, packs = append(rows, r), append(packs, r.pack)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		raw, err := a.unpacked(packs)
		if err != nil {
			return err
		}
		for _, r := range rows {
			kind, err := a.text(r.kind)
			if err != nil {
				return err
			}
			if r.layer.Body, err = cut(raw[r.pack], r.start, r.size); err != nil {
				return err
			}
			m := members[at[r.resource]]
			list := &out[at[r.resource]]
			i := slices.IndexFunc(*list, func(c review.Captured) bool { return c.Ref.Type == kind })
			if i < 0 {
				i = len(*list)
				*list = append(*list, review.Captured{Ref: review.Ref{Type: kind, ID: m.rid}, Via: m.via})
			}
			put(&(*list)[i], r.layer)
		}
		return nil
	}
	err := read(`
		SELECT s.resource, s.type, s.at, s.event, s.sha256, s.pack, s.start, s.size
		FROM json_each(?) j JOIN snapshot s ON s.resource = j.value WHERE s.speaks = 1`, ids,
		func(c *review.Captured, l review.Layer) { c.Layers = append(c.Layers, l) })
	if err != nil {
		return nil, err
	}
	var reports []int64
	for i, list := range out {
		for _, c := range list {
			if k, ok := strings.CutPrefix(c.Ref.Type, "report/"); ok && review.ReportKind(k).Screens() {
				reports = append(reports, members[i].id)
			}
		}
	}
	if len(reports) > 0 {
		// The states that no longer speak; those that do are there already.
		err = read(`
			SELECT s.resource, s.type, s.at, s.event, s.sha256, s.pack, s.start, s.size
			FROM json_each(?) j JOIN snapshot s ON s.resource = j.value WHERE s.speaks = 0 AND s.at IS NOT NULL`, reports,
			func(c *review.Captured, l review.Layer) { c.History = append(c.History, l) })
		if err != nil {
			return nil, err
		}
	}
	for i := range out {
		for j := range out[i] {
			order(&out[i][j])
		}
	}
	return out, nil
}

// order puts layers newest first and the history, when there is one, oldest first.
func order(c *review.Captured) {
	slices.SortFunc(c.Layers, func(x, y review.Layer) int { return y.Order.Compare(x.Order) })
	kind, _ := strings.CutPrefix(c.Ref.Type, "report/")
	if !review.ReportKind(kind).Screens() || len(c.Layers)+len(c.History) < 2 {
		c.History = nil
		return
	}
	c.History = append(c.History, c.Layers...)
	slices.SortFunc(c.History, func(x, y review.Layer) int { return x.Order.Compare(y.Order) })
	c.History = c.History[max(0, len(c.History)-maxHistory):]
}
