package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// Absorbed counts what a call added.
type Absorbed struct {
	Resources     int // received for the first time
	Transactions  int // of these, transactions
	ReviewsOpened int
	Quarantined   int
}

// Absorb takes in what payloads said: snapshots, links, and through them reviews and the queue.
// It is one SQL transaction and idempotent; each payload must have been kept. The outcome is the
// same in whatever order, and in however many calls, the same payloads come.
func (db *DB) Absorb(ctx context.Context, readings []review.Reading) (Absorbed, error) {
	made := db.packAll(readings)
	var out Absorbed
	err := db.write(ctx, "absorb", func(a *act) error {
		b := newAbsorption(a)
		if err := b.takeIn(readings, made); err != nil {
			return err
		}
		rebuilding, err := a.rebuilding()
		if err != nil {
			return err
		}
		if err := b.settle(!rebuilding); err != nil {
			return err
		}
		out = b.out
		return nil
	})
	if err != nil {
		return Absorbed{}, err
	}
	return out, nil
}

// nodeKey names a resource as links do: by family and id.
type nodeKey struct {
	family int64
	rid    string
}

// node is a resource that the running absorption met.
type node struct {
	id     int64
	family string
	rid    string
	fresh  bool // its row was made in this call: all that is known of it is in memory
	have   map[review.Hash]*state
	added  int // states that are new or moved in time: its layers are to be read again
	near   []*node
	points []statusPoint // of a fresh transaction
	moved  bool          // it has a snapshot, a place in time or a link that it had not
	stirs  bool          // of these, a snapshot or a place in time
}

// absorption is one call of Absorb at work.
type absorption struct {
	*act
	nodes     map[nodeKey]*node
	order     []*node // as met
	keysets   map[review.Hash]int64
	stored    map[review.Hash]bool // states whose bytes were written in this call
	packs     *bulk
	snapshots *bulk
	sightings *bulk
	linked    *bulk
	last      int64 // the highest number of a snapshot
	lastPack  int64
	out       Absorbed
}

func newAbsorption(a *act) *absorption {
	return &absorption{act: a, nodes: make(map[nodeKey]*node, 256), keysets: map[review.Hash]int64{}, stored: map[review.Hash]bool{},
		packs: newBulk(a, `INSERT INTO pack (id, body) VALUES `, `(?, ?)`, ``),
		snapshots: newBulk(a, `INSERT INTO snapshot (id, resource, sha256, type, at, event, speaks, keyset, status, pack, start, size) VALUES `,
			`(?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`, ``),
		sightings: newBulk(a, `INSERT INTO sighting (snapshot, payload, at, event) VALUES `, `(?, ?, ?, ?)`, ` ON CONFLICT DO NOTHING`),
		linked: newBulk(a, `INSERT INTO link (from_, to_, name, from_type, to_type, shared) VALUES `, `(?, ?, ?, ?, ?, ?)`,
			` ON CONFLICT DO NOTHING`),
	}
}

// takeIn takes in what payloads said.
func (b *absorption) takeIn(readings []review.Reading, made []packedReading) error {
	payloads := make([]int64, len(readings)) // 0: nothing to take in
	for i, r := range readings {
		var err error
		if payloads[i], err = b.settlePayload(r); err != nil {
			return fmt.Errorf("payload %s: %w", r.Hash, err)
		}
	}
	if err := b.meet(readings, payloads); err != nil {
		return err
	}
	err := b.one(`SELECT (SELECT ifnull(max(id), 0) FROM snapshot), (SELECT ifnull(max(id), 0) FROM pack)`, nil, &b.last, &b.lastPack)
	if err != nil {
		return err
	}
	for i, r := range readings {
		if payloads[i] == 0 {
			continue
		}
		if err := b.store(r, &made[i]); err != nil {
			return err
		}
		for j, s := range r.Snapshots {
			if err := b.snapshot(payloads[i], s, made[i].snapshots[j]); err != nil {
				return fmt.Errorf("payload %s: %w", r.Hash, err)
			}
		}
	}
	for _, rows := range []*bulk{b.packs, b.snapshots, b.sightings, b.linked} {
		if err := rows.flush(); err != nil {
			return err
		}
	}
	return nil
}

