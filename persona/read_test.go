package persona_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// event wraps a payload in the envelope of an event.
func event(name, at, data string, included ...string) string {
	inc := ""
	if len(included) > 0 {
		inc = `,"included":[` + strings.Join(included, ",") + `]`
	}
	return fmt.Sprintf(`{"data":{"type":"event","id":"evt_%d","attributes":{"name":%q,"payload":{"data":%s%s},"created-at":%q}}}`,
		len(data)+len(at), name, data, inc, at)
}

// resource is one resource with its attributes and relationships, given as JSON members.
func resource(typ, id, attributes string, relationships ...string) string {
	rel := ""
	if len(relationships) > 0 {
		rel = `,"relationships":{` + strings.Join(relationships, ",") + `}`
	}
	return fmt.Sprintf(`{"type":%q,"id":%q,"attributes":{%s}%s}`, typ, id, attributes, rel)
}

// to is one relationship.
func to(name, typ, id string) string {
	return fmt.Sprintf(`%q:{"data":{"type":%q,"id":%q}}`, name, typ, id)
}

// response is the answer of the API.
func response(data string, included ...string) string {
	if len(included) == 0 {
		return `{"data":` + data + `}`
	}
	return `{"data":` + data + `,"included":[` + strings.Join(included, ",") + `]}`
}

func refsOf(r review.Reading) []string {
	var out []string
	for _, s := range r.Snapshots {
		out = append(out, s.Ref.String())
	}
	return out
}

func TestEveryEnvelopeIsRead(t *testing.T) {
	t.Parallel()
	txn, rep := resource("transaction", "txn_1", `"status":"created"`), resource("report/watchlist", "rep_1", `"status":"ready"`)
	for name, c := range map[string]struct {
		payload, readAs, event string
		refs                   []string
	}{
		"response":       {response(txn), "transaction", "", []string{"transaction/txn_1"}},
		"with included":  {response(txn, rep), "transaction", "", []string{"transaction/txn_1", "report/watchlist/rep_1"}},
		"list":           {response("["+txn+","+txn+"]", rep), "list of 2 transaction", "", []string{"transaction/txn_1", "transaction/txn_1", "report/watchlist/rep_1"}},
		"mixed list":     {response("[" + txn + "," + rep + "]"), "list of 2 of several types", "", []string{"transaction/txn_1", "report/watchlist/rep_1"}},
		"empty list":     {`{"data":[],"links":{"next":null}}`, "list of 0", "", nil},
		"event":          {event("transaction.created", "2024-01-01T00:00:00Z", txn, rep), "event transaction.created", "evt_89", []string{"transaction/txn_1", "report/watchlist/rep_1"}},
		"events":         {`{"data":[` + strings.TrimSuffix(strings.TrimPrefix(event("a", "2024-01-01T00:00:00Z", txn), `{"data":`), "}") + `]}`, "list of 1 event", "", []string{"transaction/txn_1"}},
		"custom event":   {`{"data":{"type":"event","id":"evt_1","attributes":{"name":"custom.thing","payload":{"data":{"x":1}}}}}`, "event custom.thing", "evt_1", nil},
		"no payload":     {`{"data":{"type":"event","id":"evt_1","attributes":{"name":"x.y"}}}`, "event x.y", "evt_1", nil},
		"bare pointer":   {response(`{"type":"account","id":"act_1"}`), "account", "", []string{"account/act_1"}},
		"number as id":   {response(`{"type":"account","id":12}`), "account", "", []string{"account/12"}},
		"nameless apart": {response(txn, `{"id":"x"}`), "transaction", "", []string{"transaction/txn_1"}},
	} {
		r := persona.Read([]byte(c.payload))
		assert.Empty(t, r.Refused, name)
		assert.Equal(t, c.readAs, r.ReadAs, name)
		assert.Equal(t, c.event, r.Event, name)
		assert.Equal(t, c.refs, refsOf(r), name)
		assert.Equal(t, review.Sum([]byte(c.payload)), r.Hash, name)
	}
}

