package persona_test

import (
	"testing"
	"time"

	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPEPMatchIsReadWhole(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindPEP, done+`"query":{"name-first":"Oran","name-last":"Veld","birthdate":"1950-09-17","country-code":"XK"},"result":[{
		"entity-id":"Q1","name":"Oran Veld","aliases":["Оран Вельд","אורן","Oran Veld",null],"birthdates":["1950-09-17"],"death-dates":[null],
		"locations":["XK",null],"country":null,"sex":"male","topics":["PEP"],
		"positions":[{"pep-class":"pep-class-1","source-key":"internal","name":"Minister","start-date":"2001","end-date":null},
			{"pep-class":"pep-class-1","source-key":"internal","name":"Minister","start-date":"2001","end-date":null},
			{"pep-class":"pep-class-unknown","source-key":"us_x","name":"Envoy","topics":["role"]}],
		"associates":[{"name":"Mira Veld","relationship":"Spouse"},null],"affiliations":[{"source-key":"internal","name":"A Party"}],
		"related-urls":[{"source-key":"internal-source-url","name":"https://people.example/veld"}],
		"images":[{"internal-url":"https://cdn.withpersona.com/x.jpg","external-url":"https://img.example/x.jpg","similarity-score":null}],
		"sources":{"us_x":{"url":"https://x.example","name":"X Leaders","flag-code":null}},
		"match-types":["aka-exact","aka_exact"],"pep-type":"politically_exposed_person"}]`)
	require.Len(t, r.Matches, 1)
	m := r.Matches[0]
	assert.Regexp(t, `^pep-[0-9a-f]{20}$`, m.Key)
	m.Key, m.FirstSeen = "", time.Time{}
	images := m.Other[0]
	m.Other = m.Other[1:]
	assert.Equal(t, "images", images.Key)
	assert.Equal(t, "https://img.example/x.jpg", images.Items[0].Items[0].Text)
	assert.Equal(t, review.Match{
		Identity: "Q1", EntityID: "Q1", Report: r.Ref, Kind: review.KindPEP, Party: review.PartyPerson,
		Names:      []review.Name{{Value: "Oran Veld", Type: "primary_name"}, {Value: "Оран Вельд", Type: "aka"}, {Value: "אורן", Type: "aka"}},
		Birthdates: []review.Birthdate{{From: review.PartialDate{Year: 1950, Month: 9, Day: 17}}},
		Countries:  []review.Country{{Code: "XK"}}, Sexes: []string{"male"}, Topics: []string{"PEP"},
		Positions: []review.Position{{Title: "Minister", Class: "pep-class-1", Start: "2001", Source: "internal"},
			{Title: "Envoy", Class: "pep-class-unknown", Topics: []string{"role"}, Source: "X Leaders"}},
		Associates: []review.Associate{{Name: "Mira Veld", Relationship: "Spouse"}}, Affiliations: []string{"A Party"},
		Links: []string{"https://people.example/veld"}, Sources: []review.Source{{Name: "X Leaders", URL: "https://x.example"}},
		MatchTypes: []string{"aka_exact"}, Other: []review.Field{{Key: "pep-type", Type: "string", State: review.Present, Text: "politically_exposed_person"}},
	}, m)
}

func TestTheUnionsOfAPEPMatchAreUnderstood(t *testing.T) {
	t.Parallel()
	match := func(attributes string) review.Match {
		r := screened(t, review.KindPEP, done+`"result":[{"entity-id":"E1","name":"Oran Veld",`+attributes+`}]`)
		require.Len(t, r.Matches, 1)
		return r.Matches[0]
	}
	source := []review.Source{{Name: "One", URL: "https://one.example", Flag: "US"}}
	assert.Equal(t, source, match(`"sources":{"name":"One","url":"https://one.example","flag_code":"US"}`).Sources)
	assert.Equal(t, source, match(`"sources":[{"name":"One","url":"https://one.example","flag-code":"US"}]`).Sources)
	assert.Equal(t, source, match(`"sources":{"One":{"url":"https://one.example","flag-code":"US"}}`).Sources)
	assert.Empty(t, match(`"sources":null`).Sources)
	assert.Equal(t, []review.Country{{Name: "United States"}}, match(`"country":"United States"`).Countries)
	assert.Equal(t, []review.Country{{Code: "US"}}, match(`"country":"us","locations":["US"]`).Countries)
	assert.Equal(t, "images", match(`"images":["https://img.example/a.jpg",null]`).Other[0].Key)
	assert.Equal(t, []review.Position{{Title: "Mayor"}}, match(`"positions":["Mayor"]`).Positions)
	assert.Equal(t, []string{"aka_exact"}, match(`"match_types":["aka-exact"]`).MatchTypes)

	for shape, want := range map[string]review.Presence{`[]`: review.Empty, `null`: review.Null, `{}`: review.Empty} {
		r := screened(t, review.KindPEP, done+`"result":`+shape)
		assert.Equal(t, want, r.MatchState)
		assert.Empty(t, r.Matches)
	}
	lone := screened(t, review.KindPEP, done+`"result":{"entity-id":"E1","name":"Oran Veld"}`)
	assert.Len(t, lone.Matches, 1, "one object counts as a list of one")
	nameless := screened(t, review.KindPEP, done+`"result":[{"name":"Oran Veld","birthdates":["1950"]},{"name":"VELD Oran","birthdates":["1950"]},null,"x"]`)
	assert.Len(t, nameless.Matches, 1, "without ids, name and birth date tell")
}

