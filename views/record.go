package views

import "docket/review"

// RecordPage is everything that is on record about a subject, by a colleague, or at all.
type RecordPage struct {
	Shell
	Lead        string
	Exports     []Go
	Review      string // as typed
	Transaction string
	Reference   string
	Account     string
	From, To    string // YYYY-MM-DD as typed
	People      []Option
	Shows       []Option // entries, openings, both
	Clear       string   // address without filters, "" when none is set
	Problems    Problems
	Reviews     []RecordReview
	MoreReviews string // said when not all reviews are listed
	Left        []RecordRow
	Head        string // over the lines
	Showing     string
	Caption     string
	Rows        []RecordRow
	First, Next Go
	Empty       *Empty
}

// RecordReview is one review of the subject.
type RecordReview struct {
	Href    string
	Name    string // "R-1042"
	Subject Str
	Opened  Time
	State   Tag
	Outcome Tag // zero: none
	Decided Time
}

// RecordRow is one line of the record: an entry of the trail, or an opening.
type RecordRow struct {
	Entry  string // hook data-entry, "18209"; "" an opening
	Number string // "18,209"
	AsSeen string // address of the review as it stood then, "" none
	Act    review.Act
	Access review.AccessKind // "" an entry
	Time   Time
	By     Str    // zero: docket itself
	Person string // address of what is on record by them, "" none
	Words  string
	About  Go // the review, or what was opened; zero none; without an address it is words
	Detail string
	Quote  Str
}

// AccessWords says what somebody had before them, after their name.
func AccessWords(k review.AccessKind) string {
	switch k {
	case review.AccessQueue:
		return "opened the queue"
	case review.AccessSearch:
		return "searched in the queue"
	case review.AccessReview:
		return "opened a review"
	case review.AccessTransaction:
		return "opened a transaction"
	case review.AccessResource:
		return "opened a record of Persona’s"
	case review.AccessPayload:
		return "took a payload"
	case review.AccessFile:
		return "opened a file"
	case review.AccessParty:
		return "opened a listed party and whom it matched"
	case review.AccessDecisions:
		return "opened the decisions"
	case review.AccessExport:
		return "took an export"
	case review.AccessRecord:
		return "opened the record"
	case review.AccessPages:
		return "opened a page"
	}
	return "opened “" + string(k) + "”, which has no words yet"
}

// hook is the number of the entry, "opening" for what is none.
func (r *RecordRow) hook() string {
	if r.Entry == "" {
		return "opening"
	}
	return r.Entry
}
