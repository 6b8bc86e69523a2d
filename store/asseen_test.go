package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// sameAsSeen compares a review as it was with what is now said that it was.
func sameAsSeen(t *testing.T, db *store.DB, was store.ReviewFile) {
	t.Helper()
	e := was.Entries[slices.IndexFunc(was.Entries, func(e review.Entry) bool { return e.Review == was.Review.ID })]
	got, err := db.AsSeenAt(t.Context(), was.Review.ID, e.ID)
	require.NoError(t, err, "%s", e.Act)
	was.Review.Claim = review.Claim{}
	want := store.SeenFile{Review: was.Review, Entry: e, Dossier: was.Dossier, Found: was.Found, Judged: was.Judged, Decisions: was.Decisions,
		Entries: was.Entries[slices.IndexFunc(was.Entries, func(x review.Entry) bool { return x.ID == e.ID }):]}
	require.Equal(t, want, got, "%s", e.Act)
}

// otherwise reads payloads as a later docket might: it understands less.
func otherwise(raw []byte) review.Reading {
	r := storetest.Read(raw)
	for i, s := range r.Snapshots {
		if s.Ref.Family() == "report" {
			s.Body = []byte(`{"facts":{"matches":[]}}`)
			s.Keys = []string{"matches"}
			s.Order.Snapshot = review.Sum(s.Body)
			r.Snapshots[i] = s
		}
	}
	return r
}

// Every entry that is ever written can be seen as it stood: whatever comes later, through a rebuild,
// and through a rebuild by a docket that reads payloads in another way.
func TestEveryEntryCanBeSeenAsItStood(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 7))
		d := newJudging(t)
		lead := storetest.Colleague(t, d.db, review.RoleLead)
		past := map[review.EntryID]store.ReviewFile{}
		note := func() {
			for _, r := range reviewsOf(t, d.db, "txn_1") {
				f := mustFile(t, d.db, r.ID)
				e := f.Entries[0]
				if _, had := past[e.ID]; had || e.Review != r.ID || e.Act == review.ActRefused {
					continue // a refusal names what the refused page showed
				}
				past[e.ID] = f
			}
		}
		note()
		matches := []string{"a", "b", "c"}
		for range 40 {
			d.clock.Advance(time.Minute)
			all := reviewsOf(t, d.db, "txn_1")
			d.id = all[len(all)-1].ID
			evidence := d.file().Review.Evidence.String()
			open := d.file().Dossier.OpenMatches()
			by := []review.ColleagueID{d.anna, d.anna, d.anna, lead}[rng.IntN(4)]
			// Whatever is refused leaves no entry, or the one of a refusal.
			switch rng.IntN(12) {
			case 0, 1:
				_, _ = d.db.Claim(t.Context(), d.id, by, by == lead)
			case 2:
				_ = d.db.Release(t.Context(), d.id, by)
			case 3:
				_, _ = d.db.AddNote(t.Context(), d.id, by, "Seen.")
			case 4, 5, 6:
				if len(open) > 0 {
					form := storetest.Finding(review.Findings()[rng.IntN(3)], evidence, open[rng.IntN(len(open))].Key)
					if rng.IntN(3) == 0 {
						form = d.apart(open[rng.IntN(len(open))].Key)
					}
					_, _ = d.db.Dispose(t.Context(), d.id, by, form)
				}
			case 7:
				if found := d.file().Found; len(found) > 0 {
					_, _ = d.db.Undo(t.Context(), d.id, by, found[rng.IntN(len(found))].Entry, evidence)
				}
			case 8:
				form := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "So be it.", Evidence: evidence}
				if rng.IntN(3) == 0 {
					form.Evidence = d.file().Entries[len(d.file().Entries)-1].Evidence.String()
				}
				_, _ = d.db.Decide(t.Context(), d.id, by, form)
				_, _ = d.db.Correct(t.Context(), d.id, by, form)
			case 9:
				status := []string{"needs_review", "needs_review", "approved"}[rng.IntN(3)]
				storetest.Import(t, d.db, storetest.Payload(storetest.Transaction("txn_1", status, d.clock.Now()).
					Fact("born", fmt.Sprintf("19%d-01-31", 60+rng.IntN(20)))))
			default:
				births := map[string]string{"a": fmt.Sprintf("19%d-05-06", 50+rng.IntN(20)), "b": "1970-01-31"}
				storetest.Import(t, d.db, storetest.Payload(storetest.Report("rep_txn_1", d.clock.Now(), matches[:1+rng.IntN(3)]...).Fact("births", births)))
			}
			note()
		}
		require.Greater(t, len(past), 8, "seed %d", seed)
		untouched := mustFile(t, d.db, storetest.Review(t, d.db, func(c *storetest.Case) { c.ID, c.Reference = "txn_2", "another" }))
		past[untouched.Entries[0].ID] = untouched
		verify := func(by *store.DB) {
			t.Helper()
			for _, f := range past {
				sameAsSeen(t, d.db, f)
			}
			// Also those that were followed by another in one act.
			for _, r := range reviewsOf(t, d.db, "txn_1") {
				for _, e := range mustFile(t, d.db, r.ID).Entries {
					assert.False(t, e.Evidence.IsZero())
					assert.Equal(t, review.ComparatorVersion, e.Comparator)
					_, err := d.db.AsSeenAt(t.Context(), e.Review, e.ID)
					require.NoError(t, err)
				}
			}
			problems, err := by.Check(t.Context())
			require.NoError(t, err)
			require.Empty(t, problems)
		}
		verify(d.db)
		projected, record := dump(t, d.path), kept(t, d.path)
		require.NoError(t, d.db.Rebuild(t.Context(), storetest.Read, nil))
		require.Equal(t, projected, dump(t, d.path), "seed %d", seed)
		require.Equal(t, record, kept(t, d.path), "seed %d", seed)
		verify(d.db)
		require.NoError(t, d.db.Rebuild(t.Context(), otherwise, nil))
		later, err := store.Open(t.Context(), d.path, store.Options{Hydrate: storetest.Hydrate, Read: otherwise, Clock: d.clock.Now})
		require.NoError(t, err)
		verify(later)
		require.NoError(t, later.Close())
	}
}

