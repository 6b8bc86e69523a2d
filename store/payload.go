package store

import (
	"context"
	"errors"

	"docket/review"
)

// Kept says what became of one arrival.
type Kept struct {
	Hash       review.Hash
	New        bool
	Quarantine string // why it already lies in quarantine, "" when it does not
	Absorbed   bool   // it was read and absorbed before
}

// Keep stores bytes as they came, before anyone reads them. When it returns nil they are on
// disk. The answer has the order of the arrivals; bytes that are there already change nothing.
func (db *DB) Keep(ctx context.Context, arrivals []review.Arrival) ([]Kept, error) {
	kept := make([]Kept, len(arrivals))
	bodies := make([][]byte, len(arrivals))
	parallel(len(arrivals), func(i int) {
		kept[i].Hash = review.Sum(arrivals[i].Bytes)
		bodies[i] = db.zip.pack(arrivals[i].Bytes)
	})
	err := db.write(ctx, "keep", func(a *act) error {
		for i, arrival := range arrivals {
			if err := a.keep(&kept[i], arrival, bodies[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return kept, nil
}

func (a *act) keep(k *Kept, arrival review.Arrival, body []byte) error {
	at := arrival.ReceivedAt
	if at.IsZero() {
		at = a.now
	}
	r, err := a.exec(`
		INSERT INTO payload (sha256, source, about, received_at, size, state) VALUES (?, ?, ?, ?, ?, 'kept')
		ON CONFLICT DO NOTHING`,
		k.Hash[:], arrival.Source, arrival.About, millis(at), len(arrival.Bytes))
	if err != nil {
		return err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		var state string
		err := a.one(`SELECT state, reason FROM payload WHERE sha256 = ?`, []any{k.Hash[:]}, &state, &k.Quarantine)
		k.Absorbed = state == payloadAbsorbed
		return err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return err
	}
	k.New = true
	_, err = a.exec(`INSERT INTO payload_body (payload, body) VALUES (?, ?)`, id, body)
	return err
}

// The states of a payload.
const (
	payloadKept        = "kept"
	payloadAbsorbed    = "absorbed"
	payloadQuarantined = "quarantined"
)

// Unread gives the payloads that were kept but never absorbed, oldest first: what a crash in
// between left over.
func (db *DB) Unread(ctx context.Context, limit int) ([]review.Hash, error) {
	var unread []review.Hash
	err := db.read(ctx, "unread", func(a *act) error {
		return a.each(`SELECT sha256 FROM payload WHERE state = 'kept' ORDER BY id LIMIT ?`, []any{limit},
			func(scan func(...any) error) error {
				var h review.Hash
				err := scan(hashColumn{&h})
				unread = append(unread, h)
				return err
			})
	})
	return unread, err
}

// Payload gives kept bytes and what is known of them; review.ErrNotFound when there are none.
func (db *DB) Payload(ctx context.Context, hash review.Hash) (review.Payload, []byte, error) {
	var p review.Payload
	var body []byte
	err := db.read(ctx, "payload", func(a *act) error {
		row := payloadRow{&p}
		return a.one(`
			SELECT p.sha256, p.source, p.about, p.received_at, p.size, p.read_as, p.reason, b.body
			FROM payload p JOIN payload_body b ON b.payload = p.id WHERE p.sha256 = ?`,
			[]any{hash[:]}, append(row.columns(), &body)...)
	})
	if err != nil {
		return review.Payload{}, nil, err
	}
	raw, err := db.zip.unpack(body)
	if err == nil && review.Sum(raw) != hash {
		err = errors.New("payload: its bytes do not have its digest")
	}
	return p, raw, err
}

// Quarantined gives the payloads that could not be read, newest first.
func (db *DB) Quarantined(ctx context.Context, limit int) ([]review.Payload, error) {
	var found []review.Payload
	err := db.read(ctx, "quarantined", func(a *act) (err error) {
		found, err = a.payloads(`
			SELECT sha256, source, about, received_at, size, read_as, reason
			FROM payload WHERE state = 'quarantined' ORDER BY id DESC LIMIT ?`, limit)
		return err
	})
	return found, err
}

// maxPayloads bounds the payloads shown with a dossier.
const maxPayloads = 200

// payloadsOf gives the payloads that carried any state of some resources, newest first.
func (a *act) payloadsOf(resources []int64) ([]review.Payload, error) {
	return a.payloads(`
		SELECT p.sha256, p.source, p.about, p.received_at, p.size, p.read_as, p.reason
		FROM payload p WHERE p.id IN (
		  SELECT g.payload FROM json_each(?) j
		  JOIN snapshot s ON s.resource = j.value
		  JOIN sighting g ON g.snapshot = s.id)
		ORDER BY p.received_at DESC, p.id DESC LIMIT ?`, numbers(resources), maxPayloads)
}

func (a *act) payloads(query string, args ...any) ([]review.Payload, error) {
	var found []review.Payload
	err := a.each(query, args, func(scan func(...any) error) error {
		var p review.Payload
		err := scan(payloadRow{&p}.columns()...)
		found = append(found, p)
		return err
	})
	return found, err
}

// payloadRow reads sha256, source, about, received_at, size, read_as, reason.
type payloadRow struct{ p *review.Payload }

func (r payloadRow) columns() []any {
	return []any{hashColumn{&r.p.Hash}, &r.p.Source, &r.p.About, timeColumn{&r.p.ReceivedAt}, &r.p.Bytes,
		&r.p.ReadAs, &r.p.Quarantine}
}
