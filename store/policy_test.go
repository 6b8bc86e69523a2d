package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// shorter is the policy in force with a shorter target and one line to be checked.
func shorter(t *testing.T, db *store.DB) review.Policy {
	t.Helper()
	p, err := db.Policy(t.Context())
	require.NoError(t, err)
	p.Times.Target, p.Times.Warning = 3*24*60, 2*24*60
	p.Checklist = []review.ChecklistItem{{Code: "id_read", Text: "Identity document read"}}
	return p
}

func TestANewDatabaseStartsWithThePolicyThatDocketComesWith(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	p, err := db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, review.DefaultPolicy().Digest(), p.Digest())
	assert.Equal(t, review.PolicyVersion(1), p.Version)
	all, err := db.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, store.PolicyInForce, all[0].State)
	assert.Empty(t, all[0].ProposedBy)
}

func TestAPolicyIsPutInForceByAnotherAdmin(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	maker, second := storetest.Colleague(t, db, review.RoleAdmin), storetest.Colleague(t, db, review.RoleAdmin, "second")
	lead := storetest.Colleague(t, db, review.RoleLead)
	p := shorter(t, db)
	_, err := db.ProposePolicy(t.Context(), lead, p, "why")
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = db.ProposePolicy(t.Context(), "", p, "why")
	require.ErrorIs(t, err, review.ErrForbidden, "nobody stands behind the command line")
	var inv *review.Invalid
	_, err = db.ProposePolicy(t.Context(), maker, p, " ")
	require.ErrorAs(t, err, &inv)
	now, err := db.Policy(t.Context())
	require.NoError(t, err)
	_, err = db.ProposePolicy(t.Context(), maker, now, "why")
	require.ErrorAs(t, err, &inv, "nothing is changed")
	v, err := db.ProposePolicy(t.Context(), maker, p, "The regulator asks.")
	require.NoError(t, err)
	_, err = db.ProposePolicy(t.Context(), second, p, "Me too.")
	require.ErrorIs(t, err, review.ErrConflict, "one proposal at a time")
	now, err = db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, review.PolicyVersion(1), now.Version, "a proposal rules nothing")

	require.ErrorIs(t, db.EnactPolicy(t.Context(), v, maker, p.Digest()), review.ErrForbidden, "nobody is their own second person")
	require.ErrorIs(t, db.EnactPolicy(t.Context(), v, lead, p.Digest()), review.ErrForbidden)
	require.ErrorIs(t, db.EnactPolicy(t.Context(), v, second, now.Digest()), review.ErrStale)
	third := storetest.Colleague(t, db, review.RoleAdmin, "third") // whoever lets second in; maker would be bound to them
	require.NoError(t, db.SetRole(t.Context(), second, review.RoleLead, third))
	require.ErrorIs(t, db.EnactPolicy(t.Context(), v, second, p.Digest()), review.ErrForbidden, "an admin no more")
	require.NoError(t, db.SetRole(t.Context(), second, review.RoleAdmin, third))
	require.NoError(t, db.SetDisabled(t.Context(), second, true, third))
	require.ErrorIs(t, db.EnactPolicy(t.Context(), v, second, p.Digest()), review.ErrForbidden)
	require.NoError(t, db.SetDisabled(t.Context(), second, false, third))

	errs := make(chan error, 2)
	for _, by := range []review.ColleagueID{second, third} {
		go func() { errs <- db.EnactPolicy(t.Context(), v, by, p.Digest()) }()
	}
	first, other := <-errs, <-errs
	if first != nil {
		first, other = other, first
	}
	require.NoError(t, first)
	require.ErrorIs(t, other, review.ErrConflict, "of two admins one is first")
	now, err = db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, v, now.Version)
	assert.Equal(t, p.Digest(), now.Digest())
	_, err = db.ProposePolicy(t.Context(), maker, review.DefaultPolicy(), "Made from the first.")
	require.ErrorIs(t, err, review.ErrConflict, "it was made from one that is in force no more")

	back := shorter(t, db)
	back.Times.Target = 4 * 24 * 60
	w, err := db.ProposePolicy(t.Context(), second, back, "Too short.")
	require.NoError(t, err)
	require.NoError(t, db.WithdrawPolicy(t.Context(), w, second))
	require.ErrorIs(t, db.WithdrawPolicy(t.Context(), w, second), review.ErrConflict)
	require.ErrorIs(t, db.EnactPolicy(t.Context(), w, maker, back.Digest()), review.ErrConflict)
	all, err := db.Policies(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{store.PolicyWithdrawn, store.PolicyInForce, store.PolicyReplaced}, []string{all[0].State, all[1].State, all[2].State})
}

