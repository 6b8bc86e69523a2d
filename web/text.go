package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
