package persona

import (
	"slices"
	"strings"

	"docket/review"
)

// screening reads the matches of report/screening: records that keep a review state of their
// own. https://docs.withpersona.com/api-reference/versioning/changelog/2026/10/14
func screening(report review.Ref, get func(string) node) ([]review.Match, review.Presence) {
	records := get("matched-records")
	var matches []review.Match
	for _, n := range records.items() {
		if n.kind == kindObject {
			matches = append(matches, record(n))
		}
	}
	return byIdentity(report, matches), presence(records)
}

func record(n node) review.Match {
	m := review.Match{
		EntityID:     n.find("token", "record-token", "id").str(),
		Party:        partyKind(n.get("record-types").strs()),
		Names:        recordNames(n),
		Birthdates:   birthdates(n.get("birthdates")),
		Deathdates:   birthdates(n.get("death-dates")),
		Sexes:        sexes(n.find("sexes", "sex")),
		Countries:    locations(n.get("locations")),
		Articles:     articles(n.get("articles")),
		Topics:       union(topics(n.get("topics")), topics(n.get("pep-roles"))),
		MatchTypes:   slugs(n.get("match-types")),
		Risk:         n.get("risk-level").str(),
		ReviewStatus: n.get("review-status").str(),
		InLastRun:    flag(n.get("present-in-last-run")),
	}
	m.Identity = personIdentity(m)
	if f := flag(n.get("matched")); f.State == review.Present && !f.Value {
		m.Dismissed = true // Persona itself no longer counts it as a match
	}
	for _, l := range n.get("listings").items() {
		m.Listings = union(m.Listings, []review.Listing{recordListing(l)})
	}
	for _, p := range n.get("positions").items() {
		m.Positions = addPosition(m.Positions, position(p, nil))
	}
	classes := distinct(n.get("pep-classes"))
	if len(classes) == 1 && len(m.Positions) == 1 && m.Positions[0].Class == "" {
		m.Positions[0].Class = classes[0]
	} else {
		m.Topics = union(m.Topics, classes)
	}
	for _, e := range n.get("emails").items() {
		if s := textOr(e, "email"); s != "" {
			m.Identifiers = union(m.Identifiers, []review.Identifier{{Type: "email", Value: s}})
		}
	}
	for _, it := range n.get("identifications").items() {
		if id := identification(it); id.Value != "" {
			m.Identifiers = union(m.Identifiers, []review.Identifier{id})
		}
	}
	m.Other = others(n, "token", "record-token", "record-types", "names", "name", "birthdates", "death-dates", "sexes", "sex",
		"locations", "articles", "topics", "pep-roles", "pep-classes", "match-types", "risk-level", "review-status",
		"present-in-last-run", "listings", "positions", "emails", "identifications")
	m.Other = slices.Concat(m.Other, positionLeftovers(n.get("positions")), articleLeftovers("articles", n.get("articles")),
		leftovers("listings", n.get("listings"), "name", "slug", "type", "list-type", "list-types", "url", "flag-code", "active", "deactivated-at", "review-status"),
		leftovers("names", n.get("names"), "name", "value", "type"),
		leftovers("locations", n.get("locations"), "address-country-code", "country-code", "country", "type"),
		leftovers("identifications", n.get("identifications"), identificationKeys...))
	return m
}

// recordNames are a record's names, the primary ones first.
func recordNames(n node) []review.Name {
	var first, rest []review.Name
	for _, it := range append(n.get("name").items(), n.get("names").items()...) {
		nm := review.Name{Value: textOr(it, "name"), Type: it.get("type").str()}
		if it.kind == kindObject && nm.Value == "" {
			nm.Value = it.get("value").str()
		}
		switch {
		case nm.Value == "":
		case strings.HasPrefix(nm.Type, "primary"):
			first = addName(first, nm)
		default:
			rest = addName(rest, nm)
		}
	}
	return append(first, rest...)
}

func partyKind(types []string) review.PartyKind {
	for _, t := range types {
		switch t := strings.ToLower(t); {
		case strings.Contains(t, "person"), strings.Contains(t, "individual"):
			return review.PartyPerson
		case strings.Contains(t, "business"), strings.Contains(t, "company"), strings.Contains(t, "organi"), strings.Contains(t, "entity"):
			return review.PartyBusiness
		case strings.Contains(t, "vessel"), strings.Contains(t, "aircraft"):
			return review.PartyVessel
		case strings.Contains(t, "wallet"), strings.Contains(t, "crypto"):
			return review.PartyWallet
		}
	}
	return review.PartyUnknown
}

func recordListing(n node) review.Listing {
	l := listing(n, "")
	if l.Type == "" {
		l.Type = n.get("type").str()
	}
	l.Active = flag(n.get("active"))
	l.Ended = n.get("deactivated-at").at()
	l.State = n.get("review-status").str()
	return l
}

func locations(n node) []review.Country {
	var out []review.Country
	for _, it := range n.items() {
		s := it.str()
		if it.kind == kindObject {
			s = it.find("address-country-code", "country-code", "country").str()
		}
		if s != "" {
			out = union(out, []review.Country{country(s, it.get("type").str())})
		}
	}
	return out
}

var identificationKeys = []string{"type", "identification-class", "name", "number", "identification-number", "value", "id-number",
	"country-code", "issuing-country", "country", "address-country-code"}

func topics(n node) []string { return texts(n, "name", "topic", "type", "value") }

func identification(n node) review.Identifier {
	if s := n.str(); s != "" {
		return review.Identifier{Type: "identification", Value: s}
	}
	id := review.Identifier{
		Type:    n.find("type", "identification-class", "name").str(),
		Value:   n.find("number", "identification-number", "value", "id-number").str(),
		Country: n.find("country-code", "issuing-country", "country", "address-country-code").str(),
	}
	if id.Type == "" {
		id.Type = "identification"
	}
	return id
}
