package views

import "docket/review"

// BulkPage lists every party that one reason holds for, or that was cleared before for reasons
// that all still hold, to be judged in one act. No box is ticked beforehand; each party gets a
// finding of its own.
type BulkPage struct {
	Shell
	Main     Main
	Identity Identity
	Problems Problems
	Head     string // "The birth year conflicts on 14 parties"
	Lead     string // what the act does
	None     string // instead of the form: none is left
	Hold     *Hold  // the reader cannot judge; the list is there to be read
	Held     bool   // the parties were cleared before: their reasons stand in place of the values
	Rows     []BulkRow
	Form     *BulkForm // nil: none to judge, or the reader cannot
	Back     Go
}

// BulkForm is one reason, one note, one act.
type BulkForm struct {
	Action   string
	Evidence string
	Premise  string   // the reason, without amount; "" the reasons are carried over
	Carries  []string // earlier findings
	Reasons  *Reasons // the main reasons to choose from; nil: none is asked
	Reason   review.Reason
	Note     string
	Act      string // on the button
	Back     string // hidden: which page to show again
	Problems []Problem
}

// BulkRow is one party of the list.
type BulkRow struct {
	Number   string
	Name     Str
	Fallback string
	Kinds    string // "Watchlist, 2 matches"
	Href     string // to the party on the review
	Boxes    []BulkBox
	Ours     string          // "14 March 1986"
	Theirs   string          // "1979"
	Apart    string          // "Birth year differs by 7"
	Premises []TestedPremise // cleared before: the reasons; else none
	Since    string          // cleared before: when and by whom
	Verdicts []Verdict
}

// BulkBox is the box of one match. A party with several matches has one each.
type BulkBox struct {
	ID     string
	Match  string
	Words  string // names the match where the party has several; else ""
	Ticked bool
}

func (f *BulkForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }
