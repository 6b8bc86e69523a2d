package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// charts are all of them, in the order of the page.
func (b *insightsBuilder) charts() []views.Chart {
	charts := []views.Chart{b.ageing(), b.kinds(), b.weeks(), b.times(), b.over(), b.falsePositives(), b.lists(), b.missing(), b.halted(), b.returned(), b.agreement()}
	for i := range charts {
		if len(charts[i].Table.Rows) > 0 {
			charts[i].CSV = b.csv(charts[i].ID)
		}
	}
	return charts
}

// altText is a picture's label: what it shows, and its numbers in a sentence.
func altText(what string, parts []string) string { return what + ": " + strings.Join(parts, "; ") }

var ageKey = []views.ChartKey{{Mark: views.PlotBar, Words: "in time"}, {Mark: views.PlotBar, Tone: views.PlotAttention, Words: "due soon"},
	{Mark: views.PlotBar, Tone: views.PlotDanger, Words: "over target"}}

func (b *insightsBuilder) ageing() views.Chart {
	w := b.waits
	c := views.Chart{ID: "ageing", Title: "How long open reviews have waited"}
	target := daysWords(w.Target)
	switch {
	case w.Open == 0:
		c.Says = []views.Said{plainly("No review is open.")}
	case w.Over > 0:
		c.Says = []views.Said{strongly(views.Number(w.Over) + " of " + views.Number(w.Open)), plainly(pluralOf(w.Over, "is", "are") + " over the " + target + " target. The oldest has waited " + views.Age(w.At.Sub(w.Oldest)) + ".")}
	default:
		c.Says = []views.Said{strongly("None of " + views.Number(w.Open)), plainly("is over the " + target + " target. The oldest has waited " + views.Age(w.At.Sub(w.Oldest)) + ".")}
	}
	if more := b.besides(); more != "" {
		c.Says = append(c.Says, plainly(more))
	}
	if w.Open == 0 {
		return c
	}
	c.Key = ageKey
	c.Table = views.ChartTable{Caption: "Open reviews by waiting time, " + instant(w.At, b.now), Head: []string{"Waiting", "Reviews", "Share"}}
	var bars []views.Bar
	var parts []string
	for _, band := range w.Bands {
		words := bandWords(band)
		tone := views.PlotPlain
		switch {
		case band.Over:
			tone = views.PlotDanger
		case band.Soon:
			tone = views.PlotAttention
		}
		bars = append(bars, views.Bar{Label: words, Pieces: []views.BarPiece{{N: band.N, Tone: tone}}, Words: views.Number(band.N)})
		parts = append(parts, words+" "+views.Number(band.N))
		share := float64(band.N) / float64(w.Open)
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: views.S(words), Cells: []views.ChartCell{countCell(band.N),
			{Words: strconv.Itoa(int(100*share+0.5)) + " %", Bare: bareShare(share)}}})
	}
	c.Picture = views.Bars(altText("Open reviews by waiting time", parts), bars)
	return c
}

// besides names the reviews that are not open and not closed.
func (b *insightsBuilder) besides() string {
	var parts []string
	if n := b.waits.Approval; n > 0 {
		parts = append(parts, views.Number(n)+pluralOf(n, " waits", " wait")+" for a second person")
	}
	if n := b.waits.Waiting; n > 0 {
		parts = append(parts, views.Number(n)+pluralOf(n, " waits", " wait")+" for the customer")
	}
	if len(parts) == 0 {
		return ""
	}
	return "Besides, " + strings.Join(parts, " and ") + "."
}

// bandWords words a band of age: "less than 1 day", "1 to 2 days", "more than 5 days".
func bandWords(b review.AgeBand) string {
	switch {
	case b.From == 0:
		return "less than " + views.Age(b.To)
	case b.To == 0:
		return "more than " + views.Age(b.From)
	}
	from, to := views.Age(b.From), views.Age(b.To)
	if n, unit, ok := strings.Cut(to, " "); ok && !strings.Contains(unit, " ") {
		if m, of, ok := strings.Cut(from, " "); ok && strings.TrimSuffix(of, "s") == strings.TrimSuffix(unit, "s") {
			return m + " to " + n + " " + unit
		}
	}
	return from + " to " + to
}

