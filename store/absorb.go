package store

import (
	"context"
	"errors"
	"fmt"

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
	return db.AbsorbPacked(ctx, db.Pack(readings))
}

// Packed is readings with all that can be made of them before their turn to write.
type Packed struct {
	Readings []review.Reading
	made     []packedReading
}

// Pack digests and compresses what readings hold, on all cores, so that it need not be done
// while others wait to write.
func (db *DB) Pack(readings []review.Reading) Packed {
	return Packed{readings, db.packAll(readings)}
}

// AbsorbPacked is Absorb of readings that Pack has made ready.
func (db *DB) AbsorbPacked(ctx context.Context, p Packed) (Absorbed, error) {
	var out Absorbed
	err := db.write(ctx, "absorb", func(a *act) error {
		b := newAbsorption(a)
		if err := b.takeIn(p.Readings, p.made); err != nil {
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
	facets    *bulk
	unsearch  []int64 // rows that the search index is to forget
	search    []any   // rows that it is to learn: number, text and scope of each
	last      int64   // the highest number of a snapshot
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
		facets: newBulk(a, `INSERT INTO facet (state, facet, value, opened_at, id) VALUES `, `(?, ?, ?, ?, ?)`, ``),
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
