package persona

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"docket/review"

	"golang.org/x/text/unicode/norm"
)

// prefixes shorten a report kind in a match key.
var prefixes = map[review.ReportKind]string{
	review.KindWatchlist: "wl", review.KindPEP: "pep", review.KindAdverseMedia: "am",
	review.KindBusinessWatchlist: "bwl", review.KindBusinessAdverseMedia: "bam",
	review.KindCryptoWatchlist: "cr", review.KindScreening: "scr",
}

// key names a match within docket. The identity says what makes it the same match in another
// run of the report; it must not hang on the order in which Persona lists things.
func key(report review.Ref, identity string) review.MatchKey {
	prefix := prefixes[reportKind(report)]
	if prefix == "" {
		prefix = "m"
	}
	h := sha256.New()
	h.Write([]byte(report.ID))
	h.Write([]byte{0})
	h.Write([]byte(identity))
	return review.MatchKey(prefix + "-" + hex.EncodeToString(h.Sum(nil)[:10]))
}

// reportKind is the part of a report's type after "report/".
func reportKind(ref review.Ref) review.ReportKind {
	_, k, _ := strings.Cut(ref.Type, "/")
	return review.ReportKind(k)
}

// identityName folds a name for identities: case, width, punctuation and the order of its
// words do not count. It is kept apart from the fold that search uses and must never change:
// a change would part findings from their matches.
func identityName(s string) string {
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	tokens := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		if r < 0x80 {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9')
		}
		return !unicode.In(r, unicode.L, unicode.M, unicode.N)
	})
	if len(tokens) == 0 {
		return s
	}
	slices.Sort(tokens)
	return strings.Join(tokens, " ")
}

// identity is a name that others are held against.
type identity struct{ name, folded string }

func newIdentity(name string) identity { return identity{name, identityName(name)} }

// has says that a name has the same identity; most are the same to the letter.
func (i identity) has(name string) bool { return name == i.name || identityName(name) == i.folded }

// byIdentity names the matches of a report and makes one of those that have the same
// identity, in the order of their first.
func byIdentity(report review.Ref, matches []review.Match) []review.Match {
	out := make([]review.Match, 0, len(matches))
	at := make(map[string]int, len(matches))
	for _, m := range matches {
		m.Report, m.Kind, m.Key = report, reportKind(report), key(report, m.Identity)
		if i, ok := at[m.Identity]; ok {
			join(&out[i], m)
			continue
		}
		at[m.Identity] = len(out)
		out = append(out, m)
	}
	return out
}

// join adds to a match what another copy of it says more.
func join(m *review.Match, more review.Match) {
	for _, n := range more.Names {
		m.Names = addName(m.Names, n)
	}
	m.Birthdates = union(m.Birthdates, more.Birthdates)
	m.Deathdates = union(m.Deathdates, more.Deathdates)
	m.Countries = union(m.Countries, more.Countries)
	m.Sexes = union(m.Sexes, more.Sexes)
	for _, l := range more.Listings {
		m.Listings = addListing(m.Listings, l)
	}
	m.Articles = union(m.Articles, more.Articles)
	m.Associates = union(m.Associates, more.Associates)
	m.Affiliations = union(m.Affiliations, more.Affiliations)
	m.Identifiers = union(m.Identifiers, more.Identifiers)
	m.Sources = union(m.Sources, more.Sources)
	m.Links = union(m.Links, more.Links)
	m.MatchTypes = union(m.MatchTypes, more.MatchTypes)
	m.Topics = union(m.Topics, more.Topics)
	for _, p := range more.Positions {
		m.Positions = addPosition(m.Positions, p)
	}
}

// maxCompared bounds the comparing of all with all. Persona's own lists stay far below;
// beyond it what is there twice is shown twice.
const maxCompared = 1000

// union adds what is not there yet.
func union[T comparable](have, more []T) []T {
	for _, v := range more {
		if len(have) > maxCompared || !slices.Contains(have, v) {
			have = append(have, v)
		}
	}
	return have
}

// addName adds a name, or the lists of one that is there.
func addName(names []review.Name, n review.Name) []review.Name {
	for i := range names[:min(len(names), maxCompared)] {
		if names[i].Value == n.Value && names[i].Type == n.Type {
			names[i].Lists = union(names[i].Lists, n.Lists)
			return names
		}
	}
	return append(names, n)
}

