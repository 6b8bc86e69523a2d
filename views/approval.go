package views

import "docket/review"

// SecondForm is the answer of the second person to a decision that waits for one.
type SecondForm struct {
	Action   string // POST /reviews/{id}/approval
	Evidence string
	Decision string // the entry that is answered
	Asks     string // "Sefa Tuilagi asks to approve, 17 June, 15:20 UTC."
	Because  string // "Policy 7 asks for a second person: every decline."
	Reason   string // in words; folded with the note, to be opened after the reader's own look
	Said     Str    // the note of who decided
	Note     string // as typed
	Problems []Problem
	Agree    string // the consequence of agreeing
	Return   string // … of returning
	Outcome  review.Outcome
	Back     Go
}

func (f *SecondForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

// agree is the words of the button, with what is agreed to.
func (f *SecondForm) agree() string {
	if f.Outcome == review.Decline {
		return "Agree to decline"
	}
	return "Agree to approve"
}

// SecondCard is what became of a decision that is not in effect.
type SecondCard struct {
	Tag  Tag  // "Approval awaited", "Returned", "Fell back"
	Fold bool // reason and note are folded: the reader may be the second person
}

// folds says that the words of who decided are not shown yet.
func (d DecisionCard) folds() bool { return d.Second != nil && d.Second.Fold }

// proposed says what a decision that is not in effect was to be, with its reason unless that is folded.
func (d DecisionCard) proposed() string {
	words := "To approve"
	if d.Outcome == review.Decline {
		words = "To decline"
	}
	if d.folds() {
		return words
	}
	return words + ": " + d.Reason
}

// findingsHead is the heading of the findings: the second person's are not their own.
func (p DecisionPage) findingsHead() string {
	if p.Second != nil {
		return "Check the findings"
	}
	return "Check your findings"
}

// decideHead is the heading of the form.
func (p DecisionPage) decideHead() string {
	if p.Second != nil {
		return "Second person"
	}
	return "Decide"
}

// SecondRuleWords says in a few words for what a second person is asked.
func SecondRuleWords(r review.SecondRule) string {
	switch r {
	case review.SecondDecline:
		return "every decline"
	case review.SecondTrueMatch:
		return "approving although a match is found true"
	case review.SecondCannotTell:
		return "approving although a match cannot be told"
	case review.SecondReopened:
		return "approving a party that was cleared before and reopened"
	case review.SecondUntold:
		return "approving although the details of a match were not captured"
	case review.SecondOther:
		return "a reason that is said in the note alone"
	case review.SecondCorrection:
		return "every correction"
	case review.SecondEscalated:
		return "every review that was handed to a lead"
	}
	return odd(string(r))
}

// AnswerTag words how a decision that needed a second person was answered; "" is not yet.
func AnswerTag(a review.Answer) Tag {
	switch a {
	case "":
		return Tag{"Approval awaited", ToneAttention}
	case review.AnswerApprove:
		return Tag{"Agreed", ToneGood}
	case review.AnswerReturn:
		return Tag{"Returned", ToneDiffer}
	case review.AnswerMoved:
		return Tag{"Fell back", ToneDiffer}
	}
	return Tag{odd(string(a)), ToneNone}
}

// WokenWords says what ended a wait for the customer; "" is that it goes on.
func WokenWords(w review.Woken) string {
	switch w {
	case "":
		return "waits"
	case review.WokenAsked:
		return "taken up again"
	case review.WokenDay:
		return "its day came"
	case review.WokenEvidence:
		return "something new arrived"
	case review.WokenClosed:
		return "Persona moved on without us"
	}
	return odd(string(w))
}

// WaitForm parks a review until the customer answers.
type WaitForm struct {
	Action   string // POST /reviews/{id}/wait
	Missing  []Tick
	Until    string // a date, as typed or proposed
	First    string // the earliest date that can be chosen
	Last     string // the latest
	Note     string
	Problems []Problem
	Open     bool
}

func (f *WaitForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

// WakeForm takes up a review that waits.
type WakeForm struct {
	Action string // POST /reviews/{id}/wait
	Words  []string
}

// EscalateForm hands a review to a lead.
type EscalateForm struct {
	Action   string // POST /reviews/{id}/escalate
	To       []Option
	Note     string
	Problems []Problem
	Open     bool
}

func (f *EscalateForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

// AttachForm adds a file.
type AttachForm struct {
	Action  string // POST /reviews/{id}/attachments
	Problem string
	Open    bool
}

// Attachments are the files that colleagues added to a review.
type Attachments struct {
	Lead string // "2 files"
	Rows []AttachmentRow
	Form *AttachForm // nil: the reader cannot add one
}

// AttachmentRow is one of them.
type AttachmentRow struct {
	Name  Str
	About string // "image/png, 41,882 bytes"
	Href  string // "" its bytes were erased
	By    Str
	At    Time
	Entry string // "18,209"
}
