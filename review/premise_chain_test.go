package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// The figures of the chains: each begins with a finding, and each run changes one field.
const (
	chains       = 600
	runsPerChain = 12
)

// What stood apart at the beginning stays folded or opens again exactly as its meaning says. The
// oracle below knows what a premise means; it knows nothing of rules, verdicts and rows.
func TestPremisesReopenAndStayFoldedOverChainsOfRuns(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2", review.ComparatorVersion} {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			count := map[string]int{}
			n := chains
			if version == "2" {
				n /= 2 // no premise was ever taken under it: it shows that frozen rules can be tested at all
			}
			for seed := range uint64(n) {
				walkChain(t, version, rand.New(rand.NewPCG(seed, 4)), count)
				if t.Failed() {
					t.Fatalf("chain %d", seed)
				}
			}
			t.Logf("version %s, %d chains of %d runs: %v", version, n, runsPerChain, count)
			for _, k := range review.PremiseKinds() {
				if k == review.PremiseOther || version == "2" && (k == review.PremiseIdentifierApart || k == review.PremiseDiedBefore) {
					continue // version 2 compares neither
				}
				for _, s := range review.Standings() {
					assert.GreaterOrEqual(t, count[string(k)+" "+string(s)], 5, "%s %s", k, s)
				}
			}
			for _, k := range []string{"folded", "opened", "new match", "findings stand", "findings lapse"} {
				if k != "new match" || version != "2" { // there the party is on one list alone
					assert.GreaterOrEqual(t, count[k], 100, k)
				}
			}
		})
	}
}

func walkChain(t *testing.T, version string, rng *rand.Rand, count map[string]int) {
	t.Helper()
	w := newWorld(rng, version == "2")
	earlier := w.judge(t, version, 1)
	for run := range runsPerChain {
		did := w.change()
		d := w.dossier()
		parties := review.Parties(d)
		retests := review.Retests(d, parties, earlier)
		for _, p := range parties {
			r, ok := retests[p.Matches[0].Key]
			o := oracle{version, w.subject, p.Matches}
			require.Equal(t, o.judged(earlier), ok, "run %d, %s: what was found is about %v", run, did, p.Name)
			if !ok {
				continue
			}
			held := len(o.unseen(earlier)) == 0
			for _, tested := range r.Premises {
				want := o.standing(tested.Premise)
				require.Equal(t, want, tested.Standing, "run %d, %s: %s\nwas %v | %v\nnow %v | %v\n%s", run, did, tested.Key(),
					tested.Premise.Subject, tested.Premise.Match, tested.SubjectNow, tested.MatchNow, o)
				count[string(tested.Kind)+" "+string(want)]++
				held = held && want == review.Holds
			}
			assert.ElementsMatch(t, o.unseen(earlier), r.Fresh)
			require.Equal(t, held, r.Held(), "run %d, %s", run, did)
			switch {
			case held:
				count["folded"]++
			case r.Reopened():
				count["opened"]++
			default:
				count["new match"]++
			}
			w.accept(t, d, p, earlier, r)
		}
		w.stand(t, d, parties, earlier, version, count)
		if rng.IntN(8) == 0 {
			if again := w.judge(t, version, review.EntryID(run+2)); len(again) > 0 {
				earlier = again // judged anew, by what sets them apart today
			}
		}
	}
}

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

// judge records false positives on what is open, by some of what sets the party apart. None when
// nothing does.
func (w *world) judge(t *testing.T, version string, entry review.EntryID) []review.Disposition {
	t.Helper()
	d := w.dossier()
	all, err := review.CompareParties(d, version)
	require.NoError(t, err)
	var made []review.Disposition
	for i, c := range all {
		entry := 10*entry + review.EntryID(i) // of each party for itself
		premises := slices.DeleteFunc(c.Premises(), func(p review.Premise) bool { return w.kinds && p.Kind.Weak() })
		shuffled(w.rng, &premises)
		if len(premises) > 0 {
			premises = premises[:1+w.rng.IntN(len(premises))]
		}
		if len(premises) == 0 {
			return nil
		}
		for _, m := range c.Party.OpenMatches() {
			made = append(made, review.Disposition{Entry: entry, Match: m.Key, Kind: m.Kind, Identity: m.Identity, Whose: review.Whose(c.Subject),
				Finding: review.FalsePositive, Reason: review.ReasonBirthdate, Note: c.Subject.FullName(), Premises: premises, Seen: review.PartyEvidence(c.Subject, c.Party)})
		}
		if len(c.Party.OpenMatches()) == 0 {
			return nil
		}
	}
	return made
}

// accept carries the finding over in this review: the form is taken exactly when it holds.
func (w *world) accept(t *testing.T, d review.Dossier, p review.Party, earlier []review.Disposition, r review.Retest) {
	t.Helper()
	var keys []review.MatchKey
	for _, m := range p.OpenMatches() {
		keys = append(keys, m.Key)
	}
	if len(keys) == 0 {
		return
	}
	grounds, err := review.DispositionForm{Matches: keys, Finding: review.FalsePositive, Carry: []review.EntryID{r.Earlier.Entry}}.Grounds(d, earlier, nil)
	if !r.Held() {
		require.Equal(t, []string{"carry"}, fields(t, err))
		return
	}
	require.NoError(t, err)
	require.Len(t, grounds, 1)
	require.Equal(t, r.Earlier.Premises, grounds[0].Premises)
	require.Equal(t, r.Earlier.Entry, grounds[0].Carries)
	require.Equal(t, review.ReasonBirthdate, grounds[0].Reason)
}

// stand puts the same findings to the world as those of a running review.
func (w *world) stand(t *testing.T, d review.Dossier, parties []review.Party, found []review.Disposition, version string, count map[string]int) {
	t.Helper()
	stands, lapsed := review.StillStanding(d, parties, found)
	require.Len(t, found, len(stands)+len(lapsed))
	for _, p := range parties {
		o := oracle{version, w.subject, p.Matches}
		for _, f := range found { // of one review: only the key tells
			if !slices.ContainsFunc(p.Matches, func(m review.Match) bool { return m.Key == f.Match }) {
				continue
			}
			want := !slices.ContainsFunc(f.Premises, func(p review.Premise) bool { return o.standing(p) != review.Holds })
			got := slices.ContainsFunc(stands, func(s review.Disposition) bool { return s.Match == f.Match })
			require.Equal(t, want, got, "the finding on %s by %v\n%s", f.Match, keysOf(f.Premises), o)
			if want {
				count["findings stand"]++
			} else {
				count["findings lapse"]++
			}
		}
	}
}

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
