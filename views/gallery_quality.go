package views

import "docket/review"

// galleryBlind is the first of the gallery's parties as a second look shows it.
func galleryBlind(form *FindingForm) []Party {
	p := galleryParties()[0]
	p.Status, p.Lead, p.Page, p.Precedent, p.Retest, p.Again, p.Before, p.Undo, p.Form = Tag{}, "", "", nil, nil, nil, "", nil, form
	p.Fold = PartyToReview
	return []Party{p}
}

func galleryQuality() []Specimen {
	facts := []Fact{{"Person, born", V("14 March 1986")}, {"Country", V("Kazakhstan")}, {"Reference", Value{State: review.Present, Str: S("cust-48213"), Mono: true}}}
	form := &FindingForm{Number: 1, Action: "/quality/looks/T0K3N", For: "on this listed party", Blind: true, Reasons: galleryReasons, Premises: galleryTicks(), Missing: galleryMissing()}
	look := SecondLookPage{Shell: galleryShell("Second look", PlaceQuality), Name: S("Ilarion Sarbasov-Kende"), Facts: facts, Asks: "Is this listed party our subject?",
		Head: "1 listed party", Until: At(galleryNow.Add(day), galleryNow), Leave: "/quality/looks/T0K3N/leave", Parties: galleryBlind(form)}

	refused, wrong := look, *form
	refused.Shell.Problem = true
	wrong.Problems = []Problem{{"finding", "Choose a finding: false positive, true match or cannot tell"}, {"reason", "Choose the main reason for this finding"}, {"note", "Say in the note what you looked at"}}
	refused.Parties, refused.Problems = galleryBlind(&wrong), Problems{List: wrong.Problems, At: "-1"}

	whole := look
	whole.Asks, whole.Head, whole.Parties = "What was found on the lists", "2 listed parties", galleryBlind(nil)
	second := galleryBlind(nil)[0]
	second.Number, second.Name = 2, Str{Text: "إيلاريون سارباسوف", Lang: "ar"}
	whole.Parties = append(whole.Parties, second)
	whole.Outcome = &OutcomeForm{Action: "/quality/looks/T0K3N", Reasons: review.DefaultPolicy().Decisions}

	refusedWhole := whole
	refusedWhole.Shell.Problem = true
	problems := []Problem{{"outcome", "Choose to approve or to decline"}, {"reason", "Choose a reason for this decision"}, {"note", "Say in the note what you looked at"}}
	refusedWhole.Outcome = &OutcomeForm{Action: "/quality/looks/T0K3N", Reasons: review.DefaultPolicy().Decisions, Note: " ", Problems: problems}
	refusedWhole.Problems = Problems{List: problems}

	none := look
	none.Name, none.Fallback, none.Facts, none.Parties, none.Until = Str{}, "Erased", nil, nil, Time{}
	none.Asks, none.Head = "There is nothing left to look at", "What this second look was about has been erased since"

	return append([]Specimen{{"look", look}, {"look-problem", refused}, {"look-decision", whole}, {"look-decision-problem", refusedWhole}, {"look-erased", none}},
		galleryFigures(facts)...)
}

