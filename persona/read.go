package persona

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxPayload is the largest payload that is read, in bytes. Persona names no maximum; its
// largest come to some hundred KiB.
const MaxPayload = 32 << 20

// Read says what one payload holds: an API response, an event, a list of either, or a page of
// a report's history, in any spelling of its keys. Structure is judged strictly: keys that
// are there twice, deep nesting, oversize and anything after the end are refused, with a
// reason that names the place and never the content. Content is taken as it comes: bytes that
// are not UTF-8 become U+FFFD, since refusing them would let a hostile name hide a transaction.
// It never fails: what is refused has Reading.Refused set.
func Read(raw []byte) review.Reading { return read(raw, review.Sum(raw)) }

// read is Read of bytes whose digest is known.
func read(raw []byte, hash review.Hash) review.Reading {
	reading := review.Reading{Hash: hash}
	root, p, refused := structure(raw)
	if p != nil {
		defer p.done()
	}
	if refused != "" {
		reading.Refused = refused
		return reading
	}
	r := reader{reading: &reading}
	r.payload(root)
	return reading
}

// structure judges and parses the bytes; refused is why they are no good.
func structure(raw []byte) (root node, p *parser, refused string) {
	if why, ok := readHead(raw); ok {
		return node{}, nil, why
	}
	switch {
	case len(raw) > MaxPayload:
		return node{}, nil, tooLarge
	case bytes.HasPrefix(raw, gzipMagic), bytes.HasPrefix(raw, zstdMagic):
		return node{}, nil, cutPacked
	}
	src := clean(raw)
	if len(bytes.TrimSpace(src)) == 0 {
		return node{}, nil, "empty"
	}
	bom := int64(0)
	if bytes.HasPrefix(raw, []byte("\ufeff")) {
		bom = 3
	}
	root, p = parseStrictly(string(src))
	if p.fault == faultNone && !p.doubt {
		return root, p, ""
	}
	// Most payloads are plain, and reading them twice would cost a third of the whole. Of all
	// others jsontext is the judge.
	dec := jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowInvalidUTF8(true))
	_, err := dec.ReadValue()
	if err == nil {
		if _, tail := dec.ReadToken(); !errors.Is(tail, io.EOF) {
			return node{}, nil, fmt.Sprintf("something follows the end of the JSON at byte %d", dec.InputOffset()+bom)
		}
	}
	switch {
	case p.fault == faultDepth:
		return node{}, p, fmt.Sprintf("nested more than %d deep at byte %d", MaxDepth, int64(p.pos)+bom)
	case p.fault == faultValues && err == nil:
		return node{}, p, fmt.Sprintf("more than %d values", maxValues)
	case err != nil:
		return node{}, p, syntaxProblem(err, dec.InputOffset(), bom)
	case p.fault != faultNone:
		return node{}, p, fmt.Sprintf("not JSON at byte %d", int64(p.pos)+bom)
	}
	return root, p, ""
}

func syntaxProblem(err error, offset, bom int64) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		offset = syntax.ByteOffset
	}
	switch offset += bom; {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("the same key twice in one object at byte %d", offset)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Sprintf("cut short: the JSON ends early at byte %d", offset)
	}
	return fmt.Sprintf("not JSON at byte %d", offset)
}

// reader collects what a payload says.
type reader struct {
	reading  *review.Reading
	nameless int // resources without type or id
	broken   bool
}

func (r *reader) payload(root node) {
	data := root.like("data")
	switch {
	case root.kind != kindObject:
		r.refuse("the JSON is no object")
		return
	case data.kind == kindAbsent && root.like("errors").kind != kindAbsent:
		r.refuse("an error response")
		return
	case data.kind == kindAbsent:
		r.refuse("it has no data")
		return
	case data.kind != kindObject && data.kind != kindArray:
		r.refuse("its data is neither an object nor a list")
		return
	}
	switch of, isHistory := history(root, data); {
	case isHistory:
		r.history(of, data)
	case data.kind == kindObject && isEvent(data):
		r.reading.Event = data.like("id").str()
		r.reading.ReadAs = "event " + shorten(data.like("attributes").like("name").str())
		r.event(data)
	case data.kind == kindObject:
		r.reading.ReadAs = shorten(data.like("type").str())
		r.document(root, 0)
	default:
		r.reading.ReadAs = listOf(data.kids)
		r.list(root, data)
	}
	switch {
	case r.broken:
		r.refuse("one of its objects holds the same key twice")
	case len(r.reading.Snapshots) == 0 && r.nameless > 0:
		r.refuse("nothing in it has a type and an id")
	}
}

