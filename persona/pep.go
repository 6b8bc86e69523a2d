package persona

import (
	"slices"
	"strings"

	"docket/review"
)

// pep reads the matches of report/politically-exposed-person: one person each.
// https://help.withpersona.com/articles/116MoqsoZ0B5FYkdR8Hufp/
func pep(report review.Ref, get func(string) node) ([]review.Match, review.Presence) {
	result := get("result")
	var matches []review.Match
	for _, n := range result.items() {
		if n.kind == kindObject {
			matches = append(matches, pepMatch(n))
		}
	}
	return byIdentity(report, matches), presence(result)
}

func pepMatch(n node) review.Match {
	m := review.Match{
		Party:      review.PartyPerson,
		EntityID:   n.find("entity-id", "id").str(),
		Names:      names(n.get("name"), n.find("aliases", "akas")),
		Birthdates: birthdates(n.get("birthdates")),
		Deathdates: birthdates(n.get("death-dates")),
		Countries:  union(countries(n.get("country"), ""), countries(n.get("locations"), "")),
		Sexes:      sexes(n.find("sex", "sexes", "gender")),
		Topics:     distinct(n.get("topics")),
		MatchTypes: slugs(n.get("match-types")),
	}
	m.Identity = personIdentity(m)
	var keys map[string]string
	m.Sources, keys = sources(n.get("sources"))
	for _, p := range n.get("positions").items() {
		m.Positions = addPosition(m.Positions, position(p, keys))
	}
	for _, a := range n.get("associates").items() {
		if a := (review.Associate{Name: textOr(a, "name"), Relationship: a.get("relationship").str()}); a.Name != "" {
			m.Associates = union(m.Associates, []review.Associate{a})
		}
	}
	m.Affiliations = texts(n.get("affiliations"), "name")
	m.Links = texts(n.get("related-urls"), "name", "url") // the URL is in "name"
	m.Other = others(n, "entity-id", "id", "name", "aliases", "akas", "birthdates", "death-dates", "country", "locations",
		"sex", "sexes", "gender", "topics", "match-types", "sources", "positions", "associates", "affiliations", "related-urls")
	m.Other = slices.Concat(m.Other, positionLeftovers(n.get("positions")),
		leftovers("associates", n.get("associates"), "name", "relationship", "source-key"),
		leftovers("affiliations", n.get("affiliations"), "name", "source-key"),
		leftovers("related-urls", n.get("related-urls"), "name", "url", "source-key"),
		leftovers("sources", n.get("sources"), "name", "url", "flag-code"))
	return m
}

func positionLeftovers(n node) []review.Field {
	return leftovers("positions", n, "name", "title", "position", "pep-class", "class", "start-date", "end-date", "topics", "source-key")
}

// personIdentity is the vendor's id, else name and birth dates.
func personIdentity(m review.Match) string {
	if m.EntityID != "" {
		return m.EntityID
	}
	return "name:" + identityName(m.PrimaryName()) + "|" + births(m.Birthdates)
}

// names are a primary name and its aliases.
func names(primary, aliases node) []review.Name {
	var out []review.Name
	if s := textOr(primary, "name"); s != "" {
		out = append(out, review.Name{Value: s, Type: "primary_name"})
	}
	aka := texts(aliases, "name")
	out = slices.Grow(out, len(aka))
	for _, s := range aka {
		if len(out) == 0 || s != out[0].Value {
			out = append(out, review.Name{Value: s, Type: "aka"})
		}
	}
	return out
}

// textOr is a text, or the member of an object that holds it.
func textOr(n node, key string) string {
	if n.kind == kindObject {
		return n.get(key).str()
	}
	return n.str()
}

// sexes gives the usual spellings of male and female one form; others stay as sent.
func sexes(n node) []string {
	var out []string
	for _, s := range n.strs() {
		out = union(out, []string{sex(s)})
	}
	return out
}

func sex(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "m", "male", "man":
		return "male"
	case "f", "female", "woman":
		return "female"
	}
	return s
}

// position reads an office, given as an object or as its title alone. What its source key
// means is said by the match's sources, when they know it.
func position(n node, keys map[string]string) review.Position {
	if s := n.str(); s != "" {
		return review.Position{Title: s}
	}
	source := n.get("source-key").str()
	if name, ok := keys[source]; ok {
		source = name
	}
	return review.Position{
		Title: n.find("name", "title", "position").str(), Class: n.find("pep-class", "class").str(),
		Start: n.get("start-date").str(), End: n.get("end-date").str(),
		Topics: distinct(n.get("topics")), Source: source,
	}
}

// sources reads where a match's facts come from: a map by slug, one single object, or a list.
// keys says what each slug is called.
func sources(n node) (out []review.Source, keys map[string]string) {
	keys = map[string]string{}
	var each []node
	switch {
	case n.kind == kindObject && mapOfObjects(n):
		each = n.kids
	default:
		each = n.items()
	}
	for _, it := range each {
		s := review.Source{Name: textOr(it, "name"), URL: it.get("url").str(), Flag: it.get("flag-code").str()}
		if s.Name == "" {
			s.Name = it.key
		}
		if it.key != "" {
			keys[it.key] = s.Name
		}
		if s != (review.Source{}) {
			out = union(out, []review.Source{s})
		}
	}
	slices.SortStableFunc(out, func(a, b review.Source) int { return strings.Compare(a.Name, b.Name) })
	return out, keys
}
