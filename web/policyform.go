package web

import (
	"slices"
	"strconv"
	"strings"

	"docket/review"
	"docket/views"
)

// policyTyped is the form of the policy as it was typed: what cannot be kept is shown again as it was.
type policyTyped struct {
	was       review.PolicyVersion
	findings  []reasonTyped
	decisions []reasonTyped
	checks    []checkTyped
	second    []string
	spans     map[string][3]string // days, hours, minutes
	numbers   map[string]string
	note      string
}

type reasonTyped struct {
	code, text string
	note, keep bool
	known      bool // of the policy in force: its code stays
}

type checkTyped struct {
	code, text, outcome, kind string
	keep, known               bool
}

// The rows that a form may send in one list: more than any policy has, retired ones and empty ones
// included.
const mostPolicyRows = 100

// Names of the spans and numbers of the form, in the order of the page.
var (
	policySpans   = []string{"target", "warning", "claim", "remind"}
	policySamples = []string{"one_finding_in", "one_decision_in", "one_known_in"}
)

func retainName(c review.RetentionClass) string { return "retain_" + string(c) }

// typedPolicy is the form of a policy before anybody typed.
func typedPolicy(p review.Policy) policyTyped {
	t := policyTyped{was: p.Version, spans: map[string][3]string{}, numbers: map[string]string{}}
	for _, c := range p.Findings {
		t.findings = append(t.findings, reasonTyped{string(c.Code), c.Text, c.Note, true, true})
	}
	for _, c := range p.Decisions {
		t.decisions = append(t.decisions, reasonTyped{string(c.Code), c.Text, c.Note, true, true})
	}
	for _, c := range p.Checklist {
		t.checks = append(t.checks, checkTyped{c.Code, c.Text, string(c.Outcome), string(c.Kind), true, true})
	}
	for _, r := range p.Second {
		t.second = append(t.second, string(r))
	}
	for i, m := range []review.Minutes{p.Times.Target, p.Times.Warning, p.Times.Claim, p.Times.Remind} {
		n := func(m review.Minutes) string { return strconv.FormatInt(int64(m), 10) }
		t.spans[policySpans[i]] = [3]string{n(m / (24 * 60)), n(m / 60 % 24), n(m % 60)}
	}
	for i, n := range []int{p.Sampling.Findings, p.Sampling.Decisions, p.Sampling.Known} {
		t.numbers[policySamples[i]] = strconv.Itoa(n)
	}
	for _, r := range p.Retention {
		t.numbers[retainName(r.Class)] = strconv.Itoa(r.Days)
	}
	return t
}

// policy reads the form; now says which codes are no longer to be chosen.
func (f form) policy(now review.Policy) (policyTyped, error) {
	t := policyTyped{spans: map[string][3]string{}, numbers: map[string]string{}}
	var err error
	one := func(name string) string {
		var v string
		if bad := f.single(name, &v); bad != nil {
			err = bad
		}
		return strings.TrimSpace(v)
	}
	version, bad := strconv.ParseInt(one("was"), 10, 64)
	if bad != nil {
		return t, errMalformed
	}
	t.was, t.note, t.second = review.PolicyVersion(version), one("note"), f.values["second"]
	if len(t.second) > mostPolicyRows {
		return t, errMalformed
	}
	reasons := func(list string, known []review.ReasonCode) []reasonTyped {
		var out []reasonTyped
		for n := 1; n <= mostPolicyRows && f.values.Has(list+"_code-"+strconv.Itoa(n)); n++ {
			at := "-" + strconv.Itoa(n)
			r := reasonTyped{code: one(list + "_code" + at), text: one(list + "_text" + at), note: one(list+"_note"+at) == "on", keep: one(list+"_keep"+at) == "on"}
			r.known = slices.ContainsFunc(known, func(c review.ReasonCode) bool { return string(c.Code) == r.code })
			out = append(out, r)
		}
		return out
	}
	t.findings, t.decisions = reasons("finding", now.Findings), reasons("decision", now.Decisions)
	for n := 1; n <= mostPolicyRows && f.values.Has("check_code-"+strconv.Itoa(n)); n++ {
		at := "-" + strconv.Itoa(n)
		c := checkTyped{code: one("check_code" + at), text: one("check_text" + at), outcome: one("check_outcome" + at), kind: one("check_kind" + at),
			keep: one("check_keep"+at) == "on"}
		c.known = slices.ContainsFunc(now.Checklist, func(i review.ChecklistItem) bool { return i.Code == c.code })
		t.checks = append(t.checks, c)
	}
	for _, name := range policySpans {
		t.spans[name] = [3]string{one(name + "_days"), one(name + "_hours"), one(name + "_minutes")}
	}
	for _, name := range policySamples {
		t.numbers[name] = one(name)
	}
	for _, c := range review.RetentionClasses() {
		t.numbers[retainName(c)] = one(retainName(c))
	}
	return t, err
}

