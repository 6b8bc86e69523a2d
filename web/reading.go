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
	open     []review.Match
	compared review.ComparedParty  // as a whole: what premises are taken from and tested on
	rows     [][]review.Comparison // of each match, in the order of Party.Matches
	first    int                   // which match weighs most: it is compared in full
	apart    []review.Premise      // what sets it apart
	settle   []review.Fact         // what would settle it
	premises []views.Tick          // of its form, none ticked
	missing  []views.Tick          // the same
	keys     []review.PartyKey     // that it is known by; nil when nobody is asked about it, or it names nobody
	seen     func() review.Hash    // review.PartyEvidence, worked out when it is first asked for
	view     views.Party           // without number, finding and form
}

// readParties reads the parties of a dossier by the rules in force: those with an open match
// first, in the order of their first match, then those that were dismissed at Persona.
func readParties(d review.Dossier, now time.Time) []partyRead {
	by, err := review.ComparatorOf(review.ComparatorVersion)
	if err != nil {
		panic(err) // the rules in force are among those there are
	}
	return readPartiesBy(d, by, now)
}

// readPartiesBy is readParties by a version of the rules.
func readPartiesBy(d review.Dossier, by review.Comparator, now time.Time) []partyRead {
	b := newPartyBuilder(d, now)
	parties := review.Parties(d)
	subjects := make([]review.Subject, len(parties))
	var pairs []review.Pair // of each party its matches, then itself as a whole if it has several
	for at, p := range parties {
		subjects[at] = d.SubjectOfParty(p)
		for i := range p.Matches {
			pairs = append(pairs, review.Pair{Subject: b.subjectOf(&p.Matches[i]), Match: p.Matches[i]})
		}
		if len(p.Matches) > 1 {
			pairs = append(pairs, review.Pair{Subject: subjects[at], Match: p.Whole()})
		}
	}
	compared := by.CompareAll(pairs)
	var open, away []partyRead
	for at, p := range parties {
		r := partyRead{Party: p, open: p.OpenMatches(), rows: compared[:len(p.Matches):len(p.Matches)],
			compared: review.ComparedParty{Party: p, Subject: subjects[at], Comparator: by.Version}}
		compared = compared[len(p.Matches):]
		for i := range p.Matches {
			m, best := &p.Matches[i], &p.Matches[r.first]
			if m.Open() != best.Open() && m.Open() || m.Open() == best.Open() && strength(r.rows[i]) > strength(r.rows[r.first]) {
				r.first = i
			}
		}
		if r.compared.Rows = r.rows[0]; len(p.Matches) > 1 {
			r.compared.Rows, compared = compared[0], compared[1:]
		}
		if len(r.open) > 0 {
			r.apart, r.settle = r.compared.Premises(), review.SettleParty(r.compared)
			r.premises, r.missing = premiseTicks(r.apart, r.compared), missingTicks(r.settle)
			if p.Kind != review.PartyList {
				r.keys = p.Keys()
			}
		}
		r.seen = sync.OnceValue(func() review.Hash { return review.PartyEvidence(r.compared.Subject, p) })
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

	mu      sync.Mutex
	earlier []review.Disposition // for which retests were worked out last
	retests map[review.MatchKey]review.Retest
	asking  []int // numbers of the parties for which settlers were worked out last
	settled []review.Settler
}

// tested puts earlier findings to the parties, see review.Retests. The same ones are not tested
// twice: a page is asked for again after each finding.
func (r *reading) tested(d review.Dossier, earlier []review.Disposition) map[review.MatchKey]review.Retest {
	if len(earlier) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.retests == nil || !slices.EqualFunc(r.earlier, earlier, sameGround) {
		parties := make([]review.Party, len(r.parties))
		for i := range r.parties {
			parties[i] = r.parties[i].Party
		}
		r.earlier, r.retests = earlier, review.Retests(d, parties, earlier)
	}
	return r.retests
}

// sameGround says that two earlier findings test the same and read the same: an erasure empties
// what one says of a person.
func sameGround(a, b review.Disposition) bool {
	return a.Entry == b.Entry && a.Match == b.Match && a.Note == b.Note && slices.EqualFunc(a.Premises, b.Premises, func(p, q review.Premise) bool {
		return p.Key() == q.Key() && slices.Equal(p.Subject, q.Subject) && slices.Equal(p.Match, q.Match)
	})
}

// settlers are the facts that would decide the parties of these numbers, see review.Settle. As with
// tested, the same ones are not weighed twice.
func (r *reading) settlers(asking []int) []review.Settler {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settled == nil || !slices.Equal(r.asking, asking) {
		parties := make([]review.ComparedParty, len(asking))
		for i, n := range asking {
			parties[i] = r.parties[n-1].compared
		}
		r.asking, r.settled = asking, review.Settle(parties)
	}
	return r.settled
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
	found  []review.Disposition // that stand on its open matches, in their order
	lapsed []review.Lapsed      // that do not stand any more, the same
	retest *review.Retest       // what was found earlier, tested today; nil: nothing, or it does not matter any more
}

// partyGroups puts findings to the parties they are about, and numbers them. All of them stand.
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

// testedGroups is partyGroups of a review that is under way: what the evidence has left behind
// counts as no finding, and what was found earlier is put to the parties that have none.
func testedGroups(d review.Dossier, read *reading, found, earlier []review.Disposition) []partyGroup {
	retests := read.tested(d, earlier)
	all := partyGroups(read.parties, found)
	for i := range all {
		g := &all[i]
		if slices.ContainsFunc(g.found, func(f review.Disposition) bool { return f.Seen != g.seen() }) {
			g.found, g.lapsed = review.StillStanding(d, []review.Party{g.Party}, g.found)
		}
		if r, ok := retests[g.Matches[0].Key]; ok && !g.answered() && !g.dismissed() {
			g.retest = &r
		}
	}
	return all
}
