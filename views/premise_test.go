package views_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func TestWhatSetsThemApartIsTickedByHand(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review"))
	form := doc.Find("#match-1")
	assert.Zero(t, form.Find("[type=checkbox][checked]").Length())
	assert.Equal(t, []string{"birth-years-apart:7", "name-parts-apart:1", "other"}, form.Find("[name=premise]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }))
	assert.Equal(t, []string{"1", "2", "3"}, form.Find("[name=premise]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("aria-keyshortcuts", "") }))
	assert.Contains(t, viewtest.Text(form.Find("label:has([value='name-parts-apart:1'])")), "Weak:", "a weak reason says so")
	assert.Contains(t, viewtest.Text(form.Find("label:has([name=premise][value=other])")), "Never carried over")
	assert.Zero(t, form.Find("[hidden], [disabled]").Length(), "all of it is there for a browser that cannot fold it")
}

func TestARefusedReasonIsSaidWhereItIsTicked(t *testing.T) {
	t.Parallel()
	premise := viewtest.Page(t, specimen[views.ReviewPage](t, "review-premise-refused"))
	has(t, premise, "#premise-1[aria-describedby=premise-problem] #premise-problem", "[role=alert] a[href='#premise-1']", "#match-1 [value=false_positive][checked]")
	missing := viewtest.Page(t, specimen[views.ReviewPage](t, "review-missing-refused"))
	has(t, missing, "#missing-1[aria-describedby=missing-problem] #missing-problem", "#match-1 [name=missing][value=other][checked]")
	assert.Zero(t, missing.Find("#match-2 [checked]").Length(), "the other forms are as they were")
}

func TestEarlierFindingsStandWithTheirReasons(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review-retested"))
	has(t, doc, "#party-1 li[data-standing=broken]", "#party-1 li[data-standing=untestable]", "#party-1 li[data-standing=holds]",
		"#party-2[data-fold=held] > div > form [name=carry]", "#party-2 details:not([open]) form[id=match-2]", "#party-2 button[name=finding][value=false_positive][aria-keyshortcuts=f]",
		"#party-3 form", "#party-4 article[data-finding='']")
	assert.Equal(t, 1, doc.Find("[name=carry]").Length(), "only what holds can be taken over")
	assert.Contains(t, viewtest.Text(doc.Find("#party-2 summary").First()), "both reasons still hold")
	assert.Contains(t, viewtest.Text(doc.Find("#party-1 li[data-standing=untestable]").First()), "cannot be tested any more")
	assert.NotContains(t, viewtest.Text(doc.Find("#party-1 li").Last()), "holds", "what was said in a note is not tested")

	// The broken reason stands above the comparison.
	order := doc.Find("#party-1 ul:has([data-standing]), #party-1 table").Map(func(_ int, s *goquery.Selection) string { return goquery.NodeName(s) })
	assert.Equal(t, []string{"ul", "table"}, order[:2])
}

func TestTheNoteToTheCustomerTeamIsThereToBeCopied(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review-retested"))
	has(t, doc, "aside details:not([open]) textarea[readonly][data-copy]")
}

func TestABulkPageTicksNothingAndKeepsWhatWasTicked(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.BulkPage](t, "bulk"))
	assert.Zero(t, doc.Find("main [checked]").Length())
	assert.Equal(t, 15, doc.Find("tbody [type=checkbox][name=match]").Length(), "a party with two matches has a box for each")
	assert.Equal(t, 1, doc.Find("main button").Length(), "one act")
	refused := viewtest.Page(t, specimen[views.BulkPage](t, "bulk-refused"))
	has(t, refused, "#match #match-problem", "#reason[aria-invalid=true]", "[role=alert] a[href='#match']")
	before := viewtest.Page(t, specimen[views.BulkPage](t, "bulk-held"))
	assert.Equal(t, 3, before.Find("[name=carry]").Length())
	assert.Zero(t, before.Find("[name=premise], [name=reason]").Length(), "the reasons are the earlier ones")
	assert.Zero(t, viewtest.Page(t, specimen[views.BulkPage](t, "bulk-auditor")).Find("main form").Length())
}

func TestAReasonIsWordedByHowMuchOfItThereIs(t *testing.T) {
	t.Parallel()
	for words, p := range map[string]review.Premise{
		"Birth year differs by 7":                 {Kind: review.PremiseYearsApart, Amount: 7},
		"1 of 3 parts of the name is another one": {Kind: review.PremiseNameApart, Amount: 1, Of: 3},
		"2 of 3 parts of the name are others":     {Kind: review.PremiseNameApart, Amount: 2, Of: 3},
		"Listed party is a vessel":                {Kind: review.PremiseKindApart, Match: []string{"vessel"}},
		"Listed party is something else":          {Kind: review.PremiseKindApart},
		"Something else, said in the note":        {Kind: review.PremiseOther},
	} {
		assert.Equal(t, words, views.PremiseWords(p))
	}
}
