// Package viewtest draws pages for tests and lints what was drawn. The lint runs on every
// rendered page, here and through the routes.
package viewtest

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/views"
)

// Render draws a page as the server does, lints it and gives its HTML.
func Render(t testing.TB, p views.Page) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, views.Layout(p).Render(t.Context(), &b))
	Lint(t, b.String())
	return b.String()
}

// Page draws a page and reads it back.
func Page(t testing.TB, p views.Page) *goquery.Document {
	t.Helper()
	return Document(t, Render(t, p))
}

// Document reads HTML.
func Document(t testing.TB, html string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	require.NoError(t, err)
	return doc
}

// Text is the text of a selection with its white space made single.
func Text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// Lint fails the test for each thing that is wrong with a whole page.
func Lint(t testing.TB, html string) {
	t.Helper()
	for _, problem := range Problems(html) {
		assert.Fail(t, "the page lint: "+problem)
	}
}
