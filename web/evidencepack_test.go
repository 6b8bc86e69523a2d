package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/views/viewtest"
	"docket/web"
)

var updatePack = flag.Bool("update", false, "write the golden files anew")

// ledgerKey gives a house a key of its own.
func ledgerKey(origin string) (*review.LedgerKey, error) {
	private, err := review.NewLedgerKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	return review.ParseLedgerKey(private)
}

// unpacked is the content of a pack that verifies.
type unpacked struct {
	raw    []byte
	report review.PackReport
	names  []string
	files  map[string][]byte
}

func unpack(t testing.TB, raw []byte, key review.LedgerPublic) unpacked {
	t.Helper()
	report, err := review.VerifyPack(bytes.NewReader(raw), int64(len(raw)), key)
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	require.NoError(t, err)
	u := unpacked{raw, report, nil, map[string][]byte{}}
	for _, f := range z.File {
		body, err := review.ReadPack(bytes.NewReader(raw), int64(len(raw)), f.Name)
		require.NoError(t, err)
		u.names, u.files[f.Name] = append(u.names, f.Name), body
	}
	return u
}

// evidencePack takes a pack and writes it twice.
func (h *house) evidencePack(ask web.EvidenceAsk) unpacked {
	h.t.Helper()
	ctx := h.t.Context()
	pack, err := web.TakeEvidence(ctx, h.db, ask)
	require.NoError(h.t, err)
	var first, second bytes.Buffer
	require.NoError(h.t, pack.Write(ctx, &first))
	require.NoError(h.t, pack.Write(context.WithoutCancel(ctx), &second))
	require.Equal(h.t, first.Bytes(), second.Bytes(), "the same database under the same checkpoint is the same bytes")
	return unpack(h.t, first.Bytes(), h.db.LedgerPublic())
}

// pages lints every page of a pack, and holds each of its links against what is in it.
func (u unpacked) pages(t testing.TB) map[string]*goquery.Document {
	t.Helper()
	all := map[string]*goquery.Document{}
	for _, name := range u.names {
		if path.Ext(name) != ".html" {
			continue
		}
		html := string(u.files[name])
		for _, problem := range viewtest.Problems(html) {
			assert.Fail(t, name+": the page lint: "+problem)
		}
		doc := viewtest.Document(t, html)
		doc.Find("[href], [src]").Each(func(_ int, s *goquery.Selection) {
			to := s.AttrOr("href", s.AttrOr("src", ""))
			if strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "http://") {
				assert.Contains(t, s.AttrOr("rel", ""), "noopener", "%s: %s", name, to)
				return
			}
			if strings.HasPrefix(to, "#") {
				return
			}
			to, _, _ = strings.Cut(to, "#")
			assert.Contains(t, u.names, path.Join(path.Dir(name), to), "%s leads out of the pack", name)
		})
		assert.Empty(t, doc.Find("script, form, button, input, iframe, img, style").Nodes, name)
		all[name] = doc
	}
	return all
}

func TestAPackOfAReviewHoldsAllThatItWasDecidedOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Decline)
	h.clock.Pass(time.Hour)
	other := ekene()
	other.id, other.report = "txn_other", "rep_other"
	h.take(other.payload())
	h.decided(h.opened(), review.Approve)

	u := h.evidencePack(web.EvidenceAsk{Review: id, By: "auditor", Via: "page"})
	assert.Equal(t, id, u.report.About.Review)
	assert.Equal(t, 1, u.report.Reviews)
	assert.Empty(t, u.report.Erased)
	pages := u.pages(t)
	page := pages["reviews/"+id.String()+".html"]
	require.NotNil(t, page)
	text := viewtest.Text(page.Find("main"))
	for _, want := range []string{"Ekene Falade", "Declined", "Noor Haddad", "Colleague second-person agreed", "False positive", "Other, said in the note", "Ilse Marchetti took a copy of the record"} {
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, string(bytes.Join(mapped(u.files), nil)), "txn_other", "nothing of another review")
	stage := pages["reviews/"+strings.TrimPrefix(page.Find("a[href*='-entry-']").First().AttrOr("href", ""), "")]
	require.NotNil(t, stage)
	assert.Equal(t, 2, stage.Find("[data-match]").Length())
	assert.NotZero(t, stage.Find("[data-attribute=birthdate][data-verdict]").Length())
	assert.Contains(t, u.names, "payloads/"+review.Sum(ekene().payload()).String())
	assert.Equal(t, ekene().payload(), u.files["payloads/"+review.Sum(ekene().payload()).String()])

	golden(t, u)
}

