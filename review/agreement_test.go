package review_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

// The numbers of the first two were worked out by hand from the formulas of the papers.
func TestAgreementOfWorkedExamples(t *testing.T) {
	t.Parallel()
	even := review.Ratings{N: [][]int{{20, 5}, {10, 15}}}
	assert.Equal(t, review.Share{N: 35, Of: 50}, even.Same())
	k := even.Kappa()
	assert.True(t, k.Known)
	assert.InDelta(t, 0.4, k.Value, 1e-12)                    // (0.7 − 0.5) / 0.5
	assert.InDelta(t, math.Sqrt(0.0504/3.125), k.Error, 1e-9) // 0.02743 + 0.02547 − 0.0025
	g := even.AC1()
	assert.InDelta(t, (0.7-0.495)/0.505, g.Value, 1e-12) // π = 0.55, 0.45

	lopsided := review.Ratings{N: [][]int{{118, 5}, {2, 0}}} // two agree on 118 of 125, and kappa falls below chance
	assert.InDelta(t, -0.0234, lopsided.Kappa().Value, 5e-5)
	assert.InDelta(t, 0.9408, lopsided.AC1().Value, 5e-5)
	i := lopsided.AC1().Interval()
	assert.Greater(t, i.Low, 0.88)
	assert.Less(t, i.High, 1.0)
}

func TestKappaSaysNothingWhereOneSideGaveOneAnswer(t *testing.T) {
	t.Parallel()
	all := review.Ratings{N: [][]int{{40, 0, 0}, {0, 0, 0}, {0, 0, 0}}}
	assert.False(t, all.Kappa().Known)
	assert.Equal(t, review.Coefficient{Value: 1, Known: true}, all.AC1())

	cleared := review.Ratings{N: [][]int{{38, 1, 1}, {0, 0, 0}, {0, 0, 0}}} // only cleared matches were drawn
	assert.InDelta(t, 0, cleared.Kappa().Value, 1e-12)
	assert.InDelta(t, 0.95, cleared.AC1().Value, 0.01)

	assert.False(t, review.NewRatings(3).Kappa().Known)
	assert.False(t, review.NewRatings(3).AC1().Known)
}

// slowly works out both from one subject at a time: the mean, and the spread of each one's influence on
// it (the delta method of the papers, before anybody gathered terms).
func slowly(r review.Ratings) (kappa, ac1 review.Coefficient) {
	type pair struct{ i, j int }
	var all []pair
	q := len(r.N)
	for i := range r.N {
		for j := range r.N[i] {
			for range r.N[i][j] {
				all = append(all, pair{i, j})
			}
		}
	}
	n := float64(len(all))
	first, second := make([]float64, q), make([]float64, q)
	po := 0.0
	for _, s := range all {
		first[s.i] += 1 / n
		second[s.j] += 1 / n
		if s.i == s.j {
			po += 1 / n
		}
	}
	weigh := func(pe float64, chance func(pair) float64) review.Coefficient {
		value, spread := (po-pe)/(1-pe), 0.0
		for _, s := range all {
			same := 0.0
			if s.i == s.j {
				same = 1
			}
			influence := (same-po)/(1-pe) - 2*(1-value)*(chance(s)-pe)/(1-pe)
			spread += influence * influence
		}
		return review.Coefficient{Value: value, Error: math.Sqrt(spread) / n, Known: true}
	}
	pe, pg := 0.0, 0.0
	for k := range q {
		pe += first[k] * second[k]
		p := (first[k] + second[k]) / 2
		pg += p * (1 - p) / float64(q-1)
	}
	kappa = weigh(pe, func(s pair) float64 { return (second[s.i] + first[s.j]) / 2 })
	ac1 = weigh(pg, func(s pair) float64 {
		i, j := (first[s.i]+second[s.i])/2, (first[s.j]+second[s.j])/2
		return (1 - (i+j)/2) / float64(q-1)
	})
	return kappa, ac1
}

func TestAgreementIsWhatCountingOneByOneGives(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		r := review.NewRatings(2 + dice.IntN(3))
		for i := range r.N {
			for j := range r.N[i] {
				r.N[i][j] = dice.IntN(12)
				if i == j {
					r.N[i][j] += dice.IntN(60)
				}
			}
		}
		r.N[0][1]++ // not all the same
		r.N[1][0]++
		kappa, ac1 := slowly(r)
		assert.InDelta(t, kappa.Value, r.Kappa().Value, 1e-9)
		assert.InDelta(t, kappa.Error, r.Kappa().Error, 1e-9)
		assert.InDelta(t, ac1.Value, r.AC1().Value, 1e-9)
		assert.InDelta(t, ac1.Error, r.AC1().Error, 1e-9)
	}
}

func TestAgreementAddsUpBySort(t *testing.T) {
	t.Parallel()
	finding := func(known review.Finding, kind review.ReportKind, second review.Finding, n int) review.AgreementCount {
		return review.AgreementCount{Kind: review.SampleFinding, Known: known, Report: kind, Reason: review.ReasonName,
			Findings: [2]review.Finding{review.FalsePositive, second}, N: n}
	}
	var a review.Agreement
	a.AddUp([]review.AgreementCount{
		finding("", review.KindWatchlist, review.FalsePositive, 7), finding("", review.KindWatchlist, review.CannotTell, 2),
		finding("", review.KindAdverseMedia, review.FalsePositive, 3),
		finding(review.TrueMatch, review.KindWatchlist, review.TrueMatch, 4), finding(review.TrueMatch, review.KindWatchlist, review.FalsePositive, 1),
		{Kind: review.SampleDecision, Outcomes: [2]review.Outcome{review.Approve, review.Decline}, N: 1},
		{Kind: review.SampleDecision, Outcomes: [2]review.Outcome{review.Decline, review.Decline}, N: 5},
	})
	assert.Equal(t, review.Share{N: 10, Of: 12}, a.Findings.Same())
	assert.Equal(t, review.Share{N: 5, Of: 6}, a.Decisions.Same())
	assert.Equal(t, review.Share{N: 4, Of: 5}, a.Known, "a known answer is measured against what is known")
	assert.Equal(t, 3, a.Differ)
	assert.Len(t, a.Kinds, 2)
	assert.Equal(t, review.Share{N: 7, Of: 9}, a.Kinds[0].Same())
	assert.Len(t, a.Reasons, 1)
	assert.Equal(t, 12, a.Reasons[0].Total())
}
