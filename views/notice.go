package views

import "strings"

// Notice is something that the reader must know before going on; at most two on a page.
type Notice struct {
	Tone   Tone   // none, attention, danger, good
	Strong string // "Monitoring halted since 12 June, 05:12 UTC."; "" when nothing calls for attention
	Text   string // "It goes on when every match has a finding …"
	To     Go     // a way on, "" none
	News   bool   // the answer to what was just done: role="status"
	Undo   *Undo  // takes back what was just done; nil: not offered
}

// Problem is one thing to put right.
type Problem struct {
	Field string // the form field's name: "finding", "reason", "note", "outcome", "match", "username", …
	Text  string // what to do, without a full stop
}

// Problems is what stands on top of a page after a mistake: role="alert", each line a link to
// its field. No problem, nothing drawn.
type Problems struct {
	Head string // "" is "Nothing was recorded yet"
	List []Problem
	At   string // suffix of the field ids that the lines point at: "-2" for party 2's form, "" for a page with one form
}

// Of is the text for a field, "" when it has no problem.
func (p Problems) Of(field string) string {
	for _, q := range p.List {
		if q.Field == field {
			return q.Text
		}
	}
	return ""
}

// Option is one choice of a select.
type Option struct {
	Value  string
	Words  string
	Chosen bool
}

// Hidden is one hidden field of a form.
type Hidden struct {
	Name  string
	Value string
}

// Empty is an empty list: a sentence and a way on.
type Empty struct {
	Head string
	Text string
	Acts []Go
}

func (p Problems) head() string {
	if p.Head != "" {
		return p.Head
	}
	return "Nothing was recorded yet"
}

// anchored says that a form field of this name has an element of that id on its page.
func anchored(field string) bool {
	switch field {
	case "finding", "premise", "missing", "reason", "note", "match", "outcome", "username", "name", "password", "current", "role", "from", "to",
		"name_first", "name_middle", "name_last", "birthdate", "address_country_code", "reference_id", "fields",
		"upheld", "entry", "answer", "until", "file", "wait-note", "escalate-note",
		"status", "matches", "inquiry", "case", "types", "case_approved", "case_declined":
		return true
	}
	_, row, ok := strings.Cut(field, "-") // a row of several: "field-2", "approved-1"
	return ok && row != "" && strings.Trim(row, "0123456789") == ""
}
