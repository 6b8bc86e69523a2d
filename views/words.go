package views

import "docket/review"

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
		return Tag{"Approval awaited", ToneAttention}
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
	case review.WhyErased:
		return "Erased"
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
		return "also agrees as second person, takes over claims and corrects decisions"
	case review.RoleAuditor:
		return "reads everything, writes nothing"
	case review.RoleAdmin:
		return "also looks after colleagues, the policy and what Persona is told"
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
	case review.ActScreened:
		return "asked Persona to screen somebody"
	case review.ActLinked:
		return "made a link for the subject"
	case review.ActPushed:
		return "Told Persona"
	case review.ActEchoed:
		return "Persona says the same"
	case review.ActDiverged:
		return "Persona says something else"
	case review.ActTelling:
		return "changed what Persona is told"
	case review.ActUndone:
		return "took back a finding"
	case review.ActErased:
		return "Personal data erased"
	case review.ActApproved:
		return "agreed as second person"
	case review.ActReturned:
		return "sent the decision back"
	case review.ActFellBack:
		return "The decision went back, as the evidence moved"
	case review.ActWaiting:
		return "is waiting for the customer"
	case review.ActWoken:
		return "The waiting ended"
	case review.ActEscalated:
		return "handed it to a lead"
	case review.ActAttached:
		return "attached a file"
	case review.ActSeen:
		return "looked at it"
	case review.ActSampled:
		return "Drawn by lot for a second look"
	case review.ActExamined:
		return "gave it a second look"
	case review.ActResolved:
		return "settled two looks that disagreed"
	case review.ActPolicy:
		return "changed the policy"
	case review.ActExported:
		return "took a copy of the record"
	case review.ActHold:
		return "changed a legal hold"
	case review.ActErasure:
		return "acted on an erasure"
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

// CheckpointWords says why a checkpoint was signed.
func CheckpointWords(w review.CheckpointWhy) string {
	switch w {
	case review.CheckpointAsked:
		return "somebody asked"
	case review.CheckpointTime:
		return "it was time"
	case review.CheckpointGrown:
		return "many entries came"
	case review.CheckpointExported:
		return "an export left"
	case review.CheckpointEvidence:
		return "an evidence pack left"
	case review.CheckpointStarted:
		return "the first"
	case review.CheckpointStopped:
		return "docket stopped"
	}
	return odd(string(w))
}
