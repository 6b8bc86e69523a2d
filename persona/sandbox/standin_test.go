package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const key = "persona_sandbox_test"

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// bench is a stand-in that steps, with what its webhook received.
type bench struct {
	*sandbox.StandIn
	t      *testing.T
	mu     sync.Mutex
	posts  []*http.Request
	bodies [][]byte
	answer func(n int) int // the webhook's n-th answer, 200 when nil
}

func newBench(t *testing.T, change ...func(*sandbox.StandInOptions)) *bench {
	t.Helper()
	b := &bench{t: t}
	o := sandbox.StandInOptions{Key: key, Seed: 7, Step: true, Now: func() time.Time { return noon }, Secrets: []string{"wbhsec_one"},
		Hook: func(r *http.Request) int {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.posts, b.bodies = append(b.posts, r), append(b.bodies, body)
			if b.answer != nil {
				return b.answer(len(b.posts))
			}
			return 200
		}}
	for _, c := range change {
		c(&o)
	}
	b.StandIn = sandbox.NewStandIn(o)
	t.Cleanup(b.Close)
	return b
}

// do makes one request of the API; headers come in pairs.
func (b *bench) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// ask is do for what must be answered with a document.
func (b *bench) ask(method, path, body string, headers ...string) doc {
	b.t.Helper()
	w := b.do(method, path, body, headers...)
	require.Equal(b.t, 2, w.Code/100, "%s %s: %d %s", method, path, w.Code, w.Body)
	return read(b.t, w.Body.Bytes())
}

func (b *bench) settle(d time.Duration) {
	b.t.Helper()
	require.NoError(b.t, b.Settle(context.Background(), d))
}

// screen has somebody screened and waits for the end.
func (b *bench) screen(kind string, fields ...string) string {
	b.t.Helper()
	m := map[string]string{}
	for i := 0; i < len(fields); i += 2 {
		m[fields[i]] = fields[i+1]
	}
	body, err := json.Marshal(map[string]any{"data": map[string]any{"attributes": map[string]any{
		"transaction-type-id": kind, "reference-id": "ref-1", "fields": m}}})
	require.NoError(b.t, err)
	d := b.ask("POST", "/transactions", string(body))
	assert.Equal(b.t, "created", d.at("data", "attributes", "status"))
	b.settle(10 * time.Second)
	return d.at("data", "id").(string)
}

// status is how a transaction stands.
func (b *bench) status(id string) string {
	b.t.Helper()
	return b.ask("GET", "/transactions/"+id, "").at("data", "attributes", "status").(string)
}

// report finds the report of a kind that a transaction has.
func (b *bench) report(txn, kind string) string {
	b.t.Helper()
	for _, r := range b.ask("GET", "/transactions/"+txn, "").at("data", "relationships", "related-objects", "data").([]any) {
		if r.(map[string]any)["type"] == "report/"+kind {
			return r.(map[string]any)["id"].(string)
		}
	}
	b.t.Fatalf("no report %s", kind)
	return ""
}

// events are the names of what was delivered, in order.
func (b *bench) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, body := range b.bodies {
		out = append(out, read(b.t, body).at("data", "attributes", "name").(string))
	}
	return out
}

type doc map[string]any

func read(t *testing.T, b []byte) doc {
	t.Helper()
	var d doc
	require.NoError(t, json.Unmarshal(b, &d), "%s", b)
	return d
}

// at walks down by keys; nil when something is missing.
func (d doc) at(path ...string) any {
	var v any = map[string]any(d)
	for _, k := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

func TestATermLeadsWhereItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind   string
		fields []string
		status string
		finds  string
	}{
		{sandbox.TypePerson, []string{"name_first", "Jong Un", "name_last", "Kim"}, "needs_review", "watchlist"},
		{sandbox.TypePerson, []string{"name_first", "jong", "name_last", "kim un"}, "needs_review", "adverse-media"},
		{sandbox.TypePerson, []string{"name_first", "Boris", "name_last", "Johnson", "birthdate", "1971-01-02"}, "needs_review", "politically-exposed-person"},
		{sandbox.TypeBusiness, []string{"business_name", "Globovision"}, "needs_review", "business-watchlist"},
		{sandbox.TypeWallet, []string{"crypto_address", "1Fz29BQp82pE3vXXcsZoMNQ3KSHfMzfMe3"}, "needs_review", "crypto-address-watchlist"},
		{sandbox.TypePerson, []string{"name_first", "Lazar", "name_last", "Vintermoor"}, "needs_review", "adverse-media"},
		{sandbox.TypePerson, []string{"name_first", "Marisol", "name_last", "Thornquist", "address_country_code", "PT"}, "needs_review", "screening"},
		{sandbox.TypePerson, []string{"name_first", "Orson", "name_last", "Faultline"}, "errored", ""},
		{sandbox.TypePerson, []string{"name_first", "Ilka", "name_last", "Brandywater"}, "pending_fallback_inquiry", ""},
		{sandbox.TypePerson, []string{"name_last", "Petra Laterwick"}, "approved", ""},
		{sandbox.TypePerson, []string{"name_first", "Nobody", "name_last", "Inparticular"}, "approved", ""},
	} {
		b := newBench(t)
		txn := b.screen(c.kind, c.fields...)
		require.Equal(t, c.status, b.status(txn), "%v", c.fields)
		if c.finds == "" {
			continue
		}
		r := b.ask("GET", "/reports/"+b.report(txn, c.finds), "")
		assert.Equal(t, true, r.at("data", "attributes", "has-match"), "%v", c.fields)
		names := b.names()
		assert.Contains(t, names, "transaction.created")
		assert.Contains(t, names, "report/"+c.finds+".matched")
		assert.Contains(t, names, "report/"+c.finds+".ready")
		assert.Contains(t, names, "transaction.status-updated")
		assert.Less(t, slices.Index(names, "transaction.created"), slices.Index(names, "transaction.status-updated"))
	}
}

func TestAPublishedTermTellsNothingButItself(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_first", "Boris", "name_last", "Johnson")
	r := b.ask("GET", "/reports/"+b.report(txn, "politically-exposed-person"), "")
	hit := r.at("data", "attributes", "result").([]any)[0].(map[string]any)
	for k, v := range hit {
		switch k {
		case "name":
			assert.Equal(t, "Boris Johnson", v)
		case "entity-id", "topics", "sources", "match-types", "pep-type":
		default:
			assert.Empty(t, v, k)
		}
	}
}
