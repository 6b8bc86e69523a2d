package store

import (
	"errors"
	"fmt"

	"docket/review"
)

// member of a frame of payloads.
type bodyPart struct {
	id          int64
	hash        review.Hash
	start, size int
	raw         []byte
}

// reduceAll takes what is gone out of payloads, rewrites the frames that they lie in, and gives
// what they now say.
func (e *eraser) reduceAll(payloads []int64) ([]review.Reading, error) {
	if len(payloads) == 0 {
		return nil, nil
	}
	asked := make(map[int64]bool, len(payloads))
	for _, id := range payloads {
		asked[id] = true
	}
	var frames []int64
	err := e.each(`SELECT DISTINCT p.body FROM json_each(?) j JOIN payload p ON p.id = j.value ORDER BY p.body`, []any{numbers(payloads)},
		func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			frames = append(frames, id)
			return err
		})
	if err != nil {
		return nil, err
	}
	var readings []review.Reading
	for _, frame := range frames {
		parts, err := e.bodyParts(frame)
		if err != nil {
			return nil, err
		}
		changed := false
		for i := range parts {
			if !asked[parts[i].id] {
				continue
			}
			r, left, err := e.reduce(&parts[i])
			if err != nil {
				return nil, err
			}
			if left {
				changed = true
				readings = append(readings, r)
			}
		}
		if changed {
			if err := e.writeBody(frame, parts); err != nil {
				return nil, err
			}
		}
	}
	return readings, nil
}

// bodyParts reads all payloads of a frame.
func (a *act) bodyParts(frame int64) ([]bodyPart, error) {
	var packed []byte
	if err := a.one(`SELECT body FROM payload_body WHERE id = ?`, []any{frame}, &packed); err != nil {
		return nil, err
	}
	raw, err := unzip(packed)
	if err != nil {
		return nil, err
	}
	var parts []bodyPart
	err = a.each(`SELECT id, sha256, start, ifnull(left_size, size) FROM payload WHERE body = ? ORDER BY start, id`, []any{frame},
		func(scan func(...any) error) error {
			var p bodyPart
			err := scan(&p.id, hashColumn{&p.hash}, &p.start, &p.size)
			parts = append(parts, p)
			return err
		})
	for i := range parts {
		if err == nil {
			parts[i].raw, err = cut(raw, parts[i].start, parts[i].size)
		}
	}
	return parts, err
}

// writeBody writes a frame anew: what is no longer part of it is gone.
func (a *act) writeBody(frame int64, parts []bodyPart) error {
	var raw []byte
	for _, p := range parts {
		if _, err := a.exec(`UPDATE payload SET start = ? WHERE id = ?`, len(raw), p.id); err != nil {
			return err
		}
		raw = append(raw, p.raw...)
	}
	_, err := a.exec(`UPDATE payload_body SET body = ? WHERE id = ?`, zip(raw), frame)
	return err
}

// leave notes what is left of a payload.
func (a *act) leave(p *bodyPart, left []byte, state string) error {
	p.raw, p.size = left, len(left)
	sum := review.Sum(left)
	// The name of the file that it was imported from may be a person's, and so may what was searched for.
	_, err := a.exec(`
		UPDATE payload SET erased_at = ?, left_sha256 = ?, left_size = ?, state = ?,
		  about = CASE WHEN source = 'import' THEN '' WHEN instr(about, '?') > 0 THEN substr(about, 1, instr(about, '?') - 1) ELSE about END
		WHERE id = ?`,
		a.now.UnixMilli(), sum[:], len(left), state, p.id)
	return err
}

// reduce takes what is gone out of one payload. left: something was taken, and the reading is of
// what is left.
func (e *eraser) reduce(p *bodyPart) (r review.Reading, left bool, err error) {
	var failed error
	hit := map[int]bool{}
	at := 0
	reduced, err := e.db.options.Reduce(p.raw, func(ref review.Ref, when int64) bool {
		gone, err := e.isGone(ref, when)
		failed = errors.Join(failed, err)
		hit[at] = gone
		at++
		return gone
	})
	if err = errors.Join(err, failed); err != nil {
		return r, false, fmt.Errorf("payload %s: %w", p.hash, err)
	}
	for i, s := range reduced.Before.Snapshots {
		if !hit[i] {
			continue
		}
		resource, err := e.resourceID(s.Ref.Family(), s.Ref.ID)
		if err != nil {
			return r, false, err
		}
		after := reduced.After.Snapshots[i].Order.Snapshot
		if err := e.leaveState(resource, s.Order.Snapshot, after); err != nil {
			return r, false, err
		}
		if after == s.Order.Snapshot {
			continue
		}
		e.places[statePlace{resource, s.Order.Snapshot}] = after
		if _, err := e.exec(`
			DELETE FROM sighting WHERE payload = ? AND snapshot = (SELECT id FROM snapshot WHERE resource = ? AND sha256 = ?)`,
			p.id, resource, s.Order.Snapshot[:]); err != nil {
			return r, false, err
		}
	}
	if reduced.Bytes == nil {
		return r, false, nil
	}
	r = reduced.After
	r.Hash = p.hash
	return r, true, e.leave(p, reduced.Bytes, payloadKept)
}

// leaveState notes what is left of a state.
func (a *act) leaveState(resource int64, was, left review.Hash) error {
	for _, hash := range []review.Hash{was, left} {
		if _, err := a.exec(`
			INSERT INTO erased_state (resource, sha256, left) VALUES (?, ?, ?)
			ON CONFLICT DO UPDATE SET left = excluded.left WHERE left <> excluded.left`, resource, hash[:], left[:]); err != nil {
			return err
		}
	}
	return nil
}
