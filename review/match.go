package review

import "time"

// PartyKind is what a listed party is.
type PartyKind string

const (
	PartyUnknown  PartyKind = ""
	PartyPerson   PartyKind = "person"
	PartyBusiness PartyKind = "business"
	PartyVessel   PartyKind = "vessel"
	PartyWallet   PartyKind = "wallet"
	PartyList     PartyKind = "list" // Persona named only a list, no party on it
)

// Name is one name of a party or subject.
type Name struct {
	Value string   `json:"value"`
	Type  string   `json:"type,omitempty"`  // primary_name, aka, weak_aka, …; an open set
	Lists []string `json:"lists,omitempty"` // names of the lists that give it
}

// Country is one country that a source ties to someone.
type Country struct {
	Code string `json:"code,omitempty"` // ISO 3166-1 alpha-2, upper case, when it is one
	Name string `json:"name,omitempty"` // as sent, when it is no code
	Role string `json:"role,omitempty"` // citizenship, residence, birthplace, address, list, …; "" unknown
}

// Position is an office that a party holds or held.
type Position struct {
	Title  string   `json:"title"`
	Class  string   `json:"class,omitempty"` // pep-class-1 … pep-class-4, pep-class-unknown; an open set
	Start  string   `json:"start,omitempty"` // as sent
	End    string   `json:"end,omitempty"`
	Topics []string `json:"topics,omitempty"`
	Source string   `json:"source,omitempty"`
}

// Listing is a list on which a party stands.
type Listing struct {
	Name   string    `json:"name"`
	Slug   string    `json:"slug,omitempty"`
	Type   string    `json:"type,omitempty"` // sanction, warning, …; an open set
	Flag   string    `json:"flag,omitempty"` // "US", "EU", …
	URL    string    `json:"url,omitempty"`  // third-party text; shown as a link only when http(s)
	Active Flag      `json:"active"`
	Ended  time.Time `json:"ended,omitzero"` // when it was taken off the list
	State  string    `json:"state,omitempty"`
}

// Article is one piece of media.
type Article struct {
	Title   string `json:"title"`
	Snippet string `json:"snippet,omitempty"`
	URL     string `json:"url,omitempty"`
	Date    string `json:"date,omitempty"` // as sent
}

// Associate is someone tied to the party.
type Associate struct {
	Name         string `json:"name"`
	Relationship string `json:"relationship,omitempty"`
}

// Identifier is a number or address that belongs to one party: a document, a wallet.
type Identifier struct {
	Type    string `json:"type"`
	Value   string `json:"value"`
	Country string `json:"country,omitempty"`
}

// Source is where a claim comes from.
type Source struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
	Flag string `json:"flag,omitempty"`
}

// Match is one candidate that a report surfaced.
type Match struct {
	Key          MatchKey     `json:"key"`
	Identity     string       `json:"identity"`            // what makes it the same match in another run or report; see MatchIdentity
	EntityID     string       `json:"entity_id,omitempty"` // the vendor's id of the party (entity-id, group-id, record token), when sent
	Report       Ref          `json:"report"`
	Kind         ReportKind   `json:"kind"`
	Party        PartyKind    `json:"party,omitempty"`
	Names        []Name       `json:"names,omitempty"` // the primary one first
	Birthdates   []Birthdate  `json:"birthdates,omitempty"`
	Deathdates   []Birthdate  `json:"deathdates,omitempty"`
	Countries    []Country    `json:"countries,omitempty"`
	Sexes        []string     `json:"sexes,omitempty"` // male, female, or as sent
	Positions    []Position   `json:"positions,omitempty"`
	Listings     []Listing    `json:"listings,omitempty"`
	Articles     []Article    `json:"articles,omitempty"`
	Associates   []Associate  `json:"associates,omitempty"`
	Affiliations []string     `json:"affiliations,omitempty"`
	Identifiers  []Identifier `json:"identifiers,omitempty"`
	Sources      []Source     `json:"sources,omitempty"`
	Links        []string     `json:"links,omitempty"`
	MatchTypes   []string     `json:"match_types,omitempty"` // name_exact, aka_exact, …; separators made one
	Topics       []string     `json:"topics,omitempty"`
	Risk         string       `json:"risk,omitempty"`
	Dismissed    bool         `json:"dismissed,omitempty"`              // on Persona's ignore list
	ReviewStatus string       `json:"review_status,omitempty"`          // screening only: pending, indeterminate, true_positive, false_positive
	InLastRun    Flag         `json:"in_last_run"`                      // screening only
	FirstSeen    time.Time    `json:"first_seen,omitzero" evidence:"-"` // completed-at of the earliest run that reached us with it
	Other        []Field      `json:"other,omitempty"`                  // what no field above holds
}

// Open says that the match still asks for a person: nobody dismissed it at Persona.
func (m *Match) Open() bool {
	return !m.Dismissed && m.ReviewStatus != "false_positive"
}

// PrimaryName is the name to call the party by, "" when there is none.
func (m Match) PrimaryName() string {
	if len(m.Names) == 0 {
		return ""
	}
	return m.Names[0].Value
}
