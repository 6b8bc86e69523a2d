package web

import (
	"regexp"
	"slices"
	"strings"

	"docket/review"
	"docket/views"
)

// notGiven says in words that a side is silent.
const notGiven = "not given"

// comparison draws what review.Compare found for one match.
func (b *partyBuilder) comparison(subject review.Subject, m *review.Match, rows []review.Comparison) *views.Comparison {
	name := m.PrimaryName()
	if name == "" {
		name = "the listed party"
	}
	who := subject.FullName()
	if who == "" {
		who = "the subject"
	}
	c := &views.Comparison{Caption: clip(str(who).Text, 200) + " compared with " + clip(str(name).Text, 200) + ", attribute by attribute",
		Rows: make([]views.CompareRow, 0, len(rows))}
	for _, row := range rows {
		if tells(subject, row) {
			c.Rows = append(c.Rows, b.compareRow(m, row))
		}
	}
	return c
}

// tells says that a row is worth its place: a passport's number that no list could have is not.
// A wallet is nothing but its number.
func tells(s review.Subject, c review.Comparison) bool {
	return c.Attribute != review.AttributeIdentifier || len(s.Wallets) > 0 || c.Verdict != review.MissingMatch && c.Verdict != review.MissingSubject
}

func (b *partyBuilder) compareRow(m *review.Match, c review.Comparison) views.CompareRow {
	row := views.CompareRow{
		Attribute: string(c.Attribute),
		Label:     views.AttributeWords(c.Attribute),
		Mark:      views.MarkOf(c.Verdict),
		Rule:      compareRule(c),
	}
	ours, theirs := -1, -1
	if c.Attribute == review.AttributeName {
		ours, theirs = c.SpokeOurs, c.Spoke
	}
	row.Left, _ = side(c.Attribute, c.Subject, ours, len(c.Subject))
	var rest int
	row.Right, rest = side(c.Attribute, c.Match, theirs, moreValues)
	if rest > 0 {
		row.Right.Rest = restInReport(m, rest)
	}
	switch c.Attribute {
	case review.AttributeName:
		nameSides(&row, m, c)
	default:
		if c.Verdict == review.Conflict {
			mark := differing
			if c.Attribute == review.AttributeBirthdate && c.Apart > 1 {
				mark = differingYears
			}
			row.Left.Pieces, row.Right.Pieces = mark(row.Left.Str.Text), mark(row.Right.Str.Text)
		}
	}
	return row
}

// compareRule is why, where the verdict alone does not say it, and what else is to be known.
func compareRule(c review.Comparison) string {
	var says []string
	switch {
	case c.Verdict == review.Close, c.Verdict == review.Conflict,
		c.Rule != "missing" && (c.Verdict == review.MissingSubject || c.Verdict == review.MissingMatch), // given, and of no use
		c.Verdict == review.Agree && c.Attribute == review.AttributeBirthdate && c.Rule != "birthdate-day":
		says = append(says, c.Words)
	}
	return strings.TrimSuffix(str(strings.Join(append(says, c.Notes...), " ")).Text, ".")
}

func differing(text string) []views.Piece {
	if text == "" {
		return nil
	}
	return []views.Piece{{Text: text, Differs: true}}
}

// years are the numbers of four digits in a date that is written out.
var years = regexp.MustCompile(`\b[0-9]{4}\b`)

// differingYears marks the years of dates that are years apart: the day says nothing then.
func differingYears(text string) []views.Piece {
	var out []views.Piece
	last := 0
	for _, at := range years.FindAllStringIndex(text, -1) {
		if at[0] > last {
			out = append(out, views.Piece{Text: text[last:at[0]]})
		}
		out = append(out, views.Piece{Text: text[at[0]:at[1]], Differs: true})
		last = at[1]
	}
	if last == 0 {
		return differing(text)
	}
	if last < len(text) {
		out = append(out, views.Piece{Text: text[last:]})
	}
	return out
}

// fewValues is how many values of a side stand side by side; more are folded, and of these not
// more than moreValues are on the page: a listed party may have a hundred spellings.
const (
	fewValues  = 3
	moreValues = 12
)

