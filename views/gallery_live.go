package views

import (
	"strconv"
	"strings"
	"time"

	"docket/review"
)

func galleryTold() *Told {
	line := func(i int, act review.PushAct, what string, s review.PushState, at time.Duration) ToldLine {
		return ToldLine{ID: strconv.Itoa(40 + i), State: s, Act: PushWords(act), What: S(what), Status: PushTag(s), Time: AtSecond(ago(at), galleryNow)}
	}
	lines := []ToldLine{
		line(0, review.PushMatches, "dismissed, watchlist report rep_wLm3Zt8KqP", review.PushAcknowledged, 31*time.Minute),
		line(1, review.PushFields, "review_reason, review_note", review.PushAcknowledged, 30*time.Minute),
		line(2, review.PushStatus, "approved", review.PushDiverged, 29*time.Minute),
		line(3, review.PushInquiry, "approve", review.PushSent, 28*time.Minute),
		line(4, review.PushComment, "the reason as a comment", review.PushRefused, 27*time.Minute),
		line(5, review.PushCase, "Approved", review.PushWaiting, 26*time.Minute),
		line(6, review.PushCase, "Declined", review.PushDropped, 2*hour),
	}
	lines[2].Problem = S("Persona’s status became “declined” after it was set to “approved”.")
	lines[3].More = "1 try; request req_7Hk2mQ"
	lines[4].Problem, lines[4].More = S("The comment is longer than Persona takes."), "2 tries; request req_9Lm4zT"
	lines[4].Action, lines[4].Retry, lines[4].Drop = "/intake/pushes/44", true, true
	lines[5].More = "held back until the comment is taken"
	return &Told{Lead: "3 of 7 confirmed; 1 refused, 1 differs", Lines: lines}
}

func galleryPictures(held bool) *Pictures {
	p := &Pictures{Lead: "Links expired: docket holds no copies"}
	for i, g := range []struct {
		label, words string
		tag          Tag
	}{{"Government id", "5 of 5 checks passed", Tag{"passed", ToneGood}}, {"Government id", "3 of 5 checks passed", Tag{"failed", ToneDanger}}, {"Selfie", "4 of 4 checks passed", Tag{"passed", ToneGood}}} {
		id := strconv.Itoa(i + 1)
		group := PictureGroup{At: id, Label: g.label, To: Go{"/resources/verification/government-id/ver_" + id, "ver_k7TqE5w2Hn" + id}, Tag: g.tag, Words: g.words}
		for _, side := range []string{"Front", "Back", "Document"} {
			ph := Picture{Words: side, Name: S(strings.ToLower(side) + ".jpg"), About: "image/jpeg, 210 KB", Gone: "link expired"}
			switch {
			case held && side == "Document":
				ph.File, ph.Gone, ph.About = "/files/"+strings.Repeat("c", 64), "", "application/pdf, 88 KB, 2 pages"
			case held && i == 0:
				ph.Image, ph.Gone = "/files/"+strings.Repeat("ab", 32), ""
			}
			group.Photos = append(group.Photos, ph)
		}
		if i > 0 || !held {
			group.Fetch = "/resources/verification/government-id/ver_" + id + "/fetch"
		}
		p.Groups = append(p.Groups, group)
	}
	if held {
		p.Lead = "5 held here, 4 links expired"
	}
	return p
}

func galleryScreen() []Specimen {
	form := &ScreenForm{Action: "/screen", Key: "3f1c", Countries: []Option{{"DE", "Germany", false}, {"NO", "Norway", false}},
		Fields:      []ScreenField{{"field-1", "Email address", "email_address="}, {"field-2", "Phone number", "phone_number="}, {"field-3", "Another field", ""}},
		Consequence: "A transaction is made at Persona’s sandbox and screened there. Nobody real is screened.", Act: "Screen in the sandbox"}
	shell := galleryShell("New screening", PlaceScreen)
	shell.Environment, shell.EnvTone = "Sandbox", ToneAttention
	empty := ScreenPage{Shell: shell, Lead: "A transaction at Persona’s sandbox", Form: form}
	refused := empty
	refused.Shell.Problem = true
	again := *form
	again.NameFirst, again.NameLast, again.Birthdate, again.Country, again.ReferenceID = "Ilarion", "Sarbasov-Kende", "31.5.1980", "XX", "cust-48213"
	again.Fields = []ScreenField{{"field-1", "Email address", "email_address=not an address"}, {"field-2", "Phone number", "phone_number="}, {"field-3", "Another field", "iban"}}
	refused.Form = &again
	refused.Problems = Problems{Head: "Nobody was screened yet", List: []Problem{
		{"birthdate", "Write the birth date as year-month-day, such as 1980-05-31"}, {"address_country_code", "Persona: must be a country code"},
		{"field-1", "Persona: is not an email address"}, {"field-3", "Write it as NAME=VALUE"}, {"fields", "Name each further field once"}}}
	live := empty
	live.Environment, live.EnvTone, live.Lead = "Production", ToneDanger, "A transaction at Persona’s production: a real person is screened"
	liveForm := *form
	liveForm.Consequence, liveForm.Act = "A real person is screened and Persona may bill it. It is recorded with your name.", "Screen this person"
	live.Form = &liveForm
	off := empty
	off.Environment, off.EnvTone, off.Form = "Not connected", ToneNone, nil
	off.Lead, off.Hold = "A transaction at Persona", &Hold{Text: "docket is not connected to Persona: no API key is set. Whoever looks after docket can set one."}
	down := empty
	down.Banners = []Notice{{Tone: ToneAttention, Strong: "Persona cannot be reached since 09:12 UTC.", Text: "Nothing is lost: what waits is tried again by itself, next at 09:44 UTC."}}
	down.Notices = []Notice{{Tone: ToneAttention, Strong: "Persona did not answer.", Text: "Nobody knows whether the screening began. Send the form again: the same form screens once."}}
	return []Specimen{{"screen", empty}, {"screen-refused", refused}, {"screen-production", live}, {"screen-not-connected", off}, {"screen-unreachable", down}}
}

