package review

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func (r *nameReader) key(i int) []byte { return r.at(r.drafts[i].k) }

// is says whether a draft's key is one of the words.
func (r *nameReader) is(i int, words ...string) bool {
	k := r.key(i)
	for _, w := range words {
		if string(k) == w {
			return true
		}
	}
	return false
}

// take removes the drafts from..to and puts the one in their place.
func (r *nameReader) take(from, to int, d draft) {
	d.raw = stretch{r.drafts[from].raw.from, r.drafts[to].raw.to}
	for i := from; i < to; i++ {
		if r.drafts[i].raw.to > r.drafts[i+1].raw.from { // a comma turned them round: "NOOR, Abu" is shown as Abu NOOR
			d.raw = r.spelled(from, to)
			break
		}
	}
	d.dot, d.tight, d.comma = r.drafts[to].dot, r.drafts[to].tight, r.drafts[to].comma
	r.drafts[from] = d
	copy(r.drafts[from+1:], r.drafts[to+1:r.n])
	r.n -= to - from
}

// spelled puts the words of drafts behind the text, in the order of the drafts.
func (r *nameReader) spelled(from, to int) stretch {
	var words []string
	for i := from; i <= to; i++ {
		words = append(words, r.text[r.drafts[i].raw.from:r.drafts[i].raw.to])
	}
	start := int32(len(r.text))
	r.text += strings.Join(words, " ")
	return stretch{start, int32(len(r.text))}
}

// keyed puts a new key into the buffer.
func (r *nameReader) keyed(parts ...string) stretch {
	start := int32(len(r.buf))
	for _, p := range parts {
		r.buf = append(r.buf, p...)
	}
	return stretch{start, int32(len(r.buf))}
}

// shape says what each token is, joins those that are one, and puts the family name last.
func (r *nameReader) shape() {
	for i := range r.n {
		r.drafts[i].fact = r.lex.find(r.key(i))
		r.drafts[i].weight = 1
	}
	r.company = r.kind != PartyPerson && (r.kind != PartyUnknown || r.looksLikeCompany())
	if !r.company {
		r.shapePerson()
	} else {
		r.shapeCompany()
	}
}

// looksLikeCompany guesses where nobody says what a party is.
func (r *nameReader) looksLikeCompany() bool {
	for i := 1; i < r.n; i++ {
		if f := r.drafts[i].fact; f != nil && (f.form > 0 && !f.particle && len(r.key(i)) > 2 || f.business && f.spelling[0] == 0) {
			return true
		}
	}
	return false
}

func (r *nameReader) shapePerson() {
	r.titles()
	r.splitUnspaced()
	r.familyFirst()
	r.titles() // of the given name, which stands first now
	r.capitals()
	r.chains()
	for i := range r.n {
		d := &r.drafts[i]
		f := d.fact
		key := r.key(i)
		switch {
		case d.class == classTitle || d.class == classSuffix || d.class == classForm:
		case len(key) <= utf8.UTFMax && utf8.RuneCount(key) == 1 && !d.script.syllabic() && d.script != writingKana && !r.particleAt(i):
			d.class, d.weight = classInitial, weightInitial
		case r.particleAt(i):
			d.class, d.weight = classParticle, weightParticle
			d.son = r.is(i, "bin", "ben", "ibn", "bint", "binti", "بن", "ابن", "بنت", "בן", "בת")
		case i > 0 && i == r.n-1 && (r.is(i, "jr", "sr", "junior", "senior") || d.caps && r.is(i, "ii", "iii", "iv")):
			d.class, d.weight = classSuffix, weightSuffix
		case i > 1 && i == r.n-1 && f != nil && f.form > 0 && (d.caps || d.dot || len(key) > 2) && len(key) <= 4:
			d.class, d.weight = classForm, weightTitle // a company's form behind a person's name
		case f != nil && f.common:
			d.weight = weightCommon
		}
		if d.role == roleFamily && d.class == classPlain {
			d.weight *= weightFamily
		}
	}
	r.sons()
	r.placeFamily()
}

// particleAt says that the token is a particle here: Ben is one between names and a name before
// them; An and Le are names unless a hyphen or small letters say otherwise.
func (r *nameReader) particleAt(i int) bool {
	d := &r.drafts[i]
	if d.fact == nil || !d.fact.particle || i == r.n-1 {
		return false
	}
	key := r.key(i)
	small := r.text[d.raw.from] >= 'a'
	switch string(key) {
	case "al", "el", "ibn", "bin", "von", "van", "ال", "آل", "بن", "ابن", "بنت", "בן", "בת":
		return true
	case "an", "as", "at", "ed", "es", "az", "ar", "ad", "ud", "ul", "e", "o", "y", "ze", "do", "da", "di", "bar", "bat":
		return small || d.tight && i+1 < r.n
	}
	return i > r.front()
}

