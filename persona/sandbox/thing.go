package sandbox

import (
	"slices"
	"strings"
	"time"
)

// thing is one resource that the stand-in has.
type thing struct {
	ref    ref
	body   []byte  // in kebab
	story  *story  // what it belongs to, nil when it belongs to nothing
	report *report // when it is one
	gone   bool    // redacted
}

// family is the first word of a resource's type: reports are listed together.
func (r ref) family() string {
	f, _, _ := strings.Cut(r.kind, "/")
	return f
}

// put keeps a resource, in the place of its older state.
func (in *StandIn) put(r ref, body []byte, s *story, rep *report) *thing {
	if t := in.things[r.id]; t != nil {
		t.body = body
		return t
	}
	t := &thing{ref: r, body: body, story: s, report: rep}
	in.things[r.id] = t
	in.order[r.family()] = append(in.order[r.family()], t)
	return t
}

// thing finds a resource of a family.
func (in *StandIn) thing(family, id string) *thing {
	t := in.things[id]
	if t == nil || t.ref.family() != family {
		return nil
	}
	return t
}

// edit changes a resource.
func (t *thing) edit(change func(n *node)) {
	n := known(t.body)
	change(n)
	t.body = scribe{}.bytes(n)
}

// mark sets attributes to texts, instants or, for "", null.
func (t *thing) mark(pairs ...string) {
	t.edit(func(n *node) {
		for i := 0; i < len(pairs); i += 2 {
			v := literal("null")
			if pairs[i+1] != "" {
				v = text(pairs[i+1])
			}
			n.at("attributes").set(pairs[i], v)
		}
	})
}

// says is the text of an attribute.
func (t *thing) says(attribute string) string { return known(t.body).str("attributes", attribute) }

func stamp(at time.Time) string { return at.UTC().Format(instant) }

// render gives the resource that a maker writes.
func render(write func(*pen)) []byte {
	var p pen
	write(&p)
	return p.b
}

// renew writes a report as it stands now.
func (in *StandIn) renew(t *thing) { t.body = in.reportBody(t.story, t.report) }

func (in *StandIn) reportBody(s *story, r *report) []byte {
	b := render(func(p *pen) { s.full(p, "", r) })
	if in.o.Real {
		return b
	}
	n := known(b)
	plainly(n)
	return scribe{}.bytes(n)
}

// present is the form in which a resource of an answer stands.
type present struct {
	include []string            // relationship paths; nil: none
	only    map[string][]string // attributes to send, by type
	style   inflection
	all     bool // everything that it links to, which is what old versions and some webhooks send
	thin    bool // of included reports, four attributes
}

// envelope writes a resource with what is included beside it, and a meta when there is one.
func (in *StandIn) envelope(t *thing, how present, meta *node) []byte {
	n := known(t.body)
	doc := object().set("data", how.sparse(n))
	if included := in.included(n, how); included != nil {
		doc.set("included", array(included...))
	}
	if meta != nil {
		doc.set("meta", meta)
	}
	return scribe{style: how.style, link: in.link}.bytes(doc)
}

// included collects the resources beside one, nil when none were asked for.
func (in *StandIn) included(n *node, how present) []*node {
	var out []*node
	seen := map[string]bool{n.str("id"): true}
	add := func(r ref) *node {
		t := in.things[r.id]
		if t == nil || seen[r.id] {
			return nil
		}
		seen[r.id] = true
		k := known(t.body)
		if how.thin && r.family() == "report" {
			out = append(out, thinned(k))
		} else {
			out = append(out, how.sparse(k))
		}
		return k
	}
	if how.all {
		out = []*node{}
		if rels := n.at("relationships"); rels != nil {
			for _, name := range rels.keys {
				for _, r := range n.refs(name) {
					if k := add(r); k != nil && r.kind == "inquiry" && n.str("type") == "transaction" {
						for _, v := range k.refs("verifications") {
							add(v)
						}
					}
				}
			}
		}
		return out
	}
	if how.include != nil {
		out = []*node{}
	}
	for _, path := range how.include {
		first, second, _ := strings.Cut(path, ".")
		for _, r := range n.refs(kebabOf(first)) {
			add(r)
			if t := in.things[r.id]; t != nil && second != "" {
				for _, deep := range known(t.body).refs(kebabOf(second)) {
					add(deep)
				}
			}
		}
	}
	return out
}

// thinned is the copy of a report that transactions sometimes include.
func thinned(n *node) *node {
	a := object()
	for _, k := range []string{"status", "created-at", "completed-at", "has-match"} {
		if v := n.at("attributes", k); v != nil {
			a.set(k, v)
		}
	}
	return object().set("type", n.at("type")).set("id", n.at("id")).set("attributes", a)
}

// sparse keeps the attributes that were asked for. fields[report] covers every kind of report.
func (how present) sparse(n *node) *node {
	kind := n.str("type")
	family, _, _ := strings.Cut(kind, "/")
	want, ok := how.only[kind]
	if !ok {
		want, ok = how.only[family]
	}
	a := n.at("attributes")
	if !ok || a == nil {
		return n
	}
	for _, k := range slices.Clone(a.keys) {
		if !slices.Contains(want, k) && !slices.ContainsFunc(want, func(w string) bool { return k == "fields" && strings.HasPrefix(w, "fields.") }) {
			a.drop(k)
		}
	}
	if fields := a.at("fields"); fields != nil && !slices.Contains(want, "fields") {
		for _, k := range slices.Clone(fields.keys) {
			if !slices.ContainsFunc(want, func(w string) bool { return kebabOf(w) == "fields."+kebabOf(k) }) {
				fields.drop(k)
			}
		}
	}
	return n
}
