package review

import (
	"hash/maphash"
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

// finish reads every token in Latin letters and lays the tokens down. It says whether any is of
// words that the batch did not have yet: only these keep their place in the buffer.
func (r *nameReader) finish(f *FoldedName) (fresh bool) {
	f.closest = none
	first := len(r.tokens)
	for i := range r.n {
		d := &r.drafts[i]
		r.tokens, r.spans = append(r.tokens, nameToken{tokenSense: d.tokenSense, text: r.text[d.raw.from:d.raw.to]}), append(r.spans, tokenSpan{})
		t, a := &r.tokens[first+i], &r.spans[first+i]
		if known := r.words.find(r, i, first+i); known >= 0 {
			*a = r.spans[known]
			t.sameWord(&r.tokens[known])
		} else {
			r.sound(i, t, a)
			fresh = true
		}
		for j := first; j < first+i && d.class == classPlain && !t.doubled; j++ {
			t.doubled = string(r.at(r.spans[j].k)) == string(r.at(a.k))
		}
		length := a.length()
		f.whole = f.whole*31 + a.hash
		f.scripts |= 1 << t.script
		f.longest = max(f.longest, length)
		if i > 0 {
			f.closest = min(f.closest, length+r.spans[first+i-1].length())
		}
		f.capital = f.capital || t.mayBeInitials()
	}
	return fresh
}

// sound reads one token in Latin letters.
func (r *nameReader) sound(i int, t *nameToken, a *tokenSpan) {
	d := &r.drafts[i]
	a.k, a.latin, a.hash = d.k, r.latin(i), maphash.Bytes(wordSeed, r.key(i))
	switch {
	case d.accents && d.script == writingLatin:
		a.alt = r.spelledOut(d)
	case d.script == writingCyrillic && r.yo && strings.ContainsAny(t.text, "ёЁ"):
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
	bag, runes := bagAndRunes(r.at(a.k))
	if t.letters, t.letterN = bag, int8(min(runes, 127)); a.latin != a.k {
		t.letters = letterBag(r.at(a.latin))
	}
	t.sounds = letterBag(r.at(a.sound))
	if a.alt != (stretch{}) {
		t.others, t.otherTo = letterBag(r.at(a.alt)), letterBag(r.at(a.altSound))
	}
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
