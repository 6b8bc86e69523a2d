package views_test

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sources are the templates, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.templ")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	all := map[string]string{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		all[n] = string(b)
	}
	return all
}

func TestMarkupHoldsNothingThatEscapesEscaping(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`templ\.(Raw|SafeURL|SafeCSS|URL|JSUnsafeFuncCall|ComponentFunc|Attributes)|\bstyle=|\bon[a-z]+=|<style|srcdoc|formaction|\starget=|\.\.\. }|^script |<(iframe|object|embed|base|area|use)\b`)
	picture := regexp.MustCompile(`<img\b`)
	for name, s := range sources(t) {
		for i, line := range strings.Split(s, "\n") {
			assert.NotRegexp(t, forbidden, line, "%s:%d", name, i+1)
			if name == "file.templ" { // from our own copies alone: see TestNoPictureComesFromElsewhere
				assert.True(t, !picture.MatchString(line) || strings.Contains(line, "<img src={ src } "), "%s:%d", name, i+1)
			} else {
				assert.NotRegexp(t, picture, line, "%s:%d", name, i+1)
			}
			assert.False(t, strings.Contains(line, "<script") && !strings.Contains(line, "src="), "%s:%d: a script inline", name, i+1)
		}
	}
}

// A class that no sheet defines does nothing; one that no template uses is dead.
func TestClassesUsedAreClassesDefined(t *testing.T) {
	t.Parallel()
	used, defined := map[string]bool{}, map[string]bool{}
	for name, s := range sources(t) {
		assert.NotRegexp(t, `class=\{|class\?=`, s, "%s: state lives in attributes, not in class strings", name)
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(s, -1) {
			for c := range strings.FieldsSeq(m[1]) {
				used[c] = true
			}
		}
	}
	sheets, err := filepath.Glob("../static/css/*.css")
	require.NoError(t, err)
	noise := regexp.MustCompile(`(?s)/\*.*?\*/|"[^"]*"`)
	selector := regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	for _, n := range sheets {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		for _, m := range selector.FindAllStringSubmatch(noise.ReplaceAllString(string(b), ""), -1) {
			defined[m[1]] = true
		}
	}
	assert.Equal(t, keys(defined), keys(used))
}

func keys(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	sort.Strings(all)
	return all
}

// A class stands for one component: its sheet, or one of the few words of the frame.
func TestEveryClassBelongsToASheet(t *testing.T) {
	t.Parallel()
	frame := map[string]bool{"page": true, "split": true, "stack": true, "section": true, "skip": true, "quiet": true, "small": true, "mono": true, "nowrap": true, "print": true, "visually": true,
		"field": true, "input": true, "choice": true, "value": true, "keys": true, "verdicts": true, "effects": true}
	for name, s := range sources(t) {
		for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(s, -1) {
			for c := range strings.FieldsSeq(m[1]) {
				component, _, _ := strings.Cut(c, "-")
				_, err := os.Stat("../static/css/" + component + ".css")
				assert.True(t, err == nil || frame[component], "%s: .%s has no sheet %s.css", name, c, component)
			}
		}
	}
}
