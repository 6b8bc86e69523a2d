package web_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

// callers are everyone who may knock: the roles, nobody, and somebody who may not any more.
var callers = []string{"reviewer", "lead", "auditor", "admin", "nobody", "disabled"}

// allowed says who gets past the door of each route. A route that is not here fails the test.
var allowed = map[string]string{
	"GET /admin/policy":                     "lead auditor admin",
	"POST /admin/policy":                    "admin",
	"GET /admin/policy/{version}":           "lead auditor admin",
	"POST /admin/policy/{version}/enact":    "admin",
	"POST /admin/policy/{version}/withdraw": "admin",

	"GET /healthz":                         "all",
	"GET /readyz":                          "all",
	"GET /metrics":                         "all", // from this machine; see TestMetricsAreForMachines
	"GET /static/":                         "all",
	"POST /csp":                            "all",
	"POST /hooks/persona":                  "all", // by signature; see hook_test.go
	"GET /login":                           "all",
	"POST /login":                          "all",
	"POST /logout":                         "all",
	"GET /setup":                           "all",
	"POST /setup":                          "all",
	"GET /gallery":                         "all", // demo only
	"GET /gallery/{name}":                  "all",
	"GET /{$}":                             "reviewer lead auditor admin",
	"GET /reviews":                         "reviewer lead auditor admin",
	"POST /reviews/next":                   "reviewer lead admin",
	"GET /reviews/{id}":                    "reviewer lead auditor admin",
	"POST /reviews/{id}/claim":             "reviewer lead admin",
	"POST /reviews/{id}/release":           "reviewer lead admin",
	"POST /reviews/{id}/notes":             "reviewer lead admin",
	"POST /reviews/{id}/dispositions":      "reviewer lead admin",
	"GET /reviews/{id}/bulk":               "reviewer lead auditor admin",
	"POST /reviews/{id}/undo":              "reviewer lead admin",
	"GET /reviews/{id}/as-seen/{entry}":    "reviewer lead auditor admin",
	"GET /reviews/{id}/decision":           "reviewer lead auditor admin",
	"POST /reviews/{id}/decision":          "reviewer lead admin",
	"POST /reviews/{id}/corrections":       "lead admin",
	"POST /reviews/{id}/approval":          "lead admin",
	"POST /reviews/{id}/wait":              "reviewer lead admin",
	"POST /reviews/{id}/escalate":          "reviewer lead admin",
	"POST /reviews/{id}/attachments":       "reviewer lead admin",
	"GET /reviews/{id}/evidence.zip":       "lead auditor admin",
	"GET /decisions/evidence":              "lead auditor admin",
	"GET /decisions/evidence.zip":          "lead auditor admin",
	"GET /transactions/{id}":               "reviewer lead auditor admin",
	"GET /resources/{ref...}":              "reviewer lead auditor admin",
	"GET /payloads/{sha256}":               "reviewer lead auditor admin",
	"GET /files/{sha256}":                  "reviewer lead auditor admin",
	"GET /parties/{key}":                   "reviewer lead auditor admin",
	"POST /transactions/{id}/link":         "reviewer lead admin",
	"POST /resources/{ref...}":             "reviewer lead admin", // …/fetch
	"GET /screen":                          "reviewer lead admin",
	"POST /screen":                         "reviewer lead admin",
	"GET /ledger":                          "lead auditor admin",
	"GET /ledger/checkpoint":               "lead auditor admin",
	"GET /ledger/proof/{entry}":            "lead auditor admin",
	"POST /ledger/checkpoint":              "lead admin",
	"GET /intake":                          "lead auditor admin",
	"POST /intake/quarantine/{sha256}":     "lead admin",
	"POST /intake/errands/{id}":            "lead admin",
	"POST /intake/pushes/{id}":             "lead admin",
	"POST /intake/sync":                    "lead admin",
	"GET /admin/telling":                   "admin",
	"POST /admin/telling":                  "admin",
	"GET /retention":                       "lead auditor admin",
	"GET /retention/subjects/{id}":         "lead auditor admin",
	"POST /retention/holds":                "lead admin",
	"POST /retention/holds/{id}/lift":      "lead admin",
	"POST /retention/erasures":             "lead admin",
	"GET /retention/erasures/{id}":         "lead auditor admin",
	"POST /retention/erasures/{id}/agree":  "lead admin",
	"POST /retention/erasures/{id}/refuse": "lead admin",
	"GET /decisions":                       "reviewer lead auditor admin",
	"POST /decisions/views":                "reviewer lead admin",
	"POST /decisions/views/{id}":           "reviewer lead admin",
	"POST /decisions/views/{id}/remove":    "reviewer lead admin",
	"GET /decisions.csv":                   "reviewer lead auditor admin",
	"GET /decisions.ndjson":                "reviewer lead auditor admin",
	"GET /decisions.xlsx":                  "reviewer lead auditor admin",
	"GET /quality":                         "reviewer lead auditor admin",
	"GET /quality/next":                    "reviewer lead admin",
	"POST /quality/next":                   "reviewer lead admin",
	"GET /quality/looks/{token}":           "reviewer lead admin",
	"POST /quality/looks/{token}":          "reviewer lead admin",
	"POST /quality/looks/{token}/leave":    "reviewer lead admin",
	"GET /quality/disagreements/{id}":      "lead auditor admin",
	"POST /quality/disagreements/{id}":     "lead admin",
	"POST /quality/known":                  "lead admin",
	"POST /quality/known/withdraw":         "lead admin",
	"GET /quality/draws":                   "lead auditor admin",
	"GET /record":                          "lead auditor admin",
	"GET /record.csv":                      "lead auditor admin",
	"GET /record.ndjson":                   "lead auditor admin",
	"GET /record.xlsx":                     "lead auditor admin",
	"GET /insights":                        "lead auditor admin",
	"GET /insights.csv":                    "lead auditor admin",
	"POST /keys":                           "reviewer lead auditor admin",
	"GET /account":                         "reviewer lead auditor admin",
	"POST /account/password":               "reviewer lead auditor admin",
	"GET /account/prove":                   "reviewer lead auditor admin",
	"POST /account/prove":                  "reviewer lead auditor admin",
	"GET /admin/colleagues":                "admin",
	"POST /admin/colleagues":               "admin",
	"POST /admin/colleagues/{id}/role":     "admin",
	"POST /admin/colleagues/{id}/disable":  "admin",
	"POST /admin/colleagues/{id}/enable":   "admin",
	"POST /admin/colleagues/{id}/password": "admin",
}