// Around the store, the triggers hold the same.
func TestTheDatabaseItselfGuardsThePolicy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	maker, second := storetest.Colleague(t, db, review.RoleAdmin), storetest.Colleague(t, db, review.RoleAdmin, "second")
	storetest.Colleague(t, db, review.RoleLead)
	p := shorter(t, db)
	_, err := db.ProposePolicy(t.Context(), maker, p, "why")
	require.NoError(t, err)
	raw, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, raw.Close()) }()
	for what, query := range map[string]string{
		"the document":        `UPDATE policy SET document = '{}' WHERE version = 1`,
		"the digest":          `UPDATE policy SET digest = zeroblob(32) WHERE version = 2`,
		"who proposed":        `UPDATE policy SET proposed_by = 'second' WHERE version = 2`,
		"a row goes":          `DELETE FROM policy WHERE version = 2`,
		"the proposer enacts": `UPDATE policy SET state = 'replaced' WHERE version = 1; UPDATE policy SET state = 'in_force', agreed_by = 'admin', agreed_at = 1 WHERE version = 2`,
		"a lead enacts":       `UPDATE policy SET state = 'replaced' WHERE version = 1; UPDATE policy SET state = 'in_force', agreed_by = 'lead', agreed_at = 1 WHERE version = 2`,
		"nobody enacts":       `UPDATE policy SET state = 'replaced' WHERE version = 1; UPDATE policy SET state = 'in_force', agreed_at = 1 WHERE version = 2`,
		"two in force":        `UPDATE policy SET state = 'in_force', agreed_by = 'second', agreed_at = 1 WHERE version = 2`,
		"a second proposal":   `INSERT INTO policy (version, document, digest, state, proposed_by, proposed_at, note) VALUES (3, '{}', zeroblob(32), 'proposed', 'second', 1, '')`,
		"straight in force":   `INSERT INTO policy (version, document, digest, state, proposed_by, proposed_at, note, agreed_by, agreed_at) VALUES (3, '{}', zeroblob(32), 'in_force', 'admin', 1, '', 'second', 1)`,
		"nobody's":            `INSERT INTO policy (version, document, digest, state, proposed_at, note) VALUES (3, '{}', zeroblob(32), 'proposed', 1, '')`,
	} {
		tx, err := raw.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = tx.Exec(query)
		assert.Error(t, err, what)
		require.NoError(t, tx.Rollback())
	}
	tx, err := raw.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.Exec(`UPDATE colleague SET role = 'lead' WHERE id = 'second'`)
	require.NoError(t, err)
	_, err = tx.Exec(`UPDATE policy SET state = 'replaced' WHERE version = 1; UPDATE policy SET state = 'in_force', agreed_by = 'second', agreed_at = 1 WHERE version = 2`)
	require.Error(t, err, "demoted meanwhile")
	require.NoError(t, tx.Rollback())
	require.NoError(t, db.EnactPolicy(t.Context(), 2, second, p.Digest()))
}

func TestEveryDecisionAndEntryCarriesTheVersionInForce(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	maker, second := storetest.Colleague(t, db, review.RoleAdmin), storetest.Colleague(t, db, review.RoleAdmin, "second")
	by := storetest.Colleague(t, db, review.RoleReviewer)
	id := storetest.Review(t, db, storetest.WithMatches(1))
	storetest.Claimed(t, db, id, by)
	storetest.Disposed(t, db, id, by, review.FalsePositive)
	p := shorter(t, db)
	p.Second = nil
	v, err := db.ProposePolicy(t.Context(), maker, p, "why")
	require.NoError(t, err)
	require.NoError(t, db.EnactPolicy(t.Context(), v, second, p.Digest()))
	form := review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Evidence: storetest.Digest(t, db, id)}
	var inv *review.Invalid
	_, err = db.Decide(t.Context(), id, by, form)
	require.ErrorAs(t, err, &inv)
	assert.Equal(t, "check", inv.Problems[0].Field)
	form.Checked = []string{"id_read", "something_else"}
	made, err := db.Decide(t.Context(), id, by, form)
	require.NoError(t, err)
	assert.Equal(t, v, made.Policy)
	file, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, v, file.Decisions[0].Policy)
	assert.Equal(t, review.PolicyVersion(1), file.Found[0].Policy)
	for _, e := range file.Entries {
		want := review.PolicyVersion(1)
		if e.Act == review.ActDecided {
			want = v
			assert.Equal(t, "id_read", e.Detail["checked"], "only what was asked for")
		}
		assert.Equal(t, want, e.Policy, e.Act)
	}
}