func TestEverySpellingOfTheKeysGivesTheSameState(t *testing.T) {
	t.Parallel()
	kebab := `{"data":{"type":"report/watchlist","id":"rep_1","attributes":{"has-match":true,"created-at":"2024-01-01T00:00:00Z","matched-lists":[{"flag-code":"US"}]},"relationships":{"report-template":{"data":null}}}}`
	snake := `{"data":{"type":"report/watchlist","id":"rep_1","attributes":{"has_match":true,"created_at":"2024-01-01T00:00:00Z","matched_lists":[{"flag_code":"US"}]},"relationships":{"report_template":{"data":null}}}}`
	camel := `{"data":{"type":"report/watchlist","id":"rep_1","attributes":{"hasMatch":true,"createdAt":"2024-01-01T00:00:00Z","matchedLists":[{"flagCode":"US"}]},"relationships":{"reportTemplate":{"data":null}}}}`
	want := persona.Read([]byte(kebab)).Snapshots
	require.Len(t, want, 1)
	assert.Equal(t, want, persona.Read([]byte(snake)).Snapshots)
	assert.Equal(t, want, persona.Read([]byte(camel)).Snapshots)
	assert.JSONEq(t, `{"type":"report/watchlist","id":"rep_1","attributes":{"has-match":true,"created-at":"2024-01-01T00:00:00Z","matched-lists":[{"flag-code":"US"}]},"relationships":{"report-template":{"data":null}}}`, string(want[0].Body))

	snakeEvent := `{"data":{"type":"event","id":"evt_1","attributes":{"name":"x","created_at":"2024-02-01T00:00:00Z","payload":` + snake + `}}}`
	r := persona.Read([]byte(snakeEvent))
	require.Len(t, r.Snapshots, 1)
	assert.Equal(t, time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), r.Snapshots[0].Order.Event)
}

func TestBadStructureIsRefusedWithAPlaceAndWithoutContent(t *testing.T) {
	t.Parallel()
	good := response(resource("transaction", "txn_1", `"status":"created"`))
	deep := func(n int) string {
		return `{"data":{"type":"t","id":"i","attributes":{"a":` + strings.Repeat("[", n) + "1" + strings.Repeat("]", n) + `}}}`
	}
	for payload, want := range map[string]string{
		"":                                 "empty",
		" \n":                              "empty",
		"SECRET":                           "not JSON at byte 0",
		"\x00\x01SECRET":                   "not JSON at byte 0",
		"\x1f\x8bSECRET":                   "packed, and cannot be unpacked to its end",
		good[:40]:                          "cut short: the JSON ends early at byte 40",
		good + "SECRET":                    "something follows the end of the JSON at byte 78",
		`{"data":{"SECRET":1,"SECRET":2}}`: "the same key twice in one object at byte 20",
		deep(62):                           "nested more than 64 deep at byte 108",
		deep(200):                          "nested more than 64 deep at byte 108",
		deep(20_000):                       "nested more than 64 deep at byte 108",
		`["SECRET"]`:                       "not a Persona payload: the JSON is no object",
		`"SECRET"`:                         "not a Persona payload: the JSON is no object",
		`{"SECRET":1}`:                     "not a Persona payload: it has no data",
		`{"errors":[{"title":"SECRET"}]}`:  "not a Persona payload: an error response",
		`{"data":null}`:                    "not a Persona payload: its data is neither an object nor a list",
		`{"data":{"SECRET":1}}`:            "not a Persona payload: nothing in it has a type and an id",
		`{"data":[{"id":"SECRET"}]}`:       "not a Persona payload: nothing in it has a type and an id",
		`{"data":{"type":"t","id":"i","attributes":{"fields":{"` + "\xff" + `":1,"` + "\xfe" + `":2}}}}`:         "the same key twice in one object at byte 61",
		"{\"data\":{\"type\":\"t\",\"id\":\"i\",\"attributes\":{\"a\":[" + strings.Repeat("1,", 1<<20) + "1]}}}": "more than 1048576 values",
		strings.Repeat(" ", persona.MaxPayload) + "{}":                                                           "larger than 32 MiB",
	} {
		r := persona.Read([]byte(payload))
		assert.Equal(t, want, r.Refused, "%.60q", payload)
		assert.Empty(t, r.Snapshots)
		assert.Empty(t, r.ReadAs)
	}
	assert.Empty(t, persona.Read([]byte(deep(61))).Refused)
}

