package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// visitor is somebody with a browser that runs no script.
type visitor struct {
	t    *testing.T
	http *http.Client
	base string
}

func (v *visitor) do(req *http.Request) *goquery.Document {
	v.t.Helper()
	resp, err := v.http.Do(req.WithContext(v.t.Context()))
	require.NoError(v.t, err)
	defer resp.Body.Close()
	doc, err := goquery.NewDocumentFromReader(resp.Body)
	require.NoError(v.t, err)
	require.Equal(v.t, http.StatusOK, resp.StatusCode, "%s %s: %s", req.Method, req.URL.Path, strings.TrimSpace(doc.Find("main").Text()))
	doc.Url = resp.Request.URL
	return doc
}

func (v *visitor) get(path string) *goquery.Document {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodGet, v.base+path, nil)
	require.NoError(v.t, err)
	return v.do(req)
}

func (v *visitor) post(path string, form url.Values) *goquery.Document {
	v.t.Helper()
	req, err := http.NewRequest(http.MethodPost, v.base+path, strings.NewReader(form.Encode()))
	require.NoError(v.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(req)
}

// until looks at a page again and again until something is on it.
func (v *visitor) until(path, selector string) *goquery.Document {
	v.t.Helper()
	var page *goquery.Document
	require.Eventually(v.t, func() bool {
		page = v.get(path)
		return page.Find(selector).Length() > 0
	}, time.Minute, 50*time.Millisecond, "%s on %s", selector, path)
	return page
}

// startDemo runs the demo as a newcomer does, and signs in.
func startDemo(t *testing.T, user string, args ...string) *visitor {
	t.Helper()
	t.Setenv("DOCKET_DEMO_PASSWORD", "a password of this test")
	ctx, stop := context.WithCancel(t.Context())
	out, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"demo", "--addr", "127.0.0.1:0"}, args...), streams{strings.NewReader(""), w, io.Discard})
		_ = w.Close()
	}()
	t.Cleanup(func() {
		stop()
		assert.Equal(t, exitDone, <-ended)
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	_, base, found := strings.Cut(strings.TrimSpace(line), " at ")
	require.True(t, found, line)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	v := &visitor{t, &http.Client{Jar: jar, Timeout: time.Minute}, base}
	v.post("/login", url.Values{"username": {user}, "password": {"a password of this test"}})
	return v
}

// asOfNow fills a form in from its page and posts it, again while the evidence moves meanwhile.
func (v *visitor) asOfNow(path string, fill func(*goquery.Document) url.Values, below string) {
	v.t.Helper()
	require.Eventually(v.t, func() bool {
		form := fill(v.get(path))
		resp, err := v.http.PostForm(v.base+path+below, form)
		require.NoError(v.t, err)
		defer resp.Body.Close()
		require.Contains(v.t, []int{http.StatusOK, http.StatusConflict}, resp.StatusCode)
		return resp.StatusCode == http.StatusOK
	}, time.Minute, 50*time.Millisecond)
}

func attribute(s *goquery.Selection, name string) string { return s.First().AttrOr(name, "") }

func TestTheDemoGoesFromANameToPersonasEcho(t *testing.T) {
	v := startDemo(t, "reviewer", "--transactions", "40")

	form := v.get("/screen")
	asked := v.post("/screen", url.Values{"key": {attribute(form.Find("[name=key]"), "value")}, "name_first": {"Lazar"}, "name_last": {"Vintermoor"},
		"birthdate": {"1980-05-31"}, "address_country_code": {"DE"}, "reference_id": {"from-the-demo"}})
	txn := asked.Url.Path
	require.Regexp(t, `^/transactions/txn_`, txn)

	found := v.until(txn, "tr[data-review]")
	path := "/reviews/" + attribute(found.Find("tr[data-review]"), "data-review")
	v.until(path, "article[data-match]")
	v.post(path+"/claim", nil)

	// What Persona still sends moves the evidence; then one looks again, as a person would.
	v.asOfNow(path, func(page *goquery.Document) url.Values {
		form := url.Values{"finding": {"false_positive"}, "reason": {"birthdate"}, "note": {"Born in another year."}, "premise": {"other"},
			"evidence": {attribute(page.Find("main"), "data-evidence")}}
		page.Find(`article[data-match][data-finding=""]`).Each(func(_ int, m *goquery.Selection) { form.Add("match", m.AttrOr("data-match", "")) })
		require.NotEmpty(t, form["match"])
		return form
	}, "/dispositions")
	v.asOfNow(path+"/decision", func(page *goquery.Document) url.Values {
		return url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "evidence": {attribute(page.Find("[name=evidence]"), "value")}}
	}, "")

	page := v.until(path, `li[data-act=echoed]`)
	assert.NotZero(t, page.Find(`li[data-act=pushed]`).Length(), "the trail shows what was told")
	assert.Zero(t, page.Find(`li[data-act=diverged]`).Length())
	assert.Equal(t, "closed", attribute(page.Find("main"), "data-state"))
	assert.Contains(t, v.get(txn).Find("main").Text(), "approved", "and Persona's own status")
	_, id, _ := strings.Cut(path, "/reviews/")
	assert.Equal(t, 1, v.get("/decisions").Find(`tr[data-review="`+id+`"][data-outcome=approve]`).Length())
}

// Whatever the demo's colleagues did stands as it was: the page answers only when what it rebuilt
// has the digest that the entry recorded.
func TestEveryEntryOfTheDemoIsShownAsItStood(t *testing.T) {
	v := startDemo(t, "auditor", "--transactions", "200")
	entries, reviews, erased := 0, 0, 0
	for {
		path := "/reviews/" + strconv.Itoa(reviews+1)
		resp, err := v.http.Get(v.base + path)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		if resp.StatusCode == http.StatusNotFound {
			break
		}
		reviews++
		v.get(path).Find(`li[data-entry] a[href^="` + path + `/as-seen/"]`).Each(func(_ int, a *goquery.Selection) {
			entries++
			resp, err := v.http.Get(v.base + a.AttrOr("href", ""))
			require.NoError(t, err)
			defer resp.Body.Close()
			page, err := goquery.NewDocumentFromReader(resp.Body)
			require.NoError(t, err)
			if resp.StatusCode == http.StatusGone {
				assert.Contains(t, []int{0, reviews}, erased, "one subject of the demo is erased")
				erased = reviews
				return
			}
			assert.Equal(t, http.StatusOK, resp.StatusCode)
			assert.Regexp(t, "^[0-9a-f]{64}$", attribute(page.Find("main"), "data-evidence"))
		})
	}
	assert.NotZero(t, erased)
	assert.Greater(t, reviews, 150)
	assert.Greater(t, entries, 300)
}

// Nobody of the demo decides what has not come yet.
func TestNoDecisionOfTheDemoIsOlderThanItsReview(t *testing.T) {
	v := startDemo(t, "auditor", "--transactions", "200")
	seen := 0
	for path := "/decisions?second=any&columns=opened_at,decided_at"; path != ""; {
		page := v.get(path)
		page.Find("tr[data-review]").Each(func(_ int, row *goquery.Selection) {
			var at []time.Time
			row.Find("time").Each(func(_ int, e *goquery.Selection) {
				instant, err := time.Parse(time.RFC3339, e.AttrOr("datetime", ""))
				require.NoError(t, err)
				at = append(at, instant)
			})
			require.Len(t, at, 2, row.Text())
			assert.False(t, at[1].Before(at[0]), "%s: %s", row.AttrOr("data-review", ""), row.Text())
			seen++
		})
		path = attribute(page.Find("a[rel=next]"), "href")
	}
	assert.Greater(t, seen, 90)
}