// restInReport leads to where everything stands that a match says.
func restInReport(m *review.Match, n int) views.Go {
	return views.Go{Href: resourceHref(m.Report), Words: "and " + views.Number(n) + " more, in the report"}
}

// side shows one side's values: the one that spoke, or the few there are, and at most so many of
// the rest folded. It says how many are left out.
func side(a review.Attribute, values []review.Side, spoke, most int) (out views.Side, left int) {
	if len(values) == 0 {
		return views.Side{None: notGiven}, 0
	}
	rest := values
	if a == review.AttributeName {
		first := max(spoke, 0)
		out.Str, out.Note = sideWords(a, values[first].Value), nameNote(values[first].Note)
		if rest = values[1:]; first > 0 {
			rest = slices.Concat(values[:first], values[first+1:])
		}
	} else {
		few := min(len(values), fewValues)
		out.Str = sideValue(a, values[0])
		for _, v := range values[1:few] {
			w := sideValue(a, v)
			out.Str.Text += " or " + w.Text
			out.Str.Notes = append(out.Str.Notes, w.Notes...)
		}
		out.Note, rest = sideNote(a, values), values[few:]
	}
	if len(rest) == 0 {
		return out, 0
	}
	out.MoreIs = views.Plural(len(rest), "more value", "more values")
	if a == review.AttributeName {
		out.MoreIs = views.Plural(len(rest), "more spelling", "more spellings")
	}
	if len(rest) > most+1 { // a line that says "and 1 more" might as well be that one
		left = len(rest) - most
	}
	out.More = make([]views.Str, 0, len(rest)-left)
	for _, v := range rest[:len(rest)-left] {
		out.More = append(out.More, sideValue(a, v))
	}
	return out, left
}

// sideValue words a value; among birth dates it says which is one of death, and which cannot be right.
func sideValue(a review.Attribute, v review.Side) views.Str {
	w := sideWords(a, v.Value)
	switch {
	case a != review.AttributeBirthdate:
	case v.Note == "died":
		w.Text = "died " + w.Text
	case v.Note == "doubtful":
		w.Text += " (doubtful)"
	}
	return w
}

func sideWords(a review.Attribute, value string) views.Str {
	switch a {
	case review.AttributeBirthdate:
		return views.S(isoDateWords(value))
	case review.AttributeCountry:
		return views.S(countryWords(review.Country{Code: codeOf(value), Name: value}))
	case review.AttributeKind:
		return views.S(strings.ToLower(views.PartyKindWords(review.PartyKind(value))))
	}
	return str(value)
}

// codeOf is the value when it is a country's code, "" when it is words.
func codeOf(value string) string {
	if _, ok := regions()[value]; ok {
		return value
	}
	return ""
}

// sideNote says where values come from or how exact they are; the same note is said once.
func sideNote(a review.Attribute, values []review.Side) string {
	var notes []string
	for _, v := range values[:min(len(values), fewValues)] {
		n := openSet(v.Note)
		if a == review.AttributeIdentifier {
			n = numberNote(v.Note)
		}
		if n == "" || a == review.AttributeBirthdate && (n == "to the day" && len(values) > 1 || n == "died" || n == "doubtful") {
			continue
		}
		if len(notes) == 0 || notes[len(notes)-1] != n {
			notes = append(notes, n)
		}
	}
	return strings.Join(notes, ", ")
}

// numberNote says what kind of number it is and whose country gave it: of Persona's short words
// for documents, the usual ones.
func numberNote(note string) string {
	kind, country := note, ""
	if at := strings.LastIndexByte(note, ' '); at >= 0 && codeOf(note[at+1:]) != "" {
		kind, country = note[:at], countryName(note[at+1:])
	}
	switch kind {
	case "pp":
		kind = "passport"
	case "dl":
		kind = "driving licence"
	case "id":
		kind = "identity card"
	case "rp", "pr":
		kind = "residence permit"
	}
	return join(", ", openSet(kind), country)
}

