package review

import (
	"strings"
	"unicode/utf8"
)

// otherSpelling has the letters that are usually written with two plain ones, beside the single
// one that folding gives.
var otherSpelling = map[rune]string{
	'ö': "oe", 'ä': "ae", 'ü': "ue", 'å': "aa", 'ø': "oe", 'æ': "ae", 'č': "ch", 'ć': "ch", 'š': "sh", 'ž': "zh", 'ş': "sh", 'ș': "sh", 'ç': "ch",
	'đ': "dj", 'ñ': "ny", 'ń': "ny", 'ś': "s", 'ź': "z", 'ż': "zh", 'ł': "l", 'ð': "dh", 'ţ': "ts", 'ț': "ts", 'ğ': "gh", 'ё': "io",
	'Ö': "oe", 'Ä': "ae", 'Ü': "ue", 'Å': "aa", 'Ø': "oe", 'Æ': "ae", 'Č': "ch", 'Ć': "ch", 'Š': "sh", 'Ž': "zh", 'Ş': "sh", 'Ș': "sh", 'Ç': "ch",
	'Đ': "dj", 'Ñ': "ny", 'Ń': "ny", 'Ś': "s", 'Ź': "z", 'Ż': "zh", 'Ł': "l", 'Ð': "dh", 'Ţ': "ts", 'Ț': "ts", 'Ğ': "gh", 'Ё': "io",
}

// finish reads every token in Latin letters and gives the tokens memory of their own.
func (r *nameReader) finish() []nameToken {
	if r.n == 0 {
		return nil
	}
	type readings struct{ latin, alt, sound, altSound stretch }
	var all [maxNameTokens]readings
	for i := range r.n {
		d, a := &r.drafts[i], &all[i]
		a.latin = r.latin(i)
		switch {
		case d.accents && d.script == writingLatin:
			a.alt = r.spelledOut(d)
		case d.script == writingCyrillic && strings.ContainsAny(r.text[d.raw.from:d.raw.to], "ёЁ"):
			a.alt = r.withYo(d)
		case d.script == writingGreek:
			a.alt = r.appended(latinOfGreek, i, true)
		case d.script == writingDevanagari:
			a.alt = r.appended(latinOfDevanagari, i, true)
		}
		a.sound = r.sounded(a.latin)
		if string(r.buf[a.alt.from:a.alt.to]) == string(r.buf[a.latin.from:a.latin.to]) {
			a.alt = stretch{}
		}
		a.altSound = r.sounded(a.alt)
	}
	keys := len(r.buf)
	for i := range r.n {
		r.buf = append(append(r.buf, r.key(i)...), ' ')
	}
	text := string(r.buf)
	r.whole = text[keys:]
	cut := func(s stretch) string { return text[s.from:s.to] }
	tokens := make([]nameToken, r.n)
	for i := range r.n {
		d, a := &r.drafts[i], &all[i]
		t := &tokens[i]
		t.tokenSense = d.tokenSense
		t.text = r.text[d.raw.from:d.raw.to]
		t.key, t.latin, t.alt = cut(d.k), cut(a.latin), cut(a.alt)
		t.sound, t.altSound = cut(a.sound), cut(a.altSound)
		t.letters = letterBag(t.latin)
		t.letterN = int8(min(utf8.RuneCountInString(t.key), 127))
		for j := range i {
			t.doubled = t.doubled || tokens[j].key == t.key && t.class == classPlain
		}
	}
	return tokens
}

// latin is the reading of a token in Latin letters; empty when there is none.
func (r *nameReader) latin(i int) stretch {
	d := &r.drafts[i]
	if d.script == writingLatin || d.script == writingNone {
		return d.k
	}
	start := int32(len(r.buf))
	word := string(r.key(i))
	if d.fact != nil && d.fact.native != "" && !(d.script == writingHan) {
		r.buf = append(r.buf, d.fact.native...)
		return stretch{start, int32(len(r.buf))}
	}
	switch d.script {
	case writingCyrillic:
		r.buf = latinOfAlphabet(r.buf, word, cyrillicLetters)
	case writingGreek:
		r.buf = latinOfGreek(r.buf, word, false)
	case writingDevanagari:
		r.buf = latinOfDevanagari(r.buf, word, false)
	case writingKana:
		r.buf = latinOfKana(r.buf, word)
	case writingHangul:
		if s, ok := hangulSurnames[word]; ok && d.role == roleFamily {
			r.buf = append(r.buf, s...)
		} else {
			r.buf = latinOfHangul(r.buf, word)
		}
	case writingHan:
		r.buf = latinOfHan(r.buf, word, d.role == roleFamily)
	}
	return stretch{start, int32(len(r.buf))}
}

// spelledOut is the spelling with two letters for one (ö as oe).
func (r *nameReader) spelledOut(d *draft) stretch {
	start := int32(len(r.buf))
	table := foldTable()
	for _, c := range r.text[d.raw.from:d.raw.to] {
		if c < utf8.RuneSelf {
			if c |= 0x20; c >= 'a' && c <= 'z' {
				r.buf = append(r.buf, byte(c))
			}
		} else if s, ok := otherSpelling[c]; ok {
			r.buf = append(r.buf, s...)
		} else if c < tabled && writingOf(c) == writingLatin {
			r.buf = append(r.buf, table[c]...)
		}
	}
	return stretch{start, int32(len(r.buf))}
}

// appended is another reading of a token.
func (r *nameReader) appended(read func([]byte, string, bool) []byte, i int, other bool) stretch {
	start := int32(len(r.buf))
	r.buf = read(r.buf, string(r.key(i)), other)
	return stretch{start, int32(len(r.buf))}
}

// withYo reads the Cyrillic ё as it sounds; most passports write it as e.
func (r *nameReader) withYo(d *draft) stretch {
	start := int32(len(r.buf))
	table := foldTable()
	for _, c := range r.text[d.raw.from:d.raw.to] {
		if c == 'ё' || c == 'Ё' {
			r.buf = append(r.buf, "io"...)
		} else if c < tabled {
			r.buf = latinOfAlphabet(r.buf, table[c], cyrillicLetters)
		}
	}
	return stretch{start, int32(len(r.buf))}
}

func (r *nameReader) sounded(s stretch) stretch {
	if s.from == s.to {
		return stretch{}
	}
	start := int32(len(r.buf))
	var short [80]byte
	in := append(short[:0], r.buf[s.from:s.to]...) // the buffer may move
	r.buf = appendSound(r.buf, in)
	return stretch{start, int32(len(r.buf))}
}
