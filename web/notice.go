package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// mostNotices is how many notices a page carries; what else there is to say stands with the
// report that it is about.
const mostNotices = 2

func (b *reviewBuilder) notices() []views.Notice {
	all := slices.Clone(b.news)
	r, d := b.file.Review, b.file.Dossier
	all = append(all, keptNotices(b.beyond.holds, b.beyond.gone, b.now)...)
	all = append(all, b.secondNotice()...)
	all = append(all, b.escalationNotice()...)
	all = append(all, b.waitNotice()...)
	if r.State == review.StateClosed && r.Closing == review.ClosingPersona {
		text := "No decision was made here."
		if r.LeftStatus != "" {
			text = "The " + rootWord(r.Root) + " moved on to “" + str(r.LeftStatus).Text + "”. " + text
		}
		all = append(all, views.Notice{Strong: "Closed at Persona on " + instant(r.ClosedAt, b.now) + ".", Text: text})
	}
	if b.stood != nil { // what its evidence lacks was for its judge to know
		all = append(all, b.stood.notice(r.Root, b.now))
	} else {
		own := dossierNotices(d, b.now)
		if b.beyond.gone != nil && isErased(d) {
			own = own[1:] // it says that Persona erased it
		}
		all = append(all, own...)
	}
	return all[:min(len(all), max(mostNotices, len(b.news)))]
}

// dossierNotices are what a reader must know of the evidence before going on, the gravest
// first.
func dossierNotices(d review.Dossier, now time.Time) []views.Notice {
	var out []views.Notice
	of := func(match func(review.Report) bool) string {
		var names []string
		for _, r := range d.Reports {
			if match(r) {
				names = append(names, lowerFirst(str(views.KindWords(r.Kind)).Text))
			}
		}
		return strings.Join(names, ", ")
	}
	if isErased(d) {
		out = append(out, erasedNotice(d, now))
	}
	if names := of(review.Report.Untold); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "A match is reported, and its details were not captured.",
			Text: "Look at Persona before you decide (" + names + ")."})
	}
	if names := of(func(r review.Report) bool { return !r.DetailsAt.IsZero() }); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "The newest copy of a report came without its matches.",
			Text: "What is shown is of an earlier run (" + names + ")."})
	}
	if at := d.HaltedSince(); !at.IsZero() {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Monitoring halted since " + instant(at, now) + ".",
			Text: "An open match stops all further runs of its report at Persona."})
	}
	if names := of(disagrees); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Persona’s has-match and the open matches say different things.",
			Text: "docket counts the matches themselves (" + names + ")."})
	}
	return out
}

// hold says why the reader cannot judge, and what would change that; nil when they can.
func (b *reviewBuilder) hold() *views.Hold {
	r := b.file.Review
	open, _ := b.toGo()
	switch {
	case b.judges(), open == 0:
		return nil
	case r.State == review.StateClosed:
		return &views.Hold{Text: "This review is closed. Its findings stay as they were recorded."}
	case r.State == review.StateApproval:
		return &views.Hold{Text: "A decision waits for a second person. Findings open again if it is returned."}
	case !b.me.Role.Acts():
		return &views.Hold{Text: "Auditors read everything and record nothing."}
	case r.State == review.StateWaiting:
		return &views.Hold{Text: "This review waits for the customer. Take it up again to record findings."}
	case r.Claim.Active(b.now):
		return &views.Hold{Text: str(r.Claim.Name).Text + " has this review. Findings can be recorded by whoever holds it."}
	}
	return &views.Hold{Text: "Claim this review to record findings.", Claim: b.href() + "/claim"}
}

func (b *reviewBuilder) printed() []string {
	r := b.file.Review
	lines := []string{
		"Review " + r.ID.String() + ", " + rootWord(r.Root) + " " + str(r.Root.ID).Text + ", as shown to " +
			str(b.me.Name).Text + " on " + b.now.UTC().Format("2 January 2006, 15:04:05") + " UTC.",
		"Evidence sha-256 " + b.evidence().String() + ".",
	}
	if len(b.file.Entries) > 0 {
		lines[1] += " Newest entry of the trail " + views.Number(int(b.file.Entries[0].ID)) + "."
	}
	return lines
}

// noOpenMatch says why no match is open, without calling unknown what is not known.
func noOpenMatch(d review.Dossier) string {
	unknown, found, done := screened(d)
	switch {
	case isErased(d) && found+done == 0:
		return "Personal data was erased: nothing is left to compare."
	case unknown+found+done == 0:
		return "No screening report was captured for this " + rootWord(d.Root().Ref) + ", so docket knows of no match. Look for the reason among the records below."
	case unknown > 0 && found+done == 0:
		return "docket cannot tell whether there is a match: no screening report was captured in full. See the reports below."
	case unknown > 0:
		return "The reports captured in full left no open match; " + views.Plural(unknown, "report was not", "reports were not") + " captured in full."
	case found > 0:
		return "No open match: what the reports found was dismissed at Persona."
	}
	return "No matches: every screening report ran to its end and found nobody."
}

// screened counts the screening reports: those of which it is not known what they found, those that
// found somebody, those that ran to their end and found nobody.
func screened(d review.Dossier) (unknown, found, done int) {
	for _, r := range d.Reports {
		switch {
		case !r.Kind.Screens():
		case r.Untold(), !finished(r):
			unknown++
		case len(r.Matches) > 0, len(r.Ignored) > 0: // what Persona ignores was found once
			found++
		default:
			done++
		}
	}
	return unknown, found, done
}
