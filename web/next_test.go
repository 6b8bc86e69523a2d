package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/web"
)

func TestNextStaysOnThisServer(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{
		"", "/", "//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\\evil.example`, `\/evil.example`,
		`/\/evil.example`, "https://evil.example", "HTTPS://evil.example", "http:evil.example", "http:/evil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "evil.example", "@evil.example",
		" /reviews", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "/reviews\x00", "/%5cevil.example",
		"/%2f%2fevil.example/%00", "/%0d%0aSet-Cookie:a", "/ //evil.example", "/reviews/1\u2028", "/\x7f", "/reviews\\..\\x",
		"?next=x", "#x", "//evil.example@127.0.0.1/", "/login", "/logout", "/setup?token=x", "/%zz", "/" + strings.Repeat("a", 3000),
		"/reviews?q=\xff",
	} {
		got := web.LocalPath(hostile)
		if strings.HasPrefix(hostile, "/reviews/1") || strings.HasPrefix(hostile, "/reviews?") {
			assert.True(t, strings.HasPrefix(got, "/reviews"), "%q gave %q", hostile, got)
			continue
		}
		assert.Equal(t, "/reviews", got, "%q", hostile)
	}
	for _, honest := range []string{
		"/reviews", "/reviews/1042", "/reviews?state=closed&q=ann", "/reviews/1042?recorded=7", "/decisions?from=2026-01-01",
		"/resources/report/watchlist/rep_1", "/resources/report%2Fx/rep_1", "/reviews?after=09%3A30",
	} {
		assert.Equal(t, honest, web.LocalPath(honest))
	}
}
