package views

import (
	"strings"

	"docket/review"
)

// galleryChanges is what changed since an earlier review, and since an earlier look yet.
func galleryChanges() *Changes {
	return &Changes{
		Head: "What changed since 3 March", Lead: "Compared with what Mireille Okonkwo-Brandt had on screen. 5 changes, 1 new party. Nothing since your own last look, today, 09:02 UTC.",
		Table: &Comparison{Caption: "What changed between 3 March and now", Left: "3 March, when R-871 was decided", Right: "Now", Wide: true, Rows: []CompareRow{
			{Label: "Party 2, born", Mark: MarkChanged, Left: Side{Str: S("1971")}, Right: Side{Str: S("1971 or 1986"), Pieces: []Piece{{"1971", false}, {" or ", false}, {"1986", true}}}},
			{Label: "Party 2, verdict on birth date", Mark: MarkChanged, Left: Side{Str: S("conflict"), Pieces: []Piece{{"conflict", true}}, Note: "Born 15 years apart"}, Right: Side{Str: S("agree"), Pieces: []Piece{{"agree", true}}, Note: "Same year of birth; one side gives only the year"}},
			{Label: "Party 3, articles", Mark: MarkGone, Left: Side{Str: S("Port levy case adjourned, 2019"), Pieces: []Piece{{"Port levy case adjourned, 2019", true}}, Note: "5 in all", More: []Str{S("Levy fund audited"), S("and 3 more")}, MoreIs: "4 more values"}, Right: Side{None: "4 in all"}},
			{Label: "Party 5", Mark: MarkAdded, Left: Side{None: "not there"}, Right: Side{Str: Str{Text: "КАСЫМБЕКОВА, Орлана", Lang: "ru"}, Note: "Watchlist and adverse media, born 1989"}},
			{Label: "Account, country", Mark: MarkChanged, Left: Side{Str: S("Kazakhstan"), Pieces: []Piece{{"Kazakhstan", true}}}, Right: Side{Str: S("Germany"), Pieces: []Piece{{"Germany", true}}}},
			{Label: "Parties 1 and 4", Mark: MarkSame, Left: Side{None: "2 comparisons"}, Right: Side{None: "unchanged"}},
			{Label: "Query", Mark: MarkSame, Left: Side{None: "6 values"}, Right: Side{None: "the same 6 values"}},
		}},
		Left: "and 14 more changes",
	}
}

