package review

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// What a policy may say at most, and at least.
const (
	MaxReasons      = 40  // of one list
	MaxChecklist    = 30  // lines
	MaxReasonText   = 120 // characters
	MaxCheckText    = 200
	MaxSampling     = 1000
	MaxRetainedDays = 100 * daysPerYear

	minTarget = time.Hour
	maxTarget = 365 * 24 * time.Hour
	minClaim  = 5 * time.Minute
	maxClaim  = 24 * time.Hour
	minRemind = time.Hour
	maxRemind = 90 * 24 * time.Hour
)

// RetentionFloor is the shortest time, in days, for which a class of records may be kept. Records of
// due diligence are kept for at least five years after the relationship ends (FATF Recommendation 11);
// who opened which data is of use for as long as a complaint can still come.
func RetentionFloor(c RetentionClass) int {
	switch c {
	case RetainCleared, RetainDeclined:
		return 5 * daysPerYear
	case RetainAccess:
		return daysPerYear
	}
	return 30
}

// NeededReasons are the reasons for a decision that docket's own rules speak of: they stay in every
// policy.
func NeededReasons() []Reason {
	return []Reason{ReasonAllFalsePositive, ReasonNoMatch, ReasonTrueMatch, ReasonCannotTell, ReasonOther}
}

var policyCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Check says what keeps a policy from being put in force: *Invalid, with the fields of the form, whose
// rows are numbered from 1 in the order of the document: finding_code-1, decision_text-2,
// check_text-1, target, one_finding_in, retain_cleared …; and finding_reasons, decision_reasons,
// second_person, checklist and retention for what is wrong with the whole of a part.
func (p Policy) Check() error {
	var inv Invalid
	checkReasons(&inv, "finding", p.Findings, []Reason{ReasonOther})
	checkReasons(&inv, "decision", p.Decisions, NeededReasons())
	for i, r := range p.Second {
		if !slices.Contains(SecondRules(), r) || slices.Contains(p.Second[:i], r) {
			inv.Add("second_person", "Choose each rule once, among those that are offered")
			break
		}
	}
	p.checkChecklist(&inv)
	p.checkTimes(&inv)
	for _, s := range []struct {
		field string
		n     int
	}{{"one_finding_in", p.Sampling.Findings}, {"one_decision_in", p.Sampling.Decisions}, {"one_known_in", p.Sampling.Known}} {
		if s.n < 0 || s.n > MaxSampling {
			inv.Add(s.field, "Enter a whole number from 0, which is none, to 1,000")
		}
	}
	p.checkRetention(&inv)
	return inv.OrNil()
}

func checkReasons(inv *Invalid, list string, codes []ReasonCode, needed []Reason) {
	all := list + "_reasons"
	if len(codes) > MaxReasons {
		inv.Add(all, fmt.Sprintf("Keep to %d reasons", MaxReasons))
		return
	}
	seen, texts := map[Reason]bool{}, map[string]bool{}
	for i, c := range codes {
		n := "-" + strconv.Itoa(i+1)
		switch {
		case !policyCode.MatchString(string(c.Code)):
			inv.Add(list+"_code"+n, "Use a short code of lower-case letters, digits and underscores that begins with a letter")
		case seen[c.Code]:
			inv.Add(list+"_code"+n, "Use each code once")
		}
		checkText(inv, list+"_text"+n, c.Text, MaxReasonText, texts)
		if c.Code == ReasonOther && !c.Note {
			inv.Add(list+"_text"+n, "Let this reason ask for a note: it says nothing by itself")
		}
		seen[c.Code] = true
	}
	for _, r := range needed {
		if !seen[r] {
			inv.Add(all, "Keep the reason “"+string(r)+"”: docket’s own rules speak of it")
		}
	}
}

// checkText refuses what nobody could read in a list, or could not tell from another line of it.
func checkText(inv *Invalid, field, text string, most int, seen map[string]bool) {
	fold := strings.ToLower(strings.Join(strings.Fields(text), " "))
	switch n := utf8.RuneCountInString(text); {
	case fold == "":
		inv.Add(field, "Enter the words that stand on the page")
	case n > most:
		inv.Add(field, fmt.Sprintf("Shorten it to %d characters", most))
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		inv.Add(field, "Leave out line breaks and invisible characters")
	case seen[fold]:
		inv.Add(field, "Use other words: another line says the same")
	}
	seen[fold] = true
}

// unprintable is what has no place in one line of words: controls, and format characters, which can
// turn the direction of what follows.
func unprintable(r rune) bool { return !unicode.IsPrint(r) && r != ' ' }

func (p Policy) checkChecklist(inv *Invalid) {
	if len(p.Checklist) > MaxChecklist {
		inv.Add("checklist", fmt.Sprintf("Keep to %d lines", MaxChecklist))
		return
	}
	seen, texts := map[string]bool{}, map[string]bool{}
	for i, c := range p.Checklist {
		n := "-" + strconv.Itoa(i+1)
		switch {
		case !policyCode.MatchString(c.Code):
			inv.Add("check_code"+n, "Use a short code of lower-case letters, digits and underscores that begins with a letter")
		case seen[c.Code]:
			inv.Add("check_code"+n, "Use each code once")
		}
		checkText(inv, "check_text"+n, c.Text, MaxCheckText, texts)
		if c.Outcome != "" && !slices.Contains(Outcomes(), c.Outcome) {
			inv.Add("check_outcome"+n, "Choose to approve, to decline, or either")
		}
		if c.Kind != "" && !c.Kind.Screens() {
			inv.Add("check_kind"+n, "Choose a kind of report that screens, or any")
		}
		seen[c.Code] = true
	}
}

func (p Policy) checkTimes(inv *Invalid) {
	t := p.Times
	between := func(field string, m Minutes, least, most time.Duration, words string) {
		// Compared in minutes: a span of many centuries does not fit into a Duration.
		if m < Minutes(least/time.Minute) || m > Minutes(most/time.Minute) {
			inv.Add(field, words)
		}
	}
	between("target", t.Target, minTarget, maxTarget, "Enter a target from 1 hour to 365 days")
	between("claim", t.Claim, minClaim, maxClaim, "Enter a time from 5 minutes to 24 hours")
	between("remind", t.Remind, minRemind, maxRemind, "Enter a time from 1 hour to 90 days")
	if t.Warning < 1 || t.Warning >= t.Target {
		inv.Add("warning", "Enter a time that is shorter than the target")
	}
}

func (p Policy) checkRetention(inv *Invalid) {
	seen := map[RetentionClass]bool{}
	for _, r := range p.Retention {
		field := "retain_" + string(r.Class)
		floor := RetentionFloor(r.Class)
		switch {
		case !slices.Contains(RetentionClasses(), r.Class) || seen[r.Class]:
			inv.Add("retention", "Name each class of records once, and only those that docket knows")
		case r.Days != 0 && (r.Days < floor || r.Days > MaxRetainedDays):
			inv.Add(field, fmt.Sprintf("Enter at least %d days, or 0 to keep them as long as the database", floor))
		}
		seen[r.Class] = true
	}
	for _, c := range RetentionClasses() {
		if !seen[c] {
			inv.Add("retain_"+string(c), "Say how long these are kept")
		}
	}
}
