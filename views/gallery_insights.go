package views

import (
	"strconv"
	"strings"
	"time"

	"docket/review"
)

func galleryInsights() []Specimen {
	shell := galleryShell("Insights", PlaceInsights)
	shell.Who = galleryWho(review.RoleLead)
	full := InsightsPage{
		Shell: shell, Lead: "This week and the 11 before it, from 31 August to 20 November, counted from the record. Team figures; nobody is ranked.",
		Periods: []Option{{"4", "Last 4 weeks", false}, {"12", "Last 12 weeks", true}, {"year", "2026 so far", false}, {"own", "Own dates", false}},
		From:    "2026-08-31", To: "2026-11-20",
		Figures: []Figure{{"Open now", "61", "6 over target"}, {"Decided", "1,141", "while 1,157 opened"}, {"Median to decision", "1 day 14 h", "95 in 100 within 5 days 19 h"},
			{"True matches", "38", "of 3,084 with a finding"}, {"Cannot tell", "161", "birth date missing in 118"}, {"Monitoring halted", "47", "subjects, median 3 days"}},
		Charts: galleryCharts(),
		Record: []Said{{"1,160 decisions were made in these days,", true}, {"by the day of making: 1,139 took effect, 12 correct an earlier one, 4 wait for a second person, 5 were sent back.", false}},
		List:   Go{"/decisions?from=2026-08-31&to=2026-11-20", "The list of decisions of these days"},
		Counted: []string{"A review counts as opened on the day on which it came to review at Persona, and as decided on the day on which its first decision took effect.",
			"Brackets are 95 % Wilson score intervals. Of fewer than 20 nothing is said."},
	}
	empty := full
	empty.Figures, empty.Charts, empty.Record, empty.Counted = nil, nil, nil, nil
	empty.Empty = &Empty{"There is nothing to count yet", "The first review and the first decision will show here.", []Go{{"/reviews", "To the queue"}}}

	wrong := empty
	wrong.Shell.Problem, wrong.Empty = true, nil
	wrong.Periods = []Option{{"12", "Last 12 weeks", false}, {"own", "Own dates", true}}
	wrong.From, wrong.Problems = "", Problems{Head: "Nothing was counted yet", List: []Problem{{"from", "Write the day as year-month-day, such as 2026-06-18"}}}

	few := full
	few.Figures = []Figure{{"Open now", "0", "0 over target"}, {"Decided", "3", "while 2 opened"}, {"Median to decision", "–", "too few to say: 3"}}
	few.Charts = []Chart{
		{ID: "ageing", Title: "How long open reviews have waited", Says: []Said{{"No review is open.", false}}},
		{ID: "false", Title: "Matches found false positive", Says: []Said{{"3 of 6", true}, {"matches with a finding.", false}},
			Picture: Portions("False positives by kind of report: All 3 of 6", []Portion{{Label: "All", Strong: true, TooFew: "too few to say: 3 of 6"}}, false),
			Table: ChartTable{Caption: "False positives by kind of report", Head: []string{"Report", "False positive", "With a finding", "Share"},
				Rows: []ChartRow{{S("All"), []ChartCell{{"3", "3"}, {"6", "6"}, {Words: "too few"}}}}}},
	}
	one := full
	one.Figures = one.Figures[:2]
	one.Charts = []Chart{galleryBars("ageing", "How long open reviews have waited", []int{0, 0, 1, 0, 0, 0})}

	long := full
	long.Charts = []Chart{galleryLists([]string{strings.Repeat("Consolidated list of persons subject to restrictive measures, ", 8),
		"قائمة الجزاءات الموحدة", "US - OFAC - SDN", "<script>alert(1)</script>", strings.Repeat("W", 300)})}
	return []Specimen{{"insights", full}, {"insights-empty", empty}, {"insights-few", few}, {"insights-one", one}, {"insights-long", long}, {"insights-wrong-dates", wrong}}
}

