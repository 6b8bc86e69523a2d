package review

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxFold caps how much of a string is folded, in bytes: names are short, hostile ones are not.
const MaxFold = 2048

// Fold makes a text comparable and searchable: compatibility forms unified, accents and
// vowel points dropped, letters in lower case, everything else a single space. Han, kana,
// Hangul and Thai, which are written without spaces, become one token per character, so that
// any part of a name can be found.
func Fold(s string) string {
	if len(s) > MaxFold {
		s = strings.ToValidUTF8(s[:MaxFold], "")
	}
	if plain, ok := foldASCII(s); ok {
		return plain
	}
	out := make([]byte, 0, len(s)+16)
	table := foldTable()
	for _, r := range s {
		switch {
		case r < tabled && !jamo(r):
			out = joinFolded(out, table[r])
		case r >= 0x4E00 && r <= 0x9FFF, r >= 0xAC00 && r <= 0xD7A3, r >= 0x3041 && r <= 0x3096, r >= 0x30A1 && r <= 0x30FA:
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
			out = append(utf8.AppendRune(out, r), ' ')
		default: // a character that stands in combinations or is rare: the whole text, the long way
			return foldSlowly(s)
		}
	}
	return strings.TrimRight(string(out), " ")
}

// tabled is the first character that has no place in the table.
const tabled = 0x3000

// jamo are the parts of Hangul syllables, which compose with their neighbours.
func jamo(r rune) bool { return r >= 0x1100 && r <= 0x11FF }

// foldTable is what each character becomes: letters, with a space at an end that parts
// tokens.
var foldTable = sync.OnceValue(func() *[tabled]string {
	var table [tabled]string
	for r := range table {
		table[r] = string(foldInto(nil, string(rune(r)), true))
	}
	return &table
})

// foldInto appends the folded form of a text, asking the Unicode tables for every character.
// With lead, a gap at its start is kept as a space.
func foldInto(out []byte, s string, lead bool) []byte {
	for _, r := range norm.NFC.String(withoutMarks(s)) {
		r = unicode.ToLower(r)
		gap := len(out) == 0 && !lead || len(out) > 0 && out[len(out)-1] == ' '
		switch {
		case HiddenRune(r), strings.ContainsRune("'’ʼ‘`ʻ", r):
			continue // an apostrophe inside a name parts nothing
		case unspaced(r):
			if !gap {
				out = append(out, ' ')
			}
			out = append(utf8.AppendRune(out, r), ' ')
		case letterSpelling[r] != "":
			out = append(out, letterSpelling[r]...)
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			out = utf8.AppendRune(out, r)
		case !gap:
			out = append(out, ' ')
		}
	}
	return out
}

func joinFolded(out []byte, piece string) []byte {
	if len(out) == 0 || out[len(out)-1] == ' ' {
		piece = strings.TrimPrefix(piece, " ")
	}
	return append(out, piece...)
}

func foldSlowly(s string) string { return strings.TrimRight(string(foldInto(nil, s, false)), " ") }

func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if droppedMark(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

// foldASCII is the quick way for plain letters, digits and punctuation.
func foldASCII(s string) (string, bool) {
	var short [64]byte // of most names: no memory of its own
	b := short[:0]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x80 || c < 0x20 || c == 0x7f:
			return "", false
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case c == '\'' || c == '`':
		case len(b) > 0 && b[len(b)-1] != ' ':
			b = append(b, ' ')
		}
	}
	return string(bytes.TrimRight(b, " ")), true
}

// letterSpelling holds letters that decomposition leaves alone, in their usual plain spelling.
var letterSpelling = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
	'ı': "i", 'ħ': "h", 'ŋ': "n", 'ſ': "s", 'ə': "a", 'ƒ': "f",
}

// droppedMark says that a combining mark carries no letter of its own: accents of Latin,
// Greek and Cyrillic, vowel points of Hebrew and Arabic. The vowel signs of Indic scripts and
// Thai are letters to their readers and stay.
func droppedMark(r rune) bool {
	return r >= 0x0300 && r <= 0x036F || r >= 0x0483 && r <= 0x0489 || r >= 0x0591 && r <= 0x05C7 ||
		r >= 0x0610 && r <= 0x061A || r >= 0x064B && r <= 0x065F || r == 0x0670 || r == 0x0640 ||
		r >= 0x06D6 && r <= 0x06ED || r >= 0x1AB0 && r <= 0x1AFF || r >= 0x1DC0 && r <= 0x1DFF ||
		r >= 0x20D0 && r <= 0x20FF || r >= 0xFE20 && r <= 0xFE2F
}

func unspaced(r rune) bool {
	return r >= 0x0E00 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai))
}

// HiddenRune says that a character shows nothing but changes how text reads: zero width,
// direction overrides and isolates, tags, the byte order mark, controls. Pages cut it out and
// say so.
func HiddenRune(r rune) bool {
	switch {
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r >= 0x7F && r <= 0x9F:
		return true
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069,
		r == 0xFEFF, r == 0x00AD, r == 0x061C, r == 0x180E, r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}

// nameTokens folds a name into its parts. "FAMILY, Given" is read as "Given FAMILY", the way
// most lists write names.
func nameTokens(s string) []string {
	if family, given, ok := strings.Cut(s, ","); ok && !strings.Contains(given, ",") && strings.TrimSpace(given) != "" {
		s = given + " " + family
	}
	return strings.Fields(Fold(s))
}

// nameKey is equal for the spellings of a name that differ only in case, accents,
// punctuation or the order of its parts.
func nameKey(s string) string {
	tokens := nameTokens(s)
	if !slices.ContainsFunc(tokens, func(t string) bool { return unspaced([]rune(t)[0]) }) {
		slices.Sort(tokens)
	}
	return strings.Join(tokens, " ")
}

// SameName says that two names are one but for case, accents, punctuation and the order of
// their parts: a report's query may put the family name first, a transaction last.
func SameName(a, b string) bool { return partsKey(a) == partsKey(b) }

// partsKey is nameKey with the order of parts dropped in every script, also where the parts
// are single characters. It is fit to tell a subject from those screened beside it, too weak to
// tell listed parties apart.
func partsKey(s string) string {
	tokens := nameTokens(s)
	slices.Sort(tokens)
	return strings.Join(tokens, " ")
}
