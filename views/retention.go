package views

import "docket/review"

// RetentionPage is how long records are kept, whose may go by now, what was asked to go, and what a
// hold keeps.
type RetentionPage struct {
	Shell
	Lead     string
	Notices  []Notice
	Problems Problems
	Classes  []RetentionRow
	Due      []DueRow
	DueIs    string
	More     Go // the next page of due subjects, "" none
	Requests []ErasureRow
	Holds    []HoldRow
	Acts     bool // the reader may ask and hold
	Ask      AskForm
	Hold     HoldForm
}

// RetentionRow is one class of records.
type RetentionRow struct{ Class, Kept, All, Held, Due string }

// DueRow is one subject that may go.
type DueRow struct {
	Subject string // its id
	About   string
	Reviews []Go
	Class   string
	Since   Time
	Due     Time
	Goes    Go // what goes, to the list of it
	Asked   Go // the request that it is part of; "" it can be ticked
	Ticked  bool
}

// AskForm is what was typed to ask for an erasure.
type AskForm struct {
	Subject string // typed, beside what was ticked
	Ground  review.ErasureGround
	Words   string
}

// ErasureRow is one request in the list.
type ErasureRow struct {
	To     Go
	Ground string
	Who    string
	At     Time
	Goes   string
	State  Tag
}

// HoldRow is one hold.
type HoldRow struct {
	Number  string
	About   string
	Reviews []Go
	Who     string
	At      Time
	Words   Str
	Lift    string // where the form goes; "" it cannot be lifted by this reader
	Lifted  string // when and by whom; "" it holds
}

// HoldForm is what was typed to set a hold.
type HoldForm struct{ Object, Words string }

// ErasurePage is one request: what would go, or went, and who said so.
type ErasurePage struct {
	Shell
	Head     string
	Lead     string
	Notices  []Notice
	Problems Problems
	Facts    []Fact
	Words    Str
	GoesIs   string // "What goes", or went
	Goes     []Fact
	Subjects []ErasureSubjectRow
	Agree    string // where the forms go; "" the reader may not
	Refuse   string
	List     string
	Own      bool // the reader asked: refusing is taking back
	Back     Go
}

// ErasureSubjectRow is one subject of a request.
type ErasureSubjectRow struct {
	About   string
	Reviews []Go
	Goes    Go // what goes, or went; to the list of it while it is there
	State   Tag
}

// RetentionClassWords words a class.
func RetentionClassWords(c review.RetentionClass) string {
	switch c {
	case review.RetainCleared:
		return "Cleared subjects"
	case review.RetainDeclined:
		return "Declined subjects, and those with a true match"
	case review.RetainUnjudged:
		return "Subjects that were never reviewed"
	case review.RetainAccess:
		return "Access log"
	}
	return odd(string(c))
}

// ErasureGroundWords words a ground.
func ErasureGroundWords(g review.ErasureGround) string {
	switch g {
	case review.GroundRetention:
		return "The time of keeping is over"
	case review.GroundRequest:
		return "The person asked for it, and nothing obliges us to keep it"
	case review.GroundOrder:
		return "A court or an authority ordered it"
	case review.GroundMistake:
		return "It should never have come here"
	}
	return odd(string(g))
}
