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

type hanTables struct {
	reading map[rune]string
	simple  map[rune]rune
}

var han = sync.OnceValue(func() hanTables {
	t := hanTables{make(map[rune]string, 7000), make(map[rune]rune, 3500)}
	for line := range tableLines(pinyinTable) {
		syllable, signs, _ := strings.Cut(line, " ")
		for _, r := range signs {
			t.reading[r] = syllable
		}
	}
	for line := range tableLines(hanVariantTable) {
		for line != "" {
			from, n := utf8.DecodeRuneInString(line)
			to, m := utf8.DecodeRuneInString(line[n:])
			t.simple[from], line = to, line[n+m:]
		}
	}
	return t
})

// simpleHan is the character that a traditional, simplified or Japanese form is compared as.
func simpleHan(r rune) rune {
	if s, ok := han().simple[r]; ok {
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
func latinOfHan(dst []byte, word string, surname bool) []byte {
	for _, r := range word {
		if s, ok := surnameReadings[r]; ok && surname {
			dst = append(dst, s...)
		} else {
			dst = append(dst, han().reading[r]...)
		}
	}
	return dst
}
