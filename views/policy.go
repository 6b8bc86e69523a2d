package views

// PolicyPage is the policy in force with all its versions; admins change it here.
type PolicyPage struct {
	Shell
	Lead     string // "Version 3, in force since 4 March. …"
	Notices  []Notice
	Problems Problems
	Form     *PolicyForm  // nil: read only, or a proposal waits
	Parts    []PolicyPart // in force, when there is no form
	Versions []PolicyLine // newest first
}

// PolicyVersionPage is one version: what became of it, what it says, and otherwise than which.
type PolicyVersionPage struct {
	Shell
	Head     string // "Policy, version 4"
	Lead     string
	Tag      Tag
	Notices  []Notice
	Problems Problems
	Facts    []Fact
	Note     Str
	Against  string         // "Otherwise than version 3, in force", "" nothing to compare with
	Changes  []PolicyChange // none with Against: the same
	Replay   []Fact         // figures of the past decisions; none: not asked
	ReplayIs string
	Enact    *PolicyAct
	Withdraw *PolicyAct
	Parts    []PolicyPart
}

// PolicyChange is one line of a diff.
type PolicyChange struct {
	Part string
	What string
	Was  string // "" it was not there
	Is   string // "" it is no more
}

// PolicyAct is a button on a proposal.
type PolicyAct struct {
	Action   string
	Does     string
	Digest   string // of what the page shows
	Password bool   // asks for the password again
	Words    string
}

// PolicyLine is a version in the list of all.
type PolicyLine struct {
	Name     Go
	Tag      Tag
	Proposed Str
	At       Time
	Agreed   Str // "" nobody
	Since    Time
}

// PolicyPart is a part of the document, to be read.
type PolicyPart struct {
	ID    string
	Title string
	Does  string
	Rows  []PolicyRow
	None  string // instead of rows
}

// PolicyRow is one thing that the policy says.
type PolicyRow struct {
	Name string
	Mono bool
	Text string
	More string // "With a note", "" nothing
}

// PolicyForm edits the whole document. Its fields are numbered from 1 within their list:
// finding_code-1, finding_text-1, finding_note-1, finding_keep-1 …
type PolicyForm struct {
	Action    string
	Was       string // the version that it was made from
	Findings  PolicyReasons
	Decisions PolicyReasons
	Rules     []PolicyRule
	Checks    []PolicyCheck
	Spans     []PolicySpan
	Samples   []PolicyNumber
	Kept      []PolicyNumber
	Note      string
}

// PolicyReasons is one list of reasons to edit.
type PolicyReasons struct {
	List  string // prefix of the fields: "finding"
	Title string
	Does  string
	Rows  []PolicyReason
}

// PolicyReason is one reason, or an empty row for another.
type PolicyReason struct {
	N     string
	Code  string
	Text  string
	Note  bool
	Keep  bool
	Fixed bool // docket's own rules need it
	New   bool // its code is still to be chosen
}

// PolicyRule is a case that may ask for a second person.
type PolicyRule struct {
	Code  string
	Words string
	On    bool
}

// PolicyCheck is a line of the checklist, or an empty row for another.
type PolicyCheck struct {
	N        string
	Code     string
	Text     string
	Keep     bool
	New      bool
	Outcomes []Option
	Kinds    []Option
}

// PolicySpan is a span of time in days, hours and minutes.
type PolicySpan struct {
	Name    string
	Words   string
	Does    string
	Days    string
	Hours   string
	Minutes string
}

// PolicyNumber is one whole number.
type PolicyNumber struct {
	Name  string
	Words string
	Does  string
	Value string
}

// TagOfPolicy words what became of a version of the policy.
func TagOfPolicy(state string) Tag {
	switch state {
	case "proposed":
		return Tag{"Waits for a second admin", ToneAttention}
	case "in_force":
		return Tag{"In force", ToneGood}
	case "replaced":
		return Tag{"Replaced", ToneNone}
	case "withdrawn":
		return Tag{"Withdrawn", ToneNone}
	}
	return Tag{odd(state), ToneNone}
}

func (r PolicyReason) retire() string {
	if r.New {
		return "Offer it"
	}
	return "Offered"
}

func (r PolicyReason) legend() string {
	if r.New {
		return "Another reason"
	}
	return r.Code
}

func (c PolicyCheck) legend() string {
	if c.New {
		return "Another line"
	}
	return c.Code
}
