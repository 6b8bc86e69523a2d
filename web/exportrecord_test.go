package web_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
	"docket/web"
)

// judged is a store with one review on which one match was cleared by the years of birth, one left
// open for want of a date, and one finding was taken back.
func judged(t *testing.T) (*store.DB, []review.Disposition) {
	t.Helper()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(3), storetest.WithBirths("1970-01-31", map[string]string{"a": "1961-05-06"}),
		func(c *storetest.Case) { c.Name = "=Ines Okafor" })
	storetest.Claimed(t, db, id, anna)
	evidence := storetest.Digest(t, db, id)
	key := func(m string) []review.MatchKey { return []review.MatchKey{storetest.Key("rep_txn_1", m)} }
	var all []review.Disposition
	for _, form := range []review.DispositionForm{
		{Matches: key("a"), Finding: review.FalsePositive, Reason: review.ReasonBirthdate, Note: "Said\nin words", Premises: []string{"birth-years-apart:9", "other"}},
		{Matches: key("b"), Finding: review.CannotTell, Reason: review.ReasonBirthdate, Missing: []review.Fact{review.FactBirthdateMatch, review.FactCountryMatch}},
		{Matches: key("c"), Finding: review.TrueMatch, Reason: review.ReasonName},
	} {
		form.Evidence = evidence
		made, err := db.Dispose(t.Context(), id, anna, form)
		require.NoError(t, err)
		all = append(all, made...)
	}
	_, err := db.Undo(t.Context(), id, anna, all[2].Entry, evidence)
	require.NoError(t, err)
	return db, all
}

func TestFindingsAreExportedWithWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	db, made := judged(t)
	var out bytes.Buffer
	noErr(t)(web.WriteDispositions(t.Context(), &out, db, store.Span{}, "ndjson"))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 3)
	var first, second, third struct {
		Review   string
		Subject  string
		Match    string
		Finding  string
		Premises []review.Premise
		Missing  []review.Fact
		Entry    int64
		UndoneBy int64  `json:"undone_by"`
		Version  string `json:"comparator_version"`
	}
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &second))
	require.NoError(t, json.Unmarshal([]byte(lines[2]), &third))
	assert.Equal(t, "R-1", first.Review)
	assert.Equal(t, string(made[0].Match), first.Match)
	assert.Equal(t, made[0].Premises, first.Premises)
	assert.Equal(t, review.ComparatorVersion, first.Version)
	assert.Equal(t, made[1].Missing, second.Missing)
	assert.NotNil(t, second.Premises, "none is an empty list")
	assert.Zero(t, second.UndoneBy)
	assert.Equal(t, int64(made[2].Entry)+1, third.UndoneBy)

	out.Reset()
	noErr(t)(web.WriteDispositions(t.Context(), &out, db, store.Span{}, "csv"))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 4)
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	var keys map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &keys))
	assert.Len(t, rows[0], len(keys), "the header has the keys of the objects")
	for k := range keys {
		assert.Contains(t, at, k)
	}
	assert.Equal(t, "birth-years-apart:9 (1970-01-31 / 1961-05-06); other", rows[1][at["premises"]])
	assert.Equal(t, "birthdate-match; country-match", rows[2][at["missing"]])
	assert.Equal(t, "'=Ines Okafor", rows[1][at["subject"]], "no cell runs as a formula")
	assert.Empty(t, rows[1][at["undone_by"]])

	out.Reset()
	noErr(t)(web.WriteDispositions(t.Context(), &out, db, store.Span{From: storetest.Start.Add(time.Second)}, "ndjson"))
	assert.Empty(t, out.String())
	_, err = web.WriteDispositions(t.Context(), &out, db, store.Span{}, "xml")
	require.Error(t, err)
}

func TestTheTrailIsExportedWithTheRulesInForce(t *testing.T) {
	t.Parallel()
	db, made := judged(t)
	var out bytes.Buffer
	noErr(t)(web.WriteTrail(t.Context(), &out, db, store.Span{}, "ndjson"))
	var acts []string
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var e struct {
			Act, Review, Transaction, By, Evidence string
			Undoes                                 int64
			Version                                string `json:"comparator_version"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		acts = append(acts, e.Act)
		if e.Act == "colleague" || e.Act == "policy" {
			assert.Empty(t, e.Review+e.Version+e.Evidence, "about no review")
			continue
		}
		assert.Equal(t, "R-1 txn_1", e.Review+" "+e.Transaction)
		assert.Equal(t, review.ComparatorVersion, e.Version)
		assert.Equal(t, made[0].Evidence.String(), e.Evidence)
		if e.Act == "undone" {
			assert.Equal(t, int64(made[2].Entry), e.Undoes)
		}
	}
	assert.Equal(t, []string{"policy", "colleague", "opened-review", "claimed", "disposed", "disposed", "disposed", "undone"}, acts)
	out.Reset()
	noErr(t)(web.WriteTrail(t.Context(), &out, db, store.Span{To: storetest.Start.Add(time.Second)}, "csv"))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, 1+8)
}

// noErr is for exports, which say how many rows they wrote besides.
func noErr(t *testing.T) func(int, error) {
	return func(_ int, err error) { t.Helper(); require.NoError(t, err) }
}

// Who only asks for the head of a file, or of a page, had nothing before them.
func TestAHeadTakesNothingAndLeavesNoMark(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Approve)
	waits := ekene()
	waits.id = "txn_waits"
	h.take(waits.payload())
	c := h.as("lead")
	before, err := h.db.LedgerSize(t.Context())
	require.NoError(t, err)
	page := "/reviews/" + id.String()[2:]
	for _, path := range []string{"/decisions.csv", "/decisions.ndjson", "/decisions.xlsx", "/record.csv", page, "/reviews/2",
		page + "/evidence.zip", "/decisions/evidence.zip?sample=1&seed=7"} {
		c.head(path).is(200)
	}
	assert.Equal(t, "application/zip", c.head(page+"/evidence.zip").header.Get("Content-Type"))
	c.head("/reviews/999/evidence.zip").is(404)
	after, err := h.db.LedgerSize(t.Context())
	require.NoError(t, err)
	assert.Equal(t, before, after)
	h.as("admin").get("/reviews/2").is(200)
	seen := func() (by []review.ColleagueID) {
		file, err := h.db.ReviewFile(t.Context(), 2)
		assert.NoError(t, err)
		for _, e := range file.Entries {
			if e.Act == review.ActSeen {
				by = append(by, e.By)
			}
		}
		return by
	}
	require.Eventually(t, func() bool { return len(seen()) > 0 }, 10*time.Second, time.Millisecond, "a look is on the trail")
	assert.Equal(t, []review.ColleagueID{"admin"}, seen())
}
