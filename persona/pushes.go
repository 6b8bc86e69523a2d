package persona

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// What PushMatches does on a report that can only be dismissed.
const pushDismiss = "dismiss"

// The verbs of PushInquiry.
const (
	pushApprove = "approve"
	pushDecline = "decline"
)

// maxTold bounds the words for people at Persona, in characters.
const maxTold = 2_000

// Pushes is what Persona is to be told of a decision, in the order in which it is to be done.
// It is pure, and tells only what the switches allow and Persona has a call for; NotTold says
// the rest. A decision on an inquiry or a case moves that alone: what else hangs on it is for
// Persona's own workflows. Persona keeps the API key as the author, so the words name the colleague.
// https://docs.withpersona.com/api-reference/transactions/update-a-transaction
func Pushes(t review.Telling, r review.Review, dec review.Decision, d review.Dossier, found []review.Disposition) []review.Push {
	p := pushing{telling: t, review: r, decision: dec, dossier: d, found: map[review.MatchKey]review.Disposition{}}
	for _, f := range slices.Backward(found) {
		p.found[f.Match] = f
	}
	if p.root = r.Root; p.root.IsZero() {
		p.root = d.Root().Ref
	}
	if t.Matches {
		for _, report := range d.Reports {
			p.matches(report)
		}
	}
	switch p.root.Type {
	case review.RootInquiry:
		if t.Inquiry {
			p.inquiry(d.About.Resource)
		}
		return p.out
	case review.RootCase:
		if t.Case {
			p.caseOf(d.About.Resource, true)
		}
		return p.out
	}
	spelling := t.Of(d.Transaction.Type)
	if t.Fields {
		p.fields(spelling)
	}
	if t.Status {
		p.status(spelling)
	}
	if t.Inquiry {
		p.inquiries()
	}
	if t.Case {
		p.cases()
	}
	return p.out
}

type pushing struct {
	telling  review.Telling
	review   review.Review
	decision review.Decision
	dossier  review.Dossier
	found    map[review.MatchKey]review.Disposition
	root     review.Ref
	out      []review.Push
}

func (p *pushing) add(push review.Push) {
	push.Review, push.Decision, push.Root = p.review.ID, p.decision.Entry, p.root
	push.State, push.At = review.PushWaiting, p.decision.At
	// The moment and the evidence are in the key because two databases may count alike.
	push.Key = "docket-" + review.Sum(fmt.Appendf(nil, "%d|%d|%s|%s|%s|%s|%s|%d", push.Review, push.Decision, p.decision.Evidence,
		push.Act, push.Target, push.Part, push.Value, p.decision.At.UnixMilli())).String()[:32]
	p.out = append(p.out, push)
}

// matches tells the findings on one report.
func (p *pushing) matches(r review.Report) {
	switch dismissing(r.Kind) {
	case dismissReport:
		open := r.OpenMatches()
		if len(open) > 0 && p.all(open, review.FalsePositive) {
			p.add(review.Push{Act: review.PushMatches, Target: r.Ref, Value: pushDismiss, Note: p.why(open)})
		}
	case dismissParty:
		for _, group := range byEntity(r.OpenMatches()) {
			if p.all(group, review.FalsePositive) {
				p.add(review.Push{Act: review.PushMatches, Target: r.Ref, Part: group[0].EntityID, Value: pushDismiss, Note: p.why(group)})
			}
		}
	case reviewRecord:
		for _, group := range byEntity(r.Matches) {
			finding, ok := p.one(group)
			if value := recordStatus(finding); ok && value != group[0].ReviewStatus {
				p.add(review.Push{Act: review.PushMatches, Target: r.Ref, Part: group[0].EntityID, Value: value, Note: p.why(group)})
			}
		}
	}
}

// How Persona takes findings on the matches of one kind of report.
// https://docs.withpersona.com/api-reference/reports/dismiss-matches
// https://docs.withpersona.com/api-reference/reports/review-matches
type howTold int

const (
	noCall        howTold = iota // Persona has no call
	dismissReport                // all open matches of the report at once, as false
	dismissParty                 // the matches of one listed party, as false
	reviewRecord                 // each record, with any finding
)

func dismissing(k review.ReportKind) howTold {
	switch k {
	case review.KindWatchlist, review.KindPEP, review.KindBusinessWatchlist:
		return dismissReport
	case review.KindAdverseMedia, review.KindBusinessAdverseMedia:
		return dismissParty
	case review.KindScreening:
		return reviewRecord
	}
	return noCall
}

// byEntity groups matches by the id that Persona's calls take; those without one are left out.
func byEntity(ms []review.Match) [][]review.Match {
	var ids []string
	of := map[string][]review.Match{}
	for _, m := range ms {
		if m.EntityID == "" {
			continue
		}
		if of[m.EntityID] == nil {
			ids = append(ids, m.EntityID)
		}
		of[m.EntityID] = append(of[m.EntityID], m)
	}
	groups := make([][]review.Match, len(ids))
	for i, id := range ids {
		groups[i] = of[id]
	}
	return groups
}

// recordStatus spells a finding as Persona's record review does.
func recordStatus(f review.Finding) string {
	switch f {
	case review.FalsePositive:
		return "false_positive"
	case review.TrueMatch:
		return "true_positive"
	case review.CannotTell:
		return "indeterminate"
	}
	return ""
}

func (p *pushing) all(ms []review.Match, f review.Finding) bool {
	return !slices.ContainsFunc(ms, func(m review.Match) bool { return p.found[m.Key].Finding != f })
}

// one is the finding that all these matches share.
func (p *pushing) one(ms []review.Match) (review.Finding, bool) {
	f := p.found[ms[0].Key].Finding
	return f, f != "" && p.all(ms, f)
}

