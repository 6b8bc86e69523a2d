package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// screen draws the transaction that a request asks for: whom it examines is what was sent,
// everything else is invented.
func (in *StandIn) screen(kind subjectKind, value func(string) string) *thing {
	in.made++
	now := in.now()
	s := &story{}
	// Far from the numbers of generated transactions, so that no id comes twice.
	s.reset(in.o.Seed, 1<<41+int(in.made), now, nil)
	s.kind, s.created, s.updated, s.review = kind, now, now, in.o.Review
	s.who = given(value)
	s.streetLine, s.postal = value("address_street_1"), value("address_postal_code")
	s.email, s.phone, s.wallet = value("email_address"), value("phone_number"), value("crypto_address")
	if kind == aBusiness {
		s.firm = business{name: value("business_name"), core: value("business_name"), culture: s.who.culture, home: s.who.home,
			tax: value("business_tax_identification_number"), number: value("registration_number"), founded: now.Year() - 12, site: value("website")}
	}
	if t := termOf(kind, s.asked()); t != nil && t.input == "Globovision" { // the address that Persona publishes for it
		s.streetLine, s.postal = "4100 Salzedo Street", "33146"
		s.firm.home = place{country: "US", city: parseWord("Coral Gables"), region: parseWord("FL")}
	}
	return in.put(s.txn, render(func(p *pen) { s.transaction(p, "", "created", false) }), s, nil)
}

// asked is the input that terms are looked up by.
func (s *story) asked() string {
	switch s.kind {
	case aBusiness:
		return s.firm.name
	case aWallet:
		return s.wallet
	}
	return s.who.whole()
}

// given is the person of whom a request tells. Names and places that it leaves open are drawn
// from the pool of the country, or of the script.
func given(value func(string) string) person {
	spelt := func(k string) word {
		v := strings.TrimSpace(value(k))
		return word{native: v, latin: v, plain: plain(v)}
	}
	p := person{first: spelt("name_first"), middle: spelt("name_middle"), last: spelt("name_last")}
	p.birth, _ = time.Parse(time.DateOnly, value("birthdate")) // no date: the zero time
	country := value("address_country_code")
	p.culture = cultureOf("english")
	for i, c := range pools() {
		if slices.ContainsFunc(c.places, func(at place) bool { return at.country == country }) {
			p.culture = &pools()[i]
			break
		}
	}
	if strings.ContainsFunc(p.whole(), func(r rune) bool { return unicode.IsLetter(r) && r > 0x24f }) == (p.culture.script == "latin") {
		p.culture = cultureOf("english")
	}
	p.home = place{country: country, city: parseWord(value("address_city")), region: parseWord(value("address_subdivision"))}
	return p
}

// runs are the reports that a subject gets.
var runs = [...][]string{
	aPerson:   {"watchlist", "politically-exposed-person", "adverse-media"},
	aBusiness: {"business-watchlist", "business-adverse-media", "business-lookup"},
	aWallet:   {"crypto-address-watchlist", "watchlist"},
}

// begin starts the workflow of a new transaction: an account and reports at once, each report
// done a moment later, and at last the status.
func (in *StandIn) begin(t *thing) {
	s, asked := t.story, termOf(t.story.kind, t.story.asked())
	if asked == nil {
		asked = &term{}
	}
	kinds := asked.kinds
	if kinds == nil {
		kinds = runs[s.kind]
	}
	in.later(120*time.Millisecond, func() {
		s.now = in.now()
		in.put(s.account, render(s.accountItem), s, nil).edit(func(n *node) {
			n.at("attributes", "fields").drop("identification_numbers") // nobody has shown any
		})
		in.put(s.run, render(s.runItem), s, nil)
		related := []ref{s.account}
		for _, kind := range kinds {
			r := s.add(kind)
			r.created, r.completed, r.status, r.detail = in.now(), time.Time{}, "pending", false
			r.recurring = asked.later != nil
			for range asked.finds[kind] {
				r.hits = append(r.hits, hit{seed: s.Uint64(), bare: asked.bare})
			}
			r.txn = s.txn
			in.put(r.ref, in.reportBody(s, r), s, r)
			related = append(related, r.ref)
		}
		t.edit(func(n *node) { n.relate("related-objects", related...) })
		for i, r := range s.reports {
			in.later(time.Duration(450+i*220)*time.Millisecond, func() {
				in.finish(in.things[r.ref.id], asked.status == "errored" && i == len(s.reports)-1)
			})
		}
		in.later(time.Duration(700+len(s.reports)*220)*time.Millisecond, func() { in.conclude(t, asked) })
	})
}