// rowsOf says which row of the form stands behind each line of the document, by the prefix of its
// fields.
type rowsOf map[string][]int

// policy is what was typed as a policy. What is no number becomes -1, which no policy may say.
func (t policyTyped) policy() (review.Policy, rowsOf) {
	p, rows := review.Policy{Version: t.was}, rowsOf{}
	reasons := func(list string, typed []reasonTyped) (out []review.ReasonCode) {
		for i, r := range typed {
			if !r.keep {
				continue
			}
			out = append(out, review.ReasonCode{Code: review.Reason(codeOr(r.code, r.text)), Text: r.text, Note: r.note})
			rows[list] = append(rows[list], i+1)
		}
		return out
	}
	p.Findings, p.Decisions = reasons("finding", t.findings), reasons("decision", t.decisions)
	for i, c := range t.checks {
		if c.keep {
			p.Checklist = append(p.Checklist, review.ChecklistItem{Code: codeOr(c.code, c.text), Text: c.text, Outcome: review.Outcome(c.outcome), Kind: review.ReportKind(c.kind)})
			rows["check"] = append(rows["check"], i+1)
		}
	}
	for _, r := range t.second {
		p.Second = append(p.Second, review.SecondRule(r))
	}
	span := func(name string) review.Minutes {
		s := t.spans[name]
		days, hours, minutes := wholeNumber(s[0]), wholeNumber(s[1]), wholeNumber(s[2])
		if days < 0 || hours < 0 || minutes < 0 {
			return -1
		}
		return review.Minutes((days*24+hours)*60 + minutes)
	}
	p.Times = review.Times{Target: span("target"), Warning: span("warning"), Claim: span("claim"), Remind: span("remind")}
	n := func(name string) int {
		if t.numbers[name] == "" {
			return -1
		}
		return int(wholeNumber(t.numbers[name]))
	}
	p.Sampling = review.Sampling{Findings: n(policySamples[0]), Decisions: n(policySamples[1]), Known: n(policySamples[2])}
	for _, c := range review.RetentionClasses() {
		p.Retention = append(p.Retention, review.Retention{Class: c, Days: n(retainName(c))})
	}
	return p, rows
}

// wholeNumber reads a number as people type it, an empty one as 0; -1: it is none, or far too large.
func wholeNumber(s string) int64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 32)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// codeOr makes a code of the words when none was chosen.
func codeOr(code, text string) string {
	if code != "" {
		return code
	}
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.Trim(clip(b.String(), 40), "_…")
}

// place moves problems from the lines of the document to the rows of the form.
func (rows rowsOf) place(problems []review.Problem) []views.Problem {
	out := problemList(problems)
	for i, p := range out {
		name, n, ok := strings.Cut(p.Field, "-")
		list, _, _ := strings.Cut(name, "_")
		line, err := strconv.Atoi(n)
		if ok && err == nil && line >= 1 && line <= len(rows[list]) {
			out[i].Field = name + "-" + strconv.Itoa(rows[list][line-1])
		}
	}
	return out
}

