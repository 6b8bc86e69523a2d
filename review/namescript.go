package review

// writing is a script as far as the comparison of names cares: which letters can be read as
// which Latin ones, and how strictly.
type writing uint8

const (
	writingNone writing = iota // digits and signs
	writingLatin
	writingCyrillic
	writingGreek
	writingArabic // with the letters of Persian and Urdu
	writingHebrew
	writingHan
	writingKana
	writingHangul
	writingDevanagari
	writingOther // read by nobody here: compared with its own kind only
)

// writings names them for people, in the order of the constants.
var writings = [...]string{"", "Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Han", "Kana", "Hangul", "Devanagari", "another script"}

func (w writing) String() string { return writings[w] }

// abjad says that the script leaves vowels unwritten.
func (w writing) abjad() bool { return w == writingArabic || w == writingHebrew }

// alphabet says that the script has a letter for each sound, so that a table gives the usual
// Latin spelling.
func (w writing) alphabet() bool {
	return w == writingLatin || w == writingCyrillic || w == writingGreek || w == writingDevanagari || w == writingKana
}

// syllabic says that few signs make a name: one that differs is another name.
func (w writing) syllabic() bool { return w == writingHan || w == writingHangul }

func writingOf(r rune) writing {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return writingLatin
		}
		return writingNone
	case r < 0x0250, r >= 0x1E00 && r < 0x1F00, r >= 0x2C60 && r < 0x2C80, r >= 0xA720 && r < 0xA800, r >= 0xFF21 && r <= 0xFF5A:
		return writingLatin
	case r < 0x02B0:
		return writingLatin // letters of phonetic alphabets, ə of Azerbaijani among them
	case r < 0x0370:
		return writingNone
	case r < 0x0400, r >= 0x1F00 && r < 0x2000:
		return writingGreek
	case r < 0x0530, r >= 0x1C80 && r < 0x1C90, r >= 0x2DE0 && r < 0x2E00, r >= 0xA640 && r < 0xA6A0:
		return writingCyrillic
	case r >= 0x0590 && r < 0x0600, r >= 0xFB1D && r < 0xFB50:
		return writingHebrew
	case r >= 0x0600 && r < 0x0780, r >= 0x0870 && r < 0x0900, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFEFF:
		return writingArabic
	case r >= 0x0900 && r < 0x0980:
		return writingDevanagari
	case r >= 0x1100 && r < 0x1200, r >= 0xAC00 && r < 0xD7B0, r >= 0x3130 && r < 0x3190:
		return writingHangul
	case r >= 0x3040 && r < 0x3100, r >= 0x31F0 && r < 0x3200, r >= 0xFF66 && r < 0xFFA0:
		return writingKana
	case r == 0x3005 || r == 0x3007, r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x32000:
		return writingHan
	case r >= 0x2000 && r < 0x3000:
		return writingNone
	}
	return writingOther
}

// lookAlikes maps letters of Cyrillic and Greek to the Latin ones that look the same, and
// digits to the letters they stand in for. Chosen by hand from Unicode's confusables (UTS 39).
var lookAlikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'е': 'e', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c', 'т': 't', 'у': 'y', 'х': 'x',
	'і': 'i', 'ј': 'j', 'ѕ': 's', 'ԁ': 'd', 'һ': 'h', 'ԛ': 'q', 'ԝ': 'w', 'ь': 'b', 'г': 'r', 'п': 'n', 'ӏ': 'l',
	'α': 'a', 'β': 'b', 'ε': 'e', 'ζ': 'z', 'η': 'n', 'ι': 'i', 'κ': 'k', 'μ': 'm', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'γ': 'y', 'σ': 'o',
	'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '9': 'g',
}

// lookAlikesBack leads from a Latin letter to the Cyrillic one that looks the same.
var lookAlikesBack = map[rune]rune{
	'a': 'а', 'b': 'в', 'e': 'е', 'k': 'к', 'm': 'м', 'h': 'н', 'o': 'о', 'p': 'р', 'c': 'с', 't': 'т', 'y': 'у', 'x': 'х',
	'i': 'і', 'j': 'ј', 's': 'ѕ',
}
