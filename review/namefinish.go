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

// finish reads every token in Latin letters and lays the tokens down. It answers where the keys of
// the name stand, for telling names that are spelled alike.
func (r *nameReader) finish() (whole stretch) {
	if r.n == 0 {
		return stretch{}
	}
	first := len(r.tokens)
	for i := range r.n {
		d := &r.drafts[i]
		a := tokenSpan{k: d.k, latin: r.latin(i)}
		switch {
		case d.accents && d.script == writingLatin:
			a.alt = r.spelledOut(d)
		case d.script == writingCyrillic && r.yo && strings.ContainsAny(r.text[d.raw.from:d.raw.to], "ёЁ"):
			a.alt = r.withYo(d)
		case d.script == writingGreek:
			a.alt = r.appended(latinOfGreek, i, true)
		case d.script == writingDevanagari:
			a.alt = r.appended(latinOfDevanagari, i, true)
		}
		a.sound = r.sounded(a.latin)
		if string(r.at(a.alt)) == string(r.at(a.latin)) {
			a.alt = stretch{}
		}
		a.altSound = r.sounded(a.alt)
		key := r.at(a.k)
		t := nameToken{tokenSense: d.tokenSense, text: r.text[d.raw.from:d.raw.to], others: letterBag(r.at(a.alt))}
		bag, runes := bagAndRunes(key)
		if t.letters, t.letterN = bag, int8(min(runes, 127)); a.latin != a.k {
			t.letters = letterBag(r.at(a.latin))
		}
		t.sounds, t.otherTo = letterBag(r.at(a.sound)), letterBag(r.at(a.altSound))
		for j := range i {
			t.doubled = t.doubled || d.class == classPlain && string(r.key(j)) == string(key)
		}
		r.tokens, r.spans = append(r.tokens, t), append(r.spans, a)
	}
	whole.from = int32(len(r.buf))
	for i := first; i < len(r.spans); i++ {
		r.buf = append(append(r.buf, r.at(r.spans[i].k)...), ' ')
	}
	whole.to = int32(len(r.buf))
	return whole
}

func (r *nameReader) at(s stretch) []byte { return r.buf[s.from:s.to] }

// latin is the reading of a token in Latin letters; empty when there is none.
func (r *nameReader) latin(i int) stretch {
	d := &r.drafts[i]
	if d.script == writingLatin || d.script == writingNone {
		return d.k
	}
	start := int32(len(r.buf))
	word := r.key(i)
	if d.fact != nil && d.fact.native != "" && !(d.script == writingHan) {
		r.buf = append(r.buf, d.fact.native...)
		return stretch{start, int32(len(r.buf))}
	}
	switch d.script {
	case writingCyrillic:
		r.buf = latinOfCyrillic(r.buf, word)
	case writingGreek:
		r.buf = latinOfGreek(r.buf, word, false)
	case writingDevanagari:
		r.buf = latinOfDevanagari(r.buf, word, false)
	case writingKana:
		r.buf = latinOfKana(r.buf, word)
	case writingHangul:
		if s, ok := hangulSurnames[string(word)]; ok && d.role == roleFamily {
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
func (r *nameReader) appended(read func([]byte, []byte, bool) []byte, i int, other bool) stretch {
	start := int32(len(r.buf))
	r.buf = read(r.buf, r.key(i), other)
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
			r.buf = latinOfCyrillic(r.buf, []byte(table[c]))
		}
	}
	return stretch{start, int32(len(r.buf))}
}

func (r *nameReader) sounded(s stretch) stretch {
	if s.from == s.to {
		return stretch{}
	}
	start := int32(len(r.buf))
	r.buf = appendSound(r.buf, r.at(s)) // the buffer may move; what is read stays where it was
	return stretch{start, int32(len(r.buf))}
}
