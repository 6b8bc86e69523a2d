package views

import (
	"github.com/a-h/templ"

	"docket/review"
)

// Mark is how two sides of a comparison stand to each other: it draws the thread.
type Mark string

// The first five are verdicts on subject and listed party; the rest are changes between then and now.
const (
	MarkAgree          Mark = "agree"
	MarkClose          Mark = "close"
	MarkConflict       Mark = "conflict"
	MarkMissingSubject Mark = "missing-subject"
	MarkMissingMatch   Mark = "missing-match"
	MarkSame           Mark = "same"
	MarkAdded          Mark = "added"
	MarkGone           Mark = "gone"
	MarkChanged        Mark = "changed"
)

// Marks lists every value.
func Marks() []Mark {
	return []Mark{MarkAgree, MarkClose, MarkConflict, MarkMissingSubject, MarkMissingMatch, MarkSame,
		MarkAdded, MarkGone, MarkChanged}
}

// Comparison sets two sides against each other, attribute by attribute.
type Comparison struct {
	Caption string // "Orlan Temur Kasymbek compared with KASYMBEKOV, attribute by attribute"
	Left    string // "" is "Subject"
	Right   string // "" is "Listed party"
	Wide    bool   // longer labels in the first column, for then and now
	Rows    []CompareRow
}

// CompareRow is one attribute. Parts follow it, for the parts of a name.
type CompareRow struct {
	Attribute string // hook: "name", "birthdate", …; "" when it compares then and now
	Label     string // "Born"
	Mark      Mark   // also the hook data-verdict when Attribute is set
	Left      Side
	Right     Side
	Rule      string // why, when it is not plain: "to the year · 7 years apart"; "" none. Stands under the listed party's value
	Parts     []ComparePart
}

// Side is one side's value of an attribute.
type Side struct {
	Str    Str     // "" with None set: nothing there
	Pieces []Piece // instead of Str.Text, to mark where the sides part; joined they are the text
	None   string  // quiet words when there is no value: "not given"
	Note   string  // second line: "to the day"
	Tag    Tag     // "this spelling fired"
	More   []Str   // further values, folded
	MoreIs string  // the fold's words: "5 more spellings"
	Rest   Go      // below them: "and 47 more", to where all of them are; "" these are all
}

// Piece is a stretch of text that the other side has as well, or has not.
type Piece struct {
	Text    string
	Differs bool
}

// ComparePart is one part of a name.
type ComparePart struct {
	Label string // "given", "family"
	Left  []Piece
	Right []Piece // none: missing there
	Mark  Mark
}

// The threads of all marks, drawn once: a page has hundreds.
var threads, partThreads = drawMarks(Mark.drawThread), drawMarks(Mark.drawPartThread)

func drawMarks(draw func(Mark) templ.Component) map[Mark]*still {
	all := make(map[Mark]*still, len(Marks()))
	for _, m := range Marks() {
		all[m] = once(draw(m))
	}
	return all
}

func (m Mark) thread() templ.Component {
	if s, ok := threads[m]; ok {
		return s
	}
	return m.drawThread()
}

func (m Mark) partThread() templ.Component {
	if s, ok := partThreads[m]; ok {
		return s
	}
	return m.drawPartThread()
}

func (c *Comparison) shape() string {
	if c.Wide {
		return "wide"
	}
	return ""
}

func (c *Comparison) left() string {
	if c.Left != "" {
		return c.Left
	}
	return "Subject"
}

func (c *Comparison) right() string {
	if c.Right != "" {
		return c.Right
	}
	return "Listed party"
}

func (s *Side) none() string {
	if s.None != "" {
		return s.None
	}
	return "not given"
}

// MarkOf is the thread of a verdict.
func MarkOf(v review.Verdict) Mark {
	switch v {
	case review.Agree:
		return MarkAgree
	case review.Close:
		return MarkClose
	case review.Conflict:
		return MarkConflict
	case review.MissingSubject:
		return MarkMissingSubject
	case review.MissingMatch:
		return MarkMissingMatch
	}
	return Mark(odd(string(v)))
}

// Words is what stands on the thread.
func (m Mark) Words() string {
	switch m {
	case MarkAgree, MarkClose, MarkConflict, MarkSame, MarkAdded, MarkGone, MarkChanged:
		return string(m)
	case MarkMissingSubject:
		return "missing on our side"
	case MarkMissingMatch:
		return "missing on theirs"
	}
	return odd(string(m))
}

// PartWords is what stands on the thread between two parts of a name.
func (m Mark) PartWords() string {
	switch m {
	case MarkAgree, MarkSame:
		return "same"
	case MarkClose:
		return "close"
	case MarkConflict, MarkChanged:
		return "differs"
	case MarkMissingSubject, MarkMissingMatch, MarkAdded, MarkGone:
		return "missing"
	}
	return odd(string(m))
}

// AttributeWords labels what two sides are compared by.
func AttributeWords(a review.Attribute) string {
	switch a {
	case review.AttributeName:
		return "Name"
	case review.AttributeBirthdate:
		return "Born"
	case review.AttributeCountry:
		return "Country"
	case review.AttributeSex:
		return "Sex"
	case review.AttributeKind:
		return "Kind"
	case review.AttributeIdentifier:
		return "Identifier"
	}
	return odd(string(a))
}