func galleryDelta() []Specimen {
	moved := galleryReviewPage()
	moved.Changes = galleryChanges()
	moved.Panel.Places = append([]PanelPlace{{Href: "#changes", Words: moved.Changes.Head}}, moved.Panel.Places...)

	twice := galleryReviewPage()
	twice.Changes = &Changes{Head: "What changed since today, 09:02 UTC", Lead: "Compared with what you had on screen. 1 change.",
		Table: &Comparison{Caption: "What changed between today, 09:02 UTC and now", Left: "Today, 09:02 UTC, when you looked", Right: "Now", Wide: true, Rows: []CompareRow{
			{Label: "Status at Persona", Mark: MarkChanged, Left: Side{Str: S("needs review")}, Right: Side{Str: S("escalated")}}}},
		Further: galleryChanges()}

	same := galleryReviewPage()
	same.Changes = &Changes{Head: "What changed since 3 March", Lead: "Nothing: the evidence is what Mireille Okonkwo-Brandt had on screen."}

	whole := held(galleryReviewPage(), nil)
	seen := AsSeenPage{Shell: galleryShell("R-1042 as it stood at entry 18,205", PlaceQueue), Main: whole.Main, Identity: whole.Identity,
		Seen: AsSeen{Entry: "18,205", By: S("Noor Haddad"), Words: "found a false positive, 2 matches of party 3",
			Time:  Time{"2026-11-20T09:21:40Z", "20 November 2026, 09:21:40", "UTC"},
			Facts: []Fact{{"Compared by", V("version 3 of the rules")}}, Digest: groups(gallerySeal),
			Now: Go{"/reviews/1042", "See R-1042 as it stands now"}},
		Lead: whole.Lead, Parties: whole.Parties, Dismissed: whole.Dismissed, Away: whole.Away, Reports: whole.Reports, ReportsIs: whole.ReportsIs,
		Records: whole.Records, RecordsIs: whole.RecordsIs, Trail: whole.Trail,
		Panel: Panel{Parties: whole.Panel.Parties, Places: []PanelPlace{{"#matches", "Matches", "4"}, {"#trail", "Trail", "5"}}}}
	seen.Identity.Path = []Go{{"/reviews", "Queue"}, {"/reviews/1042", "R-1042"}, {"", "As it stood at entry 18,205"}}
	seen.Identity.Prefix, seen.Identity.Claim = "As it stood:", Claim{}
	seen.Identity.Place, seen.Identity.Previous, seen.Identity.Next = "", "", ""
	seen.Trail.Entries = append([]Entry(nil), seen.Trail.Entries...)
	for i := range seen.Trail.Entries {
		seen.Trail.Entries[i].AsSeen = "/reviews/1042/as-seen/" + seen.Trail.Entries[i].ID
	}

	old := seen
	old.Seen.By, old.Seen.Words, old.Seen.Time = Str{}, "docket: review opened", Time{"2025-11-20T09:21:40Z", "20 November 2025, 09:21:40", "UTC"}
	old.Seen.Years = "Days without a year are of 2025."
	old.Decisions = galleryDecisions()
	old.Parties, old.Dismissed, old.Panel.Parties, old.None = nil, nil, nil, "No report left an open match, so there is nothing to compare."
	old.Main = galleryMain(review.StateClosed)

	lost := ProblemPage{Shell: galleryShell("This cannot be shown as it was", PlaceNone), Status: 500, Head: "This cannot be shown as it was", Reference: "840bf1388295573c",
		Text: "Entry 18,205 rests on evidence " + gallerySeal + ". What is kept of it reads as " + strings.Repeat("b81e40a77c93d251", 4) + ": it is not what was on the page then, and is not shown in its place. Nothing was changed by asking. Tell whoever looks after docket.",
		Acts: []Go{{"/reviews/1042", "Open R-1042 as it stands now"}}}

	echoed, elsewhere := galleryJudged()
	return []Specimen{{"review-changes", moved}, {"review-changes-twice", twice}, {"review-changes-none", same},
		{"review-closed-told", echoed}, {"review-closed-changed", elsewhere}, {"as-seen", seen}, {"as-seen-old", old}, {"as-seen-lost", lost}}
}

// galleryJudged is a closed review of which only what docket told Persona changed since, and one of
// which more did.
func galleryJudged() (told, more ReviewPage) {
	shown, today := "Matches, reports and records as they stood at the decision, 19 November, 16:20 UTC.", Go{"/transactions/txn_gallery1042", "See today’s state"}
	echo := "the status is now approved, 3 matches are dismissed, and the fields review_reason and reviewed_by are written."
	told = held(galleryReviewPage(), nil)
	told.Main, told.Decisions = galleryMain(review.StateClosed), galleryDecisions()
	told.Notices = []Notice{{Text: shown + " Only what docket told Persona has changed since: " + echo, To: today}}
	more = told
	more.Notices = []Notice{{Strong: shown, Text: "They have changed at Persona since.", To: today}}
	more.Changes = &Changes{Head: "What else changed since 19 November",
		Fold: "2 changes", Lead: "Compared with what the decision rests on. Not counted is what docket told Persona: " + echo,
		Table: &Comparison{Caption: "What changed between 19 November and now", Left: "19 November, when it was decided", Right: "Now", Wide: true, Rows: []CompareRow{
			{Label: "Government id document", Mark: MarkAdded, Left: Side{None: "named, never received"}, Right: Side{Str: S("Orlan Kasymbek · processed"), Note: "doc_gallery1042"}},
			{Label: "Tags", Mark: MarkChanged, Left: Side{Str: S("priority")}, Right: Side{Str: S("priority, reseller"), Pieces: []Piece{{"priority, ", false}, {"reseller", true}}}},
			{Label: "Query", Mark: MarkSame, Left: Side{None: "6 values"}, Right: Side{None: "the same 6 values"}}}}}
	return told, more
}