func TestPEPDismissalsGoByEntityID(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindPEP, done+`"result":[{"entity-id":"E1","name":"Oran Veld"},{"entity-id":"E2","name":"Oran Veld"}],
		"ignore-list":[{"ignored-at":"2026-01-02T00:00:00Z","match":{"entity-id":"E2","name":"Oran Veld"},"user":"Jane Reviewer","ignore-reason":"no","is-internal":true}]`)
	require.Len(t, r.OpenMatches(), 1)
	assert.Equal(t, "E1", r.OpenMatches()[0].EntityID)
	assert.True(t, r.Ignored[0].Internal)
}

func TestAdverseMediaKeepsWhatItCan(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindAdverseMedia, done+`"name-first":"Oran","name-last":"Veld","term":"Oran Veld","birthdate-year":1950,"related-sources":[{
		"entity-id":"F1","name":"Oran Veld","akas":["O V",null],"birthdates":[null],"match-types":["name_exact","never_heard"],
		"sources":[{"name":"Adverse Media","token":"t","country-codes":["FR"],"types":["adverse-media-v2-other-minor"]}],
		"media":[{"title":"A title","snippet":"…","url":"https://news.example/a","date":null},{"title":null,"url":null},{"title":"B","url":"javascript:alert(1)","date":"2022-11-12"}]}],
		"ignore-list-media":{"F1":[{"title":"A title","url":"https://news.example/a","ignored-at":"2026-01-02T00:00:00Z","user":"Jane Reviewer"}]},"ignore-list-entity":[]`)
	require.Len(t, r.Matches, 1)
	m := r.Matches[0]
	assert.Equal(t, []review.Name{{Value: "Oran Veld", Type: "primary_name"}, {Value: "O V", Type: "aka"}}, m.Names)
	assert.Empty(t, m.Birthdates)
	assert.Equal(t, []review.Article{{Title: "A title", Snippet: "…", URL: "https://news.example/a"}, {Title: "B", URL: "javascript:alert(1)", Date: "2022-11-12"}}, m.Articles)
	assert.Equal(t, []string{"name_exact", "never_heard"}, m.MatchTypes)
	assert.Equal(t, []string{"adverse-media-v2-other-minor"}, m.Topics)
	assert.True(t, m.Open(), "a dismissed article leaves the person open")
	assert.Equal(t, "article A title", r.Ignored[0].What)
	assert.Equal(t, "1950", r.Subject.Birthdate.String())

	for _, entry := range []string{`{"entity-id":"F1"}`, `"F1"`, `{"match":{"entity-id":"F1","name":"Oran Veld"},"user":"x"}`, `{"id":"F1","name":"whoever"}`, `{"entity":{"id":"F1"}}`, `{"name":"oran veld"}`} {
		gone := screened(t, review.KindAdverseMedia, done+`"related-sources":[{"entity-id":"F1","name":"Oran Veld"}],"ignore-list-entity":[`+entry+`]`)
		assert.Empty(t, gone.OpenMatches(), entry)
	}
	other := screened(t, review.KindAdverseMedia, done+`"related-sources":[{"entity-id":"F1","name":"Oran Veld"}],"ignore-list-entity":[{"entity-id":"F2","name":"Oran Veld"}]`)
	assert.Len(t, other.OpenMatches(), 1)
}

