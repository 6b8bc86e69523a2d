package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"docket/review"
)

const (
	rebuildBatch   = 200 // payloads in one SQL transaction
	reconcileBatch = 500 // roots in one
)

// Rebuild throws the projections away and makes them again from the payloads, read anew by read.
// Reviews keep their numbers, and whatever colleagues did stays, with the evidence behind each entry. Progress, when not nil, is told
// how many payloads are done. A rebuild that was cut short is to be run again; until then what
// arrives is kept and waits, and pages, exports and acts are refused with ErrRebuilding.
func (db *DB) Rebuild(ctx context.Context, read func([]byte) review.Reading, progress func(done, all int)) error {
	var all int
	if err := db.write(ctx, "rebuild fingerprints", (*act).printAgain); err != nil { // all else goes by them
		return err
	}
	if err := db.keepAllNamed(ctx); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	err := db.write(ctx, "rebuild", func(a *act) error {
		for after := int64(0); after >= 0; { // what came since
			var err error
			if after, err = a.keepNamed(after); err != nil {
				return err
			}
		}
		if err := a.set(settingRebuilding, "1"); err != nil {
			return err
		}
		if err := a.emptyProjections(); err != nil {
			return err
		}
		return a.one(`SELECT count(*) FROM payload WHERE state = 'kept'`, nil, &all)
	})
	if err != nil {
		return err
	}
	for done := 0; ; {
		batch, err := db.unreadBodies(ctx, rebuildBatch)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		readings := make([]review.Reading, len(batch))
		parallel(len(batch), func(i int) {
			readings[i] = read(batch[i].body)
			readings[i].Hash = batch[i].hash
		})
		if _, err := db.Absorb(ctx, readings); err != nil {
			return fmt.Errorf("rebuild: %w", err)
		}
		if done += len(batch); progress != nil {
			progress(done, max(all, done))
		}
	}
	defer db.dossiers.forget()
	err = db.reconcileAll(ctx, func(a *act) error {
		if err := a.set(settingReading, review.EvidenceVersion); err != nil {
			return err
		}
		if _, err := a.exec(`DELETE FROM setting WHERE name = ?`, settingRebuilding); err != nil {
			return err
		}
		return a.echoAll()
	})
	if err != nil {
		return err
	}
	_, err = db.Erase(ctx)
	return err
}

// emptyProjections leaves payloads, dictionaries and what people did, and of the snapshots
// those that some evidence names: the page that was judged can be shown whatever a newer docket
// reads from the payloads.
func (a *act) emptyProjections() error {
	for _, s := range []string{
		`INSERT INTO search (search) VALUES ('delete-all')`,
		`DELETE FROM facet`,
		`DELETE FROM queue`,
		`DELETE FROM counter`,
		`DELETE FROM age`,
		`DELETE FROM listed`,
		`DELETE FROM root`,
		`DELETE FROM kept`,
		`DELETE FROM fingerprint WHERE id >= 2 << 48`,
		`DELETE FROM fingerprint_young WHERE id >= 2 << 48`,
		`DELETE FROM link`,
		`DELETE FROM sighting`,
		`DELETE FROM snapshot WHERE NOT EXISTS (
		   SELECT 1 FROM evidence_state e WHERE e.resource = snapshot.resource AND e.sha256 = snapshot.sha256)`,
		`DELETE FROM pack WHERE id NOT IN (SELECT pack FROM snapshot)`,
		`UPDATE snapshot SET at = NULL, event = 0, speaks = 0`,
		// What clashes with an earlier delivery is never read, by no docket; nor is what was emptied.
		`UPDATE payload SET state = 'kept', reason = '', read_as = '', event = '' WHERE state <> 'kept' AND NOT (
		   state = 'quarantined' AND id IN (SELECT payload FROM delivery WHERE clash <> ''))
		   AND ifnull(left_size, 1) > 0`,
	} {
		if _, err := a.exec(s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return errors.Join(a.repackAll(), a.caughtUp(delayedReviews), a.caughtUp(delayedFallbacks))
}

// repackAll leaves in the packs only what snapshots name: other bytes could never be erased.
func (a *act) repackAll() error {
	var packs []int64
	err := a.each(`SELECT id FROM pack`, nil, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		packs = append(packs, id)
		return err
	})
	for _, id := range packs {
		if err == nil {
			err = a.repack(id)
		}
	}
	return err
}

type unreadBody struct {
	hash        review.Hash
	frame       int64
	start, size int
	body        []byte
}

func (db *DB) unreadBodies(ctx context.Context, limit int) ([]unreadBody, error) {
	var batch []unreadBody
	var of []int64
	frames := map[int64][]byte{}
	err := db.read(ctx, "rebuild", func(a *act) error {
		err := a.each(`SELECT sha256, body, start, ifnull(left_size, size) FROM payload WHERE state = 'kept' ORDER BY id LIMIT ?`, []any{limit}, func(scan func(...any) error) error {
			var u unreadBody
			err := scan(hashColumn{&u.hash}, &u.frame, &u.start, &u.size)
			batch, of = append(batch, u), append(of, u.frame)
			return err
		})
		if err != nil || len(of) == 0 {
			return err
		}
		return a.bodies(`SELECT id, body FROM payload_body WHERE id IN (SELECT value FROM json_each(?))`, of, func(id int64, frame []byte) (err error) {
			frames[id], err = unzip(frame)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for i, u := range batch {
		if batch[i].body, err = cut(frames[u.frame], u.start, u.size); err != nil {
			return nil, fmt.Errorf("payload %s: %w", u.hash, err)
		}
	}
	return batch, nil
}

// reconcileAll reads the reviews of every root again, in rounds. Then, with the last one,
// it runs end.
func (db *DB) reconcileAll(ctx context.Context, end func(*act) error) error {
	for after := int64(0); ; {
		var n int
		err := db.write(ctx, "reconcile", func(a *act) error {
			var roots []*node
			families, err := list(slices.DeleteFunc(review.RootFamilies(), func(f string) bool { return !db.reviewed(f) }))
			if err != nil {
				return err
			}
			err = a.each(`
				SELECT r.id, r.rid, w.text FROM resource r JOIN word w ON w.id = r.family
				WHERE r.id > ? AND w.text IN (SELECT value FROM json_each(?))
				  AND EXISTS (SELECT 1 FROM snapshot s WHERE s.resource = r.id AND s.at IS NOT NULL)
				ORDER BY r.id LIMIT ?`, []any{after, families, reconcileBatch}, func(scan func(...any) error) error {
				t := &node{stirs: true}
				err := scan(&t.id, &t.rid, &t.family)
				roots = append(roots, t)
				return err
			})
			if err != nil {
				return err
			}
			if n = len(roots); n > 0 {
				after = roots[n-1].id
				if _, err := newAbsorption(a).reconcile(roots); err != nil {
					return err
				}
			}
			if n < reconcileBatch {
				return end(a)
			}
			return nil
		})
		if err != nil || n < reconcileBatch {
			return err
		}
	}
}
