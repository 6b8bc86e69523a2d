package sandbox_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAMonitoredReportGainsAMatchAndStandsStill(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"itself", "request"} {
		b := newBench(t, func(o *sandbox.StandInOptions) {
			if by == "itself" {
				o.Recur = 24 * time.Hour
			}
		})
		txn := b.screen(sandbox.TypePerson, "name_last", "Petra Laterwick")
		require.Equal(t, "approved", b.status(txn))
		report := b.report(txn, "watchlist")
		if by == "request" {
			b.ask("POST", "/reports/"+report+"/run", "")
		}
		b.settle(25 * time.Hour)
		assert.Equal(t, "needs_review", b.status(txn))
		assert.Contains(t, b.names(), "report/watchlist.matched")
		b.refuses(409, "undismissed", "POST", "/reports/"+report+"/run", "")
		assert.False(t, b.Run(report))
		lines := b.ask("GET", "/reports/"+report+"/history", "").at("data").([]any)
		require.Len(t, lines, 2)
		assert.Equal(t, float64(1), lines[0].(map[string]any)["matches"])
		assert.Equal(t, map[string]string{"itself": "scheduled", "request": "manual"}[by], lines[0].(map[string]any)["run-type"])
		assert.Equal(t, float64(0), lines[1].(map[string]any)["matches"])
		b.ask("POST", "/reports/"+report+"/dismiss", patch(`{"reason":"another person"}`))
		assert.True(t, b.Run(report), "and goes on once it is dismissed")
	}
}

func TestAFallbackInquiryIsFinishedByItsLink(t *testing.T) {
	t.Parallel()
	for _, passes := range []bool{true, false} {
		b := newBench(t, func(o *sandbox.StandInOptions) {
			o.Verify, o.Files = "https://sandbox.example/verify", "https://sandbox.example/files/"
		})
		txn := b.screen(sandbox.TypePerson, "name_first", "Ilka", "name_last", "Brandywater", "birthdate", "1991-09-08")
		inquiry := b.ask("GET", "/transactions/"+txn, "").at("data", "attributes", "fields", "fallback_inquiry_id", "value").(string)
		b.refuses(409, "pending or expired", "POST", "/inquiries/"+inquiry+"/resume", "")
		require.True(t, b.Expire(inquiry))
		b.refuses(409, "expired", "POST", "/inquiries/"+inquiry+"/generate-one-time-link", "")
		d := b.ask("POST", "/inquiries/"+inquiry+"/resume", "")
		assert.NotEmpty(t, d.at("meta", "session-token"))
		assert.Equal(t, "pending", d.at("data", "attributes", "status"))
		link := b.ask("POST", "/inquiries/"+inquiry+"/generate-one-time-link", `{"meta":{"expires-in-seconds":60}}`).at("meta", "one-time-link").(string)

		visit := func(method, target, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			return w
		}
		assert.Equal(t, 403, visit("GET", link+"0", "").Code, "another link")
		assert.Equal(t, 200, visit("GET", link, "").Code)
		assert.Equal(t, "pending", b.ask("GET", "/inquiries/"+inquiry, "").at("data", "attributes", "status"), "looking is not doing")
		assert.Equal(t, 200, visit("POST", link, map[bool]string{true: "passes=yes", false: "passes=no"}[passes]).Code)
		assert.Equal(t, 409, visit("POST", link, "passes=yes").Code, "once")
		b.settle(time.Second)
		assert.Equal(t, map[bool]string{true: "approved", false: "needs_review"}[passes], b.status(txn))
		d = b.ask("GET", "/inquiries/"+inquiry+"?include=verifications", "")
		assert.Equal(t, map[bool]string{true: "completed", false: "failed"}[passes], d.at("data", "attributes", "status"))
		var photo string
		for _, v := range d.at("included").([]any) {
			if v := doc(v.(map[string]any)); v["type"] == "verification/government-id" {
				assert.Equal(t, map[bool]string{true: "passed", false: "failed"}[passes], v.at("attributes", "status"))
				photo = v.at("attributes", "front-photo-url").(string)
			}
		}
		got := visit("GET", photo, "")
		require.Equal(t, 200, got.Code)
		_, kind, err := image.Decode(bytes.NewReader(got.Body.Bytes()))
		require.NoError(t, err)
		assert.Equal(t, "jpeg", kind)
		assert.Equal(t, 403, visit("GET", photo+"0", "").Code, "another token")
		assert.Equal(t, 403, visit("GET", strings.Replace(photo, "id-front", "selfie", 1), "").Code, "another file")
		b.Fail(sandbox.Fault{Kind: sandbox.FaultError})
		assert.Equal(t, 200, visit("GET", photo, "").Code, "files have nothing to do with the API")
	}
}

func TestALinkOfAFileEnds(t *testing.T) {
	t.Parallel()
	clock := noon
	b := newBench(t, func(o *sandbox.StandInOptions) {
		o.Now, o.Files = func() time.Time { return clock }, "https://sandbox.example/files/"
	})
	b.Adopt(sandbox.Options{Transactions: 100, Seed: 1})
	open := func(link string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		b.ServeHTTP(w, httptest.NewRequest("GET", link, nil))
		return w
	}
	cases := b.ask("GET", "/cases", "").at("data").([]any)
	require.NotEmpty(t, cases)
	link := doc(cases[0].(map[string]any)).at("attributes", "attachments").([]any)[0].(map[string]any)["url"].(string)
	got := open(link)
	require.Equal(t, 200, got.Code)
	assert.Equal(t, "application/pdf", got.Header().Get("Content-Type"))
	assert.True(t, bytes.HasPrefix(got.Body.Bytes(), []byte("%PDF-1.4")))
	clock = noon.Add(6*time.Hour + time.Second)
	assert.Equal(t, 403, open(link).Code)
	fresh := doc(b.ask("GET", "/cases/"+cases[0].(map[string]any)["id"].(string), "")).at("data", "attributes", "attachments").([]any)[0].(map[string]any)["url"].(string)
	assert.Equal(t, got.Body.Bytes(), open(fresh).Body.Bytes())
}