func galleryFigures(facts []Fact) []Specimen {
	lead := galleryShell("Quality", PlaceQuality)
	lead.Who = galleryWho(review.RoleLead)
	own := []Fact{{"Second looks that you answered", V("41")}, {"Known answers that you found", V(TooFew())}, {"Your cleared matches, found the same by others", V("38 of 40, 95 % (95 % interval 83 to 99 %)")}, {"Your decisions, made the same by others", V(TooFew())}}
	next := &NextLook{Take: true, Text: "A second look takes a few minutes. While it is open every other page is closed to you, and you can hand it back at any time."}
	quality := QualityPage{Shell: galleryShell("Quality", PlaceQuality), Lead: "One in so many decisions and cleared matches is judged again by a colleague who does not know the first answer.",
		Next: next, Own: own, OwnIs: "Of the last 365 days, until yesterday; only you see them"}

	team := quality
	team.Shell = lead
	team.Notices = []Notice{{Tone: ToneGood, News: true, Strong: "Recorded: your second look."}}
	team.Team = &TeamQuality{
		Days:  "Second looks answered in the last 365 days",
		Facts: []Fact{{"Drawn", V("212")}, {"Answered", V("171")}, {"Waiting now", V("38")}},
		Rows: []AgreementRow{
			{Words: "Decisions", Looks: "61", Same: "58 of 61, 95 %", Range: "87 to 98 %", Kappa: "0.78 (0.54 to 1.00)", AC1: "0.93 (0.85 to 1.00)"},
			{Words: "Findings", Looks: "96", Same: "93 of 96, 97 %", Range: "91 to 99 %", Kappa: "0.00 (0.00 to 0.00)", AC1: "0.97 (0.93 to 1.00)"},
			{Group: "Findings by report", Words: "Watchlist", Looks: "71", Same: "70 of 71, 99 %", Range: "92 to 100 %", Kappa: "0.00 (0.00 to 0.00)", AC1: "0.99 (0.96 to 1.00)"},
			{Words: "Adverse media", Looks: "14", Same: "13 of 14", Few: true},
			{Group: "Findings by the first one’s main reason", Words: "Birth date", Looks: "40", Same: "40 of 40, 100 %", Range: "91 to 100 %", Kappa: "not defined", AC1: "1.00 (1.00 to 1.00)"},
		},
		Cross: []CrossTable{{Caption: "Who decided what", Columns: []string{"Second: approved", "Second: declined"}, Rows: []CrossRow{{"Approved", []string{"51", "2"}}, {"Declined", []string{"1", "7"}}}}},
		Differ: []DisagreementRow{
			{"/quality/disagreements/7", S("Ilarion Sarbasov-Kende"), Go{"/reviews/1042", "R-1042"}, FindingTag(review.FalsePositive), FindingTag(review.CannotTell), At(ago(hour), galleryNow), Tag{Words: "To settle", Tone: ToneAccent}},
			{"/quality/disagreements/3", Str{Text: "رشيد العلوي بن ناصر", Lang: "ar"}, Go{"/reviews/1017", "R-1017"}, OutcomeTag(review.Approve), OutcomeTag(review.Decline), At(ago(9*day), galleryNow), Tag{Words: UpheldWords(review.UpheldFirst)}},
		},
		DifferIs: "1 to settle. Settled: 1 for the first, 0 for the second, 0 for neither",
		Known:    []Fact{{"Items", V("12")}, {"Marked by you", V("3")}, {"Answers that were right", V("9 of 10; " + TooFew())}},
		Mark:     &KnownForm{}, Draws: Go{"/quality/draws", "See what was drawn, and have it drawn again"},
	}

	refused := team
	refused.Shell.Problem = true
	marked := *team.Team
	marked.Mark = &KnownForm{Entry: "1", Problems: Problems{List: []Problem{{"answer", "Choose which finding is right"}, {"note", "Say how the answer is known"}, {"entry", "Enter the number of an entry that records a finding, in a review that a decision closed"}}}}
	refused.Team, refused.Notices = &marked, nil
	unmarked := refused
	taken := *team.Team
	taken.Unmark = UnmarkForm{Marked: "18,204", Problems: Problems{List: []Problem{{"marked", "Enter the number of a finding that is marked as known"}, {"why", "Say why the answer is not known after all"}}}}
	unmarked.Team = &taken

	auditor := team
	auditor.Shell.Who, auditor.Next, auditor.Own, auditor.Notices = galleryWho(review.RoleAuditor), nil, nil, nil
	empty := TeamQuality{Days: team.Team.Days, Facts: []Fact{{"Drawn", V("0")}, {"Answered", V("0")}, {"Waiting now", V("0")}},
		Rows: []AgreementRow{{Words: "Decisions", Looks: "0", Same: "0 of 0", Few: true}, {Words: "Findings", Looks: "0", Same: "0 of 0", Few: true}}, DifferIs: "None to settle", Draws: team.Team.Draws}
	auditor.Team = &empty

	differ := DisagreementPage{Shell: lead, Name: S("Ilarion Sarbasov-Kende"), Fallback: "No name captured", Facts: append([]Fact{{"About", V("A finding on one listed party")}}, facts...),
		Sides: []ArgumentSide{
			{Head: "First", By: S("Noor Haddad"), At: At(ago(30*day), galleryNow), Finding: review.FalsePositive, Reason: "The birth date is another", Rests: "The birth year conflicts.", Note: S("Passport read: born 1986.")},
			{Head: "Second, blind", By: S("Sefa Tuilagi"), At: At(ago(hour), galleryNow), Finding: review.CannotTell, Reason: "Other, said in the note", Rests: "Missing: a full birth date of the listed party.", Note: S("The list gives a year alone, and says “about”. The name is the same in both scripts.")},
		},
		Parties: galleryBlind(nil), Form: &ResolveForm{Action: "/quality/disagreements/7", Third: []review.Finding{review.TrueMatch}}}
	differ.Shell.Title = "Disagreement"
	unsure := differ
	unsure.Shell.Problem = true
	unsure.Problems = Problems{List: []Problem{{"upheld", "Choose who is right, or give a third finding"}, {"finding", "Choose which finding it is instead"}, {"note", "Say in the note what you looked at"}}}
	settled := differ
	settled.Form, settled.Resolution = nil, &ResolutionCard{Words: UpheldWords(review.UpheldSecond), Finding: review.CannotTell, By: S("Tomasz Lindqvist"), At: At(ago(hour), galleryNow), Entry: "18,301",
		Note: S("“About 1979” does not conflict with 1986."), Correct: Go{"/reviews/1042#correct", "Correct the decision"}, Keep: &KeepKnown{"18201", review.CannotTell, "“About 1979” does not conflict with 1986."}}
	other := differ
	other.Form, other.Hold = nil, "A lead or an admin who is neither of the two settles it."
	other.Parties, other.Gone = nil, "It was erased since; what the two said of it stays."

	draws := DrawsPage{Shell: lead, Lead: "For each decision that takes effect a lot is drawn from a seed: for the decision, and for each match that it cleared. Opening this page draws all of them again.",
		Rows: []DrawRow{{Policy: "Version 2", Drawn: "4 of 31", Findings: "9 of 70", Commitment: groups(gallerySeal), Verdict: Tag{Words: "The same", Tone: ToneGood}},
			{Policy: "Version 1", Drawn: "40 of 310", Findings: "88 of 702", Commitment: groups(gallerySeal), Seed: groups(gallerySeal), Verdict: Tag{Words: "1 draw not as recorded", Tone: ToneDanger}}}}
	draws.Shell.Title = "The draw"
	noDraws := draws
	noDraws.Rows, noDraws.Notices = nil, []Notice{{Strong: "Nothing was drawn yet."}}

	return []Specimen{{"quality", quality}, {"quality-lead", team}, {"quality-problem", refused}, {"quality-unmark", unmarked}, {"quality-auditor", auditor},
		{"disagreement", differ}, {"disagreement-problem", unsure}, {"disagreement-settled", settled}, {"disagreement-erased", other}, {"draws", draws}, {"draws-none", noDraws}}
}
