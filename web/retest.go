package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// held says that the party was cleared before and every reason still holds: it is shown folded,
// and asks for a finding all the same.
func (g partyGroup) held() bool {
	return g.retest != nil && g.retest.Held() && len(g.found)+len(g.lapsed) == 0
}

// reopened says that a reason of an earlier finding does not hold any more.
func (g partyGroup) reopened() bool { return g.retest != nil && g.retest.Reopened() }

// asks says that the party still asks for a finding.
func (g partyGroup) asks() bool { return !g.dismissed() && !g.answered() }

// state is where a party stands among those that were judged or not, in a word or two.
func (g partyGroup) state() views.Tag {
	switch {
	case g.dismissed():
		return views.Tag{Words: "Dismissed at Persona"}
	case g.answered() && g.mixed():
		return views.Tag{Words: "Findings differ", Tone: views.ToneAttention}
	case g.answered():
		return views.FindingTag(g.newest().Finding)
	case len(g.lapsed) > 0:
		return views.Tag{Words: "Asked again", Tone: views.ToneDiffer}
	case g.held():
		return views.Tag{Words: "Cleared before"}
	case g.reopened():
		return views.Tag{Words: "Reopened", Tone: views.ToneDiffer}
	}
	tag := views.FindingTag("")
	if len(g.found) > 0 {
		tag.Words += ", " + views.Number(len(g.found)) + " of " + views.Number(len(g.open)) + " done"
	}
	return tag
}

// before puts on a party what became of earlier findings on it.
func (g partyGroup) before(p *views.Party, reader review.ColleagueID, now time.Time) {
	switch {
	case !g.asks():
	case len(g.lapsed) > 0:
		p.Retest = lapsedWords(g.lapsed, reader, now)
	case g.held():
		p.Fold, p.Settle = views.PartyHeld, ""
		p.Retest = &views.Retest{Strong: "Cleared " + clearedBy(g.retest.Earlier, reader, now) + "; " + allHold(g.retest.Premises) + ".",
			Premises: testedPremises(g.retest.Premises, g.retest.Earlier.Note)}
	case g.retest == nil:
	case g.reopened() || len(g.retest.Fresh) > 0:
		p.Retest = reopenedWords(*g.retest, reader, now)
	default:
		p.Before = "Cleared " + clearedBy(g.retest.Earlier, reader, now) + ", for no reason that can be tested again, so nothing carries over."
	}
}

// clearedBy says when and by whom: "3 March by Mireille Okonkwo".
func clearedBy(d review.Disposition, reader review.ColleagueID, now time.Time) string {
	who := whoWords(d.By, d.ByName, reader).Text
	if d.By == reader {
		who = "you"
	}
	return views.Day(d.At, now).Words + " by " + who
}

// reopenedWords says what became of a finding of an earlier review that cannot be taken over.
func reopenedWords(r review.Retest, reader review.ColleagueID, now time.Time) *views.Retest {
	d := r.Earlier
	out := &views.Retest{
		Strong:   brokenWords(r.Premises),
		Text:     whoWords(d.By, d.ByName, reader).Text + " found a false positive on " + views.Day(d.At, now).Words + ", for " + reasonsWords(len(r.Premises)) + ". Tested again on what is known now:",
		Premises: testedPremises(r.Premises, d.Note),
	}
	if n := len(r.Fresh); n > 0 {
		came := views.Plural(n, "match of this party was", "matches of this party were") + " no part of what was cleared"
		if out.Strong == "" {
			out.Strong = came
		} else {
			out.Then = came + "."
		}
	}
	return out
}

// lapsedWords says why findings of this very review do not stand any more.
func lapsedWords(all []review.Lapsed, reader review.ColleagueID, now time.Time) *views.Retest {
	l := slices.MaxFunc(all, func(a, b review.Lapsed) int { return int(a.Disposition.Entry - b.Disposition.Entry) })
	d := l.Disposition
	who, at := whoWords(d.By, d.ByName, reader).Text, instant(d.At, now)
	if d.Finding == review.CannotTell {
		return &views.Retest{Strong: "What was missing is known by now: " + factWords(l.Known),
			Text: who + " could not tell on " + at + ". The party asks for a finding again."}
	}
	out := &views.Retest{Strong: brokenWords(l.Retest.Premises),
		Text: who + " found a false positive on " + at + ", for " + reasonsWords(len(l.Retest.Premises)) + ". The evidence moved since; tested again:"}
	if out.Strong == "" {
		out.Strong = "The evidence moved, and no reason of the finding can be tested on it"
		out.Text = who + " found a false positive on " + at + "."
	}
	out.Premises = testedPremises(l.Retest.Premises, d.Note)
	out.Then = "The party asks for a finding again."
	return out
}

// retested says on the reasons to tick which of them an earlier finding rested on, and still could.
// The ones given stay as they are.
func (g partyGroup) retested(all []views.Tick, now time.Time) []views.Tick {
	all = slices.Clone(all)
	for _, p := range g.retest.Premises {
		if p.Standing != review.Holds {
			continue
		}
		for i := range all {
			if kind, _, _ := strings.Cut(all[i].Value, ":"); kind == string(p.Kind) {
				all[i].Hint = join(". ", all[i].Hint, "Held on "+views.Day(g.retest.Earlier.At, now).Words+" and holds now")
			}
		}
	}
	return all
}

// elseChanged says what else changed on a party since it was cleared, where the page compares with
// the evidence of then anyway; "" where it does not.
func (b *reviewBuilder) elseChanged(g partyGroup) string {
	for _, m := range b.moved {
		if m.evidence != g.retest.Earlier.Evidence || m.words == nil || m.words.left > 0 {
			continue
		}
		var changed []string
		for _, row := range m.words.rows {
			what, ok := strings.CutPrefix(row.Label, "Party "+views.Number(g.number)+", ")
			if ok && row.Mark != views.MarkSame && !slices.Contains(changed, what) {
				changed = append(changed, what)
			}
		}
		if len(changed) == 0 {
			return "Nothing else changed on this party since."
		}
		return "Changed on this party since: " + strings.Join(changed, ", ") + "."
	}
	return ""
}
