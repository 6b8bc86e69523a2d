package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"docket/review"
	"docket/store"
	"docket/views"
)

// recordNames are what shapes the record, in its address; the first five choose whose it is, and
// exclude each other.
var recordNames = []string{"review", "transaction", "reference", "account", "by", "show", "from", "to"}

const recordSubjects = 5 // of recordNames

// recordQuery reads what of the record is wanted, and says what of it cannot be read.
func recordQuery(q url.Values) (query store.RecordQuery, problems []views.Problem) {
	problem := func(field, text string) { problems = append(problems, views.Problem{Field: field, Text: text}) }
	value := func(name string) string {
		v := strings.TrimSpace(q.Get(name))
		if !utf8.ValidString(v) || len(v) > 4*maxSearch {
			problem(name, "Use a shorter text")
			return ""
		}
		return v
	}
	day := func(name string) time.Time {
		v := value(name)
		if v == "" {
			return time.Time{}
		}
		t, err := time.Parse(time.DateOnly, v)
		if err != nil {
			problem(name, "Write the day as year-month-day, such as 2026-06-18")
		}
		return t
	}
	set := 0
	for _, name := range recordNames[:recordSubjects] {
		if q.Get(name) == "" {
			continue
		}
		if set++; set > 1 {
			problem(name, "Choose one subject or one colleague: leave this out, or the other")
		}
	}
	if v := value("review"); v != "" {
		id, err := review.ParseReviewID(v)
		if err != nil {
			problem("review", "Write the number of a review, such as R-1042")
		}
		query.Review = id
	}
	query.Transaction, query.Reference, query.Account = review.TransactionID(value("transaction")), value("reference"), value("account")
	if v := value("by"); v != "" {
		id, err := review.ParseColleagueID(v)
		if err != nil {
			problem("by", "Choose one of the list")
		}
		query.By = id
	}
	switch show := store.RecordShow(value("show")); show {
	case store.RecordAll, store.RecordEntries, store.RecordAccesses:
		query.Show = show
	default:
		problem("show", "Choose one of the list")
	}
	query.From, query.To = day("from"), day("to")
	if !query.To.IsZero() {
		query.To = query.To.AddDate(0, 0, 1)
	}
	query.After, query.Limit = clip(q.Get("after"), 100), recordRows
	return query, problems
}

// recordRows is how many lines of the record are on a page.
const recordRows = 50

