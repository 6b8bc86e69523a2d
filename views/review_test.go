package views_test

import (
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func has(t *testing.T, doc *goquery.Document, selectors ...string) {
	t.Helper()
	for _, s := range selectors {
		assert.NotZero(t, doc.Find(s).Length(), s)
	}
}

func TestReviewCarriesEveryHookOfTheContract(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review"))
	has(t, doc,
		"main[data-review='1042'][data-transaction][data-state=open][data-evidence]",
		"section[data-report='rep_wLm3Zt8KqP'][data-kind=watchlist][data-capture=full]",
		"[data-query='name-first']",
		"article[data-match='wl-7c1e0a'][data-finding='']",
		"article[data-finding=false_positive]",
		"article [data-attribute=name][data-verdict=close]",
		"article [data-attribute=birthdate][data-verdict=conflict]",
		"article [data-attribute=country][data-verdict='missing-match']",
		"article [data-attribute=sex][data-verdict=agree]",
		"article [data-attribute=identifier][data-verdict='missing-subject']",
		"li[data-run][data-run-type=scheduled][data-run-completed='2026-11-18T05:12:07Z']",
		"li[data-run][data-run-completed='']",
		"section[data-resource='account/act_9fKq27LmXd'] [data-field='name-first'][data-type=string]",
		"section[data-resource='case/case_8Rw1GfTzKe'][data-capture=absent]",
		"[data-check=id_expired_detection][data-status=failed]",
		"li[data-entry='18206'][data-act=disposed]",
	)
	for _, c := range review.Captures() {
		has(t, doc, "section[data-report][data-capture="+string(c)+"]")
	}
	assert.Zero(t, doc.Find("li[data-run]:contains('dismissed')").Length(), "what someone did is no run")
}

func TestNothingIsChosenBeforehand(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review"))
	assert.Zero(t, doc.Find("#match-1 :checked, #match-1 option[selected], #match-2 :checked, #match-2 option[selected]").Length())
	assert.Empty(t, doc.Find("#note-1").Text())
	values := doc.Find("#match-1 [name=finding]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	assert.Equal(t, []string{"false_positive", "true_match", "cannot_tell"}, values)
}

func TestOneFormCoversAllMatchesOfAParty(t *testing.T) {
	t.Parallel()
	form := viewtest.Page(t, specimen[views.ReviewPage](t, "review")).Find("#match-2")
	assert.Equal(t, "/reviews/1042/dispositions", form.AttrOr("action", ""))
	assert.Equal(t, []string{"pep-2b", "am-9d"}, form.Find("input[name=match]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }))
	assert.Len(t, form.Find("input[name=evidence]").AttrOr("value", ""), 64)
}

func TestARefusedFindingKeepsWhatWasTypedAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review-refused"))
	assert.True(t, strings.HasPrefix(doc.Find("title").Text(), "Error: "))
	alert := doc.Find("[role=alert]")
	assert.Equal(t, 1, alert.Length())
	assert.Equal(t, []string{"#finding-2", "#reason-2", "#note-2"}, alert.Find("a").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") }))
	for _, field := range []string{"finding", "reason", "note"} {
		assert.NotEmpty(t, doc.Find("#match-2 #"+field+"-problem").Text(), field)
		assert.Equal(t, field+"-problem", doc.Find("#"+field+"-2").AttrOr("aria-describedby", ""), field)
	}
	assert.Equal(t, "Employer letter and port pass", doc.Find("#note-2").Text())
	assert.Zero(t, doc.Find("#match-1 [id$='-problem']").Length(), "the other forms have no problem")
}

func TestWhoCannotJudgeSeesNoFormAndWhy(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]string{"review-free": "Claim this review", "review-taken": "Sefa Tuilagi has this review", "review-auditor": "Auditors read everything"} {
		doc := viewtest.Page(t, specimen[views.ReviewPage](t, name))
		assert.Zero(t, doc.Find("[name=finding]").Length(), name)
		assert.Contains(t, viewtest.Text(doc.Find("main")), why, name)
		has(t, doc, "article[data-match]")
	}
	assert.Equal(t, 2, viewtest.Page(t, specimen[views.ReviewPage](t, "review-free")).Find("main form[action='/reviews/1042/claim']").Length())
	assert.Zero(t, viewtest.Page(t, specimen[views.ReviewPage](t, "review-auditor")).Find("main form[method=post]").Length())
	assert.Equal(t, 1, viewtest.Page(t, specimen[views.ReviewPage](t, "review-taken")).Find("button[name=take_over]").Length())
}

func TestAnAnsweredPartyIsFoldedAndCanBeChanged(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review"))
	assert.Zero(t, doc.Find("#party-3 > div > details[open]").Length())
	assert.Contains(t, viewtest.Text(doc.Find("#party-3 summary")), "False positive")
	assert.Contains(t, viewtest.Text(doc.Find("#party-3 summary")), "You, 20 November, 09:31 UTC: sex differs; birth year differs by 12. Identity card read by me")
	assert.Equal(t, 1, doc.Find("#party-3 #match-3").Length())
	assert.Zero(t, doc.Find("#party-1 > div > details").Length(), "a finding to be made is never folded")
}

func TestAClosedReviewShowsItsDecisionsAndTheWayToCorrectThem(t *testing.T) {
	t.Parallel()
	closed := viewtest.Page(t, specimen[views.ReviewPage](t, "review-closed"))
	has(t, closed, "main[data-state=closed] [data-outcome=approve]", "[data-outcome=decline]")
	assert.Zero(t, closed.Find("[name=finding], form[action$='/corrections']").Length())
	correct := viewtest.Page(t, specimen[views.ReviewPage](t, "review-correct"))
	assert.Equal(t, 2, correct.Find("form[action='/reviews/1042/corrections'] button[name=outcome]").Length())
}

func TestAReportThatCouldNotLookNeverSaysNoMatches(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ReviewPage](t, "review"))
	for _, capture := range []string{"thin", "absent", "pending", "errored", "redacted"} {
		assert.NotContains(t, doc.Find("[data-capture="+capture+"] .tag").Text(), "No matches", capture)
	}
}

func TestNoKeyDecides(t *testing.T) {
	t.Parallel()
	for _, s := range views.Gallery() {
		doc := viewtest.Page(t, s.Page)
		assert.Zero(t, doc.Find("[name=outcome][aria-keyshortcuts], [name=outcome] kbd").Length(), s.Name)
		doc.Find("[aria-keyshortcuts]").Each(func(_ int, c *goquery.Selection) {
			key := c.AttrOr("aria-keyshortcuts", "")
			if key == "/" || key == "Control+Enter" { // printed beside the field; as two keys
				return
			}
			label := c.Closest("label").AddSelection(c)
			if id := c.AttrOr("id", ""); id != "" {
				label = label.AddSelection(doc.Find("label[for='" + id + "']"))
			}
			if c.Is("tr button") { // printed once, above the table
				return
			}
			assert.Contains(t, label.Find("kbd").Text(), key, "%s: a key that is not printed on its control", s.Name)
		})
	}
}

// The same page twice is the same bytes: no map order, no clock.
func TestPagesAreDeterministic(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"queue", "review"} {
		for _, s := range views.Gallery() {
			if s.Name == name {
				assert.Equal(t, viewtest.Render(t, s.Page), viewtest.Render(t, s.Page))
			}
		}
	}
}

func BenchmarkReviewPage(b *testing.B) {
	p := specimen[views.ReviewPage](b, "review-forty")
	b.ReportAllocs()
	for b.Loop() {
		if err := views.Layout(p).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
