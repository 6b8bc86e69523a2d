package views

import "docket/review"

// Told is what Persona is told of a decision, before it or after.
type Told struct {
	Lead  string // beside the heading: "2 of 3 taken by Persona"
	Words string // when nothing is told: why, and what to do instead
	Lines []ToldLine
}

// ToldLine is one act at Persona.
type ToldLine struct {
	ID      string // hook data-push; "" before the decision
	State   review.PushState
	Act     string // "Status of the transaction"
	What    Str    // "approved"
	Status  Tag    // "Waiting", "Taken, echo awaited"
	Time    Time   // of the state
	Problem Str    // what the last try met, or what came back
	More    string // "3 tries, next at 09:44 UTC; request req_…"
	Action  string // POST: answer retry or drop; "" when the reader cannot
	Retry   bool
	Drop    bool
}

// WillTell is what pressing either way tells Persona.
type WillTell struct {
	Lead    string   // "by itself, once the decision stands"
	Words   string   // when nothing is told: "Nothing: … Set the status there as well."
	Not     []string // what is not told, and why, in sentences
	Approve []ToldLine
	Decline []ToldLine
	Once    review.Outcome // it is about this outcome alone, once it is agreed to; "" about either
}
