package store

import (
	"errors"
	"fmt"

	"docket/review"
)

// evidenceOnly reduces the states that no payload gives any more, but some evidence names.
func (e *eraser) evidenceOnly() error {
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
		keys, err := e.keyset(packKeys(nil, s.Keys))
		if err != nil {
			return err
		}
		pack, err := e.insert(`INSERT INTO pack (body) VALUES (?)`, zip(s.Body))
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
	_, err = a.exec(`UPDATE pack SET body = ? WHERE id = ?`, zip(raw), pack)
	return err
}
