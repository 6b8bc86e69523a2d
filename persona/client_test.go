package persona_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClientSaysWhoAsksAndInWhichVersion(t *testing.T) {
	t.Parallel()
	server := serve(t, says(200, okTxn))
	_, err := clientAt(t, server.URL).Resource(t.Context(), txnRef, "related-objects", "transaction-label")
	require.NoError(t, err)
	r := server.requests()[0]
	assert.Equal(t, "GET", r.Method)
	assert.Equal(t, "/api/v1/transactions/txn_1", r.URL.Path)
	assert.Equal(t, "related-objects,transaction-label", r.URL.Query().Get("include"))
	assert.Equal(t, "Bearer "+testKey, r.Header.Get("Authorization"))
	assert.Equal(t, persona.DefaultVersion, r.Header.Get("Persona-Version"))
	assert.Equal(t, "kebab", r.Header.Get("Key-Inflection"))
	assert.NotContains(t, r.URL.String(), testKey)
	assert.Empty(t, r.Header.Get("Idempotency-Key"))
}

func TestEachTypeIsAskedAtItsOwnAddress(t *testing.T) {
	t.Parallel()
	server := serve(t, says(200, okTxn))
	c := clientAt(t, server.URL)
	want := []string{}
	for ref, path := range map[review.Ref]string{
		{Type: "transaction", ID: "txn_1"}:                "/transactions/txn_1",
		{Type: "report/watchlist", ID: "rep_1"}:           "/reports/rep_1",
		{Type: "report", ID: "rep_2"}:                     "/reports/rep_2",
		{Type: "inquiry", ID: "inq_1"}:                    "/inquiries/inq_1",
		{Type: "account", ID: "act_1"}:                    "/accounts/act_1",
		{Type: "case", ID: "case_1"}:                      "/cases/case_1",
		{Type: "verification/government-id", ID: "ver_1"}: "/verifications/ver_1",
		{Type: "document/government-id", ID: "doc_1"}:     "/documents/doc_1",
		{Type: "transaction", ID: "a/../b?c#d %2F"}:       "/transactions/a%2F..%2Fb%3Fc%23d%20%252F",
	} {
		assert.True(t, persona.HasEndpoint(ref))
		a, err := c.Resource(t.Context(), ref)
		require.NoError(t, err, ref)
		assert.Equal(t, "GET "+path, a.About)
		want = append(want, "/api/v1"+path)
	}
	for i, r := range server.requests() {
		assert.Equal(t, want[i], r.RequestURI)
	}
}

func TestWhatHasNoAddressIsNotAsked(t *testing.T) {
	t.Parallel()
	server := serve(t, says(200, okTxn))
	c := clientAt(t, server.URL)
	for _, ref := range []review.Ref{
		{Type: "selfie/center-only", ID: "self_1"}, {Type: "workflow-run", ID: "wfr_1"}, {Type: "", ID: "x"}, {},
		{Type: "transaction", ID: ""}, {Type: "transaction", ID: ".."}, {Type: "transaction", ID: "."},
		{Type: "transaction", ID: "a\nb"}, {Type: "transaction", ID: strings.Repeat("x", 300)},
	} {
		assert.False(t, persona.HasEndpoint(ref))
		_, err := c.Resource(t.Context(), ref)
		var refused *persona.Refused
		require.ErrorAs(t, err, &refused, ref)
		assert.Zero(t, refused.Status)
		_, _, err = c.History(t.Context(), review.Ref{Type: "report", ID: ".."}, "")
		assert.ErrorAs(t, err, &refused)
	}
	assert.Empty(t, server.requests())
	assert.Zero(t, c.State().LastOK)
}

func TestAKeyTellsItsEnvironment(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]persona.Environment{
		"persona_sandbox_1": persona.Sandbox, "persona_production_1": persona.Production, "sk_1": persona.UnknownEnvironment, "xpersona_sandbox_1": "",
	} {
		c, err := persona.NewClient(persona.ClientOptions{Key: key})
		require.NoError(t, err)
		assert.Equal(t, want, c.Environment(), key)
	}
}

