package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// spelled reads matches written as "name/vendor's id/year of birth/hours of first sight", all but
// the first may be left out; subjects are born in 1986. A fact "erased" empties a root.
func spelled(b review.Bundle) review.Dossier {
	d := storetest.Hydrate(b)
	d.Subject.Birthdate = review.Birthdate{From: review.PartialDate{Year: 1986}}
	if d.Transaction.Status.Value == "erased" {
		d.Transaction.Resource.Capture = review.CaptureRedacted
		d.Reports = nil
	}
	for i := range d.Reports {
		for j := range d.Reports[i].Matches {
			m := &d.Reports[i].Matches[j]
			parts := append(strings.Split(m.Identity, "/"), "", "", "")
			m.Names, m.EntityID, m.Party = []review.Name{{Value: parts[0]}}, parts[1], review.PartyPerson
			m.Listings = []review.Listing{{Name: "Register of " + parts[0], Slug: "register"}}
			if year, err := strconv.Atoi(parts[2]); err == nil {
				m.Birthdates = []review.Birthdate{{From: review.PartialDate{Year: year}}}
			}
			if hours, err := strconv.Atoi(parts[3]); err == nil {
				m.FirstSeen = at(hours)
			}
		}
	}
	return d
}

// register is a store whose matches are spelled.
func register(t *testing.T, path string) *store.DB {
	t.Helper()
	return storetest.OpenFile(t, path, func(o *store.Options) { o.Hydrate = spelled })
}

func screened(id string, matches ...string) []byte {
	return storetest.Case{ID: "txn_" + id, At: at(10), Status: "needs_review", Name: "Subject " + id, Reference: "order-" + id, Country: "PT", Matches: matches}.Payload()
}

// ownKey is the key that a spelled match has by itself.
func ownKey(match string) review.PartyKey {
	m := review.Match{Kind: review.KindWatchlist, Party: review.PartyPerson, Listings: []review.Listing{{Slug: "register"}}}
	parts := append(strings.Split(match, "/"), "", "")
	m.Names, m.EntityID = []review.Name{{Value: parts[0]}}, parts[1]
	if year, err := strconv.Atoi(parts[2]); err == nil {
		m.Birthdates = []review.Birthdate{{From: review.PartialDate{Year: year}}}
	}
	return m.PartyKey()
}

func reviewOf(t *testing.T, db *store.DB, id string) review.ReviewID {
	t.Helper()
	f, err := db.TransactionFile(t.Context(), review.TransactionID("txn_"+id))
	require.NoError(t, err)
	require.NotEmpty(t, f.Reviews)
	return f.Reviews[0].ID
}

// judges records a finding on all open matches of a review by a colleague.
func judges(t *testing.T, db *store.DB, id string, by review.ColleagueID, finding review.Finding, premises ...string) review.ReviewID {
	t.Helper()
	r := reviewOf(t, db, id)
	storetest.Claimed(t, db, r, by)
	f, err := db.ReviewFile(t.Context(), r)
	require.NoError(t, err)
	form := storetest.Finding(finding, f.Review.Evidence.String())
	if len(premises) > 0 {
		form.Premises = premises
	}
	for _, m := range f.Dossier.OpenMatches() {
		form.Matches = append(form.Matches, m.Key)
	}
	_, err = db.Dispose(t.Context(), r, by, form)
	require.NoError(t, err)
	return r
}

func party(t *testing.T, db *store.DB, key review.PartyKey) store.PartyFile {
	t.Helper()
	f, err := db.Party(t.Context(), store.PartyQuery{Key: key})
	require.NoError(t, err)
	return f
}

func matchesOf(f store.PartyFile) []string {
	var all []string
	for _, r := range f.Rows {
		all = append(all, r.Subject+": "+r.Name)
	}
	slices.Sort(all)
	return all
}

