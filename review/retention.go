package review

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// SubjectID names a subject across its transactions, inquiries and cases: see SubjectSign.
type SubjectID int64

// String is 16 lower-case hex digits.
func (s SubjectID) String() string { return fmt.Sprintf("%016x", uint64(s)) }

// ParseSubjectID reads what String wrote; anything else is ErrNotFound.
func ParseSubjectID(s string) (SubjectID, error) {
	n, err := strconv.ParseUint(s, 16, 64)
	if err != nil || SubjectID(n).String() != s {
		return 0, fmt.Errorf("subject %q: %w", s, ErrNotFound)
	}
	return SubjectID(n), nil
}

// RetentionFacts is what says how long a subject is kept.
type RetentionFacts struct {
	Reviews  int
	Open     bool      // one of them is not closed
	Declined bool      // a match is found true, or a decline took effect
	Ended    time.Time // the last close, or the newest news where nothing was reviewed
}

// RetentionOf says in which class a subject is, and the first instant at which it may be erased: zero
// when it may not, because a review is open or because the policy keeps that class as long as there is
// a database.
func RetentionOf(f RetentionFacts, p Policy) (RetentionClass, time.Time) {
	class := RetainUnjudged
	switch {
	case f.Declined:
		class = RetainDeclined
	case f.Reviews > 0:
		class = RetainCleared
	}
	keep := p.Keeps(class)
	if f.Open || f.Ended.IsZero() || keep == 0 {
		return class, time.Time{}
	}
	return class, f.Ended.Add(keep)
}

// Keeps is how long the policy keeps a class of records, 0 as long as there is a database.
func (p Policy) Keeps(class RetentionClass) time.Duration {
	for _, r := range p.Retention {
		if r.Class == class {
			return time.Duration(r.Days) * 24 * time.Hour
		}
	}
	return 0
}

// ErasureGround is why a subject's personal data is to go.
type ErasureGround string

const (
	GroundRetention ErasureGround = "retention-over"      // the earliest date of deletion has passed
	GroundRequest   ErasureGround = "persons-request"     // the person asked, and nothing obliges us to keep it
	GroundOrder     ErasureGround = "order"               // a court or an authority ordered it
	GroundMistake   ErasureGround = "captured-by-mistake" // it should never have come here
)

// ErasureGrounds lists every value.
func ErasureGrounds() []ErasureGround {
	return []ErasureGround{GroundRetention, GroundRequest, GroundOrder, GroundMistake}
}

// MaxErasure is how many subjects one request is about at most.
const MaxErasure = 500

// ErasureForm is what a first person asks to be erased: some subjects, by their ids.
type ErasureForm struct {
	Subjects []SubjectID
	Ground   ErasureGround
	Words    string // goes with what is erased
}

// Check says what is missing or wrong.
func (f ErasureForm) Check() error {
	var inv Invalid
	switch n := len(f.Subjects); {
	case n == 0:
		inv.Add("subject", "Choose whose personal data is to go")
	case n > MaxErasure:
		inv.Add("subject", "Choose 500 subjects at most")
	}
	if !slices.Contains(ErasureGrounds(), f.Ground) {
		inv.Add("ground", "Choose the ground")
	}
	checkWords(&inv, f.Words, f.Ground != GroundRetention && f.Ground != "") // which words depends on the ground
	return inv.OrNil()
}

// ErasureAnswer is what a second person says to a request.
type ErasureAnswer string

const (
	ErasureAgree  ErasureAnswer = "agree"
	ErasureRefuse ErasureAnswer = "refuse" // or, by whoever asked, taken back
)

// HoldForm sets or lifts a legal hold.
type HoldForm struct {
	Object string // a Persona id, a review's number, a reference, or a subject's id
	Words  string
}

// Check says what is missing or wrong.
func (f HoldForm) Check() error {
	var inv Invalid
	if strings.TrimSpace(f.Object) == "" {
		inv.Add("object", "Say whom the hold is about")
	}
	checkWords(&inv, f.Words, true)
	return inv.OrNil()
}

func checkWords(inv *Invalid, words string, needed bool) {
	switch n := utf8.RuneCountInString(words); {
	case n > MaxNote:
		inv.Add("words", "Shorten it to 10,000 characters")
	case needed && strings.TrimSpace(words) == "":
		inv.Add("words", "Say why")
	}
}

// The keys of what the entries of holds and erasures say in public.
const (
	DetailHold    = "hold"     // set or lifted
	DetailSubject = "subject"  // its id
	DetailErasure = "erasure"  // asked, agree, refuse
	DetailGround  = "ground"   // of the request
	DetailAsked   = "asked"    // the request's entry
	DetailAskedBy = "asked-by" // who asked
	DetailAgreed  = "agreed-by"
	DetailRoots   = "about" // type/id of what was reviewed
)

// erasedMatch begins what stands for the key of a match that was erased.
const erasedMatch = "erased-"

// ErasedMatch stands for the key of a match of which nothing may be left to guess from: a digest of
// a name, a birth date and a report's id can be found out by trying. The numbers keep the order.
func ErasedMatch(n int) MatchKey { return MatchKey(fmt.Sprintf("%s%06d", erasedMatch, n)) }

// Erased says that the match's key was erased.
func (k MatchKey) Erased() bool { return strings.HasPrefix(string(k), erasedMatch) }

// Goes counts what an erasure takes.
type Goes struct {
	Subjects    int   `json:"subjects"`
	Resources   int   `json:"resources"`
	Payloads    int   `json:"payloads"` // that lose a part or all
	States      int   `json:"states"`
	StateBytes  int64 `json:"state_bytes"`
	Files       int   `json:"files"` // pictures and attachments
	FileBytes   int64 `json:"file_bytes"`
	Attachments int   `json:"attachments"` // of these
	Findings    int   `json:"findings"`    // that lose match, party and person
	Values      int   `json:"values"`      // premises that lose what they compare
	Texts       int   `json:"texts"`       // entries that lose their words
	TextBytes   int64 `json:"text_bytes"`
	Pushes      int   `json:"pushes"`      // told Persona, that lose what was told
	SearchRows  int   `json:"search_rows"` // rows of queue and search that lose the name
}

// Add sums up.
func (g *Goes) Add(o Goes) {
	g.Subjects += o.Subjects
	g.Resources += o.Resources
	g.Payloads += o.Payloads
	g.States += o.States
	g.StateBytes += o.StateBytes
	g.Files += o.Files
	g.FileBytes += o.FileBytes
	g.Attachments += o.Attachments
	g.Findings += o.Findings
	g.Values += o.Values
	g.Texts += o.Texts
	g.TextBytes += o.TextBytes
	g.Pushes += o.Pushes
	g.SearchRows += o.SearchRows
}

// Bytes is what goes in bytes.
func (g Goes) Bytes() int64 { return g.StateBytes + g.FileBytes + g.TextBytes }
