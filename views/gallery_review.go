package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

const gallerySeal = "3f9a27c1d04be8862a71f0c95d3e14b7a6c2908fe15b7d43c08a926ef7713d5c"

func same(s string) []Piece { return []Piece{{s, false}} }

func galleryComparison(name string) *Comparison {
	return &Comparison{
		Caption: "Ilarion Sarbasov-Kende compared with " + name + ", attribute by attribute",
		Rows: []CompareRow{
			{Attribute: "name", Label: "Name", Mark: MarkClose, Left: Side{Str: S("Ilarion Sarbasov-Kende")},
				Right: Side{Str: S(name), Tag: Tag{"this spelling", ToneAttention}, MoreIs: "4 more spellings", More: []Str{
					{Text: "САРБАСОВ, Иларион", Lang: "ru"}, {Text: "Иларион Сарбас ұлы", Lang: "kk"}, {Text: "إيلاريون سارباسوف", Lang: "ar"}, S("SARBASSOV, Hilarion")}},
				Rule: "Given name and family name are close.",
				Parts: []ComparePart{
					{"given", same("Ilarion"), same("Ilarion"), MarkSame},
					{"family", same("Sarbasov"), []Piece{{"Sarbas", false}, {"s", true}, {"ov", false}}, MarkClose},
					{"family", same("Kende"), nil, MarkMissingMatch},
				}},
			{Attribute: "birthdate", Label: "Born", Mark: MarkConflict, Left: Side{Pieces: []Piece{{"14 March ", false}, {"1986", true}}, Note: "to the day"},
				Right: Side{Pieces: []Piece{{"1979", true}}, Note: "to the year"}, Rule: "Born 7 years apart."},
			{Attribute: "country", Label: "Country", Mark: MarkMissingMatch, Left: Side{Str: S("Kazakhstan"), Note: "address, as screened"}, Right: Side{None: "not given on any of the 3 lists"}},
			{Attribute: "sex", Label: "Sex", Mark: MarkAgree, Left: Side{Str: S("male"), Note: "from the identity card"}, Right: Side{Str: S("male")}},
			{Attribute: "identifier", Label: "Address", Mark: MarkMissingSubject, Left: Side{}, Right: Side{Str: S("bc1q4m8e7txa")}},
		},
	}
}

func galleryDetails() Details {
	return Details{
		Gist: "3 lists, 1 position, 2 articles, 1 document, 2 associates",
		Listings: []Listing{
			{Name: S("US OFAC SDN"), Link: Link{"", "https://example.org/lists/us-ofac-sdn", nil}, Words: "sanction · US", Record: "NPWMD, SDN 30913"},
			{Name: S("EU consolidated"), Link: Link{"List entry", "https://example.org/lists/eu", nil}, Words: "sanction · EU"},
			{Name: S("A list with a hostile address"), Link: Link{"", "javascript:alert(1)", nil}, Ended: Tag{"taken off 3 March 2024", ToneNone}},
		},
		Positions: []Position{{Title: S("Deputy head, Turgay district land registry"), Words: "PEP class 3 · since May 2019", Link: Link{"Source", "https://example.org/registry", nil}}},
		Articles: []Article{
			{Title: S("Port levy case adjourned"), Words: "4 October 2025", Link: Link{"", "https://news.example/port-levy", nil}, Snippet: S("The court adjourned the case against three officials of the district land registry until spring.")},
			{Title: S("Land registry officials questioned"), Words: "no date given", Link: Link{"", "//evil.example/x", nil}, Snippet: S(strings.Repeat("The hearing went on through the afternoon. ", 20))},
		},
		Associates:  []Associate{{S("Aigerim Sarbasova"), "sister"}, {Str{Text: "سارباسوف داود", Lang: "ar"}, "business partner"}},
		Identifiers: []Identifier{{"Passport", S("N0 449 211"), "Kazakhstan"}},
		Links:       []Link{{"", "https://example.org/a/" + strings.Repeat("path/", 30), nil}},
		Facts:       []Fact{{"Match types", V("exact alias, year of birth")}, {"Topics", V("sanction, corruption")}, {"Risk", Value{State: review.Null}}},
		Other:       []Field{{Key: "risk-score-band", Type: "string", Label: "Risk score band", Value: V("B")}, {Key: "notes", Type: "array", Label: "Notes", Items: []Field{{Type: "string", Label: "1", Value: V("first")}, {Type: "string", Label: "2", Value: Value{State: review.Empty}}}}},
	}
}

