package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

// drawAll puts a policy in force by which everything is looked at twice.
func (h *house) drawAll(s review.Sampling) {
	h.t.Helper()
	h.colleague("admin-two", review.RoleAdmin)
	p, err := h.db.Policy(h.t.Context())
	require.NoError(h.t, err)
	p.Sampling = s
	p.Version, err = h.db.ProposePolicy(h.t.Context(), "admin", p, "Look at everything twice.")
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.EnactPolicy(h.t.Context(), p.Version, "admin-two", p.Digest()))
}

// The first review's secrets, each of which must be nowhere in what the second person can get.
const (
	firstNote     = "Planted finding note 7731."
	firstDecision = "Planted decision note 5502."
	firstTrail    = "Planted trail note 9417."
	firstMaker    = "Wilhelmina Aagaard-Poe"
)

// firstReview has a colleague judge and decide, with all that a first review leaves behind.
func (h *house) firstReview() review.ReviewID {
	h.t.Helper()
	ctx := h.t.Context()
	require.NoError(h.t, h.db.AddColleague(ctx, review.Colleague{ID: "maker-first", Name: firstMaker, Role: review.RoleReviewer, Keys: true}, passwordHash(), ""))
	h.take(ekene().payload())
	id := h.opened()
	_, err := h.db.Claim(ctx, id, "maker-first", false)
	require.NoError(h.t, err)
	_, err = h.db.AddNote(ctx, id, "maker-first", firstTrail)
	require.NoError(h.t, err)
	f, err := h.db.ReviewFile(ctx, id)
	require.NoError(h.t, err)
	evidence := f.Review.Evidence.String()
	for _, p := range review.Parties(f.Dossier) {
		h.clock.Pass(7 * time.Minute)
		form := review.DispositionForm{Finding: review.FalsePositive, Reason: review.ReasonOther, Note: firstNote, Premises: []string{string(review.PremiseOther)}, Evidence: evidence}
		for _, m := range p.Matches {
			form.Matches = append(form.Matches, m.Key)
		}
		_, err = h.db.Dispose(ctx, id, "maker-first", form)
		require.NoError(h.t, err)
	}
	h.clock.Pass(4 * time.Minute)
	_, err = h.db.Decide(ctx, id, "maker-first", review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Note: firstDecision, Evidence: evidence})
	require.NoError(h.t, err)
	return id
}

// secrets are what tells of a first review, by what each is.
func (h *house) secrets(id review.ReviewID) map[string]string {
	h.t.Helper()
	f, err := h.db.ReviewFile(h.t.Context(), id)
	require.NoError(h.t, err)
	all := map[string]string{
		"the note of the finding": firstNote, "the note of the decision": firstDecision, "a note on the trail": firstTrail,
		"the maker's name": firstMaker, "the maker's id": "maker-first",
		"the review's address": reviewPath(id), "the review's number": ">" + id.String() + "<",
		"the evidence": f.Review.Evidence.String(), "the short evidence": f.Review.Evidence.String()[:8],
		"the finding as a hook": `data-finding="false_positive"`, "the decision as a hook": `data-outcome="approve"`,
		"the outcome": ">Approved<", "an earlier finding": "leared before", "a precedent": "udged once before", "a retest": "still hold",
		"an export's outcome": ",approve,", "a record's outcome": `"outcome":"approve"`,
	}
	for _, d := range f.Found {
		all["when it was found, "+string(d.Match)] = d.At.Format("15:04")
		all["its entry, "+string(d.Match)] = "/as-seen/" + strconv.FormatInt(int64(d.Entry), 10)
	}
	for _, d := range f.Decisions {
		all["when it was decided"] = d.At.Format("15:04")
		all["when it was decided, for machines"] = d.At.Format("2006-01-02T15:04")
	}
	return all
}

func reviewPath(id review.ReviewID) string { return "/reviews/" + id.String()[2:] }

