package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

func draw(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	var b strings.Builder
	require.NoError(t, c.Render(t.Context(), &b))
	return viewtest.Document(t, b.String())
}

func TestNamesStandIsolatedInTheirLanguage(t *testing.T) {
	t.Parallel()
	bdi := draw(t, views.Str{Text: "رشيد العلوي", Lang: "ar"}.Line()).Find("bdi")
	assert.Equal(t, "رشيد العلوي", bdi.Text())
	assert.Equal(t, "ar", bdi.AttrOr("lang", ""))
	assert.Equal(t, "<b>", draw(t, views.S("<b>").Line()).Find("bdi").Text())
}

func TestWhatWasCutOutOfATextIsSaid(t *testing.T) {
	t.Parallel()
	doc := draw(t, views.Str{Text: "Ilarion", Notes: []string{"hidden characters removed: U+202E"}}.Line())
	assert.Equal(t, "Ilarion hidden characters removed: U+202E", viewtest.Text(doc.Selection))
}

func TestALongTextIsCutInALineAndFoldedInABlock(t *testing.T) {
	t.Parallel()
	long := views.S(strings.Repeat("ж", 10_000))
	line := draw(t, long.Line())
	assert.Equal(t, 160, len([]rune(line.Find("bdi").Text())))
	assert.Contains(t, line.Text(), "9,840 more characters")
	block := draw(t, long.Block())
	assert.Equal(t, long.Text, block.Find("details > p bdi").Text(), "nothing is lost")
	for _, short := range []string{strings.Repeat("ж", 160), strings.Repeat("a", 160)} {
		assert.Equal(t, short, draw(t, views.S(short).Line()).Find("bdi").Text())
		assert.Zero(t, draw(t, views.S(short).Block()).Find("details").Length())
	}
}

func TestOnlyHTTPAddressesBecomeLinks(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"https://example.org/a?b=c", "http://example.org", "HTTPS://EXAMPLE.ORG/x"} {
		a := draw(t, views.Link{Words: "List", URL: u}.Show()).Find("a")
		assert.Equal(t, u, a.AttrOr("href", ""))
		assert.Equal(t, "noopener noreferrer", a.AttrOr("rel", ""))
		assert.Contains(t, strings.ToLower(a.Parent().Text()), "example.org", "the host is shown")
	}
	for _, u := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "javascript://example.org/%0aalert(1)", "data:text/html,x", "vbscript:x",
		"//evil.example/x", `\\evil.example\x`, "/reviews/1", "ftp://example.org", "mailto:a@example.org", "https:///path", "https://user:pass@example.org/", "http://[::1", "https://exa mple.org", "https:example.org", "", "file:///etc/passwd"} {
		doc := draw(t, views.Link{Words: "List", URL: u}.Show())
		assert.Zero(t, doc.Find("a").Length(), u)
		assert.Contains(t, doc.Text(), "List")
		assert.Contains(t, doc.Text(), u, "and can still be read")
	}
}

func TestAValueSaysWhatIsThere(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]views.Value{
		"not captured":    {},
		"none":            {State: review.Null},
		"empty":           {State: review.Empty},
		"Orlan":           views.V("Orlan"),
		"1979 to a year":  {State: review.Present, Str: views.S("1979"), Note: "to a year"},
		"its page":        {State: review.Present, To: views.Go{Href: "/reviews", Words: "its page"}},
		"passed":          {State: review.Present, Tag: views.Tag{Words: "passed", Tone: views.ToneGood}},
		"12 July":         {State: review.Present, Time: views.Time{Datetime: "2026-07-12", Words: "12 July"}},
		"12 July, 09 UTC": {State: review.Present, Time: views.Time{Words: "12 July, 09", Zone: "UTC"}},
	} {
		assert.Equal(t, want, viewtest.Text(draw(t, v.Show()).Selection))
	}
}
