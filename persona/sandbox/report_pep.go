package sandbox

import "time"

// office is a position that a politically exposed person may hold; {c} is a city, {r} a region.
type office struct{ title, class, topic string }

var offices = []office{
	{"Minister of Fisheries and Inland Waters", "pep-class-1", "Head of government or state"},
	{"Deputy Minister of Transport", "pep-class-1", "National government"},
	{"Member of the National Assembly for {c}", "pep-class-1", "National legislature"},
	{"Senator for {r}", "pep-class-1", "National legislature"},
	{"Justice of the Court of Appeal, {r}", "pep-class-1", "Judiciary"},
	{"Board member of the Central Reserve Bank", "pep-class-1", "Central bank"},
	{"Director of the Customs Directorate, {r}", "pep-class-2", "Senior official"},
	{"Ambassador to the Holy See", "pep-class-2", "Diplomat"},
	{"Head of the Governor's Secretariat, {r}", "pep-class-2", "Senior official"},
	{"Deputy Inspector-General of Police, {c}", "pep-class-2", "Police"},
	{"Board member, {c} Port Authority", "pep-class-3", "State-owned enterprise"},
	{"Chair of the supervisory board, {r} Water Utility", "pep-class-3", "State-owned enterprise"},
	{"Director of the State Grain Reserve", "pep-class-3", "State-owned enterprise"},
	{"Mayor of {c}", "pep-class-4", "Municipal government"},
	{"Deputy Mayor of {c}", "pep-class-4", "Municipal government"},
	{"Member of the {r} Regional Council", "pep-class-4", "Regional government"},
	{"Member of the {c} City Council", "pep-class-4", "Municipal government"},
	{"Delegate to the Permanent Commission on Inland Navigation", "pep-class-4", "International organisation"},
	{"Secretary of the {c} Harbour Commission", "pep-class-unknown", "Other"},
}

var (
	relationships = []string{"Spouse", "Mother", "Brother", "Daughter", "Significant Person", "Business partner"}
	affiliations  = []string{"Alliance for Quiet Waters", "Union of Orchard Towns", "New Lantern Party", "Regional Commerce Forum",
		"Association of River Municipalities", "Civic Platform of the Coast"}
	pepSources = [...]struct{ slug, name, url, flag string }{
		{"wikidata", "Wikidata", "https://wikidata.example.org/wiki/", ""},
		{"every-politician", "EveryPolitician", "https://politicians.example.org/", ""},
		{"internal-data-source", "Internal data source", "https://sources.example.org/internal", ""},
		{"us-cia-world-leaders", "US - CIA - World Leaders", "https://leaders.example.org/", "US"},
		{"un-heads-of-state-heads-of-government-and-ministers-for-foreign-affairs", "UN - Heads of State, Heads of Government and Ministers for Foreign Affairs", "https://un.example.org/protocol/hspmfa.pdf", "UN"},
	}
)

// pep writes report/politically-exposed-person: a match is a person.
func (s *story) pep(p *pen, r *report) {
	p.open("query")
	s.query(p, "country-code")
	p.shut()
	if !r.detail {
		return
	}
	p.list("result")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			s.politician(p, "", h, false)
		}
	}
	p.end()
	p.list("ignore-list")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			continue
		}
		p.open("")
		p.at("ignored-at", h.ignored)
		p.at("run-history-completed-at", r.completed)
		s.politician(p, "match", h, true)
		p.str("user", pick(h.dice(), colleagues))
		p.str("ignore-reason", h.reason())
		p.bool("is-internal", false)
		p.shut()
	}
	p.end()
}

