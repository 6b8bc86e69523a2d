package review_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"docket/review"
)

func verdicts(s review.Subject, m review.Match) map[review.Attribute]review.Verdict {
	all := map[review.Attribute]review.Verdict{}
	for _, c := range review.Compare(s, m) {
		all[c.Attribute] = c.Verdict
	}
	return all
}

// drawDate draws from few days, so that dates often meet: of any precision, about, or a range.
func drawDate(t *rapid.T, label string) review.Birthdate {
	b := review.Birthdate{From: drawDay(t, label)}
	switch rapid.IntRange(0, 7).Draw(t, label+" form") {
	case 0, 1:
		b.From.Day = 0
	case 2:
		b.From.Month, b.From.Day = 0, 0
	case 3:
		b.Circa = true
	case 4:
		b.To = drawDay(t, label+" to")
		b.To.Year = max(b.To.Year, b.From.Year)
	case 5:
		b.From.Month, b.From.Day = 1, 1
	}
	return b
}

func drawDay(t *rapid.T, label string) review.PartialDate {
	return review.PartialDate{Year: rapid.IntRange(1950, 1954).Draw(t, label+" year"),
		Month: rapid.SampledFrom([]int{1, 2, 3, 4, 11}).Draw(t, label+" month"), Day: rapid.SampledFrom([]int{1, 2, 3, 4, 28}).Draw(t, label+" day")}
}

func drawCountry(t *rapid.T) review.Country {
	c := rapid.SampledFrom([]review.Country{{Code: "KZ"}, {Code: "RU"}, {Code: "SU"}, {Code: "US"}, {Code: "PR"}, {Name: "Kazakhstan"},
		{Name: "Russian"}, {Name: "Land of steppes"}, {Code: "QQ"}}).Draw(t, "country")
	c.Role = rapid.SampledFrom([]string{"citizenship", "nationality", "address", "birthplace", "", "source"}).Draw(t, "tie")
	return c
}

func drawIdentifier(t *rapid.T) review.Identifier {
	return review.Identifier{Type: rapid.SampledFrom([]string{"pp", "passport", "tax", "", "military book", "lei"}).Draw(t, "kind"),
		Value:   rapid.SampledFrom([]string{"N0449211", "N0449217", "N044 9211", "K7741903", "---"}).Draw(t, "number"),
		Country: rapid.SampledFrom([]string{"KZ", "Kazakhstan", "RU", ""}).Draw(t, "issuer")}
}

// drawPair draws a subject and a match, either of which may be silent on anything, and of which
// each has one value where a subject can only have one.
func drawPair(t *rapid.T) (review.Subject, review.Match) {
	kinds := []review.PartyKind{review.PartyPerson, review.PartyPerson, review.PartyBusiness, review.PartyVessel, review.PartyUnknown}
	s := review.Subject{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Countries: rapid.SliceOfN(rapid.Custom(drawCountry), 0, 3).Draw(t, "our countries"),
		Sex:         rapid.SampledFrom([]string{"", "male", "female", "M", "X", "unknown"}).Draw(t, "our sex"),
		Identifiers: rapid.SliceOfN(rapid.Custom(drawIdentifier), 0, 2).Draw(t, "our numbers")}
	m := review.Match{Party: rapid.SampledFrom(kinds).Draw(t, "party"), Countries: rapid.SliceOfN(rapid.Custom(drawCountry), 0, 3).Draw(t, "their countries"),
		Identifiers: rapid.SliceOfN(rapid.Custom(drawIdentifier), 0, 2).Draw(t, "their numbers")}
	if rapid.Bool().Draw(t, "named") {
		s.Name.Value = whole(drawName(t, "ours"))
	}
	if rapid.Bool().Draw(t, "called") {
		m.Names = names(whole(drawName(t, "theirs")))
	}
	if rapid.Bool().Draw(t, "born") {
		s.Birthdate = drawDate(t, "ours")
	}
	if rapid.Bool().Draw(t, "born there") {
		m.Birthdates = []review.Birthdate{drawDate(t, "theirs")}
	}
	if x := rapid.SampledFrom([]string{"", "male", "female", "F", "X"}).Draw(t, "their sex"); x != "" {
		m.Sexes = []string{x}
	}
	return s, m
}

