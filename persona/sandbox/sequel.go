package sandbox

import (
	"slices"
	"time"
)

// listedAs is a listed party that a story needs to be just so, and the same for every subject.
type listedAs struct {
	id    string // the data source's
	party party
	more  []string // further birth dates, as sent
}

// as is who stands behind a match: drawn, or whom the story names.
func (h hit) as(d dice, s *story) (party, []string) {
	l := d.party(s.who, s.now)
	if h.listed == nil {
		return l, nil
	}
	return h.listed.party, h.listed.more
}

// Sequels are transactions with a past: a person decides what before brought, and then after
// arrives. Somebody was cleared and is found again, with one reason gone and another standing;
// one listed party comes up for several subjects; one subject has more matches than anybody
// wants to judge one by one. All of before lies a month back.
func Sequels(o Options) (before, after [][]byte) {
	o.sequels(func(s *story, past, present func()) {
		s.said(&before, past)
		s.said(&after, present)
	})
	return before, after
}

// AdoptSequels lets the stand-in know the transactions of Sequels, as they stand at the end.
func (in *StandIn) AdoptSequels(o Options) {
	in.mu.Lock()
	defer in.mu.Unlock()
	o.sequels(func(s *story, past, present func()) {
		s.said(new([][]byte), past)
		s.said(new([][]byte), present)
		s.pen = pen{}
		in.adopt(s)
	})
}

// said tells a part of the story and keeps the payloads.
func (s *story) said(into *[][]byte, part func()) {
	s.emit = func(b []byte) bool {
		*into = append(*into, slices.Clone(b))
		return true
	}
	if part != nil {
		part()
	}
}

// The first number of a sequel: no generated transaction has one as high.
const firstSequel = 1 << 41

const month = 30 * 24 * time.Hour

// sequels hands over one story after the other with its two parts; a part is nil when the story
// has none.
func (o Options) sequels(each func(s *story, past, present func())) {
	if o.Now.IsZero() {
		o.Now = DefaultNow
	}
	begin := func(i int, culture string, ago time.Duration) *story {
		s := &story{}
		s.reset(o.Seed, firstSequel+i, o.Now.UTC(), nil)
		s.review = "needs_review"
		s.subject(aPerson, cultureOf(culture), false)
		s.settle(o.Now.Add(-ago))
		return s
	}
	s := begin(0, "polish", month+26*time.Hour)
	past, present := s.foundAgain(o.Now.Add(-5*time.Hour - 12*time.Minute))
	each(s, past, present)

	known := begin(1, "romanian", 0)
	official := known.official(known.who, 21)
	for i := range 5 {
		s := begin(2+i, "romanian", month+time.Duration(9+i*31)*time.Hour)
		s.namesake(official)
		each(s, func() { s.surfaces(official) }, nil)
	}
	s = begin(7, "romanian", 29*time.Hour)
	s.namesake(official)
	each(s, nil, func() { s.surfaces(official) })
	s = begin(8, "romanian", 33*time.Hour)
	s.namesake(official)
	s.who.birth = time.Time{} // the screening was run without one
	each(s, nil, func() { s.surfaces(official) })

	s = begin(9, "portuguese", 46*time.Hour)
	each(s, nil, s.crowd)
}

// official is a listed person of the same family name, born some years before.
func (s *story) official(p person, years int) *listedAs {
	p.birth = p.birth.AddDate(-years, s.between(0, 7), 0)
	return &listedAs{id: "Q9" + s.digits(9), party: party{who: p, precision: 'y', country: p.home.country}}
}

// namesake makes the subject bear the names of a listed person, at an age of their own.
func (s *story) namesake(l *listedAs) {
	p := l.party.who
	s.who.male, s.who.first, s.who.last, s.who.middle = p.male, p.first, p.last, word{}
	s.who.birth = p.birth.AddDate(s.between(9, 24), s.between(0, 7), s.between(0, 20))
}

func (s *story) surfaces(all ...*listedAs) {
	r := s.add("politically-exposed-person")
	s.add("watchlist")
	s.matches(r, all...)
	s.status(s.review, everything)
}

func (s *story) matches(r *report, all ...*listedAs) {
	for _, l := range all {
		r.hits = append(r.hits, hit{seed: s.Uint64(), listed: l})
	}
	r.match = len(r.hits) > 0
}

// foundAgain: two officials were found in one month; in the next run one of them has gained a
// birth date that fits the subject, the other is as it was, and a third one came.
func (s *story) foundAgain(now time.Time) (past, present func()) {
	elsewhere := func(l *listedAs, culture string) *listedAs {
		l.party.country = cultureOf(culture).places[0].country
		return l
	}
	gains := elsewhere(s.official(s.who, 15), "czech")
	stays := elsewhere(s.official(s.who, 22), "hungarian")
	stays.party.who.middle, stays.party.who.first = stays.party.who.first, pick(s.dice, s.who.culture.male)
	fresh := s.official(s.who, 0)
	fresh.party.precision, fresh.party.country = 0, ""
	fresh.party.who.middle, fresh.party.who.first = word{}, pick(s.dice, s.who.culture.male)
	var r *report
	return func() {
			r = s.add("politically-exposed-person")
			r.recurring = true
			s.matches(r, gains, stays)
			s.status(s.review, everything)
		}, func() {
			s.updated = s.updated.Add(31 * time.Hour)
			s.status("approved", nothing)
			gains.more = []string{s.who.birth.Format("2006")}
			s.matches(r, fresh)
			r.again, r.completed = true, now
			s.reportEvent(r, "matched", now.Add(50*time.Millisecond))
			s.updated = now.Add(2 * time.Second)
			s.status(s.review, everything)
		}
}

// crowd: a common name, and fourteen officials who bear it, each of an age of their own.
func (s *story) crowd() {
	var all []*listedAs
	for i := range 14 {
		l := s.official(s.who, 3+2*i)
		if i%4 == 3 {
			l.party.who.middle = pick(s.dice, s.who.culture.male)
		}
		all = append(all, l)
	}
	s.surfaces(all...)
}
