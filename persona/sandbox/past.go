package sandbox

import "time"

// Told is a part of a story, as it reached us.
type Told struct {
	Transaction string
	At          time.Time
	Payloads    [][]byte
	after       func(status string, at time.Time) [][]byte
}

// After is what Persona sends once somebody has decided: the status that the transaction has then.
func (t Told) After(status string, at time.Time) [][]byte { return t.after(status, at) }

// The first number of a past review: no generated transaction and no sequel has one as high.
const firstPast = 1 << 42

// The past spans twelve weeks, and ends some days ago: all of it can be decided by now.
const (
	pastBegins = 83 * 24 * time.Hour
	pastEnds   = 60 * time.Hour
)

// pasts are the plots of the past, one after the other: what one organisation's screening finds.
var pasts = []struct {
	kind subjectKind
	plot plot
}{
	{aPerson, found("watchlist", 1, 2)}, {aPerson, found("politically-exposed-person", 1, 2)}, {aPerson, found("adverse-media", 1, 2)},
	{aPerson, found("watchlist", 1, 3)}, {aPerson, found("screening", 1, 2)}, {aPerson, found("politically-exposed-person", 1, 2)},
	{aPerson, found("adverse-media", 1, 2)}, {aPerson, found("watchlist", 1, 2)}, {aPerson, several}, {aBusiness, pressed},
	{aPerson, found("politically-exposed-person", 1, 2)}, {aPerson, found("screening", 1, 3)}, {aBusiness, listOnly}, {aPerson, found("adverse-media", 1, 2)},
}

// Past gives n transactions that came to wait for a person in the last twelve weeks, the earliest
// first, each with a match.
func Past(o Options, n int) []Told {
	all := make([]Told, 0, n)
	for i := range n {
		s, began := o.past(i, n)
		t := Told{Transaction: s.txn.id, At: s.updated}
		s.said(&t.Payloads, began)
		t.after = func(status string, at time.Time) (payloads [][]byte) {
			s.updated = at.Truncate(time.Millisecond)
			s.said(&payloads, func() { s.status(status, nothing) })
			return payloads
		}
		all = append(all, t)
	}
	return all
}

// AdoptPast lets the stand-in know the transactions of Past, with the status that the reader says; it
// does not know those that have none.
func (in *StandIn) AdoptPast(o Options, n int, status func(transaction string) string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i := range n {
		s, began := o.past(i, n)
		stands := status(s.txn.id)
		if stands == "" {
			continue
		}
		s.said(new([][]byte), began)
		s.stands, s.pen = stands, pen{}
		in.adopt(s)
	}
}

// past begins the i-th of n stories of the past.
func (o Options) past(i, n int) (*story, func()) {
	if o.Now.IsZero() {
		o.Now = DefaultNow
	}
	s := &story{}
	s.reset(o.Seed, firstPast+i, o.Now.UTC(), nil)
	s.review = "needs_review"
	p := pasts[i%len(pasts)]
	s.subject(p.kind, &pools()[s.IntN(len(pools()))], s.one(6))
	step := (pastBegins - pastEnds) / time.Duration(n)
	s.settle(o.Now.Add(-pastBegins + time.Duration(i)*step + s.span(0, step)))
	return s, func() { p.plot(s, s.review) }
}
