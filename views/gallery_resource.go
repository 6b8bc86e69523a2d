package views

import (
	"strconv"
	"time"

	"docket/review"
)

func timeStep(i int) time.Duration { return time.Duration(i) * 7 * hour }

func galleryResource() []Specimen {
	id := galleryIdentity()
	id.Path, id.Place, id.Previous, id.Next, id.Claim = []Go{{"/reviews", "Queue"}, {"", "Transaction"}}, "", "", "", Claim{}
	id.Status = Tag{"needs_review", ToneAccent}
	parties := galleryParties()[:2]
	for i := range parties {
		parties[i].Form = nil
	}
	txn := TransactionPage{
		Shell: galleryShell("Transaction of Ilarion Sarbasov-Kende", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: id,
		Reviews: []ReviewLine{
			{"1042", "/reviews/1042", "R-1042", StateTag(review.StateOpen, true), At(ago(6*day), galleryNow), Time{}, OpeningWords(review.OpeningMatches)},
			{"871", "/reviews/871", "R-871", OutcomeTag(review.Approve), At(ago(400*day), galleryNow), At(ago(398*day), galleryNow), ClosingWords(review.ClosingDecided)}},
		Decisions: galleryDecisions()[:1], Parties: parties, Lead: "3 matches of 2 listed parties", Reports: galleryReports()[:2], ReportsIs: "2 screenings", Fields: galleryRecords()[0].Fields,
		Records: galleryRecords(), RecordsIs: "What Persona sent about this subject", Payloads: galleryPayloads(),
	}
	waits := txn
	waits.Reviews, waits.Decisions, waits.Parties, waits.None = nil, nil, nil, "It has never needed a review here."
	waits.Notices = []Notice{{Strong: "It waits for its subject.", Text: "The subject has to finish an inquiry.", To: Go{"/resources/inquiry/inq_1", "The inquiry"}}}
	waits.Reports, waits.ReportsIs = nil, "None captured"

	rid := Identity{Path: []Go{{"/reviews", "Queue"}, {"/transactions/txn_gallery1042", "Transaction"}, {"", "Account"}}, Prefix: "Account", Name: S("act_9fKq27LmXd"), Status: CaptureTag(review.CaptureFull), Facts: []Fact{{"Type", Value{State: review.Present, Str: S("account"), Mono: true}}, {"Updated", Value{State: review.Present, Time: At(ago(day), galleryNow)}}}}
	account := ResourcePage{Shell: galleryShell("Account act_9fKq27LmXd", PlaceQueue), Identity: rid, Record: galleryRecords()[0], Links: galleryRecords()[0].Relations, Payloads: galleryPayloads()}
	check := account
	check.Record, check.Identity.Prefix, check.Identity.Name = galleryRecords()[1], "Government id check", S("ver_k7TqE5w2Hn")
	report := account
	r := galleryReports()[0]
	report.Report, report.Record, report.Identity.Prefix, report.Identity.Name = &r, Record{Ref: "report/watchlist/rep_wLm3Zt8KqP", Capture: review.CaptureFull}, "Watchlist report", S(r.ID)
	never := account
	never.Record, never.Payloads = Record{Ref: "case/case_8Rw1GfTzKe", ID: "case_8Rw1GfTzKe", Capture: review.CaptureAbsent}, Payloads{}
	never.Identity.Prefix, never.Identity.Name, never.Identity.Status, never.Identity.Facts = "Case", S("case_8Rw1GfTzKe"), CaptureTag(review.CaptureAbsent), nil
	never.Notices = []Notice{{Tone: ToneAttention, Strong: "Named, never received.", Text: "Another record names it; no payload with it has reached docket."}}
	return []Specimen{{"transaction", txn}, {"transaction-fallback", waits}, {"case", galleryCase(parties)}, {"case-bare", galleryBareCase()}, {"resource", account}, {"resource-check", check}, {"resource-report", report}, {"resource-never-received", never}}
}

func galleryCase(parties []Party) CasePage {
	reports, records := galleryReports(), galleryRecords()
	return CasePage{
		Shell: galleryShell("Case MRR-3", PlaceNone), Main: Main{Root: "case/case_8Rw1GfTzKe", State: string(review.StateOpen)},
		Identity: Identity{Path: []Go{{"/reviews", "Queue"}, {"", "Case"}}, Prefix: "Case", Name: S("MRR-3"), Status: CaptureTag(review.CaptureFull),
			Facts: []Fact{{"At Persona", V("Open")}, {"Assignee", V("otavio@bank.example")}, {"Queue", V("KYB second line")},
				{"Due", Value{State: review.Present, Tag: Tag{"18 November, 09:00 UTC, over by 2 days", ToneDanger}}}}},
		Reviews: []ReviewLine{{"1042", "/reviews/1042", "R-1042", StateTag(review.StateOpen, true), At(ago(6*day), galleryNow), Time{}, OpeningWords(review.OpeningStatus)}},
		Parties: parties, Lead: "3 open matches of 2 listed parties", ExaminedIs: "1 business and 2 people",
		Examined: []Examined{
			{At: "1", Subject: "act_firm", Kind: "Business", Name: S("Tern & Tide Fisheries Lda."), Facts: []Fact{{"Country", V("Portugal")}}, Holds: "1 report", Reports: reports[:1]},
			{At: "2", Subject: "act_rui", Kind: "Person", Name: S("Rui Valadares"), Facts: []Fact{{"Person, born", V("9 April 1971")}}, Holds: "1 report, 1 record", Reports: reports[1:2], Records: records[:1]},
			{At: "3", Kind: "Person", Fallback: "without a name"}},
		Rest: Examined{At: "4", Kind: "Not told whose", Holds: "1 record", Records: records[1:2]},
		Transactions: []CaseTransaction{
			{ID: "txn_firm", Href: "/transactions/txn_firm", Subject: S("Tern & Tide Fisheries Lda."), Reference: S("firm-1"), Status: S("needs_review"), Created: Day(ago(8*day), galleryNow)},
			{ID: "txn_never", Href: "/transactions/txn_never", Absent: true}},
		Comments: []Comment{{By: S("otavio@bank.example"), At: At(ago(day), galleryNow), Text: S("Waiting for the register's extract.")}},
		Fields:   records[0].Fields, Payloads: galleryPayloads(), Fetch: "/resources/case/case_8Rw1GfTzKe/fetch",
	}
}

func galleryBareCase() CasePage {
	return CasePage{Shell: galleryShell("Case case_bare", PlaceNone), Main: Main{Root: "case/case_bare"},
		Identity: Identity{Path: []Go{{"/reviews", "Queue"}, {"", "Case"}}, Prefix: "Case", Name: S("case_bare"), Status: CaptureTag(review.CaptureThin)},
		None:     "No review: cases are not reviewed here, their transactions are.", ExaminedIs: "Nobody is named by what was captured of it."}
}

func galleryOffice() []Specimen {
	var all []Specimen
	for _, status := range []int{400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503} {
		p := ProblemPage{Shell: galleryShell("Problem", PlaceNone), Status: status}
		switch status {
		case 404:
			p.Head = "There is no review R-9041"
		case 409:
			p.Head, p.Text, p.Acts = "Sefa Tuilagi was first", "She claimed R-1042 at 09:40:58 UTC. Nothing was changed.", []Go{{"/reviews/1042", "Open the review"}, {"/reviews", "Go to the queue"}}
		case 500:
			p.Reference = "7f3a19c0"
		case 503:
			p.Shell.Who = nil
		}
		all = append(all, Specimen{"problem-" + strconv.Itoa(status), p})
	}

	shell := galleryShell("Colleagues", PlaceColleagues)
	shell.Who = galleryWho(review.RoleAdmin)
	colleagues := ColleaguesPage{Shell: shell, Lead: "4 colleagues, 1 may not sign in", Add: ColleagueForm{Action: "/admin/colleagues"}}
	for i, r := range review.Roles() {
		id := string(r)
		row := ColleagueRow{ID: id, Name: S([]string{"Noor Haddad", "Sefa Tuilagi", "Jun’ichi Arakawa", "Mireille Okonkwo"}[i]), Role: r, SignedIn: At(ago(timeStep(i)), galleryNow),
			SetRole: "/admin/colleagues/" + id + "/role", Disable: "/admin/colleagues/" + id + "/disable", Password: "/admin/colleagues/" + id + "/password"}
		switch r {
		case review.RoleAdmin:
			row.You, row.SetRole, row.Disable = true, "", ""
		case review.RoleLead:
			row.Disabled, row.Disable, row.Enable, row.SignedIn = true, "", "/admin/colleagues/"+id+"/enable", Time{}
		}
		colleagues.Rows = append(colleagues.Rows, row)
	}
	refused := colleagues
	refused.Shell.Problem = true
	refused.Add.Username, refused.Add.Name = "Üwe", "Uwe Brandt-Osei"
	refused.Problems = Problems{Head: "Nobody was added yet", List: []Problem{{"username", "Use lower-case letters, digits, dots or dashes, up to 64"}, {"role", "Choose a role"}}}
	weak := colleagues
	weak.Shell.Problem = true
	weak.Problems = Problems{Head: "The password was not changed", At: "-lead", List: []Problem{{"password", "Choose a password of at least 8 characters"}}}

	account := AccountPage{Shell: galleryShell("Your account", PlaceNone), Action: "/account", Facts: []Fact{{"Name", V("Noor Haddad")}, {"Role", V("reviewer")}, {"Signed in", Value{State: review.Present, Time: At(ago(hour), galleryNow)}}}}
	mistaken := account
	mistaken.Shell.Problem = true
	mistaken.Problems = Problems{Head: "The password was not changed", List: []Problem{{"current", "Check the password that you have now"}}}
	prove := ProvePage{Shell: galleryShell("Type your password again", PlaceNone), Action: "/account/prove", Next: "/decisions.csv?from=2026-11-01", Name: "noor",
		Back: Go{"/decisions?from=2026-11-01", "Go back without it"}}
	unproved := prove
	unproved.Shell.Problem = true
	unproved.Problems = Problems{Head: "This is not your password", List: []Problem{{"password", "Type the password that you sign in with"}}}
	proved := prove
	proved.Shell.Title, proved.On = "Your password was checked", Go{"/decisions.csv?from=2026-11-01", "Take the file now"}
	form := ProveFormPage{Shell: galleryShell("Type your password again", PlaceColleagues), Action: "/admin/colleagues/lead/role", Lead: "You are about to make Tomasz Lindqvist an auditor.",
		Kept: []Kept{{"role", "auditor"}}, Name: "admin", Back: Go{"/admin/colleagues", "Go back without it"}}
	secret := form
	secret.Action, secret.Lead, secret.Kept, secret.Secret = "/admin/colleagues/lead/password", "You are about to set a password for Tomasz Lindqvist.", nil, "New password for lead"
	secret.Shell.Problem = true
	secret.Problems = Problems{Head: "This is not your password", List: []Problem{{"proof", "Type the password that you sign in with"}}}
	all = append(all, Specimen{"prove-form", form}, Specimen{"prove-form-refused", secret})
	all = append(all, Specimen{"prove", prove}, Specimen{"prove-refused", unproved}, Specimen{"prove-done", proved})
	return append(all, Specimen{"colleagues", colleagues}, Specimen{"colleagues-refused", refused}, Specimen{"colleagues-weak-password", weak}, Specimen{"account", account}, Specimen{"account-refused", mistaken})
}
