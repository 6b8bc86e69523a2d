package views

import "docket/review"

// PartyPage is one listed party: every match of it, across subjects.
type PartyPage struct {
	Shell
	Name    Str
	Instead string    // heading when no match names it
	Others  []Str     // what else matches call it
	What    string    // "Person, on 3 lists: …"
	Lead    string    // "Found on 14 subjects; judged 11 times: false positive 11."
	Facts   []string  // sentences on what the page cannot show
	Merged  *Merged   // nil: known by one key alone
	Filters []TabLink // by finding
	Showing string
	Caption string
	Rows    []PartyPageRow
	First   Go
	Next    Go
	Empty   *Empty // no match fits the filter
}

// TabLink is one choice of a list's tabs.
type TabLink struct {
	Href    string
	Words   string
	Count   string // "" leaves it out
	Current bool
}

// Merged shows what was taken for one party, so that a wrong merge is seen.
type Merged struct {
	Text string // "3 keys are taken for one party, because …"
	Odds *Notice
	Keys []MergedKey
	Why  []MergedWhy
	More string // "And more keys than are shown.", "" no
}

// MergedKey is what matches of one key say of their party.
type MergedKey struct {
	Label   string // "Key 2"
	Key     string
	Asked   bool // the one in the address
	Name    Str
	Born    string
	From    string // kinds of report and lists
	Matches string
}

// MergedWhy is why two keys are taken for one party.
type MergedWhy struct {
	Words   string // "Keys 1 and 2: same name and birth date, on 3 matches"
	Reviews []Go
	More    string // " and more", "" those are all
}

// PartyPageRow is one match of a listed party.
type PartyPageRow struct {
	Match    string // hook
	Review   string // hook
	Finding  review.Finding
	Seen     Time   // zero: no run tells
	Subject  Str    // zero: none captured
	Href     string // of the review, at the party
	Name     string // "R-1042"
	About    string // reference, or the root that is no transaction
	Kind     review.ReportKind
	Called   Str    // the name on this match; zero: not kept
	Own      string // "key 2" where several are merged; "" where not
	State    review.ListedState
	Reasons  string // premises, or what would have settled it, in words
	Main     string // main reason, in words
	By       Str
	At       Time
	Reviewed bool // it has a finding
}
