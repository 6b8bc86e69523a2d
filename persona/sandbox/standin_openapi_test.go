package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"docket/persona/sandbox"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// official is Persona's own description of its API, read where it lies (DOCKET_OPENAPI names
// the file).
func official(t *testing.T) *openapi3.T {
	t.Helper()
	path := os.Getenv("DOCKET_OPENAPI")
	if path == "" {
		t.Skip("DOCKET_OPENAPI names no file")
	}
	loader := openapi3.NewLoader()
	spec, err := loader.LoadFromFile(path)
	require.NoError(t, err)
	// The validator takes members that a $ref's anyOf allows for unevaluated ones: it refuses the
	// file's own example here.
	spec.Components.Schemas["transaction-type"].Value.Properties["attributes"].Value.Properties["field-schemas"].Value.Items.Value.UnevaluatedProperties = openapi3.BoolSchema{}
	return spec
}

// operation finds what a request asks for.
func operation(spec *openapi3.T, method, path string) (*openapi3.Operation, string) {
	path, _, _ = strings.Cut(path, "?")
	have := strings.Split(path, "/")
	for pattern, item := range spec.Paths.Map() {
		want := strings.Split(pattern, "/")
		fits := len(want) == len(have)
		for i := 0; fits && i < len(want); i++ {
			fits = want[i] == have[i] || strings.HasPrefix(want[i], "{")
		}
		if op := item.GetOperation(method); fits && op != nil {
			return op, pattern
		}
	}
	return nil, ""
}

func check(schema *openapi3.SchemaRef, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	return schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors())
}