func galleryForm(n int, matches ...string) *FindingForm {
	return &FindingForm{Number: n, Reasons: galleryReasons, Action: "/reviews/1042/dispositions", Evidence: gallerySeal, Matches: matches, For: "for " + Plural(len(matches), "match", "matches"), Then: "Then: party " + strconv.Itoa(n+1),
		Premises: galleryTicks(), Missing: galleryMissing()}
}

func galleryTicks() []Tick {
	return Keyed([]Tick{{Value: "birth-years-apart:7", Words: "Birth year differs by 7", Hint: "1986 here, 1979 on all 3 lists"},
		{Value: "name-parts-apart:1", Words: "1 of 2 parts of the name is another one", Hint: "Sarbasov-Kende here, Sarbassov there. Weak: a spelling or another name alone seldom sets two apart"},
		{Value: "other", Words: PremiseWords(review.Premise{Kind: review.PremiseOther}), Hint: "Never carried over to a later run"}})
}

func galleryMissing() []Tick {
	return Keyed([]Tick{{Value: "birthdate-match", Words: FactWords(review.FactBirthdateMatch)}, {Value: "other", Words: FactWords(review.FactOther)}})
}

func galleryTested(broken bool) []TestedPremise {
	first := TestedPremise{Words: "Birth year differs by 22", Standing: review.Holds, Values: "1986, 1964"}
	if broken {
		first = TestedPremise{Words: "Birth year differs by 15", Standing: review.Broken, Values: "1986 and 1971 then, 1986 and “1971 or 1986” now"}
	}
	return []TestedPremise{first, {Words: "Countries do not meet", Standing: review.Holds, Values: "Kazakhstan, Moldova"}}
}

// galleryRetested are the parties of a later run: reopened, cleared before, new matches beside
// the ones that were cleared, and a finding of this very review that lapsed.
func galleryRetested() []Party {
	reopened := galleryParties()[0]
	reopened.Status, reopened.Settle = Tag{"Reopened", ToneDiffer}, ""
	reopened.Retest = &Retest{Strong: "A reason no longer holds: birth year differs by 15",
		Text: "Mireille Okonkwo found a false positive on 3 March for 2 reasons. Tested again on what is known now:", Premises: append(galleryTested(true),
			TestedPremise{Words: "Sex differs", Standing: review.Untestable, Values: "male and female then, male and nothing now"},
			TestedPremise{Words: "Said in the note", Spoken: true, Standing: review.Untestable, Values: "“Another photo on the identity card.”"})}
	held := galleryParties()[1]
	held.Number, held.Fold, held.Status = 2, PartyHeld, Tag{Words: "Cleared before"}
	held.Gist, held.Verdicts = "Adverse media, 4 articles.", galleryParties()[2].Verdicts
	held.Retest = &Retest{Strong: "Cleared 3 March by Mireille Okonkwo; both reasons still hold.", Premises: galleryTested(false), Then: "Changed on this party since: articles."}
	held.Again = &Again{Action: "/reviews/1042/dispositions", Evidence: gallerySeal, Matches: []string{"pep-2b", "am-9d"}, Carry: "9120", Words: "Clear again for the same reasons"}
	held.Form.Fold = "Judge it anew"
	fresh := galleryParties()[2]
	fresh.Number, fresh.Fold, fresh.Answer, fresh.Undo, fresh.Status = 3, PartyToReview, nil, nil, FindingTag("")
	fresh.Retest = &Retest{Strong: "A match came since this party was cleared", Text: "Mireille Okonkwo found a false positive on 3 March for 2 reasons. The new match was no part of it.", Premises: galleryTested(false)}
	fresh.Form = galleryForm(3, "wl-51f0")
	fresh.Matches[0].Finding = ""
	lapsed := galleryParties()[3]
	lapsed.Number, lapsed.Fold, lapsed.Answer, lapsed.Status = 4, PartyToReview, nil, Tag{"Asked again", ToneDiffer}
	lapsed.Retest = &Retest{Strong: "Your finding does not stand any more: what it named as missing is known by now", Text: "You could not tell, 09:31 UTC. Missing: a full birth date of the listed party."}
	lapsed.Form = galleryForm(4, "am-77")
	lapsed.Matches[0].Finding = ""
	return []Party{reopened, held, fresh, lapsed}
}

func gallerySettle() *PanelSettle {
	return &PanelSettle{Lines: []string{"A full birth date of our subject would decide 4 of 5 parties.", "The full name of our subject would decide party 2."},
		Ask: "Please ask the customer for:\n\n– your full date of birth: day, month and year\n– your full name, with every given and family name, as your identity document spells it\n\nReference: cust-48213"}
}

