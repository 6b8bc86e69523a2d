package sandbox

import "time"

// inquiryItem writes the inquiry that a subject went through, or has still to finish.
func (s *story) inquiryItem(p *pen, status string) {
	w := s.who
	begun := s.created.Add(-11 * time.Minute)
	if s.fallback != "" {
		begun = s.created.Add(20 * time.Second)
	}
	finished := begun.Add(7 * time.Minute)
	open := status == "created" || status == "pending"
	if open {
		finished = time.Time{}
	}
	p.open("")
	p.str("type", "inquiry")
	p.str("id", s.inquiry.id)
	p.open("attributes")
	p.str("status", status)
	p.opt("reference-id", s.reference)
	p.null("note")
	p.open("behaviors")
	if !open {
		p.int("completion-time", int(finished.Sub(begun)/time.Second))
		p.num("behavior-threat-level-score", float64(s.seedOf(7)%40)/100, 2)
		p.int("distraction-events", int(s.seedOf(8)%4))
	}
	p.shut()
	p.strs("tags")
	p.str("creator", "API")
	p.null("reviewer-comment")
	p.at("created-at", begun)
	p.at("updated-at", begun.Add(7*time.Minute))
	if open {
		p.null("started-at")
		p.at("expires-at", begun.Add(24*time.Hour))
	} else {
		p.at("started-at", begun.Add(40*time.Second))
		p.null("expires-at")
	}
	p.at("completed-at", finished)
	p.nulls("failed-at", "marked-for-review-at", "decisioned-at", "expired-at", "redacted-at")
	p.str("previous-step-name", "start")
	if open {
		p.str("next-step-name", "verification_government_id")
	} else {
		p.str("next-step-name", "success")
	}
	p.open("fields")
	p.field("name-first", w.spell(w.first))
	p.field("name-middle", w.spell(w.middle))
	p.field("name-last", w.spell(w.last))
	p.typed("birthdate", "date", dayOf(w.birth))
	p.field("address-country-code", w.home.country)
	p.field("email-address", s.email)
	p.raw("current-government-id")
	if open {
		p.b = append(p.b, `{"type":"government_id","value":null}`...)
	} else {
		p.open("")
		p.str("type", "government_id")
		p.open("value")
		p.str("id", s.document().id)
		p.str("type", "Document::GovernmentId")
		p.shut()
		p.shut()
	}
	p.shut()
	p.shut()
	p.open("relationships")
	p.rel("account", s.account)
	p.rel("template", ref{})
	p.rel("inquiry-template", ref{"inquiry-template", inqTemplate})
	p.rel("inquiry-template-version", ref{"inquiry-template-version", inqVersion})
	p.rel("transaction", s.txn)
	p.rel("reviewer", ref{})
	p.rels("reports")
	if open {
		p.rels("verifications")
		p.rels("documents")
	} else {
		p.rels("verifications", s.verification("verification/government-id"), s.verification("verification/selfie"))
		p.rels("documents", s.document())
	}
	p.rels("sessions")
	p.rels("selfies")
	p.shut()
	p.shut()
}
