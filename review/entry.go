package review

import "time"

// Act is what an entry records.
type Act string

const (
	ActReviewOpened Act = "opened-review"
	ActReviewClosed Act = "closed-review" // from outside
	ActClaimed      Act = "claimed"
	ActReleased     Act = "released"
	ActNoted        Act = "noted"
	ActDisposed     Act = "disposed"
	ActDecided      Act = "decided"
	ActCorrected    Act = "corrected"
	ActRefused      Act = "refused" // a decision on evidence that had moved
	ActColleague    Act = "colleague"
	ActScreened     Act = "screened"  // asked Persona to screen somebody
	ActLinked       Act = "linked"    // made a link for the subject of an inquiry
	ActPushed       Act = "pushed"    // one attempt to tell Persona, however it ended
	ActEchoed       Act = "echoed"    // Persona's own state says what it was told
	ActDiverged     Act = "diverged"  // Persona's state says something else than it was told
	ActTelling      Act = "telling"   // what Persona is told was changed
	ActUndone       Act = "undone"    // took back a finding of this review
	ActErased       Act = "erased"    // personal data was erased here
	ActApproved     Act = "approved"  // a second person agreed to a decision
	ActReturned     Act = "returned"  // a second person sent a decision back
	ActFellBack     Act = "fell-back" // a decision that waited for a second person went back, as the evidence moved
	ActWaiting      Act = "waiting"   // parked until the customer answers, or a day comes
	ActWoken        Act = "woken"     // waiting ended
	ActEscalated    Act = "escalated" // handed to a lead
	ActAttached     Act = "attached"  // a file was added
	ActSeen         Act = "seen"      // had the evidence of an open review before them
	ActSampled      Act = "sampled"   // drawn by lot for a second, blind look
	ActExamined     Act = "examined"  // the second, blind look
	ActResolved     Act = "resolved"  // a lead settled what two looks disagree on
	ActPolicy       Act = "policy"    // a version of the policy was proposed, put in force or withdrawn
	ActExported     Act = "exported"  // the record left: an export or an evidence pack
	ActHold         Act = "hold"      // a legal hold was set or lifted
	ActErasure      Act = "erasure"   // an erasure was asked for, agreed to or refused
)

// Acts lists every value.
func Acts() []Act {
	return []Act{ActReviewOpened, ActReviewClosed, ActClaimed, ActReleased, ActNoted, ActDisposed,
		ActDecided, ActCorrected, ActRefused, ActColleague, ActScreened, ActLinked, ActPushed, ActEchoed,
		ActDiverged, ActTelling, ActUndone, ActErased, ActApproved, ActReturned, ActFellBack, ActWaiting,
		ActWoken, ActEscalated, ActAttached, ActSeen, ActSampled, ActExamined, ActResolved, ActPolicy, ActExported,
		ActHold, ActErasure}
}

// Entry is one line of the append-only trail.
type Entry struct {
	ID         EntryID
	Review     ReviewID // 0: about no review
	At         time.Time
	Act        Act
	By         ColleagueID // "" when docket itself acted
	ByName     string
	Finding    Finding           // disposed
	Outcome    Outcome           // decided, corrected, refused; approved, returned, fell-back: of the decision
	Reason     Reason            // disposed, decided, corrected
	Note       string            // noted, disposed, decided, corrected
	Matches    []MatchKey        // disposed
	Status     string            // opened-review, closed-review: Persona's status, verbatim; others: what was done, in words
	Evidence   Hash              // digest of the evidence as it stood; zero when about no review
	Undoes     EntryID           // undone: the finding that was taken back
	Answers    EntryID           // approved, returned, fell-back: the decision; examined, resolved: what was drawn
	Detail     map[string]string // what else the act says, in public: never personal data
	Comparator string            // version of the rules in force; "" when about no review
	Policy     PolicyVersion     // in force then
}
