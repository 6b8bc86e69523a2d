package store

import (
	"context"
	"time"

	"docket/review"
)

// bondsSince walks entry_bond.
const bondsSince = `SELECT by_, whom, at FROM bond WHERE at > ?1`

// BondedTo gives everybody who counts as one person with a colleague now, and until when: nobody of them is
// the colleague's second person. See review.Bond.
func (db *DB) BondedTo(ctx context.Context, who review.ColleagueID) (map[review.ColleagueID]time.Time, error) {
	var bound map[review.ColleagueID]time.Time
	err := db.read(ctx, "bound to", func(a *act) (err error) {
		bound, err = a.bondedTo(who)
		return err
	})
	return bound, err
}

func (a *act) bondedTo(who review.ColleagueID) (map[review.ColleagueID]time.Time, error) {
	var bonds []review.Bond
	err := a.each(bondsSince, []any{millis(a.now.Add(-review.BondLasts))}, func(scan func(...any) error) error {
		var t review.Bond
		err := scan(&t.By, &t.Whom, timeColumn{&t.At})
		bonds = append(bonds, t)
		return err
	})
	return review.BondedTo(who, bonds, a.now), err
}

// mustBeTwo refuses a second person who may be the first one by another name: *review.BondError.
func (a *act) mustBeTwo(first, second review.ColleagueID) error {
	bound, err := a.bondedTo(first)
	if err != nil {
		return err
	}
	if until, ok := bound[second]; ok {
		return &review.BondError{First: first, Second: second, Until: until}
	}
	return nil
}
