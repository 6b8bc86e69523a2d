package views

import (
	"strconv"
	"time"

	"docket/review"
)

func galleryRecord() []Specimen {
	shell := galleryShell("Record of review R-1042", PlaceNone)
	shell.Who = galleryWho(review.RoleAuditor)
	form := RecordPage{
		Shell: shell, Lead: "Everything on record of review R-1042.", Review: "R-1042", Clear: "/record",
		People: []Option{{"", "Anyone", true}, {"noor", "Noor Haddad", false}, {"tomasz", "Tomasz Lindqvist", false}},
		Shows:  []Option{{"", "What was done and opened", true}, {"entries", "What was done", false}, {"openings", "What was opened", false}},
	}
	subject := form
	subject.Exports = []Go{{"/record.csv?review=R-1042", "Export as CSV"}, {"/record.ndjson?review=R-1042", "as NDJSON"}, {"/record.xlsx?review=R-1042", "as XLSX"}}
	subject.Reviews = []RecordReview{
		{Href: "/reviews/988", Name: "R-988", Subject: S("Orlan Temur Kasymbek"), Opened: At(ago(92*day), galleryNow), State: StateTag(review.StateClosed, false),
			Outcome: OutcomeTag(review.Approve), Decided: At(ago(90*day), galleryNow)},
		{Href: "/reviews/1042", Name: "R-1042", Subject: S("Orlan Temur Kasymbek"), Opened: At(ago(3*day), galleryNow), State: StateTag(review.StateOpen, true)},
	}
	subject.Head, subject.Caption, subject.Showing = "What was done and opened", "What was done and opened, newest first", "The newest 6 lines"
	subject.Next = Go{"/record?review=R-1042&after=18190.1.2", "Older lines"}
	at := func(d time.Duration) Time { return AtSecond(ago(d), galleryNow) }
	noor, tomasz := S("Noor Haddad"), S("Tomasz Lindqvist")
	about := Go{"/reviews/1042", "R-1042"}
	entry := func(n int, act review.Act, by Str, words string) RecordRow {
		id := strconv.Itoa(n)
		return RecordRow{Entry: id, Number: Number(n), AsSeen: "/reviews/1042/as-seen/" + id, Act: act, Time: at(time.Duration(18210-n) * hour), By: by, Person: "/record?by=noor", Words: words, About: about}
	}
	opening := func(d time.Duration, kind review.AccessKind, by Str, to Go, detail string) RecordRow {
		return RecordRow{Access: kind, Time: at(d), By: by, Person: "/record?by=tomasz", Words: AccessWords(kind), About: to, Detail: detail}
	}
	noted := entry(18205, review.ActNoted, noor, ActWords(review.ActNoted))
	noted.Quote = S("The employer’s letter names another birth date. Asked for the passport.")
	subject.Rows = []RecordRow{
		opening(20*time.Minute, review.AccessReview, tomasz, about, "3 times in 8 min."),
		entry(18209, review.ActSeen, S("You"), ActWords(review.ActSeen)),
		opening(2*hour, review.AccessPayload, tomasz, Go{Words: "c07d 51e9 8a3f 20b6"}, ""),
		noted,
		entry(18201, review.ActClaimed, noor, ActWords(review.ActClaimed)),
		entry(18190, review.ActReviewOpened, Str{}, ActWords(review.ActReviewOpened)),
	}
	subject.Left = []RecordRow{{Entry: "18204", Number: "18,204", Act: review.ActExported, Time: at(6 * hour), By: tomasz, Words: ActWords(review.ActExported),
		Detail: "Format csv; rows 1,284; via web; what decisions."}}

	all := form
	all.Shell.Title, all.Review, all.Clear = "Record", "", ""
	all.Lead = "Everything about one subject, or by one colleague: what was done, what was opened, what left."
	all.Head, all.Caption, all.Showing = subject.Head, subject.Caption, "Newest first, 40 lines"
	for i := range 40 {
		p := galleryPeople[i%len(galleryPeople)]
		row := subject.Rows[i%len(subject.Rows)]
		row.Time = at(time.Duration(i) * 13 * time.Minute)
		if !row.By.IsZero() {
			row.By = Str{Text: p.name, Lang: p.lang}
		}
		all.Rows = append(all.Rows, row)
	}
	all.Rows[3] = RecordRow{Entry: "18203", Number: "18,203", Act: review.ActSeen, Time: all.Rows[3].Time, Words: "Access log sealed", Detail: "1,000 lines, numbers 40,001 to 41,000."}
	nothing := form
	nothing.Empty = &Empty{"Nothing is on record of transaction txn_none", "Check the number or id: it has to be whole.", []Go{{"/record", "Show all of the record"}}}
	wrong := nothing
	wrong.Shell.Problem = true
	wrong.Empty = &Empty{"Nothing is shown yet", "", []Go{{"/record", "Show all of the record"}}}
	wrong.Transaction = "txn_1"
	wrong.Problems = Problems{Head: "The record cannot be shown like this", List: []Problem{{"transaction", "Choose one subject or one colleague: leave this out, or the other"}}}
	return []Specimen{{"record", subject}, {"record-all", all}, {"record-none", nothing}, {"record-wrong", wrong}}
}
