package review

import "time"

// GoingKind is what sort of thing an erasure takes.
type GoingKind string

const (
	GoingPayload    GoingKind = "payload"    // its parts that say something personal of the subject
	GoingUnread     GoingKind = "unread"     // a payload in quarantine that names the subject: all its bytes
	GoingState      GoingKind = "state"      // of a resource: what says something personal
	GoingFile       GoingKind = "file"       // fetched from behind a link
	GoingAttachment GoingKind = "attachment" // by a colleague
	GoingFinding    GoingKind = "finding"    // of which matches, parties and person
	GoingReasons    GoingKind = "reasons"    // of a finding: what they compare
	GoingText       GoingKind = "text"       // an entry's words and match keys
	GoingTold       GoingKind = "told"       // to Persona
	GoingSearch     GoingKind = "search"     // a row of queue and search
	GoingShared     GoingKind = "shared"     // a resource that is not the subject's alone: it stays
)

// GoingKinds lists every value, in the order of the list.
func GoingKinds() []GoingKind {
	return []GoingKind{GoingPayload, GoingUnread, GoingState, GoingFile, GoingAttachment, GoingFinding, GoingReasons, GoingText, GoingTold, GoingSearch, GoingShared}
}

// Going is one thing that an erasure of a subject takes, or leaves.
type Going struct {
	What  GoingKind
	ID    string    // a digest, type/id of a resource, or the number of an entry
	From  string    // where it is from: the source of a payload, the resource of a state, the act of an entry
	At    time.Time // received, of, or recorded
	N     int       // findings, reasons; 0 where one is one
	Size  int64     // bytes, 0 where that says nothing
	Left  int64     // bytes that are left of it
	Stays string    // why it, or what is left of it, stays; "" where nothing needs saying
}
