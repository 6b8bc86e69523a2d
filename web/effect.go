package web

import (
	"slices"
	"strings"

	"docket/review"
	"docket/views"
)

// effects say what a change of the evidence does to each finding: which stand, and why, and which
// parties ask for one. Parties of which the same is to be said are told together.
func (b *reviewBuilder) effects(moved deltaWords) []views.Effect {
	var out, stand []views.Effect
	var open, unchanged []int
	mine := true
	for _, p := range moved.parties {
		if p.now == nil {
			out = append(out, views.Effect{Differs: true, Strong: clip(called(p.then).Text, longestID) + " is gone: ",
				Text: "what was found about it stays on the record."})
			continue
		}
		g := b.groups[p.number-1]
		name := p.called()
		switch {
		case g.dismissed():
		case p.then == nil && !g.answered():
			out = append(out, views.Effect{Differs: true, Strong: name + ", new: ", Text: "it asks for a finding."})
		case p.another && !g.answered():
			out = append(out, views.Effect{Differs: true, Strong: name + ", another entry by the same name: ",
				Text: "it asks for a finding; what was found about the one before stays on the record."})
		case len(g.lapsed) > 0:
			out = append(out, lapsedEffect(name, g))
		case !g.answered():
			open = append(open, g.number)
		case len(p.rows) == 0:
			unchanged = append(unchanged, g.number)
			mine = mine && g.newest().By == b.me.ID
		default:
			stand = append(stand, views.Effect{Strong: name + ", " + lowerFirst(g.state().Words) + ": ", Text: standsWords(g)})
		}
	}
	if len(open) > 0 {
		out = append(out, views.Effect{Differs: true, Strong: partiesWords(open) + ": ", Text: "no finding yet."})
	}
	out = append(out, stand...)
	if len(unchanged) > 0 {
		whose := "the "
		if mine {
			whose = "your "
		}
		text := whose + "findings stand."
		if len(unchanged) == 1 {
			text = whose + "finding stands."
		}
		out = append(out, views.Effect{Strong: partiesWords(unchanged) + ", unchanged: ", Text: text})
	}
	return out
}

// lookAgain leads to the first party that changed and asks for a finding; "" when none does.
func (b *reviewBuilder) lookAgain(moved deltaWords) views.Go {
	for _, p := range moved.parties {
		if p.now != nil && len(p.rows) > 0 && b.groups[p.number-1].asks() {
			return views.Go{Href: b.href() + partyAnchor(p.number), Words: "Look at party " + views.Number(p.number)}
		}
	}
	return views.Go{}
}

// lapsedEffect says why a finding does not stand any more, and what of it still would.
func lapsedEffect(name string, g partyGroup) views.Effect {
	l := slices.MaxFunc(g.lapsed, func(a, b review.Lapsed) int { return int(a.Disposition.Entry - b.Disposition.Entry) })
	e := views.Effect{Differs: true, Strong: name + ", " + lowerFirst(views.FindingTag(l.Disposition.Finding).Words) + ": look again. "}
	if l.Disposition.Finding == review.CannotTell {
		e.Text = "What was missing is known by now: " + factWords(l.Known) + "."
		return e
	}
	var said []string
	for _, p := range l.Retest.Premises {
		if p.Testable() {
			said = append(said, views.PremiseWords(p.Premise)+": "+views.StandingWords(p.Standing)+".")
		}
	}
	if e.Text = strings.Join(said, " "); e.Text == "" {
		e.Text = "It rests on no reason that can be tested again."
	}
	return e
}

// standsWords says why a finding stands though what it was made on has changed.
func standsWords(g partyGroup) string {
	last := g.newest()
	switch last.Finding {
	case review.FalsePositive:
		var hold []string
		for _, p := range last.Premises {
			if p.Testable() {
				hold = append(hold, lowerFirst(views.PremiseWords(p)))
			}
		}
		if len(hold) > 0 {
			return "it stands, for what it rests on still holds: " + strings.Join(hold, "; ") + "."
		}
	case review.CannotTell:
		return "it stands, for what was missing is still missing."
	}
	return "it stands."
}
