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
	return []Specimen{{"transaction", txn}, {"transaction-fallback", waits}, {"resource", account}, {"resource-check", check}, {"resource-report", report}, {"resource-never-received", never}}
}

func galleryOffice() []Specimen {
	var all []Specimen
	for _, status := range []int{400, 403, 404, 405, 409, 413, 422, 429, 500, 503} {
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
	return append(all, Specimen{"colleagues", colleagues}, Specimen{"colleagues-refused", refused}, Specimen{"colleagues-weak-password", weak}, Specimen{"account", account}, Specimen{"account-refused", mistaken})
}
