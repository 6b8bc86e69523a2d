package persona_test

import (
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generic reads one resource for its own page.
func generic(t *testing.T, typ, attributes string, relationships ...string) review.Resource {
	t.Helper()
	s := newShelf(t, response(resource(typ, "id_1", attributes, relationships...)))
	return persona.Resource(s.captured(review.Ref{Type: typ, ID: "id_1"}))
}

func TestEveryFieldTypeIsRead(t *testing.T) {
	t.Parallel()
	ref := &review.Ref{Type: "document/government-id", ID: "doc_1"}
	for field, want := range map[string]review.Field{
		`{"type":"string","value":"x"}`:                      {Type: "string", State: review.Present, Text: "x"},
		`{"type":"string","value":""}`:                       {Type: "string", State: review.Empty},
		`{"type":"string","value":null}`:                     {Type: "string", State: review.Null},
		`{"type":"string"}`:                                  {Type: "string", State: review.Absent},
		`{"value":"x"}`:                                      {Type: "string", State: review.Present, Text: "x"},
		`{"type":"boolean","value":false}`:                   {Type: "boolean", State: review.Present, Text: "no"},
		`{"type":"date","value":"1990-01-01"}`:               {Type: "date", State: review.Present, Text: "1990-01-01"},
		`{"type":"datetime","value":"1990-01-01T00:00:00Z"}`: {Type: "datetime", State: review.Present, Text: "1990-01-01T00:00:00Z"},
		`{"type":"number","value":9007199254740993}`:         {Type: "number", State: review.Present, Text: "9007199254740993"},
		`{"type":"integer","value":0}`:                       {Type: "integer", State: review.Present, Text: "0"},
		`{"type":"choices","value":"a"}`:                     {Type: "choices", State: review.Present, Text: "a"},
		`{"type":"multi_choices","value":["a","b"]}`:         {Type: "multi_choices", State: review.Present, Items: []review.Field{{Type: "string", State: review.Present, Text: "a"}, {Type: "string", State: review.Present, Text: "b"}}},
		`{"type":"multi-choices","value":[]}`:                {Type: "multi-choices", State: review.Empty, Items: []review.Field{}},
		`{"type":"array","value":[{"type":"hash","value":{"k":{"type":"string","value":"v"}}}]}`:                                                                        {Type: "array", State: review.Present, Items: []review.Field{{Type: "hash", State: review.Present, Items: []review.Field{{Key: "k", Type: "string", State: review.Present, Text: "v"}}}}},
		`{"type":"hash","value":{"first":"bare","last":null}}`:                                                                                                          {Type: "hash", State: review.Present, Items: []review.Field{{Key: "first", Type: "string", State: review.Present, Text: "bare"}, {Key: "last", Type: "null", State: review.Null}}},
		`{"type":"file","value":{"filename":"a.png","url":"https://files.withpersona.com/a.png?access_token=S","byte-size":12,"mime-type":"image/png","page-count":2}}`: {Type: "file", State: review.Present, File: &review.File{Name: "a.png", Media: "image/png", Bytes: 12, Pages: 2, Host: "files.withpersona.com", Link: "https://files.withpersona.com/a.png"}},
		`{"type":"file","value":{"filename":"a.png","byteSize":12,"mime_type":"image/png"}}`:                                                                            {Type: "file", State: review.Present, File: &review.File{Name: "a.png", Media: "image/png", Bytes: 12}},
		`{"type":"file","value":null}`:                                                    {Type: "file", State: review.Null},
		`{"type":"email-address","value":"a@b.example"}`:                                  {Type: "email-address", State: review.Present, Text: "a@b.example"},
		`{"type":"json","value":{"us":{"ssn":"1"}}}`:                                      {Type: "json", State: review.Present, Items: []review.Field{{Key: "us", Type: "object", State: review.Present, Items: []review.Field{{Key: "ssn", Type: "string", State: review.Present, Text: "1"}}}}},
		`{"type":"government_id","value":{"id":"doc_1","type":"Document::GovernmentId"}}`: {Type: "government_id", State: review.Present, Ref: ref},
		`{"id":"doc_1","type":"Document::GovernmentId"}`:                                  {Type: "object", State: review.Present, Ref: ref},
		`{"type":"selfie","value":{"id":"self_1","type":"Selfie::ProfileAndCenter"}}`:     {Type: "selfie", State: review.Present, Ref: &review.Ref{Type: "selfie/profile-and-center", ID: "self_1"}},
		`{"type":"string","value":{"odd":1}}`:                                             {Type: "string", State: review.Present, Items: []review.Field{{Key: "odd", Type: "number", State: review.Present, Text: "1"}}},
		`{"type":"never-heard-of","value":"x"}`:                                           {Type: "never-heard-of", State: review.Present, Text: "x"},
		`"bare"`:                                                                          {Type: "string", State: review.Present, Text: "bare"},
		`true`:                                                                            {Type: "boolean", State: review.Present, Text: "yes"},
		`null`:                                                                            {Type: "null", State: review.Null},
		`["a"]`:                                                                           {Type: "array", State: review.Present, Items: []review.Field{{Type: "string", State: review.Present, Text: "a"}}},
		`{}`:                                                                              {Type: "object", State: review.Empty, Items: []review.Field{}},
		`{"a":1}`:                                                                         {Type: "object", State: review.Present, Items: []review.Field{{Key: "a", Type: "number", State: review.Present, Text: "1"}}},
	} {
		r := generic(t, "inquiry", `"status":"created","fields":{"some_Key":`+field+`}`)
		want.Key = "some_Key"
		require.Len(t, r.Fields, 1)
		assert.Equal(t, want, r.Fields[0], field)
	}
}

func TestAVerificationShowsItsChecksAndPhotos(t *testing.T) {
	t.Parallel()
	link := `https://files.withpersona.com/front.jpg?access_token=S`
	r := generic(t, "verification/government-id", `"status":"failed","created-at":"2026-01-01T00:00:00Z","submitted-at":"2026-01-02T00:00:00Z","expires-at":"2030-01-01T00:00:00Z","name-first":"ORAN",
		"checks":[{"name":"id_a","status":"passed","requirement":"required","reasons":[],"metadata":{}},
			{"name":"id_b","status":"failed","requirement":"not_required","reasons":["blurry","dark"],"metadata":{"score":0.5,"nested":{"x":[1]}},"new":"thing"},
			null,{"name":"id_c","status":"not_applicable","reasons":"odd"}],
		"front-photo-url":"`+link+`","back-photo-url":null,"video-url":"https://files.withpersona.com/v.mp4?access_token=S",
		"photo-urls":[{"page":"front","url":"`+link+`","normalized-url":"`+link+`","original-urls":["`+link+`"],"filename":"front.jpg","byte-size":2849115}],
		"selfie-photo":{"url":"https://files.withpersona.com/s.jpg?access_token=S","filename":"s.jpg","byte-size":5}`)
	assert.Equal(t, []review.Check{
		{Name: "id_b", Status: "failed", Requirement: "not_required", Reasons: []string{"blurry", "dark"}, Metadata: []review.Field{
			{Key: "nested", Type: "object", State: review.Present, Items: []review.Field{{Key: "x", Type: "array", State: review.Present, Items: []review.Field{{Type: "number", State: review.Present, Text: "1"}}}}},
			{Key: "score", Type: "number", State: review.Present, Text: "0.5"}, {Key: "new", Type: "string", State: review.Present, Text: "thing"}}},
		{Name: "id_a", Status: "passed", Requirement: "required", Metadata: []review.Field{}},
		{Name: "id_c", Status: "not_applicable", Reasons: []string{"odd"}},
	}, r.Checks)
	assert.Equal(t, []review.Photo{
		{Page: "front", File: review.File{Name: "front.jpg", Bytes: 2849115, Host: "files.withpersona.com", Link: "https://files.withpersona.com/front.jpg"}},
		{Page: "selfie", File: review.File{Name: "s.jpg", Bytes: 5, Host: "files.withpersona.com", Link: "https://files.withpersona.com/s.jpg"}},
		{Page: "video", File: review.File{Name: "v.mp4", Host: "files.withpersona.com", Link: "https://files.withpersona.com/v.mp4"}},
	}, r.Photos)
	keys := []string{}
	for _, a := range r.Attributes {
		keys = append(keys, a.Key)
	}
	assert.Equal(t, []string{"back-photo-url", "created-at", "expires-at", "name-first", "submitted-at"}, keys)
	assert.Equal(t, time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), r.UpdatedAt)
	assert.Equal(t, review.CaptureFull, r.Capture)
}

