package web

import (
	"context"
	"errors"
	"fmt"
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

// How often a page that follows a transaction looks again, by the age of the transaction: often
// while somebody waits for it, then ever less, and no more when nobody can be waiting.
var looks = []struct{ until, every time.Duration }{
	{time.Minute, 2 * time.Second},
	{10 * time.Minute, 10 * time.Second},
	{time.Hour, time.Minute},
}

// followDays is how long the page of a transaction tells how it came to its status.
const followDays = 24 * time.Hour

// lookEvery is after how many seconds a page looks again, "" when it does not.
func lookEvery(age time.Duration) string {
	for _, l := range looks {
		if age < l.until {
			return strconv.Itoa(int(l.every / time.Second))
		}
	}
	return ""
}

// reloadEvery is the same for a browser without scripts: a reload begins at the top of the page
// again, so it comes less often.
func reloadEvery(every string) string {
	if every == "2" {
		return "5"
	}
	return every
}

// follow says how far a transaction has come; nil when that is old news.
func follow(file store.TransactionFile, fallback bool, c connection) *views.Follow {
	txn := file.Dossier.Transaction
	age := c.now.Sub(txn.CreatedAt)
	if txn.CreatedAt.IsZero() || age.Abs() >= followDays { // clocks differ, but not by days
		return nil
	}
	f := &views.Follow{Steps: []views.FollowStep{{Words: "Asked", Done: true, Time: views.AtSecond(txn.CreatedAt, c.now)}}}
	if persona.Moving(txn.Status.Value) {
		f.Steps = append(f.Steps, views.FollowStep{Words: "Screening", Now: true}, views.FollowStep{Words: "Result"})
		f.Words = "Persona is screening."
		look(f, c, age)
		return f
	}
	result := views.FollowStep{Words: openSet(txn.Status.Value), Done: true, Time: views.AtSecond(txn.UpdatedAt, c.now)}
	f.Words = "Persona’s status is “" + str(txn.Status.Value).Text + "”."
	switch review.NormalStatus(txn.Status.Value) {
	case "approved":
		result.Words, result.Tone, f.Words = "Approved", views.ToneGood, "Persona approved it."
	case "declined":
		result.Words, result.Tone, f.Words = "Declined", views.ToneDanger, "Persona declined it."
	case "errored":
		result.Words, result.Tone, f.Words = "Errored", views.ToneDanger, "Persona’s workflow errored."
		f.More = "Persona’s dashboard says why. Nothing is to be done here; a new screening begins anew."
	case "needs_review":
		result.Words, result.Tone = "Needs review", views.ToneAttention
	}
	if fallback {
		result.Words, result.Tone, f.Words = "Waits for the customer", views.ToneAttention, "Persona waits for the customer to finish an inquiry."
	}
	for _, r := range file.Reviews {
		if r.State != review.StateClosed {
			f.Words, f.To = "It became a review.", views.Go{Href: reviewHref(r.ID), Words: "Open " + r.ID.String()}
		}
	}
	f.Steps = append(f.Steps, views.FollowStep{Words: "Screened", Done: true}, result)
	return f
}

// askedPage is the page of a transaction that Persona took and of which nothing has come back yet.
func askedPage(id review.TransactionID, c connection) views.FollowPage {
	p := views.FollowPage{Main: views.Main{Transaction: raw(string(id))}}
	p.Follow = views.Follow{Words: "Persona has taken it; its first answer is on the way.",
		Steps: []views.FollowStep{{Words: "Asked", Done: true}, {Words: "Screening", Now: true}, {Words: "Result"}}}
	look(&p.Follow, c, 0)
	return p
}

// look lets the page look again, and says why nothing may come.
func look(f *views.Follow, c connection, age time.Duration) {
	f.Every = lookEvery(age)
	f.More = "This page looks again by itself."
	if f.Every == "" {
		f.More = "It takes longer than usual. Open this page again later."
	}
	switch {
	case c.failing():
		n := c.unreachable()
		f.Notice = n.Strong + " " + n.Text
	case !c.Connected:
		f.Notice = "docket is not connected to Persona: what happens there is seen here only when Persona sends it."
	}
}

// fallbackOf says how the subject gets to the inquiry that a transaction waits for; nil when it
// waits for none. inquiry is what is known of it.
func fallbackOf(txn review.TransactionID, id string, inquiry review.Resource, waits bool, reader review.Colleague, c connection, link func(string) string) *views.Fallback {
	if id == "" {
		return nil
	}
	ref := review.Ref{Type: "inquiry", ID: id}
	f := &views.Fallback{Inquiry: views.Go{Href: resourceHref(ref), Words: str(id).Text}}
	status := review.NormalStatus(inquiry.Status.Value)
	f.Expires, f.Past = expiry(inquiry, c.now)
	// Persona tells of an expiry late or not at all; its own moment counts.
	over := f.Past && (status == "created" || status == "pending")
	oneTime := views.LinkAct{Make: "one-time", Words: "Make a one-time link", Hint: "Opens once, for 24 hours."}
	resume := views.LinkAct{Make: "resume", Words: "Resume the inquiry", Hint: "A link into the session that they left; more time."}
	switch {
	case inquiry.Capture == review.CaptureAbsent || inquiry.Ref.ID == "":
		if !waits {
			return nil
		}
		f.Status = views.CaptureTag(review.CaptureAbsent)
		f.Words = "The inquiry was named and never received, so docket cannot say how far the customer is. A one-time link works unless it expired."
		oneTime.Main = true
		f.Acts = []views.LinkAct{oneTime, resume}
	case status == "expired", over:
		f.Words = "The inquiry expired. No link works until it is resumed; that makes one."
		if over {
			f.Words = "The inquiry’s time is over, though Persona has not said so yet. Resume it; that makes a link."
		}
		f.Status = views.Tag{Words: "expired", Tone: views.ToneAttention}
		resume.Main = true
		f.Acts = []views.LinkAct{resume}
	case status == "created":
		f.Words = "The customer has not begun. The plain link works for anyone who holds it; a one-time link for whoever opens it first."
		f.Link = link(id)
		f.Acts = []views.LinkAct{oneTime}
	case status == "pending":
		f.Words = "The customer has begun and not finished. The plain link does not let them go on; one of these does."
		oneTime.Main = true
		f.Acts = []views.LinkAct{oneTime, resume}
	default:
		return nil // finished, or decided: there is nothing to hand over
	}
	if f.Status.Words == "" {
		f.Status = views.Tag{Words: openSet(inquiry.Status.Value)}
	}
	switch {
	case !reader.Role.Acts():
		f.Hold = "Auditors make no links."
	case !c.Connected:
		f.Hold = "No link can be made: docket is not connected to Persona."
	default:
		f.Action = transactionHref(txn) + "/link"
	}
	if f.Action == "" {
		f.Acts = nil
	}
	return f
}

// expiry is when an inquiry expires, as Persona said, and whether that is past.
func expiry(inquiry review.Resource, now time.Time) (v views.Value, past bool) {
	for _, key := range []string{"expires-at", "expired-at"} {
		for _, f := range inquiry.Attributes {
			if strings.ReplaceAll(f.Key, "_", "-") != key || f.State != review.Present {
				continue
			}
			at, err := time.Parse(time.RFC3339Nano, f.Text)
			if err != nil {
				continue
			}
			v = timeValue(at, now)
			if past = !at.After(now); past {
				v.Note = views.Age(now.Sub(at)) + " ago"
			} else {
				v.Note = "in " + views.Age(at.Sub(now))
			}
			return v, past
		}
	}
	return v, false
}

// inquiryOf finds an inquiry among the records of a dossier.
func inquiryOf(d review.Dossier, id string) review.Resource {
	i := slices.IndexFunc(d.Records, func(r review.Resource) bool { return r.Ref.Type == "inquiry" && r.Ref.ID == id })
	if i < 0 {
		return review.Resource{}
	}
	return d.Records[i]
}

// fallback is the fallback of a dossier.
func (s *Server) fallback(d review.Dossier, reader review.Colleague, c connection) *views.Fallback {
	txn := d.Transaction
	return fallbackOf(txn.ID, txn.Fallback, inquiryOf(d, txn.Fallback), s.db.Statuses().IsFallback(txn.Status.Value), reader, c, s.inquiryLink)
}

// inquiries are the inquiries that rows of the fallback tab wait for, as far as they were
// received.
func (s *Server) inquiries(ctx context.Context, rows []review.QueueRow) (map[string]review.Resource, error) {
	var all map[string]review.Resource
	for i := range rows {
		if rows[i].Review != 0 || rows[i].Inquiry == "" {
			continue
		}
		file, err := s.db.ResourceFile(ctx, review.Ref{Type: "inquiry", ID: rows[i].Inquiry})
		if errors.Is(err, review.ErrNotFound) || err == nil && file.Named {
			continue
		}
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]review.Resource{}
		}
		all[rows[i].Inquiry] = persona.Resource(file.Captured)
	}
	return all, nil
}

