package review

import (
	"slices"
	"strings"
	"time"
)

// Answer is how the second person answered a decision, or what ended the wait for one.
type Answer string

const (
	AnswerApprove Answer = "approve" // agreed: the decision takes effect, approve or decline
	AnswerReturn  Answer = "return"  // sent back to the first person, with a note
	AnswerMoved   Answer = "moved"   // nobody answered: the evidence moved, and the first person has it again
)

// Answers lists every value.
func Answers() []Answer { return []Answer{AnswerApprove, AnswerReturn, AnswerMoved} }

// Approval is the second person's answer to a decision that policy says needs one.
type Approval struct {
	Entry    EntryID
	Decision EntryID
	Answer   Answer
	By       ColleagueID // "" when the evidence moved
	ByName   string      // as it was then
	At       time.Time
	Note     string
}

// ApprovalForm is what a second person sends.
type ApprovalForm struct {
	Answer   Answer
	Note     string
	Evidence string
	Decision EntryID // the one that the page showed; 0: whichever waits
}

// Check says what is missing or wrong.
func (f ApprovalForm) Check() error {
	var inv Invalid
	if f.Answer != AnswerApprove && f.Answer != AnswerReturn {
		inv.Add("answer", "Choose to agree or to return it")
	}
	if f.Answer == AnswerReturn && strings.TrimSpace(f.Note) == "" {
		inv.Add("note", "Say in the note why you return it")
	}
	checkNote(&inv, f.Note, false)
	return inv.OrNil()
}

// CanApprove says whether a colleague may be the second person for a decision on a review: a lead or
// an admin, and not the one who made it. The store calls it inside the write.
func CanApprove(r Review, d Decision, by Colleague) error {
	switch {
	case by.Disabled, by.Role != RoleLead && by.Role != RoleAdmin, by.ID == d.By:
		return ErrForbidden
	case r.State != StateApproval, !d.Awaits():
		return ErrConflict
	}
	return nil
}

// Awaits says that a decision waits for a second person.
func (d Decision) Awaits() bool { return d.Second && d.Approval.Answer == "" }

// InEffect says that a decision counts: it needed no second person, or one agreed. Only such a
// decision closes a review, is told to Persona and leaves in exports.
func (d Decision) InEffect() bool { return !d.Second || d.Approval.Answer == AnswerApprove }

// Since is when a decision took effect; zero when it did not.
func (d Decision) Since() time.Time {
	switch {
	case !d.Second:
		return d.At
	case d.Approval.Answer == AnswerApprove:
		return d.Approval.At
	}
	return time.Time{}
}

// The keys of what the entry of a decision says in public besides its fields, each a list of words
// with commas between.
const (
	DetailSecond = "second" // the rules by which it needs a second person
	DetailFacts  = "facts"  // what of DecisionFacts holds that stands nowhere else: reopened, untold, escalated
)

// The words of DetailFacts.
const (
	factReopened  = "reopened"
	factUntold    = "untold"
	factEscalated = "escalated"
)

// FactsOf reads what says whether a decision needs a second person: from the dossier with its parties,
// the open matches that it rests on with the findings that stand, and the findings of other reviews.
func FactsOf(d Dossier, parties []Party, open []Match, stands, earlier []Disposition) DecisionFacts {
	f := DecisionFacts{Tally: TallyOf(open, stands), Untold: d.Untold()}
	if len(open) > 0 {
		tested := Retests(d, parties, earlier)
		f.Reopened = slices.ContainsFunc(open, func(m Match) bool { return tested[m.Key].Reopened() })
	}
	return f
}

// Detail is what the entry of a decision says of these facts, given the rules that ask for a second
// person. PastFacts reads it back.
func (f DecisionFacts) Detail(asks []SecondRule) map[string]string {
	detail := map[string]string{}
	var words []string
	for _, r := range asks {
		words = append(words, string(r))
	}
	if len(words) > 0 {
		detail[DetailSecond] = strings.Join(words, ",")
	}
	words = nil
	for _, w := range []struct {
		holds bool
		word  string
	}{{f.Reopened, factReopened}, {f.Untold, factUntold}, {f.Escalated, factEscalated}} {
		if w.holds {
			words = append(words, w.word)
		}
	}
	if len(words) > 0 {
		detail[DetailFacts] = strings.Join(words, ",")
	}
	return detail
}

// PastFacts is what of a recorded decision says whether it needs a second person.
func PastFacts(d Decision, detail map[string]string) DecisionFacts {
	words := strings.Split(detail[DetailFacts], ",")
	return DecisionFacts{Outcome: d.Outcome, Reason: d.Reason, Tally: d.Tally, Corrects: d.Corrects != 0,
		Reopened: slices.Contains(words, factReopened), Untold: slices.Contains(words, factUntold), Escalated: slices.Contains(words, factEscalated)}
}

// AskedBy reads the rules by which a recorded decision needed a second person.
func AskedBy(detail map[string]string) []SecondRule {
	if detail[DetailSecond] == "" {
		return nil
	}
	var rules []SecondRule
	for w := range strings.SplitSeq(detail[DetailSecond], ",") {
		rules = append(rules, SecondRule(w))
	}
	return rules
}
