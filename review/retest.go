package review

// Retest is an earlier finding on a listed party, with its premises tested on today's evidence.
// It never counts as a finding by itself.
type Retest struct {
	Earlier  Disposition // the newest one that found a false positive
	Premises []TestedPremise
	Fresh    []MatchKey // open matches of the party that the earlier finding was not about
}

// Held says that the match may be shown folded: the finding was about every open match of the
// party, at least one premise can be tested, and none of these is broken or untestable.
func (r Retest) Held() bool {
	testable := 0
	for _, p := range r.Premises {
		switch {
		case !p.Testable():
		case p.Standing != Holds:
			return false
		default:
			testable++
		}
	}
	return testable > 0 && len(r.Fresh) == 0
}

// Reopened says that a premise which could be tested does not hold any more.
func (r Retest) Reopened() bool {
	for _, p := range r.Premises {
		if p.Testable() && p.Standing != Holds {
			return true
		}
	}
	return false
}

// Retests puts earlier findings, in any order, to the parties of a dossier, and gives what came of
// it by the key of every match of the party: one listed party may stand in a dossier once for each
// of several subjects. A finding is about a party when it was on one of its matches: by key, or the
// same match (kind and identity) of another report on the same person. Of several on one party the
// newest counts; where that is no false positive, or nothing earlier is about the party, there is
// none. Give it findings of reviews before this one, without those that were undone.
func Retests(d Dossier, parties []Party, earlier []Disposition) map[MatchKey]Retest {
	tested := map[MatchKey]Retest{}
	if len(earlier) == 0 {
		return tested
	}
	newest := newestFindings(earlier)
	for _, p := range parties {
		s := d.SubjectOfParty(p)
		last, fresh := newest.onParty(p, Whose(s))
		if last == nil || last.Finding != FalsePositive {
			continue
		}
		r := Retest{Earlier: *last, Premises: testAll(last.Premises, comparedNow(p, s)), Fresh: fresh}
		for i := range p.Matches {
			tested[p.Matches[i].Key] = r
		}
	}
	return tested
}

func testAll(premises []Premise, on ComparedParty) []TestedPremise {
	tested := make([]TestedPremise, 0, len(premises))
	for _, p := range premises {
		tested = append(tested, p.Test(on))
	}
	return tested
}

// before says that a finding was recorded earlier than another: entries are numbered as they
// are written.
func (d Disposition) before(other Disposition) bool { return d.Entry < other.Entry }

// findings are the newest findings by what they were on.
type findings struct {
	byKey   map[MatchKey]*Disposition
	byMatch map[[3]string]*Disposition // kind, identity, whose
}

func newestFindings(all []Disposition) findings {
	f := findings{map[MatchKey]*Disposition{}, map[[3]string]*Disposition{}}
	for i := range all {
		d := &all[i]
		if have := f.byKey[d.Match]; have == nil || have.before(*d) {
			f.byKey[d.Match] = d
		}
		k := [3]string{string(d.Kind), d.Identity, d.Whose}
		if have := f.byMatch[k]; have == nil || have.before(*d) {
			f.byMatch[k] = d
		}
	}
	return f
}

// on is the newest finding on a match or on the same one of another report; nil when none.
func (f findings) on(m *Match, whose string) *Disposition {
	had := f.byKey[m.Key]
	if m.Identity == "" || whose == "" {
		return had
	}
	if same := f.byMatch[[3]string{string(m.Kind), m.Identity, whose}]; had == nil || same != nil && had.before(*same) {
		return same
	}
	return had
}

// onParty is the newest finding on any match of a party, nil when there is none, and those of its
// open matches that no false positive was the last word on.
func (f findings) onParty(p Party, whose string) (last *Disposition, fresh []MatchKey) {
	for i := range p.Matches {
		m := &p.Matches[i]
		had := f.on(m, whose)
		if had != nil && (last == nil || last.before(*had)) {
			last = had
		}
		if m.Open() && (had == nil || had.Finding != FalsePositive) {
			fresh = append(fresh, m.Key)
		}
	}
	return last, fresh
}

// Lapsed is a finding of a running review that the evidence has left behind: it counts as none.
type Lapsed struct {
	Disposition Disposition
	Retest      Retest // what a false positive rested on, tested on today's evidence
	Known       []Fact // what could not be told for want of, and is known by now
}

// StillStanding parts the findings of a running review in those that still stand on today's
// evidence and those that lapsed. Where nothing moved between subject and party all stand. Else
// a false positive stands while each premise that can be tested holds, and there is one; what
// cannot be told stands until a fact that was missing is known; a true match stands. A finding
// on a match that is gone stands too: nobody asks for it.
//
// A finding of which nothing tells what was seen (Seen is zero: it was erased) stands on unmoved
// evidence alone.
func StillStanding(d Dossier, parties []Party, found []Disposition) (stands []Disposition, lapsed []Lapsed) {
	of := make(map[MatchKey]int, len(found))
	for i, p := range parties {
		for j := range p.Matches {
			of[p.Matches[j].Key] = i
		}
	}
	moved := movedParties{dossier: d, parties: parties, states: map[int]*partyState{}}
	for _, f := range found {
		at, ok := of[f.Match]
		if !ok || f.Finding == TrueMatch || !moved.since(f, at) {
			stands = append(stands, f)
			continue
		}
		l := Lapsed{Disposition: f}
		switch c := moved.compared(at); f.Finding {
		case FalsePositive:
			l.Retest = Retest{Earlier: f, Premises: testAll(f.Premises, c)}
			ok = l.Retest.Held()
		default:
			l.Known = c.known(f.Missing)
			ok = len(l.Known) == 0
		}
		if ok {
			stands = append(stands, f)
		} else {
			lapsed = append(lapsed, l)
		}
	}
	return stands, lapsed
}

// movedParties finds out once for each party what findings are held against, and only where it is
// needed: of most nothing has moved.
type movedParties struct {
	dossier  Dossier
	parties  []Party
	states   map[int]*partyState
	evidence Hash // of the whole dossier; zero until asked for
}

type partyState struct {
	subject  Subject
	seen     Hash
	compared ComparedParty
}

func (m *movedParties) state(at int) *partyState {
	if s, ok := m.states[at]; ok {
		return s
	}
	s := &partyState{subject: m.dossier.SubjectOfParty(m.parties[at])}
	s.seen = PartyEvidence(s.subject, m.parties[at])
	m.states[at] = s
	return s
}

// since says that something between subject and party is not what a finding was made from.
func (m *movedParties) since(f Disposition, at int) bool {
	if !f.Seen.IsZero() {
		return f.Seen != m.state(at).seen
	}
	if m.evidence.IsZero() {
		m.evidence = Evidence(m.dossier)
	}
	return f.Evidence != m.evidence
}

func (m *movedParties) compared(at int) ComparedParty {
	s := m.state(at)
	if s.compared.Comparator == "" {
		s.compared = comparedNow(m.parties[at], s.subject)
	}
	return s.compared
}
