package review

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// stretch is a stretch of the reader's buffer.
type stretch struct{ from, to int32 }

// draft is a token in the making.
type draft struct {
	tokenSense
	raw   stretch // in the text
	k     stretch // in the buffer: its key
	caps  bool    // capitals alone
	dot   bool    // a full stop stands right behind
	tight bool    // nothing but a hyphen or a stop parts it from the next
	comma bool    // a comma stands behind
}

// nameReader cuts one name into tokens. It works in memory of its own, so that a name costs
// few allocations.
type nameReader struct {
	kind    PartyKind
	lex     *lexicon
	text    string
	drafts  [maxNameTokens]draft
	n       int
	buf     []byte
	room    [320]byte
	notes   nameNotes
	script  writing
	ordered bool
	company bool
	whole   string
}

// readers are reused: their memory is larger than what comes out of them.
var readers = sync.Pool{New: func() any { return &nameReader{lex: names()} }}

func (r *nameReader) begin(kind PartyKind) {
	r.kind, r.n, r.notes, r.script, r.ordered, r.whole = kind, 0, 0, writingNone, false, ""
}

// read cuts the text into drafts.
func (r *nameReader) read(s string) {
	if r.buf = r.buf[:0]; cap(r.buf) == 0 || cap(r.buf) > 4096 {
		r.buf = r.room[:0]
	}
	s = r.clean(s)
	r.text = s
	table := foldTable()
	var open bool
	d := draft{}
	var latin, cyrillic, greek, digits int
	end := func(at int) {
		if !open {
			return
		}
		open = false
		d.raw.to, d.k.to = int32(at), int32(len(r.buf))
		if d.k.to == d.k.from {
			return
		}
		if r.n == maxNameTokens {
			r.notes |= noteCapped
			return
		}
		r.drafts[r.n] = d
		if b2i(latin > 0)+b2i(cyrillic > 0)+b2i(greek > 0) > 1 || digits > 0 && latin > 0 && r.kind == PartyPerson {
			r.unmask(&r.drafts[r.n], latin, cyrillic+greek, digits)
		}
		r.n++
	}
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		var piece string
		w := writingOf(c)
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '\'' || c == '`' || c == '’' || c == 'ʼ' || c == '‘' || c == 'ʻ' || c == 'ʿ' || c == 'ʾ':
			i += size
			continue // an apostrophe inside a name parts nothing
		case c == 0x30FC && open: // the mark of a long vowel
			piece = "ー"
		case c == 0x200C: // a joiner that Persian writes inside words
			i += size
			continue
		case c < tabled && !jamo(c):
			if piece = table[c]; piece == " " || strings.HasPrefix(piece, " ") && strings.TrimSpace(piece) == "" {
				piece = " "
			}
			piece = strings.Trim(piece, " ")
			if piece == "" && table[c] == "" {
				i += size // a mark
				if open {
					d.accents = true
				}
				continue
			}
		case unicode.IsLetter(c), unicode.IsDigit(c), unicode.IsMark(c):
			piece = string(unicode.ToLower(c))
		}
		letter := piece != "" || c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')
		if !letter {
			if r.n > 0 || open {
				end(i)
				r.behind(c, s[i:])
			}
			i += size
			continue
		}
		if open && w != d.script && w != writingNone && d.script != writingNone && (w.syllabic() || d.script.syllabic()) && w != writingKana {
			end(i)
		}
		if !open {
			open, d = true, draft{raw: stretch{from: int32(i)}, k: stretch{from: int32(len(r.buf))}, caps: true}
			latin, cyrillic, greek, digits = 0, 0, 0, 0
		}
		if d.script == writingNone {
			d.script = w
			if r.script == writingNone {
				r.script = w
			}
		}
		switch w {
		case writingLatin:
			latin++
		case writingCyrillic:
			cyrillic++
		case writingGreek:
			greek++
		case writingNone:
			digits++
		}
		switch {
		case c < utf8.RuneSelf:
			b := byte(c)
			if b >= 'A' && b <= 'Z' {
				b += 'a' - 'A'
			} else if b >= 'a' {
				d.caps = false
			}
			r.buf = append(r.buf, b)
		default:
			d.caps = d.caps && unicode.IsUpper(c)
			if w == writingHan {
				piece = string(simpleHan(c))
			} else if c >= 'ぁ' && c <= 'ゖ' {
				piece = string(c + 'ァ' - 'ぁ') // one syllable, two ways to write it
			} else if c == 'ς' {
				piece = "σ"
			} else if w == writingArabic {
				piece = arabicLetter(c, piece)
			}
			if w == writingLatin && piece != "" && piece[0] < utf8.RuneSelf {
				d.accents = true
			}
			r.buf = append(r.buf, piece...)
		}
		i += size
	}
	end(len(s))
}

