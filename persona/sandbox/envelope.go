package sandbox

import "time"

// event writes one event around a body that writes the payload's members.
func (s *story) event(name string, at time.Time, body func(p *pen)) {
	p := &s.pen
	p.open("")
	p.open("data")
	p.str("type", "event")
	p.str("id", s.id("evt_"))
	p.open("attributes")
	p.str("name", name)
	p.open("payload")
	body(p)
	p.shut()
	p.at("created-at", at)
	p.shut()
	p.shut()
	p.shut()
	s.send()
}

// response writes one answer of the API.
func (s *story) response(body func(p *pen)) {
	p := &s.pen
	p.open("")
	body(p)
	p.shut()
	s.send()
}

// inclusion says what stands in a payload's included.
type inclusion uint8

const (
	everything inclusion = iota // account, reports in full, inquiry, verifications
	thinReports
	nothing // the key is absent
	noItems // the key is there and empty
)

func (s *story) included(p *pen, what inclusion) {
	switch what {
	case nothing:
		return
	case noItems:
		p.list("included")
		p.end()
		return
	}
	p.list("included")
	s.runItem(p)
	if s.seedOf(15)%4 == 0 {
		s.typeItem(p)
	}
	s.accountItem(p)
	for i, r := range s.reports {
		if what == thinReports || i == s.thinReport {
			r.thin(p)
		} else {
			s.full(p, "", r)
		}
	}
	if s.withForm {
		s.inquiryItem(p, "completed")
		s.governmentID(p)
		if s.seedOf(16)%2 == 0 {
			s.selfie(p)
		}
	}
	p.end()
}

// status tells that the transaction moved to a status.
func (s *story) status(status string, what inclusion) {
	name := "transaction.status-updated"
	if status == "created" {
		name = "transaction.created"
	}
	s.event(name, s.updated.Add(40*time.Millisecond), func(p *pen) {
		s.transaction(p, "data", status, true)
		s.included(p, what)
	})
}

// reportEvent tells that a report finished, found something, or was dismissed.
func (s *story) reportEvent(r *report, suffix string, at time.Time) {
	s.event(r.ref.kind+"."+suffix, at, func(p *pen) { s.full(p, "data", r) })
}

// finished tells of a report in the words that fit it.
func (s *story) finished(r *report) {
	switch {
	case r.status == "errored":
		s.reportEvent(r, "errored", r.created.Add(9*time.Second))
	case r.open() > 0:
		s.reportEvent(r, "matched", r.completed.Add(30*time.Millisecond))
	default:
		s.reportEvent(r, "ready", r.completed.Add(30*time.Millisecond))
	}
}

// past is one line of a report's history, as the history endpoint lists them.
type past struct {
	kind    string // run, dismiss, review, pause, resume
	at      time.Time
	matches int
	id      string
	who     string // who did it, "" for a run
	by      string // a run: "manual" or "scheduled", which "" means
}

const offset = "2006-01-02T15:04:05.000-07:00"

// history answers with a report's history, newest first: flat items without attributes.
func (s *story) history(r *report, lines []past) {
	r.past = lines
	s.response(func(p *pen) {
		p.list("data")
		last := ""
		for i := len(lines) - 1; i >= 0; i-- {
			l := lines[i]
			p.open("")
			p.str("type", l.kind)
			if l.kind == "run" {
				last = s.id("rpr_")
				lines[i].id = last
				p.str("id", last)
				p.str("run-type", "scheduled")
				p.str("scheduled-date", l.at.Format(time.DateOnly))
				if l.at.After(s.now) {
					p.nulls("completed-at", "matches")
				} else {
					p.str("completed-at", l.at.Format(offset))
					p.int("matches", l.matches)
				}
			} else {
				last = s.id("ract_")
				lines[i].id, lines[i].who = last, pick(s.dice, colleagues)
				p.str("id", last)
				p.str("created-at", l.at.Format(offset))
				p.str("creator-name", lines[i].who)
			}
			p.shut()
		}
		p.end()
		p.open("links")
		p.str("next", "/api/v1/reports/"+r.ref.id+"/history?page%5Bafter%5D="+last)
		p.null("prev")
		p.shut()
	})
}
