package views

import (
	"strings"

	"docket/review"
)

// How every value of every enum is worded and toned, one switch each. The default of each is
// visibly odd, so that a value which nobody worded is seen at once; a test walks every value.

// odd is what stands on a page where a value has no words.
func odd(value string) string { return "⁇ " + value }

// FindingTag words a finding; "" is a match that still asks for one.
func FindingTag(f review.Finding) Tag {
	switch f {
	case "":
		return Tag{"To review", ToneAccent}
	case review.FalsePositive:
		return Tag{"False positive", ToneNone}
	case review.TrueMatch:
		return Tag{"True match", ToneDanger}
	case review.CannotTell:
		return Tag{"Cannot tell", ToneAttention}
	}
	return Tag{odd(string(f)), ToneNone}
}

// FindingHint says what a finding means, of a person or of a business.
func FindingHint(f review.Finding, business bool) string {
	who := "person"
	if business {
		who = "business"
	}
	switch f {
	case review.FalsePositive:
		return "Not the same " + who
	case review.TrueMatch:
		return "The same " + who
	case review.CannotTell:
		return "A fact is missing"
	}
	return odd(string(f))
}

func findingKey(f review.Finding) string {
	switch f {
	case review.FalsePositive:
		return "f"
	case review.TrueMatch:
		return "t"
	case review.CannotTell:
		return "u"
	}
	return odd(string(f))
}

// ReasonWords words the main reason of a finding.
func ReasonWords(r review.Reason) string {
	switch r {
	case review.ReasonBirthdate:
		return "Birth date"
	case review.ReasonName:
		return "Name"
	case review.ReasonCountry:
		return "Country"
	case review.ReasonSex:
		return "Sex"
	case review.ReasonKind:
		return "Person or business"
	case review.ReasonPosition:
		return "Position or role"
	case review.ReasonDocument:
		return "A document"
	case review.ReasonOther:
		return "Other, said in the note"
	}
	return odd(string(r))
}

// DecisionReasonWords words the reason for a decision.
func DecisionReasonWords(r review.Reason) string {
	switch r {
	case review.ReasonAllFalsePositive:
		return "Every match is a false positive"
	case review.ReasonNoMatch:
		return "There is no open match"
	case review.ReasonTrueMatch:
		return "A match is true"
	case review.ReasonCannotTell:
		return "A match cannot be told"
	case review.ReasonFailedCheck:
		return "A check failed"
	case review.ReasonOther:
		return "Other, said in the note"
	}
	return odd(string(r))
}

// OutcomeTag words how a review ended.
func OutcomeTag(o review.Outcome) Tag {
	switch o {
	case review.Approve:
		return Tag{"Approved", ToneGood}
	case review.Decline:
		return Tag{"Declined", ToneDanger}
	}
	return Tag{odd(string(o)), ToneNone}
}

// StateTag words where a review stands; an open one that someone has is "In review".
func StateTag(s review.State, claimed bool) Tag {
	switch s {
	case review.StateOpen:
		if claimed {
			return Tag{"In review", ToneAccent}
		}
		return Tag{"To review", TonePlain}
	case review.StateApproval:
		return Tag{"Second approval", ToneAttention}
	case review.StateWaiting:
		return Tag{"Waiting for customer", ToneNone}
	case review.StateClosed:
		return Tag{"Closed", ToneNone}
	}
	return Tag{odd(string(s)), ToneNone}
}

// ClosingWords says how a review ended.
func ClosingWords(c review.Closing) string {
	switch c {
	case review.ClosingNone:
		return "Still open"
	case review.ClosingDecided:
		return "Decided here"
	case review.ClosingPersona:
		return "Moved on at Persona"
	}
	return odd(string(c))
}

// OpeningWords says why a review opened.
func OpeningWords(o review.Opening) string {
	switch o {
	case review.OpeningStatus:
		return "Persona asked for a review"
	case review.OpeningMatches:
		return "A match came that the last decision never saw"
	}
	return odd(string(o))
}

// WhyWords is the short fact that explains a row of the queue.
func WhyWords(w review.Why) string {
	switch w {
	case review.WhyFirst:
		return "First screening"
	case review.WhyAgain:
		return "Came back to review"
	case review.WhyNewMatch:
		return "New match on a later run"
	case review.WhyNoDetails:
		return "Match reported, details not captured"
	case review.WhyErrored:
		return "A report errored"
	case review.WhyNoMatch:
		return "No open match"
	case review.WhyListOnly:
		return "Lists only, no party named"
	case review.WhyFailed:
		return "A check failed"
	case review.WhyNothing:
		return "No report captured"
	}
	return odd(string(w))
}