// handOver says for a row of the fallback tab how its subject gets to the inquiry.
func (s *Server) handOver(r *http.Request, inquiries map[string]review.Resource) func(*review.QueueRow) *views.Fallback {
	c, reader := s.connection(), me(r)
	return func(row *review.QueueRow) *views.Fallback {
		return fallbackOf(row.Transaction, row.Inquiry, inquiries[row.Inquiry], true, reader, c, s.inquiryLink)
	}
}

// inquiryLink is the plain link of an inquiry, "" while nobody can say where inquiries are.
func (s *Server) inquiryLink(id string) string {
	if s.live == nil {
		return ""
	}
	return s.live.InquiryLink(id)
}

// makeLink makes a link for the subject of the inquiry that a transaction waits for. The link
// stands on the answer and nowhere else: it is neither kept nor logged.
func (s *Server) makeLink(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var kind string
	if err := f.single("make", &kind); err != nil {
		return err
	}
	if err := s.connected(); err != nil {
		return err
	}
	id := review.TransactionID(r.PathValue("id"))
	file, err := s.db.TransactionFile(r.Context(), id)
	if err != nil {
		return err
	}
	back := views.Go{Href: transactionHref(id), Words: "Back to the transaction"}
	inquiry := file.Dossier.Transaction.Fallback
	if inquiry == "" {
		return &told{err: fmt.Errorf("make a link: no fallback inquiry: %w", review.ErrConflict), head: "No inquiry to link to",
			text: "This transaction names no fallback inquiry. No link was made.", acts: []views.Go{back}}
	}
	p := views.LinkPage{Subject: str(file.Dossier.Subject.FullName()), Back: back}
	if p.Subject.Text == "" {
		p.Subject = views.S("the customer")
	}
	var until time.Time
	switch kind {
	case "one-time":
		p.Head, p.Words = "One-time link", "It opens once, for whoever opens it first. Send it by a way that only the customer reads."
		p.Link, until, err = s.live.OneTimeLink(r.Context(), inquiry, me(r).ID)
	case "resume":
		p.Head, p.Words = "Link to go on", "It leads into the customer’s own session and works for anyone who holds it. Do not send it by mail or text message."
		p.Link, err = s.live.Resume(r.Context(), inquiry, me(r).ID)
	default:
		return errMalformed
	}
	if err != nil {
		return answered(err, "No link was made", back)
	}
	p.Until = views.At(until, s.now())
	p.Shell = s.shell(r, p.Head, views.PlaceNone)
	return s.render(w, r, http.StatusOK, p)
}

// askedFor is the page of a transaction that was just asked for and has not come back, when the
// address says so; else the error.
func (s *Server) askedFor(w http.ResponseWriter, r *http.Request, err error) error {
	id := review.TransactionID(r.PathValue("id"))
	if !errors.Is(err, review.ErrNotFound) || s.live == nil || r.URL.Query().Get("asked") == "" || len(id) > longestID {
		return err
	}
	page := askedPage(id, s.connection())
	page.Shell = s.shell(r, "Transaction "+str(string(id)).Text, views.PlaceNone)
	page.Refresh = reloadEvery(page.Follow.Every)
	return s.render(w, r, http.StatusOK, page)
}
