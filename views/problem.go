package views

// ProblemPage says what happened, what is safe and what to do. For statuses 400 to 503.
type ProblemPage struct {
	Shell
	Status    int    // said small; the words say it first
	Head      string // "" is the usual one for the status
	Text      string // "" is the usual one
	Reference string // the request id, "" none
	Acts      []Go   // ways on; none: the queue
}
