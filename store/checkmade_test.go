package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// decidedHouse is the file of a house where a transaction with listed matches was looked at, decided and
// corrected, another waits for a second person, and a third waits for nobody.
func decidedHouse(t *testing.T) string {
	t.Helper()
	path, clock := filepath.Join(t.TempDir(), "docket.db"), storetest.NewClock()
	db, err := store.Open(t.Context(), path, store.Options{Clock: clock.Now, Hydrate: storetest.Hydrate, Read: storetest.Read})
	require.NoError(t, err)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	lead := storetest.Colleague(t, db, review.RoleLead, "lena")
	account := review.Ref{Type: "account", ID: "act_1"}
	for _, id := range []string{"txn_1", "txn_2"} {
		rep := storetest.Resource("report/watchlist", "rep_"+id, clock.Now()).Fact("status", "ready").Fact("matches", []string{"a", "b"}).
			Fact("lists", map[string]any{"a": []string{"First list", "Second list"}, "b": []string{"First list"}})
		txn := storetest.Transaction(id, "needs_review", clock.Now()).Fact("subject", "Somebody").Link("related-objects", review.Ref{Type: rep.Type, ID: rep.ID}).
			Link("account", account)
		storetest.Import(t, db, storetest.Payload(txn, rep))
		clock.Advance(time.Hour)
	}
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_3", "approved", clock.Now()).Link("account", account)))
	page, err := db.Queue(t.Context(), review.QueueQuery{Tab: review.TabOpen})
	require.NoError(t, err)
	require.Len(t, page.Rows, 2)
	for i, row := range page.Rows {
		f := mustFile(t, db, row.Review)
		require.NoError(t, db.Look(t.Context(), row.Review, anna, f.Review.Evidence))
		_, err = db.Claim(t.Context(), row.Review, anna, false)
		require.NoError(t, err)
		found := storetest.Finding(review.FalsePositive, f.Review.Evidence.String())
		if i == 1 {
			found = storetest.Finding(review.TrueMatch, f.Review.Evidence.String())
		}
		for _, m := range f.Dossier.OpenMatches() {
			found.Matches = append(found.Matches, m.Key)
		}
		_, err = db.Dispose(t.Context(), row.Review, anna, found)
		require.NoError(t, err)
		form := review.DecisionForm{Evidence: f.Review.Evidence.String(), Outcome: review.Approve, Reason: review.ReasonOther, Note: "Said by hand."}
		if i == 1 {
			form.Outcome = review.Decline
		}
		_, err = db.Decide(t.Context(), row.Review, anna, form)
		require.NoError(t, err)
		if clock.Advance(time.Minute); i == 0 {
			form.Outcome = review.Decline
			_, err = db.Correct(t.Context(), row.Review, lead, form)
			require.NoError(t, err)
			_, err = db.Approve(t.Context(), row.Review, storetest.Colleague(t, db, review.RoleLead, "luis"),
				review.ApprovalForm{Evidence: f.Review.Evidence.String(), Note: "So it is.", Answer: review.AnswerApprove})
			require.NoError(t, err)
		}
	}
	waits := storetest.Review(t, db, func(c *storetest.Case) { c.ID = "txn_4" })
	storetest.Claimed(t, db, waits, anna)
	_, err = db.Wait(t.Context(), waits, anna, review.WaitForm{Missing: review.Facts()[:1], Note: "Asked."})
	require.NoError(t, err)
	require.NoError(t, db.Wake(t.Context(), waits, anna))
	_, err = db.Attach(t.Context(), waits, anna, review.AttachmentForm{Name: "x.pdf", Body: []byte("%PDF-1.4\n%%EOF\n")})
	require.NoError(t, err)
	_, err = db.Escalate(t.Context(), waits, anna, review.EscalationForm{Note: "Look, please."})
	require.NoError(t, err)
	_, err = db.SetHold(t.Context(), lead, review.HoldForm{Object: "txn_4", Words: "A court."})
	require.NoError(t, err)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NoError(t, db.Close())
	return path
}

