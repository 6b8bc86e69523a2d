package store

import (
	"context"
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

func (x *Absorbed) add(y Absorbed) {
	x.Resources += y.Resources
	x.Transactions += y.Transactions
	x.ReviewsOpened += y.ReviewsOpened
	x.Quarantined += y.Quarantined
}

// Absorb takes in what payloads said: snapshots, links, and through them reviews and the queue.
// It is one SQL transaction and idempotent; each payload must have been kept. The outcome is the
// same in whatever order, and in however many calls, the same payloads come.
func (db *DB) Absorb(ctx context.Context, readings []review.Reading) (Absorbed, error) {
	return db.AbsorbPacked(ctx, db.packed(readings))
}

// Packed is readings with all that can be made of them before their turn to write.
type Packed struct {
	Readings []review.Reading
	states   []packedState // of all readings
	from     []int         // by reading, where its states begin
	keysets  [][]byte      // each once
	frames   []framed
	mentions mentions
	foreseen map[review.Ref]*foreseen // by root

	payloads  search[review.Hash]
	resources search[int] // by place among mentions
}

// Pack compresses what readings hold and reads the dossiers that they make, so that
// it need not be done while others wait to write. It is for payloads that come in bulk: of what
// changes roots that are known it foresees nothing. What Keep answered of them spares looking for them.
func (db *DB) Pack(readings []review.Reading, kept []Kept) Packed {
	p := db.packed(readings)
	p.foreseen = db.foresee(p)
	p.payloads.rows = rowsOf(kept) // any other is looked for in the turn to write
	p.resources = searchFor(db, ofResource, len(p.mentions.refs), p.mentions.rows)
	return p
}

// AbsorbPacked is Absorb of readings that Pack has made ready. Those packed apart are taken in one
// after the other, as by one call for each, and share the SQL transaction: what several of them touch
// is written to disk once.
func (db *DB) AbsorbPacked(ctx context.Context, packs ...Packed) (Absorbed, error) {
	var out Absorbed
	err := db.write(ctx, "absorb", func(a *act) error {
		rebuilding, err := a.rebuilding()
		if err != nil {
			return err
		}
		for i, p := range packs {
			if a.stood == nil && i < len(packs)-1 {
				a.stood = map[int64]review.Bundle{}
			}
			b := newAbsorption(a)
			if err := b.takeIn(p); err != nil {
				return err
			}
			if err := b.settle(!rebuilding); err != nil {
				return err
			}
			out.add(b.out)
		}
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
	met   []*node // what is mentioned; nil: only payloads speak of it that are not taken in
	order []*node // as met
	// The resources whose rows are made in this call, numbered from firstFresh.
	firstFresh int64
	freshNodes []*node
	packed     *Packed
	keysets    []int64 // the numbers of what is packed, 0 not yet asked for
	ties       map[tieKey]int64
	packs      *bulk
	snapshots  *bulk
	sightings  *bulk
	linked     *bulk
	statuses   *bulk
	queued     *bulk
	listed     *bulk
	freshKept  []freshRoot
	foreseen   map[review.Ref]*foreseen
	last       int64 // the highest number of a snapshot
	lastPack   int64
	out        Absorbed
	erasing    bool // what it takes in is what an erasure left
}

func newAbsorption(a *act) *absorption {
	return &absorption{act: a, ties: map[tieKey]int64{},
		packs: newBulk(a, `INSERT OR FAIL INTO pack (id, body) VALUES `, `(?, ?)`, ``),
		snapshots: newBulk(a, `INSERT OR FAIL INTO snapshot (id, resource, sha256, type, at, event, speaks, keyset, status, pack, start, size) VALUES `,
			`(?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`, ``),
		sightings: newBulk(a, `INSERT OR FAIL INTO sighting (snapshot, payload, at, event) VALUES `, `(?, ?, ?, ?)`, ` ON CONFLICT DO NOTHING`),
		linked:    newBulk(a, `INSERT OR FAIL INTO link (from_, to_, tie) VALUES `, `(?, ?, ?)`, ` ON CONFLICT DO NOTHING`),
		statuses: newBulk(a, `INSERT OR FAIL INTO root (resource, status, updated_at) VALUES `, `(?, ?, ?)`,
			` ON CONFLICT DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at`),
		queued: newBulk(a, `INSERT OR FAIL INTO queue (root, root_type, root_id, state, opening, opened_at, closed_at, closing, status,
		  subject, subject_kind, subject_fold, reference, country, tags, tally, matches, answered,
		  halted_since, why, outcome, inquiry, evidence, facets, words, id) VALUES `,
			`(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``),
		listed: newBulk(a, `INSERT INTO listed (root, `+listedColumns+`) VALUES `, `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, ``),
	}
}

// takeIn takes in what payloads said.
func (b *absorption) takeIn(p Packed) error {
	b.packed, b.foreseen, b.keysets = &p, p.foreseen, make([]int64, len(p.keysets))
	payloads, err := b.settlePayloads(p.Readings) // 0: nothing to take in
	if err != nil {
		return err
	}
	if err := b.meet(payloads); err != nil {
		return err
	}
	err = b.one(`SELECT (SELECT ifnull(max(id), 0) FROM snapshot), (SELECT ifnull(max(id), 0) FROM pack)`, nil, &b.last, &b.lastPack)
	if err != nil {
		return err
	}
	if err := b.store(payloads); err != nil {
		return err
	}
	for i, r := range p.Readings {
		if payloads[i] == 0 {
			continue
		}
		states := p.statesOf(i)
		for j := range r.Snapshots {
			if err := b.snapshot(payloads[i], &r.Snapshots[j], &states[j]); err != nil {
				return fmt.Errorf("payload %s: %w", r.Hash, err)
			}
		}
	}
	for _, rows := range []*bulk{b.packs, b.snapshots, b.sightings, b.linked} {
		if err := rows.flush(); err != nil {
			return err
		}
	}
	return b.noteErasures(p.Readings, payloads)
}

// settlePayloads notes what payloads were read as, and gives the rows of those whose states are
// to be taken in.
func (b *absorption) settlePayloads(readings []review.Reading) ([]int64, error) {
	hashes := make([]review.Hash, len(readings))
	for i, r := range readings {
		hashes[i] = r.Hash
	}
	kept, err := b.payloadRows(hashes, b.packed.payloads)
	if err != nil {
		return nil, err
	}
	rows := make([]int64, len(readings))
	// As one statement for many: an UPDATE of its own costs three times what it does.
	states := newBulk(b.act, `WITH v (id, state, read_as, event, reason) AS (VALUES `, `(?, ?, ?, ?, ?)`, `)
		UPDATE OR FAIL payload SET state = v.state, read_as = v.read_as, event = v.event, reason = v.reason FROM v WHERE payload.id = v.id`)
	for i, r := range readings {
		p, ok := kept[r.Hash]
		switch {
		case !ok:
			return nil, fmt.Errorf("payload %s: it was not kept: %w", r.Hash, review.ErrNotFound)
		case p.state != payloadKept:
			continue // absorbed before, there is nothing to do
		case r.Refused != "":
			p.state = payloadQuarantined
			b.out.Quarantined++
		default:
			p.state = payloadAbsorbed
			rows[i] = p.id
		}
		kept[r.Hash] = p
		if err := states.add(p.id, p.state, r.ReadAs, r.Event, r.Refused); err != nil {
			return nil, err
		}
	}
	return rows, states.flush()
}

// settle brings the projections up to what has been taken in. Without reviews it leaves reviews
// and queue as they are.
func (b *absorption) settle(reviews bool) (err error) {
	for _, n := range b.order {
		switch {
		case n.fresh && n.added > 1:
			err = b.relayerFresh(n)
		case !n.fresh && n.added > 0:
			err = b.relayer(n.id)
		}
		if err != nil {
			return err
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
	if err != nil {
		return err
	}
	return b.echoes()
}
