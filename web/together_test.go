package web_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// TestExportsPagesAndDecisionsGoOnTogether is for the race detector as much as for what it asserts.
func TestExportsPagesAndDecisionsGoOnTogether(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const many = 6
	var payloads [][]byte
	for i := range many {
		p := ekene()
		n := strconv.Itoa(i)
		p.id, p.reference = "txn_together"+n, "cust-together-"+n
		payloads = append(payloads, p.payload())
	}
	h.take(payloads...)
	queue, err := h.db.Queue(t.Context(), review.QueueQuery{Limit: many})
	require.NoError(t, err)
	require.Len(t, queue.Rows, many)

	entries := func(c *client) (all []int64) {
		body := c.get("/decisions.ndjson").is(200).body
		for line := range strings.Lines(body) {
			var row struct{ Entry int64 }
			if assert.NoError(t, json.Unmarshal([]byte(line), &row), "every line is whole") {
				all = append(all, row.Entry)
			}
		}
		return all
	}
	decided := make(chan struct{})
	var wait sync.WaitGroup
	goOn := func(do func()) {
		wait.Go(func() {
			for {
				select {
				case <-decided:
					return
				default:
					do()
				}
			}
		})
	}
	for _, who := range []string{"auditor", "lead"} {
		c := h.as(who)
		var last []int64
		goOn(func() {
			now := entries(c)
			if assert.GreaterOrEqual(t, len(now), len(last)) {
				assert.Equal(t, last, append([]int64(nil), now[:len(last)]...), "what an export had, the next one has, in the same order")
			}
			last = now
		})
	}
	pages := h.as("admin")
	goOn(func() {
		for _, path := range []string{"/reviews", "/reviews?state=closed", "/decisions", "/ledger", "/insights"} {
			pages.get(path).is(200)
		}
	})
	for _, row := range queue.Rows {
		h.decided(row.Review, review.Approve)
	}
	close(decided)
	wait.Wait()
	assert.Len(t, entries(h.as("auditor")), many)
	report, err := h.db.VerifyLedger(t.Context(), store.LedgerCheck{Key: h.db.LedgerPublic()})
	require.NoError(t, err)
	assert.Nil(t, report.Break)
}
