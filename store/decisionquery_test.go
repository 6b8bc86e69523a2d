package store_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// anotherTarget has two admins put a policy with another target in force.
func (w *world) anotherTarget() {
	p, err := w.db.Policy(w.ctx)
	require.NoError(w.t, err)
	p.Times.Target = p.Times.Warning + review.Minutes(60*rapid.IntRange(1, 16*24).Draw(w.t, "target in hours"))
	v, err := w.db.ProposePolicy(w.ctx, "ada", p, "Said by hand.")
	if err != nil { // the same document again
		w.refused(err)
		return
	}
	p, err = w.db.PolicyAt(w.ctx, v)
	require.NoError(w.t, err)
	require.NoError(w.t, w.db.EnactPolicy(w.ctx, v, "adam", p.Digest()))
}

// goesOn takes a review one step further, whatever state it is in.
func (w *world) goesOn() {
	f, ok := w.any()
	if !ok {
		return
	}
	id, digest := f.Review.ID, f.Review.Evidence.String()
	form := review.DecisionForm{Evidence: digest, Outcome: rapid.SampledFrom(review.Outcomes()).Draw(w.t, "outcome"), Note: "Said by hand.",
		Reason: rapid.SampledFrom([]review.Reason{review.ReasonOther, review.ReasonOther, review.ReasonCannotTell}).Draw(w.t, "reason")}
	var err error
	switch f.Review.State {
	case review.StateApproval:
		_, err = w.db.Approve(w.ctx, id, "luis", review.ApprovalForm{Evidence: digest, Note: "Looked at by hand.",
			Answer: rapid.SampledFrom([]review.Answer{review.AnswerApprove, review.AnswerApprove, review.AnswerReturn}).Draw(w.t, "answer")})
	case review.StateClosed:
		_, err = w.db.Correct(w.ctx, id, "lena", form)
	default:
		by := rapid.SampledFrom([]review.ColleagueID{"anna", "lena"}).Draw(w.t, "by")
		_, err = w.db.Claim(w.ctx, id, by, true)
		w.refused(err)
		found := storetest.Finding(rapid.SampledFrom(review.Findings()).Draw(w.t, "finding"), digest)
		if found.Missing = nil; found.Finding == review.CannotTell {
			found.Missing = review.Facts()[:1]
		}
		for _, m := range f.Dossier.OpenMatches() {
			found.Matches = append(found.Matches, m.Key)
		}
		_, err = w.db.Dispose(w.ctx, id, by, found)
		w.refused(err)
		_, err = w.db.Decide(w.ctx, id, by, form)
	}
	w.refused(err)
}

// recounted is a decision with what a slow look at its page and at all the others says of it.
type recounted struct {
	store.DecisionRow
	corrected, late bool
	kinds, lists    []string
	mayBe           []string // kinds: two people erased which of the findings it rests on
	wordless        bool     // they did
	another         bool     // its evidence, or that of one which it corrects, is another by now
	txn             string
}

