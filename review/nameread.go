package review

import (
	"strings"
	"sync"
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

// nameReader cuts names into tokens. It works in memory of its own, so that a name costs no
// allocation of its own: what comes out of a batch of names shares one text and two lists.
type nameReader struct {
	kind    PartyKind
	lex     *lexicon
	text    string
	drafts  [maxNameTokens + 1]draft // one more for a word that has no place
	n       int
	buf     []byte // of all names of the batch
	notes   nameNotes
	script  writing
	ordered bool
	company bool
	yo      bool // a Cyrillic ё stands in it

	folded []FoldedName
	names  []nameSpan
	tokens []nameToken
	spans  []tokenSpan // of the tokens, until the text stands
	words  wordTable
	met    nameMeetings
}

// nameSpan is where a name of the batch has its tokens.
type nameSpan struct{ from, to int32 }

// tokenSpan is where a token has its texts.
type tokenSpan struct {
	k, latin, alt, sound, altSound stretch

	hash uint64 // of the key
}

// readers are reused: their memory is larger than what comes out of them.
var readers = sync.Pool{New: func() any { return &nameReader{lex: names()} }}

// The most memory that a reader keeps, in tokens and bytes: some thousand names.
const (
	keptTokens = 4096
	keptBytes  = 1 << 18
)

// release gives a reader back, with nothing of the names that it read.
func (r *nameReader) release() {
	if cap(r.tokens) > keptTokens || cap(r.buf) > keptBytes || cap(r.folded) > keptTokens {
		return
	}
	clear(r.met.ours)
	clear(r.folded)
	clear(r.tokens)
	r.text = ""
	readers.Put(r)
}

// fold makes names ready for comparison. What it returns is the reader's own and holds until the
// reader is released.
func (r *nameReader) fold(kind PartyKind, all []Name) []FoldedName {
	r.buf, r.folded, r.names, r.tokens, r.spans = r.buf[:0], r.folded[:0], r.names[:0], r.tokens[:0], r.spans[:0]
	r.words.clear()
	for _, n := range all {
		r.foldOne(kind, n)
	}
	text := string(r.buf)
	cut := func(s stretch) string { return text[s.from:s.to] }
	for i := range r.tokens {
		t, s := &r.tokens[i], &r.spans[i]
		t.key, t.latin, t.alt, t.sound, t.altSound = cut(s.k), cut(s.latin), cut(s.alt), cut(s.sound), cut(s.altSound)
	}
	for i, n := range r.names {
		r.folded[i].tokens = r.tokens[n.from:n.to:n.to]
	}
	return r.folded
}

func (r *nameReader) foldOne(kind PartyKind, n Name) {
	f := FoldedName{Name: n, weak: weakAlias(n.Type)}
	span := nameSpan{from: int32(len(r.tokens))}
	if junkAlias(n.Value[:min(len(n.Value), 64)]) {
		f.notes |= noteJunk
	} else {
		r.kind, r.ordered, r.notes = kind, false, 0
		start := len(r.buf)
		if len(n.Value) > maxNameRunes || !r.read(n.Value, true) {
			r.buf, r.notes = r.buf[:start], 0
			r.read(r.clean(n.Value), false)
		}
		r.shape()
		f.notes, f.script, f.ordered, f.company = r.notes, r.script, r.ordered, r.company
		if !r.finish(&f) {
			r.buf = r.buf[:start]
		}
		tokens := r.tokens[span.from:]
		for i := len(tokens) - 1; i >= 0; i-- { // neither a title nor a word in disguise speaks for the name
			if s := tokens[i].script; s != writingNone && tokens[i].class != classTitle {
				f.script = s
			}
		}
		for i := range tokens {
			if tokens[i].distinctive() {
				f.plain++
			}
		}
	}
	span.to = int32(len(r.tokens))
	r.folded, r.names = append(r.folded, f), append(r.names, span)
}

// wordLetters counts the letters of a word by what they may be mistaken for.
type wordLetters struct{ latin, cyrillic, greek, digits int }

// read cuts the text into drafts. Of a text as it came it makes nothing, and says so, where it holds
// what clean would change.
func (r *nameReader) read(s string, asItCame bool) bool {
	r.text, r.n, r.script, r.yo = s, 0, writingNone, false
	table := nameLetters()
	open := false
	var d *draft
	var seen wordLetters
	begin := func(i int, w writing) {
		if open && w != d.script && w != writingNone && d.script != writingNone && (w.syllabic() || d.script.syllabic()) && w != writingKana {
			r.endWord(i, seen)
			open = false
		}
		if !open {
			open, seen = true, wordLetters{}
			d = &r.drafts[r.n]
			*d = draft{raw: stretch{from: int32(i)}, k: stretch{from: int32(len(r.buf))}, caps: true}
		}
		if d.script == writingNone {
			d.script = w
			if r.script == writingNone {
				r.script = w
			}
		}
	}
	for i := 0; i < len(s); {
		from := i
		c, size := rune(s[i]), 1
		var beyond nameLetter
		var l *nameLetter
		switch {
		case c < utf8.RuneSelf:
			l = &table[c]
		default:
			if c, size = utf8.DecodeRuneInString(s[i:]); c < tabled {
				l = &table[c]
			} else {
				beyond = letterOf(c)
				l = &beyond
			}
			r.yo = r.yo || c == 'ё' || c == 'Ё'
		}
		if asItCame && !l.ordinary {
			return false
		}
		i += size
		switch l.kind {
		case letterPlain:
			if !open || d.script != writingLatin {
				begin(from, writingLatin)
			}
			caps, b := d.caps, s[from]
			for i = from; ; b = s[i] {
				caps = caps && b < 'a'
				r.buf = append(r.buf, b|0x20)
				if i++; i == len(s) || (s[i]|0x20)-'a' >= 26 {
					break
				}
			}
			d.caps = caps
			seen.latin += i - from
		case letterPart:
			if !open || d.script != l.script {
				begin(from, l.script)
			}
			switch l.script {
			case writingLatin:
				seen.latin++
			case writingCyrillic:
				seen.cyrillic++
			case writingGreek:
				seen.greek++
			case writingNone:
				seen.digits++
			}
			d.caps = d.caps && l.upper
			d.accents = d.accents || l.accent
			switch {
			case l.n == 1:
				r.buf = append(r.buf, l.text[0])
			case l.n == 2:
				r.buf = append(r.buf, l.text[0], l.text[1])
			case l.n <= int8(len(l.text)):
				r.buf = append(r.buf, l.text[:l.n]...)
			default:
				r.buf = append(r.buf, strings.Trim(foldTable()[c], " ")...)
			}
		case letterMark:
			if open {
				d.accents = true
			}
		case letterGap:
			if open {
				r.endWord(from, seen)
				open = false
			}
			if r.n > 0 {
				r.behind(c, s[from:])
			}
		}
	}
	if open {
		r.endWord(len(s), seen)
	}
	return true
}

// endWord closes the draft that is being written.
func (r *nameReader) endWord(at int, seen wordLetters) {
	d := &r.drafts[r.n]
	d.raw.to, d.k.to = int32(at), int32(len(r.buf))
	switch {
	case d.k.to == d.k.from:
		return
	case r.n == maxNameTokens:
		r.notes |= noteCapped
		return
	}
	if b2i(seen.latin > 0)+b2i(seen.cyrillic > 0)+b2i(seen.greek > 0) > 1 || seen.digits > 0 && seen.latin > 0 && r.kind == PartyPerson {
		r.unmask(d, seen.latin, seen.cyrillic+seen.greek, seen.digits)
	}
	r.n++
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
			at := int32(len(r.text) - len(rest))
			r.drafts[r.n] = draft{raw: stretch{at, at + 1}, k: stretch{from: int32(len(r.buf))}, tokenSense: tokenSense{script: writingLatin}}
			r.buf = append(r.buf, "and"...)
			r.drafts[r.n].k.to = int32(len(r.buf))
			r.n++
		}
	}
}

