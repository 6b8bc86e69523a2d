package sandbox

import (
	"bufio"
	"io"
	"iter"
	"slices"
	"time"
)

// DefaultNow is the instant that ages are counted from when Options names none.
var DefaultNow = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Options say what to make. The zero value makes nothing.
type Options struct {
	// Transactions is how many. One transaction may take several payloads.
	Transactions int
	// Seed chooses which ones.
	Seed uint64
	// Now is the present of the made-up world, DefaultNow when zero.
	Now time.Time
	// ReviewShare is the part of the transactions that wait for a person, 0.1 when zero. The
	// first 200 are composed instead, so that a small set has every kind of review: 27 of them
	// wait, whatever the share.
	ReviewShare float64
}

// Generate writes the payloads as NDJSON, one per line.
func Generate(w io.Writer, o Options) error {
	bw := bufio.NewWriterSize(w, 1<<18)
	var err error
	o.each(func(b []byte) bool {
		if _, err = bw.Write(b); err != nil {
			return false
		}
		err = bw.WriteByte('\n')
		return err == nil
	})
	if err != nil {
		return err
	}
	return bw.Flush()
}

// Payloads yields one payload at a time, in the order in which they reached us. Each slice
// belongs to the caller.
func Payloads(o Options) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		o.each(func(b []byte) bool { return yield(slices.Clone(b)) })
	}
}

// each hands over payloads that are only good until the next one.
func (o Options) each(emit func([]byte) bool) {
	if o.Now.IsZero() {
		o.Now = DefaultNow
	}
	if o.ReviewShare == 0 {
		o.ReviewShare = 0.1
	}
	var s story
	for i := range o.Transactions {
		s.reset(o.Seed, i, o.Now.UTC(), emit)
		o.tell(&s)
		if s.done {
			return
		}
	}
}

// scene is one transaction of the composed beginning: whom it examines and what happens.
type scene struct {
	kind    subjectKind
	culture string
	native  bool
	plot    plot
}

// opening is every review among the first 200, in the order of their appearance.
var opening = []scene{
	{aPerson, "ukrainian", true, found("watchlist", 2, 2)},
	{aPerson, "georgian", false, found("politically-exposed-person", 1, 2)},
	{aPerson, "portuguese", false, found("adverse-media", 1, 2)},
	{aPerson, "arabic", true, found("watchlist", 1, 2)},
	{aBusiness, "nordic", false, pressed},
	{aPerson, "chinese", false, several},
	{aPerson, "armenian", true, found("screening", 2, 3)},
	{aWallet, "english", false, wallet},
	{aPerson, "polish", false, monitored("watchlist")},
	{aBusiness, "turkish", false, kyb},
	{aPerson, "hebrew", true, found("politically-exposed-person", 2, 3)},
	{aPerson, "french", false, thin},
	{aPerson, "japanese", true, found("watchlist", 1, 3)},
	{aPerson, "yoruba", false, forged},
	{aPerson, "greek", true, partly},
	{aPerson, "vietnamese", false, broken},
	{aPerson, "hindi", true, found("adverse-media", 2, 3)},
	{aPerson, "czech", false, unfinished},
	{aPerson, "serbian", true, monitored("politically-exposed-person")},
	{aBusiness, "german", false, listOnly},
	{aPerson, "korean", true, found("screening", 2, 2)},
	{aPerson, "amharic", false, several},
	{aPerson, "thai", true, found("watchlist", 1, 1)},
	{aPerson, "hungarian", false, blank},
	{aPerson, "persian", true, found("politically-exposed-person", 1, 1)},
	{aPerson, "romanian", false, silent},
	{aPerson, "spanish", false, found("watchlist", 2, 3)},
}

// composed is how many transactions the composed beginning spans.
const composed = 200

