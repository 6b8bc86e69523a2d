package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"docket/persona"
	"docket/review"
	"docket/views"
)

// intakeBuilder makes the intake page: a pure function of its fields.
type intakeBuilder struct {
	connection
	me         review.Colleague
	secrets    []string // the webhook secrets that are set up, newest first
	in         review.Intake
	at, next   intakeAt // where its lists begin, and where they go on
	again      int      // resources that were erased by two people and came again
	againAt    time.Time
	deliveries []review.Delivery
	quarantine []review.Payload
	errands    []review.Errand
	pushes     []review.Push
}

// againNews is how long it is news that something came again.
const againNews = 30 * 24 * time.Hour

// intakeAt is where the lists of the page begin: cursors, "" the first page.
type intakeAt struct {
	state      review.DeliveryState // of the deliveries; "" all
	deliveries string
	quarantine string
	errands    string
	pushes     string
}

// intakePlace reads the address of the page. What means nothing is left out.
func intakePlace(q url.Values) intakeAt {
	cursor := func(name string) string { return clip(q.Get(name), 100) }
	at := intakeAt{deliveries: cursor("after"), quarantine: cursor("quarantine"), errands: cursor("errands"), pushes: cursor("pushes")}
	for _, state := range review.DeliveryStates() {
		if q.Get("state") == string(state) {
			at.state = state
		}
	}
	return at
}

// href is the address of the page with its lists there, at one of them.
func (at intakeAt) href(list string) string {
	v := url.Values{}
	for name, value := range map[string]string{"state": string(at.state), "after": at.deliveries, "quarantine": at.quarantine, "errands": at.errands, "pushes": at.pushes} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return "/intake" + list
	}
	return "/intake?" + v.Encode() + list
}

// pages leads on in one list, and back to where it begins; the others stay where they are.
func (b *intakeBuilder) pages(list, label, showing string, cursor func(*intakeAt) *string) views.Pages {
	p := views.Pages{Label: label, Showing: showing}
	at, next := b.at, *cursor(&b.next)
	if *cursor(&at) != "" {
		*cursor(&at) = ""
		p.First = views.Go{Href: at.href(list), Words: "Back to the first page"}
	}
	if next != "" {
		*cursor(&at) = next
		p.Next = views.Go{Href: at.href(list), Words: "Next page"}
	}
	return p
}

// showingOf says how much of a list is on the page.
func showingOf(shown, all int) string {
	return "Showing " + views.Number(shown) + " of " + views.Number(all)
}

func (b *intakeBuilder) acts() bool { return leads.admits(b.me.Role) }