func TestAnUnknownResourceIsShownGenerically(t *testing.T) {
	t.Parallel()
	r := generic(t, "never/heard-of", `"status":"odd","a":null,"b":"","c":[],"d":{"deep":{"er":true}},"e":1.50`,
		to("account", "account", "act_1"), `"none":{"data":null}`, `"nobody":{"data":[]}`, `"untold":{}`)
	assert.Equal(t, []review.Field{
		{Key: "a", Type: "null", State: review.Null}, {Key: "b", Type: "string", State: review.Empty}, {Key: "c", Type: "array", State: review.Empty, Items: []review.Field{}},
		{Key: "d", Type: "object", State: review.Present, Items: []review.Field{{Key: "deep", Type: "object", State: review.Present, Items: []review.Field{{Key: "er", Type: "boolean", State: review.Present, Text: "yes"}}}}},
		{Key: "e", Type: "number", State: review.Present, Text: "1.5"},
	}, r.Attributes)
	assert.Equal(t, []review.Relation{
		{Name: "account", State: review.Present, Refs: []review.Ref{{Type: "account", ID: "act_1"}}}, {Name: "nobody", State: review.Empty},
		{Name: "none", State: review.Null}, {Name: "untold", State: review.Empty},
	}, r.Relations)
	assert.Equal(t, review.Text{State: review.Present, Value: "odd"}, r.Status)

	bare := newShelf(t, response(`{"type":"account","id":"act_1"}`))
	assert.Equal(t, review.CaptureThin, persona.Resource(bare.captured(review.Ref{Type: "account", ID: "act_1"})).Capture)
	odd := generic(t, "verification/x", `"checks":"none","photo-urls":{"a":1},"files":[1],"front-photo":"x","selfie-photo-url":"not a link"`)
	assert.Len(t, odd.Attributes, 5, "what has an unknown shape stays an attribute")
}

