package views

import "docket/review"

// DecisionPage is check-your-answer, then the two ways.
type DecisionPage struct {
	Shell
	Main     Main
	Identity Identity
	Problems Problems
	Notices  []Notice
	Lead     string // "5 of 5 matches have one"
	Findings []FindingLine
	None     string        // when there is nothing to have a finding on
	Rests    []Fact        // last run, missing, not screened, rules
	Seal     []string      // the evidence digest in groups of eight; none: not shown
	SealIs   string        // "sha-256 of what the page showed at 10:24:40 UTC"
	WillTell *WillTell     // nil: nothing to say
	Asks     []Notice      // who else must agree, and why
	Form     *DecisionForm // nil: cannot decide yet; Hold says why
	Second   *SecondForm   // instead of Form: a decision waits for the reader as second person
	Hold     *Hold
	Back     Go // to the review
}

// FindingLine is the finding on one party.
type FindingLine struct {
	Number  string
	Name    Str
	Matches string         // "2"
	Finding review.Finding // "" none yet
	Waits   Tag            // where the party stands while it has none: "Cleared before"
	Mixed   string         // instead of Finding: "1 true match, 1 false positive"
	Rests   string         // the reasons: "Sex differs; birth year differs by 12"; "" only the main one
	Reason  string         // the main one, in words
	Note    Str
	Folded  bool // the note opens after the reader’s own look: they are the second person
	By      Str
	At      Time
	Change  string // href, "" when it cannot be changed
}

// DecisionForm is a decision or, on a closed review, its correction.
type DecisionForm struct {
	Action   string
	Evidence string
	Correct  bool                // words and button of a correction
	Corrects string              // the entry of the decision to be corrected
	Reasons  []review.ReasonCode // to choose from
	Reason   review.Reason       // as typed
	Note     string              // as typed
	Checks   []ChecklistLine     // the checklist; none: nothing is asked
	Problems []Problem           // fields "outcome", "reason", "note", "match", "check"
	Approve  string              // the consequence of approving
	Decline  string              // the consequence of declining
	Back     Go

	ApproveAsks bool // a second person must agree to approving
	DeclineAsks bool // … to declining
}

// ChecklistLine is one line of the checklist.
type ChecklistLine struct {
	Code   string
	Words  string
	When   string // "only to decline", "" always
	Ticked bool
}

// DecisionCard is a decision as it stands on a review.
type DecisionCard struct {
	Entry    string // "18,209"
	Outcome  review.Outcome
	Reason   string // in words
	Note     Str
	By       Str
	Role     review.Role
	At       Time
	Tally    string      // "4 false positive, 1 cannot tell"
	Evidence string      // short form of the digest
	Corrects string      // "Corrects entry 18,190", "" the first
	Past     bool        // a later one stands
	Second   *SecondCard // nil: it is in effect
	Answered Str         // "Tomasz Lindqvist agreed"; "" nobody did
	AnswerAt Time
	AnswerIs Str // the note of the second person
}

// tail is what follows the instant, up to the digest.
func (d DecisionCard) tail() string {
	t := "."
	for _, s := range []string{d.Tally, d.Corrects, "Entry " + d.Entry} {
		if s != "" {
			t += " " + s + "."
		}
	}
	if d.Evidence != "" {
		t += " Evidence "
	}
	return t
}

// tag is the finding, or where the party stands without one.
func (f *FindingLine) tag() Tag {
	if f.Finding == "" && f.Waits.Words != "" {
		return f.Waits
	}
	return FindingTag(f.Finding)
}

func (f *DecisionForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

func (f *DecisionForm) label() string {
	if f.Correct {
		return "Correct the decision"
	}
	return "Decide"
}

func (f *DecisionForm) reasonLabel() string {
	if f.Correct {
		return "Reason for the decision that shall stand"
	}
	return "Reason for the decision"
}

func (f *DecisionForm) approve() string {
	if f.Correct {
		return further("Correct to approved", f.ApproveAsks)
	}
	if f.ApproveAsks {
		return further("Approve", true)
	}
	return "Approve now"
}

func (f *DecisionForm) decline() string {
	if f.Correct {
		return further("Correct to declined", f.DeclineAsks)
	}
	if f.DeclineAsks {
		return further("Decline", true)
	}
	return "Decline now"
}

// further adds to a button that it asks somebody else.
func further(words string, asks bool) string {
	if asks {
		return words + ", and ask for a second person"
	}
	return words
}
