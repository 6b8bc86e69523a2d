package views

// StalePage is the 409 when the evidence moved: nothing was recorded, then and now, what was typed.
type StalePage struct {
	Shell
	Main     Main
	Identity Identity
	Strong   string      // "Your decision was not recorded, and nothing was sent"
	Text     string      // what happened, when, and why it was refused
	Changes  *Comparison // then | now; nil: cannot be told, Unknown says why
	Lead     string      // "2 changes, 1 new match"
	Left     string      // "and 14 more changes" that have no row, "" when all have one
	Unknown  string
	Effects  []Effect
	Kept     []Fact    // what was typed
	Return   *KeptForm // brings what was typed back to its page
	Acts     []Go
	Then     []string // digest shown, in groups of eight
	Now      []string // digest that holds
	Entry    string   // "18,231": the refusal in the trail, "" none
}

// Effect is what the change does to one finding.
type Effect struct {
	Differs bool // look again; else it stands
	Strong  string
	Text    string
}

// KeptForm carries what was typed, unseen, back to the page that asks for it.
type KeptForm struct {
	Action string
	Hidden []Hidden
	Words  string // on the button
}
