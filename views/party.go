package views

import (
	"strconv"

	"docket/review"
)

// Party is one listed party and the matches that it is behind.
type Party struct {
	Number    int
	Name      Str
	Fallback  string // heading when the party has no name: "A list, no party named"
	Others    []Str  // the same name in other scripts, quiet, at most two
	Kinds     string // "Watchlist, sanctions": what surfaced it
	Lists     []Link // the lists that it stands on, at most six; the rest are in the details
	Lead      string // sentences after the lists: "New on the run of 12 June."
	Page      string // address of its page across subjects, "" none
	Status    Tag    // "To review", "False positive", …
	Fold      PartyFold
	Unfold    bool      // a folded party that starts open: its form had a problem
	Gist      string    // folded: "Watchlist and adverse media, 2 matches."
	Verdicts  []Verdict // folded: the strongest comparison in one line
	Answer    *Answer   // the finding that holds
	Matches   []Match
	Settle    string       // what would settle it, "" nothing to say
	Precedent *Precedent   // what was found on it for other subjects; nil: nothing, or not to be shown
	Before    string       // an earlier finding of which nothing carries over, "" none
	Retest    *Retest      // an earlier finding on it, tested on what is known now; nil: none that matters
	Again     *Again       // its reasons all hold: one act takes them over; nil: they do not, or the reader cannot judge
	Form      *FindingForm // nil: the reader cannot judge now; Hold says why
	Hold      *Hold
	Undo      *Undo        // takes the finding back; nil: none, or not the reader's
	Keep      *Keep[Party] // its markup, between pages; nil: it is drawn each time
}

// PartyFold says whether a party is folded, and as what.
type PartyFold string

const (
	PartyToReview  PartyFold = ""          // unfolded, asks for a finding
	PartyHeld      PartyFold = "held"      // cleared before, and every reason still holds; asks for a finding all the same
	PartyAnswered  PartyFold = "answered"  // has a finding in this review
	PartyDismissed PartyFold = "dismissed" // dismissed at Persona
)

// Verdict is one word of a comparison told in a line: "Born conflict".
type Verdict struct {
	Attribute string // hook data-attribute, where the line stands for the comparison
	Label     string
	Mark      Mark
}

// Answer is a finding as it stands on a party.
type Answer struct {
	Finding review.Finding
	Reason  string // the main one, in words
	Rests   string // what it rests on: "sex differs; birth year differs by 12"; "" the main reason says it
	Note    Str
	By      Str // "You" for the reader
	At      Time
	Mixed   bool // the matches of the party have different findings; each match says its own
}

// Hold says why a form is not there, and what would bring it.
type Hold struct {
	Text  string // "Claim this review to record findings."
	Claim string // POST action, "" none
}

func (p *Party) number() string { return strconv.Itoa(p.Number) }

// numberID is the id of the number, by which two parties of the same name are told apart.
func (p *Party) numberID() string { return "party-" + p.number() + "-number" }

func (p *Party) headID() string { return "party-" + p.number() + "-name" }

// rests is what a finding rests on, to follow whose it is.
func (a *Answer) rests() string {
	switch {
	case a.Mixed:
		return "each match has its own finding."
	case a.Rests != "":
		return a.Rests + "."
	}
	return a.Reason + "."
}

// kinds and lead punctuate the line below the name, which any of its parts may leave out.
func (p *Party) kinds() string {
	switch {
	case p.Kinds == "":
		return ""
	case len(p.Lists) > 0:
		return p.Kinds + ": "
	case p.Lead != "":
		return p.Kinds + ". "
	}
	return p.Kinds
}

func (p *Party) lead() string {
	if p.Lead != "" && len(p.Lists) > 0 {
		return ". " + p.Lead
	}
	return p.Lead
}
