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

// Retests puts earlier findings, in any order, to the parties of a dossier. A finding is about a
// party when it was on one of its matches: by key, or the same match (kind and identity) of
// another report on the same person. Of several on one party the newest counts; where that is no
// false positive, or nothing earlier is about the party, there is none.
func Retests(d Dossier, parties []Party, earlier []Disposition) map[PartyKey]Retest {
	if len(earlier) == 0 {
		return nil
	}
	newest := newestFindings(earlier)
	tested := map[PartyKey]Retest{}
	for _, p := range parties {
		whose := ""
		if r, ok := reportOf(d, p.Matches[0].Report); ok {
			whose = Whose(d.SubjectOf(r))
		}
		var last *Disposition
		var fresh []MatchKey
		for i := range p.Matches {
			m := &p.Matches[i]
			had := newest.on(m, whose)
			if had != nil && (last == nil || last.before(*had)) {
				last = had
			}
			if m.Open() && (had == nil || had.Finding != FalsePositive) {
				fresh = append(fresh, m.Key)
			}
		}
		if last == nil || last.Finding != FalsePositive {
			continue
		}
		c, err := compareEach(d, []Party{p}, ComparatorVersion)
		if err != nil {
			continue
		}
		tested[p.Key] = Retest{Earlier: *last, Premises: testAll(last.Premises, c[0]), Fresh: fresh}
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

func reportOf(d Dossier, ref Ref) (Report, bool) {
	for _, r := range d.Reports {
		if r.Ref == ref {
			return r, true
		}
	}
	return Report{}, false
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
		if d.Identity == "" || d.Whose == "" {
			continue
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
func StillStanding(d Dossier, parties []Party, found []Disposition) (stands []Disposition, lapsed []Lapsed) {
	of := map[MatchKey]int{}
	for i, p := range parties {
		for _, m := range p.Matches {
			of[m.Key] = i
		}
	}
	compared := map[int]ComparedParty{}
	for _, f := range found {
		at, ok := of[f.Match]
		if !ok || f.Finding == TrueMatch {
			stands = append(stands, f)
			continue
		}
		c, ok := compared[at]
		if !ok {
			all, err := compareEach(d, parties[at:at+1], ComparatorVersion)
			if err != nil {
				stands = append(stands, f)
				continue
			}
			c = all[0]
			compared[at] = c
		}
		if f.Seen == PartyEvidence(c.Subject, c.Party) {
			stands = append(stands, f)
			continue
		}
		l := Lapsed{Disposition: f}
		if f.Finding == FalsePositive {
			l.Retest = Retest{Earlier: f, Premises: testAll(f.Premises, c)}
			if l.Retest.Held() {
				stands = append(stands, f)
				continue
			}
		} else if l.Known = c.nowKnown(f.Missing); len(l.Known) == 0 {
			stands = append(stands, f)
			continue
		}
		lapsed = append(lapsed, l)
	}
	return stands, lapsed
}
