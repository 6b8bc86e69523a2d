package web_test

import (
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona/sandbox"
	"docket/review"
	"docket/web"
)

// harmless fails when anything of a payload got out of its text: an element or attribute that
// no template of ours writes, an address that runs or leads away unsaid, a character that
// cannot be seen.
func harmless(t *testing.T, what string, a answer) {
	t.Helper()
	doc := a.page()
	for _, n := range doc.Find("script, iframe, object, embed, base, img, style, meta[http-equiv], link").EachIter() {
		switch goquery.NodeName(n) {
		case "script":
			assert.True(t, strings.HasPrefix(n.AttrOr("src", ""), "/static/"), "%s: a script", what)
			assert.Empty(t, n.Text(), "%s: a script with words", what)
		case "link":
			assert.True(t, strings.HasPrefix(n.AttrOr("href", ""), "/static/"), "%s: a link element", what)
		default:
			assert.Fail(t, "an element of someone else's", "%s: <%s>", what, goquery.NodeName(n))
		}
	}
	for _, n := range doc.Find("*").EachIter() {
		for _, attr := range n.Nodes[0].Attr {
			assert.False(t, strings.HasPrefix(attr.Key, "on") || attr.Key == "style" || attr.Key == "srcdoc", "%s: %s=%q", what, attr.Key, attr.Val)
			switch attr.Key {
			case "href", "src", "action", "formaction":
				u, err := url.Parse(attr.Val)
				require.NoError(t, err, "%s: %q", what, attr.Val)
				switch {
				case u.Scheme == "" && u.Host == "":
				case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && attr.Key == "href":
					assert.Contains(t, n.AttrOr("rel", ""), "noopener", "%s: %q", what, attr.Val)
					assert.Contains(t, n.AttrOr("rel", ""), "noreferrer", "%s: %q", what, attr.Val)
				default:
					assert.Fail(t, "an address that leads nowhere good", "%s: %s=%q", what, attr.Key, attr.Val)
				}
			case "id", "name", "class", "for":
				assert.LessOrEqual(t, len(attr.Val), 200, "%s: %s", what, attr.Key)
			}
		}
	}
	var before rune
	for _, r := range doc.Find("body").Text() {
		// Between letters that join, as in Persian and in Indian scripts, joiners are spelling.
		lawful := (r == 0x200c || r == 0x200d) && before >= 0x600 && before < 0xe00
		before = r
		hidden := r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
			r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f
		if hidden && !lawful {
			assert.Fail(t, "a hidden character", "%s: U+%04X", what, r)
			return
		}
	}
}

func TestHostileStringsStayText(t *testing.T) {
	t.Parallel()
	for i, s := range sandbox.Corpus {
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run("", func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.planted = s
			h.take(sandbox.Poison(ekene().payload(), s), sandbox.PoisonKeys(mirela().payload(), s))
			h.walk(s)
		})
	}
}

func mirela() person {
	return person{id: "txn_mirela", status: "needs_review", first: "Mirela", last: "Dobrescu", birth: "1990-01-02", country: "RO",
		at: start.Add(-5 * 24 * 60 * 60 * 1e9), reference: "cust-2", listed: []listed{{"Mirela DOBRESCU", "1990", "EU - Consolidated"}}}
}

// walk opens every page that a reviewer can come by, and follows each link to a resource.
func (h *house) walk(what string) {
	h.t.Helper()
	c := h.as("reviewer")
	harmless(h.t, what, c.get("/reviews").is(200))
	page, err := h.db.Queue(h.t.Context(), review.QueueQuery{Tab: review.TabAll, Limit: 100})
	require.NoError(h.t, err)
	var paths []string
	for _, row := range page.Rows {
		if row.Review != 0 {
			paths = append(paths, web.ReviewHref(row.Review))
			if row.State == review.StateOpen {
				h.claimed(row.Review, "reviewer")
				paths = append(paths, web.ReviewHref(row.Review)+"/decision")
			}
		}
		paths = append(paths, web.TransactionHref(row.Transaction))
	}
	seen := map[string]bool{}
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		if seen[path] || len(seen) > 60 {
			continue
		}
		seen[path] = true
		a := c.get(path)
		if !assert.Equal(h.t, 200, a.status, "%s: %s", what, path) {
			continue
		}
		harmless(h.t, what+" at "+path, a)
		for _, link := range a.page().Find("a[href^='/resources/'], a[href^='/transactions/'], a[href^='/parties/']").EachIter() {
			if href := link.AttrOr("href", ""); !strings.Contains(href, "/../") {
				paths = append(paths, href)
			}
		}
	}
	harmless(h.t, what, c.get("/reviews?state=all&q="+url.QueryEscape(what[:min(len(what), 400)])).followed(c))
}

// followed goes where an exact id leads.
func (a answer) followed(c *client) answer {
	a.t.Helper()
	if a.status == 303 {
		return c.get(a.header.Get("Location")).is(200)
	}
	return a.is(200)
}

func TestEveryFixtureHasItsPages(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../persona/testdata/fixtures/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	h := newHouse(t)
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		if strings.HasSuffix(f, ".ndjson") {
			for line := range strings.Lines(string(b)) {
				if strings.TrimSpace(line) != "" {
					h.take([]byte(line))
				}
			}
			continue
		}
		h.take(b)
	}
	c := h.as("reviewer")
	after := ""
	n := 0
	for {
		page, err := h.db.Queue(t.Context(), review.QueueQuery{Tab: review.TabAll, Limit: 100, After: after})
		require.NoError(t, err)
		for _, row := range page.Rows {
			paths := []string{web.TransactionHref(row.Transaction)}
			if row.Review != 0 {
				paths = append(paths, web.ReviewHref(row.Review), web.ReviewHref(row.Review)+"/decision")
			}
			for _, p := range paths {
				a := c.get(p)
				for a.status == 303 {
					a = c.get(a.header.Get("Location"))
				}
				if assert.Equal(t, 200, a.status, p) {
					harmless(t, p, a)
				}
				n++
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	assert.Greater(t, n, 20)
}

func TestNoCellOfAnExportIsAFormula(t *testing.T) {
	t.Parallel()
	formulas := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\x00=1", "＝1", "＋1", "－1", "＠x", "=\"a\",b", "plain", "a=b"}
	for _, f := range formulas {
		got := web.CSVCell(f)
		assert.NotContains(t, "=+-@\t\r\n\x00＝＋－＠", string([]rune(got)[0]), "%q", f)
		assert.NotContains(t, got, "\x00")
	}
	assert.Equal(t, "plain", web.CSVCell("plain"))
	assert.Equal(t, "a=b", web.CSVCell("a=b"))
	assert.Empty(t, web.CSVCell(""))

	h := newHouse(t)
	for i, f := range formulas {
		p := ekene()
		p.id, p.reference, p.first, p.last, p.listed = "txn_"+string(rune('a'+i)), f, f, "", nil
		h.take(p.payload())
	}
	page, err := h.db.Queue(t.Context(), review.QueueQuery{Limit: 100})
	require.NoError(t, err)
	require.Len(t, page.Rows, len(formulas))
	for _, row := range page.Rows {
		h.decided(row.Review, review.Decline)
	}
	a := h.as("auditor").get("/decisions.csv").is(200)
	assert.Contains(t, a.body, "\r\n")
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, len(formulas)+1)
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" {
				assert.False(t, strings.ContainsAny(cell[:1], "=+-@\t\r\n\x00"), "%s: %q", rows[0][i], cell)
			}
		}
	}
	assert.True(t, slices.ContainsFunc(rows, func(r []string) bool { return slices.Contains(r, "'=1+1") }))
}