func TestAnUnknownReportKindKeepsAllItSaid(t *testing.T) {
	t.Parallel()
	r := screened(t, "business-enforcement-action", done+`"query":{"business-name":"Acme","people":[{"name":"X"}]},"result":{"actions":[{"title":"A"}]},"matched-lists":["x"]`)
	assert.Empty(t, r.Matches, "no match is invented")
	assert.Equal(t, "Acme", r.Subject.FullName())
	keys := []string{}
	for _, a := range r.Rest.Attributes {
		keys = append(keys, a.Key)
	}
	assert.Equal(t, []string{"completed-at", "created-at", "matched-lists", "query", "result"}, keys)
}

func TestTheSubjectComesFromTheTransactionFirst(t *testing.T) {
	t.Parallel()
	txn := func(fields string) string {
		return response(resource("transaction", "txn_1", `"status":"needs_review","fields":{`+fields+`}`))
	}
	rep := response(resource("report/watchlist", "rep_1", done+`"name-first":"Oran","name-last":"Veld","birthdate":"1950-10-07","country-code":"DE","matched-lists":[]`, to("transaction", "transaction", "txn_1")))
	account := response(resource("account", "act_1", `"fields":{"name":{"type":"hash","value":{"first":{"type":"string","value":"Mira"},"middle":{"type":"string","value":null},"last":{"type":"string","value":"Sool"}}},"address":{"type":"hash","value":{"country_code":{"type":"string","value":"fr"}}},"birthdate":{"type":"date","value":"1970-01-02"}}`, `"txn":{"data":{"type":"transaction","id":"txn_1"}}`))

	s := hydrate(t, txn(`"name_first":{"type":"string","value":"Oran"},"name-last":"Veld","address_country_code":{"type":"string","value":"at"}`), rep).Subject
	assert.Equal(t, "Oran Veld", s.FullName())
	assert.Equal(t, "transaction", s.From)
	assert.Equal(t, "AT", s.CountryCode())
	assert.Equal(t, "1950-10-07", s.Birthdate.String(), "the query of the same person fills what the transaction leaves out")
	assert.Equal(t, review.PartyPerson, s.Kind)

	other := hydrate(t, txn(`"name_first":"Mira","name_last":"Sool"`), rep).Subject
	assert.Zero(t, other.Birthdate, "another person's birth date is not borrowed")

	assert.Equal(t, "report/watchlist", hydrate(t, txn(``), rep, account).Subject.From)
	fromAccount := hydrate(t, txn(``), account).Subject
	assert.Equal(t, "Mira Sool", fromAccount.FullName())
	assert.Equal(t, "FR", fromAccount.CountryCode())
	assert.Equal(t, "1970-01-02", fromAccount.Birthdate.String())

	business := hydrate(t, txn(`"business_name":{"type":"string","value":"Acme Veld"},"business_physical_address":{"type":"hash","value":{"country_code":{"type":"string","value":"NL"}}}`)).Subject
	assert.Equal(t, review.PartyBusiness, business.Kind)
	assert.Equal(t, "Acme Veld", business.FullName())
	assert.Equal(t, "NL", business.CountryCode())

	assert.Equal(t, review.Subject{From: "transaction"}, hydrate(t, txn(``)).Subject)
}