// TabWords names a list of the queue.
func TabWords(t review.Tab) string {
	switch t {
	case review.TabOpen:
		return "Open"
	case review.TabApproval:
		return "Second approval"
	case review.TabWaiting:
		return "Waiting for customer"
	case review.TabFallback:
		return "Fallback inquiry"
	case review.TabClosed:
		return "Closed"
	case review.TabAll:
		return "All"
	}
	return odd(string(t))
}

// SortWords names an order of the queue.
func SortWords(s review.Sort) string {
	switch s {
	case review.SortOldest:
		return "Oldest first"
	case review.SortNewest:
		return "Newest first"
	case review.SortMatches:
		return "Most matches first"
	case review.SortSubject:
		return "Subject, A to Z"
	}
	return odd(string(s))
}

// CaptureTag says how much of a resource we hold. Full is said in plain, quiet words.
func CaptureTag(c review.Capture) Tag {
	switch c {
	case review.CaptureFull:
		return Tag{"captured in full", TonePlain}
	case review.CaptureThin:
		return Tag{"Thin", ToneAttention}
	case review.CaptureAbsent:
		return Tag{"Named, never received", ToneAttention}
	case review.CapturePending:
		return Tag{"Pending", ToneNone}
	case review.CaptureErrored:
		return Tag{"Errored", ToneDanger}
	case review.CaptureRedacted:
		return Tag{"Erased", ToneNone}
	}
	return Tag{odd(string(c)), ToneNone}
}

// MonitoringTag says whether Persona still watches; off and unknown are not said.
func MonitoringTag(m review.MonitoringState) Tag {
	switch m {
	case review.MonitoringUnknown, review.MonitoringOff:
		return Tag{}
	case review.MonitoringRunning:
		return Tag{"Monitored", ToneNone}
	case review.MonitoringHalted:
		return Tag{"Monitoring halted", ToneAttention}
	case review.MonitoringPaused:
		return Tag{"Monitoring paused", ToneAttention}
	}
	return Tag{odd(string(m)), ToneNone}
}

// PresenceWords are the four words that must never be confused.
func PresenceWords(p review.Presence) string {
	switch p {
	case review.Absent:
		return "not captured"
	case review.Null:
		return "none"
	case review.Empty:
		return "empty"
	case review.Present:
		return "captured"
	}
	return odd("presence")
}

// RoleWords names a role.
func RoleWords(r review.Role) string {
	switch r {
	case review.RoleReviewer:
		return "reviewer"
	case review.RoleLead:
		return "lead"
	case review.RoleAuditor:
		return "auditor"
	case review.RoleAdmin:
		return "admin"
	}
	return odd(string(r))
}

// RoleHint says what a role may do.
func RoleHint(r review.Role) string {
	switch r {
	case review.RoleReviewer:
		return "judges and decides"
	case review.RoleLead:
		return "also takes over claims and corrects decisions"
	case review.RoleAuditor:
		return "reads everything, writes nothing"
	case review.RoleAdmin:
		return "also looks after colleagues"
	}
	return odd(string(r))
}

// ActWords says what an entry of the trail records, after the name of who did it. Where docket
// itself acted there is no name, and the words begin the sentence.
func ActWords(a review.Act) string {
	switch a {
	case review.ActReviewOpened:
		return "Review opened"
	case review.ActReviewClosed:
		return "Review closed"
	case review.ActClaimed:
		return "claimed this review"
	case review.ActReleased:
		return "released this review"
	case review.ActNoted:
		return "added a note"
	case review.ActDisposed:
		return "recorded a finding"
	case review.ActDecided:
		return "decided"
	case review.ActCorrected:
		return "corrected the decision"
	case review.ActRefused:
		return "was refused: the evidence had moved"
	case review.ActColleague:
		return "changed a colleague"
	}
	return odd(string(a))
}

// MarkOf is the thread of a verdict.
func MarkOf(v review.Verdict) Mark {
	switch v {
	case review.Agree:
		return MarkAgree
	case review.Close:
		return MarkClose
	case review.Conflict:
		return MarkConflict
	case review.MissingSubject:
		return MarkMissingSubject
	case review.MissingMatch:
		return MarkMissingMatch
	}
	return Mark(odd(string(v)))
}

// Words is what stands on the thread.
func (m Mark) Words() string {
	switch m {
	case MarkAgree, MarkClose, MarkConflict, MarkSame, MarkAdded, MarkGone, MarkChanged:
		return string(m)
	case MarkMissingSubject:
		return "missing on our side"
	case MarkMissingMatch:
		return "missing on theirs"
	}
	return odd(string(m))
}