// clean takes out what is hidden and normalises width and compatibility forms.
func (r *nameReader) clean(s string) string {
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

// ordinaryLetter says that clean would leave a character alone: plain letters and signs of the
// scripts in which names come, already composed.
func ordinaryLetter(c rune) bool {
	switch {
	case c < utf8.RuneSelf:
		return c >= 0x20 && c != 0x7F
	case c >= 0xC0 && c <= 0x024F:
		return c != 'ĳ' && c != 'Ĳ' && c != 'ŀ' && c != 'Ŀ' && c != 'ŉ' && c != 'ſ' && !(c >= 0x01C4 && c <= 0x01CC) && !(c >= 0x01F1 && c <= 0x01F3)
	case c >= 0x03AC && c <= 0x03CE, c >= 0x0400 && c <= 0x0481, c >= 0x048A && c <= 0x052F, c >= 0x0621 && c <= 0x064A,
		c >= 0x05D0 && c <= 0x05EA, c >= 0x4E00 && c <= 0x9FFF, c >= 0xAC00 && c <= 0xD7A3, c >= 0x3041 && c <= 0x3096, c >= 0x30A1 && c <= 0x30FC:
		return true
	}
	switch c {
	case '’', '‘', 'ʼ', 'ک', 'گ', 'ی', 'پ', 'چ':
		return true
	}
	return false
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
