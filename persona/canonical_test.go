package persona_test

import (
	"testing"

	"docket/persona"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCanonicalFormIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		`{"b":1,"a":[true,false,null,{"z":"","y":{}}],"c":"\u00e9\u2028\"\\\/\b\f\n\r\t\u0000\u001f\u007f"}`,
		`{"\ud83d\ude00":1,"\ufb33":2,"é":3,"1":4,"":5,"\r":6,"€":7,"aa":8,"a":9}`,
		`[0,-0,1.0,1.50,1e3,1E-7,123456789012345678,0.000001,1e21,333333333.33333329,4.5,-1e-3]`,
		`"\ud800 half"`, `[]`, `{}`,
	} {
		want := jsontext.Value(src)
		require.NoError(t, want.Canonicalize(jsontext.AllowInvalidUTF8(true)))
		if src == `[0,-0,1.0,1.50,1e3,1E-7,123456789012345678,0.000001,1e21,333333333.33333329,4.5,-1e-3]` {
			// Two of these are no floats exactly; see the next test.
			want = jsontext.Value(`[0,0,1,1.5,1000,1e-7,123456789012345678,0.000001,1e+21,333333333.33333329,4.5,-0.001]`)
		}
		assert.Equal(t, string(want), persona.Raw(src))
	}
}

func TestNumbersKeepDigitsThatAFloatCannotHold(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"9007199254740993": "9007199254740993", "9007199254740992": "9007199254740992",
		"1e400": "1e400", "-1e400": "-1e400", "0.1": "0.1", "96.1831512451172": "96.1831512451172", "1.10": "1.1",
		"0.12345678901234567890123": "0.12345678901234567890123", "1e-400": "1e-400", "0e5": "0", "-0.0": "0",
		"1e99999999999999999999": "1e99999999999999999999", "100000000000000000000000": "1e+23",
	} {
		assert.Equal(t, want, persona.Raw(src))
	}
}

func TestKeysGetOneSpelling(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"name-first": "name-first", "name_first": "name-first", "nameFirst": "name-first",
		"addressStreet-1": "address-street-1", "addressStreet1": "address-street-1", "address_street_1": "address-street-1",
		"match_types": "match-types", "irsPub78Details": "irs-pub-78-details", "createdAtTs": "created-at-ts", "url": "url",
		"photoURLs": "photo-ur-ls", "FV933QHOUDG73V8": "FV933QHOUDG73V8", "EU:110286": "EU:110286", "Document::GovernmentId": "Document::GovernmentId",
		"": "", "ключ_имя": "ключ_имя", "a b_c": "a b_c",
	} {
		assert.Equal(t, want, persona.Kebab(key), key)
	}
}

func TestKeysBelowFieldsAndSourcesStayRaw(t *testing.T) {
	t.Parallel()
	got, ok := persona.Canonical(`{"hasMatch":true,"fields":{"nameFirst":{"byte_size":1}},
		"result":[{"entityId":"Q1","sources":{"us_cia_leaders":{"flag_code":"US"},"everyPolitician":{"flagCode":null}}}],
		"ignore_list":[{"match":{"sources":{"name":"x","flag_code":"US"}}}]}`)
	require.True(t, ok)
	assert.Equal(t, `{"fields":{"nameFirst":{"byte_size":1}},"has-match":true,`+
		`"ignore-list":[{"match":{"sources":{"flag-code":"US","name":"x"}}}],`+
		`"result":[{"entity-id":"Q1","sources":{"everyPolitician":{"flag-code":null},"us_cia_leaders":{"flag-code":"US"}}}]}`, got)
}

func TestKeysThatBecomeEqualAreBothKept(t *testing.T) {
	t.Parallel()
	for _, src := range []string{`{"has_match":1,"has-match":2,"hasMatch":3}`, `{"hasMatch":3,"has-match":2,"has_match":1}`} {
		got, ok := persona.Canonical(src)
		require.True(t, ok)
		assert.Equal(t, `{"has-match":2,"hasMatch":3,"has_match":1}`, got)
	}
	for _, src := range []string{`{"has_match":1,"hasMatch":3}`, `{"hasMatch":3,"has_match":1}`} {
		got, _ := persona.Canonical(src)
		assert.Equal(t, `{"has-match":3,"has_match":1}`, got, "no order of arrival decides")
	}
}