func TestContentIsTakenAsItComes(t *testing.T) {
	t.Parallel()
	r := persona.Read([]byte("\ufeff" + response(resource("transaction", "txn_1", "\"reference-id\":\"a\xffb\xc3\",\"x\":\"\\ud800\\u0041\""))))
	require.Empty(t, r.Refused)
	assert.Contains(t, string(r.Snapshots[0].Body), "\"a\ufffdb\ufffd\"")
	assert.Contains(t, string(r.Snapshots[0].Body), "\"\ufffdA\"")
}

func TestPagesOfAReportsHistoryBecomeRunsAndActs(t *testing.T) {
	t.Parallel()
	r := persona.Read([]byte(`{"data":[
		{"type":"run","id":"rpr_1","run-type":"scheduled","scheduled-date":"2025-10-22","completed-at":"2025-10-22T05:07:10.000+00:00","matches":30},
		{"type":"dismiss","id":"ract_1","created_at":"2025-10-22T05:09:22.065+00:00","creator_name":"Jane Reviewer"}],
		"links":{"next":"/api/v1/reports/rep_9/history?page%5Bafter%5D=rpr_1","prev":null}}`))
	require.Empty(t, r.Refused)
	assert.Equal(t, "history of rep_9", r.ReadAs)
	assert.Equal(t, []string{"report-run/rpr_1", "report-act/ract_1"}, refsOf(r))
	report := review.Ref{Type: "report", ID: "rep_9"}
	assert.Equal(t, []review.Link{{From: r.Snapshots[0].Ref, To: report, Name: "report"}}, r.Snapshots[0].Links)
	assert.JSONEq(t, `{"type":"report-act","id":"ract_1","attributes":{"act":"dismiss","created-at":"2025-10-22T05:09:22.065+00:00","creator-name":"Jane Reviewer"},
		"relationships":{"report":{"data":{"type":"report","id":"rep_9"}}}}`, string(r.Snapshots[1].Body))
	assert.Equal(t, time.Date(2025, 10, 22, 5, 9, 22, 65e6, time.UTC).UnixMilli(), r.Snapshots[1].Order.At)

	unnamed := persona.Read([]byte(`{"data":[{"type":"pause","id":"ract_2","created-at":"2025-10-22T05:09:22.065+00:00"}]}`))
	assert.Equal(t, "history of an unnamed report", unnamed.ReadAs)
	assert.Empty(t, unnamed.Snapshots[0].Links)
	none := persona.Read([]byte(`{"data":[],"links":{"next":null,"prev":"/api/v1/reports/rep_9/history?page%5Bbefore%5D=rpr_1"}}`))
	assert.Equal(t, "history of rep_9", none.ReadAs)
	unknown := persona.Read([]byte(`{"data":[{"type":"archive","id":"ract_3"}],"links":{"prev":"https://x/api/v1/reports/rep_9/history"}}`))
	assert.Equal(t, []string{"report-act/ract_3"}, refsOf(unknown))
}

func TestStatesAreOrderedByTheirOwnTimesThenTheEvents(t *testing.T) {
	t.Parallel()
	ms := func(s string) int64 {
		at, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err)
		return at.UnixMilli()
	}
	order := func(attributes string) review.Order {
		return persona.Read([]byte(event("x", "2024-06-01T00:00:00Z", resource("t", "i", attributes)))).Snapshots[0].Order
	}
	assert.Equal(t, ms("2024-03-01T00:00:00Z"), order(`"created-at":"2024-01-01T00:00:00Z","updated-at":"2024-03-01T00:00:00Z","redacted-at":null`).At)
	assert.Equal(t, ms("2024-01-01T00:00:00Z"), order(`"created-at":"2024-01-01T00:00:00Z","expires-at":"2030-01-01T00:00:00Z","sla-expires-at":"2031-01-01T00:00:00Z","birthdate":"2032-01-01"`).At)
	assert.Equal(t, ms("2024-04-01T00:00:00Z"), order(`"completed-at":"2024-01-01T00:00:00Z","ignore-list":[null,{"ignored-at":"2024-04-01T00:00:00Z"}]`).At)
	assert.Equal(t, ms("2024-04-01T00:00:00Z"), order(`"completed-at":"2024-01-01T00:00:00Z","matched-records":[{"listings":[{"reviewed-at":"2024-04-01T00:00:00Z"}]}]`).At)
	assert.Equal(t, ms("2024-04-01T00:00:00Z"), order(`"run-history":[{"scheduled-at":"2029-04-01T00:00:00Z","completed-at":null},{"completed-at":"2024-04-01T00:00:00Z"}]`).At)
	assert.Equal(t, ms("2024-06-01T00:00:00Z"), order(`"name":"timeless"`).At)
	assert.Equal(t, ms("2024-06-01T00:00:00Z"), order(`"name":"timeless"`).Event)
	bare := persona.Read([]byte(response(resource("t", "i", `"created-at":"2024-01-01T00:00:00Z"`)))).Snapshots[0]
	assert.Zero(t, bare.Order.Event)
	assert.Equal(t, review.Sum(bare.Body), bare.Order.Snapshot)
}