// tellAll works out of every decision what it can be filtered by, and shares nothing with the filters.
// Where something was erased it is told from what has to stay: what kind of report a finding was on.
func (w *world) tellAll() []recounted {
	var all []recounted
	found := map[review.ReviewID][]review.Disposition{}
	require.NoError(w.t, w.db.EachDisposition(w.ctx, store.Span{}, func(d store.DispositionRow) error {
		found[d.Review] = append(found[d.Review], d.Disposition)
		return nil
	}))
	require.NoError(w.t, w.db.EachDecision(w.ctx, store.DecisionQuery{Second: store.AnySecond, Wide: true}, func(d store.DecisionRow) error {
		all = append(all, recounted{DecisionRow: d, txn: string(d.Transaction)})
		return nil
	}))
	for i := range all {
		d := &all[i]
		p, err := w.db.PolicyAt(w.ctx, d.Policy)
		require.NoError(w.t, err)
		d.late = d.At.Sub(d.OpenedAt) > p.Times.Target.Duration()
		for _, other := range all {
			d.corrected = d.corrected || other.Corrects == d.Entry && other.inEffect()
		}
		// What a decision rests on is what its page said of its matches; a correction rests on that of what it
		// corrects besides.
		for rests := d; ; {
			dossier, err := w.db.AsSeen(w.ctx, rests.Evidence)
			require.NoError(w.t, err)
			same := review.Evidence(dossier) == rests.Evidence
			d.another = d.another || !same
			for _, r := range dossier.Reports {
				for _, m := range r.Matches {
					if !slices.Contains(rests.Matches, m.Key) {
						continue
					}
					d.kinds = append(d.kinds, string(r.Kind))
					for _, l := range m.Listings {
						if same { // else nobody can tell which lists it said
							d.lists = append(d.lists, cmp.Or(l.Name, l.Slug))
						}
					}
				}
			}
			wordless := len(rests.Matches) == 0 && rests.Tally.Matches > 0
			for _, f := range found[rests.Review] {
				switch {
				case f.Entry > rests.Entry:
				case wordless:
					d.mayBe = append(d.mayBe, string(f.Kind))
				case slices.Contains(rests.Matches, f.Match):
					d.kinds = append(d.kinds, string(f.Kind))
				}
			}
			d.wordless = d.wordless || wordless
			if rests.Corrects == 0 {
				break
			}
			rests = &all[slices.IndexFunc(all, func(o recounted) bool { return o.Entry == rests.Corrects })]
		}
		for _, of := range []*[]string{&d.kinds, &d.lists} {
			slices.Sort(*of)
			*of = slices.Compact(*of)
		}
		if d.wordless {
			assert.Subset(w.t, d.Kinds, d.kinds)
			assert.Subset(w.t, append(d.mayBe, d.kinds...), d.Kinds)
			d.kinds = d.Kinds
		}
		if d.wordless && d.Corrects == 0 {
			assert.Empty(w.t, d.Parties)
		}
	}
	return all
}

func (d *recounted) inEffect() bool {
	return d.State() == review.SecondNotNeeded || d.State() == review.SecondAgreed
}

// fits says it of each filter in a line.
func (d *recounted) fits(q store.DecisionQuery) bool {
	second := d.inEffect()
	if q.Second != "" {
		second = q.Second == store.AnySecond || string(q.Second) == string(d.State())
	}
	return second &&
		!d.At.Before(q.From) && (q.To.IsZero() || d.At.Before(q.To)) &&
		(q.Outcome == "" || d.Outcome == q.Outcome) &&
		(q.By == "" || d.By == q.By) &&
		(q.Reason == "" || d.Reason == q.Reason) &&
		(q.Policy == 0 || d.Policy == q.Policy) &&
		(q.Kind == "" || slices.Contains(d.kinds, string(q.Kind))) &&
		(q.List == "" || slices.Contains(d.lists, q.List)) &&
		(q.Party == "" || slices.Contains(d.Parties, string(q.Party))) &&
		(q.Corrected == "" || q.Corrected == store.CorrectedYes && d.corrected || q.Corrected == store.CorrectedNo && !d.corrected ||
			q.Corrected == store.Correction && d.Corrects != 0) &&
		(q.Late == "" || (q.Late == store.LateYes) == d.late) &&
		(q.Search == "" || q.Search == d.txn)
}

