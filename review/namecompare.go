package review

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

// TokenPair is parts of one name beside their partners in the other. Every part of both names
// stands in exactly one pair.
type TokenPair struct {
	Kind    PairKind
	Subject string // as written; "" when only the list has it
	Party   string // "" when only we have it
	Role    string // given, middle, family, "" unknown
	Weight  float64
	Share   float64 // what it adds to the strength
	from    int     // its place among the parts of our name, then of theirs
}

// NameComparison is how the best of all pairs of names stand to each other.
type NameComparison struct {
	Subject       Name // the two that spoke
	Party         Name // its Type tells primary, strong or weak alias
	SubjectAt     int  // their places among the names that were given; -1 when a side has none
	PartyAt       int
	Tokens        []TokenPair
	Verdict       Verdict // "" when neither side has a name
	Rule          string
	Words         string   // one sentence
	Notes         []string // what else a reader should know, a sentence each
	Strength      float64  // 0 to 1: for sorting, never shown to a reviewer
	Contributions []Contribution
	Skipped       int // aliases that are no names
	Repeated      int // aliases that are another one in other letters
}

// CompareNames sets every name of the subject against every name of the party and lets the best
// pair speak. The order of names changes nothing but the places in the answer.
func CompareNames(kind PartyKind, subject, party []Name) NameComparison {
	return compareFresh(kind, FoldNames(kind, subject), party, nameRank)
}

// compareFresh folds the party's names in memory that is used again: nothing of them is kept.
func compareFresh(kind PartyKind, subject []FoldedName, party []Name, rank func(nameReading) int) NameComparison {
	r := readers.Get().(*nameReader)
	defer r.release()
	folded := r.fold(kind, party)
	return compareFolded(kind, subject, folded, r.meetings(subject), rank)
}

// spellings finds the names of a party that fold to the same: by hash, their places + 1.
type spellings struct{ slots []int32 }

// seenSpellings are reused for their memory.
var seenSpellings = sync.Pool{New: func() any { return new(spellings) }}

// room makes place for so many names.
func (s *spellings) room(names int) {
	n := 1 << bits.Len(uint(2*names))
	s.slots = slices.Grow(s.slots[:0], n)[:n]
	clear(s.slots)
}

// at is the slot of a name's spelling: the place + 1 of one that folds to the same, or 0.
func (s *spellings) at(party []FoldedName, f *FoldedName) *int32 {
	for i := f.whole; ; i++ {
		if slot := &s.slots[i%uint64(len(s.slots))]; *slot == 0 || party[*slot-1].sameKeys(f) {
			return slot
		}
	}
}

// CompareFolded is CompareNames over names that were made ready before. A party stands in many
// comparisons: its names are folded once.
func CompareFolded(kind PartyKind, subject, party []FoldedName) NameComparison {
	return compareFolded(kind, subject, party, nil, nameRank)
}

// compareFolded is told which words met before where the party's names are of one batch, and which
// pair of names speaks for the party.
func compareFolded(kind PartyKind, subject, party []FoldedName, met *nameMeetings, rank func(nameReading) int) NameComparison {
	c := NameComparison{SubjectAt: -1, PartyAt: -1}
	if len(subject) == 0 || len(party) == 0 {
		switch {
		case len(subject) > 0:
			c.Verdict, c.Rule, c.Words = MissingMatch, "missing", "The list gives no name."
		case len(party) > 0:
			c.Verdict, c.Rule, c.Words = MissingSubject, "missing", "The list gives a name; ours is unknown."
		}
		return c
	}
	l, best := nameAlignment{rank: rank}, nameAlignment{rank: rank}
	seen := seenSpellings.Get().(*spellings)
	defer seenSpellings.Put(seen)
	seen.room(len(party))
	for j := range party {
		b := &party[j]
		if b.notes&noteJunk != 0 || len(b.tokens) == 0 && strings.TrimSpace(b.Name.Value) == "" {
			c.Skipped++
			continue
		}
		if len(b.tokens) > 0 {
			slot := seen.at(party, b)
			if *slot != 0 {
				c.Repeated++
				if !before(b, &party[*slot-1]) {
					continue
				}
			}
			*slot = int32(j + 1)
		}
		base := 0
		for i := range subject {
			l.since(met, base, len(subject[i].tokens))
			base += len(subject[i].tokens)
			l.tie(kind, &subject[i], b)
			if c.SubjectAt >= 0 && best.beats() && l.hopeless() {
				continue
			}
			l.tally()
			if c.SubjectAt < 0 || l.better(&best) {
				best, c.SubjectAt, c.PartyAt = l, i, j
			}
		}
	}
	if c.SubjectAt < 0 { // nothing but junk
		c.Verdict, c.Rule, c.Words = MissingMatch, "missing", "The list gives no name that can be compared."
		c.skippedNote()
		return c
	}
	if best.n == best.replacedN && best.kind == PartyPerson && best.a.script == best.b.script {
		a, b := reversed(kind, best.a), reversed(kind, best.b)
		l.since(nil, 0, 0) // these words are of no batch
		l.align(kind, &a, best.b)
		if l.n == l.replacedN {
			l.align(kind, best.a, &b)
		}
		if l.n > l.replacedN && l.strength > 0.25 { // letters that fall into place in reverse do not do so by chance
			l.times(factorReversed, "letters in reverse")
			l.reading = nameReading{Close, ruleNameReversed}
			best = l
		}
	}
	c.explain(&best)
	c.say(&best)
	return c
}

