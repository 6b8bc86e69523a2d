package views

// ScreenPage asks Persona to screen somebody.
type ScreenPage struct {
	Shell
	Lead     string // at which of Persona's environments: "At Persona’s sandbox: nobody real is screened."
	Notices  []Notice
	Problems Problems
	Form     *ScreenForm // nil: Hold says why
	Hold     *Hold
}

// ScreenForm is who is to be screened: reference_id, name_first, name_middle, name_last,
// birthdate, address_country_code, field (NAME=VALUE, repeatable), key.
type ScreenForm struct {
	Action      string
	Key         string // made when the form was drawn, so that sending it twice screens once
	ReferenceID string
	NameFirst   string
	NameMiddle  string
	NameLast    string
	Birthdate   string
	Country     string
	Countries   []Option      // code and name, offered while typing
	Fields      []ScreenField // further fields; always at least one row
	Consequence string        // what pressing does, before the press
	Act         string        // words on the button: "Screen in the sandbox"
}

// ScreenField is one row of a further field.
type ScreenField struct {
	ID    string // "field-1": the row's element, and the field that a problem names
	Label string // "Email address", or "Field 3"
	Value string // "email_address=", "email_address=a@example.org"
}

// describes are the ids of what explains a field: its problem, then its hint.
func (p Problems) describes(field string, hinted bool) string {
	var ids string
	if p.Of(field) != "" {
		ids = field + "-problem"
	}
	if hinted {
		if ids != "" {
			ids += " "
		}
		ids += field + "-hint"
	}
	return ids
}
