package persona

import (
	"strings"
	"time"
)

// moment reads Persona's times: RFC 3339 with "Z" (reports) or "+00:00" (histories), with or
// without fractions, a day alone, and a time without a zone, which is taken as UTC. false:
// it is none of these. Sub-millisecond digits are dropped: nothing at Persona orders by them.
func moment(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02") || len(s) > 40 || s[4] != '-' {
		return time.Time{}, false
	}
	for _, layout := range [...]string{time.RFC3339Nano, time.DateOnly, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05 MST", time.DateTime} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Millisecond), true
		}
	}
	return time.Time{}, false
}

// at is the moment that a value holds, zero when it holds none.
func (n node) at() time.Time {
	t, _ := moment(n.str())
	return t
}

// momentText writes a moment of unix milliseconds as it is read again, "" for 0.
func momentText(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
}

// isPast says that an attribute tells when something happened. What is yet to happen
// (expires-at, sla-expires-at, scheduled-at, next-…-at) says nothing about the age of a state.
func isPast(key string) bool {
	words, ok := strings.CutSuffix(key, "-at")
	if !ok {
		return false
	}
	for w := range strings.SplitSeq(words, "-") {
		switch w {
		case "expires", "scheduled", "next", "due", "until", "resumes", "starts", "ends":
			return false
		}
	}
	return true
}

// newest is the newest of a resource's own past times in unix milliseconds, 0 when it tells
// none. Dismissals, record reviews and runs nest below the report that they change and may be
// the only thing that is new in a state, so they count too.
func newest(attributes node) int64 {
	var ms int64
	note := func(n node) {
		if n.kind != kindString {
			return
		}
		if t, ok := moment(n.text); ok {
			ms = max(ms, t.UnixMilli())
		}
	}
	for i := range attributes.kids {
		switch a := &attributes.kids[i]; a.key {
		case markErased:
			note(*a)
		case "ignore-list", "ignore-list-entity":
			for _, it := range a.items() {
				note(it.get("ignored-at"))
			}
		case "run-history":
			for _, it := range a.items() {
				note(it.get("completed-at"))
			}
		case "matched-records":
			for _, it := range a.items() {
				note(it.get("created-at"))
				note(it.get("reviewed-at"))
				for _, l := range it.get("listings").items() {
					note(l.get("reviewed-at"))
					note(l.get("deactivated-at"))
				}
			}
		default:
			if isPast(a.key) {
				note(*a)
			}
		}
	}
	return ms
}