// 3: the sides may change places: the same rule speaks, and what one misses the other misses.
func TestComparedSidesMayChangePlaces(t *testing.T) {
	t.Parallel()
	turned := map[review.Verdict]review.Verdict{review.MissingSubject: review.MissingMatch, review.MissingMatch: review.MissingSubject}
	rapid.Check(t, func(t *rapid.T) {
		s, m := drawPair(t)
		there := review.Compare(s, m)
		back := review.Compare(exchanged(s, m))
		if len(there) != len(back) {
			t.Fatalf("%v, the other way round %v", there, back)
		}
		for i, c := range there {
			d := back[i]
			want := c.Verdict
			if v, ok := turned[c.Verdict]; ok && c.Rule == "missing" {
				want = v
			}
			if c.Attribute == review.AttributeName && s.Kind != m.Party && s.Kind != review.PartyUnknown && m.Party != review.PartyUnknown {
				continue // what a name is read as hangs on who bears it; that they are of two kinds is said beside it
			}
			rules := c.Rule == d.Rule || c.Attribute == review.AttributeName // which side has a part more is a rule of its own
			if c.Attribute != d.Attribute || want != d.Verdict || c.Apart != d.Apart || !rules {
				t.Fatalf("%+v\nthe other way round %+v", c, d)
			}
		}
	})
}

// 4: whoever is compared with himself agrees in every known attribute.
func TestWhoIsComparedWithHimselfAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, _ := drawPair(t)
		if s.Sex == "X" || s.Sex == "unknown" {
			s.Sex = "male"
		}
		s.Identifiers = slices.DeleteFunc(s.Identifiers, func(i review.Identifier) bool { return i.Type == "" }) // nobody knows what it is
		_, m := exchanged(s, review.Match{})
		for _, c := range review.Compare(s, m) {
			unread := c.Attribute == review.AttributeCountry && !slices.ContainsFunc(s.Countries, func(c review.Country) bool { return c.Code != "QQ" && c.Name != "Land of steppes" })
			if c.Verdict != review.Agree && !unread {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// 6: one attribute changes no other, whatever it says; and of its own values one that agrees never
// lowers the verdict, one that conflicts never raises it.
func TestAnAttributeChangesNoOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, m := drawPair(t)
		was := review.Compare(s, m)
		other, theirs := drawPair(t)
		var touched review.Attribute
		switch touched = rapid.SampledFrom(review.Attributes()).Draw(t, "touched"); touched {
		case review.AttributeName:
			s.Name, m.Names = other.Name, theirs.Names
		case review.AttributeBirthdate:
			s.Birthdate, m.Birthdates = other.Birthdate, theirs.Birthdates
		case review.AttributeCountry:
			s.Countries, m.Countries = other.Countries, theirs.Countries
		case review.AttributeSex:
			s.Sex, m.Sexes = other.Sex, theirs.Sexes
		case review.AttributeKind:
			return // what a name is, hangs on who bears it
		case review.AttributeIdentifier:
			s.Identifiers, m.Identifiers = other.Identifiers, theirs.Identifiers
		}
		is := review.Compare(s, m)
		rest := func(rows []review.Comparison) string {
			return text(slices.DeleteFunc(append([]review.Comparison{}, rows...), func(c review.Comparison) bool { return c.Attribute == touched }))
		}
		if rest(was) != rest(is) {
			t.Fatalf("%s changed\n%s\nto\n%s", touched, rest(was), rest(is))
		}
	})
}

// better orders the verdicts of an attribute that both sides give.
func better(a, b review.Verdict) bool {
	order := []review.Verdict{review.Conflict, review.Close, review.Agree}
	return slices.Index(order, a) > slices.Index(order, b)
}

func TestAValueMoreMovesTheVerdictItsOwnWay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, m := drawPair(t)
		attribute := rapid.SampledFrom([]review.Attribute{review.AttributeBirthdate, review.AttributeCountry, review.AttributeIdentifier}).Draw(t, "attribute")
		known := func(v review.Verdict) bool { return v == review.Agree || v == review.Close || v == review.Conflict }
		alone, more := review.Match{}, m
		switch attribute {
		case review.AttributeBirthdate:
			alone.Birthdates = []review.Birthdate{drawDate(t, "more")}
			more.Birthdates = append(slices.Clone(m.Birthdates), alone.Birthdates...)
		case review.AttributeCountry:
			alone.Countries = []review.Country{drawCountry(t)}
			more.Countries = append(slices.Clone(m.Countries), alone.Countries...)
		case review.AttributeIdentifier:
			alone.Identifiers = []review.Identifier{drawIdentifier(t)}
			more.Identifiers = append(slices.Clone(m.Identifiers), alone.Identifiers...)
		}
		was, by, is := verdicts(s, m)[attribute], verdicts(s, alone)[attribute], verdicts(s, more)[attribute]
		if !known(was) || !known(by) {
			return
		}
		if by == review.Agree && better(was, is) {
			t.Fatalf("one that agrees made %s of %s", is, was)
		}
		if by == review.Conflict && better(is, was) {
			t.Fatalf("one that conflicts made %s of %s", is, was)
		}
	})
}