func TestOptionsThatWouldLeakAreRefused(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]persona.ClientOptions{
		"no key":                {},
		"a line break in a key": {Key: testKey + "\n"},
		"a letter in a key":     {Key: "kéy"},
		"plain http":            {Key: testKey, BaseURL: "http://api.withpersona.com/api/v1"},
		"plain http, loopback allowed, elsewhere": {Key: testKey, BaseURL: "http://api.withpersona.com/api/v1", Loopback: true},
		"loopback, not allowed":                   {Key: testKey, BaseURL: "http://127.0.0.1:8080"},
		"another port":                            {Key: testKey, BaseURL: "https://api.withpersona.com:8443/api/v1"},
		"another scheme":                          {Key: testKey, BaseURL: "ftp://api.withpersona.com"},
		"a user":                                  {Key: testKey, BaseURL: "https://" + testKey + "@api.withpersona.com"},
		"a query":                                 {Key: testKey, BaseURL: "https://api.withpersona.com?key=" + testKey},
		"no host":                                 {Key: testKey, BaseURL: "https:///api"},
		"unreadable":                              {Key: testKey, BaseURL: "https://a b/" + testKey},
	} {
		_, err := persona.NewClient(o)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), testKey, name)
	}
	for _, base := range []string{"", "https://api.withpersona.com/api/v1/", "https://api.withpersona.com:443/api/v1"} {
		c, err := persona.NewClient(persona.ClientOptions{Key: testKey, BaseURL: base})
		require.NoError(t, err, base)
		assert.False(t, c.HasProxy())
	}
}

func TestARefusalSaysWhatToDo(t *testing.T) {
	t.Parallel()
	status := review.Push{Act: review.PushStatus, Target: txnRef, Value: "approved"}
	for name, c := range map[string]struct {
		status int
		body   string
		want   string
		is     error
	}{
		"status": {status: 422, body: `{"errors":[{"title":"Record invalid","details":"Status does not exist"}]}`,
			want: "Persona does not know this status for transaction txn_1: an admin has to check its spelling in what Persona is told: Status does not exist"},
		"pointer": {status: 422, body: `{"errors":[{"title":"Unprocessable entity","details":"is not a date","source":{"pointer":"/data/attributes/fields/birthdate"}},{"title":"Bad","details":"too long","source":{"pointer":"/data/attributes/reference-id"}}]}`,
			want: "Persona does not take this for transaction txn_1: birthdate: is not a date; reference_id: too long"},
		"dotted": {status: 400, body: `{"errors":[{"title":"Bad Request","details":"data.attributes.name is missing"}]}`,
			want: "Persona does not take this for transaction txn_1: data.attributes.name is missing"},
		"key": {status: 401, body: `{"errors":[{"title":"Must be authenticated to access this endpoint"}]}`, is: persona.ErrUnauthorized,
			want: "Persona does not accept docket's API key: an admin has to check it: Must be authenticated to access this endpoint"},
		"permission": {status: 403, body: `{"errors":[{"title":"Forbidden"}]}`, is: persona.ErrUnauthorized,
			want: "Persona does not let docket's API key do this: it needs the permission txn.write, and an IP allow-list, if the key has one, must name this server: Forbidden"},
		"missing": {status: 404, body: `{"errors":[{"title":"Record not found"}]}`, is: review.ErrNotFound,
			want: "Persona does not know transaction txn_1: it was deleted, or it lives in another environment than the API key: Record not found"},
		"conflict": {status: 409, body: `{"errors":[{"title":"Conflict","details":"already redacted"}]}`,
			want: "Persona cannot do this to transaction txn_1 as it stands now: already redacted"},
		"no words":  {status: 405, body: ``, want: "Persona does not take this for transaction txn_1"},
		"no object": {status: 422, body: `{"errors":"no"}`, want: "Persona does not take this for transaction txn_1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, says(c.status, c.body))
			client := clientAt(t, server.URL)
			_, err := client.Push(t.Context(), status)
			var refused *persona.Refused
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.want, refused.Sentence())
			assert.Equal(t, "req_TEST", refused.Request)
			assert.NotErrorIs(t, err, persona.ErrUnavailable)
			if c.is != nil {
				assert.ErrorIs(t, err, c.is)
			}
			assert.Len(t, server.requests(), 1)
			assert.Equal(t, c.is == persona.ErrUnauthorized, client.State().Problem != "", "the state speaks of the key only")
		})
	}
}

func TestARefusalStandsBesideItsField(t *testing.T) {
	t.Parallel()
	server := serve(t, says(422, `{"errors":[
		{"title":"x","details":"is invalid","source":{"pointer":"/data/attributes/fields/name-last"}},
		{"title":"x","details":"is no country","source":{"pointer":"/data/attributes/fields/addressCountryCode"}},
		{"title":"x","details":"is too long","source":{"pointer":"/data/attributes/reference-id"}},
		{"title":"x","details":"is not configured","source":{"pointer":"/data/attributes/fields/shoe_size"}},
		{"title":"x","details":"something else"}]}`))
	_, _, err := clientAt(t, server.URL).Screen(t.Context(), screening(), "txntp_1")
	var refused *persona.Refused
	require.ErrorAs(t, err, &refused)
	var inv *review.Invalid
	require.ErrorAs(t, refused.Invalid(), &inv)
	assert.Equal(t, []review.Problem{
		{Field: "name_last", Text: "Persona does not take this: is invalid"},
		{Field: "address_country_code", Text: "Persona does not take this: is no country"},
		{Field: "reference_id", Text: "Persona does not take this: is too long"},
		{Field: "fields", Text: "Persona does not take shoe_size: is not configured"},
		{Field: "fields", Text: "Persona does not take this: something else"},
	}, inv.Problems)
	assert.NoError(t, (&persona.Refused{Status: 403, Problems: refused.Problems}).Invalid(), "a key is nobody's field")
}

