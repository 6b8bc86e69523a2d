package review

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PolicySection is a part of the policy, as the page and the diff divide it.
type PolicySection string

const (
	SectionFindings  PolicySection = "finding_reasons"
	SectionDecisions PolicySection = "decision_reasons"
	SectionSecond    PolicySection = "second_person"
	SectionChecklist PolicySection = "checklist"
	SectionTimes     PolicySection = "times"
	SectionSampling  PolicySection = "sampling"
	SectionRetention PolicySection = "retention"
)

// PolicySections lists every value in the order of the page.
func PolicySections() []PolicySection {
	return []PolicySection{SectionFindings, SectionDecisions, SectionSecond, SectionChecklist, SectionTimes, SectionSampling, SectionRetention}
}

// PolicyChange is one thing that one policy says otherwise than another, in words.
type PolicyChange struct {
	Section PolicySection
	What    string // "Target"
	Was     string // "5 days"; "" it was not there
	Is      string // "3 days"; "" it is no more
}

// PolicyDiff says what b says otherwise than a, by section in the order of PolicySections. It is empty
// only for policies with the same document: a section that differs has at least one change.
func PolicyDiff(a, b Policy) []PolicyChange {
	d := policyDiff{}
	d.lines(SectionFindings, reasonLines(a.Findings), reasonLines(b.Findings))
	d.lines(SectionDecisions, reasonLines(a.Decisions), reasonLines(b.Decisions))
	for _, r := range unite(SecondRules(), a.Second, b.Second) {
		d.add(SectionSecond, r.Words(), yesOr(slices.Contains(a.Second, r)), yesOr(slices.Contains(b.Second, r)))
	}
	d.lines(SectionChecklist, checklistLines(a.Checklist), checklistLines(b.Checklist))
	d.add(SectionTimes, "Target", a.Times.Target.Words(), b.Times.Target.Words())
	d.add(SectionTimes, "Due soon from", a.Times.Warning.Words(), b.Times.Warning.Words())
	d.add(SectionTimes, "A claim lasts", a.Times.Claim.Words(), b.Times.Claim.Words())
	d.add(SectionTimes, "A customer is reminded after", a.Times.Remind.Words(), b.Times.Remind.Words())
	d.add(SectionSampling, "Of cleared matches, a second look at", OneIn(a.Sampling.Findings), OneIn(b.Sampling.Findings))
	d.add(SectionSampling, "Of closed reviews, a second look at", OneIn(a.Sampling.Decisions), OneIn(b.Sampling.Decisions))
	d.add(SectionSampling, "Of second looks, with a known answer", OneIn(a.Sampling.Known), OneIn(b.Sampling.Known))
	for _, c := range unite(RetentionClasses(), classesOf(a), classesOf(b)) {
		d.add(SectionRetention, c.Words(), a.keeps(c), b.keeps(c))
	}
	return d
}

type policyDiff []PolicyChange

func (d *policyDiff) add(s PolicySection, what, was, is string) {
	if was != is {
		*d = append(*d, PolicyChange{s, what, was, is})
	}
}

// line is one line of a list that is known by its code.
type line struct{ code, words string }

// lines compares two lists of lines: what is gone, what changed, what is new, and the order of what
// stayed.
func (d *policyDiff) lines(s PolicySection, was, is []line) {
	find := func(list []line, code string) string {
		for _, l := range list {
			if l.code == code {
				return l.words
			}
		}
		return ""
	}
	var before, after []string
	for _, l := range was {
		now := find(is, l.code)
		d.add(s, l.code, l.words, now)
		if now != "" {
			before = append(before, l.code)
		}
	}
	for _, l := range is {
		if find(was, l.code) == "" {
			d.add(s, l.code, "", l.words)
		} else {
			after = append(after, l.code)
		}
	}
	order := strings.Join(before, ", ") != strings.Join(after, ", ")
	// A line that came in between others, and not behind them, is a matter of order too.
	if !order && len(before) < len(is) {
		for i, code := range after {
			order = order || is[i].code != code
		}
	}
	if order {
		d.add(s, "Order", codesOf(was), codesOf(is))
	}
}

func codesOf(list []line) string {
	codes := make([]string, len(list))
	for i, l := range list {
		codes[i] = l.code
	}
	return strings.Join(codes, ", ")
}

func reasonLines(list []ReasonCode) []line {
	out := make([]line, len(list))
	for i, c := range list {
		out[i] = line{string(c.Code), "“" + c.Text + "”"}
		if c.Note {
			out[i].words += ", with a note"
		}
	}
	return out
}

func checklistLines(list []ChecklistItem) []line {
	out := make([]line, len(list))
	for i, c := range list {
		out[i] = line{c.Code, "“" + c.Text + "”"}
		if c.Outcome != "" {
			out[i].words += ", to " + string(c.Outcome)
		}
		if c.Kind != "" {
			out[i].words += ", with an open match of " + string(c.Kind)
		}
	}
	return out
}

