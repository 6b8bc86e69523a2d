package review_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
)

// The score interval is the shares p at which what was seen lies within 1.96 standard deviations of
// p: found here by halving, where the formula solves.
func TestWilsonIsWhereTheScoreTestDoesNotRefuse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(1, 5_000).Draw(t, "of")
		s := review.Share{N: rapid.IntRange(0, of).Draw(t, "n"), Of: of}
		i := s.Wilson()
		require.LessOrEqual(t, 0.0, i.Low)
		require.LessOrEqual(t, i.Low, s.Value())
		require.LessOrEqual(t, s.Value(), i.High)
		require.LessOrEqual(t, i.High, 1.0)
		refused := func(p float64) bool {
			return math.Abs(s.Value()-p) > 1.959963984540054*math.Sqrt(p*(1-p)/float64(of))
		}
		low, high := s.Value(), 0.0
		for range 60 {
			if middle := (low + high) / 2; refused(middle) || middle == 0 {
				high = middle
			} else {
				low = middle
			}
		}
		assert.InDelta(t, low, i.Low, 1e-9)
		low, high = s.Value(), 1.0
		for range 60 {
			if middle := (low + high) / 2; refused(middle) || middle == 1 {
				high = middle
			} else {
				low = middle
			}
		}
		assert.InDelta(t, low, i.High, 1e-9)
	})
}

// Figures of the literature: R. G. Newcombe, Two-sided confidence intervals for the single proportion,
// Statistics in Medicine 17, 1998, table I, method 3.
func TestWilsonGivesThePublishedFigures(t *testing.T) {
	t.Parallel()
	for s, want := range map[review.Share]review.Interval{
		{N: 81, Of: 263}: {Low: 0.2553, High: 0.3662},
		{N: 15, Of: 148}: {Low: 0.0624, High: 0.1605},
		{N: 0, Of: 20}:   {Low: 0, High: 0.1611},
		{N: 1, Of: 29}:   {Low: 0.0061, High: 0.1718},
	} {
		got := s.Wilson()
		assert.InDelta(t, want.Low, got.Low, 0.00005)
		assert.InDelta(t, want.High, got.High, 0.00005)
	}
	assert.Equal(t, review.Interval{Low: 0, High: 1}, review.Share{}.Wilson(), "of none, anything may be")
}

func TestAPercentileIsTheSmallestValueThatEnoughDoNotExceed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour
		}), 1, 60).Draw(t, "values")
		p := rapid.IntRange(1, 100).Draw(t, "p")
		slices.Sort(some)
		got := review.Percentile(some, p)
		for _, v := range some {
			below := 0
			for _, w := range some {
				if w <= v {
					below++
				}
			}
			enough := below*100 >= p*len(some)
			assert.Equal(t, enough, v >= got, "%v of %v", v, some)
		}
	})
	assert.Zero(t, review.Percentile(nil, 50))
}

func TestDaysAndWeeksAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(-1, 0), time.Date(2026, 11, 22, 23, 59, 59, 999, time.UTC), time.Date(1960, 2, 29, 1, 0, 0, 0, time.UTC)} {
		d := review.DayOf(at)
		assert.Equal(t, at.UTC().Truncate(24*time.Hour), d.Start(), "%v", at)
		m := d.Monday()
		assert.Equal(t, time.Monday, m.Start().Weekday())
		assert.True(t, m <= d && d < m+7)
	}
}

func TestBandsOfAgeCoverEveryAgeOnce(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	bands := review.AgeBands(5*day, 4*day)
	assert.Equal(t, []review.AgeBand{{From: 0, To: day}, {From: day, To: 2 * day}, {From: 2 * day, To: 3 * day}, {From: 3 * day, To: 4 * day},
		{From: 4 * day, To: 5 * day, Soon: true}, {From: 5 * day, Over: true}}, bands)
	rapid.Check(t, func(t *rapid.T) {
		target := time.Duration(rapid.IntRange(1, 400*24*60).Draw(t, "target")) * time.Minute
		warning := time.Duration(rapid.Int64Range(0, int64(target/time.Minute)).Draw(t, "warning")) * time.Minute
		bands := review.AgeBands(target, warning)
		assert.LessOrEqual(t, len(bands), 9)
		at := time.Duration(0)
		for i, b := range bands {
			assert.Equal(t, at, b.From)
			assert.Equal(t, i == len(bands)-1, b.Over)
			assert.Equal(t, !b.Over && b.From >= warning, b.Soon)
			if !b.Over {
				require.Greater(t, b.To, b.From)
			}
			at = b.To
		}
		assert.Zero(t, at, "the last band has no end")
		assert.Equal(t, target, bands[len(bands)-1].From)
	})
}

func TestEveryFactHasItsSide(t *testing.T) {
	t.Parallel()
	seen := map[review.Asked]bool{}
	for _, f := range review.Facts() {
		seen[f.Asked()] = true
	}
	for _, a := range review.Askeds() {
		assert.True(t, seen[a], a)
	}
	got := review.InsightCounts{Missing: []review.MissingCount{
		{Facts: []review.Fact{review.FactBirthdateSubject, review.FactBirthdateMatch, review.FactOther}, N: 2},
		{Facts: []review.Fact{review.FactBirthdateMatch}, N: 3}}}.Insights().Missing
	assert.Equal(t, []review.MissingOf{{Fact: review.AskedBirthdate, Ours: 2, Theirs: 5, Findings: 5}, {Fact: review.AskedOther, Findings: 2}}, got,
		"a finding that lacks the fact on both sides is one finding")
}
