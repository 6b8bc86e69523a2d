package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"docket/review"
)

// The bounds of one round of erasing: others wait to write meanwhile.
const (
	eraseBatch    = 50  // resources
	erasePayloads = 100 // their payloads
)

// settingScrub is there while what was erased may still lie in pages of the file that nothing
// names any more: it says how thoroughly they are to be cleaned.
const settingScrub = "scrub"

// Erase takes the personal data out of our copies of what Persona says is gone, and says of how
// many resources it did so for the first time. Payloads, states, evidence, files, queue and search
// keep what says nothing about a person; reviews, findings, decisions, notes and the trail stay, and of
// premises what kind of fact they are. What
// was left half done, by whatever stop, is taken up by the next call; without anything to do it is
// cheap. Scrub cleans up behind it.
func (db *DB) Erase(ctx context.Context) (int, error) {
	all := 0
	for db.options.Reduce != nil {
		var done bool
		var n int
		err := db.write(ctx, "erase", func(a *act) (err error) {
			if n, done, err = a.erase(); err == nil && !done {
				err = a.countErasure()
			}
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

// countErasure makes Erasures another number.
func (a *act) countErasure() error {
	_, err := a.exec(`
		INSERT INTO setting (name, value) VALUES (?, '1') ON CONFLICT DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)`, settingErasures)
	return err
}

// Erasures is a number that grows whenever something was erased: what was read between two calls that
// gave the same is of one state, as far as erasures go.
func (db *DB) Erasures(ctx context.Context) (int64, error) {
	var n int64
	err := db.read(ctx, "erasures", func(a *act) error {
		return a.one(`SELECT ifnull((SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?), 0)`, []any{settingErasures}, &n)
	})
	return n, err
}

// erase does one round. done: there is nothing left to do.
func (a *act) erase() (n int, done bool, err error) {
	if rebuilding, err := a.rebuilding(); err != nil || rebuilding {
		return 0, true, err // the states are not all there
	}
	if some, err := a.eraseAsked(); err != nil || some {
		return 0, false, err
	}
	due, err := a.dueErasures(eraseBatch)
	if err != nil {
		return 0, false, err
	}
	met := len(due)
	if due, err = a.holdBack(due); err != nil || met > 0 && len(due) == 0 {
		return 0, false, err // there may be others behind what a hold keeps
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
		if due, err = a.holdBack(due); err != nil {
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

	emptied []review.EntryID // whose sealed values and salts are gone
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
	if err := b.takeIn(b.db.packed(readings)); err != nil {
		return false, err
	}
	if whole {
		if err := e.evidenceOnly(); err != nil {
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
	if err := e.premises(); err != nil {
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
			if err := e.dropFile(h); err != nil {
				return err
			}
		}
		if _, err := e.exec(`
			UPDATE errand SET state = 'failed', problem = ?3 WHERE kind = 'files' AND state = 'waiting'
			AND (type = ?1 OR type >= ?1 || '/' AND type < ?1 || '0') AND rid = ?2`, d.ref.Type, d.ref.ID, d.problem()); err != nil {
			return err
		}
	}
	return e.mustScrub(scrubTraces)
}

func (e erasure) problem() string {
	if e.asked() {
		return "it was erased"
	}
	return "Persona has erased it"
}

// dropFile removes a file that nothing names any more: no resource, and no colleague who attached it
// to a review that keeps its data.
func (a *act) dropFile(hash []byte) error {
	_, err := a.exec(`
		DELETE FROM file WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM file_link WHERE sha256 = ?1)
		AND NOT EXISTS (SELECT 1 FROM attachment t WHERE t.sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = t.entry))`, hash)
	return err
}

// roots are those that an erased resource belongs to.
func (e *eraser) roots(of ...erasure) ([]int64, error) {
	c := newAbsorption(e.act)
	for _, d := range of {
		c.order = append(c.order, &node{id: d.resource, family: d.ref.Type, rid: d.ref.ID, moved: true})
	}
	roots, err := c.affected()
	ids := make([]int64, len(roots))
	for i, r := range roots {
		ids[i] = r.id
	}
	return ids, err
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
		if !d.first || d.asked() {
			continue // what two people agreed on has its entry already
		}
		roots, err := e.roots(d)
		if err != nil {
			return err
		}
		if err := e.each(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value ORDER BY r.id`, []any{numbers(roots)},
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
	emptied, err := e.emptiedOf()
	if err != nil {
		return err
	}
	for _, k := range order {
		what := of[k][0].String()
		if more := len(of[k]) - 1; more > 0 {
			what = fmt.Sprintf("%s and %d more that belong to it", what, more)
		}
		if _, err := e.act.record(review.Entry{Review: k.review, Act: review.ActErased, Status: what + ", as " + k.ground + " told",
			Detail: entriesDetail(emptied[k.review])}); err != nil {
			return err
		}
		delete(emptied, k.review)
	}
	// Findings of reviews that were told before, and of others that took over what they rest on.
	for _, id := range slices.Sorted(maps.Keys(emptied)) {
		what := e.due[0].ref.String() + ", as " + e.due[0].ground + " told"
		if _, err := e.act.record(review.Entry{Review: id, Act: review.ActErased, Status: what, Detail: entriesDetail(emptied[id])}); err != nil {
			return err
		}
	}
	return nil
}

// emptiedOf gives the entries whose sealed values went in this round, by review.
func (e *eraser) emptiedOf() (map[review.ReviewID][]review.EntryID, error) {
	of := map[review.ReviewID][]review.EntryID{}
	ids := make([]int64, len(e.emptied))
	for i, id := range e.emptied {
		ids[i] = int64(id)
	}
	err := e.each(`SELECT n.review, n.id FROM json_each(?) j JOIN entry n ON n.id = j.value ORDER BY n.id`, []any{numbers(ids)},
		func(scan func(...any) error) error {
			var at review.ReviewID
			var id review.EntryID
			err := scan(&at, &id)
			of[at] = append(of[at], id)
			return err
		})
	return of, err
}

// entriesDetail names the entries whose values and salts were erased.
func entriesDetail(ids []review.EntryID) map[string]string {
	if len(ids) == 0 {
		return nil
	}
	return map[string]string{review.DetailEntries: review.EntrySpans(ids)}
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
	if err := a.mustScrub(scrubTraces); err != nil {
		return err
	}
	return a.writeBody(frame, parts)
}