// ages of the composed reviews: most below four days, some between four and five, a few over.
var ages = []time.Duration{
	5 * time.Hour, 61 * time.Hour, 19 * time.Hour, 103 * time.Hour, 33 * time.Hour, 9 * time.Hour, 79 * time.Hour,
	141 * time.Hour, 12*time.Hour + 25*time.Minute, 44 * time.Hour, 97 * time.Hour, 27 * time.Hour, 70 * time.Hour,
	2*time.Hour + 40*time.Minute, 52 * time.Hour, 212 * time.Hour, 16 * time.Hour, 110 * time.Hour, 89 * time.Hour,
	38 * time.Hour, 7 * time.Hour, 64 * time.Hour, 23 * time.Hour, 165 * time.Hour, 30 * time.Hour, 47 * time.Hour, 85 * time.Hour,
}

// reviews are the plots that leave a transaction waiting, by how often.
var reviews = []struct {
	weight int
	kind   subjectKind
	plot   plot
}{
	{24, aPerson, found("watchlist", 1, 3)}, {18, aPerson, found("politically-exposed-person", 1, 2)},
	{14, aPerson, found("adverse-media", 1, 2)}, {9, aPerson, found("screening", 1, 3)}, {7, aPerson, several},
	{3, aPerson, partly}, {4, aBusiness, pressed}, {3, aBusiness, listOnly}, {4, aBusiness, kyb}, {3, aWallet, wallet},
	{2, aPerson, monitored("watchlist")}, {1, aPerson, monitored("politically-exposed-person")}, {2, aPerson, thin},
	{1, aPerson, blank}, {1, aPerson, broken}, {1, aPerson, unfinished}, {2, aPerson, forged}, {1, aPerson, silent},
}

// settled are the statuses of those that do not wait, by how often, the plots behind them, and
// whether these go for businesses and wallets too.
var settled = []struct {
	weight int
	status string
	plot   plot
	any    bool
}{
	{66, "approved", quiet, true}, {9, "approved", reviewed, false}, {6, "approved", watched, false},
	{8, "declined", quiet, true}, {2, "declined", reviewed, false}, {3, "created", quiet, false},
	{2, "errored", broken, false}, {4, "pending_fallback_inquiry", fallback, false},
}

var tags = []string{"onboarding", "edd", "vip", "high-risk-country", "batch-2026-11", "reseller", "second-line"}

// tell draws one transaction and writes its payloads.
func (o Options) tell(s *story) {
	s.review = [...]string{"needs_review", "needs_review", "needs_review", "needs_review", "needs review", "Needs Review"}[s.IntN(6)]
	for range s.IntN(6) / 2 {
		if t := pick(s.dice, tags); !slices.Contains(s.tags, t) {
			s.tags = append(s.tags, t)
		}
	}
	waits := s.chance(o.ReviewShare)
	if s.i < composed {
		k := s.i * len(opening) / composed
		waits = k < (s.i+1)*len(opening)/composed
		if waits {
			sc := opening[k]
			s.subject(sc.kind, cultureOf(sc.culture), sc.native)
			s.settle(o.Now.Add(-ages[k]).Add(-s.span(0, 20*time.Minute)))
			sc.plot(s, s.review)
			return
		}
	}
	c := &pools()[s.IntN(len(pools()))]
	native := s.one(5)
	if waits {
		n := s.IntN(100)
		for _, r := range reviews {
			if n -= r.weight; n < 0 {
				s.subject(r.kind, c, native)
				s.settle(o.Now.Add(-s.age()))
				r.plot(s, s.review)
				return
			}
		}
	}
	kind := aPerson
	switch n := s.IntN(100); {
	case n < 9:
		kind = aBusiness
	case n < 12:
		kind = aWallet
	}
	n := s.IntN(100)
	if s.i < composed {
		n = (s.i*37 + 11) % 100 // every status is among the first hundred
	}
	for _, t := range settled {
		if n -= t.weight; n < 0 {
			if !t.any {
				kind = aPerson
			}
			s.subject(kind, c, native)
			s.settle(o.Now.Add(-s.span(20*time.Minute, 200*24*time.Hour)))
			t.plot(s, t.status)
			return
		}
	}
}

// age is how long a transaction has waited: mostly less than four days.
func (s *story) age() time.Duration {
	const day = 24 * time.Hour
	switch n := s.IntN(100); {
	case n < 74:
		return s.span(time.Hour, 4*day)
	case n < 89:
		return s.span(4*day, 5*day)
	default:
		return s.span(5*day, 9*day)
	}
}
