package web

import (
	"errors"
	"net/url"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

func isNotFound(err error) bool { return errors.Is(err, review.ErrNotFound) }

// recordBuilder makes the page of the record: a pure function of its fields.
type recordBuilder struct {
	values url.Values
	query  store.RecordQuery
	people []review.Colleague
	book   review.PolicyBook
	me     review.Colleague
	now    time.Time
}

// whose says whose record it is, in words; "" everything.
func (b *recordBuilder) whose() string {
	q := b.query
	switch {
	case q.Review != 0:
		return "review " + q.Review.String()
	case q.Transaction != "":
		return "transaction " + str(string(q.Transaction)).Text
	case q.Reference != "":
		return "reference " + str(q.Reference).Text
	case q.Account != "":
		return "account " + str(q.Account).Text
	case q.By != "":
		for _, c := range b.people {
			if c.ID == q.By {
				return str(c.Name).Text
			}
		}
		return string(q.By)
	}
	return ""
}

func (b *recordBuilder) frame(sh views.Shell) views.RecordPage {
	get := func(name string) string { return clip(str(b.values.Get(name)).Text, 200) }
	p := views.RecordPage{
		Shell: sh, Review: get("review"), Transaction: get("transaction"), Reference: get("reference"), Account: get("account"),
		From: get("from"), To: get("to"), People: []views.Option{{Words: "Anyone"}},
		Shows: []views.Option{
			{Value: string(store.RecordAll), Words: "Everything", Chosen: b.query.Show == store.RecordAll},
			{Value: string(store.RecordEntries), Words: "What was done", Chosen: b.query.Show == store.RecordEntries},
			{Value: string(store.RecordAccesses), Words: "What was opened", Chosen: b.query.Show == store.RecordAccesses},
		},
		Lead: "Everything about one subject, or by one colleague: what was done, what was opened, what left.",
	}
	for _, c := range b.people {
		p.People = append(p.People, views.Option{Value: string(c.ID), Words: str(c.Name).Text, Chosen: c.ID == b.query.By})
	}
	if whose := b.whose(); whose != "" {
		p.Shell.Title = "Record of " + whose
		p.Lead = "Everything on record of " + whose + "."
		if b.query.By != "" {
			p.Lead = "Everything on record by " + whose + "."
		}
	}
	if recordHref("", b.values, "") != "" {
		p.Clear = "/record"
	}
	return p
}

func (b *recordBuilder) fill(p *views.RecordPage, record store.RecordPage) {
	for _, f := range []struct{ format, words string }{{formatCSV, "Export as CSV"}, {formatNDJSON, "as NDJSON"}, {formatXLSX, "as XLSX"}} {
		p.Exports = append(p.Exports, views.Go{Href: recordHref("/record."+f.format, b.values, ""), Words: f.words})
	}
	p.Head, p.Caption = "What was done and opened", "What was done and opened, newest first"
	switch b.query.Show {
	case store.RecordEntries:
		p.Head, p.Caption = "What was done", "What was done, newest first"
	case store.RecordAccesses:
		p.Head, p.Caption = "What was opened", "What was opened, newest first"
	}
	for _, r := range record.Reviews {
		p.Reviews = append(p.Reviews, b.review(r))
	}
	if record.More {
		p.MoreReviews = "The first " + views.Number(len(record.Reviews)) + "; there are more. Narrow it by a transaction."
	}
	for i := range record.Left {
		p.Left = append(p.Left, b.entry(&record.Left[i]))
	}
	for _, r := range record.Rows {
		if r.Entry != nil {
			p.Rows = append(p.Rows, b.entry(r.Entry))
		} else {
			p.Rows = append(p.Rows, b.access(r.Access))
		}
	}
	p.Showing = "Newest first, " + views.Plural(len(p.Rows), "line", "lines")
	switch {
	case b.query.After != "":
		p.First = views.Go{Href: recordHref("/record", b.values, ""), Words: "Back to the newest"}
		p.Showing = views.Plural(len(p.Rows), "older line", "older lines")
	case record.Next != "":
		p.Showing = "The newest " + views.Number(len(p.Rows)) + " lines"
	}
	if record.Next != "" {
		p.Next = views.Go{Href: recordHref("/record", b.values, record.Next), Words: "Older lines"}
	}
	if len(p.Rows) == 0 && len(p.Reviews) == 0 {
		p.Exports = nil
		p.Empty = &views.Empty{Head: "Nothing is on record like this", Text: "Nobody did or opened anything in this time.",
			Acts: []views.Go{{Href: "/record", Words: "Show all of the record"}}}
	}
}

func (b *recordBuilder) review(r store.ReviewRow) views.RecordReview {
	row := views.RecordReview{Href: reviewHref(r.ID), Name: r.ID.String(), Subject: str(r.Subject), Opened: views.At(r.OpenedAt, b.now),
		State: views.StateTag(r.State, r.ClaimedBy != "")}
	if row.Subject.Text == "" {
		row.Subject = views.S("No name captured")
	}
	if r.Outcome != "" {
		row.Outcome = views.OutcomeTag(r.Outcome)
	}
	if !r.DecidedAt.IsZero() {
		row.Decided = views.At(r.DecidedAt, b.now)
	}
	return row
}

func (b *recordBuilder) entry(e *store.EntryRow) views.RecordRow {
	at := reviewBuilder{rules: rules{book: b.book}, me: b.me, now: b.now}
	at.file.Review.ID = e.Review // said in a column of its own
	trail := at.entry(e.Entry)
	row := views.RecordRow{Entry: trail.ID, Number: trail.Number, AsSeen: trail.AsSeen, Act: e.Act, Time: trail.Time, By: trail.By,
		Words: trail.Words, Detail: trail.Detail, Quote: trail.Quote, Person: b.person(e.By)}
	if e.Review != 0 {
		row.About = views.Go{Href: reviewHref(e.Review), Words: e.Review.String()}
	}
	if e.Act == review.ActExported {
		row.Detail = capital(sentence(str(detailText(e.Detail)).Text))
	}
	return row
}

func (b *recordBuilder) access(x *review.Access) views.RecordRow {
	row := views.RecordRow{Access: x.What, Time: views.AtSecond(x.FirstAt, b.now), By: whoWords(x.By, x.ByName, b.me.ID),
		Words: views.AccessWords(x.What), Person: b.person(x.By), About: opened(x)}
	if x.N > 1 {
		row.Detail = views.Number(x.N) + " times in " + views.Age(max(time.Minute, x.LastAt.Sub(x.FirstAt))) + "."
	}
	return row
}

// person is what is on record by a colleague, "" when that is this page.
func (b *recordBuilder) person(id review.ColleagueID) string {
	if id == "" || id == b.query.By {
		return ""
	}
	return recordOf("by", string(id))
}

// opened is the way to what was opened, where there is one.
func opened(x *review.Access) views.Go {
	switch x.What {
	case review.AccessReview:
		if id, err := review.ParseReviewID(x.Object); err == nil {
			return views.Go{Href: reviewHref(id), Words: id.String()}
		}
	case review.AccessTransaction:
		return views.Go{Href: transactionHref(review.TransactionID(x.Object)), Words: str(x.Object).Text}
	case review.AccessParty:
		return views.Go{Href: partyHref(review.PartyKey(x.Object)), Words: "Party " + str(x.Object).Text}
	case review.AccessPayload, review.AccessFile:
		if h, err := review.ParseHash(x.Object); err == nil {
			return views.Go{Words: shortHash(h)}
		}
	case review.AccessPages:
		if p, err := url.PathUnescape(x.Object); err == nil {
			return views.Go{Words: str(p).Text}
		}
	}
	return views.Go{Words: str(x.Object).Text}
}
