package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func create(fields string) string {
	return `{"data":{"attributes":{"transaction-type-id":"` + sandbox.TypePerson + `","fields":` + fields + `}}}`
}

func patch(attributes string) string { return `{"data":{"attributes":` + attributes + `}}` }

func (b *bench) refuses(status int, words, method, path, body string, headers ...string) {
	b.t.Helper()
	w := b.do(method, path, body, headers...)
	assert.Equal(b.t, status, w.Code, "%s", w.Body)
	assert.Contains(b.t, w.Body.String(), words)
	errs, ok := read(b.t, w.Body.Bytes()).at("errors").([]any)
	require.True(b.t, ok)
	assert.NotEmpty(b.t, errs[0].(map[string]any)["title"])
}

func TestWithoutTheRightKeyNothingIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.refuses(401, "Must be authenticated to access this endpoint", "GET", "/transactions", "", "Authorization", "")
	b.refuses(401, "Token is invalid", "GET", "/transactions", "", "Authorization", "Bearer "+key+"x")
	w := b.do("GET", "/transactions", "", "Authorization", "")
	assert.Empty(t, w.Header().Get("RateLimit-Limit"))
	assert.Empty(t, w.Header().Get("Request-Id"))
}

func TestWhatAFieldCannotBeIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for fields, pointer := range map[string]string{
		`{"name_last":"A","birthdate":"31.12.1980"}`:            "birthdate",
		`{"name_last":"A","address_country_code":"Germany"}`:    "address_country_code",
		`{"name_last":"A","shoe_size":"43"}`:                    "shoe_size",
		`{"name_last":7}`:                                       "name_last",
		`{"name_last":"A","expected_monthly_volume":"much"}`:    "expected_monthly_volume",
		`{"name_first":"` + strings.Repeat("long ", 300) + `"}`: "name_first",
		`{"birthdate":"1980-05-31"}`:                            "name_last",
	} {
		b.refuses(422, `"pointer":"/data/attributes/fields/`+pointer+`"`, "POST", "/transactions", create(fields))
	}
	b.refuses(400, "is missing", "POST", "/transactions", patch(`{"fields":{}}`))
	b.refuses(400, "not allowed", "POST", "/transactions", patch(`{"status":"approved"}`))
	b.refuses(400, "not a JSON object", "POST", "/transactions", `{"data":`)
	b.refuses(404, "transaction_type_id", "POST", "/transactions", patch(`{"transaction-type-id":"txntp_other"}`))
	d := b.ask("POST", "/transactions", strings.ReplaceAll(create(`{"nameLast":"A"}`), "transaction-type-id", "transactionTypeId"))
	assert.Equal(t, "A", d.at("data", "attributes", "fields", "name_last", "value"), "requests may be spelt in any way")
}

func TestAKeyIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.do("POST", "/transactions", create(`{"name_last":"A"}`), "Idempotency-Key", "k1")
	again := b.do("POST", "/transactions", create(`{"name_last":"A"}`), "Idempotency-Key", "k1")
	assert.Equal(t, 201, again.Code)
	assert.Equal(t, first.Body.String(), again.Body.String())
	assert.NotEqual(t, first.Header().Get("Request-Id"), again.Header().Get("Request-Id"))
	b.refuses(400, "Idempotency-Key", "POST", "/transactions", create(`{"name_last":"B"}`), "Idempotency-Key", "k1")
	b.ask("POST", "/transactions", create(`{"name_last":"A"}`), "Idempotency-Key", "k2")
	assert.Len(t, b.ask("GET", "/transactions", "").at("data"), 2)

	b.Fail(sandbox.Fault{Kind: sandbox.FaultError, Times: 1})
	b.refuses(500, "Internal", "POST", "/transactions", create(`{"name_last":"C"}`), "Idempotency-Key", "k3")
	b.refuses(500, "Internal", "POST", "/transactions", create(`{"name_last":"C"}`), "Idempotency-Key", "k3") // even an error is replayed
	b.ask("POST", "/transactions", create(`{"name_last":"C"}`), "Idempotency-Key", "k4")

	b.Fail(sandbox.Fault{Kind: sandbox.FaultLimit, Times: 1})
	b.refuses(429, "Rate limit", "POST", "/transactions", create(`{"name_last":"D"}`), "Idempotency-Key", "k5")
	b.ask("POST", "/transactions", create(`{"name_last":"D"}`), "Idempotency-Key", "k5") // it never came that far
}

