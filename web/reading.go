package web

import (
	"slices"
	"sync"
	"time"

	"docket/review"
	"docket/views"
)

// partyRead is what the evidence says of a listed party before anybody judged: who it is, how
// each of its matches compares, and how a page shows that.
type partyRead struct {
	review.Party
	open  []review.Match
	rows  [][]review.Comparison // of each match, in the order of Party.Matches
	first int                   // which match weighs most: it is compared in full
	view  views.Party           // without number, finding and form
}

// readParties reads the parties of a dossier: those with an open match first, in the order of
// their first match, then those that were dismissed at Persona.
func readParties(d review.Dossier, now time.Time) []partyRead {
	b := newPartyBuilder(d, now)
	var open, away []partyRead
	for _, p := range review.Parties(d) {
		r := partyRead{Party: p, open: p.OpenMatches(), rows: make([][]review.Comparison, len(p.Matches))}
		for i := range p.Matches {
			m, best := &p.Matches[i], &p.Matches[r.first]
			r.rows[i] = review.Compare(b.subjectOf(m), *m)
			if m.Open() != best.Open() && m.Open() || m.Open() == best.Open() && strength(r.rows[i]) > strength(r.rows[r.first]) {
				r.first = i
			}
		}
		r.view = b.party(r)
		if len(r.open) > 0 {
			open = append(open, r)
		} else {
			away = append(away, r)
		}
	}
	return append(open, away...)
}

// reading is what a dossier says, made ready for its pages. It is shared: nobody may change it.
type reading struct {
	parties []partyRead
	records []views.Record
	reports []*views.Keep[views.Report] // their markup; what they say hangs on the time of day too
	weight  int
}

func read(d review.Dossier, now time.Time) *reading {
	r := &reading{parties: readParties(d, now), records: records(d, true, now), reports: make([]*views.Keep[views.Report], len(d.Reports)),
		weight: 1 + len(d.Records)}
	for i := range r.parties {
		r.parties[i].view.Keep = new(views.Keep[views.Party])
		r.weight += len(r.parties[i].Matches)
	}
	for i := range r.records {
		r.records[i].Keep = new(views.Keep[views.Record])
	}
	for i := range r.reports {
		r.reports[i] = new(views.Keep[views.Report])
	}
	return r
}

// readings keeps the readings of the reviews that were looked at last, with the markup drawn
// from them. A page is asked for again after each finding, on the same evidence; comparing fifty
// matches with all their spellings again, and drawing what has not changed, would be most of
// its cost.
type readings struct {
	mu     sync.Mutex
	keys   []readingKey // the oldest first
	held   map[readingKey]*reading
	weight int
}

// readingKey is everything that a reading depends on: the dossier, the digest of evidence that
// is shown instead of it (zero: none), and the year, which decides how a day is written.
type readingKey struct {
	edition int64
	digest  review.Hash
	year    int
}

// heaviestReadings bounds what is kept, in matches and records. One of these takes some 30 KB
// with all its spellings and its markup, of which there may be two.
const heaviestReadings = 1200

func newReadings() *readings { return &readings{held: map[readingKey]*reading{}} }

// of gives the reading of an edition of a dossier, or of the evidence behind a digest beside it.
func (c *readings) of(edition int64, digest review.Hash, d review.Dossier, now time.Time) *reading {
	key := readingKey{edition: edition, digest: digest, year: now.UTC().Year()}
	c.mu.Lock()
	held, ok := c.held[key]
	c.mu.Unlock()
	if ok {
		return held
	}
	held = read(d, now)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.held[key]; ok || held.weight > heaviestReadings/2 {
		return held
	}
	for c.weight+held.weight > heaviestReadings {
		c.weight -= c.held[c.keys[0]].weight
		delete(c.held, c.keys[0])
		c.keys = c.keys[1:]
	}
	c.keys, c.held[key], c.weight = append(c.keys, key), held, c.weight+held.weight
	return held
}

// partyGroup is a party with what has been found about it in a review.
type partyGroup struct {
	partyRead
	number int
	found  []review.Disposition // that hold on its open matches, in their order
}

// partyGroups puts findings to the parties they are about, and numbers them.
func partyGroups(read []partyRead, found []review.Disposition) []partyGroup {
	all := make([]partyGroup, len(read))
	for i, r := range read {
		all[i] = partyGroup{partyRead: r, number: i + 1}
		for j := range r.open {
			key := r.open[j].Key
			if at := slices.IndexFunc(found, func(f review.Disposition) bool { return f.Match == key }); at >= 0 {
				all[i].found = append(all[i].found, found[at])
			}
		}
	}
	return all
}
