package review_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
)

// drawValue fills a value with anything, from few values of each kind: so that two dossiers have
// much in common, keys stand twice and lists are empty, and none.
func drawValue(t *rapid.T, v reflect.Value, depth int) {
	few := func(n int) int { return rapid.IntRange(0, n).Draw(t, "n") }
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "b", "updated-at"}[few(3)])
	case reflect.Bool:
		v.SetBool(few(1) == 1)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(few(2)))
	case reflect.Uint8:
		v.SetUint(uint64(few(3)))
	case reflect.Pointer:
		if few(1) == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			drawValue(t, v.Elem(), depth+1)
		}
	case reflect.Slice:
		if depth > 6 || few(1) == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), few(2), 8))
		for i := range v.Len() {
			drawValue(t, v.Index(i), depth+1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf([]time.Time{{}, at(1), at(2), at(1).Add(time.Microsecond), time.Time{}.In(time.FixedZone("x", 60))}[few(4)]))
			return
		}
		if few(2) == 0 {
			return
		}
		for i := range v.NumField() {
			drawValue(t, v.Field(i), depth+1)
		}
	default:
		panic(v.Kind())
	}
}

func drawDossier(t *rapid.T) review.Dossier {
	var d review.Dossier
	drawValue(t, reflect.ValueOf(&d).Elem(), 0)
	return d
}

// disturb draws another dossier from one: a few values anew, in lists that it shares with none.
func disturb(t *rapid.T, v reflect.Value, rate int) {
	if rapid.IntRange(0, rate).Draw(t, "touch") == 0 && v.Type() != reflect.TypeFor[review.Dossier]() {
		v.SetZero()
		drawValue(t, v, 4)
		return
	}
	each(v, func(v reflect.Value) { disturb(t, v, rate) })
}

// shuffle puts every list into another order.
func shuffle(t *rapid.T, v reflect.Value) {
	each(v, func(v reflect.Value) { shuffle(t, v) })
	if v.Kind() == reflect.Slice {
		for i := v.Len() - 1; i > 0; i-- {
			reflect.Swapper(v.Interface())(i, rapid.IntRange(0, i).Draw(t, "swap"))
		}
	}
}

// each goes into a value; lists and what is pointed at are made its own before.
func each(v reflect.Value, do func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			v.Set(own)
			do(own.Elem())
		}
	case reflect.Slice:
		if !v.IsNil() {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
		}
		for i := range v.Len() {
			do(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() != reflect.TypeFor[time.Time]() {
			for i := range v.NumField() {
				do(v.Field(i))
			}
		}
	}
}

// A delta is empty exactly when the evidence is the same, and makes of the one dossier the other.
func TestADeltaIsWhatTheEvidenceMovedBy(t *testing.T) {
	t.Parallel()
	empty, full := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		a := drawDossier(t)
		b := a
		switch rapid.IntRange(0, 4).Draw(t, "how") {
		case 0:
			b = drawDossier(t)
		case 1:
			disturb(t, reflect.ValueOf(&b).Elem(), 100)
		case 2: // nothing but perhaps the order
		default:
			disturb(t, reflect.ValueOf(&b).Elem(), 1000)
		}
		if rapid.Bool().Draw(t, "shuffled") {
			shuffle(t, reflect.ValueOf(&b).Elem())
		}
		before := review.Evidence(a)
		delta := review.Diff(a, b)
		if (review.Evidence(a) == review.Evidence(b)) != (len(delta) == 0) {
			t.Fatalf("same evidence: %v, delta: %v", review.Evidence(a) == review.Evidence(b), delta)
		}
		again, err := delta.Apply(a)
		if err != nil || review.Evidence(again) != review.Evidence(b) {
			t.Fatalf("applied: %v, what is left: %v, of %v", err, review.Diff(again, b), delta)
		}
		if review.Evidence(a) != before {
			t.Fatalf("what was given has changed")
		}
		if len(delta) == 0 {
			empty++
		} else {
			full++
		}
	})
	assert.Positive(t, empty)
	assert.Positive(t, full)
}

func TestOrderIsNoChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawDossier(t)
		b := a
		shuffle(t, reflect.ValueOf(&b).Elem())
		if delta := review.Diff(a, b); len(delta) != 0 {
			t.Fatalf("%v", delta)
		}
	})
	d := heavyDossier()
	assert.Empty(t, review.Diff(d, d))
}

