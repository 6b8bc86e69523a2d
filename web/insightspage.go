package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// insightsBuilder makes the page of what the store counted: a pure function of its fields.
type insightsBuilder struct {
	period insightsPeriod
	past   review.Insights
	waits  review.Ageing
	second review.Agreement // of the blind second looks of these days
	now    time.Time
	book   review.PolicyBook
	whole  bool // tables hold all there is, as they leave for a spreadsheet
}

func (b *insightsBuilder) fill(p *views.InsightsPage) {
	p.Lead = b.lead()
	if !b.waits.Ever {
		p.Empty = &views.Empty{Head: "There is nothing to count yet", Text: "The first review and the first decision will show here.",
			Acts: []views.Go{{Href: "/reviews", Words: "To the queue"}}}
		return
	}
	p.Figures = b.figures()
	p.Charts = b.charts()
	p.Record = b.record()
	p.List = views.Go{Href: "/decisions?" + url.Values{"from": {b.period.From}, "to": {b.period.To}, "second": {string(store.AnySecond)}}.Encode(), Words: "The list of decisions of these days"}
	p.Counted = b.counted()
}

func (b *insightsBuilder) lead() string {
	what := ""
	switch b.period.Name {
	case "4":
		what = "This week and the 3 before it, from "
	case "12":
		what = "This week and the 11 before it, from "
	case "year":
		what = "The year so far, from "
	default:
		what = "From "
	}
	return what + b.day(b.past.Days.From) + " to " + b.day(b.past.Days.To-1) + ", counted from the record. Team figures; nobody is ranked."
}

func (b *insightsBuilder) day(d review.Day) string { return views.Day(d.Start(), b.now).Words }

func (b *insightsBuilder) figures() []views.Figure {
	w, in := b.waits, b.past
	all := in.Took[0]
	figures := []views.Figure{
		{Name: "Open now", Value: views.Number(w.Open), More: views.Number(w.Over) + " over target"},
		{Name: "Decided", Value: views.Number(in.Decided), More: "while " + views.Number(in.Opened) + " opened"},
		{Name: "Median to decision", Value: "–", More: "too few to say: " + views.Number(all.N)},
		{Name: "True matches", Value: views.Number(in.All.TrueMatches), More: "of " + views.Number(in.All.N()) + " with a finding"},
		{Name: "Cannot tell", Value: views.Number(in.All.CannotTell), More: "of " + views.Number(in.All.N()) + " with a finding"},
		{Name: "Monitoring halted", Value: views.Number(w.Halted.N), More: "for no subject"},
	}
	if all.N >= review.TooFew {
		figures[2].Value, figures[2].More = views.Age(all.P50), "95 in 100 within "+views.Age(all.P95)
	}
	if len(in.Missing) > 0 {
		figures[4].More = askedFor(in.Missing[0].Fact) + " missing in " + views.Number(in.Missing[0].Findings)
	}
	if w.Halted.N > 0 {
		figures[5].More = pluralOf(w.Halted.N, "subject", "subjects") + ", median " + views.Age(w.Halted.Median)
	}
	return figures
}

