package review

import "strings"

// kana spells syllables in Hepburn, as katakana; hiragana is read as it. Set down by
// hand from the Hepburn table.
var kana = map[rune]string{
	'ア': "a", 'イ': "i", 'ウ': "u", 'エ': "e", 'オ': "o", 'カ': "ka", 'キ': "ki", 'ク': "ku", 'ケ': "ke", 'コ': "ko", 'ガ': "ga", 'ギ': "gi", 'グ': "gu",
	'ゲ': "ge", 'ゴ': "go", 'サ': "sa", 'シ': "shi", 'ス': "su", 'セ': "se", 'ソ': "so", 'ザ': "za", 'ジ': "ji", 'ズ': "zu", 'ゼ': "ze", 'ゾ': "zo",
	'タ': "ta", 'チ': "chi", 'ツ': "tsu", 'テ': "te", 'ト': "to", 'ダ': "da", 'ヂ': "ji", 'ヅ': "zu", 'デ': "de", 'ド': "do", 'ナ': "na", 'ニ': "ni",
	'ヌ': "nu", 'ネ': "ne", 'ノ': "no", 'ハ': "ha", 'ヒ': "hi", 'フ': "fu", 'ヘ': "he", 'ホ': "ho", 'バ': "ba", 'ビ': "bi", 'ブ': "bu", 'ベ': "be",
	'ボ': "bo", 'パ': "pa", 'ピ': "pi", 'プ': "pu", 'ペ': "pe", 'ポ': "po", 'マ': "ma", 'ミ': "mi", 'ム': "mu", 'メ': "me", 'モ': "mo", 'ヤ': "ya",
	'ユ': "yu", 'ヨ': "yo", 'ラ': "ra", 'リ': "ri", 'ル': "ru", 'レ': "re", 'ロ': "ro", 'ワ': "wa", 'ヰ': "i", 'ヱ': "e", 'ヲ': "o", 'ン': "n", 'ヴ': "vu",
}

var smallKana = map[rune]string{'ャ': "ya", 'ュ': "yu", 'ョ': "yo", 'ァ': "a", 'ィ': "i", 'ゥ': "u", 'ェ': "e", 'ォ': "o"}

func latinOfKana(dst, word []byte) []byte {
	start, double := len(dst), false
	for _, r := range string(word) {
		if r == 'ッ' {
			double = true
			continue
		}
		if small, ok := smallKana[r]; ok {
			if len(small) == 2 && len(dst) > start+1 && dst[len(dst)-1] == 'i' { // kya, but sha and cha and ja
				dst = dst[:len(dst)-1]
				if c := dst[len(dst)-1]; c == 'h' || c == 'j' {
					small = small[1:]
				}
			} else if len(small) == 1 && len(dst) > start {
				dst = dst[:len(dst)-1]
			}
			dst = append(dst, small...)
			continue
		}
		syllable := kana[r] // the long mark has none: long vowels are compared as short ones
		if double && syllable != "" {
			dst = append(dst, syllable[0])
			double = false
		}
		dst = append(dst, syllable...)
	}
	return dst
}

// appendJapanese reduces Hepburn, Kunrei and their ways with long vowels to one: ō, ou and oo,
// shi and si, tsu and tu, chi and ti, fu and hu, m before b, m and p.
var japaneseSpellings = strings.NewReplacer("ou", "o", "oo", "o", "oh", "o", "uu", "u", "shi", "si", "sha", "sya", "shu", "syu", "sho", "syo",
	"tsu", "tu", "chi", "ti", "cha", "tya", "chu", "tyu", "cho", "tyo", "ji", "zi", "ja", "zya", "ju", "zyu", "jo", "zyo", "fu", "hu",
	"mb", "nb", "mp", "np", "mm", "nm", "tch", "tt")

// The parts of a Hangul syllable in Revised Romanisation (2000), in Unicode's order.
var (
	hangulOnsets = [...]string{"g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"}
	hangulVowels = [...]string{"a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"}
	hangulCodas  = [...]string{"", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"}
)

func latinOfHangul(dst, word []byte) []byte {
	for _, r := range string(word) {
		if r < 0xAC00 || r > 0xD7A3 {
			continue
		}
		n := int(r - 0xAC00)
		dst = append(dst, hangulOnsets[n/588]...)
		dst = append(dst, hangulVowels[n%588/28]...)
		dst = append(dst, hangulCodas[n%28]...)
	}
	return dst
}

// koreanSpellings reduces the usual spellings of Korean syllables, which follow no standard, to
// one: Young, Yong and Yeong; Jung, Jeong and Chung; Hee and Hui; Park and Bak.
var koreanSpellings = strings.NewReplacer("yeo", "yu", "you", "yu", "yoo", "yu", "yo", "yu", "eo", "u", "eu", "u", "oo", "u", "ou", "u", "wo", "u", "woo", "u", "o", "u",
	"ee", "i", "ui", "i", "ah", "a", "hy", "hi", "ae", "e", "ai", "e", "kk", "k", "g", "k", "gk", "k", "tt", "t", "d", "t", "pp", "p", "b", "p", "ch", "j", "jj", "j",
	"r", "l", "'", "")

// koreanOnset is the consonant that a spelling begins with when koreanSpellings has reduced it; 0
// where that hangs on what follows.
var koreanOnset = func() (table [256]byte) {
	for c := byte('a'); c <= 'z'; c++ {
		table[c] = c
	}
	for _, c := range []byte("aeiouwy") {
		table[c] = 0
	}
	for from, to := range map[byte]byte{'g': 'k', 'd': 't', 'b': 'p', 'r': 'l', 'c': 'j'} {
		table[from] = to
	}
	return table
}()

// hangulSurnames are the usual Latin spellings of surnames that Revised Romanisation would not
// give. The first is the commonest.
var hangulSurnames = map[string]string{
	"김": "kim", "이": "lee", "박": "park", "최": "choi", "정": "jung", "강": "kang", "조": "cho", "윤": "yoon", "장": "jang", "임": "lim", "한": "han",
	"오": "oh", "서": "seo", "신": "shin", "권": "kwon", "황": "hwang", "안": "ahn", "송": "song", "류": "ryu", "유": "yoo", "전": "jeon", "홍": "hong",
	"고": "ko", "문": "moon", "양": "yang", "손": "son", "배": "bae", "백": "baek", "허": "heo", "노": "noh", "남": "nam", "심": "shim", "우": "woo",
	"리": "lee", "림": "lim", "곽": "kwak", "구": "koo", "남궁": "namgung", "황보": "hwangbo", "제갈": "jegal", "선우": "sunwoo", "독고": "dokgo", "사공": "sagong",
}

// longSurnames are the surnames of two signs; other Han and Hangul names begin with one.
var longSurnames = map[string]bool{
	"남궁": true, "황보": true, "제갈": true, "선우": true, "독고": true, "사공": true, "서문": true, "동방": true,
	"欧阳": true, "司马": true, "上官": true, "诸葛": true, "司徒": true, "慕容": true, "夏侯": true, "皇甫": true, "尉迟": true, "公孙": true, "令狐": true,
	"东方": true, "端木": true, "南宫": true, "长孙": true, "宇文": true, "独孤": true,
}