func TestEvidenceThatNobodyTouchedCostsNothingToKeep(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	file := raw(t, d.path)
	count := func() (n int) {
		require.NoError(t, file.QueryRow(`SELECT count(*) FROM evidence`).Scan(&n))
		return n
	}
	before := count()
	storetest.Review(t, d.db, func(c *storetest.Case) { c.ID = "txn_2" })
	assert.Equal(t, before, count(), "a new review's evidence lies in its states")
	storetest.Import(t, d.db, storetest.Payload(storetest.Report("rep_txn_2", storetest.Start, "a", "b")))
	assert.Equal(t, before+1, count(), "what the opening names gave way")
	for i := range 5 {
		storetest.Import(t, d.db, storetest.Payload(storetest.Report("rep_txn_2", storetest.Start.Add(time.Duration(i+1)*time.Hour), "a", "b", fmt.Sprint(i))))
	}
	assert.Equal(t, before+1, count(), "what no entry names is not kept")
}

func TestAnEntryIsSeenOnItsOwnReviewOnly(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	other := storetest.Review(t, d.db, func(c *storetest.Case) { c.ID = "txn_2" })
	entry := d.file().Entries[0].ID
	_, err := d.db.AsSeenAt(t.Context(), d.id, entry)
	require.NoError(t, err)
	for _, try := range [][2]int64{{int64(other), int64(entry)}, {int64(d.id), 999}, {999, int64(entry)}, {int64(d.id), 0}} {
		_, err := d.db.AsSeenAt(t.Context(), review.ReviewID(try[0]), review.EntryID(try[1]))
		require.ErrorIs(t, err, review.ErrNotFound, "%v", try)
	}
}

func TestEvidenceOfAnotherDigestIsAnError(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	storetest.Disposed(t, d.db, d.id, d.anna, review.TrueMatch)
	f := d.file()
	d.births("1971-01-31", map[string]string{"a": "1961-05-06"})
	later := d.file().Review.Evidence
	file := raw(t, d.path)
	// Somebody puts other evidence in the place of what was judged.
	_, err := file.Exec(`DROP TRIGGER evidence_holds; UPDATE evidence SET manifest = (SELECT manifest FROM evidence WHERE digest = ?) WHERE digest = ?`,
		later[:], f.Review.Evidence[:])
	require.NoError(t, err)
	_, err = d.db.AsSeenAt(t.Context(), d.id, f.Entries[0].ID)
	var other *store.DigestError
	require.ErrorAs(t, err, &other)
	assert.Equal(t, store.DigestError{Entry: f.Entries[0].ID, Recorded: f.Review.Evidence, Rebuilt: later}, *other)
	assert.Contains(t, err.Error(), f.Review.Evidence.String())
	assert.Contains(t, err.Error(), later.String())
	problems, err := d.db.Check(t.Context())
	require.NoError(t, err)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], f.Review.Evidence.String())

	_, err = file.Exec(`DROP TRIGGER evidence_stays; PRAGMA foreign_keys = off; DELETE FROM evidence WHERE digest = ?`, f.Review.Evidence[:])
	require.NoError(t, err)
	_, err = d.db.AsSeenAt(t.Context(), d.id, f.Entries[0].ID)
	require.ErrorAs(t, err, &other)
	require.NotErrorIs(t, err, review.ErrNotFound)
	problems, err = d.db.Check(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, problems)
}
