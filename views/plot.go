package views

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// How pictures are laid out. Across they are in per cent of the width, so that letters keep their
// size on any; down they are in pixels.
const (
	chartLabel = 36.0 // where the scale begins, right of the labels
	chartEnd   = 72.0 // where a scale ends that has words to its right
	chartWide  = 90.0 // where one ends that has but a number there
	barRow     = 30
	dotRow     = 34
	labelMax   = 22 // letters that fit left of the scale
	longMax    = 46 // letters that fit above a bar
)

// Bar is one row of a chart of bars: one piece after another, and the number of all.
type Bar struct {
	Label  string
	Pieces []BarPiece
	Words  string // beside the bar
}

// BarPiece is a part of a bar.
type BarPiece struct {
	N    int
	Tone PlotTone
}

// Bars draws numbers, each beside its label.
func Bars(label string, bars []Bar) *Plot {
	most := 1
	for _, b := range bars {
		most = max(most, b.n())
	}
	d := plotting{}
	for i, b := range bars {
		y := i * barRow
		d.words(0, y+19, PlotPlain, shorten(b.Label, labelMax))
		x := chartLabel
		for _, p := range b.Pieces {
			w := float64(p.N) / float64(most) * (chartWide - chartLabel)
			if p.N > 0 {
				d.bar(x, float64(y+5), w, 20, p.Tone)
			}
			x += w
		}
		d.shifted(x, y+19, PlotStrong, b.Words)
	}
	height := len(bars) * barRow
	d.line(PlotAxis, chartLabel, 0, chartLabel, height)
	return d.picture(label, height+4)
}

func (b Bar) n() int {
	n := 0
	for _, p := range b.Pieces {
		n += p.N
	}
	return n
}

// Column is one pair of a chart over time.
type Column struct {
	Label         string
	First, Second int
}

// Columns draws pairs over time on one scale from nothing.
func Columns(label string, columns []Column) *Plot {
	const (
		top, base = 14, 190
		left      = 5.0 // room for the numbers of the scale
	)
	most := 1
	for _, c := range columns {
		most = max(most, c.First, c.Second)
	}
	step := niceStep(most)
	d := plotting{}
	at := func(n int) float64 { return base - float64(n)/float64(most)*(base-top) }
	for n := step; n <= most; n += step {
		d.line(PlotRule, 0, int(at(n)), 100, int(at(n)))
		d.quiet(0, int(at(n))-5, Number(n), "", false)
	}
	wide := (100 - left) / float64(max(len(columns), 1))
	every := (len(columns) + 11) / 12 // so many of them share one label
	for i, c := range columns {
		x := left + wide*float64(i)
		half := wide * 0.36
		if c.First > 0 {
			d.bar(x+wide*0.14, at(c.First), half, base-at(c.First), PlotPlain)
		}
		if c.Second > 0 {
			d.bar(x+wide*0.14+half, at(c.Second), half, base-at(c.Second), PlotSecond)
		}
		if i%max(every, 1) == 0 {
			d.quiet(x+wide/2, base+20, c.Label, "middle", i/max(every, 1)%2 == 1)
		}
	}
	d.line(PlotAxis, 0, base, 100, base)
	return d.picture(label, 220)
}

// Spread is one row of a chart of how values spread.
type Spread struct {
	Label         string
	Strong        bool
	TooFew        string // in place of the marks
	P50, P75, P95 float64
	Words         string // beside the last mark
}

// Spreads draws the middle, three in four and nineteen in twenty of some values, with a target.
func Spreads(label string, rows []Spread, target float64, targetWords string) *Plot {
	most := target
	for _, r := range rows {
		most = max(most, r.P95)
	}
	d := plotting{}
	height := len(rows) * dotRow
	scale := newScale(most, chartLabel, chartEnd)
	scale.draw(&d, height, func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) })
	if target > 0 {
		x := scale.at(target)
		d.line(PlotTarget, x, 0, x, height)
		d.quiet(x, height+33, targetWords, "middle", false)
	}
	for i, r := range rows {
		y := i*dotRow + 17
		d.rowLabel(r.Label, r.Strong, y)
		if r.TooFew != "" {
			d.tooFew(y, r.TooFew)
			continue
		}
		x50, x75, x95 := scale.at(r.P50), scale.at(r.P75), scale.at(r.P95)
		d.line(PlotWhisker, x50, y, x95, y)
		d.line(PlotWhisker, x95, y-6, x95, y+6)
		d.add(PlotMark{Shape: PlotRing, X: per(x75), Y: px(y)})
		d.add(PlotMark{Shape: PlotDot, X: per(x50), Y: px(y)})
		d.shifted(x95, y+5, PlotQuiet, r.Words)
	}
	return d.picture(label, height+40)
}

// Portion is one row of a chart of shares.
type Portion struct {
	Label            string
	Strong           bool
	TooFew           string // in place of the marks
	Share, Low, High float64
	Words, More      string // at the right edge
}