func TestTheMinuteHoldsSoManyRequests(t *testing.T) {
	t.Parallel()
	clock := noon
	b := newBench(t, func(o *sandbox.StandInOptions) { o.Rate, o.Now = 3, func() time.Time { return clock } })
	for _, left := range []string{"2", "1", "0"} {
		w := b.do("GET", "/events", "")
		require.Equal(t, 200, w.Code)
		assert.Equal(t, "3", w.Header().Get("RateLimit-Limit"))
		assert.Equal(t, left, w.Header().Get("RateLimit-Remaining"))
		assert.Equal(t, "60", w.Header().Get("RateLimit-Reset"))
		assert.True(t, strings.HasPrefix(w.Header().Get("Persona-Environment-Id"), "env_"))
		assert.True(t, strings.HasPrefix(w.Header().Get("Persona-Organization-Id"), "org_"))
	}
	b.refuses(429, "Rate limit exceeded", "GET", "/events", "")
	clock = noon.Add(61 * time.Second)
	b.ask("GET", "/events", "")
}

func TestPagesFollowEachOtherWithoutGapsOrRepeats(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var made []string
	for i := range 7 {
		made = append(made, b.ask("POST", "/transactions", create(fmt.Sprintf(`{"name_last":"N%d"}`, i))).at("data", "id").(string))
	}
	slices.Reverse(made)
	var got []string
	path := "/transactions?page[size]=3&filter[transaction-type-id]=" + sandbox.TypePerson
	var before any
	for path != "" {
		d := b.ask("GET", path, "")
		for _, v := range d.at("data").([]any) {
			got = append(got, v.(map[string]any)["id"].(string))
		}
		before = d.at("links", "prev")
		next, _ := d.at("links", "next").(string)
		path = strings.TrimPrefix(next, "/api/v1")
		if next != "" {
			assert.Contains(t, next, "page%5Bafter%5D=txn_")
			assert.Contains(t, next, "page%5Bsize%5D=3")
		}
	}
	assert.Equal(t, made, got)
	d := b.ask("GET", strings.TrimPrefix(before.(string), "/api/v1"), "")
	assert.Equal(t, made[3], d.at("data").([]any)[0].(map[string]any)["id"])
	assert.Empty(t, b.ask("GET", "/transactions?filter[transaction-type-id]="+sandbox.TypeWallet, "").at("data"))
	b.refuses(400, "filter", "GET", "/transactions?filter[status]=created", "")
	b.refuses(400, "include", "GET", "/transactions?include=reviewer", "")
	b.refuses(400, "page.after", "GET", "/transactions?page[after]=txn_none", "")
}

func TestIncludeInflectionAndSparseFieldsets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	plain := b.ask("GET", "/transactions/"+txn, "")
	assert.NotContains(t, plain, "included")
	assert.Equal(t, []any{}, b.ask("GET", "/transactions/"+txn+"?include=", "").at("included"))
	assert.NotEmpty(t, b.ask("GET", "/transactions/"+txn, "", "Persona-Version", "2023-01-05").at("included"), "old versions include")
	kinds := func(d doc) (out []string) {
		for _, v := range d.at("included").([]any) {
			out = append(out, v.(map[string]any)["type"].(string))
		}
		slices.Sort(out)
		return out
	}
	assert.Equal(t, []string{"account", "report/adverse-media", "report/politically-exposed-person", "report/watchlist", "transaction-type"},
		kinds(b.ask("GET", "/transactions/"+txn+"?include=related-objects,transaction-type", "")))
	report := b.report(txn, "watchlist")
	assert.Equal(t, []string{"transaction", "transaction-type"}, kinds(b.ask("GET", "/reports/"+report+"?include=transaction.transaction-type", "")))

	snake := b.ask("GET", "/transactions/"+txn, "", "Key-Inflection", "snake")
	assert.NotNil(t, snake.at("data", "attributes", "created_at"))
	assert.NotNil(t, snake.at("data", "relationships", "related_objects"))
	camel := b.ask("GET", "/reports/"+report, "", "Key-Inflection", "camel")
	assert.NotNil(t, camel.at("data", "attributes", "matchedLists"))

	few := b.ask("GET", "/transactions/"+txn+"?fields[transaction]=status,fields.name-first&fields[report]=hasMatch&include=related-objects", "")
	assert.Equal(t, map[string]any{"status": "needs_review", "fields": map[string]any{"name_first": map[string]any{"type": "string", "value": "Lazar"}}},
		few.at("data", "attributes"))
	for _, v := range few.at("included").([]any) {
		if v := v.(map[string]any); strings.HasPrefix(v["type"].(string), "report/") {
			assert.Equal(t, map[string]any{"has-match": true}, v["attributes"])
		}
	}
	b.refuses(400, "Persona-Version", "GET", "/transactions/"+txn, "", "Persona-Version", "1999-01-01")
}