func TestTheTimesOfThePolicyRule(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	maker, second := storetest.Colleague(t, db, review.RoleAdmin), storetest.Colleague(t, db, review.RoleAdmin, "second")
	id := storetest.Review(t, db, storetest.WithMatches(1))
	p := shorter(t, db)
	p.Times.Claim = 90
	v, err := db.ProposePolicy(t.Context(), maker, p, "why")
	require.NoError(t, err)
	require.NoError(t, db.EnactPolicy(t.Context(), v, second, p.Digest()))
	r, err := db.Claim(t.Context(), id, maker, false)
	require.NoError(t, err)
	assert.Equal(t, 90*time.Minute, r.Claim.Until.Sub(r.Claim.At))
}

func TestAReplayCountsWhatWouldHaveBeenOtherwise(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	by := storetest.Colleague(t, db, review.RoleReviewer)
	id := storetest.Review(t, db, storetest.WithMatches(1))
	storetest.Claimed(t, db, id, by)
	storetest.Disposed(t, db, id, by, review.FalsePositive)
	_, err := db.Decide(t.Context(), id, by, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonFailedCheck, Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	p := review.DefaultPolicy()
	p.Second, p.Decisions = nil, p.Decisions[:4]
	p.Findings = p.Findings[:1]
	got, err := db.ReplayPolicy(t.Context(), p)
	require.NoError(t, err)
	assert.Zero(t, got.Decisions, "one that waits for a second person is not in effect")
	storetest.Agreed(t, db, id)
	got, err = db.ReplayPolicy(t.Context(), p)
	require.NoError(t, err)
	assert.Equal(t, 1, got.Decisions)
	assert.Equal(t, 1, got.Fewer)
	assert.Zero(t, got.More)
	assert.Equal(t, 1, got.Gone)
	assert.Equal(t, 1, got.Findings)
	assert.Equal(t, 1, got.Reasons, "other is offered no more")
}

// A replay reads the whole past; it is done again only when that is another.
func TestAReplayIsRememberedWhileThePastIsTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	by := storetest.Colleague(t, db, review.RoleReviewer)
	p := review.DefaultPolicy()
	p.Second = nil
	replay := func(p review.Policy, replays int) review.PolicyReplay {
		got, err := db.ReplayPolicy(t.Context(), p)
		require.NoError(t, err)
		fresh, err := storetest.OpenFile(t, path).ReplayPolicy(t.Context(), p)
		require.NoError(t, err)
		assert.Equal(t, fresh, got)
		assert.Equal(t, replays, db.Replays())
		return got
	}
	assert.Zero(t, replay(p, 1).Decisions)
	replay(p, 1)
	id := storetest.Review(t, db, storetest.WithMatches(1))
	storetest.Claimed(t, db, id, by)
	storetest.Disposed(t, db, id, by, review.FalsePositive)
	assert.Equal(t, 1, replay(p, 2).Findings)
	_, err := db.Decide(t.Context(), id, by, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonFailedCheck, Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	assert.Zero(t, replay(p, 3).Decisions)
	storetest.Agreed(t, db, id)
	assert.Equal(t, 1, replay(p, 4).Fewer)
	other := p
	other.Second = review.DefaultPolicy().Second
	assert.Zero(t, replay(other, 5).Fewer)
	replay(p, 5)
	_, err = raw(t, path).Exec(`UPDATE review SET opened_at = opened_at - 86400000 * 30`)
	require.NoError(t, err)
	assert.Equal(t, 1, replay(p, 6).Over, "when a review was opened can be found out later")
}