// unite gives what is known, then what else two lists hold, each once.
func unite[T comparable](known []T, lists ...[]T) []T {
	out := slices.Clone(known)
	for _, l := range lists {
		for _, v := range l {
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

func classesOf(p Policy) []RetentionClass {
	out := make([]RetentionClass, len(p.Retention))
	for i, r := range p.Retention {
		out[i] = r.Class
	}
	return out
}

func (p Policy) keeps(c RetentionClass) string {
	for _, r := range p.Retention {
		if r.Class == c {
			return DaysWords(r.Days)
		}
	}
	return ""
}

func yesOr(yes bool) string {
	if yes {
		return "asked"
	}
	return "not asked"
}

// OneIn words how much is drawn.
func OneIn(n int) string {
	switch n {
	case 0:
		return "none"
	case 1:
		return "all"
	}
	return "one in " + grouped(n)
}

// DaysWords words how long a class of records is kept.
func DaysWords(days int) string {
	switch {
	case days == 0:
		return "as long as the database"
	case days == daysPerYear:
		return "1 year (" + grouped(days) + " days)"
	case days > 0 && days%daysPerYear == 0:
		return fmt.Sprintf("%d years (%s days)", days/daysPerYear, grouped(days))
	case days == 1:
		return "1 day"
	}
	return grouped(days) + " days"
}

// Words writes a span in days, hours and minutes: "1 day 12 hours".
func (m Minutes) Words() string {
	var parts []string
	for _, u := range []struct {
		minutes Minutes
		name    string
	}{{minutesPerDay, "day"}, {60, "hour"}, {1, "minute"}} {
		n := m / u.minutes
		m %= u.minutes
		switch {
		case n == 1:
			parts = append(parts, "1 "+u.name)
		case n != 0:
			parts = append(parts, grouped(int(n))+" "+u.name+"s")
		}
	}
	if len(parts) == 0 {
		return "0 minutes"
	}
	return strings.Join(parts, " ")
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Words says of a rule when it asks for a second person.
func (r SecondRule) Words() string {
	switch r {
	case SecondDecline:
		return "Every decline"
	case SecondTrueMatch:
		return "Approving although a match is found true"
	case SecondCannotTell:
		return "Approving although a match cannot be told"
	case SecondReopened:
		return "Approving a party that was cleared before and reopened"
	case SecondUntold:
		return "Approving although a match was reported whose details were not captured"
	case SecondOther:
		return "A decision whose reason is said in the note alone"
	case SecondCorrection:
		return "A decision that corrects another"
	case SecondEscalated:
		return "A decision on a review that was handed to a lead"
	}
	return "⁇ " + string(r)
}

// Words says which records a class holds, and from when their time runs.
func (c RetentionClass) Words() string {
	switch c {
	case RetainCleared:
		return "Subjects whose every match was found false, from the last close"
	case RetainDeclined:
		return "Subjects with a true match or a decline, from the last close"
	case RetainUnjudged:
		return "Subjects that were never reviewed, from their last payload"
	case RetainAccess:
		return "Who opened which personal data"
	}
	return "⁇ " + string(c)
}

// PastDecision is a decision in effect as far as a policy has anything to say about it.
type PastDecision struct {
	Facts  DecisionFacts
	Second bool          // a second person agreed to it
	Waited time.Duration // from the opening of the review to the decision
	First  bool          // it closed the review; a correction does not count against the target
}

// PolicyReplay is what the past decisions would have met under another policy.
type PolicyReplay struct {
	Decisions int                // in effect
	More      int                // would have needed a second person and had none
	Fewer     int                // had a second person and would have needed none
	ByRule    map[SecondRule]int // how many each rule would have asked of
	Gone      int                // gave a reason that is offered no more
	Over      int                // first decisions over the new target
	WasOver   int                // … over the target of the policy in force
	Reasons   int                // findings whose main reason is offered no more
	Findings  int
}

// Add counts one more decision. Before is the policy in force.
func (r *PolicyReplay) Add(before, after Policy, d PastDecision) {
	r.Decisions++
	asks := after.Asks(d.Facts)
	switch {
	case len(asks) > 0 && !d.Second:
		r.More++
	case len(asks) == 0 && d.Second:
		r.Fewer++
	}
	if r.ByRule == nil {
		r.ByRule = map[SecondRule]int{}
	}
	for _, rule := range asks {
		r.ByRule[rule]++
	}
	if _, ok := reasonOf(after.Decisions, d.Facts.Reason); !ok {
		r.Gone++
	}
	if d.First && d.Waited > after.Times.Target.Duration() {
		r.Over++
	}
	if d.First && d.Waited > before.Times.Target.Duration() {
		r.WasOver++
	}
}

// AddFindings counts findings that gave one main reason.
func (r *PolicyReplay) AddFindings(after Policy, reason Reason, n int) {
	r.Findings += n
	if _, ok := reasonOf(after.Findings, reason); !ok {
		r.Reasons += n
	}
}
