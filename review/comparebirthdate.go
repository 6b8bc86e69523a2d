package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The rules that may speak for a birth date, of several the earlier one.
const (
	ruleBirthdateDay        = "birthdate-day"         // the same day
	ruleBirthdateMonth      = "birthdate-month"       // the same month, and one side or both give no day
	ruleBirthdateYear       = "birthdate-year"        // the same year, and one side or both give no more
	ruleBirthdateRange      = "birthdate-range"       // a range that holds the other date
	ruleBirthdateCirca      = "birthdate-circa"       // within two years of an approximate date
	ruleBirthdateSwapped    = "birthdate-swapped"     // day and month exchanged
	ruleBirthdateNewYear    = "birthdate-new-year"    // 1 January beside another day of the year
	ruleBirthdateNextYear   = "birthdate-next-year"   // one year apart
	ruleBirthdateApart      = "birthdate-apart"       // they cannot be one
	ruleBirthdateDiedBefore = "birthdate-died-before" // the party died before our subject was born
	ruleBirthdateDoubtful   = "birthdate-doubtful"    // given, but nothing follows from it
	ruleBirthdateUnread     = "birthdate-unread"      // given, but no date that can be read
)

var birthdateRules = []string{ruleBirthdateDay, ruleBirthdateMonth, ruleBirthdateYear, ruleBirthdateRange, ruleBirthdateCirca,
	ruleBirthdateSwapped, ruleBirthdateNewYear, ruleBirthdateNextYear, ruleBirthdateApart}

// newYearWords: registers that hold no more than a year often write its first day.
const newYearWords = "1 January often means that only the year is known."

// afterDeath is the doubt about a birth date after the same party's death.
const afterDeath = "after the listed party died"

// meeting is how two birth dates stand to each other.
type meeting struct {
	verdict Verdict
	rule    string
	words   string
	apart   int // calendar years, of a conflict
}

// compareBirthdates compares at the coarser precision of the two sides; of several dates the
// nearest one speaks and stands first. A date that cannot be right is shown, and gives no verdict.
func compareBirthdates(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeBirthdate, Spoke: -1}
	var mine, theirs birthdates
	if s.Birthdate != (Birthdate{}) {
		mine = weigh([]Birthdate{s.Birthdate}, func(b birthspan) string { return b.doubt(s.AsOf) })
	}
	deaths := weigh(m.Deathdates, func(b birthspan) string { return b.doubt(s.AsOf) })
	last := deaths.lastDay()
	office := firstOffice(m.Positions)
	theirs = weigh(m.Birthdates, func(b birthspan) string {
		switch {
		case last != 0 && b.first > last:
			return afterDeath
		case office != 0 && b.first > office:
			return "after the listed party took office"
		}
		return b.doubt(s.AsOf)
	})
	if len(deaths.usable) > 0 && len(theirs.usable) == 0 && theirs.buried {
		last = 0 // every birth date lies after it: either may be the wrong one
	}
	c.Notes = append(append(c.Notes, mine.doubts...), theirs.doubts...)
	c.meetBirthdates(mine, theirs)
	if len(mine.usable) > 0 && last != 0 && mine.usable[0].first > last {
		c.diedBefore(deaths)
	}
	return c
}

// meetBirthdates lets the nearest pair speak.
func (c *Comparison) meetBirthdates(mine, theirs birthdates) {
	c.Subject = mine.sides(-1)
	if len(mine.usable) == 0 || len(theirs.usable) == 0 {
		c.Match = theirs.sides(-1)
		c.missingBirthdate(mine, theirs)
		return
	}
	ours := mine.usable[0]
	best, spoke, against := ours.meet(theirs.usable[0]), 0, 0
	for i, b := range theirs.usable {
		next := ours.meet(b)
		if next.nearer(best) {
			best, spoke = next, i
		}
		if next.verdict == Conflict {
			against++
		}
	}
	c.Verdict, c.Rule, c.Words, c.Apart = best.verdict, best.rule, best.words, best.apart
	c.Match = theirs.sides(spoke)
	if n := len(theirs.usable); n > 1 {
		note := fmt.Sprintf("The list gives %d birth dates; the nearest one speaks.", n)
		if best.verdict != Conflict && against > 0 {
			note = fmt.Sprintf("The list gives %d birth dates; the nearest one speaks, and %d of them would conflict.", n, against)
		}
		c.Notes = append(c.Notes, note)
	}
	if best.rule != ruleBirthdateNewYear && (ours.newYear() || theirs.usable[spoke].newYear()) {
		c.Notes = append(c.Notes, newYearWords)
	}
}

// missingBirthdate words that a side has no date to compare: none, none that can be read, or none
// that can be right.
func (c *Comparison) missingBirthdate(mine, theirs birthdates) {
	switch {
	case !mine.given() && !theirs.given():
	case !theirs.given() || len(mine.usable) > 0:
		c.Verdict, c.Rule, c.Words = MissingMatch, ruleMissing, "The list gives no birth date."
		if theirs.given() {
			c.Rule, c.Words = ruleBirthdateUnread, "The list's birth date cannot be read as a date; compare it by eye."
			if len(theirs.doubtful) > 0 {
				c.Rule, c.Words = ruleBirthdateDoubtful, "The list's birth date is doubtful: nothing follows from it."
			}
		}
	default:
		c.Verdict, c.Rule, c.Words = MissingSubject, ruleMissing, "The list gives a birth date; ours is unknown."
		if mine.given() {
			c.Rule, c.Words = ruleBirthdateUnread, "Our birth date cannot be read as a date; compare it by eye."
			if len(mine.doubtful) > 0 {
				c.Rule, c.Words = ruleBirthdateDoubtful, "Our birth date is doubtful: nothing follows from it."
			}
		}
	}
}

