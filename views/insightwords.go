package views

import "docket/review"

// AskedWords names a fact that was missing, whoever lacked it.
func AskedWords(a review.Asked) string {
	switch a {
	case review.AskedBirthdate:
		return "Birth date"
	case review.AskedBirthday:
		return "Day and month of birth"
	case review.AskedCountry:
		return "Country"
	case review.AskedSex:
		return "Sex"
	case review.AskedName:
		return "Full name"
	case review.AskedIdentifier:
		return "Number of a document"
	case review.AskedDetails:
		return "Details of the match"
	case review.AskedOther:
		return "Other, said in the note"
	}
	return odd(string(a))
}
