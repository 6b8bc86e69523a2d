package store_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// recorder is a Hydrate that keeps the last bundle of each transaction.
type recorder struct {
	mu   sync.Mutex
	last map[string]review.Bundle
}

func (r *recorder) hydrate(b review.Bundle) review.Dossier {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil {
		r.last = map[string]review.Bundle{}
	}
	r.last[b.Root.ID] = b
	return storetest.Hydrate(b)
}

func bundleOf(t *testing.T, txn string, payloads ...[]byte) review.Bundle {
	t.Helper()
	r := &recorder{}
	db := storetest.Open(t, func(o *store.Options) { o.Hydrate = r.hydrate })
	storetest.Import(t, db, payloads...)
	_, err := db.TransactionFile(t.Context(), review.TransactionID(txn))
	require.NoError(t, err)
	return r.last[txn]
}

func members(b review.Bundle) (got []string) {
	for _, c := range b.Resources {
		via := ""
		if c.Via != "" {
			via = " via " + c.Via
		}
		got = append(got, c.Ref.String()+via)
	}
	return got
}

func TestABundleHoldsWhatJoinsTheTransactionAndNothingElse(t *testing.T) {
	t.Parallel()
	b := bundleOf(t, "txn_1",
		storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(1)).Link("related-objects", ref("inquiry", "inq_1")).
			Link("related-objects", ref("account", "act_1")).Link("transaction-type", ref("transaction-type", "txntp_1")).
			Link("related-objects", ref("report/watchlist", "rep_missing"))),
		storetest.Payload(storetest.Resource("transaction-type", "txntp_1", at(1))),
		storetest.Payload(storetest.Report("rep_back", at(1)).Link("transaction", ref("transaction", "txn_1"))),
		storetest.Payload(storetest.Resource("report-run", "rpr_1", at(1)).Link("report", ref("report", "rep_back"))),
		storetest.Payload(storetest.Resource("case", "case_1", at(1)).Link("txns", ref("transaction", "txn_1")).Link("txns", ref("transaction", "txn_2")).
			Link("reports", ref("report", "rep_case")).Link("reports", ref("report", "rep_other")).Link("case-queue", ref("case-queue", "q_1")).
			Link("inquiries", ref("inquiry", "inq_far"))),
		storetest.Payload(storetest.Report("rep_case", at(1)), storetest.Resource("report-act", "ract_1", at(1)).Link("report", ref("report", "rep_case"))),
		storetest.Payload(storetest.Report("rep_other", at(1)).Link("transaction", ref("transaction", "txn_2"))),
		storetest.Payload(storetest.Transaction("txn_2", "approved", at(1)).Link("related-objects", ref("account", "act_1"))),
		storetest.Payload(storetest.Resource("inquiry", "inq_1", at(1)).Link("verifications", ref("verification/selfie", "ver_1")).
			Link("template", ref("inquiry-template", "itmpl_1")).Link("account", ref("account", "act_2"))),
		storetest.Payload(storetest.Resource("verification/selfie", "ver_1", at(1)), storetest.Resource("account", "act_1", at(1)),
			storetest.Resource("inquiry-template", "itmpl_1", at(1)), storetest.Resource("case-queue", "q_1", at(1)),
			storetest.Resource("document/generic", "doc_far", at(1)).Link("account", ref("account", "act_1"))),
	)
	assert.Equal(t, []string{"transaction/txn_1", "account/act_1", "case/case_1", "inquiry/inq_1",
		"report-act/ract_1 via report/rep_case", "report-run/rpr_1 via report/rep_back", "report/watchlist/rep_back",
		"report/watchlist/rep_case via case/case_1", "verification/selfie/ver_1 via inquiry/inq_1"}, members(b))
	assert.Equal(t, []review.Ref{ref("account", "act_2"), ref("inquiry", "inq_far"), ref("report/watchlist", "rep_missing")}, b.Named)
	for _, l := range b.Links {
		assert.NotEqual(t, "txn_2", l.To.ID, "links stay inside")
	}
	assert.Contains(t, b.Links, review.Link{From: ref("report-run", "rpr_1"), To: ref("report", "rep_back"), Name: "report"})
}

