package views

import "docket/review"

// Record is one captured resource, folded: what it is, how much of it we hold, all it says.
type Record struct {
	Ref        string // "account/act_…", hook data-resource
	ID         string // "act_…", shown in mono
	At         string // suffix of element ids, unique on the page
	Label      string // "Account"
	Gist       Str    // one line: name, place, "3 of 5 checks passed"
	Tag        Tag    // "1 failed"; zero says how it is captured
	Capture    review.Capture
	Href       string // its resource page
	Open       bool   // starts unfolded
	Lines      []string
	Attributes []Field
	Fields     []Field
	Checks     []Check
	Photos     []Photo
	Relations  []Relation
	Keep       *Keep[Record] // its markup, between pages; nil: it is drawn each time
}

// Check is one check of a verification.
type Check struct {
	Name     string // hook data-check
	Status   string // hook data-status
	Label    string // "Id is not expired"
	Required string // "yes", "no", as sent
	Reasons  []Str
	Result   Tag
	Metadata []Field
}

// Photo is one picture. Persona's link to it is never kept.
type Photo struct {
	Page  string // "Front"
	Name  Str    // file name
	Words string // "image/jpeg, 210 KB, 2 pages"
	Gone  string // "" is "link expired"
}

// Relation is one relationship: what it is called, and the resources at its other end.
type Relation struct {
	Name  string // "reports"
	State review.Presence
	Refs  []RelationRef
}

// RelationRef is one resource at the other end.
type RelationRef struct {
	Ref   string // "report/watchlist/rep_1"
	Label string // "Watchlist report"
	ID    string
	Href  string
	Never bool // named, never received
}

// ResourcePage is any captured resource, of types known and unknown.
type ResourcePage struct {
	Shell
	Identity Identity
	Notices  []Notice
	Record   Record       // drawn whole, not folded
	Report   *Report      // a report's query and runs, when it is one
	Reviews  []ReviewLine // of an inquiry
	Links    []Relation   // in both directions
	Pictures *Pictures
	Fetch    string // POST: asked for anew at Persona; "" when the reader cannot
	Payloads Payloads
}

// says that there is something in the record to show.
func (r *Record) says() bool {
	return len(r.Lines)+len(r.Attributes)+len(r.Fields)+len(r.Checks)+len(r.Photos)+len(r.Relations) > 0
}

// bare says that there is nothing to unfold.
func (r *Record) bare() bool { return !r.says() && r.Href == "" }

func (p Photo) gone() string {
	if p.Gone != "" {
		return p.Gone
	}
	return "link expired"
}