func (b *intakeBuilder) page() views.IntakePage {
	p := views.IntakePage{
		Lead: b.lead(), Now: b.arrives(), Link: b.link(), Hours: hours(b.in.Hours, b),
		States: b.tabs(), Showing: b.showing(),
		Synced: b.synced(), SyncWords: "finds what webhooks missed",
	}
	if b.in.IsLate() && len(b.secrets) > 0 {
		p.Notices = append(p.Notices, lateNotice(b.in))
	}
	if len(b.secrets) == 0 {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "No webhook secret is set up.",
			Text: "Every delivery is turned away until PERSONA_WEBHOOK_SECRET is set."})
	}
	for _, old := range b.in.Outlived(b.secrets) {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "An older webhook secret is still in use.",
			Text: "Secret " + old.Secret + " signed a delivery on " + views.At(old.LastAt, b.now).Words +
				" UTC, more than a day after a newer one came into use. End the old one at Persona, then take it out of PERSONA_WEBHOOK_SECRET."})
	}
	if b.again > 0 && b.now.Sub(b.againAt) < againNews {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "Persona sends again what two people had erased here.",
			Text: views.Plural(b.again, "resource", "resources") + ", last on " + views.At(b.againAt, b.now).Words +
				" UTC. docket erases it again by itself. Persona was never told: ask for the erasure there, and it ends.",
			To: views.Go{Href: "/retention", Words: "See the erasures"}})
	}
	if b.Problem != "" {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneDanger, Strong: "docket’s own work does not go on.", Text: sentence(str(b.Problem).Text)})
	}
	for _, d := range b.deliveries {
		p.Deliveries = append(p.Deliveries, b.delivery(d))
	}
	p.Pages.Deliveries = b.pages("#deliveries", "Pages of deliveries", p.Showing, func(at *intakeAt) *string { return &at.deliveries })
	p.Pages.Quarantine = b.pages("#quarantine", "Pages of the quarantine", showingOf(len(b.quarantine), b.in.Quarantined), func(at *intakeAt) *string { return &at.quarantine })
	p.Pages.Errands = b.pages("#errands", "Pages of what is to be fetched", showingOf(len(b.errands), b.in.Errands.Waiting+b.in.Errands.Failed), func(at *intakeAt) *string { return &at.errands })
	p.Pages.Pushes = b.pages("#pushes", "Pages of what is to be told", showingOf(len(b.pushes), b.in.Pushes.Waiting+b.in.Pushes.Sent+b.in.Pushes.Refused+b.in.Pushes.Diverged),
		func(at *intakeAt) *string { return &at.pushes })
	for _, q := range b.quarantine {
		p.Quarantine = append(p.Quarantine, b.quarantined(q))
	}
	if n := b.in.Quarantined; n > 0 {
		p.More = views.Plural(n, "payload that could not be read", "payloads that could not be read")
	}
	for _, e := range b.errands {
		p.Errands = append(p.Errands, b.errand(e))
	}
	if p.ErrandsIs = join(", ", some(b.in.Errands.Waiting, "waiting"), some(b.in.Errands.Failed, "given up")); p.ErrandsIs == "" {
		p.ErrandsIs = "nothing waits to be fetched"
	}
	for _, push := range b.pushes {
		line := toldLine(push, false, b.acts(), b.connection)
		p.Pushes = append(p.Pushes, views.PushRow{Review: views.Go{Href: reviewHref(push.Review), Words: push.Review.String()}, Line: line})
	}
	if p.PushesIs = pushCounts(b.in.Pushes); p.PushesIs == "" {
		p.PushesIs = "nothing waits to be told"
	}
	switch {
	case !b.acts():
		p.SyncHold = "Auditors read everything and change nothing."
	case !b.Connected:
		p.SyncHold = notConnectedWords
	case b.Syncing:
		p.SyncWords = "runs right now"
	default:
		p.Sync = "/intake/sync"
	}
	return p
}

// lead answers whether anything is wrong.
func (b *intakeBuilder) lead() string {
	var s []string
	switch {
	case b.in.LastAt.IsZero():
		s = append(s, "Nothing has ever come from Persona by webhook.")
	default:
		s = append(s, "The newest delivery came "+views.Age(b.in.Quiet)+" ago.")
	}
	wrong := join(", ", some(b.in.Quarantined, "in quarantine"), some(b.in.Errands.Failed, "not to be had from Persona"),
		some(b.in.Pushes.Refused, "refused by Persona"), some(b.in.Pushes.Diverged, "differing at Persona"))
	if b.failing() {
		s = append(s, "Persona does not answer.")
	}
	if wrong == "" && b.failing() {
		return strings.Join(s, " ")
	}
	if wrong == "" {
		return strings.Join(append(s, "Nothing failed."), " ")
	}
	return strings.Join(append(s, "To look at: "+wrong+"."), " ")
}

func (b *intakeBuilder) arrives() []views.Fact {
	newest := views.Value{State: review.Null}
	if !b.in.LastAt.IsZero() {
		newest = views.Value{State: review.Present, Time: views.AtSecond(b.in.LastAt, b.now)}
	}
	usual := "too few deliveries to say"
	if b.in.Usual > 0 {
		usual = "at most " + views.Age(b.in.Usual) + " on an ordinary day"
	}
	facts := []views.Fact{{Term: "Newest delivery", Value: newest}, {Term: "Quiet", Value: views.V(usual)},
		{Term: "Not read yet", Value: views.V(views.Number(b.in.Unread))}, {Term: "Quarantine", Value: views.V(views.Number(b.in.Quarantined))}}
	if b.again > 0 {
		facts = append(facts, views.Fact{Term: "Erased, sent again", Value: views.V(views.Plural(b.again, "resource", "resources") + ", last on " + views.At(b.againAt, b.now).Words + " UTC")})
	}
	for _, secret := range b.secrets {
		facts = append(facts, views.Fact{Term: "Secret " + secret, Value: b.signed(secret)})
	}
	return facts
}

