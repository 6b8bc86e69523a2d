package persona

import (
	"fmt"
	"slices"
	"strings"

	"docket/review"
)

// markErased is the attribute that docket leaves in a state whose personal parts it took out. It
// holds the state's newest own time, which may have stood in what is gone: the state keeps its
// place in time.
const markErased = "docket-erased"

// remains are the attributes that say nothing about a person: what became of the resource, and
// when. Everything else goes: names, fields, queries, matches, pictures, checks, tags, notes and
// ids of the tenant's own.
var remains = map[string]bool{
	"status": true, "has-match": true, "is-continuous": true, "is-recurring": true,
	"report-template-version-name": true,
}

// lifeTimes are the beginnings of "-at" and "-at-ts": the times of a resource's own life. Others
// may be a person's (an identity card's issued-at).
var lifeTimes = map[string]bool{
	"created": true, "updated": true, "submitted": true, "started": true, "completed": true, "failed": true, "expired": true,
	"expires": true, "marked-for-review": true, "decisioned": true, "redacted": true, "assigned": true, "resolved": true,
	"sla-expires": true, "scheduled": true, "archived": true, "processed": true,
}

// runParts are the members of an entry of a run history that stay.
var runParts = map[string]bool{"id": true, "type": true, "status": true, "act": true}

// Reduce takes the personal parts of some resources out of a payload, or out of one state's
// canonical JSON, and leaves everything else as it reads. gone is asked for each state: the
// resource, and its own newest time in unix milliseconds. What was reduced before stays as it is.
// An error means that what is left would read otherwise than it should; it names no content.
func Reduce(raw []byte, gone func(review.Ref, int64) bool) (review.Reduced, error) {
	raw, alone := enveloped(raw)
	out := review.Reduced{Before: readSafely(raw)}
	out.After = out.Before
	hit := make([]bool, len(out.Before.Snapshots))
	some := false
	for i, s := range out.Before.Snapshots {
		hit[i] = gone(s.Ref, s.Order.At)
		some = some || hit[i]
	}
	if !some {
		return out, nil
	}
	root, p, refused := structure(raw)
	if p != nil {
		defer p.done()
	}
	if refused != "" {
		return out, fmt.Errorf("reduce: %s", refused)
	}
	r := reducer{of: out.Before.Snapshots, hit: hit}
	r.payload(&root)
	bytes := appendCanonical(nil, &root)
	out.After = readSafely(bytes)
	if err := r.holds(out.After); err != nil {
		return review.Reduced{}, err
	}
	if alone {
		bytes = out.After.Snapshots[0].Body
	}
	same := true
	for i, s := range out.After.Snapshots {
		same = same && s.Order.Snapshot == out.Before.Snapshots[i].Order.Snapshot
	}
	if !same {
		out.Bytes = bytes
	}
	return out, nil
}

// enveloped makes a payload of a bare state. alone says that it was one.
func enveloped(raw []byte) (_ []byte, alone bool) {
	if strings.HasPrefix(string(raw[:min(len(raw), 64)]), `{"attributes":`) || strings.HasPrefix(string(raw[:min(len(raw), 64)]), `{"id":`) {
		return slices.Concat([]byte(`{"data":`), raw, []byte(`}`)), true
	}
	return raw, false
}

// reducer walks a payload as reader does, and meets the same resources in the same order.
type reducer struct {
	of  []review.Snapshot
	hit []bool
	at  int // the next resource
}

// holds says what is wrong with a reduced payload.
func (r *reducer) holds(after review.Reading) error {
	if after.Refused != "" || len(after.Snapshots) != len(r.of) || r.at != len(r.of) {
		return fmt.Errorf("reduce: it no longer reads as the %d states that it held", len(r.of))
	}
	for i, s := range after.Snapshots {
		was := r.of[i]
		if s.Ref != was.Ref || s.Order.At != was.Order.At || s.Order.Event != was.Order.Event ||
			!r.hit[i] && s.Order.Snapshot != was.Order.Snapshot {
			return fmt.Errorf("reduce: state %d of it no longer reads as it did", i)
		}
	}
	return nil
}

// memberOf is the member whose name means key, nil when there is none.
func memberOf(n *node, key string) *node {
	if n.kind != kindObject {
		return nil
	}
	at := slices.IndexFunc(n.kids, func(k node) bool { return k.key == key })
	if at < 0 {
		at = slices.IndexFunc(n.kids, func(k node) bool { return kebab(k.key) == key })
	}
	if at < 0 {
		return nil
	}
	return &n.kids[at]
}

// only leaves the members whose names are told.
func only(n *node, keys ...string) {
	if n.kind == kindObject {
		n.kids = slices.DeleteFunc(n.kids, func(k node) bool { return !slices.Contains(keys, kebab(k.key)) })
	}
}

