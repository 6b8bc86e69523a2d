package sandbox

import "time"

// A plot is what happens in one transaction: what is screened, what is found, and how it
// reaches us. The subject, the instants and the ids are there already.
type plot func(s *story, status string)

// settle says when things happened, given when the transaction took its present status.
func (s *story) settle(updated time.Time) {
	s.updated = updated.Truncate(time.Millisecond)
	s.created = s.updated.Add(-s.span(9*time.Second, 40*time.Second))
}

// deliver sends the transaction with its reports in one of the ways in which webhooks and
// API answers do.
func (s *story) deliver(status string) {
	switch x := s.IntN(100); {
	case x < 73:
		s.status(status, everything)
	case x < 79: // named first, told later
		s.status(status, thinReports)
		for _, r := range s.reports {
			s.finished(r)
		}
	case x < 84: // told before anyone knew of the transaction
		for _, r := range s.reports {
			r.txn = s.txn
			s.finished(r)
		}
		s.status(status, nothing)
	case x < 89:
		s.response(func(p *pen) {
			s.transaction(p, "data", status, true)
			s.included(p, everything)
		})
	case x < 92: // a list of reports fetched by the account
		s.status(status, noItems)
		s.response(func(p *pen) {
			p.list("data")
			for _, r := range s.reports {
				s.full(p, "", r)
			}
			p.end()
			p.open("links")
			p.nulls("prev", "next")
			p.shut()
		})
	case x < 95:
		s.pen.style = snake
		s.status(status, everything)
	case x < 98:
		s.pen.style = camel
		s.status(status, everything)
	default: // the same bytes twice
		s.event("transaction.status-updated", s.updated.Add(40*time.Millisecond), func(p *pen) {
			s.transaction(p, "data", status, true)
			s.included(p, everything)
			s.repeat = true
		})
	}
}

// pair adds the two reports that most people get, the first of the given kind.
func (s *story) pair(kind string) *report {
	r := s.add(kind)
	switch other := s.IntN(4); {
	case kind == "screening":
		s.add("email-address")
	case kind == "watchlist" && other < 2:
		s.add("politically-exposed-person")
	case kind == "watchlist":
		s.add("adverse-media")
	default:
		s.add("watchlist")
	}
	if s.one(4) {
		s.add([...]string{"email-address", "phone-number", "address-lookup"}[s.IntN(3)])
	}
	return r
}

// quiet: nothing found, or everything dismissed on Persona's side.
func quiet(s *story, status string) {
	switch s.kind {
	case aBusiness:
		s.add("business-watchlist")
		s.add("business-adverse-media")
		if s.one(2) {
			s.add("business-lookup")
		}
	case aWallet:
		s.add("crypto-address-watchlist")
		s.add("watchlist")
	default:
		s.withForm = s.one(2)
		r := s.pair([...]string{"watchlist", "watchlist", "watchlist", "politically-exposed-person", "screening"}[s.IntN(5)])
		if s.one(2) {
			at := r.completed.Add(s.span(2*time.Minute, 30*time.Hour))
			if at.After(s.now) {
				at = r.completed.Add(time.Minute)
			}
			s.find(r, s.between(1, 3)).dismiss(at)
			if at.After(s.updated) {
				s.updated = at.Add(3 * time.Second)
			}
		}
	}
	s.deliver(status)
}

// reviewed: waited for a person, who settled it at Persona.
func reviewed(s *story, status string) {
	left := s.updated
	s.updated = left.Add(-s.span(2*time.Hour, 80*time.Hour))
	s.created = s.updated.Add(-12 * time.Second)
	r := s.pair("watchlist")
	s.find(r, s.between(1, 2))
	s.status(s.review, everything)
	r.dismiss(left.Add(-time.Minute))
	s.reportEvent(r, "dismissed", left.Add(-time.Minute))
	s.updated = left
	s.status(status, nothing)
}

// found makes the plot of a match in one kind of report.
func found(kind string, least, most int) plot {
	return func(s *story, status string) {
		s.withForm = s.one(3)
		s.find(s.pair(kind), s.between(least, most))
		s.deliver(status)
	}
}

// several: matches in three reports at once.
func several(s *story, status string) {
	s.withForm = true
	s.find(s.add("watchlist"), s.between(1, 2))
	s.find(s.add("politically-exposed-person"), s.between(1, 2))
	s.find(s.add("adverse-media"), 1)
	s.status(status, everything)
}

// partly: one match was dismissed at Persona, another still stands.
func partly(s *story, status string) {
	r := s.find(s.pair("watchlist"), 2)
	r.hits[0].ignored = r.completed.Add(40 * time.Second)
	s.updated = s.updated.Add(time.Minute)
	s.status(status, everything)
}

