package sandbox

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

func (r *report) dice() dice { return dice{rand.New(rand.NewPCG(r.seed, 0x656e72))} }

// emailRisk writes report/email-address. Persona has left eleven of its attributes null since
// August 2023.
func (s *story) emailRisk(p *pen, r *report) {
	d := r.dice()
	p.str("email-address", s.email)
	p.str("email-reputation", pick(d, []string{"high", "high", "medium", "low"}))
	p.nulls("email-reference-count", "email-domain-reputation", "email-first-seen-days", "email-last-seen-days")
	p.int("email-estimated-age-days", d.between(40, 5200))
	p.int("email-domain-age-days", d.between(900, 9800))
	p.nulls("email-credentials-leaked", "email-credentials-leaked-recent", "email-data-breached",
		"email-malicious-activity-detected", "email-malicious-activity-detected-recent")
	p.bool("email-is-blocklisted", false)
	p.null("email-is-spam")
	p.bool("email-is-free-provider", d.one(2))
	p.bool("email-is-disposable", d.one(30))
	p.bool("email-is-deliverable", !d.one(12))
	p.bool("email-is-valid-mx", true)
	p.null("email-is-spoofable")
	p.bool("email-is-spf-strict", d.one(2))
	p.bool("email-is-dmarc-enforced", d.one(2))
	p.bool("age-estimated-13-plus", true)
	p.bool("age-estimated-16-plus", true)
	p.bool("age-estimated-18-plus", true)
	p.bool("email-is-suspicious", d.one(15))
	p.bool("email-domain-exists", true)
	_, host, _ := strings.Cut(s.email, "@")
	p.str("email-domain", host)
}

var carriers = []string{"Lanternet Mobile", "Blue Heron Telecom", "Nordvik Mobil", "Saffron Cellular", "Marea Móvil"}

// phoneRisk writes report/phone-number.
func (s *story) phoneRisk(p *pen, r *report) {
	d := r.dice()
	p.str("phone-number", s.phone)
	p.str("phone-type", pick(d, []string{"MOBILE", "MOBILE", "MOBILE", "VOIP", "FIXED_LINE", "PREPAID"}))
	p.str("phone-carrier", pick(d, carriers))
	p.opt("phone-city", s.home().city.latin)
	p.opt("phone-subdivision", s.home().region.latin)
	p.str("phone-country-code", s.home().country)
	score := d.between(1, 620)
	p.str("phone-risk-level", []string{"low", "medium-low", "medium", "high"}[min(score/160, 3)])
	if score < 480 {
		p.str("phone-risk-recommendation", "allow")
	} else {
		p.str("phone-risk-recommendation", "flag")
	}
	p.int("phone-risk-score", score)
	p.null("phone-risk-sim-swap")
}

// addressLookup writes report/address-lookup with its whole long tail.
func (s *story) addressLookup(p *pen, r *report) {
	d, at := r.dice(), s.home()
	p.str("addressee", s.name())
	p.str("address-street-1", s.streetLine)
	p.null("address-street-2")
	p.str("address-city", at.city.latin)
	p.str("address-subdivision", at.region.latin)
	p.opt("address-postal-code", s.postal)
	p.null("resolved-addressee")
	p.str("resolved-address-street-1", plain(s.streetLine))
	p.null("resolved-address-street-2")
	p.str("resolved-address-city", at.city.plain)
	p.str("resolved-address-subdivision", at.region.plain)
	p.opt("resolved-address-postal-code", s.postal)
	p.str("metadata-record-type", "S")
	p.str("metadata-zip-type", "Standard")
	p.nulls("metadata-county-fips", "metadata-county-name", "metadata-carrier-route", "metadata-carrier-route-type",
		"metadata-congressional-district", "metadata-building-default-indicator")
	p.str("metadata-residential-delivery-indicator", pick(d, []string{"Residential", "Commercial"}))
	p.num("metadata-latitude", float64(d.between(-5000, 6500))/100+0.0031, 4)
	p.num("metadata-longitude", float64(d.between(-12000, 14000))/100+0.0077, 4)
	p.str("metadata-precision", "Street")
	p.nulls("metadata-time-zone", "metadata-utc-offset")
	p.bool("metadata-obeys-daylight-savings", d.one(2))
	p.str("analysis-dpv-match-code", "Y")
	p.str("analysis-dpv-match-code-decoded", "Confirmed")
	p.strs("analysis-dpv-footnotes", "AA", "BB")
	p.strs("analysis-dpv-footnotes-decoded", "Street name, city, state, and ZIP are all valid.", "ZIP+4 matched; confirmed entire address.")
	p.str("analysis-dpv-cmra", "N")
	p.str("analysis-dpv-vacant", pick(d, []string{"N", "N", "N", "Y"}))
	p.str("analysis-active", "Y")
	p.strs("analysis-footnotes")
	p.strs("analysis-footnotes-decoded")
	p.nulls("analysis-lacs-link-code", "analysis-lacs-link-code-decoded", "analysis-lacs-link-indicator",
		"analysis-lacs-link-indicator-decoded", "analysis-suite-link-match", "metadata-ews-match", "error-message")
}

