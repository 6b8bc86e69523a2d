package review

import "slices"

// appendSound reduces a Latin spelling to how it roughly sounds, so that spellings of one name
// by different standards come out equal: y, j and i, o and u, e and i, w and v, kh and h, the
// ways to write sh and ch, doubled letters, a last h. It is no phonetic key of one language.
//
// Capital letters stand for the sounds that Latin writes with several: S is sh, C is ch, J is zh.
func appendSound[T string | []byte](dst []byte, s T) []byte {
	start := len(dst)
	dst = slices.Grow(dst, 2*len(s))
	out, n, last := dst[start:cap(dst)], 0, byte(0)
	for i := 0; i < len(s); {
		c, next := s[i], byte(0)
		if i++; i < len(s) {
			next = s[i]
		}
		sound := plainSound[c]
		if careful[c&31]>>(next&31)&1 != 0 {
			if clusters[next] {
				if cluster, more := soundCluster(s[i-1:]); more > 0 {
					if i += more - 1; cluster != last {
						out[n], last = cluster, cluster
						n++
					}
					continue
				}
			}
			switch {
			case c == 'x' && i == 1 && len(s) > 1 && (s[1] == 'i' || s[1] == 'u'): // Pinyin's
				sound = 'S'
			case c == 'x':
				if last != 'k' {
					out[n] = 'k'
					n++
				}
				last, sound = 'k', 's'
			case c == 'h' && i == len(s) && n > 0 && vowel(last):
				continue
			}
		}
		if sound != last || n == 0 {
			out[n], last = sound, sound
			n++
		}
	}
	return dst[:start+n]
}

// plainSound is how a letter sounds by itself.
var plainSound = func() (table [256]byte) {
	for c := range table {
		table[c] = byte(c)
	}
	for from, to := range map[byte]byte{'e': 'i', 'y': 'i', 'j': 'i', 'o': 'u', 'q': 'k', 'c': 'k', 'w': 'v'} {
		table[from] = to
	}
	return table
}()

// careful has a bit for each letter that may change the sound of the one before it, by the last five
// bits of either; of none where a word ends. Other characters share these places: it costs a closer
// look, no answer.
var careful = func() (table [32]uint32) {
	for first, next := range map[byte]string{'s': "hcz", 't': "hsc", 'c': "hzk", 'd': "zjh", 'z': "h", 'k': "h", 'g': "h", 'p': "h", 'h': "\x00"} {
		for _, c := range []byte(next) {
			table[first&31] |= 1 << (c & 31)
		}
	}
	table['x'&31] = 1<<32 - 1
	return table
}()

// clusters has the second letters of what soundCluster reads.
var clusters = func() (table [256]bool) {
	for _, c := range []byte("hczsjk") {
		table[c] = true
	}
	return table
}()

func vowel(c byte) bool { return c == 'a' || c == 'i' || c == 'u' || c == 'e' || c == 'o' || c == 'y' }

// soundCluster reads the letters at the start of s that together write one sound.
func soundCluster[T string | []byte](s T) (sound byte, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case 'h', 'c', 'z', 's', 'j', 'k':
	default:
		return 0, 0
	}
	has := func(p string) bool { return len(s) >= len(p) && string(s[:len(p)]) == p }
	switch s[0] {
	case 's':
		switch {
		case has("shch"):
			return 'S', 4
		case has("sch"):
			return 'S', 3
		case has("sh"), has("sz"):
			return 'S', 2
		}
	case 't':
		switch {
		case has("tsch"), has("tcsh"):
			return 'C', 4
		case has("tch"):
			return 'C', 3
		case has("th"):
			return 't', 2
		}
	case 'c':
		switch {
		case has("ch"), has("cz"):
			return 'C', 2
		case has("ck"):
			return 'k', 2
		}
	case 'd':
		switch {
		case has("dzh"):
			return 'J', 3
		case has("dj"):
			return 'J', 2
		case has("dh"):
			return 'd', 2
		}
	case 'z':
		if has("zh") {
			return 'J', 2
		}
	case 'k':
		if has("kh") {
			return 'h', 2
		}
	case 'g':
		if has("gh") {
			return 'g', 2
		}
	case 'p':
		if has("ph") {
			return 'f', 2
		}
	}
	return 0, 0
}

// appendBones is the consonants of a Latin spelling as Arabic or Hebrew would write them: no
// vowels, no w and y (which those scripts use for vowels too), no last h, nothing doubled.
func appendBones(dst []byte, s string) []byte {
	start := len(dst)
	put := func(c byte) {
		if len(dst) == start || dst[len(dst)-1] != c {
			dst = append(dst, c)
		}
	}
	for i := 0; i < len(s); {
		if out, n := soundCluster(s[i:]); n > 0 {
			put(out)
			i += n
			continue
		}
		c := s[i]
		i++
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y', 'w', 'v', '\'':
		case 'c', 'q':
			put('k')
		case 'x':
			put('k')
			put('s')
		case 'j':
			put('J')
		case 'p':
			put('b') // Arabic has no p
		case 'h':
			if i == len(s) && i > 1 && vowel(s[i-2]) {
				break
			}
			put('h')
		default:
			put(c)
		}
	}
	return dst
}

// bonesOf are the consonants of a word of an abjad, in the letters of appendBones. Letters
// whose sound Latin spellings disagree on take the commonest.
var bonesOf = map[rune]byte{
	'ب': 'b', 'پ': 'b', 'ت': 't', 'ة': 0, 'ث': 't', 'ج': 'J', 'چ': 'C', 'ح': 'h', 'خ': 'h', 'د': 'd', 'ذ': 'd', 'ر': 'r', 'ز': 'z',
	'ژ': 'J', 'س': 's', 'ش': 'S', 'ص': 's', 'ض': 'd', 'ط': 't', 'ظ': 'z', 'غ': 'g', 'ف': 'f', 'ق': 'k', 'ك': 'k', 'ک': 'k', 'گ': 'g',
	'ل': 'l', 'م': 'm', 'ن': 'n', 'ه': 'h', 'ہ': 'h', 'ھ': 'h', 'ٹ': 't', 'ڈ': 'd', 'ڑ': 'r', 'ں': 'n', 'ڤ': 'f',
	'ב': 'b', 'ג': 'g', 'ד': 'd', 'ה': 'h', 'ז': 'z', 'ח': 'h', 'ט': 't', 'כ': 'k', 'ך': 'k', 'ל': 'l', 'מ': 'm', 'ם': 'm', 'נ': 'n',
	'ן': 'n', 'ס': 's', 'פ': 'f', 'ף': 'f', 'צ': 's', 'ץ': 's', 'ק': 'k', 'ר': 'r', 'ש': 'S', 'ת': 't',
}

// boneTable is bonesOf by place, from the first letter of Hebrew to the last of Arabic.
var boneTable = func() (table [0x700 - firstBone]byte) {
	for r, c := range bonesOf {
		table[r-firstBone] = c
	}
	return table
}()

const firstBone = 0x0590

func appendAbjadBones(dst []byte, word string) []byte {
	start := len(dst)
	last := rune(0)
	for _, r := range word {
		last = r
		if r < firstBone || r >= firstBone+rune(len(boneTable)) {
			continue
		}
		if c := boneTable[r-firstBone]; c != 0 && (len(dst) == start || dst[len(dst)-1] != c) {
			dst = append(dst, c)
		}
	}
	if (last == 'ه' || last == 'ה' || last == 'ہ') && len(dst) > start+1 { // a silent ending
		dst = dst[:len(dst)-1]
	}
	return dst
}
