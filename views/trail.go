package views

import "docket/review"

// Trail is the append-only record, newest first.
type Trail struct {
	Head    string // "Newest first, 23 entries"
	Entries []Entry
}

// Entry is one line of it.
type Entry struct {
	ID     string // hook data-entry, "18209"
	Number string // "18,209"
	AsSeen string // address of the review as it stood then, "" when no evidence belongs to the entry
	Act    review.Act
	Time   Time   // to the second
	By     Str    // "You" for the reader, "" when docket itself acted
	Words  string // what was done, after the name: "found a false positive, 2 matches of party 4"
	Detail string // second line
	Quote  Str    // a note
}

// Payloads are the bytes behind a page.
type Payloads struct {
	Head string // "Bytes exactly as received", "The newest 200 of 1,284"
	Rows []Payload
}

// Payload is one of them.
type Payload struct {
	Href    string
	Address string // "c07d 51e9 8a3f 20b6"
	What    Str    // what it was read as
	Source  string
	Time    Time
	Bytes   string // "41,882"
}

func (p Payloads) head() string {
	if p.Head != "" {
		return p.Head
	}
	return "Bytes exactly as received"
}