func galleryFollow() []Specimen {
	base := galleryResource()[0].Page.(TransactionPage)
	base.Reviews, base.Decisions, base.Parties, base.Lead, base.Reports, base.ReportsIs = nil, nil, nil, "", nil, "None captured yet"
	base.None, base.Main.Review, base.Main.State = "No review yet.", "", ""
	asked := FollowStep{Words: "Asked", Time: AtSecond(ago(20*time.Second), galleryNow), Done: true}
	screening := base
	screening.Refresh = "5"
	screening.Follow = &Follow{Every: "2", Words: "Persona is screening.", More: "This page looks again by itself.",
		Steps: []FollowStep{asked, {Words: "Screening", Now: true}, {Words: "Result"}}}
	stuck := screening
	stuck.Follow = &Follow{Every: "15", Words: "Persona is screening.", More: "This page looks again by itself, less often by now.", Notice: "Persona cannot be reached. It is tried again at 09:44 UTC.",
		Steps: screening.Follow.Steps}
	done := Time{Datetime: "2026-11-20T09:41:04Z", Words: "20 November, 09:41:04", Zone: "UTC"}
	became := galleryResource()[0].Page.(TransactionPage)
	became.Follow = &Follow{Words: "Persona asks for a review.", To: Go{"/reviews/1042", "Open R-1042"},
		Steps: []FollowStep{asked, {Words: "Screened", Done: true}, {Words: "Needs review", Time: done, Done: true, Tone: ToneAttention}}}
	approved := base
	approved.Follow = &Follow{Words: "Persona approved it.", More: "No review is needed.", Steps: []FollowStep{asked, {Words: "Screened", Done: true}, {Words: "Approved", Time: done, Done: true, Tone: ToneGood}}}
	errored := base
	errored.Follow = &Follow{Words: "Persona’s workflow errored.", More: "Persona’s dashboard says more; nothing is to be done here.", Steps: []FollowStep{asked, {Words: "Screened", Done: true}, {Words: "Errored", Time: done, Done: true, Tone: ToneDanger}}}
	first := FollowPage{Shell: galleryShell("Transaction txn_gallery7", PlaceScreen), Main: Main{Transaction: "txn_gallery7"},
		Follow: Follow{Every: "2", Words: "Persona has taken it; its first answer is on the way.", More: "This page looks again by itself.", Steps: []FollowStep{asked, {Words: "Screening", Now: true}, {Words: "Result"}}}}
	first.Refresh = "5"

	created := base
	created.Follow = &Follow{Every: "15", Words: "Persona waits for the customer.", Steps: []FollowStep{asked, {Words: "Screened", Done: true}, {Words: "Waits for the customer", Time: done, Done: true, Tone: ToneAttention}}}
	created.Fallback = &Fallback{Inquiry: Go{"/resources/inquiry/inq_7Gk2Wz", "inq_7Gk2Wz"}, Status: Tag{"created", ToneNone}, Expires: Value{State: review.Present, Time: At(galleryNow.Add(20*hour), galleryNow), Note: "in 20 h"},
		Words: "The customer has not begun. The plain link works for anyone who holds it.", Link: "https://inquiry.withpersona.com/verify?inquiry-id=inq_7Gk2Wz",
		Action: "/transactions/txn_gallery1042/link", Acts: []LinkAct{{"one-time", "Make a one-time link", "Works once, for 24 hours.", false}}}
	pending := base
	pending.Fallback = &Fallback{Inquiry: created.Fallback.Inquiry, Status: Tag{"pending", ToneNone}, Expires: Value{State: review.Present, Time: At(galleryNow.Add(2*hour), galleryNow), Note: "in 2 h"},
		Words: "The customer has begun. The plain link does not let them go on; a link of their own does.", Action: "/transactions/txn_gallery1042/link",
		Acts: []LinkAct{{"one-time", "Make a one-time link", "Works once, for 24 hours.", true}, {"resume", "Resume the inquiry", "A link into the session that they left.", false}}}
	expired := base
	expired.Fallback = &Fallback{Inquiry: created.Fallback.Inquiry, Status: Tag{"expired", ToneAttention}, Expires: Value{State: review.Present, Time: At(ago(3*hour), galleryNow), Note: "3 h ago"}, Past: true,
		Words: "The inquiry expired. Resume it; that gives a link and 24 more hours.", Action: "/transactions/txn_gallery1042/link", Acts: []LinkAct{{"resume", "Resume the inquiry", "A link, and 24 more hours.", true}}}
	expired.Pictures = galleryPictures(true)
	held := base
	held.Fallback = &Fallback{Inquiry: Go{"", "inq_7Gk2Wz"}, Status: CaptureTag(review.CaptureAbsent), Words: "The inquiry was named and never received, so docket cannot say how far the customer is.", Hold: "docket is not connected to Persona."}
	link := LinkPage{Shell: galleryShell("One-time link", PlaceQueue), Head: "One-time link", Subject: S("Ilarion Sarbasov-Kende"), Link: "https://perso.na/verify?code=us1-3kf9-gallery", Until: At(galleryNow.Add(24*hour), galleryNow),
		Words: "It opens once, on one device. Send it by a way that only the customer reads.", Back: Go{"/transactions/txn_gallery1042", "Back to the transaction"}}
	return []Specimen{{"follow-first", first}, {"follow-screening", screening}, {"follow-unreachable", stuck}, {"follow-review", became}, {"follow-approved", approved}, {"follow-errored", errored},
		{"fallback-created", created}, {"fallback-pending", pending}, {"fallback-expired", expired}, {"fallback-unknown", held}, {"link", link}}
}

