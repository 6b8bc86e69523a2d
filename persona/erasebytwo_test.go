package persona_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/klauspost/compress/s2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// words are what colleagues wrote of a person, each in a place of its own.
func words(id string) []string {
	var all []string
	for _, where := range []string{"note", "finding", "decision", "approval", "return", "wait", "file", "attached", "hold", "lift", "correction"} {
		all = append(all, where+"-words-on-"+id)
	}
	return all
}

// told is everything personal of the two people of both(), as it lies in the file before anything goes.
func told(id string) []string {
	switch id {
	case "zq":
		return slices.Concat(planted, words(id))
	case "mo":
		return append(words(id), "Marlis", "Ovenbeck", "marlis", "ovenbeck", "1980-01-02", "Lower Pell", "order-mo-1", "tag-mo", "Marliss Ovenbekk",
			"mo-selfie", "MO9911", "remark on mo")
	}
	return nil
}

// work does everything that can be done to a person's review, with words everywhere, and closes it.
func (d *eraseDesk) work(id string, reviewer, lead, other review.ColleagueID) review.ReviewID {
	t := d.t
	t.Helper()
	say := func(where string) string { return "Some " + where + "-words-on-" + id }
	file, err := d.db.TransactionFile(t.Context(), review.TransactionID("txn_"+id))
	require.NoError(t, err)
	require.Len(t, file.Reviews, 1)
	rev := file.Reviews[0].ID
	storetest.Claimed(t, d.db, rev, reviewer)
	shown := func() review.Dossier {
		f, err := d.db.ReviewFile(t.Context(), rev)
		require.NoError(t, err)
		require.NoError(t, d.db.Look(t.Context(), rev, reviewer, f.Review.Evidence))
		return f.Dossier
	}
	evidence := func() string {
		f, err := d.db.ReviewFile(t.Context(), rev)
		require.NoError(t, err)
		return f.Review.Evidence.String()
	}
	require.NoError(t, d.db.KeepFile(t.Context(), review.HeldFile{Ref: review.Ref{Type: "verification/government-id", ID: "ver_" + id},
		Link: "https://files.withpersona.com/" + id + "-selfie.jpg", Name: id + "-selfie.jpg", Media: "image/jpeg"}, []byte("picture "+id+"-selfie")))
	_, err = d.db.AddNote(t.Context(), rev, reviewer, say("note"))
	require.NoError(t, err)
	_, err = d.db.Attach(t.Context(), rev, reviewer, review.AttachmentForm{Name: say("file") + ".pdf", Body: []byte("%PDF-1.4\n" + say("attached") + "\n%%EOF\n")})
	require.NoError(t, err)
	_, err = d.db.Wait(t.Context(), rev, reviewer, review.WaitForm{Missing: []review.Fact{review.Facts()[0]}, Note: say("wait")})
	require.NoError(t, err)
	require.NoError(t, d.db.Wake(t.Context(), rev, reviewer))
	storetest.Claimed(t, d.db, rev, reviewer)
	form := review.DispositionForm{Finding: review.TrueMatch, Reason: review.ReasonName, Note: say("finding"), Evidence: evidence()}
	for _, m := range shown().OpenMatches() {
		form.Matches = append(form.Matches, m.Key)
	}
	_, err = d.db.Dispose(t.Context(), rev, reviewer, form)
	require.NoError(t, err)
	decline := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch, Note: say("decision"), Evidence: evidence()}
	for _, answer := range []review.ApprovalForm{{Answer: review.AnswerReturn, Note: say("return")}, {Answer: review.AnswerApprove, Note: say("approval")}} {
		_, err = d.db.Decide(t.Context(), rev, reviewer, decline)
		require.NoError(t, err)
		answer.Evidence = evidence()
		_, err = d.db.Approve(t.Context(), rev, lead, answer)
		require.NoError(t, err)
	}
	correction := decline
	correction.Note = say("correction")
	_, err = d.db.Correct(t.Context(), rev, lead, correction)
	require.NoError(t, err)
	if f, err := d.db.ReviewFile(t.Context(), rev); err == nil && f.Review.State == review.StateApproval {
		_, err = d.db.Approve(t.Context(), rev, other, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: evidence()})
		require.NoError(t, err)
	}
	hold, err := d.db.SetHold(t.Context(), lead, review.HoldForm{Object: rev.String(), Words: say("hold")})
	require.NoError(t, err)
	require.NoError(t, d.db.LiftHold(t.Context(), hold, other, say("lift")))
	for { // Persona takes what it is told
		due, err := d.db.DuePushes(t.Context(), 10)
		require.NoError(t, err)
		if len(due) == 0 {
			break
		}
		for _, p := range due {
			require.NoError(t, d.db.PushTried(t.Context(), p.ID, review.PushTry{Sent: true, Settled: true, Request: "req_" + id}))
		}
	}
	return rev
}