// settlePayload notes what a payload was read as, and gives its row when its states are to be
// taken in.
func (b *absorption) settlePayload(r review.Reading) (int64, error) {
	state := payloadAbsorbed
	if r.Refused != "" {
		state = payloadQuarantined
	}
	var id int64
	err := b.one(`UPDATE payload SET state = ?, read_as = ?, event = ?, reason = ? WHERE sha256 = ? AND state = 'kept' RETURNING id`,
		[]any{state, r.ReadAs, r.Event, r.Refused, r.Hash[:]}, &id)
	if errors.Is(err, review.ErrNotFound) {
		// Absorbed before: there is nothing to do. Never kept: that is a mistake.
		if err := b.one(`SELECT id FROM payload WHERE sha256 = ?`, []any{r.Hash[:]}, &id); err != nil {
			return 0, fmt.Errorf("it was not kept: %w", err)
		}
		return 0, nil
	}
	if err == nil && r.Refused != "" {
		b.out.Quarantined++
		id = 0
	}
	return id, err
}

// settle brings the projections up to what has been taken in. Without reviews it leaves reviews
// and queue as they are.
func (b *absorption) settle(reviews bool) error {
	for _, n := range b.order {
		if n.added > 0 && (!n.fresh || n.added > 1) {
			if err := b.relayer(n.id); err != nil {
				return err
			}
		}
	}
	if !reviews {
		return nil
	}
	affected, err := b.affected()
	if err != nil {
		return err
	}
	opened, err := b.reconcile(affected)
	b.out.ReviewsOpened = opened
	return err
}

// meet finds or adds the resources that the readings speak of, and reads which states of theirs
// are known.
func (b *absorption) meet(readings []review.Reading, payloads []int64) error {
	for i, r := range readings {
		if payloads[i] == 0 {
			continue
		}
		for _, s := range r.Snapshots {
			if err := b.mention(s.Ref); err != nil {
				return err
			}
			for _, l := range s.Links {
				if err := b.mention(l.To); err != nil {
					return err
				}
			}
		}
	}
	for part := range slices.Chunk(b.order, 512) {
		if err := b.recognize(part); err != nil {
			return err
		}
	}
	var last int64
	if err := b.one(`SELECT ifnull(max(id), 0) FROM resource`, nil, &last); err != nil {
		return err
	}
	fresh := newBulk(b.act, `INSERT INTO resource (id, rid, family) VALUES `, `(?, ?, ?)`, ``)
	var known []*node
	for _, n := range b.order {
		if n.id != 0 {
			known = append(known, n)
			continue
		}
		last++
		n.id, n.fresh = last, true
		word, err := b.word(n.family)
		if err != nil {
			return err
		}
		if err := fresh.add(n.id, n.rid, word); err != nil {
			return err
		}
	}
	if err := fresh.flush(); err != nil {
		return err
	}
	return b.recall(known)
}

// mention notes that a resource was spoken of.
func (b *absorption) mention(ref review.Ref) error {
	f := family(ref.Type)
	word, err := b.word(f)
	if err != nil {
		return err
	}
	key := nodeKey{word, ref.ID}
	if _, ok := b.nodes[key]; !ok {
		n := &node{family: f, rid: ref.ID}
		b.nodes[key] = n
		b.order = append(b.order, n)
	}
	return nil
}

// node gives a resource that was mentioned.
func (b *absorption) node(ref review.Ref) (*node, error) {
	word, err := b.word(family(ref.Type))
	if err != nil {
		return nil, err
	}
	n, ok := b.nodes[nodeKey{word, ref.ID}]
	if !ok {
		return nil, errors.New("a resource that was not met")
	}
	return n, nil
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
			var hash review.Hash
			var at sql.NullInt64
			st := &state{}
			if err := scan(&resource, &st.id, hashColumn{&hash}, &at, &st.event); err != nil {
				return err
			}
			st.at, st.unseen = at.Int64, !at.Valid
			byID[resource].remember(hash, st)
			return nil
		})
}

// affected gives the transactions whose reviews or rows may now read otherwise, those that
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
	// A state reaches a transaction directly, or through an inquiry or case; a run through its
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
	var txns []*node
	for _, n := range seen {
		if n.family == familyTransaction {
			txns = append(txns, n)
		}
	}
	slices.SortFunc(txns, func(a, b *node) int { return int(a.id - b.id) })
	return txns, nil
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
		JOIN link l ON l.from_ = j.value AND l.shared = 0
		JOIN resource r ON r.id = l.to_ JOIN word w ON w.id = r.family
		UNION
		SELECT r.id, r.rid, w.text FROM json_each(?1) j
		JOIN link l ON l.to_ = j.value AND l.shared = 0
		JOIN resource r ON r.id = l.from_ JOIN word w ON w.id = r.family`,
		[]any{numbers(ask)}, func(scan func(...any) error) error {
			n := &node{}
			err := scan(&n.id, &n.rid, &n.family)
			found = append(found, n)
			return err
		})
	return found, err
}
