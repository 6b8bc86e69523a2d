package web

import (
	"slices"

	"docket/review"
	"docket/views"
)

// How many lists are drawn, and stand in the table; a spreadsheet gets all of them.
const (
	listsDrawn = 10
	listsTold  = 100
)

func (b *insightsBuilder) falsePositives() views.Chart {
	all := b.past.All
	c := views.Chart{ID: "false", Title: "Matches found false positive"}
	if all.N() == 0 {
		c.Says = []views.Said{plainly("No match got a finding in these days.")}
		return c
	}
	c.Says = []views.Said{strongly(views.Number(all.FalsePositives) + " of " + views.Number(all.N())), plainly("matches with a finding. The bracket is the 95 % interval: where the true share may lie."),
		strongly("A high share asks for a look at the template, not for faster clearing.")}
	rows := append([]review.FoundOf{{FalsePositives: all.FalsePositives, TrueMatches: all.TrueMatches, CannotTell: all.CannotTell}}, b.past.Kinds...)
	b.found(&c, "False positives by kind of report", "Report", rows, func(f review.FoundOf) string {
		if f.Key == "" {
			return "All"
		}
		return views.KindShort(review.ReportKind(f.Key))
	}, false)
	return c
}

func (b *insightsBuilder) lists() views.Chart {
	c := views.Chart{ID: "lists", Title: "False positives by list"}
	lists := b.past.Lists
	if len(lists) == 0 {
		c.Says = []views.Said{plainly("No match with a finding named a list in these days.")}
		return c
	}
	c.Says = []views.Said{plainly("Of matches with a finding, by each list that named them. Most came from"), strongly(str(lists[0].Key).Text + ": " + views.Number(lists[0].N()) + ".")}
	if !b.whole && len(lists) > listsTold {
		c.Note = "The " + views.Number(listsTold) + " lists with most findings are told here, all " + views.Number(len(lists)) + " in the CSV."
		lists = lists[:listsTold]
	}
	b.found(&c, "False positives by list", "List", lists, func(f review.FoundOf) string { return f.Key }, true)
	if c.Note == "" {
		c.Note = "A match that several lists named counts in each."
	}
	return c
}

// found fills a chart of the share of false positives.
func (b *insightsBuilder) found(c *views.Chart, what, head string, rows []review.FoundOf, label func(review.FoundOf) string, long bool) {
	c.Table = views.ChartTable{Caption: what, Head: []string{head, "False positive", "True match", "Cannot tell", "With a finding", "Share false", "95 % interval"}}
	var portions []views.Portion
	var parts []string
	for i, f := range rows {
		name := str(label(f))
		if !long || i < listsDrawn {
			portions = append(portions, portion(name.Text, f.Share(), f.Key == ""))
			parts = append(parts, name.Text+" "+views.Number(f.FalsePositives)+" of "+views.Number(f.N()))
		}
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: name, Cells: append([]views.ChartCell{countCell(f.FalsePositives), countCell(f.TrueMatches),
			countCell(f.CannotTell), countCell(f.N())}, shareCells(f.Share())...)})
	}
	c.Picture = views.Portions(altText(what, parts), portions, long)
}

func (b *insightsBuilder) missing() views.Chart {
	in := b.past
	c := views.Chart{ID: "missing", Title: "What was missing when nobody could tell"}
	if in.All.CannotTell == 0 {
		c.Says = []views.Said{plainly("No finding was “cannot tell” in these days.")}
		return c
	}
	c.Says = []views.Said{strongly(views.Plural(in.All.CannotTell, "finding", "findings")), plainly("“cannot tell”, by the fact that would have settled it.")}
	ours := slices.MaxFunc(in.Missing, func(x, y review.MissingOf) int { return x.Ours - y.Ours })
	if ours.Ours > 0 {
		c.Says = append(c.Says, plainly("On our side most often"), strongly(askedFor(ours.Fact)+": ask for it at onboarding."))
	}
	c.Open = true
	c.Table = views.ChartTable{Caption: "Missing facts, by side", Head: []string{"Fact", "On our side", "On theirs", "Findings"}}
	for _, m := range in.Missing {
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: views.S(views.AskedWords(m.Fact)), Cells: []views.ChartCell{countCell(m.Ours), countCell(m.Theirs), countCell(m.Findings)}})
	}
	c.Note = "One finding can lack more than one fact, and a fact on both sides."
	return c
}

