package views

import "docket/review"

// ColleaguesPage is where an admin looks after colleagues.
type ColleaguesPage struct {
	Shell
	Lead     string // "4 colleagues, 1 may not sign in"
	Notices  []Notice
	Problems Problems // At: "" for the add form, "-NAME" for a password form
	Rows     []ColleagueRow
	Add      ColleagueForm
}

// ColleagueRow is one colleague with what can be done. Actions are "" when not offered.
type ColleagueRow struct {
	ID       string // sign-in name
	Name     Str
	Role     review.Role
	You      bool
	Disabled bool
	SignedIn Time   // zero: never
	SetRole  string // POST: role
	Disable  string // POST, no fields
	Enable   string // POST, no fields
	Password string // POST: password
	Record   string // everything on record by them
}

// ColleagueForm adds one: username, name, role, password.
type ColleagueForm struct {
	Action   string
	Username string
	Name     string
	Role     review.Role
}

// only are the problems of one form of the page, with the suffix of its field ids.
func (p Problems) only(id string) Problems {
	at := ""
	if id != "" {
		at = "-" + id
	}
	if p.At != at {
		return Problems{At: at}
	}
	return p
}