func galleryCharts() []Chart {
	charts := []Chart{galleryBars("ageing", "How long open reviews have waited", []int{11, 17, 13, 9, 5, 6})}

	kinds := []string{"Watchlist", "Adverse media", "PEP", "Business watchlist", "No open match"}
	wait := Chart{ID: "kinds", Title: "What open reviews wait for", Says: []Said{{"30 of 61", true}, {"have an open match in Watchlist.", false}},
		Key:  []ChartKey{{PlotBar, PlotPlain, "in time"}, {PlotBar, PlotAttention, "due soon"}, {PlotBar, PlotDanger, "over target"}},
		Note: "A review stands in each kind of report that has an open match, so the rows may add up to more than are open.", CSV: "/insights.csv?chart=kinds",
		Table: ChartTable{Caption: "Open reviews by kind of report", Head: []string{"Report", "Open", "Due soon", "Over target", "Oldest"}}}
	var bars []Bar
	for i, k := range kinds {
		n := []int{30, 21, 14, 5, 2}[i]
		bars = append(bars, Bar{k, []BarPiece{{n - 2, PlotPlain}, {1, PlotAttention}, {1, PlotDanger}}, Number(n)})
		wait.Table.Rows = append(wait.Table.Rows, ChartRow{S(k), []ChartCell{{Number(n), ""}, {"1", ""}, {"1", ""}, {"9 days 2 h", ""}}})
	}
	wait.Picture = Bars("Open reviews by kind of report: Watchlist 30; Adverse media 21; PEP 14; Business watchlist 5; No open match 2", bars)

	weeks := Chart{ID: "weeks", Title: "Opened and decided per week", Says: []Said{{"In 12 weeks", false}, {"1,157 opened", true}, {"and", false}, {"1,141 were decided", true}, {", so 16 more wait than before.", false}},
		Key: []ChartKey{{PlotBar, PlotPlain, "opened"}, {PlotBar, PlotSecond, "decided"}}, CSV: "/insights.csv?chart=weeks",
		Table: ChartTable{Caption: "Reviews opened and decided, by week", Head: []string{"Week of", "Opened", "Decided", "Moved on at Persona", "Difference"}}}
	var columns []Column
	for i := range 12 {
		opened, decided := 84+i*37%40, 80+i*23%35
		label := ago(time.Duration(11-i) * 7 * day).Format("2 Jan")
		columns = append(columns, Column{label, opened, decided})
		weeks.Table.Rows = append(weeks.Table.Rows, ChartRow{S(label), []ChartCell{{Number(opened), ""}, {Number(decided), ""}, {"0", ""}, {Number(opened - decided), ""}}})
	}
	weeks.Picture = Columns("Reviews opened and decided per week, 12 weeks", columns)

	times := Chart{ID: "times", Title: "From opened to decided", Says: []Said{{"Half are decided within", false}, {"1 day 14 h", true}, {"and 95 in 100 within", false}, {"5 days 19 h.", true}, {"Adverse media takes longest.", false}},
		Key: []ChartKey{{PlotDot, PlotPlain, "median"}, {PlotRing, PlotPlain, "3 in 4"}, {PlotWhisker, PlotPlain, "19 in 20"}}, CSV: "/insights.csv?chart=times",
		Table: ChartTable{Caption: "Time from opened to decided", Head: []string{"Report", "p50", "p75", "p95", "Decided"}},
		Picture: Spreads("Time from opened to decided, by kind of report", []Spread{{Label: "All", Strong: true, P50: 1.6, P75: 2.9, P95: 5.8, Words: "5 days 19 h"},
			{Label: "Watchlist", P50: 1.8, P75: 3.1, P95: 6, Words: "6 days"}, {Label: "Adverse media", P50: 2.2, P75: 3.8, P95: 7.4, Words: "7 days 9 h"},
			{Label: "Crypto", TooFew: "too few to say: 6"}}, 5, "target"), Note: "The scale is in days."}
	for _, k := range []string{"All", "Watchlist", "Adverse media", "Crypto"} {
		times.Table.Rows = append(times.Table.Rows, ChartRow{S(k), []ChartCell{{"1 day 14 h", ""}, {"2 days 21 h", ""}, {"5 days 19 h", ""}, {"1,141", ""}}})
	}
	missing := Chart{ID: "missing", Title: "What was missing when nobody could tell", Says: []Said{{"161 findings", true}, {"“cannot tell”, by the fact that would have settled it.", false}}, Open: true,
		Table: ChartTable{Caption: "Missing facts, by side", Head: []string{"Fact", "On our side", "On theirs", "Findings"},
			Rows: []ChartRow{{S(AskedWords(review.AskedBirthdate)), []ChartCell{{"9", ""}, {"109", ""}, {"118", ""}}}, {S(AskedWords(review.AskedCountry)), []ChartCell{{"31", ""}, {"22", ""}, {"53", ""}}}}},
		Note: "One finding can lack more than one fact, and a fact on both sides."}
	found := Chart{ID: "false", Title: "Matches found false positive", Says: []Said{{"2,885 of 3,084", true}, {"matches with a finding. The bracket is the 95 % interval: where the true share may lie.", false}}, CSV: "/insights.csv?chart=false",
		Table: ChartTable{Caption: "False positives by kind of report", Head: []string{"Report", "False positive", "With a finding", "Share", "95 % interval"}},
		Picture: Portions("False positives by kind of report", []Portion{{Label: "All", Strong: true, Share: 0.935, Low: 0.926, High: 0.943, Words: "93.5 %", More: "2,885 of 3,084"},
			{Label: "Adverse media", Share: 0.89, Low: 0.869, High: 0.907, Words: "89.0 %", More: "902 of 1,014"}, {Label: "Crypto", TooFew: "too few to say: 3 of 6"}}, false)}
	for _, k := range []string{"All", "Adverse media", "Crypto"} {
		found.Table.Rows = append(found.Table.Rows, ChartRow{S(k), []ChartCell{{"902", ""}, {"1,014", ""}, {"89.0 %", ""}, {"86.9 to 90.7 %", ""}}})
	}
	return append(charts, wait, weeks, times, found, galleryLists([]string{"US - OFAC - SDN", "EU - Consolidated", "UK - OFSI - Consolidated"}), missing)
}

