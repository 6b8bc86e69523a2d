package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
)

// showCase is one of Persona's cases: who it is about, what is theirs, and what the case itself
// says.
func (s *Server) showCase(w http.ResponseWriter, r *http.Request, ref review.Ref) error {
	file, err := s.db.RootFile(r.Context(), ref)
	if err != nil {
		return err
	}
	queue, err := s.caseQueue(r.Context(), file.Dossier.About.Resource)
	if err != nil {
		return err
	}
	book, err := s.db.PolicyBook(r.Context())
	if err != nil {
		return err
	}
	b := caseBuilder{file: file, book: book, reader: me(r), now: s.now(), queue: queue, reviewed: len(s.db.Statuses().Case) > 0}
	page := b.page()
	page.Shell = s.shell(r, "Case "+clip(rootName(ref, file.Dossier.About.Name.Value), 100), views.PlaceNone)
	if page.Pictures, err = s.pictures(r, pictured(file.Dossier)); err != nil {
		return err
	}
	if r.URL.Query().Get("done") == "fetch" {
		page.Notices = append(page.Notices, fetchNotice)
	}
	if s.connection().Connected && me(r).Role.Acts() && persona.HasEndpoint(ref) {
		page.Fetch = resourceHref(ref) + "/fetch"
	}
	return s.render(w, r, http.StatusOK, page)
}

// pictured are the resources of a dossier whose photos and files its page shows.
func pictured(d review.Dossier) []review.Resource {
	if d.About.Ref.IsZero() {
		return d.Records
	}
	return append(slices.Clone(d.Records), d.About.Resource)
}

// caseQueue is what the queue of a case is called, "" when it has none; its id while its name
// was never captured.
func (s *Server) caseQueue(ctx context.Context, c review.Resource) (string, error) {
	ref := relatedOne(c, "case-queue")
	if ref.IsZero() {
		return "", nil
	}
	file, err := s.db.ResourceFile(ctx, ref)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return "", err
	}
	if err == nil && !file.Named {
		if name := attribute(persona.Resource(file.Captured), "name").Text; name != "" {
			return name, nil
		}
	}
	return ref.ID, nil
}

// relatedOne is the first resource that a relationship names, zero when it names none.
func relatedOne(r review.Resource, name string) review.Ref {
	for _, rel := range r.Relations {
		if rel.Name == name && len(rel.Refs) > 0 {
			return rel.Refs[0]
		}
	}
	return review.Ref{}
}

// attribute is what a resource says under a name; its state is Absent when it says nothing.
func attribute(r review.Resource, key string) review.Field {
	for _, f := range r.Attributes {
		if f.Key == key {
			return f
		}
	}
	return review.Field{Key: key}
}

// caseBuilder makes the page of a case.
type caseBuilder struct {
	file     store.TransactionFile
	book     review.PolicyBook
	reader   review.Colleague
	now      time.Time
	queue    string
	reviewed bool // cases are reviewed here

	reports []views.Report
	records []views.Record
	shown   map[review.Ref]bool // under somebody
}

func (b *caseBuilder) page() views.CasePage {
	d := b.file.Dossier
	b.reports, b.records, b.shown = reports(d.Reports, b.now), records(d, false, b.now), map[review.Ref]bool{}
	p := views.CasePage{
		Main:      views.Main{Root: raw(d.About.Ref.String())},
		Identity:  b.identity(),
		Notices:   dossierNotices(d, b.now),
		Decisions: decisionCards(b.file.Decisions, b.book, b.reader.ID, b.now),
		Fields:    fields(d.About.Resource.Fields, b.now),
		Payloads:  payloads(b.file.Payloads, b.now),
	}
	p.Fields = append(p.Fields, fields(d.About.Resource.Attributes, b.now)...)
	p.Notices = p.Notices[:min(len(p.Notices), mostNotices)]
	for _, r := range b.file.Reviews {
		p.Reviews = append(p.Reviews, reviewLine(r, b.file.Decisions, b.now))
		if r.State != review.StateClosed && p.Main.State == "" {
			p.Main.State = string(r.State)
		}
	}
	if len(p.Reviews) == 0 {
		p.None = "No review: as far as docket has seen, this case never had a status that asks for one."
		if !b.reviewed {
			p.None = "No review: cases are not reviewed here, their transactions are."
		}
	}
	p.Parties, p.Lead = readOnlyParties(d, b.book, b.reader, b.now)
	businesses, people := 0, 0
	for i, e := range d.Examined {
		p.Examined = append(p.Examined, b.examined(e, i+1))
		if e.Subject.Kind == review.PartyBusiness {
			businesses++
		} else {
			people++
		}
	}
	p.ExaminedIs = join(" and ", counted(businesses, "business", "businesses"), counted(people, "person", "people"))
	if p.ExaminedIs == "" {
		p.ExaminedIs = "Nobody is named by what was captured of it."
	}
	p.Rest = b.rest(len(d.Examined) + 1)
	for _, r := range d.Records {
		switch r.Ref.Type {
		case review.RootTransaction:
			p.Transactions = append(p.Transactions, b.transaction(r))
		case "case-comment":
			p.Comments = append(p.Comments, views.Comment{By: str(attribute(r, "commenter-id").Text), At: views.At(r.CreatedAt, b.now),
				Text: prose(attribute(r, "message").Text)})
		}
	}
	slices.SortStableFunc(p.Comments, func(x, y views.Comment) int { return strings.Compare(y.At.Datetime, x.At.Datetime) })
	return p
}

