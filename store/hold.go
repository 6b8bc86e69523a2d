package store

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// Hold is a legal hold on one subject: while it lasts nothing of them is erased, neither by two people
// nor because Persona erased it, which waits until the hold is lifted.
type Hold struct {
	Entry    review.EntryID
	Subject  review.SubjectID
	Roots    []review.Ref // that it was set on
	Reviews  []review.ReviewID
	By       review.ColleagueID
	ByName   string
	At       time.Time
	Words    string // why; "" once erased
	Lifted   time.Time
	LiftedBy string
}

// SetHold puts a legal hold on a subject: named by a Persona id of a transaction, an inquiry, a case or
// an account, by a review's number, by a reference, or by the subject's id. Only leads and admins may.
// Nobody of that name is *review.Invalid, and so is a subject that is on hold already.
func (db *DB) SetHold(ctx context.Context, by review.ColleagueID, form review.HoldForm) (review.EntryID, error) {
	var entry review.EntryID
	err := db.write(ctx, "set hold", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		if err := form.Check(); err != nil {
			return err
		}
		subject, err := a.findSubject(form.Object)
		if errors.Is(err, review.ErrNotFound) {
			return &review.Invalid{Problems: []review.Problem{{Field: "object", Text: "Nobody is known by that: check the id or the reference"}}}
		} else if err != nil {
			return err
		}
		if held, err := a.onHold(subject); err != nil {
			return err
		} else if held {
			return &review.Invalid{Problems: []review.Problem{{Field: "object", Text: "This subject is on hold already"}}}
		}
		newest, _, err := a.newestOf(subject.roots)
		if err != nil {
			return err
		}
		entry, err = a.record(review.Entry{Review: newest, Act: review.ActHold, By: by, Note: strings.TrimSpace(form.Words),
			Detail: map[string]string{review.DetailHold: "set", review.DetailSubject: subject.id.String()}})
		if err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO hold (entry, subject, by_, at) VALUES (?, ?, ?, ?)`, entry, subject.id, by, a.now.UnixMilli()); err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO held_root (root, hold) SELECT value, ? FROM json_each(?)`, entry, numbers(subject.roots)); err != nil {
			return err
		}
		return a.stale(subject.roots)
	})
	return entry, err
}

// LiftHold ends a hold. What Persona erased meanwhile is erased by the next Erase. Only leads and
// admins may; review.ErrConflict when it was lifted before.
func (db *DB) LiftHold(ctx context.Context, hold review.EntryID, by review.ColleagueID, words string) error {
	return db.write(ctx, "lift hold", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		var subject review.SubjectID
		var lifted bool
		if err := a.one(`SELECT subject, lifted IS NOT NULL FROM hold WHERE entry = ?`, []any{hold}, &subject, &lifted); err != nil {
			return err
		}
		if lifted {
			return review.ErrConflict
		}
		if err := (review.HoldForm{Object: "-", Words: words}).Check(); err != nil {
			return err
		}
		now, err := a.firstRoots(int64(subject), math.MaxInt)
		if err != nil {
			return err
		}
		roots, err := a.ids(`SELECT root FROM held_root WHERE hold = ? UNION SELECT value FROM json_each(?)`, hold, numbers(now))
		if err != nil {
			return err
		}
		newest, _, err := a.newestOf(roots)
		if err != nil {
			return err
		}
		entry, err := a.record(review.Entry{Review: newest, Act: review.ActHold, By: by, Note: strings.TrimSpace(words), Answers: hold,
			Detail: map[string]string{review.DetailHold: "lifted", review.DetailSubject: subject.String()}})
		if err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE hold SET lifted = ? WHERE entry = ?`, entry, hold); err != nil {
			return err
		}
		// Whatever waited for any hold is looked at again: the next round says which still has to.
		if _, err := a.exec(`UPDATE erasure SET held = 0 WHERE held = 1`); err != nil {
			return err
		}
		return a.stale(roots)
	})
}

// Holds lists the holds that last, newest first; with lifted, those that were lifted too.
func (db *DB) Holds(ctx context.Context, lifted bool, limit int) ([]Hold, error) {
	var all []Hold
	err := db.read(ctx, "holds", func(a *act) (err error) {
		query := holdSelect + `WHERE h.lifted IS NULL ORDER BY h.entry DESC LIMIT ?`
		if lifted {
			query = holdSelect + `ORDER BY h.entry DESC LIMIT ?`
		}
		all, err = a.holds(query, limit)
		return err
	})
	return all, err
}

// HoldsOn gives the holds that keep what a review is about.
func (db *DB) HoldsOn(ctx context.Context, id review.ReviewID) ([]Hold, error) {
	var all []Hold
	err := db.read(ctx, "holds on", func(a *act) error {
		some, err := a.ids(`SELECT entry FROM hold WHERE lifted IS NULL LIMIT 1`)
		if err != nil || len(some) == 0 {
			return err // most of the time there is none at all
		}
		all, err = a.holds(holdSelect+`WHERE h.lifted IS NULL AND h.entry IN (
			SELECT x.hold FROM review r JOIN held_root x ON x.root = r.root WHERE r.id = ?1 UNION
			SELECT o.entry FROM review r JOIN kept k ON k.root = r.root JOIN hold o ON o.subject = k.subject WHERE r.id = ?1)
			ORDER BY h.entry DESC`, id)
		return err
	})
	return all, err
}

const holdSelect = `
	SELECT h.entry, h.subject, h.by_, e.by_name, h.at, e.note, l.at, ifnull(l.by_name, '')
	FROM hold h JOIN entry e ON e.id = h.entry LEFT JOIN entry l ON l.id = h.lifted `

func (a *act) holds(query string, args ...any) ([]Hold, error) {
	var all []Hold
	err := a.each(query, args, func(scan func(...any) error) error {
		var h Hold
		err := scan(&h.Entry, &h.Subject, &h.By, &h.ByName, timeColumn{&h.At}, &h.Words, timeColumn{&h.Lifted}, &h.LiftedBy)
		all = append(all, h)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		roots, err := a.ids(`SELECT root FROM held_root WHERE hold = ? ORDER BY root`, all[i].Entry)
		if err != nil {
			return nil, err
		}
		if all[i].Roots, err = a.refs(roots); err != nil {
			return nil, err
		}
		reviews, err := a.ids(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value ORDER BY r.id DESC LIMIT 20`, numbers(roots))
		if err != nil {
			return nil, err
		}
		for _, id := range reviews {
			all[i].Reviews = append(all[i].Reviews, review.ReviewID(id))
		}
	}
	return all, nil
}

