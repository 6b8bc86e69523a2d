package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// mostChanges is how many rows of changes are on a page; the rest are counted.
const mostChanges = 60

// deltaWords is what changed between two dossiers, in the words of a page.
type deltaWords struct {
	rows    []views.CompareRow
	changes int         // rows that tell of a change, with those left out
	left    int         // rows left out
	fresh   int         // parties that were not there
	parties []partyPair // every party then or now
	told    string      // what changed too and is not counted, as docket itself told Persona
	only    bool        // nothing else changed; what has no row may have changed too
}

// empty says that nothing at all changed.
func (w deltaWords) empty() bool { return w.changes == 0 }

// lead counts what changed: "2 changes, 1 new party".
func (w deltaWords) lead() string {
	s := views.Plural(w.changes, "change", "changes")
	if w.fresh > 0 {
		s += ", " + views.Plural(w.fresh, "new party", "new parties")
	}
	return s
}

// leftWords counts the changes that are not among the rows, "" when all are.
func (w deltaWords) leftWords() string {
	if w.left == 0 {
		return ""
	}
	return "and " + views.Plural(w.left, "more change", "more changes")
}

// table is the changes as a comparison of then with now.
func (w deltaWords) table(caption, left, right string) *views.Comparison {
	return &views.Comparison{Caption: caption, Left: left, Right: right, Wide: true, Rows: w.rows}
}

// deltaBuilder words the changes between two dossiers. The parties are those of now, in the order
// of the page.
type deltaBuilder struct {
	then, now review.Dossier
	clock     time.Time
	delta     review.Delta
	told      []bool // which changes have a row
	words     deltaWords
}

// deltaOf says what changed between two dossiers, whose parties stand on the page in the order
// that is given.
func deltaOf(then, now review.Dossier, parties []review.Party, clock time.Time) deltaWords {
	b := &deltaBuilder{then: then, now: now, clock: clock, delta: review.Diff(then, now)}
	if len(b.delta) == 0 {
		return deltaWords{}
	}
	b.told = make([]bool, len(b.delta))
	b.words.parties = pairParties(review.Parties(then), parties)
	b.partyRows()
	b.subjectRows()
	b.rootRows()
	b.reportRows()
	b.recordRows()
	b.otherRows()
	w := b.words
	w.changes = len(w.rows)
	if w.left = len(w.rows) - mostChanges; w.left > 1 {
		w.rows = w.rows[:mostChanges]
	} else {
		w.left = 0 // a line that says "and 1 more" might as well be that one
	}
	w.rows = append(w.rows, b.unchanged()...)
	return w
}

func (b *deltaBuilder) add(row views.CompareRow) { b.words.rows = append(b.words.rows, row) }

// say adds a row for a value that is another one; the same words on both sides are none.
func (b *deltaBuilder) say(label, then, now string) {
	if then == now {
		return
	}
	row := views.CompareRow{Label: label, Mark: views.MarkChanged, Left: changedSide(then), Right: changedSide(now)}
	switch {
	case then == "":
		row.Mark = views.MarkAdded
	case now == "":
		row.Mark = views.MarkGone
	}
	b.add(row)
}

// take gives the changes that no row tells of yet and that lie where at says, and counts them as
// told.
func (b *deltaBuilder) take(at func(review.Path) bool) []review.Change {
	var out []review.Change
	for i, c := range b.delta {
		if !b.told[i] && at(c.Path) {
			b.told[i] = true
			out = append(out, c)
		}
	}
	return out
}

// within says that a path leads into some field of the dossier.
func within(names ...string) func(review.Path) bool {
	return func(p review.Path) bool { return slices.Contains(names, p[0].Name) }
}

// ofMatch is the match that a path leads to, or into.
func ofMatch(p review.Path) (review.MatchKey, bool) {
	if len(p) < 2 || p[0].Name != "reports" || p[1].Name != "matches" {
		return "", false
	}
	return review.MatchKey(p[1].Key), true
}

