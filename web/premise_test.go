package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// claimedReview is the newest open review, held by the reviewer, with its address.
func (h *house) claimedReview() (c *client, at string) {
	h.t.Helper()
	id := h.opened()
	h.claimed(id, "reviewer")
	return h.as("reviewer"), "/reviews/" + id.String()[2:]
}

// closed approves a review in which every party was found false for its first reason.
func (c *client) closes(at string) {
	c.h.t.Helper()
	for {
		page := c.get(at).is(http.StatusOK)
		party := page.page().Find("main section[id^='party-']:has(article[data-finding=''])").First().AttrOr("id", "")
		if party == "" {
			c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "evidence": {page.evidence()}}).is(http.StatusSeeOther)
			return
		}
		number := 0
		for _, d := range strings.TrimPrefix(party, "party-") {
			number = 10*number + int(d-'0')
		}
		c.post(at+"/dispositions", page.finding(number, "false_positive", "birthdate", "Passport copy read.")).is(http.StatusSeeOther)
	}
}

// born1979 is a subject with one listed party, born seven years before.
func born1979() person {
	p := ekene()
	p.listed = []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}}
	return p
}

// again is the same subject, screened in another transaction a day later.
func (p person) again(edit func(*person)) person {
	p.id, p.at = p.id+"_again", p.at.Add(24*time.Hour)
	p.listed = append([]listed(nil), p.listed...)
	edit(&p)
	return p
}

func TestAFindingNeedsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(born1979().payload())
	c, at := h.claimedReview()
	page := c.get(at)
	assert.Equal(t, "Birth year differs by 7 1986 here, 1979 there 1", page.text("#party-1 label:has([value='birth-years-apart:7'])"))
	assert.Zero(t, page.page().Find("[name=premise][checked], [name=missing][checked]").Length(), "nothing is ticked beforehand")
	assert.Equal(t, "other", page.page().Find("#party-1 [name=premise]").Last().AttrOr("value", ""))
	assert.Equal(t, "other", page.page().Find("#party-1 [name=missing]").Last().AttrOr("value", ""))

	without := page.finding(1, "false_positive", "birthdate", "kept note")
	without.Del("premise")
	without.Set("missing", "other")
	a := c.post(at+"/dispositions", without).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, a.text("#premise-1 #premise-problem"))
	assert.Equal(t, 1, a.page().Find("[role=alert] a[href='#premise-1']").Length())
	assert.Equal(t, "kept note", a.text("#note-1"))
	assert.Equal(t, 1, a.page().Find("#party-1 [name=missing][value=other][checked]").Length(), "a tick that is out of sight is kept too")
	assert.Equal(t, 1, a.page().Find("[value=false_positive][checked]").Length())

	spoken := page.finding(1, "false_positive", "birthdate", "")
	spoken["premise"] = []string{"birth-years-apart:7", "other"}
	a = c.post(at+"/dispositions", spoken).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, a.text("#note-problem"), "what is said in the note must be said")
	assert.Equal(t, 2, a.page().Find("#party-1 [name=premise][checked]").Length())

	gone := page.finding(1, "false_positive", "birthdate", "")
	gone.Set("premise", "sex-apart")
	assert.NotEmpty(t, c.post(at+"/dispositions", gone).is(http.StatusUnprocessableEntity).text("#premise-problem"), "a reason that nothing gives")

	untold := page.finding(1, "cannot_tell", "birthdate", "kept note")
	untold.Del("missing")
	untold.Set("premise", "birth-years-apart:7")
	a = c.post(at+"/dispositions", untold).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, a.text("#missing-1 #missing-problem"))
	assert.Equal(t, 1, a.page().Find("#party-1 [name=premise][checked]").Length())

	untold.Set("missing", "other")
	assert.Contains(t, c.get(c.post(at+"/dispositions", untold).to()).text("#party-1 summary"), "missing: what the note names")
	file, err := h.db.ReviewFile(t.Context(), h.opened())
	require.NoError(t, err)
	require.Len(t, file.Found, 1)
	assert.Empty(t, file.Found[0].Premises, "ticks of a hidden part are no part of it")

	page = c.get(at)
	c.post(at+"/dispositions", page.finding(1, "false_positive", "birthdate", "")).is(http.StatusSeeOther)
	assert.Contains(t, c.get(at).text("li[data-act=disposed]:first-child"), "Birth year differs by 7. Main reason: birth date.")
	decision := c.get(at + "/decision")
	assert.Contains(t, decision.text("tbody tr"), "Birth year differs by 7.Main reason: Birth date.")
}

