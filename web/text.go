package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"docket/review"
	"docket/views"
)

// maxMarks is how many combining marks may stand on one letter; more are cut, for they draw
// over the lines around them.
const maxMarks = 6

// str makes text from outside fit to be shown on one line: what cannot be seen is cut out and
// said, so that nothing hides in a name.
func str(s string) views.Str { return show(s, false) }

// prose is str for a text of several lines, such as a note.
func prose(s string) views.Str { return show(s, true) }

func show(s string, lines bool) views.Str {
	if plainASCII(s, lines) {
		if s != "" && strings.TrimSpace(s) == "" {
			return views.Str{Notes: []string{blank}}
		}
		return views.Str{Text: s}
	}
	var b strings.Builder
	b.Grow(len(s))
	var hidden []rune
	marks, cut := 0, false
	last := rune(0)
	for i, r := range s {
		before := last
		last = r
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				b.WriteRune(utf8.RuneError)
				continue
			}
		}
		switch {
		case lines && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		case r == '\n', r == '\t', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			if lines {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		case r == 0:
			b.WriteRune(utf8.RuneError)
			hidden = append(hidden, r)
		case (r == '\u200c' || r == '\u200d') && joins(before) && joins(firstRune(s[i+3:])):
			b.WriteRune(r)
		case isHidden(r):
			hidden = append(hidden, r)
		case r >= 0x300 && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)):
			if marks++; marks > maxMarks {
				cut = true
				continue
			}
			b.WriteRune(r)
			continue
		default:
			b.WriteRune(r)
		}
		marks = 0
	}
	out := views.Str{Text: b.String(), Lang: langOf(s)}
	if len(hidden) > 0 {
		out.Notes = append(out.Notes, "hidden characters removed: "+codePoints(hidden))
	}
	if cut {
		out.Notes = append(out.Notes, "stacked marks removed")
	}
	if strings.TrimSpace(out.Text) == "" {
		out.Text = ""
		if len(out.Notes) == 0 {
			out.Notes = []string{blank}
		}
	}
	if !lines && mixesScripts(out.Text) {
		out.Notes = append(out.Notes, "letters of two scripts in one word")
	}
	return out
}

// joins says that a letter is of a script in which it matters to spelling whether neighbours
// join: there a zero-width joiner or non-joiner inside a word is honest (نیک‌اندیش).
func joins(r rune) bool {
	return r >= 0x600 && r <= 0xDFF && (unicode.IsLetter(r) || unicode.IsMark(r))
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// blank is said of a text that shows nothing.
const blank = "nothing but spaces"

// visible is str for a value on its own, where nothing would look like no value at all.
func visible(s string) views.Str {
	out := str(s)
	if out.Text == "" && s != "" {
		out.Text = "(nothing to see)"
	}
	return out
}

func plainASCII(s string, lines bool) bool {
	for i := range len(s) {
		if c := s[i]; (c < ' ' || c > '~') && !(lines && c == '\n') {
			return false
		}
	}
	return true
}

// isHidden says that a character has no picture of its own and can change what is read:
// controls, zero-width and direction characters, invisible operators, tag characters.
func isHidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == 0xad,
		r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0x061c, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xfeff, r == 0xffa0,
		r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}

// codePoints names characters, each once, at most six.
func codePoints(rs []rune) string {
	slices.Sort(rs)
	rs = slices.Compact(rs)
	more := ""
	if len(rs) > 6 {
		more = fmt.Sprintf(" and %d more", len(rs)-6)
		rs = rs[:6]
	}
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = fmt.Sprintf("U+%04X", r)
	}
	return strings.Join(names, ", ") + more
}

// alike numbers the scripts whose letters pass for each other's, 0 for every other letter.
func alike(r rune) int {
	switch {
	case r < 0x250, r >= 0x1e00 && r <= 0x1eff, r >= 0xff21 && r <= 0xff5a:
		return 1 // Latin
	case r >= 0x370 && r <= 0x3ff, r >= 0x1f00 && r <= 0x1fff:
		return 2 // Greek
	case r >= 0x400 && r <= 0x52f:
		return 3 // Cyrillic
	case r >= 0x531 && r <= 0x58a:
		return 4 // Armenian
	case r >= 0x13a0 && r <= 0x13ff:
		return 5 // Cherokee
	}
	return 0
}

// mixesScripts says that one word is made of letters of two scripts that look alike.
func mixesScripts(s string) bool {
	in := 0
	for _, r := range s {
		if r < 0x80 && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') || r >= 0x80 && !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			in = 0
			continue
		}
		switch sc := alike(r); {
		case sc == 0 || unicode.Is(unicode.M, r):
		case in != 0 && in != sc:
			return true
		default:
			in = sc
		}
	}
	return false
}

// langOf tells the language where the script has but one; a Cyrillic or Arabic name may be of
// many, and then nothing is claimed.
func langOf(s string) string {
	for _, r := range s {
		switch {
		case r < 0x370:
		case r <= 0x3ff:
			return "el"
		case r >= 0x531 && r <= 0x58a:
			return "hy"
		case r >= 0x591 && r <= 0x5f4:
			return "he"
		case r >= 0xe01 && r <= 0xe5b:
			return "th"
		case r >= 0x10a0 && r <= 0x10ff:
			return "ka"
		case r >= 0x3041 && r <= 0x30ff:
			return "ja"
		case r >= 0xac00 && r <= 0xd7a3:
			return "ko"
		}
	}
	return ""
}

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
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%s %04d", month, d.Year)
	}
	return fmt.Sprintf("%d %s %04d", d.Day, month, d.Year)
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
