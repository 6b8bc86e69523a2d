package review

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// servants are the ways to write the first part of Abd al-…; the rest of the name follows.
var servants = []string{"abdoul", "abdul", "abdal", "abdel", "abdol", "abdur", "abdus", "abdud", "abduz", "abder", "abdes", "abdou", "abdu", "abd"}

// faiths are the ways to write ad-Din at a name's end.
var faiths = []string{"eddine", "uddeen", "addeen", "eddin", "addin", "aldin", "udeen", "oudine"}

// articles assimilate to the letter that follows.
var articles = []string{"al", "el", "ul", "ar", "as", "ash", "ad", "az", "an", "at", "ur", "us", "ud", "ال"}

// chains joins what is one name in several words: Abd al-Aziz, Abu Bakr, Salah ud-Din.
func (r *nameReader) chains() {
	for i := 0; i < r.n; i++ {
		d := r.drafts[i]
		if d.script == writingArabic {
			i = r.arabicChain(i)
			continue
		}
		if d.script != writingLatin {
			continue
		}
		if !chained(r.key(i)) {
			continue
		}
		key := string(r.key(i))
		servant := slices.Contains(servants, key)
		switch next := i + 1; {
		case servant && next < r.n:
			if r.is(next, articles...) && next+1 < r.n {
				next++
			}
			if r.drafts[next].comma && next == i {
				continue
			}
			d.k = r.keyed("abd", string(r.key(next)))
			r.take(i, next, d)
		case (key == "abu" || key == "abou" || key == "umm" || key == "oum") && next < r.n && !d.comma:
			prefix := "abu"
			if key[0] == 'u' || key == "oum" {
				prefix = "umm"
			}
			if r.is(next, articles...) && next+1 < r.n {
				next++
			}
			d.k, d.kunya = r.keyed(prefix, string(r.key(next))), true
			r.take(i, next, d)
		case i > 0 && (key == "din" || key == "deen" || key == "dine" || key == "den") && r.is(i-1, articles...) && i > 1:
			d.k = r.keyed(string(r.key(i-2)), "uddin")
			d.role = r.drafts[i-2].role
			r.take(i-2, i, d)
			i -= 2
		case i > 0 && (key == "uddin" || key == "eddin" || key == "eddine" || key == "addin" || key == "aldin" || key == "udeen" || key == "uddeen"):
			d.k = r.keyed(string(r.key(i-1)), "uddin")
			d.role = r.drafts[i-1].role
			r.take(i-1, i, d)
			i--
		default:
			if k := plainChain(key); k != key {
				d.k = r.keyed(k)
				r.drafts[i] = d
			} else {
				continue
			}
		}
		r.drafts[i].fact = r.lex.find(r.key(i))
	}
}

// chained says that a word may be the beginning or the end of a name in several words, by letters
// that are quickly looked at.
func chained(key []byte) bool {
	n := len(key)
	if n < 3 {
		return false
	}
	switch key[0] {
	case 'a':
		return key[1] == 'b' || key[n-2] == 'i' || key[n-2] == 'e' || key[n-2] == 'n' // Abd, Abu; Addin
	case 'u': // Umm, Uddin
		if key[1] == 'm' || key[1] == 'd' {
			return true
		}
	case 'o': // Oum
		if key[1] == 'u' {
			return true
		}
	case 'd': // Din, Deen
		if key[1] == 'i' || key[1] == 'e' {
			return true
		}
	case 'e': // Eddin
		if key[1] == 'd' {
			return true
		}
	}
	return n >= 6 && (key[n-1] == 'n' && (key[n-2] == 'i' || key[n-2] == 'e') || key[n-1] == 'e' && key[n-2] == 'n')
}

// plainChain spells a name that is written in one word the way chains joins it.
func plainChain(key string) string {
	if len(key) < 6 {
		return key
	}
	for _, s := range servants[:len(servants)-1] {
		if key[0] != 'a' || key[1] != 'b' {
			break
		}
		if rest, ok := strings.CutPrefix(key, s); ok && len(rest) >= 3 {
			return "abd" + rest
		}
	}
	if c := key[len(key)-1]; c != 'n' && c != 'e' {
		return key
	}
	for _, s := range faiths {
		if rest, ok := strings.CutSuffix(key, s); ok && len(rest) >= 3 {
			return rest + "uddin"
		}
	}
	return key
}

// arabicChain does the same in Arabic letters, and parts the article from its word. It
// answers where the token stands then.
func (r *nameReader) arabicChain(i int) (at int) {
	key := r.key(i)
	if string(key) == "الدين" && i > 0 && r.drafts[i-1].script == writingArabic {
		d := r.drafts[i-1]
		d.k = r.keyed(string(r.key(i-1)), string(key))
		r.take(i-1, i, d)
		i--
	} else if (string(key) == "عبد" || string(key) == "ذو" || string(key) == "ابو" || string(key) == "ام") && i+1 < r.n {
		d := r.drafts[i]
		d.kunya = string(key) == "ابو" || string(key) == "ام"
		d.k = r.keyed(string(key), strings.TrimPrefix(string(r.key(i+1)), "ال"))
		r.take(i, i+1, d)
	} else if rest, ok := bytes.CutPrefix(key, []byte("ال")); ok && utf8.RuneCount(rest) > 2 && string(key) != "الله" {
		r.drafts[i].k.from += int32(len("ال"))
	} else if rest, ok := bytes.CutPrefix(key, []byte("عبدال")); ok && utf8.RuneCount(rest) > 2 {
		r.drafts[i].k = r.keyed("عبد", string(rest))
	}
	r.drafts[i].fact = r.lex.find(r.key(i))
	return i
}
