package views

// Precedent is what was found on a listed party for other subjects. It is folded: nothing of the
// outcome shows before the reader has had the comparison.
type Precedent struct {
	Summary string // "Judged 11 times before, for other subjects"
	Found   string // "False positive in 11 of 11."
	Reasons []PrecedentReason
	Party   Go // the page of the listed party
}

// PrecedentReason is one kind of reason on which false positives rested, and whether it stands
// here.
type PrecedentReason struct {
	Kind     string // hook
	Standing string // hook: holds, broken, untestable
	Words    string // "Each time because the birth year conflicted. It conflicts here too, so that reason carries over."
}
