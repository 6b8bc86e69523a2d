package review

import (
	"slices"
	"time"
)

// PushID numbers pushes from 1.
type PushID int64

// PushAct is what docket does at Persona after a decision.
type PushAct string

const (
	PushMatches PushAct = "matches" // the findings on one report, listed party or record
	PushFields  PushAct = "fields"  // reason and note into configured fields
	PushStatus  PushAct = "status"  // the new status of the transaction
	PushInquiry PushAct = "inquiry" // approve or decline the inquiry
	PushCase    PushAct = "case"    // the new status of the case
	PushComment PushAct = "comment" // a comment on the case
)

// PushActs lists every value, in the order in which they are done.
func PushActs() []PushAct {
	return []PushAct{PushMatches, PushFields, PushStatus, PushInquiry, PushComment, PushCase}
}

// PushState is how far a push came.
type PushState string

const (
	PushWaiting      PushState = "waiting"      // to be sent, or to be tried again
	PushSent         PushState = "sent"         // Persona took it; its echo is awaited
	PushAcknowledged PushState = "acknowledged" // Persona's own state says so
	PushRefused      PushState = "refused"      // Persona says no: a person has to look
	PushDiverged     PushState = "diverged"     // another value came back than the one sent
	PushDropped      PushState = "dropped"      // overtaken by a correction, or given up by a person
)

// PushStates lists every value.
func PushStates() []PushState {
	return []PushState{PushWaiting, PushSent, PushAcknowledged, PushRefused, PushDiverged, PushDropped}
}

// PushField is one field to be written.
type PushField struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Push is one act at Persona that follows from a decision. The pushes of one review are done in
// the order of their ids; one that waits or was refused holds those behind it back.
type Push struct {
	ID        PushID
	Review    ReviewID
	Decision  EntryID // the decision it follows from
	Root      Ref     // what the review is about
	Act       PushAct
	Target    Ref         // what is changed
	Part      string      // PushMatches: the one record or listed party at Persona, "" the whole report
	Value     string      // the status, finding or verb, spelled as Persona is to be told
	Before    string      // PushStatus: the status it stood in when this was decided
	Fields    []PushField // PushFields
	Note      string      // PushMatches, PushInquiry, PushComment: words for people at Persona
	Key       string      // the idempotency key of the next try; a new one after each answer
	State     PushState
	Tries     int
	At        time.Time // decided
	NextAt    time.Time // not before
	BegunAt   time.Time // an attempt began then and nobody noted how it ended: it may have arrived; zero: none
	SentAt    time.Time // taken by Persona; zero until then
	SettledAt time.Time // acknowledged, refused, diverged or dropped
	Problem   string    // what the last try met, or what came back, in words for people
	Request   string    // Persona's id of the last request
}

// PushTry is how one attempt to tell Persona ended.
type PushTry struct {
	Sent    bool      // Persona took it
	Settled bool      // … and its answer already says so: no echo has to be awaited
	Refused bool      // Persona says no; neither Sent nor Refused: to be tried again
	Problem string    // what it met, in words for people; "" when it met nothing
	Trail   string    // the same without Persona's own words, which may repeat what was sent; "": Problem has none
	Request string    // Persona's id of the request
	Next    time.Time // to be tried again, not before
	Key     string    // the idempotency key of the next try; "" the same
}

// Echo says where a push of a status stands, given the statuses of its target, oldest
// first: acknowledged once Persona's own state says what it was told; diverged when it then, or
// after the sending, says something else. The status in which the decision found it is no
// divergence: other news of the target repeat it until Persona has done what it was told,
// and when it comes back later, a new episode has begun, which is not about this push.
func (p Push) Echo(history []StatusAt) PushState {
	if p.State == PushDropped || len(history) == 0 {
		return p.State
	}
	told, before := p.Becomes(), NormalStatus(p.Before)
	last := len(history) - 1
	echoed := -1
	for i, h := range history {
		if NormalStatus(h.Status) == told && (i == last || !h.At.Before(p.At)) {
			echoed = i
		}
	}
	sent := p.State != PushWaiting && p.State != PushRefused
	switch said := NormalStatus(history[last].Status); {
	case said == told:
		return PushAcknowledged
	case echoed >= 0 && slices.ContainsFunc(history[echoed:], func(h StatusAt) bool { return NormalStatus(h.Status) == before }):
		if p.State == PushDiverged {
			return p.State
		}
		return PushAcknowledged
	case echoed >= 0:
		return PushDiverged
	case sent && said != before && history[last].At.After(p.SentAt):
		return PushDiverged
	}
	return p.State
}

// Becomes is the status, normalised, in which the target stands once Persona did what it was told.
func (p Push) Becomes() string {
	if p.Act == PushInquiry {
		switch Outcome(p.Value) {
		case Approve:
			return "approved"
		case Decline:
			return "declined"
		}
	}
	return NormalStatus(p.Value)
}

// PushCounts counts pushes by what they need.
type PushCounts struct{ Waiting, Sent, Refused, Diverged, Settled int }

// Telling says what docket tells Persona once a decision is final. Everything is off at first.
type Telling struct {
	Status  bool `json:"status"`
	Fields  bool `json:"fields"`
	Matches bool `json:"matches"`
	Inquiry bool `json:"inquiry"`
	Case    bool `json:"case"`

	Types        []TypeTelling `json:"types"`
	CaseApproved string        `json:"case_approved"` // spelled as Persona's case template has it
	CaseDeclined string        `json:"case_declined"`
}

// TypeTelling is how one transaction type spells what docket tells.
type TypeTelling struct {
	Type        string `json:"type"` // txntp_…; "" for every type that has no line of its own
	Approved    string `json:"approved"`
	Declined    string `json:"declined"`
	ReasonField string `json:"reason_field"` // keys of fields; "" is not written
	NoteField   string `json:"note_field"`
	ByField     string `json:"by_field"`
}

// Check says what is missing or wrong.
func (t Telling) Check() error {
	var inv Invalid
	spelled := false
	seen := map[string]bool{}
	for _, tt := range t.Types {
		if seen[tt.Type] {
			inv.Add("types", "Give each transaction type one line")
		}
		seen[tt.Type] = true
		spelled = spelled || tt.Approved != "" || tt.Declined != ""
	}
	if t.Status && !spelled {
		inv.Add("status", "Say how the statuses are spelled before they are told")
	}
	if t.Fields && !slices.ContainsFunc(t.Types, func(tt TypeTelling) bool { return tt.ReasonField+tt.NoteField+tt.ByField != "" }) {
		inv.Add("fields", "Name a field before fields are told")
	}
	if t.Case && t.CaseApproved == "" && t.CaseDeclined == "" {
		inv.Add("case", "Say how the statuses of cases are spelled before they are told")
	}
	return inv.OrNil()
}

// Of gives the spelling for a transaction type.
func (t Telling) Of(txnType string) TypeTelling {
	var rest TypeTelling
	for _, tt := range t.Types {
		switch tt.Type {
		case txnType:
			return tt
		case "":
			rest = tt
		}
	}
	rest.Type = txnType
	return rest
}
