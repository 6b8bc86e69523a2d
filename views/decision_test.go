package views_test

import (
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func TestTheTwoWaysAreOfEqualSizeAndSayTheirConsequence(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.DecisionPage](t, "decision"))
	ways := doc.Find("button[name=outcome]")
	assert.Equal(t, []string{"approve", "decline"}, ways.Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }))
	ways.Each(func(_ int, s *goquery.Selection) {
		_, weighted := s.Attr("data-weight")
		assert.False(t, weighted)
		assert.NotEmpty(t, viewtest.Text(s.Parent().Find("p")))
	})
	assert.Zero(t, doc.Find("option[selected]").Length(), "no reason is chosen beforehand")
	assert.Len(t, doc.Find("form input[name=evidence]").AttrOr("value", ""), 64)
}

func TestARefusedDecisionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := specimen[views.DecisionPage](t, "decision-refused")
	p.Form.Reason = review.ReasonCannotTell
	doc := viewtest.Page(t, p)
	assert.Equal(t, "Employer letter and port pass read.", doc.Find("#note").Text())
	assert.Equal(t, "cannot_tell", doc.Find("#reason option[selected]").AttrOr("value", ""))
	for _, field := range []string{"match", "outcome", "reason", "note"} {
		assert.Equal(t, 1, doc.Find("#"+field+"-problem").Length(), field)
		assert.Equal(t, 1, doc.Find("[role=alert] a[href='#"+field+"']").Length(), field)
	}
}

func TestADecisionThatCannotBeTakenYetHasNoForm(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.DecisionPage](t, "decision-missing"))
	assert.Zero(t, doc.Find("[name=outcome]").Length())
	assert.Contains(t, viewtest.Text(doc.Find("main")), "Give the last open match a finding")
	assert.Equal(t, "Judge the finding on party 1", viewtest.Text(doc.Find("a[href='/reviews/1042#party-1']")))
}

func TestTheStalePageSaysWhatMovedAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.StalePage](t, "stale"))
	assert.Equal(t, 1, doc.Find("main[data-evidence] [role=alert]").Length())
	form := doc.Find("main form[method=post]")
	assert.Equal(t, "Employer letter", form.Find("input[name=note]").AttrOr("value", ""))
	assert.Zero(t, form.Find("[name=outcome]").Length(), "it brings the words back, it does not decide")
	for _, m := range []string{"added", "gone", "changed", "same"} {
		assert.Contains(t, viewtest.Text(doc.Find("table")), m)
	}
}

func TestDecisionsCarryTheirHooks(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.DecisionsPage](t, "decisions"))
	assert.Equal(t, 12, doc.Find("tr[data-review][data-entry][data-outcome]").Length())
	assert.NotZero(t, doc.Find("tr[data-outcome=decline]").Length())
	assert.Equal(t, 1, doc.Find("a[href^='/decisions.csv']").Length())
}

func TestEveryStatusHasAProblemPage(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, status := range []int{400, 403, 404, 405, 409, 413, 422, 429, 500, 503} {
		doc := viewtest.Page(t, views.ProblemPage{Shell: views.Shell{Title: "Problem"}, Status: status})
		h1 := viewtest.Text(doc.Find("h1"))
		assert.Zero(t, seen[h1], "%d and %d are both %q", status, seen[h1], h1)
		seen[h1] = status
		assert.Regexp(t, `Nothing was|It may never`, doc.Find("main p").Text(), "%d: what is safe", status)
		assert.NotZero(t, doc.Find("main a").Length(), "%d: a way on", status)
	}
}

func TestSignInSaysOneThingForEveryMistake(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.LoginPage](t, "login-wrong"))
	assert.Equal(t, "Name and password do not fit together", viewtest.Text(doc.Find("[role=alert] h2")))
	assert.Equal(t, "noor", doc.Find("#username").AttrOr("value", ""))
	_, kept := doc.Find("#password").Attr("value")
	assert.False(t, kept, "a password is never sent back")
	assert.Zero(t, doc.Find("header, footer, [aria-keyshortcuts]").Length(), "nothing of the house is shown outside of it")
}

func TestAProblemWithOneColleagueStandsInTheirRow(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.ColleaguesPage](t, "colleagues-weak-password"))
	assert.Equal(t, 1, doc.Find("tr[data-colleague=lead] details[open] #password-problem").Length())
	assert.Equal(t, "#password-lead", doc.Find("[role=alert] a").AttrOr("href", ""))
	assert.Zero(t, doc.Find("tr[data-colleague=admin] form[action$='/disable']").Length(), "nobody locks themselves out")
}
