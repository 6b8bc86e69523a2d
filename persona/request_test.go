package persona_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notInTheFile are calls that Persona documents and that came after the version of the official
// file. https://docs.withpersona.com/api-reference/cases/add-comment and …/reports/review-matches
var notInTheFile = []string{"POST /cases/case_1/add-comment", "POST /reports/rep_1/review"}

// The official file is read where it lies (DOCKET_OPENAPI names it).
func TestEveryRequestIsAsTheOfficialFileSays(t *testing.T) {
	t.Parallel()
	path := os.Getenv("DOCKET_OPENAPI")
	if path == "" {
		t.Skip("DOCKET_OPENAPI names no file")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	check := func(r *http.Request) error { return asTheFileSays(router, r) }

	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer := `{"data":{"type":"inquiry","id":"txn_1"},"meta":{"session-token":"x","one-time-link":"https://withpersona.com/verify?code=x"}}`
		if r.Method == http.MethodGet && (strings.HasSuffix(r.URL.Path, "s") || strings.HasSuffix(r.URL.Path, "/history")) {
			answer = `{"data":[]}`
		}
		says(200, answer)(w, r)
	})
	c := clientAt(t, server.URL)
	askEverything(t, c)
	seen := server.requests()
	require.Len(t, seen, 27)
	var left []string
	for _, r := range seen {
		name := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1")
		err := check(r)
		if errors.Is(err, routers.ErrPathNotFound) {
			left = append(left, name)
			continue
		}
		assert.NoError(t, err, name)
	}
	slices.Sort(left)
	assert.Equal(t, notInTheFile, slices.Compact(left), "the file knows all others")

	// The judge must be able to say no.
	bad := seen[0].Clone(t.Context())
	bad.Method, bad.Body = http.MethodPatch, io.NopCloser(strings.NewReader(`{"data":{"attributes":{"stat":"x"}}}`))
	bad.Header.Set("Content-Type", "application/json")
	require.Error(t, check(bad))
	bad = seen[0].Clone(t.Context())
	bad.URL.RawQuery = "filter[nothing]=x"
	require.Error(t, check(bad))
	bad = seen[0].Clone(t.Context())
	bad.Header.Set("Persona-Version", "1999-01-01")
	require.Error(t, check(bad))
}

// askEverything makes every kind of request that a client can make.
func askEverything(t *testing.T, c *persona.Client) {
	ctx := t.Context()
	must := func(_ any, err error) { t.Helper(); require.NoError(t, err) }
	for _, ref := range []review.Ref{
		txnRef, {Type: "report/watchlist", ID: "rep_1"}, {Type: "inquiry", ID: "inq_1"}, {Type: "account", ID: "act_1"},
		{Type: "case", ID: "case_1"}, {Type: "verification/government-id", ID: "ver_1"}, {Type: "document/generic", ID: "doc_1"},
	} {
		must(c.Resource(ctx, ref))
		must(c.Resource(ctx, ref, "account", "reports"))
	}
	_, _, err := c.History(ctx, review.Ref{Type: "report/watchlist", ID: "rep_1"}, "rpr_1")
	require.NoError(t, err)
	must(c.Events(ctx, persona.EventQuery{After: "evt_1", Names: []string{"transaction.created"}, Objects: []string{"txn_1", "rep_1"}}))
	must(c.Transactions(ctx, "txn_1", "txntp_1"))
	_, _, err = c.Screen(ctx, review.ScreeningForm{ReferenceID: "r", NameFirst: "Ada", NameLast: testName, Birthdate: "1980-05-31", Country: "DE",
		Fields: []review.PushField{{Key: "debug", Value: "passed"}}, Key: "k"}, "txntp_1")
	require.NoError(t, err)
	_, _, err = c.Resume(ctx, "inq_1")
	require.NoError(t, err)
	_, _, err = c.OneTimeLink(ctx, "inq_1", time.Hour)
	require.NoError(t, err)
	for _, p := range []review.Push{
		{Act: review.PushStatus, Target: txnRef, Value: "approved"},
		{Act: review.PushFields, Target: txnRef, Fields: []review.PushField{{Key: "note", Value: "x"}}},
		{Act: review.PushInquiry, Target: review.Ref{Type: "inquiry", ID: "inq_1"}, Value: "approve", Note: "n"},
		{Act: review.PushCase, Target: review.Ref{Type: "case", ID: "case_1"}, Value: "Approved"},
		{Act: review.PushComment, Target: review.Ref{Type: "case", ID: "case_1"}, Note: "n"},
		{Act: review.PushMatches, Target: review.Ref{Type: "report/adverse-media", ID: "rep_1"}, Part: "e", Value: "dismiss", Note: "n"},
		{Act: review.PushMatches, Target: review.Ref{Type: "report/screening", ID: "rep_1"}, Part: "e", Value: "false_positive"},
	} {
		p.Key = "k"
		must(c.Push(ctx, p))
	}
}

// asTheFileSays validates a request; keys of the query that no parameter names are faults too,
// which the validator itself lets pass.
func asTheFileSays(router routers.Router, r *http.Request) error {
	r = r.Clone(context.Background())
	r.URL.Scheme, r.URL.Host, r.Host = "https", "api.withpersona.com", "api.withpersona.com"
	route, params, err := router.FindRoute(r)
	if err != nil {
		return err
	}
	for key := range r.URL.Query() {
		if !hasParameter(route, key) {
			return errors.New("no parameter " + key)
		}
	}
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true, RejectWhenRequestBodyNotSpecified: true},
	})
}

// hasParameter says that an operation takes a key of the query: "include", "page[size]".
func hasParameter(route *routers.Route, key string) bool {
	name, member, isMember := strings.Cut(strings.TrimSuffix(key, "]"), "[")
	p := route.Operation.Parameters.GetByInAndName("query", name)
	if p == nil {
		p = route.PathItem.Parameters.GetByInAndName("query", name)
	}
	if p == nil || !isMember {
		return p != nil
	}
	return p.Schema != nil && p.Schema.Value.Properties[member] != nil
}