func TestAPartyAnswersToEveryKeyThatItIsKnownBy(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	storetest.Import(t, db,
		screened("a", "Orlan Kasymbek/E1/1979", "Orlan Kasymbek"), // stood together: the same name, nothing sets them apart
		screened("b", "Orlan Kasymbek"),
		screened("c", "O. T. Kasymbekov/E1/1979"), // the vendor says that it is the same
		screened("d", "Someone Else"))
	byID, byName := ownKey("x/E1"), ownKey("Orlan Kasymbek")
	want := []string{"Subject a: Orlan Kasymbek", "Subject a: Orlan Kasymbek", "Subject b: Orlan Kasymbek", "Subject c: O. T. Kasymbekov"}
	for _, key := range []review.PartyKey{byID, byName} {
		f := party(t, db, key)
		assert.Equal(t, want, matchesOf(f))
		assert.Equal(t, key, f.Keys[0].Key, "the one asked for comes first")
		assert.Len(t, f.Keys, 2)
		assert.Equal(t, review.Count{N: 3}, f.Subjects)
		require.Len(t, f.Merges, 1)
		m := f.Merges[0]
		assert.ElementsMatch(t, []review.PartyKey{byID, byName}, []review.PartyKey{m.One, m.Other})
		assert.Equal(t, "same name, nothing sets them apart", m.By)
		assert.Equal(t, []review.ReviewID{reviewOf(t, db, "a")}, m.Reviews)
		assert.Equal(t, 1, m.Matches)
	}
	assert.Equal(t, []string{"Subject d: Someone Else"}, matchesOf(party(t, db, ownKey("Someone Else"))))
	_, err := db.Party(t.Context(), store.PartyQuery{Key: ownKey("Nobody")})
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestAMergeIsTakenBackWithWhatItRestedOn(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	storetest.Import(t, db, screened("a", "Orlan Kasymbek/E1", "Orlan Kasymbek"), screened("b", "Orlan Kasymbek"))
	require.Len(t, party(t, db, ownKey("x/E1")).Keys, 2)
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_a", at(20), "Orlan Kasymbek/E1", "Orlan Kasymbek/E2"))) // two ids of one list: two people
	assert.Equal(t, []string{"Subject a: Orlan Kasymbek"}, matchesOf(party(t, db, ownKey("x/E1"))))
	assert.Equal(t, []string{"Subject b: Orlan Kasymbek"}, matchesOf(party(t, db, ownKey("Orlan Kasymbek"))))
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestAPartyShowsWhatWasFoundAndWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := register(t, path)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	storetest.Import(t, db, screened("a", "Orlan Kasymbek//1979"), screened("b", "Orlan Kasymbek//1979"))
	key := ownKey("Orlan Kasymbek//1979")
	assert.Empty(t, party(t, db, key).Judged)

	r := judges(t, db, "a", anna, review.CannotTell)
	judges(t, db, "a", anna, review.FalsePositive, "birth-years-apart:7")
	f := party(t, db, key)
	assert.Equal(t, map[review.Finding]int{review.FalsePositive: 1}, f.Judged, "the newest finding on each subject")
	only, err := db.Party(t.Context(), store.PartyQuery{Key: key, Finding: review.FalsePositive})
	require.NoError(t, err)
	require.Len(t, only.Rows, 1)
	found := only.Rows[0].Found
	require.NotNil(t, found)
	assert.Equal(t, r, only.Rows[0].Review)
	assert.Equal(t, anna, found.By)
	require.Len(t, found.Premises, 1)
	assert.Equal(t, "birth-years-apart:7", found.Premises[0].Key())
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)

	_, err = db.Undo(t.Context(), r, anna, found.Entry, storetest.Digest(t, db, r))
	require.NoError(t, err)
	assert.Equal(t, map[review.Finding]int{review.CannotTell: 1}, party(t, db, key).Judged, "the finding before it holds again")

	before := dump(t, path)
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, before, dump(t, path))
}

