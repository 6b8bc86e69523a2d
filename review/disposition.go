package review

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Finding is a reviewer's judgement on one match.
type Finding string

const (
	FalsePositive Finding = "false_positive"
	TrueMatch     Finding = "true_match"
	CannotTell    Finding = "cannot_tell"
)

// Findings lists every value.
func Findings() []Finding { return []Finding{FalsePositive, TrueMatch, CannotTell} }

// Reason is the counted code beside a finding or a decision: the "main reason".
type Reason string

// The reasons for a finding.
const (
	ReasonBirthdate Reason = "birthdate"
	ReasonName      Reason = "name"
	ReasonCountry   Reason = "country"
	ReasonSex       Reason = "sex"
	ReasonKind      Reason = "kind"
	ReasonPosition  Reason = "position"
	ReasonDocument  Reason = "document"
	ReasonOther     Reason = "other" // said in the note, which is then needed
)

// MaxNote is the longest note, in characters.
const MaxNote = 10_000

// Disposition is a reviewer's finding on one match. The newest one of a match within a review
// is the one that holds; earlier ones stay on the record.
type Disposition struct {
	Entry   EntryID
	Review  ReviewID
	Match   MatchKey
	Finding Finding
	Reason  Reason
	Note    string
	By      ColleagueID
	ByName  string
	At      time.Time
	// Evidence is the digest of what the page showed.
	Evidence   Hash
	Party      PartyKey      // the listed party as its matches were gathered then
	Identity   string        // Match.Identity: with Kind, the same match in another report
	Kind       ReportKind    // of the report that the match is from
	Whose      string        // whom that report was about, see Whose; findings never pass to another person
	Premises   []Premise     // what a false positive rests on
	Missing    []Fact        // what would have settled what cannot be told
	Carries    EntryID       // the earlier finding whose premises were taken over; 0 none
	Seen       Hash          // digest of subject and party alone, see PartyEvidence; zero: erased
	Comparator string        // version of the rules that the page compared by
	Policy     PolicyVersion // that it was given under
}

// DispositionForm is what a reviewer sends: one finding on one or many matches.
type DispositionForm struct {
	Matches  []MatchKey
	Finding  Finding
	Reason   Reason
	Note     string
	Evidence string   // as typed in the form; must equal the digest that now holds
	Premises []string // keys of premises, see Premise.Key; without the amount, each party's own
	Missing  []Fact
	Carry    []EntryID // earlier findings whose premises are taken over, each for the parties it was about
}

func checkReason(inv *Invalid, r Reason, offered []ReasonCode, ask string) {
	if _, ok := reasonOf(offered, r); !ok {
		inv.Add("reason", ask)
	}
}

// needsNote says that a reason is to be explained. What is said in the note alone always is.
func needsNote(offered []ReasonCode, r Reason) bool {
	c, _ := reasonOf(offered, r)
	return c.Note || r == ReasonOther
}

func checkNote(inv *Invalid, note string, needed bool) {
	switch n := utf8.RuneCountInString(note); {
	case n > MaxNote:
		inv.Add("note", "Shorten the note to 10,000 characters")
	case needed && strings.TrimSpace(note) == "":
		inv.Add("note", "Say in the note what you looked at")
	}
}
