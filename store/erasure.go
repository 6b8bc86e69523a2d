package store

import (
	"cmp"
	"errors"
	"strings"

	"docket/review"
)

// noteErasures notes what the readings say is gone at Persona, and that what was erased before was
// spoken of again: an earlier state of it may just have come, or something that goes with it. It
// shares the SQL transaction that takes the states in, so that no stop can come between.
func (b *absorption) noteErasures(readings []review.Reading, payloads []int64) error {
	if b.erasing {
		return nil
	}
	for i, r := range readings {
		if payloads[i] == 0 {
			continue
		}
		ground := cmp.Or(r.Event, r.Hash.String())
		for _, s := range r.Snapshots {
			if s.Erased == 0 {
				continue
			}
			if err := b.noteErasure(s.Ref, s.Erased, ground); err != nil {
				return err
			}
			for _, also := range s.AlsoErased() {
				if err := b.noteErasure(also, s.Erased-1, ground); err != nil {
					return err
				}
			}
		}
	}
	var some bool
	if err := b.one(`SELECT EXISTS (SELECT 1 FROM erasure)`, nil, &some); err != nil || !some {
		return err
	}
	var known []int64
	for _, n := range b.order {
		if !n.fresh {
			known = append(known, n.id)
		}
	}
	// Of what two people of the house had erased, Persona itself knows nothing: it is told on intake.
	_, err := b.exec(`
		UPDATE erasure SET due = 1, again_at = iif(erased_at IS NOT NULL AND ground GLOB ?2, ?3, again_at)
		WHERE due = 0 AND resource IN (SELECT value FROM json_each(?1))`, numbers(known), byTwo+"*", b.now.UnixMilli())
	return err
}

func (b *absorption) noteErasure(ref review.Ref, at int64, ground string) error {
	n := b.node(ref)
	if n == nil {
		return errors.New("a resource that was not met")
	}
	return b.putErasure(n.id, ref.ErasedUntil(at), ground)
}

// putErasure adds an erasure, or lets one that is there reach further.
func (a *act) putErasure(resource, until int64, ground string) error {
	_, err := a.exec(`
		INSERT INTO erasure (resource, until, ground, due) VALUES (?, ?, ?, 1)
		ON CONFLICT DO UPDATE SET until = excluded.until, due = 1 WHERE excluded.until > until`, resource, until, ground)
	return err
}

// erasure is one resource whose personal data is to go.
type erasure struct {
	id, resource, until int64
	ground              string
	ref                 review.Ref // by family
	first               bool       // nothing of it was erased before
}

// byTwo begins the ground of an erasure that two people of the house agreed on; the number of the
// request's entry follows.
const byTwo = "request "

// asked says that two people of the house agreed on it, rather than Persona told of it.
func (e erasure) asked() bool { return strings.HasPrefix(e.ground, byTwo) }

// dueErasures gives what may have something to erase, oldest first.
func (a *act) dueErasures(limit int) ([]erasure, error) {
	var due []erasure
	err := a.each(`
		SELECT e.id, e.resource, e.until, e.ground, w.text, r.rid, e.erased_at IS NULL
		FROM erasure e JOIN resource r ON r.id = e.resource JOIN word w ON w.id = r.family
		WHERE e.due = 1 AND e.held = 0 ORDER BY e.id LIMIT ?`, []any{limit}, func(scan func(...any) error) error {
		var e erasure
		err := scan(&e.id, &e.resource, &e.until, &e.ground, &e.ref.Type, &e.ref.ID, &e.first)
		due = append(due, e)
		return err
	})
	return due, err
}

// spread adds what goes with some erasures: what belongs to their resources, unless another
// resource that is not erased keeps it. What was added is due itself.
func (a *act) spread(due []erasure) error {
	byID := make(map[int64]erasure, len(due))
	ids := make([]int64, len(due))
	for i, e := range due {
		ids[i], byID[e.resource] = e.resource, e
	}
	type tied struct {
		from, to int64
		family   string
	}
	var children []tied
	var asked []int64
	near := func(of []int64, put func(tied) error) error {
		return a.each(`
			SELECT j.value, l.to_, w.text FROM json_each(?1) j JOIN link l ON l.from_ = j.value
			JOIN resource r ON r.id = l.to_ JOIN word w ON w.id = r.family
			UNION
			SELECT j.value, l.from_, w.text FROM json_each(?1) j JOIN link l ON l.to_ = j.value
			JOIN resource r ON r.id = l.from_ JOIN word w ON w.id = r.family`, []any{numbers(of)}, func(scan func(...any) error) error {
			var t tied
			if err := scan(&t.from, &t.to, &t.family); err != nil {
				return err
			}
			return put(t)
		})
	}
	err := near(ids, func(t tied) error {
		if review.Erases(byID[t.from].ref.Type, t.family) {
			children, asked = append(children, t), append(asked, t.to)
		}
		return nil
	})
	if err != nil || len(children) == 0 {
		return err
	}
	owners := map[int64][]int64{}
	family := make(map[int64]string, len(children))
	for _, c := range children {
		family[c.to] = c.family
	}
	if err := near(asked, func(t tied) error {
		if review.Owns(t.family, family[t.from]) {
			owners[t.from] = append(owners[t.from], t.to)
		}
		return nil
	}); err != nil {
		return err
	}
	for _, c := range children {
		var kept bool
		err := a.one(`SELECT EXISTS (SELECT 1 FROM json_each(?) j WHERE NOT EXISTS (SELECT 1 FROM erasure e WHERE e.resource = j.value))`,
			[]any{numbers(owners[c.to])}, &kept)
		if err != nil {
			return err
		}
		if kept {
			continue
		}
		e := byID[c.from]
		if err := a.putErasure(c.to, e.until, e.ground); err != nil {
			return err
		}
	}
	return nil
}

// isGone says that a state of a resource, of a time, is to be erased.
func (a *act) isGone(ref review.Ref, at int64) (bool, error) {
	var until int64
	id, err := a.resourceID(ref.Family(), ref.ID)
	if err == nil {
		err = a.one(`SELECT until FROM erasure WHERE resource = ?`, []any{id}, &until)
	}
	if errors.Is(err, review.ErrNotFound) {
		return false, nil
	}
	return err == nil && at <= until, err
}
