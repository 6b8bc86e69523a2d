package review_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// oracle says from plain values what becomes of a premise.
type oracle struct {
	version string
	subject review.Subject
	matches []review.Match
}

func (o oracle) String() string {
	s := fmt.Sprintf("ours: %s, born %s, %v, %s, %v, %s\n", o.subject.FullName(), o.subject.Birthdate, o.subject.Countries, o.subject.Sex, o.subject.Identifiers, o.subject.Kind)
	for _, m := range o.matches {
		s += fmt.Sprintf("theirs: %v, born %v, died %v, %v, %v, %v, %s\n", m.Names, m.Birthdates, m.Deathdates, m.Countries, m.Sexes, m.Identifiers, m.Party)
	}
	return s
}

// judged says that the finding was on a match of this party.
func (o oracle) judged(earlier []review.Disposition) bool {
	return slices.ContainsFunc(earlier, func(d review.Disposition) bool {
		return slices.ContainsFunc(o.matches, func(m review.Match) bool { return o.was(d, m) })
	})
}

// was says that a finding was on a match: this one, or the same one of an earlier report on someone
// of this name.
func (o oracle) was(d review.Disposition, m review.Match) bool {
	return m.Key == d.Match || m.Identity == d.Identity && d.Note == o.subject.FullName()
}

