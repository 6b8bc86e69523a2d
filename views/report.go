package views

import "docket/review"

// Report is one kind of screening on the subject: query, runs, ignore list, the rest.
type Report struct {
	ID      string // "rep_…", hook data-report
	Kind    string // hook data-kind
	Capture review.Capture
	At      string // suffix of element ids, unique on the page: "1"
	Label   string // "Watchlist"
	Href    string // its resource page, "" none
	Tags    []Tag  // "Monitoring halted 6 days", "No matches"
	Query   []QueryField
	Same    string   // instead of Query: "The same 6 values as the watchlist"; the fold then holds Query
	Lines   []string // what must be said of it: thin, template, frozen query
	Parties []Go     // the pages of those that its open matches name
	Further int      // how many more there are
	Runs    []Run
	RunsOf  string // aria-label: "" is "Runs of Watchlist, oldest first"
	RunNote string // "Persona sent no runs for this report; these are the ones that reached us."
	Ignored []Ignored
	Fields  []Field       // everything else that it said
	Keep    *Keep[Report] // its markup, between pages; nil: it is drawn each time
}

// QueryField is one value that the report was run with.
type QueryField struct {
	Key   string // hook data-query
	Label string // "First name"
	Value Value
}

// RunMark draws one ring on the line.
type RunMark string

const (
	RunClear RunMark = "clear" // left nothing open
	RunFound RunMark = "found" // left open matches: monitoring stands still after it
	RunActed RunMark = "act"   // someone did something, no run
	RunNext  RunMark = "next"  // the coming run
	RunBlank RunMark = "blank" // ran, what it left is not known
)

// Run is one ring: a run, or something that someone did between two.
type Run struct {
	Act       bool   // not a run: no data-run hooks
	Type      string // hook data-run-type
	Completed string // hook data-run-completed: RFC 3339 or ""
	Mark      RunMark
	Dot       string // in the ring: number of open matches; "" is what the mark says: 0, ✓ or –
	Time      Time   // day
	Note      string // "2 new, halted"
	Tone      Tone   // attention for what stands still now
}

// Ignored is one entry of Persona's ignore list.
type Ignored struct {
	Time   Time
	By     Str
	Reason Str
	What   Str // what was dismissed
}

func (r *Report) runsOf() string {
	if r.RunsOf != "" {
		return r.RunsOf
	}
	return "Runs of " + r.Label + ", oldest first"
}

func (n Run) dot() string {
	switch {
	case n.Dot != "":
		return n.Dot
	case n.Mark == RunActed:
		return "✓"
	case n.Mark == RunClear:
		return "0"
	}
	return "–"
}
