package web

import (
	"net/url"
	"strings"
)

// afterSignIn is where a person goes who asked for nothing in particular.
const afterSignIn = "/reviews"

// maxNext bounds a path that is carried through the sign-in page.
const maxNext = 2048

// localPath reads where to go after sign-in: a path on this server, parsed and built again.
// Whatever a browser might read as another host, or could not be one of our pages, becomes
// the queue.
func localPath(s string) string {
	if len(s) < 2 || len(s) > maxNext || s[0] != '/' || s[1] == '/' || strings.ContainsRune(s, '\\') ||
		strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\uFFFD' }) {
		return afterSignIn
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Opaque != "" || u.Host != "" || u.User != nil ||
		!strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") ||
		strings.ContainsFunc(u.Path, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return afterSignIn
	}
	// A page of sign-in would only come back here.
	switch u.Path {
	case "/", "/login", "/logout", "/setup":
		return afterSignIn
	}
	out := url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if p := out.String(); strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") {
		return p
	}
	return afterSignIn
}
