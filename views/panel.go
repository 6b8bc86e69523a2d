package views

import (
	"strconv"
	"strings"
)

// Panel stands beside the work: how far, what next, what the decision needs.
type Panel struct {
	Words    string // "3 of 5 matches to go"; "" no matches to judge
	Done     []bool // one per match, at most 40; more are not drawn one by one
	Next     Go     // the next act: "Next match", "Decide", "Answer as the second person"; "" none
	NextKey  string // the key that goes there
	Take     bool   // the review is closed: the next one can be taken from here
	Parties  []PanelParty
	Settle   *PanelSettle   // nil: nothing that is unknown would decide anything
	Decision *PanelDecision // nil: none is to come, or it is the next act
	Note     *NoteForm      // nil: the reader cannot add one
	Wait     *WaitForm      // nil: it cannot be parked
	Wake     *WakeForm      // nil: it does not wait
	Escalate *EscalateForm  // nil: it cannot be handed over
	Places   []PanelPlace
}

// PanelParty is one line of the list of parties.
type PanelParty struct {
	Number string
	Name   Str
	State  string // "to review", "false positive, 2"
	Href   string // "#party-1"
	Done   bool
	Now    bool // the one to look at next
}

// PanelDecision is what the decision needs, and the way to it.
type PanelDecision struct {
	Text string // "Opens when every match has a finding."
	To   Go     // "See what is missing", "Decide"; "" none
	Main bool   // it is the next thing to do
}

// PanelSettle is what would settle the rest, and how to ask for it.
type PanelSettle struct {
	Lines []string // "A full birth date of our subject would decide 4 of 5 parties."
	Ask   string   // a note to the customer team, to be copied; "" the customer has none of it
}

// PanelPlace is one place on the page.
type PanelPlace struct {
	Href  string
	Words string
	Count string
}

// NoteForm adds a note to the trail.
type NoteForm struct {
	Action  string // POST /reviews/{id}/notes
	Note    string // as typed before a 422
	Problem string
	Open    bool
}

// rows is how tall the note is drawn.
func (s *PanelSettle) rows() string { return strconv.Itoa(3 + strings.Count(s.Ask, "\n")) }
