package sandbox

import (
	"strings"
	"time"
)

// placed puts a city and a region into a text that holds {c} and {r}.
func placed(text string, at place) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "{c}", at.city.latin), "{r}", at.region.latin)
}

// story lines of newspapers: {n} is the name, {c} a city, {r} a region, {a} an age.
var personNews = []struct{ category, title, snippet string }{
	{"fraud-linked", "{c} court hears of forged invoices in grain co-operative case", "Prosecutors told the district court in {c} that {n}, {a}, signed off invoices for deliveries that never arrived. The defence says the signatures are not genuine. The hearing goes on next week."},
	{"financial-aml-cft", "Tax authority freezes accounts tied to {r} property ring", "Investigators name {n} among eleven people whose accounts were frozen on Tuesday. The ring is said to have moved the proceeds of undeclared sales through three shell companies in {r}."},
	{"other-minor", "{n} fined for fishing without a licence", "A magistrate in {c} fined {n} for a third time. The fine was paid on the spot, the nets were confiscated, and the matter is closed, a clerk said."},
	{"property", "Antique clocks recovered from warehouse in {c}", "Police recovered fourteen longcase clocks that had been missing since spring. {n}, who rents the warehouse, says the clocks were bought in good faith at a fair."},
	{"cybercrime", "Two arrested over cloned ticket website", "The pair are accused of selling some 4,000 invalid ferry tickets. Court papers seen by this paper name one of them as {n}, of {c}."},
	{"other-serious", "Harbour pilot dismissed after inquiry into cargo ship grounding", "The inquiry found that {n} had been on duty for nineteen hours when the vessel ran aground off {c}. No one was hurt. The pilot's licence was withdrawn."},
	{"regulatory", "Regulator bars adviser from giving investment advice", "{n} may not give investment advice for five years, the regulator said on Thursday, after clients in {r} lost money in an unregistered orchard fund."},
	{"general-aml-cft", "Charity's money never reached the villages, auditors say", "Of the sums collected in {c} over two years, less than a third can be accounted for. {n} chaired the board at the time and denies any part in it."},
	{"narcotics-aml-cft", "Seven sentenced in {r} smuggling trial", "The court handed down terms of between two and nine years. {n}, {a}, received three years for keeping the ledger. Two further defendants were acquitted."},
	{"financial-difficulty", "Bakery chain files for insolvency, suppliers unpaid", "The chain's founder, {n}, told creditors in {c} that a rescue was still possible. Suppliers say they have waited for payment since January."},
	{"violence-non-aml-cft", "Man charged after quarrel at {c} regatta", "A quarrel over a mooring ended with a broken oar and a charge of assault. {n}, {a}, was released pending trial."},
}

var firmNews = []struct{ category, title, snippet string }{
	{"regulatory", "Watchdog fines {n} over late filings", "{n} must pay a penalty after filing its accounts fourteen months late. The company, based in {c}, blamed a change of auditors."},
	{"fraud-linked", "Investors demand answers from {n}", "Forty investors in {r} say the quarterly payments stopped without notice. {n} did not answer questions sent by this paper."},
	{"financial-aml-cft", "Customs inquiry into mislabelled cargo widens", "Containers declared as machine parts held untaxed spirits. The consignee is {n}, according to documents filed in {c}."},
	{"other-financial", "{n} and two suppliers in dispute over unpaid freight", "The freight was delivered in May. The suppliers have asked a court in {c} to order payment; a hearing is set for next month."},
	{"property", "Planning breach: warehouse extension must come down", "The extension at the {c} site was built without permission, the council found. {n} has ninety days to appeal."},
}

var papers = [...]string{"https://courier.example/", "https://news.example.org/", "https://harbour-gazette.example/", "https://evening-lantern.example/", "https://daily.example.org/"}

// article writes one piece of media. When its date is unknown it is null, as Persona sends it.
func article(p *pen, d dice, title, snippet, name string, at place, age int, now time.Time) {
	fill := func(text string) string {
		return placed(strings.ReplaceAll(strings.ReplaceAll(text, "{n}", name), "{a}", itoa(age)), at)
	}
	t := fill(title)
	day := now.AddDate(0, 0, -d.between(20, 3200))
	p.open("")
	p.str("title", t)
	p.str("snippet", fill(snippet))
	p.str("url", papers[d.IntN(len(papers))]+day.Format("2006/01/02/")+slug(t))
	if d.one(9) {
		p.null("date")
	} else {
		p.str("date", day.Format(time.DateOnly))
	}
	p.shut()
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// adverseMedia writes report/adverse-media: a match is a person with articles.
func (s *story) adverseMedia(p *pen, r *report) {
	w := s.who
	p.opt("name-first", w.spell(w.first))
	p.opt("name-middle", w.spell(w.middle))
	p.opt("name-last", w.spell(w.last))
	p.opt("term", w.whole())
	if w.birth.IsZero() {
		p.null("birthdate-year")
	} else {
		p.int("birthdate-year", w.birth.Year())
	}
	p.day("birthdate", w.birth)
	p.opt("country-code", w.home.country)
	if !r.detail {
		return
	}
	p.list("related-sources")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			s.newsmaker(p, "", h)
		}
	}
	p.end()
	p.open("ignore-list-media")
	p.shut()
	p.list("ignore-list-entity")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			continue
		}
		p.open("")
		p.at("ignored-at", h.ignored)
		s.newsmaker(p, "match", h)
		p.str("user", pick(h.dice(), colleagues))
		p.str("ignore-reason", h.reason())
		p.shut()
	}
	p.end()
}

