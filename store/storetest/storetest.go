// Package storetest gives tests a throwaway store and small payloads of an invented shape: a
// list of states, each with named facts. It knows nothing of Persona's JSON; what it reads and
// hydrates follows the same rules (a newer state wins fact by fact, a missing fact denies
// nothing), so that tests of the store need no other room.
package storetest

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// Start is the first instant of every test clock.
var Start = time.Date(2026, 6, 18, 9, 0, 0, 0, time.UTC)

// Clock is a clock that moves only when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that stands at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now is the instant at which the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Open gives a new store in a file of its own, with Hydrate of this package and a clock that
// stands still, unless the edits say otherwise. It is closed when the test ends.
func Open(t testing.TB, edits ...func(*store.Options)) *store.DB {
	t.Helper()
	return OpenFile(t, filepath.Join(t.TempDir(), "docket.db"), edits...)
}

// OpenFile opens a store in the named file.
func OpenFile(t testing.TB, path string, edits ...func(*store.Options)) *store.DB {
	t.Helper()
	o := store.Options{Clock: NewClock().Now, Hydrate: Hydrate, Read: Read}
	for _, edit := range edits {
		edit(&o)
	}
	db, err := store.Open(t.Context(), path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// WithClock is an edit for Open.
func WithClock(c *Clock) func(*store.Options) {
	return func(o *store.Options) { o.Clock = c.Now }
}

// Colleague adds a colleague of a role, named after it, and gives their sign-in name. More of
// one role take further names.
func Colleague(t testing.TB, db *store.DB, role review.Role, name ...string) review.ColleagueID {
	t.Helper()
	id := string(role)
	if len(name) > 0 {
		id = name[0]
	}
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: review.ColleagueID(id), Name: "Colleague " + id, Role: role},
		"no password", ""))
	return review.ColleagueID(id)
}

// Import keeps, reads and absorbs payloads, all in one call each.
func Import(t testing.TB, db *store.DB, payloads ...[]byte) store.Absorbed {
	t.Helper()
	arrivals := make([]review.Arrival, len(payloads))
	readings := make([]review.Reading, len(payloads))
	for i, p := range payloads {
		arrivals[i] = review.Arrival{Bytes: p, Source: "import", About: "test"}
		readings[i] = Read(p)
	}
	_, err := db.Keep(t.Context(), arrivals)
	require.NoError(t, err)
	got, err := db.Absorb(t.Context(), readings)
	require.NoError(t, err)
	return got
}

// Case is a transaction in review, as Review makes it.
type Case struct {
	ID        string    // of the transaction
	At        time.Time // when it entered review
	Status    string
	Name      string
	Reference string
	Country   string
	Tags      []string
	Matches   []string          // of its one report; nil: no report
	Born      string            // of the subject, "1970-01-31"; "" unknown
	Births    map[string]string // by match
	Account   string            // that the transaction names; "" none
}

// With edits of a case.
type Edit func(*Case)

// WithMatches gives the case's report so many open matches.
func WithMatches(n int) Edit {
	return func(c *Case) {
		c.Matches = []string{}
		for i := range n {
			c.Matches = append(c.Matches, string(rune('a'+i)))
		}
	}
}

// WithBirths gives the subject a birth date, and some matches one each: "1970-01-31".
func WithBirths(subject string, matches map[string]string) Edit {
	return func(c *Case) { c.Born, c.Births = subject, matches }
}

// Review imports one transaction that waits for a person, with a watchlist report of one
// match, and gives the review that it opened.
func Review(t testing.TB, db *store.DB, edits ...Edit) review.ReviewID {
	t.Helper()
	c := Case{ID: "txn_1", At: Start.Add(-time.Hour), Status: "needs_review", Name: "Ines Okafor", Reference: "order-1",
		Country: "PT", Matches: []string{"a"}}
	for _, edit := range edits {
		edit(&c)
	}
	Import(t, db, c.Payload())
	f, err := db.TransactionFile(t.Context(), review.TransactionID(c.ID))
	require.NoError(t, err)
	require.NotEmpty(t, f.Reviews, "the case opened no review")
	return f.Reviews[0].ID
}

// Payload is the case in one payload.
func (c Case) Payload() []byte {
	txn := Transaction(c.ID, c.Status, c.At).Fact("subject", c.Name).Fact("reference", c.Reference).Fact("country", c.Country)
	if c.Tags != nil {
		txn = txn.Fact("tags", c.Tags)
	}
	if c.Born != "" {
		txn = txn.Fact("born", c.Born)
	}
	if c.Account != "" {
		txn = txn.Link("related-objects", review.Ref{Type: "account", ID: c.Account})
	}
	states := []State{txn}
	if c.Matches != nil {
		report := Report("rep_"+c.ID, c.At, c.Matches...)
		if c.Births != nil {
			report = report.Fact("births", c.Births)
		}
		states[0] = txn.Link("related-objects", review.Ref{Type: report.Type, ID: report.ID})
		states = append(states, report)
	}
	return Payload(states...)
}

// Digest gives the evidence digest that a form of the review must carry now.
func Digest(t testing.TB, db *store.DB, id review.ReviewID) string {
	t.Helper()
	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	return f.Review.Evidence.String()
}

// Claimed makes a colleague hold a review.
func Claimed(t testing.TB, db *store.DB, id review.ReviewID, by review.ColleagueID) {
	t.Helper()
	_, err := db.Claim(t.Context(), id, by, false)
	require.NoError(t, err)
}

// Finding is a form that gives one finding to some matches on grounds that are said in the note: such
// a finding can be recorded on any match, and nothing of it can be tested later.
func Finding(finding review.Finding, evidence string, matches ...review.MatchKey) review.DispositionForm {
	return review.DispositionForm{Matches: matches, Finding: finding, Reason: review.ReasonOther, Note: "Compared by hand.", Evidence: evidence,
		Premises: []string{string(review.PremiseOther)}, Missing: []review.Fact{review.FactOther}}
}

// Disposed records a finding on every open match of a review that the colleague holds.
func Disposed(t testing.TB, db *store.DB, id review.ReviewID, by review.ColleagueID, finding review.Finding) {
	t.Helper()
	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	form := Finding(finding, f.Review.Evidence.String())
	for _, m := range f.Dossier.OpenMatches() {
		form.Matches = append(form.Matches, m.Key)
	}
	_, err = db.Dispose(t.Context(), id, by, form)
	require.NoError(t, err)
}

// Agreed has a second person agree to the decision of a review, when it waits for one: a lead whom
// nobody else plays.
func Agreed(t testing.TB, db *store.DB, id review.ReviewID) {
	t.Helper()
	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	if f.Review.State != review.StateApproval {
		return
	}
	const second = "second-person"
	if _, err := db.Colleague(t.Context(), second); err != nil {
		Colleague(t, db, review.RoleLead, second)
	}
	_, err = db.Approve(t.Context(), id, second, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: f.Review.Evidence.String()})
	require.NoError(t, err)
}
