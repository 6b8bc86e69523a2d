package views

import (
	"strconv"

	"docket/review"
)

// Party is one listed party and the matches that it is behind.
type Party struct {
	Number   int
	Name     Str
	Fallback string // heading when the party has no name: "A list, no party named"
	Others   []Str  // the same name in other scripts, quiet, at most two
	Kinds    string // "Watchlist, sanctions": what surfaced it
	Lists    []Link // the lists that it stands on, at most six; the rest are in the details
	Lead     string // sentences after the lists: "New on the run of 12 June."
	Status   Tag    // "To review", "False positive", …
	Fold     PartyFold
	Unfold   bool      // a folded party that starts open: its form had a problem
	Gist     string    // folded: "Watchlist and adverse media, 2 matches."
	Verdicts []Verdict // folded: the strongest comparison in one line
	Answer   *Answer   // the finding that holds
	Matches  []Match
	Settle   string       // what would settle it, "" nothing to say
	Form     *FindingForm // nil: the reader cannot judge now; Hold says why
	Hold     *Hold
}

// PartyFold says whether a party is folded, and as what.
type PartyFold string

const (
	PartyToReview  PartyFold = ""          // unfolded, asks for a finding
	PartyAnswered  PartyFold = "answered"  // has a finding in this review
	PartyDismissed PartyFold = "dismissed" // dismissed at Persona
)

// Verdict is one word of the folded line: "Born conflict".
type Verdict struct {
	Label string
	Mark  Mark
}

// Answer is a finding as it stands on a party.
type Answer struct {
	Finding review.Finding
	Reason  review.Reason
	Note    Str
	By      Str // "You" for the reader
	At      Time
	Mixed   bool // the matches of the party have different findings; each match says its own
}

// Match is one candidate that a report surfaced.
type Match struct {
	Key        string
	Finding    review.Finding // hook; "" none
	Label      string         // "Watchlist match", also its heading when the party has several
	Status     Tag            // said beside the heading when the party has several: "dismissed at Persona", "in review at Persona"
	Comparison *Comparison    // nil: Differs says how it stands to the first one
	Differs    string         // "The same values as above, from 2 more lists."
	Details    Details
}

// Details is everything that the match says and the comparison does not show. All optional.
type Details struct {
	Listings    []Listing
	Positions   []Position
	Articles    []Article
	Associates  []Associate
	Identifiers []Identifier
	Links       []Link
	Facts       []Fact  // short ones: match types, topics, risk, affiliations, sources
	Other       []Field // what no word of ours covers
	Open        bool    // starts unfolded
	Gist        string  // the fold's words: "3 lists, 2 positions, 4 articles"
}

// IsZero says that there are no details to unfold.
func (d Details) IsZero() bool {
	return len(d.Listings)+len(d.Positions)+len(d.Articles)+len(d.Associates)+len(d.Identifiers)+
		len(d.Links)+len(d.Facts)+len(d.Other) == 0
}

// Listing is one list that the party stands on.
type Listing struct {
	Name   Str
	Link   Link   // the list's own page
	Words  string // "sanction · US"
	Ended  Tag    // "taken off 3 March 2024"
	Record string // the list's own reference or status, "" none
}

// Position is one office.
type Position struct {
	Title Str
	Words string // "PEP class 3 · since May 2019"
	Link  Link   // source
}

// Article is one piece of media.
type Article struct {
	Title   Str
	Link    Link
	Words   string // date and source
	Snippet Str
}

// Associate is someone tied to the party.
type Associate struct {
	Name  Str
	Words string // relationship
}

// Identifier is a number or an address that belongs to the party.
type Identifier struct {
	Type  string // "Passport", "Wallet"
	Value Str
	Words string // country
}

// Hold says why a form is not there, and what would bring it.
type Hold struct {
	Text  string // "Claim this review to record findings."
	Claim string // POST action, "" none
}

// FindingForm is a finding on all matches of one party. Nothing is chosen beforehand: Finding,
// Reason and Note are what was typed before a 422, else "".
type FindingForm struct {
	Number   int    // the party's: suffix of the field ids
	Action   string // POST /reviews/{id}/dispositions
	Evidence string
	Matches  []string // match keys
	For      string   // "for 2 matches"
	Business bool     // words for a business: "Not the same business"
	Finding  review.Finding
	Reason   review.Reason
	Note     string
	Problems []Problem // of this form
	Change   bool      // an answer exists: the form is folded under "Change this finding"
	Then     string    // "Then: party 3", "" the last one
}

func (p *Party) number() string { return strconv.Itoa(p.Number) }
func (p *Party) headID() string { return "party-" + p.number() + "-name" }

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

func (d Details) gist() string {
	if d.Gist != "" {
		return d.Gist
	}
	return "All that this match says"
}

func (f *FindingForm) number() string { return strconv.Itoa(f.Number) }

// id is unique over the forms of a page.
func (f *FindingForm) id(field string) string { return field + "-" + f.number() }

func (f *FindingForm) problem(field string) string { return Problems{List: f.Problems}.Of(field) }