// partyRows tells what changed party by party: new ones, gone ones, and what those that were
// there say by now.
func (b *deltaBuilder) partyRows() {
	moved := map[review.MatchKey][]review.Change{}
	for _, c := range b.take(func(p review.Path) bool { _, ok := ofMatch(p); return ok }) {
		key, _ := ofMatch(c.Path)
		moved[key] = append(moved[key], c)
	}
	// Matches of reports that came or went whole.
	for _, c := range b.delta {
		if len(c.Path) == 1 && c.Path[0].Name == "reports" {
			for _, v := range []any{c.Then, c.Now} {
				if r, ok := v.(review.Report); ok {
					for i := range r.Matches {
						moved[r.Matches[i].Key] = append(moved[r.Matches[i].Key], review.Change{Op: c.Op})
					}
				}
			}
		}
	}
	// Another subject stands to every party another way.
	subject := slices.ContainsFunc(b.delta, func(c review.Change) bool {
		return within("subject", "examined")(c.Path) || len(c.Path) > 1 && c.Path[0].Name == "reports" && c.Path[1].Name == "subject"
	})
	for i := range b.words.parties {
		pair := &b.words.parties[i]
		switch {
		case pair.then == nil:
			b.words.fresh++
			pair.rows = []views.CompareRow{{Label: pair.called(), Mark: views.MarkAdded, Left: views.Side{None: "not there"},
				Right: views.Side{Str: called(pair.now), Note: partyGist(pair.now, b.clock)}}}
		case pair.now == nil:
			pair.rows = []views.CompareRow{{Label: "A party", Mark: views.MarkGone, Right: views.Side{None: "not there any more"},
				Left: views.Side{Str: called(pair.then), Note: partyGist(pair.then, b.clock)}}}
		default:
			b.pairRows(pair, moved, subject)
		}
		b.words.rows = append(b.words.rows, pair.rows...)
	}
}

// pairRows tells what changed of a party that was there.
func (b *deltaBuilder) pairRows(pair *partyPair, moved map[review.MatchKey][]review.Change, subject bool) {
	var changes []review.Change
	for _, p := range []*review.Party{pair.then, pair.now} {
		for i := range p.Matches {
			key := p.Matches[i].Key
			changes = append(changes, moved[key]...)
			delete(moved, key)
		}
	}
	regrouped := !sameMatches(pair.then, pair.now)
	if len(changes) == 0 && !subject && !regrouped {
		return
	}
	name := pair.called()
	if pair.another {
		pair.rows = append(pair.rows, views.CompareRow{Label: name + ", match", Mark: views.MarkChanged, Left: said("the entry that was there"),
			Right: changedSide("another entry by the same name")})
	}
	told := map[string]bool{"dismissed": true, "review_status": true, "key": true}
	if was, is := partyState(pair.then), partyState(pair.now); was != is {
		pair.rows = append(pair.rows, views.CompareRow{Label: name + ", matches", Mark: views.MarkChanged, Left: changedSide(was), Right: changedSide(is)})
	} else {
		told["dismissed"], told["review_status"] = false, false
	}
	if len(changes) > 0 || regrouped {
		for _, f := range partyFields {
			if row, differs := listRow(name+", "+f.label, partyValues(pair.then, f, b.clock), partyValues(pair.now, f, b.clock), f.many, eitherOr); differs {
				pair.rows = append(pair.rows, row)
				told[f.name] = true
			}
		}
	}
	// What only some of its matches say otherwise than they did.
	pair.rows = append(pair.rows, b.rest(name+", ", changes, 2, told)...)
	pair.rows = append(pair.rows, verdictRows(name, b.then, b.now, *pair)...)
}

func sameMatches(a, b *review.Party) bool {
	return len(a.Matches) == len(b.Matches) && !slices.ContainsFunc(a.Matches, func(m review.Match) bool {
		return !slices.ContainsFunc(b.Matches, func(n review.Match) bool { return n.Key == m.Key })
	})
}

