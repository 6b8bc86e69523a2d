package review

import "time"

// Tab is one of the queue's lists.
type Tab string

const (
	TabOpen     Tab = "open"
	TabApproval Tab = "approval"
	TabWaiting  Tab = "waiting"
	TabFallback Tab = "fallback"
	TabClosed   Tab = "closed"
	TabAll      Tab = "all"
)

// Tabs lists every value in the order of the page.
func Tabs() []Tab { return []Tab{TabOpen, TabApproval, TabWaiting, TabFallback, TabClosed, TabAll} }

// Sort is an order of the queue.
type Sort string

const (
	SortOldest  Sort = "oldest"
	SortNewest  Sort = "newest"
	SortMatches Sort = "matches" // most first
	SortSubject Sort = "subject" // A to Z
)

// Sorts lists every value; the first is the default.
func Sorts() []Sort { return []Sort{SortOldest, SortNewest, SortMatches, SortSubject} }

// QueueQuery shapes the queue. Its zero value is the open reviews, oldest first.
type QueueQuery struct {
	Tab      Tab
	Search   string     // by subject, reference id or Persona id; any script, diacritics folded
	Kind     ReportKind // "" any; one of the screening kinds
	Assignee string     // "" anyone, "free", "escalated" (handed to a lead), or a colleague's id
	Country  string     // "" any, an alpha-2 code
	Tag      string     // "" any
	Sort     Sort
	After    string // keyset cursor from QueuePage.Next; "" the first page
	Limit    int    // rows on a page, 1 to 100; 0: 25
}

// QueueRow is one line of the queue.
type QueueRow struct {
	Review      ReviewID // 0 on the fallback tab
	Root        Ref
	Transaction TransactionID // the root when it is a transaction, else ""
	State       State
	Opening     Opening
	Status      string // Persona's, verbatim
	Subject     string
	SubjectKind PartyKind
	Reference   string
	Country     string // alpha-2, "" not given
	Tags        []string
	Tally       []KindCount
	Matches     int // open ones
	Answered    int // of these, with a finding
	HaltedSince time.Time
	Why         Why
	OpenedAt    time.Time
	ClosedAt    time.Time
	Closing     Closing
	Outcome     Outcome // of the decision that holds, "" when none
	Claim       Claim
	Inquiry     string // fallback tab: the inquiry that the subject has to finish

	// Of what is not closed, without the notes.
	Proposed   *Decision   // the newest decision, when it waits for a second person or was given back
	Wait       *Wait       // the newest, over or not
	Escalation *Escalation // the newest
}

// Why is the short fact that explains a row.
type Why string

const (
	WhyFirst     Why = "first"      // first screening
	WhyAgain     Why = "again"      // the root came back
	WhyNewMatch  Why = "new-match"  // a monitored report gained a match
	WhyNoDetails Why = "no-details" // a match is reported, its details were not captured
	WhyErrored   Why = "errored"    // a report errored
	WhyNoMatch   Why = "no-match"   // no open match
	WhyListOnly  Why = "list-only"  // only lists are named, no party
	WhyFailed    Why = "failed"     // a verification check failed
	WhyNothing   Why = "nothing"    // no report captured at all
	WhyErased    Why = "erased"     // personal data was erased at Persona: nothing can be compared
)

// Whys lists every value.
func Whys() []Why {
	return []Why{WhyFirst, WhyAgain, WhyNewMatch, WhyNoDetails, WhyErrored, WhyNoMatch, WhyListOnly, WhyFailed, WhyNothing, WhyErased}
}

// Count is a number that is exact up to a bound.
type Count struct {
	N    int
	More bool // there are more than N
}

// Bands counts open reviews by how long they have waited.
type Bands struct {
	Over   int // over the target
	Soon   int // within the warning band
	InTime int
	Oldest time.Time
}

// QueuePage is one page of the queue.
type QueuePage struct {
	Rows  []QueueRow
	Total Count  // of the filtered list
	Next  string // cursor of the next page, "" on the last
	Tabs  map[Tab]int
	Bands Bands // of the whole open tab, unfiltered
}

// FilterOption is one value that a filter can take now.
type FilterOption struct {
	Value string
	Label string
	N     int
}

// QueueFilters are the values that the queue can be filtered by.
type QueueFilters struct {
	Kinds     []FilterOption
	Countries []FilterOption
	Tags      []FilterOption
	Assignees []FilterOption
}
