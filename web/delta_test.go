package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// rows are what a table of changes says: what, then, how it changed, now.
func rows(s *goquery.Selection) []string {
	var out []string
	for _, tr := range s.Find("tbody tr").EachIter() {
		var cells []string
		tr.Find(".compare-side").Remove()
		for _, c := range tr.Find("th, td").EachIter() {
			cells = append(cells, strings.Join(strings.Fields(c.Text()), " "))
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out
}

// grouped is the payload of a person whose listed parties have ids at the data source, in their order.
func grouped(p person) []byte {
	n := 0
	return regexp.MustCompile(`"alias-type":"primary_name"`).ReplaceAllFunc(p.payload(), func(b []byte) []byte {
		n++
		return fmt.Appendf(nil, `"alias-type":"primary_name","group-id":"group-%d"`, n)
	})
}

func changes(a answer) []string {
	return rows(a.page().Find("section[aria-labelledby=changes] > .compare-frame"))
}

func TestWhatChangedIsSaidSinceAHumanLastLooked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(grouped(p))
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c, lead := h.as("reviewer"), h.as("lead")
	first := c.get(at).is(200)
	assert.Zero(t, first.page().Find("#changes").Length(), "nobody looked before")
	assert.Zero(t, c.get(at).page().Find("#changes").Length(), "nothing moved")

	// Two runs come, and nobody looks between them: it is compared with what was seen.
	h.clock.Pass(20 * time.Minute)
	p.listed[0].year, p.completed = "1980", start.Add(5*time.Minute)
	h.take(grouped(p))
	p.listed[0].year, p.completed = "1986", start.Add(10*time.Minute)
	p.listed = append(p.listed, listed{"Ekene Faladé", "1990", "EU - Consolidated"})
	h.take(grouped(p))
	page := c.get(at).is(200)
	assert.Equal(t, "What changed since today, 09:41 UTC", page.text("#changes"))
	assert.Contains(t, page.text("section[aria-labelledby=changes]"), "Compared with what you had on screen.")
	got := changes(page)
	assert.Contains(t, got, "Party 1, born | 1979 | changed | 1986")
	assert.Contains(t, got, "Party 1, verdict on birth date | conflict Born 7 years apart | changed | close Year agrees; the list gives only a year")
	assert.Contains(t, got, "Party 3 | not there | added | Ekene Faladé Watchlist, born 1990")
	assert.Contains(t, got, "Party 2 | 1 comparison | same | unchanged")
	assert.Contains(t, got, "Query | 6 values | same | the same 6 values")
	assert.NotContains(t, strings.Join(got, " "), "1980", "what nobody saw is not told")
	assert.Equal(t, 1, page.page().Find(".panel a[href='#changes']").Length())
	assert.Equal(t, got, changes(c.get(at)), "to look again does not take it away")

	// Whoever never looked is told what another had before them.
	theirs := lead.get(at).is(200)
	assert.Contains(t, theirs.text("section[aria-labelledby=changes]"), "Compared with what Noor Haddad had on screen.")
	assert.Equal(t, got, changes(theirs))

}

func TestWhatChangedSinceAnEarlierReviewIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	first := h.opened()
	h.decided(first, review.Approve)
	p.status, p.at = "approved", start.Add(time.Minute)
	h.take(p.payload())

	h.clock.Pass(40 * 24 * time.Hour)
	p.status, p.at, p.completed = "needs_review", h.clock.Now().Add(-time.Hour), h.clock.Now().Add(-2*time.Hour)
	p.country, p.tags = "DE", []string{"priority", "second look"}
	h.take(p.payload())
	second := h.opened()
	require.NotEqual(t, first, second)
	at := "/reviews/" + second.String()[2:]
	page := h.as("lead").get(at).is(200)
	assert.Equal(t, "What changed since 18 June", page.text("#changes"))
	section := page.text("section[aria-labelledby=changes]")
	assert.Contains(t, section, "Compared with what Noor Haddad had on screen.")
	assert.Contains(t, section, "18 June, when "+first.String()+" was decided")
	assert.NotContains(t, section, "your own last look")
	got := changes(page)
	assert.Contains(t, got, "Tags | priority | changed | priority, second look")
	assert.Contains(t, got, "Watchlist report, query: country | Nigeria (NG) | changed | Germany (DE)")
	assert.Contains(t, got, "Parties 1 and 2 | 2 comparisons | same | unchanged")
	assert.Contains(t, h.as("lead").get(at).text("section[aria-labelledby=changes]"), "Nothing since your own last look, today, 09:41 UTC.")

	// Something else comes after the lead's look: that is first, and what came before it is folded behind.
	h.clock.Pass(12 * time.Minute)
	p.listed[0].year, p.completed = "1981", h.clock.Now().Add(-time.Minute)
	h.take(p.payload())
	page = h.as("lead").get(at).is(200)
	assert.Equal(t, "What changed since today, 09:41 UTC", page.text("#changes"))
	got = changes(page)
	assert.Contains(t, got, "Party 1, born | 1979 | changed | 1981")
	assert.NotContains(t, strings.Join(got, " "), "Germany")
	assert.Equal(t, "What changed since 18 June", page.text(".changes-further summary"))
	assert.Contains(t, strings.Join(rows(page.page().Find(".changes-further")), "\n"), "Germany")

	// A closed review shows what was judged; what is otherwise by now is folded away behind it.
	closed := h.as("lead").get("/reviews/" + first.String()[2:]).is(200)
	assert.Empty(t, changes(closed))
	assert.Contains(t, strings.Join(rows(closed.page().Find("section[aria-labelledby=changes] > details:not([open])")), "\n"), "Germany")
	assert.NotContains(t, closed.text("section[aria-labelledby=matches]"), "1981", "the parties are those that were judged")
}

func TestOrderIsNoChangeOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	before := c.get(at).evidence()
	p.listed[0], p.listed[1] = p.listed[1], p.listed[0]
	h.take(p.payload())
	page := c.get(at).is(200)
	assert.Equal(t, "Ekene Oyelaran Falade", page.text("#party-1 h3 bdi"), "the parties stand in another order")
	assert.Equal(t, before, page.evidence())
	assert.Zero(t, page.page().Find("#changes").Length())
}

// A list that corrects a birth date may make another entry of it: the two stand beside each other.
func TestAnotherEntryByTheSameNameStandsBesideTheOneItReplaced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	form := c.get(at).finding(1, "false_positive", "birthdate", "")
	p.listed[0].year, p.completed = "1986", start.Add(-time.Hour)
	h.take(p.payload())
	a := c.post(at+"/dispositions", form).is(409)
	got := rows(a.page().Find("section[aria-labelledby=moved]"))
	assert.Contains(t, got, "Party 1, match | the entry that was there | changed | another entry by the same name")
	assert.Contains(t, got, "Party 1, born | 1979 | changed | 1986")
	assert.Contains(t, a.text("section[aria-labelledby=effect]"), "Party 1, another entry by the same name: it asks for a finding")
	assert.NotContains(t, a.text("main"), "not there any more")
}

// The page that refuses says what changed, and what that does to each finding.
func TestAStalePageSaysWhatBecomesOfEachFinding(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.listed = append(p.listed, listed{"Ekene Falade-Brandt", "1951", "EU - Consolidated"}, listed{"EKENE F. FALADÉ", "1933", "UN - Security Council"})
	h.take(grouped(p))
	id := h.opened()
	at := "/reviews/" + id.String()[2:]
	c := h.as("reviewer")
	c.post(at+"/claim", nil).is(303)
	c.post(at+"/dispositions", c.get(at).finding(1, "false_positive", "birthdate", "")).is(303) // 1979: seven years apart
	c.post(at+"/dispositions", c.get(at).finding(2, "true_match", "other", "It is them")).is(303)
	c.post(at+"/dispositions", c.get(at).finding(3, "false_positive", "birthdate", "")).is(303) // 1951
	late := c.get(at).is(200).finding(4, "cannot_tell", "birthdate", "typed with care")

	p.listed[0].year, p.listed[2].year, p.completed = "1986", "1949", start.Add(-time.Hour)
	h.take(grouped(p))
	a := c.post(at+"/dispositions", late).is(409)
	got := rows(a.page().Find("section[aria-labelledby=moved]"))
	assert.Contains(t, got, "Party 1, born | 1979 | changed | 1986")
	assert.Contains(t, got, "Party 3, born | 1951 | changed | 1949")
	assert.Contains(t, got, "Parties 2 and 4 | 2 comparisons | same | unchanged")
	var effects []string
	for _, li := range a.page().Find("section[aria-labelledby=effect] li").EachIter() {
		effects = append(effects, li.AttrOr("data-tone", "")+": "+strings.Join(strings.Fields(li.Text()), " "))
	}
	assert.Equal(t, []string{
		"differ: Party 1, false positive: look again. Birth year differs by 7: no longer holds.",
		"differ: Party 4: no finding yet.",
		"good: Party 3, false positive: it stands, for what it rests on still holds: birth year differs by 35.",
		"good: Party 2, unchanged: your finding stands.",
	}, effects)
	assert.Contains(t, a.text("section[aria-labelledby=kept]"), "typed with care")
	assert.Equal(t, "Look at party 1", strings.TrimSpace(a.page().Find(".page-acts a[href='"+at+"#party-1']").Text()))
}

