package views_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/views"
)

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, c.Render(t.Context(), &b))
	return b.String()
}

// parties are all parties of the gallery, in every state that they are shown in.
func parties() []views.Party {
	var all []views.Party
	for _, s := range views.Gallery() {
		v := reflect.ValueOf(s.Page)
		if p, ok := v.Interface().(views.ReviewPage); ok {
			all = append(append(all, p.Parties...), p.Dismissed...)
		}
	}
	return all
}

func TestKeptMarkupIsWhatWouldBeDrawn(t *testing.T) {
	t.Parallel()
	all := parties()
	require.Greater(t, len(all), 20)
	keep := new(views.Keep[views.Party]) // one for all of them: it must tell them apart
	for range 2 {
		for _, p := range all {
			want := drawn(t, p.Show())
			p.Keep = keep
			assert.Equal(t, want, drawn(t, p.Show()))
			assert.Equal(t, want, drawn(t, p.Show()), "replayed")
		}
	}
}

func TestKeptMarkupFollowsEveryFieldOfAParty(t *testing.T) {
	t.Parallel()
	p := parties()[0]
	require.NotNil(t, p.Form)
	require.NotNil(t, p.Matches[0].Comparison)
	keep := new(views.Keep[views.Party])
	show := func(p views.Party) (kept, anew string) {
		p.Keep = nil
		anew = drawn(t, p.Show())
		p.Keep = keep
		return drawn(t, p.Show()), anew
	}
	first, _ := show(p)
	for what, edit := range map[string]func(*views.Party){
		"number":    func(p *views.Party) { p.Number = 77 },
		"name":      func(p *views.Party) { p.Name = views.S("Somebody Else") },
		"status":    func(p *views.Party) { p.Status = views.FindingTag(review.TrueMatch) },
		"fold":      func(p *views.Party) { p.Fold = views.PartyAnswered },
		"a finding": func(p *views.Party) { p.Matches[0].Finding = review.CannotTell },
		"a value deep in the comparison": func(p *views.Party) {
			c := *p.Matches[0].Comparison
			c.Rows = append([]views.CompareRow(nil), c.Rows...)
			c.Rows[len(c.Rows)-1].Right = views.Side{Str: views.S("another value")}
			p.Matches[0].Comparison = &c
		},
		"what was typed": func(p *views.Party) {
			f := *p.Form
			f.Note = "typed"
			p.Form = &f
		},
		"what is wrong with it": func(p *views.Party) {
			f := *p.Form
			f.Problems = []views.Problem{{Field: "note", Text: "Enter a note"}}
			p.Form = &f
		},
		"no form": func(p *views.Party) { p.Form = nil },
	} {
		changed := p
		changed.Matches = append([]views.Match(nil), p.Matches...)
		edit(&changed)
		kept, anew := show(changed)
		assert.Equal(t, anew, kept, what)
		assert.NotEqual(t, first, kept, what)
		again, _ := show(p)
		assert.Equal(t, first, again, "back from "+what)
	}
}

func TestManyMayShowWhatIsKept(t *testing.T) {
	t.Parallel()
	all := parties()[:3]
	want := make([]string, len(all))
	for i := range all {
		want[i] = drawn(t, all[i].Show())
	}
	keep := new(views.Keep[views.Party])
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 60 {
				p := all[i%len(all)]
				p.Keep = keep
				var b strings.Builder
				if assert.NoError(t, p.Show().Render(t.Context(), &b)) {
					assert.Equal(t, want[i%len(all)], b.String())
				}
			}
		})
	}
	wg.Wait()
}
