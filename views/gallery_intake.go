package views

import (
	"strconv"
	"time"

	"docket/review"
)

func galleryHours() Hours {
	h := Hours{Words: "312 deliveries in 48 hours; most, 24, in the hour from 09:00.", Top: "24", Begin: At(ago(47*hour), galleryNow), End: At(galleryNow, galleryNow)}
	for i := range 48 {
		n := (i*i*7 + 3*i) % 25
		b := HourBar{X: strconv.Itoa(10*i + 1), Y: strconv.Itoa(120 - 4*n), Height: strconv.Itoa(4 * n), Hour: At(ago(time.Duration(47-i)*hour), galleryNow), Deliveries: Number(n), Repeats: "0"}
		if i%9 == 4 && n < 20 {
			b.RepeatY, b.RepeatHeight, b.Repeats = strconv.Itoa(120-4*n-12), "12", "3"
		}
		h.Bars = append(h.Bars, b)
	}
	return h
}

func galleryIntake() []Specimen {
	shell := galleryShell("Intake", PlaceIntake)
	shell.Who = galleryWho(review.RoleLead)
	shell.Environment, shell.EnvTone = "Sandbox", ToneAttention
	at := func(d time.Duration) Value { return Value{State: review.Present, Time: AtSecond(ago(d), galleryNow)} }
	tabs := []ListTab{{"/intake", "All", "", true}, {"/intake?state=kept", "Not read yet", "1", false}, {"/intake?state=quarantined", "Quarantine", "2", false}}
	calm := IntakePage{Shell: shell, Lead: "The newest delivery came 3 min ago. Nothing waits and nothing failed.", Hours: galleryHours(), States: tabs, Showing: "The newest 4, newest first",
		Now:       []Fact{{"Newest delivery", at(3 * time.Minute)}, {"Quiet for", V("3 min; at most 4 h 10 min on an ordinary day")}, {"Not read yet", V("0")}, {"Quarantine", V("0")}},
		Link:      []Fact{{"Environment", V("Sandbox, by the key’s beginning")}, {"Last good answer", at(40 * time.Second)}, {"Calls left this minute", V("284 of 300")}},
		ErrandsIs: "Nothing waits to be fetched", PushesIs: "Nothing waits to be told", SyncWords: "Finds what webhooks missed", Sync: "/intake/sync",
		Synced: []Fact{{"Last", at(2 * hour)}, {"Looked back to", at(26 * hour)}, {"Events listed", V("311")}, {"Missed until then", V("0")}}}
	for i, s := range []review.DeliveryState{review.DeliveryAbsorbed, review.DeliveryAbsorbed, review.DeliveryKept, review.DeliveryQuarantined} {
		row := DeliveryRow{ID: strconv.Itoa(900 - i), State: DeliveryTag(s), Hook: string(s), Event: S("evt_gallery" + strconv.Itoa(900-i)), What: S("event transaction.status-updated"),
			Time: AtSecond(ago(time.Duration(3+7*i)*time.Minute), galleryNow), More: "1st", Payload: Go{"/payloads/" + strconv.Itoa(i), "c07d 51e9 8a3f 20b6"}}
		switch s {
		case review.DeliveryKept:
			row.What, row.More = Str{}, "4th, first at 08:12; 2 repeats"
		case review.DeliveryQuarantined:
			row.What, row.Event, row.Problem = Str{}, Str{}, S("the same event id came with other bytes")
		}
		calm.Deliveries = append(calm.Deliveries, row)
	}
	trouble := calm
	trouble.Lead = "Nothing has come for 9 h 20 min. 2 payloads lie in quarantine, 1 push was refused."
	trouble.Banners = []Notice{{Tone: ToneAttention, Strong: "Nothing has come from Persona for 9 h 20 min.", Text: "On an ordinary day it is quiet for 4 h 10 min at most.", To: Go{"/intake", "See the intake"}},
		{Tone: ToneAttention, Strong: "Persona cannot be reached since 09:12 UTC.", Text: "Nothing is lost: what waits is tried again by itself."}}
	trouble.Quarantine = []QuarantineRow{
		{Payload: Go{"/payloads/1", "93aa 0177 c2de 41b9"}, Reason: S("not JSON: a value is cut off at byte 1,204"), From: "webhook", Time: AtSecond(ago(2*hour), galleryNow), Bytes: "1,204", Again: "/intake/quarantine/93aa"},
		{Payload: Go{"/payloads/2", "0b51 77e0 1290 ff31"}, Reason: S("the same event id came with other bytes"), From: "webhook", Time: AtSecond(ago(4*hour), galleryNow), Bytes: "41,882", Again: "/intake/quarantine/0b51"}}
	trouble.Errands = []ErrandRow{
		{ID: "7", What: ErrandWords(review.ErrandHistory), To: Go{"/resources/report/watchlist/rep_1", "rep_wLm3Zt8KqP"}, State: ErrandTag(review.ErrandWaiting), Hook: "waiting", Time: AtSecond(galleryNow.Add(3*time.Minute), galleryNow), Problem: S("Persona answered 503."), More: "3 tries"},
		{ID: "6", What: ErrandWords(review.ErrandFiles), To: Go{"/resources/inquiry/inq_1", "inq_7Gk2Wz"}, State: ErrandTag(review.ErrandFailed), Hook: "failed", Time: AtSecond(ago(hour), galleryNow), Problem: S("Persona does not have it any more."), More: "1 try", Action: "/intake/errands/6"}}
	trouble.ErrandsIs = "1 waits, 1 was given up"
	for _, l := range galleryTold().Lines[2:6] {
		trouble.Pushes = append(trouble.Pushes, PushRow{Go{"/reviews/1042", "R-1042"}, l})
	}
	trouble.PushesIs = "1 waits, 1 is not confirmed yet, 1 was refused, 1 differs"
	trouble.Synced = []Fact{{"Last", at(9 * hour)}, {"Came to no end", V("Persona cannot be reached")}}
	trouble.Notices = append([]Notice{{Tone: ToneAttention, Strong: "Persona sends again what two people had erased here.", Text: "3 resources, last on 19 November, 08:12 UTC. docket erases it again by itself.",
		To: Go{"/retention", "See the erasures"}}}, trouble.Notices...)
	trouble.Pages.Quarantine = Pages{"Pages of the quarantine", "Showing 2 of 31", Go{}, Go{"/intake?quarantine=0b51#quarantine", "Next page"}}
	trouble.Pages.Errands = Pages{"Pages of what is to be fetched", "Showing 2 of 412", Go{"/intake#errands", "Back to the first page"}, Go{"/intake?errands=waiting.6#errands", "Next page"}}
	trouble.Pages.Pushes = Pages{"Pages of what is to be told", "Showing 4 of 29", Go{"/intake#pushes", "Back to the first page"}, Go{}}
	trouble.Pages.Deliveries = Pages{"Pages of deliveries", "the newest 12", Go{}, Go{"/intake?after=x#deliveries", "Next page"}}
	auditor := trouble
	auditor.Who = galleryWho(review.RoleAuditor)
	auditor.Sync, auditor.SyncHold = "", "Auditors read everything and change nothing."
	never := IntakePage{Shell: shell, Lead: "Nothing has ever come from Persona.", Now: []Fact{{"Newest delivery", Value{State: review.Null}}}, Link: []Fact{{"Environment", V("not connected: no API key is set")}},
		Hours: Hours{Words: "None yet."}, States: tabs[:1], Showing: "None yet", ErrandsIs: "Nothing waits to be fetched", PushesIs: "Nothing waits to be told", SyncWords: "Never", SyncHold: "docket is not connected to Persona."}
	return []Specimen{{"intake", calm}, {"intake-trouble", trouble}, {"intake-auditor", auditor}, {"intake-never", never}}
}