func (b *insightsBuilder) halted() views.Chart {
	h := b.waits.Halted
	c := views.Chart{ID: "halted", Title: "Nobody is watching these"}
	if h.N == 0 {
		c.Says = []views.Said{plainly("No subject goes unwatched because a match waits here.")}
		return c
	}
	c.Says = []views.Said{strongly(views.Plural(h.N, "subject", "subjects")), plainly(pluralOf(h.N, "is", "are") + " not screened again, because a match waits here:"),
		plainly("the median for " + views.Age(h.Median) + ", the longest for " + views.Age(b.waits.At.Sub(h.Oldest)) + ".")}
	c.Table = views.ChartTable{Caption: "Subjects whose monitoring stands still, " + instant(b.waits.At, b.now), Head: []string{"Since", "Subjects"}}
	var bars []views.Bar
	var parts []string
	for _, band := range h.Bands {
		words := bandWords(band)
		bars = append(bars, views.Bar{Label: words, Pieces: []views.BarPiece{{N: band.N, Tone: views.PlotAttention}}, Words: views.Number(band.N)})
		parts = append(parts, words+" "+views.Number(band.N))
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: views.S(words), Cells: []views.ChartCell{countCell(band.N)}})
	}
	c.Picture = views.Bars(altText("Subjects whose monitoring stands still, by how long", parts), bars)
	c.Note = "A subject counts once, since its first report stands still, while its review is not closed."
	return c
}

func (b *insightsBuilder) returned() views.Chart {
	c := views.Chart{ID: "returned", Title: "Decisions that a second person sent back"}
	var all review.AnswersOf
	for _, a := range b.past.Answers {
		all.Approved, all.Returned, all.Moved = all.Approved+a.Approved, all.Returned+a.Returned, all.Moved+a.Moved
	}
	if all.Approved+all.Returned+all.Moved == 0 {
		c.Says = []views.Said{plainly("No second person answered a decision in these days.")}
		return c
	}
	c.Says = []views.Said{strongly(views.Number(all.Returned) + " of " + views.Number(all.Share().Of)), plainly("decisions that a second person answered went back to their maker.")}
	if all.Moved > 0 {
		c.Says = append(c.Says, plainly("Besides, "+views.Number(all.Moved)+" fell back before anybody answered, because the evidence moved."))
	}
	c.Table = views.ChartTable{Caption: "Second persons’ answers, by the reason of the decision", Head: []string{"Reason", "Agreed", "Sent back", "Fell back", "Share sent back", "95 % interval"}}
	rows := []views.Portion{portion("All", all.Share(), true)}
	parts := []string{"All " + views.Number(all.Returned) + " of " + views.Number(all.Share().Of)}
	tell := func(name views.Str, a review.AnswersOf) {
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: name, Cells: append([]views.ChartCell{countCell(a.Approved), countCell(a.Returned), countCell(a.Moved)}, shareCells(a.Share())...)})
	}
	tell(views.S("All"), all)
	for _, a := range b.past.Answers {
		words := str(b.book.DecisionReason(b.book.Now().Version, a.Reason)).Text
		rows = append(rows, portion(words, a.Share(), false))
		parts = append(parts, words+" "+views.Number(a.Returned)+" of "+views.Number(a.Share().Of))
		tell(views.S(words), a)
	}
	c.Picture = views.Portions(altText("Share of decisions that a second person sent back, by reason", parts), rows, true)
	return c
}

// agreement is what the blind second looks say, in short: the page on quality says more.
func (b *insightsBuilder) agreement() views.Chart {
	c := views.Chart{ID: "agreement", Title: "How often two reviewers agree", To: views.Go{Href: "/quality", Words: "More on quality"}}
	findings, decisions := b.second.Findings.Same(), b.second.Decisions.Same()
	if findings.Of+decisions.Of == 0 {
		c.Says = []views.Said{plainly("No blind second look was answered in these days.")}
		return c
	}
	c.Says = []views.Said{plainly("What was drawn by lot is looked at again by somebody who cannot see the first answer."),
		strongly(views.Number(findings.N+decisions.N) + " of " + views.Number(findings.Of+decisions.Of)), plainly("second looks said the same. What they disagree on goes to a lead.")}
	c.Table = views.ChartTable{Caption: "Blind second looks that said the same", Head: []string{"What was drawn", "The same", "Looked at twice", "Share", "95 % interval"}}
	var rows []views.Portion
	var parts []string
	for _, of := range []struct {
		label string
		share review.Share
	}{{"Findings", findings}, {"Decisions", decisions}} {
		rows = append(rows, portion(of.label, of.share, false))
		parts = append(parts, of.label+" "+views.Number(of.share.N)+" of "+views.Number(of.share.Of))
		c.Table.Rows = append(c.Table.Rows, views.ChartRow{Name: views.S(of.label),
			Cells: append([]views.ChartCell{countCell(of.share.N), countCell(of.share.Of)}, shareCells(of.share)...)})
	}
	c.Picture = views.Portions(altText("Share of blind second looks that said the same", parts), rows, false)
	return c
}