func TestADecisionEchoes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_last", "Kim Jong Un")
	told := len(b.names())
	b.ask("PATCH", "/transactions/"+txn, patch(`{"fields":{"review_reason":"other"}}`))
	b.refuses(409, "Stale object error", "PATCH", "/transactions/"+txn, patch(`{"status":"declined"}`))
	b.ask("GET", "/transactions/"+txn, "")
	b.ask("PATCH", "/transactions/"+txn, patch(`{"status":"declined"}`))
	b.ask("PATCH", "/transactions/"+txn, patch(`{"status":"declined"}`))
	b.refuses(422, "Status does not exist", "PATCH", "/transactions/"+txn, patch(`{"status":"Declined"}`))
	b.settle(time.Second)
	assert.Equal(t, []string{"transaction.updated-fields", "transaction.status-updated"}, b.names()[told:])
	assert.Equal(t, "declined", read(t, b.bodies[len(b.bodies)-1]).at("data", "attributes", "payload", "data", "attributes", "status"))
	require.True(t, b.Change(txn, "approved"))
	b.settle(time.Second)
	assert.Equal(t, "approved", b.status(txn))
}

func TestADismissalTakesTheMatchesAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	list, news := b.report(txn, "watchlist"), b.report(txn, "adverse-media")
	d := b.ask("POST", "/reports/"+list+"/dismiss", patch(`{"reason":"another person"}`))
	assert.Equal(t, []any{}, d.at("data", "attributes", "matched-lists"))
	assert.Equal(t, false, d.at("data", "attributes", "has-match"))
	for _, v := range d.at("data", "attributes", "ignore-list").([]any) {
		assert.Equal(t, "another person", v.(map[string]any)["ignore-reason"])
	}
	b.refuses(409, "Conflict", "POST", "/reports/"+list+"/dismiss", patch(`{"reason":"again"}`))

	b.refuses(400, "dismiss-type", "POST", "/reports/"+news+"/dismiss", patch(`{"reason":"x"}`))
	b.refuses(404, "entity_id", "POST", "/reports/"+news+"/dismiss", patch(`{"reason":"x","dismiss-type":"entity","entity-id":"none"}`))
	hit := b.ask("GET", "/reports/"+news, "").at("data", "attributes", "related-sources").([]any)[0].(map[string]any)["entity-id"].(string)
	d = b.ask("POST", "/reports/"+news+"/dismiss", patch(`{"reason":"x","dismiss-type":"entity","entity-id":"`+hit+`"}`))
	assert.Equal(t, []any{}, d.at("data", "attributes", "related-sources"))
	var kinds []string
	for _, v := range b.ask("GET", "/reports/"+list+"/history", "").at("data").([]any) {
		kinds = append(kinds, v.(map[string]any)["type"].(string))
	}
	assert.Equal(t, []string{"dismiss", "run"}, kinds)
	b.settle(time.Second)
	assert.Contains(t, b.names(), "report/adverse-media.dismissed")
}

func TestRecordsOfAScreeningAreReviewedOneByOneOrAllAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_first", "Marisol", "name_last", "Thornquist")
	report := b.report(txn, "screening")
	records := func(d doc) (tokens, verdicts []string) {
		for _, v := range d.at("data", "attributes", "matched-records").([]any) {
			tokens = append(tokens, v.(map[string]any)["token"].(string))
			verdicts = append(verdicts, v.(map[string]any)["review-status"].(string))
		}
		return tokens, verdicts
	}
	tokens, _ := records(b.ask("GET", "/reports/"+report, ""))
	require.Len(t, tokens, 2)
	b.refuses(400, "record-token", "POST", "/reports/"+report+"/review", patch(`{"review-type":"record","review-status":"true_positive"}`))
	b.refuses(400, "review-status", "POST", "/reports/"+report+"/review", patch(`{"review-type":"all_records","review-status":"yes"}`))
	b.refuses(422, "does not support", "POST", "/reports/"+report+"/dismiss", patch(`{"reason":"x"}`))
	_, verdicts := records(b.ask("POST", "/reports/"+report+"/review",
		patch(`{"review-type":"record","record-token":"`+tokens[1]+`","review-status":"true_positive","risk-level":"material","comment":"same passport"}`)))
	assert.Equal(t, "true_positive", verdicts[1])
	assert.NotEqual(t, "true_positive", verdicts[0])
	_, verdicts = records(b.ask("POST", "/reports/"+report+"/review", patch(`{"review-type":"all_records","review-status":"false_positive"}`)))
	assert.Equal(t, []string{"false_positive", "false_positive"}, verdicts)
	b.settle(time.Second)
	at := slices.Index(b.names(), "report/screening.reviewed")
	require.GreaterOrEqual(t, at, 0)
	context := read(t, b.bodies[at]).at("data", "attributes", "context").(map[string]any)
	assert.Equal(t, tokens[1], context["record-token"])
	assert.Equal(t, "same passport", context["comment"])
}