func (b *insightsBuilder) kinds() views.Chart {
	w := b.waits
	c := views.Chart{ID: "kinds", Title: "What open reviews wait for"}
	if len(w.Kinds) == 0 {
		c.Says = []views.Said{plainly("No review is open.")}
		return c
	}
	first := w.Kinds[0]
	c.Says = []views.Said{strongly(views.Number(first.N) + " of " + views.Number(w.Open)), plainly(pluralOf(first.N, "has", "have") + " " + kindHas(first.Kind) + ".")}
	late := slices.MaxFunc(w.Kinds, func(x, y review.KindAge) int { return x.Over - y.Over })
	if late.Over > 0 {
		c.Says = append(c.Says, plainly("Most of what is over target has "+kindHas(late.Kind)+": "+views.Number(late.Over)+"."))
	}
	c.Key = ageKey
	c.Table = views.ChartTable{Caption: "Open reviews by kind of report, " + instant(w.At, b.now), Head: []string{"Report", "Open", "Due soon", "Over target", "Oldest"}}
	var bars []views.Bar
	var parts []string
	for _, k := range w.Kinds {
		label := kindLabel(k.Kind)
		bars = append(bars, views.Bar{Label: label, Words: views.Number(k.N),
			Pieces: []views.BarPiece{{N: k.N - k.Soon - k.Over}, {N: k.Soon, Tone: views.PlotAttention}, {N: k.Over, Tone: views.PlotDanger}}})
		parts = append(parts, label+" "+views.Number(k.N)+", of these "+views.Number(k.Over)+" over target")
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: str(label), Cells: []views.ChartCell{countCell(k.N), countCell(k.Soon), countCell(k.Over),
			ageCell(w.At.Sub(k.Oldest), false)}})
	}
	c.Picture = views.Bars(altText("Open reviews by kind of report", parts), bars)
	c.Note = "A review stands in each kind of report that has an open match, so the rows may add up to more than are open."
	return c
}

func kindLabel(k review.ReportKind) string {
	if k == "" {
		return "No open match"
	}
	return views.KindShort(k)
}

func kindHas(k review.ReportKind) string {
	if k == "" {
		return "no open match"
	}
	return "an open match in " + views.KindShort(k)
}

func (b *insightsBuilder) weeks() views.Chart {
	in := b.past
	c := views.Chart{ID: "weeks", Title: "Opened and decided per week"}
	c.Says = []views.Said{plainly("In " + views.Plural(len(in.Weeks), "week", "weeks")), strongly(views.Number(in.Opened) + " opened"), plainly("and"),
		strongly(views.Number(in.Decided) + pluralOf(in.Decided, " was decided", " were decided") + ","), plainly(b.balance())}
	c.Key = []views.ChartKey{{Mark: views.PlotBar, Words: "opened"}, {Mark: views.PlotBar, Tone: views.PlotSecond, Words: "decided"}}
	c.Table = views.ChartTable{Caption: "Reviews opened and decided, by week (from Monday, or the first day)",
		Head: []string{"Week of", "Opened", "Decided", "Moved on at Persona", "Difference"}}
	var columns []views.Column
	var parts []string
	for _, w := range in.Weeks {
		day := w.From.Start()
		columns = append(columns, views.Column{Label: day.Format("2 Jan"), First: w.Opened, Second: w.Decided})
		parts = append(parts, day.Format("2 January")+" opened "+views.Number(w.Opened)+", decided "+views.Number(w.Decided))
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: views.S(b.day(w.From)), Cells: []views.ChartCell{countCell(w.Opened), countCell(w.Decided),
			countCell(w.Left), difference(w.Opened - w.Decided - w.Left)}})
	}
	if in.Opened+in.Decided == 0 {
		return c
	}
	c.Picture = views.Columns(altText("Reviews opened and decided per week", parts), columns)
	return c
}

// balance says what the days did to what waits.
func (b *insightsBuilder) balance() string {
	in := b.past
	moved := ""
	if in.Left > 0 {
		moved = "Persona moved " + views.Number(in.Left) + " on, "
	}
	switch n := in.Opened - in.Decided - in.Left; {
	case n > 0:
		return moved + "so " + views.Number(n) + " more " + pluralOf(n, "waits", "wait") + " than before."
	case n < 0:
		return moved + "so " + views.Number(-n) + " fewer " + pluralOf(-n, "waits", "wait") + " than before."
	}
	return moved + "so as many wait as before."
}

func difference(n int) views.ChartCell {
	c := countCell(n)
	switch {
	case n > 0:
		c.Words = "+" + c.Words
	case n < 0:
		c.Words = "−" + views.Number(-n)
	}
	return c
}

