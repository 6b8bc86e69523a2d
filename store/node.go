package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// node is a resource that the running absorption met.
type node struct {
	id     int64
	family string
	rid    string
	fresh  bool // its row was made in this call: all that is known of it is in memory
	have   []*state
	added  int // states that are new or moved in time: its layers are to be read again
	near   []*node
	told   []told        // of a fresh one: all that ties it to others, but for what everyone shares
	points []statusPoint // of a fresh root
	moved  bool          // it has a snapshot, a place in time or a link that it had not
	stirs  bool          // of these, a snapshot or a place in time; of a root also a tie to an account
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
			n.family, n.rid = p.mentions.refs[i].Type, p.mentions.refs[i].ID
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
	var last int64
	if err := b.one(`SELECT ifnull(max(id), 0) FROM resource`, nil, &last); err != nil {
		return err
	}
	b.firstFresh = last + 1
	fresh := newBulk(b.act, `INSERT OR FAIL INTO resource (id, rid, family) VALUES `, `(?, ?, ?)`, ` ON CONFLICT DO NOTHING`)
	var known []*node
	for part := range slices.Chunk(b.order, bulkSizes[0]) {
		more, err := b.number(fresh, part)
		if err != nil {
			return err
		}
		known = append(known, more...)
	}
	return b.recall(known)
}

// number gives resources their rows, and says which had one. Of many at once most are new: their
// rows are written first, and only when some could not be are they looked for.
func (b *absorption) number(fresh *bulk, part []*node) (known []*node, err error) {
	if len(part) < bulkSizes[0] {
		if err := b.recognize(part); err != nil {
			return nil, err
		}
	}
	before := int64(len(b.freshNodes))
	asked := make([]*node, 0, len(part))
	for _, n := range part {
		if n.id != 0 {
			known = append(known, n)
			continue
		}
		n.id, n.fresh = b.firstFresh+int64(len(b.freshNodes)), true
		b.freshNodes, asked = append(b.freshNodes, n), append(asked, n)
		word, err := b.word(n.family)
		if err != nil {
			return nil, err
		}
		if err := fresh.add(n.id, n.rid, word); err != nil {
			return nil, err
		}
	}
	if err := fresh.flush(); err != nil || len(asked) < bulkSizes[0] || fresh.changed == int64(len(asked)) {
		fresh.changed = 0
		return known, err
	}
	fresh.changed = 0
	first := b.firstFresh + before
	made := make([]bool, len(asked))
	if err := b.each(`SELECT id FROM resource WHERE id >= ?`, []any{first}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		made[id-first] = true
		return err
	}); err != nil {
		return nil, err
	}
	for i, n := range asked {
		if !made[i] {
			n.id, n.fresh = 0, false
			b.freshNodes[before+int64(i)] = nil
			known = append(known, n)
		}
	}
	return known, b.recognize(known)
}

// node gives a resource that was mentioned, nil when it was not.
func (b *absorption) node(ref review.Ref) *node {
	i, ok := b.packed.mentions.numbers[byFamily(ref)]
	if !ok {
		return nil
	}
	return b.met[i]
}

// recognize finds the rows of resources that are known: many with one query, except ids that
// JSON cannot carry unchanged.
func (b *absorption) recognize(part []*node) error {
	asked := make([][2]any, 0, len(part))
	plain := make([]*node, 0, len(part))
	for _, n := range part {
		word, err := b.word(n.family)
		if err != nil {
			return err
		}
		if utf8.ValidString(n.rid) && !strings.ContainsRune(n.rid, 0) {
			plain, asked = append(plain, n), append(asked, [2]any{n.rid, word})
			continue
		}
		err = b.one(`SELECT id FROM resource WHERE rid = ? AND family = ?`, []any{n.rid, word}, &n.id)
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return err
		}
	}
	raw, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	return b.each(`
		SELECT j.key, r.id FROM json_each(?) j JOIN resource r ON r.rid = j.value ->> 0 AND r.family = j.value ->> 1`, []any{string(raw)},
		func(scan func(...any) error) error {
			var i int
			var id int64
			err := scan(&i, &id)
			plain[i].id = id
			return err
		})
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
