package sandbox

import "strings"

// In other scripts, letter by letter: good enough for the long alias lists that PEP databases
// collect, where half the spellings come from volunteers.

// alphabet maps Latin letters and pairs of them, lower case, to another script.
type alphabet struct {
	name  string
	pairs map[string]string
	one   [26]string
	upper bool // has capitals
}

func newAlphabet(name string, upper bool, letters string, pairs ...string) *alphabet {
	a := &alphabet{name: name, upper: upper, pairs: map[string]string{}}
	for i, s := range strings.Fields(letters) {
		if s != "-" {
			a.one[i] = s
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		a.pairs[pairs[i]] = pairs[i+1]
	}
	return a
}

var alphabets = []*alphabet{
	newAlphabet("cyrillic", true, "а б к д е ф г х и дж к л м н о п к р с т у в в кс й з",
		"sh", "ш", "ch", "ч", "kh", "х", "zh", "ж", "ts", "ц", "th", "т", "ph", "ф", "ya", "я", "yu", "ю", "oo", "у", "ee", "и"),
	newAlphabet("greek", true, "α μπ κ ντ ε φ γκ χ ι τζ κ λ μ ν ο π κ ρ σ τ ου β ου ξ γ ζ",
		"sh", "σ", "ch", "τσ", "kh", "χ", "th", "θ", "ph", "φ", "ps", "ψ", "ts", "τσ", "oo", "ου", "ee", "ι"),
	newAlphabet("arabic", false, "ا ب ك د ي ف ج ه ي ج ك ل م ن و ب ق ر س ت و ف و كس ي ز",
		"sh", "ش", "ch", "تش", "kh", "خ", "th", "ث", "gh", "غ", "aa", "ا", "oo", "و", "ee", "ي"),
	newAlphabet("hebrew", false, "א ב ק ד - פ ג ה י ג׳ ק ל מ נ ו פ ק ר ס ט ו ו ו קס י ז",
		"sh", "ש", "ch", "צ׳", "kh", "ח", "th", "ת", "ts", "צ", "ph", "פ", "oo", "ו", "ee", "י"),
	newAlphabet("georgian", false, "ა ბ კ დ ე ფ გ ჰ ი ჯ კ ლ მ ნ ო პ ქ რ ს ტ უ ვ ვ ქს ი ზ",
		"sh", "შ", "ch", "ჩ", "kh", "ხ", "zh", "ჟ", "ts", "ც", "th", "თ", "gh", "ღ"),
	newAlphabet("armenian", true, "ա բ կ դ ե ֆ գ հ ի ջ կ լ մ ն ո պ ք ր ս տ ու վ վ քս յ զ",
		"sh", "շ", "ch", "չ", "kh", "խ", "zh", "ժ", "ts", "ց", "th", "թ", "gh", "ղ"),
}

// in writes a Latin name in the alphabet.
func (a *alphabet) in(name string) string {
	s := strings.ToLower(plain(name))
	var b strings.Builder
	start := true
	put := func(t string) {
		if start && a.upper && t != "" {
			r := []rune(t)
			t = strings.ToUpper(string(r[:1])) + string(r[1:])
		}
		b.WriteString(t)
		start = false
	}
	for i := 0; i < len(s); i++ {
		if i+1 < len(s) {
			if t, ok := a.pairs[s[i:i+2]]; ok {
				put(t)
				i++
				continue
			}
		}
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			put(a.one[c-'a'])
		case c == ' ' || c == '-':
			b.WriteByte(c)
			start = true
		}
	}
	return b.String()
}

// kana syllables by consonant; the vowels are a, i, u, e, o.
var kana = map[byte][5]string{
	0: {"ア", "イ", "ウ", "エ", "オ"}, 'k': {"カ", "キ", "ク", "ケ", "コ"}, 's': {"サ", "シ", "ス", "セ", "ソ"},
	't': {"タ", "ティ", "トゥ", "テ", "ト"}, 'n': {"ナ", "ニ", "ヌ", "ネ", "ノ"}, 'h': {"ハ", "ヒ", "フ", "ヘ", "ホ"},
	'm': {"マ", "ミ", "ム", "メ", "モ"}, 'y': {"ヤ", "イ", "ユ", "イェ", "ヨ"}, 'r': {"ラ", "リ", "ル", "レ", "ロ"},
	'w': {"ワ", "ウィ", "ウ", "ウェ", "ウォ"}, 'g': {"ガ", "ギ", "グ", "ゲ", "ゴ"}, 'z': {"ザ", "ジ", "ズ", "ゼ", "ゾ"},
	'd': {"ダ", "ディ", "ドゥ", "デ", "ド"}, 'b': {"バ", "ビ", "ブ", "ベ", "ボ"}, 'p': {"パ", "ピ", "プ", "ペ", "ポ"},
	'f': {"ファ", "フィ", "フ", "フェ", "フォ"}, 'v': {"ヴァ", "ヴィ", "ヴ", "ヴェ", "ヴォ"}, 'j': {"ジャ", "ジ", "ジュ", "ジェ", "ジョ"},
	'c': {"チャ", "チ", "チュ", "チェ", "チョ"},
}

