package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/review"
	"docket/views"
)

// stale is a form that was sent on evidence that has moved since.
type stale struct {
	finding  *review.DispositionForm
	decision *review.DecisionForm
	corrects bool
	shown    string // the digest on the form, as sent
}

// renderStale answers 409: nothing was recorded, what changed, what was typed.
func (s *Server) renderStale(w http.ResponseWriter, r *http.Request, id review.ReviewID, st stale) error {
	visitOf(r.Context()).event = "stale"
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.prepare()
	hash, err := review.ParseHash(st.shown)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	var then *review.Dossier
	switch d, err := s.db.AsSeen(r.Context(), hash); {
	case err == nil && d.Root().Ref == b.file.Review.Root:
		then = &d
	case err != nil && !errors.Is(err, review.ErrNotFound):
		return err
	}
	page := b.stalePage(st, hash, then)
	page.Shell = s.shell(r, "Not recorded: the evidence of "+id.String()+" moved", views.PlaceQueue)
	return s.render(w, r, http.StatusConflict, page)
}

// stalePage says what moved between a page and now. then is nil when the page's evidence can
// no longer be told from its digest.
func (b *reviewBuilder) stalePage(st stale, hash review.Hash, then *review.Dossier) views.StalePage {
	id := b.identity()
	id.Path = []views.Go{{Href: "/reviews", Words: "Queue"}, {Href: b.href(), Words: b.file.Review.ID.String()}, {Words: "Not recorded"}}
	id.Place, id.Previous, id.Next, id.Claim = "", "", "", views.Claim{}
	p := views.StalePage{
		Main:     b.main(),
		Identity: id,
		Strong:   "Your finding was not recorded",
		Text:     "The evidence moved after the page was shown to you. What you record must rest on what you saw, so it was refused.",
		Now:      groups(b.file.Review.Evidence),
		Then:     groups(hash),
	}
	id.Prefix = "The evidence moved:"
	p.Identity.Prefix = id.Prefix
	if st.decision != nil {
		p.Strong = "Your decision was not recorded"
		if words := outcomeVerb(st.decision.Outcome); words != "" {
			p.Text = "You pressed “" + words + "” on a page that the evidence has moved past. A decision must rest on what its maker saw, so it was refused."
		}
		b.refusal(&p)
	}
	b.changes(&p, then)
	b.keep(&p, st)
	p.Acts = append(p.Acts, views.Go{Href: b.href(), Words: "Open the review as it stands now"})
	return p
}

// refusal names the entry that the trail has of it.
func (b *reviewBuilder) refusal(p *views.StalePage) {
	for _, e := range b.file.Entries {
		if e.Act == review.ActRefused && e.By == b.me.ID && e.Review == b.file.Review.ID {
			p.Entry = views.Number(int(e.ID))
			return
		}
	}
}

// changes sets then beside now, party by party, and says what that does to each finding.
func (b *reviewBuilder) changes(p *views.StalePage, then *review.Dossier) {
	if then == nil {
		p.Unknown = "docket does not hold what stood on your page, only its digest. Read the review again as it stands now: " +
			b.matchesLead() + "."
		return
	}
	c := &views.Comparison{Caption: "What the page showed and what holds now", Left: "Your page", Right: "Now", Wide: true}
	add := func(label string, mark views.Mark, left, right views.Side) {
		c.Rows = append(c.Rows, views.CompareRow{Label: label, Mark: mark, Left: left, Right: right})
	}
	before := partyGroups(readParties(*then, b.now), b.file.Found)
	changed := 0
	for _, g := range b.groups {
		old := groupLike(before, g)
		name := "Party " + views.Number(g.number)
		switch {
		case old == nil:
			changed++
			add(name, views.MarkAdded, views.Side{None: "not there"},
				views.Side{Str: views.S(g.calledBy()), Note: join(", ", kindsOf(g.Matches), bornWords(g), findingState(g))})
			b.effect(p, true, name+", new: ", "it asks for a finding.")
		default:
			rows := partyChanges(*old, g)
			for _, r := range rows {
				add(name+", "+r.label, views.MarkChanged, r.left, r.right)
			}
			changed += len(rows)
			b.partyEffect(p, g, len(rows) > 0)
		}
	}
	for _, g := range before {
		if groupLike(b.groups, g) == nil {
			changed++
			add("A party", views.MarkGone, views.Side{Str: views.S(g.calledBy()), Note: join(", ", kindsOf(g.Matches), bornWords(g))}, views.Side{None: "not there any more"})
			b.effect(p, true, g.calledBy()+" is gone: ", "its findings stay on the record.")
		}
	}
	for _, row := range dossierChanges(*then, b.file.Dossier) {
		changed++
		add(row.label, views.MarkChanged, row.left, row.right)
	}
	if changed == 0 {
		p.Unknown = "The matches and the subject read the same. What moved is among the other facts: the reports’ runs or the records."
		return
	}
	p.Changes, p.Lead = c, views.Plural(changed, "change", "changes")
}