func galleryParties() []Party {
	return []Party{
		{Number: 1, Name: S("SARBASSOV, Ilarion Temirovich"), Kinds: "Watchlist, sanctions",
			Lists: []Link{{"US OFAC SDN", "https://example.org/lists/us", nil}, {"EU consolidated", "https://example.org/lists/eu", nil}, {"UK OFSI", "https://example.org/lists/uk", nil}},
			Lead:  "New on the run of 18 November.", Status: FindingTag(""), Settle: "A full birth date or a birthplace on their side.", Page: "/parties/p-7c1e0a", Precedent: galleryPrecedent(),
			Matches: []Match{{Key: "wl-7c1e0a", Label: "Watchlist match", Comparison: galleryComparison("SARBASSOV, Ilarion Temirovich"), Details: galleryDetails()}},
			Form:    galleryForm(1, "wl-7c1e0a")},
		{Number: 2, Name: S("Ilarion Sarbasov"), Others: []Str{{Text: "Иларион Сарбасов", Lang: "ru"}}, Kinds: "Politically exposed person and adverse media", Status: FindingTag(""),
			Lead: "Taken for one party: same name and birth date.",
			Matches: []Match{
				{Key: "pep-2b", Label: "Match on politically exposed persons", Comparison: galleryComparison("Ilarion Sarbasov"), Details: Details{Gist: "1 position", Positions: galleryDetails().Positions}},
				{Key: "am-9d", Label: "Adverse media match", Differs: "The same values as above", Same: []Verdict{{"name", "Name", MarkClose}, {"birthdate", "Born", MarkConflict}}, Status: Tag{"pending at Persona", ToneNone}, Details: Details{Gist: "4 articles", Articles: galleryDetails().Articles}},
			},
			Form: galleryForm(2, "pep-2b", "am-9d")},
		{Number: 3, Name: Str{Text: "САРБАСОВА, Илария", Lang: "ru"}, Others: []Str{S("Ilaria Sarbasova")}, Kinds: "Watchlist", Status: FindingTag(review.FalsePositive), Fold: PartyAnswered,
			Gist:     "Watchlist, 2 matches.",
			Undo:     &Undo{Action: "/reviews/1042/undo", Evidence: gallerySeal, Entry: "18206", Words: "Take back this finding"},
			Answer:   &Answer{Finding: review.FalsePositive, Reason: galleryChief(review.ReasonSex), Rests: "sex differs; birth year differs by 12", Note: S("Identity card read by me, the photo shows a man of about 40."), By: S("You"), At: At(ago(10*time.Minute), galleryNow)},
			Verdicts: []Verdict{{Label: "Name", Mark: MarkClose}, {Label: "Sex", Mark: MarkConflict}, {Label: "Born", Mark: MarkConflict}},
			Matches:  []Match{{Key: "wl-51f0", Finding: review.FalsePositive, Label: "Watchlist match", Comparison: galleryComparison("САРБАСОВА, Илария")}},
			Form:     &FindingForm{Number: 3, Reasons: galleryReasons, Action: "/reviews/1042/dispositions", Evidence: gallerySeal, Matches: []string{"wl-51f0"}, For: "for 1 match", Premises: galleryTicks(), Missing: galleryMissing(), Fold: "Change this finding"}},
		{Number: 4, Name: Str{Text: "إيلاريون سارباسوف", Lang: "ar"}, Kinds: "Adverse media", Status: FindingTag(review.TrueMatch), Fold: PartyAnswered, Gist: "Adverse media, 1 match.",
			Answer:  &Answer{Finding: review.TrueMatch, Reason: galleryChief(review.ReasonDocument), By: S("Sefa Tuilagi"), At: At(ago(26*hour), galleryNow)},
			Matches: []Match{{Key: "am-77", Finding: review.TrueMatch, Label: "Adverse media match", Comparison: galleryComparison("إيلاريون سارباسوف")}}},
	}
}

func galleryRuns() []Run {
	return []Run{
		{Type: "manual", Completed: "2026-06-12T05:10:44Z", Mark: RunClear, Dot: "0", Time: Day(ago(161*day), galleryNow), Note: "first run"},
		{Type: "scheduled", Completed: "2026-07-12T05:11:02Z", Mark: RunFound, Dot: "1", Time: Day(ago(131*day), galleryNow), Note: "1 new, halted 20 days"},
		{Act: true, Mark: RunActed, Time: Day(ago(111*day), galleryNow), Note: "dismissed"},
		{Type: "scheduled", Completed: "2026-08-13T05:10:51Z", Mark: RunClear, Dot: "0", Time: Day(ago(99*day), galleryNow), Note: "none open"},
		{Type: "scheduled", Completed: "2026-09-12T05:10:39Z", Mark: RunBlank, Time: Day(ago(69*day), galleryNow), Note: "left unknown"},
		{Type: "scheduled", Completed: "2026-11-18T05:12:07Z", Mark: RunFound, Dot: "2", Time: Day(ago(2*day), galleryNow), Note: "2 new, halted", Tone: ToneAttention},
		{Type: "scheduled", Mark: RunNext, Time: Time{Datetime: "2026-12-18", Words: "18 December"}, Note: "next run, if answered"},
	}
}

