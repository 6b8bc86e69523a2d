package persona_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const done = `"status":"ready","created-at":"2026-01-01T00:00:00.000Z","completed-at":"2026-01-01T00:00:05.000Z","has-match":true,`

// screened hydrates one report of a kind with these attributes.
func screened(t *testing.T, kind review.ReportKind, attributes string) review.Report {
	t.Helper()
	d := hydrate(t, response(resource("report/"+string(kind), "rep_1", attributes, to("transaction", "transaction", "txn_1"))))
	require.Len(t, d.Reports, 1)
	return d.Reports[0]
}

// list is one matched list of a watchlist report.
func list(slug string, entities ...string) string {
	return fmt.Sprintf(`{"name":"List %[1]s","url":"https://lists.example/%[1]s","list-type":"sanction","list-types":["sanction"],"slug":%[1]q,"flag-code":"EU","entities":[%[2]s]}`,
		slug, strings.Join(entities, ","))
}

// entity is one spelling on a list; births are years or days.
func entity(alias, name string, births ...string) string {
	var bs []string
	for _, b := range births {
		p := strings.Split(b, "-")
		if len(p) == 1 {
			bs = append(bs, fmt.Sprintf(`{"year":%q,"granularity":"year"}`, p[0]))
		} else {
			bs = append(bs, fmt.Sprintf(`{"day":%q,"month":%q,"year":%q,"granularity":"day"}`, p[2], p[1], p[0]))
		}
	}
	return fmt.Sprintf(`{"name":%q,"alias-type":%q,"birthdates":[%s]}`, name, alias, strings.Join(bs, ","))
}

// parties words who stands on which list: "list: Name; Name (birth dates)".
func parties(ms []review.Match) []string {
	var out []string
	for _, m := range ms {
		var ns, bs []string
		for _, n := range m.Names {
			ns = append(ns, n.Value)
		}
		for _, b := range m.Birthdates {
			bs = append(bs, b.String())
		}
		s := strings.Join(ns, "; ")
		if len(m.Listings) > 0 {
			s = m.Listings[0].Slug + ": " + s
		}
		if len(bs) > 0 {
			s += " (" + strings.Join(bs, ", ") + ")"
		}
		out = append(out, s)
	}
	return out
}

func TestSpellingsOnOneListAreGatheredByParty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		entities []string
		want     []string
	}{
		"one primary takes all": {
			[]string{entity("primary_name", "VELD, Oran", "1950-10-07"), entity("aka", "Оран Вельд"), entity("aka", "O. Veld", "1950"), entity("aka", "オラン")},
			[]string{"x: VELD, Oran; O. Veld; Оран Вельд; オラン (1950, 1950-10-07)"},
		},
		"but not one born in another year": {
			[]string{entity("primary_name", "VELD, Oran", "1950-10-07"), entity("aka", "Oran V", "1961")},
			[]string{"x: VELD, Oran (1950-10-07)", "x: Oran V (1961)"},
		},
		"the very same birth date decides": {
			[]string{entity("primary_name", "Oran Veld", "1950"), entity("primary_name", "Mira Sool", "1950-01-02"), entity("aka", "Someone", "1950-01-02")},
			[]string{"x: Mira Sool; Someone (1950-01-02)", "x: Oran Veld (1950)"},
		},
		"else the words in common": {
			[]string{entity("primary_name", "Oran Veld"), entity("primary_name", "Mira Sool"), entity("aka", "Veld Oran Tem")},
			[]string{"x: Mira Sool", "x: Oran Veld; Veld Oran Tem"},
		},
		"else nobody": {
			[]string{entity("primary_name", "Oran Veld"), entity("primary_name", "Mira Sool"), entity("aka", "Unlike")},
			[]string{"x: Mira Sool", "x: Oran Veld", "x: Unlike"},
		},
		"equal primary names are one, unless born apart": {
			[]string{entity("primary_name", "Oran Veld", "1950"), entity("primary_name", "VELD, Oran", "1950"), entity("primary_name", "Oran Veld", "1961")},
			[]string{"x: Oran Veld; VELD, Oran (1950)", "x: Oran Veld (1961)"},
		},
		"a group id is surer than names": {
			[]string{`{"name":"Oran Veld","alias-type":"primary_name","group-id":"G1"}`, `{"name":"Wholly Other","alias-type":"aka","group-id":"G1"}`, `{"name":"Oran Veld","alias-type":"primary_name","group-id":"G2"}`},
			[]string{"x: Oran Veld; Wholly Other", "x: Oran Veld"},
		},
		"without a primary name": {
			[]string{entity("aka", "Oran Veld"), entity("aka", "Veld Tem"), entity("aka", "Mira Sool")},
			[]string{"x: Mira Sool", "x: Oran Veld; Veld Tem"},
		},
		"odd entities": {
			[]string{`null`, `{}`, `"Oran Veld"`, `{"name":null,"birthdates":null}`, `{"name":"Oran Veld","birthdates":[null],"programme":"X"}`},
			[]string{"x: Oran Veld"},
		},
	} {
		r := screened(t, review.KindWatchlist, done+`"matched-lists":[`+list("x", c.entities...)+`]`)
		assert.ElementsMatch(t, c.want, parties(r.Matches), name)
		rng := rand.New(rand.NewPCG(1, 2))
		for range 10 {
			rng.Shuffle(len(c.entities), func(i, j int) { c.entities[i], c.entities[j] = c.entities[j], c.entities[i] })
			again := screened(t, review.KindWatchlist, done+`"matched-lists":[`+list("x", c.entities...)+`]`)
			require.Equal(t, r.Matches, again.Matches, "%s: the order of entities must not count", name)
		}
	}
}

