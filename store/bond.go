package store

import (
	"context"
	"time"

	"docket/review"
)

// bondsSince walks entry_bond.
const bondsSince = `SELECT by_, whom, at FROM bond WHERE at > ?1`

// BondedTo gives everybody who counts as one person with a colleague now, and until when: nobody of them
// puts the colleague's policy in force or agrees to their erasure. See review.BondedTo.
func (db *DB) BondedTo(ctx context.Context, who review.ColleagueID) (map[review.ColleagueID]time.Time, error) {
	return db.bound(ctx, who, review.BondedTo)
}

// Line gives everybody who does not approve a colleague's decisions yet, and until when. See review.Line:
// two whom one admin let in count as two here, or no team could work on the day that it begins.
func (db *DB) Line(ctx context.Context, who review.ColleagueID) (map[review.ColleagueID]time.Time, error) {
	return db.bound(ctx, who, review.Line)
}

// boundBy is review.BondedTo or review.Line.
type boundBy func(review.ColleagueID, []review.Bond, time.Time) map[review.ColleagueID]time.Time

func (db *DB) bound(ctx context.Context, who review.ColleagueID, by boundBy) (map[review.ColleagueID]time.Time, error) {
	var bound map[review.ColleagueID]time.Time
	err := db.read(ctx, "bound to", func(a *act) (err error) {
		bound, err = a.bound(who, by)
		return err
	})
	return bound, err
}

func (a *act) bound(who review.ColleagueID, by boundBy) (map[review.ColleagueID]time.Time, error) {
	var bonds []review.Bond
	err := a.each(bondsSince, []any{millis(a.now.Add(-review.BondLasts))}, func(scan func(...any) error) error {
		var t review.Bond
		err := scan(&t.By, &t.Whom, timeColumn{&t.At})
		bonds = append(bonds, t)
		return err
	})
	return by(who, bonds, a.now), err
}

// mustBeTwo refuses a second person who may be the first one by another name: *review.BondError.
func (a *act) mustBeTwo(first, second review.ColleagueID, by boundBy) error {
	bound, err := a.bound(first, by)
	if err != nil {
		return err
	}
	if until, ok := bound[second]; ok {
		return &review.BondError{First: first, Second: second, Until: until}
	}
	return nil
}
