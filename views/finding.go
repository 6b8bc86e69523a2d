package views

import (
	"strconv"

	"github.com/a-h/templ"

	"docket/review"
)

// FindingForm is a finding on all matches of one party. Nothing is chosen beforehand: Finding,
// Reason, Note and the ticks are what was typed before a 422, else there are none.
type FindingForm struct {
	Number   int    // the party's: suffix of the field ids
	Action   string // POST /reviews/{id}/dispositions
	Evidence string
	Matches  []string // match keys
	For      string   // "for 2 matches"
	Business bool     // words for a business: "Not the same business"
	Premises []Tick   // what sets the two apart; what is said in the note is the last
	Missing  []Tick   // facts that would settle it; what is named in the note is the last
	Finding  review.Finding
	Reasons  *Reasons // to choose from
	Reason   review.Reason
	Note     string
	Problems []Problem // of this form: fields "match", "finding", "premise", "missing", "carry", "reason", "note"
	Fold     string    // the form is folded under these words: "Change this finding"; "" it is not
	Then     string    // "Then: party 3", "" the last one
	Blind    bool      // of a second look: nothing follows from it
}

func (f *FindingForm) number() string { return strconv.Itoa(f.Number) }

func (f *FindingForm) apart() string {
	if f.Blind {
		return "Tick only what you checked."
	}
	return "Tick only what you checked. Each is tested again on every later run."
}

// id is unique over the forms of a page.
func (f *FindingForm) id(field string) string { return field + "-" + f.number() }

func (f *FindingForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

// What is offered where nothing is chosen yet, as on nearly every form, is drawn once.
var (
	personAnswers   = once(drawAnswers("", false))
	businessAnswers = once(drawAnswers("", true))
)

func (f *FindingForm) answers() templ.Component {
	switch {
	case f.Finding != "":
		return drawAnswers(f.Finding, f.Business)
	case f.Business:
		return businessAnswers
	}
	return personAnswers
}

// Reasons is the list of reasons to choose from. Where nothing is chosen yet, as on nearly every form,
// it is drawn once.
type Reasons struct {
	list []review.ReasonCode
	none *still
}

// NewReasons makes the list of one policy, for any number of pages.
func NewReasons(list []review.ReasonCode) *Reasons {
	return &Reasons{list, once(reasonOptions(list, ""))}
}

func (r *Reasons) options(chosen review.Reason) templ.Component {
	if chosen == "" {
		return r.none
	}
	return reasonOptions(r.list, chosen)
}
