package review

import "slices"

// nameMeetings remembers which words of a party's names meet which parts of ours: the words come
// again and again in the names of one party.
type nameMeetings struct {
	ours []*nameToken // of all our names, in order
	rows []uint64     // by word: a bit for each part of ours, and one that says that it was asked
}

// mostMet is how many parts of ours are remembered; of a subject with more, the rest are asked anew.
const (
	mostMet  = 63
	askedRow = 1 << mostMet
)

// meetings has nothing remembered yet. It holds for the batch that was read last.
func (r *nameReader) meetings(subject []FoldedName) *nameMeetings {
	m := &r.met
	m.ours = m.ours[:0]
	for i := range subject {
		if len(m.ours)+len(subject[i].tokens) > mostMet {
			break
		}
		for k := range subject[i].tokens {
			m.ours = append(m.ours, &subject[i].tokens[k])
		}
	}
	n := int(r.words.n)
	m.rows = slices.Grow(m.rows[:0], n)[:n]
	clear(m.rows)
	return m
}

// row has a bit for each part of ours that a word may meet.
func (m *nameMeetings) row(y *nameToken) uint64 {
	row := &m.rows[y.word]
	if *row == 0 {
		*row = askedRow
		if y.ends { // a word that is no family name here meets whom it meets as one, and its short forms
			other := *y
			other.ends, y = false, &other
		}
		for i, x := range m.ours {
			if _, like := meet(x, y); like > 0 {
				*row |= 1 << i
			}
		}
	}
	return *row
}

// since says where the parts of a stand among ours, for strangers and never.
func (l *nameAlignment) since(met *nameMeetings, base, parts int) {
	l.met, l.base, l.window = met, base, 0
	if met != nil && base+parts <= mostMet {
		l.window = (1<<parts - 1) << base
	}
}

// strangers says that no part meets one of the other side.
func (l *nameAlignment) strangers() bool {
	if l.window == 0 {
		return false
	}
	for j := range l.b.tokens {
		if l.met.row(&l.b.tokens[j])&l.window != 0 {
			return false
		}
	}
	return true
}

// never says that a part of a is known not to meet one of b.
func (l *nameAlignment) never(i int, y *nameToken) bool {
	return l.window != 0 && l.met.row(y)>>(l.base+i)&1 == 0
}