// Portions draws shares of all, from none to all, each with the bracket in which the true one may lie.
// Long labels stand above their bars.
func Portions(label string, rows []Portion, long bool) *Plot {
	d := plotting{}
	row, left, before := dotRow, chartLabel, 0
	if long {
		row, left, before = dotRow+18, 0, 20
	}
	height := len(rows) * row
	at := func(share float64) float64 { return left + share*(chartEnd-left) }
	for i := range 5 {
		share, kind := float64(i)/4, PlotRule
		if i == 0 {
			kind = PlotAxis
		}
		x, anchor := at(share), "middle"
		if x == 0 {
			anchor = ""
		}
		d.line(kind, x, 0, x, height)
		d.quiet(x, height+18, strconv.Itoa(25*i)+" %", anchor, i%2 == 1)
	}
	for i, r := range rows {
		y := i*row + 17 + before
		if long {
			d.words(0, y-18, PlotPlain, shorten(r.Label, longMax))
		} else {
			d.rowLabel(r.Label, r.Strong, y)
		}
		if r.TooFew != "" {
			d.shifted(left, y+5, PlotQuiet, r.TooFew)
			continue
		}
		d.bar(left, float64(y-9), r.Share*(chartEnd-left), 18, PlotPlain)
		d.line(PlotWhisker, at(r.Low), y, at(r.High), y)
		d.line(PlotWhisker, at(r.Low), y-5, at(r.Low), y+5)
		d.line(PlotWhisker, at(r.High), y-5, at(r.High), y+5)
		d.add(PlotMark{Shape: PlotWords, Tone: PlotStrong, X: per(100), Y: px(y + 5), Anchor: "end", Words: r.Words, More: r.More})
	}
	return d.picture(label, height+24)
}

// niceStep gives a step of 1, 2 or 5 times a power of ten, so that a scale has two to five of them.
func niceStep(most int) int {
	for ten := 1; ; ten *= 10 {
		for _, n := range []int{1, 2, 5} {
			if n*ten*4 >= most {
				return n * ten
			}
		}
	}
}

// scale is a line of numbers from nothing.
type scale struct{ left, right, most, step float64 }

func newScale(most, left, right float64) scale {
	s := scale{left: left, right: right, most: max(most, 0.001)}
	ten := math.Pow(10, math.Floor(math.Log10(s.most/4)))
	s.step = 10 * ten
	for _, n := range []float64{1, 2, 5} {
		if n*ten*4 >= s.most {
			s.step = n * ten
			break
		}
	}
	return s
}

func (s scale) at(v float64) float64 { return s.left + v/s.most*(s.right-s.left) }

func (s scale) draw(d *plotting, height int, words func(float64) string) {
	for i := 0; float64(i)*s.step <= s.most*1.0001; i++ {
		v := math.Round(float64(i)*s.step*1000) / 1000
		kind := PlotRule
		if i == 0 {
			kind = PlotAxis
		}
		d.line(kind, s.at(v), 0, s.at(v), height)
		d.quiet(s.at(v), height+18, words(v), "middle", false)
	}
}

// plotting gathers marks.
type plotting struct{ marks []PlotMark }

func (d *plotting) add(m PlotMark) { d.marks = append(d.marks, m) }

func (d *plotting) bar(x, y, w, h float64, tone PlotTone) {
	d.add(PlotMark{Shape: PlotBar, Tone: tone, X: per(x), Y: decimal(y), W: per(w), H: decimal(h)})
}

func (d *plotting) line(kind PlotShape, x1 float64, y1 int, x2 float64, y2 int) {
	d.add(PlotMark{Shape: kind, X: per(x1), Y: px(y1), W: per(x2), H: px(y2)})
}

func (d *plotting) words(x float64, y int, tone PlotTone, words string) {
	d.add(PlotMark{Shape: PlotWords, Tone: tone, X: per(x), Y: px(y), Words: words})
}

// shifted words stand a little right of a place.
func (d *plotting) shifted(x float64, y int, tone PlotTone, words string) {
	d.add(PlotMark{Shape: PlotWords, Tone: tone, X: per(x), Y: px(y), Shift: "8", Words: words})
}

func (d *plotting) quiet(x float64, y int, words, anchor string, spare bool) {
	d.add(PlotMark{Shape: PlotWords, Tone: PlotQuiet, X: per(x), Y: px(y), Words: words, Anchor: anchor, Spare: spare})
}

func (d *plotting) rowLabel(label string, strong bool, y int) {
	tone := PlotPlain
	if strong {
		tone = PlotStrong
	}
	d.words(0, y+5, tone, shorten(label, labelMax))
}

func (d *plotting) tooFew(y int, words string) { d.shifted(chartLabel, y+5, PlotQuiet, words) }

func (d *plotting) picture(label string, height int) *Plot {
	return &Plot{Height: px(height), Label: label, Marks: d.marks}
}

// shorten bounds a label, at a whole letter.
func shorten(s string, letters int) string {
	if utf8.RuneCountInString(s) <= letters {
		return s
	}
	return string([]rune(s)[:letters-1]) + "…"
}

func px(n int) string { return strconv.Itoa(n) }

func decimal(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

func per(f float64) string { return decimal(f) + "%" }

func (c *Chart) size() string {
	if c.Wide {
		return "wide"
	}
	return ""
}
