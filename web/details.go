package web

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"docket/review"
	"docket/views"
)

// details is everything that a match says and its comparison does not show.
func details(m *review.Match, now time.Time) views.Details {
	var d views.Details
	for _, l := range m.Listings {
		d.Listings = append(d.Listings, listing(l, now))
	}
	for _, p := range m.Positions {
		d.Positions = append(d.Positions, position(p))
	}
	for _, a := range m.Articles {
		art := views.Article{Title: str(a.Title), Snippet: prose(a.Snippet), Words: isoDateWords(a.Date)}
		if len(a.Date) >= 20 {
			if t, err := time.Parse(time.RFC3339, a.Date); err == nil {
				art.Words = views.Day(t, now).Words
			}
		}
		if a.URL != "" {
			art.Link = link("", a.URL)
		}
		d.Articles = append(d.Articles, art)
	}
	for _, a := range m.Associates {
		d.Associates = append(d.Associates, views.Associate{Name: str(a.Name), Words: openSet(a.Relationship)})
	}
	for _, id := range m.Identifiers {
		d.Identifiers = append(d.Identifiers, views.Identifier{Type: label(id.Type), Value: str(id.Value), Words: countryName(id.Country)})
	}
	for _, u := range m.Links {
		if u != "" {
			d.Links = append(d.Links, link("", u))
		}
	}
	for _, s := range m.Sources {
		if s.URL != "" {
			d.Links = append(d.Links, link(join(", ", s.Name, countryName(s.Flag)), s.URL))
		}
	}
	d.Facts = matchFacts(m, now)
	d.Other = fields(m.Other, now)
	d.Gist = detailsGist(d)
	d.Listings = few(&d, m, "lists", d.Listings)
	d.Positions = few(&d, m, "positions", d.Positions)
	d.Articles = few(&d, m, "articles", d.Articles)
	d.Associates = few(&d, m, "associates", d.Associates)
	d.Identifiers = few(&d, m, "identifiers", d.Identifiers)
	d.Links = few(&d, m, "links", d.Links)
	return d
}

// mostOfOne is how many lists, positions, articles and so on of one match are on a page; all of
// them are in the report.
const mostOfOne = 20

// few gives the first of many, and says in the details how many that leaves out.
func few[T any](d *views.Details, m *review.Match, what string, all []T) []T {
	if len(all) <= mostOfOne+1 {
		return all
	}
	d.Facts = append(d.Facts, views.Fact{Term: "More " + what, Value: views.Value{State: review.Present, To: restInReport(m, len(all)-mostOfOne)}})
	return all[:mostOfOne]
}

func listing(l review.Listing, now time.Time) views.Listing {
	out := views.Listing{Name: str(l.Name), Record: str(l.State).Text}
	if out.Name.Text == "" {
		out.Name = str(l.Slug)
	}
	flag := countryName(l.Flag)
	if l.Flag == "EU" {
		flag = "European Union"
	}
	out.Words = join(" · ", openSet(l.Type), flag)
	if l.URL != "" {
		out.Link = link("", l.URL)
	}
	switch {
	case !l.Ended.IsZero():
		out.Ended = views.Tag{Words: "taken off " + views.Day(l.Ended, now).Words, Tone: views.ToneDiffer}
	case l.Active.State == review.Present && !l.Active.Value:
		out.Ended = views.Tag{Words: "no longer active", Tone: views.ToneDiffer}
	}
	return out
}

func position(p review.Position) views.Position {
	span := ""
	start, end := isoDateWords(p.Start), isoDateWords(p.End)
	switch {
	case start != "" && end != "":
		span = start + " to " + end
	case start != "":
		span = "since " + start
	case end != "":
		span = "until " + end
	}
	var topics []string
	for _, t := range p.Topics {
		topics = append(topics, openSet(t))
	}
	out := views.Position{Title: str(p.Title), Words: join(" · ", classWords(p.Class), span, strings.Join(topics, ", "))}
	if webLink(p.Source) {
		out.Link = link("", p.Source)
	} else if p.Source != "" {
		out.Words = join(" · ", out.Words, str(p.Source).Text)
	}
	return out
}

// classWords reads a class of politically exposed persons: "pep-class-3" is "PEP class 3".
func classWords(class string) string {
	if n, ok := strings.CutPrefix(strings.ReplaceAll(class, "_", "-"), "pep-class-"); ok {
		return "PEP class " + str(n).Text
	}
	return openSet(class)
}

func matchFacts(m *review.Match, now time.Time) []views.Fact {
	var facts []views.Fact
	add := func(term, value string) {
		if value != "" {
			facts = append(facts, views.Fact{Term: term, Value: views.Value{State: review.Present, Str: str(value)}})
		}
	}
	list := func(values []string) string {
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = openSet(v)
		}
		return strings.Join(out, ", ")
	}
	add("Matched on", list(m.MatchTypes))
	add("Topics", list(m.Topics))
	add("Risk", openSet(m.Risk))
	add("Review at Persona", openSet(m.ReviewStatus))
	add("Affiliations", strings.Join(m.Affiliations, ", "))
	var dead []string
	for _, d := range m.Deathdates {
		dead = append(dead, join(", ", birthWords(d), birthNote(d)))
	}
	add("Died", strings.Join(dead, "; "))
	var sources []string
	for _, s := range m.Sources {
		if s.URL == "" && s.Name != "" && !slices.Contains(sources, s.Name) {
			sources = append(sources, s.Name)
		}
	}
	add("Sources", strings.Join(sources, ", "))
	add("Id at the source", m.EntityID)
	if !m.FirstSeen.IsZero() {
		facts = append(facts, views.Fact{Term: "First found", Value: timeValue(m.FirstSeen, now)})
	}
	return facts
}

// detailsGist says what the fold holds: "3 lists, 2 positions, 4 articles".
func detailsGist(d views.Details) string {
	count := func(n int, one, many string) string {
		if n == 0 {
			return ""
		}
		return views.Plural(n, one, many)
	}
	s := join(", ",
		count(len(d.Listings), "list", "lists"), count(len(d.Positions), "position", "positions"),
		count(len(d.Articles), "article", "articles"), count(len(d.Associates), "associate", "associates"),
		count(len(d.Identifiers), "identifier", "identifiers"), count(len(d.Links), "link", "links"))
	if s == "" {
		return "What else the match says"
	}
	return s
}

// scripts are those that names are written in, the usual ones first.
var scripts = []*unicode.RangeTable{unicode.Cyrillic, unicode.Arabic, unicode.Han, unicode.Greek, unicode.Hebrew,
	unicode.Hangul, unicode.Katakana, unicode.Hiragana, unicode.Devanagari, unicode.Thai, unicode.Georgian,
	unicode.Armenian, unicode.Ethiopic, unicode.Bengali, unicode.Tamil}

// scriptOf numbers the script of the first letter of a name: 0 Latin, -1 no letter.
func scriptOf(name string) int {
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			continue
		case r < 0x370:
			return 0
		}
		for i, table := range scripts {
			if unicode.Is(table, r) {
				return i + 1
			}
		}
		return len(scripts) + 1
	}
	return -1
}
