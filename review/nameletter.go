package review

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// nameLetter is what one character of a name becomes.
type nameLetter struct {
	text   [6]byte // folded
	n      int8    // bytes of it; more than fit where folding gives a whole word
	kind   letterKind
	script writing
	upper  bool
	accent bool // folding takes an accent away

	ordinary bool // ordinaryLetter
}

type letterKind uint8

const (
	letterGap   letterKind = iota // it parts words
	letterPlain                   // a to z, A to Z
	letterPart                    // another letter or a digit
	letterMark                    // an accent that stands alone
	letterSkip                    // an apostrophe inside a name parts nothing; nor does the joiner that Persian writes inside words
)

// nameLetters is letterOf for every character that has a place in the table.
var nameLetters = sync.OnceValue(func() *[tabled]nameLetter {
	var table [tabled]nameLetter
	for c := range rune(tabled) {
		table[c] = letterOf(c)
	}
	return &table
})

// letterOf asks the tables of Unicode what a character is in a name.
func letterOf(c rune) nameLetter {
	l := unicodeLetter(c)
	l.ordinary = ordinaryLetter(c)
	return l
}

func unicodeLetter(c rune) nameLetter {
	switch {
	case c >= firstHan && c <= lastHan:
		l := nameLetter{kind: letterPart, script: writingHan}
		l.n = int8(len(utf8.AppendRune(l.text[:0], simpleHan(c))))
		return l
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return nameLetter{kind: letterPlain, script: writingLatin}
	case c >= '0' && c <= '9': // no letter, so neither small nor a capital
		return nameLetter{kind: letterPart, text: [6]byte{byte(c)}, n: 1, upper: true}
	case strings.ContainsRune("'`’ʼ‘ʻʿʾ", c), c == 0x200C:
		return nameLetter{kind: letterSkip}
	}
	var room [utf8.UTFMax]byte
	piece := ""
	switch {
	case c < tabled && !jamo(c):
		folded := foldTable()[c]
		if piece = strings.Trim(folded, " "); piece == "" && folded == "" {
			return nameLetter{kind: letterMark}
		}
	case unicode.IsLetter(c), unicode.IsDigit(c), unicode.IsMark(c):
		piece = string(utf8.AppendRune(room[:0], unicode.ToLower(c)))
	}
	if piece == "" {
		return nameLetter{}
	}
	w := writingOf(c)
	switch {
	case w == writingHan:
		piece = string(utf8.AppendRune(room[:0], simpleHan(c)))
	case c >= 'ぁ' && c <= 'ゖ':
		piece = string(utf8.AppendRune(room[:0], c+'ァ'-'ぁ')) // one syllable, two ways to write it
	case c == 'ς':
		piece = "σ"
	case w == writingArabic:
		piece = arabicLetter(c, piece)
	}
	l := nameLetter{kind: letterPart, script: w, upper: unicode.IsUpper(c), accent: w == writingLatin && piece != "" && piece[0] < utf8.RuneSelf}
	copy(l.text[:], piece)
	l.n = int8(len(piece))
	return l
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
