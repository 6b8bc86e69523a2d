package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	packed := db.packAll(readings)
	var out Absorbed
	err := db.write(ctx, "absorb", func(a *act) error {
		b := newAbsorption(a)
		for i, r := range readings {
			if err := b.reading(r, packed[i]); err != nil {
				return fmt.Errorf("payload %s: %w", r.Hash, err)
			}
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

// packedSnapshot is what of a snapshot can be made before its turn to write.
type packedSnapshot struct {
	hash review.Hash
	body []byte
	keys []byte
}

// packAll digests and compresses outside the write transaction, on all cores.
func (db *DB) packAll(readings []review.Reading) [][]packedSnapshot {
	packed := make([][]packedSnapshot, len(readings))
	parallel(len(readings), func(i int) {
		packed[i] = make([]packedSnapshot, len(readings[i].Snapshots))
		for j, s := range readings[i].Snapshots {
			packed[i][j] = packedSnapshot{review.Sum(s.Body), db.zip.pack(s.Body), packKeys(s.Keys)}
		}
	})
	return packed
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
	states int  // snapshots added in this call
	near   []*node
	points []statusPoint // of a fresh transaction
	moved  bool          // it has a snapshot, a place in time or a link that it had not
	stirs  bool          // of these, a snapshot or a place in time
}

// absorption is one call of Absorb at work.
type absorption struct {
	*act
	nodes   map[nodeKey]*node
	order   []*node // as met
	keysets map[review.Hash]int64
	out     Absorbed
}

func newAbsorption(a *act) *absorption {
	return &absorption{act: a, nodes: make(map[nodeKey]*node, 256), keysets: map[review.Hash]int64{}}
}

// reading takes in one payload.
func (b *absorption) reading(r review.Reading, packed []packedSnapshot) error {
	var payload int64
	var state string
	err := b.one(`SELECT id, state FROM payload WHERE sha256 = ?`, []any{r.Hash[:]}, &payload, &state)
	if errors.Is(err, review.ErrNotFound) {
		return fmt.Errorf("it was not kept: %w", err)
	} else if err != nil || state != payloadKept {
		return err
	}
	if r.Refused != "" {
		b.out.Quarantined++
		_, err := b.exec(`UPDATE payload SET state = 'quarantined', read_as = ?, reason = ? WHERE id = ?`,
			r.ReadAs, r.Refused, payload)
		return err
	}
	for i, s := range r.Snapshots {
		if err := b.snapshot(payload, s, packed[i]); err != nil {
			return fmt.Errorf("%s: %w", s.Ref, err)
		}
	}
	_, err = b.exec(`UPDATE payload SET state = 'absorbed', read_as = ?, event = ? WHERE id = ?`, r.ReadAs, r.Event, payload)
	return err
}

// settle brings the projections up to what has been taken in. Without reviews it leaves reviews
// and queue as they are.
func (b *absorption) settle(reviews bool) error {
	for _, n := range b.order {
		if n.states > 0 && (!n.fresh || n.states > 1) {
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

// node gives the resource that a reference names, adding its row when it is new.
func (b *absorption) node(ref review.Ref) (*node, error) {
	f := family(ref.Type)
	word, err := b.word(f)
	if err != nil {
		return nil, err
	}
	key := nodeKey{word, ref.ID}
	if n, ok := b.nodes[key]; ok {
		return n, nil
	}
	n := &node{family: f, rid: ref.ID}
	r, err := b.exec(`INSERT INTO resource (rid, family) VALUES (?, ?) ON CONFLICT DO NOTHING`, ref.ID, word)
	if err != nil {
		return nil, err
	}
	if added, err := r.RowsAffected(); err != nil {
		return nil, err
	} else if added == 1 {
		n.fresh = true
		if n.id, err = r.LastInsertId(); err != nil {
			return nil, err
		}
	} else if err := b.one(`SELECT id FROM resource WHERE rid = ? AND family = ?`, []any{ref.ID, word}, &n.id); err != nil {
		return nil, err
	}
	b.nodes[key] = n
	b.order = append(b.order, n)
	return n, nil
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