// pluralOf is the noun that fits a number which stands apart from it.
func pluralOf(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// record says how these figures and the list of decisions fit together.
func (b *insightsBuilder) record() []views.Said {
	r := b.past.Record
	if r.N() == 0 {
		return []views.Said{{Words: "No decision was made in these days."}}
	}
	parts := []string{views.Number(r.First) + " took effect"}
	for _, p := range []struct {
		n          int
		one, words string
	}{
		{r.Corrections, "corrects an earlier one", "correct an earlier one"},
		{r.Waiting, "waits for a second person", "wait for a second person"},
		{r.Returned, "was sent back", "were sent back"},
		{r.Moved, "fell back because the evidence moved", "fell back because the evidence moved"},
	} {
		if p.n > 0 {
			parts = append(parts, views.Number(p.n)+" "+pluralOf(p.n, p.one, p.words))
		}
	}
	return []views.Said{{Words: views.Plural(r.N(), "decision was made", "decisions were made") + " in these days,", Strong: true},
		{Words: "by the day of making: " + strings.Join(parts, ", ") + "."}}
}

func (b *insightsBuilder) counted() []string {
	return []string{
		"A review counts as opened on the day on which it came to review at Persona, and as decided on the day on which its first decision took effect: " +
			"at once or, where the policy asks for a second person, when they agreed. A decision that waits for a second person, was sent back, or fell back " +
			"because the evidence moved, is not decided. A correction does not count again. What comes back to review is a review of its own.",
		"Time runs in calendar days from opened to decided, without pauses. The median and the others are times that were seen: the shortest that at least 50, 75 or 95 in 100 " +
			"did not exceed (nearest rank). Over target means longer than the target of the policy that the decision was made under, until it took effect; what the list of decisions " +
			"calls late was over it when it was made. A review counts in each kind of report in which it had a finding.",
		"A finding counts on the day on which it was recorded, once for each match of a review, while it holds: one that was taken back or replaced does not. " +
			"By list, it counts once for each list that named the match then, ten at most.",
		"Brackets are 95 % Wilson score intervals: where the true share may lie, had there been more of the same. Of fewer than " + strconv.Itoa(review.TooFew) + " nothing is said. " +
			"Nothing is counted by colleague.",
		"Days are UTC. What waits is as of " + instant(b.waits.At, b.now) + "; the rest as of entry " + views.Number(int(b.past.Newest)) + ", so that findings taken back since do not count.",
	}
}

// csv is the address of a chart's numbers.
func (b *insightsBuilder) csv(id string) string {
	v := b.period.query()
	v.Set("chart", id)
	return "/insights.csv?" + v.Encode()
}

func strongly(words string) views.Said { return views.Said{Words: words, Strong: true} }

func plainly(words string) views.Said { return views.Said{Words: words} }

func countCell(n int) views.ChartCell {
	return views.ChartCell{Words: views.Number(n), Bare: strconv.Itoa(n)}
}

// inTenths writes a share to a tenth of a per cent.
func inTenths(f float64) string { return strconv.FormatFloat(100*f, 'f', 1, 64) + " %" }

func bareShare(f float64) string { return strconv.FormatFloat(f, 'f', 4, 64) }

// shareCells are a share and the bracket around it.
func shareCells(s review.Share) []views.ChartCell {
	if s.TooFew() {
		return []views.ChartCell{{Words: "too few"}, {Words: "–"}}
	}
	i := s.Wilson()
	return []views.ChartCell{{Words: inTenths(s.Value()), Bare: bareShare(s.Value())},
		{Words: strings.TrimSuffix(inTenths(i.Low), " %") + " to " + inTenths(i.High), Bare: bareShare(i.Low) + " to " + bareShare(i.High)}}
}

// portion is a share as it is drawn.
func portion(label string, s review.Share, strong bool) views.Portion {
	of := views.Number(s.N) + " of " + views.Number(s.Of)
	if s.TooFew() {
		return views.Portion{Label: label, Strong: strong, TooFew: "too few to say: " + of}
	}
	i := s.Wilson()
	return views.Portion{Label: label, Strong: strong, Share: s.Value(), Low: i.Low, High: i.High, Words: inTenths(s.Value()), More: of}
}

func ageCell(d time.Duration, few bool) views.ChartCell {
	if few {
		return views.ChartCell{Words: "–"}
	}
	return views.ChartCell{Words: views.Age(d), Bare: strconv.FormatFloat(d.Hours()/24, 'f', 3, 64)}
}

// askedFor is a fact in the middle of a line.
func askedFor(a review.Asked) string {
	w := views.AskedWords(a)
	return strings.ToLower(w[:1]) + w[1:]
}
