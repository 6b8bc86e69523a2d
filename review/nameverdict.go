package review

import "math/bits"

// The rules that may speak for a name.
const (
	ruleNameSame         = "name/same"
	ruleNameScript       = "name/transliterated"
	ruleNameOrder        = "name/order"
	ruleNameVariant      = "name/variant"
	ruleNameSound        = "name/sound"
	ruleNameNickname     = "name/nickname"
	ruleNameInitial      = "name/initial"
	ruleNameJoined       = "name/joined"
	ruleNameExtraThere   = "name/extra-there"
	ruleNameExtraHere    = "name/extra-here"
	ruleNameForm         = "name/other-form"
	ruleNameSingle       = "name/single"
	ruleNameReplaced     = "name/replaced"
	ruleNameFamily       = "name/replaced-family"
	ruleNameOnly         = "name/replaced-only"
	ruleNameOther        = "name/other"
	ruleNameSons         = "name/generations"
	ruleNameKunya        = "name/by-name"
	ruleNameRoles        = "name/roles-swapped"
	ruleNameReversed     = "name/reversed"
	ruleNameOtherScript  = "name/other-script"
	ruleNameOtherReading = "name/other-reading"
	ruleNameUnread       = "name/unread"
)

// read takes the verdict from the links. A part left over on one side is an omission; left over
// on both it is a replacement. told is how many links tell the name from others, common how many
// of these are frequent names.
func (l *nameAlignment) read(told, common int) {
	say := func(v Verdict, rule string) { l.reading = nameReading{v, rule} }
	l.leftA, l.leftB = l.heavy(l.a.tokens, l.freeA()), l.heavy(l.b.tokens, l.freeB())
	family, only := l.familyReplaced(), l.replacedN > 0 && told == 0
	switch {
	case l.a.plain+l.b.plain == 0 && l.n == 0 || len(l.a.tokens) == 0 || len(l.b.tokens) == 0:
		l.strength, l.weighed = 0, 0
		say(Close, ruleNameUnread)
		return
	case l.a.script != l.b.script && !l.readable():
		l.strength, l.weighed = 0, 0
		l.minus(-strengthNoVerdict, "letters that were not compared")
		say(Close, ruleNameOtherScript)
		return
	case l.n == 0 && l.a.script != l.b.script && l.loose():
		l.strength, l.weighed = 0, 0
		l.minus(-strengthNoVerdict, "one of several readings")
		say(Close, ruleNameOtherReading)
		return
	case told == 0 && l.byName():
		l.strength, l.weighed = 0, 0
		l.minus(-strengthNoVerdict, "a by-name beside a name")
		say(Close, ruleNameKunya)
	case told == 0 && l.replacedN == 0 && l.strength < 0.99:
		l.times(factorNothing, "no part that tells the name")
		if l.n > 0 {
			say(Close, ruleNameReplaced)
		} else {
			say(Conflict, ruleNameOther)
		}
	case l.sonsSwapped():
		l.times(factorSons, "generations the other way round")
		say(Close, ruleNameSons)
	case l.rolesSwapped():
		l.times(factorSons, "given and family name exchanged")
		say(Conflict, ruleNameRoles)
	case only:
		l.times(factorNothing, "no part that tells the name is alike")
		say(Conflict, ruleNameOnly)
		if l.n == l.replacedN {
			say(Conflict, ruleNameOther)
		}
	case family:
		l.times(factorFamily, "family name replaced")
		say(Conflict, ruleNameFamily)
	case l.replacedN > 0:
		l.times(factorReplaced, "a part replaced")
		say(Close, ruleNameReplaced)
	default:
		l.readUnreplaced()
	}
	if l.kind == PartyPerson && told == 1 && l.replacedN == 0 && max(l.a.plain, l.b.plain) > 1 && min(l.a.plain, l.b.plain) < 2 {
		if common == 1 {
			l.times(factorOneCommon, "only one frequent name agrees")
		} else {
			l.times(factorOneWord, "only one name agrees")
		}
	}
	if l.swapped && !l.a.ordered && !l.b.ordered {
		l.minus(minusOrder, "order swapped")
	}
	if l.a.weak != l.b.weak {
		l.minus(minusWeakAlias, "a weak alias")
	}
}

// byName says that a kunya (Abu Bakr, Umm Salma) is left over: a name of its own, of which no
// other name can be told.
func (l *nameAlignment) byName() bool {
	for i := range l.a.tokens {
		if l.a.tokens[i].kunya && l.usedA&(1<<i) == 0 {
			return true
		}
	}
	for j := range l.b.tokens {
		if l.b.tokens[j].kunya && l.usedB&(1<<j) == 0 {
			return true
		}
	}
	return false
}