// crawl asks for everything that a colleague can ask for: each route with all that exists put into its
// address, and every link, picture and form from there. It gives each answer's body, with its headers,
// by address.
func (c *client) crawl(h *house, id review.ReviewID) map[string]answer {
	h.t.Helper()
	f, err := h.db.ReviewFile(h.t.Context(), id)
	require.NoError(h.t, err)
	var wait []string
	put := func(path string) {
		if i := strings.IndexByte(path, '#'); i >= 0 {
			path = path[:i]
		}
		if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") {
			wait = append(wait, path)
		}
	}
	for _, rt := range web.Routes(h.server) {
		if rt.Method != http.MethodGet {
			continue
		}
		put(h.address(rt.Path, id))
		for e := review.EntryID(1); e <= f.Entries[0].ID+4; e++ {
			put(strings.NewReplacer("{id}", id.String()[2:], "{entry}", strconv.FormatInt(int64(e), 10)).Replace(rt.Path))
		}
	}
	for _, p := range review.Parties(f.Dossier) {
		put("/parties/" + string(p.Key))
	}
	for _, r := range f.Dossier.Records {
		put("/resources/" + r.Ref.String())
	}
	for _, p := range f.Payloads {
		put("/payloads/" + p.Hash.String())
	}
	for _, q := range []string{"/reviews?state=all", "/reviews?state=closed", "/reviews?state=all&q=Falade", "/reviews?state=all&q=7731", "/decisions?q=Falade",
		"/decisions?by=maker-first", "/decisions.csv?columns=note", "/decisions?outcome=approve", "/resources/transaction/txn_ekene", "/quality/next", reviewPath(id) + "?recorded=1-99"} {
		put(q)
	}
	got := map[string]answer{}
	for len(wait) > 0 {
		path := wait[0]
		wait = wait[1:]
		if _, have := got[path]; have || strings.Contains(path, "{") || len(got) > 600 {
			continue
		}
		a := c.get(path)
		got[path] = a
		if to := a.header.Get("Location"); to != "" {
			put(to)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		a.page().Find("[href],[src],[action]").Each(func(_ int, e *goquery.Selection) {
			for _, name := range []string{"href", "src", "action"} {
				if to, ok := e.Attr(name); ok && to != "/logout" {
					put(to)
				}
			}
		})
	}
	require.Less(h.t, len(got), 600, "the crawl came to its end")
	return got
}

func (a answer) whole() string {
	var b strings.Builder
	b.WriteString(a.body)
	for k, v := range a.header {
		if k != "Date" && k != "Content-Security-Policy" && k != "Etag" {
			b.WriteString("\n" + k + ": " + strings.Join(v, ","))
		}
	}
	return b.String()
}

