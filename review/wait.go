package review

import (
	"slices"
	"strings"
	"time"
)

// Wait is a review that was parked until the customer answers or a day comes.
type Wait struct {
	Entry   EntryID
	Review  ReviewID
	By      ColleagueID
	ByName  string // as it was then
	At      time.Time
	Until   time.Time // the customer is to be reminded then, and the review wakes
	Missing []Fact    // what the customer was asked for
	Note    string
	Woken   Woken // "" while it waits
	WokenAt time.Time
}

// Woken is what ended a wait.
type Woken string

const (
	WokenAsked    Woken = "asked"    // a colleague took it up again
	WokenDay      Woken = "day"      // its day came
	WokenEvidence Woken = "evidence" // something new arrived
	WokenClosed   Woken = "closed"   // Persona moved on without us
)

// Wokens lists every value.
func Wokens() []Woken { return []Woken{WokenAsked, WokenDay, WokenEvidence, WokenClosed} }

// WaitForm is what a reviewer sends to park a review.
type WaitForm struct {
	Missing []Fact
	Until   time.Time // the start of a day, UTC; zero: as the policy says
	Note    string
}

// MaxWait is how long a review may be parked at once.
const MaxWait = 90 * 24 * time.Hour

// Check says what is missing or wrong at an instant.
func (f WaitForm) Check(now time.Time) error {
	var inv Invalid
	if len(f.Missing) == 0 {
		inv.Add("missing", "Say what the customer has to answer")
	}
	for _, m := range f.Missing {
		if !slices.Contains(Facts(), m) {
			inv.Add("missing", "Choose from the list what is missing")
			break
		}
	}
	switch {
	case f.Until.IsZero():
	case !f.Until.After(now):
		inv.Add("until", "Choose a day after today")
	case f.Until.Sub(now) > MaxWait:
		inv.Add("until", "Choose a day within the next 90 days")
	}
	if slices.Contains(f.Missing, FactOther) && strings.TrimSpace(f.Note) == "" {
		inv.Add("note", "Say in the note what the customer has to answer")
	}
	checkNote(&inv, f.Note, false)
	return inv.OrNil()
}
