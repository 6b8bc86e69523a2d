package review

import (
	"fmt"
	"slices"
	"time"
)

// Outcome is how a review ends.
type Outcome string

const (
	Approve Outcome = "approve"
	Decline Outcome = "decline"
)

// Outcomes lists every value.
func Outcomes() []Outcome { return []Outcome{Approve, Decline} }

// The reasons for a decision.
const (
	ReasonAllFalsePositive Reason = "all_false_positive"
	ReasonTrueMatch        Reason = "true_match"
	ReasonCannotTell       Reason = "cannot_tell"
	ReasonFailedCheck      Reason = "failed_check"
	ReasonNoMatch          Reason = "no_open_match"
)

// Fitting lists the reasons for a decision that can be true of a review with these findings on its
// open matches. While some have none, every reason may still come to fit.
func (p Policy) Fitting(t FindingTally, untold bool) []ReasonCode {
	if t.FalsePositives+t.TrueMatches+t.CannotTell < t.Matches {
		return slices.Clone(p.Decisions)
	}
	return slices.DeleteFunc(slices.Clone(p.Decisions), func(c ReasonCode) bool { return c.Code.misfit(t, untold) != "" })
}

// misfit says why a reason for a decision cannot be true of these findings, "" when it can.
func (r Reason) misfit(t FindingTally, untold bool) string {
	switch {
	case r == ReasonAllFalsePositive && (t.Matches == 0 || t.FalsePositives < t.Matches):
		return "not every match is a false positive"
	case r == ReasonTrueMatch && t.TrueMatches == 0:
		return "no match is found true"
	case r == ReasonCannotTell && t.CannotTell == 0:
		return "no match is left untold"
	case r == ReasonNoMatch && t.Matches > 0:
		return "there are open matches"
	case r == ReasonNoMatch && untold:
		return "a report tells of a match whose details were not captured"
	}
	return ""
}

// Decision is the outcome of one review. A correction is a later decision on the same review;
// it never overwrites the earlier one.
type Decision struct {
	Entry      EntryID
	Review     ReviewID
	Outcome    Outcome
	Reason     Reason
	Note       string
	By         ColleagueID
	ByName     string
	ByRole     Role
	At         time.Time
	Evidence   Hash
	Matches    []MatchKey // open matches it rests on
	Tally      FindingTally
	Comparator string
	Policy     PolicyVersion // that it was made under
	Second     bool          // it takes effect only when a second person agrees
	Asks       []SecondRule  // the rules by which it does
	Approval   Approval      // how the second person answered; zero: nobody did, or nobody was asked
	Corrects   EntryID       // 0: the first decision of the review
}

// FindingTally counts the findings under a decision.
type FindingTally struct {
	Matches        int
	FalsePositives int
	TrueMatches    int
	CannotTell     int
}

// TallyOf counts the findings that hold on the open matches.
func TallyOf(open []Match, found []Disposition) FindingTally {
	t := FindingTally{Matches: len(open)}
	for _, m := range open {
		for _, d := range found {
			if d.Match != m.Key {
				continue
			}
			switch d.Finding {
			case FalsePositive:
				t.FalsePositives++
			case TrueMatch:
				t.TrueMatches++
			case CannotTell:
				t.CannotTell++
			}
			break
		}
	}
	return t
}

// DecisionForm is what a reviewer sends.
type DecisionForm struct {
	Outcome  Outcome
	Reason   Reason
	Note     string
	Evidence string
	Checked  []string // codes of the checklist that were ticked
	Corrects EntryID  // a correction: the decision that its page showed, 0 whichever holds
}

// Check says what is missing or wrong under a policy, given the open matches, the findings that hold,
// and whether a report tells of a match that was never sent: that is not "no open match".
func (f DecisionForm) Check(p Policy, open []Match, found []Disposition, untold bool) error {
	var inv Invalid
	if n := len(Unanswered(open, found)); n == 1 {
		inv.Add("match", "Give the last open match a finding before you decide")
	} else if n > 1 {
		inv.Add("match", fmt.Sprintf("Give each of the %d open matches a finding before you decide", n))
	}
	if !slices.Contains(Outcomes(), f.Outcome) {
		inv.Add("outcome", "Choose to approve or to decline")
	}
	checkReason(&inv, f.Reason, p.Decisions, "Choose a reason for this decision")
	t := TallyOf(open, found)
	if why := f.Reason.misfit(t, untold); why != "" {
		inv.Add("reason", "Choose another reason: "+why)
	}
	if f.Outcome == Approve && t.TrueMatches > 0 && f.Reason != ReasonOther && f.Reason != "" {
		inv.Add("reason", "A match is found true: to approve all the same, choose “Other” and say why in the note")
	}
	f.checkList(&inv, p.ChecklistFor(open))
	checkNote(&inv, f.Note, needsNote(p.Decisions, f.Reason))
	return inv.OrNil()
}