func galleryReports() []Report {
	query := []QueryField{{"name-first", "First name", V("Ilarion")}, {"name-middle", "Middle name", Value{State: review.Null}}, {"name-last", "Last name", V("Sarbasov-Kende")},
		{"term", "Joined", Value{State: review.Absent}}, {"birthdate", "Birth date", V("14 March 1986")}, {"country-code", "Country", V("Kazakhstan (KZ)")}}
	all := []Report{
		{ID: "rep_wLm3Zt8KqP", Kind: "watchlist", Capture: review.CaptureFull, At: "1", Label: "Watchlist", Href: "/resources/report/watchlist/rep_wLm3Zt8KqP",
			Tags: []Tag{{"Monitoring halted 2 days", ToneAttention}}, Query: query, Runs: galleryRuns(), Lines: []string{"Re-runs use these values as they were on 12 June."},
			Ignored: []Ignored{{Time: Day(ago(111*day), galleryNow), By: S("Mireille Okonkwo"), Reason: S("Different birth year"), What: S("SARBASSOV, Hilarion")}},
			Fields:  []Field{{Key: "report-template-version-name", Type: "string", Label: "Report template version name", Value: V("Watchlist, standard")}}},
		{ID: "rep_pEq91sVb2D", Kind: "politically-exposed-person", Capture: review.CaptureFull, At: "2", Label: "Politically exposed person", Same: "The same 6 values as the watchlist", Query: query, Runs: galleryRuns()[4:], RunNote: "Persona sent no runs for this report; these are the ones that reached us."},
	}
	lines := map[review.Capture]string{
		review.CaptureThin:     "Match reported, details not captured: Persona says that there is a match and sent none. This is not “no matches”.",
		review.CaptureAbsent:   "Named by the transaction, never received.",
		review.CapturePending:  "Persona has been working on it since 09:38 UTC. This page does not refresh itself.",
		review.CaptureErrored:  "Persona could not finish it. No result is not “no matches”.",
		review.CaptureRedacted: "Personal data was erased at Persona on 14 November.",
	}
	for i, c := range review.Captures()[1:] {
		id := "rep_state" + strconv.Itoa(i)
		all = append(all, Report{ID: id, Kind: "adverse-media", Capture: c, At: strconv.Itoa(i + 3), Label: "Adverse media", Lines: []string{lines[c]}})
	}
	return append(all, Report{ID: "rep_none", Kind: "watchlist", Capture: review.CaptureFull, At: "9", Label: "Watchlist", Tags: []Tag{{"No matches", ToneNone}}, Query: query[:2]})
}

