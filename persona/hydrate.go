package persona

import (
	"cmp"
	"slices"

	"docket/review"
)

// Hydrate reads everything that joins one root into our nouns. It is pure, never
// fails, and the order in which resources, layers and links are given does not count: the
// same set gives the same dossier.
func Hydrate(b review.Bundle) review.Dossier {
	resources := slices.Clone(b.Resources)
	slices.SortStableFunc(resources, func(a, b review.Captured) int { return compareRefs(a.Ref, b.Ref) })
	entries, stray := runEntries(resources, b.Links)
	var d review.Dossier
	root := merge(review.Captured{Ref: b.Root})
	var records []*state
	for _, c := range resources {
		switch {
		case c.Ref == b.Root:
			root = merge(c)
		case len(c.Layers) == 0:
			addNamed(&d, c.Ref, c.Via)
		case c.Ref.Family() == "report":
			d.Reports = append(d.Reports, report(c, entries[c.Ref.ID]))
		case c.Ref.Type == typeRun || c.Ref.Type == typeAct:
		default:
			records = append(records, merge(c))
		}
	}
	records = append(records, stray...)
	for _, ref := range b.Named {
		// "report" stands for any kind of report: one of them may be here under its full type.
		if ref.Type != "report" || !slices.ContainsFunc(d.Reports, func(r review.Report) bool { return r.Ref.ID == ref.ID }) {
			addNamed(&d, ref, "")
		}
	}
	sortReports(d.Reports)
	slices.SortFunc(records, func(a, b *state) int { return compareRefs(a.ref, b.ref) })
	switch b.Root.Type {
	case review.RootTransaction:
		d.Subject = subject(root, d.Reports, records)
		d.Transaction = transaction(b.Root, root)
	case review.RootCase:
		d.Examined = examined(root, d.Reports, records, d.Records, b.Links)
		if len(d.Examined) > 0 {
			d.Subject = d.Examined[0].Subject
		}
		d.About = about(b.Root, root)
	default:
		d.Subject = subject(root, d.Reports, records)
		d.About = about(b.Root, root)
	}
	for _, s := range records {
		d.Records = append(d.Records, resource(s))
	}
	slices.SortStableFunc(d.Records, func(a, b review.Resource) int { return compareRefs(a.Ref, b.Ref) })
	root.done()
	for _, s := range records {
		s.done()
	}
	for _, of := range entries {
		for _, s := range of {
			s.done()
		}
	}
	return d
}

// addNamed notes a resource that others speak of and that never reached us.
func addNamed(d *review.Dossier, ref review.Ref, via string) {
	if ref.Family() == "report" {
		d.Reports = append(d.Reports, review.Report{
			Ref: ref, Kind: reportKind(ref), Capture: review.CaptureAbsent,
			Monitoring: review.Monitoring{State: review.MonitoringUnknown}, Rest: named(ref, via),
		})
		return
	}
	d.Records = append(d.Records, named(ref, via))
}

// runEntries sorts the entries of report histories to the ids of their reports. Those whose
// report is not here are stray, and shown as what they are.
func runEntries(resources []review.Captured, links []review.Link) (of map[string][]*state, stray []*state) {
	of = map[string][]*state{}
	here := map[string]bool{}
	for _, c := range resources {
		if c.Ref.Family() == "report" && len(c.Layers) > 0 {
			here[c.Ref.ID] = true
		}
	}
	for _, c := range resources {
		if c.Ref.Type != typeRun && c.Ref.Type != typeAct || len(c.Layers) == 0 {
			continue
		}
		s := merge(c)
		id := ""
		for _, ref := range refs(s.relation("report")) {
			id = ref.ID
		}
		for _, l := range links {
			if id == "" && l.From == c.Ref && l.Name == "report" {
				id = l.To.ID
			}
		}
		if here[id] {
			of[id] = append(of[id], s)
		} else {
			stray = append(stray, s)
		}
	}
	return of, stray
}

// transaction reads the root itself.
func transaction(ref review.Ref, s *state) review.Transaction {
	t := review.Transaction{
		ID:          ref.Transaction(),
		Status:      text(s.get("status")),
		ReferenceID: text(s.get("reference-id")),
		Tags:        distinct(s.get("tags")),
		CreatedAt:   s.get("created-at").at(),
		UpdatedAt:   s.get("updated-at").at(),
	}
	slices.Sort(t.Tags)
	for _, of := range refs(s.relation("transaction-type")) {
		t.Type = of.ID
	}
	if f, ok := s.field("fallback_inquiry_id"); ok {
		if _, v, wrapped := wrapped(f); wrapped {
			f = v
		}
		t.Fallback = f.str()
	}
	if s.bare && len(s.attributes) == 0 {
		t.Resource = named(ref, "")
	} else {
		t.Resource = resource(s)
	}
	return t
}

// about reads a root that is no transaction.
func about(ref review.Ref, s *state) review.Root {
	r := review.Root{
		Ref: ref, Status: text(s.get("status")), ReferenceID: text(s.get("reference-id")), Tags: distinct(s.get("tags")),
		CreatedAt: s.get("created-at").at(), UpdatedAt: s.get("updated-at").at(),
	}
	slices.Sort(r.Tags)
	if ref.Type == review.RootCase {
		r.Name = text(s.get("name"))
	}
	if s.bare && len(s.attributes) == 0 {
		r.Resource = named(ref, "")
	} else {
		r.Resource = resource(s)
	}
	return r
}

func compareRefs(a, b review.Ref) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
}