func TestAWatchlistMatchSaysWhereAndUnderWhichName(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindWatchlist, done+`"name-first":"Oran","name-last":"Veld","term":"Oran Veld","birthdate":null,"country-code":"DE","matched-lists":[`+
		list("eu-one", entity("primary_name", "Oran Veld", "1950-10-07"), entity("aka", "Оран Вельд"))+`,`+list("gb-two", entity("primary_name", "VELD Oran", "1950"))+`]`)
	require.Len(t, r.Matches, 2)
	m := r.Matches[0]
	assert.Equal(t, review.PartyPerson, m.Party)
	assert.Equal(t, []review.Name{{Value: "Oran Veld", Type: "primary_name", Lists: []string{"List eu-one"}}, {Value: "Оран Вельд", Type: "aka", Lists: []string{"List eu-one"}}}, m.Names)
	assert.Equal(t, []review.Listing{{Name: "List eu-one", Slug: "eu-one", Type: "sanction", Flag: "EU", URL: "https://lists.example/eu-one"}}, m.Listings)
	assert.Equal(t, "eu-one|oran veld|1950-10-07", m.Identity)
	assert.Regexp(t, `^wl-[0-9a-f]{20}$`, m.Key)
	assert.Equal(t, time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC), m.FirstSeen)
	assert.Equal(t, "Oran Veld", r.Subject.FullName())
	assert.Equal(t, "DE", r.Subject.CountryCode())
	assert.Equal(t, []review.QueryField{
		{Key: "name-first", Value: review.Text{State: review.Present, Value: "Oran"}}, {Key: "name-last", Value: review.Text{State: review.Present, Value: "Veld"}},
		{Key: "term", Value: review.Text{State: review.Present, Value: "Oran Veld"}}, {Key: "birthdate", Value: review.Text{State: review.Null}},
		{Key: "country-code", Value: review.Text{State: review.Present, Value: "DE"}},
	}, r.Query)
	assert.Len(t, review.Parties(review.Dossier{Reports: []review.Report{r}}), 1, "two lists, one person")
}

func TestMatchKeysAreStableOverRuns(t *testing.T) {
	t.Parallel()
	read := func(rep, lists string) []review.Match {
		d := hydrate(t, response(resource("report/watchlist", rep, done+`"matched-lists":[`+lists+`]`, to("transaction", "transaction", "txn_1"))))
		return d.Reports[0].Matches
	}
	first := read("rep_1", list("x", entity("primary_name", "Oran Veld", "1950"), entity("aka", "O V")))
	more := read("rep_1", list("y", entity("primary_name", "Mira Sool"))+","+list("x", entity("aka", "Another"), entity("aka", "O V"), entity("primary_name", "VELD, ORAN", "1950")))
	other := read("rep_2", list("x", entity("primary_name", "Oran Veld", "1950")))
	assert.Equal(t, first[0].Key, more[1].Key)
	assert.NotEqual(t, first[0].Key, other[0].Key, "a match belongs to its report")
	assert.Equal(t, first[0].Identity, other[0].Identity)
}

