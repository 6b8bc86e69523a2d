package views

import (
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// Specimen is one page in one state.
type Specimen struct {
	Name string // "queue-empty": lower-case letters, digits, dashes
	Page Page
}

// Gallery lists every page in every state: empty, one, forty, very long names, right-to-left,
// refused, decided, stale, error. Tests lint each, and a demonstration shows them. All people
// are invented.
func Gallery() []Specimen {
	var all []Specimen
	for _, part := range [][]Specimen{galleryLogin(), galleryQueue(), galleryReview(), galleryDelta(), galleryBulk(), galleryDecision(), galleryBetween(), galleryQuality(), galleryParty(), galleryResource(), galleryOffice(), galleryLive(), galleryEvidencePack(), galleryRetention(), galleryRecord(), galleryLedger(), galleryInsights(), galleryPolicy()} {
		all = append(all, part...)
	}
	return all
}

// The gallery's clock.
var galleryNow = time.Date(2026, 11, 20, 9, 41, 7, 0, time.UTC)

func ago(d time.Duration) time.Time { return galleryNow.Add(-d) }

const (
	hour = time.Hour
	day  = 24 * hour
)

func galleryWho(role review.Role) *Who {
	return &Who{Name: S("Noor Haddad"), Role: role, Since: At(ago(46*time.Minute), galleryNow), Keys: true, Here: "/reviews"}
}

func galleryShell(title string, place Place) Shell {
	return Shell{Title: title, Place: place, Who: galleryWho(review.RoleReviewer), Environment: "Demo, invented people", Version: "1.0"}
}

func galleryLogin() []Specimen {
	bare := Shell{Title: "Sign in", Version: "1.0"}
	wrong := bare
	wrong.Problem = true
	return []Specimen{
		{"login", LoginPage{Shell: bare}},
		{"login-next", LoginPage{Shell: bare, Next: "/reviews/1042", Note: "You were signed out after 30 minutes without activity."}},
		{"login-wrong", LoginPage{Shell: wrong, Username: "noor", Head: "Name and password do not fit together", Text: "Check both and try again. After 5 tries the name rests for a while."}},
		{"login-wait", LoginPage{Shell: wrong, Username: "noor", Head: "Too many tries for this name", Text: "Wait 4 minutes, then try again. Nobody is locked out for good."}},
		{"setup", SetUpPage{Shell: Shell{Title: "Make the first admin"}, Token: "t0k3n"}},
		{"setup-problem", SetUpPage{Shell: Shell{Title: "Make the first admin", Problem: true}, Token: "t0k3n", Username: "Noor", Name: "Noor Haddad",
			Problems: Problems{Head: "Nobody was added yet", List: []Problem{
				{"username", "Use lower-case letters, digits, dots or dashes, up to 64"}, {"password", "Choose a password of at least 8 characters"}}}}},
	}
}

var galleryPeople = []struct{ name, lang, country string }{
	{"Marisol Quintanar y Ebbesen de la Peña", "", "Paraguay"},
	{"رشيد العلوي بن ناصر", "ar", "Morocco"},
	{"Ravensholt Marine Chartering (Malta) Ltd", "", "Malta"},
	{"Nkem Adaora Obiechina-Stroud", "", "Nigeria"},
	{"神代梨央奈", "ja", "Japan"},
	{"Ilarion Sarbasov-Kende", "", "Kazakhstan"},
	{"Вељко Ждраловић-Сремац", "sr", "Serbia"},
	{"Sunniva Brekke-Nystuen", "", "Norway"},
	{"شیدا کاویانپور", "fa", "Sweden"},
	{"Tomé Quaresma-Figueirinha", "", "Portugal"},
	{"Wallet bc1q 4m8e … 7txa", "", ""},
	{"Nguyễn Hoài Thương Vy", "vi", "Vietnam"},
	{"Þórhildur Eiríksdóttir Vang", "is", "Iceland"},
	{"Велимира Ожегова-Рин", "ru", "Germany"},
	{"Oluwaseyi Adebambo-Fadairo", "", "Ireland"},
	{"გიორგა წყალობაძე", "ka", "Georgia"},
	{"Delphine Aubrac-Lestrade", "", "France"},
	{"Nordvik Havkraft AS", "", "Norway"},
	{"กานต์พิชชา วงศ์ธาราทิพย์", "th", "Thailand"},
	{"Eberhard von Trautenau-Hollbach", "", "Austria"},
	{"ሰላማዊት ገብረየስ", "am", "Ethiopia"},
	{"Rónán Mac Giolla Easpaig-Dún", "ga", "Ireland"},
	{"남궁하린", "ko", "South Korea"},
	{"Ximena Illatarco-Carrasquel", "", "Bolivia"},
	{"אורלי בן־צפריר", "he", "Israel"},
}

func galleryRow(i int, waited time.Duration) QueueRow {
	p := galleryPeople[i%len(galleryPeople)]
	id := strconv.Itoa(998 + 7*i)
	r := QueueRow{
		Review: id, Transaction: "txn_gallery" + id, State: "open", Href: "/reviews/" + id,
		Subject: Str{Text: p.name, Lang: p.lang}, Reference: S("cust-" + strconv.Itoa(48213+31*i)), Country: p.country,
		Tally: []QueueTally{{KindShort(review.ScreeningKinds()[i%4]), strconv.Itoa(1 + i*i%6)}},
		Why:   Tag{}, WhyMore: WhyWords(review.WhyFirst),
		Waiting: Since(galleryNow.Add(-waited), galleryNow), Status: StateTag(review.StateOpen, false), Claim: "/reviews/" + id + "/claim",
	}
	switch i % 6 {
	case 1:
		r.Why, r.WhyMore = Tag{"Monitoring halted 8 days", ToneAttention}, ""
		r.Tally = append(r.Tally, QueueTally{"Adverse media", "2"})
	case 3:
		r.With, r.Claim, r.Status = S("Sefa Tuilagi"), "", Tag{"In review, 1 of 3", ToneAccent}
		r.Tags = []string{"high-risk"}
	case 4:
		r.WhyMore = WhyWords(review.WhyNoDetails)
		r.Tally = nil
	case 5:
		r.You, r.Claim, r.Status = true, "", Tag{"In review, 2 of 5", ToneAccent}
		r.Why, r.WhyMore = Tag{WhyWords(review.WhyNewMatch), ToneDiffer}, "on the run of 18 November"
	}
	return r
}

func galleryTabs(now review.Tab) []QueueTab {
	counts := map[review.Tab]string{review.TabOpen: "61", review.TabApproval: "0", review.TabWaiting: "0", review.TabFallback: "4", review.TabClosed: "1,284", review.TabAll: "1,349"}
	tabs := make([]QueueTab, 0, len(counts))
	for _, t := range review.Tabs() {
		tabs = append(tabs, QueueTab{Tab: t, Href: "/reviews?state=" + string(t), Count: counts[t], Current: t == now})
	}
	return tabs
}

func galleryFilters(tab review.Tab) QueueFilters {
	f := QueueFilters{
		State:     string(tab),
		Kinds:     []Option{{"", "Any", true}},
		Assignees: []Option{{"", "Anyone", true}, {"free", "Free, 48", false}, {"noor", "You, 3", false}, {"sefa", "Sefa Tuilagi, 4", false}},
		Countries: []Option{{"", "Any", true}, {"JP", "Japan, 3", false}, {"NO", "Norway, 5", false}},
		Tags:      []Option{{"", "Any", true}, {"high-risk", "high-risk, 7", false}},
	}
	for _, k := range review.ScreeningKinds() {
		f.Kinds = append(f.Kinds, Option{string(k), KindShort(k) + ", 9", false})
	}
	for i, s := range review.Sorts() {
		f.Sorts = append(f.Sorts, Option{string(s), SortWords(s), i == 0})
	}
	return f
}

func galleryQueue() []Specimen {
	full := QueuePage{
		Shell: galleryShell("Queue", PlaceQueue), TakeNext: true, Tab: review.TabOpen, Tabs: galleryTabs(review.TabOpen), Filters: galleryFilters(review.TabOpen),
		Lead:    "61 open reviews. 6 are over the 5-day target, the oldest by 4 days.",
		Showing: "Showing 1 to 25 of 61, oldest first", Caption: "Open reviews, oldest first, in bands of waiting time",
		Bands: []QueueBand{
			{Tone: ToneDanger, Words: "Over target", More: "waiting more than 5 days · 6 reviews"},
			{Tone: ToneAttention, Words: "Due within a day", More: "waiting 4 to 5 days · 5 reviews"},
			{Words: "In time", More: "waiting less than 4 days · 50 reviews, 14 shown"},
		},
		Next: Go{"/reviews?after=next", "Next 25"},
	}
	for i := range 25 {
		band, waited := 0, 9*day+2*hour-time.Duration(i)*9*hour
		switch {
		case i >= 11:
			band = 2
		case i >= 6:
			band = 1
		}
		full.Bands[band].Rows = append(full.Bands[band].Rows, galleryRow(i, waited))
	}

	newest := full
	newest.Showing, newest.Bands = "Showing 26 to 40 of 61, newest first", []QueueBand{{}}
	newest.First = Go{"/reviews?sort=newest", "Back to the first 25"}
	for i := range 15 {
		r := galleryRow(i, time.Duration(i)*11*hour+3*time.Minute)
		if i > 9 {
			r.WaitTone = ToneDanger
		}
		newest.Bands[0].Rows = append(newest.Bands[0].Rows, r)
	}

	one := full
	one.Shell.Find = "sarbasov"
	one.Lead, one.Showing, one.Next = "1 open review, waiting 2 h 5 min.", "Showing 1 of 1", Go{}
	one.Filters.Search = "sarbasov"
	one.Filters.Set, one.Filters.Clear = []Fact{{"with", V("you")}, {"named", V("sarbasov")}}, "/reviews"
	one.Bands = []QueueBand{{Words: "In time", More: "waiting less than 4 days · 1 review", Rows: []QueueRow{galleryRow(5, 2*hour+5*time.Minute)}}}

	none := one
	none.Filters.Set = []Fact{{"with", V("you")}, {"report", V("Crypto")}}
	none.Bands, none.Empty = nil, &Empty{"No open review fits these filters", "61 reviews are open without them.", []Go{{"/reviews", "Show all 61"}}}

	clear := full
	clear.Bands, clear.Lead, clear.TakeNext = nil, "Nothing is open.", false
	clear.Empty = &Empty{"Nothing is waiting for a decision", "The last review was decided today at 09:12 UTC. 4 transactions wait for their subject.", []Go{{"/reviews?state=fallback", "Fallback inquiry, 4"}, {"/decisions", "Decisions"}}}

	fallback := full
	fallback.Tab, fallback.Tabs, fallback.Filters, fallback.TakeNext, fallback.Next = review.TabFallback, galleryTabs(review.TabFallback), galleryFilters(review.TabFallback), false, Go{}
	fallback.Lead, fallback.Showing, fallback.Caption = "4 transactions wait for their subject to finish an inquiry.", "Showing 4 of 4", "Transactions that wait for their subject"
	fallback.Bands = []QueueBand{{}}
	for i := range 4 {
		r := galleryRow(i+8, time.Duration(i+1)*30*hour)
		r.Review, r.State, r.Href, r.Claim, r.With, r.You = "", "fallback", "/transactions/"+r.Transaction, "", Str{}, false
		r.Status, r.Tally, r.Why, r.WhyMore = Tag{"Waits for the subject", TonePlain}, nil, Tag{}, "Inquiry inq_7Gk2Wz"
		fallback.Bands[0].Rows = append(fallback.Bands[0].Rows, r)
	}

	closed := full
	closed.Tab, closed.Tabs, closed.TakeNext, closed.When = review.TabClosed, galleryTabs(review.TabClosed), false, "Closed"
	closed.Lead, closed.Caption, closed.Bands = "1,284 closed reviews.", "Closed reviews, newest first", []QueueBand{{}}
	for i := range 12 {
		r := galleryRow(i, time.Duration(i)*5*hour)
		r.State, r.Claim, r.With, r.You = "closed", "", S("Jun’ichi Arakawa"), false
		r.Waiting, r.Why, r.WhyMore = At(ago(time.Duration(i)*5*hour), galleryNow), Tag{}, galleryDecided(review.ReasonAllFalsePositive)
		r.Status = OutcomeTag(review.Outcomes()[i%2])
		if i%5 == 4 {
			r.With, r.WhyMore, r.Status = Str{}, "Persona moved it to “expired”", Tag{ClosingWords(review.ClosingPersona), ToneNone}
		}
		closed.Bands[0].Rows = append(closed.Bands[0].Rows, r)
	}

	hostile := one
	row := galleryRow(0, 26*hour)
	row.Subject = Str{Text: strings.Repeat("Maximiliana", 900), Notes: []string{"hidden characters removed: U+202E, U+200B"}}
	row.Reference = S(strings.Repeat("9", 300))
	row.Country = "<script>alert(1)</script>"
	row.WhyMore = "javascript:alert(1) " + strings.Repeat("w", 80)
	hostile.Bands = []QueueBand{{Words: "In time", Rows: []QueueRow{row, galleryRow(1, 25*hour)}}}

	reads := full
	reads.Who = galleryWho(review.RoleAuditor)
	reads.TakeNext = false
	reads.Bands = []QueueBand{{Words: "In time", More: "waiting less than 4 days", Rows: []QueueRow{galleryRow(1, 5*hour), galleryRow(3, 4*hour)}}}
	for i := range reads.Bands[0].Rows {
		reads.Bands[0].Rows[i].Claim = ""
	}
	return []Specimen{{"queue", full}, {"queue-newest", newest}, {"queue-one", one}, {"queue-filtered-empty", none}, {"queue-empty", clear},
		{"queue-fallback", fallback}, {"queue-closed", closed}, {"queue-hostile", hostile}, {"queue-auditor", reads}}
}
