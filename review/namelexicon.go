package review

import (
	"embed"
	"iter"
	"strings"
	"sync"
)

// The word lists behind the comparison of names. Each says in its first lines where it is from.
//
//go:embed lexicon/given.txt lexicon/spellings.txt lexicon/common.txt lexicon/companyforms.txt
//go:embed lexicon/companywords.txt lexicon/places.txt lexicon/titles.txt lexicon/native.txt
var lexiconFiles embed.FS

// wordFact is what the lists say of one folded word.
type wordFact struct {
	given    [4]uint16 // the groups of given names that it is in
	spelling [3]uint16 // the groups of spellings that it is in
	eastern  bool      // a family name of East Asia: it stands first
	common   bool      // so frequent that agreement says little
	particle bool
	title    bool
	business bool // a trade or a part of a group
	place    uint16
	form     uint8 // the class of legal forms
	filler   bool  // and, of, the
	native   string
}

// lexicon is the word lists, read once.
type lexicon struct {
	words   map[string]*wordFact
	traces  [1 << 12]uint64     // by bit: some word has this trace
	phrases map[string][]phrase // legal forms and places of several words, by their first
	forms   []string            // the classes of legal forms, by number
}

type phrase struct {
	words []string
	form  uint8
	place uint16
}

// particles carry no name of their own: they are weighed with the next word.
const particles = "al el ul ud ad ar as ash at an az ed es bin ben ibn bint binti van von vom zu der den de del dela della di da do dos das du la le las los lo y e af av ter ten te bar bat ze o " +
	"ال آل بن ابن بنت בן בת"

// fillers join the words of a company's name.
const fillers = "and of the for und y et de des du der die das i und i и"

var names = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: make(map[string]*wordFact, 4096), phrases: map[string][]phrase{}, forms: []string{""}}
	edit := func(word string, f func(*wordFact)) {
		key := lexiconKey(word)
		fact := l.words[key]
		if fact == nil {
			fact = new(wordFact)
			l.words[key] = fact
			at := trace(key)
			l.traces[at>>6] |= 1 << (at & 63)
		}
		f(fact)
	}
	group := uint16(0)
	for line := range tableLines(lexiconFile("given")) {
		group++
		for _, w := range strings.Fields(line) {
			edit(w, func(f *wordFact) { addGroup(f.given[:], group) })
		}
	}
	for line := range tableLines(lexiconFile("spellings")) {
		group++
		line, eastern := strings.CutPrefix(line, "= ")
		for _, w := range strings.Fields(line) {
			edit(w, func(f *wordFact) { addGroup(f.spelling[:], group); f.eastern = f.eastern || eastern })
		}
	}
	for file, set := range map[string]func(*wordFact){
		"common":       func(f *wordFact) { f.common = true },
		"companywords": func(f *wordFact) { f.business = true },
		"titles":       func(f *wordFact) { f.title = true },
	} {
		for line := range tableLines(lexiconFile(file)) {
			for _, w := range strings.Fields(line) {
				edit(w, set)
			}
		}
	}
	for _, w := range strings.Fields(particles) {
		edit(w, func(f *wordFact) { f.particle = true })
	}
	for _, w := range strings.Fields(fillers) {
		edit(w, func(f *wordFact) { f.filler = true })
	}
	place := uint16(0)
	for line := range tableLines(lexiconFile("places")) {
		place++
		for _, w := range strings.Fields(line) {
			if parts := strings.Split(w, "_"); len(parts) > 1 {
				l.phrases[parts[0]] = append(l.phrases[parts[0]], phrase{words: parts, place: place})
			} else {
				edit(w, func(f *wordFact) { f.place = place })
			}
		}
	}
	for line := range tableLines(lexiconFile("companyforms")) {
		class, forms, _ := strings.Cut(line, ":")
		l.forms = append(l.forms, class)
		number := uint8(len(l.forms) - 1)
		for form := range strings.SplitSeq(forms, "|") {
			words := strings.Fields(Fold(form))
			if words = joinUnspaced(words); len(words) == 1 {
				edit(words[0], func(f *wordFact) { f.form = number })
			} else if len(words) > 1 {
				l.phrases[words[0]] = append(l.phrases[words[0]], phrase{words: words, form: number})
			}
		}
	}
	for line := range tableLines(lexiconFile("native")) {
		word, latin, _ := strings.Cut(line, " ")
		edit(word, func(f *wordFact) { f.native = strings.TrimSpace(latin) })
	}
	return l
})

func addGroup(groups []uint16, g uint16) {
	for i := range groups {
		if groups[i] == 0 || groups[i] == g {
			groups[i] = g
			return
		}
	}
}

// lexiconKey is the form in which tokens are looked up: folded, unspaced scripts in one piece,
// Han characters in their simple form.
func lexiconKey(word string) string {
	return strings.Map(simpleHan, strings.ReplaceAll(Fold(word), " ", ""))
}

// joinUnspaced puts the characters that Fold parts together again.
func joinUnspaced(words []string) []string {
	if len(words) > 0 && unspaced([]rune(words[0])[0]) {
		return []string{lexiconKey(strings.Join(words, ""))}
	}
	return words
}

// find is what is known of a key, nil when nothing is. Of most words nothing is: it shows by their
// trace.
func (l *lexicon) find(key []byte) *wordFact {
	if at := trace(key); l.traces[at>>6]>>(at&63)&1 == 0 {
		return nil
	}
	return l.words[string(key)]
}

// trace is a number below 2^18 made of a word's length, its first letters and its last.
func trace[T string | []byte](word T) uint32 {
	at := uint32(len(word))
	for i := range min(len(word), 6) {
		at = at*37 + uint32(word[i])
	}
	if len(word) > 6 {
		at = at*37 + uint32(word[len(word)-1])
	}
	return at * 0x9E3779B1 >> 14
}

func lexiconFile(name string) string {
	b, err := lexiconFiles.ReadFile("lexicon/" + name + ".txt")
	if err != nil {
		panic(err) // it is built in
	}
	return string(b)
}

// tableLines are the lines of a list that are no remark.
func tableLines(table string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(table) {
			line = strings.TrimRight(line, "\n")
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// meet says that two lists of groups share one.
func meetGroups[T [3]uint16 | [4]uint16](a, b T) bool {
	for i := range len(a) {
		if a[i] == 0 {
			return false
		}
		for j := range len(b) {
			if a[i] == b[j] {
				return true
			}
		}
	}
	return false
}
