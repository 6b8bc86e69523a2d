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

// Line gives everybody whom somebody let in or who let them in, themselves or through others, and until
// when unless another bond comes.
func Line(who ColleagueID, bonds []Bond, at time.Time) map[ColleagueID]time.Time {
	return bound(who, bonds, at, func(b Bond, whom map[ColleagueID]bool) (ColleagueID, bool) { return b.Whom, whom[b.By] },
		func(b Bond, by map[ColleagueID]bool) (ColleagueID, bool) { return b.By, by[b.Whom] })
}

// BondedTo is Line with whom a third let in beside them: whoever lets in both may be both. Bonds chain in
// every direction.
func BondedTo(who ColleagueID, bonds []Bond, at time.Time) map[ColleagueID]time.Time {
	return bound(who, bonds, at, func(b Bond, all map[ColleagueID]bool) (ColleagueID, bool) {
		if all[b.By] {
			return b.Whom, true
		}
		return b.By, all[b.Whom]
	})
}

// bound walks bonds from somebody on in some ways; each way says whom a bond leads to from those that
// were reached.
func bound(who ColleagueID, bonds []Bond, at time.Time, ways ...func(Bond, map[ColleagueID]bool) (ColleagueID, bool)) map[ColleagueID]time.Time {
	bonds = slices.Clone(bonds)
	slices.SortFunc(bonds, func(x, y Bond) int { return y.At.Compare(x.At) })
	until := map[ColleagueID]time.Time{}
	for _, way := range ways {
		reached := map[ColleagueID]bool{who: true}
		for n := range bonds { // the newest first: a chain holds as long as its oldest link
			end := bonds[n].At.Add(BondLasts)
			if !end.After(at) {
				break
			}
			for more := true; more; {
				more = false
				for _, b := range bonds[:n+1] {
					if c, ok := way(b, reached); ok && !reached[c] {
						reached[c], more = true, true
						if end.After(until[c]) {
							until[c] = end
						}
					}
				}
			}
		}
	}
	return until
}
