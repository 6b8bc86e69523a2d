package review

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Day is a day in UTC, counted from 1 January 1970.
type Day int64

// DayOf gives the day of an instant.
func DayOf(t time.Time) Day { return Day(math.Floor(float64(t.Unix()) / (24 * 60 * 60))) }

// Start is the first instant of the day.
func (d Day) Start() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// Monday is the first day of the day's week.
func (d Day) Monday() Day {
	since := (int64(d) + 3) % 7 // 1 January 1970 was a Thursday
	if since < 0 {
		since += 7
	}
	return d - Day(since)
}

// DaySpan is some days: From is in, To is out.
type DaySpan struct{ From, To Day }

// Insights is what happened in some days, counted from the record as it stands now. No part of it is
// about one colleague.
type Insights struct {
	Days    DaySpan
	Newest  EntryID // the newest entry that was there
	Weeks   []WeekOf
	Opened  int // reviews
	Decided int // reviews whose first decision took effect
	Left    int // reviews that Persona moved on
	Took    []TookOf
	Kinds   []FoundOf
	Lists   []FoundOf
	All     FoundOf
	Missing []MissingOf
	Record  RecordOf
	Answers []AnswersOf
}

// WeekOf is one week, cut where the days begin or end.
type WeekOf struct {
	DaySpan
	Opened, Decided, Left int
}

// TookOf is how long reviews waited for their decision, of one kind of report.
type TookOf struct {
	Kind          ReportKind // "" with NoMatch false: of all
	NoMatch       bool       // of reviews without a finding
	N             int
	P50, P75, P95 time.Duration
	Over          Share // waited longer than the target of the policy that they were decided under
}

// All says that the row is of all reviews.
func (t TookOf) All() bool { return t.Kind == "" && !t.NoMatch }

// FoundOf counts the findings that hold, of one kind of report or one list.
type FoundOf struct {
	Key                                     string
	FalsePositives, TrueMatches, CannotTell int
}

// N is how many matches have a finding.
func (f FoundOf) N() int { return f.FalsePositives + f.TrueMatches + f.CannotTell }

// Share is that of the false positives.
func (f FoundOf) Share() Share { return Share{f.FalsePositives, f.N()} }

// add counts n findings.
func (f *FoundOf) add(finding Finding, n int) {
	switch finding {
	case FalsePositive:
		f.FalsePositives += n
	case TrueMatch:
		f.TrueMatches += n
	case CannotTell:
		f.CannotTell += n
	}
}

// MissingOf counts the findings "cannot tell" for which a fact was missing.
type MissingOf struct {
	Fact         Asked
	Ours, Theirs int // on our side, on the listed party's
	Findings     int // on either
}

// Asked is a fact without its side.
type Asked string

const (
	AskedBirthdate  Asked = "birthdate"
	AskedBirthday   Asked = "birthday"
	AskedCountry    Asked = "country"
	AskedSex        Asked = "sex"
	AskedName       Asked = "name"
	AskedIdentifier Asked = "identifier"
	AskedDetails    Asked = "details"
	AskedOther      Asked = "other"
)

// Askeds lists every value.
func Askeds() []Asked {
	return []Asked{AskedBirthdate, AskedBirthday, AskedCountry, AskedSex, AskedName, AskedIdentifier, AskedDetails, AskedOther}
}

// Asked is the fact without its side; what the note names is "other".
func (f Fact) Asked() Asked {
	switch f {
	case FactBirthdateSubject, FactBirthdateMatch:
		return AskedBirthdate
	case FactBirthdaySubject, FactBirthdayMatch:
		return AskedBirthday
	case FactCountrySubject, FactCountryMatch:
		return AskedCountry
	case FactSexSubject, FactSexMatch:
		return AskedSex
	case FactNameSubject:
		return AskedName
	case FactIdentifierSubject, FactIdentifierMatch:
		return AskedIdentifier
	case FactDetails:
		return AskedDetails
	}
	return AskedOther
}

// RecordOf is what became of the decisions that were made: they add up to the lines of the list of
// decisions in these days.
type RecordOf struct {
	First       int // first decisions that took effect
	Corrections int // corrections that took effect
	Waiting     int // for a second person
	Returned    int // sent back by one
	Moved       int // gone back because the evidence moved
}

// N is all of them.
func (r RecordOf) N() int { return r.First + r.Corrections + r.Waiting + r.Returned + r.Moved }

// AnswersOf counts how second persons answered decisions of one reason.
type AnswersOf struct {
	Reason                    Reason
	Approved, Returned, Moved int
}

// Share is that of the decisions that were sent back, of those that a second person answered.
func (a AnswersOf) Share() Share { return Share{a.Returned, a.Approved + a.Returned} }

// What a store counts.
type (
	// DayCount is how many one day has.
	DayCount struct {
		Day Day
		N   int
	}
	// Decided is one decided review.
	Decided struct {
		At    time.Time // when its first decision took effect
		Took  time.Duration
		Over  bool         // that is longer than the target of the policy that it was decided under
		Kinds []ReportKind // in which it had findings
	}
	// FoundCount is how many findings of one sort hold.
	FoundCount struct {
		Key     string
		Finding Finding
		N       int
	}
	// MissingCount is how many findings lacked just these facts.
	MissingCount struct {
		Facts []Fact
		N     int
	}
	// AnswerCount is how many decisions of one reason were answered so.
	AnswerCount struct {
		Reason Reason
		Answer Answer
		N      int
	}
)

// InsightCounts is what a store counted in some days.
type InsightCounts struct {
	Days         DaySpan
	Newest       EntryID
	Opened, Left []DayCount
	Decided      []Decided
	Kinds, Lists []FoundCount
	Missing      []MissingCount
	Record       RecordOf
	Answers      []AnswerCount
}

