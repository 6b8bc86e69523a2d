package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona/sandbox"
)

// A page bears fifty matches with sixty names each, because not every name is on it. None is
// lost: the fold says how many there are, and leads to where all of them are.
func TestWhatAPageLeavesOutIsInTheReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(sandbox.Heavy(1)...)
	id := h.opened()
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	c := h.as("reviewer")
	page := h.reviewPage(id, "reviewer").page()

	cut := 0
	reports := map[string]string{}
	for _, m := range file.Dossier.OpenMatches() {
		article := page.Find("article[data-match='" + string(m.Key) + "']")
		require.Equal(t, 1, article.Length())
		theirs := article.Find("[data-attribute=name] tr:first-child > td:last-child")
		to, left := theirs.Find("ul.compare-spellings a").Attr("href")
		if !left {
			continue
		}
		cut++
		shown := theirs.Find("ul.compare-spellings bdi").Length()
		assert.Equal(t, 12, shown)
		assert.Equal(t, fmt.Sprintf("%d more spellings", len(m.Names)-1), theirs.Find("summary").Text())
		assert.Equal(t, fmt.Sprintf("and %d more, in the report", len(m.Names)-1-shown), theirs.Find("ul.compare-spellings a").Text())
		if reports[to] == "" {
			reports[to] = c.get(to).is(http.StatusOK).page().Text()
		}
		for _, n := range m.Names {
			require.Contains(t, reports[to], n.Value)
		}
	}
	assert.Greater(t, cut, 10)
}
