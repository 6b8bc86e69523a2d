package review

import (
	"strings"
	"unicode/utf8"
)

// PairKind says how a part of one name stands to its partner in the other.
type PairKind string

const (
	PairSame     PairKind = "same"
	PairAccents  PairKind = "same but for accents"
	PairScript   PairKind = "transliterated"
	PairSound    PairKind = "same sound"
	PairSpelling PairKind = "spelling variant"
	PairInitial  PairKind = "initial"
	PairNickname PairKind = "nickname"
	PairJoined   PairKind = "joined or split"
	PairReplaced PairKind = "replaced"
	PairExtra    PairKind = "extra here"
	PairExtraTo  PairKind = "extra there"
)

// How much of a pair's weight each kind earns. Equal parts earn all of it.
const (
	likeReading  = 0.97 // an alphabet's letters read the same
	likePinyin   = 0.90 // tones are lost: many names read the same
	likeHangul   = 0.93
	likeBones    = 0.92 // consonants are the same, the vowels unwritten
	likeOneBone  = 0.70 // but there are one or two of them
	likeSound    = 0.95
	likeSpelling = 0.94 // the word lists hold them for one name
	likeNickname = 0.86
	likeInitial  = 0.85
	likeJoined   = 0.97
	// costOfSound is what an edit costs that does not change the sound, beside one that does.
	costOfSound = 0.5
)

// meet says how two parts stand to each other and how much alike they are, 0 when they are not.
func meet(a, b *nameToken) (PairKind, float64) {
	if a.key == b.key && a.script == b.script {
		if a.accents != b.accents {
			return PairAccents, 1
		}
		return PairSame, 1
	}
	if a.class == classForm || b.class == classForm {
		if a.class == b.class && a.fact != nil && b.fact != nil && a.fact.form == b.fact.form {
			return PairSpelling, 1
		}
		return "", 0
	}
	if a.class == classNumber || b.class == classNumber {
		return "", 0 // never nearly equal
	}
	if a.class == classPlace || b.class == classPlace {
		if a.fact != nil && b.fact != nil && a.fact.place > 0 && a.fact.place == b.fact.place {
			return PairSpelling, likeSpelling
		}
		if a.class == b.class {
			return "", 0
		}
	}
	if a.class == classInitial || b.class == classInitial {
		return meetInitials(a, b)
	}
	if a.class == classParticle || b.class == classParticle {
		return meetParticles(a, b)
	}
	if a.script != b.script {
		return meetScripts(a, b)
	}
	if a.script == writingLatin {
		return meetLatin(a, b)
	}
	return meetOwn(a, b)
}

func meetInitials(a, b *nameToken) (PairKind, float64) {
	if a.class == b.class || a.latin == "" || b.latin == "" || a.latin[0] != b.latin[0] {
		if a.class == b.class && a.latin != "" && a.latin == b.latin {
			return PairScript, 1
		}
		return "", 0
	}
	if a.class == classPlain || b.class == classPlain {
		return PairInitial, likeInitial
	}
	return "", 0
}

// meetParticles takes bin, ben and ibn for one, and al, el and ul; a stray letter is a slip.
func meetParticles(a, b *nameToken) (PairKind, float64) {
	if a.class == b.class {
		if particleSense(a.key) == particleSense(b.key) {
			return PairSpelling, 1
		}
		return "", 0
	}
	if a.letterN <= 3 && b.letterN <= 3 && oneEdit(a.latin, b.latin) {
		return PairSpelling, likeNickname
	}
	return "", 0
}

func particleSense(key string) byte {
	switch key {
	case "bin", "ben", "ibn", "بن", "ابن", "בן":
		return 'b'
	case "bint", "binti", "بنت", "בת":
		return 'd'
	case "al", "el", "ul", "ud", "ad", "ar", "as", "ash", "at", "an", "az", "ed", "es", "ال", "آل":
		return 'a'
	case "de", "del", "di", "da", "do", "dos", "das", "du", "of", "von", "van", "der", "den", "e", "y":
		return 'o'
	}
	if key == "" {
		return 0
	}
	return key[0]
}