// Insights works out what the counts say.
func (c InsightCounts) Insights() Insights {
	in := Insights{Days: c.Days, Newest: c.Newest, Weeks: weeksOf(c.Days), Record: c.Record, Decided: len(c.Decided)}
	for _, d := range c.Opened {
		in.Opened += d.N
		in.week(d.Day).Opened += d.N
	}
	for _, d := range c.Left {
		in.Left += d.N
		in.week(d.Day).Left += d.N
	}
	for _, d := range c.Decided {
		in.week(DayOf(d.At)).Decided++
	}
	in.Took = tookOf(c.Decided)
	in.Kinds, in.Lists = foundOf(c.Kinds), foundOf(c.Lists)
	for _, f := range c.Kinds {
		in.All.add(f.Finding, f.N)
	}
	in.Missing = missingOf(c.Missing)
	in.Answers = answersOf(c.Answers)
	return in
}

// weeksOf cuts days into weeks that begin on Mondays.
func weeksOf(s DaySpan) []WeekOf {
	var weeks []WeekOf
	for from := s.From; from < s.To; {
		to := min(from.Monday()+7, s.To)
		weeks = append(weeks, WeekOf{DaySpan: DaySpan{from, to}})
		from = to
	}
	return weeks
}

// week is the one that a day of the span is in.
func (in *Insights) week(d Day) *WeekOf {
	return &in.Weeks[int(d.Monday()-in.Days.From.Monday())/7]
}

// tookOf gives all first, then each kind, those with most decisions first, then those without a
// finding. A review counts in every kind in which it had findings.
func tookOf(decided []Decided) []TookOf {
	all := &waited{took: make([]time.Duration, 0, len(decided))}
	bare, by := &waited{}, map[ReportKind]*waited{}
	for _, d := range decided {
		all.add(d)
		for _, k := range d.Kinds {
			if by[k] == nil {
				by[k] = &waited{}
			}
			by[k].add(d)
		}
		if len(d.Kinds) == 0 {
			bare.add(d)
		}
	}
	var kinds []TookOf
	for k, w := range by {
		kinds = append(kinds, w.of(TookOf{Kind: k}))
	}
	slices.SortFunc(kinds, func(x, y TookOf) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Kind, y.Kind)) })
	kinds = slices.Insert(kinds, 0, all.of(TookOf{}))
	if len(bare.took) > 0 {
		kinds = append(kinds, bare.of(TookOf{NoMatch: true}))
	}
	return kinds
}

// waited is how long some reviews did, and how many of them too long.
type waited struct {
	took []time.Duration
	over int
}

func (w *waited) add(d Decided) {
	w.took = append(w.took, d.Took)
	if d.Over {
		w.over++
	}
}

func (w *waited) of(t TookOf) TookOf {
	slices.Sort(w.took)
	t.N = len(w.took)
	t.P50, t.P75, t.P95 = Percentile(w.took, 50), Percentile(w.took, 75), Percentile(w.took, 95)
	t.Over = Share{w.over, t.N}
	return t
}

// Percentile is the smallest of sorted values that at least p of a hundred of them do not exceed: the
// nearest rank, always a value that was seen (type 1 of R. J. Hyndman and Y. Fan, Sample Quantiles in
// Statistical Packages, The American Statistician 50, 1996). Of no values it is 0.
func Percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// foundOf gathers counts by key, those with most findings first.
func foundOf(counts []FoundCount) []FoundOf {
	by := map[string]*FoundOf{}
	for _, c := range counts {
		f := by[c.Key]
		if f == nil {
			f = &FoundOf{Key: c.Key}
			by[c.Key] = f
		}
		f.add(c.Finding, c.N)
	}
	var found []FoundOf
	for _, f := range by {
		if f.N() > 0 {
			found = append(found, *f)
		}
	}
	slices.SortFunc(found, func(x, y FoundOf) int { return cmp.Or(cmp.Compare(y.N(), x.N()), cmp.Compare(x.Key, y.Key)) })
	return found
}

// missingOf gives the facts that were missing, most often first. One finding may lack several.
func missingOf(counts []MissingCount) []MissingOf {
	var missing []MissingOf
	for _, fact := range Askeds() {
		m := MissingOf{Fact: fact}
		for _, c := range counts {
			var ours, theirs, other bool
			for _, f := range c.Facts {
				switch {
				case f.Asked() != fact:
				case f.Ours():
					ours = true
				case fact == AskedOther:
					other = true // the note says on which side
				default:
					theirs = true
				}
			}
			if ours {
				m.Ours += c.N
			}
			if theirs {
				m.Theirs += c.N
			}
			if ours || theirs || other {
				m.Findings += c.N
			}
		}
		if m.Findings > 0 {
			missing = append(missing, m)
		}
	}
	slices.SortStableFunc(missing, func(x, y MissingOf) int { return cmp.Compare(y.Findings, x.Findings) })
	return missing
}

func answersOf(counts []AnswerCount) []AnswersOf {
	by := map[Reason]*AnswersOf{}
	for _, c := range counts {
		a := by[c.Reason]
		if a == nil {
			a = &AnswersOf{Reason: c.Reason}
			by[c.Reason] = a
		}
		switch c.Answer {
		case AnswerApprove:
			a.Approved += c.N
		case AnswerReturn:
			a.Returned += c.N
		case AnswerMoved:
			a.Moved += c.N
		}
	}
	var answers []AnswersOf
	for _, a := range by {
		answers = append(answers, *a)
	}
	slices.SortFunc(answers, func(x, y AnswersOf) int {
		return cmp.Or(cmp.Compare(y.Approved+y.Returned+y.Moved, x.Approved+x.Returned+x.Moved), cmp.Compare(x.Reason, y.Reason))
	})
	return answers
}
