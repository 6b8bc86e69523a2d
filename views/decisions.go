package views

import "docket/review"

// DecisionsPage is the audit list.
type DecisionsPage struct {
	Shell
	Lead       string
	Ledger     LedgerLine // how far the trail is proven
	Exports    []Go       // "Export 46 as CSV", "as NDJSON"
	Pack       Go         // to the form of an evidence pack; "" the reader may not take one
	Search     string
	From, To   string // YYYY-MM-DD as typed
	Outcomes   []Option
	People     []Option
	Reasons    []Option
	Kinds      []Option
	Lists      []Option
	Party      string // key
	Policies   []Option
	Seconds    []Option
	Correcteds []Option
	Lates      []Option
	Further    bool           // one of the rarer filters is set: they are unfolded
	Choices    []ColumnChoice // of columns, in the order in which they would stand
	Chosen     bool           // columns are chosen
	Clear      string         // address without filters, "" when none is set
	Set        []string       // the filters that are set, in words
	Problems   Problems       // fields as in the address
	Showing    string
	Caption    string
	Columns    []DecisionColumn
	Rows       []DecisionRow
	First      Go
	Next       Go
	Empty      *Empty
	Saved      SavedViews
}

// ColumnChoice is a column that can be chosen.
type ColumnChoice struct {
	Name   string
	Words  string
	Ticked bool
}

// DecisionColumn is a column of the list, by its name in exports.
type DecisionColumn struct {
	Name  string
	Words string
	Num   bool
}

// DecisionRow is one decision in the list.
type DecisionRow struct {
	Review   string // "1042", hook
	Entry    string // "18209", hook
	AsSeen   string // address of the review as it stood then
	Number   string // "18,209"
	Outcome  review.Outcome
	Href     string
	Name     string // "R-1042"
	Subject  Str
	About    Go // the inquiry or case that it is about; zero for a transaction
	At       Time
	Tally    string
	True     bool   // a true match is among the findings
	Reason   string // in the words of the policy
	By       Str
	Role     review.Role
	Second   review.SecondState
	Answered Str    // who answered, zero nobody
	Waited   string // how long it has waited for a second person, "" it does not
	Corrects string // "corrects 18,190", "" no
	Past     bool   // a later one in effect stands on it
	Late     bool   // after the target
	Cells    []DecisionCell
}

// DecisionCell is one value: drawn as its column asks, else as the instant or the text.
type DecisionCell struct {
	DecisionColumn
	Text Str
	At   Time
}

// answeredBy names the second person, within a sentence where it is one.
func (r DecisionRow) answeredBy() Str {
	if r.Answered.Text == "You" && r.Second != "agreed" {
		return S("you")
	}
	return r.Answered
}

// SavedViews are the views that have a name, and the form that names one.
type SavedViews struct {
	Views    []SavedView
	Keep     bool   // the reader may keep views; auditors share addresses
	Query    string // of this page, without what was searched for
	Searched bool   // something was, and a view does not keep it
	Name     string // as typed
	Problem  string // of that name; "" none
	Open     bool
}

// current is the name of the view that this page is, "" none of them.
func (s SavedViews) current() Str {
	for _, v := range s.Views {
		if v.Current {
			return v.Name
		}
	}
	return Str{}
}

// SavedView is one of them.
type SavedView struct {
	ID      string // "" somebody else's
	Name    Str
	Href    string
	Whose   string // "yours", "yours, shared", "shared by Noor Haddad"
	Shared  bool
	Current bool   // this page is it
	Typed   string // another name for it, where that has a problem
	Problem string // of that name; "" none
}

// named is what stands in the field of its name.
func (v SavedView) named() string {
	if v.Problem != "" {
		return v.Typed
	}
	return v.Name.Text
}

// ColumnWords heads a column of decisions; an unknown name is its own words.
func ColumnWords(name string) string {
	switch name {
	case "review":
		return "Review"
	case "transaction":
		return "Transaction"
	case "reference_id":
		return "Reference"
	case "subject":
		return "Review and subject"
	case "opened_at":
		return "Opened"
	case "decided_at":
		return "Decided"
	case "outcome":
		return "Outcome"
	case "reason":
		return "Reason"
	case "note":
		return "Note"
	case "decided_by":
		return "Decided by"
	case "decided_by_role":
		return "Role"
	case "approved_by":
		return "Agreed by"
	case "approved_at":
		return "Agreed"
	case "matches":
		return "Matches"
	case "false_positives":
		return "False positive"
	case "true_matches":
		return "True match"
	case "cannot_tell":
		return "Cannot tell"
	case "policy_version":
		return "Policy"
	case "comparator_version":
		return "Comparison rules"
	case "evidence":
		return "Evidence"
	case "entry":
		return "Entry"
	case "entry_hash":
		return "Hash of the entry"
	case "second":
		return "Second person"
	case "findings":
		return "Findings"
	case "corrects":
		return "Corrects"
	case "corrected":
		return "Corrected since"
	case "over_target":
		return "Over target"
	case "report_kinds":
		return "Reports"
	case "lists":
		return "Lists"
	case "parties":
		return "Listed parties"
	}
	return Label(name)
}

// SecondWords words how far a decision is with its second person.
func SecondWords(s review.SecondState) string {
	switch s {
	case review.SecondNotNeeded:
		return "not needed"
	case review.SecondWaiting:
		return "awaited"
	case review.SecondAgreed:
		return "agreed"
	case review.SecondReturned:
		return "returned"
	case review.SecondMoved:
		return "the evidence moved"
	}
	return "“" + string(s) + "”, which has no words yet"
}

// tag is the outcome, or what keeps it from being one.
func (r *DecisionRow) tag() Tag {
	switch r.Second {
	case review.SecondWaiting:
		return Tag{OutcomeTag(r.Outcome).Words + ", awaited", ToneAttention}
	case review.SecondReturned:
		return Tag{OutcomeTag(r.Outcome).Words + ", returned", ToneDiffer}
	case review.SecondMoved:
		return Tag{OutcomeTag(r.Outcome).Words + ", fell back", ToneDiffer}
	}
	return OutcomeTag(r.Outcome)
}