// generic is the row of a change that has no words of its own.
func (b *deltaBuilder) generic(prefix string, c review.Change, path review.Path) views.CompareRow {
	row := views.CompareRow{Label: prefix + lowerFirst(pathWords(path)), Mark: views.MarkChanged,
		Left: changedSide(valueWords(c.Then, b.clock)), Right: changedSide(valueWords(c.Now, b.clock))}
	switch c.Op {
	case review.Added:
		row.Mark, row.Left = views.MarkAdded, views.Side{None: notGiven}
	case review.Gone:
		row.Mark, row.Right = views.MarkGone, views.Side{None: notGiven}
	}
	return row
}

// rest is one row for each field below depth steps that has no words of its own yet: its first
// change, and how many more there are.
func (b *deltaBuilder) rest(prefix string, changes []review.Change, depth int, told map[string]bool) []views.CompareRow {
	var rows []views.CompareRow
	at := map[string]int{}
	more := map[string]int{}
	for _, c := range changes {
		if len(c.Path) <= depth || told[c.Path[depth].Name] {
			continue
		}
		name := c.Path[depth].Name
		i, ok := at[name]
		if !ok {
			at[name] = len(rows)
			rows = append(rows, b.generic(prefix, c, c.Path[depth:]))
			continue
		}
		more[name]++
		side := &rows[i].Right
		if rows[i].Mark == views.MarkGone {
			side = &rows[i].Left
		}
		side.Note = "and " + views.Plural(more[name], "more change", "more changes")
	}
	return rows
}

// pathWords words where a change lies: "names, Orlan Kasimbek, lists".
func pathWords(p review.Path) string {
	var parts []string
	for _, s := range p {
		parts = append(parts, label(s.Name))
		if s.Key != "" {
			parts = append(parts, clip(str(s.Key).Text, 80))
		}
	}
	for i := range parts[min(1, len(parts)):] {
		parts[i+1] = lowerFirst(parts[i+1])
	}
	return strings.Join(parts, ", ")
}

// otherRows tells of what nothing above told of.
func (b *deltaBuilder) otherRows() {
	for _, c := range b.take(func(review.Path) bool { return true }) {
		b.add(b.generic("", c, c.Path))
	}
}

// unchanged sums up what is the same: parties, and what the reports were asked.
func (b *deltaBuilder) unchanged() []views.CompareRow {
	var rows []views.CompareRow
	same := func(label, left, right string) {
		rows = append(rows, views.CompareRow{Label: label, Mark: views.MarkSame, Left: views.Side{None: left}, Right: views.Side{None: right}})
	}
	var numbers []int
	for i := range b.words.parties {
		if p := &b.words.parties[i]; p.then != nil && p.now != nil && len(p.rows) == 0 {
			numbers = append(numbers, p.number)
		}
	}
	if n := len(numbers); n > 0 {
		same(partiesWords(numbers), views.Plural(n, "comparison", "comparisons"), "unchanged")
	}
	asked, moved := 0, false
	for i := range b.now.Reports {
		asked += len(b.now.Reports[i].Query)
	}
	for _, c := range b.delta {
		moved = moved || c.Path[0].Name == "reports" && (len(c.Path) == 1 || c.Path[1].Name == "query")
	}
	if asked > 0 && !moved {
		same("Query", views.Plural(asked, "value", "values"), "the same "+views.Plural(asked, "value", "values"))
	}
	return rows
}

// partiesWords names parties by their numbers: "Parties 1, 3 to 5 and 9".
func partiesWords(numbers []int) string {
	if len(numbers) == 1 {
		return "Party " + views.Number(numbers[0])
	}
	var spans []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		switch {
		case j == i:
			spans = append(spans, views.Number(numbers[i]))
		case j == i+1:
			spans = append(spans, views.Number(numbers[i]), views.Number(numbers[j]))
		default:
			spans = append(spans, views.Number(numbers[i])+" to "+views.Number(numbers[j]))
		}
		i = j + 1
	}
	last := len(spans) - 1
	if last == 0 {
		return "Parties " + spans[0]
	}
	return "Parties " + strings.Join(spans[:last], ", ") + " and " + spans[last]
}
