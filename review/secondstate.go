package review

// SecondState is how far a decision is with its second person.
type SecondState string

const (
	SecondNotNeeded SecondState = "none"     // the policy asks for none: it took effect at once
	SecondWaiting   SecondState = "waiting"  // nobody has answered yet: it has no effect yet
	SecondAgreed    SecondState = "agreed"   // it is in effect
	SecondReturned  SecondState = "returned" // it went back to its maker and never took effect
	SecondMoved     SecondState = "moved"    // the evidence moved before anybody answered; it never took effect
)

// SecondStates lists every value.
func SecondStates() []SecondState {
	return []SecondState{SecondNotNeeded, SecondWaiting, SecondAgreed, SecondReturned, SecondMoved}
}

// State is how far the decision is with its second person.
func (d Decision) State() SecondState {
	switch {
	case !d.Second:
		return SecondNotNeeded
	case d.Approval.Answer == AnswerApprove:
		return SecondAgreed
	case d.Approval.Answer == AnswerReturn:
		return SecondReturned
	case d.Approval.Answer == AnswerMoved:
		return SecondMoved
	}
	return SecondWaiting
}
