package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"docket/review"
	"docket/views"
)

// label words a raw key, without what could hide in it.
func label(key string) string {
	if plainASCII(key, false) {
		return views.Label(key)
	}
	return views.Label(str(key).Text)
}

// raw is a value for a data- hook: verbatim, but for what HTML cannot hold.
func raw(s string) string {
	if plainASCII(s, false) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == 0 || r == '\r' {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// link makes an address from outside fit to be shown.
func link(words, address string) views.Link {
	if address == "" {
		return views.Link{}
	}
	w, a := str(words), str(address)
	return views.Link{Words: w.Text, URL: strings.TrimSpace(a.Text), Notes: append(w.Notes, a.Notes...)}
}

// webLink says that an address is one that a page may link to.
func webLink(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// regions are the names of all countries in English, made once: a queue page asks for many.
var regions = sync.OnceValue(func() map[string]string {
	names := display.English.Regions()
	m := make(map[string]string, 300)
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() {
				continue
			}
			if name := names.Name(r); name != "" && name != "Unknown Region" {
				m[code] = name
			}
		}
	}
	return m
})

// countryName names a country by its alpha-2 code; a code that is none is shown as it is.
func countryName(code string) string {
	if name, ok := regions()[code]; ok {
		return name
	}
	return str(code).Text
}

// countryWords names a country with its code: "Kazakhstan (KZ)".
func countryWords(c review.Country) string {
	if c.Code == "" {
		return str(c.Name).Text
	}
	if name, ok := regions()[c.Code]; ok {
		return name + " (" + c.Code + ")"
	}
	return str(c.Code).Text
}

// dateWords writes a partial date: "14 March 1986", "March 1986", "1986".
func dateWords(d review.PartialDate) string {
	month := ""
	switch {
	case d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Day > 31:
		return d.String() // no date of any calendar: as it came
	case d.Month > 0:
		month = months[d.Month-1]
	}
	switch {
	case d.Year == 0:
		return ""
	case month == "":
		return yearWords(d.Year)
	case d.Day == 0:
		return month + " " + yearWords(d.Year)
	}
	return strconv.Itoa(d.Day) + " " + month + " " + yearWords(d.Year)
}

func yearWords(year int) string {
	if year >= 1000 && year <= 9999 {
		return strconv.Itoa(year)
	}
	return fmt.Sprintf("%04d", year)
}

var months = [...]string{"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"}

// birthWords writes a birth date at the precision that it is held.
func birthWords(b review.Birthdate) string {
	s := dateWords(b.From)
	if s == "" {
		return str(b.Raw).Text
	}
	if !b.To.IsZero() && b.To != b.From {
		s += " to " + dateWords(b.To)
	}
	if b.Circa {
		s = "about " + s
	}
	return s
}

// birthNote says how exact a birth date is, when it is not to the day.
func birthNote(b review.Birthdate) string {
	switch {
	case b.From.IsZero():
		return "as sent"
	case !b.To.IsZero() && b.To != b.From:
		return "a range"
	case b.From.Month == 0:
		return "to the year"
	case b.From.Day == 0:
		return "to the month"
	}
	return ""
}

// isoDateWords writes a date or range that is given in ISO form; anything else stays as it is.
func isoDateWords(s string) string {
	from, to, ranged := strings.Cut(s, " to ")
	if ranged {
		return isoDayWords(from) + " to " + isoDayWords(to)
	}
	return isoDayWords(s)
}

func isoDayWords(s string) string {
	var d review.PartialDate
	ok := true
	part := func(from, to int) int {
		n, err := strconv.Atoi(s[from:to])
		ok = ok && err == nil
		return n
	}
	switch {
	case len(s) == 4:
		d.Year = part(0, 4)
	case len(s) == 7 && s[4] == '-':
		d.Year, d.Month = part(0, 4), part(5, 7)
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		d.Year, d.Month, d.Day = part(0, 4), part(5, 7), part(8, 10)
	}
	if ok && d.Year > 0 && d.String() == s {
		return dateWords(d)
	}
	return str(s).Text
}

// join joins what there is.
func join(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// openSet words a value of a set that Persona may widen: "true_positive" is "true positive".
func openSet(s string) string { return str(spaced.Replace(s)).Text }

var spaced = strings.NewReplacer("_", " ", "-", " ")

// byteSize writes a size: "210 KB".
func byteSize(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%d KB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// groups cuts a digest into groups of eight characters.
func groups(h review.Hash) []string {
	if h.IsZero() {
		return nil
	}
	var out []string
	for s := h.String(); len(s) >= 8; s = s[8:] {
		out = append(out, s[:8])
	}
	return out
}

// shortHash is the head of a digest, in two groups of four.
func shortHash(h review.Hash) string {
	if h.IsZero() {
		return ""
	}
	s := h.String()
	return s[:4] + " " + s[4:8]
}

// enumerate writes a list as people read it out, with and before the last: "a, b and c".
func enumerate(parts []string, and string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + and + parts[n-1]
	}
	return strings.Join(parts, "")
}