// socialMedia writes report/social-media.
func (s *story) socialMedia(p *pen, r *report) {
	w := s.who
	handle := slug(join(w.first.latin, w.last.latin))
	p.str("name-first", w.spell(w.first))
	p.str("name-last", w.spell(w.last))
	p.str("birthdate", w.birth.Format(time.DateOnly))
	p.str("phone-number", s.phone)
	p.str("email-address", s.email)
	p.str("address-city", w.spell(w.home.city))
	p.str("address-subdivision", w.spell(w.home.region))
	p.str("linkedin-url", "work.example/in/"+handle)
	p.str("linkedin-username", handle)
	p.str("linkedin-id", r.dice().digits(9))
	p.nulls("facebook-url", "facebook-username", "facebook-id", "twitter-url", "twitter-username")
	p.str("github-url", "code.example/"+handle)
	p.str("github-username", handle)
	p.nulls("instagram-url", "instagram-username")
}

// address writes an address as an object, the way business reports hold it.
func (s *story) address(p *pen, key string) {
	at := s.home()
	p.open(key)
	p.str("street-1", s.streetLine)
	p.null("street-2")
	p.str("city", at.city.latin)
	p.str("subdivision", at.region.latin)
	p.opt("postal-code", s.postal)
	p.str("country-code", at.country)
	p.shut()
}

// businessLookup writes report/business-lookup.
func (s *story) businessLookup(p *pen, r *report) {
	d, b := r.dice(), s.firm
	p.open("query")
	p.str("business-name", b.name)
	p.str("phone-number", s.phone)
	p.str("website", b.site)
	p.str("ein", b.tax)
	p.str("address-street-1", s.streetLine)
	p.null("address-street-2")
	p.str("address-city", b.home.city.latin)
	p.str("address-subdivision", b.home.region.latin)
	p.opt("address-postal-code", s.postal)
	p.str("address-country-code", b.home.country)
	p.null("incorporation-state")
	p.list("associated-people")
	for _, o := range s.owners {
		p.open("")
		p.str("name-first", o.first.latin)
		p.str("name-last", o.last.latin)
		p.str("name-full", o.whole())
		p.strs("titles", "Director")
		p.shut()
	}
	p.end()
	p.shut()
	p.open("result")
	p.str("name", b.name)
	p.strs("aliases", strings.ToUpper(plain(b.core)))
	p.null("description")
	p.str("legal-status", "active")
	p.str("legal-entity-type", b.form)
	p.open("date-of-incorporation")
	p.str("granularity", "year")
	p.nulls("day", "month")
	p.str("year", strconv.Itoa(b.founded))
	p.shut()
	p.list("industry-classifications")
	p.open("")
	p.str("code", d.digits(6))
	p.str("title", "Freight Transportation Arrangement")
	p.str("type", "NAICS_2017")
	p.shut()
	p.end()
	p.list("identifiers")
	p.open("")
	p.str("state", b.home.region.latin)
	p.str("country", b.home.country)
	p.str("issue-date", strconv.Itoa(b.founded)+"-05-12")
	p.str("file-number", b.number)
	p.str("type", "registration_number")
	p.list("addresses")
	s.address(p, "")
	p.end()
	p.str("status", "active")
	p.shut()
	p.end()
	p.list("addresses")
	s.address(p, "")
	p.end()
	p.strs("websites", b.site+"/")
	p.strs("phone-numbers", s.phone)
	p.strs("agents")
	p.list("officers")
	for _, o := range s.owners {
		p.open("")
		p.str("name-full", strings.ToUpper(plain(o.whole())))
		p.str("name-first", strings.ToUpper(o.first.plain))
		p.str("name-last", strings.ToUpper(o.last.plain))
		p.strs("titles", "DIRECTOR")
		p.shut()
	}
	p.end()
	p.str("headcount", pick(d, []string{"1-10", "11-50", "51-200"}))
	p.list("sources")
	p.open("")
	p.str("name", "COMMERCIAL REGISTER")
	p.shut()
	p.end()
	p.shut()
	p.str("match-status-strength", pick(d, []string{"match", "match", "partial_match"}))
	for _, k := range []string{"business-name", "address", "address-street", "address-city", "address-postal-code",
		"address-subdivision", "phone-number", "ein", "associated-person", "website"} {
		p.str("match-status-"+k, pick(d, []string{"match", "match", "partial_match", "not_applicable"}))
	}
}

