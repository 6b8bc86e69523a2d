package review

import (
	"math"
	"slices"
)

// Ratings is how often the first of two said one thing where the second said another: N[i][j] is of
// the first's i-th category and the second's j-th. Categories are the same for both.
type Ratings struct{ N [][]int }

// NewRatings are of q categories, none counted yet.
func NewRatings(q int) Ratings {
	r := Ratings{make([][]int, q)}
	for i := range r.N {
		r.N[i] = make([]int, q)
	}
	return r
}

// Total is how many were rated by both.
func (r Ratings) Total() int {
	n := 0
	for _, row := range r.N {
		for _, k := range row {
			n += k
		}
	}
	return n
}

// Same is the share on which both said the same.
func (r Ratings) Same() Share {
	s := Share{Of: r.Total()}
	for i := range r.N {
		s.N += r.N[i][i]
	}
	return s
}

// Coefficient is a measure of agreement beyond chance, at most 1; 0 is what chance alone would give.
type Coefficient struct {
	Value float64
	Error float64 // standard error of large samples
	Known bool    // false: it is not defined for these ratings
}

// Interval is the 95 % interval, cut at -1 and 1.
func (c Coefficient) Interval() Interval {
	return Interval{max(-1, c.Value-z95*c.Error), min(1, c.Value+z95*c.Error)}
}

// shares are the counts as shares, with those of each side.
func (r Ratings) shares() (p [][]float64, first, second []float64, n float64) {
	q := len(r.N)
	n = float64(r.Total())
	first, second, p = make([]float64, q), make([]float64, q), make([][]float64, q)
	for i, row := range r.N {
		p[i] = make([]float64, q)
		for j, k := range row {
			p[i][j] = float64(k) / n
			first[i] += p[i][j]
			second[j] += p[i][j]
		}
	}
	return p, first, second, n
}

// Kappa is Cohen's kappa, (po − pe) / (1 − pe), where po is the share of same answers and pe = Σ pᵢ· p·ᵢ
// the one to expect if each side threw dice of its own shares (J. Cohen, A Coefficient of Agreement for
// Nominal Scales, Educational and Psychological Measurement 20, 1960, pages 37–46). Its standard error
// is that of J. L. Fleiss, J. Cohen and B. S. Everitt, Large Sample Standard Errors of Kappa and Weighted
// Kappa, Psychological Bulletin 72, 1969, pages 323–327:
//
//	n (1 − pe)⁴ var = Σᵢ pᵢᵢ [(1 − pe) − (pᵢ· + p·ᵢ)(1 − po)]² + (1 − po)² Σᵢ≠ⱼ pᵢⱼ (p·ᵢ + pⱼ·)² − (po pe − 2 pe + po)²
//
// It is not defined when both sides only ever gave one and the same answer. When one side always gives
// the same one, as where only cleared matches are drawn, it is 0 however well they agree: see AC1.
func (r Ratings) Kappa() Coefficient {
	p, first, second, n := r.shares()
	if n == 0 {
		return Coefficient{}
	}
	var po, pe float64
	for i := range p {
		po += p[i][i]
		pe += first[i] * second[i]
	}
	if 1-pe < 1e-12 {
		return Coefficient{}
	}
	var v float64
	for i := range p {
		for j := range p {
			if i == j {
				v += p[i][i] * square((1-pe)-(first[i]+second[i])*(1-po))
			} else {
				v += square(1-po) * p[i][j] * square(second[i]+first[j])
			}
		}
	}
	v -= square(po*pe - 2*pe + po)
	return Coefficient{(po - pe) / (1 - pe), math.Sqrt(max(0, v)/n) / square(1-pe), true}
}

