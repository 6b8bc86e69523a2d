package review

import (
	_ "embed" // the tables of characters
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed lexicon/pinyin.txt
var pinyinTable string

//go:embed lexicon/hanvariants.txt
var hanVariantTable string

// hanTables have a place for each of the unified characters; the rare ones beyond are in maps.
type hanTables struct {
	reading [lastHan - firstHan + 1]string
	simple  [lastHan - firstHan + 1]rune // 0: itself
	rare    map[rune]rune                // simple forms of what has no place
}

const (
	firstHan = 0x4E00
	lastHan  = 0x9FFF
)

var han = sync.OnceValue(func() *hanTables {
	t := &hanTables{rare: make(map[rune]rune, 512)}
	for line := range tableLines(pinyinTable) {
		syllable, signs, _ := strings.Cut(line, " ")
		for _, r := range signs {
			t.reading[r-firstHan] = syllable
		}
	}
	for line := range tableLines(hanVariantTable) {
		for line != "" {
			from, n := utf8.DecodeRuneInString(line)
			to, m := utf8.DecodeRuneInString(line[n:])
			if from >= firstHan && from <= lastHan {
				t.simple[from-firstHan] = to
			} else {
				t.rare[from] = to
			}
			line = line[n+m:]
		}
	}
	return t
})

// simpleHan is the character that a traditional, simplified or Japanese form is compared as.
func simpleHan(r rune) rune {
	s := rune(0)
	if t := han(); r >= firstHan && r <= lastHan {
		s = t.simple[r-firstHan]
	} else {
		s = t.rare[r]
	}
	if s != 0 {
		return s
	}
	return r
}

// surnameReadings are characters that are read otherwise when they are a surname.
var surnameReadings = map[rune]string{
	'单': "shan", '曾': "zeng", '解': "xie", '仇': "qiu", '查': "zha", '区': "ou", '朴': "piao", '盖': "ge", '尉': "yu", '翟': "zhai",
	'任': "ren", '召': "shao", '员': "yun", '缪': "miao", '覃': "qin", '乐': "yue", '冼': "xian", '幺': "yao", '宁': "ning", '洗': "xian",
}

// latinOfHan reads characters in Mandarin, tones lost: many names become one.
func latinOfHan(dst, word []byte, surname bool) []byte {
	for _, r := range string(word) {
		if s, ok := surnameReadings[r]; ok && surname {
			dst = append(dst, s...)
		} else if r >= firstHan && r <= lastHan {
			dst = append(dst, han().reading[r-firstHan]...)
		}
	}
	return dst
}
