package persona

import (
	"slices"
	"strings"

	"docket/review"
)

// categories are the lists by category: all that a watchlist report had before API version
// 2021-05-14, and the details beside the slugs of a business watchlist.
// https://docs.withpersona.com/updates/changelog/2021/5/14
var categories = []string{"sanction-list", "warning-list", "fitness-probity-list", "pep-list"}

// watchlist reads the matches of report/watchlist: lists that hold entities, where one person
// stands once per list and once per spelling within a list.
func watchlist(report review.Ref, party review.PartyKind, get func(string) node) ([]review.Match, review.Presence) {
	state := presence(get("matched-lists"))
	var matches []review.Match
	for _, l := range get("matched-lists").items() {
		matches = append(matches, listMatches(l, "", party)...)
	}
	for _, c := range categories {
		n := get(c)
		state = max(state, presence(n))
		for _, l := range n.items() {
			matches = append(matches, listMatches(l, strings.TrimSuffix(c, "-list"), party)...)
		}
	}
	if result := get("result"); state == review.Absent && result.kind != kindAbsent {
		return pep(report, get) // the shape that Persona's payload guide shows for this type
	}
	return byIdentity(report, oneList(matches)), state
}

// oneList makes one of a slug and a named list when each is the only one without a partner:
// a business watchlist gives both for every list, and not every slug follows from its name.
func oneList(matches []review.Match) []review.Match {
	slugged, described := map[string]bool{}, map[string]bool{}
	for _, m := range matches {
		if nameless(m) {
			slugged[m.Identity] = true
		} else {
			described[m.Identity] = true
		}
	}
	var bySlug, byName []int
	for i, m := range matches {
		switch {
		case m.Party != review.PartyList || slugged[m.Identity] && described[m.Identity]:
		case nameless(m):
			bySlug = append(bySlug, i)
		default:
			byName = append(byName, i)
		}
	}
	if len(bySlug) == 1 && len(byName) == 1 {
		slug, named := &matches[bySlug[0]], matches[byName[0]]
		l := named.Listings[0]
		l.Slug = slug.Listings[0].Slug
		slug.Listings[0] = l
		slug.Other = append(slug.Other, named.Other...)
		return slices.Delete(matches, byName[0], byName[0]+1)
	}
	return matches
}

// nameless says that only the slug of the match's list is known.
func nameless(m review.Match) bool {
	return len(m.Listings) == 0 || m.Listings[0].Name == m.Listings[0].Slug && m.Listings[0].URL == ""
}

// listing reads one list, given as an object or as its slug alone.
func listing(n node, category string) review.Listing {
	if s := n.str(); s != "" {
		return review.Listing{Name: s, Slug: s, Type: category}
	}
	l := review.Listing{Name: n.get("name").str(), Slug: n.get("slug").str(), Flag: n.get("flag-code").str(), URL: n.get("url").str(), Active: flag(n.get("active"))}
	types := union(n.get("list-type").strs(), n.get("list-types").strs())
	if len(types) == 0 && category != "" {
		types = []string{category}
	}
	l.Type = strings.Join(types, ", ")
	if l.Slug == "" {
		l.Slug = slugOf(l.Name)
	}
	if l.Name == "" {
		l.Name = l.Slug
	}
	return l
}

// slugOf is the slug that Persona makes of a list's name.
func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// listMatches makes one match of each party on a list, or one of the list itself when Persona
// named nobody on it.
func listMatches(n node, category string, kind review.PartyKind) []review.Match {
	l := listing(n, category)
	if l.Slug == "" && n.kind != kindObject {
		return nil
	}
	var out []review.Match
	for _, p := range gather(n.get("entities").items()) {
		m := review.Match{Identity: p.identity(l.Slug), EntityID: p.group, Party: kind, Birthdates: p.birthdates, Listings: []review.Listing{l}, Other: p.other}
		for _, s := range p.spellings {
			m.Names = addName(m.Names, review.Name{Value: s.name, Type: s.alias, Lists: []string{l.Name}})
		}
		m.Identifiers = p.wallets
		m.Other = append(m.Other, listOthers(n)...)
		out = append(out, m)
	}
	if len(out) == 0 {
		out = append(out, review.Match{Identity: "list:" + l.Slug, Party: review.PartyList, Listings: []review.Listing{l}, Other: listOthers(n)})
	}
	return out
}

func listOthers(n node) []review.Field {
	return others(n, "name", "slug", "url", "list-type", "list-types", "flag-code", "entities", "active")
}
