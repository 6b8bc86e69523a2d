package review

import (
	"slices"
	"time"
)

// PolicyVersion numbers the versions of the policy from 1, in the order in which they were proposed;
// 0 is none.
type PolicyVersion int64

// Policy is the rules of the house as one document: what may be given as a reason, what needs a second
// person, what is to be checked before closing, how long things may take, how much is looked at
// twice, and how long records are kept. A version never changes; a changed policy is a new version,
// proposed by one admin and put in force by another. Every entry and decision carries the version
// under which it was made.
type Policy struct {
	Version   PolicyVersion   `json:"-"`
	Findings  []ReasonCode    `json:"finding_reasons"`
	Decisions []ReasonCode    `json:"decision_reasons"`
	Second    []SecondRule    `json:"second_person"` // any that applies asks for one
	Checklist []ChecklistItem `json:"checklist"`
	Times     Times           `json:"times"`
	Sampling  Sampling        `json:"sampling"`
	Retention []Retention     `json:"retention"`
}

// ReasonCode is one main reason that can be given, with how the pages word it.
type ReasonCode struct {
	Code Reason `json:"code"`
	Text string `json:"text"`
	Note bool   `json:"note"` // it needs a note
}

// SecondRule is a case in which a decision takes effect only when a second person agrees.
type SecondRule string

const (
	SecondDecline    SecondRule = "decline"             // every decline
	SecondTrueMatch  SecondRule = "approve-true-match"  // approving although a match is found true
	SecondCannotTell SecondRule = "approve-cannot-tell" // approving although a match cannot be told
	SecondReopened   SecondRule = "approve-reopened"    // approving a party that was cleared before and reopened
	SecondUntold     SecondRule = "approve-untold"      // approving although a report tells of a match whose details were not captured
	SecondOther      SecondRule = "other-reason"        // the reason is said in the note alone
	SecondCorrection SecondRule = "correction"          // a decision that corrects another
	SecondEscalated  SecondRule = "escalated"           // the review was handed to a lead
)

// SecondRules lists every value.
func SecondRules() []SecondRule {
	return []SecondRule{SecondDecline, SecondTrueMatch, SecondCannotTell, SecondReopened, SecondUntold, SecondOther,
		SecondCorrection, SecondEscalated}
}

// ChecklistItem is something to be checked, and said to be, before a review closes.
type ChecklistItem struct {
	Code    string     `json:"code"`
	Text    string     `json:"text"`
	Outcome Outcome    `json:"outcome"` // "" both
	Kind    ReportKind `json:"kind"`    // only where a report of this kind has an open match; "" always
}

// Times are the spans that the policy sets, in whole minutes in the document.
type Times struct {
	Target  Minutes `json:"target_minutes"`  // a review that waits longer is over target
	Warning Minutes `json:"warning_minutes"` // from here on it is due soon
	Claim   Minutes `json:"claim_minutes"`   // a claim lasts this long from the last act
	Remind  Minutes `json:"remind_minutes"`  // a customer who was asked is reminded after
}

// Minutes is a span of time in whole minutes.
type Minutes int64

// Duration gives the span.
func (m Minutes) Duration() time.Duration { return time.Duration(m) * time.Minute }

// Sampling is how much is looked at twice: one in so many, 0 none.
type Sampling struct {
	Findings  int `json:"one_finding_in"`  // of matches that were cleared
	Decisions int `json:"one_decision_in"` // of closed reviews
	Known     int `json:"one_known_in"`    // of the second looks, items whose answer is known
}

// Retention is how long one class of records is kept at least.
type Retention struct {
	Class RetentionClass `json:"class"`
	Days  int            `json:"days"` // after the end of what the class says; 0: as long as the database
}

// RetentionClass is a kind of record that is kept for its own time.
type RetentionClass string

const (
	RetainCleared  RetentionClass = "cleared"  // a subject whose every match was found false, from the last close
	RetainDeclined RetentionClass = "declined" // a subject with a true match or a decline, from the last close
	RetainUnjudged RetentionClass = "unjudged" // a subject that was never reviewed, from its last payload
	RetainAccess   RetentionClass = "access"   // who opened which personal data
)

// RetentionClasses lists every value.
func RetentionClasses() []RetentionClass {
	return []RetentionClass{RetainCleared, RetainDeclined, RetainUnjudged, RetainAccess}
}

const (
	minutesPerDay = 24 * 60
	daysPerYear   = 366 // so that a year of keeping is never shorter than the calendar's
)

// DefaultPolicy is what a new database starts with, as version 1: a second person for every decline
// and for every approve that rests on a true match, on a match that cannot be told, or on one that
// nobody could see.
func DefaultPolicy() Policy {
	return Policy{
		Version: 1,
		Findings: []ReasonCode{
			{ReasonBirthdate, "Birth date", false},
			{ReasonName, "Name", false},
			{ReasonCountry, "Country", false},
			{ReasonSex, "Sex", false},
			{ReasonKind, "Person or business", false},
			{ReasonPosition, "Position or role", false},
			{ReasonDocument, "A document", false},
			{ReasonOther, "Other, said in the note", true},
		},
		Decisions: []ReasonCode{
			{ReasonAllFalsePositive, "Every match is a false positive", false},
			{ReasonNoMatch, "There is no open match", false},
			{ReasonTrueMatch, "A match is true", false},
			{ReasonCannotTell, "A match cannot be told", false},
			{ReasonFailedCheck, "A check failed", false},
			{ReasonOther, "Other, said in the note", true},
		},
		Second:    []SecondRule{SecondDecline, SecondTrueMatch, SecondCannotTell, SecondUntold},
		Times:     Times{Target: 5 * minutesPerDay, Warning: 4 * minutesPerDay, Claim: 30, Remind: 7 * minutesPerDay},
		Sampling:  Sampling{Findings: 8, Decisions: 8, Known: 20},
		Retention: []Retention{{RetainCleared, 5 * daysPerYear}, {RetainDeclined, 10 * daysPerYear}, {RetainUnjudged, 2 * daysPerYear}, {RetainAccess, 2 * daysPerYear}},
	}
}

// DecisionFacts is what of a decision says whether it needs a second person.
type DecisionFacts struct {
	Outcome   Outcome
	Reason    Reason
	Tally     FindingTally
	Reopened  bool // a party was cleared before and reopened
	Untold    bool // a report tells of a match whose details were not captured
	Corrects  bool // it corrects an earlier decision
	Escalated bool // the review was handed to a lead
}

// Asks gives the rules by which a decision needs a second person, in the order of SecondRules; none: it
// takes effect at once.
func (p Policy) Asks(f DecisionFacts) []SecondRule {
	var asks []SecondRule
	for _, r := range SecondRules() {
		if slices.Contains(p.Second, r) && r.applies(f) {
			asks = append(asks, r)
		}
	}
	return asks
}

func (r SecondRule) applies(f DecisionFacts) bool {
	approve := f.Outcome == Approve
	switch r {
	case SecondDecline:
		return f.Outcome == Decline
	case SecondTrueMatch:
		return approve && f.Tally.TrueMatches > 0
	case SecondCannotTell:
		return approve && f.Tally.CannotTell > 0
	case SecondReopened:
		return approve && f.Reopened
	case SecondUntold:
		return approve && f.Untold
	case SecondOther:
		return f.Reason == ReasonOther
	case SecondCorrection:
		return f.Corrects
	case SecondEscalated:
		return f.Escalated
	}
	return false
}
