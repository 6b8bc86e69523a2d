package views_test

import (
	"io"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/views"
	"docket/views/viewtest"
)

// specimen is a page of the gallery as its own type, to be edited.
func specimen[P views.Page](t testing.TB, name string) P {
	t.Helper()
	for _, s := range views.Gallery() {
		if s.Name == name {
			p, ok := s.Page.(P)
			require.True(t, ok, "%s is a %T", name, s.Page)
			return p
		}
	}
	require.Fail(t, "no such specimen", name)
	panic("unreachable")
}

func TestQueueRowsCarryTheirHooks(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.QueuePage](t, "queue"))
	rows := doc.Find("tr[data-review][data-transaction][data-state=open]")
	assert.Equal(t, 25, rows.Length())
	rows.Each(func(_ int, r *goquery.Selection) {
		assert.Equal(t, "/reviews/"+r.AttrOr("data-review", ""), r.Find("th[scope=row] a").AttrOr("href", ""))
	})
	assert.Equal(t, 3, doc.Find("th[scope=rowgroup]").Length(), "a heading for each band")
	assert.Equal(t, "page", doc.Find("nav a[href='/reviews?state=open']").AttrOr("aria-current", ""))
}

func TestFallbackRowsHaveNoReview(t *testing.T) {
	t.Parallel()
	doc := viewtest.Page(t, specimen[views.QueuePage](t, "queue-fallback"))
	assert.Zero(t, doc.Find("tr[data-review]").Length())
	assert.Equal(t, 4, doc.Find("tr[data-transaction][data-state=fallback]").Length())
	assert.Zero(t, doc.Find("th[scope=rowgroup]").Length(), "no bands in another list")
}

func TestOnlyAFreeReviewCanBeClaimedFromTheQueue(t *testing.T) {
	t.Parallel()
	p := specimen[views.QueuePage](t, "queue")
	claims := 0
	for _, b := range p.Bands {
		for _, r := range b.Rows {
			if r.Claim != "" {
				claims++
			}
		}
	}
	doc := viewtest.Page(t, p)
	assert.Equal(t, claims, doc.Find("main form[action$='/claim'] button").Length())
	assert.Zero(t, viewtest.Page(t, specimen[views.QueuePage](t, "queue-auditor")).Find("main form[method=post]").Length(), "an auditor writes nothing")
}

func TestAnEmptyQueueIsASentenceAndAWayOn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"queue-empty", "queue-filtered-empty"} {
		doc := viewtest.Page(t, specimen[views.QueuePage](t, name))
		assert.Zero(t, doc.Find("main table").Length())
		assert.NotEmpty(t, viewtest.Text(doc.Find("main h2")))
		assert.NotZero(t, doc.Find("main h2 ~ div a").Length())
	}
}

func TestTheFindFieldKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := specimen[views.QueuePage](t, "queue-one")
	p.Shell.Find, p.Filters.Search = `"><script>`, `"><script>`
	doc := viewtest.Page(t, p)
	assert.Equal(t, `"><script>`, doc.Find("#find").AttrOr("value", ""))
	assert.Equal(t, `"><script>`, doc.Find("#q").AttrOr("value", ""))
}

func TestPlacesFollowTheRole(t *testing.T) {
	t.Parallel()
	p := specimen[views.QueuePage](t, "queue")
	for _, r := range review.Roles() {
		p.Who = &views.Who{Name: views.S("Noor"), Role: r}
		want := 0
		if r == review.RoleAdmin {
			want = 1
		}
		assert.Equal(t, want, viewtest.Page(t, p).Find("header a[href='/admin/colleagues']").Length(), r)
	}
}

func TestKeysAreOffUntilTheColleagueHasThem(t *testing.T) {
	t.Parallel()
	p := specimen[views.QueuePage](t, "queue")
	assert.Equal(t, "on", viewtest.Page(t, p).Find("body").AttrOr("data-keys", ""))
	p.Who = &views.Who{Name: views.S("Noor"), Role: review.RoleReviewer}
	doc := viewtest.Page(t, p)
	assert.Equal(t, "off", doc.Find("body").AttrOr("data-keys", ""))
	assert.Equal(t, "on", doc.Find("form[action='/keys'] button[name=keys]").AttrOr("value", ""), "and can be turned on")
}

func BenchmarkQueuePage(b *testing.B) {
	p := specimen[views.QueuePage](b, "queue")
	b.ReportAllocs()
	for b.Loop() {
		if err := views.Layout(p).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