// newsmaker writes one person in the news.
func (s *story) newsmaker(p *pen, key string, h hit) {
	if h.bare {
		bareNews(p, key, s.who.whole(), "entity-id")
		return
	}
	d := h.dice()
	l := d.party(s.who, s.now)
	name := join(l.who.first.latin, l.who.last.latin)
	p.open(key)
	p.str("entity-id", d.code(15))
	p.str("name", name)
	p.list("akas")
	for range d.between(0, 4) {
		if d.one(8) {
			p.null("")
		} else {
			p.str("", l.who.variant(d))
		}
	}
	p.end()
	p.list("birthdates")
	if date := l.date(); date != "" {
		p.str("", date)
	} else if d.one(2) {
		p.null("")
	}
	p.end()
	p.strs("match-types", pick(d, []string{"name_exact", "aka_exact", "name_fuzzy", "year_of_birth"}))
	n := pick(d, personNews)
	country := l.country
	if country == "" {
		country = pick(d, l.who.culture.places).country
	}
	p.list("sources")
	p.open("")
	p.str("name", "Adverse Media")
	p.strs("country-codes", country)
	p.strs("types", "adverse-media-v2-"+n.category)
	p.shut()
	p.end()
	p.list("media")
	at := pick(d, l.who.culture.places)
	article(p, d, n.title, n.snippet, name, at, l.who.age(s.now), s.now)
	for range d.between(0, 2) {
		m := pick(d, personNews)
		article(p, d, m.title, m.snippet, name, at, l.who.age(s.now), s.now)
	}
	p.end()
	p.shut()
}

// businessMedia writes report/business-adverse-media, whose inner keys are snake_case under
// every inflection.
func (s *story) businessMedia(p *pen, r *report) {
	p.str("term", s.firm.name)
	if !r.detail {
		return
	}
	p.list("related-sources")
	for _, h := range r.hits {
		if !h.ignored.IsZero() {
			continue
		}
		if h.bare {
			bareNews(p, "", s.firm.name, "id")
			continue
		}
		d := h.dice()
		name := s.firm.variant(d)
		n := pick(d, firmNews)
		p.open("")
		p.str("id", d.code(15))
		p.str("name", name)
		p.list("akas")
		for range d.between(0, 3) {
			p.str("", s.firm.variant(d))
		}
		p.end()
		p.list("birthdates")
		p.end()
		p.raw("match_types")
		p.b = append(p.b, '[')
		p.str("", pick(d, []string{"name_exact", "aka_exact", "name_fuzzy"}))
		p.end()
		p.list("sources")
		p.open("")
		p.str("name", "Adverse Media")
		p.str("token", d.code(20))
		p.raw("country_codes")
		p.b = append(p.b, '[')
		p.str("", s.firm.home.country)
		p.end()
		p.strs("types", "adverse-media-v2-"+n.category)
		p.shut()
		p.end()
		p.list("media")
		article(p, d, n.title, n.snippet, name, s.firm.home, 0, s.now)
		for range d.between(0, 2) {
			m := pick(d, firmNews)
			article(p, d, m.title, m.snippet, name, s.firm.home, 0, s.now)
		}
		p.end()
		p.shut()
	}
	p.end()
}

// businessWatchlist writes report/business-watchlist: slugs in one key, names and addresses of
// the lists in three others, and nothing about who on them was meant.
func (s *story) businessWatchlist(p *pen, r *report) {
	if !r.detail {
		return
	}
	p.list("matched-lists")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			p.str("", h.list().slug)
		}
	}
	p.end()
	for _, kind := range []string{"sanction", "fitness-probity", "warning"} {
		p.list(kind + "-list")
		for _, h := range r.hits {
			// One match in four comes with a slug alone.
			if w := h.list(); w.kind == kind && h.ignored.IsZero() && h.seed%4 != 0 {
				p.open("")
				p.str("name", w.name)
				p.str("url", w.url)
				p.shut()
			}
		}
		p.end()
	}
}

func (h hit) list() watchlist {
	if h.bare {
		return sandboxList
	}
	return watchlists[h.seed%uint64(len(watchlists))]
}