func galleryRecords() []Record {
	name := Field{Key: "name-first", Type: "string", Label: "First name", Value: V("ILARION")}
	return []Record{
		{Ref: "account/act_9fKq27LmXd", ID: "act_9fKq27LmXd", At: "1", Label: "Account", Gist: S("Ilarion Sarbasov-Kende, Hamburg, Germany"), Capture: review.CaptureFull, Href: "/resources/account/act_9fKq27LmXd",
			Fields: []Field{name, {Key: "Middle Name", Type: "string", Label: "Middle Name", Value: Value{State: review.Absent}}, {Key: "nickname", Type: "string", Label: "Nickname", Value: Value{State: review.Null}}, {Key: "tags", Type: "array", Label: "Tags", Value: Value{State: review.Empty}},
				{Key: "address", Type: "hash", Label: "Address", Items: []Field{{Key: "city", Type: "string", Label: "City", Value: V("Hamburg")}, {Key: "geo", Type: "hash", Label: "Geo", Items: []Field{{Key: "lat", Type: "number", Label: "Lat", Value: V("53.5511")}, {Key: "lng", Type: "number", Label: "Lng", Value: V("9.9937")}}}}}},
			Relations: []Relation{{Name: "inquiries", State: review.Present, Refs: []RelationRef{{"inquiry/inq_1", "Inquiry", "inq_1", "/resources/inquiry/inq_1", false}, {"inquiry/inq_2", "Inquiry", "inq_2", "", true}}}, {Name: "account type", State: review.Null}}},
		{Ref: "verification/government-id/ver_k7TqE5w2Hn", ID: "ver_k7TqE5w2Hn", At: "2", Label: "Government id check", Gist: S("3 of 5 checks passed, 1 failed, 1 not applicable"), Tag: Tag{"1 failed", ToneAttention}, Capture: review.CaptureFull, Open: true,
			Fields: []Field{name, {Key: "identification-number", Type: "string", Label: "Id number", Value: Value{State: review.Present, Str: S("N0 449 211"), Mono: true}}},
			Checks: []Check{
				{Name: "id_expired_detection", Status: "failed", Label: "Id is not expired", Required: "no", Reasons: []Str{S("expired on 30 May 2026")}, Result: CheckTag("failed"), Metadata: []Field{{Key: "expiration-date", Type: "date", Label: "Expiration date", Value: V("30 May 2026")}}},
				{Name: "id_portrait_detection", Status: "passed", Label: "Portrait is present", Required: "yes", Result: CheckTag("passed")},
				{Name: "id_mrz_detection", Status: "not_applicable", Label: "Machine-readable zone agrees", Required: "no", Result: CheckTag("not_applicable")},
			},
			Photos: []Photo{{Page: "Front", Name: S("front.jpg"), Words: "image/jpeg, 210 KB"}, {Page: "Back", Words: "image/jpeg"}}},
		{Ref: "galaxy/gal_1", ID: "gal_1", At: "3", Label: "Galaxy", Capture: review.CaptureThin, Attributes: []Field{{Key: "radius", Type: "number", Label: "Radius", Value: V("9007199254740993")}}},
		{Ref: "case/case_8Rw1GfTzKe", ID: "case_8Rw1GfTzKe", At: "4", Label: "Case", Capture: review.CaptureAbsent},
	}
}

func galleryTrail() Trail {
	return Trail{Head: "Newest first, 6 entries", Entries: []Entry{
		{ID: "18206", Number: "18,206", Act: review.ActDisposed, Time: AtSecond(ago(10*time.Minute), galleryNow), By: S("You"), Words: "found a false positive, 2 matches of party 3", Detail: "Sex.", Quote: S("Identity card read by me, the photo shows a man of about 40.")},
		{ID: "18198", Number: "18,198", Act: review.ActClaimed, Time: AtSecond(ago(40*time.Minute), galleryNow), By: S("You"), Words: ActWords(review.ActClaimed)},
		{ID: "18102", Number: "18,102", Act: review.ActNoted, Time: AtSecond(ago(44*hour), galleryNow), By: S("Sefa Tuilagi"), Words: ActWords(review.ActNoted), Quote: S("Customer called: moved to Hamburg in May, new passport on its way.")},
		{ID: "18101", Number: "18,101", Act: review.ActRefused, Time: AtSecond(ago(44*hour+time.Minute), galleryNow), By: S("Sefa Tuilagi"), Words: ActWords(review.ActRefused), Detail: "Would have declined."},
		{ID: "17731", Number: "17,731", Act: review.ActReviewOpened, Time: AtSecond(ago(6*day+4*hour), galleryNow), Words: "Review opened: " + OpeningWords(review.OpeningStatus), Detail: "Status needs_review"},
		{ID: "9127", Number: "9,127", Act: review.ActDecided, Time: AtSecond(ago(400*day), galleryNow), By: S("Mireille Okonkwo"), Words: "approved R-871", Detail: galleryDecided(review.ReasonAllFalsePositive)},
	}}
}

func galleryPayloads() Payloads {
	return Payloads{Rows: []Payload{
		{Href: "/payloads/" + gallerySeal, Address: "3f9a 27c1 d04b e886", What: S("event transaction.status-updated"), Source: "webhook", Time: AtSecond(ago(6*day), galleryNow), Bytes: "41,882"},
		{Href: "/payloads/" + gallerySeal, Address: "19be 4402 f7d1 6c55", What: S("list of 3 report/watchlist"), Source: "import", Time: AtSecond(ago(6*day+hour), galleryNow), Bytes: "18,340"},
	}}
}

func galleryMain(state review.State) Main {
	return Main{Review: "1042", Transaction: "txn_gallery1042", State: string(state), Evidence: gallerySeal}
}

func galleryIdentity() Identity {
	return Identity{
		Path: []Go{{"/reviews", "Queue"}, {"", "R-1042"}}, Place: "6 of 61 in the queue", Previous: "/reviews/1035", Next: "/reviews/1049",
		Name: S("Ilarion Sarbasov-Kende"), Fallback: "No name captured", Status: StateTag(review.StateOpen, true),
		Claim: Claim{Words: "Claimed by you until", Until: Time{"2026-11-20T10:02:00Z", "10:02", "UTC"}, Release: "/reviews/1042/release"},
		Facts: []Fact{{"Person, born", V("14 March 1986")}, {"Country", V("Kazakhstan")}, {"Reference", Value{State: review.Present, Str: S("cust-48213"), Mono: true}},
			{"Waiting", Value{State: review.Present, Tag: Tag{"6 days 4 h, 1 day over target", ToneDanger}}}, {"Here because", V("2 new matches on the run of 18 November")}},
	}
}

