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
