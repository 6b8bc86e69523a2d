package views

// Chart is one question and its answer: a heading, a sentence that says the finding, the picture, and
// the numbers. What the picture shows the table says too, so that nobody needs the picture.
type Chart struct {
	ID      string // "ageing": id of the heading, hook data-chart, name in the address of its numbers
	Title   string
	Says    []Said
	Key     []ChartKey
	Picture *Plot // nil: nothing to draw
	Table   ChartTable
	Open    bool // the table stands unfolded, as there is no picture
	Note    string
	CSV     string // address of the numbers as CSV, "" none
	To      Go     // where more is said
	Wide    bool   // it takes the whole width
}

// Said is a piece of a sentence.
type Said struct {
	Words  string
	Strong bool
}

// ChartKey says what one sort of mark stands for.
type ChartKey struct {
	Mark  PlotShape
	Tone  PlotTone
	Words string
}

// ChartTable is the numbers of a chart. The first column is the heading of each row.
type ChartTable struct {
	Caption string
	Head    []string
	Rows    []ChartRow
}

// ChartRow is one row of the numbers.
type ChartRow struct {
	Name  Str
	Cells []ChartCell
}

// ChartCell is one number, in words for the page and bare for a spreadsheet.
type ChartCell struct {
	Words string
	Bare  string
}

// Plot is a plotting: 100 wide in per cent, and so many pixels high.
type Plot struct {
	Height string
	Label  string // what it shows, in a sentence
	Marks  []PlotMark
}

// PlotShape is what a mark is.
type PlotShape string

const (
	PlotBar     PlotShape = "bar"
	PlotDot     PlotShape = "dot"  // filled
	PlotRing    PlotShape = "ring" // empty
	PlotRule    PlotShape = "rule" // of a scale
	PlotAxis    PlotShape = "axis"
	PlotWhisker PlotShape = "whisker"
	PlotTarget  PlotShape = "target"
	PlotWords   PlotShape = "words"
)

// PlotTone is how a mark looks.
type PlotTone string

const (
	PlotPlain     PlotTone = ""
	PlotSecond    PlotTone = "second" // the other of two series
	PlotAttention PlotTone = "attention"
	PlotDanger    PlotTone = "danger"
	PlotQuiet     PlotTone = "quiet"  // words
	PlotStrong    PlotTone = "strong" // words
)

// PlotMark is one thing that is drawn, its places written out. A bar stands at X, Y and is W wide and H
// high; a line goes from X, Y to W, H; a dot is around X, Y; words begin, end or are centred there.
type PlotMark struct {
	Shape      PlotShape
	Tone       PlotTone
	X, Y, W, H string
	Shift      string // of words, to the right, in pixels; "" none
	Anchor     string // of words: "middle", "end", "" start
	Words      string
	More       string // further words, quiet, which narrow charts leave out
	Spare      bool   // narrow charts leave it out
}
