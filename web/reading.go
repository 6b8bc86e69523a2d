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
	b := partyBuilder{dossier: d, now: now}
	var open, away []partyRead
	for _, p := range review.Parties(d) {
		r := partyRead{Party: p, open: p.OpenMatches(), rows: make([][]review.Comparison, len(p.Matches))}
		for i, m := range p.Matches {
			r.rows[i] = review.Compare(b.subjectOf(m), m)
			best := p.Matches[r.first]
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

// readings keeps what was read of the reviews that were looked at last. A page is asked for
// again after each finding, on the same evidence; comparing fifty matches with all their
// spellings again would be most of its cost.
type readings struct {
	mu   sync.Mutex
	keys []readingKey // a ring
	at   int
	held map[readingKey][]partyRead
}

// readingKey is everything that a reading depends on. First sightings are no evidence (they
// may move back when an older payload arrives late) and are shown, as the year is that decides
// how a day is written.
type readingKey struct {
	evidence review.Hash
	seen     int64
	year     int
}

func newReadings(n int) *readings {
	return &readings{keys: make([]readingKey, n), held: make(map[readingKey][]partyRead, n)}
}

// of gives the reading of a dossier with this evidence. It is shared: nobody may change it.
func (c *readings) of(evidence review.Hash, d review.Dossier, now time.Time) []partyRead {
	key := readingKey{evidence: evidence, year: now.UTC().Year()}
	for _, r := range d.Reports {
		for i := range r.Matches {
			key.seen = key.seen*31 + r.Matches[i].FirstSeen.UnixMilli()
		}
	}
	c.mu.Lock()
	held, ok := c.held[key]
	c.mu.Unlock()
	if ok {
		return held
	}
	held = readParties(d, now)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.held[key]; !ok {
		delete(c.held, c.keys[c.at])
		c.keys[c.at], c.held[key] = key, held
		c.at = (c.at + 1) % len(c.keys)
	}
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
		for _, m := range r.open {
			if at := slices.IndexFunc(found, func(f review.Disposition) bool { return f.Match == m.Key }); at >= 0 {
				all[i].found = append(all[i].found, found[at])
			}
		}
	}
	return all
}