// recordHref is a page of the record.
func recordHref(path string, q url.Values, after string) string {
	v := url.Values{}
	for _, name := range recordNames {
		if s := q.Get(name); s != "" && utf8.ValidString(s) && len(s) <= 4*maxSearch {
			v.Set(name, s)
		}
	}
	if after != "" {
		v.Set("after", after)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// recordOf is the record of what one name and value say.
func recordOf(name, value string) string {
	return recordHref("/record", url.Values{name: {value}}, "")
}

// recordObject says whose record was opened: ids of ours and of Persona's, and of a reference only that it
// was one, for people put anything there.
func recordObject(q url.Values) string {
	for _, name := range recordNames[:recordSubjects] {
		v := q.Get(name)
		if v == "" {
			continue
		}
		var wrong error
		switch name {
		case "reference":
			return name
		case "review":
			_, wrong = review.ParseReviewID(v)
		case "by":
			_, wrong = review.ParseColleagueID(v)
		default:
			v = idOrTyped(v)
		}
		if wrong != nil {
			v = someText
		}
		return name + " " + v
	}
	return "all"
}

// idOrTyped gives what may be an id of Persona's, and of anything else only that it was typed: it may be a
// name, and what is noted of exports and of who looked is there for good. Persona promises no form of its
// ids; those that are known are of letters and digits of ASCII, with a digit or an underscore among them.
func idOrTyped(v string) string {
	const marks = "0123456789_"
	if len(v) > 200 || !strings.ContainsAny(v, marks) || strings.Trim(v, marks+"-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return someText
	}
	return v
}

// showRecord is everything about a subject, or by a colleague.
func (s *Server) showRecord(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q, problems := recordQuery(values)
	people, err := s.db.Colleagues(r.Context())
	if err != nil {
		return err
	}
	rules, err := s.rules(r.Context())
	if err != nil {
		return err
	}
	b := recordBuilder{values: values, query: q, people: people, book: rules.book, me: me(r), now: s.now()}
	page := b.frame(s.shell(r, "Record", views.PlaceRecord))
	if len(problems) == 0 {
		record, err := s.db.Record(r.Context(), q)
		switch {
		case isNotFound(err) && q.After == "" && b.whose() != "":
			page.Empty = &views.Empty{Head: "Nothing is on record of " + b.whose(), Text: "Check the number or id: it has to be whole.",
				Acts: []views.Go{{Href: "/record", Words: "Show all of the record"}}}
		case err != nil:
			return err
		default:
			b.fill(&page, record)
		}
		return s.render(w, r, http.StatusOK, page)
	}
	page.Problem, page.Problems = true, views.Problems{Head: "The record cannot be shown like this", List: problems}
	page.Empty = &views.Empty{Head: "Nothing is shown yet", Acts: []views.Go{{Href: "/record", Words: "Show all of the record"}}}
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}

// exportRecord streams the same.
func (s *Server) exportRecord(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q, problems := recordQuery(values)
	if len(problems) > 0 {
		return errMalformed
	}
	if values.Has("reference") {
		values.Set("reference", "(a reference)") // people put anything there, and the trail is for good
	}
	for _, name := range []string{"transaction", "account"} {
		if v := values.Get(name); v != "" {
			values.Set(name, idOrTyped(v))
		}
	}
	_, filter, _ := strings.Cut(recordHref("", values, ""), "?")
	return s.export(w, r, "record", filter, func(out io.Writer, format string) (int, error) {
		return WriteRecord(r.Context(), out, s.db, q, format)
	})
}

// recordColumns are the columns of an export of the record.
var recordColumns = []column[store.RecordRow]{
	{"at", func(r store.RecordRow) cell { return text(stamp(r.At)) }},
	{"is", func(r store.RecordRow) cell {
		if r.Entry != nil {
			return text("entry")
		}
		return text("opening")
	}},
	{"entry", ofEntry(func(e *store.EntryRow) cell { return entryNumber(e.ID) }, 0)},
	{"act", ofEntry(func(e *store.EntryRow) cell { return text(string(e.Act)) }, "")},
	{"by", func(r store.RecordRow) cell {
		if r.Entry != nil {
			return text(string(r.Entry.By))
		}
		return text(string(r.Access.By))
	}},
	{"by_role", ofEntry(func(e *store.EntryRow) cell { return text(string(e.ByRole)) }, "")},
	{"review", func(r store.RecordRow) cell {
		id := review.ReviewID(0)
		if r.Entry != nil {
			id = r.Entry.Review
		} else {
			id = r.Access.Review
		}
		if id == 0 {
			return text("")
		}
		return text(id.String())
	}},
	{"finding", ofEntry(func(e *store.EntryRow) cell { return text(string(e.Finding)) }, "")},
	{"outcome", ofEntry(func(e *store.EntryRow) cell { return text(string(e.Outcome)) }, "")},
	{"reason", ofEntry(func(e *store.EntryRow) cell { return text(string(e.Reason)) }, "")},
	{"note", ofEntry(func(e *store.EntryRow) cell { return text(e.Note) }, "")},
	{"status", ofEntry(func(e *store.EntryRow) cell { return text(e.Status) }, "")},
	{"detail", ofEntry(func(e *store.EntryRow) cell { return text(detailText(e.Detail)) }, "")},
	{"evidence", ofEntry(func(e *store.EntryRow) cell { return text(ofReview(*e, e.Evidence.String())) }, "")},
	{"opened", ofAccess(func(x *review.Access) cell { return text(string(x.What)) }, "")},
	{"object", ofAccess(func(x *review.Access) cell { return text(x.Object) }, "")},
	{"last_at", ofAccess(func(x *review.Access) cell { return text(stamp(x.LastAt)) }, "")},
	{"times", ofAccess(func(x *review.Access) cell { return listed(x.N, fmt.Sprint(x.N)) }, 0)},
}

// ofEntry is a column that only entries have, and ofAccess one that only openings have; none is its JSON in
// the others.
func ofEntry(of func(*store.EntryRow) cell, none any) func(store.RecordRow) cell {
	return func(r store.RecordRow) cell {
		if r.Entry == nil {
			return listed(none, "")
		}
		return of(r.Entry)
	}
}

func ofAccess(of func(*review.Access) cell, none any) func(store.RecordRow) cell {
	return func(r store.RecordRow) cell {
		if r.Access == nil {
			return listed(none, "")
		}
		return of(r.Access)
	}
}

// WriteRecord writes what is on record of a subject or by a colleague, newest first and in constant
// memory, and says how many lines. The formats are those of WriteDecisions.
func WriteRecord(ctx context.Context, w io.Writer, db *store.DB, q store.RecordQuery, format string) (int, error) {
	rows, err := writeRows(w, format, recordColumns, func(write func(store.RecordRow) error) error {
		return db.EachRecord(ctx, q, write)
	})
	if err != nil {
		return rows, fmt.Errorf("export record: %w", err)
	}
	return rows, nil
}
