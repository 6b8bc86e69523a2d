package persona_test

import (
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
)

func TestPushesTellOnlyWhatPersonaHasACallFor(t *testing.T) {
	t.Parallel()
	report := func(kind review.ReportKind, matches ...review.Match) review.Report {
		ref := review.Ref{Type: "report/" + string(kind), ID: "rep_" + string(kind)}
		for i := range matches {
			matches[i].Report, matches[i].Kind = ref, kind
		}
		return review.Report{Ref: ref, Kind: kind, Matches: matches}
	}
	match := func(key, entity string) review.Match {
		return review.Match{Key: review.MatchKey(key), EntityID: entity}
	}
	found := func(pairs ...string) (out []review.Disposition) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, review.Disposition{Match: review.MatchKey(pairs[i]), Finding: review.Finding(pairs[i+1]), Reason: review.ReasonBirthdate})
		}
		return out
	}
	matches := review.Telling{Matches: true}
	approve := review.Decision{Entry: 7, Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Note: "n", ByName: "Ada"}
	open := review.Transaction{ID: "txn_1", Status: review.Text{State: review.Present, Value: "needs_review"}, Type: "txntp_1"}
	inquiry := func(status string) review.Resource {
		return review.Resource{Ref: review.Ref{Type: "inquiry", ID: "inq_1"}, Status: review.Text{State: review.Present, Value: status}, Capture: review.CaptureFull}
	}
	kase := func(txns ...string) review.Resource {
		r := review.Resource{Ref: review.Ref{Type: "case", ID: "case_1"}, Status: review.Text{State: review.Present, Value: "Open"}, Capture: review.CaptureFull}
		rel := review.Relation{Name: "txns"}
		for _, id := range txns {
			rel.Refs = append(rel.Refs, review.Ref{Type: "transaction", ID: id})
		}
		r.Relations = []review.Relation{rel}
		return r
	}
	spelled := review.Telling{Status: true, Fields: true, Inquiry: true, Case: true, CaseApproved: "Approved",
		Types: []review.TypeTelling{{Approved: "Approved", Declined: "Declined", ReasonField: "why", NoteField: "note"}}}
	for name, c := range map[string]struct {
		telling review.Telling
		dossier review.Dossier
		found   []review.Disposition
		want    []string
		untold  int
	}{
		"a whole report found false": {matches, review.Dossier{Reports: []review.Report{report(review.KindWatchlist, match("a", ""), match("b", ""))}},
			found("a", "false_positive", "b", "false_positive"), []string{"matches report/watchlist/rep_watchlist dismiss"}, 0},
		"one match of a report is true": {matches, review.Dossier{Reports: []review.Report{report(review.KindPEP, match("a", "Q1"), match("b", "Q2"))}},
			found("a", "false_positive", "b", "true_match"), nil, 1},
		"adverse media goes by party": {matches, review.Dossier{Reports: []review.Report{report(review.KindAdverseMedia, match("a", "E1"), match("b", "E2"), match("c", "E2"), match("d", ""))}},
			found("a", "false_positive", "b", "false_positive", "c", "cannot_tell", "d", "false_positive"),
			[]string{"matches report/adverse-media/rep_adverse-media E1 dismiss"}, 1},
		"screening goes by record": {matches, review.Dossier{Reports: []review.Report{report(review.KindScreening, match("a", "scrre_1"), match("b", "scrre_2"), match("c", ""))}},
			found("a", "true_match", "b", "cannot_tell", "c", "false_positive"),
			[]string{"matches report/screening/rep_screening scrre_1 true_positive", "matches report/screening/rep_screening scrre_2 indeterminate"}, 1},
		"wallets have no call": {matches, review.Dossier{Reports: []review.Report{report(review.KindCryptoWatchlist, match("a", ""))}},
			found("a", "false_positive"), nil, 1},
		"a dismissed match asks for nothing": {matches, review.Dossier{Reports: []review.Report{report(review.KindWatchlist, review.Match{Key: "a", Dismissed: true})}}, nil, nil, 0},
		"fields come before the status": {spelled, review.Dossier{Transaction: open}, nil,
			[]string{"fields transaction/txn_1 why=all_false_positive note=n", "status transaction/txn_1 Approved"}, 0},
		"an inquiry that is under way is left alone": {spelled, review.Dossier{Transaction: open, Records: []review.Resource{inquiry("pending")}}, nil,
			[]string{"fields transaction/txn_1 why=all_false_positive note=n", "status transaction/txn_1 Approved"}, 0},
		"an inquiry that waits is approved": {review.Telling{Inquiry: true}, review.Dossier{Transaction: open, Records: []review.Resource{inquiry("needs_review")}}, nil,
			[]string{"inquiry inquiry/inq_1 approve"}, 0},
		"a case of this transaction alone is closed": {review.Telling{Case: true, CaseApproved: "Approved"}, review.Dossier{Transaction: open, Records: []review.Resource{kase("txn_1")}}, nil,
			[]string{"comment case/case_1", "case case/case_1 Approved"}, 0},
		"a case of several is commented on": {review.Telling{Case: true, CaseApproved: "Approved"}, review.Dossier{Transaction: open, Records: []review.Resource{kase("txn_1", "txn_2")}}, nil,
			[]string{"comment case/case_1"}, 0},
		"a status that has no spelling is not told": {review.Telling{Status: true}, review.Dossier{Transaction: open}, nil, nil, 0},
	} {
		r := review.Review{ID: 3, Root: review.Ref{Type: "transaction", ID: "txn_1"}, Transaction: "txn_1"}
		got := persona.Pushes(c.telling, r, approve, c.dossier, c.found)
		assert.Equal(t, c.want, pushed(got), name)
		assert.Len(t, persona.NotTold(c.telling, c.dossier, c.found), c.untold, name)
		keys := map[string]bool{}
		for _, p := range got {
			assert.False(t, keys[p.Key], "one key each")
			keys[p.Key] = true
			assert.Equal(t, review.EntryID(7), p.Decision)
			assert.Equal(t, review.Ref{Type: "transaction", ID: "txn_1"}, p.Root)
			if p.Act != review.PushFields && p.Act != review.PushStatus && p.Act != review.PushCase {
				assert.Contains(t, p.Note, "[R-3", name)
			}
		}
		assert.Equal(t, got, persona.Pushes(c.telling, r, approve, c.dossier, c.found), "the same decision gives the same pushes")
		later := approve
		later.At = later.At.Add(time.Second)
		for _, p := range persona.Pushes(c.telling, r, later, c.dossier, c.found) {
			assert.False(t, keys[p.Key], "another decision has other keys")
		}
	}
}