// 6: an attribute that nobody gave changes nothing of the others.
func TestWhatIsUnknownChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: whole(drawName(t, "ours"))}, Birthdate: drawDate(t, "ours")}
		m := review.Match{Names: []review.Name{{Value: whole(drawName(t, "theirs"))}}, Birthdates: []review.Birthdate{drawDate(t, "theirs")}}
		was := verdicts(s, m)
		m.Sexes, m.Countries = []string{"female"}, []review.Country{{Code: "KZ", Role: "citizenship"}}
		is := verdicts(s, m)
		for a, v := range was {
			if is[a] != v {
				t.Fatalf("%s was %s and is %s", a, v, is[a])
			}
		}
		if is[review.AttributeSex] != review.MissingSubject || is[review.AttributeCountry] != review.MissingSubject {
			t.Fatalf("%v", is)
		}
	})
}

// 10: to know less of a date makes neither a conflict of what agreed nor an agreement of what
// conflicted, on either side.
func TestACoarserDateTurnsNothingRound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := drawDate(t, "ours"), drawDate(t, "theirs")
		of := func(a, b review.Birthdate) review.Verdict {
			return verdicts(review.Subject{Birthdate: a}, review.Match{Birthdates: []review.Birthdate{b}})[review.AttributeBirthdate]
		}
		coarse := theirs
		coarse.To = review.PartialDate{}
		coarse.From.Day = 0
		if rapid.Bool().Draw(t, "to the year") || theirs.From.Month == 1 && theirs.From.Day == 1 { // 1 January may tell no month
			coarse.From.Month = 0
		}
		if theirs.To.Year != 0 && theirs.To != theirs.From {
			return // the first day of a range is no coarser range
		}
		for _, turned := range []bool{false, true} {
			fine, less := of(ours, theirs), of(ours, coarse)
			if turned {
				fine, less = of(theirs, ours), of(coarse, ours)
			}
			said := ours.From.Day != 0 && fine == review.Close && less == review.Conflict // nor a conflict of what could be
			if fine == review.Agree && less == review.Conflict || fine == review.Conflict && less == review.Agree || said {
				t.Fatalf("%v and %v: %s; %v: %s", ours, theirs, fine, coarse, less)
			}
		}
	})
}

// 12: the order of arrival does not count: the same answer to the byte, but for where among the
// names the one stands that spoke.
func TestTheOrderOfValuesDoesNotCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, m := drawPair(t)
		m.Names = append(m.Names, names(whole(drawName(t, "alias")), whole(drawName(t, "second alias")))...)
		m.Birthdates = append(m.Birthdates, drawDate(t, "second"), drawDate(t, "third"))
		m.Deathdates = []review.Birthdate{drawDate(t, "death"), {From: review.PartialDate{Year: 1949}}}
		m.Sexes = append(m.Sexes, "female", "male")
		o, n := s, m
		o.Countries = rapid.Permutation(s.Countries).Draw(t, "our countries, mixed")
		o.Identifiers = rapid.Permutation(s.Identifiers).Draw(t, "our numbers, mixed")
		n.Names = rapid.Permutation(m.Names).Draw(t, "names, mixed")
		n.Birthdates = rapid.Permutation(m.Birthdates).Draw(t, "dates, mixed")
		n.Deathdates = rapid.Permutation(m.Deathdates).Draw(t, "deaths, mixed")
		n.Sexes = rapid.Permutation(m.Sexes).Draw(t, "sexes, mixed")
		n.Countries = rapid.Permutation(m.Countries).Draw(t, "their countries, mixed")
		n.Identifiers = rapid.Permutation(m.Identifiers).Draw(t, "their numbers, mixed")
		a, b := review.Compare(s, m), review.Compare(o, n)
		spokenFirst(a)
		spokenFirst(b)
		if text(a) != text(b) {
			t.Fatalf("%s\nin another order\n%s", text(a), text(b))
		}
		again := review.Compare(o, n)
		spokenFirst(again)
		if text(again) != text(b) {
			t.Fatalf("%s\nthe second time\n%s", text(b), text(again))
		}
	})
}

// spokenFirst puts the name that spoke before the others, which it sorts.
func spokenFirst(rows []review.Comparison) {
	for i := range rows {
		if c := &rows[i]; c.Attribute == review.AttributeName {
			rest := c.Match
			if c.Verdict != review.MissingSubject {
				c.Match[0], c.Match[c.Spoke], c.Spoke = c.Match[c.Spoke], c.Match[0], 0
				rest = c.Match[1:]
			}
			slices.SortFunc(rest, func(a, b review.Side) int { return strings.Compare(a.Value, b.Value) })
		}
	}
}

