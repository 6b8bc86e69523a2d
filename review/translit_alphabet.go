package review

import "strings"

// The tables below spell letters of an alphabet in Latin ones. Which standard hardly matters:
// what is compared in the end is appendSound of both sides, under which ISO 9, BGN/PCGN and the
// passports' spellings of one name come out equal. Letters and values are those that BGN/PCGN,
// ELOT 743 and ISO 15919 have in common, set down by hand.

// cyrillicLetters has the letters of Russian, Ukrainian, Belarusian, Bulgarian, Serbian,
// Macedonian and Kazakh; accents are folded away before (й is и, ё is е, ї is і).
var cyrillicLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'ђ': "dj", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z", 'ѕ': "dz", 'и': "i",
	'і': "i", 'ј': "j", 'к': "k", 'л': "l", 'љ': "lj", 'м': "m", 'н': "n", 'њ': "nj", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'ћ': "c", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'џ': "dj", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "iu", 'я': "ia", 'ә': "a", 'ғ': "gh", 'қ': "q", 'ң': "ng", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h",
	'ѣ': "e", 'ѳ': "f", 'ѵ': "i",
}

// greekLetters and greekPairs follow ELOT 743; accents are folded away before.
var greekLetters = map[rune]string{
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n",
	'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

var greekPairs = map[[2]rune]string{
	{'ο', 'υ'}: "ou", {'α', 'υ'}: "av", {'ε', 'υ'}: "ev", {'γ', 'γ'}: "ng", {'γ', 'ξ'}: "nx", {'γ', 'χ'}: "nch", {'τ', 'ζ'}: "tz",
}

// greekStops are written with two letters; passports keep both, speech does not.
var greekStops = map[[2]rune]string{{'μ', 'π'}: "b", {'ν', 'τ'}: "d", {'γ', 'κ'}: "g"}

// cyrillicTable is cyrillicLetters by place.
var cyrillicTable = func() (table [0x0530 - firstCyrillic]string) {
	for r, l := range cyrillicLetters {
		table[r-firstCyrillic] = l
	}
	return table
}()

const firstCyrillic = 0x0400

func latinOfCyrillic(dst, word []byte) []byte {
	for _, r := range string(word) {
		switch {
		case r < 0x80:
			dst = append(dst, byte(r))
		case r >= firstCyrillic && r < firstCyrillic+rune(len(cyrillicTable)):
			dst = append(dst, cyrillicTable[r-firstCyrillic]...)
		}
	}
	return dst
}

// latinOfGreek reads a word as it is spoken, or with spelled as passports spell it.
func latinOfGreek(dst, word []byte, spelled bool) []byte {
	runes := []rune(string(word))
	for i := 0; i < len(runes); i++ {
		if i+1 < len(runes) {
			pair := [2]rune{runes[i], runes[i+1]}
			l, ok := greekPairs[pair]
			if stop, stopped := greekStops[pair]; stopped && i == 0 && !spelled {
				l, ok = stop, true // within a word the nasal is heard
			}
			if ok {
				dst = append(dst, l...)
				i++
				continue
			}
		}
		dst = append(dst, greekLetters[runes[i]]...)
	}
	return dst
}

// devanagariConsonants carry an a unless a vowel sign or a virama follows.
var devanagariConsonants = map[rune]string{
	'क': "k", 'ख': "kh", 'ग': "g", 'घ': "gh", 'ङ': "n", 'च': "ch", 'छ': "chh", 'ज': "j", 'झ': "jh", 'ञ': "n", 'ट': "t", 'ठ': "th",
	'ड': "d", 'ढ': "dh", 'ण': "n", 'त': "t", 'थ': "th", 'द': "d", 'ध': "dh", 'न': "n", 'प': "p", 'फ': "ph", 'ब': "b", 'भ': "bh",
	'म': "m", 'य': "y", 'र': "r", 'ल': "l", 'ळ': "l", 'व': "v", 'श': "sh", 'ष': "sh", 'स': "s", 'ह': "h",
}

var devanagariVowels = map[rune]string{
	'अ': "a", 'आ': "a", 'इ': "i", 'ई': "i", 'उ': "u", 'ऊ': "u", 'ऋ': "ri", 'ए': "e", 'ऐ': "ai", 'ओ': "o", 'औ': "au",
	'ा': "a", 'ि': "i", 'ी': "i", 'ु': "u", 'ू': "u", 'ृ': "ri", 'े': "e", 'ै': "ai", 'ो': "o", 'ौ': "au", 'ॉ': "o", 'ं': "n", 'ँ': "n", 'ः': "h",
}

// devanagariDotted are the consonants that a dot below changes.
var devanagariDotted = map[rune]string{'ड': "r", 'ढ': "rh", 'ज': "z", 'फ': "f", 'क': "q"}

// latinOfDevanagari leaves the inherent a out at a word's end after a single consonant (Kumar, but
// Narendra), and with spoken also within a word between two syllables with vowels (Chopra).
func latinOfDevanagari(dst, word []byte, spoken bool) []byte {
	const virama, nukta = '्', '़'
	runes := []rune(strings.ReplaceAll(string(word), "ज्ञ", "ग्य"))
	joined := false
	for i, r := range runes {
		consonant, ok := devanagariConsonants[r]
		if !ok {
			dst = append(dst, devanagariVowels[r]...)
			continue
		}
		at := i + 1
		if at < len(runes) && runes[at] == nukta {
			if dotted, ok := devanagariDotted[r]; ok {
				consonant = dotted
			}
			at++
		}
		dst = append(dst, consonant...)
		next, after := rune(0), rune(0)
		if at < len(runes) {
			next = runes[at]
		}
		for after == 0 && at+1 < len(runes) {
			if at++; runes[at] != nukta {
				after = runes[at]
			}
		}
		_, consonantNext := devanagariConsonants[next]
		silent := spoken && consonantNext && i > 0 && !joined && after >= 'ा' && after <= 'ौ'
		switch {
		case next == virama:
			joined = true
			continue
		case next == 0 && !joined && i > 0, silent: // the last a is silent
		case next == 0, consonantNext, next == 'ं', next == 'ँ', next == 'ः':
			dst = append(dst, 'a')
		}
		joined = false
	}
	return dst
}