func TestAListWithoutEntitiesIsOneMatchOfTheList(t *testing.T) {
	t.Parallel()
	for _, entities := range []string{`,"entities":[]`, `,"entities":null`, ``} {
		r := screened(t, review.KindWatchlist, done+`"matched-lists":[{"name":"EU - EC - X","slug":"eu-ec-x"`+entities+`}]`)
		require.Len(t, r.Matches, 1)
		assert.Equal(t, review.PartyList, r.Matches[0].Party)
		assert.Empty(t, r.Matches[0].PrimaryName())
		assert.Equal(t, "EU - EC - X", r.Matches[0].Listings[0].Name)
		assert.True(t, r.Matches[0].Open())
	}
}

func TestAbsentNullAndEmptyMatchesStayApart(t *testing.T) {
	t.Parallel()
	for attributes, want := range map[string]review.Presence{
		`"status":"ready"`: review.Absent, `"matched-lists":null`: review.Null, `"matched-lists":[]`: review.Empty,
		`"matched-lists":[` + list("x", entity("primary_name", "A B")) + `]`: review.Present,
	} {
		assert.Equal(t, want, screened(t, review.KindWatchlist, attributes).MatchState, attributes)
	}
}

func TestTheFirstShapeOfWatchlistsIsRead(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindWatchlist, done+`"searched-lists":["a","b"],"pep-list":null,"sanction-list":[{"slug":"us-x","entities":[{"name":"Oran Veld"}]}],"warning-list":[{"slug":"gb-y","entities":[{}]}],"fitness-probity-list":[]`)
	assert.Equal(t, review.Present, r.MatchState)
	require.Len(t, r.Matches, 2)
	assert.Equal(t, "Oran Veld", r.Matches[0].PrimaryName())
	assert.Equal(t, "sanction", r.Matches[0].Listings[0].Type)
	assert.Equal(t, review.PartyList, r.Matches[1].Party)
	assert.Equal(t, "gb-y", r.Matches[1].Listings[0].Slug)
	assert.Equal(t, "searched-lists", r.Rest.Attributes[2].Key, "what no rule knows is shown")

	guide := screened(t, review.KindWatchlist, done+`"query":{"name-first":"Oran"},"result":[{"entity-id":"E1","name":"Oran Veld"}]`)
	assert.Equal(t, []string{"Oran Veld"}, parties(guide.Matches))
}

func TestDismissedMatchesAreNotOpenWhateverHasMatchSays(t *testing.T) {
	t.Parallel()
	veld, sool := list("x", entity("primary_name", "Oran Veld")), list("y", entity("primary_name", "Mira Sool"))
	ignore := func(match string) string {
		return `{"ignored-at":"2026-01-02T00:00:00.000Z","run-history-completed-at":"2026-01-01T00:00:05.000Z","match":` + match + `,"user":"Jane Reviewer","ignore-reason":"another person"}`
	}
	r := screened(t, review.KindWatchlist, done+`"matched-lists":[`+veld+`,`+sool+`],"ignore-list":[`+ignore(veld)+`]`)
	require.Len(t, r.Ignored, 1)
	assert.Equal(t, review.Ignored{At: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), By: "Jane Reviewer", Reason: "another person",
		RunAt: time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC), Matches: []review.MatchKey{r.Matches[0].Key}, What: "Oran Veld"}, r.Ignored[0])
	assert.Equal(t, []string{"y: Mira Sool"}, parties(r.OpenMatches()))

	gone := screened(t, review.KindWatchlist, done+`"matched-lists":[],"ignore-list":[`+ignore(veld)+`]`)
	assert.Empty(t, gone.Matches)
	assert.Equal(t, r.Matches[0].Key, gone.Ignored[0].Matches[0], "what is gone keeps its key")

	grouped := `{"slug":"x","entities":[{"name":"VELD Oran","alias-type":"primary_name","group-id":"EU:1"}]}`
	assert.Empty(t, screened(t, review.KindWatchlist, done+`"matched-lists":[`+veld+`],"ignore-list":[`+ignore(grouped)+`]`).OpenMatches(),
		"only the ignored side gives the group id")
	whole := `{"slug":"x","entities":[]}`
	assert.Empty(t, screened(t, review.KindWatchlist, done+`"matched-lists":[`+veld+`],"ignore-list":[`+ignore(whole)+`]`).OpenMatches())
	another := list("x", entity("primary_name", "Oran Veld", "1990"))
	assert.Len(t, screened(t, review.KindWatchlist, done+`"matched-lists":[`+list("x", entity("primary_name", "Oran Veld", "1950"))+`],"ignore-list":[`+ignore(another)+`,null,{},"free text"]`).OpenMatches(), 1,
		"someone born in another year was dismissed")
}