func TestASecondReviewerIsBlind(t *testing.T) {
	t.Parallel()
	for _, kind := range review.SampleKinds() {
		h := newHouse(t)
		if kind == review.SampleFinding {
			h.drawAll(review.Sampling{Findings: 1, Known: 20})
		} else {
			h.drawAll(review.Sampling{Decisions: 1, Known: 20})
		}
		id := h.firstReview()
		secrets := h.secrets(id)
		h.clock.Pass(26 * time.Hour) // another hour and minute than the first
		h.clock.Pass(13 * time.Minute)

		// The crawl finds most of these where nobody is blind, so it can tell.
		seen := map[string]bool{}
		for _, a := range h.as("lead").crawl(h, id) {
			for what, secret := range secrets {
				seen[what] = seen[what] || strings.Contains(a.whole(), secret)
			}
		}
		for _, what := range []string{"the note of the finding", "the note of the decision", "a note on the trail", "the maker's name", "the review's address", "the evidence",
			"the outcome", "the finding as a hook", "the decision as a hook", "when it was decided"} {
			assert.True(t, seen[what], "the crawl would see %s", what)
		}

		c := h.as("reviewer")
		taken := c.post("/quality/next", nil).is(303)
		look := taken.header.Get("Location")
		require.Regexp(t, `^/quality/looks/[A-Z2-7]{26}$`, look)
		page := c.get(look).is(200)
		assert.Contains(t, page.body, "Ekene Falade", "the subject is there")
		assert.NotEmpty(t, page.page().Find("[data-attribute=birthdate][data-verdict]").Nodes, "and the comparison")
		assert.Empty(t, page.page().Find("[checked], option[selected]").Nodes, "nothing is chosen beforehand")
		assert.Empty(t, page.page().Find("[data-review], [data-evidence], [data-entry]").Nodes)

		got := c.crawl(h, id)
		got[look] = page
		got["POST /quality/next"] = taken
		got["POST "+look] = c.post(look, url.Values{"finding": {"true_match"}}).is(422)
		for path, a := range got {
			if strings.HasPrefix(path, "/static/") {
				continue // the same for everyone
			}
			// A page says back to where it was asked for: that the reader knew.
			whole := strings.ReplaceAll(a.whole(), `value="`+html.EscapeString(path)+`"`, "")
			for what, secret := range secrets {
				assert.False(t, strings.Contains(whole, secret), "%s tells of %s", path, what)
			}
			assert.False(t, strings.Contains(whole, "ampled"), path)
		}
		open := regexp.MustCompile(`^/(static/|login|logout|setup|healthz|readyz|metrics|account|keys|quality/next|quality/looks/)`)
		for path, a := range got {
			if !strings.HasPrefix(path, "POST ") && !open.MatchString(path) {
				assert.Equal(t, http.StatusForbidden, a.status, "%s is open during a second look", path)
			}
		}
		for _, rt := range web.Routes(h.server) { // acts too, that would answer with a page
			path := h.address(rt.Path, id)
			if rt.Method == http.MethodGet || open.MatchString(path) || rt.Path == "/csp" || strings.HasPrefix(rt.Path, "/hooks/") {
				continue
			}
			a := c.post(path, url.Values{"note": {"x"}})
			assert.Equal(t, http.StatusForbidden, a.status, "POST %s is open during a second look", path)
			for what, secret := range secrets {
				assert.NotContains(t, a.whole(), secret, "POST %s tells of %s", path, what)
			}
		}

		h.as("lead").get(reviewPath(id)).is(200) // nobody else is kept from anything
		form := url.Values{"finding": {"cannot_tell"}, "reason": {"other"}, "missing": {"other"}, "note": {"Too little is known."}}
		if kind == review.SampleDecision {
			form = url.Values{"outcome": {"decline"}, "reason": {"other"}, "note": {"Too little is known."}}
		}
		c.post(look, form).is(303)
		assert.Contains(t, c.get(reviewPath(id)).is(200).body, firstNote, "whoever has answered sees everything again")
		for path, a := range c.crawl(h, id) {
			assert.False(t, strings.Contains(a.whole(), "Too little is known."), "%s tells the first of a second look", path)
		}
	}
}

func TestWhoMadeADecisionNeverLearnsThatItWasDrawn(t *testing.T) {
	t.Parallel()
	plain, drawn := newHouse(t), newHouse(t)
	plain.drawAll(review.Sampling{Findings: 1000, Decisions: 1000, Known: 20})
	drawn.drawAll(review.Sampling{Findings: 1, Decisions: 1, Known: 20})
	digits := regexp.MustCompile(`[0-9a-f]{8,}`) // digests of the house's own static files and the like
	pages := func(h *house) map[string]string {
		id := h.firstReview()
		out := map[string]string{}
		for path, a := range h.as("maker-first").crawl(h, id) {
			if !strings.HasPrefix(path, "/metrics") && a.status == 200 {
				out[path] = digits.ReplaceAllString(a.body, "")
			}
		}
		return out
	}
	one, other := pages(plain), pages(drawn)
	require.Greater(t, len(one), 10)
	for path, body := range one {
		if !strings.Contains(path, ".xlsx") && !strings.HasPrefix(path, "/account") {
			assert.Equal(t, body, other[path], "%s differs where the review was drawn", path)
		}
	}
}

