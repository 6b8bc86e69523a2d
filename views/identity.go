package views

// Identity is the bar that says who a page is about and where it stands.
type Identity struct {
	Path     []Go   // where you are: the last one has no Href
	Place    string // "6 of 61 in the queue", "" not in it
	Previous string // address of the older neighbour, "" none
	Next     string // address of the younger neighbour, "" none
	Prefix   string // words before the name in the heading: "Decide:", "Transaction of"
	Name     Str    // the subject; "" shows Fallback
	Fallback string // heading when there is no name: "No name captured"
	Status   Tag
	Claim    Claim
	Facts    []Fact
}

// Main is what <main> carries for tests and scripts. Each is there, empty where there is none.
type Main struct {
	Review      string // "1042"
	Transaction string // "" when it is about no transaction
	Root        string // "transaction/txn_…", "case/case_…"
	State       string
	Evidence    string // hex digest
}

// Claim is who has a review, and what the reader may do about it. Actions are "" when not offered.
type Claim struct {
	Words    string // "Claimed by you until", "With Sefa Tuilagi until", "Nobody has it"
	Until    Time   // zero: Words stand alone
	Claim    string // POST action
	Release  string // POST action
	TakeOver string // POST action, for leads and admins
}