func galleryTelling() []Specimen {
	shell := galleryShell("What Persona is told", PlaceTelling)
	shell.Who = galleryWho(review.RoleAdmin)
	off := TellingPage{Shell: shell, Lead: "Nothing: every switch is off.", Form: TellingForm{Action: "/admin/telling", Was: "c07d", Types: []TellingType{{ID: "1", Words: "Every type without a row of its own"}}}}
	for _, f := range []string{"matches", "fields", "status", "inquiry", "case"} {
		off.Form.Switches = append(off.Form.Switches, TellingWords(f))
	}
	on := off
	on.Lead = "The status and the reason, after each decision."
	on.Notices = []Notice{{Tone: ToneGood, News: true, Strong: "Kept.", Text: "It holds for decisions from now on."}}
	on.Form.Switches = append([]TellingSwitch(nil), off.Form.Switches...)
	on.Form.Switches[1].On, on.Form.Switches[2].On = true, true
	on.Form.Types = []TellingType{{"1", "txntp_9fKq27LmXd", "txntp_9fKq27LmXd", "approved", "declined", "review_reason", "review_note", ""}, {"2", "Every type without a row of its own", "", "Approved", "Declined", "", "", ""}, {ID: "3", Words: "Another type"}}
	on.Form.CaseApproved, on.Form.CaseDeclined = "Approved", "Declined"
	refused := on
	refused.Notices, refused.Shell.Problem = nil, true
	refused.Problems = Problems{Head: "Nothing was changed yet", List: []Problem{{"status", "Spell the status for approved or for declined, below"}, {"types", "Name each transaction type once"}, {"type-1", "Write a transaction type’s id, such as txntp_…"}}}
	return []Specimen{{"telling-off", off}, {"telling-on", on}, {"telling-refused", refused}}
}

func galleryLive() []Specimen {
	told := galleryReview()[0].Page.(ReviewPage)
	told.Decisions, told.Told, told.Pictures = galleryDecisions(), galleryTold(), galleryPictures(false)
	quiet := told
	quiet.Told = &Told{Words: "Persona was told nothing of this decision: every switch was off. Set the status there as well."}
	decide := galleryDecision()[0].Page.(DecisionPage)
	decide.WillTell = &WillTell{Lead: "by itself, once the decision stands",
		Not:     []string{"Of the adverse media report only what is found false is told: Persona has no call to confirm a match."},
		Approve: []ToldLine{{Act: PushWords(review.PushMatches), What: S("dismiss"), More: "watchlist report rep_wLm3Zt8KqP"}, {Act: PushWords(review.PushStatus), What: S("approved")}},
		Decline: []ToldLine{{Act: PushWords(review.PushStatus), What: S("declined")}}}
	nothing := decide
	nothing.WillTell = &WillTell{Words: "Nothing: docket tells Persona nothing by itself. Set the status there as well."}
	all := []Specimen{{"review-told", told}, {"review-told-nothing", quiet}, {"decision-tells", decide}, {"decision-tells-nothing", nothing}}
	for _, part := range [][]Specimen{galleryScreen(), galleryFollow(), galleryTelling(), galleryIntake()} {
		all = append(all, part...)
	}
	return all
}