// some draws filters: few, so that something fits.
func (w *world) some(all []recounted) store.DecisionQuery {
	q := store.DecisionQuery{Limit: rapid.IntRange(1, 7).Draw(w.t, "limit"), Wide: rapid.Bool().Draw(w.t, "wide")}
	one := func(name string, of []string) string { return rapid.SampledFrom(of).Draw(w.t, name) }
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"from", "to", "outcome", "by", "reason", "kind", "list", "party", "policy", "second",
		"corrected", "late", "search"}), 1, 4, rapid.ID).Draw(w.t, "filters") {
		switch name {
		case "from", "to":
			at := w.clock.Now()
			if len(all) > 0 {
				at = all[rapid.IntRange(0, len(all)-1).Draw(w.t, "at")].At
				at = at.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, -time.Millisecond, time.Millisecond}).Draw(w.t, "beside"))
			}
			if name == "from" {
				q.From = at
			} else {
				q.To = at
			}
		case "outcome":
			q.Outcome = rapid.SampledFrom(review.Outcomes()).Draw(w.t, name)
		case "by":
			q.By = review.ColleagueID(one(name, []string{"anna", "lena", "luis", "ada", "nobody"}))
		case "reason":
			q.Reason = review.Reason(one(name, []string{string(review.ReasonOther), string(review.ReasonCannotTell), "none such"}))
		case "kind":
			q.Kind = review.ReportKind(one(name, []string{"watchlist", "politically_exposed_person", "politically-exposed-person", "adverse-media"}))
		case "list":
			q.List = one(name, []string{"First list", "Second list", "Liste à part", "No list", "first list"})
		case "party":
			parties := []string{"none"}
			for _, d := range all {
				parties = append(parties, d.Parties...)
			}
			q.Party = review.PartyKey(one(name, parties))
		case "policy":
			q.Policy = review.PolicyVersion(rapid.IntRange(1, 4).Draw(w.t, name))
		case "second":
			q.Second = store.SecondFilter(one(name, []string{"any", "none", "waiting", "agreed", "returned", "moved"}))
		case "corrected":
			q.Corrected = rapid.SampledFrom([]store.CorrectedFilter{store.CorrectedYes, store.CorrectedNo, store.Correction}).Draw(w.t, name)
		case "late":
			q.Late = rapid.SampledFrom([]store.LateFilter{store.LateYes, store.LateNo}).Draw(w.t, name)
		case "search":
			q.Search = fmt.Sprintf("txn_%d", rapid.IntRange(1, 6).Draw(w.t, name))
		}
	}
	return q
}

// Each filter, and some together, leave what a look at every decision leaves: on pages, in exports and
// in counts, in their order.
func TestFiltersOfDecisionsLeaveWhatASlowLookLeaves(t *testing.T) {
	t.Parallel()
	const worlds = 12 // each is a database of its own
	dir, n, met := t.TempDir(), 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		if n++; n > worlds {
			return
		}
		w := newWorld(rt, t, filepath.Join(dir, fmt.Sprintf("%d.db", n)))
		defer func() { require.NoError(rt, w.db.Close()) }()
		w.soon = true // a review that turns out to have opened earlier makes no decision late afterwards
		for _, id := range []review.ColleagueID{"ada", "adam"} {
			require.NoError(rt, w.db.AddColleague(w.ctx, review.Colleague{ID: id, Name: string(id), Role: review.RoleAdmin}, "no password", ""))
		}
		for range 70 {
			w.clock.Advance(time.Duration(rapid.IntRange(0, 20).Draw(rt, "hours")) * time.Hour)
			switch k := rapid.IntRange(0, 39).Draw(rt, "step"); {
			case k < 2:
				w.anotherTarget()
			case k == 39:
				if f, ok := w.any(); ok {
					w.erase(f.Review)
				}
			case k < 10:
				w.arrive()
			case k < 14:
				w.act()
			default:
				w.goesOn()
			}
		}
		all := w.tellAll()
		for i := range all {
			d := &all[i]
			assert.Equal(rt, d.corrected, d.Corrected)
			assert.Equal(rt, d.late, d.Late)
			assert.ElementsMatch(rt, d.kinds, d.Kinds)
			assert.ElementsMatch(rt, d.lists, d.Lists)
			met[string(d.State())]++
			met[fmt.Sprint("late ", d.late)]++
			met[fmt.Sprint("corrected ", d.corrected)]++
			met[fmt.Sprint("policy ", min(d.Policy, 2))]++
			met[fmt.Sprint("wordless ", d.wordless)]++
			met[fmt.Sprint("another ", d.another)]++
		}
		for range 120 {
			q := w.some(all)
			var want []review.EntryID
			for i := range all {
				if all[i].fits(q) {
					want = append(want, all[i].Entry)
				}
			}
			met[fmt.Sprint("found ", min(len(want), 2))]++
			w.gives(q, want)
		}
		problems, err := w.db.Check(w.ctx)
		require.NoError(rt, err)
		assert.Empty(rt, problems)
	})
	t.Log(met)
	for _, what := range []string{"none", "waiting", "agreed", "returned", "moved", "late true", "late false", "corrected true", "policy 2", "wordless true", "another true", "found 0", "found 2"} {
		assert.Positive(t, met[what], "no decision was ever %q: nothing was tested", what)
	}
}

