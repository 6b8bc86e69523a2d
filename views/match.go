package views

import "docket/review"

// Match is one candidate that a report surfaced.
type Match struct {
	Key        string
	Finding    review.Finding // hook; "" none
	Label      string         // "Watchlist match", also its heading when the party has several
	Status     Tag            // said beside the heading when the party has several: "dismissed at Persona", "in review at Persona"
	Comparison *Comparison    // nil: Differs says how it stands to the first one
	Differs    string         // "The same values as above"
	Same       []Verdict      // in what it says the same as the first one, after Differs
	Details    Details
}

// differs introduces the verdicts that are the same, where there are any.
func (m *Match) differs() string {
	if len(m.Same) > 0 {
		return m.Differs + ": "
	}
	return m.Differs + "."
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

func (d Details) gist() string {
	if d.Gist != "" {
		return d.Gist
	}
	return "All that this match says"
}