// syllables brings letters that Japanese has no row for to those that it has.
var syllables = strings.NewReplacer("sh", "s", "ch", "c", "kh", "h", "gh", "g", "th", "s", "ph", "f", "ts", "t", "zh", "j",
	"l", "r", "q", "k", "x", "ks", "ck", "k")

// inKana writes a Latin name in katakana.
func inKana(name string) string {
	s := strings.ToLower(plain(name))
	s = syllables.Replace(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if v := strings.IndexByte("aiueo", c); v >= 0 {
			b.WriteString(kana[0][v])
			continue
		}
		if c == ' ' || c == '-' {
			b.WriteString("・")
			continue
		}
		row, ok := kana[c]
		if !ok {
			continue
		}
		if i+1 < len(s) {
			if v := strings.IndexByte("aiueo", s[i+1]); v >= 0 {
				b.WriteString(row[v])
				i++
				continue
			}
		}
		switch {
		case c == 'n' || c == 'm' && i+1 < len(s) && (s[i+1] == 'b' || s[i+1] == 'p'):
			b.WriteString("ン")
		case c == 't' || c == 'd':
			b.WriteString(row[4])
		default:
			b.WriteString(row[2])
		}
	}
	return b.String()
}

// nagari letters: consonants carry an a of their own, vowels follow as signs.
var (
	nagari = map[string]string{
		"b": "ब", "c": "क", "d": "द", "f": "फ", "g": "ग", "h": "ह", "j": "ज", "k": "क", "l": "ल", "m": "म", "n": "न",
		"p": "प", "q": "क", "r": "र", "s": "स", "t": "त", "v": "व", "w": "व", "x": "क्स", "y": "य", "z": "ज़",
		"sh": "श", "ch": "च", "kh": "ख", "gh": "घ", "th": "थ", "ph": "फ", "bh": "भ", "dh": "ध", "zh": "झ",
	}
	nagariSigns  = map[byte]string{'a': "ा", 'e': "े", 'i': "ि", 'o': "ो", 'u': "ु"}
	nagariVowels = map[byte]string{'a': "आ", 'e': "ए", 'i': "इ", 'o': "ओ", 'u': "उ"}
)

// inNagari writes a Latin name in Devanagari.
func inNagari(name string) string {
	s := strings.ToLower(plain(name))
	var b strings.Builder
	after := false // a consonant waits for its vowel
	for i := 0; i < len(s); i++ {
		c := s[i]
		if v, ok := nagariSigns[c]; ok {
			if after {
				b.WriteString(v)
			} else {
				b.WriteString(nagariVowels[c])
			}
			after = false
			continue
		}
		if c == ' ' || c == '-' {
			b.WriteByte(' ')
			after = false
			continue
		}
		t, n := "", 1
		if i+1 < len(s) {
			if t = nagari[s[i:i+2]]; t != "" {
				n = 2
			}
		}
		if t == "" {
			t = nagari[s[i:i+1]]
		}
		if t == "" {
			continue
		}
		if after {
			b.WriteString("्")
		}
		b.WriteString(t)
		after = true
		i += n - 1
	}
	return b.String()
}

// aliases are n spellings of a person's name across scripts, each once.
func (p person) aliases(d dice, n int) []string {
	seen := make(map[string]bool, n)
	out := make([]string, 0, n)
	add := func(s string) {
		if s != "" && !seen[s] && len(out) < n {
			seen[s] = true
			out = append(out, s)
		}
	}
	add(p.wholeNative())
	short := join(p.first.latin, p.last.latin)
	if n >= 12 {
		for _, a := range alphabets {
			if a.name != p.culture.script {
				add(a.in(short))
			}
		}
		add(inKana(short))
		add(inNagari(short))
	}
	for tries := 0; len(out) < n && tries < 6*n; tries++ {
		v := p.variant(d)
		switch {
		case tries%7 == 3 && n >= 12:
			v = alphabets[d.IntN(len(alphabets))].in(join(d.spelling(p.first), d.spelling(p.last)))
		case tries%11 == 5 && n >= 12:
			v = inKana(join(d.spelling(p.last), d.spelling(p.first)))
		}
		add(v)
	}
	return out
}