func TestALeadSettlesADisagreement(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.drawAll(review.Sampling{Findings: 1, Known: 20})
	id := h.firstReview()
	c := h.as("reviewer")
	look := c.post("/quality/next", nil).header.Get("Location")
	c.post(look, url.Values{"finding": {"true_match"}, "reason": {"other"}, "note": {"The same person."}}).is(303)

	lead := h.as("lead")
	row := lead.get("/quality").is(200).page().Find("table a[href^='/quality/disagreements/']")
	require.Equal(t, 1, row.Length())
	at := row.AttrOr("href", "")
	page := lead.get(at).is(200)
	for _, s := range []string{firstNote, "The same person.", firstMaker, "Noor Haddad"} {
		assert.Contains(t, page.body, s)
	}
	refused := lead.post(at, url.Values{"upheld": {"third"}}).is(422)
	assert.NotEmpty(t, refused.text("#finding-problem"))
	assert.NotEmpty(t, refused.text("#note-problem"))
	lead.post(at, url.Values{"upheld": {"second"}, "note": {"The document number is the same."}}).is(303)
	settled := lead.get(at).is(200)
	assert.Equal(t, reviewPath(id)+"#correct", settled.page().Find("a[href$='#correct']").AttrOr("href", ""))
	assert.NotEmpty(t, lead.get(reviewPath(id)).page().Find("#correct").Nodes)
	lead.post(at, url.Values{"upheld": {"first"}, "note": {"Again."}}).is(409)
	c.get(at).is(403)
	h.as("auditor").get(at).is(200)
	lead.get("/quality/disagreements/999").is(404)

	keep := settled.page().Find("form[action='/quality/known']")
	form := url.Values{}
	keep.Find("input").Each(func(_ int, e *goquery.Selection) { form.Set(e.AttrOr("name", ""), e.AttrOr("value", "")) })
	lead.post("/quality/known", form).is(303)
	lead.post("/quality/known", form).is(409)
	assert.Contains(t, lead.post("/quality/known", url.Values{"entry": {"1"}}).is(422).text("#entry-problem"), "Enter the number")

	refused = lead.post("/quality/known/withdraw", url.Values{"marked": {"1"}}).is(422)
	assert.Contains(t, refused.text("#marked-problem"), "marked as known")
	assert.NotEmpty(t, refused.text("#why-problem"))
	back := url.Values{"marked": {form.Get("entry")}, "why": {"The file was another one."}}
	lead.post("/quality/known/withdraw", back).is(303)
	lead.post("/quality/known/withdraw", back).is(422)
	record := h.as("auditor").get("/record?by=lead").is(200).text("main")
	assert.Contains(t, record, "The file was another one.")
	assert.Contains(t, record, "took back that the answer of a finding is known")
	lead.post("/quality/known", form).is(303)
}

func TestEachSeesTheFiguresThatAreTheirs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.drawAll(review.Sampling{Findings: 1, Decisions: 1, Known: 20})
	h.firstReview()
	mine := h.as("reviewer").get("/quality").is(200)
	assert.NotEmpty(t, mine.page().Find("#own").Nodes)
	assert.Empty(t, mine.page().Find("#team, #differ, #known, #draws").Nodes)
	team := h.as("auditor").get("/quality").is(200)
	assert.Empty(t, team.page().Find("#own, form[action^='/quality']").Nodes, "an auditor writes nothing")
	assert.Contains(t, team.text("#team ~ *, main"), "too few, under 20")
	assert.Contains(t, h.as("auditor").get("/quality/draws").is(200).text("tbody"), "The same")
	h.as("reviewer").get("/quality/draws").is(403)
}

func TestASecondLookCanBeHandedBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.drawAll(review.Sampling{Decisions: 1, Known: 20})
	h.firstReview()
	c := h.as("reviewer")
	assert.Equal(t, "/quality", c.get("/quality/next").is(303).header.Get("Location"))
	look := c.post("/quality/next", nil).header.Get("Location")
	assert.Equal(t, look, c.get("/quality/next").is(303).header.Get("Location"))
	assert.Equal(t, look, c.get("/reviews").is(403).page().Find("main a[href^='/quality/looks/']").AttrOr("href", ""))
	h.as("lead").get(look).is(404)
	h.as("lead").post(look, url.Values{"outcome": {"approve"}, "reason": {"no_open_match"}}).is(404)
	c.post(look+"/leave", nil).is(303)
	c.get("/reviews").is(200)
	assert.Equal(t, "/quality", c.get(look).is(303).header.Get("Location"))
	c.post(look, url.Values{"outcome": {"approve"}, "reason": {"no_open_match"}}).is(409)
	assert.Equal(t, "/quality?done=nothing", c.post("/quality/next", nil).is(303).header.Get("Location"))
	assert.True(t, slices.Contains([]int{200}, h.as("reviewer").get("/quality?done=nothing").status))
}
