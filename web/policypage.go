package web

import (
	"strconv"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// policyPage shows the policy in force. Who may change it sees the form, unless a proposal waits.
func policyPage(all []store.PolicyRecord, reader review.Colleague, others func(review.ColleagueID) []review.Colleague, typed *policyTyped, more string, now time.Time) views.PolicyPage {
	var p views.PolicyPage
	waits := false
	var current store.PolicyRecord
	for _, v := range all {
		line := views.PolicyLine{Name: views.Go{Href: policyHref(v.Version), Words: "Version " + versionWords(v.Version)}, Tag: views.TagOfPolicy(v.State),
			Proposed: policyWho(v, v.ProposedBy, reader.ID), At: views.At(v.ProposedAt, now)}
		if !v.AgreedAt.IsZero() {
			line.Agreed, line.Since = policyWho(v, v.AgreedBy, reader.ID), views.At(v.AgreedAt, now)
		}
		p.Versions = append(p.Versions, line)
		switch v.State {
		case store.PolicyInForce:
			current = v
		case store.PolicyProposed:
			waits = true
			p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "Version " + versionWords(v.Version) + " waits for a second admin.",
				Text: "Until it is put in force or withdrawn nothing else can be proposed.", To: views.Go{Href: policyHref(v.Version), Words: "Read it"}})
		}
	}
	p.Lead = "Version " + versionWords(current.Version) + " is in force since " + instant(current.AgreedAt, now) + "."
	switch {
	case reader.Role == review.RoleAdmin && !waits:
		form := typedPolicy(current.Policy)
		if typed != nil {
			form = *typed
		}
		p.Form = form.show(more)
		if len(others(reader.ID)) == 0 {
			p.Notices = append(p.Notices, lonely())
		}
	default:
		p.Parts = policyParts(current.Policy)
	}
	return p
}

// lonely says what to do where nobody could be the second admin.
func lonely() views.Notice {
	return views.Notice{Tone: views.ToneAttention, Strong: "You are the only admin.",
		Text: "A changed policy is put in force by another admin than the one who proposed it. Make a second colleague an admin first.",
		To:   views.Go{Href: "/admin/colleagues", Words: "Colleagues"}}
}

func versionWords(v review.PolicyVersion) string { return strconv.FormatInt(int64(v), 10) }

func policyWho(p store.PolicyRecord, by, reader review.ColleagueID) views.Str {
	if by == "" {
		return views.S("Came with docket")
	}
	return whoWords(by, p.Names[by], reader)
}

// policyBuilder makes the page of one version: a pure function of its fields.
type policyBuilder struct {
	all    []store.PolicyRecord
	p      *store.PolicyRecord
	me     review.Colleague
	others func(review.ColleagueID) []review.Colleague
	now    time.Time
	prove  bool
	replay *review.PolicyReplay             // nil: not asked
	bound  map[review.ColleagueID]time.Time // who counts as one person with who proposed it, and until when
}

func (b *policyBuilder) find(is func(store.PolicyRecord) bool) *store.PolicyRecord {
	for i := range b.all {
		if is(b.all[i]) {
			return &b.all[i]
		}
	}
	return nil
}

func (b *policyBuilder) page() views.PolicyVersionPage {
	p := b.p
	out := views.PolicyVersionPage{Head: "Policy, version " + versionWords(p.Version), Tag: views.TagOfPolicy(p.State), Note: prose(p.Note), Parts: policyParts(p.Policy)}
	fact := func(term string, by review.ColleagueID, at time.Time) {
		if at.IsZero() {
			return
		}
		out.Facts = append(out.Facts, views.Fact{Term: term, Value: views.Value{State: review.Present, Str: policyWho(*p, by, b.me.ID)}},
			views.Fact{Term: term + " at", Value: timeValue(at, b.now)})
	}
	fact("Proposed", p.ProposedBy, p.ProposedAt)
	if p.ProposedBy != "" {
		fact("Put in force", p.AgreedBy, p.AgreedAt)
	}
	fact("Withdrawn", p.WithdrawnBy, p.WithdrawnAt)
	out.Facts = append(out.Facts, views.Fact{Term: "Digest", Value: mono(views.V(p.Digest.String()))})
	if against, words := b.against(); against != nil {
		out.Against = words
		for _, c := range review.PolicyDiff(against.Policy, p.Policy) {
			title, _ := partWords(c.Section)
			out.Changes = append(out.Changes, views.PolicyChange{Part: title, What: str(c.What).Text, Was: str(c.Was).Text, Is: str(c.Is).Text})
		}
	}
	b.figures(&out)
	if p.State == store.PolicyProposed {
		b.settle(&out)
	}
	return out
}

// against is the version that this one is compared with: of a proposal, and of one that never was in
// force, the one in force; of one that is or was, the one that it replaced.
func (b *policyBuilder) against() (*store.PolicyRecord, string) {
	if b.p.AgreedAt.IsZero() {
		now := b.find(func(p store.PolicyRecord) bool { return p.State == store.PolicyInForce })
		if now == nil {
			return nil, ""
		}
		return now, "Against version " + versionWords(now.Version) + ", which is in force"
	}
	before := b.find(func(p store.PolicyRecord) bool { return !p.AgreedAt.IsZero() && p.Version < b.p.Version })
	if before == nil {
		return nil, ""
	}
	return before, "Against version " + versionWords(before.Version) + ", which it replaced"
}

