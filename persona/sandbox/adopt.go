package sandbox

import "time"

// Adopt lets the stand-in know the generated transactions of some options, as they stand at
// the end of their stories, so that it answers for them: what the payloads left out can be
// fetched, and decisions can be told. No event is told of them.
func (in *StandIn) Adopt(o Options) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if o.Now.IsZero() {
		o.Now = DefaultNow
	}
	if o.ReviewShare == 0 {
		o.ReviewShare = 0.1
	}
	for i := range o.Transactions {
		s := &story{}
		s.reset(o.Seed, i, o.Now.UTC(), func([]byte) bool { return true })
		o.tell(s)
		s.pen = pen{}
		in.adopt(s)
	}
}

func (in *StandIn) adopt(s *story) {
	for _, r := range s.reports {
		switch {
		case r.status != "ready":
		case r.match && r.detail && len(r.hits) == 0 && screens(r.kind), !r.detail:
			// What never reached us is here to be fetched.
			r.detail = true
			s.find(r, 1)
		}
		if r.past == nil && r.status == "ready" {
			r.past = []past{{kind: "run", at: r.completed, matches: r.open(), id: s.id("rpr_")}}
		}
		in.put(r.ref, render(func(p *pen) { s.full(p, "", r) }), s, r)
	}
	in.put(s.txn, render(func(p *pen) { s.transaction(p, "", s.stands, len(s.reports) > 0) }), s, nil)
	in.put(s.account, render(s.accountItem), s, nil)
	in.put(s.run, render(s.runItem), s, nil)
	switch {
	case s.fallback != "":
		in.put(s.inquiry, render(func(p *pen) { s.inquiryItem(p, "created") }), s, nil)
	case s.withForm:
		in.put(s.inquiry, render(func(p *pen) { s.inquiryItem(p, "completed") }), s, nil)
		in.put(s.verification("verification/government-id"), render(s.governmentID), s, nil)
		in.put(s.verification("verification/selfie"), render(s.selfie), s, nil)
		in.put(s.document(), render(func(p *pen) { s.documentItem(p, s.created.Add(-9*time.Minute)) }), s, nil)
	}
	if s.caseStands != "" {
		n := known(render(func(p *pen) { p.open(""); s.caseData(p, s.caseStands); p.shut() })).at("data")
		in.put(ref{"case", n.str("id")}, scribe{}.bytes(n), s, nil)
	}
}

// screens says that a kind of report finds people and businesses on lists and in the news.
func screens(kind string) bool {
	switch kind {
	case "watchlist", "politically-exposed-person", "adverse-media", "business-watchlist", "business-adverse-media",
		"crypto-address-watchlist", "screening":
		return true
	}
	return false
}
