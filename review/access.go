package review

import "time"

// AccessKind is what personal data somebody had before them.
type AccessKind string

const (
	AccessQueue       AccessKind = "queue"       // the list of reviews, which names subjects
	AccessSearch      AccessKind = "search"      // the same, found by a text; the text itself is not kept
	AccessReview      AccessKind = "review"      // a review, as it stands or stood; the object is its number
	AccessTransaction AccessKind = "transaction" // by Persona's id
	AccessResource    AccessKind = "resource"    // by type and id
	AccessPayload     AccessKind = "payload"     // by digest
	AccessFile        AccessKind = "file"        // by digest
	AccessParty       AccessKind = "party"       // by key: the page names the subjects that matched it
	AccessDecisions   AccessKind = "decisions"   // the list of decisions
	AccessExport      AccessKind = "export"      // what left as a file; the object says of what and in which format
	AccessRecord      AccessKind = "record"      // everything about a subject or by a colleague; the object says which
	AccessPages       AccessKind = "pages"       // another page that names subjects; the object is its path
)

// AccessKinds lists every value.
func AccessKinds() []AccessKind {
	return []AccessKind{AccessQueue, AccessSearch, AccessReview, AccessTransaction, AccessResource, AccessPayload, AccessFile, AccessParty,
		AccessDecisions, AccessExport, AccessRecord, AccessPages}
}

// Access is a colleague who had personal data before them, once or several times in a short while.
type Access struct {
	ID      int64
	By      ColleagueID
	ByName  string // as it is now
	What    AccessKind
	Object  string   // which one; never a name or a text that somebody typed
	Review  ReviewID // that it belongs to; 0 none
	FirstAt time.Time
	LastAt  time.Time // to within AccessLag, as N
	N       int
}

// Accesses of one object by one colleague are told apart when they begin AccessEvery after each
// other. A repeat in between is only counted, and may be on disk AccessLag later.
const (
	AccessEvery = 10 * time.Minute
	AccessLag   = time.Minute
)
