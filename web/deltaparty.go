package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// partyPair is a listed party then and now. Either may be nil.
type partyPair struct {
	number    int // on the page that shows now; 0 for a party that is gone
	then, now *review.Party
	another   bool // another entry by the same name: nothing else ties the two
	rows      []views.CompareRow
}

func (p *partyPair) called() string { return "Party " + views.Number(p.number) }

// pairParties finds for every party of a page the one that it was: by its key, else by a match in
// common, else by a name that one party had then and one has now. A list that corrects a birth date
// may make another entry of it, which a reader should see beside the one it replaced. Parties that
// are not there any more stand last.
func pairParties(then, now []review.Party) []partyPair {
	byMatch := map[review.MatchKey]int{}
	byKey := map[review.PartyKey]int{}
	for i := range then {
		byKey[then[i].Key] = i
		for j := range then[i].Matches {
			byMatch[then[i].Matches[j].Key] = i
		}
	}
	pairs := make([]partyPair, len(now))
	taken := make([]bool, len(then))
	var fresh []int
	for i := range now {
		pairs[i] = partyPair{number: i + 1, now: &now[i]}
		at, ok := byKey[now[i].Key]
		for j := 0; !ok && j < len(now[i].Matches); j++ {
			at, ok = byMatch[now[i].Matches[j].Key]
		}
		if ok {
			pairs[i].then, taken[at] = &then[at], true
		} else {
			fresh = append(fresh, i)
		}
	}
	left := slices.DeleteFunc(indexes(len(then)), func(i int) bool { return taken[i] })
	names := map[string][2][]int{} // of those left over: then, now
	for side, all := range [2][]int{left, fresh} {
		for _, i := range all {
			parties := [2][]review.Party{then, now}[side]
			if name := nameOf(&parties[i]); name != "" {
				both := names[name]
				both[side] = append(both[side], i)
				names[name] = both
			}
		}
	}
	for _, both := range names {
		if len(both[0]) == 1 && len(both[1]) == 1 {
			p := &pairs[both[1][0]]
			p.then, p.another, taken[both[0][0]] = &then[both[0][0]], true, true
		}
	}
	for _, i := range left {
		if !taken[i] {
			pairs = append(pairs, partyPair{then: &then[i]})
		}
	}
	return pairs
}

// nameOf is a party's name without what a list may write otherwise: case, accents, order.
func nameOf(p *review.Party) string {
	parts := strings.Fields(review.Fold(p.Name))
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// partyField is one thing that the matches of a party say, all of them together.
type partyField struct {
	name   string // as the path of a change has it
	label  string
	many   bool // more than can stand side by side: only those that differ are shown
	values func(m *review.Match, now time.Time) []string
}

// eachOf words every item of a list.
func eachOf[T any](list func(*review.Match) []T) func(*review.Match, time.Time) []string {
	return func(m *review.Match, now time.Time) []string {
		var out []string
		for _, v := range list(m) {
			out = append(out, valueWords(v, now))
		}
		return out
	}
}

var partyFields = []partyField{
	{"names", "names", true, eachOf(func(m *review.Match) []review.Name { return m.Names })},
	{"birthdates", "born", false, eachOf(func(m *review.Match) []review.Birthdate { return m.Birthdates })},
	{"deathdates", "died", false, eachOf(func(m *review.Match) []review.Birthdate { return m.Deathdates })},
	{"countries", "countries", false, eachOf(func(m *review.Match) []review.Country { return m.Countries })},
	{"sexes", "sex", false, eachOf(func(m *review.Match) []string { return m.Sexes })},
	{"party", "kind", false, eachOf(func(m *review.Match) []review.PartyKind {
		if m.Party == review.PartyUnknown {
			return nil
		}
		return []review.PartyKind{m.Party}
	})},
	{"identifiers", "identifiers", true, eachOf(func(m *review.Match) []review.Identifier { return m.Identifiers })},
	{"listings", "lists", true, eachOf(func(m *review.Match) []review.Listing { return m.Listings })},
	{"positions", "positions", true, eachOf(func(m *review.Match) []review.Position { return m.Positions })},
	{"articles", "articles", true, eachOf(func(m *review.Match) []review.Article { return m.Articles })},
	{"associates", "associates", true, eachOf(func(m *review.Match) []review.Associate { return m.Associates })},
	{"affiliations", "affiliations", true, eachOf(func(m *review.Match) []string { return m.Affiliations })},
	{"sources", "sources", true, eachOf(func(m *review.Match) []review.Source { return m.Sources })},
	{"links", "links", true, eachOf(func(m *review.Match) []string { return m.Links })},
	{"match_types", "matched on", false, func(m *review.Match, _ time.Time) []string { return openSets(m.MatchTypes) }},
	{"topics", "topics", false, func(m *review.Match, _ time.Time) []string { return openSets(m.Topics) }},
	{"risk", "risk", false, func(m *review.Match, _ time.Time) []string { return openSets([]string{m.Risk}) }},
}

func openSets(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, openSet(s))
		}
	}
	return out
}

