package persona

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// appendCanonical writes a value whose keys are sorted as RFC 8785 says, with one deviation:
// a number that a 64-bit float cannot hold (9007199254740993, 1e400) keeps its digits, where
// the RFC would round it. Evidence must not change its numbers.
func appendCanonical(b []byte, n *node) []byte {
	switch n.kind {
	case kindNull:
		return append(b, "null"...)
	case kindTrue:
		return append(b, "true"...)
	case kindFalse:
		return append(b, "false"...)
	case kindString:
		return appendText(b, n.text, n.plain)
	case kindNumber:
		return appendNumber(b, n.text)
	case kindArray:
		b = append(b, '[')
		for i := range n.kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, &n.kids[i])
		}
		return append(b, ']')
	case kindObject:
		b = append(b, '{')
		for i := range n.kids {
			if i > 0 {
				b = append(b, ',')
			}
			kid := &n.kids[i]
			b = appendCanonical(append(appendText(b, kid.key, kid.plainKey), ':'), kid)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

func appendString(b []byte, s string) []byte {
	return appendText(b, s, plainTo(s, 0) == len(s))
}

// appendText is appendString of a text that is known to need no escapes, if plain.
func appendText(b []byte, s string, plain bool) []byte {
	if plain || plainTo(s, 0) == len(s) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	// The error tells of invalid UTF-8, which reading has replaced.
	b, _ = jsontext.AppendQuote(b, s)
	return b
}

func appendNumber(b []byte, digits string) []byte {
	if len(digits) <= 15 && !strings.ContainsAny(digits, ".eE-") {
		return append(b, digits...)
	}
	if f, err := strconv.ParseFloat(digits, 64); err == nil {
		if f == 0 {
			f = 0 // without its sign
		}
		if es := jsontext.Float(f).String(); sameDecimal(es, digits) {
			return append(b, es...)
		}
	}
	return append(b, digits...)
}

// sameDecimal says that two JSON numbers are the same number.
func sameDecimal(a, b string) bool {
	ad, ae, aneg := decimal(a)
	bd, be, bneg := decimal(b)
	return ad == bd && (ad == "" || ae == be && aneg == bneg)
}

// decimal is a number as 0.digits × 10^exp without outer zeros; "" is zero.
func decimal(s string) (digits string, exp int, neg bool) {
	s, neg = strings.CutPrefix(s, "-")
	mantissa := s
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		e, err := strconv.Atoi(strings.TrimPrefix(s[i+1:], "+"))
		if err != nil {
			return s, 0, neg // an exponent that no int holds: equal only to itself
		}
		exp = e
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	exp += len(whole)
	digits = whole + frac
	trimmed := strings.TrimLeft(digits, "0")
	exp -= len(digits) - len(trimmed)
	return strings.TrimRight(trimmed, "0"), exp, neg
}

// sortKeys orders members as RFC 8785 does; false: a key is there twice.
func sortKeys(members []node) bool {
	if len(members) > 32 {
		slices.SortFunc(members, func(a, b node) int { return compareUTF16(a.key, b.key) })
		for i := 1; i < len(members); i++ {
			if members[i-1].key == members[i].key {
				return false
			}
		}
		return true
	}
	// Most objects are small, and those that Persona sends are often nearly sorted.
	for i := 1; i < len(members); i++ {
		j := i
		for ; j > 0; j-- {
			c := compareUTF16(members[j-1].key, members[i].key)
			if c == 0 {
				return false
			}
			if c < 0 {
				break
			}
		}
		if j < i {
			m := members[i]
			copy(members[j+1:i+1], members[j:i])
			members[j] = m
		}
	}
	return true
}

// compareUTF16 orders by UTF-16 code units. Bytes of UTF-8 order the same way but for
// surrogate pairs, which sort before U+E000 to U+FFFF.
func compareUTF16(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] == b[i] {
			continue
		}
		if (a[i] >= 0xee) != (b[i] >= 0xee) || a[i] < 0xee {
			return int(a[i]) - int(b[i])
		}
		// Both lead bytes lie at or above U+E000: four-byte runes come first.
		if (a[i] >= 0xf0) != (b[i] >= 0xf0) {
			return int(b[i]) - int(a[i])
		}
		return int(a[i]) - int(b[i])
	}
	return len(a) - len(b)
}

// clean replaces what is not UTF-8 by U+FFFD and drops a byte order mark.
func clean(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return raw
	}
	return bytes.ToValidUTF8(raw, []byte("\ufffd"))
}
