package store

import (
	"database/sql"
	"slices"

	"docket/review"
)

// node is a resource that the running absorption met.
type node struct {
	id      int64
	family  string
	rid     string
	mention int  // its place among those that the running call mentions
	fresh   bool // its row was made in this call: all that is known of it is in memory
	have    []*state
	added   int // states that are new or moved in time: its layers are to be read again
	near    []*node
	told    []told        // of a fresh one: all that ties it to others, but for what everyone shares
	points  []statusPoint // of a fresh root
	moved   bool          // it has a snapshot, a place in time or a link that it had not
	stirs   bool          // of these, a snapshot or a place in time; of a root also a tie to an account
}

// meet finds or adds the resources that payloads with a row speak of, and reads which states of theirs
// are known.
func (b *absorption) meet(payloads []int64) error {
	p := b.packed
	b.met = make([]*node, len(p.mentions.refs))
	b.order = make([]*node, 0, len(b.met))
	all := make([]node, len(b.met))
	mention := func(i int) {
		if b.met[i] == nil {
			n := &all[i]
			n.family, n.rid, n.mention = p.mentions.refs[i].Type, p.mentions.refs[i].ID, i
			b.met[i], b.order = n, append(b.order, n)
		}
	}
	for i := range p.Readings {
		if payloads[i] == 0 {
			continue
		}
		for _, s := range p.statesOf(i) {
			mention(s.self)
			for _, to := range s.links {
				mention(to)
			}
		}
	}
	last, err := b.lastRow(ofResource)
	if err != nil {
		return err
	}
	known, err := b.number(last)
	if err != nil {
		return err
	}
	return b.recall(known)
}

// number gives resources their rows, and says which had one: as was found before, but for those that
// came after the last row that could be found then.
func (b *absorption) number(last int64) (known []*node, err error) {
	before := &b.packed.resources
	var ask []*node
	for _, n := range b.order {
		if n.id = before.rows[n.mention]; n.id == 0 {
			ask = append(ask, n)
		}
	}
	if before.done {
		b.db.tails[ofResource].told(before.last, last, func(newer *tail) {
			ask = slices.DeleteFunc(ask, func(n *node) bool { return !newer.has(b.packed.mentions.prints[n.mention]) })
		})
	}
	if err := b.recognize(ask); err != nil {
		return nil, err
	}
	b.firstFresh = last + 1
	fresh := newBulk(b.act, `INSERT OR FAIL INTO resource (id, rid, family) VALUES `, `(?, ?, ?)`, ``)
	var prints []int64
	for _, n := range b.order {
		if n.id != 0 {
			known = append(known, n)
			continue
		}
		n.id, n.fresh = b.firstFresh+int64(len(b.freshNodes)), true
		b.freshNodes, prints = append(b.freshNodes, n), append(prints, b.packed.mentions.prints[n.mention])
		word, err := b.word(n.family)
		if err != nil {
			return nil, err
		}
		if err := fresh.add(n.id, n.rid, word); err != nil {
			return nil, err
		}
	}
	if err := fresh.flush(); err != nil || len(prints) == 0 {
		return known, err
	}
	b.named.add(b.firstFresh, b.firstFresh+int64(len(prints))-1)
	return known, b.addPrints(ofResource, b.firstFresh, prints)
}

// node gives a resource that was mentioned, nil when it was not.
func (b *absorption) node(ref review.Ref) *node {
	i, ok := b.packed.mentions.numbers[byFamily(ref)]
	if !ok {
		return nil
	}
	return b.met[i]
}

// recognize finds the rows of resources that are known.
func (a *act) recognize(nodes []*node) error {
	refs, prints := make([]review.Ref, len(nodes)), make([]int64, len(nodes))
	for i, n := range nodes {
		refs[i], prints[i] = n.ref(), printOfID(n.rid)
	}
	ids, err := a.resourceRows(refs, prints)
	if err != nil {
		return err
	}
	for i, n := range nodes {
		n.id = ids[i]
	}
	return nil
}

// recall reads the states that are known of some resources.
func (b *absorption) recall(known []*node) error {
	ids := make([]int64, len(known))
	byID := make(map[int64]*node, len(known))
	for i, n := range known {
		ids[i], byID[n.id] = n.id, n
	}
	if len(ids) == 0 {
		return nil
	}
	return b.each(`SELECT s.resource, s.id, s.sha256, s.at, s.event FROM json_each(?) j JOIN snapshot s ON s.resource = j.value`,
		[]any{numbers(ids)}, func(scan func(...any) error) error {
			var resource int64
			var at sql.NullInt64
			st := &state{}
			if err := scan(&resource, &st.id, hashColumn{&st.hash}, &at, &st.event); err != nil {
				return err
			}
			st.at, st.unseen = at.Int64, !at.Valid
			byID[resource].remember(st)
			return nil
		})
}

// affected gives the roots whose reviews or rows may now read otherwise, those that
// themselves have a new state marked.
func (b *absorption) affected() ([]*node, error) {
	var start []*node
	for _, n := range b.order {
		if n.moved && !sharedFamily(n.family) {
			start = append(start, n)
		}
	}
	seen := make(map[int64]*node, len(start))
	for _, n := range start {
		seen[n.id] = n
	}
	// A state reaches a root directly, or through an inquiry or case; a run through its
	// report first.
	level, runs := start, false
	for _, n := range start {
		runs = runs || ranFor(n.family)
	}
	steps := 2
	if runs {
		steps = 3
	}
	expanded := make(map[int64]bool, len(start))
	for step := range steps {
		near, err := b.near(level)
		if err != nil {
			return nil, err
		}
		level = level[:0:0]
		for _, n := range near {
			if known, ok := seen[n.id]; ok {
				n = known
			}
			seen[n.id] = n
			if !expanded[n.id] && (passes(n.family) || step == 0 && runs && n.family == familyReport) {
				expanded[n.id] = true
				level = append(level, n)
			}
		}
		if len(level) == 0 {
			break
		}
	}
	var roots []*node
	for _, n := range seen {
		if b.db.reviewed(n.family) {
			roots = append(roots, n)
		}
	}
	slices.SortFunc(roots, func(a, b *node) int { return int(a.id - b.id) })
	return roots, nil
}

// near gives all neighbours of some resources: from memory for those made in this call, from
// the links for the others.
func (b *absorption) near(of []*node) ([]*node, error) {
	var found []*node
	var ask []int64
	for _, n := range of {
		if n.fresh {
			found = append(found, n.near...)
		} else {
			ask = append(ask, n.id)
		}
	}
	if len(ask) == 0 {
		return found, nil
	}
	err := b.each(`
		SELECT r.id, r.rid, w.text FROM json_each(?1) j
		JOIN link l ON l.from_ = j.value
		JOIN resource r ON r.id = l.to_ JOIN word w ON w.id = r.family
		UNION
		SELECT r.id, r.rid, w.text FROM json_each(?1) j
		JOIN link l ON l.to_ = j.value
		JOIN resource r ON r.id = l.from_ JOIN word w ON w.id = r.family`,
		[]any{numbers(ask)}, func(scan func(...any) error) error {
			n := &node{}
			err := scan(&n.id, &n.rid, &n.family)
			found = append(found, n)
			return err
		})
	return found, err
}