func (r *reducer) payload(root *node) {
	data := memberOf(root, "data")
	if data == nil {
		return
	}
	switch report, isHistory := history(*root, *data); {
	case isHistory:
		only(root, "data", "links", askedFor)
		for i := range data.kids {
			r.run(&data.kids[i])
		}
		if links := memberOf(root, "links"); links != nil && links.kind == kindObject {
			links.kids = slices.DeleteFunc(links.kids, func(l node) bool { return historyOf(l.str()) != report })
		}
	case data.kind == kindObject && isEvent(*data):
		only(root, "data")
		r.event(data)
	case data.kind == kindObject:
		r.document(root)
	default:
		only(root, "data", "included")
		data = memberOf(root, "data")
		for i := range data.kids {
			if isEvent(data.kids[i]) {
				r.event(&data.kids[i])
			} else {
				r.resource(&data.kids[i])
			}
		}
		r.items(memberOf(root, "included"))
	}
}

func (r *reducer) event(data *node) {
	only(data, "type", "id", "attributes")
	attributes := memberOf(data, "attributes")
	only(attributes, "name", "payload", "created-at")
	if payload := memberOf(attributes, "payload"); payload != nil {
		r.document(payload)
	}
}

func (r *reducer) document(doc *node) {
	only(doc, "data", "included")
	r.items(memberOf(doc, "data"))
	r.items(memberOf(doc, "included"))
}

func (r *reducer) items(n *node) {
	switch {
	case n == nil:
	case n.kind == kindArray:
		for i := range n.kids {
			r.resource(&n.kids[i])
		}
	case n.kind == kindObject && len(n.kids) > 0:
		r.resource(n)
	}
}

// resource reduces one resource, if it is among those that are gone.
func (r *reducer) resource(n *node) {
	if n.like("type").str() == "" || n.like("id").str() == "" {
		return
	}
	s, hit := r.next()
	if !hit {
		return
	}
	only(n, "type", "id", "attributes", "relationships")
	if attributes := memberOf(n, "attributes"); attributes != nil && attributes.kind == kindObject {
		r.attributes(attributes, s)
	} else {
		n.kids = slices.DeleteFunc(n.kids, func(k node) bool { return kebab(k.key) == "attributes" })
		if s.Ref.Type == "event" {
			return // with attributes it would be read as one
		}
		put(n, node{key: "attributes", kind: kindObject, kids: []node{mark(s)}})
	}
	if relationships := memberOf(n, "relationships"); relationships != nil {
		for i := range relationships.kids {
			bareLinkage(&relationships.kids[i])
		}
	}
}

// run reduces one entry of a report's history, which has no attributes but its own members.
func (r *reducer) run(n *node) {
	if n.like("id").str() == "" {
		return
	}
	if s, hit := r.next(); hit {
		n.kids = slices.DeleteFunc(n.kids, func(k node) bool { return !isRemaining(k) && !runParts[kebab(k.key)] })
		put(n, mark(s))
		inOrder(n)
	}
}

func (r *reducer) next() (s review.Snapshot, hit bool) {
	if r.at < len(r.of) {
		s, hit = r.of[r.at], r.hit[r.at]
	}
	r.at++
	return s, hit
}

func (r *reducer) attributes(n *node, s review.Snapshot) {
	inquiry := fieldText(n.like("fields"), "fallback-inquiry-id")
	history := n.like("run-history")
	n.kids = slices.DeleteFunc(n.kids, func(k node) bool { return !isRemaining(k) })
	if history.kind == kindArray {
		for i := range history.kids {
			run := &history.kids[i]
			run.kids = slices.DeleteFunc(run.kids, func(k node) bool { return !isRemaining(k) && !runParts[kebab(k.key)] })
		}
		put(n, history)
	}
	if inquiry != "" && s.Ref.Type == "transaction" {
		put(n, node{key: "fields", kind: kindObject, kids: []node{
			{key: "fallback_inquiry_id", kind: kindObject, kids: []node{
				{key: "type", kind: kindString, text: "string"}, {key: "value", kind: kindString, text: inquiry},
			}},
		}})
	}
	put(n, mark(s))
	inOrder(n)
}

// inOrder sorts the members, so that what is reduced in one step or in several is the same.
func inOrder(n *node) {
	slices.SortStableFunc(n.kids, func(a, b node) int { return strings.Compare(a.key, b.key) })
}

// put adds a member; the memory behind the others may be someone else's.
func put(n *node, member node) { n.kids = append(slices.Clip(n.kids), member) }

func mark(s review.Snapshot) node {
	return node{key: markErased, kind: kindString, text: momentText(s.Order.At)}
}

// isRemaining says that an attribute may stay.
func isRemaining(n node) bool {
	key := kebab(n.key)
	if about, ok := strings.CutSuffix(strings.TrimSuffix(key, "-ts"), "-at"); ok && lifeTimes[about] {
		return n.kind == kindNull || n.kind == kindNumber || !n.at().IsZero()
	}
	if !remains[key] {
		return false
	}
	switch n.kind {
	case kindNull, kindTrue, kindFalse:
		return true
	case kindString:
		return key == "status" || key == "report-template-version-name" || n.text == "true" || n.text == "false"
	}
	return false
}

// bareLinkage leaves of a relationship what it points at.
func bareLinkage(n *node) {
	of := n
	if n.kind == kindObject {
		if d := memberOf(n, "data"); d != nil {
			only(n, "data")
			of = memberOf(n, "data")
		}
	}
	if of.kind == kindObject {
		only(of, "data", "type", "id")
	}
	for i := range of.kids {
		if of.kind == kindArray {
			only(&of.kids[i], "type", "id")
		}
	}
}