// signed says when a webhook secret last signed.
func (b *intakeBuilder) signed(secret string) views.Value {
	s := b.in.Signer(secret)
	if s.LastAt.IsZero() {
		return views.V("has not signed anything yet")
	}
	return views.Value{State: review.Present, Time: views.AtSecond(s.LastAt, b.now), Note: "signed last; in use since " + instant(s.Since, b.now)}
}

func (b *intakeBuilder) link() []views.Fact {
	if !b.Connected {
		return []views.Fact{{Term: "Connection", Value: views.V("none: no API key is set up")}}
	}
	var facts []views.Fact
	add := func(term string, v views.Value) { facts = append(facts, views.Fact{Term: term, Value: v}) }
	world := "Unknown: the key does not say"
	switch b.Environment {
	case persona.Sandbox:
		world = "Sandbox, by the key’s beginning"
	case persona.Production:
		world = "Production, by the key’s beginning"
	}
	add("Environment", views.V(world))
	st := b.Client
	if st.LastOK.IsZero() {
		add("Last good answer", views.Value{State: review.Null})
	} else {
		add("Last good answer", views.Value{State: review.Present, Time: views.AtSecond(st.LastOK, b.now)})
	}
	if b.failing() {
		v := views.Value{State: review.Present, Str: str(st.Problem), Note: "at " + views.AtSecond(st.LastFailed, b.now).Words + " UTC"}
		add("Since then", v)
	}
	if st.Limit > 0 {
		add("Calls left", views.V(views.Number(st.Remaining)+" of "+views.Number(st.Limit)))
	}
	if st.PausedUntil.After(b.now) {
		add("Paused until", views.Value{State: review.Present, Time: views.AtSecond(st.PausedUntil, b.now)})
	}
	files := "fetched when a person asks"
	if b.Files {
		files = "fetched as soon as they are named"
	}
	add("Photos and files", views.V(files))
	return facts
}

func (b *intakeBuilder) synced() []views.Fact {
	y := b.in.Synced
	if y.At.IsZero() && y.Problem == "" {
		return nil
	}
	var facts []views.Fact
	add := func(term string, v views.Value) { facts = append(facts, views.Fact{Term: term, Value: v}) }
	if !y.At.IsZero() {
		add("Came to its end", views.Value{State: review.Present, Time: views.AtSecond(y.At, b.now)})
	}
	if y.Problem != "" {
		add("The last one stopped", views.Value{State: review.Present, Str: str(y.Problem)})
	}
	if !y.Since.IsZero() {
		add("Looked back to", views.Value{State: review.Present, Time: views.AtSecond(y.Since, b.now)})
	}
	add("Events listed", views.V(views.Number(y.Events)))
	add("Missed until then", views.V(views.Number(y.Missed)))
	add("Transactions fetched", views.V(views.Number(y.Transactions)))
	return facts
}

func (b *intakeBuilder) tabs() []views.ListTab {
	at := b.at
	at.state, at.deliveries = "", ""
	tabs := []views.ListTab{{Href: at.href(""), Words: "All", Current: b.at.state == ""}}
	for _, state := range review.DeliveryStates() {
		at.state = state
		tabs = append(tabs, views.ListTab{Href: at.href(""), Words: views.DeliveryTag(state).Words, Current: b.at.state == state})
	}
	return tabs
}

func (b *intakeBuilder) showing() string {
	switch n := len(b.deliveries); {
	case n == 0:
		return "none"
	case b.at.deliveries != "":
		return views.Number(n) + " older ones"
	case b.next.deliveries == "":
		return "all " + views.Number(n) + ", newest first"
	default:
		return "the newest " + views.Number(n)
	}
}

