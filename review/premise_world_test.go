package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"docket/review"
)

// world is a subject and a listed party, as lists of plain values.
type world struct {
	rng     *rand.Rand
	subject review.Subject
	lists   []review.Match
	shuffle bool
	alone   bool // one list and one birth date: of several dates version 2 counts by the first that comes
	kinds   bool // our kind moves too: names of vessels are read in another way, so that none is judged by name
	serial  int
}

func newWorld(rng *rand.Rand, alone bool) *world {
	w := &world{rng: rng, subject: orlan(), alone: alone, kinds: rng.IntN(4) == 0}
	w.subject.Birthdate = w.date(1950)
	w.subject.Countries, w.subject.Identifiers = w.ties(1+rng.IntN(2)), w.numbers()
	w.addList()
	if !alone && rng.IntN(2) == 0 {
		w.addList()
	}
	return w
}

func choose[T any](rng *rand.Rand, of ...T) T { return of[rng.IntN(len(of))] }

// date is a date of one of twelve years at some precision; few enough that dates meet often.
func (w *world) date(from int) review.Birthdate {
	y, m, d := from+w.rng.IntN(12), choose(w.rng, 1, 3, 4, 9), choose(w.rng, 1, 3, 4, 9, 14)
	switch w.rng.IntN(8) {
	case 0:
		return born(y, 0, 0)[0]
	case 1:
		return born(y, m, 0)[0]
	case 2:
		return review.Birthdate{From: review.PartialDate{Year: y}, To: review.PartialDate{Year: y + 2}}
	case 3:
		return review.Birthdate{From: review.PartialDate{Year: y}, Circa: true}
	}
	return born(y, m, d)[0]
}

func (w *world) ties(n int) []review.Country {
	var all []review.Country
	for range n {
		c := review.Country{Code: choose(w.rng, "KZ", "BR", "JP", "NG"), Role: choose(w.rng, "citizenship", "citizenship", "residence", "")}
		if w.rng.IntN(12) == 0 {
			c.Code, c.Name = "", "beyond the hills"
		}
		all = append(all, c)
	}
	return all
}

func (w *world) numbers() []review.Identifier {
	return []review.Identifier{{Type: choose(w.rng, "passport", "national id"), Value: choose(w.rng, "N7720414", "A1192288"), Country: choose(w.rng, "KZ", "KZ", "BR")}}
}

func (w *world) name() string {
	n := []string{choose(w.rng, "Orlan", "Bektur", "Tomasz"), choose(w.rng, "Temur", "Quentin", "Bartek"), choose(w.rng, "Kasymbek", "Brunnhof", "Loughmoor")}
	if w.rng.IntN(3) == 0 {
		return strings.ToUpper(n[2]) + ", " + n[0] + " " + n[1]
	}
	return strings.Join(n, " ")
}

// addList puts the party on one more list. What names it keeps the lists together.
func (w *world) addList() {
	w.serial++
	m := review.Match{Key: review.MatchKey(fmt.Sprint("m-", w.serial)), EntityID: "E1", Kind: review.KindPEP, Party: review.PartyPerson, Names: names(w.name())}
	m.Identity = "identity " + string(m.Key)
	if w.rng.IntN(2) == 0 {
		m.Birthdates = []review.Birthdate{w.date(1950)}
	}
	if w.rng.IntN(3) == 0 {
		m.Sexes = []string{choose(w.rng, "male", "female")}
	}
	if w.rng.IntN(2) == 0 {
		m.Countries = w.ties(1)
	}
	if w.rng.IntN(3) == 0 {
		m.Identifiers = w.numbers()
	}
	if w.rng.IntN(4) == 0 {
		m.Party = choose(w.rng, review.PartyVessel, review.PartyUnknown)
	}
	if len(m.Birthdates) == 0 && w.rng.IntN(3) == 0 {
		m.Deathdates = []review.Birthdate{w.date(1940)}
	}
	w.lists = append(w.lists, m)
}