// AC1 is Gwet's first-order agreement coefficient, (po − pe) / (1 − pe) with pe = Σ πₖ(1 − πₖ) / (q − 1), where
// πₖ is the mean of both sides' shares of category k (K. L. Gwet, Computing inter-rater reliability and its
// variance in the presence of high agreement, British Journal of Mathematical and Statistical Psychology
// 61, 2008, pages 29–48). It stays near po where nearly all answers are the same one, which is where kappa
// falls to 0. The variance is the paper's, of a sample from very many:
//
//	n (1 − pe)² var = po(1 − po) − 4(1 − γ)(Σₖ pₖₖ(1 − πₖ)/(q − 1) − po pe)
//	                + 4(1 − γ)² (Σₖₗ pₖₗ[1 − (πₖ + πₗ)/2]²/(q − 1)² − pe²)
func (r Ratings) AC1() Coefficient {
	p, first, second, n := r.shares()
	q := float64(len(p))
	if n == 0 || q < 2 {
		return Coefficient{}
	}
	pi := make([]float64, len(p))
	var po, pe, alike, apart float64
	for k := range p {
		pi[k] = (first[k] + second[k]) / 2
		po += p[k][k]
		pe += pi[k] * (1 - pi[k]) / (q - 1)
		alike += p[k][k] * (1 - pi[k]) / (q - 1)
	}
	for k := range p {
		for l := range p {
			apart += p[k][l] * square((1-(pi[k]+pi[l])/2)/(q-1))
		}
	}
	g := (po - pe) / (1 - pe) // pe is at most 1/q
	v := po*(1-po) - 4*(1-g)*(alike-po*pe) + 4*square(1-g)*(apart-pe*pe)
	return Coefficient{g, math.Sqrt(max(0, v)/n) / (1 - pe), true}
}

func square(x float64) float64 { return x * x }

// RatingsOf are ratings of one sort.
type RatingsOf struct {
	Key string // a kind of report, or a main reason of the first
	Ratings
}

// Agreement is what second looks say of first findings and decisions, of those that were answered in
// some days. Categories are Findings in their order, of decisions Outcomes.
type Agreement struct {
	Days      DaySpan
	Findings  Ratings // drawn by lot
	Decisions Ratings
	Kinds     []RatingsOf // findings by kind of report
	Reasons   []RatingsOf // findings by the first one's main reason
	Known     Share       // of the answers to samples whose answer is known, those that are right

	Drawn    int // by lot in these days
	Answered int // of whenever they were drawn
	Waiting  int // now, of all

	Differ     int // second looks of these days that came to something else
	Unresolved int // of all, those that no lead has settled
	First      int // settled in these days: the first was right
	Second     int
	Third      int
}

// AgreementCount is how many second looks had just this outcome.
type AgreementCount struct {
	Kind     SampleKind
	Known    Finding // "" drawn by lot
	Report   ReportKind
	Reason   Reason // of the first
	Findings [2]Finding
	Outcomes [2]Outcome
	N        int
}

// AddUp builds the ratings from what was counted.
func (a *Agreement) AddUp(counts []AgreementCount) {
	a.Findings, a.Decisions = NewRatings(len(Findings())), NewRatings(len(Outcomes()))
	for _, c := range counts {
		switch {
		case c.Known != "":
			a.Known.Of += c.N
			if c.Findings[1] == c.Known {
				a.Known.N += c.N
			}
			continue
		case c.Kind == SampleDecision:
			i, j := slices.Index(Outcomes(), c.Outcomes[0]), slices.Index(Outcomes(), c.Outcomes[1])
			a.Decisions.N[i][j] += c.N
			a.differ(i != j, c.N)
			continue
		}
		i, j := slices.Index(Findings(), c.Findings[0]), slices.Index(Findings(), c.Findings[1])
		a.Findings.N[i][j] += c.N
		ratingsOf(&a.Kinds, string(c.Report)).N[i][j] += c.N
		ratingsOf(&a.Reasons, string(c.Reason)).N[i][j] += c.N
		a.differ(i != j, c.N)
	}
}

func (a *Agreement) differ(yes bool, n int) {
	if yes {
		a.Differ += n
	}
}

func ratingsOf(all *[]RatingsOf, key string) *RatingsOf {
	if i := slices.IndexFunc(*all, func(r RatingsOf) bool { return r.Key == key }); i >= 0 {
		return &(*all)[i]
	}
	*all = append(*all, RatingsOf{key, NewRatings(len(Findings()))})
	return &(*all)[len(*all)-1]
}