func galleryBars(id, title string, counts []int) Chart {
	c := Chart{ID: id, Title: title, CSV: "/insights.csv?chart=" + id, Says: []Said{{strconv.Itoa(counts[5]) + " of 61", true}, {"are over the 5-day target. The oldest has waited 9 days 2 h.", false}},
		Key:   []ChartKey{{PlotBar, PlotPlain, "in time"}, {PlotBar, PlotAttention, "due soon"}, {PlotBar, PlotDanger, "over target"}},
		Table: ChartTable{Caption: "Open reviews by waiting time", Head: []string{"Waiting", "Reviews"}}}
	words := []string{"less than 1 day", "1 to 2 days", "2 to 3 days", "3 to 4 days", "4 to 5 days", "more than 5 days"}
	tones := []PlotTone{4: PlotAttention, 5: PlotDanger}
	var bars []Bar
	for i, n := range counts {
		bars = append(bars, Bar{words[i], []BarPiece{{n, tones[i]}}, Number(n)})
		c.Table.Rows = append(c.Table.Rows, ChartRow{S(words[i]), []ChartCell{{Number(n), strconv.Itoa(n)}}})
	}
	c.Picture = Bars("Open reviews by waiting time", bars)
	return c
}

func galleryLists(names []string) Chart {
	c := Chart{ID: "lists", Title: "False positives by list", Says: []Said{{"Of matches with a finding, by each list that named them.", false}}, CSV: "/insights.csv?chart=lists",
		Table: ChartTable{Caption: "False positives by list", Head: []string{"List", "False positive", "With a finding", "Share", "95 % interval"}}, Note: "A match that several lists named counts in each."}
	var rows []Portion
	for i, n := range names {
		rows = append(rows, Portion{Label: n, Share: 0.9 - 0.1*float64(i), Low: 0.85 - 0.1*float64(i), High: 0.94 - 0.1*float64(i), Words: "90.0 %", More: "902 of 1,014"})
		c.Table.Rows = append(c.Table.Rows, ChartRow{S(n), []ChartCell{{"902", ""}, {"1,014", ""}, {"90.0 %", ""}, {"85.0 to 94.0 %", ""}}})
	}
	c.Picture = Portions("False positives by list", rows, true)
	return c
}
