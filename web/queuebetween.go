package web

import (
	"cmp"

	"docket/review"
	"docket/views"
)

// between fills what stands between the findings of a row and their effect: a second person, the
// customer, a lead.
func (b *queueBuilder) between(row *review.QueueRow, out *views.QueueRow) {
	if x := row.Escalation; x != nil && row.State != review.StateClosed {
		out.Tags = append([]string{"Escalated"}, out.Tags...)
		if row.State == review.StateOpen && !row.Claim.Active(b.now) {
			out.Nobody = "for " + cmp.Or(str(x.ToName).Text, "any lead")
			if x.To == b.me.ID {
				out.Nobody = "for you"
			}
			if out.Claim != "" && !leads.admits(b.me.Role) {
				out.Claim = "" // from the page it can still be claimed
			}
			if out.Claim != "" {
				out.Tags[0] = "Escalated " + out.Nobody
			}
		}
	}
	switch row.State {
	case review.StateApproval:
		b.awaiting(row, out)
	case review.StateWaiting:
		b.parked(row, out)
	case review.StateOpen:
		b.cameBack(row, out)
	}
}

// awaiting is a row whose decision waits for a second person.
func (b *queueBuilder) awaiting(row *review.QueueRow, out *views.QueueRow) {
	out.Nobody = "any lead"
	d := row.Proposed
	if d == nil {
		return
	}
	if d.By == b.me.ID {
		out.Nobody = "any lead but you"
	}
	if b.query.Tab != review.TabApproval {
		return
	}
	out.Waiting = views.Since(d.At, b.now)
	out.Why = views.Tag{Words: capital(toOutcome(*d)), Tone: views.OutcomeTag(d.Outcome).Tone}
	out.WhyMore = "by " + whoInLine(d.By, d.ByName, b.me.ID) + ": " + rulesWords(d.Asks)
}

// parked is a row that waits for the customer.
func (b *queueBuilder) parked(row *review.QueueRow, out *views.QueueRow) {
	out.Nobody = "customer"
	w := row.Wait
	if w == nil || b.query.Tab != review.TabWaiting {
		return
	}
	out.Waiting = views.Since(w.At, b.now)
	out.Why, out.WhyMore = views.Tag{}, capital(missingWords(w.Missing))
	out.Status.Words = "Reminder " + views.Day(w.Until, b.now).Words
	if !w.Until.After(b.now) {
		out.Status = views.Tag{Words: "Reminder due", Tone: views.ToneAttention}
	}
	out.Nobody = "customer, for " + whoInLine(w.By, w.ByName, b.me.ID)
}

// cameBack is an open row that a second person, the evidence or a day gave back.
func (b *queueBuilder) cameBack(row *review.QueueRow, out *views.QueueRow) {
	if d := row.Proposed; d != nil && d.Approval.Answer != "" {
		out.Status = views.AnswerTag(d.Approval.Answer)
		return
	}
	if w := row.Wait; w != nil && w.Woken == review.WokenDay && !row.Claim.Active(b.now) {
		out.Status = views.Tag{Words: "Reminder due", Tone: views.ToneAttention}
	}
}
