package review

import "maps"

// PolicyBook is the versions of the policy together, so that what was recorded under one is worded as
// it was then. Its zero value knows none and words every reason by its code.
type PolicyBook struct {
	now PolicyVersion
	at  map[PolicyVersion]Policy
}

// NewPolicyBook makes a book of versions; now is the one in force.
func NewPolicyBook(now PolicyVersion, all ...Policy) PolicyBook {
	b := PolicyBook{now: now, at: make(map[PolicyVersion]Policy, len(all))}
	for _, p := range all {
		b.at[p.Version] = p
	}
	return b
}

// With gives a book with one more version.
func (b PolicyBook) With(p Policy) PolicyBook {
	at := maps.Clone(b.at)
	if at == nil {
		at = map[PolicyVersion]Policy{}
	}
	at[p.Version] = p
	return PolicyBook{b.now, at}
}

// Now is the policy in force.
func (b PolicyBook) Now() Policy { return b.at[b.now] }

// At is a version; false: there is none of that number.
func (b PolicyBook) At(v PolicyVersion) (Policy, bool) {
	p, ok := b.at[v]
	return p, ok
}

// FindingReason words the main reason of a finding as the version worded it that it was given under;
// a version that no longer offers the code is not asked: the newest that does is.
func (b PolicyBook) FindingReason(v PolicyVersion, r Reason) string {
	return b.words(v, r, func(p Policy) []ReasonCode { return p.Findings })
}

// DecisionReason words the reason for a decision in the same way.
func (b PolicyBook) DecisionReason(v PolicyVersion, r Reason) string {
	return b.words(v, r, func(p Policy) []ReasonCode { return p.Decisions })
}

func (b PolicyBook) words(v PolicyVersion, r Reason, list func(Policy) []ReasonCode) string {
	if r == "" {
		return ""
	}
	if c, ok := reasonOf(list(b.at[v]), r); ok {
		return c.Text
	}
	var newest PolicyVersion
	words := string(r)
	for version, p := range b.at {
		if c, ok := reasonOf(list(p), r); ok && version > newest {
			newest, words = version, c.Text
		}
	}
	return words
}

func reasonOf(list []ReasonCode, r Reason) (ReasonCode, bool) {
	for _, c := range list {
		if c.Code == r {
			return c, true
		}
	}
	return ReasonCode{}, false
}
