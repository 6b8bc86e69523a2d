package sandbox

import (
	"strings"
	"sync"
)

// word is one name in the spelling of its own script, in the spelling of passports, and in
// other spellings that lists use.
type word struct {
	native string
	latin  string
	plain  string // latin without accents
	others []string
}

// surname is a family name with its form for women, which most cultures do not have.
type surname struct{ male, female word }

func (s surname) of(male bool) word {
	if male {
		return s.male
	}
	return s.female
}

// place is a city with the beginning of its postal codes.
type place struct {
	country string // alpha-2
	city    word
	region  word
	postal  string // '#' stands for a digit, '@' for a capital
}

// culture is a pool of names and places that go together.
type culture struct {
	key         string
	script      string // of native spellings; "latin" when passports use the same
	familyFirst bool   // native spelling puts the family name first
	joined      bool   // native spelling has no space between the names
	middles     bool   // people carry a second name in their documents
	male        []word
	female      []word
	family      []surname
	fathers     []surname // patronymics, used as middle names
	places      []place
	streets     []word // '#' stands for a number
	dial        string // with '#' for digits
}

// source is a culture as it is written down: names separated by ", ", each
// "native=latin/other/other", a family name's form for women after ";".
type source struct {
	key, script               string
	familyFirst, joined       bool
	middles                   bool
	male, female              string
	family, fathers           string
	places, streets, dialling string
}

func parseWord(s string) word {
	native, rest, ok := strings.Cut(s, "=")
	if !ok {
		rest = native
		native, _, _ = strings.Cut(native, "/")
	}
	spellings := strings.Split(rest, "/")
	return word{native: native, latin: spellings[0], plain: plain(spellings[0]), others: spellings[1:]}
}

func parseWords(s string) []word {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ", ")
	ws := make([]word, len(parts))
	for i, p := range parts {
		ws[i] = parseWord(p)
	}
	return ws
}

func parseSurnames(s string) []surname {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ", ")
	ns := make([]surname, len(parts))
	for i, p := range parts {
		m, f, ok := strings.Cut(p, ";")
		ns[i].male = parseWord(m)
		ns[i].female = ns[i].male
		if ok {
			ns[i].female = parseWord(f)
		}
	}
	return ns
}

// parsePlaces reads "CC:City|Region|postal, …".
func parsePlaces(s string) []place {
	parts := strings.Split(s, ", ")
	ps := make([]place, len(parts))
	for i, p := range parts {
		cc, rest, _ := strings.Cut(p, ":")
		f := strings.Split(rest, "|")
		ps[i] = place{country: cc, city: parseWord(f[0]), region: parseWord(f[1]), postal: f[2]}
	}
	return ps
}

// pools are the cultures, read once.
var pools = sync.OnceValue(func() []culture {
	all := append(append([]source{}, westernNames...), easternNames...)
	cs := make([]culture, len(all))
	for i, s := range all {
		cs[i] = culture{
			key: s.key, script: s.script, familyFirst: s.familyFirst, joined: s.joined, middles: s.middles,
			male: parseWords(s.male), female: parseWords(s.female),
			family: parseSurnames(s.family), fathers: parseSurnames(s.fathers),
			places: parsePlaces(s.places), streets: parseWords(s.streets), dial: s.dialling,
		}
	}
	return cs
})

// cultureOf finds a culture by its key.
func cultureOf(key string) *culture {
	for i := range pools() {
		if pools()[i].key == key {
			return &pools()[i]
		}
	}
	panic("sandbox: no culture " + key)
}

// fill replaces '#' by digits and '@' by capitals.
func (d dice) fill(mask string) string {
	b := []byte(mask)
	for i, c := range b {
		switch c {
		case '#':
			b[i] = byte('0' + d.IntN(10))
		case '@':
			b[i] = "ABCDEFGHJKLMNPRSTUWXYZ"[d.IntN(22)]
		}
	}
	return string(b)
}
