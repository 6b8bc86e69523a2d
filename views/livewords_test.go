package views_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func TestEveryValueOfLiveDataHasWords(t *testing.T) {
	t.Parallel()
	worded(t, "delivery state", review.DeliveryStates(), func(s review.DeliveryState) string { return views.DeliveryTag(s).Words })
	worded(t, "errand kind", review.ErrandKinds(), views.ErrandWords)
	worded(t, "errand state", review.ErrandStates(), func(s review.ErrandState) string { return views.ErrandTag(s).Words })
	worded(t, "push act", review.PushActs(), views.PushWords)
	worded(t, "push state", review.PushStates(), func(s review.PushState) string { return views.PushTag(s).Words })
	worded(t, "telling", []string{"status", "fields", "matches", "inquiry", "case"}, func(f string) string { return views.TellingWords(f).Words })
	for _, f := range []string{"status", "fields", "matches", "inquiry", "case"} {
		assert.NotEmpty(t, views.TellingWords(f).Does, "a switch says what it does at Persona")
	}
}

// A picture is drawn from our own copy or not at all.
func TestNoPictureComesFromElsewhere(t *testing.T) {
	t.Parallel()
	for _, image := range []string{"https://files.withpersona.com/a.jpg", "//evil.example/files/x", "/files/", "/files/../login", "javascript:alert(1)",
		"/files/" + "zz", "data:image/png;base64,AAAA"} {
		page := views.TransactionPage{Shell: views.Shell{Title: "x"}, Identity: views.Identity{Fallback: "x"}, Pictures: &views.Pictures{Groups: []views.PictureGroup{{At: "1", Label: "l",
			Photos: []views.Picture{{Words: "Front", Image: image}}}}}}
		assert.NotContains(t, viewtest.Render(t, page), "<img", image)
	}
}