// finish completes a run of a report and tells of it.
func (in *StandIn) finish(t *thing, failed bool) {
	r := t.report
	if t.gone {
		return
	}
	at := in.now()
	t.story.now = at
	if failed {
		r.status = "errored"
		in.renew(t)
		in.tell(r.ref.kind+".errored", t, nil)
		return
	}
	r.status, r.completed, r.detail = "ready", at, true
	r.match = r.open() > 0
	r.past = append(r.past, past{kind: "run", at: at, matches: r.open(), id: in.dice.id("rpr_")})
	in.renew(t)
	if r.match {
		in.tell(r.ref.kind+".matched", t, nil)
	}
	in.tell(r.ref.kind+".ready", t, nil)
	if in.o.Recur > 0 && r.recurring && !r.match {
		in.later(in.o.Recur, func() { in.again(t, "scheduled") })
	}
}

// conclude moves the transaction to where its reports lead it.
func (in *StandIn) conclude(t *thing, asked *term) {
	if t.gone || t.says("status") != "created" { // somebody was faster
		return
	}
	s := t.story
	status := "approved"
	for _, r := range s.reports {
		if r.open() > 0 {
			status = in.o.Review
		}
	}
	status = cmp.Or(asked.status, status)
	if status == "pending_fallback_inquiry" {
		in.fallBack(t)
	}
	if s.kind == aBusiness && status == in.o.Review {
		in.openCase(t)
	}
	in.move(t, status)
}

// fallBack makes the inquiry that the subject has to finish.
func (in *StandIn) fallBack(t *thing) {
	s := t.story
	s.fallback = s.inquiry.id
	at := in.now()
	q := in.put(s.inquiry, render(func(p *pen) { s.inquiryItem(p, "created") }), s, nil)
	q.mark("created-at", stamp(at), "updated-at", stamp(at), "expires-at", stamp(at.Add(24*time.Hour)))
	t.edit(func(n *node) {
		n.at("attributes", "fields").set("fallback_inquiry_id", object().set("type", text("string")).set("value", text(s.inquiry.id)))
		n.relate("related-objects", s.inquiry)
	})
	in.tell("inquiry.created", q, nil)
}

// openCase makes Persona's case about a business.
func (in *StandIn) openCase(t *thing) {
	s := t.story
	doc := known(render(func(p *pen) { p.open(""); s.caseData(p, "Open"); p.shut() }))
	n := doc.at("data")
	c := in.put(ref{"case", n.str("id")}, scribe{}.bytes(n), s, nil)
	at := stamp(in.now())
	c.mark("created-at", at, "updated-at", at, "assigned-at", "", "assignee-id", "", "assigner-id", "", "assigner-type", "", "updater-id", "", "updater-type", "")
	t.edit(func(n *node) { n.relate("related-objects", c.ref) })
	in.tell("case.created", c, nil)
}

// again runs a monitored report once more; the run may find somebody.
func (in *StandIn) again(t *thing, by string) {
	r, s := t.report, t.story
	if t.gone || r.status != "ready" || r.open() > 0 || r.isPaused() {
		return
	}
	r.again = true
	if asked := termOf(s.kind, s.asked()); asked != nil && len(r.hits) == 0 {
		for range asked.later[r.kind] {
			r.hits = append(r.hits, hit{seed: s.Uint64(), bare: asked.bare})
		}
	}
	in.finish(t, false)
	r.past[len(r.past)-1].by = by
	if txn := in.things[s.txn.id]; txn != nil && r.match && !txn.gone {
		in.move(txn, in.o.Review)
	}
}

// isPaused says that monitoring was paused and not resumed.
func (r *report) isPaused() bool {
	paused := false
	for _, p := range r.past {
		switch p.kind {
		case "pause":
			paused = true
		case "resume":
			paused = false
		}
	}
	return paused
}