func text(rows []review.Comparison) string {
	out, err := json.Marshal(rows)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// 1, 11: how a country or a number is written, and what is hidden in it, changes nothing.
func TestWritingKeepsCountryAndNumber(t *testing.T) {
	t.Parallel()
	ways := map[string]func(string) string{
		"upper case": strings.ToUpper, "lower case": strings.ToLower, "spaces": func(s string) string { return "  " + strings.ReplaceAll(s, " ", "  ") + " " },
		"hidden": func(s string) string { return s[:1] + "\u200b" + s[1:] + "\ufeff" },
		"turned": func(s string) string { return "\u202a" + s + "\u202c" },
		"wide": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > ' ' && r < 0x7F {
					return r + 0xFEE0
				}
				return r
			}, s)
		},
	}
	rapid.Check(t, func(t *rapid.T) {
		way := ways[rapid.SampledFrom(slices.Sorted(maps(ways))).Draw(t, "way")]
		words := rapid.SampledFrom([]string{"Kazakhstan", "Russian Federation", "Republic of Korea", "French", "United States of America"}).Draw(t, "country")
		number := rapid.SampledFrom([]string{"N0449211", "HRB201144", "860314300457"}).Draw(t, "number")
		s := review.Subject{Countries: []review.Country{{Name: words}}, Identifiers: []review.Identifier{{Type: "pp", Value: number, Country: "KZ"}}}
		m := review.Match{Countries: []review.Country{{Name: way(words)}}, Identifiers: []review.Identifier{{Type: "pp", Value: way(number), Country: "KZ"}}}
		for a, v := range verdicts(s, m) {
			if v != review.Agree {
				t.Fatalf("%s: %s of %q and %q", a, v, m.Countries[0].Name, m.Identifiers[0].Value)
			}
		}
	})
}

// 13: nothing that can be sent breaks a comparison, takes long, or makes a sentence of it that a
// payload wrote.
func TestHostileValuesAreCompared(t *testing.T) {
	t.Parallel()
	bomb := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\xff\xfe", "\x00", "", strings.Repeat("a", 10_000), strings.Repeat("\u0301", 5_000),
		strings.Repeat("ﷺ", 3_000), strings.Repeat("9", 10_000), "\u202e\u2066", strings.Repeat("the of and ", 900)}))
	number := rapid.OneOf(rapid.IntRange(-3, 40), rapid.Int())
	date := rapid.Custom(func(t *rapid.T) review.Birthdate {
		part := func(label string) review.PartialDate {
			return review.PartialDate{Year: number.Draw(t, label+" year"), Month: number.Draw(t, label+" month"), Day: number.Draw(t, label+" day")}
		}
		return review.Birthdate{From: part("from"), To: part("to"), Circa: rapid.Bool().Draw(t, "about"), Raw: bomb.Draw(t, "raw")}
	})
	country := rapid.Custom(func(t *rapid.T) review.Country {
		return review.Country{Code: bomb.Draw(t, "code"), Name: bomb.Draw(t, "country"), Role: bomb.Draw(t, "role")}
	})
	identifier := rapid.Custom(func(t *rapid.T) review.Identifier {
		return review.Identifier{Type: bomb.Draw(t, "type"), Value: bomb.Draw(t, "value"), Country: bomb.Draw(t, "issuer")}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := review.Subject{Kind: review.PartyKind(bomb.Draw(t, "kind")), Birthdate: date.Draw(t, "birth"), Sex: bomb.Draw(t, "sex"), AsOf: time.Unix(int64(number.Draw(t, "as of")), 0),
			Countries: rapid.SliceOfN(country, 0, 3).Draw(t, "countries"), Identifiers: rapid.SliceOfN(identifier, 0, 3).Draw(t, "numbers")}
		m := review.Match{Party: review.PartyKind(bomb.Draw(t, "party")), Birthdates: rapid.SliceOfN(date, 0, 3).Draw(t, "births"), Deathdates: rapid.SliceOfN(date, 0, 2).Draw(t, "deaths"),
			Sexes: rapid.SliceOfN(bomb, 0, 3).Draw(t, "sexes"), Countries: rapid.SliceOfN(country, 0, 3).Draw(t, "their countries"),
			Identifiers: rapid.SliceOfN(identifier, 0, 3).Draw(t, "their numbers"), Positions: []review.Position{{Start: bomb.Draw(t, "start")}}}
		began := time.Now()
		for _, c := range review.Compare(s, m) {
			if !slices.Contains(review.Verdicts(), c.Verdict) || c.Rule == "" || c.Words == "" {
				t.Fatalf("%+v", c)
			}
			if utf8.RuneCountInString(c.Words) > 300 {
				t.Fatalf("%.400q", c.Words)
			}
		}
		if took := time.Since(began); took > 500*time.Millisecond { // a cap that holds on a busy machine
			t.Fatalf("took %s", took)
		}
	})
}