func (b *reviewBuilder) effect(p *views.StalePage, differs bool, strong, text string) {
	p.Effects = append(p.Effects, views.Effect{Differs: differs, Strong: strong, Text: text})
}

func (b *reviewBuilder) partyEffect(p *views.StalePage, g partyGroup, changed bool) {
	name := "Party " + views.Number(g.number)
	switch {
	case g.dismissed():
	case !g.answered():
		b.effect(p, true, name+": ", "no finding yet.")
	case changed:
		b.effect(p, true, name+", "+lowerFirst(views.FindingTag(g.newest().Finding).Words)+": ", "look again.")
	default:
		b.effect(p, false, name+", unchanged: ", "your finding stands.")
	}
}

func findingState(g partyGroup) string {
	if g.answered() {
		return lowerFirst(views.FindingTag(g.newest().Finding).Words)
	}
	return "no finding yet"
}

// groupLike finds the same party in another reading: the same key, or a match in common.
func groupLike(groups []partyGroup, g partyGroup) *partyGroup {
	for i := range groups {
		if groups[i].Key == g.Key {
			return &groups[i]
		}
	}
	for i := range groups {
		for _, m := range groups[i].Matches {
			if slices.ContainsFunc(g.Matches, func(n review.Match) bool { return n.Key == m.Key }) {
				return &groups[i]
			}
		}
	}
	return nil
}

type change struct {
	label       string
	left, right views.Side
}

func text(s string) views.Side {
	if s == "" {
		return views.Side{None: notGiven}
	}
	return views.Side{Str: views.S(s)}
}

// partyChanges compares what a party's matches said then and say now.
func partyChanges(old, now partyGroup) []change {
	var out []change
	say := func(label, was, is string) {
		if was != is {
			out = append(out, change{label, text(was), text(is)})
		}
	}
	say("matches", matchCount(old), matchCount(now))
	say("names", strings.Join(namesOf(old), "; "), strings.Join(namesOf(now), "; "))
	say("born", birthsOf(old), birthsOf(now))
	say("lists", listsOf(old), listsOf(now))
	verdicts := func(g partyGroup) map[review.Attribute]review.Verdict {
		m := map[review.Attribute]review.Verdict{}
		for _, c := range g.rows[g.first] {
			m[c.Attribute] = c.Verdict
		}
		return m
	}
	before, after := verdicts(old), verdicts(now)
	for _, a := range review.Attributes() {
		word := func(v review.Verdict) string {
			if v == "" {
				return ""
			}
			return views.MarkOf(v).Words()
		}
		say("verdict on "+lowerFirst(views.AttributeWords(a)), word(before[a]), word(after[a]))
	}
	return out
}

func matchCount(g partyGroup) string {
	s := views.Number(len(g.open)) + " open"
	if away := len(g.Matches) - len(g.open); away > 0 {
		s += ", " + views.Number(away) + " dismissed"
	}
	return s
}

