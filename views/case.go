package views

// CasePage is one of Persona's cases: the business and each person that it is about, with what
// is theirs, and what the case itself says.
type CasePage struct {
	Shell
	Main         Main
	Identity     Identity
	Notices      []Notice
	Reviews      []ReviewLine
	None         string // when it has no review: why
	Decisions    []DecisionCard
	Parties      []Party // read-only
	Lead         string
	Examined     []Examined // businesses first
	ExaminedIs   string     // "1 business and 2 people"
	Rest         Examined   // what nobody tells whose it is
	Transactions []CaseTransaction
	Comments     []Comment
	Pictures     *Pictures
	Fields       []Field // the case's own
	Payloads     Payloads
	Fetch        string // POST: asked for anew at Persona; "" when the reader cannot
}

// Examined is one business or person that a case is about.
type Examined struct {
	At       string // suffix of element ids
	Subject  string // hook data-examined: "act_…", "" without an account
	Kind     string // "Business", "Person"
	Name     Str    // "" shows Fallback
	Fallback string // "No name captured"
	Facts    []Fact
	Holds    string // "1 report, 2 records"
	Reports  []Report
	Records  []Record
}

// says that there is something to show.
func (e Examined) says() bool { return len(e.Reports)+len(e.Records) > 0 }

// CaseTransaction is one transaction that a case joins.
type CaseTransaction struct {
	ID        string // hook data-transaction
	Href      string
	Subject   Str
	Reference Str
	Status    Str  // at Persona
	Created   Time // zero: not captured
	Absent    bool // named, never received
}

// Comment is what somebody at Persona wrote on a case.
type Comment struct {
	By   Str
	At   Time
	Text Str
}
