package sandbox

import "slices"

// plainly brings a report to what Persona's published description of the API allows. Real
// payloads go beyond it: they name a politically exposed person's aliases, say of a birth date
// the year alone, send pictures as objects, and null where the description wants a text.
func plainly(n *node) {
	a := n.at("attributes")
	dropNulls(a.at("query"), "birthdate", "name-first", "name-middle", "name-last", "term", "country-code")
	switch n.str("type") {
	case "report/politically-exposed-person":
		each(a.at("result"), politicianPlainly)
		each(a.at("ignore-list"), func(n *node) { politicianPlainly(n.at("match")) })
	case "report/business-adverse-media":
		each(a.at("related-sources"), func(n *node) { each(n.at("media"), func(n *node) { dropNulls(n, "date") }) })
	case "report/business-lookup":
		a.at("query").drop("incorporation-state")
		bare := func(n *node) { n.drop("country-code") }
		each(a.at("result", "addresses"), bare)
		each(a.at("result", "identifiers"), func(n *node) { each(n.at("addresses"), bare) })
	}
}

func politicianPlainly(n *node) {
	if n == nil {
		return
	}
	n.drop("aliases")
	dropNulls(n, "country")
	n.set("images", array())
	if dates := n.at("birthdates"); dates.is('[') {
		dates.kids = slices.DeleteFunc(dates.kids, func(d *node) bool { return len(d.str()) != len("2006-01-02") })
	}
	sources := n.at("sources")
	dropNulls(sources, "flag-code")
	if sources.is('{') {
		for _, s := range sources.kids {
			dropNulls(s, "flag-code")
		}
	}
}

// each calls for the items of an array, if it is one.
func each(n *node, do func(*node)) {
	if n.is('[') {
		for _, k := range n.kids {
			do(k)
		}
	}
}

// dropNulls takes away the named members that are null.
func dropNulls(n *node, keys ...string) {
	for _, k := range keys {
		if v := n.at(k); v != nil && string(v.raw) == "null" {
			n.drop(k)
		}
	}
}
