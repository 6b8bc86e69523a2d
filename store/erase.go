package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"docket/review"
)

// The bounds of one round of erasing: others wait to write meanwhile.
const (
	eraseBatch    = 50  // resources
	erasePayloads = 100 // their payloads
)

// settingScrub is there while what was erased may still lie in pages of the file that nothing
// names any more.
const settingScrub = "scrub"

// Erase takes the personal data out of our copies of what Persona says is gone, and says of how
// many resources it did so for the first time. Payloads, states, evidence, files, queue and search
// keep what says nothing about a person; reviews, findings, decisions, notes and the trail stay. What
// was left half done, by whatever stop, is taken up by the next call; without anything to do it is
// cheap. Scrub cleans up behind it.
func (db *DB) Erase(ctx context.Context) (int, error) {
	all := 0
	for db.options.Reduce != nil {
		var done bool
		var n int
		err := db.write(ctx, "erase", func(a *act) (err error) {
			n, done, err = a.erase()
			return err
		})
		if err != nil {
			return all, err
		}
		db.dossiers.forget()
		if all += n; done {
			break
		}
	}
	return all, nil
}

// erase does one round. done: there is nothing left to do.
func (a *act) erase() (n int, done bool, err error) {
	if rebuilding, err := a.rebuilding(); err != nil || rebuilding {
		return 0, true, err // the states are not all there
	}
	due, err := a.dueErasures(eraseBatch)
	if err != nil {
		return 0, false, err
	}
	if len(due) == 0 {
		some, err := a.eraseUnread()
		return 0, !some, err
	}
	for before := 0; before < len(due); { // with what goes with it, and with that
		before = len(due)
		if err := a.spread(due); err != nil {
			return 0, false, err
		}
		if due, err = a.dueErasures(eraseBatch); err != nil {
			return 0, false, err
		}
	}
	e := &eraser{act: a, due: due, moved: map[int64]*node{}, places: map[statePlace]review.Hash{}}
	whole, err := e.run()
	if err != nil || !whole {
		return 0, false, err
	}
	for _, d := range due {
		if d.first {
			n++
		}
		if _, err := a.exec(`UPDATE erasure SET due = 0, erased_at = ifnull(erased_at, ?) WHERE id = ?`, a.now.UnixMilli(), d.id); err != nil {
			return 0, false, err
		}
	}
	return n, false, nil
}

// statePlace names one state of one resource.
type statePlace struct {
	resource int64
	hash     review.Hash
}

// eraser is one round at work.
type eraser struct {
	*act
	due    []erasure
	moved  map[int64]*node
	places map[statePlace]review.Hash // states that are gone, and what is left of them
}

// run erases what the round is due; whole: there was no more of it than one round takes.
func (e *eraser) run() (whole bool, err error) {
	payloads, err := e.payloads()
	if err != nil {
		return false, err
	}
	whole = len(payloads) <= erasePayloads
	readings, err := e.reduceAll(payloads[:min(len(payloads), erasePayloads)])
	if err != nil {
		return false, err
	}
	b := newAbsorption(e.act)
	b.erasing = true
	if err := b.takeIn(e.db.Pack(readings)); err != nil {
		return false, err
	}
	if whole {
		if err := e.evidenceOnly(b); err != nil {
			return false, err
		}
	}
	if err := e.dropStates(b); err != nil {
		return false, err
	}
	if err := e.settle(b); err != nil {
		return false, err
	}
	if !whole {
		return false, nil
	}
	if err := e.files(); err != nil {
		return false, err
	}
	return true, e.record()
}