func TestWhatWasClearedBeforeIsTakenOverInOneAct(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := born1979()
	h.take(first.payload())
	c, at := h.claimedReview()
	c.closes(at)
	h.clock.Pass(24 * time.Hour)
	h.take(first.again(func(*person) {}).payload())
	c, at = h.claimedReview()

	c.get(at).is(http.StatusOK) // the first look goes on the trail
	page := c.get(at).is(http.StatusOK)
	assert.Equal(t, page.body, c.anew(at), "a server that remembers nothing shows the same")
	party := page.page().Find("#party-1")
	assert.Equal(t, "held", party.AttrOr("data-fold", ""))
	assert.Equal(t, 0, party.Find("details.party-fold[open]").Length())
	assert.Equal(t, "", party.Find("article").AttrOr("data-finding", "?"), "it counts for nothing by itself")
	assert.Contains(t, page.text("#party-1 summary"), "Cleared 18 June by you; its reason still holds.")
	assert.Equal(t, 1, party.Find("li[data-standing=holds]").Length())
	assert.Contains(t, page.text("#party-1 li[data-standing]"), "Birth year differs by 7 still holds: 1986, 1979")
	assert.Contains(t, page.text("aside p"), "1 of 1 match to go")
	assert.Contains(t, page.text("aside"), "cleared before")
	c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "evidence": {page.evidence()}}).is(http.StatusUnprocessableEntity)

	form := url.Values{"finding": {"false_positive"}}
	again := page.page().Find("#party-1 form:has([name=carry])")
	require.Equal(t, 1, again.Length())
	assert.Equal(t, "f", again.Find("button").AttrOr("aria-keyshortcuts", ""))
	for _, in := range again.Find("input").EachIter() {
		form.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	forged := url.Values{"carry": {"999999"}}
	for _, k := range []string{"finding", "match", "evidence"} {
		forged[k] = form[k]
	}
	assert.NotEmpty(t, c.post(at+"/dispositions", forged).is(http.StatusUnprocessableEntity).text("#carry-problem"))
	forged.Set("carry", "D-2210")
	c.post(at+"/dispositions", forged).is(http.StatusBadRequest)

	recorded := c.get(c.post(at+"/dispositions", form).to()).is(http.StatusOK)
	assert.Equal(t, "answered", recorded.page().Find("#party-1").AttrOr("data-fold", ""))
	assert.Contains(t, recorded.text("#party-1 summary"), "You, 19 June, 09:41 UTC: birth year differs by 7.")
	file, err := h.db.ReviewFile(t.Context(), h.opened())
	require.NoError(t, err)
	require.Len(t, file.Found, 1)
	assert.NotZero(t, file.Found[0].Carries)
	assert.Equal(t, review.ReasonBirthdate, file.Found[0].Reason)

	// One press takes it back; then it is where it was.
	undo := url.Values{}
	for _, in := range recorded.page().Find("[role=status] form[action$='/undo'] input").EachIter() {
		undo.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	to := c.post(at+"/undo", undo).to()
	assert.Regexp(t, `\?recorded=\d+#party-1$`, to)
	back := c.get(to)
	assert.Equal(t, c.get(at).body, c.anew(at))
	assert.Contains(t, back.text("[role=status]"), "Taken back: the finding of entry")
	assert.Contains(t, back.text("[role=status]"), "asks for a finding again")
	assert.Equal(t, "held", back.page().Find("#party-1").AttrOr("data-fold", ""))
	assert.Equal(t, 1, back.page().Find("li[data-act=undone]").Length())
	assert.Contains(t, c.post(at+"/undo", undo).is(http.StatusConflict).text("main"), "taken back already")
}

func TestAReasonThatBrokeStandsOnTop(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]struct {
		edit func(*person)
		says []string
	}{
		"another year":    {func(p *person) { p.birth = "1979-03-14" }, []string{"A reason no longer holds: birth year differs by 7", "1986 and 1979 then, 1979 and 1979 now"}},
		"a smaller gap":   {func(p *person) { p.birth = "1984-03-14" }, []string{"no longer holds", "1986 and 1979 then, 1984 and 1979 now"}},
		"no date of ours": {func(p *person) { p.birth = "" }, []string{"A reason cannot be tested any more", "nothing and 1979 now"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			first := born1979()
			h.take(first.payload())
			c, at := h.claimedReview()
			c.closes(at)
			h.take(first.again(edit.edit).payload())
			c, at = h.claimedReview()
			page := c.get(at)
			assert.Equal(t, "", page.page().Find("#party-1").AttrOr("data-fold", ""))
			assert.Contains(t, page.text("#party-1"), "Reopened")
			for _, words := range edit.says {
				assert.Contains(t, page.text("#party-1"), words)
			}
			assert.Zero(t, page.page().Find("[name=carry]").Length())
			before := page.page().Find("#party-1 li[data-standing]").Index()
			assert.GreaterOrEqual(t, before, 0)
		})
	}
}

