package views

import "docket/review"

// PrecedentBecause words a kind of reason after "because", for findings that are past.
func PrecedentBecause(k review.PremiseKind) string {
	switch k {
	case review.PremiseYearsApart:
		return "the birth year conflicted"
	case review.PremiseDaysApart:
		return "the day of birth conflicted"
	case review.PremiseCountriesApart:
		return "the countries did not meet"
	case review.PremiseSexApart:
		return "the sex differed"
	case review.PremiseKindApart:
		return "the listed party was something else than the subject"
	case review.PremiseFamilyNameApart:
		return "the family name was another one"
	case review.PremiseNameApart:
		return "parts of the name were others"
	case review.PremiseIdentifierApart:
		return "a number conflicted"
	case review.PremiseDiedBefore:
		return "the listed party had died before the subject was born"
	case review.PremiseOther:
		return "of something that a note says"
	}
	return odd(string(k))
}

// PrecedentHere says whether a kind of reason stands between the listed party and the subject at
// hand, and so whether it carries over.
func PrecedentHere(p review.PrecedentPremise) string {
	const not = ", so that reason does not carry over."
	switch {
	case p.Kind == review.PremiseOther:
		return "What a note says never carries over."
	case p.Here == review.Holds:
		return precedentToo(p.Kind) + ", so that reason carries over."
	case p.Here == review.Broken:
		return "That is not so here" + not
	case p.Here != review.Untestable:
		return odd(string(p.Here))
	}
	what := precedentNeeds(p.Kind)
	switch p.Lacks {
	case review.MissingSubject:
		return "Here we have no " + what + " of our subject" + not
	case review.MissingMatch:
		return "Here the list gives no " + what + not
	}
	return "Here we have no " + what + " to compare" + not
}

func precedentToo(k review.PremiseKind) string {
	switch k {
	case review.PremiseCountriesApart:
		return "They do not meet here either"
	case review.PremiseSexApart:
		return "It differs here too"
	case review.PremiseKindApart:
		return "It is something else here too"
	case review.PremiseFamilyNameApart:
		return "It is another one here too"
	case review.PremiseNameApart:
		return "Parts of it are others here too"
	case review.PremiseIdentifierApart:
		return "One conflicts here too"
	case review.PremiseDiedBefore:
		return "So it is here too"
	}
	return "It conflicts here too"
}

func precedentNeeds(k review.PremiseKind) string {
	switch k {
	case review.PremiseYearsApart, review.PremiseDaysApart:
		return "birth date"
	case review.PremiseCountriesApart:
		return "country"
	case review.PremiseSexApart:
		return "sex"
	case review.PremiseKindApart:
		return "kind"
	case review.PremiseIdentifierApart:
		return "number of that kind"
	case review.PremiseDiedBefore:
		return "date of death"
	}
	return "name"
}

// ListedStateWords says what has become of a match.
func ListedStateWords(s review.ListedState) string {
	switch s {
	case review.ListedOpen:
		return "open"
	case review.ListedDismissed:
		return "dismissed at Persona"
	case review.ListedGone:
		return "gone from the report"
	}
	return odd(string(s))
}