// arabicLetter makes the letters equal that Arabic, Persian and Urdu keyboards give for one.
func arabicLetter(c rune, folded string) string {
	switch c {
	case 'ک', 'ڪ':
		return "ك"
	case 'ی', 'ى', 'ۍ', 'ې':
		return "ي"
	case 'ة', 'ہ', 'ۀ', 'ە', 'ھ', 'ۃ':
		return "ه"
	case 'آ', 'أ', 'إ', 'ٱ':
		return "ا"
	case 'ء', 'ـ':
		return ""
	}
	return folded
}

// behind notes what stands between two tokens.
func (r *nameReader) behind(c rune, rest string) {
	if r.n == 0 {
		return
	}
	d := &r.drafts[r.n-1]
	switch c {
	case ',', '،', '，', '、':
		d.comma = true
	case '.':
		d.dot = true
		d.tight = len(rest) > 1 && rest[1] != ' '
	case '-', '‐', '‑', '–':
		d.tight = true
	case '&', '+':
		if r.n < maxNameTokens && (r.kind == PartyBusiness || r.kind == PartyUnknown) {
			at := int32(strings.LastIndex(r.text, rest))
			r.drafts[r.n] = draft{raw: stretch{at, at + 1}, k: stretch{from: int32(len(r.buf))}, tokenSense: tokenSense{script: writingLatin}}
			r.buf = append(r.buf, "and"...)
			r.drafts[r.n].k.to = int32(len(r.buf))
			r.n++
		}
	}
}

// clean takes out what is hidden and normalises width and compatibility forms.
func (r *nameReader) clean(s string) string {
	if len(s) <= maxNameRunes && ordinary(s) {
		return s
	}
	runes := 0
	s = strings.ToValidUTF8(s[:min(len(s), 16*maxNameRunes)], "")
	s = strings.Map(func(c rune) rune {
		switch {
		case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069, c == 0x200E, c == 0x200F, c == 0x061C:
			r.notes |= noteRightToLeft
			return -1
		case c == 0x200C || c == 0x200D: // joiners that some scripts need
			return -1
		case HiddenRune(c):
			r.notes |= noteHidden
			return -1
		}
		if runes++; runes > maxNameRunes {
			r.notes |= noteCapped
			return -1
		}
		return c
	}, s)
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	return s
}

// ordinary says that a text holds nothing that clean would change: plain letters and signs of
// the scripts in which names come, already composed.
func ordinary(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < 0x20 || c == 0x7F {
				return false
			}
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c >= 0xC0 && c <= 0x024F && c != 'ĳ' && c != 'Ĳ' && c != 'ŀ' && c != 'Ŀ' && c != 'ŉ' && c != 'ſ' && !(c >= 0x01C4 && c <= 0x01CC) && !(c >= 0x01F1 && c <= 0x01F3):
		case c >= 0x03AC && c <= 0x03CE, c >= 0x0400 && c <= 0x0481, c >= 0x048A && c <= 0x052F, c >= 0x0621 && c <= 0x064A,
			c >= 0x05D0 && c <= 0x05EA, c >= 0x4E00 && c <= 0x9FFF, c >= 0xAC00 && c <= 0xD7A3, c >= 0x3041 && c <= 0x3096, c >= 0x30A1 && c <= 0x30FC:
		case c == '’', c == '‘', c == 'ʼ', c == 'ک', c == 'گ', c == 'ی', c == 'پ', c == 'چ':
		default:
			return false
		}
		i += size
	}
	return true
}

// unmask compares a word of two scripts, or one with digits in it, under the letters that look
// the same, and has it reported.
func (r *nameReader) unmask(d *draft, latin, others, digits int) {
	key := string(r.buf[d.k.from:d.k.to])
	table, script := lookAlikes, writingLatin
	if latin < others && !latinInDisguise(key) {
		table, script = lookAlikesBack, d.script
		if d.script == writingLatin {
			script = writingCyrillic
		}
	}
	start := int32(len(r.buf))
	for _, c := range key {
		if to, ok := table[c]; ok && (script != writingLatin || c >= utf8.RuneSelf || digits < latin) {
			c = to
		}
		r.buf = utf8.AppendRune(r.buf, c)
	}
	d.k, d.script = stretch{start, int32(len(r.buf))}, script
	if latin > 0 && others > 0 {
		r.notes |= noteTwoScripts
	} else {
		r.notes |= noteDigits
	}
}

// latinInDisguise says that every foreign letter of a word looks like a Latin one, and that not
// every Latin one looks like a foreign one: it is the foreign letters that were put in.
func latinInDisguise(key string) bool {
	own := false
	for _, c := range key {
		_, looks := lookAlikes[c]
		_, back := lookAlikesBack[c]
		if c >= utf8.RuneSelf && !looks {
			return false
		}
		own = own || c < utf8.RuneSelf && !back
	}
	return own
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