func TestWhatIsSaidInANoteIsNeverTakenOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := born1979()
	h.take(first.payload())
	c, at := h.claimedReview()
	page := c.get(at)
	form := page.finding(1, "false_positive", "document", "The passport has another photo.")
	form.Set("premise", "other")
	c.post(at+"/dispositions", form).is(http.StatusSeeOther)
	c.closes(at)
	h.take(first.again(func(*person) {}).payload())
	c, at = h.claimedReview()
	page = c.get(at)
	assert.Equal(t, "", page.page().Find("#party-1").AttrOr("data-fold", ""))
	assert.Zero(t, page.page().Find("[name=carry], li[data-standing]").Length())
	assert.Contains(t, page.text("#party-1 dl"), "for no reason that can be tested again")
}

func TestAFindingThatTheEvidenceLeftBehindAsksAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := born1979()
	h.take(p.payload())
	c, at := h.claimedReview()
	c.post(at+"/dispositions", c.get(at).finding(1, "false_positive", "birthdate", "")).is(http.StatusSeeOther)
	assert.Equal(t, "false_positive", c.get(at).page().Find("article").AttrOr("data-finding", ""))

	// More of the same: the reason holds, and so does the finding.
	p.at, p.completed, p.birth = start.Add(-time.Hour), start.Add(-time.Hour), "1987-03-14"
	h.take(p.payload())
	assert.Equal(t, "answered", c.get(at).page().Find("#party-1").AttrOr("data-fold", ""))

	p.at, p.completed, p.birth = start.Add(-time.Minute), start.Add(-time.Minute), "1979-03-14"
	h.take(p.payload())
	c.get(at).is(http.StatusOK) // the first look goes on the trail
	page := c.get(at)
	assert.Equal(t, page.body, c.anew(at))
	assert.Equal(t, "", page.page().Find("#party-1").AttrOr("data-fold", ""))
	assert.Equal(t, "", page.page().Find("#party-1 article").AttrOr("data-finding", "?"), "a finding that lapsed is none")
	assert.Contains(t, page.text("#party-1"), "Asked again")
	assert.Contains(t, page.text("#party-1"), "A reason no longer holds: birth year differs by 7")
	assert.Contains(t, page.text("#party-1"), "You found a false positive on 18 June, 09:41 UTC, for one reason.")
	assert.Contains(t, page.text("aside p"), "1 of 1 match to go")
	assert.Zero(t, page.page().Find("form[action$='/undo']").Length())
	assert.Contains(t, c.get(at+"/decision").text("tbody tr"), "Asked again")
	c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "evidence": {page.evidence()}}).is(http.StatusUnprocessableEntity)
}