// listOnly: a business is named by lists that do not say whom they mean.
func listOnly(s *story, status string) {
	s.find(s.add("business-watchlist"), s.between(1, 3))
	s.add("business-adverse-media")
	s.deliver(status)
}

// pressed: a business in the news.
func pressed(s *story, status string) {
	s.find(s.add("business-adverse-media"), s.between(1, 3))
	s.add("business-watchlist")
	s.add("business-registrations-lookup")
	s.deliver(status)
}

// wallet: a listed address.
func wallet(s *story, status string) {
	s.find(s.add("crypto-address-watchlist"), 1)
	s.add("watchlist")
	s.status(status, everything)
}

// kyb: a business with owners and a case at Persona.
func kyb(s *story, status string) {
	s.find(s.add("business-watchlist"), 1)
	s.find(s.add("business-adverse-media"), s.between(1, 2))
	s.add("business-associated-persons").match = true
	s.add("business-lookup").match = true
	if s.one(2) {
		s.add("business-enforcement-action")
	}
	owner := s.find(s.add("watchlist"), 1) // on the first owner
	s.who = s.owners[0]
	owner.account = ref{"account", s.id("act_")}
	s.status(status, everything)
	s.event("case.created", s.updated.Add(31*time.Second), func(p *pen) {
		s.caseData(p, "Open")
		p.list("included")
		s.accountItem(p)
		p.end()
	})
}

// thin: a match is reported, what was found never reaches us.
func thin(s *story, status string) {
	r := s.pair("watchlist")
	r.match = true
	s.thinReport = 0
	s.status(status, everything)
}

// blank: has-match is true and the key that holds the matches was not sent.
func blank(s *story, status string) {
	r := s.pair("adverse-media")
	r.match, r.detail = true, false
	s.status(status, everything)
}

// broken: a report errored.
func broken(s *story, status string) {
	r := s.pair("politically-exposed-person")
	r.status, r.completed, r.detail = "errored", time.Time{}, false
	s.status(status, everything)
}

// unfinished: a report has not come back yet; another one has.
func unfinished(s *story, status string) {
	r := s.pair("politically-exposed-person")
	r.status, r.completed, r.detail = "pending", time.Time{}, false
	s.find(s.reports[1], 1)
	s.status(status, everything)
}

// forged: no match, but the identity document failed a check.
func forged(s *story, status string) {
	s.withForm, s.failedID = true, true
	s.pair("watchlist")
	s.status(status, everything)
}

// silent: nothing but the transaction itself.
func silent(s *story, status string) {
	s.event("transaction.status-updated", s.updated, func(p *pen) { s.transaction(p, "data", status, false) })
}

// fallback: Persona waits for the subject to finish an inquiry.
func fallback(s *story, status string) {
	s.pair("watchlist")
	s.fallback = s.inquiry.id
	s.event("transaction.status-updated", s.updated.Add(40*time.Millisecond), func(p *pen) {
		s.transaction(p, "data", status, true)
		p.list("included")
		s.accountItem(p)
		for _, r := range s.reports {
			s.full(p, "", r)
		}
		s.inquiryItem(p, "created")
		p.end()
	})
}

// monitored: a report runs every thirty days. The first run is clean; a later one finds
// someone; in half of the stories that is dismissed and the run after it finds another. An
// open match halts the chain.
func monitored(kind string) plot {
	return func(s *story, status string) {
		end := s.updated
		long := s.one(2)
		s.created = end.Add(-month - time.Minute)
		if long {
			s.created = s.created.Add(-month)
		}
		s.updated = s.created.Add(8 * time.Second)
		r := s.add(kind)
		r.recurring = true
		if s.one(3) {
			s.add("email-address")
		}
		s.status("approved", everything)
		lines := []past{{kind: "run", at: r.completed}}

		run := func(at time.Time) {
			r.again, r.completed = true, at
			s.find(r, 1)
			s.reportEvent(r, "matched", at.Add(50*time.Millisecond))
			s.updated = at.Add(2 * time.Second)
			s.status(s.review, everything)
			lines = append(lines, past{kind: "run", at: at, matches: r.open()})
		}
		if long {
			first := end.Add(-month).Add(-2 * time.Second)
			run(first)
			at := first.Add(26 * time.Hour)
			r.dismiss(at)
			s.reportEvent(r, "dismissed", at)
			s.updated = at.Add(time.Minute)
			s.status("approved", nothing)
			lines = append(lines, past{kind: "dismiss", at: at})
		}
		run(end.Add(-2 * time.Second))
		s.history(r, lines)
	}
}

// watched: a monitored report that stays clean, with the coming run in its history.
func watched(s *story, status string) {
	r := s.pair("watchlist")
	r.recurring = true
	r.runs = []time.Time{r.completed, s.now.AddDate(0, 0, 30-int(s.seedOf(17)%29)).Truncate(time.Second)}
	s.status(status, everything)
}
