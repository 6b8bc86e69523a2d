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
	ActScreened     Act = "screened" // asked Persona to screen somebody
	ActLinked       Act = "linked"   // made a link for the subject of an inquiry
	ActPushed       Act = "pushed"   // one attempt to tell Persona, however it ended
	ActEchoed       Act = "echoed"   // Persona's own state says what it was told
	ActDiverged     Act = "diverged" // Persona's state says something else than it was told
	ActTelling      Act = "telling"  // what Persona is told was changed
	ActUndone       Act = "undone"   // took back a finding of this review
	ActErased       Act = "erased"   // personal data erased here because Persona erased it
)

// Acts lists every value.
func Acts() []Act {
	return []Act{ActReviewOpened, ActReviewClosed, ActClaimed, ActReleased, ActNoted, ActDisposed,
		ActDecided, ActCorrected, ActRefused, ActColleague, ActScreened, ActLinked, ActPushed, ActEchoed,
		ActDiverged, ActTelling, ActUndone, ActErased}
}

// Entry is one line of the append-only trail.
type Entry struct {
	ID         EntryID
	Review     ReviewID // 0: about no review
	At         time.Time
	Act        Act
	By         ColleagueID // "" when docket itself acted
	ByName     string
	Finding    Finding    // disposed
	Outcome    Outcome    // decided, corrected, refused
	Reason     Reason     // disposed, decided, corrected
	Note       string     // noted, disposed, decided, corrected
	Matches    []MatchKey // disposed
	Status     string     // opened-review, closed-review: Persona's status, verbatim; others: what was done, in words
	Evidence   Hash       // digest of the evidence as it stood; zero when about no review
	Undoes     EntryID    // undone: the finding that was taken back
	Comparator string     // version of the rules in force; "" when about no review
}
