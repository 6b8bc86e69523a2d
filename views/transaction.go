package views

// TransactionPage is a transaction by Persona's id, with all its reviews.
type TransactionPage struct {
	Shell
	Main      Main
	Identity  Identity
	Notices   []Notice
	Follow    *Follow   // nil: it was never followed from here, or settled long ago
	Fallback  *Fallback // nil: it waits for no inquiry
	Told      *Told     // nil: nothing to say
	Pictures  *Pictures
	Reviews   []ReviewLine
	None      string // when it has no review: why
	Decisions []DecisionCard
	Parties   []Party // read-only
	Lead      string
	Reports   []Report
	ReportsIs string
	Fields    []Field // the transaction's own
	Records   []Record
	RecordsIs string
	Payloads  Payloads
}

// ReviewLine is one review of a transaction, inquiry or case.
type ReviewLine struct {
	Review string // "1042", hook
	Href   string
	Name   string // "R-1042"
	Status Tag
	Opened Time
	Closed Time   // zero while it lasts
	Words  string // how it ended, why it opened
}
