package views

import "docket/review"

// DecisionsPage is the audit list.
type DecisionsPage struct {
	Shell
	Lead     string
	Exports  []Go // "Export 46 as CSV", "as NDJSON"
	Search   string
	From, To string // YYYY-MM-DD as typed
	Outcomes []Option
	People   []Option
	Clear    string   // address without filters, "" when none is set
	Problems Problems // fields "from", "to"
	Showing  string
	Caption  string
	Rows     []DecisionRow
	First    Go
	Next     Go
	Empty    *Empty
}

// DecisionRow is one decision in the list.
type DecisionRow struct {
	Review   string // "1042", hook
	Entry    string // "18209", hook
	AsSeen   string // address of the review as it stood then
	Number   string // "18,209"
	Outcome  review.Outcome
	Href     string
	Name     string // "R-1042"
	Subject  Str
	About    Go // the inquiry or case that it is about; zero for a transaction
	At       Time
	Tally    string
	True     bool   // a true match is among the findings
	Reason   string // in words
	By       Str
	Role     review.Role
	Corrects string // "corrects 18,190", "" no
	Past     bool   // a later one stands on it
}