// show is the form as a page draws it. More names the list that asked for more empty rows.
func (t policyTyped) show(more string) *views.PolicyForm {
	f := &views.PolicyForm{Action: "/admin/policy", Was: strconv.FormatInt(int64(t.was), 10), Note: t.note,
		Findings:  reasonRows("finding", "Main reasons of a finding", "What is offered as the main reason on a match. What was recorded keeps its words.", t.findings, more),
		Decisions: reasonRows("decision", "Reasons for a decision", "What is offered when a review is decided.", t.decisions, more)}
	for _, r := range review.SecondRules() {
		f.Rules = append(f.Rules, views.PolicyRule{Code: string(r), Words: r.Words(), On: slices.Contains(t.second, string(r))})
	}
	checks := t.checks
	for range blanks("check", more, len(checks), len(checks) > 0 && checks[len(checks)-1] == checkTyped{}) {
		checks = append(checks, checkTyped{})
	}
	for i, c := range checks {
		row := views.PolicyCheck{N: strconv.Itoa(i + 1), Code: c.code, Text: c.text, Keep: c.keep, New: !c.known,
			Outcomes: []views.Option{{Words: "Always"}}, Kinds: []views.Option{{Words: "Any kind, or none"}}}
		for _, o := range review.Outcomes() {
			row.Outcomes = append(row.Outcomes, views.Option{Value: string(o), Words: "To " + string(o), Chosen: c.outcome == string(o)})
		}
		for _, k := range review.ScreeningKinds() {
			row.Kinds = append(row.Kinds, views.Option{Value: string(k), Words: views.KindWords(k), Chosen: c.kind == string(k)})
		}
		f.Checks = append(f.Checks, row)
	}
	words := map[string][2]string{
		"target":  {"Target", "A review that waits longer is over target."},
		"warning": {"Due soon from", "From here on it is shown as due soon."},
		"claim":   {"A claim lasts", "From the last act of whoever has the review."},
		"remind":  {"A customer is reminded after", "From when they were asked for what is missing."},
	}
	for _, name := range policySpans {
		s := t.spans[name]
		f.Spans = append(f.Spans, views.PolicySpan{Name: name, Words: words[name][0], Does: words[name][1], Days: s[0], Hours: s[1], Minutes: s[2]})
	}
	for i, w := range []string{"Of cleared matches, one in", "Of closed reviews, one in", "Of second looks, with a known answer, one in"} {
		f.Samples = append(f.Samples, views.PolicyNumber{Name: policySamples[i], Words: w, Value: t.numbers[policySamples[i]]})
	}
	for _, c := range review.RetentionClasses() {
		f.Kept = append(f.Kept, views.PolicyNumber{Name: retainName(c), Words: c.Words(), Does: "At least " + review.DaysWords(review.RetentionFloor(c)), Value: t.numbers[retainName(c)]})
	}
	return f
}

// blanks is how many empty rows a list is to get: one to begin with, three more when asked.
func blanks(list, more string, rows int, blank bool) int {
	n := 1
	switch {
	case list == more:
		n = 3
	case blank:
		n = 0
	}
	return max(0, min(n, mostPolicyRows-rows))
}

func reasonRows(list, title, does string, typed []reasonTyped, more string) views.PolicyReasons {
	out := views.PolicyReasons{List: list, Title: title, Does: does}
	for range blanks(list, more, len(typed), len(typed) > 0 && typed[len(typed)-1] == reasonTyped{}) {
		typed = append(typed, reasonTyped{})
	}
	for i, r := range typed {
		fixed := r.known && (r.code == string(review.ReasonOther) || list == "decision" && slices.Contains(review.NeededReasons(), review.Reason(r.code)))
		out.Rows = append(out.Rows, views.PolicyReason{N: strconv.Itoa(i + 1), Code: r.code, Text: r.text, Note: r.note, Keep: r.keep, Fixed: fixed, New: !r.known})
	}
	return out
}