// before says which of two spellings that fold to the same is to be shown, whatever the order in
// which they came: the primary name, then strong aliases, then weak ones.
func before(b, c *FoldedName) bool {
	return cmp.Or(cmp.Compare(quality(b.Name.Type), quality(c.Name.Type)), cmp.Compare(b.Name.Value, c.Name.Value),
		cmp.Compare(b.Name.Type, c.Name.Type)) < 0
}

// reversed reads the letters of a name backwards; it is still called what it was.
func reversed(kind PartyKind, f *FoldedName) FoldedName {
	s := f.Name.Value
	r := []rune(s[:min(len(s), 4*maxNameRunes)])
	slices.Reverse(r)
	turned := FoldName(kind, Name{Value: string(r)})
	turned.Name = f.Name
	return turned
}

// better says that l is to be shown rather than b. Of equals, names decide, never the order in
// which they came.
func (l *nameAlignment) better(b *nameAlignment) bool {
	if x, y := l.rank(l.reading), b.rank(b.reading); x != y {
		return x > y
	}
	if l.strength != b.strength {
		return l.strength > b.strength
	}
	if before(l.b, b.b) || before(b.b, l.b) {
		return before(l.b, b.b)
	}
	return l.a.Name.Value < b.a.Name.Value
}

// quality orders kinds of names: the primary one, strong aliases, weak ones.
func quality(kind string) int {
	switch {
	case kind == "" || kind == "primary_name":
		return 0
	case weakAlias(kind):
		return 2
	}
	return 1
}

// explain lays the alignment out: ours in their order, then what only they have.
func (c *NameComparison) explain(l *nameAlignment) {
	c.Subject, c.Party = l.a.Name, l.b.Name
	c.Verdict, c.Rule, c.Strength = l.reading.verdict, l.reading.rule, 0
	c.Tokens = slices.Grow(c.Tokens, l.n+bits.OnesCount32(l.freeA())+bits.OnesCount32(l.freeB()))
	add := func(p TokenPair) {
		if l.weighed > 0 {
			p.Share /= l.weighed
		} else {
			p.Share = 0
		}
		c.Tokens = append(c.Tokens, p)
	}
	for k := range l.n {
		x := &l.links[k]
		w := l.linkWeight(x)
		p := TokenPair{Kind: x.kind, Weight: w, Share: w * x.like, from: int(x.a0)}
		p.Subject, p.Party = written(l.a.tokens[x.a0:x.a1+1]), written(l.b.tokens[x.b0:x.b1+1])
		p.Role = cmp.Or(l.a.tokens[x.a0].role, l.b.tokens[x.b0].role).String()
		add(p)
	}
	for free := l.freeA(); free != 0; free &= free - 1 {
		t := &l.a.tokens[bits.TrailingZeros32(free)]
		add(TokenPair{Kind: PairExtra, Subject: t.text, Role: t.role.String(), Weight: l.extraCost(t, true), from: bits.TrailingZeros32(free)})
	}
	for free := l.freeB(); free != 0; free &= free - 1 {
		j := bits.TrailingZeros32(free)
		t := &l.b.tokens[j]
		add(TokenPair{Kind: PairExtraTo, Party: t.text, Role: t.role.String(), Weight: l.extraCost(t, false), from: maxNameTokens + j})
	}
	slices.SortStableFunc(c.Tokens, func(p, q TokenPair) int { return cmp.Compare(p.from, q.from) })
	for _, p := range c.Tokens {
		if p.Share > 0 {
			c.Contributions = append(c.Contributions, Contribution{string(p.Kind) + ": " + p.Subject + " · " + p.Party, p.Share})
		}
	}
	c.Contributions = append(c.Contributions, l.fix[:l.fixes]...)
	for _, x := range c.Contributions {
		c.Strength += x.Value
	}
	c.Strength = min(max(c.Strength, 0), 1)
}

func written(tokens []nameToken) string {
	if len(tokens) == 1 {
		return tokens[0].text
	}
	all := make([]string, len(tokens))
	for i := range tokens {
		all[i] = tokens[i].text
	}
	if tokens[0].script.syllabic() {
		return strings.Join(all, "")
	}
	return strings.Join(all, " ")
}

