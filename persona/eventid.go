package persona

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// maxEventID bounds what counts as an event's id, in bytes. Persona's have some 30.
const maxEventID = 200

// EventID is the id of the event that a delivery's body holds, so that a repeat is known before
// anybody reads the whole: "" when the body is no event or names none. It never fails; what it
// cannot make sense of has no id. A bare resource has none either: its id says which resource it
// is, not which delivery, and two states of one resource are two deliveries.
//
// Whenever Read finds an event's id (and it is not absurdly long), this is the same one. It
// stops as soon as it knows, which for Persona's order of keys is at the body's start.
func EventID(body []byte) string {
	dec := jsontext.NewDecoder(bytes.NewBuffer(clean(body)), jsontext.AllowInvalidUTF8(true))
	if !enter(dec) {
		return ""
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return ""
		}
		if key.String() != "data" {
			if dec.SkipValue() != nil {
				return ""
			}
			continue
		}
		return eventIDOf(dec)
	}
	return ""
}

// eventIDOf reads the id out of the object that comes next.
func eventIDOf(dec *jsontext.Decoder) string {
	if !enter(dec) {
		return ""
	}
	id, hasID, isEvent := "", false, false
	for dec.PeekKind() == '"' && !(hasID && isEvent) {
		key, err := dec.ReadToken()
		if err != nil {
			return ""
		}
		switch name := key.String(); name {
		case "id", "type":
			value, err := dec.ReadValue()
			if err != nil || len(value) > maxEventID {
				return ""
			}
			n, p := parse(string(value))
			text := n.str()
			p.done()
			if name == "id" {
				id, hasID = text, true
			} else if isEvent = text == "event"; !isEvent {
				return ""
			}
		default:
			if dec.SkipValue() != nil {
				return ""
			}
		}
	}
	if !isEvent {
		return ""
	}
	return id
}

// enter goes into the object that comes next; false: none comes.
func enter(dec *jsontext.Decoder) bool {
	if dec.PeekKind() != '{' {
		return false
	}
	_, err := dec.ReadToken()
	return err == nil
}