// heavy are the free parts that mean something.
func (l *nameAlignment) heavy(tokens []nameToken, free uint32) uint32 {
	left := uint32(0)
	for ; free != 0; free &= free - 1 {
		if i := bits.TrailingZeros32(free); weighty(&tokens[i]) {
			left |= 1 << i
		}
	}
	return left
}

// familyReplaced says that the family name of one side stands against another name: as far as
// roles or places tell.
func (l *nameAlignment) familyReplaced() bool {
	for k := range l.n {
		x := &l.links[k]
		if x.kind == PairReplaced && l.a.tokens[x.a0].ends && l.b.tokens[x.b0].ends {
			return true
		}
		if x.kind == PairReplaced && l.kind != PartyPerson && l.a.tokens[x.a0].class == classPlain && l.b.tokens[x.b0].class == classPlain &&
			l.firstPlain(l.a.tokens, int(x.a0)) && l.firstPlain(l.b.tokens, int(x.b0)) {
			return true // a company is called by its first name
		}
	}
	return false
}

func (l *nameAlignment) firstPlain(tokens []nameToken, i int) bool {
	for k := range i {
		if tokens[k].class == classPlain {
			return false
		}
	}
	return true
}

// readUnreplaced words names of which no part is replaced, by the weakest of their links.
func (l *nameAlignment) readUnreplaced() {
	var seen [8]bool // in the order below
	forms := 0
	for k := range l.n {
		x := &l.links[k]
		plain := l.tells(l.a.tokens[x.a0:x.a1+1]) || l.tells(l.b.tokens[x.b0:x.b1+1]) || l.a.tokens[x.a0].class == classTrade
		switch {
		case x.kind == PairInitial:
			seen[0] = true
		case x.kind == PairNickname:
			seen[1] = true
		case x.kind == PairSpelling && plain:
			seen[2] = true
		case x.kind == PairSound && plain:
			seen[3] = true
		case x.kind == PairScript && (x.like < likeReading || !l.a.tokens[x.a0].script.alphabet() || !l.b.tokens[x.b0].script.alphabet()):
			seen[4] = true
		case x.kind == PairScript:
			seen[5] = true
		case x.kind == PairJoined:
			seen[6] = true
		}
	}
	for _, side := range []struct {
		tokens []nameToken
		free   uint32
	}{{l.a.tokens, l.freeA()}, {l.b.tokens, l.freeB()}} {
		for free := side.free; free != 0; free &= free - 1 {
			if side.tokens[bits.TrailingZeros32(free)].class == classForm {
				forms++
				break
			}
		}
	}
	if forms == 2 {
		l.minus(minusForm, "another legal form")
	}
	single := l.a.plain == 1 && l.b.plain == 1 && l.kind == PartyPerson
	common := single && l.a.tokens != nil && l.commonOnly()
	switch {
	case seen[0]:
		l.reading = nameReading{Close, ruleNameInitial}
	case seen[1]:
		l.reading = nameReading{Close, ruleNameNickname}
	case seen[2]:
		l.reading = nameReading{Close, ruleNameVariant}
	case seen[3]:
		l.reading = nameReading{Close, ruleNameSound}
	case l.leftA != 0:
		l.reading = nameReading{Close, ruleNameExtraHere}
	case l.leftB != 0:
		l.reading = nameReading{Close, ruleNameExtraThere}
	case seen[4]:
		l.reading = nameReading{Close, ruleNameScript}
	case single && (common || seen[5]):
		l.reading = nameReading{Close, ruleNameSingle}
	case l.swapped && !l.a.ordered && !l.b.ordered:
		l.reading = nameReading{Close, ruleNameOrder}
	case forms == 2:
		l.reading = nameReading{Close, ruleNameForm}
	case seen[6]:
		l.reading = nameReading{Agree, ruleNameJoined}
	case seen[5]:
		l.reading = nameReading{Agree, ruleNameScript}
	case l.swapped:
		l.reading = nameReading{Agree, ruleNameOrder}
	default:
		l.reading = nameReading{Agree, ruleNameSame}
	}
}

// commonOnly says that every part that tells the name is a frequent one.
func (l *nameAlignment) commonOnly() bool {
	for i := range l.a.tokens {
		if t := &l.a.tokens[i]; t.class == classPlain && (t.fact == nil || !t.fact.common) {
			return false
		}
	}
	return true
}
