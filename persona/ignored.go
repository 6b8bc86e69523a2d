package persona

import (
	"cmp"
	"slices"

	"docket/review"
)

// ignored reads a report's dismissals and marks the matches that they take away. What was
// dismissed need not stand among the matches any more; its key is given all the same.
// https://docs.withpersona.com/api-reference/reports/dismiss-matches
func ignored(report review.Ref, keys []string, get func(string) node, matches []review.Match) []review.Ignored {
	var out []review.Ignored
	for _, k := range keys {
		list := get(k)
		if k == "ignore-list-media" {
			out = append(out, ignoredMedia(list)...)
			continue
		}
		for _, n := range list.items() {
			out = append(out, ignoredEntry(report, n, matches))
		}
	}
	slices.SortStableFunc(out, func(a, b review.Ignored) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.What, b.What)) })
	return out
}

func ignoredEntry(report review.Ref, n node, matches []review.Match) review.Ignored {
	ig := review.Ignored{
		At: n.get("ignored-at").at(), By: n.find("user", "user-name", "creator-name").str(), Reason: n.find("ignore-reason", "reason").str(),
		RunAt: n.get("run-history-completed-at").at(), Internal: flag(n.get("is-internal")).Is(),
	}
	of := n.get("match")
	if of.kind == kindAbsent {
		of = n.find("entity", "related-source")
	}
	if of.kind == kindAbsent {
		of = n // the free-form entries of adverse media
	}
	for _, gone := range dismissed(report, of) {
		ig.What = addWords(ig.What, cmp.Or(gone.PrimaryName(), listName(gone)))
		hit := false
		for i := range matches {
			if len(matches) > maxCompared && gone.Identity != matches[i].Identity {
				continue
			}
			if takesAway(gone, matches[i]) {
				matches[i].Dismissed, hit = true, true
				ig.Matches = union(ig.Matches, []review.MatchKey{matches[i].Key})
			}
		}
		if !hit && gone.Identity != "" {
			ig.Matches = union(ig.Matches, []review.MatchKey{key(report, gone.Identity)})
		}
	}
	if ig.What == "" && presence(of) == review.Present {
		ig.What = words(of)
	}
	return ig
}

// dismissed reads what an ignore entry names, in the shape that its report's matches have.
func dismissed(report review.Ref, n node) []review.Match {
	switch reportKind(report) {
	case review.KindWatchlist:
		return byIdentity(report, listMatches(n, "", review.PartyPerson))
	case review.KindBusinessWatchlist:
		return byIdentity(report, listMatches(n, "", review.PartyBusiness))
	}
	if s := n.str(); s != "" {
		return []review.Match{{EntityID: s, Identity: s}}
	}
	if n.kind != kindObject {
		return nil
	}
	m := pepMatch(n)
	if m.EntityID == "" {
		m.EntityID = n.find("entity", "token").str()
		m.Identity = personIdentity(m)
	}
	if m.EntityID == "" && len(m.Names) == 0 {
		return nil
	}
	return []review.Match{m}
}

// takesAway says that a dismissal is of this match. The vendor's id decides where both sides
// have one; lists give their group id only on the ignored side, so there names and birth
// dates on the same list decide.
func takesAway(gone, m review.Match) bool {
	if gone.Identity == m.Identity {
		return true
	}
	if len(gone.Listings) > 0 && (len(m.Listings) == 0 || gone.Listings[0].Slug != m.Listings[0].Slug) {
		return false
	}
	if gone.EntityID != "" && m.EntityID != "" {
		return gone.EntityID == m.EntityID
	}
	if len(gone.Listings) > 0 && (gone.Party == review.PartyList || m.Party == review.PartyList) {
		return true // the whole list, or nobody was named on it then
	}
	if apart(gone.Birthdates, m.Birthdates) {
		return false
	}
	return slices.ContainsFunc(gone.Names, func(a review.Name) bool {
		return slices.ContainsFunc(m.Names, func(b review.Name) bool { return identityName(a.Value) == identityName(b.Value) })
	})
}

// ignoredMedia reads the dismissals of single articles, whose shape Persona does not
// document. They take away no match: its other articles still stand.
func ignoredMedia(n node) []review.Ignored {
	var out []review.Ignored
	each := n.items()
	if n.kind == kindObject {
		each = n.kids
	}
	for _, it := range each {
		for _, a := range it.items() {
			ig := review.Ignored{What: "article", At: a.get("ignored-at").at(), By: a.get("user").str(), Reason: a.find("ignore-reason", "reason").str()}
			if s := cmp.Or(a.get("title").str(), a.get("url").str(), a.str(), it.key); s != "" {
				ig.What += " " + s
			}
			out = append(out, ig)
		}
	}
	return out
}

func listName(m review.Match) string {
	if len(m.Listings) == 0 {
		return ""
	}
	return m.Listings[0].Name
}

func addWords(have, more string) string {
	switch {
	case have == "":
		return more
	case more == "":
		return have
	}
	return have + ", " + more
}