// say puts the comparison into words.
func (c *NameComparison) say(l *nameAlignment) {
	c.Words = c.sentence(l)
	note := func(format string, args ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, args...)) }
	if l.swapped && c.Rule != ruleNameOrder {
		note("Order swapped: the parts stand in another order.")
	}
	for _, side := range []struct {
		of string
		f  *FoldedName
	}{{"Our name", l.a}, {"The list's name", l.b}} {
		for _, n := range []struct {
			bit  nameNotes
			says string
		}{
			{noteHidden, "holds hidden characters; it was compared without them"},
			{noteRightToLeft, "holds characters that turn the direction of writing; it was compared without them"},
			{noteTwoScripts, "has letters of two scripts in one word; it was compared by the letters they look like"},
			{noteDigits, "has digits within a word; it was compared by the letters they look like"},
			{noteCapped, "is longer than docket compares; only its beginning was compared"},
		} {
			if side.f.notes&n.bit != 0 {
				note("%s %s.", side.of, n.says)
			}
		}
		for i := range side.f.tokens {
			if t := &side.f.tokens[i]; t.class == classTitle {
				note("%s has a title, %s, which counts for little.", side.of, t.text)
				break
			}
		}
	}
	if l.a.script != l.b.script && l.readable() {
		note("Ours is in %s letters, the list's in %s.", l.a.script, l.b.script)
	}
	if (c.Verdict == Agree || c.Verdict == Close) && l.n > l.replacedN && l.commonOnly() && l.a.plain > 0 {
		if l.a.plain == 1 {
			note("The name is very common: its agreement says little.")
		} else {
			note("All parts of the name are very common: their agreement says little.")
		}
	}
	switch quality(c.Party.Type) {
	case 1:
		note("This is one of the party's other names.")
	case 2:
		note("This is a weak alias of the party.")
	}
	c.skippedNote()
}

func (c *NameComparison) skippedNote() {
	switch {
	case c.Skipped == 1:
		c.Notes = append(c.Notes, "One alias is no name and was left out.")
	case c.Skipped > 1:
		c.Notes = append(c.Notes, fmt.Sprintf("%d aliases are no names and were left out.", c.Skipped))
	}
}

// sentence says what the rule found, with the parts that it is about.
func (c *NameComparison) sentence(l *nameAlignment) string {
	of := func(kind PairKind) string {
		for _, p := range c.Tokens {
			if p.Kind == kind && p.Weight >= weightParticle*2 {
				return "“" + clipWord(p.Subject) + "” and “" + clipWord(p.Party) + "”"
			}
		}
		return "two parts"
	}
	extra := func(kind PairKind) string {
		var all []string
		for _, p := range c.Tokens {
			if p.Kind == kind {
				all = append(all, "“"+clipWord(p.Subject+p.Party)+"”")
			}
		}
		if len(all) > 3 {
			all = append(all[:3], "…")
		}
		return strings.Join(all, ", ")
	}
	switch c.Rule {
	case ruleNameSame:
		return "Same name."
	case ruleNameScript:
		if c.Verdict == Agree {
			return "Same name, written in another script."
		}
		return "The names read alike in Latin letters: " + of(PairScript) + "."
	case ruleNameOrder:
		if c.Verdict == Agree {
			return "Same name, its parts in another order."
		}
		return "Order swapped: the same parts, and nobody says which is the family name."
	case ruleNameVariant:
		return "A part is spelled another way: " + of(PairSpelling) + "."
	case ruleNameSound:
		return "A part sounds alike: " + of(PairSound) + "."
	case ruleNameNickname:
		return "Usual short form or form of another language: " + of(PairNickname) + "."
	case ruleNameInitial:
		return "A part is given by its initial only: " + of(PairInitial) + "."
	case ruleNameJoined:
		return "Same name, its words parted in another way."
	case ruleNameExtraThere:
		return "The list's name has more parts: " + extra(PairExtraTo) + "."
	case ruleNameExtraHere:
		return "Our name has more parts: " + extra(PairExtra) + "."
	case ruleNameForm:
		return "Same name, another legal form."
	case ruleNameSingle:
		return "The same single word; a single word names many."
	case ruleNameReplaced:
		return "One part is replaced by another: " + of(PairReplaced) + "."
	case ruleNameFamily:
		return "The family name is another one: " + of(PairReplaced) + "."
	case ruleNameOnly:
		return "The only part that tells the name is another one: " + of(PairReplaced) + "."
	case ruleNameOther:
		return "No part of the names is alike."
	case ruleNameSons:
		return "The same names, father and son the other way round."
	case ruleNameKunya:
		return "One side gives a by-name (kunya), from which no other name can be told."
	case ruleNameRoles:
		return "Given and family name are exchanged, and both sides say which is which."
	case ruleNameReversed:
		return "The same letters, written in reverse."
	case ruleNameOtherScript:
		return "Written in different scripts; the letters were not compared."
	case ruleNameOtherReading:
		return "The characters have several readings; none that docket knows gives the other name."
	}
	return "One name holds no letters; compare by eye."
}

func clipWord(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
