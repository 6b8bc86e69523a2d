package views

// Follow says how far a transaction has come at Persona, for whoever asked for it or waits.
type Follow struct {
	Every  string // hook data-follow: seconds until the page looks again; "" when nothing moves
	Steps  []FollowStep
	Words  string // what is going on, in a sentence: "Persona is screening."
	More   string // what comes next, or how often the page looks
	To     Go     // the review that it became; "" none
	Notice string // why it does not move: "Persona cannot be reached; it is tried again."
}

// FollowStep is one step: asked, screening, result.
type FollowStep struct {
	Words string // "Asked", "Approved"
	Time  Time
	Done  bool
	Now   bool
	Tone  Tone // of a result
}

// FollowPage is a transaction that was asked for and has not come back yet.
type FollowPage struct {
	Shell
	Main   Main
	Follow Follow
}

// Fallback is the inquiry that a transaction waits for: how its subject gets to it.
type Fallback struct {
	Inquiry Go     // its page
	Status  Tag    // "created", "pending", "expired"
	Expires Value  // when it expires, or that this was not captured
	Past    bool   // that moment is over
	Words   string // which form of the link fits, in a sentence
	Link    string // the address to hand over, when the plain one works; "" when one has to be made
	Action  string // POST /transactions/{id}/link; "" when the reader cannot, or Persona is not connected
	Acts    []LinkAct
	Hold    string // why there is no button, "" when there is one
}

// LinkAct is one way to make a link: the value of the field "make".
type LinkAct struct {
	Make  string // "one-time", "resume"
	Words string // "Make a one-time link"
	Hint  string // "Works once, for 24 hours."
	Main  bool
}

// LinkPage shows a link that was just made: once, here, and nowhere else.
type LinkPage struct {
	Shell
	Head    string // "One-time link"
	Subject Str    // for whom
	Link    string
	Until   Time
	Words   string // what it is good for
	Back    Go
}