func TestEveryShapeOfLinkageIsUnderstood(t *testing.T) {
	t.Parallel()
	r := persona.Read([]byte(response(resource("case", "case_1", `"status":"Open","fields":{}`,
		to("one", "account", "act_1"),
		`"many":{"data":[{"type":"transaction","id":"txn_1"},{"type":"report/watchlist","id":"rep_1"},null,{}]}`,
		`"none":{"data":null}`, `"nobody":{"data":[]}`, `"hollow":{"data":{}}`, `"untold":{}`, `"null":null`))))
	require.Empty(t, r.Refused)
	s := r.Snapshots[0]
	assert.Equal(t, []string{"fields", "rel.hollow", "rel.many", "rel.nobody", "rel.none", "rel.null", "rel.one", "status"}, s.Keys)
	assert.Equal(t, []review.Link{
		{From: s.Ref, To: review.Ref{Type: "report/watchlist", ID: "rep_1"}, Name: "many"},
		{From: s.Ref, To: review.Ref{Type: "transaction", ID: "txn_1"}, Name: "many"},
		{From: s.Ref, To: review.Ref{Type: "account", ID: "act_1"}, Name: "one"},
	}, s.Links)
	assert.Equal(t, "Open", s.Status, "of what a review can be about")

	bare := persona.Read([]byte(response(`{"type":"report/watchlist","id":"rep_1"}`))).Snapshots[0]
	assert.Empty(t, bare.Keys)
	assert.Empty(t, bare.Links)
	account := persona.Read([]byte(response(resource("account", "act_1", `"status":"active"`)))).Snapshots[0]
	assert.Empty(t, account.Status, "no review is about an account")
}

func TestATransactionTellsItsStatusAndItsFallback(t *testing.T) {
	t.Parallel()
	for _, field := range []string{`"fallback_inquiry_id":{"type":"string","value":"inq_1"}`, `"fallback-inquiry-id":"inq_1"`, `"fallbackInquiryId":{"type":"string","value":"inq_1"}`} {
		s := persona.Read([]byte(response(resource("transaction", "txn_1", `"status":"Needs Review","fields":{`+field+`}`)))).Snapshots[0]
		assert.Equal(t, "Needs Review", s.Status)
		assert.Equal(t, []review.Link{{From: s.Ref, To: review.Ref{Type: "inquiry", ID: "inq_1"}, Name: "fallback-inquiry"}}, s.Links)
	}
	s := persona.Read([]byte(response(resource("transaction", "txn_1", `"status":null,"fields":{"fallback_inquiry_id":{"type":"string","value":null}}`)))).Snapshots[0]
	assert.Empty(t, s.Status)
	assert.Empty(t, s.Links)
	assert.Equal(t, []string{"fields", "fields.fallback_inquiry_id", "status"}, s.Keys)
}

func TestAThinCopyDoesNotCoverAFullOne(t *testing.T) {
	t.Parallel()
	full := persona.Read([]byte(response(resource("report/watchlist", "rep_1", `"status":"ready","has-match":true,"matched-lists":[]`)))).Snapshots[0]
	thin := persona.Read([]byte(response(resource("report/watchlist", "rep_1", `"status":"ready","has-match":true`)))).Snapshots[0]
	assert.False(t, review.Covers(thin.Keys, full.Keys))
	assert.True(t, review.Covers(full.Keys, thin.Keys))
}

func TestTheSameStateSentTwiceIsOneState(t *testing.T) {
	t.Parallel()
	sent := func(token string) review.Snapshot {
		return persona.Read([]byte(response(resource("verification/selfie", "ver_1", `"photo-url":"https://files.withpersona.com/a.png?access_token=`+token+`"`)))).Snapshots[0]
	}
	assert.Equal(t, sent("one"), sent("two"))
}

