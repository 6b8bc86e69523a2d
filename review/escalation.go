package review

import (
	"strings"
	"time"
)

// Escalation is a review that was handed to a lead.
type Escalation struct {
	Entry  EntryID
	Review ReviewID
	By     ColleagueID
	ByName string      // as it was then
	To     ColleagueID // "" any lead
	ToName string
	At     time.Time
	Note   string
}

// EscalationForm is what a reviewer sends to hand a review to a lead.
type EscalationForm struct {
	To   ColleagueID // "" any lead
	Note string
}

// Check says what is missing or wrong.
func (f EscalationForm) Check() error {
	var inv Invalid
	if strings.TrimSpace(f.Note) == "" {
		inv.Add("note", "Say in the note what the lead is to look at")
	}
	checkNote(&inv, f.Note, false)
	return inv.OrNil()
}
