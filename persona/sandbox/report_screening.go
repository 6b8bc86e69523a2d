package sandbox

import "time"

// screening writes report/screening: a match is a record that keeps its own review state.
func (s *story) screening(p *pen, r *report) {
	w := s.who
	p.open("query")
	p.opt("name-first", w.spell(w.first))
	p.opt("name-middle", w.spell(w.middle))
	p.opt("name-last", w.spell(w.last))
	p.opt("term", w.whole())
	p.day("birthdate", w.birth)
	p.opt("address-street-1", s.streetLine)
	p.null("address-street-2")
	p.opt("address-city", w.spell(w.home.city))
	p.opt("address-subdivision", w.spell(w.home.region))
	p.opt("address-postal-code", s.postal)
	p.opt("address-country-code", w.home.country)
	p.opt("email", s.email)
	p.null("identification-number")
	p.shut()
	if !r.detail {
		return
	}
	p.list("matched-screening-types")
	if len(r.hits) > 0 {
		p.str("", "sanction")
		for _, h := range r.hits {
			if h.seed%3 == 1 {
				p.str("", "politically_exposed_person")
				break
			}
		}
	}
	p.end()
	p.list("matched-records")
	for i, h := range r.hits {
		s.record(p, r, h, i)
	}
	p.end()
}

// record writes one matched record.
func (s *story) record(p *pen, r *report, h hit, i int) {
	d := h.dice()
	l := d.party(s.who, s.now)
	status, risk, reviewed := "pending", "", time.Time{}
	switch {
	case h.verdict == "" && !h.ignored.IsZero(): // a verdict draws nothing: the record's token stays what it was
		status, reviewed = "false_positive", h.ignored
		if d.one(2) {
			risk = "immaterial"
		}
	case i > 0 && d.one(3):
		status, risk, reviewed = "indeterminate", "material", r.completed.Add(d.span(time.Hour, 20*time.Hour))
	}
	if reviewed.After(s.now) { // nobody has come to it yet
		status, risk, reviewed = "pending", "", time.Time{}
	}
	if h.verdict != "" {
		status, risk, reviewed = h.verdict, h.risk, h.ignored
	}
	p.open("")
	p.str("token", d.id("scrre_"))
	p.bool("matched", true)
	p.at("created-at", r.created.Add(2*time.Second))
	p.at("reviewed-at", reviewed)
	p.str("review-status", status)
	p.opt("risk-level", risk)
	p.bool("present-in-last-run", i == 0 || !d.one(5))
	p.bool("notify-on-change", d.one(2) && h.verdict == "" || h.watch)
	p.strs("record-types", "person")
	p.list("names")
	for j := range d.between(1, 6) {
		p.open("")
		if j == 0 {
			p.str("type", "primary_name")
			p.str("name", join(l.who.first.latin, l.who.middle.latin, l.who.last.latin))
		} else {
			p.str("type", "aka")
			p.str("name", l.who.variant(d))
		}
		p.shut()
	}
	p.end()
	p.list("birthdates")
	if l.precision != 0 {
		from, to := l.who.birth, l.who.birth
		switch l.precision {
		case 'm':
			from = from.AddDate(0, 0, 1-from.Day())
			to = from.AddDate(0, 1, -1)
		case 'y':
			from = time.Date(from.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
			to = from.AddDate(1, 0, -1)
		}
		p.open("")
		p.str("start", from.Format(time.DateOnly))
		p.str("end", to.Format(time.DateOnly))
		p.shut()
	}
	p.end()
	p.list("locations")
	if l.country != "" {
		p.open("")
		p.str("address-country-code", l.country)
		p.str("type", pick(d, []string{"birthplace", "citizenship", "residence"}))
		p.shut()
	}
	p.end()
	p.list("sexes")
	if l.sex != "" {
		p.str("", l.sex)
	}
	p.end()
	p.strs("emails")
	p.list("identifications")
	if d.one(4) {
		p.open("")
		p.str("type", "passport")
		p.str("value", d.code(2)+d.digits(7))
		p.opt("country-code", l.country)
		p.shut()
	}
	p.end()
	p.strs("details")
	p.list("listings")
	first := d.IntN(len(watchlists))
	for j := range d.between(1, 3) {
		w := watchlists[(first+j*5)%len(watchlists)]
		ended := time.Time{}
		if j > 0 && d.one(3) {
			ended = s.now.AddDate(0, -d.between(1, 30), 0).Truncate(time.Second)
		}
		p.open("")
		p.str("token", d.id("scatr_"))
		p.str("name", w.name)
		p.str("type", w.kind)
		p.str("url", w.url)
		p.bool("active", ended.IsZero())
		p.at("created-at", r.created.Add(2*time.Second))
		p.at("deactivated-at", ended)
		p.at("reviewed-at", reviewed)
		p.str("review-status", status)
		p.shut()
	}
	p.end()
	p.list("positions")
	if h.seed%3 == 1 {
		o := pick(d, offices)
		p.open("")
		p.str("name", placed(o.title, pick(d, l.who.culture.places)))
		p.str("pep-class", o.class)
		p.shut()
		p.end()
		p.strs("pep-classes", o.class)
		p.strs("pep-roles", "politically_exposed_person")
		p.strs("topics", o.topic)
	} else {
		p.end()
		p.strs("pep-classes")
		p.strs("pep-roles")
		p.strs("topics")
	}
	p.strs("articles")
	p.shut()
}
