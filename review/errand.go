package review

import "time"

// ErrandID numbers errands from 1.
type ErrandID int64

// ErrandKind is what is to be fetched.
type ErrandKind string

const (
	ErrandResource ErrandKind = "resource" // the resource itself
	ErrandHistory  ErrandKind = "history"  // the runs of a report
	ErrandFiles    ErrandKind = "files"    // the files of a resource, by fresh links
	ErrandFollow   ErrandKind = "follow"   // a transaction that was screened from here, until its status settles
)

// ErrandKinds lists every value.
func ErrandKinds() []ErrandKind {
	return []ErrandKind{ErrandResource, ErrandHistory, ErrandFiles, ErrandFollow}
}

// ErrandState is how far an errand came.
type ErrandState string

const (
	ErrandWaiting ErrandState = "waiting"
	ErrandDone    ErrandState = "done"
	ErrandFailed  ErrandState = "failed" // given up: Persona says no, or does not have it
)

// ErrandStates lists every value.
func ErrandStates() []ErrandState { return []ErrandState{ErrandWaiting, ErrandDone, ErrandFailed} }

// Errand is one thing to fetch from Persona, once: another errand for the same thing and cause
// is the same errand, done or not.
type Errand struct {
	ID      ErrandID
	Kind    ErrandKind
	Ref     Ref
	Cause   string // why, in docket's words, with what must differ for it to be worth doing again: "thin <snapshot>"
	State   ErrandState
	Tries   int
	At      time.Time // wanted since
	NextAt  time.Time // not before
	Problem string    // what the last try met, in words for people; "" when it met nothing
}

// ErrandCounts counts errands by state.
type ErrandCounts struct{ Waiting, Done, Failed int }

// HeldFile is a file of which we hold our own copy.
type HeldFile struct {
	Hash      Hash
	Ref       Ref    // the resource that names it
	Link      string // Persona's link without its secret: File.Link
	Name      string // as Persona called it: never used as a path
	Media     string // by content, not by what was said: image/jpeg, image/png, application/pdf, else application/octet-stream
	Bytes     int64
	FetchedAt time.Time
}