func (r *reader) refuse(why string) {
	*r.reading = review.Reading{Hash: r.reading.Hash, Refused: "not a Persona payload: " + why}
}

// list reads a list's resources, or its events, each with what it carries.
func (r *reader) list(root, data node) {
	for _, it := range data.kids {
		if isEvent(it) {
			r.event(it)
		} else {
			r.resource(it, 0)
		}
	}
	for _, it := range root.like("included").items() {
		r.resource(it, 0)
	}
}

// event reads an event's own payload. Custom events may carry any JSON; then there is nothing
// to read, which is no fault.
func (r *reader) event(data node) {
	attributes := data.like("attributes")
	at := attributes.like("created-at").at()
	var ms int64
	if !at.IsZero() {
		ms = at.UnixMilli()
	}
	named, from := r.nameless, len(r.reading.Snapshots)
	name := attributes.like("name").str()
	payload := attributes.like("payload")
	gone := strings.HasSuffix(name, eventRedacted)
	if gone && name != eventPropertyRedacted {
		sayRedacted(payload.like("data"), at)
	}
	r.document(payload, ms)
	if gone {
		r.redacted(name, from, ms)
	}
	if strings.HasPrefix(name, "custom.") {
		r.nameless = named
	}
}

// usualResources is for how many there is room from the start: what is counted may be anything.
const usualResources = 16

// document reads one {data, included}.
func (r *reader) document(doc node, event int64) {
	from := len(r.reading.Snapshots)
	data, included := doc.like("data"), doc.like("included").items()
	of := data.items()
	r.reading.Snapshots = slices.Grow(r.reading.Snapshots, min(len(of)+len(included), usualResources))
	for _, it := range of {
		r.resource(it, event)
	}
	for _, it := range included {
		r.resource(it, event)
	}
	if data.kind == kindObject {
		tieIncluded(r.reading.Snapshots[from:])
	}
}

// linkIncluded names a tie that only the envelope tells.
const linkIncluded = "included"

// tieIncluded ties to a transaction the reports that came included with it and that no
// relationship ties to anything: related-objects may be empty, and a report that a
// transaction's workflow ran may name nobody.
func tieIncluded(of []review.Snapshot) {
	if len(of) < 2 || of[0].Ref.Type != "transaction" {
		return
	}
	tied := make(map[review.Ref]bool, len(of)) // of the reports
	for _, s := range of {
		report := s.Ref.Family() == "report"
		for _, l := range s.Links {
			if l.To.Family() == "report" {
				tied[l.To] = true
			}
			if report && l.To.Type == "transaction" {
				tied[l.From] = true
			}
		}
	}
	for _, s := range of[1:] {
		if s.Ref.Family() == "report" && !tied[s.Ref] {
			tied[s.Ref] = true
			of[0].Links = append(of[0].Links, review.Link{From: of[0].Ref, To: s.Ref, Name: linkIncluded})
		}
	}
	sortLinks(of[0].Links)
}

func (r *reader) resource(n node, event int64) {
	s, ok, twice := snapshot(n, event)
	switch {
	case twice:
		r.broken = true
	case ok:
		r.reading.Snapshots = append(r.reading.Snapshots, s)
	default:
		r.nameless++
	}
}

func isEvent(n node) bool {
	return n.like("type").str() == "event" && n.like("attributes").kind == kindObject
}

// listOf words a list: "list of 3 transaction", "list of 2 different kinds of resource".
func listOf(items []node) string {
	if len(items) == 0 {
		return "list of 0"
	}
	first := items[0].like("type").str()
	for _, it := range items {
		if it.like("type").str() != first {
			return fmt.Sprintf("list of %d of several types", len(items))
		}
	}
	return strings.TrimSpace(fmt.Sprintf("list of %d %s", len(items), shorten(first)))
}

// shorten keeps a name from outside at a length that a table cell holds.
func shorten(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