// stale has what some roots say of how long they are kept written anew.
func (a *act) stale(roots []int64) error {
	_, err := a.exec(`INSERT OR IGNORE INTO kept_stale SELECT value FROM json_each(?)`, numbers(roots))
	return err
}

// onHold says that a hold keeps a subject: by the subject's sign, or by a root of theirs.
func (a *act) onHold(s subject) (held bool, err error) {
	err = a.one(`
		SELECT EXISTS (SELECT 1 FROM hold h WHERE h.subject = ?1 AND h.lifted IS NULL)
		OR EXISTS (SELECT 1 FROM json_each(?2) j JOIN held_root x ON x.root = j.value JOIN hold h ON h.entry = x.hold WHERE h.lifted IS NULL)`,
		[]any{s.id, numbers(s.roots)}, &held)
	return held, err
}

// holdBack marks the due erasures that a hold keeps, and gives the others: what Persona erased of a
// subject on hold stays here until the hold is lifted.
func (a *act) holdBack(due []erasure) ([]erasure, error) {
	some, err := a.ids(`SELECT entry FROM hold WHERE lifted IS NULL LIMIT 1`)
	if err != nil || len(some) == 0 {
		return due, err
	}
	return slices.DeleteFunc(due, func(d erasure) bool {
		if err != nil {
			return false
		}
		var held bool
		if held, err = a.resourceOnHold(d); err == nil && held {
			_, err = a.exec(`UPDATE erasure SET held = 1 WHERE id = ?`, d.id)
		}
		return held
	}), err
}

// resourceOnHold says that one of the subjects that a resource belongs to is on hold.
func (a *act) resourceOnHold(d erasure) (held bool, err error) {
	e := eraser{act: a}
	roots, err := e.roots(d)
	if err != nil {
		return false, err
	}
	if review.IsRootFamily(d.ref.Family()) {
		roots = append(roots, d.resource)
	}
	account := int64(0)
	if d.ref.Family() == familyAccount {
		account = review.AccountSign(d.ref.ID)
	}
	err = a.one(`
		SELECT EXISTS (SELECT 1 FROM json_each(?1) j JOIN held_root x ON x.root = j.value JOIN hold h ON h.entry = x.hold WHERE h.lifted IS NULL)
		OR EXISTS (SELECT 1 FROM json_each(?1) j JOIN kept k ON k.root = j.value JOIN hold h ON h.subject = k.subject WHERE h.lifted IS NULL)
		OR EXISTS (SELECT 1 FROM hold h WHERE h.subject = ?2 AND h.lifted IS NULL)`, []any{numbers(roots), account}, &held)
	return held, err
}