func TestWhatIsAdoptedIsAnsweredFor(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *sandbox.StandInOptions) { o.Real, o.Rate = true, 1<<20 })
	o := sandbox.Options{Transactions: 200, Seed: 1}
	b.Adopt(o)
	assert.Empty(t, b.posts, "nothing is told of it")
	newest, statuses := map[string]string{}, map[string]string{}
	for p := range sandbox.Payloads(o) {
		d := read(t, p)
		for _, data := range []any{d.at("data"), d.at("data", "attributes", "payload", "data")} {
			if data, ok := data.(map[string]any); ok && data["type"] == "transaction" {
				a := data["attributes"].(map[string]any)
				id, at := data["id"].(string), value(a, "updated-at").(string)
				if at >= newest[id] {
					newest[id], statuses[id] = at, a["status"].(string)
				}
			}
		}
	}
	require.Len(t, statuses, 200)
	for id, status := range statuses {
		if got := b.status(id); got != status {
			assert.Equal(t, status, got, id)
		}
	}
	for _, v := range b.ask("GET", "/reports?page[size]=100", "").at("data").([]any) {
		a := doc(v.(map[string]any))
		if a.at("type") == "report/watchlist" && a.at("attributes", "status") == "ready" {
			assert.Contains(t, a.at("attributes"), "matched-lists", "nothing is thin at its source")
		}
		assert.NotEmpty(t, b.ask("GET", "/reports/"+v.(map[string]any)["id"].(string)+"/history", ""))
	}
}

func TestRedactionEmptiesWhatItTouchesAndTells(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	report := b.report(txn, "watchlist")
	b.ask("DELETE", "/transactions/"+txn, "")
	b.settle(time.Second)
	assert.Contains(t, b.names(), "transaction.redacted")
	for _, path := range []string{"/transactions/" + txn, "/reports/" + report} {
		assert.NotContains(t, b.do("GET", path, "").Body.String(), "Vintermoor")
	}
	assert.NotNil(t, b.ask("GET", "/reports/"+report, "").at("data", "attributes", "redacted-at"))
	b.refuses(409, "already redacted", "POST", "/reports/"+report+"/dismiss", patch(`{"reason":"x"}`))
	b.refuses(409, "already redacted", "PATCH", "/transactions/"+txn, patch(`{"status":"approved"}`))
	assert.False(t, b.Redact(txn))
}

func TestACaseOfABusinessIsDecidedAndCommentedOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypeBusiness, "business_name", "Globovision")
	cases := b.ask("GET", "/cases?filter[status]=open", "").at("data").([]any)
	require.Len(t, cases, 1)
	c := doc(cases[0].(map[string]any))
	assert.Equal(t, txn, c.at("relationships", "txns", "data").([]any)[0].(map[string]any)["id"])
	path := "/cases/" + c.at("id").(string)
	d := b.ask("POST", path+"/set-status", `{"meta":{"status":"Approved"}}`)
	assert.Equal(t, "Approved", d.at("data", "attributes", "resolution"))
	b.refuses(400, "message", "POST", path+"/add-comment", `{"meta":{"message":""}}`)
	b.ask("POST", path+"/add-comment", `{"meta":{"message":"Registered under another name."}}`)
	assert.Contains(t, b.do("GET", path+"?include=case-comments", "").Body.String(), "Registered under another name.")
	b.settle(time.Second)
	assert.Subset(t, b.names(), []string{"case.created", "case.status-updated", "case.resolved", "case-comment.created"})
}

func TestEventsAreListedNewestFirstAndByName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	txn := b.screen(sandbox.TypePerson, "name_last", "Kim Jong Un")
	all := b.ask("GET", "/events?page[size]=100", "").at("data").([]any)
	assert.Len(t, all, len(b.bodies))
	at := "9999"
	for _, v := range all {
		next := doc(v.(map[string]any)).at("attributes", "created-at").(string)
		assert.Less(t, next, at)
		at = next
	}
	some := b.ask("GET", "/events?filter[name]=transaction.created,transaction.status-updated&filter[object-id]="+txn, "").at("data").([]any)
	assert.Len(t, some, 2)
	one := some[0].(map[string]any)["id"].(string)
	assert.Equal(t, one, b.ask("GET", "/events/"+one, "").at("data", "id"))
	assert.Len(t, b.ask("GET", "/events?filter[id]="+one, "").at("data"), 1)
	b.refuses(404, "not found", "GET", "/events/evt_none", "")
}

func TestTheSameSeedAsksForTheSameWorld(t *testing.T) {
	t.Parallel()
	one, two := newBench(t), newBench(t)
	for _, b := range []*bench{one, two} {
		b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	}
	assert.Equal(t, one.bodies, two.bodies)
	names := map[string]bool{}
	for _, term := range sandbox.Terms() {
		assert.False(t, names[term.Input], term.Input)
		names[term.Input] = true
		assert.NotEmpty(t, term.Gives)
	}
}