func TestLayersAreWhatNewerStatesDoNotSay(t *testing.T) {
	t.Parallel()
	report := func(hours int) storetest.State { return storetest.Resource("report/watchlist", "rep_1", at(hours)) }
	b := bundleOf(t, "txn_1",
		storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(1)).Link("related-objects", ref("report/watchlist", "rep_1"))),
		storetest.Payload(report(5).Fact("status", "ready")),
		storetest.Payload(report(1).Fact("status", "pending").Fact("query", "q")),
		storetest.Payload(report(3).Fact("status", "ready").Fact("query", "q").Fact("matches", []string{"a"})),
		storetest.Payload(report(4).Fact("status", "ready").Fact("x", 1)),
	)
	c := b.Resources[1]
	var times []int64
	for _, l := range c.Layers {
		times = append(times, l.Order.At)
	}
	assert.Equal(t, []int64{at(5).UnixMilli(), at(4).UnixMilli(), at(3).UnixMilli()}, times)
	times = nil
	for _, l := range c.History {
		times = append(times, l.Order.At)
	}
	assert.Equal(t, []int64{at(1).UnixMilli(), at(3).UnixMilli(), at(4).UnixMilli(), at(5).UnixMilli()}, times, "every state of a report, oldest first")
	assert.Nil(t, b.Resources[0].History)
}

func TestABundleIsBounded(t *testing.T) {
	t.Parallel()
	txn := storetest.Transaction("txn_1", "needs_review", at(1))
	var states []storetest.State
	for i := range 500 {
		id := fmt.Sprintf("act_%03d", i)
		txn = txn.Link("related-objects", ref("account", id))
		states = append(states, storetest.Resource("account", id, at(1)))
	}
	b := bundleOf(t, "txn_1", storetest.Payload(append(states, txn)...))
	require.Len(t, b.Resources, 400)
	assert.Equal(t, "txn_1", b.Resources[0].Ref.ID)
	assert.Equal(t, "act_398", b.Resources[399].Ref.ID)
}

func TestAnyResourceCanBeLookedAt(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Import(t, db, story()...)
	f, err := db.ResourceFile(t.Context(), ref("report/watchlist", "rep_a"))
	require.NoError(t, err)
	assert.Len(t, f.Captured.Layers, 2)
	assert.Len(t, f.Payloads, 4)
	assert.Equal(t, []review.Link{
		{From: ref("report/watchlist", "rep_a"), To: ref("transaction", "txn_a"), Name: "transaction"},
		{From: ref("transaction", "txn_a"), To: ref("report/watchlist", "rep_a"), Name: "related-objects"},
	}, f.Links)
	f, err = db.ResourceFile(t.Context(), ref("report", "rep_a"))
	require.NoError(t, err)
	assert.Equal(t, ref("report/watchlist", "rep_a"), f.Captured.Ref, "any kind of report")
	f, err = db.ResourceFile(t.Context(), ref("report/watchlist", "rep_b"))
	require.NoError(t, err)
	assert.False(t, f.Named)

	storetest.Import(t, db, storetest.Payload(storetest.Resource("account", "act_9", at(1)).Link("owner", ref("thing/odd", "x/../y"))))
	f, err = db.ResourceFile(t.Context(), ref("thing/odd", "x/../y"))
	require.NoError(t, err)
	assert.True(t, f.Named)
	assert.Empty(t, f.Captured.Layers)
	for _, missing := range []review.Ref{ref("thing/even", "x/../y"), ref("account", "none"), ref("none", "act_9"), {}} {
		_, err = db.ResourceFile(t.Context(), missing)
		require.ErrorIs(t, err, review.ErrNotFound, missing)
	}
	_, err = db.TransactionFile(t.Context(), "txn_none")
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestFindKnowsExactIds(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Import(t, db, story()...)
	for q, want := range map[string]string{
		"R-1": "review", "1": "review", "txn_d": "transaction", "rep_b": "resource", "ver_b": "resource", "txn_": "", "": "", "R-99": "", "99": "",
	} {
		kind, r, id, err := db.Find(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, want, kind, q)
		switch kind {
		case "review":
			assert.Equal(t, review.ReviewID(1), id)
		case "":
			assert.Zero(t, r)
		default:
			assert.Equal(t, q, r.ID)
		}
	}
	_, r, _, err := db.Find(t.Context(), "rep_b")
	require.NoError(t, err)
	assert.Equal(t, "report/watchlist", r.Type, "the kind as received, not as named")
}