// gives says that a query leaves these decisions, oldest first, whichever way it is asked.
func (w *world) gives(q store.DecisionQuery, want []review.EntryID) {
	about := strings.ReplaceAll(fmt.Sprintf("%+v", q), "0001-01-01 00:00:00 +0000 UTC", "-")
	var told []review.EntryID
	require.NoError(w.t, w.db.EachDecision(w.ctx, q, func(d store.DecisionRow) error {
		told = append(told, d.Entry)
		return nil
	}))
	require.Equal(w.t, want, told, "export of %s", about)
	count, err := w.db.CountDecisions(w.ctx, q)
	require.NoError(w.t, err)
	require.Equal(w.t, review.Count{N: len(want)}, count, about)
	told = nil
	for {
		rows, next, total, err := w.db.Decisions(w.ctx, q)
		require.NoError(w.t, err)
		require.Equal(w.t, count, total, about)
		for _, d := range rows {
			told = append(told, d.Entry)
		}
		if next == "" {
			break
		}
		require.Len(w.t, rows, q.Limit)
		q.After = next
	}
	slices.Reverse(told)
	require.Equal(w.t, want, told, "pages of %s", about)
}

// Of a match that is gone a correction's evidence tells nothing: that a later review found it under another
// party is no word of the earlier one.
func TestACorrectionIsFoundByTheMatchesThatItsEvidenceGives(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	lead := storetest.Colleague(t, db, review.RoleLead)
	id := storetest.Review(t, db)
	first := decided(t, db, id, anna, review.Approve)
	report := func(hours int, matches ...string) {
		storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start.Add(time.Duration(hours)*time.Hour), matches...).
			Fact("lists", map[string]any{"a": []string{"First list"}})))
	}
	correct := func() review.EntryID {
		d, err := db.Correct(t.Context(), id, lead, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "The passport came.",
			Evidence: storetest.Digest(t, db, id)})
		require.NoError(t, err)
		storetest.Agreed(t, db, id)
		return d.Entry
	}

	// A single name on a list is another party than without, and the new match opens another review.
	report(1, "a", "b")
	f, err := db.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	require.Len(t, f.Reviews, 2)
	later := f.Reviews[slices.IndexFunc(f.Reviews, func(r review.Review) bool { return r.ID != id })].ID
	storetest.Claimed(t, db, later, anna)
	storetest.Disposed(t, db, later, anna, review.FalsePositive)

	report(2, "b")
	without := correct()
	report(3, "a", "b")
	with := correct()

	parties := map[review.EntryID][]string{}
	require.NoError(t, db.EachDecision(t.Context(), store.DecisionQuery{Second: store.AnySecond, Wide: true}, func(d store.DecisionRow) error {
		parties[d.Entry] = d.Parties
		return nil
	}))
	assert.Len(t, parties[first.Entry], 1)
	assert.Equal(t, parties[first.Entry], parties[without])
	assert.Len(t, parties[with], 2)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
