package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/web"
)

// filled is the form as it stands on the page, with answers put in.
func (a answer) filled(selector string, answers url.Values) url.Values {
	a.t.Helper()
	form := a.page().Find(selector)
	require.Equal(a.t, 1, form.Length(), "%s", selector)
	v := url.Values{}
	form.Find("input[name], textarea[name]").Each(func(_ int, s *goquery.Selection) {
		if kind := s.AttrOr("type", ""); kind == "checkbox" || kind == "radio" {
			if _, on := s.Attr("checked"); !on {
				return
			}
		}
		v.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	for name, values := range answers {
		v[name] = values
	}
	return v
}

func TestAScreeningIsAskedForOnceAndFollowed(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	live.screen = func(review.ScreeningForm) (review.TransactionID, error) { return "txn_new", nil }
	h := newHouse(t, live.with, func(o *web.Options) { o.ScreenFields = []string{"email_address", "phone_number"} })
	c := h.as("reviewer")
	page := c.get("/screen").is(200)
	assert.Equal(t, "Germany", page.text("#countries option[value=DE]"))
	assert.Zero(t, page.page().Find("#countries option[value=DD]").Length(), "countries of today")
	assert.Contains(t, page.text("main"), "Nobody real is screened")
	form := page.filled("main form", url.Values{"name_first": {" Kim  Jong "}, "name_last": {"Un"}, "birthdate": {"1984-01-08"}, "address_country_code": {"kp"},
		"reference_id": {"cust-7"}, "field": {"email_address=kim@example.org", "phone_number=", "iban = X=1", ""}})
	assert.Equal(t, []string{"email_address=", "phone_number=", "", ""}, page.filled("main form", nil)["field"], "a row for each field that is set up, and some to spare")
	to := c.post("/screen", form).to()
	assert.Equal(t, "/transactions/txn_new?asked=1", to)
	require.Len(t, live.screens, 1)
	assert.Equal(t, review.ScreeningForm{ReferenceID: "cust-7", NameFirst: "Kim Jong", NameLast: "Un", Birthdate: "1984-01-08", Country: "KP", Key: form.Get("key"),
		Fields: []review.PushField{{Key: "email_address", Value: "kim@example.org"}, {Key: "iban", Value: "X=1"}}}, live.screens[0])
	assert.Equal(t, []string{"screen by reviewer"}, live.asked)
	assert.NotEqual(t, form.Get("key"), c.get("/screen").filled("main form", nil).Get("key"), "another form is another screening")

	waiting := c.get(to).is(200)
	assert.Equal(t, "2", waiting.page().Find("main").AttrOr("data-follow", ""))
	assert.Contains(t, waiting.body, `<noscript><meta http-equiv="refresh" content="5"></noscript>`)
	assert.Contains(t, waiting.text("main"), "Persona has taken it")
	c.get("/transactions/txn_new").is(404)
	log := h.log.String()
	for _, word := range []string{"Kim", "kim@example.org", "1984-01-08"} {
		assert.NotContains(t, log, word)
	}
}

func TestWhatPersonaRefusesStandsBesideTheField(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	c := h.as("reviewer")
	live.screen = func(f review.ScreeningForm) (review.TransactionID, error) {
		return "", &persona.Refused{Status: 422, Title: "Persona did not take it", Problems: []persona.RefusedField{
			{Pointer: "/data/attributes/fields/birthdate", Field: "birthdate", Words: "is not a date"},
			{Pointer: "/data/attributes/fields/email-address", Words: "is <b>not</b> an address"},
			{Pointer: "/data/attributes/fields/shoe_size", Field: "shoe_size", Words: "is unknown"}}}
	}
	form := c.get("/screen").filled("main form", url.Values{"name_last": {"Falade"}, "birthdate": {"1986-03-14"}, "field": {"", "email_address=x"}})
	a := c.post("/screen", form).is(http.StatusUnprocessableEntity)
	assert.Contains(t, a.text("title"), "Error:")
	assert.Equal(t, 1, a.page().Find("[role=alert]").Length())
	assert.Contains(t, a.text("#birthdate-problem"), "is not a date")
	assert.Contains(t, a.text("#field-2-problem"), "is <b>not</b> an address")
	assert.Contains(t, a.text("#fields-problem"), "is unknown")
	again := a.filled("main form", nil)
	assert.Equal(t, "Falade", again.Get("name_last"), "what was typed stays")
	assert.Equal(t, []string{"", "email_address=x"}, again["field"])
	assert.NotEqual(t, form.Get("key"), again.Get("key"), "under the old key Persona would only repeat its answer")

	live.screen = func(f review.ScreeningForm) (review.TransactionID, error) { return "", f.Check(h.clock.Now()) }
	a = c.post("/screen", c.get("/screen").filled("main form", url.Values{"birthdate": {"14.3.1986"}, "field": {"nonsense"}})).is(422)
	assert.Contains(t, a.text("#field-1-problem"), "NAME=VALUE")
	a = c.post("/screen", c.get("/screen").filled("main form", url.Values{"birthdate": {"14.3.1986"}})).is(422)
	assert.NotEmpty(t, a.text("#birthdate-problem"))
	assert.NotEmpty(t, a.text("#name_last-problem"))

	live.screen = func(review.ScreeningForm) (review.TransactionID, error) {
		return "", &persona.Unavailable{Problem: "Persona answered 503"}
	}
	form = c.get("/screen").filled("main form", url.Values{"name_last": {"Falade"}})
	a = c.post("/screen", form).is(http.StatusServiceUnavailable)
	assert.Contains(t, a.text("main"), "the same form screens once")
	assert.Equal(t, form.Get("key"), a.filled("main form", nil).Get("key"), "sent again it must not screen twice")

	live.screen = func(review.ScreeningForm) (review.TransactionID, error) {
		return "", &persona.Unavailable{Problem: "Persona has a fault of its own (500)", KeySpent: true}
	}
	a = c.post("/screen", form).is(http.StatusServiceUnavailable)
	assert.Contains(t, a.text("main"), "look for the person at Persona")
	assert.NotEqual(t, form.Get("key"), a.filled("main form", nil).Get("key"), "under the old key Persona would repeat its fault for ever")

	c.post("/screen", url.Values{"name_last": {"Falade"}, "key": {"short"}}).is(http.StatusBadRequest)
	live.screen = func(review.ScreeningForm) (review.TransactionID, error) { return "txn_new", nil }
	asked := len(live.screens)
	for range 2 {
		c.post("/screen", url.Values{"name_last": {"Falade"}}).is(303)
	}
	require.Len(t, live.screens, asked+2)
	assert.NotEqual(t, live.screens[asked].Key, live.screens[asked+1].Key, "who sends no key screens each time")
}

func TestProductionSaysThatAPersonIsReal(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	live.set(func(s *persona.LiveState) { s.Environment = persona.Production })
	h := newHouse(t, live.with)
	assert.Contains(t, h.as("lead").get("/screen").text("main"), "A real person is screened")
	live.set(func(s *persona.LiveState) { s.Environment = persona.UnknownEnvironment })
	assert.Contains(t, h.as("lead").get("/screen").text("main"), "a real person may be screened")
	live.set(func(s *persona.LiveState) { s.CanScreen = false })
	assert.Contains(t, h.as("lead").get("/screen").text("main"), "No transaction type is set up")
}
