package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showAsSeen is a review as it stood when an entry of its trail was written: evidence, comparison
// by the rules of that day, findings, records and trail. It acts on nothing and is no look.
func (s *Server) showAsSeen(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	entry, err := strconv.ParseInt(r.PathValue("entry"), 10, 64)
	if err != nil || strconv.FormatInt(entry, 10) != r.PathValue("entry") {
		return fmt.Errorf("entry: %w", review.ErrNotFound)
	}
	file, err := s.db.AsSeenAt(r.Context(), id, review.EntryID(entry))
	if err != nil {
		return unseen(err, id, file, s.now())
	}
	by, err := review.ComparatorOf(file.Entry.Comparator)
	if err != nil {
		return &told{err: fmt.Errorf("as seen: rules %q are gone: %v", file.Entry.Comparator, err), head: "This cannot be shown as it was",
			text: "The comparison was made by version “" + short(file.Entry.Comparator) + "” of the rules, which this docket does not have. " + tellSomebody,
			acts: backTo(id)}
	}
	rules, err := s.rules(r.Context())
	if err != nil {
		return err
	}
	if then, ok := rules.book.At(file.Entry.Policy); ok {
		rules.target, rules.warn = s.spans(then)
	}
	b := seenBuilder(file, by, me(r), rules)
	if b.beyond.pictures, err = s.pictures(r, pictured(file.Dossier)); err != nil {
		return err
	}
	page := b.asSeenPage(file.Entry, by.Version, s.now())
	page.Shell = s.shell(r, id.String()+" as it stood at entry "+views.Number(int(file.Entry.ID)), views.PlaceQueue)
	return s.render(w, r, http.StatusOK, page)
}

// seenBuilder makes pages of a review as it stood. Its clock stands at the entry, so that ages are
// what they were.
func seenBuilder(file store.SeenFile, by review.Comparator, me review.Colleague, rules rules) *reviewBuilder {
	now := file.Entry.At
	return &reviewBuilder{
		file: store.ReviewFile{Review: file.Review, Dossier: file.Dossier, Found: file.Found, Judged: file.Judged,
			Decisions: file.Decisions, Proposed: file.Proposed, Attachments: file.Attachments, Entries: file.Entries},
		me: me, now: now, rules: rules,
		read: &reading{parties: readPartiesBy(file.Dossier, by, now), records: records(file.Dossier, true, now),
			reports: make([]*views.Keep[views.Report], len(file.Dossier.Reports))},
	}
}

func (b *reviewBuilder) asSeenPage(e review.Entry, version string, today time.Time) views.AsSeenPage {
	whole := b.page()
	p := views.AsSeenPage{
		Main: whole.Main, Identity: whole.Identity, Decisions: slices.Concat(whole.Proposed, whole.Decisions),
		Lead: whole.Lead, Parties: whole.Parties, None: whole.None, Dismissed: whole.Dismissed, Away: whole.Away,
		Reports: whole.Reports, ReportsIs: whole.ReportsIs, Pictures: whole.Pictures,
		Records: whole.Records, RecordsIs: whole.RecordsIs, Trail: whole.Trail, Attachments: whole.Attachments,
		Panel: views.Panel{Parties: whole.Panel.Parties, Places: slices.DeleteFunc(whole.Panel.Places, func(p views.PanelPlace) bool { return p.Href == "#payloads" || p.Href == "#evidence-pack" })},
	}
	if p.Attachments != nil {
		if p.Attachments.Form = nil; len(p.Attachments.Rows) == 0 {
			p.Attachments = nil
		}
	}
	p.Identity.Path = []views.Go{{Href: "/reviews", Words: "Queue"}, {Href: b.href(), Words: b.file.Review.ID.String()},
		{Words: "As it stood at entry " + views.Number(int(e.ID))}}
	p.Identity.Prefix, p.Identity.Claim = "As it stood:", views.Claim{}
	line := b.entry(e)
	at := e.At.UTC()
	p.Seen = views.AsSeen{
		Entry: line.Number, By: line.By, Words: line.Words,
		Time:   views.Time{Datetime: at.Format(time.RFC3339), Words: at.Format("2 January 2006, 15:04:05"), Zone: "UTC"},
		Facts:  []views.Fact{{Term: "Compared by", Value: views.V("version " + short(version) + " of the rules")}},
		Digest: groups(e.Evidence),
		Now:    views.Go{Href: b.href(), Words: "See " + b.file.Review.ID.String() + " as it stands now"},
	}
	if line.By.IsZero() {
		p.Seen.Words = "docket: " + lowerFirst(line.Words)
	}
	if at.Year() != today.UTC().Year() {
		p.Seen.Years = "Days without a year are of " + strconv.Itoa(at.Year()) + "."
	}
	return p
}

// tellSomebody is what to do about a past that cannot be shown.
const tellSomebody = "Nothing was changed by asking. Tell whoever looks after docket, with the reference below: “docket check” says what else is wrong."

func backTo(id review.ReviewID) []views.Go {
	return []views.Go{{Href: reviewHref(id), Words: "Open " + id.String() + " as it stands now"}}
}

// unseen gives its words to an error that kept a review from being shown as it stood.
func unseen(err error, id review.ReviewID, left store.SeenFile, now time.Time) error {
	var digest *store.DigestError
	switch {
	case errors.As(err, &digest):
		said := &told{err: err, head: "This cannot be shown as it was", acts: backTo(id)}
		said.text = "Entry " + views.Number(int(digest.Entry)) + " rests on evidence " + digest.Recorded.String() + ". "
		if digest.Rebuilt.IsZero() {
			said.text += "No state behind that digest is kept. "
		} else {
			said.text += "What is kept of it reads as " + digest.Rebuilt.String() + ": it is not what was on the page then, and is not shown in its place. "
		}
		said.text += tellSomebody
		return said
	case errors.Is(err, store.ErrErased):
		return &told{err: errors.Join(err, errErased), head: "What stood here was erased", acts: backTo(id),
			text: "Entry " + views.Number(int(left.Entry.ID)) + " of " + instant(left.Entry.At, now) + " rests on evidence that was erased since" +
				erasedWords(left.Dossier, now) + ". The page cannot be shown as it was. The entry itself, its digest and what was decided stay."}
	}
	return err
}

// erasedWords names what is gone of a dossier: ": account act_1, erased on 3 March".
func erasedWords(d review.Dossier, now time.Time) string {
	var gone []string
	add := func(ref review.Ref, c review.Capture, at time.Time) {
		if c != review.CaptureRedacted || len(gone) > mostErased {
			return
		}
		words := lowerFirst(refWords(ref))
		if !at.IsZero() {
			words += " on " + views.Day(at, now).Words
		}
		gone = append(gone, words)
	}
	root := d.Root().Resource
	add(root.Ref, root.Capture, root.RedactedAt)
	for _, r := range d.Reports {
		add(r.Ref, r.Capture, r.RedactedAt)
	}
	for _, r := range d.Records {
		add(r.Ref, r.Capture, r.RedactedAt)
	}
	switch {
	case len(gone) == 0:
		return ""
	case len(gone) > mostErased:
		gone[mostErased] = "and more"
	}
	return ": " + strings.Join(gone, ", ")
}

// mostErased is how many resources a sentence names.
const mostErased = 12