func TestEveryAnswerIsWhatTheOfficialFileSays(t *testing.T) {
	t.Parallel()
	spec := official(t)
	b := newBench(t)
	seen := map[string]bool{}
	// ask makes a request and holds the answer, of whatever status, against the file.
	ask := func(want int, method, path, body string) doc {
		t.Helper()
		w := b.do(method, path, body)
		require.Equal(t, want, w.Code, "%s %s %s", method, path, w.Body)
		op, pattern := operation(spec, method, path)
		if !assert.NotNil(t, op, "%s %s is not in the file", method, path) {
			return nil
		}
		seen[method+" "+pattern] = true
		if body != "" && want/100 == 2 {
			assert.NoError(t, check(op.RequestBody.Value.Content["application/json"].Schema, []byte(body)), "request %s %s", method, path)
		}
		res := op.Responses.Value(fmt.Sprint(want))
		if !assert.NotNil(t, res, "%s %s has no answer %d", method, path, want) {
			return nil
		}
		if err := check(res.Value.Content["application/json"].Schema, w.Body.Bytes()); err != nil {
			assert.Failf(t, "not what the file says", "%s %s: %.3000s", method, path, err)
		}
		return read(t, w.Body.Bytes())
	}
	patch := func(attributes string) string { return `{"data":{"attributes":` + attributes + `}}` }

	for _, c := range [][]string{
		{sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor", "birthdate", "1960-02-03", "address_country_code", "CH"},
		{sandbox.TypePerson, "name_first", "Boris", "name_last", "Johnson"},
		{sandbox.TypePerson, "name_first", "Jong Un", "name_last", "Kim"},
		{sandbox.TypeBusiness, "business_name", "Globovision"},
		{sandbox.TypeWallet, "crypto_address", "1Fz29BQp82pE3vXXcsZoMNQ3KSHfMzfMe3"},
	} {
		txn := b.screen(c[0], c[1:]...)
		d := ask(200, "GET", "/transactions/"+txn, "")
		ask(200, "GET", "/transactions/"+txn+"?include=related-objects,transaction-type,reviewer", "")
		for _, r := range d.at("data", "relationships", "related-objects", "data").([]any) {
			id, kind := r.(map[string]any)["id"].(string), r.(map[string]any)["type"].(string)
			switch {
			case strings.HasPrefix(kind, "report/"):
				ask(200, "GET", "/reports/"+id, "")
				ask(200, "GET", "/reports/"+id+"?include=transaction,account", "")
				ask(200, "GET", "/reports/"+id+"/history", "")
			case kind == "account":
				ask(200, "GET", "/accounts/"+id, "")
			case kind == "case":
				ask(200, "GET", "/cases/"+id+"?include=accounts,reports,txns", "")
				ask(200, "POST", "/cases/"+id+"/set-status", `{"meta":{"status":"Approved"}}`)
				ask(422, "POST", "/cases/"+id+"/set-status", `{"meta":{"status":"approved"}}`)
				ask(200, "GET", "/cases?filter[status]=approved", "")
			}
		}
		ask(200, "PATCH", "/transactions/"+txn, patch(`{"fields":{"review_reason":"other"}}`))
		ask(409, "PATCH", "/transactions/"+txn, patch(`{"status":"approved"}`))
		ask(200, "GET", "/transactions/"+txn, "")
		ask(200, "PATCH", "/transactions/"+txn, patch(`{"status":"approved","tags":["seen"]}`))
	}
	watched := b.screen(sandbox.TypePerson, "name_last", "Petra Laterwick")
	report := b.report(watched, "watchlist")
	ask(200, "POST", "/reports/"+report+"/pause", "")
	ask(409, "POST", "/reports/"+report+"/pause", "")
	ask(200, "POST", "/reports/"+report+"/resume", "")
	ask(200, "POST", "/reports/"+report+"/run", "")
	b.settle(5 * time.Second)
	ask(409, "POST", "/reports/"+report+"/run", "")
	ask(400, "POST", "/reports/"+report+"/dismiss", patch(`{}`))
	ask(200, "POST", "/reports/"+report+"/dismiss", patch(`{"reason":"not the same person"}`))
	ask(200, "GET", "/reports/"+report+"/history?page[size]=2", "")
	ask(422, "POST", "/reports/"+b.report(b.screen(sandbox.TypeWallet, "crypto_address", "1Fz29BQp82pE3vXXcsZoMNQ3KSHfMzfMe3"), "crypto-address-watchlist")+"/dismiss", patch(`{"reason":"x"}`))

	txn := b.screen(sandbox.TypePerson, "name_first", "Ilka", "name_last", "Brandywater", "birthdate", "1991-09-08")
	inquiry := ask(200, "GET", "/transactions/"+txn, "").at("data", "attributes", "fields", "fallback_inquiry_id", "value").(string)
	ask(200, "GET", "/inquiries/"+inquiry, "")
	ask(409, "POST", "/inquiries/"+inquiry+"/resume", "")
	ask(200, "POST", "/inquiries/"+inquiry+"/generate-one-time-link", `{"meta":{"expires-in-seconds":3600}}`)
	ask(200, "POST", "/inquiries/"+inquiry+"/perform-simulate-actions", `{"meta":{"simulate-actions":[{"type":"start_inquiry"}]}}`)
	ask(200, "POST", "/inquiries/"+inquiry+"/expire", "")
	ask(409, "POST", "/inquiries/"+inquiry+"/generate-one-time-link", "")
	ask(200, "POST", "/inquiries/"+inquiry+"/resume", "")
	require.True(t, b.Finish(inquiry, false))
	b.settle(time.Second)
	d := ask(200, "GET", "/inquiries/"+inquiry+"?include=verifications,documents,account", "")
	for _, v := range d.at("data", "relationships", "verifications", "data").([]any) {
		ask(200, "GET", "/verifications/"+v.(map[string]any)["id"].(string), "")
	}
	for _, v := range d.at("data", "relationships", "documents", "data").([]any) {
		ask(200, "GET", "/documents/"+v.(map[string]any)["id"].(string), "")
		ask(200, "GET", "/document/government-ids/"+v.(map[string]any)["id"].(string), "")
	}
	ask(200, "POST", "/inquiries/"+inquiry+"/mark-for-review", "")
	ask(200, "POST", "/inquiries/"+inquiry+"/approve", `{"meta":{"comment":"seen"}}`)
	ask(409, "POST", "/inquiries/"+inquiry+"/mark-for-review", "")
	ask(200, "POST", "/inquiries/"+inquiry+"/decline", "")

	ask(200, "GET", "/transactions?page[size]=3&filter[transaction-type-id]="+url.QueryEscape(sandbox.TypePerson), "")
	ask(200, "GET", "/reports?page[size]=5", "")
	ask(200, "GET", "/inquiries", "")
	ask(200, "GET", "/accounts", "")
	events := ask(200, "GET", "/events?page[size]=100", "")
	ask(200, "GET", "/events/"+events.at("data").([]any)[0].(map[string]any)["id"].(string), "")
	ask(200, "GET", "/rate-limits", "")
	ask(404, "GET", "/transactions/txn_none", "")
	ask(404, "GET", "/reports/rep_none", "")
	ask(400, "GET", "/transactions?page[size]=101", "")
	ask(404, "POST", "/transactions", patch(`{"transaction-type-id":"txntp_none"}`))
	ask(422, "POST", "/transactions", patch(`{"transaction-type-id":"`+sandbox.TypePerson+`"}`))
	ask(422, "PATCH", "/transactions/"+txn, patch(`{"status":"shelved"}`))
	b.Fail(sandbox.Fault{Kind: sandbox.FaultLimit, Times: 1})
	ask(429, "GET", "/transactions/"+txn, "")
	b.Fail(sandbox.Fault{Kind: sandbox.FaultDenied, Times: 1})
	ask(403, "GET", "/transactions/"+txn, "")
	ask(200, "DELETE", "/transactions/"+txn, "")
	ask(409, "DELETE", "/transactions/"+txn, "")
	assert.Greater(t, len(seen), 30)
}

func TestEveryEventIsWhatTheOfficialFileSays(t *testing.T) {
	t.Parallel()
	spec := official(t)
	for _, included := range []sandbox.Included{sandbox.IncludeNone, sandbox.IncludeEmpty, sandbox.IncludeThin, sandbox.IncludeAll} {
		b := newBench(t, func(o *sandbox.StandInOptions) { o.Included = included })
		lazar := b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor", "birthdate", "1960-02-03")
		for _, c := range [][]string{
			{sandbox.TypePerson, "name_first", "Marisol", "name_last", "Thornquist"},
			{sandbox.TypePerson, "name_first", "Orson", "name_last", "Faultline"},
			{sandbox.TypeWallet, "crypto_address", "1Fz29BQp82pE3vXXcsZoMNQ3KSHfMzfMe3"},
		} {
			b.screen(c[0], c[1:]...)
		}
		b.ask("POST", "/reports/"+b.report(lazar, "politically-exposed-person")+"/dismiss", `{"data":{"attributes":{"reason":"another person"}}}`)
		b.ask("PATCH", "/transactions/"+lazar, `{"data":{"attributes":{"fields":{"review_note":"x"}}}}`)
		firm := b.screen(sandbox.TypeBusiness, "business_name", "Globovision")
		for _, r := range b.ask("GET", "/transactions/"+firm, "").at("data", "relationships", "related-objects", "data").([]any) {
			if id := r.(map[string]any)["id"].(string); strings.HasPrefix(id, "case_") {
				b.ask("POST", "/cases/"+id+"/set-status", `{"meta":{"status":"Declined"}}`)
				b.ask("POST", "/cases/"+id+"/add-comment", `{"meta":{"message":"seen by a reviewer"}}`)
			}
		}
		ilka := b.screen(sandbox.TypePerson, "name_first", "Ilka", "name_last", "Brandywater")
		inquiry := b.ask("GET", "/transactions/"+ilka, "").at("data", "attributes", "fields", "fallback_inquiry_id", "value").(string)
		require.True(t, b.Finish(inquiry, true))
		b.ask("POST", "/inquiries/"+inquiry+"/approve", `{"meta":{"comment":"seen"}}`)
		b.settle(time.Minute)
		require.True(t, b.Redact(ilka))
		b.settle(time.Minute)

		checked, unknown := map[string]bool{}, map[string]bool{}
		for _, body := range b.bodies {
			name := read(t, body).at("data", "attributes", "name").(string)
			hook := spec.Webhooks[name]
			if hook == nil {
				unknown[name] = true
				continue
			}
			checked[name] = true
			if err := check(hook.Post.RequestBody.Value.Content["application/json"].Schema, body); err != nil {
				assert.Failf(t, "not what the file says", "%s (included %d): %.3000s", name, included, err)
			}
		}
		assert.Greater(t, len(checked), 20)
		// Of these the file has the name alone, or not yet.
		for name := range unknown {
			assert.Truef(t, strings.HasPrefix(name, "report/screening.") || name == "case-comment.created", "%s", name)
		}
	}
}
