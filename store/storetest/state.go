package storetest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"docket/review"
)

// State is one state of a resource in a payload of the invented shape. Its methods give
// changed copies.
type State struct {
	Type  string         `json:"type"`
	ID    string         `json:"id"`
	At    int64          `json:"at"`
	Event int64          `json:"event,omitempty"`
	Facts map[string]any `json:"facts"`
	Links []link         `json:"links,omitempty"`
	Gone  bool           `json:"gone,omitempty"` // it says that the sender erased the resource
}

type link struct {
	Name string     `json:"name"`
	To   review.Ref `json:"to"`
}

// Resource is a state without facts.
func Resource(kind, id string, at time.Time) State {
	return State{Type: kind, ID: id, At: at.UnixMilli(), Facts: map[string]any{}}
}

// Transaction is a state of a transaction that says its status.
func Transaction(id, status string, at time.Time) State {
	return Resource("transaction", id, at).Fact("status", status)
}

// Report is a state of a watchlist report that is ready and surfaced the named matches.
func Report(id string, at time.Time, matches ...string) State {
	return Resource("report/watchlist", id, at).Fact("status", "ready").Fact("matches", matches)
}

// Fact sets one fact.
func (s State) Fact(key string, value any) State {
	s.Facts = maps.Clone(s.Facts)
	s.Facts[key] = value
	return s
}

// Link ties the state to another resource.
func (s State) Link(name string, to review.Ref) State {
	s.Links = append(slices.Clone(s.Links), link{name, to})
	return s
}

// Erased says that the sender erased the resource.
func (s State) Erased() State {
	s.Gone = true
	return s
}

// InEvent says when the event that carried the state happened.
func (s State) InEvent(at time.Time) State {
	s.Event = at.UnixMilli()
	return s
}

// Payload is the bytes that carry some states.
func Payload(states ...State) []byte {
	b, err := json.Marshal(states)
	if err != nil {
		panic(err) // facts of tests can be written
	}
	return b
}

// Read reads a payload of the invented shape, as package persona reads real ones.
func Read(raw []byte) review.Reading {
	r := review.Reading{Hash: review.Sum(raw), ReadAs: "states"}
	var states []State
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&states); err != nil {
		r.Refused = "not a list of states"
		return r
	}
	for _, s := range states {
		r.Snapshots = append(r.Snapshots, s.snapshot())
	}
	return r
}

func (s State) snapshot() review.Snapshot {
	body, err := json.Marshal(map[string]any{"type": s.Type, "id": s.ID, "facts": s.Facts})
	if err != nil {
		panic(err) // it was read from JSON
	}
	ref := review.Ref{Type: s.Type, ID: s.ID}
	snap := review.Snapshot{Ref: ref, Body: body, Keys: slices.Sorted(maps.Keys(s.Facts)),
		Order: review.Order{At: s.At, Event: s.Event, Snapshot: review.Sum(body)}}
	if s.Gone {
		snap.Erased = s.At
	}
	if review.IsRootFamily(s.Type) {
		snap.Status, _ = s.Facts["status"].(string)
	}
	for _, l := range s.Links {
		snap.Links = append(snap.Links, review.Link{From: ref, To: l.To, Name: l.Name})
	}
	return snap
}