func TestAListIsReadPageByPage(t *testing.T) {
	t.Parallel()
	server := serve(t,
		says(200, `{"data":[`+strings.Replace(testBody[len(`{"data":`):len(testBody)-1], `"name"`, `"created-at":"2026-11-22T08:00:00.123Z","payload":{"data":{"type":"transaction","id":"txn_1"}},"name"`, 1)+
			`, {"type":"event", "id":"evt_2","attributes":{"name":"custom.x","payload":[1]}}],"links":{"prev":null,"next":"https://evil.example/api/v1/events?page%5Bafter%5D=evt_2&page%5Bsize%5D=1"}}`),
		says(200, `{"data":[],"links":{"next":"/api/v1/events?page%5Bafter%5D=evt_2"}}`))
	c := clientAt(t, server.URL)
	page, err := c.Events(t.Context(), persona.EventQuery{Names: []string{"transaction.created", "inquiry.approved"}, Objects: []string{"txn_1"}})
	require.NoError(t, err)
	assert.Equal(t, "evt_2", page.Next)
	require.Len(t, page.Items, 2)
	first := page.Items[0]
	assert.Equal(t, review.Ref{Type: "event", ID: "evt_TEST1"}, first.Ref)
	assert.Equal(t, time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC), first.At)
	assert.Equal(t, "transaction.status-updated", first.Event)
	assert.Equal(t, review.Ref{Type: "transaction", ID: "txn_1"}, first.About)
	assert.Equal(t, "evt_TEST1", persona.EventID(first.Raw), "an item is what its webhook would bring")
	assert.Equal(t, "evt_TEST1", persona.Read(first.Raw).Event)
	assert.JSONEq(t, `{"data":{"type":"event", "id":"evt_2","attributes":{"name":"custom.x","payload":[1]}}}`, string(page.Items[1].Raw))

	page, err = c.Events(t.Context(), persona.EventQuery{After: page.Next})
	require.NoError(t, err)
	assert.Empty(t, page.Next, "a page that names itself as the next is the last")
	assert.Empty(t, page.Items)

	seen := server.requests()
	assert.Equal(t, "100", seen[0].URL.Query().Get("page[size]"))
	assert.Equal(t, "transaction.created,inquiry.approved", seen[0].URL.Query().Get("filter[name]"))
	assert.Equal(t, "txn_1", seen[0].URL.Query().Get("filter[object-id]"))
	assert.Equal(t, "evt_2", seen[1].URL.Query().Get("page[after]"))
	assert.True(t, strings.HasPrefix(seen[1].Host, "127.0.0.1:"))
}

func TestTransactionsAndHistoryAreRead(t *testing.T) {
	t.Parallel()
	server := serve(t,
		says(200, `{"data":[{"type":"transaction","id":"txn_1","attributes":{"created-at":"2026-11-01T00:00:00Z","updated-at":"2026-11-02T00:00:00Z"}}],"links":{"next":null}}`),
		says(200, `{"data":[{"type":"run","id":"rpr_1"}],"links":{"next":"/api/v1/reports/rep_1/history?page%5Bafter%5D=rpr_1"}}`),
		says(200, `{"data":{"type":"transaction"}}`))
	c := clientAt(t, server.URL)
	page, err := c.Transactions(t.Context(), "", "txntp_1")
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.Equal(t, txnRef, page.Items[0].Ref)
	assert.Equal(t, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), page.Items[0].At)
	assert.Equal(t, "txntp_1", server.requests()[0].URL.Query().Get("filter[transaction-type-id]"))

	_, next, err := c.History(t.Context(), review.Ref{Type: "report/watchlist", ID: "rep_1"}, "")
	require.NoError(t, err)
	assert.Equal(t, "rpr_1", next)

	_, err = c.Transactions(t.Context(), "", "")
	requireUnavailable(t, err, "not the list")
}