func meetLatin(a, b *nameToken) (PairKind, float64) {
	if a.alt != "" && (a.alt == b.key || a.alt == b.alt) || b.alt != "" && b.alt == a.key {
		return PairAccents, 1
	}
	if a.class != classTrade && b.class != classTrade && a.fact != nil && b.fact != nil {
		if meetGroups(a.fact.spelling, b.fact.spelling) {
			return PairSpelling, likeSpelling
		}
		if meetGroups(a.fact.given, b.fact.given) && !(a.ends && b.ends) {
			return PairNickname, likeNickname
		}
	}
	if servantOf(a, b) || servantOf(b, a) {
		return PairSpelling, likeNickname
	}
	if a.otherwise(b) {
		return "", 0
	}
	if a.letterN >= 4 && b.letterN >= 4 || a.letterN+b.letterN >= 5 && strings.HasPrefix(a.sound, "S") {
		if a.sound == b.sound || a.altSound != "" && a.altSound == b.sound || b.altSound != "" && b.altSound == a.sound {
			return PairSound, likeSound
		}
	}
	if like := latinLikeness(a, b); like > 0 {
		return PairSpelling, like
	}
	return "", 0
}

// otherwise says, by letters alone, that two parts are neither spelled nor sound alike: most parts
// of most names.
func (t *nameToken) otherwise(o *nameToken) bool {
	if t.alt != "" || o.alt != "" || t.sounds == o.sounds {
		return false
	}
	return editCost(apartAtLeast(t.letters, o.letters), apartAtLeast(t.sounds, o.sounds)) > editBudget(max(len(t.latin), len(o.latin)))
}

// latinSpelling is one Latin spelling of a part, with what is needed to compare it.
type latinSpelling struct {
	text, sound     string
	letters, sounds uint32
}

func (t *nameToken) first() latinSpelling {
	return latinSpelling{t.latin, t.sound, t.letters, t.sounds}
}

// other is the other usual spelling of a part, the first where it has but one.
func (t *nameToken) other() latinSpelling {
	s := t.first()
	if t.alt != "" {
		s.text, s.letters = t.alt, t.others
	}
	if t.altSound != "" {
		s.sound, s.sounds = t.altSound, t.otherTo
	}
	return s
}

// latinLikeness is the better of how two parts are alike in their first and other Latin spellings.
func latinLikeness(a, b *nameToken) float64 {
	like := spellingLikeness(a.first(), b.first())
	if a.alt != "" || b.alt != "" {
		like = max(like, spellingLikeness(a.other(), b.other()))
	}
	return like
}

// servantOf says that a is Abd al-… and b the same name without it.
func servantOf(a, b *nameToken) bool {
	return len(b.key) >= 4 && len(a.key) == len(b.key)+3 && a.key[:3] == "abd" && a.key[3:] == b.key && (b.fact == nil || !b.fact.common)
}

// spellingLikeness is 0 when two spellings are further apart than their length allows. An edit
// that keeps the sound costs half.
func spellingLikeness(a, b latinSpelling) float64 {
	n := max(len(a.text), len(b.text))
	budget := editBudget(n)
	// The spelling alone may cost twice the budget when every edit keeps the sound.
	if most := int(budget / costOfSound); most == 0 || n-min(len(a.text), len(b.text)) > most || min(len(a.text), len(b.text)) < 3 ||
		editCost(apartAtLeast(a.letters, b.letters), apartAtLeast(a.sounds, b.sounds)) > budget {
		return 0
	}
	edits := editDistance(a.text, b.text)
	if editCost(edits, 0) > budget {
		return 0
	}
	cost := editCost(edits, editDistance(a.sound, b.sound))
	if cost > budget {
		return 0
	}
	return 1 - cost/float64(n)
}

// editCost is what edits cost of which so many change the sound.
func editCost(edits, sounds int) float64 {
	return costOfSound*float64(edits) + (1-costOfSound)*float64(min(edits, sounds))
}

// meetOwn compares two words of one script that is not Latin, by their own letters.
func meetOwn(a, b *nameToken) (PairKind, float64) {
	switch a.script {
	case writingHan, writingHangul:
		return "", 0 // one sign off is another name
	case writingCyrillic, writingGreek, writingKana:
		if a.sound == b.sound && a.letterN >= 4 {
			return PairSound, likeSound
		}
	}
	n := max(int(a.letterN), int(b.letterN))
	cost := float64(letterDistance(a.key, b.key))
	budget := editBudget(n)
	if a.script == writingDevanagari || a.script.abjad() {
		budget += 0.2 // a letter there holds more than one of Latin
	}
	if cost > budget {
		return "", 0
	}
	return PairSpelling, 1 - cost/float64(n)
}

