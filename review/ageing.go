package review

import (
	"cmp"
	"slices"
	"time"
)

// Ageing is how long what waits now has waited.
type Ageing struct {
	At                      time.Time
	Ever                    bool // a review ever opened
	Target, Warning         time.Duration
	Open, Approval, Waiting int // reviews by state; the rest is about the open ones
	Soon, Over              int
	Oldest                  time.Time // when the oldest opened, zero: none is open
	Bands                   []AgeBand
	Kinds                   []KindAge
	Halted                  Halted
}

// AgeBand is the reviews that have waited From or longer and less than To; the band up to the target
// holds what waited just so long too. To is 0 where the band has no end.
type AgeBand struct {
	From, To time.Duration
	N        int
	Soon     bool // due before long
	Over     bool // over the target
}

// KindAge is the open reviews with an open match in one kind of report.
type KindAge struct {
	Kind          ReportKind // "": those without an open match
	N, Soon, Over int
	Oldest        time.Time
}

// Halted is the subjects that Persona does not watch, because a match waits here.
type Halted struct {
	N      int
	Median time.Duration
	Oldest time.Time // zero: none
	Bands  []AgeBand
}

// bandSteps are the widths that bands of age may have.
func bandSteps() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, day,
		2 * day, 5 * day, 7 * day, 10 * day, 14 * day, 30 * day, 60 * day, 90 * day}
}

// AgeBands gives the bands for a target and the time from which a review is due soon: of one width up
// to the target, cut where a review comes to be due soon, and one beyond.
func AgeBands(target, warning time.Duration) []AgeBand {
	step := max(target/6, 1)
	for _, s := range bandSteps() {
		if target <= 6*s {
			step = s
			break
		}
	}
	edges := []time.Duration{0, warning, target}
	for e := step; e < target; e += step {
		edges = append(edges, e)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var bands []AgeBand
	for i, from := range edges {
		if from >= target {
			break
		}
		bands = append(bands, AgeBand{From: from, To: edges[i+1], Soon: from >= warning})
	}
	return append(bands, AgeBand{From: target, Over: true})
}

// HaltedOf works out what is known of each unwatched subject's first halted report.
func HaltedOf(since []time.Time, now time.Time) Halted {
	const day = 24 * time.Hour
	h := Halted{N: len(since), Bands: []AgeBand{{To: day}, {From: day, To: 3 * day}, {From: 3 * day, To: 7 * day},
		{From: 7 * day, To: 30 * day}, {From: 30 * day}}}
	if len(since) == 0 {
		return h
	}
	ages := make([]time.Duration, len(since))
	for i, t := range since {
		ages[i] = max(now.Sub(t), 0)
		if h.Oldest.IsZero() || t.Before(h.Oldest) {
			h.Oldest = t
		}
		for j := range h.Bands {
			if b := &h.Bands[j]; ages[i] >= b.From && (b.To == 0 || ages[i] < b.To) {
				b.N++
			}
		}
	}
	slices.Sort(ages)
	h.Median = Percentile(ages, 50)
	return h
}

// SortKindAges puts the kinds with most reviews first, and those without an open match last.
func SortKindAges(kinds []KindAge) {
	slices.SortFunc(kinds, func(x, y KindAge) int {
		if (x.Kind == "") != (y.Kind == "") {
			return -cmp.Compare(x.Kind, y.Kind)
		}
		return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Kind, y.Kind))
	})
}
