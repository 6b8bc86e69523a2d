package views

import "docket/review"

// Value is one captured value. Absent, null, empty and present are four different words.
// The zero Value is "not captured".
type Value struct {
	State review.Presence
	Str   Str    // when Present
	Link  Link   // instead of Str, for an address from outside
	To    Go     // instead of Str, for a page of our own
	Time  Time   // instead of Str, for an instant or a day
	Tag   Tag    // instead of Str, for a status
	Mono  bool   // an id: in the fixed-width face
	Note  string // quiet words behind it: "to the year"
}

// V is a present value.
func V(text string) Value { return Value{State: review.Present, Str: S(text)} }

// Fact is one term with its value, in a definition list.
type Fact struct {
	Term  string
	Value Value
}

// Field is one typed value of a resource, with Persona's type beside its label. A hash or an
// array holds Items and no Value.
type Field struct {
	Key   string // hook data-field: the raw key; "" for an item of an array
	Type  string // hook data-type: Persona's tag or the JSON kind
	Label string // "First name"; for an array item "1", "2", …
	Value Value
	Items []Field
}
