package review

import (
	"math"
	"slices"
	"strings"
)

// The most of a name that is compared; of a longer one the first part is, and it is said.
const (
	maxNameRunes  = 256
	maxNameTokens = 16
)

// tokenClass is what a part of a name is for.
type tokenClass uint8

const (
	classPlain    tokenClass = iota // a name
	classInitial                    // one letter of one
	classParticle                   // al, von, bin: weighed with the next
	classTitle                      // Dr, Sheikh
	classSuffix                     // Jr, Sr, III after a person's name
	classForm                       // a company's legal form
	classFiller                     // and, of, the
	classTrade                      // bank, trading, group
	classPlace                      // of a company's name
	classNumber
)

// How much a part of each class counts beside a plain, rare one, which counts 1.
const (
	weightCommon   = 0.70 // Mohammed, Maria: agreement says little
	weightInitial  = 0.50 // half a name at most
	weightParticle = 0.12
	weightTitle    = 0.04 // near nothing
	weightSuffix   = 0.60 // father and son
	weightForm     = 0.12
	weightFiller   = 0.04
	weightTrade    = 0.50 // many companies share it
	weightPlace    = 0.90 // Bank of A is not Bank of B
	weightNumber   = 0.90 // Fund II is not Fund III
	weightFamily   = 1.20 // times the rest, where the family name is known as such
)

// nameRole is what a part of a name is in it.
type nameRole uint8

const (
	roleUnknown nameRole = iota // nobody says
	roleGiven
	roleMiddle
	roleFamily
)

func (r nameRole) String() string { return [...]string{"", "given", "middle", "family"}[r] }

// nameToken is one part of a name, ready to be set against others.
type nameToken struct {
	tokenSense
	text     string // as written
	key      string // folded, in its own script
	latin    string // how it reads in Latin letters; "" when nobody here can read it
	alt      string // the other usual Latin spelling (ö as oe); "" none
	sound    string // appendSound of latin
	altSound string // of alt
	letters  uint32 // letterBag of latin
	others   uint32 // of alt
	sounds   uint32 // of sound
	otherTo  uint32 // of altSound
	letterN  int8   // runes of key
	word     int32  // which of the distinct words of its batch it is
	doubled  bool   // stands in the name already
}

// tokenSense is what a part means.
type tokenSense struct {
	fact    *wordFact // what the word lists say of it; nil nothing
	weight  float64
	role    nameRole
	script  writing
	class   tokenClass
	ends    bool // the family name as far as its place tells
	son     bool // bin, ibn or ben stands before it
	kunya   bool // Abu or Umm with a name: a name of its own
	accents bool // folding took accents away
}

// distinctive says that the part tells this name from others.
func (t *nameToken) distinctive() bool {
	return t.class == classPlain || t.class == classPlace || t.class == classNumber
}

// nameNotes are things about a name that a reader should know.
type nameNotes uint16

const (
	noteHidden nameNotes = 1 << iota
	noteRightToLeft
	noteTwoScripts
	noteDigits
	noteCapped
	noteJunk
)

// FoldedName is a name made ready for comparison: read, cut into parts and reduced, once.
type FoldedName struct {
	Name    Name
	tokens  []nameToken
	notes   nameNotes
	script  writing // of its first letter
	plain   int     // distinctive tokens
	weak    bool    // a weak alias
	whole   uint64  // hash of its keys: for dropping what stands there twice
	company bool    // it was read as a company's
	ordered bool    // the name itself says which part is the family name

	scripts uint16 // by bit: those of its tokens
	longest int32  // length of the longest token
	closest int32  // length of the shortest two neighbours together; none when there is but one token
	capital bool   // a token may be the initials of several words
}

// none is longer than any name.
const none = math.MaxInt32

// sameKeys says that two names fold to the same.
func (f *FoldedName) sameKeys(o *FoldedName) bool {
	return f.whole == o.whole && slices.EqualFunc(f.tokens, o.tokens, func(x, y nameToken) bool { return x.key == y.key })
}

// junkAlias says that an alias is no name: a wiki category, an address, a remark.
func junkAlias(s string) bool {
	if strings.IndexByte(s, ':') < 0 && !strings.HasPrefix(s, "www.") {
		return false
	}
	lower := strings.ToLower(s)
	for _, p := range []string{"http://", "https://", "www.", "category:", "categoria:", "kategorie:", "catégorie:", "категория:", "file:"} {
		if strings.HasPrefix(lower, p) {
			return true
		}
	}
	return strings.Contains(lower, "://")
}

// weakAlias says that a name's own source holds it for weak.
func weakAlias(kind string) bool {
	return strings.Contains(kind, "weak") || strings.Contains(kind, "low")
}

// FoldName makes a name ready for comparison with others of the same kind.
func FoldName(kind PartyKind, n Name) FoldedName {
	return FoldNames(kind, []Name{n})[0]
}

// FoldNames makes names ready for CompareFolded.
func FoldNames(kind PartyKind, all []Name) []FoldedName {
	r := readers.Get().(*nameReader)
	defer r.release()
	folded := slices.Clone(r.fold(kind, all))
	tokens := slices.Clone(r.tokens)
	for i, n := range r.names {
		folded[i].tokens = tokens[n.from:n.to:n.to]
	}
	return folded
}

// foldSubject makes the subject's own name ready, with the roles that its query told.
func foldSubject(kind PartyKind, n Name, s Subject) FoldedName {
	f := FoldName(kind, n)
	if s.First == "" || s.Last == "" {
		return f
	}
	parts := FoldNames(PartyPerson, []Name{{Value: s.Last}, {Value: s.First}, {Value: s.Middle}})
	for i := range f.tokens {
		t := &f.tokens[i]
		role := roleUnknown
		for k, told := range [...]nameRole{roleFamily, roleGiven, roleMiddle} {
			if role == roleUnknown && slices.ContainsFunc(parts[k].tokens, func(p nameToken) bool { return p.key == t.key }) {
				role = told
			}
		}
		if role == roleUnknown || t.class == classTitle {
			continue
		}
		if t.role != roleFamily && role == roleFamily && t.class == classPlain {
			t.weight *= weightFamily
		}
		t.role, t.ends, f.ordered = role, role == roleFamily, true
	}
	return f
}
