package review

import "math/bits"

// nameLink ties parts of one name to parts of the other: one to one, or several to one where
// words are joined or split.
type nameLink struct {
	a0, a1, b0, b1 int8 // first and last part of either side
	kind           PairKind
	like           float64
}

// nameAlignment sets two names against each other. It holds no pointers of its own making: one
// value serves for thousands of names.
type nameAlignment struct {
	kind         PartyKind
	rank         func(nameReading) int
	a, b         *FoldedName
	links        [2 * maxNameTokens]nameLink
	n            int
	usedA, usedB uint32 // by bit: the part stands in a link

	met    *nameMeetings
	base   int    // where the parts of a stand among ours
	window uint64 // by bit: the parts of a; 0 where nothing is remembered

	strength  float64 // what tally found
	fix       [6]Contribution
	fixes     int
	weighed   float64 // what the strengths of all parts are divided by
	swapped   bool    // parts stand in another order
	reading   nameReading
	leftA     uint32 // parts of weight that only one side has
	leftB     uint32
	replacedN int
}

// nameReading is what the links and leftovers amount to.
type nameReading struct {
	verdict Verdict
	rule    string
}

// nameRank says which of several readings speaks for a party: letters that nobody compared only
// where none of its spellings can be.
func nameRank(r nameReading) int {
	switch r.rule {
	case ruleNameOtherScript, ruleNameOtherReading, ruleNameUnread:
		return 0
	}
	return verdictRank(r.verdict)
}

func (l *nameAlignment) link(a0, a1, b0, b1 int, kind PairKind, like float64) {
	if l.n == len(l.links) {
		return
	}
	l.links[l.n] = nameLink{int8(a0), int8(a1), int8(b0), int8(b1), kind, like}
	l.n++
	for i := a0; i <= a1; i++ {
		l.usedA |= 1 << i
	}
	for j := b0; j <= b1; j++ {
		l.usedB |= 1 << j
	}
}

// align ties the parts of a to those of b: what is equal first, then words that are joined on
// one side, then what is most alike.
func (l *nameAlignment) align(kind PartyKind, a, b *FoldedName) {
	l.tie(kind, a, b)
	l.tally()
}

func (l *nameAlignment) tie(kind PartyKind, a, b *FoldedName) {
	l.kind, l.a, l.b = kind, a, b
	if kind == PartyUnknown { // as the names themselves look
		l.kind = PartyPerson
		if a.company || b.company {
			l.kind = PartyBusiness
		}
	}
	l.n, l.usedA, l.usedB, l.fixes, l.swapped, l.replacedN = 0, 0, 0, 0, false, 0
	strangers := l.strangers()
	if !strangers {
		l.equal()
	}
	if l.open() {
		if l.n == 0 && sameLetters(a.tokens, b.tokens) {
			l.link(0, len(a.tokens)-1, 0, len(b.tokens)-1, PairJoined, likeJoined)
		} else {
			l.joined(false)
			if !strangers {
				l.alike()
			}
			if l.open() {
				l.joined(true)
				l.initials()
			}
		}
	}
}

// hopeless says that nothing ties the names and that they can be read: their verdict will be a
// conflict, their strength nothing.
func (l *nameAlignment) hopeless() bool {
	return l.n == 0 && l.a.plain > 0 && l.b.plain > 0 && (l.a.script == l.b.script || l.readable() && !l.loose()) && !l.byName()
}

// beats says that the one found so far is better than any that is hopeless.
func (l *nameAlignment) beats() bool {
	rank, conflict := l.rank(l.reading), l.rank(nameReading{verdict: Conflict})
	return rank > conflict || rank == conflict && l.strength > 0
}

func (l *nameAlignment) freeA() uint32 { return ^l.usedA & (1<<len(l.a.tokens) - 1) }
func (l *nameAlignment) freeB() uint32 { return ^l.usedB & (1<<len(l.b.tokens) - 1) }
func (l *nameAlignment) open() bool    { return l.freeA() != 0 && l.freeB() != 0 }