// unseen are the open matches that the finding was not about.
func (o oracle) unseen(earlier []review.Disposition) []review.MatchKey {
	var keys []review.MatchKey
	for _, m := range o.matches {
		seen := slices.ContainsFunc(earlier, func(d review.Disposition) bool { return o.was(d, m) })
		if !seen && !m.Dismissed {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

func (o oracle) standing(p review.Premise) review.Standing {
	switch p.Kind {
	case review.PremiseYearsApart, review.PremiseDaysApart:
		return o.births(p)
	case review.PremiseDiedBefore:
		return o.death()
	case review.PremiseCountriesApart:
		return o.countries()
	case review.PremiseSexApart:
		return o.sex()
	case review.PremiseKindApart:
		return o.kind()
	case review.PremiseFamilyNameApart, review.PremiseNameApart:
		return o.names(p)
	case review.PremiseIdentifierApart:
		return o.numbers()
	}
	return review.Untestable
}

func holdsIf(yes bool) review.Standing {
	if yes {
		return review.Holds
	}
	return review.Broken
}

// days are the first and the last day that a date may mean, counted from 1970. An approximate one
// may lie some calendar years off.
func days(b review.Birthdate, off int) (first, last int) {
	from := time.Date(b.From.Year, time.Month(max(b.From.Month, 1)), max(b.From.Day, 1), 0, 0, 0, 0, time.UTC)
	end := from.AddDate(1, 0, 0)
	switch {
	case !b.To.IsZero():
		end = time.Date(b.To.Year+1, 1, 1, 0, 0, 0, 0, time.UTC)
	case b.From.Day != 0:
		end = from.AddDate(0, 0, 1)
	case b.From.Month != 0:
		end = from.AddDate(0, 1, 0)
	}
	if b.Circa {
		from, end = from.AddDate(-off, 0, 0), end.AddDate(off, 0, 0)
	}
	return int(from.Unix() / 86400), int(end.Unix()/86400) - 1
}

func yearOf(day int) int { return time.Unix(int64(day)*86400, 0).UTC().Year() }

// yearsBetween is the least number of calendar years that two dates may lie apart.
func yearsBetween(a, b review.Birthdate) int {
	af, al := days(a, 0)
	bf, bl := days(b, 0)
	return max(yearOf(af)-yearOf(bl), yearOf(bf)-yearOf(al), 0)
}

// canBeOne says that the two dates may be of one birth, with the slips that registers make.
func canBeOne(version string, a, b review.Birthdate) bool {
	af, al := days(a, 0)
	bf, bl := days(b, 0)
	if af <= bl && bf <= al {
		return true
	}
	exact := func(d review.Birthdate) bool { return d.From.Day != 0 && !d.Circa }
	apart := yearsBetween(a, b)
	if a.Circa || b.Circa {
		return apart <= 2
	}
	switch both := exact(a) && exact(b); {
	case apart == 0 && both && a.From.Day == b.From.Month && a.From.Month == b.From.Day:
		return true // day and month exchanged
	case apart == 1 && (!both || a.From.Month == b.From.Month && a.From.Day == b.From.Day):
		return true // a year off
	case version == "2":
		return false // what follows it does not know
	case apart == 0 && (exact(a) && b.From.Day == 0 && b.To.IsZero() && a.From.Day == b.From.Month || exact(b) && a.From.Day == 0 && a.To.IsZero() && b.From.Day == a.From.Month):
		return true // exchanged, as far as is told
	}
	newYear := func(d review.Birthdate) bool { return d.From.Month == 1 && d.From.Day == 1 }
	return apart <= 1 && (newYear(a) || newYear(b)) // likely no more than a year
}

func (o oracle) births(p review.Premise) review.Standing {
	var theirs []review.Birthdate
	var died []review.Birthdate
	for _, m := range o.matches {
		for _, b := range m.Birthdates {
			if b.From.Year != 0 {
				theirs = append(theirs, b)
			}
		}
		died = append(died, m.Deathdates...)
	}
	if o.version != "2" && len(died) > 0 { // who was born after their own death was not: doubtful
		theirs = slices.DeleteFunc(theirs, func(b review.Birthdate) bool {
			return !slices.ContainsFunc(died, func(d review.Birthdate) bool { return earliest(b) <= latest(d) })
		})
	}
	if o.subject.Birthdate.From.Year == 0 || len(theirs) == 0 {
		return review.Untestable
	}
	least := 1000
	for _, b := range theirs {
		if canBeOne(o.version, o.subject.Birthdate, b) {
			return review.Broken
		}
		least = min(least, yearsBetween(o.subject.Birthdate, b))
	}
	return holdsIf(p.Kind == review.PremiseDaysApart || least >= p.Amount)
}

func earliest(b review.Birthdate) int {
	first, _ := days(b, 0)
	return first
}

func latest(death review.Birthdate) int {
	_, last := days(death, 2)
	return last
}

func (o oracle) death() review.Standing {
	var deaths, births []review.Birthdate
	for _, m := range o.matches {
		deaths = append(deaths, m.Deathdates...)
		births = append(births, m.Birthdates...)
	}
	births = slices.DeleteFunc(births, func(b review.Birthdate) bool { return b.From.Year == 0 })
	if len(deaths) == 0 || o.subject.Birthdate.From.Year == 0 {
		return review.Untestable
	}
	last := latest(deaths[0])
	for _, d := range deaths {
		last = max(last, latest(d))
	}
	allAfter := len(births) > 0
	for _, b := range births {
		allAfter = allAfter && earliest(b) > last
	}
	return holdsIf(earliest(o.subject.Birthdate) > last && !allAfter) // a life that ends before it begins proves nothing
}

func (o oracle) countries() review.Standing {
	byTie, unread := [2]map[string][]string{{}, {}}, [2]map[string]bool{{}, {}}
	put := func(side int, c review.Country) {
		if c.Role == "list" {
			return
		}
		if byTie[side][c.Role] == nil {
			byTie[side][c.Role] = []string{}
		}
		if c.Code == "" {
			unread[side][c.Role] = true
		} else {
			byTie[side][c.Role] = append(byTie[side][c.Role], c.Code)
		}
	}
	for _, c := range o.subject.Countries {
		put(0, c)
	}
	for _, m := range o.matches {
		for _, c := range m.Countries {
			put(1, c)
		}
	}
	if len(byTie[0]) == 0 || len(byTie[1]) == 0 {
		return review.Untestable
	}
	all := [2][]string{}
	for side := range 2 {
		for _, codes := range byTie[side] {
			all[side] = append(all[side], codes...)
		}
	}
	if slices.ContainsFunc(all[0], func(c string) bool { return slices.Contains(all[1], c) }) {
		return review.Broken
	}
	if o.version == "2" { // words count for nothing beside codes
		return o.countriesByCode(byTie)
	}
	for tie := range byTie[0] {
		_, both := byTie[1][tie]
		mayBe := unread[0][tie] || unread[1][tie] || unread[0][""] || unread[1][""]
		if both && tie != "" && !mayBe {
			return review.Holds
		}
	}
	if len(unread[0])+len(unread[1]) > 0 {
		return review.Untestable
	}
	_, ours := byTie[0][""]
	_, theirs := byTie[1][""]
	return holdsIf(ours || theirs)
}

func (o oracle) countriesByCode(byTie [2]map[string][]string) review.Standing {
	met, held := false, false
	for a, codes := range byTie[0] {
		for b, others := range byTie[1] {
			if len(codes) > 0 && len(others) > 0 {
				met, held = true, held || a == b || a == "" || b == ""
			}
		}
	}
	if !met {
		return review.Untestable
	}
	return holdsIf(held)
}

func (o oracle) sex() review.Standing {
	said := map[string]bool{}
	for _, m := range o.matches {
		for _, s := range m.Sexes {
			said[s] = true
		}
	}
	if o.subject.Sex == "" || len(said) == 0 {
		return review.Untestable
	}
	return holdsIf(!said[o.subject.Sex])
}

func (o oracle) kind() review.Standing {
	said := map[review.PartyKind]bool{}
	for _, m := range o.matches {
		said[m.Party] = true
	}
	delete(said, review.PartyUnknown)
	if len(said) != 1 || o.subject.Kind == review.PartyUnknown { // lists that contradict each other say nothing
		return review.Untestable
	}
	return holdsIf(!said[o.subject.Kind])
}

// names counts parts that are others, by place: every name here has three, none a spelling of another.
func (o oracle) names(p review.Premise) review.Standing {
	parts := func(s string) []string {
		if family, given, ok := strings.Cut(strings.ToLower(s), ", "); ok {
			s = given + " " + family
		}
		return strings.Fields(strings.ToLower(s))
	}
	ours := parts(o.subject.FullName())
	any, family, best := false, false, 4
	for _, m := range o.matches {
		for _, n := range m.Names {
			theirs := parts(n.Value)
			others := 0
			for i := range theirs {
				if theirs[i] != ours[i] {
					others++
				}
			}
			same := theirs[2] == ours[2]
			switch {
			case same && !family: // one that shares the family name stands nearer than any that does not
				family, best = true, others
			case same == family:
				best = min(best, others)
			}
			any = true
		}
	}
	switch {
	case !any:
		return review.Untestable
	case p.Kind == review.PremiseFamilyNameApart:
		return holdsIf(!family && best >= p.Amount)
	}
	return holdsIf(best >= p.Amount)
}

func (o oracle) numbers() review.Standing {
	compared, same := false, false
	for _, m := range o.matches {
		for _, a := range o.subject.Identifiers {
			for _, b := range m.Identifiers {
				if a.Type == b.Type && a.Country == b.Country {
					compared, same = true, same || a.Value == b.Value
				}
			}
		}
	}
	if !compared {
		return review.Untestable
	}
	return holdsIf(!same)
}
