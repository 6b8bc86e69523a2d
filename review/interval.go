package review

import "math"

// Interval is where a share may lie, both ends from 0 to 1.
type Interval struct{ Low, High float64 }

// Share is how many of how many.
type Share struct{ N, Of int }

// TooFew is the size below which a share or a percentile is not said.
const TooFew = 20

// TooFew says that the share is of too few to be said.
func (s Share) TooFew() bool { return s.Of < TooFew }

// Value is the share from 0 to 1; of none it is 0.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return 0
	}
	return float64(s.N) / float64(s.Of)
}

// z95 is the 97.5th percentile of the standard normal distribution.
const z95 = 1.959963984540054

// Wilson gives the 95 % score interval of a share (E. B. Wilson, Probable Inference, the Law of
// Succession, and Statistical Inference, JASA 22, 1927, pages 209–212): the true shares that would not
// make what was seen unlikely. It holds near 0 and 1, where the plain interval leaves the scale. Of
// none it is everything.
func (s Share) Wilson() Interval {
	if s.Of == 0 {
		return Interval{0, 1}
	}
	n, p, zz := float64(s.Of), s.Value(), z95*z95
	middle := (p + zz/(2*n)) / (1 + zz/n)
	half := z95 / (1 + zz/n) * math.Sqrt(p*(1-p)/n+zz/(4*n*n))
	i := Interval{max(0, middle-half), min(1, middle+half)}
	// Of none and of all, one end is exactly the end of the scale; rounding must not say otherwise.
	if s.N == 0 {
		i.Low = 0
	}
	if s.N == s.Of {
		i.High = 1
	}
	return i
}