// change does one thing to one field of one side, and says what.
func (w *world) change() string {
	m := &w.lists[w.rng.IntN(len(w.lists))]
	changes := []struct {
		name string
		do   func()
	}{
		{"our birth date", func() { w.subject.Birthdate = w.date(1950) }},
		{"our birth date gone", func() { w.subject.Birthdate = review.Birthdate{} }},
		{"our countries", func() { w.subject.Countries = w.ties(w.rng.IntN(3)) }},
		{"our sex", func() { w.subject.Sex = choose(w.rng, "male", "female", "") }},
		{"our numbers", func() { w.subject.Identifiers = w.numbers() }},
		{"our numbers gone", func() { w.subject.Identifiers = nil }},
		{"our kind", func() {
			if w.kinds {
				w.subject.Kind = choose(w.rng, review.PartyPerson, review.PartyUnknown)
			}
		}},
		{"our name", func() { w.subject.Last = choose(w.rng, "Kasymbek", "Brunnhof") }},
		{"their birth date", func() { m.Birthdates = []review.Birthdate{w.date(1950)} }},
		{"their year", func() {
			if len(m.Birthdates) > 0 && m.Birthdates[0].From.Year != 0 {
				m.Birthdates = slices.Clone(m.Birthdates)
				b := &m.Birthdates[0]
				by := choose(w.rng, -2, -1, 1, 2)
				if b.From.Year += by; !b.To.IsZero() {
					b.To.Year += by
				}
			}
		}},
		{"their date in our year", func() {
			b := w.date(w.subject.Birthdate.From.Year)
			if b.From.Year = w.subject.Birthdate.From.Year; b.To.IsZero() && b.From.Year != 0 {
				m.Birthdates = []review.Birthdate{b}
			}
		}},
		{"their precision", func() {
			if len(m.Birthdates) > 0 && m.Birthdates[0].From.Year != 0 {
				m.Birthdates = slices.Clone(m.Birthdates)
				m.Birthdates[0].From.Day, m.Birthdates[0].From.Month = 0, choose(w.rng, 0, m.Birthdates[0].From.Month)
			}
		}},
		{"a second date", func() {
			if !w.alone || len(m.Birthdates) == 0 {
				m.Birthdates = append(slices.Clone(m.Birthdates), w.date(1950))
			}
		}},
		{"their dates gone", func() { m.Birthdates = nil }},
		{"their dates in words", func() { m.Birthdates = []review.Birthdate{{Raw: "in the fifties"}} }},
		{"their countries", func() { m.Countries = w.ties(1) }},
		{"a second country", func() { m.Countries = append(slices.Clone(m.Countries), w.ties(1)...) }},
		{"their countries gone", func() { m.Countries = nil }},
		{"who lists them", func() {
			m.Countries = append(slices.Clone(m.Countries), review.Country{Code: "US", Role: "list"})
		}},
		{"their sex", func() { m.Sexes = []string{choose(w.rng, "male", "female")} }},
		{"a second sex", func() { m.Sexes = append(slices.Clone(m.Sexes), choose(w.rng, "male", "female")) }},
		{"their sex gone", func() { m.Sexes = nil }},
		{"their kind", func() {
			kind := choose(w.rng, review.PartyPerson, review.PartyPerson, review.PartyVessel, review.PartyUnknown)
			for i := range w.lists {
				w.lists[i].Party = kind
			}
		}},
		{"asked anew in other reports", func() {
			for i := range w.lists {
				w.lists[i].Key += "'"
			}
		}},
		{"their numbers", func() { m.Identifiers = w.numbers() }},
		{"their numbers gone", func() { m.Identifiers = nil }},
		{"their death", func() { m.Deathdates = []review.Birthdate{w.date(1940)} }},
		{"their death gone", func() { m.Deathdates = nil }},
		{"an alias", func() { m.Names = append(slices.Clone(m.Names), review.Name{Value: w.name(), Type: "aka"}) }},
		{"their name", func() { m.Names = names(w.name()) }},
		{"their names gone", func() { m.Names = nil }},
		{"one more list", func() {
			if len(w.lists) < 4 && !w.alone {
				w.addList()
			}
		}},
		{"one list less", func() {
			if len(w.lists) > 1 {
				w.lists = slices.Delete(w.lists, 0, 1)
			}
		}},
		{"a dismissal at Persona", func() { m.Dismissed = !m.Dismissed }},
		{"the order of all lists", func() { w.shuffle = true }},
		{"an article", func() {
			m.Articles = append(slices.Clone(m.Articles), review.Article{Title: "A port opens", Date: "2026-01-02"})
		}},
		{"an office", func() {
			m.Positions = append(slices.Clone(m.Positions), review.Position{Title: "Harbour master", Start: fmt.Sprint(2001+w.rng.IntN(20), "-01-01")})
		}},
		{"a listing", func() {
			m.Listings = append(slices.Clone(m.Listings), review.Listing{Name: "Ports", Slug: fmt.Sprint("ports-", w.rng.IntN(9))})
		}},
	}
	c := changes[w.rng.IntN(len(changes))]
	c.do()
	return c.name
}

// dossier is what Persona would send of the world: two reports on one subject.
func (w *world) dossier() review.Dossier {
	s := w.subject
	known := review.Examined{Subject: s}
	s.Sex, s.Identifiers = "", nil // a report is seldom asked about these
	second := review.Ref{Type: screened.Type, ID: "rep_2"}
	reports := []review.Report{{Ref: screened, Kind: review.KindWatchlist, Subject: s}, {Ref: second, Kind: review.KindWatchlist, Subject: s}}
	for i, m := range w.lists {
		at := i % 2
		m.Report = reports[at].Ref
		if w.shuffle {
			shuffled(w.rng, &m.Names)
			shuffled(w.rng, &m.Birthdates)
			shuffled(w.rng, &m.Countries)
			shuffled(w.rng, &m.Sexes)
		}
		reports[at].Matches = append(reports[at].Matches, m)
	}
	if w.shuffle {
		shuffled(w.rng, &reports)
		for i := range reports {
			shuffled(w.rng, &reports[i].Matches)
		}
		shuffled(w.rng, &known.Subject.Countries)
		w.shuffle = false
	}
	return review.Dossier{Subject: known.Subject, Reports: reports}
}

func shuffled[T any](rng *rand.Rand, list *[]T) {
	*list = slices.Clone(*list)
	rng.Shuffle(len(*list), func(i, j int) { (*list)[i], (*list)[j] = (*list)[j], (*list)[i] })
}
