package persona

import (
	"slices"

	"docket/review"
)

// media reads the matches of report/adverse-media and report/business-adverse-media: a person
// or business each, with articles about it. The business report may carry, beside these or
// instead, a bare list of articles that names nobody.
// https://help.withpersona.com/articles/7K0LSbrfPvUsuBHGCjUhsr/
func media(report review.Ref, party review.PartyKind, get func(string) node) ([]review.Match, review.Presence) {
	related, result := get("related-sources"), get("result")
	state := presence(related)
	var matches []review.Match
	known := map[string]bool{}
	for _, n := range related.items() {
		if n.kind != kindObject {
			continue
		}
		m := mediaMatch(n, party)
		for _, a := range m.Articles {
			known[a.URL] = true
		}
		matches = append(matches, m)
	}
	if bare := result.get("adverse-media"); bare.kind != kindAbsent {
		state = max(state, presence(bare))
		var left []review.Article
		for _, a := range articles(bare) {
			if a.URL == "" || !known[a.URL] {
				left = append(left, a)
			}
		}
		if len(left) > 0 {
			matches = append(matches, review.Match{Identity: "articles", Party: party, Articles: left})
		}
	} else if result.kind != kindAbsent && related.kind == kindAbsent {
		state = max(state, presence(result))
	}
	return byIdentity(report, matches), state
}

func mediaMatch(n node, party review.PartyKind) review.Match {
	m := review.Match{
		Party:      party,
		EntityID:   n.find("entity-id", "id", "token").str(),
		Names:      names(n.get("name"), n.find("akas", "aliases")),
		Birthdates: birthdates(n.get("birthdates")),
		MatchTypes: slugs(n.get("match-types")),
		Articles:   articles(n.get("media")),
	}
	m.Identity = personIdentity(m)
	for _, s := range n.get("sources").items() {
		if name := textOr(s, "name"); name != "" {
			m.Sources = union(m.Sources, []review.Source{{Name: name, URL: s.get("url").str()}})
		}
		m.Topics = union(m.Topics, s.get("types").strs())
		m.Countries = union(m.Countries, countries(s.get("country-codes"), "source"))
	}
	m.Other = others(n, "entity-id", "id", "token", "name", "akas", "aliases", "birthdates", "match-types", "media", "sources")
	m.Other = slices.Concat(m.Other, articleLeftovers("media", n.get("media")),
		leftovers("sources", n.get("sources"), "name", "url", "types", "country-codes", "token"))
	return m
}

func articleLeftovers(key string, n node) []review.Field {
	return leftovers(key, n, "title", "snippet", "url", "link", "date")
}