func galleryReviewPage() ReviewPage {
	return ReviewPage{
		Shell: galleryShell("R-1042 Ilarion Sarbasov-Kende", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: galleryIdentity(),
		Printed: []string{"Review R-1042, transaction txn_gallery1042, as shown to Noor Haddad on 20 November 2026, 09:41:07 UTC.", "Evidence sha-256 " + gallerySeal + "."},
		Notices: []Notice{{Tone: ToneAttention, Strong: "Monitoring halted since 18 November, 05:12 UTC.", Text: "It goes on when the matches are dealt with at Persona."}},
		Lead:    "6 matches of 4 listed parties, 3 to go", Parties: galleryParties(),
		Dismissed: []Party{{Number: 5, Name: S("SARBASSOV, Hilarion"), Kinds: "Watchlist", Fold: PartyDismissed, Status: Tag{"Dismissed at Persona", ToneNone}, Gist: "Watchlist, 1 match. Dismissed by Mireille Okonkwo on 1 August.",
			Matches: []Match{{Key: "wl-d1", Label: "Watchlist match", Comparison: galleryComparison("SARBASSOV, Hilarion")}}}},
		Away: "1 match dismissed at Persona", Reports: galleryReports(), ReportsIs: "7 screenings and 1 other", Records: galleryRecords(), RecordsIs: "What Persona sent about this subject",
		Trail: galleryTrail(), Payloads: galleryPayloads(),
		Panel: Panel{Words: "3 of 6 matches to go", Done: []bool{true, true, true, false, false, false}, Next: Go{"#party-1", "Next match"}, NextKey: "n",
			Parties: []PanelParty{{"1", S("SARBASSOV, Ilarion Temirovich"), "to review", "#party-1", false, true}, {"2", S("Ilarion Sarbasov"), "to review, 2", "#party-2", false, false},
				{"3", Str{Text: "САРБАСОВА, Илария", Lang: "ru"}, "false positive", "#party-3", true, false}, {"4", Str{Text: "إيلاريون سارباسوف", Lang: "ar"}, "true match", "#party-4", true, false}},
			Decision: &PanelDecision{Text: "Opens when every match has a finding.", To: Go{"/reviews/1042/decision", "See what is missing"}},
			Note:     &NoteForm{Action: "/reviews/1042/notes"},
			Places:   []PanelPlace{{"#reports", "Reports", "8"}, {"#records", "Records", "4"}, {"#trail", "Trail", "6"}, {"#payloads", "Payloads", "2"}}},
	}
}

// held takes every form away, as for someone who cannot judge now.
func held(p ReviewPage, h *Hold) ReviewPage {
	parties := p.Parties
	p.Parties = nil
	for _, q := range parties {
		q.Form, q.Again, q.Undo = nil, nil, nil
		p.Parties = append(p.Parties, q)
	}
	p.Hold, p.Panel.Next, p.Panel.Note = h, Go{}, nil
	p.Panel.Decision = &PanelDecision{Text: "Whoever has the review decides."}
	return p
}

func galleryReview() []Specimen {
	work := galleryReviewPage()

	recorded := galleryReviewPage()
	recorded.Notices = []Notice{{Tone: ToneGood, Strong: "Recorded: false positive on 2 matches of party 3.", Text: "3 to go. Entry 18,206.", News: true,
		Undo: &Undo{Action: "/reviews/1042/undo", Evidence: gallerySeal, Entry: "18206", Words: "Undo"}}}

	refused := galleryReviewPage()
	refused.Shell.Problem = true
	problems := []Problem{{"finding", "Choose a finding: false positive, true match or cannot tell"}, {"reason", "Choose the main reason for this finding"}, {"note", "Say in the note what you looked at"}}
	refused.Problems = Problems{List: problems, At: "-2"}
	refused.Parties[1].Form.Problems, refused.Parties[1].Form.Note = problems, "Employer letter and port pass"

	bare422 := galleryReviewPage()
	bare422.Shell.Problem = true
	problems = []Problem{{"premise", "Tick what sets the two apart"}}
	bare422.Problems = Problems{List: problems, At: "-1"}
	bare422.Parties[0].Form.Problems, bare422.Parties[0].Form.Finding, bare422.Parties[0].Form.Reason = problems, review.FalsePositive, review.ReasonBirthdate

	untold := galleryReviewPage()
	untold.Shell.Problem = true
	problems = []Problem{{"missing", "Tick which fact would settle it"}, {"note", "Name in the note which fact would settle it"}}
	untold.Problems = Problems{List: problems, At: "-1"}
	f := untold.Parties[0].Form
	f.Problems, f.Finding, f.Reason = problems, review.CannotTell, review.ReasonBirthdate
	f.Missing = slices.Clone(f.Missing)
	f.Missing[1].Ticked = true

	retested := galleryReviewPage()
	retested.Parties = galleryRetested()
	retested.Panel.Settle = gallerySettle()
	retested.Bulk = []Go{{"/reviews/1042/bulk?premise=birth-years-apart", "The birth year conflicts on 14 parties: judge them on one page"}, {"/reviews/1042/bulk?carry=held", "3 parties were cleared before, and every reason still holds: look at them on one page"}}
	retested.Panel.Parties[0].State, retested.Panel.Parties[1].State = "reopened", "cleared before, 2 matches"
	retested.Panel.Parties[2].State, retested.Panel.Parties[2].Done = "to review", false
	retested.Panel.Parties[3].State, retested.Panel.Parties[3].Done = "asked again", false

	noted := galleryReviewPage()
	noted.Shell.Problem = true
	noted.Problems = Problems{List: []Problem{{"note", "Write the note before you add it"}}}
	noted.Panel.Note = &NoteForm{Action: "/reviews/1042/notes", Problem: "Write the note before you add it", Open: true}

	free := held(galleryReviewPage(), &Hold{"Claim this review to record findings.", "/reviews/1042/claim"})
	free.Identity.Status = StateTag(review.StateOpen, false)
	free.Identity.Claim = Claim{Words: "Nobody has it", Claim: "/reviews/1042/claim"}

	other := held(galleryReviewPage(), &Hold{"Sefa Tuilagi has this review until 10:02 UTC. You can read it.", ""})
	other.Shell.Who = galleryWho(review.RoleLead)
	other.Identity.Claim = Claim{Words: "With Sefa Tuilagi until", Until: Time{"2026-11-20T10:02:00Z", "10:02", "UTC"}, TakeOver: "/reviews/1042/claim"}

	auditor := held(galleryReviewPage(), &Hold{"Auditors read everything and change nothing.", ""})
	auditor.Shell.Who = galleryWho(review.RoleAuditor)
	auditor.Identity.Claim = Claim{Words: "With Sefa Tuilagi"}

	answered := galleryReviewPage()
	answered.Parties, answered.Dismissed = answered.Parties[2:], nil
	answered.Lead = "3 matches of 2 listed parties, all with a finding"
	answered.Panel.Words, answered.Panel.Done, answered.Panel.Next = "All 3 matches have a finding", []bool{true, true, true}, Go{"/reviews/1042/decision", "Decide"}
	answered.Panel.NextKey, answered.Panel.Decision = "d", nil
	answered.Panel.Parties = answered.Panel.Parties[2:]

	closed := held(answered, nil)
	closed.Main = galleryMain(review.StateClosed)
	closed.Identity.Status = OutcomeTag(review.Approve)
	closed.Identity.Claim, closed.Identity.Place, closed.Identity.Previous, closed.Identity.Next = Claim{}, "", "", ""
	closed.Decisions = galleryDecisions()
	closed.Panel.Decision = &PanelDecision{Text: "Approved by Noor Haddad on 20 November."}

	correct := closed
	correct.Shell.Who = galleryWho(review.RoleLead)
	correct.Correct = &DecisionForm{Action: "/reviews/1042/corrections", Evidence: gallerySeal, Correct: true, Reasons: review.DefaultPolicy().Decisions, Approve: "The review stays closed and its decision becomes approved.", Decline: "The review stays closed and its decision becomes declined."}
	wrong := correct
	wrong.Shell.Problem = true
	again := *correct.Correct
	again.Problems = []Problem{{"reason", "Choose a reason for this decision"}, {"outcome", "Choose to approve or to decline"}}
	wrong.Correct, wrong.Problems = &again, Problems{List: again.Problems}

	gone := held(galleryReviewPage(), nil)
	gone.Main = galleryMain(review.StateClosed)
	gone.Identity.Status = Tag{ClosingWords(review.ClosingPersona), ToneNone}
	gone.Notices = []Notice{{Strong: "Closed at Persona on 19 November, 16:20 UTC.", Text: "The transaction moved on to “expired” without a decision here."}}

	bare := galleryReviewPage()
	bare.Identity.Name, bare.Identity.Facts = Str{}, []Fact{{"Born", Value{}}, {"Country", Value{}}, {"Reference", Value{State: review.Null}}}
	bare.Notices, bare.Parties, bare.Dismissed, bare.Lead = nil, nil, nil, ""
	bare.None = "No report of this transaction was captured, so there is nothing to compare. It is here because Persona says that it needs review."
	bare.Reports, bare.ReportsIs, bare.Records, bare.RecordsIs = nil, "None captured", nil, "None captured"
	bare.Panel = Panel{Decision: &PanelDecision{Text: "There is no open match to judge.", To: Go{"/reviews/1042/decision", "Decide"}, Main: true}, Note: &NoteForm{Action: "/reviews/1042/notes"}}

	erased := bare
	erased.Identity.Fallback = "Name erased"
	erased.Notices = []Notice{{Tone: ToneAttention, Strong: "Personal data erased at Persona on 14 November, 10:00 UTC.", Text: "Nothing can be compared. docket’s copies went with it; what was decided stays."}}
	erased.None = "Personal data was erased at Persona and here: nothing is left to compare."
	erased.Reports, erased.ReportsIs = []Report{{ID: "rep_erased", Kind: "watchlist", Capture: review.CaptureRedacted, At: "1", Label: "Watchlist", Lines: []string{"Erased at Persona on 14 November, 10:00 UTC."}}}, "1 screening"
	erased.Trail.Entries = append([]Entry{{ID: "18207", Number: "18,207", Act: review.ActErased, Time: AtSecond(ago(5*time.Minute), galleryNow), Words: ActWords(review.ActErased),
		Detail: "Transaction/txn_gallery1042 and 5 more that belong to it, as evt_gallery told."}}, erased.Trail.Entries...)

	forty := galleryReviewPage()
	forty.Parties, forty.Panel.Parties, forty.Panel.Done = nil, nil, nil
	for i := range 40 {
		n := strconv.Itoa(i + 1)
		key := "wl-forty" + n
		q := galleryParties()[i%2]
		q.Number, q.Form = i+1, galleryForm(i+1, key)
		q.Matches = []Match{{Key: key, Label: "Watchlist match", Comparison: galleryComparison(q.Name.Text)}}
		forty.Parties = append(forty.Parties, q)
		forty.Panel.Parties = append(forty.Panel.Parties, PanelParty{n, q.Name, "to review", "#party-" + n, false, i == 0})
		forty.Panel.Done = append(forty.Panel.Done, i%3 == 0)
	}
	forty.Dismissed = nil
	forty.Lead, forty.Panel.Words = "40 matches of 40 listed parties, 26 to go", "26 of 40 matches to go"

	hostile := galleryReviewPage()
	long := strings.Repeat("<script>alert('x')</script>", 400)
	bad := Str{Text: long, Notes: []string{"hidden characters removed: U+202E, U+2066"}}
	hostile.Shell.Title = "R-1042 " + long[:60]
	hostile.Identity.Name = bad
	hostile.Parties, hostile.Panel.Parties = hostile.Parties[:1], hostile.Panel.Parties[:1]
	hostile.Panel.Parties[0].Name = bad
	hostile.Parties[0].Name, hostile.Parties[0].Kinds = bad, long[:300]
	hostile.Parties[0].Lists = []Link{{long[:120], "javascript:alert(1)", nil}, {"", "//evil.example/x", nil}, {"List", "https://user:pass@example.org/", nil}}
	c := hostile.Parties[0].Matches[0].Comparison
	c.Rows[0].Left.Str, c.Rows[0].Right.Str, c.Rows[0].Parts[0].Left = bad, bad, []Piece{{strings.Repeat("W", 500), true}}
	hostile.Records[0].Gist, hostile.Records[0].Fields[0] = bad, Field{Key: "\"><img src=x>", Type: "</dd>", Label: long[:90], Value: Value{State: review.Present, Str: bad}}
	hostile.Trail.Entries[0].Quote = bad
	hostile.Payloads.Rows[0].What = bad

	return []Specimen{{"review", work}, {"review-recorded", recorded}, {"review-refused", refused}, {"review-premise-refused", bare422}, {"review-missing-refused", untold},
		{"review-retested", retested}, {"review-note-refused", noted}, {"review-free", free}, {"review-taken", other},
		{"review-auditor", auditor}, {"review-answered", answered}, {"review-closed", closed}, {"review-correct", correct}, {"review-correct-refused", wrong},
		{"review-closed-at-persona", gone}, {"review-bare", bare}, {"review-erased", erased}, {"review-forty", forty}, {"review-hostile", hostile}}
}
