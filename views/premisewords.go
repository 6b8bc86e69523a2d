package views

import (
	"strings"

	"docket/review"
)

// PremiseWords words a reason that sets two apart, as it was found.
func PremiseWords(p review.Premise) string {
	switch p.Kind {
	case review.PremiseYearsApart:
		if p.Amount == 0 {
			return "Birth years differ"
		}
		return "Birth year differs by " + Number(p.Amount)
	case review.PremiseDaysApart:
		return "Born on another day"
	case review.PremiseCountriesApart:
		return "Countries do not meet"
	case review.PremiseSexApart:
		return "Sex differs"
	case review.PremiseKindApart:
		if len(p.Match) == 1 {
			return "Listed party is a " + strings.ToLower(PartyKindWords(review.PartyKind(p.Match[0])))
		}
		return "Listed party is something else"
	case review.PremiseFamilyNameApart:
		return "Family name is another one"
	case review.PremiseNameApart:
		switch {
		case p.Amount == 1 && p.Of > 1:
			return "1 of " + Number(p.Of) + " parts of the name is another one"
		case p.Amount > 1 && p.Of > 1:
			return Number(p.Amount) + " of " + Number(p.Of) + " parts of the name are others"
		case p.Amount == 1:
			return "A part of the name is another one"
		}
		return "Parts of the name are others"
	case review.PremiseIdentifierApart:
		return "Numbers of one kind differ"
	case review.PremiseDiedBefore:
		return "Listed party died before our subject was born"
	case review.PremiseOther:
		return "Something else, said in the note"
	}
	return odd(string(p.Kind))
}

// PremiseSubject names what a reason is about, with what it does, where many parties share it:
// "The birth year conflicts".
func PremiseSubject(k review.PremiseKind) string {
	switch k {
	case review.PremiseYearsApart:
		return "The birth year conflicts"
	case review.PremiseDaysApart:
		return "The day of birth conflicts"
	case review.PremiseCountriesApart:
		return "The countries do not meet"
	case review.PremiseSexApart:
		return "The sex differs"
	case review.PremiseKindApart:
		return "The listed party is something else than our subject"
	case review.PremiseFamilyNameApart:
		return "The family name is another one"
	case review.PremiseNameApart:
		return "Parts of the name are others"
	case review.PremiseIdentifierApart:
		return "A number conflicts"
	case review.PremiseDiedBefore:
		return "The listed party died before our subject was born"
	case review.PremiseOther:
		return "Something else, said in the note"
	}
	return odd(string(k))
}

// StandingWords says how a reason fares when it is tested again, after the reason itself.
func StandingWords(s review.Standing) string {
	switch s {
	case review.Holds:
		return "still holds"
	case review.Broken:
		return "no longer holds"
	case review.Untestable:
		return "cannot be tested any more"
	}
	return odd(string(s))
}

// FactWords names a fact that would settle a comparison.
func FactWords(f review.Fact) string {
	switch f {
	case review.FactBirthdateSubject:
		return "A full birth date of our subject"
	case review.FactBirthdateMatch:
		return "A full birth date of the listed party"
	case review.FactBirthdaySubject:
		return "The day and month of birth of our subject"
	case review.FactBirthdayMatch:
		return "The day and month of birth of the listed party"
	case review.FactCountrySubject:
		return "A country that our subject is tied to"
	case review.FactCountryMatch:
		return "A country that the listed party is tied to"
	case review.FactSexSubject:
		return "The sex of our subject"
	case review.FactSexMatch:
		return "The sex of the listed party"
	case review.FactNameSubject:
		return "The full name of our subject"
	case review.FactIdentifierSubject:
		return "An identity number of our subject, of a kind that the list gives"
	case review.FactIdentifierMatch:
		return "An identity number of the listed party, of a kind that we have"
	case review.FactDetails:
		return "The details of the match, which Persona did not send"
	case review.FactOther:
		return "Another fact, named in the note"
	}
	return odd(string(f))
}

// FactSource says where a fact may be had from.
func FactSource(f review.Fact) string {
	switch {
	case f == review.FactOther:
		return ""
	case f == review.FactDetails:
		return "the match at Persona shows them"
	case f.Ours():
		return "the customer can be asked"
	}
	return "the list’s own entry may hold it"
}

// FactAsk words a fact as a customer is asked for it. It must not tell why: a customer who learns
// what they were compared with is warned. "" for what no customer can be asked.
func FactAsk(f review.Fact, business bool) string {
	switch f {
	case review.FactBirthdateSubject, review.FactBirthdaySubject:
		return "your full date of birth: day, month and year"
	case review.FactCountrySubject:
		if business {
			return "the country in which the company is registered, and those in which it is active"
		}
		return "your nationality, and the country in which you live"
	case review.FactSexSubject:
		return "your sex, as your identity document gives it"
	case review.FactNameSubject:
		if business {
			return "the full registered name of the company, as the register spells it"
		}
		return "your full name, with every given and family name, as your identity document spells it"
	case review.FactIdentifierSubject:
		if business {
			return "the registration number of the company"
		}
		return "the number of your identity document or passport"
	}
	return ""
}