func TestSecretsOfFileLinksAreCut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://files.withpersona.com/a.png?access_token=S":                  "https://files.withpersona.com/a.png",
		"https://files.withpersona.com/a.png?x=1&access-token=S":              "https://files.withpersona.com/a.png",
		"HTTPS://Files.WithPersona.com:443/a.png?t=S":                         "HTTPS://Files.WithPersona.com:443/a.png",
		"https://cdn.withpersona.com/a?Access_Token=S":                        "https://cdn.withpersona.com/a",
		"https://cdn.withpersona.com/a?size=2":                                "https://cdn.withpersona.com/a?size=2",
		"http://127.0.0.1:9000/files/a.png?access_token=S":                    "http://127.0.0.1:9000/files/a.png",
		"http://127.0.0.1:9000/files/a.png?page=2":                            "http://127.0.0.1:9000/files/a.png?page=2",
		"https://example.org/a?access_token=theirs":                           "https://example.org/a?access_token=theirs",
		"https://files.withpersona.com.example/a?access_token=theirs":         "https://files.withpersona.com.example/a?access_token=theirs",
		"https://evil@files.withpersona.com/a?access_token=S":                 "https://evil@files.withpersona.com/a",
		"see https://files.withpersona.com/a?access_token=S for it":           "see https://files.withpersona.com/a for it",
		`<a href="https://files.withpersona.com/a?access_token=S">x</a>`:      `<a href="https://files.withpersona.com/a">x</a>`,
		"a://b?c https://files.withpersona.com/?q://files.withpersona.com/?w": "a://b?c https://files.withpersona.com/",
		"no link?": "no link?",
	} {
		assert.Equal(t, want, persona.CutSecret(in))
	}
}

func TestTimesOfEveryKindAreRead(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2024-09-27T10:20:25.123Z": "2024-09-27T10:20:25.123Z", "2025-10-22T07:07:10.000+02:00": "2025-10-22T05:07:10Z",
		"2025-10-22": "2025-10-22T00:00:00Z", "2025-10-22T05:07:10": "2025-10-22T05:07:10Z", "2025-10-22 05:07:10 UTC": "2025-10-22T05:07:10Z",
		"2025-10-22T05:07:10.123987Z": "2025-10-22T05:07:10.123Z",
	} {
		got, ok := persona.Moment(in)
		assert.True(t, ok, in)
		assert.Equal(t, want, got.Format("2006-01-02T15:04:05.999Z07:00"))
	}
	for _, in := range []string{"", "soon", "4/13/2021 4:00:00 AM", "2025-13-40", "1710969745"} {
		_, ok := persona.Moment(in)
		assert.False(t, ok, in)
	}
	for key, past := range map[string]bool{"created-at": true, "redacted-at": true, "expired-at": true, "sla-expires-at": false, "scheduled-at": false, "next-run-at": false, "format": false} {
		assert.Equal(t, past, persona.IsPast(key), key)
	}
}

func TestBirthDatesKeepTheirPrecision(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][]string{
		`["1950-09-17",null,"1950","1950-09","1950"]`:                   {"1950-09-17", "1950", "1950-09"},
		`[{"day":"07","month":"10","year":"1950","granularity":"day"}]`: {"1950-10-07"},
		`[{"year":"1952","granularity":"year"}]`:                        {"1952"},
		`[{"year":1952,"month":5,"day":null}]`:                          {"1952-05"},
		`[{"start":"1964-07-01","end":"1964-07-31"}]`:                   {"1964-07-01 to 1964-07-31"},
		`[{"start":"1964","end":"1964"},{"start":null,"end":"1970"}]`:   {"1964", "1970"},
		`[{"start":"1990","end":"1964"}]`:                               {"1990 to 1964 raw"},
		`"circa 1950"`:                                                  {"1950 circa"},
		`["1950-09-17T00:00:00Z"]`:                                      {"1950-09-17"},
		`["17 Sep 1950","1950-13-01"]`:                                  {"17 Sep 1950 raw", "1950-13-01 raw"},
		`[{"day":"99","month":"10","year":"1950"}]`:                     {"1950-10-99 raw"},
		`[{"other":"thing"},{}]`:                                        {"other: thing raw"},
		`[1975]`:                                                        {"1975"},
		`null`:                                                          nil, `[]`: nil, `[null]`: nil, `""`: nil,
	} {
		assert.Equal(t, want, persona.Birthdates(src), src)
	}
}