func (b *intakeBuilder) delivery(d review.Delivery) views.DeliveryRow {
	row := views.DeliveryRow{ID: strconv.FormatInt(int64(d.ID), 10), State: views.DeliveryTag(d.State), Hook: string(d.State), Event: str(d.Event),
		What: str(d.ReadAs), Time: views.AtSecond(d.LastAt, b.now), Payload: views.Go{Href: payloadHref(d.Payload), Words: payloadWords(d.Payload)}, Problem: prose(d.Problem)}
	var more []string
	if d.Attempt > 1 {
		s := "try " + views.Number(d.Attempt)
		if !d.FirstAt.IsZero() {
			s += ", first " + views.At(d.FirstAt, b.now).Words
		}
		more = append(more, s)
	}
	if d.Repeats > 0 {
		more = append(more, views.Plural(d.Repeats, "repeat", "repeats"))
	}
	if row.More = strings.Join(more, "; "); row.More == "" {
		row.More = "first"
	}
	return row
}

// payloadWords is how a digest is shown where it is a link.
func payloadWords(h review.Hash) string {
	s := h.String()
	return s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:16]
}

func (b *intakeBuilder) quarantined(p review.Payload) views.QuarantineRow {
	row := views.QuarantineRow{Payload: views.Go{Href: payloadHref(p.Hash), Words: payloadWords(p.Hash)}, Reason: prose(p.Quarantine),
		From: join(", ", str(p.Source).Text, str(p.About).Text), Time: views.AtSecond(p.ReceivedAt, b.now), Bytes: views.Number(int(p.Bytes))}
	if b.acts() {
		row.Again = "/intake/quarantine/" + p.Hash.String()
	}
	return row
}

func (b *intakeBuilder) errand(e review.Errand) views.ErrandRow {
	row := views.ErrandRow{ID: strconv.FormatInt(int64(e.ID), 10), What: views.ErrandWords(e.Kind),
		To:    views.Go{Href: refHref(e.Ref), Words: str(e.Ref.ID).Text},
		State: views.ErrandTag(e.State), Hook: string(e.State), Problem: prose(e.Problem)}
	row.Time = views.AtSecond(e.NextAt, b.now)
	if e.State == review.ErrandWaiting && !e.NextAt.After(b.now) {
		row.Time = views.Time{Words: "now"}
	} else if e.State != review.ErrandWaiting {
		row.Time = views.Time{Words: "none"}
	}
	if e.Tries > 0 {
		row.More = views.Plural(e.Tries, "try", "tries")
	}
	if b.acts() && b.Connected && (e.State == review.ErrandFailed || e.Problem != "") {
		row.Action = "/intake/errands/" + row.ID
	}
	return row
}

// The picture of the hours: 48 bars in a frame of 480 by 120 units.
const (
	hourStep   = 10
	hourHeight = 118
)

// hours draws deliveries per hour.
func hours(list []review.HourCount, b *intakeBuilder) views.Hours {
	h := views.Hours{Words: "none in the last " + views.Plural(len(list), "hour", "hours")}
	if len(list) == 0 {
		h.Words = "none"
		return h
	}
	top, busiest, sum := 0, 0, 0
	for i, c := range list {
		n := c.Deliveries + c.Repeats
		if sum += n; n > top {
			top, busiest = n, i
		}
	}
	if top == 0 {
		return h
	}
	h.Words = views.Number(sum) + " in " + views.Plural(len(list), "hour", "hours") + "; most, " + views.Number(top) + ", in the hour from " +
		list[busiest].Hour.UTC().Format("15:04") + " UTC"
	h.Top = views.Number(top)
	h.Begin, h.End = views.At(list[0].Hour, b.now), views.At(list[len(list)-1].Hour, b.now)
	tall := func(n int) int { return (n*hourHeight + top - 1) / top }
	for i, c := range list {
		first, repeats := tall(c.Deliveries), tall(c.Repeats)
		bar := views.HourBar{X: strconv.Itoa(hourStep*i + 1), Y: strconv.Itoa(1 + hourHeight - first), Height: strconv.Itoa(first),
			Hour: views.At(c.Hour, b.now), Deliveries: views.Number(c.Deliveries), Repeats: views.Number(c.Repeats)}
		if repeats > 0 {
			bar.RepeatY, bar.RepeatHeight = strconv.Itoa(1+hourHeight-first-repeats), strconv.Itoa(repeats)
		}
		h.Bars = append(h.Bars, bar)
	}
	return h
}