func TestWhatWasMissingAndIsKnownAsksAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := born1979()
	p.birth = ""
	h.take(p.payload())
	c, at := h.claimedReview()
	page := c.get(at)
	assert.Contains(t, page.text("#party-1 dl"), "A full birth date of our subject: the customer can be asked.")
	c.post(at+"/dispositions", page.finding(1, "cannot_tell", "birthdate", "")).is(http.StatusSeeOther)
	assert.Contains(t, c.get(at).text("#party-1 summary"), "missing: a full birth date of our subject")
	p.birth, p.at, p.completed = "1986-03-14", start.Add(-time.Minute), start.Add(-time.Minute)
	h.take(p.payload())
	page = c.get(at)
	assert.Contains(t, page.text("#party-1"), "What was missing is known by now: a full birth date of our subject")
	assert.Equal(t, "", page.page().Find("#party-1 article").AttrOr("data-finding", "?"))
}

func TestOnlyWhoFoundItTakesItBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c, at := h.claimedReview()
	c.post(at+"/dispositions", c.get(at).finding(1, "false_positive", "birthdate", "")).is(http.StatusSeeOther)
	mine := c.get(at).page().Find("#party-1 form[action$='/undo']")
	require.Equal(t, 1, mine.Length())
	undo := url.Values{}
	for _, in := range mine.Find("input").EachIter() {
		undo.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	lead := h.as("lead")
	assert.Contains(t, lead.post(at+"/undo", undo).is(http.StatusConflict).text("main"), "Noor Haddad")
	lead.post(at+"/claim", url.Values{"take_over": {"yes"}}).is(http.StatusSeeOther)
	assert.Zero(t, lead.get(at).page().Find("form[action$='/undo']").Length())
	assert.Contains(t, lead.post(at+"/undo", undo).is(http.StatusConflict).text("main"), "Only who recorded a finding takes it back")
	for _, bad := range []url.Values{{}, {"entry": {"x"}}, {"entry": {"1", "2"}}} {
		lead.post(at+"/undo", bad).is(http.StatusBadRequest)
	}
	lead.post(at+"/undo", url.Values{"entry": {"999999"}, "evidence": undo["evidence"]}).is(http.StatusNotFound)
	undo.Set("evidence", strings.Repeat("0", 64))
	assert.Contains(t, lead.post(at+"/undo", undo).is(http.StatusConflict).text("main"), "Your finding was not taken back")
}

func TestWhatWouldSettleItIsAskedForWithoutAWarning(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	p.birth = ""
	h.take(p.payload())
	c, at := h.claimedReview()
	page := c.get(at)
	assert.Contains(t, page.text("aside"), "A full birth date of our subject would decide all 2 parties that ask.")
	note := page.page().Find("aside textarea[readonly]").Text()
	assert.Contains(t, note, "cust-48213")
	assert.Contains(t, note, "– your full date of birth: day, month and year")
	for _, word := range []string{"FALADE", "OFAC", "OFSI", "list", "match", "sanction", "screen", "party", "suspic"} {
		assert.NotContains(t, note, word)
	}
}

func TestWhatElseChangedIsSaidOfAPartyThatWasClearedBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := born1979()
	h.take(p.payload())
	c, at := h.claimedReview()
	c.closes(at)
	h.clock.Pass(time.Hour)
	p.status, p.at = "approved", h.clock.Now().Add(-30*time.Minute)
	h.take(p.payload())
	p.status, p.at, p.completed = "needs_review", h.clock.Now().Add(-time.Minute), h.clock.Now().Add(-2*time.Minute)
	p.listed = append(p.listed, listed{"Ekene Oyelaran Falade", "1986", "UK - OFSI - Consolidated"})
	h.take(p.payload())
	c, at = h.claimedReview()
	page := c.get(at)
	assert.Equal(t, "held", page.page().Find("#party-1").AttrOr("data-fold", ""))
	assert.Contains(t, page.text("#party-1"), "Nothing else changed on this party since.")
	assert.NotContains(t, page.text("#party-2"), "Cleared")
}