func TestALinkAndATokenStayOutOfWhatIsKept(t *testing.T) {
	t.Parallel()
	inquiry := `{"type":"inquiry","id":"inq_1","attributes":{"status":"pending"}}`
	server := serve(t,
		says(200, `{"data":`+inquiry+`,"meta":{"session-token":"eyJ.TOKEN"}}`),
		says(200, `{"meta":{"oneTimeLink":"https://withpersona.com/verify?code=us1-TOKEN","one-time-link-short":"https://perso.na/verify?code=TOKEN"},"data":`+inquiry+`,"included":[]}`),
		says(200, `{"data":`+inquiry+`,"meta":{"one-time-link":"javascript://127.0.0.1/%0aalert(1)"}}`),
		says(200, `{"data":`+inquiry+`}`))
	now := newClock()
	c := clientAt(t, server.URL, with(now))
	a, token, err := c.Resume(t.Context(), "inq_1")
	require.NoError(t, err)
	assert.Equal(t, "eyJ.TOKEN", token)
	assert.JSONEq(t, `{"data":`+inquiry+`}`, string(a.Body))
	assert.Equal(t, "inquiry", persona.Read(a.Body).ReadAs)

	link, until, err := c.OneTimeLink(t.Context(), "inq_1", 90*time.Minute)
	require.NoError(t, err)
	assert.Equal(t, "https://withpersona.com/verify?code=us1-TOKEN", link)
	assert.Equal(t, now.now().Add(90*time.Minute), until)

	_, _, err = c.OneTimeLink(t.Context(), "inq_1", 0)
	requireUnavailable(t, err, "no link")
	_, _, err = c.Resume(t.Context(), "inq_1")
	requireUnavailable(t, err, "no session token")

	seen := server.requests()
	body, _ := io.ReadAll(seen[1].Body)
	assert.JSONEq(t, `{"meta":{"expires-in-seconds":5400}}`, string(body))
	assert.NotEmpty(t, seen[0].Header.Get("Idempotency-Key"))
	assert.NotEqual(t, seen[0].Header.Get("Idempotency-Key"), seen[3].Header.Get("Idempotency-Key"), "each asking is an act of its own")
}

func TestAScreeningSendsWhatTheFormHolds(t *testing.T) {
	t.Parallel()
	server := serve(t, says(201, okTxn), says(201, `{"data":{"type":"transaction"}}`))
	c := clientAt(t, server.URL)
	a, id, err := c.Screen(t.Context(), review.ScreeningForm{ReferenceID: "order-1", NameFirst: "Ada", NameLast: testName, Birthdate: "1980-05-31", Country: "DE",
		Fields: []review.PushField{{Key: "debug", Value: "passed"}, {Key: "left_out"}}, Key: "key-1"}, "txntp_1")
	require.NoError(t, err)
	assert.Equal(t, review.TransactionID("txn_1"), id)
	assert.Equal(t, 201, a.Status)
	assert.NotContains(t, a.About, testName)
	body, _ := io.ReadAll(server.requests()[0].Body)
	assert.JSONEq(t, `{"data":{"attributes":{"transaction-type-id":"txntp_1","reference-id":"order-1","fields":{"name_first":"Ada","name_last":"`+testName+`","birthdate":"1980-05-31","address_country_code":"DE","debug":"passed"}}}}`, string(body))

	_, _, err = c.Screen(t.Context(), screening(), "txntp_1")
	requireUnavailable(t, err, "did not name the new transaction")
}