func (b *caseBuilder) identity() views.Identity {
	c := b.file.Dossier.About
	id := views.Identity{
		Path:   []views.Go{{Href: "/reviews", Words: "Queue"}, {Words: "Case"}},
		Prefix: "Case",
		Name:   visible(rootName(c.Ref, c.Name.Value)),
		Status: views.CaptureTag(c.Resource.Capture),
		Facts:  []views.Fact{{Term: "At Persona", Value: mono(textValue(c.Status))}},
	}
	fact := func(term string, v views.Value) { id.Facts = append(id.Facts, views.Fact{Term: term, Value: v}) }
	fact("Resolution", fieldValue(attribute(c.Resource, "resolution"), b.now))
	fact("Assignee", fieldValue(attribute(c.Resource, "assignee-id"), b.now))
	queue := views.Value{State: review.Absent}
	if b.queue != "" {
		queue = views.Value{State: review.Present, Str: str(b.queue)}
	}
	fact("Queue", queue)
	fact("Due", b.due(c))
	if !c.CreatedAt.IsZero() {
		fact("Created", timeValue(c.CreatedAt, b.now))
	}
	if f := attribute(c.Resource, "resolved-at"); f.State == review.Present {
		fact("Resolved", fieldValue(f, b.now))
	}
	if len(c.Tags) > 0 {
		tags := make([]string, len(c.Tags))
		for i, t := range c.Tags {
			tags[i] = str(t).Text
		}
		fact("Tags", views.V(strings.Join(tags, ", ")))
	}
	fact("Id", mono(views.Value{State: review.Present, Str: str(c.Ref.ID)}))
	return id
}

// due is until when the case is to be done at Persona, loud once that has passed and nobody has
// resolved it.
func (b *caseBuilder) due(c review.Root) views.Value {
	f := attribute(c.Resource, "sla-expires-at")
	at, err := time.Parse(time.RFC3339Nano, f.Text)
	if err != nil {
		return fieldValue(f, b.now)
	}
	if at.Before(b.now) && attribute(c.Resource, "resolved-at").State != review.Present {
		return views.Value{State: review.Present,
			Tag: views.Tag{Words: views.At(at, b.now).Words + " UTC, over by " + views.Age(b.now.Sub(at)), Tone: views.ToneDanger}}
	}
	return timeValue(at, b.now)
}

// examined shows one business or person with what is theirs.
func (b *caseBuilder) examined(e review.Examined, at int) views.Examined {
	out := views.Examined{At: strconv.Itoa(at), Subject: raw(e.Account.ID), Kind: views.PartyKindWords(e.Subject.Kind), Name: str(e.Subject.FullName()),
		Fallback: "without a name"}
	if e.Subject.Kind == review.PartyUnknown {
		out.Kind = "Somebody"
	}
	out.Facts = append(out.Facts, subjectFacts(review.Dossier{Subject: e.Subject})[:2]...)
	if !e.Account.IsZero() {
		out.Facts = append(out.Facts, views.Fact{Term: "Account", Value: views.Value{State: review.Present,
			To: views.Go{Href: resourceHref(e.Account), Words: str(e.Account.ID).Text}}})
	}
	for _, ref := range e.Of {
		b.shown[ref] = true
	}
	out.Reports, out.Records = b.those(func(ref review.Ref) bool { return slices.Contains(e.Of, ref) })
	out.Holds = holds(out)
	return out
}

// rest is what nobody tells whose it is.
func (b *caseBuilder) rest(at int) views.Examined {
	out := views.Examined{At: strconv.Itoa(at), Kind: "Not told whose"}
	out.Reports, out.Records = b.those(func(ref review.Ref) bool { return !b.shown[ref] })
	out.Holds = holds(out)
	return out
}

// those are the reports and records of which something is true. Transactions and comments have
// a place of their own.
func (b *caseBuilder) those(which func(review.Ref) bool) (rs []views.Report, recs []views.Record) {
	for i, r := range b.file.Dossier.Reports {
		if which(r.Ref) {
			rs = append(rs, b.reports[i])
		}
	}
	for i, r := range b.file.Dossier.Records {
		if r.Ref.Type != review.RootTransaction && r.Ref.Type != "case-comment" && r.Ref.Family() != "case-queue" && which(r.Ref) {
			recs = append(recs, b.records[i])
		}
	}
	return rs, recs
}

func holds(e views.Examined) string {
	return join(", ", counted(len(e.Reports), "report", "reports"), counted(len(e.Records), "record", "records"))
}

// counted is a number of things in words, "" when there is none.
func counted(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return views.Plural(n, one, many)
}

func (b *caseBuilder) transaction(r review.Resource) views.CaseTransaction {
	t := views.CaseTransaction{ID: raw(r.Ref.ID), Href: refHref(r.Ref), Subject: gist(r), Reference: str(attribute(r, "reference-id").Text),
		Status: str(r.Status.Value), Created: views.Day(r.CreatedAt, b.now), Absent: r.Capture == review.CaptureAbsent}
	for _, e := range b.file.Dossier.Examined {
		if slices.Contains(e.Of, r.Ref) {
			t.Subject = str(e.Subject.FullName())
		}
	}
	return t
}