// Whatever is made of payloads and of what people did is compared with what it was made of: whoever edits
// one row of it is found out.
func TestCheckFindsEveryRowThatIsNotWhatItWasMadeOf(t *testing.T) {
	t.Parallel()
	house, err := os.ReadFile(decidedHouse(t))
	require.NoError(t, err)
	const (
		listed, about, kept, links, states = "listed matches are not", "than its evidence tells", "time of keeping", "tie that", "state that a payload"
		not, otherwise                     = "that is not found by what it says", "found by what it does not say"
	)
	for harm, want := range map[string]string{
		`UPDATE listed SET lists = '["Another list"]' WHERE match LIKE '%a'`:                                                                                   listed,
		`UPDATE listed SET name = 'Somebody else' WHERE match LIKE '%a'`:                                                                                       listed,
		`UPDATE listed SET born = '["1990"]' WHERE match LIKE '%a'`:                                                                                            listed,
		`UPDATE listed SET own = 'x', party = 'x' WHERE match LIKE '%a'`:                                                                                       listed,
		`UPDATE listed SET kind = 'adverse-media' WHERE match LIKE '%a'`:                                                                                       listed,
		`UPDATE listed SET state = 'dismissed' WHERE match LIKE '%a'`:                                                                                          listed,
		`UPDATE listed SET seen_at = seen_at + 1 WHERE match LIKE '%a'`:                                                                                        listed,
		`UPDATE listed SET subject = subject + 1 WHERE match LIKE '%a'`:                                                                                        listed,
		`UPDATE listed SET finding = '', entry = 0 WHERE match LIKE '%a'`:                                                                                      listed,
		`DELETE FROM listed WHERE match LIKE '%b'`:                                                                                                             listed,
		`INSERT INTO listed SELECT root, match || '!', own, party, grouped, name, born, what, kind, lists, state, seen_at, subject, review, '', 0 FROM listed`: listed,
		`DELETE FROM decision_facet WHERE facet = 'outcome'`:                                                                                                   not,
		`DELETE FROM decision_facet WHERE facet = 'policy'`:                                                                                                    not,
		`DELETE FROM decision_facet WHERE facet = 'reason'`:                                                                                                    not,
		`DELETE FROM decision_facet WHERE facet = 'second' AND value = 'waiting'`:                                                                              not,
		`DELETE FROM decision_facet WHERE facet = 'corrected' AND value = 'correction'`:                                                                        not,
		`DELETE FROM decision_facet WHERE facet = 'corrected' AND value = 'yes'`:                                                                               not,
		`UPDATE decision_facet SET value = 'decline' WHERE facet = 'outcome' AND value = 'approve'`:                                                            otherwise,
		`UPDATE decision_facet SET value = 'return' WHERE facet = 'second' AND value = 'approve'`:                                                              otherwise,
		`UPDATE decision_facet SET at = at + 1 WHERE facet = 'list'`:                                                                                           otherwise,
		`INSERT INTO decision_facet SELECT 'corrected', 'yes', max(at), max(entry) FROM decision`:                                                              otherwise,
		`INSERT INTO decision_facet SELECT 'late', 'yes', at, entry FROM decision`:                                                                             "found as late",
		`DELETE FROM decision_facet WHERE facet = 'list'`:                                                                                                      about,
		`DELETE FROM decision_facet WHERE facet = 'kind'`:                                                                                                      about,
		`DELETE FROM decision_facet WHERE facet = 'party' AND entry = (SELECT min(entry) FROM decision)`:                                                       about,
		`UPDATE decision_facet SET value = 'Another list' WHERE facet = 'list' AND value = 'Second list'`:                                                      about,
		`INSERT INTO decision_facet SELECT 'party', 'x', at, entry FROM decision`:                                                                              about,
		`UPDATE counted SET lists = '["Another list"]'`:                                                                                                        about,
		`DELETE FROM kept`:                                                                      kept,
		`UPDATE kept SET reviews = 7`:                                                           kept,
		`UPDATE kept SET open = 1 - open`:                                                       kept,
		`UPDATE kept SET declined = 1 - declined`:                                               kept,
		`UPDATE kept SET ended_at = ended_at + 1`:                                               kept,
		`UPDATE kept SET subject = subject + 1 WHERE reviews > 0`:                               "kept as another subject's than its dossier says",
		`UPDATE kept SET subject = subject + 1 WHERE reviews = 0`:                               "kept as another subject's than its links say",
		`INSERT INTO kept VALUES (9999, 1, 0, 0, 0, 0, NULL, NULL, NULL)`:                       kept,
		`UPDATE kept SET class = 'unjudged' WHERE class IS NOT NULL`:                            "kept otherwise",
		`UPDATE kept SET since = 77 WHERE class IS NOT NULL`:                                    "kept otherwise",
		`UPDATE kept SET held = 1 - held`:                                                       "kept otherwise",
		`UPDATE kept SET class = NULL, since = NULL, held = NULL`:                               "kept otherwise",
		`DELETE FROM fingerprint WHERE id >> 48 = 2`:                                            "kept that its name does not lead to",
		`UPDATE fingerprint SET prints = zeroblob(length(prints)) WHERE id >> 48 = 2`:           "kept that its name does not lead to",
		`INSERT INTO fingerprint_young SELECT id, prints FROM fingerprint WHERE id >> 48 = 2`:   "fingerprint of another kept",
		`DROP TRIGGER wait_holds; UPDATE wait SET review = 1`:                                   "wait of entry",
		`DROP TRIGGER wait_holds; UPDATE wait SET by_ = 'lena'`:                                 "wait of entry",
		`DROP TRIGGER wait_holds; UPDATE wait SET at = at + 1`:                                  "wait of entry",
		`DROP TRIGGER wake_holds; UPDATE wake SET at = at + 1`:                                  "end of a wait of entry",
		`DROP TRIGGER wake_holds; UPDATE wake SET entry = entry - 1`:                            "without the row",
		`DROP TRIGGER escalation_holds; UPDATE escalation SET by_ = 'lena'`:                     "escalation of entry",
		`DROP TRIGGER escalation_holds; UPDATE escalation SET entry = 1`:                        "without the row",
		`DROP TRIGGER attachment_holds; UPDATE attachment SET review = 1`:                       "attachment of entry",
		`DROP TRIGGER attachment_holds; UPDATE attachment SET entry = 1`:                        "without the row",
		`DROP TRIGGER hold_holds; UPDATE hold SET by_ = 'anna'`:                                 "hold of entry",
		`DROP TRIGGER hold_holds; UPDATE hold SET at = at + 1`:                                  "hold of entry",
		`DROP TRIGGER hold_holds; DROP TRIGGER hold_lifted_by_lead; UPDATE hold SET lifted = 2`: "end of a hold",
		`DELETE FROM look`:                                         "entry of a look",
		`UPDATE look SET at = at - 1`:                              "look that no entry tells of",
		`UPDATE look SET colleague = 'lena'`:                       "look that no entry tells of",
		`DELETE FROM link WHERE tie = (SELECT max(tie) FROM link)`: links,
		`INSERT INTO link SELECT to_, from_, tie FROM link WHERE true ON CONFLICT DO NOTHING`: links,
		`UPDATE sighting SET at = at + 1`:                                                states,
		`INSERT INTO sighting SELECT snapshot, payload, at, event + 1 FROM sighting`:     states,
		`UPDATE snapshot SET type = (SELECT max(id) FROM word) WHERE id = 1`:             states,
		`DELETE FROM fingerprint WHERE id >> 48 = 0`:                                     "payload that its name does not lead to: row 1",
		`UPDATE fingerprint SET prints = substr(prints, 12) WHERE id >> 48 = 1`:          "resource that its name does not lead to: row",
		`INSERT INTO fingerprint_young SELECT * FROM fingerprint WHERE id >> 48 = 0`:     "fingerprint of another",
		`UPDATE resource SET rid = (SELECT rid FROM resource WHERE id = 1) WHERE id = 2`: "resource that its name does not lead to",
		`UPDATE payload SET read_as = 'event' WHERE id = 1`:                              "does not read as it did",
		`UPDATE payload SET event = 'evt_1' WHERE id = 1`:                                "does not read as it did",
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		require.NoError(t, os.WriteFile(path, house, 0o600))
		result, err := raw(t, path).Exec(harm)
		require.NoError(t, err, harm)
		n, err := result.RowsAffected()
		require.NoError(t, err)
		require.Positive(t, n, harm)
		problems, err := storetest.OpenFile(t, path).Check(t.Context())
		require.NoError(t, err, harm)
		assert.Contains(t, strings.Join(problems, "\n"), want, harm)
	}
}

func TestACheckSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	db := storetest.OpenFile(t, decidedHouse(t))
	var steps []string
	done, all := map[string]int64{}, map[string]int64{}
	_, err := db.CheckAloud(t.Context(), func(step string, n, of int64) {
		if len(steps) == 0 || steps[len(steps)-1] != step {
			steps = append(steps, step)
		}
		assert.GreaterOrEqual(t, n, done[step])
		assert.LessOrEqual(t, n, of)
		done[step], all[step] = n, of
	})
	require.NoError(t, err)
	assert.Equal(t, "ledger", steps[len(steps)-1])
	for _, step := range []string{"names", "payloads", "states", "readings", "reviews", "evidence", "retention"} {
		assert.Positive(t, all[step], step)
		assert.Equal(t, all[step], done[step], step)
	}
}
