package views_test

import (
	"testing"

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