// Reduce leaves of a state that is gone its status alone, as package persona leaves what names nobody.
func Reduce(raw []byte, gone func(review.Ref, int64) bool) (review.Reduced, error) {
	var states []State
	alone := bytes.HasPrefix(raw, []byte("{"))
	if alone {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	if err := json.Unmarshal(raw, &states); err != nil {
		return review.Reduced{}, err
	}
	out := review.Reduced{Before: Read(raw)}
	changed := false
	for i, s := range states {
		if !gone(review.Ref{Type: s.Type, ID: s.ID}, s.At) {
			continue
		}
		states[i].Facts = map[string]any{}
		if status, ok := s.Facts["status"]; ok {
			states[i].Facts["status"] = status
		}
		changed = changed || len(states[i].Facts) < len(s.Facts)
	}
	left := Payload(states...)
	out.After = Read(left)
	if alone {
		left = out.After.Snapshots[0].Body
	}
	if changed {
		out.Bytes = left
	}
	return out, nil
}

// Key is the key of a match that Hydrate reads from a report.
func Key(report, match string) review.MatchKey {
	sum := review.Sum([]byte(report + "\x00" + match))
	return review.MatchKey("wl-" + hex.EncodeToString(sum[:10]))
}

// Hydrate reads a bundle of states of the invented shape.
func Hydrate(b review.Bundle) review.Dossier {
	var d review.Dossier
	if d.Transaction.ID = b.Root.Transaction(); d.Transaction.ID == "" {
		d.About.Ref = b.Root
	}
	for _, c := range b.Resources {
		f := merge(c)
		switch {
		case c.Ref == b.Root && d.Transaction.ID == "":
			d.About = review.Root{Ref: c.Ref, Status: f.text("status"), Name: f.text("name"), ReferenceID: f.text("reference"),
				Tags: f.list("tags"), Resource: f.resource(c)}
			d.Subject = review.Subject{Name: review.Name{Value: f.text("subject").Value}}
		case c.Ref == b.Root:
			d.Transaction.Status = f.text("status")
			d.Transaction.ReferenceID = f.text("reference")
			d.Transaction.Tags = f.list("tags")
			d.Transaction.Fallback = f.text("fallback").Value
			d.Subject = review.Subject{Name: review.Name{Value: f.text("subject").Value}}
			if code := f.text("country").Value; code != "" {
				d.Subject.Countries = []review.Country{{Code: code}}
			}
			d.Subject.Others = names(f.list("other-names"))
			d.Subject.Birthdate = born(f.text("born").Value)
		case c.Ref.Family() == "report":
			d.Reports = append(d.Reports, f.report(c))
		default:
			d.Records = append(d.Records, f.resource(c))
		}
	}
	for _, ref := range b.Named {
		if ref.Family() == "report" {
			d.Reports = append(d.Reports, review.Report{Ref: ref, Capture: review.CaptureAbsent})
		} else {
			d.Records = append(d.Records, review.Resource{Ref: ref, Capture: review.CaptureAbsent})
		}
	}
	return d
}

type facts map[string]any

// merge takes each fact from the newest layer that mentions it.
func merge(c review.Captured) facts {
	f := facts{}
	for _, l := range c.Layers {
		for k, v := range decode(l) {
			if _, ok := f[k]; !ok {
				f[k] = v
			}
		}
	}
	return f
}

func decode(l review.Layer) facts {
	var body struct {
		Facts facts `json:"facts"`
	}
	if err := json.Unmarshal(l.Body, &body); err != nil {
		panic(err) // the store gave back other bytes than it was given
	}
	return body.Facts
}

func (f facts) text(key string) review.Text {
	s, ok := f[key].(string)
	if !ok {
		return review.Text{}
	}
	return review.Text{State: review.Present, Value: s}
}

func (f facts) list(key string) []string {
	var out []string
	items, _ := f[key].([]any)
	for _, it := range items {
		if s, ok := it.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func names(values []string) []review.Name {
	var out []review.Name
	for _, v := range values {
		out = append(out, review.Name{Value: v})
	}
	return out
}

// born reads "1970-01-31"; anything else is no birth date.
func born(day string) review.Birthdate {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return review.Birthdate{}
	}
	return review.Birthdate{From: review.PartialDate{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}}
}

func (f facts) report(c review.Captured) review.Report {
	kind := review.ReportKind("watchlist")
	if len(c.Ref.Type) > len("report/") {
		kind = review.ReportKind(c.Ref.Type[len("report/"):])
	}
	r := review.Report{Ref: c.Ref, Kind: kind, Capture: review.CaptureFull, Status: f.text("status"), Rest: review.Resource{Ref: c.Ref, Via: c.Via}}
	if r.Status.Value == "errored" {
		r.Capture = review.CaptureErrored
	}
	if _, ok := f["has-match"]; ok {
		r.HasMatch = review.Flag{State: review.Present, Value: f["has-match"] == true}
	}
	if _, ok := f["matches"]; ok {
		r.MatchState = review.Present
	}
	dismissed := f.list("dismissed")
	births, _ := f["births"].(map[string]any)
	lists, _ := f["lists"].(map[string]any)
	for _, name := range f.list("matches") {
		m := review.Match{Key: Key(c.Ref.ID, name), Identity: name, Report: c.Ref, Kind: kind,
			Names: []review.Name{{Value: name}}, Dismissed: slices.Contains(dismissed, name)}
		if day, ok := births[name].(string); ok {
			m.Birthdates = []review.Birthdate{born(day)}
		}
		on, _ := lists[name].([]any)
		for _, l := range on {
			if l, ok := l.(string); ok {
				m.Listings = append(m.Listings, review.Listing{Name: l})
			}
		}
		r.Matches = append(r.Matches, m)
	}
	if at, err := time.Parse(time.RFC3339, f.text("halted").Value); err == nil {
		r.Monitoring = review.Monitoring{State: review.MonitoringHalted, Since: at}
	}
	for _, l := range c.History {
		r.Runs = append(r.Runs, review.Run{CompletedAt: time.UnixMilli(l.Order.At).UTC(), Matches: len(decode(l).list("matches")), Source: review.RunSource("seen")})
	}
	return r
}

func (f facts) resource(c review.Captured) review.Resource {
	r := review.Resource{Ref: c.Ref, Capture: review.CaptureFull, Status: f.text("status"), Via: c.Via}
	for _, k := range slices.Sorted(maps.Keys(f)) {
		b, err := json.Marshal(f[k])
		if err != nil {
			panic(err) // it was read from JSON
		}
		r.Attributes = append(r.Attributes, review.Field{Key: k, State: review.Present, Text: string(b)})
	}
	if f.text("check").Value != "" {
		r.Checks = []review.Check{{Name: "check", Status: f.text("check").Value}}
	}
	return r
}