func TestAJudgedMatchStaysOnItsPartyWhenItIsGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := register(t, path)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	storetest.Import(t, db, screened("a", "Orlan Kasymbek//1979"))
	key := ownKey("Orlan Kasymbek//1979")
	judges(t, db, "a", anna, review.FalsePositive)
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_a", at(20))))
	f := party(t, db, key)
	require.Len(t, f.Rows, 1)
	assert.Equal(t, review.ListedGone, f.Rows[0].State)
	assert.Equal(t, review.FalsePositive, f.Rows[0].Found.Finding)
	assert.Equal(t, review.KindWatchlist, f.Rows[0].Kind)

	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_a", "erased", at(30))))
	_, err := db.Party(t.Context(), store.PartyQuery{Key: key})
	require.ErrorIs(t, err, review.ErrNotFound, "an erased root leaves nothing here")
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestAPartyIsReadPageByPage(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	var payloads [][]byte
	for i := range 23 {
		matches := []string{fmt.Sprintf("Orlan Kasymbek/E1//%d", i%5), "Orlan Kasymbek"}
		payloads = append(payloads, screened(fmt.Sprint(i), matches[:1+i%2]...))
	}
	storetest.Import(t, db, payloads...)
	seen := map[string]bool{}
	last := time.Now()
	pages, after := 0, ""
	for {
		f, err := db.Party(t.Context(), store.PartyQuery{Key: ownKey("Orlan Kasymbek"), After: after, Limit: 5})
		require.NoError(t, err)
		for _, r := range f.Rows {
			id := r.Subject + string(r.Match)
			assert.False(t, seen[id], "twice: %s", id)
			seen[id] = true
			assert.False(t, r.FirstSeen.After(last), "newest first")
			last = r.FirstSeen
		}
		pages++
		if after = f.Next; after == "" {
			break
		}
	}
	assert.Len(t, seen, 23+11)
	assert.Equal(t, 7, pages)
	for _, cursor := range []string{"x", "1", "1.a", "1.a.b", ".."} {
		_, err := db.Party(t.Context(), store.PartyQuery{Key: ownKey("Orlan Kasymbek"), After: cursor})
		require.ErrorIs(t, err, review.ErrNotFound, cursor)
	}
}

func TestPartiesDoNotHangOnTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	pool := []string{"Orlan Kasymbek/E1/1979/3", "Orlan Kasymbek", "Orlan Kasymbek/E2", "O. Kasymbek/E1", "Temur Vask//1951", "Temur Vask", "Temur Vask/E3/1950"}
	rng := rand.New(rand.NewPCG(5, 5))
	var payloads [][]byte
	for i := range 12 {
		id := fmt.Sprint(i)
		payloads = append(payloads, screened(id, pool[rng.IntN(len(pool))], pool[rng.IntN(len(pool))]),
			storetest.Payload(storetest.Report("rep_txn_"+id, at(11+i), pool[rng.IntN(len(pool))], pool[rng.IntN(len(pool))], pool[rng.IntN(len(pool))])))
	}
	first := filepath.Join(t.TempDir(), "first.db")
	storetest.Import(t, register(t, first), payloads...)
	want := dump(t, first)
	require.Contains(t, want, "kin\t", "some stood together")
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 2))
		shuffled := slices.Clone(payloads)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		path := filepath.Join(t.TempDir(), "shuffled.db")
		db := register(t, path)
		for len(shuffled) > 0 {
			n := min(1+r.IntN(4), len(shuffled))
			storetest.Import(t, db, shuffled[:n]...)
			shuffled = shuffled[n:]
		}
		if got := dump(t, path); got != want {
			t.Fatalf("seed %d: %s", seed, firstDifference(want, got))
		}
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, "seed %d", seed)
	}
}

func TestCheckFindsDamageToListedMatches(t *testing.T) {
	t.Parallel()
	for what, harm := range map[string]string{
		"listed match of no review":    `UPDATE listed SET review = review + 100`,
		"a finding that is none":       `UPDATE listed SET entry = 99, finding = 'true_match'`,
		"listed match without its":     `UPDATE listed SET entry = 0, finding = ''`,
		"another finding than its":     `UPDATE listed SET finding = ''`,
		"kin of keys that never stood": `INSERT INTO kin VALUES ('a', 'b', 1)`,
		"keys that stood together":     `DELETE FROM kin`,
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := register(t, path)
		anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
		storetest.Import(t, db, screened("a", "Orlan Kasymbek/E1", "Orlan Kasymbek"))
		judges(t, db, "a", anna, review.FalsePositive)
		_, err := raw(t, path).Exec(harm)
		require.NoError(t, err)
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Contains(t, strings.Join(problems, "\n"), what)
	}
}