// diedBefore says that the party died before our subject was born. Birth dates that conflict speak
// first: they can be counted.
func (c *Comparison) diedBefore(deaths birthdates) {
	last := slices.MaxFunc(deaths.usable, func(a, b birthspan) int { return cmp.Compare(a.last, b.last) })
	words := fmt.Sprintf("The listed party died in %d, before our subject was born.", last.lastYear())
	for _, d := range deaths.usable {
		c.Match = append(c.Match, Side{d.String(), "died"})
	}
	if c.Verdict == Conflict {
		c.Also, c.Notes = append(c.Also, ruleBirthdateDiedBefore), append(c.Notes, words)
		return
	}
	c.Verdict, c.Rule, c.Words, c.Apart = Conflict, ruleBirthdateDiedBefore, words, 0
}

// meet compares our date with one of the list's.
func (b birthspan) meet(theirs birthspan) meeting {
	apart := max(theirs.from.Year-b.lastYear(), b.from.Year-theirs.lastYear(), 0)
	days := b.exact == toTheDay && theirs.exact == toTheDay
	approximate := b.Circa || theirs.Circa
	conflict := func(words string) meeting { return meeting{Conflict, ruleBirthdateApart, words, apart} }
	switch {
	case b.first <= theirs.last && theirs.first <= b.last:
		return b.meetWithin(theirs)
	case approximate && apart <= 2:
		return meeting{Close, ruleBirthdateCirca, "Within two years of an approximate date.", 0}
	case approximate:
		return conflict(fmt.Sprintf("Born %d years apart.", apart))
	case days && apart == 0 && b.from.Day == theirs.from.Month && b.from.Month == theirs.from.Day:
		return meeting{Close, ruleBirthdateSwapped, "Day and month are swapped.", 0}
	case apart == 0 && (b.mayBeSwapped(theirs) || theirs.mayBeSwapped(b)):
		return meeting{Close, ruleBirthdateSwapped, "Day and month may be swapped: one side gives no day.", 0}
	case apart == 0 && (b.newYear() || theirs.newYear()):
		return meeting{Close, ruleBirthdateNewYear, "Year agrees; " + newYearWords, 0}
	case apart == 1 && (!days || b.newYear() || theirs.newYear() || b.from.Month == theirs.from.Month && b.from.Day == theirs.from.Day):
		return meeting{Close, ruleBirthdateNextYear, "One year apart; Persona's default search allows it.", 0}
	case apart > 1:
		return conflict(fmt.Sprintf("Born %d years apart.", apart))
	case apart == 1:
		return conflict("One year apart, on another day.")
	case days:
		return conflict("Same year, another day of birth.")
	case b.exact == aRange || theirs.exact == aRange:
		return conflict("The range does not hold the other date.")
	}
	return conflict("Same year, another month of birth.")
}

// meetWithin words two dates that can be one. They agree when neither is more exact than the
// other, and are compatible otherwise: a year in common is not yet a day in common.
func (b birthspan) meetWithin(theirs birthspan) meeting {
	same := b.first == theirs.first && b.last == theirs.last && b.Circa == theirs.Circa
	less := "the list gives"
	if b.exact > theirs.exact {
		less = "we know"
	}
	switch coarser := max(b.exact, theirs.exact); {
	case (b.Circa || theirs.Circa) && same:
		return meeting{Agree, ruleBirthdateCirca, "The same approximate date.", 0}
	case b.Circa || theirs.Circa:
		return meeting{Close, ruleBirthdateCirca, "Within two years of an approximate date.", 0}
	case coarser == toTheDay:
		return meeting{Agree, ruleBirthdateDay, "Same day of birth.", 0}
	case coarser == toTheMonth && same:
		return meeting{Agree, ruleBirthdateMonth, "Same month of birth; neither side gives the day.", 0}
	case coarser == toTheMonth:
		return meeting{Close, ruleBirthdateMonth, "Year and month agree; " + less + " no day.", 0}
	case coarser == toTheYear && same:
		return meeting{Agree, ruleBirthdateYear, "Same year of birth; neither side gives more.", 0}
	case coarser == toTheYear:
		return meeting{Close, ruleBirthdateYear, "Year agrees; " + less + " only a year.", 0}
	case same:
		return meeting{Agree, ruleBirthdateRange, "The same range of dates.", 0}
	}
	return meeting{Close, ruleBirthdateRange, "The dates can be one: " + less + " a range.", 0}
}

// nearer says that a meeting speaks before another.
func (m meeting) nearer(than meeting) bool {
	return cmp.Or(cmp.Compare(slices.Index(Verdicts(), m.verdict), slices.Index(Verdicts(), than.verdict)),
		cmp.Compare(slices.Index(birthdateRules, m.rule), slices.Index(birthdateRules, than.rule)), cmp.Compare(m.apart, than.apart)) < 0
}

// firstOffice is the last day of which the earliest office may have begun, as YYYYMMDD; 0 when
// none is told.
func firstOffice(ps []Position) int {
	first := 0
	for _, p := range ps {
		if d := leadingDate(p.Start); d.Year != 0 && (first == 0 || d.last() < first) {
			first = d.last()
		}
	}
	return first
}

// leadingDate reads YYYY, YYYY-MM or YYYY-MM-DD at the front of a text.
func leadingDate(s string) PartialDate {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if len(s) < len(layout) {
			continue
		}
		if t, err := time.Parse(layout, s[:len(layout)]); err == nil {
			d := PartialDate{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
			if len(layout) < len("2006-01") {
				d.Month = 0
			}
			if len(layout) < len(time.DateOnly) {
				d.Day = 0
			}
			return d
		}
	}
	return PartialDate{}
}
