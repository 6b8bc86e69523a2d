package views

import "docket/review"

// How the values of live data are worded and toned: deliveries, errands, pushes.

// DeliveryTag words how far a delivery came.
func DeliveryTag(s review.DeliveryState) Tag {
	switch s {
	case review.DeliveryKept:
		return Tag{"Kept, not read yet", ToneAttention}
	case review.DeliveryAbsorbed:
		return Tag{"Read", ToneNone}
	case review.DeliveryQuarantined:
		return Tag{"Quarantine", ToneDanger}
	}
	return Tag{odd(string(s)), ToneNone}
}

// ErrandWords names what is to be fetched.
func ErrandWords(k review.ErrandKind) string {
	switch k {
	case review.ErrandResource:
		return "The resource itself"
	case review.ErrandHistory:
		return "The runs of a report"
	case review.ErrandFiles:
		return "Files, by fresh links"
	case review.ErrandFollow:
		return "A screening, until it settles"
	}
	return odd(string(k))
}

// ErrandTag words how far an errand came.
func ErrandTag(s review.ErrandState) Tag {
	switch s {
	case review.ErrandWaiting:
		return Tag{"Waiting", ToneNone}
	case review.ErrandDone:
		return Tag{"Fetched", TonePlain}
	case review.ErrandFailed:
		return Tag{"Given up", ToneDanger}
	}
	return Tag{odd(string(s)), ToneNone}
}

// PushWords names an act at Persona.
func PushWords(a review.PushAct) string {
	switch a {
	case review.PushMatches:
		return "Findings on matches"
	case review.PushFields:
		return "Fields of the transaction"
	case review.PushStatus:
		return "Status of the transaction"
	case review.PushInquiry:
		return "The inquiry"
	case review.PushCase:
		return "Status of the case"
	case review.PushComment:
		return "Comment on the case"
	}
	return odd(string(a))
}

// PushTag words how far an act at Persona came.
func PushTag(s review.PushState) Tag {
	switch s {
	case review.PushWaiting:
		return Tag{"Waiting", ToneNone}
	case review.PushSent:
		return Tag{"Taken, not confirmed yet", ToneNone}
	case review.PushAcknowledged:
		return Tag{"Confirmed by Persona", ToneGood}
	case review.PushRefused:
		return Tag{"Refused by Persona", ToneDanger}
	case review.PushDiverged:
		return Tag{"Persona says something else", ToneDiffer}
	case review.PushDropped:
		return Tag{"Given up", TonePlain}
	}
	return Tag{odd(string(s)), ToneNone}
}

// TellingWords are the words of a switch of what Persona is told, by the form's field: what
// docket does, and what that does at Persona.
func TellingWords(field string) TellingSwitch {
	s := TellingSwitch{Name: field}
	switch field {
	case "fields":
		s.Words = "writes the reason into fields of the transaction"
		s.Does = "The main reason, the note and who decided go into the fields named below, before the status, and are read back before the status is set."
		s.Needs = "Needs a field name below for each that is to be written."
	case "status":
		s.Words = "sets the transaction’s status"
		s.Does = "At Persona the transaction moves to the status spelled below, and workflows that wait for it go on."
		s.Needs = "Needs the spelling below; without one for the outcome nothing is set."
	case "matches":
		s.Words = "dismisses or reviews report matches"
		s.Does = "Matches found false are dismissed at Persona, so that monitoring goes on; screening records get their review. A watchlist or PEP report can only be dismissed whole, so it is left alone while one of its matches stands."
	case "inquiry":
		s.Words = "approves or declines the inquiry"
		s.Does = "The inquiry of the transaction is approved or declined there, which also stops the customer’s progress in it."
	case "case":
		s.Words = "sets the case’s status and comments on it"
		s.Does = "A Persona case tied to the transaction gets the reason as a comment and then the status spelled below."
	default:
		s.Words = odd(field)
	}
	return s
}
