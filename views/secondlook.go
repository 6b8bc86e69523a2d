package views

import (
	"strconv"

	"docket/review"
)

// SecondLookPage is what a second person judges without knowing the first answer. Nothing on it may say
// who judged first, when, why or what.
type SecondLookPage struct {
	Shell
	Name     Str    // the subject; "" shows Fallback
	Fallback string // heading when there is no name: "No name captured"
	Facts    []Fact
	Asks     string // "Is this listed party our subject?"
	Until    Time   // the look lapses then
	Parties  []Party
	Head     string // of the parties: "1 listed party"
	Outcome  *OutcomeForm
	Leave    string // POST action that hands it back
	Problems Problems
}

func (p SecondLookPage) identity() Identity {
	return Identity{Path: []Go{{Href: "/quality", Words: "Quality"}, {Words: "Second look"}}, Prefix: "Second look:", Name: p.Name, Fallback: p.Fallback, Facts: p.Facts}
}

func (p DisagreementPage) identity() Identity {
	return Identity{Path: []Go{{Href: "/quality", Words: "Quality"}, {Words: "Disagreement"}}, Prefix: "Two findings:", Name: p.Name, Fallback: p.Fallback, Facts: p.Facts}
}

func outcomeAnswer(o review.Outcome) string {
	switch o {
	case review.Approve:
		return "Approve"
	case review.Decline:
		return "Decline"
	}
	return odd(string(o))
}

// OutcomeForm asks how a whole review should have ended. Nothing is chosen beforehand.
type OutcomeForm struct {
	Action   string
	Reasons  []review.ReasonCode
	Outcome  review.Outcome // as typed
	Reason   review.Reason
	Note     string
	Problems []Problem
}

func (f *OutcomeForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }

// DisagreementPage is what two say of the same thing, and what a lead makes of it.
type DisagreementPage struct {
	Shell
	Name       Str
	Fallback   string
	Facts      []Fact
	Notices    []Notice
	Sides      []ArgumentSide // the first, then the second
	Parties    []Party        // what both looked at
	Gone       string         // why there are none: it was erased
	Form       *ResolveForm   // nil: the reader does not settle it; Hold says why
	Hold       string
	Resolution *ResolutionCard // nil: nobody has settled it
	Problems   Problems
}

// ArgumentSide is what one of the two said.
type ArgumentSide struct {
	Head    string // "First", "Second, blind"
	By      Str
	At      Time
	Finding review.Finding // of a finding
	Outcome review.Outcome // of a decision
	Reason  string
	Rests   string // what it rests on, "" nothing
	Note    Str
}

func (s ArgumentSide) tag() Tag { return answerTag(s.Finding, s.Outcome) }

func answerTag(f review.Finding, o review.Outcome) Tag {
	if o != "" {
		return OutcomeTag(o)
	}
	return FindingTag(f)
}

// ResolveForm asks a lead who of the two is right.
type ResolveForm struct {
	Action  string
	Third   []review.Finding // findings that neither gave; none of a decision
	Upheld  review.Upheld    // as typed
	Finding review.Finding
	Note    string
}

// ResolutionCard is what a lead made of a disagreement.
type ResolutionCard struct {
	Words   string // "The second look is right"
	Finding review.Finding
	Outcome review.Outcome
	By      Str
	At      Time
	Entry   string
	Note    Str
	Correct Go         // to the page where the decision can be corrected, zero when there is nothing to
	Keep    *KeepKnown // nil: not offered
}

func (r ResolutionCard) tag() Tag { return answerTag(r.Finding, r.Outcome) }

// KeepKnown offers to mix what was settled among the second looks.
type KeepKnown struct {
	Entry  string
	Answer review.Finding
	Note   string
}

// QualityPage says how far second looks agree with first ones.
type QualityPage struct {
	Shell
	Lead    string
	Notices []Notice
	Next    *NextLook // nil: the reader takes none
	Own     []Fact    // the reader's own figures
	OwnIs   string    // of which days
	Team    *TeamQuality
}

// NextLook offers a second look.
type NextLook struct {
	Text string
	Take bool // false: nothing waits that the reader could take
}

// TeamQuality is what leads, auditors and admins see.
type TeamQuality struct {
	Days     string // "20 November 2025 to 20 November 2026"
	Facts    []Fact
	Rows     []AgreementRow
	Cross    []CrossTable
	Differ   []DisagreementRow
	DifferIs string
	Known    []Fact
	Mark     *KnownForm // nil: the reader marks none
	Unmark   UnmarkForm // shown beside Mark
	Draws    Go
}

// AgreementRow is how far two agree on one sort of thing.
type AgreementRow struct {
	Group string // heading of the row's group where it begins one: "By report"
	Words string
	Looks string
	Same  string // "31 of 33, 94 %", or only the counts
	Range string // "80 to 98 %", "" too few
	Kappa string
	AC1   string
	Few   bool // too few to be said
}

// CrossTable is who said what: rows the first, columns the second.
type CrossTable struct {
	Caption string
	Columns []string
	Rows    []CrossRow
}

// CrossRow is what the second said where the first said this.
type CrossRow struct {
	Words string
	Cells []string
}

// DisagreementRow is one disagreement in the list.
type DisagreementRow struct {
	Href    string
	Subject Str
	Review  Go
	First   Tag
	Second  Tag
	At      Time
	State   Tag
}

// KnownForm marks a finding as one whose answer is known.
type KnownForm struct {
	Entry    string
	Answer   review.Finding
	Note     string
	Problems Problems
}

// UnmarkForm takes such a mark back.
type UnmarkForm struct {
	Marked   string // the entry of the finding
	Why      string
	Problems Problems
}

// DrawsPage says what was drawn under each version of the policy, and that nobody chose.
type DrawsPage struct {
	Shell
	Lead    string
	Notices []Notice
	Rows    []DrawRow
}

// DrawRow is the draws under one version of the policy.
type DrawRow struct {
	Policy     string
	Decisions  string
	Drawn      string // "4 of 31"
	Findings   string
	Commitment []string
	Seed       []string // none: it is in use, and secret
	Verdict    Tag
}

func (f *KnownForm) problem(field string) string { return f.Problems.Of(field) }

// UpheldWords says who of two is right.
func UpheldWords(u review.Upheld) string {
	switch u {
	case review.UpheldFirst:
		return "The first is right"
	case review.UpheldSecond:
		return "The second look is right"
	case review.UpheldThird:
		return "Neither: it is something else"
	}
	return odd(string(u))
}

// TooFew is what stands in the place of a figure that is not said.
func TooFew() string { return "too few, under " + strconv.Itoa(review.TooFew) }