// meetScripts compares words of two scripts by what they read as.
func meetScripts(a, b *nameToken) (PairKind, float64) {
	if a.script.abjad() || b.script.abjad() {
		return meetBones(a, b)
	}
	if a.latin == "" || b.latin == "" {
		return "", 0
	}
	if a.fact != nil && a.fact.native != "" && a.fact.native == b.latin || b.fact != nil && b.fact.native != "" && b.fact.native == a.latin {
		return PairScript, likeReading // one name in its usual reading
	}
	switch {
	case a.script == writingHan || b.script == writingHan:
		if a.script == writingHangul || b.script == writingHangul || a.script == writingKana || b.script == writingKana {
			return "", 0
		}
		if a.latin == b.latin || a.sound == b.sound && len(a.latin) > 3 {
			return PairScript, likePinyin
		}
		return "", 0
	case a.script == writingHangul || b.script == writingHangul:
		if a.latin == b.latin || meetFacts(a, b) || sameKorean(a, b) {
			return PairScript, likeHangul
		}
		return "", 0
	case a.script == writingKana || b.script == writingKana:
		if japaneseSpellings.Replace(a.latin) == japaneseSpellings.Replace(b.latin) {
			return PairScript, likeReading
		}
	}
	if a.sound == b.sound || b.altSound != "" && b.altSound == a.sound || a.altSound != "" && a.altSound == b.sound {
		return PairScript, likeReading
	}
	x, y := readFacts(a, b)
	if x != nil && meetGroups(x.spelling, y.spelling) {
		return PairScript, likeReading
	}
	if like := latinLikeness(a, b); like > 0 {
		return PairScript, like
	}
	if x != nil && meetGroups(x.given, y.given) && !(a.ends && b.ends) {
		return PairNickname, likeNickname
	}
	return "", 0
}

// meetFacts asks the list of spellings about two Latin readings.
func meetFacts(a, b *nameToken) bool {
	x, y := readFacts(a, b)
	return x != nil && meetGroups(x.spelling, y.spelling)
}

// readFacts is what the lists say of two Latin readings; nil where they are silent on either.
func readFacts(a, b *nameToken) (x, y *wordFact) {
	if x = names().words[a.latin]; x != nil {
		y = names().words[b.latin]
	}
	if y == nil {
		return nil, nil
	}
	return x, y
}

// sameKorean says that the Latin readings of two parts are spellings of the same Korean syllables.
func sameKorean(a, b *nameToken) bool {
	if koreanKept(a.letters) != koreanKept(b.letters) {
		return false
	}
	if a.latin != "" && b.latin != "" {
		if x, y := koreanOnset[a.latin[0]], koreanOnset[b.latin[0]]; x != y && x != 0 && y != 0 {
			return false
		}
	}
	return koreanSpellings.Replace(a.latin) == koreanSpellings.Replace(b.latin)
}

var (
	koreanOwn   = letterBag("fmnqsvxz")
	koreanKinds = [...]uint32{letterBag("lr"), letterBag("gk"), letterBag("dt"), letterBag("bp")}
)

// koreanKept are the letters that koreanSpellings leaves in a word, or puts one of its kind for.
func koreanKept(bag uint32) uint32 {
	kept := bag & koreanOwn
	for _, kind := range koreanKinds {
		if bag&kind != 0 {
			kept |= kind
		}
	}
	return kept
}

// meetBones compares by consonants where one side leaves its vowels unwritten.
func meetBones(a, b *nameToken) (PairKind, float64) {
	if a.latin != "" && b.latin != "" { // both are in the list, or it and Latin
		if a.latin == b.latin || a.sound == b.sound || meetFacts(a, b) {
			return PairScript, likeReading
		}
	}
	var ra, rb [maxLetters]byte
	x, y := bones(ra[:0], a), bones(rb[:0], b)
	if a.script == writingHebrew || b.script == writingHebrew {
		x, y = hebrewBones(x), hebrewBones(y)
	}
	n := min(len(x), len(y))
	switch {
	case n == 0:
		return "", 0
	case string(x) == string(y) && n > 2:
		return PairScript, likeBones
	case string(x) == string(y):
		return PairScript, likeOneBone
	case n >= 3 && oneEdit(x, y):
		return PairScript, likeOneBone
	}
	return "", 0
}

// hebrewBones drops what Hebrew letters leave open: bet is b or v, pe is p or f, shin is sh or s,
// tsadi is ts, tz or z.
func hebrewBones(bones []byte) []byte {
	kept := bones[:0]
	for _, c := range bones {
		switch c {
		case 'b', 'f':
			continue
		case 'S', 'z':
			c = 's'
		}
		if n := len(kept); c == 's' && n > 0 && kept[n-1] == 't' { // tsadi is ts, tz or z
			kept = kept[:n-1]
		}
		if len(kept) == 0 || kept[len(kept)-1] != c {
			kept = append(kept, c)
		}
	}
	return kept
}

func bones(dst []byte, t *nameToken) []byte {
	if utf8.RuneCountInString(t.key) > maxLetters/2 {
		return dst
	}
	if t.script.abjad() {
		return appendAbjadBones(dst, t.key)
	}
	return appendBones(dst, t.latin)
}