func payload8k() []byte {
	entity := `{"name":"SURNAME, Given Patronymic","alias-type":"aka","birthdates":[{"day":"07","month":"10","year":"1950","granularity":"day"}]}`
	list := `{"name":"XX - AGENCY - PROGRAM","url":"https://example.org/list","list-type":"sanction","list-types":["sanction"],"slug":"xx-agency-program","flag-code":"US","entities":[` + strings.TrimSuffix(strings.Repeat(entity+",", 10), ",") + `]}`
	report := func(id string) string {
		return resource("report/watchlist", id, `"status":"ready","created-at":"2024-02-15T23:48:11.000Z","completed-at":"2024-02-15T23:48:17.000Z","redacted-at":null,"report-template-version-name":"v1","has-match":true,"is-continuous":true,"is-recurring":true,"tags":[],"name-first":"Jane","name-middle":null,"name-last":"Doe","term":"Jane Doe","birthdate":null,"country-code":null,"matched-lists":[`+list+","+list+`],"ignore-list":[]`,
			`"inquiry":{"data":null}`, to("account", "account", "act_1"), to("transaction", "transaction", "txn_1"))
	}
	return []byte(event("transaction.status-updated", "2024-02-16T09:12:04.118Z",
		resource("transaction", "txn_1", `"status":"needs_review","reference-id":"order-1","fields":{"name_first":{"type":"string","value":"Jane"},"photo":{"type":"file","value":{"url":"https://files.withpersona.com/a.png?access_token=x"}}},"tags":[],"created-at":"2024-02-15T23:48:17.732Z","updated-at":"2024-02-16T09:12:04.118Z"`,
			`"related-objects":{"data":[{"type":"account","id":"act_1"},{"type":"report/watchlist","id":"rep_1"}]}`),
		report("rep_1"), report("rep_2")))
}

func BenchmarkRead(b *testing.B) {
	p := payload8k()
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for b.Loop() {
		if r := persona.Read(p); r.Refused != "" || len(r.Snapshots) != 3 {
			b.Fatal(r.Refused)
		}
	}
}

func TestWhatIsReadWithoutASecondJudgeIsGoodJSON(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		`{}`, `[]`, ` {"a":{"a":1},"b":[1,-0.5,12.25,true,false,null,"x"]} `, "{\"a\":\"\\n\\\"\\u00e9\\/\"}\n", `0`, `""`,
	} {
		assert.True(t, persona.Plain(src), src)
		assertJudged(t, src)
	}
	for _, src := range []string{
		``, ` `, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":{"b":1,"c":2,"b":3}}`, `[1,]`, `{"a":1,}`, `[,1]`, `01`, `-`, `1.`, `.5`, `+1`,
		`1 2`, `{} x`, `nulll`, `nul`, "\"a\x01\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u+123\"", "\"\\n\x02\"", `{"a" 1}`, `{"a":}`, `{a:1}`, `[1 2]`, `"a`, `{"a":1`,
		`[1}`, `1e5x`, `--1`, "\v1",
	} {
		assert.False(t, persona.Plain(src), src)
	}
	var many strings.Builder
	for i := range 70 {
		fmt.Fprintf(&many, `"%d":0,`, i%69)
	}
	assert.False(t, persona.Plain("{"+strings.TrimSuffix(many.String(), ",")+"}"), "twice among many")
}

// assertJudged holds what is read without a second judge against that judge.
func assertJudged(t *testing.T, src string) {
	t.Helper()
	if !persona.Plain(src) {
		return
	}
	dec := jsontext.NewDecoder(strings.NewReader(src), jsontext.AllowInvalidUTF8(true))
	_, err := dec.ReadValue()
	require.NoError(t, err, src)
	_, err = dec.ReadToken()
	require.ErrorIs(t, err, io.EOF, src)
}

func FuzzPlain(f *testing.F) {
	for _, payloads := range fixtures(f) {
		for _, p := range payloads {
			f.Add(p)
		}
	}
	for _, s := range []string{`{"a":1,"a":2}`, `[1,-0.5e3,"\ud83d\ude00","\ud83d"]`, "\"\x00\"", `{"a":{},"b":[]} `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) { assertJudged(t, src) })
}
