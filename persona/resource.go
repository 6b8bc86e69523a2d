package persona

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// Resource reads one resource for its own page: everything it ever said and still says,
// generically. It never fails: a resource without a readable layer is CaptureAbsent.
func Resource(c review.Captured) review.Resource {
	if len(c.Layers) == 0 {
		return named(c.Ref, c.Via)
	}
	s := merge(c)
	defer s.done()
	return resource(s)
}

// named is a resource that others speak of and that never reached us.
func named(ref review.Ref, via string) review.Resource {
	return review.Resource{Ref: ref, Capture: review.CaptureAbsent, Via: via}
}

// resource reads what is left of a state into the generic form.
func resource(s *state) review.Resource {
	r := review.Resource{Ref: s.ref, Via: s.via, Capture: review.CaptureFull}
	r.Status = text(s.get("status"))
	r.CreatedAt, r.RedactedAt = s.get("created-at").at(), s.get("redacted-at").at()
	r.UpdatedAt = r.CreatedAt
	attributes := make([]review.Field, 0, len(s.attributes))
	for i := range s.attributes {
		f := &s.attributes[i]
		switch key := f.key; {
		case key == "status":
		case key == "checks" && isChecks(f.node):
			r.Checks = checks(f.node)
		case isPhoto(key, f.node):
			r.Photos = append(r.Photos, photos(key, f.node)...)
		default:
			attributes = append(attributes, bare(key, f.node))
		}
		if isPast(f.key) {
			r.UpdatedAt = latest(r.UpdatedAt, f.at())
		}
	}
	if len(attributes) > 0 { // none is not the same as an empty list
		r.Attributes = attributes
	}
	r.Photos = sortPhotos(r.Photos)
	if len(s.fields) > 0 {
		r.Fields = make([]review.Field, 0, len(s.fields))
	}
	for i := range s.fields {
		r.Fields = append(r.Fields, field(s.fields[i].key, s.fields[i].node))
	}
	r.Relations = relations(s)
	switch {
	case s.redacted:
		r.Capture = review.CaptureRedacted
	case review.NormalStatus(r.Status.Value) == "errored":
		r.Capture = review.CaptureErrored
	case review.NormalStatus(r.Status.Value) == "pending" && s.ref.Family() == "report":
		r.Capture = review.CapturePending
	case len(s.attributes) == 0 && s.hasFields == review.Absent:
		r.Capture = review.CaptureThin
	}
	return r
}

func relations(s *state) []review.Relation {
	if len(s.relations) == 0 {
		return nil
	}
	out := make([]review.Relation, 0, len(s.relations))
	for i := range s.relations {
		f := &s.relations[i]
		link := linkage(f.node)
		r := review.Relation{Name: f.key, State: presence(link), Refs: refs(link)}
		if link.kind == kindAbsent {
			r.State = presence(f.node) // {}: said, but not what
		}
		out = append(out, r)
	}
	return out
}

// isChecks says that an attribute is a verification's list of checks.
func isChecks(n node) bool {
	return n.kind == kindArray && len(n.kids) > 0 &&
		!slices.ContainsFunc(n.kids, func(k node) bool { return k.kind != kindObject && k.kind != kindNull })
}

// checks reads a verification's checks, failed ones first: they are why it stands here.
// https://docs.withpersona.com/verification-checks
func checks(n node) []review.Check {
	var out []review.Check
	for _, it := range n.kids {
		if it.kind != kindObject {
			continue
		}
		c := review.Check{Name: it.get("name").str(), Status: it.get("status").str(), Requirement: it.get("requirement").str(), Reasons: it.get("reasons").strs()}
		for _, m := range it.kids {
			switch m.key {
			case "name", "status", "requirement":
			case "reasons":
				if len(c.Reasons) == 0 && presence(m) == review.Present {
					c.Metadata = append(c.Metadata, bare(m.key, m))
				}
			case "metadata":
				if m.kind == kindObject {
					_, c.Metadata = bareParts(m)
				} else if m.kind != kindNull {
					c.Metadata = append(c.Metadata, bare(m.key, m))
				}
			default:
				c.Metadata = append(c.Metadata, bare(m.key, m))
			}
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b review.Check) int {
		return cmp.Compare(checkRank(a.Status), checkRank(b.Status))
	})
	return out
}

func checkRank(status string) int {
	switch status {
	case "failed":
		return 0
	case "passed":
		return 2
	case "not_applicable":
		return 3
	}
	return 1
}

// isPhoto says that an attribute is a picture or a list of files.
func isPhoto(key string, n node) bool {
	switch {
	case n.kind == kindNull || n.empty():
		return false // kept among the attributes, where null and empty show
	case key == "photo-urls" || key == "files" || key == "files-normalized":
		return n.kind == kindArray && !slices.ContainsFunc(n.kids, func(k node) bool { return k.kind != kindObject || !isFile(k) })
	case strings.HasSuffix(key, "-photo-url") || key == "video-url":
		return n.kind == kindString && fileAt(n.text).Host != ""
	case strings.HasSuffix(key, "-photo"):
		return n.kind == kindObject && isFile(n)
	}
	return false
}

func photos(key string, n node) []review.Photo {
	page := strings.TrimSuffix(strings.TrimSuffix(key, "-url"), "-photo")
	switch {
	case n.kind == kindString:
		return []review.Photo{{Page: page, File: fileAt(n.text)}}
	case n.kind == kindObject:
		return []review.Photo{{Page: page, File: fileOf(n)}}
	}
	var out []review.Photo
	for _, it := range n.kids {
		p := review.Photo{Page: it.get("page").str(), File: fileOf(it)}
		if p.Page == "" {
			p.Page = strings.TrimSuffix(page, "s")
		}
		p.Page = strings.TrimSuffix(p.Page, "_photo")
		out = append(out, p)
	}
	return out
}

// sortPhotos puts one picture once: Persona names the same file as a link of its own and in
// the list, and the list says more.
func sortPhotos(ps []review.Photo) []review.Photo {
	slices.SortFunc(ps, func(a, b review.Photo) int {
		return cmp.Or(strings.Compare(a.Page, b.Page), strings.Compare(a.File.Name, b.File.Name),
			strings.Compare(a.File.Host, b.File.Host), cmp.Compare(b.File.Bytes, a.File.Bytes),
			strings.Compare(a.File.Media, b.File.Media), cmp.Compare(a.File.Pages, b.File.Pages),
			strings.Compare(a.File.Link, b.File.Link))
	})
	return slices.CompactFunc(ps, func(a, b review.Photo) bool {
		return a.Page == b.Page && a.File.Name == b.File.Name && (a.File.Bytes == 0 || a.File == b.File)
	})
}

// latest is the later of two moments.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
