package views

import "docket/review"

// GoingPage lists what an erasure of one subject would take, row by row.
type GoingPage struct {
	Shell
	About   string // by what was reviewed
	Lead    string
	Notices []Notice
	Reviews []Go
	Rows    []GoingRow
	More    Go
	Back    Go
}

// GoingRow is one thing that goes, or stays.
type GoingRow struct {
	What  string
	ID    string
	To    string // "" it has no page
	From  string
	At    Time
	Size  string // "1.2 KB, of which 300 B are left"
	Stays string
}

// GoingWords words what sort of thing goes.
func GoingWords(k review.GoingKind) string {
	switch k {
	case review.GoingPayload:
		return "Payload"
	case review.GoingUnread:
		return "Payload in quarantine"
	case review.GoingState:
		return "State"
	case review.GoingFile:
		return "File"
	case review.GoingAttachment:
		return "Attachment"
	case review.GoingFinding:
		return "Finding"
	case review.GoingReasons:
		return "Values behind a finding"
	case review.GoingText:
		return "Words of an entry"
	case review.GoingTold:
		return "Told to Persona"
	case review.GoingSearch:
		return "Row of search"
	case review.GoingShared:
		return "Stays"
	}
	return odd(string(k))
}