// why says for people at Persona what was found, why, and by whom.
func (p *pushing) why(ms []review.Match) string {
	var parts []string
	for _, m := range ms {
		f := p.found[m.Key]
		words := spaced(string(f.Finding)) + " (" + spaced(string(f.Reason)) + ")"
		if f.Note != "" {
			words += ": " + f.Note
		}
		if !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
	}
	return cutWords(capital(strings.Join(parts, "; ")) + p.signature(p.found[ms[0].Key].ByName))
}

func (p *pushing) signature(by string) string {
	s := " [" + p.review.ID.String()
	if by != "" {
		s += ", " + by
	}
	return s + "]"
}

// fields writes reason, note and reviewer into the fields that are set up for them. An empty
// note says nothing, unless it takes back the note of an earlier decision.
func (p *pushing) fields(t review.TypeTelling) {
	var fs []review.PushField
	add := func(key, value string) {
		if key != "" && (value != "" || p.decision.Corrects != 0) {
			fs = append(fs, review.PushField{Key: key, Value: cutWords(value)})
		}
	}
	add(t.ReasonField, string(p.decision.Reason))
	add(t.NoteField, p.decision.Note)
	add(t.ByField, p.decision.ByName)
	if len(fs) > 0 {
		p.add(review.Push{Act: review.PushFields, Target: p.root, Fields: fs})
	}
}

func (p *pushing) status(t review.TypeTelling) {
	value := p.pick(t.Approved, t.Declined)
	if before := p.dossier.Transaction.Status.Value; value != "" && value != before {
		p.add(review.Push{Act: review.PushStatus, Target: p.root, Value: value, Before: before})
	}
}

func (p *pushing) pick(approved, declined string) string {
	switch p.decision.Outcome {
	case review.Approve:
		return approved
	case review.Decline:
		return declined
	}
	return ""
}

// inquiries tells those inquiries of the transaction that are finished and wait for a decision.
func (p *pushing) inquiries() {
	for _, r := range p.dossier.Records {
		if r.Ref.Type == review.RootInquiry && r.Via == "" {
			p.inquiry(r)
		}
	}
}

func (p *pushing) inquiry(r review.Resource) {
	switch review.NormalStatus(r.Status.Value) {
	case "needs_review", "completed", "failed":
		p.add(review.Push{Act: review.PushInquiry, Target: r.Ref, Value: p.pick(pushApprove, pushDecline), Before: r.Status.Value, Note: p.summary()})
	}
}

// cases comments on the cases of the transaction and, where the case is about nothing else,
// sets their status.
func (p *pushing) cases() {
	for _, r := range p.dossier.Records {
		if r.Ref.Type == review.RootCase && r.Via == "" {
			p.caseOf(r, p.alone(r))
		}
	}
}

// caseOf comments on a case, and sets its status where the decision is about all of it.
func (p *pushing) caseOf(r review.Resource, whole bool) {
	if r.Capture != review.CaptureFull {
		return
	}
	p.add(review.Push{Act: review.PushComment, Target: r.Ref, Note: p.summary()})
	if value := p.pick(p.telling.CaseApproved, p.telling.CaseDeclined); whole && value != "" && value != r.Status.Value {
		p.add(review.Push{Act: review.PushCase, Target: r.Ref, Value: value, Before: r.Status.Value})
	}
}

// alone says that a case names no transaction but this one: its status would speak for others.
func (p *pushing) alone(c review.Resource) bool {
	return !slices.ContainsFunc(c.Relations, func(rel review.Relation) bool {
		return slices.ContainsFunc(rel.Refs, func(ref review.Ref) bool { return ref.Type == "transaction" && ref != p.root })
	})
}

// summary is the decision in words for people at Persona.
func (p *pushing) summary() string {
	words := p.pick("Approved", "Declined") + ": " + spaced(string(p.decision.Reason)) + "."
	if p.decision.Note != "" {
		words += " " + p.decision.Note
	}
	return cutWords(words + p.signature(p.decision.ByName))
}

// NotTold says, in sentences for a page, which findings Persona has no call for or cannot be
// told as they stand, given that findings are told at all.
func NotTold(t review.Telling, d review.Dossier, found []review.Disposition) []string {
	if !t.Matches {
		return nil
	}
	p := pushing{found: map[review.MatchKey]review.Disposition{}}
	for _, f := range slices.Backward(found) {
		p.found[f.Match] = f
	}
	var out []string
	for _, r := range d.Reports {
		open := r.OpenMatches()
		if len(open) == 0 {
			continue
		}
		name := spaced(string(r.Kind))
		nameless := slices.ContainsFunc(open, func(m review.Match) bool { return m.EntityID == "" })
		allFalse := p.all(open, review.FalsePositive)
		switch how := dismissing(r.Kind); {
		case how == noCall:
			out = append(out, fmt.Sprintf("The findings on the %s report stay here: Persona has no call for them", name))
		case how == dismissReport && !allFalse:
			out = append(out, fmt.Sprintf("The findings on the %s report stay here: Persona can only dismiss all of its matches at once, and not all are found false", name))
		case how == dismissParty && !allFalse:
			out = append(out, fmt.Sprintf("Of the %s report only what is found false is told: Persona has no call to confirm a match", name))
		case how != dismissReport && nameless:
			out = append(out, fmt.Sprintf("Not every finding on the %s report can be told: Persona gave some of its matches no id", name))
		}
	}
	return out
}

// spaced turns a code into words.
func spaced(code string) string {
	return strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == '_' || r == '-' }), " ")
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func cutWords(s string) string {
	if utf8.RuneCountInString(s) <= maxTold {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == maxTold {
			return s[:i] + "…"
		}
	}
	return s
}
