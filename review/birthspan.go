package review

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// exactness is how much a birth date tells, the most first.
type exactness int

const (
	toTheDay exactness = iota
	toTheMonth
	toTheYear
	aRange
)

// birthspan is a birth date made ready to be compared. A range that is just one month or one year
// (as Persona's screening writes them) is that month or year.
type birthspan struct {
	Birthdate
	from, to    PartialDate
	first, last int // the days that it may be, as YYYYMMDD
	exact       exactness
}

func spanOf(b Birthdate) birthspan {
	s := birthspan{Birthdate: b, from: b.From, to: b.From, first: b.From.first(), last: b.From.last()}
	if !b.To.IsZero() && b.To != b.From {
		s.to, s.first, s.last = b.To, min(s.first, b.To.first()), max(s.last, b.To.last())
		if b.To.last() < b.From.first() {
			s.from, s.to = b.To, b.From
		}
	}
	year, month := s.from.Year, max(s.from.Month, 1)
	switch wholeMonth := year*10000 + month*100; {
	case s.from == s.to && s.from.Day != 0:
		s.exact = toTheDay
	case s.first == wholeMonth+1 && s.last <= wholeMonth+31 && s.last >= wholeMonth+daysIn(year, month):
		s.exact, s.last = toTheMonth, wholeMonth+31
	case s.first == year*10000+101 && s.last == year*10000+1231:
		s.exact = toTheYear
	default:
		s.exact = aRange
	}
	return s
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// lastYear is the last year that the date may lie in.
func (b birthspan) lastYear() int { return b.last / 10000 }

// newYear says that the date is a 1 January.
func (b birthspan) newYear() bool { return b.exact == toTheDay && b.from.Month == 1 && b.from.Day == 1 }

// mayBeSwapped says that our day would be the other's month, of which no day is told.
func (b birthspan) mayBeSwapped(month birthspan) bool {
	return b.exact == toTheDay && month.exact == toTheMonth && b.from.Day == month.from.Month
}

// doubt says why a date cannot be right; "" when nothing speaks against it. asOf is when the
// report was made, zero when that is unknown.
func (b birthspan) doubt(asOf time.Time) string {
	switch {
	case b.last < 1900_00_00:
		return "before 1900"
	case !b.real(b.from) || !b.real(b.to):
		return "no such day"
	case !asOf.IsZero() && b.first > dayOf(asOf.Add(24*time.Hour)): // it may be tomorrow there already
		return "later than the report itself"
	}
	return ""
}

func (b birthspan) real(d PartialDate) bool {
	return d.Day <= daysIn(d.Year, max(d.Month, 1)) || d.Month == 0
}

func dayOf(t time.Time) int {
	y, m, d := t.UTC().Date()
	return y*10000 + int(m)*100 + d
}

// words says how exact a date is.
func (b birthspan) words() string {
	switch {
	case b.Circa:
		return "about"
	case b.exact == toTheDay:
		return "to the day"
	case b.exact == toTheMonth:
		return "to the month"
	case b.exact == toTheYear:
		return "to the year"
	}
	return "a range"
}

// birthdates are the dates of one side, apart by what they are good for, each once and in the
// order of time, so that the order of arrival does not count.
type birthdates struct {
	usable   []birthspan
	doubtful []birthspan
	unread   []Birthdate
	doubts   []string // in words
	buried   bool     // one is doubted for lying after the party's death
}

func weigh(all []Birthdate, doubt func(birthspan) string) birthdates {
	var d birthdates
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Birthdate) int {
		return cmp.Or(cmp.Compare(a.From.first(), b.From.first()), cmp.Compare(a.last(), b.last()), cmp.Compare(a.String(), b.String()),
			cmp.Compare(a.circa(), b.circa()))
	})
	for _, b := range slices.Compact(all) {
		if b.From.Year == 0 {
			if b.Raw != "" {
				d.unread = append(d.unread, b)
			}
			continue
		}
		s := spanOf(b)
		why := doubt(s)
		if why == "" {
			d.usable = append(d.usable, s)
			continue
		}
		d.doubtful = append(d.doubtful, s)
		d.doubts = append(d.doubts, fmt.Sprintf("%s is doubtful: %s.", b, why))
		d.buried = d.buried || why == afterDeath
	}
	return d
}

func (b Birthdate) circa() int {
	if b.Circa {
		return 1
	}
	return 0
}

func (d birthdates) given() bool { return len(d.usable)+len(d.doubtful)+len(d.unread) > 0 }

// lastDay is the latest of them as YYYYMMDD, 0 when there is none.
func (d birthdates) lastDay() int {
	last := 0
	for _, s := range d.usable {
		day := s.last
		if s.Circa {
			day += 2_00_00
		}
		last = max(last, day)
	}
	return last
}

// sides shows every date, the one that spoke first.
func (d birthdates) sides(spoke int) []Side {
	var out []Side
	for i, s := range d.usable {
		if side := (Side{s.String(), s.words()}); i == spoke {
			out = slices.Insert(out, 0, side)
		} else {
			out = append(out, side)
		}
	}
	for _, s := range d.doubtful {
		out = append(out, Side{s.String(), "doubtful"})
	}
	for _, b := range d.unread {
		out = append(out, Side{b.Raw, "as sent"})
	}
	return out
}