// partyValues are the values of a field over all matches of a party, each once.
func partyValues(p *review.Party, f partyField, now time.Time) []string {
	var out []string
	seen := map[string]bool{}
	for i := range p.Matches {
		for _, v := range f.values(&p.Matches[i], now) {
			if v != "" && !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	slices.Sort(out)
	return out
}

// sideBySide is how many values of a field stand in full on both sides of a change.
const sideBySide = 4

// What stands between the values of a side: one of them holds, or all do.
const (
	eitherOr = " or "
	allOf    = ", "
)

// listRow sets the values of a list then beside those now; false when they are the same.
func listRow(label string, then, now []string, many bool, between string) (views.CompareRow, bool) {
	gone, added := without(then, now), without(now, then)
	if len(gone)+len(added) == 0 {
		return views.CompareRow{}, false
	}
	row := views.CompareRow{Label: label, Mark: views.MarkChanged}
	if !many && len(then) <= sideBySide && len(now) <= sideBySide {
		row.Left, row.Right = fullSide(then, gone, between), fullSide(now, added, between)
		switch {
		case len(then) == 0:
			row.Mark = views.MarkAdded
		case len(now) == 0:
			row.Mark = views.MarkGone
		}
		return row, true
	}
	switch {
	case len(gone) == 0:
		row.Mark = views.MarkAdded
	case len(added) == 0:
		row.Mark = views.MarkGone
	}
	row.Left, row.Right = partSide(gone, len(then)), partSide(added, len(now))
	return row, true
}

// without is what one sorted list has and another has not.
func without(list, other []string) []string {
	var out []string
	for _, v := range list {
		if _, ok := slices.BinarySearch(other, v); !ok {
			out = append(out, v)
		}
	}
	return out
}

// fullSide shows all values, those that differ marked.
func fullSide(values, differ []string, between string) views.Side {
	if len(values) == 0 {
		return views.Side{None: notGiven}
	}
	s := views.Side{Str: views.S(strings.Join(values, between))}
	for i, v := range values {
		if i > 0 {
			s.Pieces = append(s.Pieces, views.Piece{Text: between})
		}
		s.Pieces = append(s.Pieces, views.Piece{Text: v, Differs: slices.Contains(differ, v)})
	}
	return s
}

// partSide shows only the values that differ, and how many there are in all.
func partSide(differ []string, all int) views.Side {
	switch {
	case all == 0:
		return views.Side{None: "none"}
	case len(differ) == 0:
		return views.Side{None: views.Number(all) + " in all"}
	}
	s := views.Side{Str: views.S(differ[0]), Pieces: differing(differ[0])}
	if all > 1 {
		s.Note = views.Number(all) + " in all"
	}
	if rest := differ[1:]; len(rest) > 0 {
		s.MoreIs = views.Plural(len(rest), "more value", "more values")
		for _, v := range rest[:min(len(rest), moreValues)] {
			s.More = append(s.More, views.S(v))
		}
		if n := len(rest) - len(s.More); n > 0 {
			s.More = append(s.More, views.S("and "+views.Number(n)+" more"))
		}
	}
	return s
}

// partyState says how many matches of a party are open.
func partyState(p *review.Party) string {
	open := len(p.OpenMatches())
	s := views.Number(open) + " open"
	if away := len(p.Matches) - open; away > 0 {
		s += ", " + views.Number(away) + " dismissed"
	}
	return s
}

// called is the name of a party, or what stands in for one.
func called(p *review.Party) views.Str {
	if s := str(p.Name); s.Text != "" {
		return s
	}
	return views.S(partyFallback(*p))
}

// partyGist says in a line who a party is: what surfaced it, and when it was born.
func partyGist(p *review.Party, now time.Time) string {
	born := strings.Join(partyValues(p, partyFields[1], now), eitherOr)
	if born != "" {
		born = "born " + born
	}
	return join(", ", kindsOf(p.Matches), born)
}

// verdictRows are the attributes on which subject and party stand to each other as they did not.
func verdictRows(name string, then, now review.Dossier, pair partyPair) []views.CompareRow {
	before := review.Compare(then.SubjectOfParty(*pair.then), pair.then.Whole())
	after := review.Compare(now.SubjectOfParty(*pair.now), pair.now.Whole())
	var rows []views.CompareRow
	for _, a := range review.Attributes() {
		is := func(c review.Comparison) bool { return c.Attribute == a }
		i, j := slices.IndexFunc(before, is), slices.IndexFunc(after, is)
		var was, stands review.Comparison
		if i >= 0 {
			was = before[i]
		}
		if j >= 0 {
			stands = after[j]
		}
		if was.Verdict == stands.Verdict && (was.Rule == stands.Rule || was.Words == stands.Words) {
			continue
		}
		rows = append(rows, views.CompareRow{Label: name + ", verdict on " + verdictOn(a), Mark: views.MarkChanged,
			Left: verdictSide(was, was.Verdict != stands.Verdict), Right: verdictSide(stands, was.Verdict != stands.Verdict)})
	}
	return rows
}

func verdictSide(c review.Comparison, differs bool) views.Side {
	if c.Verdict == "" {
		return views.Side{None: "nothing to compare"}
	}
	s := said(views.MarkOf(c.Verdict).Words())
	if differs {
		s.Pieces = differing(s.Str.Text)
	}
	s.Note = short(strings.TrimSuffix(c.Words, "."))
	return s
}

// verdictOn names an attribute in the middle of a sentence.
func verdictOn(a review.Attribute) string {
	switch a {
	case review.AttributeBirthdate:
		return "birth date"
	case review.AttributeIdentifier:
		return "numbers"
	}
	return strings.ToLower(views.AttributeWords(a))
}
