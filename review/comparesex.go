package review

import (
	"slices"
	"strings"
)

// The rules that may speak for sex.
const (
	ruleSexSame    = "sex-same"
	ruleSexSeveral = "sex-several" // the list gives both
	ruleSexUnread  = "sex-unread"  // a word that is neither
	ruleSexDiffers = "sex-differs"
)

// compareSex compares what both sides say. What a name usually tells of sex is never used.
func compareSex(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeSex, Spoke: -1}
	theirs := make([]string, 0, len(m.Sexes))
	for _, x := range m.Sexes {
		if sexOf(x) != sexUnknown {
			theirs = append(theirs, x)
		}
	}
	slices.Sort(theirs)
	theirs = slices.CompactFunc(theirs, strings.EqualFold)
	for _, x := range theirs {
		c.Match = append(c.Match, Side{Value: x})
	}
	known := sexOf(s.Sex) != sexUnknown
	if known {
		c.Subject = []Side{{Value: s.Sex}}
	}
	if c.missing(known, len(theirs) > 0, "sex") {
		return c
	}
	ours, seen := sexOf(s.Sex), map[string]bool{}
	for _, x := range theirs {
		seen[sexOf(x)] = true
	}
	switch {
	case len(seen) == 1 && seen[ours] && (ours == "male" || ours == "female" || strings.EqualFold(s.Sex, theirs[0])):
		c.Verdict, c.Rule, c.Words = Agree, ruleSexSame, "Same sex."
	case seen[sexOther] || ours == sexOther:
		c.Verdict, c.Rule, c.Words = Close, ruleSexUnread, "A value that docket does not know; compare by eye."
	case seen[ours]:
		c.Verdict, c.Rule, c.Words = Close, ruleSexSeveral, "The list gives both sexes."
	default:
		c.Verdict, c.Rule, c.Words = Conflict, ruleSexDiffers, "Different sex."
	}
	return c
}

const (
	sexUnknown = ""
	sexOther   = "other" // some word that is neither of the two
)

// sexOf reads a sex as sources write it. X on a passport is no conflict with anything.
func sexOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "unknown", "unspecified", "not given", "n/a":
		return sexUnknown
	case "male", "m", "man":
		return "male"
	case "female", "f", "woman":
		return "female"
	}
	return sexOther
}