// splitUnspaced parts the family name from the rest in Han and Hangul names, which are written
// in one piece: the first sign, or two where these are a surname.
func (r *nameReader) splitUnspaced() {
	at := r.n - 1
	if at < 0 || at > 0 && r.drafts[at-1].class != classTitle || !r.drafts[at].script.syllabic() || r.n == maxNameTokens {
		return
	}
	d := r.drafts[at]
	key := string(r.key(at))
	runes := []rune(key)
	if len(runes) < 2 || len(runes) > 4 {
		return
	}
	n := 1
	switch {
	case len(runes) > 2 && longSurnames[string(runes[:2])]:
		n = 2
	case len(runes) == 4 && d.script == writingHan: // mostly Japanese: two and two, or three and one
		n = 2
		if f := r.lex.words[string(runes[:3])]; f != nil && f.native != "" {
			n = 3
		}
	}
	cut := int32(len(string(runes[:n])))
	raw := d.raw.from
	for range n {
		_, size := utf8.DecodeRuneInString(r.text[raw:])
		raw += int32(size)
	}
	family, given := d, d
	family.raw.to, family.k.to = raw, d.k.from+cut
	given.raw.from, given.k.from = raw, d.k.from+cut
	family.role, given.role = roleFamily, roleGiven
	r.drafts[at], r.drafts[at+1] = family, given
	r.n++
	r.ordered = true
	for i := at; i < r.n; i++ {
		r.drafts[i].fact = r.lex.find(r.key(i))
	}
}

// familyFirst reads "FAMILY, Given" as "Given FAMILY", the way most lists write names.
func (r *nameReader) familyFirst() {
	at := -1
	for i := range r.n - 1 {
		if r.drafts[i].comma {
			if at >= 0 {
				return // several commas: a list of something
			}
			at = i
		}
	}
	if at < 0 {
		return
	}
	if at == r.n-2 && r.is(r.n-1, "jr", "sr", "junior", "senior", "ii", "iii", "iv", "dr", "phd", "md", "esq") {
		return
	}
	n := r.n - at - 1
	slices.Reverse(r.drafts[:at+1])
	slices.Reverse(r.drafts[at+1 : r.n])
	slices.Reverse(r.drafts[:r.n])
	for i := range r.n {
		switch d := &r.drafts[i]; {
		case d.class == classTitle:
		case i < n:
			d.role = roleGiven
		default:
			d.role = roleFamily
		}
	}
	r.ordered = true
}

// capitals reads one run of words in capitals beside words that are not as the family name.
func (r *nameReader) capitals() {
	if r.ordered {
		return
	}
	first, last, small := -1, -1, false
	for i := range r.n {
		d := &r.drafts[i]
		switch {
		case len(r.key(i)) < 2 || d.class == classTitle || d.fact != nil && d.fact.form > 0:
		case d.caps && first < 0:
			first, last = i, i
		case d.caps && last == i-1:
			last = i
		case d.caps:
			return
		case r.text[d.raw.from] < 'a' || r.text[d.raw.from] >= utf8.RuneSelf:
			small = true
		}
	}
	if first < 0 || !small || first > r.front() && last < r.n-1 {
		return
	}
	switch r.drafts[first].script {
	case writingLatin, writingCyrillic, writingGreek:
	default:
		return
	}
	for i := r.front(); i < r.n; i++ {
		r.drafts[i].role = roleGiven
		if i >= first && i <= last {
			r.drafts[i].role = roleFamily
		}
	}
	r.ordered = true
}

// front is where the name begins, behind its titles.
func (r *nameReader) front() int {
	i := 0
	for i < r.n-1 && r.drafts[i].class == classTitle {
		i++
	}
	return i
}

// titles marks what stands before a name and is no part of it.
func (r *nameReader) titles() {
	for i := range r.n - 1 {
		if f := r.drafts[i].fact; f == nil || !f.title || r.drafts[i].role == roleFamily || r.drafts[i].comma {
			break
		}
		d := &r.drafts[i]
		d.class, d.weight, d.role = classTitle, weightTitle, roleUnknown
	}
}

// sons marks the names that bin or ibn stands before.
func (r *nameReader) sons() {
	for i := 1; i < r.n; i++ {
		if p := &r.drafts[i-1]; p.class == classParticle && p.son {
			r.drafts[i].son, p.son = true, false
		} else if i > 1 && p.class == classParticle && r.drafts[i-2].class == classParticle && r.drafts[i-2].son {
			r.drafts[i].son = true
		}
	}
}

// placeFamily marks the family name as far as its place tells: the last plain part, or the first
// in East Asian names.
func (r *nameReader) placeFamily() {
	first, last, n := -1, -1, 0
	for i := range r.n {
		d := &r.drafts[i]
		if d.role == roleFamily && d.class == classPlain {
			d.ends = true
		}
		if d.class == classPlain {
			if first < 0 {
				first = i
			}
			last = i
			n++
		}
	}
	if n < 2 || r.ordered {
		return
	}
	d := &r.drafts[first]
	short := true
	for i := range r.n {
		short = short && r.drafts[i].k.to-r.drafts[i].k.from <= 8
	}
	if d.script.syllabic() || d.script == writingKana || d.script == writingLatin && d.fact != nil && d.fact.eastern && short {
		d.ends = true
		return
	}
	r.drafts[last].ends = true
}