func (b *policyBuilder) figures(out *views.PolicyVersionPage) {
	r := b.replay
	if r == nil {
		return
	}
	out.ReplayIs = "Of " + views.Plural(r.Decisions, "decision", "decisions") + " in effect and " + views.Plural(r.Findings, "finding", "findings") + " on the record. None of them is changed."
	add := func(term string, n int) {
		out.Replay = append(out.Replay, views.Fact{Term: term, Value: views.V(views.Number(n))})
	}
	add("Would have needed a second person, and had none", r.More)
	add("Had a second person, and would have needed none", r.Fewer)
	for _, rule := range review.SecondRules() {
		if n := r.ByRule[rule]; n > 0 {
			add("Asked for by “"+rule.Words()+"”", n)
		}
	}
	add("Decisions with a reason that is no more", r.Gone)
	add("Findings with a main reason that is no more", r.Reasons)
	add("Decided over the new target", r.Over)
	add("Decided over the target in force", r.WasOver)
}

// settle offers what the reader may do with a proposal, and says who else may.
func (b *policyBuilder) settle(out *views.PolicyVersionPage) {
	p := b.p
	if b.me.Role != review.RoleAdmin {
		return
	}
	out.Withdraw = &views.PolicyAct{Action: policyHref(p.Version) + "/withdraw", Words: "Withdraw version " + versionWords(p.Version),
		Does: "A version that is withdrawn stays on the record and never comes into force. Another can then be proposed."}
	until, bound := b.bound[b.me.ID]
	switch {
	case bound:
		out.Notices = append(out.Notices, boundNotice(p.Names[p.ProposedBy], until, b.now))
	case b.me.ID != p.ProposedBy:
		out.Enact = &views.PolicyAct{Action: policyHref(p.Version) + "/enact", Digest: p.Digest.String(), Password: b.prove,
			Words: "Put version " + versionWords(p.Version) + " in force",
			Does:  "From then on it rules every finding and decision. What is decided already stays as it is, under the version that it names."}
	case len(b.others(b.me.ID)) == 0:
		out.Notices = append(out.Notices, lonely())
	default:
		n := views.Notice{Strong: "You proposed it.", Text: "Another admin puts it in force: nobody is their own second person."}
		if at := b.soonest(); !at.IsZero() {
			n.Text += " No other admin can before " + instant(at, b.now) + ": for a day, whoever let another in counts as one person with them."
		}
		out.Notices = append(out.Notices, n)
	}
}

// soonest is when the first of the other admins can put the proposal in force; zero when one can now.
func (b *policyBuilder) soonest() time.Time {
	var first time.Time
	for _, c := range b.others(b.p.ProposedBy) {
		until := b.bound[c.ID]
		if until.IsZero() {
			return time.Time{}
		}
		if first.IsZero() || until.Before(first) {
			first = until
		}
	}
	return first
}

// partWords names a part of the policy, and says what it rules.
func partWords(s review.PolicySection) (title, does string) {
	switch s {
	case review.SectionFindings:
		return "Main reasons of a finding", "Offered as the main reason on a match"
	case review.SectionDecisions:
		return "Reasons for a decision", "Offered when a review is decided"
	case review.SectionSecond:
		return "A second person", "Cases in which a decision takes effect only when another lead or admin agrees"
	case review.SectionChecklist:
		return "Checklist", "Ticked before a review closes"
	case review.SectionTimes:
		return "Times", "How long things may take"
	case review.SectionSampling:
		return "Second looks", "How much is drawn by lot for a second, blind look"
	case review.SectionRetention:
		return "Keeping", "The earliest day on which a record may go"
	}
	return "⁇ " + string(s), ""
}

// policyParts is a policy to be read.
func policyParts(p review.Policy) []views.PolicyPart {
	var out []views.PolicyPart
	for _, s := range review.PolicySections() {
		part := views.PolicyPart{ID: string(s), None: "Nothing."}
		part.Title, part.Does = partWords(s)
		add := func(name, text, more string, code bool) {
			part.Rows = append(part.Rows, views.PolicyRow{Name: str(name).Text, Text: str(text).Text, More: more, Mono: code})
		}
		reasons := func(list []review.ReasonCode) {
			for _, c := range list {
				more := ""
				if c.Note {
					more = "asks for a note"
				}
				add(string(c.Code), c.Text, more, true)
			}
		}
		switch s {
		case review.SectionFindings:
			reasons(p.Findings)
		case review.SectionDecisions:
			reasons(p.Decisions)
		case review.SectionSecond:
			part.None = "Nothing asks for a second person."
			for _, r := range p.Second {
				add(string(r), r.Words(), "", true)
			}
		case review.SectionChecklist:
			part.None = "No line: nothing is asked."
			for _, c := range p.Checklist {
				more := ""
				if c.Outcome != "" {
					more = "to " + string(c.Outcome)
				}
				if c.Kind != "" {
					more = join(", ", more, "with an open match of "+lowerFirst(views.KindWords(c.Kind)))
				}
				add(c.Code, c.Text, more, true)
			}
		case review.SectionTimes:
			add("Target", p.Times.Target.Words(), "", false)
			add("Due soon from", p.Times.Warning.Words(), "", false)
			add("A claim lasts", p.Times.Claim.Words(), "", false)
			add("A customer is reminded after", p.Times.Remind.Words(), "", false)
		case review.SectionSampling:
			add("Of cleared matches", review.OneIn(p.Sampling.Findings), "", false)
			add("Of closed reviews", review.OneIn(p.Sampling.Decisions), "", false)
			add("Of second looks, with a known answer", review.OneIn(p.Sampling.Known), "", false)
		case review.SectionRetention:
			for _, r := range p.Retention {
				add(r.Class.Words(), review.DaysWords(r.Days), "", false)
			}
		}
		out = append(out, part)
	}
	return out
}
