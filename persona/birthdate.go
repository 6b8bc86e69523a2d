package persona

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"docket/review"
)

// birthdates reads what Persona sends for dates of birth: strings, {day, month, year,
// granularity}, {start, end}, one or many, with nulls among them. Each stays at its own
// precision; what cannot be read is kept as sent.
func birthdates(n node) []review.Birthdate {
	var out []review.Birthdate
	for _, it := range n.items() {
		if b, ok := birthdate(it); ok {
			out = union(out, []review.Birthdate{b})
		}
	}
	return out
}

func birthdate(n node) (review.Birthdate, bool) {
	switch n.kind {
	case kindString, kindNumber:
		return readDate(n.text)
	case kindObject:
	default:
		return review.Birthdate{}, false
	}
	if start, end := n.find("start", "from"), n.find("end", "to"); start.kind != kindAbsent || end.kind != kindAbsent {
		return readRange(start.str(), end.str())
	}
	if year := n.get("year"); year.kind != kindAbsent {
		return readParts(year.str(), n.get("month").str(), n.get("day").str())
	}
	for _, key := range []string{"value", "date", "birthdate"} {
		if v := n.get(key); v.str() != "" {
			return readDate(v.str())
		}
	}
	if len(n.kids) == 0 {
		return review.Birthdate{}, false
	}
	return review.Birthdate{Raw: words(n)}, true
}

// readDate reads YYYY, YYYY-MM or YYYY-MM-DD (a time after it is dropped), with a mark of
// doubt before it or not.
func readDate(s string) (review.Birthdate, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return review.Birthdate{}, false
	}
	b := review.Birthdate{}
	rest := s
	for _, doubt := range []string{"circa ", "c. ", "ca. ", "approximately ", "about "} {
		if len(rest) > len(doubt) && strings.EqualFold(rest[:len(doubt)], doubt) {
			rest, b.Circa = strings.TrimSpace(rest[len(doubt):]), true
			break
		}
	}
	if len(rest) > len("2006-01-02") && (rest[10] == 'T' || rest[10] == ' ') {
		rest = rest[:10]
	}
	parts := strings.Split(rest, "-")
	if len(parts) <= 3 && len(parts[0]) == 4 {
		for len(parts) < 3 {
			parts = append(parts, "")
		}
		if d, ok := partial(parts[0], parts[1], parts[2]); ok {
			b.From = d
			return b, true
		}
	}
	return review.Birthdate{Raw: s}, true
}

func readParts(year, month, day string) (review.Birthdate, bool) {
	if d, ok := partial(year, month, day); ok {
		return review.Birthdate{From: d}, true
	}
	raw := strings.Trim(strings.Join([]string{year, month, day}, "-"), "-")
	return review.Birthdate{Raw: raw}, raw != ""
}

func readRange(start, end string) (review.Birthdate, bool) {
	from, okFrom := readDate(start)
	to, okTo := readDate(end)
	switch {
	case !okFrom && !okTo:
		return review.Birthdate{}, false
	case !okTo || from == to:
		return from, true
	case !okFrom:
		return to, true
	case from.Raw != "" || to.Raw != "" || to.From.Year < from.From.Year:
		return review.Birthdate{Raw: start + " to " + end}, true
	}
	from.To = to.From
	return from, true
}

// partial reads a date whose later parts may be missing ("" or 0).
func partial(year, month, day string) (review.PartialDate, bool) {
	var d review.PartialDate
	for _, part := range []struct {
		s    string
		into *int
		most int
	}{{year, &d.Year, 9999}, {month, &d.Month, 12}, {day, &d.Day, 31}} {
		if part.s == "" {
			continue
		}
		v, err := strconv.Atoi(part.s)
		if err != nil || v < 0 || v > part.most {
			return review.PartialDate{}, false
		}
		*part.into = v
	}
	if d.Year == 0 || d.Month == 0 && d.Day != 0 {
		return review.PartialDate{}, false
	}
	return d, true
}

// births is a set of dates of birth in one fixed spelling, for identities.
func births(bs []review.Birthdate) string {
	switch len(bs) {
	case 0:
		return ""
	case 1:
		return bs[0].String()
	}
	out := make([]string, 0, len(bs))
	for _, b := range bs {
		out = append(out, b.String())
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ",")
}

// apart says that two parties cannot be one by their dates of birth: both give some and none
// of them meet.
func apart(a, b []review.Birthdate) bool {
	const most = 100 // nobody has more; a hostile list may
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	known := false
	for _, x := range a {
		for _, y := range b {
			if x.Meets(y) {
				return false
			}
			known = known || x.Raw == "" && y.Raw == ""
		}
	}
	return known
}

// sortBirthdates orders dates of birth, the most exact first among equals.
func sortBirthdates(bs []review.Birthdate) {
	key := func(d review.PartialDate) string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }
	slices.SortFunc(bs, func(a, b review.Birthdate) int {
		return cmp.Or(cmp.Compare(key(a.From), key(b.From)), cmp.Compare(key(a.To), key(b.To)), cmp.Compare(a.Raw, b.Raw))
	})
}
