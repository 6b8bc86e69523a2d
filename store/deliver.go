package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"docket/review"
)

// The bounds of what waits for its commit: what is beyond them is refused at once, so that a
// flood costs the sender a later try and not our memory.
const (
	maxReceipts     = 1024
	maxReceiptBytes = 64 << 20
	maxShared       = 256 // receipts in one commit
	maxEvent        = 200 // bytes of an event id; a longer one names nothing
)

// Where the payloads of deliveries come from.
const (
	sourceWebhook = "webhook"
	aboutWebhook  = "POST /hooks/persona"
)

// Deliver stores one webhook receipt. When it returns nil the receipt is on disk. Callers at the
// same time share commits, in the order in which they came. Bytes that were delivered before are
// a repeat; an event id that came before with other bytes is a clash: the first stays, these lie
// in quarantine. ErrBusy when too much waits or another process holds the database, ErrFull when
// the disk is full or nearly so (Options.Room): the sender is to try again. The context ends the wait only; what waits may
// still be stored, and is a repeat when it is sent again.
func (db *DB) Deliver(ctx context.Context, r review.Receipt) (review.Delivered, error) {
	if err := cmp.Or(ctx.Err(), db.unbroken()); err != nil {
		return review.Delivered{}, fmt.Errorf("deliver: %w", err)
	}
	if err := db.Room(); err != nil {
		return review.Delivered{}, fmt.Errorf("deliver: %w", err)
	}
	if len(r.Event) > maxEvent {
		r.Event = ""
	}
	w := &receipt{Receipt: r, hash: review.Sum(r.Bytes), body: zip(r.Bytes), done: make(chan error, 1)}
	if !db.receipts.add(w, db.deliverAll) {
		return review.Delivered{}, fmt.Errorf("deliver: %w", ErrBusy)
	}
	select {
	case err := <-w.done:
		if err != nil {
			return review.Delivered{}, err
		}
		return w.out, nil
	case <-ctx.Done():
		return review.Delivered{}, fmt.Errorf("deliver: %w", ctx.Err())
	}
}

// receipt is one delivery that waits for its commit.
type receipt struct {
	review.Receipt
	hash review.Hash
	body []byte // compressed
	out  review.Delivered
	done chan error // told once
}

// holds is how much memory it takes: bytes that compress well are held as they came, too.
func (w *receipt) holds() int { return len(w.Bytes) + len(w.body) }

// receipts is the queue of deliveries. One goroutine empties it and lives only while there is
// something in it.
type receipts struct {
	mu      sync.Mutex
	waiting []*receipt
	bytes   int
	running bool
	runs    sync.WaitGroup
}

// add puts a receipt at the end of the queue, unless that is full, and sees that run is running.
func (q *receipts) add(w *receipt, run func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxReceipts || len(q.waiting) > 0 && q.bytes+w.holds() > maxReceiptBytes {
		return false
	}
	q.waiting = append(q.waiting, w)
	q.bytes += w.holds()
	if !q.running {
		q.running = true
		q.runs.Go(run)
	}
	return true
}

// take gives the next receipts that are to share a commit.
func (q *receipts) take() []*receipt {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxShared)
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	for _, w := range batch {
		q.bytes -= w.holds()
	}
	return batch
}

// rest says that there is nothing left, and then that nobody runs any more.
func (q *receipts) rest() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = len(q.waiting) > 0
	return !q.running
}

// deliverAll empties the queue.
func (db *DB) deliverAll() {
	for {
		var batch []*receipt
		err := db.write(context.Background(), "deliver", func(a *act) error {
			batch = db.receipts.take() // only now that it is our turn: whoever came meanwhile shares
			return a.deliver(batch)
		})
		if batch == nil {
			batch = db.receipts.take() // they waited for a turn that could not be had
		}
		for _, w := range batch {
			w.done <- err
		}
		if db.receipts.rest() {
			return
		}
	}
}

// deliver stores receipts of one instant.
func (a *act) deliver(batch []*receipt) error {
	now := a.now.UnixMilli()
	last, err := a.lastDelivery()
	if err != nil {
		return err
	}
	quiet := int64(0)
	if last != 0 {
		quiet = max(0, now-last)
	}
	first := 0
	var secrets []string
	for _, w := range batch {
		if !slices.Contains(secrets, w.Secret) {
			secrets = append(secrets, w.Secret)
		}
		if err := a.deliverOne(w); err != nil {
			return err
		}
		if w.out.New {
			first++
		}
	}
	for _, secret := range secrets {
		if _, err := a.exec(`INSERT INTO signer (secret, since, last_at) VALUES (?1, ?2, ?2) ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at)`,
			secret, now); err != nil {
			return err
		}
	}
	_, err = a.exec(`
		INSERT INTO delivery_hour (hour, deliveries, repeats, last_at, quiet) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET deliveries = deliveries + excluded.deliveries, repeats = repeats + excluded.repeats,
		  last_at = max(last_at, excluded.last_at), quiet = max(quiet, excluded.quiet)`,
		now/msPerHour, first, len(batch)-first, now, quiet)
	return err
}

// lastDelivery is when the newest receipt came, 0 when none ever did.
func (a *act) lastDelivery() (last int64, err error) {
	err = a.one(`SELECT last_at FROM delivery_hour ORDER BY hour DESC LIMIT 1`, nil, &last)
	if errors.Is(err, review.ErrNotFound) {
		err = nil
	}
	return last, err
}

func (a *act) deliverOne(w *receipt) error {
	var clash string
	payload, err := a.payloadID(w.hash)
	if err == nil {
		err = a.one(`SELECT id, clash FROM delivery WHERE payload = ?`, []any{payload}, &w.out.ID, &clash)
	}
	switch {
	case err == nil && w.out.ID != 0:
		w.out.Clash = clash != ""
		_, err = a.exec(`UPDATE delivery SET repeats = repeats + 1, last_at = ?, attempt = max(attempt, ?) WHERE id = ?`,
			a.now.UnixMilli(), w.Attempt, w.out.ID)
		return err
	case err != nil && !errors.Is(err, review.ErrNotFound):
		return err
	}
	clash = ""
	var event any
	if w.Event != "" {
		event = w.Event
		var earlier review.DeliveryID
		err := a.one(`SELECT id FROM delivery WHERE event = ? AND clash = ''`, []any{w.Event}, &earlier)
		if err == nil {
			clash = fmt.Sprintf("delivery %d brought the same event with other bytes before", earlier)
		} else if !errors.Is(err, review.ErrNotFound) {
			return err
		}
	}
	if payload == 0 {
		state := payloadKept
		if clash != "" {
			state = payloadQuarantined
		}
		body, err := a.insert(`INSERT INTO payload_body (body) VALUES (?)`, w.body)
		if err != nil {
			return err
		}
		payload, err = a.insert(`
			INSERT INTO payload (sha256, source, about, received_at, size, state, reason, body, start) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
			w.hash[:], sourceWebhook, aboutWebhook, a.now.UnixMilli(), len(w.Bytes), state, clash, body)
		if err == nil {
			err = a.addPrints(ofPayload, payload, []int64{printOf(w.hash)})
		}
		if err != nil {
			return err
		}
	}
	id, err := a.insert(`
		INSERT INTO delivery (event, payload, at, last_at, secret, attempt, first_at, repeats, clash) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		event, payload, a.now.UnixMilli(), a.now.UnixMilli(), w.Secret, w.Attempt, nullMillis(w.FirstAt), clash)
	w.out = review.Delivered{ID: review.DeliveryID(id), New: true, Clash: clash != ""}
	return err
}