func TestABusinessWatchlistNamesListsBySlug(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindBusinessWatchlist, done+`"matched-lists":["eu-ec-x","us-ofac-y"],"sanction-list":[{"name":"EU - EC - X","url":"https://lists.example/x"}],"fitness-probity-list":[],"warning-list":[]`)
	require.Len(t, r.Matches, 2)
	assert.Equal(t, []review.Listing{{Name: "EU - EC - X", Slug: "eu-ec-x", Type: "sanction", URL: "https://lists.example/x"}}, r.Matches[0].Listings)
	assert.Equal(t, "us-ofac-y", r.Matches[1].Listings[0].Name)
	assert.Regexp(t, `^bwl-`, r.Matches[0].Key)

	slugOnly := screened(t, review.KindBusinessWatchlist, done+`"matched-lists":["eu-ec-x"],"sanction-list":[],"fitness-probity-list":[],"warning-list":[]`)
	assert.Equal(t, r.Matches[0].Key, slugOnly.Matches[0].Key)
	assert.Equal(t, review.PartyList, slugOnly.Matches[0].Party)

	unlike := screened(t, review.KindBusinessWatchlist, done+`"matched-lists":["x-1"],"warning-list":[{"name":"A Name of its Own","url":"https://lists.example/o"}]`)
	require.Len(t, unlike.Matches, 1, "one slug and one name are one list")
	assert.Equal(t, review.Listing{Name: "A Name of its Own", Slug: "x-1", Type: "warning", URL: "https://lists.example/o"}, unlike.Matches[0].Listings[0])
}

func TestAListedWalletIsOneMatchPerList(t *testing.T) {
	t.Parallel()
	r := screened(t, review.KindCryptoWatchlist, done+`"query":{"crypto-address":"1Abc"},"result":[{"name":"US - X","slug":"us-x","list-type":"sanction","entities":[
		{"name":"Oran Veld","alias-type":"primary_name","birthdates":[],"crypto-addresses":[{"type":"XBT","address":"1Abc"},{"type":"ETH","address":"0xDef"}]}]}]`)
	require.Len(t, r.Matches, 1)
	assert.Equal(t, "us-x|1Abc", r.Matches[0].Identity)
	assert.Equal(t, []review.Identifier{{Type: "XBT", Value: "1Abc"}, {Type: "ETH", Value: "0xDef"}}, r.Matches[0].Identifiers)
	assert.Equal(t, []review.Identifier{{Type: "crypto-address", Value: "1Abc"}}, r.Subject.Wallets)
	assert.Equal(t, "1Abc", r.Subject.FullName())

	empty := screened(t, review.KindCryptoWatchlist, done+`"query":{"crypto-address":"1Abc"},"result":[]`)
	assert.Equal(t, review.Empty, empty.MatchState)
	bare := screened(t, review.KindCryptoWatchlist, done+`"query":{"crypto-address":"1Abc"},"result":[{"slug":"us-x","entities":[]}]`)
	assert.Equal(t, r.Matches[0].Key, bare.Matches[0].Key)
	assert.Equal(t, review.PartyWallet, bare.Matches[0].Party)
}

func TestAHostileListDoesNotTakeLong(t *testing.T) {
	t.Parallel()
	var es []string
	for i := range 20_000 {
		es = append(es, entity("aka", fmt.Sprintf("Name %d", i)))
	}
	start := time.Now()
	r := screened(t, review.KindWatchlist, done+`"matched-lists":[`+list("x", es...)+`]`)
	assert.Len(t, r.Matches, 20_000)
	assert.Less(t, time.Since(start), 20*time.Second)
	assert.NotPanics(t, func() { persona.Hydrate(review.Bundle{}) })
}