func (b *insightsBuilder) times() views.Chart {
	rows := b.past.Took
	all := rows[0]
	c := views.Chart{ID: "times", Title: "From opened to decided"}
	if all.N == 0 {
		c.Says = []views.Said{plainly("No review was decided in these days.")}
		return c
	}
	if all.N < review.TooFew {
		c.Says = []views.Said{plainly("Too few to say: " + views.Plural(all.N, "review was", "reviews were") + " decided.")}
	} else {
		c.Says = []views.Said{plainly("Half are decided within"), strongly(views.Age(all.P50)), plainly("and 95 in 100 within"), strongly(views.Age(all.P95) + ".")}
		if slow := slices.MaxFunc(rows, slower); !slow.All() && slow.P50 > all.P50 {
			c.Says = append(c.Says, plainly(tookLabel(slow)+" takes longest."))
		}
	}
	c.Key = []views.ChartKey{{Mark: views.PlotDot, Words: "median"}, {Mark: views.PlotRing, Words: "3 in 4"}, {Mark: views.PlotWhisker, Words: "19 in 20"}}
	unit, name := 24*time.Hour, "days"
	if b.waits.Target < 2*unit {
		unit, name = time.Hour, "hours"
	}
	in := func(d time.Duration) float64 { return float64(d) / float64(unit) }
	c.Table = views.ChartTable{Caption: "Time from opened to decided", Head: []string{"Report", "p50", "p75", "p95", "Decided"}}
	var spreads []views.Spread
	var parts []string
	for _, t := range rows {
		few := t.N < review.TooFew
		s := views.Spread{Label: tookLabel(t), Strong: t.All(), P50: in(t.P50), P75: in(t.P75), P95: in(t.P95), Words: views.Age(t.P95)}
		if few {
			s.TooFew = "too few to say: " + views.Number(t.N)
			parts = append(parts, s.Label+" "+s.TooFew)
		} else {
			parts = append(parts, s.Label+" median "+views.Age(t.P50)+", 95 in 100 within "+views.Age(t.P95))
		}
		spreads = append(spreads, s)
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: str(tookLabel(t)),
			Cells: []views.ChartCell{ageCell(t.P50, few), ageCell(t.P75, few), ageCell(t.P95, few), countCell(t.N)}})
	}
	c.Picture = views.Spreads(altText("Time from opened to decided, by kind of report", parts), spreads, in(b.waits.Target), "target")
	c.Note = "The scale is in " + name + "; the broken line is the target in force now."
	return c
}

// slower orders rows by their median; what is too few to say comes first.
func slower(x, y review.TookOf) int {
	few := func(t review.TookOf) time.Duration {
		if t.N < review.TooFew {
			return -1
		}
		return t.P50
	}
	return int(few(x)/time.Millisecond - few(y)/time.Millisecond)
}

func tookLabel(t review.TookOf) string {
	switch {
	case t.All():
		return "All"
	case t.NoMatch:
		return "Without a finding"
	}
	return views.KindShort(t.Kind)
}

func (b *insightsBuilder) over() views.Chart {
	c := views.Chart{ID: "over", Title: "Decided over target"}
	all := b.past.Took[0].Over
	if all.Of == 0 {
		c.Says = []views.Said{plainly("No review was decided in these days.")}
		return c
	}
	c.Says = []views.Said{strongly(views.Number(all.N) + " of " + views.Number(all.Of)), plainly("decided reviews had waited longer than the target of their policy. The target now: " + views.Age(b.waits.Target) + ".")}
	c.Table = views.ChartTable{Caption: "Decided reviews over target, by kind of report", Head: []string{"Report", "Over target", "Decided", "Share", "95 % interval"}}
	var rows []views.Portion
	var parts []string
	for _, t := range b.past.Took {
		rows = append(rows, portion(tookLabel(t), t.Over, t.All()))
		parts = append(parts, tookLabel(t)+" "+views.Number(t.Over.N)+" of "+views.Number(t.Over.Of))
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: str(tookLabel(t)),
			Cells: append([]views.ChartCell{countCell(t.Over.N), countCell(t.Over.Of)}, shareCells(t.Over)...)})
	}
	c.Picture = views.Portions(altText("Share of decided reviews that were over target, by kind of report", parts), rows, false)
	return c
}
