package review

import "math/bits"

// The constants that make strength out of links and leftovers. Each says what it is for.
const (
	costExtraOurs     = 0.80 // a part that only we have: the customer told us their name
	costExtraTheirs   = 0.20 // a part that only the list has: it often knows more names
	costExtraPlace    = 0.60 // Banco Santander is not Banco Santander Chile
	factorReplaced    = 0.75 // left over on both sides: the strongest sign of another person
	factorFamily      = 0.60 // the same, of the family name
	factorSons        = 0.50 // X bin Y against Y bin X: father and son
	factorNothing     = 0.45 // no part that tells the name from others is alike
	factorOneCommon   = 0.70 // all that agrees is one frequent name
	factorOneWord     = 0.92 // all that agrees is one name
	minusOrder        = 0.03 // given and family name swapped, and nobody says which is which
	minusForm         = 0.03 // another class of legal form
	minusWeakAlias    = 0.04 // the list itself calls this alias weak
	factorReversed    = 0.70 // the letters stand in reverse
	strengthNoVerdict = 0.30 // letters that were not compared: neither likely nor excluded
)

// Contribution is one term of a strength.
type Contribution struct {
	What  string  // what it is for, in words
	Value float64 // may be negative
}

// tally weighs links and leftovers. What it computes adds up: every part has its share, and
// what lowers the whole is a term of its own.
func (l *nameAlignment) tally() {
	l.replace()
	num, den := 0.0, 0.0
	told, spoken := 0, 0 // distinctive links, and those of frequent names
	for k := range l.n {
		x := &l.links[k]
		w := l.linkWeight(x)
		num += w * x.like
		den += w
		if x.kind != PairReplaced && (x.kind != PairInitial || x.a1-x.a0+x.b1-x.b0 > 1) && (l.tells(l.a.tokens[x.a0:x.a1+1]) || l.tells(l.b.tokens[x.b0:x.b1+1])) {
			told++
			if f := l.a.tokens[x.a0].fact; f != nil && f.common {
				spoken++
			}
			if x.a0 != x.a1 || x.b0 != x.b1 {
				told++ // several words in one
			}
		}
	}
	den += l.extraWeight(l.a.tokens, l.freeA(), true) + l.extraWeight(l.b.tokens, l.freeB(), false)
	l.weighed = den
	l.strength = 0
	if den > 0 {
		l.strength = num / den
	}
	l.swapped = l.orderSwapped()
	l.read(told, spoken)
}

func (l *nameAlignment) tells(tokens []nameToken) bool {
	for i := range tokens {
		if tokens[i].distinctive() || l.kind == PartyPerson && tokens[i].class == classInitial && len(tokens) > 1 {
			return true
		}
	}
	return false
}

func (l *nameAlignment) linkWeight(x *nameLink) float64 {
	a, b := 0.0, 0.0
	for i := x.a0; i <= x.a1; i++ {
		a += l.a.tokens[i].weight
	}
	for j := x.b0; j <= x.b1; j++ {
		b += l.b.tokens[j].weight
	}
	if x.kind == PairInitial && x.a0 == x.a1 && x.b0 == x.b1 {
		return weightInitial
	}
	if x.kind == PairReplaced {
		return max((a+b)/2, weightTrade) // an initial that is another speaks as loud as a name
	}
	return (a + b) / 2
}

// extraWeight is what parts without a partner add to what strength is divided by.
func (l *nameAlignment) extraWeight(tokens []nameToken, free uint32, ours bool) float64 {
	w := 0.0
	for ; free != 0; free &= free - 1 {
		w += l.extraCost(&tokens[bits.TrailingZeros32(free)], ours)
	}
	return w
}

func (l *nameAlignment) extraCost(t *nameToken, ours bool) float64 {
	cost := costExtraTheirs
	if ours {
		cost = costExtraOurs
	}
	switch {
	case t.class == classTitle:
		return 0
	case t.doubled:
		return weightTitle
	case t.class == classPlace, t.class == classNumber, t.class == classSuffix:
		cost = max(cost, costExtraPlace)
	}
	return t.weight * cost
}

// weighty says that a part that is left over means something.
func weighty(t *nameToken) bool {
	return !t.doubled && (t.distinctive() || t.class == classTrade || t.class == classInitial || t.class == classSuffix)
}

// replace ties what is left over on both sides: family names to family names first.
func (l *nameAlignment) replace() {
	if l.a.script != l.b.script && (!l.readable() || l.n == 0 && l.loose()) {
		return // letters that nobody compared are no replacement
	}
	for pass := range 3 {
		for fa := l.freeA(); fa != 0; fa &= fa - 1 {
			i := bits.TrailingZeros32(fa)
			x := &l.a.tokens[i]
			if !weighty(x) {
				continue
			}
			for fb := l.freeB(); fb != 0; fb &= fb - 1 {
				j := bits.TrailingZeros32(fb)
				y := &l.b.tokens[j]
				if !weighty(y) || x.kunya != y.kunya || pass == 0 && !(x.ends && y.ends) || pass == 1 && (x.class != y.class || x.ends != y.ends) {
					continue
				}
				l.link(i, i, j, j, PairReplaced, 0)
				l.replacedN++
				break
			}
		}
	}
}

// readable says that both names can be read in one alphabet.
func (l *nameAlignment) readable() bool {
	for _, f := range []*FoldedName{l.a, l.b} {
		if f.script == writingOther || f.script == writingNone {
			return false
		}
	}
	return true
}

// loose says that reading one of the scripts gives one spelling of many: Han has other readings
// than Mandarin's, and kana write foreign names by ear.
func (l *nameAlignment) loose() bool {
	return l.a.script == writingHan || l.b.script == writingHan || l.a.script == writingKana || l.b.script == writingKana
}

// orderSwapped says that the parts that tell the name stand in another order.
func (l *nameAlignment) orderSwapped() bool {
	last := int8(-1)
	for i := range l.a.tokens {
		for k := range l.n {
			x := &l.links[k]
			if int(x.a0) != i || x.kind == PairReplaced || !l.tells(l.a.tokens[x.a0:x.a1+1]) && !l.tells(l.b.tokens[x.b0:x.b1+1]) {
				continue
			}
			if x.b0 < last {
				return true
			}
			last = x.b0
		}
	}
	return false
}

// sonsSwapped says that the same names stand around bin or ibn the other way round.
func (l *nameAlignment) sonsSwapped() bool {
	var up, down bool
	for k := range l.n {
		x := &l.links[k]
		if x.kind == PairReplaced {
			continue
		}
		a, b := l.a.tokens[x.a0].son, l.b.tokens[x.b0].son
		up, down = up || a && !b, down || b && !a
	}
	return up && down
}

// rolesSwapped says that one side's given name is the other's family name, and that both sides
// say which is which.
func (l *nameAlignment) rolesSwapped() bool {
	var up, down bool
	for k := range l.n {
		x := &l.links[k]
		if x.kind == PairReplaced {
			continue
		}
		a, b := l.a.tokens[x.a0].role, l.b.tokens[x.b0].role
		up, down = up || a == roleGiven && b == roleFamily, down || a == roleFamily && b == roleGiven
	}
	return up && down
}

// times lowers the strength by a factor, minus by a term; both are terms of the sum.
func (l *nameAlignment) times(factor float64, what string) {
	l.minus(l.strength*(1-factor), what)
}

func (l *nameAlignment) minus(term float64, what string) {
	term = min(term, l.strength)
	if l.fixes < len(l.fix) && term != 0 {
		l.fix[l.fixes] = Contribution{what, -term}
		l.fixes++
		l.strength -= term
	}
}
