package views

// AsSeenPage is a review as it stood when an entry of its trail was written: nothing on it acts.
type AsSeenPage struct {
	Shell
	Main        Main // state and evidence as they were then
	Identity    Identity
	Seen        AsSeen
	Decisions   []DecisionCard // made by then, newest first
	Lead        string
	Parties     []Party // without forms
	None        string  // instead of parties
	Dismissed   []Party
	Away        string
	Reports     []Report
	ReportsIs   string
	Pictures    *Pictures
	Records     []Record
	RecordsIs   string
	Attachments *Attachments
	Trail       Trail // up to the entry
	Panel       Panel
}

// AsSeen is the banner that says which moment a page shows.
type AsSeen struct {
	Entry  string // "18,209"
	By     Str    // whose entry; "" when docket itself acted
	Words  string // what was recorded: "found a false positive, 2 matches of party 4"
	Time   Time   // to the second, with the year
	Years  string // "Days without a year are of 2025."; "" when the year is this one
	Facts  []Fact
	Digest []string // of the evidence, in groups of eight
	Now    Go       // the review as it stands now
}
