package views

import "docket/review"

// QueuePage is the ordered list of reviews.
type QueuePage struct {
	Shell
	Lead     string // one sentence that says how bad it is: "61 open reviews. 6 are over the 5-day target, the oldest by 4 days."
	Notices  []Notice
	TakeNext bool // offer "Take the oldest free one" (POST /reviews/next)
	Tab      review.Tab
	Tabs     []QueueTab
	Filters  QueueFilters
	Showing  string // "Showing 1 to 25 of 61, oldest first"
	Caption  string // for screen readers: "Open reviews, oldest first, in bands of waiting time"
	When     string // heading of the time column: "" is "Waiting"; "Closed" on the closed tab
	Because  string // heading of the reason column: "" is "Here because"
	Bands    []QueueBand
	First    Go     // back to the first page, "" on it
	Next     Go     // "Next 25", "" on the last page
	Empty    *Empty // instead of the table
}

// QueueTab is one state of the list with its count.
type QueueTab struct {
	Tab     review.Tab
	Href    string
	Count   string // "1,284"
	Current bool
}

// QueueFilters is the form that shapes the list. Each slice includes the "any" choice.
type QueueFilters struct {
	State     string // kept hidden: the tab
	Search    string
	Kinds     []Option
	Assignees []Option
	Countries []Option
	Tags      []Option
	Sorts     []Option
	Set       []Fact // what is set now, in words: "with" → "you"
	Clear     string // address without them, "" when none is set
}

// QueueBand is one stretch of waiting time. A band without Words has no heading.
type QueueBand struct {
	Tone  Tone   // danger, attention, none
	Words string // "Over target"
	More  string // "waiting more than 5 days · 6 reviews"
	Rows  []QueueRow
}

// QueueRow is one review, or on the fallback tab one transaction.
type QueueRow struct {
	Review      string // "1042"; "" on the fallback tab
	Transaction string // "" when it is about no transaction
	Root        string // "case/case_…"
	About       string // "Case": said when it is about no transaction
	State       string // "open", …, "fallback"
	Href        string
	Subject     Str
	Reference   Str    // "" is said as none
	Country     string // "Kazakhstan"; "" is said as not given
	Tally       []QueueTally
	NoTally     string // what stands there without a tally; "" is "none open"
	Why         Tag    // the part of "here because" that is toned, "" none
	WhyMore     string // the rest of it, plain
	Tags        []string
	Waiting     Time
	Fallback    *Fallback // fallback tab: how the subject gets to the inquiry
	WaitTone    Tone      // in lists without bands; bands tone their rows by themselves
	With        Str       // who has it, "" nobody
	Nobody      string    // said when nobody has it; "" is "free"
	You         bool      // the reader has it
	Claim       string    // action of the claim form; "" when it cannot be claimed from here
	Status      Tag
}

// QueueTally is the open matches of one kind of report.
type QueueTally struct {
	Kind string // "Watchlist"
	N    string // "2"
}

func (r *QueueRow) noTally() string {
	if r.NoTally != "" {
		return r.NoTally
	}
	return "none open"
}

func (r *QueueRow) nobody() string {
	if r.Nobody != "" {
		return r.Nobody
	}
	return "free"
}

func (p QueuePage) because() string {
	if p.Because != "" {
		return p.Because
	}
	return "Here because"
}

func (p QueuePage) when() string {
	if p.When != "" {
		return p.When
	}
	return "Waiting"
}

// Pages leads on in a list that has more than a page.
type Pages struct {
	Label   string // names it among others of the page
	Showing string // "Showing 25 of 312"
	First   Go     // back to where the list begins; zero on the first page
	Next    Go     // zero on the last page
}
