package persona

import (
	"time"
)

// Events that tell of personal data that is gone at Persona.
// https://docs.withpersona.com/events
const (
	eventRedacted         = ".redacted"
	eventPropertyRedacted = "account-property.redacted"
)

// sayRedacted gives the resource of a *.redacted event the redacted-at that it may lack:
// transactions have none, and a payload may show the state before.
func sayRedacted(data node, at time.Time) {
	if at.IsZero() || data.kind != kindObject {
		return
	}
	attributes := memberOf(&data, "attributes")
	if attributes == nil || attributes.kind != kindObject {
		return
	}
	said := node{key: "redacted-at", kind: kindString, text: momentText(at.UnixMilli())}
	switch have := memberOf(attributes, "redacted-at"); {
	case have == nil:
		put(attributes, said)
	case have.str() == "":
		have.kind, have.text, have.plain = said.kind, said.text, said.plain
	}
}

// redacted notes what an event says is gone, from the first state that it carries: what is
// included is not what the event is about. Of a property of an account it is not said which one:
// every earlier state of the account may hold it, the state that the event carries no more.
func (r *reader) redacted(name string, from int, event int64) {
	if from == len(r.reading.Snapshots) {
		return
	}
	s := &r.reading.Snapshots[from]
	switch {
	case name == eventPropertyRedacted && s.Ref.Family() == "account":
		s.Erased = s.Order.At - 1
	case s.Erased == 0:
		s.Erased = max(event, s.Order.At)
	}
}
