package store

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"docket/review"
)

// Kept says what became of one arrival.
type Kept struct {
	Hash       review.Hash
	New        bool
	Quarantine string // why it already lies in quarantine, "" when it does not
	Absorbed   bool   // it was read and absorbed before
	Row        int64  // its number in this database; 0: an arrival of the same bytes has it
}

// Keep stores bytes as they came, before anyone reads them. When it returns nil they are on
// disk. The answer has the order of the arrivals; bytes that are there already change nothing.
func (db *DB) Keep(ctx context.Context, arrivals []review.Arrival) ([]Kept, error) {
	kept := make([]Kept, len(arrivals))
	db.aside(len(arrivals), func(i int) { kept[i].Hash = review.Sum(arrivals[i].Bytes) })
	bytes := func(i int) []byte { return arrivals[i].Bytes }
	first := make(map[review.Hash]int, len(arrivals))
	for i, k := range kept {
		if _, again := first[k.Hash]; !again {
			first[k.Hash] = i
		}
	}
	all := frames(len(arrivals), func(i int) []byte {
		switch {
		case first[kept[i].Hash] != i:
			return nil
		case arrivals[i].Bytes == nil:
			return []byte{}
		}
		return arrivals[i].Bytes
	})
	db.aside(len(all), func(i int) { all[i].pack(bytes) })
	hashes := slices.Collect(maps.Keys(first))
	var before search[review.Hash]
	if len(hashes) >= manyPayloads {
		before = db.searchPayloads(hashes)
	}
	err := db.write(ctx, "keep", func(a *act) error { return a.keep(kept, arrivals, all, hashes, before) })
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// manyPayloads is from how many on payloads are looked for before one's turn to write, too.
const manyPayloads = 100

func (a *act) keep(kept []Kept, arrivals []review.Arrival, all []framed, hashes []review.Hash, before search[review.Hash]) error {
	known, err := a.payloadRows(hashes, before)
	if err != nil {
		return err
	}
	for i := range kept {
		if p, ok := known[kept[i].Hash]; ok {
			kept[i].Quarantine, kept[i].Absorbed, kept[i].Row = p.reason, p.state == payloadAbsorbed, p.id
		}
	}
	var last, lastBody int64
	if err := a.one(`SELECT (SELECT ifnull(max(id), 0) FROM payload), (SELECT ifnull(max(id), 0) FROM payload_body)`, nil, &last, &lastBody); err != nil {
		return err
	}
	first, prints := last+1, make([]int64, 0, len(hashes))
	rows := newBulk(a, `INSERT OR FAIL INTO payload (id, sha256, source, about, received_at, size, state, body, start) VALUES `, `(?, ?, ?, ?, ?, ?, 'kept', ?, ?)`, ``)
	bodies := newBulk(a, `INSERT OR FAIL INTO payload_body (id, body) VALUES `, `(?, ?)`, ``)
	for _, f := range all {
		wanted := make([]int, 0, len(f.of))
		for _, i := range f.of {
			if _, ok := known[kept[i].Hash]; !ok {
				wanted = append(wanted, i)
			}
		}
		if len(wanted) == 0 {
			continue
		}
		f = f.only(wanted, func(i int) []byte { return arrivals[i].Bytes })
		lastBody++
		if err := bodies.add(lastBody, f.body); err != nil {
			return err
		}
		for j, i := range f.of {
			if _, ok := known[kept[i].Hash]; ok {
				continue
			}
			last++
			kept[i].New, kept[i].Row = true, last
			prints = append(prints, printOf(kept[i].Hash))
			at := arrivals[i].ReceivedAt
			if at.IsZero() {
				at = a.now
			}
			if err := rows.add(last, kept[i].Hash[:], arrivals[i].Source, arrivals[i].About, millis(at), len(arrivals[i].Bytes), lastBody, f.from[j]); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(bodies.flush(), rows.flush()); err != nil {
		return err
	}
	return a.addPrints(ofPayload, first, prints)
}

// keptPayload is what intake needs of a payload that is there.
type keptPayload struct {
	id            int64
	state, reason string
}

// rowsOf gives the rows of what was kept.
func rowsOf(kept []Kept) map[review.Hash]int64 {
	rows := make(map[review.Hash]int64, len(kept))
	for _, k := range kept {
		if k.Row != 0 {
			rows[k.Hash] = k.Row
		}
	}
	return rows
}

// searchPayloads looks for payloads by digest before one's turn to write.
func (db *DB) searchPayloads(hashes []review.Hash) search[review.Hash] {
	return searchFor(db, ofPayload, len(hashes), func(a *act) (map[review.Hash]int64, error) { return a.payloadIDs(hashes) })
}

// payloadRows finds payloads by digest, in one's turn to write.
func (a *act) payloadRows(hashes []review.Hash, before search[review.Hash]) (map[review.Hash]keptPayload, error) {
	last, err := a.lastRow(ofPayload)
	if err != nil {
		return nil, err
	}
	var ids []int64
	var ask []review.Hash
	for _, h := range hashes {
		if id, ok := before.rows[h]; ok {
			ids = append(ids, id)
		} else {
			ask = append(ask, h)
		}
	}
	if before.done {
		a.db.tails[ofPayload].told(before.last, last, func(newer *tail) {
			ask = slices.DeleteFunc(ask, func(h review.Hash) bool { return !newer.has(printOf(h)) })
		})
	}
	more, err := a.payloadIDs(ask)
	if err != nil {
		return nil, err
	}
	ids = slices.AppendSeq(ids, maps.Values(more))
	found := make(map[review.Hash]keptPayload, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	return found, a.each(`SELECT p.id, p.sha256, p.state, p.reason FROM json_each(?) j CROSS JOIN payload p ON p.id = j.value`, []any{numbers(ids)}, func(scan func(...any) error) error {
		var p keptPayload
		var hash review.Hash
		err := scan(&p.id, hashColumn{&hash}, &p.state, &p.reason)
		found[hash] = p
		return err
	})
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

// recently is how many payloads Recent looks through.
const recently = 20_000

// Recent gives the newest absorbed payloads of a source, newest first, as far as they are among the
// newest of all.
func (db *DB) Recent(ctx context.Context, source string, limit int) ([]review.Hash, error) {
	var found []review.Hash
	err := db.read(ctx, "recent", func(a *act) error {
		return a.each(`
			SELECT sha256 FROM payload WHERE id > (SELECT max(id) FROM payload) - ? AND source = ? AND state = 'absorbed' ORDER BY id DESC LIMIT ?`,
			[]any{recently, source, limit}, func(scan func(...any) error) error {
				var h review.Hash
				err := scan(hashColumn{&h})
				found = append(found, h)
				return err
			})
	})
	return found, err
}

// Payload gives kept bytes and what is known of them; review.ErrNotFound when there are none. Of
// a payload that lost personal data (Payload.ErasedAt) it gives what is left, which may be nothing.
func (db *DB) Payload(ctx context.Context, hash review.Hash) (review.Payload, []byte, error) {
	var p review.Payload
	var body []byte
	var start, size int
	var left review.Hash // the digest of what is there, when not all of it is
	err := db.read(ctx, "payload", func(a *act) error {
		id, err := a.payloadID(hash)
		if err != nil {
			return err
		}
		row := payloadRow{&p}
		return a.one(`
			SELECT p.sha256, p.source, p.about, p.received_at, p.size, p.read_as, p.reason, p.erased_at,
			  b.body, p.start, ifnull(p.left_size, p.size), ifnull(p.left_sha256, p.sha256)
			FROM payload p JOIN payload_body b ON b.id = p.body WHERE p.id = ?`,
			[]any{id}, append(row.columns(), &body, &start, &size, hashColumn{&left})...)
	})
	if err != nil {
		return review.Payload{}, nil, err
	}
	raw, err := unzip(body)
	if err == nil {
		raw, err = cut(raw, start, size)
	}
	if err == nil && review.Sum(raw) != left {
		err = errors.New("payload: its bytes do not have its digest")
	}
	return p, raw, err
}

// Quarantined gives the payloads that could not be read, newest first. After is the digest of the last
// one of an earlier page, "" the first page; next is "" on the last. A digest of none is review.ErrNotFound.
func (db *DB) Quarantined(ctx context.Context, after string, limit int) (found []review.Payload, next string, err error) {
	err = db.read(ctx, "quarantined", func(a *act) error {
		below := int64(math.MaxInt64)
		if after != "" {
			last, err := review.ParseHash(after)
			if err != nil {
				return review.ErrNotFound
			}
			if below, err = a.payloadID(last); err != nil {
				return err
			}
		}
		found, err = a.payloads(`
			SELECT sha256, source, about, received_at, size, read_as, reason, erased_at
			FROM payload WHERE state = 'quarantined' AND id < ? ORDER BY id DESC LIMIT ?`, below, limit+1)
		return err
	})
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].Hash.String()
	}
	return found, next, err
}

// maxPayloads bounds the payloads shown with a dossier.
const maxPayloads = 200

// payloadsOf gives the payloads that carried any state of some resources, newest first.
func (a *act) payloadsOf(resources []int64) ([]review.Payload, error) {
	return a.payloads(`
		SELECT p.sha256, p.source, p.about, p.received_at, p.size, p.read_as, p.reason, p.erased_at
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

// payloadRow reads sha256, source, about, received_at, size, read_as, reason, erased_at.
type payloadRow struct{ p *review.Payload }

func (r payloadRow) columns() []any {
	return []any{hashColumn{&r.p.Hash}, &r.p.Source, &r.p.About, timeColumn{&r.p.ReceivedAt}, &r.p.Bytes,
		&r.p.ReadAs, &r.p.Quarantine, timeColumn{&r.p.ErasedAt}}
}
