package views

import (
	"strconv"
	"strings"

	"docket/review"
)

func groups(digest string) []string {
	var all []string
	for i := 0; i+8 <= len(digest); i += 8 {
		all = append(all, digest[i:i+8])
	}
	return all
}

func galleryDecisions() []DecisionCard {
	return []DecisionCard{
		{Entry: "18,240", Outcome: review.Approve, Reason: galleryDecided(review.ReasonAllFalsePositive), By: S("Noor Haddad"), Role: review.RoleReviewer, At: At(galleryNow, galleryNow), Tally: "3 false positives", Evidence: "3f9a27c1…", Corrects: "Corrects entry 18,231",
			Note: S("Employer letter and port pass read, both name the subject since 2017.")},
		{Entry: "18,231", Outcome: review.Decline, Reason: galleryDecided(review.ReasonCannotTell), By: S("Sefa Tuilagi"), Role: review.RoleLead, At: At(ago(3*hour), galleryNow), Tally: "2 false positive, 1 cannot tell", Evidence: "b81e40a7…", Past: true},
	}
}

func galleryDecision() []Specimen {
	id := galleryIdentity()
	id.Path = []Go{{"/reviews", "Queue"}, {"/reviews/1042", "R-1042"}, {"", "Decision"}}
	id.Place, id.Previous, id.Next, id.Prefix, id.Claim = "", "", "", "Decide:", Claim{}

	you := S("You")
	ready := DecisionPage{
		Shell: galleryShell("Decide R-1042 Ilarion Sarbasov-Kende", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: id, Lead: "5 of 5 matches have one",
		Findings: []FindingLine{
			{Number: "1", Name: S("SARBASSOV, Ilarion Temirovich"), Matches: "1", Finding: review.FalsePositive, Rests: "Birth year differs by 7; sex differs", Reason: galleryChief(review.ReasonBirthdate), Note: S("Identity card read."), By: you, At: At(ago(hour), galleryNow), Change: "/reviews/1042#party-1"},
			{Number: "2", Name: S("Ilarion Sarbasov"), Matches: "2", Mixed: "1 true match, 1 false positive", By: you, At: At(ago(hour), galleryNow), Change: "/reviews/1042#party-2"},
			{Number: "3", Name: Str{Text: "САРБАСОВА, Илария", Lang: "ru"}, Matches: "1", Finding: review.TrueMatch, Reason: galleryChief(review.ReasonDocument), By: S("Sefa Tuilagi"), At: At(ago(25*hour), galleryNow), Change: "/reviews/1042#party-3"},
			{Number: "4", Name: Str{Text: "إيلاريون سارباسوف", Lang: "ar"}, Matches: "1", Finding: review.CannotTell, Rests: "Missing: a full birth date of the listed party", Reason: galleryChief(review.ReasonOther), Note: S("No birth date on either side."), By: you, At: At(ago(hour), galleryNow), Change: "/reviews/1042#party-4"},
		},
		Seal: groups(gallerySeal), SealIs: "sha-256 of what the page showed at 09:41:07 UTC",
		Rests: []Fact{{"Last run", V("18 November, 05:12 UTC; nothing received since")}, {"Missing", V("Day and month of birth of party 1. Sex of party 4.")}, {"Rules", V("comparator 1")}},
		Form: &DecisionForm{Action: "/reviews/1042/decision", Evidence: gallerySeal, Reasons: review.DefaultPolicy().Decisions, Approve: "Takes effect in docket at once. Nothing is sent to Persona yet.", Decline: "Takes effect in docket at once. A lead can correct it later; this decision stays on the record.",
			Back: Go{"/reviews/1042", "Go back to the review"}},
		Back: Go{"/reviews/1042", "Go back to the review"},
	}

	refused := ready
	refused.Shell.Problem = true
	form := *ready.Form
	form.Problems = []Problem{{"outcome", "Choose to approve or to decline"}, {"reason", "Choose a reason for this decision"}, {"note", "Say in the note what you looked at"}}
	form.Note = "Employer letter and port pass read."
	refused.Form, refused.Problems = &form, Problems{List: append([]Problem{{"match", "Give each of the 3 open matches a finding before you decide"}}, form.Problems...)}

	missing := ready
	missing.Findings = append([]FindingLine(nil), ready.Findings...)
	missing.Findings[0] = FindingLine{Number: "1", Name: S("SARBASSOV, Ilarion Temirovich"), Matches: "1", Waits: Tag{Words: "Cleared before"}, Change: "/reviews/1042#party-1"}
	missing.Lead, missing.Form, missing.Hold = "4 of 5 matches have one", nil, &Hold{"Give the last open match a finding before you decide.", ""}

	nothing := ready
	nothing.Findings, nothing.Lead, nothing.None = nil, "", "There is no open match, so there is nothing to have a finding on."

	free := missing
	free.Hold = &Hold{"Claim this review to decide it.", "/reviews/1042/claim"}

	stale := StalePage{
		Shell: galleryShell("The evidence moved, R-1042", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: id,
		Strong: "Your decision was not recorded, and nothing was sent", Text: "You pressed Approve at 09:41:07 UTC on a page from 09:34:40. Persona delivered a new run at 09:40:12. A decision must rest on what its maker saw, so it was refused.",
		Lead: "1 change, 1 new match",
		Changes: &Comparison{Caption: "What the page showed and what holds now", Left: "Your page, 09:34:40", Right: "Now, 09:40:12", Wide: true, Rows: []CompareRow{
			{Label: "Party 2, born", Mark: MarkChanged, Left: Side{Str: S("1986 or 1971"), Note: "to the year"}, Right: Side{Pieces: []Piece{{"14 March", true}, {" 1986", false}}, Note: "to the day"}},
			{Label: "Matches", Mark: MarkAdded, Left: Side{None: "not there"}, Right: Side{Str: Str{Text: "伊拉里昂", Lang: "zh"}, Note: "watchlist, a 5th party, no finding yet"}},
			{Label: "Party 3, articles", Mark: MarkGone, Left: Side{Str: S("5")}, Right: Side{Str: S("4")}},
			{Label: "Parties 1 and 4", Mark: MarkSame, Left: Side{None: "2 comparisons"}, Right: Side{None: "unchanged"}}}},
		Effects: []Effect{{true, "Party 2, false positive: look again.", "The birth date now agrees to the day."}, {true, "Party 5: no finding yet.", ""}, {false, "Parties 1, 3 and 4: unchanged.", "Your findings stand."}},
		Kept:    []Fact{{"Reason", V(galleryDecided(review.ReasonAllFalsePositive))}, {"Note", V("Employer letter and port pass read, both name the subject since 2017.")}},
		Return:  &KeptForm{Action: "/reviews/1042/decision", Hidden: []Hidden{{"reason", "all_false_positive"}, {"note", "Employer letter"}, {"evidence", gallerySeal}}, Words: "Look at the decision again"},
		Acts:    []Go{{"/reviews/1042#party-2", "Look at party 2 again"}, {"/reviews", "Go to the queue"}},
		Then:    groups(gallerySeal), Now: groups(strings.Repeat("b81e40a77c93d251", 4)), Entry: "18,231",
	}
	stale.Identity.Prefix = "The evidence moved:"
	unknown := stale
	unknown.Changes, unknown.Lead, unknown.Effects, unknown.Kept, unknown.Return = nil, "", nil, nil, nil
	unknown.Unknown = "What your page showed cannot be rebuilt any more. Open the review to see how it stands now."

	list := DecisionsPage{
		Shell: galleryShell("Decisions", PlaceDecisions), Lead: "1,291 since 2 January 2026.",
		Ledger:  LedgerLine{ToneGood, "The ledger is whole: 18,209 entries", "Checked on 12 June 2026, 09:14:05 UTC. What is added is checked as it comes, and all of it once a day. The newest checkpoint, of 18,168 entries, is also kept in 2 places outside the database.", Go{"/ledger", "Open the ledger"}},
		Exports: []Go{{"/decisions.csv?from=2026-11-01", "Export 46 as CSV"}, {"/decisions.ndjson?from=2026-11-01", "as NDJSON"}},
		From:    "2026-11-01", To: "2026-11-20", Clear: "/decisions", Showing: "Showing 1 to 12 of 46, newest first.", Caption: "Decisions from 1 to 20 November 2026, newest first",
		Outcomes: []Option{{"", "Any", true}, {"approve", "Approved", false}, {"decline", "Declined", false}}, People: []Option{{"", "Anyone", true}, {"noor", "Noor Haddad", false}},
		Next: Go{"/decisions?after=x", "Next 25"}, Columns: galleryColumns("decided_at", "subject", "findings", "reason", "decided_by", "second", "policy_version", "entry", "outcome"),
	}
	galleryDecisionFilters(&list)
	for i := range 12 {
		p := galleryPeople[i]
		n := strconv.Itoa(18201 - 11*i)
		r := DecisionRow{Review: strconv.Itoa(1049 - 3*i), Entry: n, AsSeen: "/reviews/" + strconv.Itoa(1049-3*i) + "/as-seen/" + n, Number: n[:2] + "," + n[2:], Outcome: review.Approve, Href: "/reviews/" + strconv.Itoa(1049-3*i), Name: "R-" + strconv.Itoa(1049-3*i),
			Subject: Str{Text: p.name, Lang: p.lang}, At: At(ago(timeStep(i)), galleryNow), Tally: Plural(i+1, "false positive", "false positives"), Reason: galleryDecided(review.ReasonAllFalsePositive), By: S("Jun’ichi Arakawa"), Role: review.RoleReviewer}
		if i%4 == 0 {
			r.Outcome, r.True, r.Tally, r.Reason = review.Decline, true, "1 true match", galleryDecided(review.ReasonTrueMatch)
		}
		if i == 5 {
			r.Corrects, r.Role = "corrects 18,110", review.RoleLead
		}
		r.Past = i == 8
		r.Second, r.Answered, r.Waited, r.Late = review.SecondNotNeeded, Str{}, "", i == 3
		switch i % 4 {
		case 0:
			r.Second, r.Answered = review.SecondAgreed, S("Tomasz Lindqvist")
		case 2:
			r.Second, r.Waited = review.SecondWaiting, "18 h"
		case 3:
			r.Second, r.Answered = review.SecondReturned, S("Tomasz Lindqvist")
		}
		for _, c := range list.Columns {
			r.Cells = append(r.Cells, DecisionCell{DecisionColumn: c, Text: S("7")})
		}
		list.Rows = append(list.Rows, r)
	}
	empty := list
	empty.Rows, empty.Next, empty.Empty = nil, Go{}, &Empty{"No decision fits these filters", "46 were taken this month.", []Go{{"/decisions", "Show all 1,291"}}}
	empty.Exports = nil
	empty.Ledger = LedgerLine{ToneDanger, "The ledger does not prove from entry 12,044 on", "The record is not the one that was sealed. The 12,043 entries before it are whole.", Go{"/ledger", "Open the ledger"}}
	wrong := list
	wrong.Shell.Problem = true
	wrong.From, wrong.Problems = "", Problems{Head: "The dates were not used", List: []Problem{{"from", "Write the first day as YYYY-MM-DD"}}}

	wide := list
	wide.Chosen, wide.Columns, wide.Rows = true, galleryColumns("subject", "transaction", "reference_id", "lists", "over_target", "evidence", "entry", "outcome"), nil
	for _, r := range list.Rows {
		r.Cells = nil
		for _, c := range wide.Columns {
			r.Cells = append(r.Cells, DecisionCell{DecisionColumn: c, Text: S("OFAC SDN; EU consolidated list; 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")})
		}
		wide.Rows = append(wide.Rows, r)
	}
	refusedView := list
	refusedView.Shell.Problem, refusedView.Saved.Open = true, true
	refusedView.Problems = Problems{Head: "The view was not kept", List: []Problem{{"name", "Give the view a name"}}}
	refusedView.Saved.Problem = "Give the view a name"
	renamed := list
	renamed.Shell.Problem, renamed.Saved.Open = true, true
	renamed.Saved.Views = append([]SavedView(nil), list.Saved.Views...)
	renamed.Saved.Views[0].Typed, renamed.Saved.Views[0].Problem = "Late ones", "Another view of yours has this name"
	renamed.Problems = Problems{Head: "The view was not kept", List: []Problem{{"name-" + renamed.Saved.Views[0].ID, "Another view of yours has this name"}}}
	auditor := list
	auditor.Ledger = LedgerLine{Head: "The ledger has 18,209 entries", Text: "Nobody has looked at it since docket started."}
	auditor.Shell.Who, auditor.Saved.Keep = galleryWho(review.RoleAuditor), false
	auditor.Saved.Views = auditor.Saved.Views[2:]

	return []Specimen{{"decision", ready}, {"decision-refused", refused}, {"decision-missing", missing}, {"decision-no-match", nothing}, {"decision-free", free}, {"stale", stale}, {"stale-unknown", unknown},
		{"decisions", list}, {"decisions-empty", empty}, {"decisions-wrong-dates", wrong}, {"decisions-columns", wide}, {"decisions-view-refused", refusedView}, {"decisions-view-renamed", renamed}, {"decisions-auditor", auditor}}
}

func galleryColumns(names ...string) []DecisionColumn {
	var all []DecisionColumn
	for _, n := range names {
		all = append(all, DecisionColumn{n, ColumnWords(n), n == "entry" || n == "policy_version"})
	}
	return all
}

// galleryDecisionFilters fills the form of the list, and the views that have a name.
func galleryDecisionFilters(p *DecisionsPage) {
	p.Reasons = []Option{{"", "Any", true}, {"true_match", "A match is true", false}}
	p.Kinds = []Option{{"", "Any", true}, {"watchlist", "Watchlist", false}}
	p.Lists = []Option{{"", "Any", true}, {"OFAC SDN", "OFAC SDN", false}}
	p.Policies = []Option{{"", "Any", true}, {"7", "7", false}}
	p.Seconds = []Option{{"", "Any", true}, {"waiting", "Awaited", false}}
	p.Correcteds = []Option{{"", "Any", true}, {"yes", "Corrected since", false}}
	p.Lates = []Option{{"", "Any", true}, {"yes", "Over target", false}}
	p.Choices = []ColumnChoice{{"decided_at", "Decided", true}, {"subject", "Review and subject", true}, {"lists", "Lists", false}, {"evidence", "Evidence", false}}
	p.Set = []string{"from 1 November", "to 20 November"}
	p.Saved = SavedViews{Keep: true, Query: "from=2026-11-01", Searched: true, Views: []SavedView{
		{ID: "1", Name: S("Declines of the month"), Href: "/decisions?outcome=decline", Whose: "yours", Current: true},
		{ID: "2", Name: S("Late ones, for the monthly meeting of everybody who looks after them"), Href: "/decisions?overdue=yes", Whose: "yours, shared", Shared: true},
		{Name: S("للمراجعة"), Href: "/decisions?second=waiting", Whose: "shared by Tomasz Lindqvist", Shared: true},
	}}
}