func mapped(m map[string][]byte) [][]byte {
	var all [][]byte
	for _, b := range m {
		all = append(all, b)
	}
	return all
}

// golden holds what a pack holds against testdata. Salts, the origin and the key are drawn anew in each
// run, and how pages look is not this file's business: of these only the names stand there.
func golden(t testing.TB, u unpacked) {
	t.Helper()
	var b strings.Builder
	for _, name := range u.names {
		sum := review.Sum(u.files[name]).String()
		switch ext := path.Ext(name); {
		case ext == ".html", ext == ".css", ext == ".ndjson", ext == ".note", ext == ".pub", name == "checkpoint", name == "manifest.json":
			sum = "-"
		}
		fmt.Fprintln(&b, sum, name)
	}
	file := filepath.Join("testdata", "evidencepack.txt")
	if *updatePack {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String())
}

func TestAPackOfAPeriodAndASample(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ids []review.ReviewID
	for i := range 6 {
		who := ekene()
		who.id, who.report = fmt.Sprintf("txn_%d", i), fmt.Sprintf("rep_%d", i)
		h.take(who.payload())
		ids = append(ids, h.opened())
		h.decided(ids[i], review.Approve)
		h.clock.Pass(24 * time.Hour)
	}
	day := func(n int) time.Time { return time.Date(2026, 6, 18+n, 0, 0, 0, 0, time.UTC) }
	u := h.evidencePack(web.EvidenceAsk{From: day(1), To: day(3), Via: "command line"})
	assert.Equal(t, 3, u.report.Reviews)
	assert.Equal(t, 3, u.report.About.Decisions)
	for i, id := range ids {
		assert.Equal(t, i >= 1 && i <= 3, slices.Contains(u.names, "reviews/"+id.String()+".json"), id)
	}
	u.pages(t)

	draw := func(seed string) []string {
		h.clock.Pass(time.Minute)
		u := h.evidencePack(web.EvidenceAsk{Sample: 2, Seed: seed, Via: "command line"})
		assert.Equal(t, 6, u.report.About.Decisions)
		assert.Equal(t, 2, u.report.Reviews)
		return slices.DeleteFunc(u.names, func(n string) bool { return !strings.HasPrefix(n, "reviews/") || path.Ext(n) != ".json" })
	}
	first := draw("7")
	assert.Equal(t, first, draw("7"), "a seed draws the same again")
	others := [][]string{draw("8"), draw("9"), draw("10"), draw("1"), draw("2")}
	assert.True(t, slices.ContainsFunc(others, func(o []string) bool { return !slices.Equal(o, first) }), "another seed draws others")

	for field, ask := range map[string]web.EvidenceAsk{
		"to":     {From: day(3), To: day(1)},
		"from":   {From: day(100)},
		"sample": {Sample: 5000, Seed: "1"},
		"seed":   {Sample: 5, Seed: "Ekene Falade"},
	} {
		_, err := web.TakeEvidence(t.Context(), h.db, ask)
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv, field)
		assert.Equal(t, field, inv.Problems[0].Field)
	}
	_, err := web.TakeEvidence(t.Context(), h.db, web.EvidenceAsk{Review: 99})
	assert.ErrorIs(t, err, review.ErrNotFound)
}
