package review

import "hash/maphash"

// wordTable finds the distinct words of a batch of names: those of one party repeat one another's,
// and each is read in Latin letters once. It holds the place of the first token of each word.
type wordTable struct {
	slots [1024]int32 // a token's place + 1; 0 none
	n     int32       // distinct words
}

// crowded is how many words the table takes: of a batch with more, the rest are read as they come.
const crowded = 3 * len(wordTable{}.slots) / 4

var wordSeed = maphash.MakeSeed()

func (w *wordTable) clear() {
	if w.n > 0 {
		clear(w.slots[:])
	}
	w.n = 0
}

// find is the place of an earlier token that is the same word as the one at a place, whose draft is
// the i-th; negative when there is none. The word is numbered and remembered then.
func (w *wordTable) find(r *nameReader, i, at int) int {
	t, d := &r.tokens[at], &r.drafts[i]
	key := r.at(d.k)
	slot := maphash.String(wordSeed, t.text)
	for ; w.slots[slot%uint64(len(w.slots))] != 0; slot++ {
		known := int(w.slots[slot%uint64(len(w.slots))] - 1)
		if o := &r.tokens[known]; o.text == t.text && o.script == t.script && o.class == t.class && o.fact == t.fact && o.accents == t.accents &&
			(!t.script.syllabic() || o.role == t.role) && string(r.at(r.spans[known].k)) == string(key) {
			return known
		}
	}
	t.word = w.n
	if w.n++; int(w.n) < crowded {
		w.slots[slot%uint64(len(w.slots))] = int32(at + 1)
	}
	return -1
}

// sameWord takes over what was read of the same word.
func (t *nameToken) sameWord(o *nameToken) {
	t.letters, t.others, t.sounds, t.otherTo, t.letterN, t.word = o.letters, o.others, o.sounds, o.otherTo, o.letterN, o.word
}

// length is how many bytes a part has in Latin letters, or in its own where these are not known.
func (s *tokenSpan) length() int32 {
	if s.latin.from == s.latin.to {
		return s.k.to - s.k.from
	}
	return s.latin.to - s.latin.from
}
