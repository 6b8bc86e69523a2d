package review

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

func listHead(i int, first, next string) string {
	if i == 0 {
		return first
	}
	return next
}

func appendMember(out []byte, head, s string) []byte {
	if s == "" {
		return out
	}
	return appendString(append(out, head...), s)
}

func appendNumber(out []byte, head string, n int64) []byte {
	if n == 0 {
		return out
	}
	return strconv.AppendInt(append(out, head...), n, 10)
}

// appendInstant writes by hand what every record has one of, where the year has four digits.
func appendInstant(out []byte, ms int64) []byte {
	t := time.UnixMilli(ms).UTC()
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return append(t.AppendFormat(append(out, '"'), ledgerTime), '"')
	}
	hour, minute, second := t.Clock()
	milli := t.Nanosecond() / 1e6
	digit := func(n int) byte { return byte('0' + n%10) } //nolint:gosec // one digit
	return append(out, '"', digit(year/1000), digit(year/100), digit(year/10), digit(year), '-', digit(int(month)/10), digit(int(month)), '-',
		digit(day/10), digit(day), 'T', digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':', digit(second/10), digit(second),
		'.', digit(milli/100), digit(milli/10), digit(milli), 'Z', '"')
}

// plain says which bytes stand for themselves in a JSON text.
var plain = func() (p [256]bool) {
	for c := range utf8.RuneSelf {
		p[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return p
}()

// appendString adds a JSON text as RFC 8785 §3.2.2.2 writes it. A byte that is no UTF-8 becomes the
// replacement character.
func appendString(out []byte, s string) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '"')
	from := 0
	for i := 0; ; {
		for i < len(s) && plain[s[i]] {
			i++
		}
		if i == len(s) {
			return append(append(out, s[from:]...), '"')
		}
		if c := s[i]; c < utf8.RuneSelf {
			out = append(out, s[from:i]...)
			switch c {
			case '"', '\\':
				out = append(out, '\\', c)
			case '\b':
				out = append(out, '\\', 'b')
			case '\f':
				out = append(out, '\\', 'f')
			case '\n':
				out = append(out, '\\', 'n')
			case '\r':
				out = append(out, '\\', 'r')
			case '\t':
				out = append(out, '\\', 't')
			default:
				out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
			}
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			out = append(append(out, s[from:i]...), "\ufffd"...)
			i++
			from = i
			continue
		}
		i += n
	}
}

// simpleText says how long the JSON text at the beginning of s is, 0 unless it begins with one that
// is canonical as it stands and pure ASCII.
func simpleText(s string) int {
	if len(s) < 2 || s[0] != '"' {
		return 0
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case !plain[c]:
			return 0
		}
	}
	return 0
}

// appendList adds a JSON list of texts in canonical form. Most are canonical as they stand.
func appendList(out []byte, s string) ([]byte, error) {
	if isSimpleList(s) {
		return append(out, s...), nil
	}
	var texts []string
	if err := json.Unmarshal([]byte(s), &texts); err != nil || len(texts) == 0 {
		return nil, errJSON
	}
	if again, err := json.Marshal(texts); err != nil || string(again) != s {
		return nil, errJSON // docket writes it one way only: another is another's hand
	}
	for i, t := range texts {
		out = append(out, listHead(i, "[", ",")...)
		out = appendString(out, t)
	}
	return append(out, ']'), nil
}

func isSimpleList(s string) bool {
	if len(s) < 4 || s[0] != '[' {
		return false
	}
	for s = s[1:]; ; s = s[1:] {
		n := simpleText(s)
		if n == 0 || n == len(s) {
			return false
		}
		s = s[n:]
		switch s[0] {
		case ']':
			return len(s) == 1
		case ',':
		default:
			return false
		}
	}
}

// appendObject adds a JSON object of texts in canonical form.
func appendObject(out []byte, s string) ([]byte, error) {
	if isSimpleObject(s) {
		return append(out, s...), nil
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(s), &texts); err != nil || len(texts) == 0 {
		return nil, errJSON
	}
	if again, err := json.Marshal(texts); err != nil || string(again) != s {
		return nil, errJSON
	}
	keys := make([]string, 0, len(texts))
	for k := range texts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareUTF16)
	for i, k := range keys {
		out = append(out, listHead(i, "{", ",")...)
		out = append(appendString(out, k), ':')
		out = appendString(out, texts[k])
	}
	return append(out, '}'), nil
}

func isSimpleObject(s string) bool {
	if len(s) < 2 || s[0] != '{' {
		return false
	}
	before := ""
	for s = s[1:]; ; s = s[1:] {
		n := simpleText(s)
		if n == 0 || n == len(s) || s[n] != ':' || before != "" && s[1:n-1] <= before {
			return false
		}
		before = s[1 : n-1]
		if before == "" {
			return false // an empty key goes the long way
		}
		s = s[n+1:]
		n = simpleText(s)
		if n == 0 || n == len(s) {
			return false
		}
		s = s[n:]
		switch s[0] {
		case '}':
			return len(s) == 1
		case ',':
		default:
			return false
		}
	}
}

// compareUTF16 is the order of member names in RFC 8785 §3.2.3: by UTF-16 code units. It differs from
// that of bytes only where one side lies beyond the Basic Multilingual Plane.
func compareUTF16(x, y string) int {
	for x != "" && y != "" {
		a, n := utf8.DecodeRuneInString(x)
		b, m := utf8.DecodeRuneInString(y)
		if a != b {
			if aw, bw := a > 0xffff, b > 0xffff; aw != bw { // a surrogate, from D800 on, against a unit
				if aw && b >= 0xe000 || bw && a < 0xd800 {
					return -1
				}
				return 1
			}
			return int(a) - int(b)
		}
		x, y = x[n:], y[m:]
	}
	return len(x) - len(y)
}
