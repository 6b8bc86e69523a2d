package review_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestADrawCanBeMadeAgainWithTheSeedAlone(t *testing.T) {
	t.Parallel()
	seed := review.Seed{1, 2, 3}
	drawn := 0
	for entry := int64(1); entry <= 4000; entry++ {
		mac := hmac.New(sha256.New, seed[:])
		fmt.Fprintf(mac, "docket draw 1 finding %d", entry)
		lot := new(big.Int).SetBytes(mac.Sum(nil)[:8])
		want := new(big.Int).Mod(lot, big.NewInt(8)).Sign() == 0
		got := seed.Draw("finding", entry).OneIn(8)
		require.Equal(t, want, got, entry)
		if got {
			drawn++
		}
	}
	assert.InDelta(t, 500, drawn, 80, "one in eight")
	assert.False(t, seed.Draw("finding", 1).OneIn(0), "none in 0")
	assert.True(t, seed.Draw("finding", 1).OneIn(1), "all in 1")
	assert.NotEqual(t, seed.Commitment(), review.Seed{1, 2, 4}.Commitment())
	assert.NotContains(t, fmt.Sprintf("%v %s", seed, seed), "1 2 3")
}

func TestADrawTakesEachFindingForItself(t *testing.T) {
	t.Parallel()
	seed := review.Seed{9}
	findings, decided := review.Sampling{Findings: 1, Decisions: 1}.DrawIn(seed, []review.EntryID{3, 4}, 5)
	assert.Equal(t, []review.EntryID{3, 4}, findings)
	assert.True(t, decided)
	findings, decided = review.Sampling{}.DrawIn(seed, []review.EntryID{3, 4}, 5)
	assert.Empty(t, findings)
	assert.False(t, decided)
}

func TestOnlyALeadWhoIsNeitherSettles(t *testing.T) {
	t.Parallel()
	d := review.Disagreement{First: review.Argument{By: "anna"}, Second: review.Argument{By: "bo"}}
	for id, role := range map[review.ColleagueID]review.Role{"anna": review.RoleLead, "bo": review.RoleAdmin, "cy": review.RoleReviewer, "di": review.RoleAuditor} {
		assert.ErrorIs(t, d.CanResolve(review.Colleague{ID: id, Role: role}), review.ErrForbidden, id)
	}
	assert.ErrorIs(t, d.CanResolve(review.Colleague{ID: "eve", Role: review.RoleLead, Disabled: true}), review.ErrForbidden)
	assert.NoError(t, d.CanResolve(review.Colleague{ID: "eve", Role: review.RoleLead}))
}

func TestASettlementSaysWhoIsRightAndWhy(t *testing.T) {
	t.Parallel()
	d := review.Disagreement{Sample: review.Sample{Kind: review.SampleFinding}, First: review.Argument{Finding: review.FalsePositive}, Second: review.Argument{Finding: review.CannotTell}}
	fields := func(f review.ResolveForm) []string {
		_, err := f.Check(d)
		var inv *review.Invalid
		if err == nil {
			return nil
		}
		require.ErrorAs(t, err, &inv)
		var all []string
		for _, p := range inv.Problems {
			all = append(all, p.Field)
		}
		return all
	}
	assert.Equal(t, []string{"upheld", "note"}, fields(review.ResolveForm{}))
	assert.Equal(t, []string{"note"}, fields(review.ResolveForm{Upheld: review.UpheldFirst, Note: " "}))
	assert.Equal(t, []string{"finding"}, fields(review.ResolveForm{Upheld: review.UpheldThird, Note: "x"}))
	assert.Equal(t, []string{"finding"}, fields(review.ResolveForm{Upheld: review.UpheldThird, Finding: review.CannotTell, Note: "x"}))
	assert.Empty(t, fields(review.ResolveForm{Upheld: review.UpheldThird, Finding: review.TrueMatch, Note: "x"}))
	r, err := review.ResolveForm{Upheld: review.UpheldSecond, Note: "x"}.Check(d)
	require.NoError(t, err)
	assert.Equal(t, review.CannotTell, r.Finding)
	d.Sample.Kind = review.SampleDecision
	assert.Equal(t, []string{"upheld"}, fields(review.ResolveForm{Upheld: review.UpheldThird, Finding: review.TrueMatch, Note: "x"}))
}
