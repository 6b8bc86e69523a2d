package views

// TellingPage is where an admin says what Persona is told once a decision is final.
type TellingPage struct {
	Shell
	Lead     string
	Notices  []Notice
	Problems Problems
	Form     TellingForm
}

// TellingForm: status, fields, matches, inquiry, case (on), per type type, approved, declined,
// reason_field, note_field, by_field (repeatable, in step), case_approved, case_declined, was.
type TellingForm struct {
	Action       string
	Was          string // digest of what the page showed, so that two admins do not overwrite each other
	Switches     []TellingSwitch
	Types        []TellingType // those configured, then one empty row
	CaseApproved string
	CaseDeclined string
}

// TellingSwitch is one act at Persona, on or off.
type TellingSwitch struct {
	Name   string // the form field
	Words  string // "Set the transaction’s status"
	Does   string // what it does at Persona, in plain words
	Needs  string // what it needs besides, "" nothing
	On     bool
	Cannot string // what Persona offers no call for, "" nothing to say
}

// TellingType is how one transaction type is told.
type TellingType struct {
	ID          string // suffix of the row's element ids: "1"
	Words       string // "Every other type", "Type 2", "Another type"
	Type        string
	Approved    string
	Declined    string
	ReasonField string
	NoteField   string
	ByField     string
}