// equal ties parts with the same letters, each to the nearest of its kind.
func (l *nameAlignment) equal() {
	for i := range l.a.tokens {
		x := &l.a.tokens[i]
		best, far := -1, maxNameTokens+1
		for j := range l.b.tokens {
			y := &l.b.tokens[j]
			if x.letterN != y.letterN || x.key != y.key || l.usedB&(1<<j) != 0 || x.script != y.script || x.class != y.class {
				continue
			}
			d := max(i-j, j-i)
			if x.son != y.son { // a father's name is tied to a father's name first
				d += maxNameTokens / 2
			}
			if d < far {
				best, far = j, d
			}
		}
		if best >= 0 {
			kind, like := meet(x, &l.b.tokens[best])
			l.link(i, i, best, best, kind, like)
		}
	}
}

// alike ties what is left in the order of likeness.
func (l *nameAlignment) alike() {
	type candidate struct {
		like float64
		kind PairKind
		i, j int8
	}
	var all [24]candidate
	n := 0
	for fa := l.freeA(); fa != 0; fa &= fa - 1 {
		i := bits.TrailingZeros32(fa)
		for fb := l.freeB(); fb != 0; fb &= fb - 1 {
			j := bits.TrailingZeros32(fb)
			if l.never(i, &l.b.tokens[j]) {
				continue
			}
			if kind, like := meet(&l.a.tokens[i], &l.b.tokens[j]); like > 0 && n < len(all) {
				all[n] = candidate{like, kind, int8(i), int8(j)}
				n++
			}
		}
	}
	for range n {
		best := -1
		for c := range n {
			x := &all[c]
			if l.usedA&(1<<x.i) != 0 || l.usedB&(1<<x.j) != 0 {
				continue
			}
			if best < 0 || x.like > all[best].like || x.like == all[best].like && nearer(x.i, x.j, all[best].i, all[best].j) {
				best = c
			}
		}
		if best < 0 {
			return
		}
		c := all[best]
		l.link(int(c.i), int(c.i), int(c.j), int(c.j), c.kind, c.like)
	}
}

// nearer prefers the pair whose parts stand nearer to each other's place; it says the same when
// the sides are exchanged.
func nearer(i, j, k, m int8) bool {
	x, y := max(i-j, j-i), max(k-m, m-k)
	if x != y {
		return x < y
	}
	return i+j < k+m
}

// sameLetters says that two names differ in nothing but where words are parted.
func sameLetters(a, b []nameToken) bool {
	if len(a) == 0 || len(b) == 0 || a[0].script != b[0].script {
		return false
	}
	i, j, x, y := 0, 0, 0, 0
	n := 0
	for {
		for i < len(a) && x == len(a[i].key) {
			i, x = i+1, 0
		}
		for j < len(b) && y == len(b[j].key) {
			j, y = j+1, 0
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b) && n >= 6
		}
		if a[i].key[x] != b[j].key[y] {
			return false
		}
		x, y, n = x+1, y+1, n+1
	}
}

// initials ties a short word to the words whose first letters it is made of: JC, PLA.
func (l *nameAlignment) initials() {
	for fa := l.freeA(); fa != 0 && l.a.capital; fa &= fa - 1 {
		i := bits.TrailingZeros32(fa)
		if from, to := initialsOf(&l.a.tokens[i], l.b.tokens, l.usedB); to > from {
			l.link(i, i, from, to, PairInitial, likeInitial)
		}
	}
	for fb := l.freeB(); fb != 0 && l.b.capital; fb &= fb - 1 {
		j := bits.TrailingZeros32(fb)
		if from, to := initialsOf(&l.b.tokens[j], l.a.tokens, l.usedA); to > from {
			l.link(from, to, j, j, PairInitial, likeInitial)
		}
	}
}

func initialsOf(t *nameToken, parts []nameToken, used uint32) (from, to int) {
	if !t.mayBeInitials() {
		return 0, 0
	}
	for from = range parts {
		k := 0
		for to = from; to < len(parts) && k < len(t.key); to++ {
			p := &parts[to]
			if used&(1<<to) != 0 || p.latin == "" || p.latin[0] != t.key[k] {
				if p.class == classFiller {
					continue
				}
				break
			}
			k++
		}
		if k == len(t.key) {
			return from, to - 1
		}
	}
	return 0, 0
}

// mayBeInitials says that a word is short and in capitals.
func (t *nameToken) mayBeInitials() bool {
	return t.letterN >= 2 && t.letterN <= 5 && t.script == writingLatin && capitals(t.text)
}

func capitals(s string) bool {
	for i := range len(s) {
		if (s[i] < 'A' || s[i] > 'Z') && s[i] != '.' {
			return false
		}
	}
	return true
}