func TestEachActIsToldAsPersonaWantsIt(t *testing.T) {
	t.Parallel()
	report := func(kind string) review.Ref { return review.Ref{Type: "report/" + kind, ID: "rep_1"} }
	inquiry, kase := review.Ref{Type: "inquiry", ID: "inq_1"}, review.Ref{Type: "case", ID: "case_1"}
	for name, c := range map[string]struct {
		push review.Push
		want string // "" when Persona is not asked
		body string
	}{
		"status":    {push: review.Push{Act: review.PushStatus, Target: txnRef, Value: "Needs Review"}, want: "PATCH /transactions/txn_1", body: `{"data":{"attributes":{"status":"Needs Review"}}}`},
		"fields":    {push: review.Push{Act: review.PushFields, Target: txnRef, Fields: []review.PushField{{Key: "a", Value: "b"}, {Key: "c"}}}, want: "PATCH /transactions/txn_1", body: `{"data":{"attributes":{"fields":{"a":"b","c":""}}}}`},
		"approve":   {push: review.Push{Act: review.PushInquiry, Target: inquiry, Value: "approve", Note: "n"}, want: "POST /inquiries/inq_1/approve", body: `{"meta":{"comment":"n"}}`},
		"decline":   {push: review.Push{Act: review.PushInquiry, Target: inquiry, Value: "decline"}, want: "POST /inquiries/inq_1/decline", body: `{"meta":{}}`},
		"case":      {push: review.Push{Act: review.PushCase, Target: kase, Value: "Approved"}, want: "POST /cases/case_1/set-status", body: `{"meta":{"status":"Approved"}}`},
		"comment":   {push: review.Push{Act: review.PushComment, Target: kase, Note: "n"}, want: "POST /cases/case_1/add-comment", body: `{"meta":{"message":"n"}}`},
		"record":    {push: review.Push{Act: review.PushMatches, Target: report("screening"), Part: "scrre_1", Value: "false_positive", Note: "n"}, want: "POST /reports/rep_1/review", body: `{"data":{"attributes":{"review-type":"record","record-token":"scrre_1","review-status":"false_positive","comment":"n"}}}`},
		"records":   {push: review.Push{Act: review.PushMatches, Target: report("screening"), Value: "indeterminate"}, want: "POST /reports/rep_1/review", body: `{"data":{"attributes":{"review-type":"all_records","review-status":"indeterminate"}}}`},
		"watchlist": {push: review.Push{Act: review.PushMatches, Target: report("watchlist"), Value: "dismiss", Note: "n"}, want: "POST /reports/rep_1/dismiss", body: `{"data":{"attributes":{"reason":"n"}}}`},
		"media":     {push: review.Push{Act: review.PushMatches, Target: report("adverse-media"), Part: "ent_1", Value: "dismiss", Note: "n"}, want: "POST /reports/rep_1/dismiss", body: `{"data":{"attributes":{"reason":"n","dismiss-type":"entity","entity-id":"ent_1"}}}`},

		"no such status":         {push: review.Push{Act: review.PushStatus, Target: txnRef}},
		"no field":               {push: review.Push{Act: review.PushFields, Target: txnRef}},
		"a status of an inquiry": {push: review.Push{Act: review.PushStatus, Target: inquiry, Value: "x"}},
		"a verb of no inquiry":   {push: review.Push{Act: review.PushInquiry, Target: inquiry, Value: "../../transactions"}},
		"an empty comment":       {push: review.Push{Act: review.PushComment, Target: kase}},
		"a true match":           {push: review.Push{Act: review.PushMatches, Target: report("watchlist"), Value: "true_positive", Note: "n"}},
		"a dismissal of nothing": {push: review.Push{Act: review.PushMatches, Target: report("adverse-media"), Value: "dismiss", Note: "n"}},
		"one of a watchlist":     {push: review.Push{Act: review.PushMatches, Target: report("watchlist"), Part: "x", Value: "dismiss", Note: "n"}},
		"without a reason":       {push: review.Push{Act: review.PushMatches, Target: report("watchlist"), Value: "dismiss"}},
		"no act":                 {push: review.Push{Target: txnRef}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, says(200, ``))
			c.push.Key = "key-9"
			a, err := clientAt(t, server.URL).Push(t.Context(), c.push)
			if c.want == "" {
				var refused *persona.Refused
				require.ErrorAs(t, err, &refused)
				assert.Zero(t, refused.Status)
				assert.NotEmpty(t, refused.Sentence())
				assert.Empty(t, server.requests())
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, a.About)
			r := server.requests()[0]
			body, _ := io.ReadAll(r.Body)
			assert.JSONEq(t, c.body, string(body))
			method, _, _ := strings.Cut(c.want, " ")
			assert.Equal(t, map[string]string{"POST": "key-9", "PATCH": ""}[method], r.Header.Get("Idempotency-Key"))
		})
	}
}

func TestAnAnswerIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		okTxn,
		`{"data":{"id":"txn_1","id":"txn_1"}}`, // for Read to refuse, after it was kept
		"\ufeff" + okTxn,
		"{\"data\":{\"type\":\"transaction\",\"id\":\"\xff\"}}",
	} {
		server := serve(t, says(200, body))
		a, err := clientAt(t, server.URL).Resource(t.Context(), txnRef)
		require.NoError(t, err)
		assert.Equal(t, body, string(a.Body))
	}
	server := serve(t, says(200, okTxn, "Request-Id", "req_\x1b[31m"), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Request-Id", strings.Repeat("x", 500))
		_ = json.NewEncoder(w).Encode(json.RawMessage(okTxn))
	})
	c := clientAt(t, server.URL)
	for range 2 {
		a, err := c.Resource(t.Context(), txnRef)
		require.NoError(t, err)
		assert.Empty(t, a.Request)
	}
}
