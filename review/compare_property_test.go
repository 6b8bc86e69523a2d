package review_test

import (
	"testing"

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

func drawDate(t *rapid.T, label string) review.Birthdate {
	return review.Birthdate{From: review.PartialDate{Year: rapid.IntRange(1950, 1953).Draw(t, label+" year"),
		Month: rapid.IntRange(1, 12).Draw(t, label+" month"), Day: rapid.IntRange(1, 28).Draw(t, label+" day")}}
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

// 10: to know less of a date makes neither a conflict of what agreed nor an agreement of a conflict
// between years.
func TestACoarserDateIsNoConflict(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := drawDate(t, "ours"), drawDate(t, "theirs")
		of := func(b review.Birthdate) review.Verdict {
			return verdicts(review.Subject{Birthdate: ours}, review.Match{Birthdates: []review.Birthdate{b}})[review.AttributeBirthdate]
		}
		fine := of(theirs)
		coarse := theirs
		coarse.From.Day = 0
		if rapid.Bool().Draw(t, "to the year") {
			coarse.From.Month = 0
		}
		if got := of(coarse); fine == review.Agree && got == review.Conflict {
			t.Fatalf("%v and %v: %s; %v: %s", ours, theirs, fine, coarse, got)
		}
	})
}
