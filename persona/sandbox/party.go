package sandbox

import (
	"fmt"
	"strconv"
	"time"
)

// party is the listed person behind a match, drawn beside the subject that it was found for.
// Most differ from the subject in something that can be checked, some cannot be told apart,
// and a few are the same person.
type party struct {
	who       person
	precision byte   // of the birth date: 'd', 'm', 'y', or 0 for none
	country   string // alpha-2, "" not given
	sex       string // "" not given
}

// party draws the listed person behind one match on a subject.
func (d dice) party(p person, now time.Time) party {
	if p.birth.IsZero() { // the subject said nothing about it; the list does
		p.birth = now.AddDate(-d.between(24, 70), -d.between(0, 11), -d.between(0, 27)).Truncate(24 * time.Hour)
	}
	l := party{who: p, precision: 'd', country: p.home.country, sex: p.sex()}
	switch x := d.Float64(); {
	case x < 0.07: // the same person
		if d.one(3) {
			l.precision = 'm'
		}
	case x < 0.40: // born in another year
		years := d.between(2, 31)
		if d.one(2) && p.birth.Year()+years < now.Year()-19 {
			years = -years
		}
		l.who.birth = p.birth.AddDate(-years, d.between(0, 7), d.between(0, 20))
		if d.one(3) {
			l.precision = 'y'
		}
		if d.one(2) {
			l.country = pick(d, pools()[d.IntN(len(pools()))].places).country
		}
	case x < 0.52: // of another country, nearly the same age
		l.country = pick(d, pools()[d.IntN(len(pools()))].places).country
		l.who.birth = p.birth.AddDate(d.between(-1, 1), d.between(0, 9), 0)
		l.precision = 'y'
	case x < 0.64: // of the other sex, with a related name
		l.who.male = !p.male
		if l.who.male {
			l.who.first = pick(d, p.culture.male)
		} else {
			l.who.first = pick(d, p.culture.female)
		}
		l.sex = l.who.sex()
		l.who.birth = p.birth.AddDate(-d.between(3, 25), d.between(0, 11), 0)
	case x < 0.82: // nothing but a name
		l.precision, l.country, l.sex = 0, "", ""
	default: // a year that fits, and little else
		l.precision, l.country = 'y', ""
		if d.one(2) {
			l.sex = ""
		}
	}
	if l.sex == p.sex() && d.one(4) { // a near name: another given name of the same pool
		given := p.culture.female
		if p.male {
			given = p.culture.male
		}
		l.who.middle, l.who.first = l.who.first, pick(d, given)
	}
	return l
}

// date is the birth date at its precision, "" for none.
func (l party) date() string {
	switch l.precision {
	case 'd':
		return l.who.birth.Format(time.DateOnly)
	case 'm':
		return l.who.birth.Format("2006-01")
	case 'y':
		return l.who.birth.Format("2006")
	}
	return ""
}

// birthdates writes the watchlists' form: an object per date, with no keys for what is unknown.
func (l party) birthdates(p *pen) {
	p.list("birthdates")
	y, m, d := l.who.birth.Date()
	if l.precision != 0 {
		p.open("")
		if l.precision == 'd' {
			p.str("day", fmt.Sprintf("%02d", d))
		}
		if l.precision != 'y' {
			p.str("month", fmt.Sprintf("%02d", int(m)))
		}
		p.str("year", strconv.Itoa(y))
		p.str("granularity", map[byte]string{'d': "day", 'm': "month", 'y': "year"}[l.precision])
		p.shut()
	}
	p.end()
}

// watchlist is one list of the sort that reports name. The lists' names are those that
// reviewers know; the addresses lead nowhere.
type watchlist struct{ name, slug, kind, flag, url string }

var watchlists = []watchlist{
	{"US - OFAC - Specially Designated Nationals and Blocked Persons (SDN)", "us-ofac-specially-designated-nationals-and-blocked-persons", "sanction", "US", "https://lists.example.org/us/ofac/sdn"},
	{"EU - EC - Consolidated Financial Sanctions", "eu-ec-consolidated-financial-sanctions", "sanction", "EU", "https://lists.example.org/eu/ec/consolidated"},
	{"GB - HMT - Consolidated List of Financial Sanctions Targets", "gb-hmt-consolidated-list-of-financial-sanctions-targets", "sanction", "GB", "https://lists.example.org/gb/hmt/conlist"},
	{"CH - SECO - Consolidated Sanctions List", "ch-seco-consolidated-sanctions-list", "sanction", "CH", "https://lists.example.org/ch/seco"},
	{"UN - SC - Consolidated Sanctions", "un-sc-consolidated-sanctions", "sanction", "UN", "https://lists.example.org/un/sc/consolidated"},
	{"CA - GAC - Special Economic Measures", "ca-gac-special-economic-measures", "sanction", "CA", "https://lists.example.org/ca/gac/sema"},
	{"AU - DFAT - Consolidated List", "au-dfat-consolidated-list", "sanction", "AU", "https://lists.example.org/au/dfat"},
	{"JP - METI - End User List", "jp-meti-end-user-list", "warning", "JP", "https://lists.example.org/jp/meti/end-users"},
	{"UA - NSDC - State Sanctions Register", "ua-nsdc-state-sanctions-register", "sanction", "UA", "https://lists.example.org/ua/nsdc"},
	{"GB - FCA - Warning List", "gb-fca-warning-list", "warning", "GB", "https://lists.example.org/gb/fca/warnings"},
	{"US - SAM - Excluded Parties", "us-sam-excluded-parties", "fitness-probity", "US", "https://lists.example.org/us/sam/exclusions"},
	{"SG - MAS - Investor Alert List", "sg-mas-investor-alert-list", "warning", "SG", "https://lists.example.org/sg/mas/investor-alerts"},
	{"FR - DGT - National Asset Freezing Register", "fr-dgt-national-asset-freezing-register", "sanction", "FR", "https://lists.example.org/fr/dgt/gels"},
	{"INTERPOL - Red Notices", "interpol-red-notices", "warning", "INTERPOL", "https://lists.example.org/interpol/red"},
}

// colleagues are who dismissed and reviewed on Persona's side.
var colleagues = []string{"Ines Marwood", "Tomasz Gerlach", "Priya Venn", "Samuel Oduya", "Hedda Lindqvist"}

// excuses are why.
var excuses = []string{
	"Different date of birth, more than ten years apart.",
	"false positive",
	"Not the same person: the listed party is a resident of another country and of another age.",
	"Name only. Government ID shows a different birth year.",
	"Same surname, other given name. No further overlap.",
	"Other sex than our customer.",
}
