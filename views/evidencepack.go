package views

import "docket/review"

// PackTake is the way to take the evidence pack of a review; nil where the reader may not.
type PackTake struct {
	Action string // GET /reviews/{id}/evidence.zip
	Words  string
	Record string // everything about the subject; "" without a link
}

// PackAskPage asks for which days a pack is to be taken.
type PackAskPage struct {
	Shell
	Problems Problems
	From, To string
	Sample   string
	Seed     string
}

// PackPage is a page of an evidence pack: it is read away from docket, so it stands alone, without
// places, scripts or anything to press.
type PackPage struct {
	Title    string // "R-1042 Orlan Temur Kasymbek"
	Style    string // address of the stylesheet, from here
	Identity Identity
	Foot     string // what the page belongs to, and how to tell that nobody changed it
	Notices  []Notice
}

// PackIndexPage is the first page of a pack: what it is about, and what is in it.
type PackIndexPage struct {
	PackPage
	Reviews []PackRow
	Leads   string // "3 reviews, in the order of their decisions"
	Parts   []PackPart
	Check   []PackStep
	Limits  []string
}

// PackRow is one review in the list of a pack.
type PackRow struct {
	Review   Go
	Subject  Str
	Fallback string // of one without a name, or of whom it was erased
	Tag      Tag
	Reason   string // in words, "" not decided
	At       Time
	By       Str
	Second   Str // who agreed, "" nobody was asked or nobody did
	Policy   Go
	Entries  string
}

// PackPart is one kind of file in a pack.
type PackPart struct {
	Name  string // "payloads/"
	Words string
	Count string // "14 files"
}

// PackStep is one way to check a pack.
type PackStep struct {
	Words   string
	Command string
}

// PackReviewPage is one review of a pack.
type PackReviewPage struct {
	PackPage
	Decisions []PackDecision
	Undecided string // instead of them
	Findings  []PackFinding
	Stages    []PackStage
	Trail     Trail
	Attached  []PackAttached
	Payloads  []PackPayload
	Files     []Go // the same for machines
}

// PackDecision is a decision with the second person's answer.
type PackDecision struct {
	Card   DecisionCard
	Policy Go
	Rules  string // "Compared by version 3 of the rules."
}

// PackFinding is the finding that held on one or several matches of a party.
type PackFinding struct {
	Party    Str
	Fallback string // of a party without a name
	Matches  string
	Finding  review.Finding
	Reason   string // the main one, in words
	Premises []PackPremise
	Note     Str
	By       Str
	At       Time
	Entry    string
}

// PackPremise is one checkable fact, as it stood.
type PackPremise struct {
	Words  string
	Ours   string
	Theirs string
}

// PackStage leads to the evidence as it stood when somebody judged on it.
type PackStage struct {
	Page   Go
	Words  string // "Entries 12, 14 and 17 rest on it"
	Digest []string
}

// PackPayload is one payload behind the evidence.
type PackPayload struct {
	File   Go
	Hash   string
	What   Str
	From   string
	At     Time
	Bytes  string
	Erased string // "personal data was erased on 3 March 2026", "" it is as it came
}

// PackAttached is a file that a colleague added to the review.
type PackAttached struct {
	Name   Str    // as its sender called it, or that it had no name
	Href   string // "" it was erased
	Kind   string // "application/pdf"
	Bytes  string
	Hash   []string
	By     Str
	At     Time
	Entry  string
	Erased string // "erased: …", "" it is there
}

// PackStagePage is a review as it stood when somebody judged: the comparison, attribute by attribute.
type PackStagePage struct {
	PackPage
	Seen      AsSeen
	Lead      string
	Parties   []Party
	None      string
	Dismissed []Party
	Away      string
	Reports   []PackReport
	States    []PackState
}

// PackReport is one report that was looked at.
type PackReport struct {
	Words   string // "Watchlist"
	ID      Str
	Capture string
	Query   Str
	Ran     Time
	Matches string
}

// PackState is one state that the evidence names.
type PackState struct {
	Ref    Str
	File   Go
	Erased bool
}
