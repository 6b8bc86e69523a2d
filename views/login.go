package views

// LoginPage is the way in. 200, 422 (they do not fit together), 429 and 503 (wait).
type LoginPage struct {
	Shell
	Next     string // local path to come back to, "" the queue
	Username string // as typed
	Head     string // problem, "" none: "Name and password do not fit together"
	Text     string // what to do about it
	Note     string // said when there is nothing wrong: "You were signed out", "" none
}

// SetUpPage makes the first admin, from a link that works once.
type SetUpPage struct {
	Shell
	Token    string
	Username string // as typed
	Name     string // as typed
	Problems Problems
}

// AccountPage is the signed-in colleague's own: password and keys.
type AccountPage struct {
	Shell
	Facts    []Fact
	Notices  []Notice
	Problems Problems // fields "current", "password"
	Action   string   // POST: current, password
}
