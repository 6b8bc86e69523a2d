package review

import "time"

// Look is a colleague who had a review open, with the evidence that the page showed.
type Look struct {
	Review   ReviewID
	By       ColleagueID
	ByName   string
	Evidence Hash
	At       time.Time // the newest time, to within LookEvery
}

// LookEvery is how often the same look is recorded at most.
const LookEvery = 10 * time.Minute