// PartWords is what stands on the thread between two parts of a name.
func (m Mark) PartWords() string {
	switch m {
	case MarkAgree, MarkSame:
		return "same"
	case MarkClose:
		return "close"
	case MarkConflict, MarkChanged:
		return "differs"
	case MarkMissingSubject, MarkMissingMatch, MarkAdded, MarkGone:
		return "missing"
	}
	return odd(string(m))
}

// AttributeWords labels what two sides are compared by.
func AttributeWords(a review.Attribute) string {
	switch a {
	case review.AttributeName:
		return "Name"
	case review.AttributeBirthdate:
		return "Born"
	case review.AttributeCountry:
		return "Country"
	case review.AttributeSex:
		return "Sex"
	case review.AttributeKind:
		return "Kind"
	case review.AttributeIdentifier:
		return "Address"
	}
	return odd(string(a))
}

// PartyKindWords says what a listed party or a subject is, to stand at the head of a line.
func PartyKindWords(k review.PartyKind) string {
	switch k {
	case review.PartyUnknown:
		return "Kind not given"
	case review.PartyPerson:
		return "Person"
	case review.PartyBusiness:
		return "Business"
	case review.PartyVessel:
		return "Vessel"
	case review.PartyWallet:
		return "Wallet"
	case review.PartyList:
		return "A list, no party named"
	}
	return odd(string(k))
}

// KindWords names a kind of report. Kinds are an open set: an unknown one is named by its own
// words, which is right and not odd.
func KindWords(k review.ReportKind) string {
	switch k {
	case review.KindWatchlist:
		return "Watchlist"
	case review.KindPEP:
		return "Politically exposed person"
	case review.KindAdverseMedia:
		return "Adverse media"
	case review.KindBusinessWatchlist:
		return "Business watchlist"
	case review.KindBusinessAdverseMedia:
		return "Business adverse media"
	case review.KindCryptoWatchlist:
		return "Crypto watchlist"
	case review.KindScreening:
		return "Screening"
	case "":
		return "Report"
	}
	return Label(string(k))
}

// KindShort is KindWords where room is short: a cell of the queue.
func KindShort(k review.ReportKind) string {
	switch k {
	case review.KindPEP:
		return "PEP"
	case review.KindBusinessAdverseMedia:
		return "Business media"
	case review.KindCryptoWatchlist:
		return "Crypto"
	}
	return KindWords(k)
}

// CheckTag words the result of one check of a verification; an open set.
func CheckTag(status string) Tag {
	switch status {
	case "passed":
		return Tag{"passed", ToneGood}
	case "failed":
		return Tag{"failed", ToneDanger}
	case "not_applicable":
		return Tag{"not applicable", ToneNone}
	case "":
		return Tag{"no result", ToneNone}
	}
	return Tag{strings.ReplaceAll(status, "_", " "), ToneNone}
}

// RunActWords says what someone did to a report at Persona; an open set.
func RunActWords(kind string) string {
	switch kind {
	case "dismiss":
		return "dismissed"
	case "review":
		return "reviewed"
	case "pause":
		return "paused"
	case "resume":
		return "resumed"
	case "":
		return "acted on"
	}
	return Label(kind)
}

// Label reads a raw key as words: "name-first" is "First name", "selfie_photo" is "Selfie
// photo". What it does not know keeps its own words.
func Label(key string) string {
	switch strings.ReplaceAll(key, "_", "-") {
	case "name-first":
		return "First name"
	case "name-middle":
		return "Middle name"
	case "name-last":
		return "Last name"
	case "name-full":
		return "Full name"
	case "term":
		return "Joined"
	case "birthdate":
		return "Birth date"
	case "birthdate-year":
		return "Birth year"
	case "country-code", "address-country-code":
		return "Country"
	case "address-street-1":
		return "Street"
	case "address-street-2":
		return "Street, second line"
	case "address-city":
		return "City"
	case "address-subdivision":
		return "Region"
	case "address-postal-code":
		return "Postal code"
	case "email-address":
		return "Email"
	case "phone-number":
		return "Phone"
	case "reference-id":
		return "Reference"
	case "identification-number":
		return "Id number"
	}
	words := strings.Join(strings.FieldsFunc(key, func(r rune) bool {
		return r == '-' || r == '_' || r == '.' || r == '/' || r == ' ' || r == ':'
	}), " ")
	if words == "" {
		return "Unnamed"
	}
	if c := words[0]; c >= 'a' && c <= 'z' {
		words = string(c-'a'+'A') + words[1:]
	}
	return words
}
