package review

import "unicode/utf8"

// romans are the numbers that companies count in, as they are written.
var romans = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
	"xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xx": "20"}

func (r *nameReader) shapeCompany() {
	r.dotted()
	for i := 0; i < r.n; i++ {
		if r.phraseAt(i) {
			continue
		}
		d := &r.drafts[i]
		f := d.fact
		key := r.key(i)
		switch {
		case len(key) > 0 && key[0] >= '0' && key[0] <= '9':
			d.class, d.weight = classNumber, weightNumber
		case i > 0 && d.caps && romans[string(key)] != "":
			d.k = r.keyed(romans[string(key)])
			d.class, d.weight = classNumber, weightNumber
		case f == nil:
			if c := r.nearForm(key); c > 0 && i > 0 {
				d.class, d.weight = classForm, weightForm
				d.fact = &wordFact{form: c}
			}
		case f.form > 0 && (i > 0 || !f.particle) && r.n > 1:
			d.class, d.weight = classForm, weightForm
		case f.filler && (i > 0 || string(key) == "the"):
			d.class, d.weight = classFiller, weightFiller
		case f.place > 0:
			d.class, d.weight = classPlace, weightPlace
		case f.particle && i < r.n-1 && (string(key) == "al" || string(key) == "el" || i > 0):
			d.class, d.weight = classParticle, weightParticle
		case f.business:
			d.class, d.weight = classTrade, weightTrade
		}
	}
	r.allTrade()
}

// allTrade keeps a name that is made of nothing but trades and places comparable: then these
// tell it from others.
func (r *nameReader) allTrade() {
	for i := range r.n {
		if c := r.drafts[i].class; c == classPlain || c == classPlace {
			return
		}
	}
	for i := range r.n {
		if d := &r.drafts[i]; d.class == classTrade && r.n == 1 {
			d.class, d.weight = classPlain, weightCommon
		}
	}
}

// dotted joins letters between full stops: S.A., G.m.b.H., A.B.C.
func (r *nameReader) dotted() {
	for i := 0; i < r.n; i++ {
		j := i
		for j < r.n-1 && r.single(j) && r.drafts[j].dot && r.drafts[j].tight && r.single(j+1) {
			j++
		}
		if j > i {
			d := r.drafts[i]
			d.k.to = r.drafts[j].k.to // keys stand in the order of the name
			r.take(i, j, d)
			r.drafts[i].fact = r.lex.find(r.key(i))
		}
	}
}

func (r *nameReader) single(i int) bool { return utf8.RuneCount(r.key(i)) == 1 }

// phraseAt joins a legal form or a place of several words into one token.
func (r *nameReader) phraseAt(i int) bool {
	var best phrase
	for _, p := range r.lex.phrases[string(r.key(i))] {
		if len(p.words) <= len(best.words) || i+len(p.words) > r.n || p.form > 0 && len(p.words) == r.n {
			continue
		}
		fits := true
		for k, w := range p.words {
			fits = fits && string(r.key(i+k)) == w
		}
		if fits {
			best = p
		}
	}
	if best.words == nil {
		return false
	}
	d := r.drafts[i]
	d.k = r.keyed(best.words...)
	d.class, d.weight = classForm, weightForm
	d.fact = &wordFact{form: best.form, place: best.place}
	if best.place > 0 {
		d.class, d.weight = classPlace, weightPlace
	}
	r.take(i, i+len(best.words)-1, d)
	return true
}

// longForms are legal forms long enough to be known through a slip of the pen.
var longForms = []string{"aktiengesellschaft", "incorporated", "corporation", "limited", "company"}

// nearForm is the class of a misspelled legal form, 0 when it is none.
func (r *nameReader) nearForm(key []byte) uint8 {
	if len(key) < 6 || len(key) > 20 {
		return 0
	}
	for _, form := range longForms {
		if oneEdit(string(key), form) {
			return r.lex.words[form].form
		}
	}
	return 0
}