// address fills a route's pattern with things that exist.
func (h *house) address(path string, id review.ReviewID) string {
	path = strings.NewReplacer("{$}", "", "{ref...}", "report/watchlist/rep_ekene", "{sha256}", review.Sum(ekene().payload()).String(),
		"{name}", "queue", "{entry}", "1").Replace(path)
	switch {
	case path == "/parties/{key}":
		f, err := h.db.ReviewFile(h.t.Context(), id)
		require.NoError(h.t, err)
		return "/parties/" + string(review.Parties(f.Dossier)[0].Key)
	case strings.HasPrefix(path, "/admin"):
		return strings.Replace(path, "{id}", "nobody-here", 1)
	case strings.HasPrefix(path, "/transactions"):
		return strings.Replace(path, "{id}", "txn_ekene", 1)
	case strings.HasPrefix(path, "/retention/subjects"):
		subject, err := h.db.FindSubject(h.t.Context(), id.String())
		require.NoError(h.t, err)
		return strings.Replace(path, "{id}", subject.String(), 1)
	case path == "/static/":
		return staticFile(h)
	}
	return strings.Replace(path, "{id}", id.String()[2:], 1)
}

func staticFile(h *house) string {
	return h.visitor().get("/login").page().Find("link[rel=stylesheet]").AttrOr("href", "")
}

func TestEveryRouteAsksWhoIsThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked, func(o *web.Options) { o.Demo = true })
	h.colleague("gone", review.RoleAdmin)
	h.take(ekene().payload())
	id := h.opened()
	disabled := h.as("gone")
	require.NoError(t, h.db.SetDisabled(t.Context(), "gone", true, "admin"))
	seen := map[string]bool{}
	for _, rt := range web.Routes(h.server) {
		key := rt.Method + " " + rt.Path
		seen[key] = true
		who, listed := allowed[key]
		if !assert.True(t, listed, "%s has no line in the test: say who may use it", key) {
			continue
		}
		for _, caller := range callers {
			c := h.visitor()
			switch caller {
			case "nobody":
			case "disabled":
				c = disabled
			default:
				c = h.as(caller)
			}
			var a answer
			if rt.Method == http.MethodGet {
				a = c.get(h.address(rt.Path, id))
			} else {
				a = c.post(h.address(rt.Path, id), url.Values{})
			}
			switch {
			case who == "all" || slices.Contains(strings.Fields(who), caller):
				assert.NotEqual(t, http.StatusForbidden, a.status, "%s as %s", key, caller)
				assert.False(t, toLogin(a) && key != "POST /logout", "%s as %s is sent to sign in", key, caller)
				assert.Less(t, a.status, 500, "%s as %s", key, caller)
			case caller == "nobody", caller == "disabled":
				assert.True(t, toLogin(a), "%s as %s gave %d %s", key, caller, a.status, a.header.Get("Location"))
			default:
				assert.Equal(t, http.StatusForbidden, a.status, "%s as %s", key, caller)
			}
		}
	}
	for key := range allowed {
		assert.True(t, seen[key], "%s is in the test and in no table", key)
	}
}

func toLogin(a answer) bool {
	return a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/login")
}

// Who had what before them is recorded (access, look, and their entries, with the leaves that these are
// in the ledger); nothing that anybody decides on changes.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	for _, caller := range []string{"reviewer", "auditor", "admin"} {
		c := h.as(caller)
		c.get("/reviews").is(200) // what signing in writes, it writes here
		before := h.dump()
		require.NotEmpty(t, before["review"])
		for _, rt := range web.Routes(h.server) {
			if rt.Method != http.MethodGet {
				continue
			}
			for range 2 {
				a := c.get(h.address(rt.Path, id))
				assert.Empty(t, a.header.Values("Set-Cookie"), rt.Path)
			}
		}
		assert.Equal(t, before, h.dump(), "a GET wrote to the database")
	}
}

// recordsOfReading are the tables that reading may write to.
var recordsOfReading = []string{"access", "look", "leaf", "checkpoint", "keeping"}

// dump is every row of every table by table, but for what reading may write.
func (h *house) dump() map[string][]string {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path+"?mode=ro")
	require.NoError(h.t, err)
	defer func() { _ = db.Close() }()
	column := func(query string) (all []string) {
		rows, err := db.QueryContext(h.t.Context(), query)
		require.NoError(h.t, err)
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var v string
			require.NoError(h.t, rows.Scan(&v))
			all = append(all, v)
		}
		require.NoError(h.t, rows.Err())
		return all
	}
	tables := map[string][]string{}
	for _, table := range column(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'`) {
		if slices.Contains(recordsOfReading, table) {
			continue
		}
		where := ""
		if table == "entry" {
			where = ` WHERE act NOT IN ('seen', 'exported')`
		}
		var columns []string
		for _, c := range column(`SELECT name FROM pragma_table_info('` + table + `')`) {
			columns = append(columns, `quote("`+c+`")`)
		}
		tables[table] = column(`SELECT ` + strings.Join(columns, ` || ',' || `) + ` FROM "` + table + `"` + where)
	}
	return tables
}

func TestAnUnknownAddressIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened().String()[2:]
	c := h.as("admin")
	for _, path := range []string{"/nothing", "/reviews/999", "/reviews/0", "/reviews/-1", "/reviews/01", "/reviews/1x", "/reviews/9999999999999999999",
		"/reviews/" + id + "/x.css", "/transactions/txn_none", "/resources/report/watchlist/rep_none", "/resources/x", "/payloads/abc",
		"/payloads/" + strings.Repeat("0", 64), "/payloads/" + strings.Repeat("A", 64), "/static/", "/static/../doc.go", "/.git/config",
		"/debug/pprof/", "/gallery", "/reviews/" + id + "/as-seen/999",
		"/reviews/" + id + "/as-seen/0", "/reviews/" + id + "/as-seen/01", "/reviews/" + id + "/as-seen/x", "/reviews/999/as-seen/1"} {
		a := c.get(path)
		assert.Equal(t, http.StatusNotFound, a.status, path)
	}
	a := c.get("/reviews/999")
	assert.Equal(t, "Nothing here", strings.TrimSuffix(a.text("title"), " – docket"))
	assert.Contains(t, a.text("main"), "Reference")
}

func TestAnotherMethodIsNotAllowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("admin")
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "PROPFIND"} {
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+"/reviews", nil)
		require.NoError(t, err)
		a := c.do(r)
		assert.Equal(t, http.StatusMethodNotAllowed, a.status, method)
		assert.Equal(t, "GET, HEAD", a.header.Get("Allow"))
	}
	a := c.post("/decisions", nil)
	assert.Equal(t, http.StatusMethodNotAllowed, a.status)
	assert.Equal(t, "GET, HEAD", a.header.Get("Allow"))
	assert.Equal(t, "POST", c.get("/logout").header.Get("Allow"))
}

func TestWithoutASessionEveryPageAsksToSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	for path, next := range map[string]string{
		"/":                             "/reviews",
		"/reviews":                      "/reviews",
		"/reviews/1042":                 "/reviews/1042",
		"/reviews?state=closed&q=a%20b": "/reviews?state=closed&q=a%20b",
		"/decisions?from=2026-01-01":    "/decisions?from=2026-01-01",
		"/nothing":                      "/nothing",
		"/resources/report%2Fx/a":       "/resources/report%2Fx/a",
	} {
		to, err := url.Parse(c.get(path).to())
		require.NoError(t, err)
		assert.Equal(t, "/login", to.Path)
		assert.Equal(t, next, to.Query().Get("next"), path)
	}
	to, err := url.Parse(c.post("/reviews/7/decision", url.Values{"outcome": {"approve"}}).to())
	require.NoError(t, err)
	assert.Equal(t, "/reviews/7", to.Query().Get("next"), "a form that came too late leads back to its page")
}

func TestPayloadIsAFileAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := ekene().payload()
	odd := []byte("<script>alert(1)</script>\x00\xff")
	h.take(body)
	_, err := h.db.Keep(t.Context(), []review.Arrival{{Bytes: odd, Source: "import"}})
	require.NoError(t, err)
	c := h.as("auditor")
	a := c.get("/payloads/" + review.Sum(body).String()).is(200)
	assert.Equal(t, string(body), a.body, "byte for byte")
	assert.Equal(t, "application/json", a.header.Get("Content-Type"))
	b := c.get("/payloads/" + review.Sum(odd).String()).is(200)
	assert.Equal(t, string(odd), b.body)
	assert.Equal(t, "application/octet-stream", b.header.Get("Content-Type"))
	for _, a := range []answer{a, b} {
		assert.Regexp(t, regexp.MustCompile(`^attachment; filename="[0-9a-f]{16}\.(json|bin)"$`), a.header.Get("Content-Disposition"))
		assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
		assert.Equal(t, "default-src 'none'; sandbox", a.header.Get("Content-Security-Policy"))
	}
	for site, want := range map[string]int{"same-origin": 200, "none": 200, "cross-site": 403, "same-site": 403} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/payloads/"+review.Sum(body).String(), nil)
		require.NoError(t, err)
		r.Header.Set("Sec-Fetch-Site", site)
		assert.Equal(t, want, c.do(r).status, site)
	}
}