// payloads are those that carry a state that is not erased yet.
func (e *eraser) payloads() ([]int64, error) {
	var ids []int64
	err := e.each(`
		SELECT DISTINCT g.payload FROM json_each(?1) j JOIN erasure e ON e.id = j.value
		JOIN snapshot s ON s.resource = e.resource JOIN sighting g ON g.snapshot = s.id
		WHERE g.at <= e.until AND NOT EXISTS (
		  SELECT 1 FROM erased_state x WHERE x.resource = s.resource AND x.sha256 = s.sha256 AND x.left = s.sha256)
		ORDER BY g.payload LIMIT ?2`, []any{e.dueNumbers(), erasePayloads + 1}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func (e *eraser) dueNumbers() string {
	ids := make([]int64, len(e.due))
	for i, d := range e.due {
		ids[i] = d.id
	}
	return numbers(ids)
}

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
	raw, err := a.db.zip.unpack(packed)
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
	_, err := a.exec(`UPDATE payload_body SET body = ? WHERE id = ?`, a.db.zip.pack(raw), frame)
	return err
}

// leave notes what is left of a payload.
func (a *act) leave(p *bodyPart, left []byte, state string) error {
	p.raw, p.size = left, len(left)
	sum := review.Sum(left)
	_, err := a.exec(`UPDATE payload SET erased_at = ?, left_sha256 = ?, left_size = ?, state = ? WHERE id = ?`,
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

// evidenceOnly reduces the states that no payload gives any more, but some evidence names.
func (e *eraser) evidenceOnly(b *absorption) error {
	type kept struct {
		resource, kind, pack int64
		hash                 review.Hash
		start, size          int
		until                int64
		status               string
	}
	var all []kept
	var packs []int64
	err := e.each(`
		SELECT s.resource, s.type, s.sha256, s.pack, s.start, s.size, e.until, s.status
		FROM json_each(?) j JOIN erasure e ON e.id = j.value JOIN snapshot s ON s.resource = e.resource
		WHERE s.at IS NULL AND NOT EXISTS (
		  SELECT 1 FROM erased_state x WHERE x.resource = s.resource AND x.sha256 = s.sha256 AND x.left = s.sha256)`,
		[]any{e.dueNumbers()}, func(scan func(...any) error) error {
			var k kept
			err := scan(&k.resource, &k.kind, hashColumn{&k.hash}, &k.pack, &k.start, &k.size, &k.until, &k.status)
			all, packs = append(all, k), append(packs, k.pack)
			return err
		})
	if err != nil || len(all) == 0 {
		return err
	}
	raw, err := e.unpacked(packs)
	if err != nil {
		return err
	}
	for _, k := range all {
		body, err := cut(raw[k.pack], k.start, k.size)
		if err != nil {
			return err
		}
		covered := false
		reduced, err := e.db.options.Reduce(body, func(_ review.Ref, at int64) bool {
			covered = at <= k.until
			return covered
		})
		if err != nil || len(reduced.After.Snapshots) != 1 {
			return errors.Join(fmt.Errorf("state %s cannot be reduced", k.hash), err)
		}
		if !covered {
			continue
		}
		s := reduced.After.Snapshots[0]
		if err := e.leaveState(k.resource, k.hash, s.Order.Snapshot); err != nil {
			return err
		}
		if s.Order.Snapshot == k.hash {
			continue
		}
		e.places[statePlace{k.resource, k.hash}] = s.Order.Snapshot
		keys, err := b.keyset(packKeys(nil, s.Keys))
		if err != nil {
			return err
		}
		pack, err := e.insert(`INSERT INTO pack (body) VALUES (?)`, e.db.zip.pack(s.Body))
		if err != nil {
			return err
		}
		n, err := e.changes(`
			INSERT INTO snapshot (resource, sha256, type, at, event, speaks, keyset, status, pack, start, size)
			VALUES (?, ?, ?, NULL, 0, 0, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING`,
			k.resource, s.Order.Snapshot[:], k.kind, keys, k.status, pack, len(s.Body))
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := e.exec(`DELETE FROM pack WHERE id = ?`, pack); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropStates removes the states that are gone and that no payload carries any more. What
// evidence named is then answered with what is left.
func (e *eraser) dropStates(b *absorption) error {
	packs := map[int64]bool{}
	for place, left := range e.places {
		var id, pack int64
		err := e.one(`
			SELECT id, pack FROM snapshot s WHERE resource = ? AND sha256 = ? AND NOT EXISTS (SELECT 1 FROM sighting g WHERE g.snapshot = s.id)`,
			[]any{place.resource, place.hash[:]}, &id, &pack)
		if errors.Is(err, review.ErrNotFound) {
			continue // another payload carries it: its turn comes
		}
		if err != nil {
			return err
		}
		if _, err := e.exec(`
			INSERT INTO evidence_state (resource, sha256) SELECT resource, ? FROM evidence_state WHERE resource = ? AND sha256 = ?
			ON CONFLICT DO NOTHING`, left[:], place.resource, place.hash[:]); err != nil {
			return err
		}
		if _, err := e.exec(`DELETE FROM evidence_state WHERE resource = ? AND sha256 = ?`, place.resource, place.hash[:]); err != nil {
			return err
		}
		if _, err := e.exec(`DELETE FROM snapshot WHERE id = ?`, id); err != nil {
			return err
		}
		packs[pack] = true
		e.moved[place.resource] = nil
	}
	for pack := range packs {
		if err := e.repack(pack); err != nil {
			return err
		}
	}
	return nil
}

// repack writes a pack anew with the states that are left in it.
func (a *act) repack(pack int64) error {
	type part struct {
		id          int64
		start, size int
	}
	var parts []part
	err := a.each(`SELECT id, start, size FROM snapshot WHERE pack = ? ORDER BY start, id`, []any{pack}, func(scan func(...any) error) error {
		var p part
		err := scan(&p.id, &p.start, &p.size)
		parts = append(parts, p)
		return err
	})
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		_, err := a.exec(`DELETE FROM pack WHERE id = ?`, pack)
		return err
	}
	all, err := a.unpacked([]int64{pack})
	if err != nil {
		return err
	}
	var raw []byte
	for _, p := range parts {
		body, err := cut(all[pack], p.start, p.size)
		if err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE snapshot SET start = ? WHERE id = ?`, len(raw), p.id); err != nil {
			return err
		}
		raw = append(raw, body...)
	}
	if len(raw) == len(all[pack]) {
		return nil
	}
	_, err = a.exec(`UPDATE pack SET body = ? WHERE id = ?`, a.db.zip.pack(raw), pack)
	return err
}

// settle brings layers, reviews and the queue up to what is left.
func (e *eraser) settle(b *absorption) error {
	for id := range e.moved {
		n := &node{id: id, moved: true, stirs: true}
		if err := e.one(`SELECT r.rid, w.text FROM resource r JOIN word w ON w.id = r.family WHERE r.id = ?`, []any{id}, &n.rid, &n.family); err != nil {
			return err
		}
		e.moved[id] = n
	}
	for _, n := range b.order {
		if n.moved && e.moved[n.id] == nil {
			e.moved[n.id] = n
		}
	}
	c := newAbsorption(e.act)
	for _, n := range e.moved {
		if err := e.relayer(n.id); err != nil {
			return err
		}
		c.order = append(c.order, n)
	}
	slices.SortFunc(c.order, func(x, y *node) int { return int(x.id - y.id) })
	roots, err := c.affected()
	if err != nil {
		return err
	}
	_, err = c.reconcile(roots)
	return err
}

// files removes our own copies of what the resources named, unless another names them too, and
// gives up fetching more.
func (e *eraser) files() error {
	for _, d := range e.due {
		var hashes [][]byte
		err := e.each(`SELECT DISTINCT sha256 FROM file_link WHERE (type = ?1 OR type >= ?1 || '/' AND type < ?1 || '0') AND rid = ?2`,
			[]any{d.ref.Type, d.ref.ID}, func(scan func(...any) error) error {
				var h []byte
				err := scan(&h)
				hashes = append(hashes, h)
				return err
			})
		if err != nil {
			return err
		}
		if len(hashes) > 0 {
			if _, err := e.exec(`DELETE FROM file_link WHERE (type = ?1 OR type >= ?1 || '/' AND type < ?1 || '0') AND rid = ?2`, d.ref.Type, d.ref.ID); err != nil {
				return err
			}
		}
		for _, h := range hashes {
			if _, err := e.exec(`DELETE FROM file WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM file_link WHERE sha256 = ?1)`, h); err != nil {
				return err
			}
		}
		if _, err := e.exec(`
			UPDATE errand SET state = 'failed', problem = 'Persona has erased it' WHERE kind = 'files' AND state = 'waiting'
			AND (type = ?1 OR type >= ?1 || '/' AND type < ?1 || '0') AND rid = ?2`, d.ref.Type, d.ref.ID); err != nil {
			return err
		}
	}
	return e.set(settingScrub, "1")
}

// record tells the trail of each review what is gone from it, once.
func (e *eraser) record() error {
	type told struct {
		review review.ReviewID
		ground string
	}
	var order []told
	of := map[told][]review.Ref{}
	for _, d := range e.due {
		if !d.first {
			continue
		}
		c := newAbsorption(e.act)
		c.order = []*node{{id: d.resource, family: d.ref.Type, rid: d.ref.ID, moved: true}}
		roots, err := c.affected()
		if err != nil {
			return err
		}
		ids := make([]int64, len(roots))
		for i, r := range roots {
			ids[i] = r.id
		}
		if err := e.each(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value ORDER BY r.id`, []any{numbers(ids)},
			func(scan func(...any) error) error {
				k := told{ground: d.ground}
				err := scan(&k.review)
				if of[k] == nil {
					order = append(order, k)
				}
				of[k] = append(of[k], d.ref)
				return err
			}); err != nil {
			return err
		}
	}
	for _, k := range order {
		what := of[k][0].String()
		if more := len(of[k]) - 1; more > 0 {
			what = fmt.Sprintf("%s and %d more that belong to it", what, more)
		}
		if _, err := e.act.record(review.Entry{Review: k.review, Act: review.ActErased, Status: what + ", as " + k.ground + " told"}); err != nil {
			return err
		}
	}
	return nil
}

// eraseUnread looks for erased resources in payloads that nobody could read: one that names any
// loses all its bytes. some: there may be more.
func (a *act) eraseUnread() (some bool, err error) {
	var last int64
	if err := a.one(`SELECT ifnull(max(id), 0) FROM erasure`, nil, &last); err != nil || last == 0 {
		return false, err
	}
	type unread struct{ id, frame, searched int64 }
	var all []unread
	if err := a.each(`SELECT id, body, searched FROM payload WHERE state = 'quarantined' AND searched < ? ORDER BY id LIMIT ?`, []any{last, erasePayloads},
		func(scan func(...any) error) error {
			var u unread
			err := scan(&u.id, &u.frame, &u.searched)
			all = append(all, u)
			return err
		}); err != nil {
		return false, err
	}
	for _, u := range all {
		if err := a.eraseIfNamed(u.id, u.frame, u.searched); err != nil {
			return false, err
		}
		if _, err := a.exec(`UPDATE payload SET searched = ? WHERE id = ?`, last, u.id); err != nil {
			return false, err
		}
	}
	return len(all) > 0, nil
}

func (a *act) eraseIfNamed(id, frame, searched int64) error {
	parts, err := a.bodyParts(frame)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(parts, func(p bodyPart) bool { return p.id == id })
	named := false
	err = a.each(`SELECT r.rid FROM erasure e JOIN resource r ON r.id = e.resource WHERE e.id > ?`, []any{searched}, func(scan func(...any) error) error {
		var rid string
		err := scan(&rid)
		named = named || bytes.Contains(parts[i].raw, []byte(rid))
		return err
	})
	if err != nil || !named || len(parts[i].raw) == 0 {
		return err
	}
	if err := a.leave(&parts[i], nil, payloadQuarantined); err != nil {
		return err
	}
	if err := a.set(settingScrub, "1"); err != nil {
		return err
	}
	return a.writeBody(frame, parts)
}