// politician writes one match. Inside an ignore list there are no aliases and no topics, and
// sources is one object instead of a map.
func (s *story) politician(p *pen, key string, h hit, ignored bool) {
	if h.bare {
		barePolitician(p, key, s.who.whole())
		return
	}
	d := h.dice()
	l, born := h.as(d, s)
	id := "Q9" + d.digits(9) // beyond what Wikidata has given out
	if d.one(3) {
		id = d.code(15)
	}
	if h.listed != nil {
		id = h.listed.id
	}
	p.open(key)
	p.str("entity-id", id)
	p.str("name", join(l.who.first.latin, l.who.last.latin))
	n := d.between(5, 16)
	if d.one(4) {
		n = d.between(30, 60)
	}
	names := l.who.aliases(d, max(n, s.spellings))
	if !ignored {
		p.strs("aliases", names...)
	}
	p.list("birthdates")
	if s := l.date(); s != "" {
		p.str("", s)
	}
	for _, m := range born {
		p.str("", m)
	}
	p.end()
	p.list("death-dates")
	p.end()
	p.list("locations")
	if l.country != "" {
		p.str("", l.country)
	}
	p.end()
	p.null("country")
	p.opt("sex", l.sex)
	if !ignored {
		p.strs("topics", "PEP")
	}
	s.positions(p, d, l, ignored)
	p.list("associates")
	for range d.between(0, 3) {
		kin := d.person(l.who.culture, s.now)
		p.open("")
		p.str("name", join(kin.first.latin, l.who.last.latin))
		p.str("relationship", pick(d, relationships))
		if !ignored {
			p.strs("topics", "Close associate")
		}
		p.shut()
	}
	p.end()
	p.list("affiliations")
	if d.one(2) {
		p.open("")
		a := pick(d, affiliations)
		p.str("source-key", slug(a))
		p.str("name", a)
		p.shut()
	}
	p.end()
	p.list("related-urls")
	p.open("")
	p.str("source-key", "internal-source-url")
	p.str("name", "https://registers.example.org/people/"+slug(join(l.who.first.latin, l.who.last.latin)))
	p.shut()
	p.end()
	p.list("images")
	if d.one(3) {
		p.open("")
		p.str("internal-url", "https://files.withpersona.com/portraits/"+d.code(16)+".jpg")
		p.str("external-url", "https://commons.example.org/portraits/"+d.digits(7)+".jpg")
		p.bool("enabled-for-similarity", true)
		p.nulls("similarity-score", "similarity-level")
		p.shut()
	}
	p.end()
	first, more := d.IntN(len(pepSources)), d.between(0, 2)
	if ignored {
		src := pepSources[first]
		p.open("sources")
		p.str("url", src.url)
		p.str("name", src.name)
		p.opt("flag-code", src.flag)
		p.shut()
	} else {
		p.open("sources")
		for i := range more + 1 {
			src := pepSources[(first+i)%len(pepSources)]
			p.raw(src.slug)
			p.b = append(p.b, '{')
			p.str("url", src.url)
			p.str("name", src.name)
			p.opt("flag-code", src.flag)
			p.shut()
		}
		p.shut()
	}
	p.strs("match-types", pick(d, []string{"name_exact", "aka_exact", "aka-exact", "name_fuzzy", "equivalent_name"}))
	p.str("pep-type", "politically_exposed_person")
	p.shut()
}

func (s *story) positions(p *pen, d dice, l party, ignored bool) {
	p.list("positions")
	home := pick(d, l.who.culture.places)
	year := min(s.now.Year()-1, l.who.birth.Year()+d.between(30, 44))
	for range d.between(1, 4) {
		o := pick(d, offices)
		p.open("")
		p.str("pep-class", o.class)
		p.str("source-key", "internal-data-source")
		p.str("name", placed(o.title, home))
		p.strs("topics", o.topic)
		start := time.Date(year, time.Month(d.between(1, 12)), d.between(1, 28), 0, 0, 0, 0, time.UTC)
		if start.After(s.now) || ignored && d.one(2) {
			p.null("start-date")
		} else {
			p.str("start-date", start.Format(time.DateOnly))
		}
		end := start.AddDate(d.between(2, 8), d.between(0, 6), 0)
		if end.Before(s.now) {
			p.str("end-date", end.Format(time.DateOnly))
		} else {
			p.null("end-date")
		}
		year = end.Year()
		p.shut()
	}
	p.end()
}
