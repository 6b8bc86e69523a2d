package web

import (
	"docket/review"
	"docket/views"
)

func (b *reviewBuilder) panel(p views.ReviewPage, open, left int) views.Panel {
	var panel views.Panel
	switch {
	case open == 0:
	case left == 0:
		panel.Words = "Each of the " + views.Plural(open, "match", "matches") + " has a finding"
		if open == 1 {
			panel.Words = "The one match has a finding"
		}
	default:
		panel.Words = views.Number(left) + " of " + views.Plural(open, "match", "matches") + " to go"
	}
	next := b.nextOpen(0)
	for _, g := range b.groups {
		if g.dismissed() {
			continue
		}
		for i := range g.open {
			if len(panel.Done) < 40 {
				panel.Done = append(panel.Done, i < len(g.found))
			}
		}
		line := views.PanelParty{Number: views.Number(g.number), Name: views.S(g.calledBy()), Href: partyAnchor(g.number),
			Done: g.answered(), Now: next != nil && next.number == g.number, State: lowerFirst(g.state().Words)}
		if n := len(g.open); n > 1 {
			line.State += ", " + views.Plural(n, "match", "matches")
		}
		panel.Parties = append(panel.Parties, line)
	}
	if next != nil && b.judges() {
		panel.Next, panel.NextKey = views.Go{Href: partyAnchor(next.number), Words: "Next match"}, "n"
	}
	panel.Take = b.file.Review.State != review.StateOpen && !b.seconds() && b.me.Role.Acts() // nothing is left to do here
	panel.Settle = b.settlePanel()
	panel.Decision = b.panelDecision(left)
	if d := panel.Decision; d != nil && d.Main && panel.Words != "" {
		panel.Next, panel.NextKey, panel.Decision = d.To, "d", nil // where the next act was until now, and in sight on a narrow window
	}
	if review.CanActOn(b.file.Review, b.me, b.now) == nil {
		panel.Note = &views.NoteForm{Action: b.href() + "/notes"}
		if b.typed.noted {
			panel.Note.Note, panel.Note.Open = b.typed.note, true
			if len(b.typed.problems) > 0 {
				panel.Note.Problem = b.typed.problems[0].Text
			}
		}
	}
	panel.Wait, panel.Wake, panel.Escalate = b.waitForm(), b.wakeForm(), b.escalateForm()
	panel.Places = b.places(p)
	return panel
}

func (b *reviewBuilder) panelDecision(left int) *views.PanelDecision {
	switch {
	case b.file.Review.State == review.StateClosed:
		return nil
	case b.seconds():
		return &views.PanelDecision{Text: "It waits for you, or for another lead.", Main: true,
			To: views.Go{Href: b.href() + "/decision", Words: "Answer as the second person"}}
	case b.file.Review.State == review.StateApproval:
		return &views.PanelDecision{Text: "It waits for a second person."}
	case !b.judges():
		return &views.PanelDecision{Text: "Opens to whoever holds the review."}
	case left > 0:
		return &views.PanelDecision{Text: "Opens when every match has a finding.",
			To: views.Go{Href: b.href() + "/decision", Words: "See what is missing"}}
	}
	return &views.PanelDecision{Text: "Nothing is left to judge.", Main: true,
		To: views.Go{Href: b.href() + "/decision", Words: "Decide"}}
}

func (b *reviewBuilder) places(p views.ReviewPage) []views.PanelPlace {
	matches := 0
	for _, g := range b.groups {
		matches += len(g.Matches)
	}
	all := []views.PanelPlace{{Href: "#matches", Words: "Matches", Count: views.Number(matches)}}
	if p.Changes != nil {
		all = append(all, views.PanelPlace{Href: "#changes", Words: p.Changes.Head})
	}
	all = append(all, []views.PanelPlace{
		{Href: "#reports", Words: "Reports", Count: views.Number(len(p.Reports))},
		{Href: "#records", Words: "Records", Count: views.Number(len(p.Records))},
		{Href: "#trail", Words: "Trail", Count: views.Number(len(p.Trail.Entries))},
		{Href: "#payloads", Words: "Payloads", Count: views.Number(len(p.Payloads.Rows))},
	}...)
	if p.Pack != nil {
		all = append(all, views.PanelPlace{Href: "#evidence-pack", Words: "Evidence pack"})
	}
	return all
}
