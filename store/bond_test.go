package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// pairing is a database in which somebody waits for a second person in each of the three ways.
type pairing struct {
	*store.DB
	t       *testing.T
	path    string
	clock   *storetest.Clock
	first   review.ColleagueID // an admin who asks for everything
	case_   review.ReviewID
	version review.PolicyVersion
	digest  review.Hash
	request review.EntryID
	list    string
}

func newPairing(t *testing.T, first review.ColleagueID, before func(*pairing)) *pairing {
	p := &pairing{t: t, path: filepath.Join(t.TempDir(), "docket.db"), clock: storetest.NewClock(), first: first}
	p.DB = storetest.OpenFile(t, p.path, storetest.WithClock(p.clock))
	storetest.Colleague(t, p.DB, review.RoleAdmin, "old")
	storetest.Colleague(t, p.DB, review.RoleAdmin, "maker")
	if before != nil {
		before(p)
	}
	gone := closedCase(t, p.DB)
	p.request, p.list = asked(t, p.DB, gone, first)
	p.case_ = storetest.Review(t, p.DB, func(c *storetest.Case) { c.ID, c.Reference = "txn_2", "order-2" })
	storetest.Claimed(t, p.DB, p.case_, first)
	storetest.Disposed(t, p.DB, p.case_, first, review.FalsePositive)
	_, err := p.Decide(t.Context(), p.case_, first, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonFailedCheck, Evidence: storetest.Digest(t, p.DB, p.case_)})
	require.NoError(t, err)
	policy := review.DefaultPolicy()
	policy.Times.Claim = 90
	p.digest = policy.Digest()
	p.version, err = p.ProposePolicy(t.Context(), first, policy, "why")
	require.NoError(t, err)
	return p
}

// acts are the three acts of a second person.
func (p *pairing) acts(by review.ColleagueID) map[string]func() error {
	return map[string]func() error{
		"enact": func() error { return p.EnactPolicy(p.t.Context(), p.version, by, p.digest) },
		"approve": func() error {
			_, err := p.Approve(p.t.Context(), p.case_, by, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: storetest.Digest(p.t, p.DB, p.case_)})
			return err
		},
		"erase": func() error {
			return p.AnswerErasure(p.t.Context(), p.request, by, review.ErasureAgree, p.list, "")
		},
	}
}

// around writes the rows of the three acts without the store's own rules.
func (p *pairing) around(by review.ColleagueID) map[string]error {
	raw, err := sql.Open("sqlite", "file:"+p.path+"?_busy_timeout=5000")
	require.NoError(p.t, err)
	defer raw.Close()
	at := p.clock.Now().UnixMilli()
	met := map[string]error{}
	for name, q := range map[string]string{
		"enact": fmt.Sprintf(`UPDATE policy SET state = 'replaced' WHERE state = 'in_force'; UPDATE policy SET state = 'in_force', agreed_by = '%s', agreed_at = %d WHERE version = %d`, by, at, p.version),
		"approve": fmt.Sprintf(`INSERT INTO entry SELECT NULL, review, %d, 'approved', '%s', '', '', '', outcome, '', '', '[]', '', evidence, NULL, id, '{}', comparator, policy FROM entry WHERE act = 'decided';
			INSERT INTO approval SELECT e.id, e.answers, 'approve', e.by_, e.at FROM entry e WHERE e.act = 'approved'`, at, by),
		"erase": fmt.Sprintf(`INSERT INTO erasure_answer SELECT entry, (SELECT max(id) FROM entry), 'agree', '%s', %d, list FROM erasure_request`, by, at),
	} {
		tx, err := raw.BeginTx(p.t.Context(), nil)
		require.NoError(p.t, err)
		_, met[name] = tx.ExecContext(p.t.Context(), q)
		require.NoError(p.t, tx.Rollback())
	}
	return met
}

func (p *pairing) add(id review.ColleagueID, by review.ColleagueID) {
	require.NoError(p.t, p.AddColleague(p.t.Context(), review.Colleague{ID: id, Name: "Colleague " + string(id), Role: review.RoleAdmin}, "x", by))
}