// addListing adds a list, or what more is known of one that is there: a business watchlist
// names it by slug in one place and by name and address in another.
func addListing(ls []review.Listing, l review.Listing) []review.Listing {
	for i := range ls[:min(len(ls), maxCompared)] {
		have := &ls[i]
		if have.Slug != l.Slug || have.Name != l.Name && have.Name != have.Slug && l.Name != l.Slug {
			continue
		}
		if have.Name == have.Slug {
			have.Name = l.Name
		}
		have.Type, have.Flag, have.URL = cmp.Or(have.Type, l.Type), cmp.Or(have.Flag, l.Flag), cmp.Or(have.URL, l.URL)
		return ls
	}
	return append(ls, l)
}

// addPosition adds an office that is not there yet: Persona repeats the same one.
func addPosition(ps []review.Position, p review.Position) []review.Position {
	for _, have := range ps[:min(len(ps), maxCompared)] {
		if have.Title == p.Title && have.Class == p.Class && have.Start == p.Start && have.End == p.End {
			return ps
		}
	}
	return append(ps, p)
}

// country reads a country given as a code or as words.
func country(s, role string) review.Country {
	s = strings.TrimSpace(s)
	if len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) {
		return review.Country{Code: strings.ToUpper(s), Role: role}
	}
	return review.Country{Name: s, Role: role}
}

func isLetter(c byte) bool { return isUpper(c) || isLower(c) }

func countries(n node, role string) []review.Country {
	var out []review.Country
	for _, s := range n.strs() {
		out = union(out, []review.Country{country(s, role)})
	}
	return out
}

// slugs gives words like aka_exact and aka-exact one spelling.
func slugs(n node) []string {
	var out []string
	for _, s := range n.strs() {
		out = union(out, []string{strings.ReplaceAll(s, "-", "_")})
	}
	return out
}

// distinct are the texts of a value, each once.
func distinct(n node) []string { return union(nil, n.strs()) }

// texts reads items that are texts, or objects that hold theirs under one of some names.
func texts(n node, keys ...string) []string {
	out := make([]string, 0, len(n.items()))
	for _, it := range n.items() {
		s := it.str()
		if it.kind == kindObject {
			s = it.find(keys...).str()
		}
		if s != "" {
			out = append(out, s)
		}
	}
	return once(out)
}

// once drops what is there before, keeping the order.
func once(ss []string) []string {
	if len(ss) == 0 {
		return nil
	}
	if len(ss) < 16 {
		return union(ss[:0], ss)
	}
	seen := make(map[string]bool, len(ss))
	return slices.DeleteFunc(ss, func(s string) bool {
		if seen[s] {
			return true
		}
		seen[s] = true
		return false
	})
}

// articles reads pieces of media; one that says nothing is no article.
func articles(n node) []review.Article {
	var out []review.Article
	for _, it := range n.items() {
		a := review.Article{Title: it.get("title").str(), Snippet: it.get("snippet").str(), URL: it.find("url", "link").str(), Date: it.get("date").str()}
		if it.kind == kindString {
			a.URL = it.text
		}
		if a != (review.Article{}) {
			out = union(out, []review.Article{a})
		}
	}
	return out
}

// others keeps generically what no field of a match holds.
func others(n node, known ...string) []review.Field {
	if n.kind != kindObject {
		return nil
	}
	var out []review.Field
	for _, m := range n.kids {
		if !slices.Contains(known, m.key) {
			out = append(out, bare(m.key, m))
		}
	}
	return out
}

// leftovers keeps what the items of an attribute say beyond what was read from them, each
// beside the item's first known member, which names it.
func leftovers(key string, n node, known ...string) []review.Field {
	each := n.items()
	if mapOfObjects(n) {
		each = n.kids
	}
	var out []review.Field
	for _, it := range each {
		more := slices.DeleteFunc(others(it, known...), func(f review.Field) bool { return f.State != review.Present })
		if len(more) == 0 {
			continue
		}
		if label := it.get(known[0]); label.kind == kindString {
			more = append([]review.Field{bare(known[0], label)}, more...)
		}
		out = append(out, review.Field{Key: key, Type: "object", State: review.Present, Items: more})
	}
	return out
}
