package sandbox

import (
	"math/rand/v2"
	"slices"
	"time"
)

// hit is one match of a report. What it says is drawn from its own seed each time that it is
// written, so it reads the same in every payload.
type hit struct {
	seed    uint64
	ignored time.Time // dismissed on Persona's side at, zero: still open
	excuse  string    // why, "" for one that is drawn
	bare    bool      // nothing but the name that was asked for
	verdict string    // screening: what a reviewer said, "" for what is drawn
	risk    string    // screening: with a verdict
	watch   bool      // screening: with a verdict, notify-on-change
	listed  *listedAs // politically exposed persons: who it is, nil for one that is drawn
}

func (h hit) dice() dice { return dice{rand.New(rand.NewPCG(h.seed, 0x686974))} }

// report is one report of the story, as it stands at some moment.
type report struct {
	ref       ref
	kind      string // "watchlist"
	template  string
	version   string
	status    string
	created   time.Time
	completed time.Time
	redacted  time.Time
	match     bool // has-match; may disagree with the hits, as it does at Persona
	again     bool // is-continuous
	recurring bool
	tags      []string
	inquiry   ref
	account   ref
	txn       ref
	hits      []hit
	detail    bool        // the hits' key is sent
	runs      []time.Time // run-history, when not nil; a last one in the future is the coming run
	seed      uint64      // of what an enrichment report says
	past      []past      // as the history endpoint told it, oldest first
}

// open hits are those that nobody dismissed.
func (r *report) open() int {
	n := 0
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			n++
		}
	}
	return n
}

// thin writes the copy that transactions sometimes include: four attributes and no
// relationships.
func (r *report) thin(p *pen) {
	p.open("")
	p.str("type", r.ref.kind)
	p.str("id", r.ref.id)
	p.open("attributes")
	p.str("status", r.status)
	p.at("created-at", r.created)
	p.at("completed-at", r.completed)
	p.bool("has-match", r.match)
	p.shut()
	p.shut()
}

// full writes the report with everything that its kind has. The key is empty for an item of
// included.
func (s *story) full(p *pen, key string, r *report) {
	p.open(key)
	p.str("type", r.ref.kind)
	p.str("id", r.ref.id)
	p.open("attributes")
	p.str("status", r.status)
	p.at("created-at", r.created)
	p.at("completed-at", r.completed)
	p.at("redacted-at", r.redacted)
	p.str("report-template-version-name", r.version)
	p.bool("has-match", r.match)
	p.bool("is-continuous", r.again)
	p.bool("is-recurring", r.recurring)
	p.strs("tags", r.tags...)
	s.particulars(p, r)
	if r.runs != nil {
		p.list("run-history")
		for i, t := range r.runs {
			p.open("")
			p.at("scheduled-at", t)
			if t.After(s.now) {
				p.null("completed-at")
			} else {
				p.at("completed-at", t)
			}
			p.str("type", "scheduled")
			p.int("report-template-version-id", 14930+i/3)
			p.shut()
		}
		p.end()
	}
	p.shut()
	p.open("relationships")
	p.rel("inquiry", r.inquiry)
	p.rel("account", r.account)
	p.rel("transaction", r.txn)
	p.rel("report-template", ref{"report-template/" + r.kind, r.template})
	p.shut()
	p.shut()
}

// particulars writes what only this kind of report has.
func (s *story) particulars(p *pen, r *report) {
	switch r.kind {
	case "watchlist":
		s.watchlist(p, r)
	case "politically-exposed-person":
		s.pep(p, r)
	case "adverse-media":
		s.adverseMedia(p, r)
	case "business-watchlist":
		s.businessWatchlist(p, r)
	case "business-adverse-media":
		s.businessMedia(p, r)
	case "crypto-address-watchlist":
		s.crypto(p, r)
	case "screening":
		s.screening(p, r)
	case "email-address":
		s.emailRisk(p, r)
	case "phone-number":
		s.phoneRisk(p, r)
	case "address-lookup":
		s.addressLookup(p, r)
	case "social-media":
		s.socialMedia(p, r)
	case "business-lookup":
		s.businessLookup(p, r)
	case "business-associated-persons":
		s.associatedPersons(p, r)
	case "business-registrations-lookup":
		s.registrations(p, r)
	case "business-enforcement-action":
		s.enforcement(p, r)
	}
}

// query writes the person that a report was run on, in the flat or nested form of its kind.
func (s *story) query(p *pen, country string) {
	w := s.who
	p.opt("name-first", w.spell(w.first))
	p.opt("name-middle", w.spell(w.middle))
	p.opt("name-last", w.spell(w.last))
	p.opt("term", w.whole())
	p.day("birthdate", w.birth)
	p.opt(country, w.home.country)
}

