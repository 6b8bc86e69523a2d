package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showTransaction is a transaction by Persona's id, with all its reviews.
func (s *Server) showTransaction(w http.ResponseWriter, r *http.Request) error {
	file, err := s.db.TransactionFile(r.Context(), review.TransactionID(r.PathValue("id")))
	if err != nil {
		return s.askedFor(w, r, err)
	}
	book, err := s.db.PolicyBook(r.Context())
	if err != nil {
		return err
	}
	c := s.connection()
	page := transactionPage(file, book, me(r), c.now)
	page.Shell = s.shell(r, "Transaction "+clip(str(string(file.Dossier.Transaction.ID)).Text, 100), views.PlaceNone)
	page.Follow = follow(file, s.db.Statuses().IsFallback(file.Dossier.Transaction.Status.Value), c)
	if page.Follow != nil {
		page.Refresh = reloadEvery(page.Follow.Every)
	}
	page.Fallback = s.fallback(file.Dossier, me(r), c)
	if page.Pictures, err = s.pictures(r, file.Dossier.Records); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

func transactionPage(file store.TransactionFile, book review.PolicyBook, reader review.Colleague, now time.Time) views.TransactionPage {
	d := file.Dossier
	txn := d.Transaction
	p := views.TransactionPage{
		Main: views.Main{Transaction: raw(string(txn.ID))},
		Identity: views.Identity{
			Path:     []views.Go{{Href: "/reviews", Words: "Queue"}, {Words: "Transaction"}},
			Prefix:   "Transaction of",
			Name:     str(d.Subject.FullName()),
			Fallback: "Transaction without a name",
			Facts:    append(subjectFacts(d), views.Fact{Term: "At Persona", Value: mono(textValue(txn.Status))}),
		},
		Notices:   dossierNotices(d, now),
		Decisions: decisionCards(file.Decisions, book, reader.ID, now),
		Reports:   reports(d.Reports, now),
		ReportsIs: reportsWords(d.Reports),
		Fields:    slices.Concat(fields(txn.Resource.Fields, now), fields(txn.Resource.Attributes, now)),
		RecordsIs: recordsWords(d.Records, ""),
		Payloads:  payloads(file.Payloads, now),
	}
	p.Notices = p.Notices[:min(len(p.Notices), mostNotices)]
	fact := func(term string, v views.Value) {
		p.Identity.Facts = append(p.Identity.Facts, views.Fact{Term: term, Value: v})
	}
	fact("Transaction", mono(views.Value{State: review.Present, Str: str(string(txn.ID))}))
	if txn.Type != "" {
		fact("Type", mono(views.Value{State: review.Present, Str: str(txn.Type)}))
	}
	if !txn.CreatedAt.IsZero() {
		fact("Created", timeValue(txn.CreatedAt, now))
	}
	if len(txn.Tags) > 0 {
		tags := make([]string, len(txn.Tags))
		for i, t := range txn.Tags {
			tags[i] = str(t).Text
		}
		fact("Tags", views.V(strings.Join(tags, ", ")))
	}
	if txn.Fallback != "" {
		ref := review.Ref{Type: "inquiry", ID: txn.Fallback}
		fact("Fallback inquiry", views.Value{State: review.Present,
			To: views.Go{Href: resourceHref(ref), Words: str(txn.Fallback).Text}})
	}
	for _, r := range file.Reviews {
		p.Reviews = append(p.Reviews, reviewLine(r, file.Decisions, now))
		if r.State != review.StateClosed && p.Main.Review == "" {
			p.Main.State = string(r.State)
		}
	}
	if len(file.Reviews) == 0 {
		p.None = "No review: as far as docket has seen, this transaction never had a status that asks for one."
	}
	p.Parties, p.Lead = readOnlyParties(d, book, reader, now)
	p.Records = records(d, false, now)
	return p
}

// readOnlyParties are the parties of a dossier without findings, which belong to reviews, and
// how many there are.
func readOnlyParties(d review.Dossier, book review.PolicyBook, reader review.Colleague, now time.Time) (shown []views.Party, lead string) {
	open, parties := 0, 0
	groups := partyGroups(readParties(d, now), nil)
	for _, g := range groups {
		shown = append(shown, g.judged(book, reader.ID, now))
		open += len(g.open)
		if len(g.open) > 0 {
			parties++
		}
	}
	switch {
	case open > 0:
		lead = views.Plural(open, "open match", "open matches") + " of " + views.Plural(parties, "listed party", "listed parties")
	case len(groups) > 0:
		lead = "none open"
	}
	return shown, lead
}

func reviewLine(r review.Review, decisions []review.Decision, now time.Time) views.ReviewLine {
	line := views.ReviewLine{
		Review: r.ID.String()[2:], Href: reviewHref(r.ID), Name: r.ID.String(),
		Status: views.StateTag(r.State, r.Claim.Active(now)),
		Opened: views.At(r.OpenedAt, now), Closed: views.At(r.ClosedAt, now),
		Words: views.OpeningWords(r.Opening) + ".",
	}
	if r.State != review.StateClosed {
		return line
	}
	line.Words += " " + views.ClosingWords(r.Closing) + "."
	if r.LeftStatus != "" {
		line.Words += " Persona’s status then: “" + str(r.LeftStatus).Text + "”."
	}
	newest := slices.IndexFunc(decisions, func(d review.Decision) bool { return d.Review == r.ID })
	if newest >= 0 {
		line.Status = views.OutcomeTag(decisions[newest].Outcome)
	}
	return line
}
