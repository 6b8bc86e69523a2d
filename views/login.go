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

// ProvePage asks for the password again before something that takes much away at once. 200, 422.
type ProvePage struct {
	Shell
	Action   string // POST: password, next
	Next     string // local path that is led on to
	Name     string // who signs in, for managers of passwords
	On       Go     // where it leads on, once the password was checked; zero: it is asked for
	Back     Go
	Problems Problems // field "password"
}

// ProveFormPage asks for the password again before a form is acted on, and sends the form with it.
type ProveFormPage struct {
	Shell
	Action   string // POST: proof, what is kept, and password if Secret
	Lead     string // what is about to be done
	Kept     []Kept
	Secret   string // label of a password that the form sets, to be typed anew; "" it sets none
	Name     string // who signs in, for managers of passwords
	Back     Go
	Problems Problems // field "proof"
}

// Kept is a field that was typed before.
type Kept struct{ Name, Value string }

// AccountPage is the signed-in colleague's own: password and keys.
type AccountPage struct {
	Shell
	Facts    []Fact
	Notices  []Notice
	Problems Problems // fields "current", "password"
	Action   string   // POST: current, password
}