// watchlist writes report/watchlist: a match is a list that holds the spellings of a party.
func (s *story) watchlist(p *pen, r *report) {
	s.query(p, "country-code")
	if !r.detail {
		return
	}
	p.list("matched-lists")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			s.listings(p, h, func(w watchlist, l party, names []string) { listing(p, "", w, l, names, "") })
		}
	}
	p.end()
	p.list("ignore-list")
	for _, h := range r.hits {
		if h.ignored.IsZero() {
			continue
		}
		s.listings(p, h, func(w watchlist, l party, names []string) {
			p.open("")
			p.at("ignored-at", h.ignored)
			p.at("run-history-completed-at", r.completed)
			listing(p, "match", w, l, names, w.flag+":"+h.dice().digits(6))
			p.str("user", pick(h.dice(), colleagues))
			p.str("ignore-reason", h.reason())
			p.shut()
		})
	}
	p.end()
}

// reason is why a match was dismissed.
func (h hit) reason() string {
	if h.excuse != "" {
		return h.excuse
	}
	return pick(h.dice(), excuses)
}

// listings calls for each list that one party stands on.
func (s *story) listings(p *pen, h hit, each func(watchlist, party, []string)) {
	if h.bare {
		each(sandboxList, party{who: s.who}, []string{s.who.listed()})
		return
	}
	d := h.dice()
	l := d.party(s.who, s.now)
	n := 1
	if d.one(3) && !s.crowded {
		n = d.between(2, 5)
	}
	if s.crowded { // far apart, so that nobody takes two of them for one
		l.who.birth, l.precision = l.who.birth.AddDate(-int(h.seed%40), 0, int(h.seed%300)), 'd'
	}
	first := d.IntN(len(watchlists))
	for i := range n {
		w := watchlists[(first+i*3)%len(watchlists)]
		names := []string{l.who.listed()}
		for range d.between(0, 4) {
			if v := l.who.variant(d); !slices.Contains(names, v) {
				names = append(names, v)
			}
		}
		if l.who.culture.script != "latin" && d.one(3) {
			names = append(names, l.who.wholeNative())
		}
		each(w, l, names)
	}
}

// listing writes one matched list with the spellings of one party; group is its id on
// ignored ones.
func listing(p *pen, key string, w watchlist, l party, names []string, group string) {
	p.open(key)
	p.str("name", w.name)
	p.str("url", w.url)
	p.str("list-type", w.kind)
	p.strs("list-types", w.kind)
	p.str("slug", w.slug)
	p.str("flag-code", w.flag)
	p.list("entities")
	for i, n := range names {
		p.open("")
		p.str("name", n)
		if i == 0 {
			p.str("alias-type", "primary_name")
		} else {
			p.str("alias-type", "aka")
		}
		l.birthdates(p)
		if group != "" {
			p.str("group-id", group)
		}
		p.shut()
	}
	p.end()
	p.shut()
}

// crypto writes report/crypto-address-watchlist.
func (s *story) crypto(p *pen, r *report) {
	p.open("query")
	p.str("crypto-address", s.wallet)
	p.shut()
	if !r.detail {
		return
	}
	p.list("result")
	for _, h := range r.hits {
		if h.bare {
			s.bareWallet(p)
			continue
		}
		d := h.dice()
		l := d.party(d.person(&pools()[d.IntN(len(pools()))], s.now), s.now)
		w := watchlists[0]
		p.open("")
		p.str("name", w.name)
		p.str("url", w.url)
		p.str("list-type", w.kind)
		p.str("slug", w.slug)
		p.str("flag-code", w.flag)
		p.list("entities")
		for i := range d.between(1, 3) {
			p.open("")
			if i == 0 {
				p.str("name", l.who.listed())
				p.str("alias-type", "primary_name")
			} else {
				p.str("name", l.who.variant(d))
				p.str("alias-type", "aka")
			}
			l.birthdates(p)
			p.list("crypto-addresses")
			for j := range d.between(1, 4) {
				p.open("")
				if i == 0 && j == 0 {
					p.str("type", "XBT")
					p.str("address", s.wallet)
				} else if d.one(3) {
					p.str("type", "ETH")
					p.str("address", d.ether())
				} else {
					p.str("type", "XBT")
					p.str("address", d.bitcoin())
				}
				p.shut()
			}
			p.end()
			p.shut()
		}
		p.end()
		p.shut()
	}
	p.end()
}

// bitcoin and ether make addresses of the right look whose checksums are wrong on purpose.
func (d dice) bitcoin() string { return "1" + d.id("")[:24] + d.id("")[:9] }

func (d dice) ether() string {
	b := make([]byte, 0, 42)
	b = append(b, '0', 'x')
	for range 40 {
		b = append(b, hexDigits[d.IntN(16)])
	}
	return string(b)
}
