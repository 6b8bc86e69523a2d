package static_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/static"
)

func get(t *testing.T, address string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(b)
}

func TestAnAssetMayBeKeptForAYear(t *testing.T) {
	t.Parallel()
	for address, media := range map[string]string{
		static.CSS():  "text/css; charset=utf-8",
		static.JS():   "text/javascript; charset=utf-8",
		static.Icon(): "image/svg+xml",
	} {
		r := get(t, address)
		assert.Equal(t, http.StatusOK, r.StatusCode, address)
		assert.Equal(t, media, r.Header.Get("Content-Type"))
		assert.Equal(t, "public, max-age=31536000, immutable", r.Header.Get("Cache-Control"))
		assert.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
		assert.NotEmpty(t, body(t, r.Body))
	}
}

func TestAnAssetThatIsHeldIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"identity", "gzip"} {
		etag := get(t, static.CSS(), "Accept-Encoding", encoding).Header.Get("ETag")
		require.NotEmpty(t, etag)
		r := get(t, static.CSS(), "Accept-Encoding", encoding, "If-None-Match", etag)
		assert.Equal(t, http.StatusNotModified, r.StatusCode)
		assert.Empty(t, body(t, r.Body))
	}
}

func TestGzipHoldsTheSameBytes(t *testing.T) {
	t.Parallel()
	plain := get(t, static.CSS())
	packed := get(t, static.CSS(), "Accept-Encoding", "br, gzip")
	require.Equal(t, "gzip", packed.Header.Get("Content-Encoding"))
	z, err := gzip.NewReader(packed.Body)
	require.NoError(t, err)
	assert.Equal(t, body(t, plain.Body), body(t, z))
	assert.NotEqual(t, plain.Header.Get("ETag"), packed.Header.Get("ETag"))
}

func TestAnotherBuildsAddressIsNotFound(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"/static/", "/static/0123456789abcdef/docket.css", "/static/docket.css", strings.Replace(static.CSS(), "docket.css", "../static.go", 1),
		strings.Replace(static.CSS(), "docket.css", "css/tokens.css", 1)} {
		assert.Equal(t, http.StatusNotFound, get(t, address).StatusCode, address)
	}
}

// sheets are the sources, by name.
func sheets(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("css/*.css")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	all := map[string]string{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		all[filepath.Base(n)] = string(b)
	}
	return all
}

func TestEverySheetIsServed(t *testing.T) {
	t.Parallel()
	served := body(t, get(t, static.CSS()).Body)
	for name, sheet := range sheets(t) {
		assert.Contains(t, served, sheet, name)
	}
	assert.Less(t, strings.Index(served, "@layer reset, tokens"), strings.Index(served, "@layer reset {"), "the order of the layers comes first")
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

func TestSheetsKeepToTheHouseRules(t *testing.T) {
	t.Parallel()
	for name, sheet := range sheets(t) {
		assert.Regexp(t, `^/\* `, sheet, "%s: opens with what it is", name)
		rules := comments.ReplaceAllString(sheet, "")
		assert.Regexp(t, `^\s*@layer `, rules, "%s: everything stands in a layer", name)
		if name != "tokens.css" {
			assert.NotRegexp(t, `oklch\(|rgb\(|hsl\(|:[^;{]*#[0-9a-f]{3,8}\b`, rules, "%s: a colour outside of the tokens", name)
			assert.NotRegexp(t, `--(paper|night|prussian|violet|amber|red|green|ink-dark|ink-mid|ink-light|ink-dim)-?\d?\b[^-]`, rules, "%s: the palette is private to the tokens", name)
		}
		if name != "print.css" && name != "base.css" {
			assert.NotContains(t, rules, "!important", name)
		}
		assert.NotRegexp(t, `(?m)(^|[\s,}])#[a-z][\w-]*[^;{}]*\{`, rules, "%s: no ids", name)
		assert.NotRegexp(t, `\[data-(review|transaction|state|evidence|report|kind|capture|query|match|finding|attribute|verdict|run|field|type|resource|check|status|entry|outcome|act)\b`,
			rules, "%s: the contract's hooks are never styled by", name)
	}
}

func TestEveryTokenIsDefinedAndUsed(t *testing.T) {
	t.Parallel()
	all := ""
	for _, s := range sheets(t) {
		all += comments.ReplaceAllString(s, "")
	}
	defined, used := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`(--[a-z0-9-]+)\s*:`).FindAllStringSubmatch(all, -1) {
		defined[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)`).FindAllStringSubmatch(all, -1) {
		used[m[1]] = true
	}
	assert.Equal(t, defined, used)
}

func TestScriptsWriteTextOnly(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("js/*.js")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, n := range names {
		b, err := os.ReadFile(n)
		require.NoError(t, err)
		assert.Regexp(t, `^// `, string(b), "%s: opens with what the page does without it", n)
		for _, forbidden := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "setAttribute(\"on", "fetch(", "localStorage"} {
			assert.NotContains(t, string(b), forbidden, n)
		}
		for _, m := range regexp.MustCompile(`from "\./([^"]+)"`).FindAllStringSubmatch(string(b), -1) {
			assert.Equal(t, http.StatusOK, get(t, strings.Replace(static.JS(), "main.js", m[1], 1)).StatusCode, "%s imports %s", n, m[1])
		}
	}
}
