package sandbox

import "time"

// caseData writes Persona's case about a business, which names its transactions "txns".
func (s *story) caseData(p *pen, status string) ref {
	s.caseStands = status
	c := ref{"case", "case_" + s.txn.id[4:]}
	opened := s.created.Add(30 * time.Second)
	p.open("data")
	p.str("type", c.kind)
	p.str("id", c.id)
	p.open("attributes")
	p.str("status", status)
	p.str("name", "KYB-"+itoa(s.i+1))
	p.null("resolution")
	p.at("created-at", opened)
	p.at("updated-at", opened.Add(3*time.Hour))
	p.at("assigned-at", opened.Add(3*time.Hour))
	p.nulls("resolved-at", "redacted-at")
	p.at("sla-expires-at", opened.Add(5*24*time.Hour))
	p.str("creator-id", s.run.id)
	p.str("creator-type", "workflow-run")
	p.str("assignee-id", "hedda.lindqvist@compliance.example")
	p.str("assigner-id", "cap_"+s.txn.id[4:])
	p.str("assigner-type", "case-assignment-policy")
	p.nulls("resolver-id", "resolver-type")
	p.str("updater-id", "hedda.lindqvist@compliance.example")
	p.str("updater-type", "user")
	p.strs("tags", "kyb")
	p.open("fields")
	p.typed("risk_level", "choices", [...]string{"low", "medium", "high"}[s.seedOf(13)%3])
	p.field("relationship_manager", colleagues[s.seedOf(14)%uint64(len(colleagues))])
	p.shut()
	p.list("attachments")
	p.open("")
	p.str("filename", "articles-of-association.pdf")
	p.str("url", s.fileURL("articles-of-association.pdf"))
	p.int("byte-size", 482113)
	p.shut()
	p.end()
	p.shut()
	p.open("relationships")
	p.rels("accounts", s.account)
	p.rels("case-comments")
	p.rel("case-template", ref{"case-template", caseTemplate})
	p.rel("case-queue", ref{"case-queue", caseQueue})
	p.rels("inquiries")
	to := make([]ref, 0, 4)
	for _, r := range s.reports {
		to = append(to, r.ref)
	}
	p.rels("reports", to...)
	p.rels("verifications")
	p.rels("txns", s.txn)
	p.shut()
	p.shut()
	return c
}