// subject is the id of a review's subject.
func (d *eraseDesk) subject(rev review.ReviewID) review.SubjectID {
	s, _, _, err := d.db.RetentionOf(d.t.Context(), rev)
	require.NoError(d.t, err)
	return s
}

// everywhere says which of some texts are anywhere: in the bytes of a database file and its log, in any
// column of any table as it is or compressed, or among the words of the search index.
func everywhere(t *testing.T, path string, texts []string) []string {
	t.Helper()
	var all bytes.Buffer
	for _, f := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(f)
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		all.Write(b)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(t.Context(), `CREATE VIRTUAL TABLE temp.vocab USING fts5vocab(main, search, 'row')`)
	require.NoError(t, err)
	for _, table := range append(column(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`), "temp.vocab") {
		rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+table)
		require.NoError(t, err, table)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for _, v := range values {
				switch v := (*v.(*any)).(type) {
				case string:
					all.WriteString("\n" + v)
				case []byte:
					all.WriteString("\n")
					all.Write(v)
					if raw, err := s2.Decode(nil, v); err == nil {
						all.Write(raw)
					}
				}
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	var found []string
	for _, s := range texts {
		if bytes.Contains(all.Bytes(), []byte(s)) {
			found = append(found, s)
		}
	}
	return found
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(t, rows.Err())
	return all
}

// agreed has two people agree that some subjects go.
func (d *eraseDesk) agreed(by, second review.ColleagueID, subjects ...review.SubjectID) review.EntryID {
	d.t.Helper()
	request, err := d.db.AskErasure(d.t.Context(), by, review.ErasureForm{Subjects: subjects, Ground: review.GroundOrder, Words: "ask-words of Zorvane"})
	require.NoError(d.t, err)
	r, _, changed, err := d.db.ErasureRequest(d.t.Context(), request)
	require.NoError(d.t, err)
	require.False(d.t, changed)
	require.NoError(d.t, d.db.AnswerErasure(d.t.Context(), request, second, review.ErasureAgree, r.List.String(), "agree-words of Zorvane"))
	return request
}

// houseOf is a desk with three colleagues, on which everything was done to two people.
func houseOf(t *testing.T) (d *eraseDesk, zq, mo review.ReviewID, people [3]review.ColleagueID) {
	t.Helper()
	d = newEraseDesk(t)
	people = [3]review.ColleagueID{storetest.Colleague(t, d.db, review.RoleReviewer), storetest.Colleague(t, d.db, review.RoleLead),
		storetest.Colleague(t, d.db, review.RoleAdmin)}
	require.NoError(t, d.db.SetTelling(t.Context(), review.Telling{Status: true, Fields: true,
		Types: []review.TypeTelling{{Approved: "approved", Declined: "declined", ReasonField: "why", NoteField: "words", ByField: "who"}}}, people[2]))
	d.take(both()...)
	zq, mo = d.work("zq", people[0], people[1], people[2]), d.work("mo", people[0], people[1], people[2])
	return d, zq, mo, people
}

// whole says of how many sealed fields the value is gone, of a ledger that verifies.
func whole(t *testing.T, db *store.DB) int64 {
	t.Helper()
	report, err := db.VerifyLedger(t.Context(), store.LedgerCheck{})
	require.NoError(t, err)
	require.Nil(t, report.Break)
	require.Positive(t, report.Size)
	return report.Erased
}

func TestWhatTwoPeopleEraseIsNowhereAnyMore(t *testing.T) {
	t.Parallel()
	d, zq, mo, people := houseOf(t)
	require.Equal(t, told("zq"), everywhere(t, d.path, told("zq")), "the person must be there to be erased")
	require.Equal(t, told("mo"), everywhere(t, d.path, told("mo")))
	var keys []string
	f, err := d.db.ReviewFile(t.Context(), zq)
	require.NoError(t, err)
	for _, found := range f.Found {
		keys = append(keys, string(found.Match), string(found.Party))
	}
	require.NotEmpty(t, keys)
	before := f
	assert.Zero(t, whole(t, d.db), "nothing is erased yet")

	request := d.agreed(people[1], people[2], d.subject(zq))
	d.erase()
	gone := slices.Concat(told("zq"), keys, []string{"ask-words", "agree-words"})
	assert.Empty(t, everywhere(t, d.path, gone))
	assert.Equal(t, told("mo"), everywhere(t, d.path, told("mo")), "the other person stays, all of them")
	emptied := whole(t, d.db)
	assert.Positive(t, emptied)
	d.clean()
	backup := filepath.Join(t.TempDir(), "backup.db")
	_, err = d.db.Backup(t.Context(), backup)
	require.NoError(t, err)
	assert.Empty(t, everywhere(t, backup, gone), "nor in a backup made afterwards")
	assert.Equal(t, told("mo"), everywhere(t, backup, told("mo")))
	copied := storetest.OpenFile(t, backup, func(o *store.Options) {
		o.Hydrate, o.Pushes, o.Reduce, o.Read = persona.Hydrate, persona.Pushes, persona.Reduce, persona.Read
	})
	assert.Equal(t, emptied, whole(t, copied))

	require.NoError(t, d.db.Rebuild(t.Context(), persona.Read, nil))
	d.clean()
	assert.Empty(t, everywhere(t, d.path, gone), "nor after a rebuild")
	assert.Equal(t, emptied, whole(t, d.db))

	// What is left says what happened.
	r, subjects, _, err := d.db.ErasureRequest(t.Context(), request)
	require.NoError(t, err)
	assert.True(t, r.Done())
	assert.Equal(t, 1, r.Erased)
	assert.Equal(t, "erased", subjects[0].State)
	f, err = d.db.ReviewFile(t.Context(), zq)
	require.NoError(t, err)
	assert.Equal(t, review.StateClosed, f.Review.State)
	require.Len(t, f.Entries, len(before.Entries)+1, "every line keeps its place")
	e := f.Entries[0]
	assert.Equal(t, review.ActErased, e.Act)
	assert.Equal(t, string(review.GroundOrder), e.Detail[review.DetailGround])
	assert.Equal(t, string(people[1]), e.Detail[review.DetailAskedBy])
	assert.Equal(t, string(people[2]), e.Detail[review.DetailAgreed])
	spans, err := review.ParseEntrySpans(e.Detail[review.DetailEntries])
	require.NoError(t, err)
	for i, was := range before.Entries {
		now := f.Entries[i+1]
		named := slices.ContainsFunc(spans, func(s review.EntrySpan) bool { return s.First <= was.ID && was.ID <= s.Last })
		if was.Note != "" || was.Status != "" || len(was.Matches) > 0 {
			assert.True(t, named, "%s is named by the entry that erased it", was.Act)
		}
		was.Note, was.Status, was.Matches = "", "", nil
		assert.Equal(t, was, now, "nothing else of an entry changes")
	}
	require.Len(t, f.Decisions, len(before.Decisions))
	for i, was := range before.Decisions {
		assert.Equal(t, was.Tally, f.Decisions[i].Tally)
		assert.Equal(t, was.Outcome, f.Decisions[i].Outcome)
		_, err := d.db.AsSeenAt(t.Context(), zq, was.Entry)
		assert.ErrorIs(t, err, store.ErrErased)
	}
	require.Len(t, f.Found, len(before.Found))
	for i, was := range before.Found {
		assert.Equal(t, was.Finding, f.Found[i].Finding)
		assert.True(t, f.Found[i].Match.Erased())
	}
	var rows int
	require.NoError(t, d.db.EachDecision(t.Context(), store.DecisionQuery{}, func(store.DecisionRow) error { rows++; return nil }))
	assert.Positive(t, rows)
	by, err := d.db.ErasedBy(t.Context(), zq)
	require.NoError(t, err)
	require.NotNil(t, by)
	assert.Equal(t, request, by.Request)
	by, err = d.db.ErasedBy(t.Context(), mo)
	require.NoError(t, err)
	assert.Nil(t, by)

	// What Persona sends again, which knows of nothing, goes again, and intake says so.
	d.take(strings.ReplaceAll(person("zq", "Zorvane", "Quibblewick", "1971-03-09", "Brambleford", "order-zq-77", "Zorwane Quibelwick")[2], "remark on zq", "remark on zq, late"))
	require.NotEmpty(t, everywhere(t, d.path, []string{"remark on zq, late"}))
	d.erase()
	assert.Empty(t, everywhere(t, d.path, gone))
	n, _, err := d.db.SentAgain(t.Context(), time.Time{})
	require.NoError(t, err)
	assert.Positive(t, n)
	d.clean()
}

// A stop at any point of an erasure leaves it to be taken up, and the end is the same.
func TestAnErasureThatIsCutShortIsTakenUp(t *testing.T) {
	t.Parallel()
	gone := append(told("zq"), "ask-words", "agree-words")
	for stop := 1; ; stop++ {
		d, zq, _, people := houseOf(t)
		d.agreed(people[1], people[2], d.subject(zq))
		writes := 0
		require.NoError(t, d.db.Close())
		whole := false
		func() {
			db := storetest.OpenFile(t, d.path, func(o *store.Options) {
				o.Hydrate, o.Pushes, o.Read = persona.Hydrate, persona.Pushes, persona.Read
				o.Reduce = func(raw []byte, gone func(review.Ref, int64) bool) (review.Reduced, error) {
					if writes++; writes == stop {
						return review.Reduced{}, fmt.Errorf("the power went")
					}
					return persona.Reduce(raw, gone)
				}
			})
			_, err := db.Erase(t.Context())
			whole = err == nil
			require.NoError(t, db.Close())
		}()
		d.db = storetest.OpenFile(t, d.path, func(o *store.Options) {
			o.Hydrate, o.Pushes, o.Reduce, o.Read = persona.Hydrate, persona.Pushes, persona.Reduce, persona.Read
		})
		d.erase()
		require.Empty(t, everywhere(t, d.path, gone), "stopped at %d", stop)
		d.clean()
		if whole {
			return
		}
		require.Less(t, stop, 100)
		stop += stop / 2
	}
}

func TestALegalHoldKeepsEverythingAlsoFromPersona(t *testing.T) {
	t.Parallel()
	d, zq, _, people := houseOf(t)
	all := told("zq")
	hold, err := d.db.SetHold(t.Context(), people[1], review.HoldForm{Object: "order-zq-77", Words: "A court asked"})
	require.NoError(t, err)
	d.take(txnRedacted, actRedacted)
	d.erase()
	assert.Equal(t, all, everywhere(t, d.path, all), "Persona's redaction waits for the court")
	_, err = d.db.AskErasure(t.Context(), people[1], review.ErasureForm{Subjects: []review.SubjectID{d.subject(zq)}, Ground: review.GroundOrder, Words: "x"})
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
	assert.Contains(t, invalid.Error(), "legal hold")
	d.clean()
	require.NoError(t, d.db.LiftHold(t.Context(), hold, people[2], "The court is done"))
	d.erase()
	assert.NotContains(t, everywhere(t, d.path, all), "Zorvane", "and then it is done")
	d.clean()
}

// A hold that comes between agreeing and erasing wins.
func TestAHoldThatComesBetweenStopsAnErasure(t *testing.T) {
	t.Parallel()
	d, zq, _, people := houseOf(t)
	request := d.agreed(people[1], people[2], d.subject(zq))
	_, err := d.db.SetHold(t.Context(), people[1], review.HoldForm{Object: "txn_zq", Words: "A court asked"})
	require.NoError(t, err)
	d.erase()
	assert.Equal(t, told("zq"), everywhere(t, d.path, told("zq")))
	r, subjects, _, err := d.db.ErasureRequest(t.Context(), request)
	require.NoError(t, err)
	assert.True(t, r.Done())
	assert.Equal(t, 1, r.Kept)
	assert.Equal(t, "kept", subjects[0].State)
	d.clean()
}
