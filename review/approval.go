package review

import "time"

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
	ByName   string
	At       time.Time
	Note     string
}