// Nobody makes themselves a second person, whatever they do to another account.
func TestWhoLetTheOtherInIsNoSecondPersonYet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, second review.ColleagueID
		before, after func(*pairing)
		chain         bool // only the store follows it
		beside        bool // decisions of the one may be approved by the other
	}{
		"an account made by the first":    {first: "maker", second: "new", after: func(p *pairing) { p.add("new", "maker") }},
		"an account that made the first":  {first: "new", second: "maker", before: func(p *pairing) { p.add("new", "maker") }},
		"both made by a third":            {first: "new", second: "newer", before: func(p *pairing) { p.add("new", "maker") }, after: func(p *pairing) { p.add("newer", "maker") }, beside: true},
		"made by one whom the first made": {first: "maker", second: "newer", after: func(p *pairing) { p.add("new", "maker"); p.add("newer", "new") }, chain: true},
		"a password set by the first":     {first: "maker", second: "old", after: func(p *pairing) { require.NoError(p.t, p.SetPassword(p.t.Context(), "old", "x", "maker")) }},
		"a role given by the first":       {first: "maker", second: "old", after: func(p *pairing) { require.NoError(p.t, p.SetRole(p.t.Context(), "old", review.RoleAdmin, "maker")) }},
		"access given back by the first": {first: "maker", second: "old", after: func(p *pairing) {
			require.NoError(p.t, p.SetDisabled(p.t.Context(), "old", true, "maker"))
			require.NoError(p.t, p.SetDisabled(p.t.Context(), "old", false, "maker"))
		}},
	} {
		p := newPairing(t, c.first, c.before)
		if c.after != nil {
			c.after(p)
		}
		if !c.chain {
			for act, err := range p.around(c.second) {
				if c.beside && act == "approve" {
					assert.NoError(t, err)
					continue
				}
				assert.ErrorContains(t, err, "who let the other in", "%s: %s", name, act)
			}
		}
		p.clock.Advance(review.BondLasts - time.Millisecond)
		acts := p.acts(c.second)
		if c.beside {
			assert.NoError(t, acts["approve"]())
			delete(acts, "approve")
		}
		for act, do := range acts {
			err := do()
			assert.ErrorIs(t, err, review.ErrForbidden, "%s: %s", name, act)
			var bound *review.BondError
			if assert.ErrorAs(t, err, &bound, "%s: %s", name, act) {
				assert.Equal(t, p.clock.Now().Add(time.Millisecond), bound.Until, name)
			}
		}
		with, err := p.BondedTo(t.Context(), c.first)
		require.NoError(t, err)
		assert.Equal(t, p.clock.Now().Add(time.Millisecond), with[c.second], name)
		p.clock.Advance(time.Millisecond)
		for act, err := range p.around(c.second) {
			if !c.beside || act != "approve" { // that is done
				assert.NoError(t, err, "%s: %s", name, act)
			}
		}
		for act := range acts {
			assert.NoError(t, p.acts(c.second)[act](), "%s: %s", name, act)
		}
	}
}

// What is done on the command line, to oneself, or against somebody binds nobody; nor does a bond keep
// anybody from saying no.
func TestOnlyLettingInBinds(t *testing.T) {
	t.Parallel()
	p := newPairing(t, "maker", nil)
	p.add("fresh", "")
	require.NoError(t, p.SetPassword(t.Context(), "old", "x", "old"))
	require.NoError(t, p.SetPassword(t.Context(), "maker", "x", ""))
	require.NoError(t, p.SetDisabled(t.Context(), "fresh", true, "old"))
	p.add("new", "old")
	bound, err := p.BondedTo(t.Context(), "maker")
	require.NoError(t, err)
	assert.Empty(t, bound)
	p.add("newer", "maker")
	_, err = p.Approve(t.Context(), p.case_, "newer", review.ApprovalForm{Answer: review.AnswerReturn, Note: "No.", Evidence: storetest.Digest(t, p.DB, p.case_)})
	assert.NoError(t, err)
	assert.NoError(t, p.WithdrawPolicy(t.Context(), p.version, "newer"))
	assert.NoError(t, p.AnswerErasure(t.Context(), p.request, "newer", review.ErasureRefuse, "", "No."))
}

// What binds is a leaf of the ledger, so that nobody can do away with it in silence.
func TestABondStandsInTheLedger(t *testing.T) {
	t.Parallel()
	p := newPairing(t, "maker", nil)
	p.add("new", "maker")
	_, err := raw(t, p.path).Exec(`DROP TRIGGER entry_holds; UPDATE entry SET detail = '{}' WHERE detail LIKE '%lets-in%'`)
	require.NoError(t, err)
	problems, err := p.Check(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, problems)
}
