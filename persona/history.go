package persona

import (
	"bytes"
	"strings"

	"docket/review"
)

// The types that entries of a report's history are stored under. Persona sends them flat,
// without attributes, and names their report only in the page's links.
// https://docs.withpersona.com/api-reference/reports/list-report-history
const (
	typeRun = "report-run"
	typeAct = "report-act"
)

// askedFor is the member that docket puts in front of a page of history that does not name its
// report: a single page has no links, and its bytes alone would be nobody's.
const askedFor = "docket-asked-for"

// withAddress puts the address that a page was asked from in front of its members. Bytes that
// are no object stay as they are.
func withAddress(page []byte, address string) []byte {
	at := bytes.IndexByte(page, '{')
	if at < 0 || len(bytes.TrimSpace(page[:at])) > 0 {
		return page
	}
	out := append([]byte(nil), page[:at+1]...)
	out = append(appendString(append(appendString(out, askedFor), ':'), address), ',')
	if rest := bytes.TrimLeft(page[at+1:], " \t\r\n"); len(rest) > 0 && rest[0] == '}' {
		out = out[:len(out)-1]
	}
	return append(out, page[at+1:]...)
}

// history says that a payload is a page of a report's history, and of which report ("" when
// its links do not tell).
func history(root, data node) (report string, ok bool) {
	if data.kind != kindArray {
		return "", false
	}
	links := root.like("links")
	for _, l := range append(links.kids, root.get(askedFor)) {
		if id := historyOf(l.str()); id != "" {
			report = id
			break
		}
	}
	if report == "" && len(data.kids) == 0 {
		return "", false
	}
	for _, it := range data.kids {
		if it.kind != kindObject || it.like("attributes").kind != kindAbsent {
			return "", false
		}
		switch it.like("type").str() {
		case "run", "dismiss", "review", "pause", "resume":
		default:
			if report == "" {
				return "", false
			}
		}
	}
	return report, true
}

// historyOf finds the report's id in ".../reports/{id}/history?…".
func historyOf(link string) string {
	_, rest, ok := strings.Cut(link, "/reports/")
	if !ok {
		return ""
	}
	id, rest, ok := strings.Cut(rest, "/")
	if path, _, _ := strings.Cut(rest, "?"); !ok || strings.TrimSuffix(path, "/") != "history" {
		return ""
	}
	return id
}

// history turns each entry into a resource of its own, tied to its report.
func (r *reader) history(report string, data node) {
	r.reading.ReadAs = "history of an unnamed report"
	if report != "" {
		r.reading.ReadAs = "history of " + shorten(report)
	}
	for _, it := range data.kids {
		act := it.like("type")
		res := node{kind: kindObject, kids: []node{
			{key: "type", kind: kindString, text: typeRun},
			it.like("id"),
		}}
		attributes := node{key: "attributes", kind: kindObject}
		for _, m := range it.kids {
			switch kebab(m.key) {
			case "type", "id":
			default:
				attributes.kids = append(attributes.kids, m)
			}
		}
		if act.str() != "run" {
			res.kids[0].text = typeAct
			act.key = "act"
			attributes.kids = append(attributes.kids, act)
		}
		res.kids = append(res.kids, attributes)
		if report != "" {
			res.kids = append(res.kids, relationTo("report", review.Ref{Type: "report", ID: report}))
		}
		r.resource(res, 0)
	}
}

// relationTo is a relationships object with one linkage.
func relationTo(name string, to review.Ref) node {
	return node{key: "relationships", kind: kindObject, kids: []node{{key: name, kind: kindObject, kids: []node{
		{key: "data", kind: kindObject, kids: []node{
			{key: "id", kind: kindString, text: to.ID},
			{key: "type", kind: kindString, text: to.Type},
		}},
	}}}}
}