func TestPassedDocumentsAddSexAndNames(t *testing.T) {
	t.Parallel()
	txn := response(resource("transaction", "txn_1", `"fields":{"name_first":"Oran","name_last":"Veld"}`))
	ver := func(status string) string {
		return response(resource("verification/government-id", "ver_1", `"status":"`+status+`","sex":"M","name-first":"ORAN","name-last":"VELD","native-name-first":"Оран","native-name-last":"Вельд"`, to("transaction", "transaction", "txn_1")))
	}
	s := hydrate(t, txn, ver("passed")).Subject
	assert.Equal(t, "male", s.Sex)
	assert.Equal(t, []review.Name{{Value: "Оран Вельд", Type: "verification/government-id"}}, s.Others)
	assert.Empty(t, hydrate(t, txn, ver("failed")).Subject.Sex)
}

func TestATransactionTellsItsTypeTagsAndFallback(t *testing.T) {
	t.Parallel()
	d := hydrate(t, response(resource("transaction", "txn_1", `"status":"pending_fallback_inquiry","reference-id":null,"tags":["b","a",null],"created-at":"2026-01-01T00:00:00Z","updated-at":null,"fields":{"fallback_inquiry_id":{"type":"string","value":"inq_9"}}`,
		to("transaction-type", "transaction-type", "txntp_1"))))
	txn := d.Transaction
	assert.Equal(t, "txntp_1", txn.Type)
	assert.Equal(t, []string{"a", "b"}, txn.Tags)
	assert.Equal(t, "inq_9", txn.Fallback)
	assert.Equal(t, review.Null, txn.ReferenceID.State)
	assert.Equal(t, "fallback_inquiry_id", txn.Resource.Fields[0].Key)
	require.Len(t, d.Records, 1, "the fallback inquiry is named and was never received")
	assert.Equal(t, review.Resource{Ref: review.Ref{Type: "inquiry", ID: "inq_9"}, Capture: review.CaptureAbsent}, d.Records[0])
}

func TestReportsStandInTheOrderOfThePage(t *testing.T) {
	t.Parallel()
	var payloads []string
	for _, k := range []string{"email-address", "screening", "politically-exposed-person", "watchlist", "address-lookup"} {
		for _, id := range []string{"b", "a"} {
			payloads = append(payloads, response(resource("report/"+k, "rep_"+k+id, `"status":"ready"`, to("transaction", "transaction", "txn_1"))))
		}
	}
	var got []string
	for _, r := range hydrate(t, payloads...).Reports {
		got = append(got, r.Ref.ID)
	}
	assert.Equal(t, []string{"rep_watchlista", "rep_watchlistb", "rep_politically-exposed-persona", "rep_politically-exposed-personb",
		"rep_screeninga", "rep_screeningb", "rep_address-lookupa", "rep_address-lookupb", "rep_email-addressa", "rep_email-addressb"}, got)
}

func TestAFilesLinkOpensNothing(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"https://files.withpersona.com/a%20b.png?access_token=S#part": "https://files.withpersona.com/a%20b.png",
		"https://user:pass@files.withpersona.com/a.png":               "https://files.withpersona.com/a.png",
		"http://127.0.0.1:8080/a.png?access-token=S":                  "http://127.0.0.1:8080/a.png",
		"javascript://files.withpersona.com/a.png":                    "",
		"ftp://files.withpersona.com/a.png":                           "",
		"a.png":                                                       "",
		"https://files.withpersona.com/" + strings.Repeat("a", 2000):  "",
	} {
		r := generic(t, "inquiry", `"status":"created","fields":{"photo":{"type":"file","value":{"filename":"a.png","url":"`+link+`"}}}`)
		require.NotNil(t, r.Fields[0].File, link)
		assert.Equal(t, want, r.Fields[0].File.Link)
	}
}
