package views_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func TestAResourcePageShowsAllThatItSays(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ResourcePage](t, "resource"))
	has(t, doc, "main[data-resource='account/act_9fKq27LmXd'][data-capture=full]",
		"[data-field=address][data-type=hash] [data-field=geo] [data-field=lat][data-type=number]",
		"[data-resource='inquiry/inq_2'][data-capture=absent]")
	for key, words := range map[string]string{"Middle Name": "not captured", "nickname": "none", "tags": "empty"} {
		assert.Equal(t, words, viewtest.Text(doc.Find("[data-field='"+key+"'] dd")), key)
	}
}

func TestAPictureIsNamedAndNeverLinked(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ResourcePage](t, "resource-check"))
	assert.Contains(t, viewtest.Text(doc.Find("[aria-label=Pictures]")), "link expired")
	assert.Zero(t, doc.Find("main img, [aria-label=Pictures] a").Length())
}

func TestAResourceThatWasOnlyNamedSaysSo(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ResourcePage](t, "resource-never-received"))
	has(t, doc, "main[data-capture=absent]")
	assert.Contains(t, viewtest.Text(doc.Find("main")), "Named, never received")
	assert.Zero(t, doc.Find("#payloads").Length())
}

func TestATransactionShowsItsReviewsAndIsNotJudgedThere(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.TransactionPage](t, "transaction"))
	assert.Equal(t, 2, doc.Find("tr[data-review]").Length())
	has(t, doc, "article[data-match]", "section[data-report]")
	assert.Zero(t, doc.Find("main form[method=post]").Length())
	waits := viewtest.Page(t, specimen[views.TransactionPage](t, "transaction-fallback"))
	assert.Contains(t, viewtest.Text(waits.Find("main")), "It has never needed a review here.")
}

func TestAFoldedRecordSaysHowMuchOfItIsHeld(t *testing.T) {
	t.Parallel()
	p := specimen[views.ReviewPage](t, "review")
	for _, c := range review.Captures() {
		p.Records = []views.Record{{Ref: "galaxy/g", ID: "g", At: "1", Label: "Galaxy", Capture: c, Lines: []string{"x"}}}
		doc := viewtest.Page(t, p)
		assert.Contains(t, viewtest.Text(doc.Find("[data-resource='galaxy/g'] summary")), views.CaptureTag(c).Words)
	}
}
