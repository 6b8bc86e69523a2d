package sandbox

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// person is someone who does not exist.
type person struct {
	culture *culture
	male    bool
	first   word
	middle  word // no native spelling: none
	last    word
	birth   time.Time // midnight UTC
	home    place
	street  word
	native  bool // applied in the spelling of their own script
}

// sex as Persona's screening writes it.
func (p person) sex() string {
	if p.male {
		return "male"
	}
	return "female"
}

// person draws someone of a culture, between 19 and 84 years old.
func (d dice) person(c *culture, now time.Time) person {
	p := person{culture: c, male: d.one(2)}
	p.first = pick(d, c.female)
	if p.male {
		p.first = pick(d, c.male)
	}
	p.last = pick(d, c.family).of(p.male)
	switch {
	case len(c.fathers) > 0 && d.chance(0.7):
		p.middle = pick(d, c.fathers).of(p.male)
	case c.middles && c.script == "latin" && d.chance(0.3):
		given := c.female
		if p.male {
			given = c.male
		}
		if m := pick(d, given); m.native != p.first.native {
			p.middle = m
		}
	}
	year := now.Year() - 19 - d.IntN(40) - d.IntN(27)
	p.birth = time.Date(year, time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC)
	p.home = pick(d, c.places)
	p.street = pick(d, c.streets)
	return p
}

// spell gives a word as the person applied with it.
func (p person) spell(w word) string {
	if p.native {
		return w.native
	}
	return w.latin
}

// whole is the name as forms write it: given names first.
func (p person) whole() string {
	if p.native {
		return p.wholeNative()
	}
	return join(p.first.latin, p.middle.latin, p.last.latin)
}

// wholeNative is the name as people of that culture write it.
func (p person) wholeNative() string {
	sep := " "
	if p.culture.joined {
		sep = ""
	}
	if p.culture.familyFirst {
		return p.last.native + sep + p.first.native
	}
	return join(p.first.native, p.middle.native, p.last.native)
}

func join(parts ...string) string {
	var b strings.Builder
	for _, s := range parts {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// spelling is one way to write a word in Latin letters.
func (d dice) spelling(w word) string {
	if len(w.others) > 0 && d.one(2) {
		return pick(d, w.others)
	}
	if d.one(2) {
		return w.plain
	}
	return w.latin
}

// plain drops what passports drop: accents, and letters that are no plain Latin ones.
func plain(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if t, ok := plainLetters[r]; ok {
			b.WriteString(t)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

var plainLetters = map[rune]string{
	'ß': "ss", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D",
	'þ': "th", 'Þ': "Th", 'æ': "ae", 'Æ': "Ae", 'œ': "oe", 'ı': "i", 'ə': "a", '’': "'",
}

// slip is a typing mistake in a word: two letters swapped, one doubled, or one left out.
func (d dice) slip(s string) string {
	r := []rune(s)
	if len(r) < 5 {
		return s
	}
	i := d.between(1, len(r)-3)
	switch d.IntN(3) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r = append(r[:i+1], r[i:]...)
	default:
		r = append(r[:i], r[i+1:]...)
	}
	return string(r)
}

// variant is the person's name as some list or paper may spell it.
func (p person) variant(d dice) string {
	first, last := d.spelling(p.first), d.spelling(p.last)
	if first == "" || last == "" {
		return p.whole()
	}
	middle := ""
	if p.middle.native != "" {
		middle = d.spelling(p.middle)
	}
	switch d.IntN(9) {
	case 0:
		return strings.ToUpper(plain(last)) + ", " + join(first, middle)
	case 1:
		return join(last, first)
	case 2:
		if middle != "" {
			return join(first, string([]rune(middle)[:1])+".", last)
		}
		return join(first, last)
	case 3:
		return join(first, d.slip(last))
	case 4:
		return join(d.slip(first), middle, last)
	case 5:
		return strings.ToUpper(join(plain(first), plain(last)))
	case 6:
		return join(string([]rune(first)[:1])+".", last)
	case 7:
		if p.culture.script != "latin" {
			return p.wholeNative()
		}
		return join(first, middle, last)
	default:
		return join(first, middle, last)
	}
}

// listed is how sanction lists head an entry: the family name in capitals, then the others.
func (p person) listed() string {
	if p.last.plain == "" || p.first.plain == "" {
		return strings.ToUpper(join(p.last.plain, p.first.plain, p.middle.plain))
	}
	return strings.ToUpper(p.last.plain) + ", " + join(p.first.plain, p.middle.plain)
}

// age in whole years.
func (p person) age(now time.Time) int {
	n := now.Year() - p.birth.Year()
	if now.YearDay() < p.birth.YearDay() {
		n--
	}
	return n
}

// mail is an address of the person's at a host that nobody has.
func (p person) mail(d dice) string {
	hosts := [...]string{"mail.example", "post.example.org", "inbox.example", "letters.example.org"}
	keep := func(s string) string {
		return strings.Map(func(r rune) rune {
			if 'a' <= r && r <= 'z' {
				return r
			}
			return -1
		}, strings.ToLower(plain(s)))
	}
	return keep(p.first.latin) + "." + keep(p.last.latin) + "@" + hosts[d.IntN(len(hosts))]
}