// associatedPersons writes report/business-associated-persons: officers, and owners with
// birth dates to the month.
func (s *story) associatedPersons(p *pen, r *report) {
	d := r.dice()
	p.open("query")
	p.str("address-country-code", s.firm.home.country)
	p.shut()
	p.list("associated-persons")
	for _, o := range s.owners {
		p.open("")
		p.list("names")
		p.open("")
		p.str("value", o.whole())
		p.shut()
		p.end()
		p.list("positions")
		p.open("")
		p.str("value", pick(d, []string{"Director", "Secretary", "Managing director"}))
		p.shut()
		p.end()
		p.shut()
	}
	p.end()
	p.open("ownership-information")
	p.list("owners")
	bands := [...][2]int{{50, 75}, {25, 50}, {10, 25}}
	for i, o := range s.owners {
		band := bands[i%len(bands)]
		p.open("")
		p.str("type", "person")
		p.str("name", o.whole())
		p.str("birthdate", o.birth.Format("2006-01"))
		s.address(p, "address")
		p.list("roles")
		p.open("")
		p.str("description", "Ownership of "+itoa(band[0])+"-"+itoa(band[1])+"% shares")
		p.open("data")
		p.str("key", "ownership-of-shares-"+itoa(band[0])+"-to-"+itoa(band[1])+"-percent")
		p.int("lower-bound", band[0])
		p.int("upper-bound", band[1])
		p.shut()
		p.shut()
		p.end()
		p.shut()
	}
	p.end()
	p.shut()
}

// registrations writes report/business-registrations-lookup.
func (s *story) registrations(p *pen, r *report) {
	b := s.firm
	p.open("query")
	p.str("address-country-code", b.home.country)
	p.shut()
	p.open("result")
	p.str("business-name", b.name)
	p.str("legal-entity-type", b.form)
	p.str("formation-country", b.home.country)
	p.str("formation-subdivision", b.home.region.latin)
	p.str("formation-date", strconv.Itoa(b.founded)+"-05-12")
	p.list("registry-records")
	p.open("")
	p.str("type", "national_register")
	p.str("issue-date", strconv.Itoa(b.founded)+"-05-12")
	p.str("issuing-authority", "Commercial Register of "+b.home.region.latin)
	p.str("file-number", b.number)
	p.null("documents-status")
	p.str("registered-name", b.name)
	p.str("registration-type", "domestic")
	p.open("status")
	p.str("raw", "ACTIVE - GOOD STANDING")
	p.str("standardized", "active")
	p.shut()
	p.str("registration-state", b.home.region.latin)
	p.list("addresses")
	s.address(p, "")
	p.end()
	p.shut()
	p.end()
	p.shut()
}

// enforcement writes report/business-enforcement-action, a kind whose attributes Persona does
// not publish.
func (s *story) enforcement(p *pen, r *report) {
	p.open("query")
	p.str("business-name", s.firm.name)
	p.str("address-country-code", s.firm.home.country)
	p.shut()
	p.open("result")
	p.list("actions")
	p.open("")
	p.str("agency", "Maritime Safety Board of "+s.firm.home.region.latin)
	p.str("action-type", "civil_penalty")
	p.int("penalty-amount", 250*r.dice().between(4, 90))
	p.str("currency", "EUR")
	p.str("date", strconv.Itoa(s.now.Year()-3)+"-02-19")
	p.bool("settled", true)
	p.shut()
	p.end()
	p.shut()
}