func TestBothGenerationsOfBusinessMediaAreRead(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindBusinessAdverseMedia, done+`"term":"Acme Veld","related-sources":[{"id":"F9","name":"Acme Veld","akas":[],"birthdates":[null],"match_types":["name_exact"],
		"sources":[{"name":"Adverse Media","token":"t","country_codes":["FR"],"types":["x"]}],"media":[{"date":"2022-11-12","snippet":"s","url":"https://news.example/a","title":"A"}]}],
		"query":{"business-name":"Acme Veld Ltd","address-city":"Port Tem"},"result":{"adverse-media":[{"title":"A","url":"https://news.example/a","date":"x"},{"title":"B","url":"https://news.example/b"}]}`)
	require.Len(t, r.Matches, 2)
	assert.Equal(t, "F9", r.Matches[0].EntityID)
	assert.Equal(t, []review.Country{{Code: "FR", Role: "source"}}, r.Matches[0].Countries)
	assert.Equal(t, []review.Article{{Title: "B", URL: "https://news.example/b"}}, r.Matches[1].Articles, "articles that nobody is named for")
	assert.Equal(t, review.PartyBusiness, r.Subject.Kind)
	assert.Equal(t, "Acme Veld", r.Subject.FullName())
	keys := []string{}
	for _, q := range r.Query {
		keys = append(keys, q.Key)
	}
	assert.Equal(t, []string{"term", "business-name", "address-city"}, keys)
	assert.Equal(t, review.Absent, screened(t, review.KindBusinessAdverseMedia, done+`"term":"Acme"`).MatchState)
}

func TestAScreeningRecordKeepsItsReviewState(t *testing.T) {
	t.Parallel()
	rec := func(token, status string, more string) string {
		return `{"token":"` + token + `","matched":true,"created-at":"2026-01-01T00:00:00Z","reviewed-at":null,"review-status":"` + status + `","risk-level":"material","present-in-last-run":false,"notify-on-change":true,
			"record-types":["person"],"names":[{"type":"aka","name":"O V"},{"type":"primary_name","name":"Oran Veld"}],"birthdates":[{"start":"1964-07-01","end":"1964-07-31"}],
			"locations":[{"address-country-code":"US","type":"birthplace"}],"sexes":["male"],"emails":["o@veld.example"],"identifications":[{"type":"passport","number":"X1","country-code":"US"},{"odd":1}],"details":[],
			"listings":[{"token":"scatr_1","name":"Some List","type":"sanction","url":"https://lists.example","active":false,"deactivated-at":"2026-02-01T00:00:00Z","review-status":"pending"}],
			"positions":[{"name":"Mayor"}],"pep-classes":["pep-class-4"],"pep-roles":["official"],"topics":[{"name":"local"}],"articles":[{"title":"A","url":"https://news.example"}]` + more + `}`
	}
	r := screened(t, review.KindScreening, done+`"query":{"name-first":"Oran","name-last":"Veld","address-country-code":"US","email":null},"matched-screening-types":["sanction"],"matched-records":[`+
		rec("scrre_1", "pending", "")+`,`+rec("scrre_2", "false_positive", "")+`,`+rec("scrre_3", "true_positive", "")+`,`+rec("scrre_4", "pending", `,"MATCHED":0`)+`]`)
	require.Len(t, r.Matches, 4)
	m := r.Matches[0]
	assert.Equal(t, "scrre_1", m.Identity)
	assert.Equal(t, "Oran Veld", m.PrimaryName())
	assert.Equal(t, "1964-07-01 to 1964-07-31", m.Birthdates[0].String())
	assert.Equal(t, []review.Country{{Code: "US", Role: "birthplace"}}, m.Countries)
	assert.Equal(t, []review.Identifier{{Type: "email", Value: "o@veld.example"}, {Type: "passport", Value: "X1", Country: "US"}}, m.Identifiers)
	assert.Equal(t, []review.Listing{{Name: "Some List", Slug: "some-list", Type: "sanction", URL: "https://lists.example", Active: review.Flag{State: review.Present}, Ended: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), State: "pending"}}, m.Listings)
	assert.Equal(t, []review.Position{{Title: "Mayor", Class: "pep-class-4"}}, m.Positions)
	assert.Equal(t, []string{"local", "official"}, m.Topics)
	assert.Equal(t, "material", m.Risk)
	assert.Equal(t, review.Flag{State: review.Present}, m.InLastRun)
	assert.Contains(t, m.Other, review.Field{Key: "identifications", Type: "object", State: review.Present, Items: []review.Field{{Key: "odd", Type: "number", State: review.Present, Text: "1"}}})
	assert.Contains(t, m.Other, review.Field{Key: "listings", Type: "object", State: review.Present, Items: []review.Field{
		{Key: "name", Type: "string", State: review.Present, Text: "Some List"}, {Key: "token", Type: "string", State: review.Present, Text: "scatr_1"}}})
	open := []string{}
	for _, m := range r.OpenMatches() {
		open = append(open, m.EntityID)
	}
	assert.Equal(t, []string{"scrre_1", "scrre_3", "scrre_4"}, open)
	assert.Equal(t, "US", r.Subject.CountryCode())
}
