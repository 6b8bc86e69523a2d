package review

import (
	"cmp"
	"slices"
	"time"
)

// Presence keeps apart what must never be confused on the way to the screen.
type Presence uint8

const (
	Absent  Presence = iota // never captured: shown as "not captured"
	Null                    // captured as null: "none"
	Empty                   // captured as "" or [] or {}: "empty"
	Present                 // captured with a value
)

// Text is a captured text with its presence. Value is set only when Present.
type Text struct {
	State Presence `json:"state"`
	Value string   `json:"value,omitempty"`
}

// Flag is a captured boolean with its presence (Empty does not occur).
type Flag struct {
	State Presence `json:"state"`
	Value bool     `json:"value,omitempty"`
}

// Is says that the flag was captured and is true.
func (f Flag) Is() bool { return f.State == Present && f.Value }

// Field is one typed value of a resource. Arrays and hashes nest in Items; a hash member has
// a Key, an array item has none.
type Field struct {
	Key   string   `json:"key,omitempty"`   // raw, as configured at Persona
	Type  string   `json:"type,omitempty"`  // Persona's tag ("string", "date", "hash", …) or, for a bare value, its JSON kind
	State Presence `json:"state"`           //
	Text  string   `json:"text,omitempty"`  // a scalar's value in words that a person can read; numbers keep their digits
	Items []Field  `json:"items,omitempty"` //
	File  *File    `json:"file,omitempty"`  //
	Ref   *Ref     `json:"ref,omitempty"`   // relation fields name another resource
}

// File is what Persona said of a file. Its link is a bearer secret that expires within
// hours, so only the address without the secret is kept.
type File struct {
	Name  string `json:"name,omitempty"`
	Media string `json:"media,omitempty"` // MIME type
	Bytes int64  `json:"bytes,omitempty"`
	Pages int    `json:"pages,omitempty"`
	Host  string `json:"host,omitempty"`              // where the expired link pointed
	Link  string `json:"link,omitempty" evidence:"-"` // the link without its secret: names the file, opens nothing
}

// Relation is one relationship of a resource as captured.
type Relation struct {
	Name  string   `json:"name"`
	State Presence `json:"state"`
	Refs  []Ref    `json:"refs,omitempty"`
}

// Check is one check of a verification.
type Check struct {
	Name        string   `json:"name"`
	Status      string   `json:"status"`      // passed, failed, not_applicable; an open set
	Requirement string   `json:"requirement"` // required, not_required, requires_retry; an open set
	Reasons     []string `json:"reasons,omitempty"`
	Metadata    []Field  `json:"metadata,omitempty"`
}

// Photo is one picture of a document or verification, never shown from Persona's own link.
type Photo struct {
	Page string `json:"page"` // front, back, center_photo, …
	File File   `json:"file"`
}

// Capture says how much of a resource we hold.
type Capture string

const (
	CaptureFull     Capture = "full"
	CaptureThin     Capture = "thin"     // named facts only: what matters was not sent
	CaptureAbsent   Capture = "absent"   // named by another resource, never received
	CapturePending  Capture = "pending"  // Persona is still working on it
	CaptureErrored  Capture = "errored"  // Persona could not finish it
	CaptureRedacted Capture = "redacted" // personal data erased at Persona
)

// Captures lists every value.
func Captures() []Capture {
	return []Capture{CaptureFull, CaptureThin, CaptureAbsent, CapturePending, CaptureErrored, CaptureRedacted}
}

// Resource is any object that Persona sent, in its generic form: nothing is dropped.
type Resource struct {
	Ref        Ref        `json:"ref"`
	Capture    Capture    `json:"capture"`
	Status     Text       `json:"status"`
	Attributes []Field    `json:"attributes,omitempty"` // without `fields`, checks and photos
	Fields     []Field    `json:"fields,omitempty"`     // attributes.fields, keys raw
	Relations  []Relation `json:"relations,omitempty"`
	Checks     []Check    `json:"checks,omitempty"`
	Photos     []Photo    `json:"photos,omitempty"`
	CreatedAt  time.Time  `json:"created_at,omitzero"`
	UpdatedAt  time.Time  `json:"updated_at,omitzero" evidence:"-"` // newest of the resource's own times
	RedactedAt time.Time  `json:"redacted_at,omitzero"`             //
	Via        string     `json:"via,omitempty"`                    // "" when tied to the root itself, else the resource that named it
}

// Order places one state of a resource among its other states: the resource's own newest
// time, then the time of the event that carried it, then its content, so that any two states
// compare the same way whatever order they arrived in.
type Order struct {
	At       int64 // unix milliseconds of the resource's own newest time; the event's when it has none
	Event    int64 // unix milliseconds of the carrying event; 0 for an API response
	Snapshot Hash
}

// Compare is negative when o is older than p.
func (o Order) Compare(p Order) int {
	if c := cmp.Compare(o.At, p.At); c != 0 {
		return c
	}
	if c := cmp.Compare(o.Event, p.Event); c != 0 {
		return c
	}
	return slices.Compare(o.Snapshot[:], p.Snapshot[:])
}

// Snapshot is one resource's state as it stood in some payload. Body is its canonical JSON
// (RFC 8785) with the keys of one spelling; its digest is its address.
type Snapshot struct {
	Ref    Ref
	Order  Order
	Body   []byte
	Links  []Link   // what this state says it is tied to
	Keys   []string // which facts this state speaks of, sorted; see Layers
	Erased int64    // unix milliseconds: Persona says that the personal data up to then is gone; 0: it does not say
	Status string   // verbatim, of what can be the root of a review; "" for other types or when not captured
}

// Link ties two resources, as one of them said. A To of type "report" names any kind of report.
type Link struct {
	From Ref
	To   Ref
	Name string // the relationship's name at Persona
}

// Layer is one state as the store hands it back for reading.
type Layer struct {
	Order Order
	Body  []byte
}

// Captured is one resource with the states that still say something: newest first, each
// holding at least one fact that no newer one mentions. Reading a fact takes it from the
// first layer that mentions it, so a thin copy never wipes a full one.
type Captured struct {
	Ref     Ref
	Layers  []Layer
	History []Layer // every state of a report, oldest first, for the runs that reached us; may be nil
	Via     string  // see Resource.Via
}

// Bundle is everything that joins one root: a transaction, an inquiry or a case.
type Bundle struct {
	Root      Ref
	Resources []Captured // the root first, then by type and id
	Named     []Ref      // named by one of them, never received
	Links     []Link
}

// Covers says that newer states already mention every key of an older one, so that the older
// one has nothing left to say. Both slices are sorted.
func Covers(newer, older []string) bool {
	for _, k := range older {
		if _, ok := slices.BinarySearch(newer, k); !ok {
			return false
		}
	}
	return true
}
