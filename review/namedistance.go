package review

import (
	"math"
	"math/bits"
)

// maxLetters is how many letters of a token are set against another's; of a longer one the
// first so many are, and the comparison says so.
const maxLetters = 64

// editDistance is the restricted Damerau-Levenshtein distance (insert, delete, replace, swap of
// neighbours) of two texts of single bytes, by the bit-parallel method of Hyyrö, "A bit-vector
// algorithm for computing Levenshtein and Damerau edit distances" (Nordic Journal of Computing
// 10, 2003). It allocates nothing.
func editDistance[T string | []byte](a, b T) int {
	a, b = unshared(a, b)
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a) + len(b)
	case len(a) == 1 && len(b) == 1, swapped(a, b):
		return 1
	case len(a) == 1 || len(b) == 1: // the one letter stands in the other, or not
		one, more := a[0]&0x7F, b
		if len(b) == 1 {
			one, more = b[0]&0x7F, a
		}
		for i := range len(more) {
			if more[i]&0x7F == one {
				return len(more) - 1
			}
		}
		return len(more)
	case len(a) <= 16:
		var at [128]uint16
		return bitDistance(&at, a, b)
	}
	var at [128]uint64
	return bitDistance(&at, a, b)
}

// oneEdit says that editDistance is 1: apart from what both begin and end with there is one letter,
// or two that changed places.
func oneEdit[T string | []byte](a, b T) bool {
	if n := len(a) - len(b); n < -1 || n > 1 {
		return false
	}
	a, b = unshared(a, b)
	return len(a)+len(b) == 1 || len(a) == 1 && len(b) == 1 || len(a) == 2 && swapped(a, b)
}

func swapped[T string | []byte](a, b T) bool {
	return len(a) == 2 && len(b) == 2 && a[0]&0x7F == b[1]&0x7F && a[1]&0x7F == b[0]&0x7F
}

// unshared takes away what both begin and end with: it costs no edit.
func unshared[T string | []byte](a, b T) (T, T) {
	a, b = a[:min(len(a), maxLetters)], b[:min(len(b), maxLetters)]
	n := min(len(a), len(b))
	from, to := 0, 0
	for from < n && a[from]&0x7F == b[from]&0x7F {
		from++
	}
	for to < n-from && a[len(a)-1-to]&0x7F == b[len(b)-1-to]&0x7F {
		to++
	}
	return a[from : len(a)-to], b[from : len(b)-to]
}

// bitDistance needs a letter of a for every bit of W; at is for the places of a where each stands.
func bitDistance[W uint16 | uint64, T string | []byte](at *[128]W, a, b T) int {
	for i := range len(a) {
		at[a[i]&0x7F] |= 1 << i
	}
	last := W(1) << (len(a) - 1)
	vp, vn, d0, before := ^W(0), W(0), W(0), W(0)
	score := len(a)
	for j := range len(b) {
		here := at[b[j]&0x7F]
		swapped := ((^d0 & here) << 1) & before
		d0 = (((here & vp) + vp) ^ vp) | here | vn | swapped
		hp, hn := vn|^(d0|vp), d0&vp
		if hp&last != 0 {
			score++
		} else if hn&last != 0 {
			score--
		}
		hp = hp<<1 | 1
		vp, vn = hn<<1|^(d0|hp), d0&hp
		before = here
	}
	return score
}

// letterDistance is editDistance for letters beyond ASCII.
func letterDistance(a, b string) int {
	var ra, rb [maxLetters]rune
	x, y := ra[:0], rb[:0]
	for _, r := range a {
		if len(x) < maxLetters {
			x = append(x, r)
		}
	}
	for _, r := range b {
		if len(y) < maxLetters {
			y = append(y, r)
		}
	}
	var rows [3][maxLetters + 1]int16
	two, one, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		one[j] = int16(j)
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = int16(i)
		for j := 1; j <= len(y); j++ {
			cost := int16(1)
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(one[j]+1, cur[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], two[j-2]+1)
			}
		}
		two, one, cur = one, cur, two
	}
	return int(one[len(y)])
}

// letterBag has a bit for each of the letters a to z that stand in s.
func letterBag[T string | []byte](s T) uint32 {
	var bag uint32
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			bag |= 1 << (c - 'a')
		}
	}
	return bag
}

// bagAndRunes is letterBag, and how many characters s has.
func bagAndRunes(s []byte) (bag uint32, runes int) {
	for _, c := range s {
		if c&0xC0 != 0x80 {
			runes++
		}
		if c |= 0x20; c >= 'a' && c <= 'z' {
			bag |= 1 << (c - 'a')
		}
	}
	return bag, runes
}

// apartAtLeast is a floor for the distance of two texts by their letters alone.
func apartAtLeast(a, b uint32) int {
	return max(bits.OnesCount32(a&^b), bits.OnesCount32(b&^a))
}

// editBudget is how many edits two spellings of one name may be apart, by the letters of the
// longer: log to the base 2.35 of length − 2, as OpenSanctions' logic-v2 has it (nomenklatura,
// MIT, 2026). Tokens of two or three letters must be equal.
func editBudget(letters int) float64 { return editBudgets[min(letters, maxLetters)] }

var editBudgets = func() (table [maxLetters + 1]float64) {
	for n := 4; n <= maxLetters; n++ {
		table[n] = math.Log(float64(n-2)) / math.Log(2.35)
	}
	return table
}()
