package review

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// BondLasts is how long nobody is the second person of whom they are bound to. It is no rule of the policy:
// whoever wants a policy by a second person of their own making must not be able to shorten it first.
const BondLasts = 24 * time.Hour

// Bond is that a colleague let another in: added them, gave them a role or a password, or their access back.
// For a while nobody can tell whether the two accounts are two people.
type Bond struct {
	By   ColleagueID
	Whom ColleagueID
	At   time.Time
}

// DetailLetsIn names, in the entry of it, whom a colleague let in.
const DetailLetsIn = "lets-in"

// BondError says that two colleagues do not count as two people yet. It is an ErrForbidden.
type BondError struct {
	First, Second ColleagueID
	Until         time.Time
}

func (e *BondError) Error() string {
	return fmt.Sprintf("%s and %s count as one person until %s", e.First, e.Second, e.Until.UTC().Format(time.RFC3339))
}

// Is says that it is an ErrForbidden.
func (e *BondError) Is(target error) bool { return errors.Is(ErrForbidden, target) }

// BondedTo gives everybody who counts as one person with somebody at an instant, and until when unless
// another bond comes. Bonds chain: whom somebody let in may have let in a third.
func BondedTo(who ColleagueID, bonds []Bond, at time.Time) map[ColleagueID]time.Time {
	bonds = slices.Clone(bonds)
	slices.SortFunc(bonds, func(x, y Bond) int { return y.At.Compare(x.At) })
	one := map[ColleagueID]ColleagueID{} // who is bound by what was looked at, under one of their names
	name := func(c ColleagueID) ColleagueID {
		if n, ok := one[c]; ok {
			return n
		}
		return c
	}
	until := map[ColleagueID]time.Time{}
	for _, t := range bonds { // the newest first: a chain holds as long as its oldest link
		end := t.At.Add(BondLasts)
		if !end.After(at) {
			break
		}
		from, to := name(t.By), name(t.Whom)
		if from == to {
			continue
		}
		for _, c := range []ColleagueID{t.By, t.Whom} {
			if _, ok := one[c]; !ok {
				one[c] = c
			}
		}
		for c, n := range one {
			if n == from {
				one[c] = to
			}
		}
		for c, n := range one {
			if _, known := until[c]; !known && c != who && n == name(who) {
				until[c] = end
			}
		}
	}
	return until
}
