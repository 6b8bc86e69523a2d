package views_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"

	"docket/views"
	"docket/views/viewtest"
)

func TestEverySpecimenIsAWellMadePage(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range views.Gallery() {
		assert.False(t, seen[s.Name], "two specimens are called %s", s.Name)
		seen[s.Name] = true
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			viewtest.Render(t, s.Page)
		})
	}
}

// Every key that a control of any page carries is in the list that "?" opens.
func TestTheListOfKeysNamesEveryKeyThereIs(t *testing.T) {
	t.Parallel()
	met := map[string]bool{}
	for _, s := range views.Gallery() {
		page := viewtest.Page(t, s.Page)
		listed := map[string]bool{}
		page.Find("#keys kbd").Each(func(_ int, k *goquery.Selection) { listed[k.Text()] = true })
		if len(listed) == 0 {
			continue // a page for nobody: it has no keys
		}
		page.Find("main [aria-keyshortcuts]").Each(func(_ int, c *goquery.Selection) {
			key := c.AttrOr("aria-keyshortcuts", "")
			met[key] = true
			for part := range strings.SplitSeq(key, "+") {
				if part = strings.Replace(part, "Control", "Ctrl", 1); strings.Trim(part, "12345678") == "" {
					part = "9" // listed as 1 … 9
				}
				assert.True(t, listed[part], "%s: %q is not in the list of keys", s.Name, key)
			}
		})
	}
	for _, key := range []string{"c", "n", "f", "t", "u", "r", "m", "w", "e", "d", "1", "Control+Enter"} {
		assert.True(t, met[key], "no page has a control for %q", key)
	}
}