func namesOf(g partyGroup) []string {
	var out []string
	for _, m := range g.Matches {
		for _, n := range m.Names {
			if w := str(n.Value).Text; !slices.Contains(out, w) && len(out) < 12 {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return out
}

func birthsOf(g partyGroup) string {
	var out []string
	for _, m := range g.Matches {
		for _, d := range m.Birthdates {
			if w := birthWords(d); !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " or ")
}

func bornWords(g partyGroup) string {
	if born := birthsOf(g); born != "" {
		return "born " + born
	}
	return ""
}

func listsOf(g partyGroup) string {
	var out []string
	for _, m := range g.Matches {
		for _, l := range m.Listings {
			w := str(l.Name).Text
			if w == "" {
				w = str(l.Slug).Text
			}
			if !l.Ended.IsZero() {
				w += " (taken off)"
			}
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// dossierChanges compares what is said of subject, status and reports.
func dossierChanges(then, now review.Dossier) []change {
	var out []change
	say := func(label, was, is string) {
		if was != is {
			out = append(out, change{label, text(was), text(is)})
		}
	}
	say("Subject", str(then.Subject.FullName()).Text, str(now.Subject.FullName()).Text)
	say("Subject, born", birthWords(then.Subject.Birthdate), birthWords(now.Subject.Birthdate))
	say("Status at Persona", statusWords(then.Root().Status), statusWords(now.Root().Status))
	describe := func(d review.Dossier, ref review.Ref) string {
		for i, r := range d.Reports {
			if r.Ref == ref {
				done := "not completed"
				if !r.CompletedAt.IsZero() {
					done = "completed " + r.CompletedAt.UTC().Format("2 January 2006, 15:04") + " UTC"
				}
				return join(", ", lowerFirst(views.CaptureTag(d.Reports[i].Capture).Words), done)
			}
		}
		return ""
	}
	for _, r := range now.Reports {
		say(str(views.KindWords(r.Kind)).Text+" report", describe(then, r.Ref), describe(now, r.Ref))
	}
	for _, r := range then.Reports {
		if describe(now, r.Ref) == "" {
			say(str(views.KindWords(r.Kind)).Text+" report", describe(then, r.Ref), "")
		}
	}
	say("Records", strconv.Itoa(len(then.Records)), strconv.Itoa(len(now.Records)))
	return out
}

// keep carries what was typed back to where it is asked for. The answer itself is not kept: it
// was given on other evidence.
func (b *reviewBuilder) keep(p *views.StalePage, st stale) {
	fact := func(term string, v views.Value) { p.Kept = append(p.Kept, views.Fact{Term: term, Value: v}) }
	note := func(s string) {
		if s != "" {
			fact("Note", views.Value{State: review.Present, Str: prose(s)})
		}
	}
	switch {
	case st.corrects:
		fact("Reason", views.V(lowerFirst(views.DecisionReasonWords(st.decision.Reason))))
		note(st.decision.Note)
	case st.decision != nil:
		if st.decision.Reason != "" {
			fact("Reason", views.V(lowerFirst(views.DecisionReasonWords(st.decision.Reason))))
		}
		note(st.decision.Note)
		p.Return = &views.KeptForm{Action: b.href() + "/decision", Words: "Go on with what you typed",
			Hidden: []views.Hidden{{Name: "again", Value: "yes"}, {Name: "reason", Value: string(st.decision.Reason)}, {Name: "note", Value: st.decision.Note}}}
	case st.finding != nil:
		fact("Your answer", views.V(lowerFirst(views.FindingTag(st.finding.Finding).Words)))
		if st.finding.Reason != "" {
			fact("Main reason", views.V(lowerFirst(views.ReasonWords(st.finding.Reason))))
		}
		note(st.finding.Note)
		hidden := []views.Hidden{{Name: "again", Value: "yes"}, {Name: "reason", Value: string(st.finding.Reason)}, {Name: "note", Value: st.finding.Note}}
		for _, k := range st.finding.Matches {
			hidden = append(hidden, views.Hidden{Name: "match", Value: string(k)})
		}
		p.Return = &views.KeptForm{Action: b.href() + "/dispositions", Words: "Go on with what you typed", Hidden: hidden}
	}
}