func nameNote(kind string) string {
	switch kind {
	case "", "primary_name":
		return ""
	case "aka":
		return "also known as"
	case "weak_aka":
		return "also known as, a weak name"
	}
	if strings.Contains(kind, "/") { // the type of the record that has it
		return strings.ToLower(typeWords(kind))
	}
	return openSet(kind)
}

// nameSides marks which spelling spoke, and sets the parts of the two names beside each other.
func nameSides(row *views.CompareRow, m *review.Match, c review.Comparison) {
	if c.Spoke > 0 && c.Spoke < len(m.Names) {
		row.Right.Tag = views.Tag{Words: "this spelling fired", Tone: views.ToneAttention}
	}
	for _, p := range c.Parts {
		part := views.ComparePart{Label: p.Role, Mark: partMark(p)}
		if part.Label == "" {
			part.Label = "part"
		}
		left, right := str(p.Subject).Text, str(p.Match).Text
		if part.Mark == views.MarkAgree { // the word says it; a stroke over an accent would deny it
			part.Left, part.Right = whole(left), whole(right)
		} else {
			part.Left, part.Right = pieces(left, right)
		}
		row.Parts = append(row.Parts, part)
	}
}

func partMark(p review.PartComparison) views.Mark {
	switch {
	case p.Subject == "":
		return views.MarkMissingSubject
	case p.Match == "":
		return views.MarkMissingMatch
	}
	switch p.Mark {
	case "same":
		return views.MarkAgree
	case "close":
		return views.MarkClose
	}
	return views.MarkConflict
}

// pieces cuts two words where they part: what both begin and end with is the same.
func pieces(a, b string) (left, right []views.Piece) {
	if a == "" || b == "" {
		return whole(a), whole(b)
	}
	x, y := []rune(a), []rune(b)
	lower := func(r rune) rune { return []rune(strings.ToLower(string(r)))[0] }
	head := 0
	for head < min(len(x), len(y)) && lower(x[head]) == lower(y[head]) {
		head++
	}
	tail := 0
	for tail < min(len(x), len(y))-head && lower(x[len(x)-1-tail]) == lower(y[len(y)-1-tail]) {
		tail++
	}
	return cut(x, head, tail), cut(y, head, tail)
}

func whole(s string) []views.Piece {
	if s == "" {
		return nil
	}
	return []views.Piece{{Text: s}}
}

func cut(r []rune, head, tail int) []views.Piece {
	var out []views.Piece
	for _, p := range []views.Piece{{Text: string(r[:head])}, {Text: string(r[head : len(r)-tail]), Differs: true}, {Text: string(r[len(r)-tail:])}} {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return out
}

// apartFrom parts the rows in which a match of the same party says something else than the one
// that is compared in full from those in which it says the same.
func apartFrom(first, rows []review.Comparison) (apart, alike []review.Comparison) {
	for _, row := range rows {
		same := false
		for _, f := range first {
			if f.Attribute == row.Attribute {
				same = f.Verdict == row.Verdict && sameSides(f.Match, row.Match, row.Attribute)
			}
		}
		if same {
			alike = append(alike, row)
		} else {
			apart = append(apart, row)
		}
	}
	return apart, alike
}

// sameSides compares values alone: on several lists, the notes differ as a matter of course.
func sameSides(a, b []review.Side, attribute review.Attribute) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Value != b[i].Value && !(attribute == review.AttributeName && review.Fold(a[i].Value) == review.Fold(b[i].Value)) {
			return false
		}
	}
	return true
}

// strength orders the matches of a party by how much of them can be compared and agrees, so
// that the comparison shown in full is the one that weighs most. It is never shown.
func strength(rows []review.Comparison) int {
	n := 0
	for _, c := range rows {
		w := 1
		switch c.Attribute {
		case review.AttributeName:
			w = 4
		case review.AttributeBirthdate:
			w = 3
		}
		switch c.Verdict {
		case review.Agree:
			n += 3 * w
		case review.Close:
			n += 2 * w
		case review.Conflict:
			n += w
		}
	}
	return n
}
