package review

import (
	"slices"
	"time"
)

// State is where a review stands.
type State string

const (
	StateOpen     State = "open"
	StateApproval State = "approval" // decided, waits for a second person
	StateWaiting  State = "waiting"  // parked: the customer has to answer
	StateClosed   State = "closed"
)

// States lists every value.
func States() []State { return []State{StateOpen, StateApproval, StateWaiting, StateClosed} }

// Closing says how a review ended.
type Closing string

const (
	ClosingNone    Closing = ""        // it has not
	ClosingDecided Closing = "decided" // by a decision here
	ClosingPersona Closing = "persona" // Persona's status moved on without us
)

// Closings lists every value.
func Closings() []Closing { return []Closing{ClosingNone, ClosingDecided, ClosingPersona} }

// Claim is who works on a review, and until when unless they act again.
type Claim struct {
	By    ColleagueID
	Name  string // as people call them
	At    time.Time
	Until time.Time
}

// Active says that the claim holds at an instant.
func (c Claim) Active(now time.Time) bool { return c.By != "" && now.Before(c.Until) }

// Opening says why a review opened.
type Opening string

const (
	OpeningStatus  Opening = "status"  // Persona moved the root to a review status
	OpeningMatches Opening = "matches" // a match came that the earlier decision never saw
)

// Openings lists every value.
func Openings() []Opening { return []Opening{OpeningStatus, OpeningMatches} }

// Review is our episode of human work on a root: a transaction, an inquiry or a case.
type Review struct {
	ID          ReviewID
	Root        Ref
	Transaction TransactionID // the root when it is a transaction, else ""
	State       State
	Opening     Opening
	OpenedAt    time.Time
	ClosedAt    time.Time
	Closing     Closing
	LeftStatus  string // the status that Persona moved on to, verbatim, when Closing is persona
	Claim       Claim
	Evidence    Hash // digest of the evidence as it now stands
}

// CanActOn says whether a colleague may act on a review at an instant: it must be open and
// nobody else's. The store calls it inside the write.
func CanActOn(r Review, by Colleague, now time.Time) error {
	switch {
	case !by.Role.Acts():
		return ErrForbidden
	case r.State == StateClosed, r.Claim.Active(now) && r.Claim.By != by.ID:
		return ErrConflict
	}
	return nil
}

// CanDecide says whether a colleague may judge and decide: like CanActOn, and they must hold
// the claim.
func CanDecide(r Review, by Colleague, now time.Time) error {
	if err := CanActOn(r, by, now); err != nil {
		return err
	}
	if r.State != StateOpen || !r.Claim.Active(now) {
		return ErrConflict
	}
	return nil
}

// Unanswered are the open matches without a finding, in their order.
func Unanswered(open []Match, found []Disposition) []MatchKey {
	var keys []MatchKey
	for _, m := range open {
		if !slices.ContainsFunc(found, func(d Disposition) bool { return d.Match == m.Key }) {
			keys = append(keys, m.Key)
		}
	}
	return keys
}