func TestADeltaNamesWhatChangedAndNothingElse(t *testing.T) {
	t.Parallel()
	two := func(d *review.Dossier) *review.Match { return &d.Reports[0].Matches[1] }
	for name, tc := range map[string]struct {
		change func(*review.Dossier)
		want   []string
	}{
		"birth date corrected": {func(d *review.Dossier) { d.Reports[0].Matches[0].Birthdates = born(1980, 0, 0) },
			[]string{"changed reports[report/watchlist/rep_1].matches[m0].birthdates: 1979 → 1980"}},
		"birth date told": {func(d *review.Dossier) { two(d).Birthdates = born(1980, 0, 0) },
			[]string{"added reports[report/watchlist/rep_1].matches[m1].birthdates: <nil> → 1980"}},
		"alias gone": {func(d *review.Dossier) { d.Reports[0].Matches[0].Names = d.Reports[0].Matches[0].Names[:1] },
			[]string{"gone reports[report/watchlist/rep_1].matches[m0].names[Orlan Kasimbek]: {Orlan Kasimbek  []} → <nil>"}},
		"dismissed": {func(d *review.Dossier) { two(d).Dismissed = true },
			[]string{"added reports[report/watchlist/rep_1].matches[m1].dismissed: <nil> → true"}},
		"field": {func(d *review.Dossier) { d.Records[0].Fields[0].Text = "DE" },
			[]string{"changed records[account/act_1].fields[country].text: KZ → DE"}},
		"status": {func(d *review.Dossier) { d.Transaction.Status.Value = "x" },
			[]string{"changed transaction.status: {3 Needs Review} → {3 x}"}},
		"a record more": {func(d *review.Dossier) {
			d.Records = append(slices.Clone(d.Records), review.Resource{Ref: review.Ref{Type: "case", ID: "c"}})
		},
			[]string{"added records[case/c]: <nil> → {case/c  {0 } [] [] [] [] [] 0001-01-01 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC }"}},
		"written anew": {func(d *review.Dossier) { d.Records[0].UpdatedAt, two(d).FirstSeen = at(9), at(9) }, nil},
	} {
		a, b := evidenceDossier(), evidenceDossier()
		for _, d := range []*review.Dossier{&a, &b} {
			d.Transaction.Status = review.Text{State: review.Present, Value: "Needs Review"}
			d.Reports[0].Ref = review.Ref{Type: "report/watchlist", ID: "rep_1"}
			for i := range d.Reports[0].Matches {
				d.Reports[0].Matches[i].Key = review.MatchKey(fmt.Sprintf("m%d", i))
			}
		}
		tc.change(&b)
		var got []string
		for _, c := range review.Diff(a, b) {
			got = append(got, fmt.Sprintf("%s %s: %v → %v", c.Op, c.Path, c.Then, c.Now))
		}
		assert.Equal(t, tc.want, got, name)
	}
}

// A delta of another dossier is told so, and changes nothing.
func TestADeltaOfAnotherDossierIsRefused(t *testing.T) {
	t.Parallel()
	a := evidenceDossier()
	b := evidenceDossier()
	b.Records[0].Fields[0].Text = "DE"
	b.Reports[0].Matches[0].Names = b.Reports[0].Matches[0].Names[:1]
	delta := review.Diff(a, b)
	require.Len(t, delta, 2)
	_, err := delta.Apply(b)
	require.ErrorIs(t, err, review.ErrStale)
	for _, c := range delta {
		_, err = review.Delta{c}.Apply(review.Dossier{})
		require.ErrorIs(t, err, review.ErrStale)
	}
	for _, c := range []review.Change{
		{}, {Op: review.Added}, {Path: review.Path{{Name: "nothing"}}, Op: review.Added, Now: "x"},
		{Path: review.Path{{Name: "reports"}}, Op: review.Added, Now: "x"}, {Path: review.Path{{Name: "reports"}}, Op: review.Gone},
		{Path: review.Path{{Name: "reports"}, {Name: "ref"}}, Op: review.Added, Now: review.Ref{}},
		{Path: review.Path{{Name: "subject"}, {Name: "first"}}, Op: review.Added, Now: 7},
		{Path: review.Path{{Name: "subject"}, {Name: "first"}, {Name: "first"}}, Op: review.Added, Now: "x"},
	} {
		_, err = review.Delta{c}.Apply(review.Dossier{})
		require.ErrorIs(t, err, review.ErrStale, c.Path.String())
	}
}

func BenchmarkDiff(b *testing.B) {
	heavy := func() review.Dossier {
		d := heavyDossier()
		for i := range d.Reports {
			for j := range d.Reports[i].Matches {
				d.Reports[i].Matches[j].Key = review.MatchKey(fmt.Sprint(i, "-", j))
			}
		}
		return d
	}
	then, now := heavy(), heavy()
	ms := now.Reports[0].Matches
	for i := range ms {
		slices.Reverse(ms[i].Names)
		if i%5 == 0 {
			ms[i].Birthdates = born(1990, 0, 0)
		}
	}
	slices.Reverse(ms)
	for name, d := range map[string]review.Dossier{"same": heavy(), "moved": now} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				review.Diff(then, d)
			}
		})
	}
}