// However much changes, so much is on the page and no more, and the rest is counted.
func TestChangesAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	payload := func(value string, at time.Time) []byte {
		fields := map[string]any{}
		for i := range 300 {
			fields[fmt.Sprintf("custom_%03d", i)] = map[string]any{"type": "string", "value": value}
		}
		var event map[string]any
		p := ekene()
		p.at = at
		require.NoError(t, json.Unmarshal(p.payload(), &event))
		txn := event["data"].(map[string]any)["attributes"].(map[string]any)["payload"].(map[string]any)["data"].(map[string]any)
		txn["attributes"].(map[string]any)["fields"] = fields
		raw, err := json.Marshal(event)
		require.NoError(t, err)
		return raw
	}
	h.take(payload("then", start.Add(-3*time.Hour)))
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	c.get(at).is(200)
	h.take(payload("now", start.Add(-2*time.Hour)))
	page := c.get(at).is(200)
	got := changes(page)
	assert.LessOrEqual(t, len(got), 64)
	assert.Contains(t, got, "Transaction, custom 007 | then | changed | now")
	assert.Regexp(t, `and 2\d\d more changes`, page.text(".changes-left"))
}

// Nothing that Persona sends comes alive in a table of changes, and what cannot be seen is said.
func TestChangesAreTextOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	at := "/reviews/" + h.opened().String()[2:]
	c := h.as("reviewer")
	c.get(at).is(200)
	evil := `<img src=x onerror="alert(1)">{{.}}` + "\u202egnp.exe"
	p.listed[0].name, p.listed[1].list = evil, evil
	p.tags, p.completed = []string{evil}, start.Add(-time.Hour)
	p.last, p.country = "Fal\u200bade", strings.Repeat("Z", 5000)
	h.take(p.payload())
	page := c.get(at).is(200)
	section := page.page().Find("section[aria-labelledby=changes]")
	assert.Zero(t, section.Find("img, script").Length())
	text := page.text("section[aria-labelledby=changes]")
	assert.Contains(t, text, "hidden characters removed: U+202E")
	assert.Contains(t, text, "hidden characters removed: U+200B", "it is all that changed of the name")
	assert.NotContains(t, section.Text(), "\u202e")
	assert.Less(t, len(text), 20_000)
	c.post(at+"/claim", nil).is(303)
	form := url.Values{"match": {"x"}, "finding": {"true_match"}, "reason": {"other"}, "note": {evil}, "evidence": {strings.Repeat("ab", 32)}}
	a := c.post(at+"/dispositions", form)
	assert.Contains(t, []int{409, 422}, a.status)
	assert.Zero(t, a.page().Find("main img").Length())
}

func TestARecordThatCameAfterAllIsOneChange(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	named := func(more string) []byte {
		b := bytes.Replace(p.payload(), []byte(`"related-objects":{"data":[`), []byte(`"related-objects":{"data":[{"type":"document/government-id","id":"doc_1"},`), 1)
		return bytes.Replace(b, []byte(`"included":[`), []byte(`"included":[`+more), 1)
	}
	h.take(named(""))
	id := h.opened()
	c, at := h.as("reviewer"), "/reviews/"+id.String()[2:]
	c.get(at).is(200)
	h.clock.Pass(time.Minute)
	h.take(named(`{"type":"document/government-id","id":"doc_1","attributes":{"status":"processed","name-first":"Ekene","name-last":"Falade","id-class":"pp"}},`))
	page := c.get(at).is(200)
	assert.Equal(t, []string{"Government id document | named, never received | added | Ekene Falade · processed doc_1",
		"Parties 1 and 2 | 2 comparisons | same | unchanged", "Query | 6 values | same | the same 6 values"}, changes(page))
}
