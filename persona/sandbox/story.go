package sandbox

import (
	"math/rand/v2"
	"time"
)

// subjectKind is what a transaction examines.
type subjectKind uint8

const (
	aPerson subjectKind = iota
	aBusiness
	aWallet
)

// story is one transaction: whom it examines, what Persona found, and the payloads in which
// that reached us.
type story struct {
	dice
	pen    pen
	now    time.Time
	emit   func([]byte) bool
	done   bool // the reader has had enough
	repeat bool // the next payload is sent twice

	i    int
	seed uint64
	kind subjectKind

	txn, account, inquiry, run ref
	reference                  string
	review                     string // how this transaction's type spells needs_review
	tags                       []string
	created, updated           time.Time

	who        person
	firm       business
	owners     []person
	wallet     string
	streetLine string
	postal     string
	email      string
	phone      string
	spellings  int  // at least so many aliases per PEP match; 0: as they come
	crowded    bool // each watchlist match stands on a list of its own, as one party more

	stands     string // the transaction's status as last written
	caseStands string // the status of Persona's case about it, "" when there is none
	fallback   string // inquiry id
	withForm   bool   // an inquiry and its verifications belong to it
	failedID   bool   // the government id failed a check
	reports    []*report
	thinReport int // index of a report that the transaction includes thin only, -1 none
}

// reset begins transaction i of a seed: nothing in it depends on any other one.
func (s *story) reset(seed uint64, i int, now time.Time, emit func([]byte) bool) {
	buf := s.pen.b
	*s = story{now: now, emit: emit, i: i, seed: seed, thinReport: -1,
		dice: dice{rand.New(rand.NewPCG(seed, uint64(i)*0x9e3779b97f4a7c15+1))}}
	s.pen.b = buf[:0]
	s.txn = ref{"transaction", s.id("txn_")}
	s.account = ref{"account", s.id("act_")}
	s.inquiry = ref{"inquiry", s.id("inq_")}
	s.run = ref{"workflow-run", s.id("wfr_")}
}

// subject draws whom the transaction examines.
func (s *story) subject(kind subjectKind, c *culture, native bool) {
	s.kind = kind
	s.who = s.person(c, s.now)
	s.who.native = native && c.script != "latin"
	switch kind {
	case aBusiness:
		s.firm = s.business(c, s.now.Year()-s.between(1, 38))
		for range s.between(1, 3) {
			s.owners = append(s.owners, s.person(c, s.now))
		}
		s.owners = append(s.owners, s.who)
	case aWallet:
		s.wallet = s.bitcoin()
	}
	at := s.home()
	street := s.who.street
	if kind == aBusiness {
		street = s.firm.street
	}
	s.streetLine = numbered(s.who.spell(street), s.between(1, 148))
	s.postal = s.fill(at.postal)
	s.email = s.who.mail(s.dice)
	if kind == aBusiness {
		s.email = "office@" + slug(s.firm.core) + ".example"
	}
	s.phone = s.fill(c.dial)
	s.reference = referenceOf(s.dice, kind)
}

func numbered(street string, n int) string {
	for i := range len(street) {
		if street[i] == '#' {
			return street[:i] + itoa(n) + street[i+1:]
		}
	}
	return street
}

func referenceOf(d dice, kind subjectKind) string {
	switch kind {
	case aBusiness:
		return "biz-" + d.digits(6)
	case aWallet:
		return "payout-" + d.digits(8)
	}
	return "cust-" + d.digits(7)
}

// home is where the subject is at home.
func (s *story) home() place {
	if s.kind == aBusiness {
		return s.firm.home
	}
	return s.who.home
}

// name is what to call the subject.
func (s *story) name() string {
	if s.kind == aBusiness {
		return s.firm.name
	}
	return s.who.whole()
}

// add gives the transaction a report of a kind, ready and clean.
func (s *story) add(kind string) *report {
	r := &report{
		ref: ref{"report/" + kind, s.id("rep_")}, kind: kind, status: "ready", version: "v" + itoa(s.between(1, 5)),
		template: templates[kind], created: s.created.Add(s.span(300*time.Millisecond, 1500*time.Millisecond)),
		detail: true, account: s.account, txn: s.txn, seed: s.Uint64(),
	}
	r.completed = r.created.Add(s.span(900*time.Millisecond, 7*time.Second))
	if s.one(3) {
		r.txn = ref{} // the workflow that ran it says nothing on the report: only the transaction does
	}
	if s.withForm {
		r.inquiry = s.inquiry
	}
	s.reports = append(s.reports, r)
	return r
}

// find gives a report n open hits.
func (s *story) find(r *report, n int) *report {
	for range n {
		r.hits = append(r.hits, hit{seed: s.Uint64()})
	}
	r.match = len(r.hits) > 0
	return r
}

// dismiss takes every open hit of a report away, on Persona's side.
func (r *report) dismiss(at time.Time) {
	for i := range r.hits {
		if r.hits[i].ignored.IsZero() {
			r.hits[i].ignored = at
		}
	}
}

// templates are the organisation's report templates, by kind.
var templates = func() map[string]string {
	kinds := []string{"watchlist", "politically-exposed-person", "adverse-media", "business-watchlist",
		"business-adverse-media", "crypto-address-watchlist", "screening", "email-address", "phone-number",
		"address-lookup", "social-media", "business-lookup", "business-associated-persons",
		"business-registrations-lookup", "business-enforcement-action"}
	m := make(map[string]string, len(kinds))
	for i, k := range kinds {
		m[k] = shared("rptp_", uint64(i))
	}
	return m
}()

// The organisation's own ids.
var (
	typeOf       = [...]string{aPerson: shared("txntp_", 100), aBusiness: shared("txntp_", 101), aWallet: shared("txntp_", 102)}
	accountTypes = [...]string{aPerson: shared("acttp_", 103), aBusiness: shared("acttp_", 104), aWallet: shared("acttp_", 103)}
	inqTemplate  = shared("itmpl_", 105)
	inqVersion   = shared("itmplv_", 106)
	verTemplate  = shared("vtmpl_", 107)
	verVersion   = shared("vtmplv_", 108)
	caseTemplate = shared("ctmpl_", 109)
	caseQueue    = shared("cqueue_", 110)
)

// send hands the finished payload on and starts the next one.
func (s *story) send() {
	s.done = s.done || !s.emit(s.pen.b)
	if s.repeat {
		s.done = s.done || !s.emit(s.pen.b)
		s.repeat = false
	}
	s.pen.b = s.pen.b[:0]
}
