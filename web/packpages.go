package web

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// always is a now of which no instant is the year: days are written with theirs.
var always = time.Time{}

// packStage is one stage of a review, read.
type packStage struct {
	store.PackStage
	book    review.PolicyBook // to word reasons by
	file    store.SeenFile
	by      review.Comparator
	states  []store.PackState
	erased  bool   // some of the evidence is gone
	missing string // why it cannot be shown, "" it can
}

// packReview is everything that the pages of one review in a pack say.
type packReview struct {
	store.PackReview
	book     review.PolicyBook // to word reasons by
	stages   []packStage
	payloads []packPayload
}

// packPayload is a payload as it lies in a pack.
type packPayload struct {
	review.Payload
	left review.Hash // of what is left of it
	name string      // of the file, below payloads/
}

// packName is the name of the file that holds what has a digest, or what is left of it.
func packName(hash, left review.Hash) string {
	if hash != left {
		return hash.String() + review.PackErased
	}
	return hash.String()
}

func packStageName(id review.ReviewID, entry review.EntryID) string {
	return id.String() + "-entry-" + strconv.FormatInt(int64(entry), 10) + ".html"
}

// last is the newest stage that can be read, nil when none can.
func (p *packReview) last() *packStage {
	for i := len(p.stages) - 1; i >= 0; i-- {
		if p.stages[i].missing == "" || p.stages[i].erased {
			return &p.stages[i]
		}
	}
	return nil
}

// dossier is the newest evidence that was judged.
func (p *packReview) dossier() review.Dossier {
	if s := p.last(); s != nil {
		return s.file.Dossier
	}
	return review.Dossier{}
}

func (p *packReview) subject() views.Str { return str(p.dossier().Subject.FullName()) }

func (p *packReview) title() string {
	name := p.subject().Text
	if name == "" {
		name = noName(p.dossier())
	}
	return p.Review.ID.String() + " " + clip(name, 200)
}

// standing is the decision that is in effect, nil when none is.
func (p *packReview) standing() *review.Decision {
	for i := len(p.Decisions) - 1; i >= 0; i-- {
		if p.Decisions[i].InEffect() {
			return &p.Decisions[i]
		}
	}
	return nil
}

// row is the review in the list of the pack.
func (p *packReview) row() views.PackRow {
	row := views.PackRow{
		Review:  views.Go{Href: review.PackReviews + p.Review.ID.String() + ".html", Words: p.Review.ID.String()},
		Subject: p.subject(), Fallback: noName(p.dossier()), Tag: views.StateTag(p.Review.State, false), Entries: views.Number(len(p.Entries)),
	}
	if d := p.standing(); d != nil {
		row.Tag, row.Second = views.OutcomeTag(d.Outcome), whoWords(d.Approval.By, d.Approval.ByName, "")
		row.Reason, row.At, row.By = p.book.DecisionReason(d.Policy, d.Reason), views.At(d.At, always), whoWords(d.By, d.ByName, "")
		row.Policy = packPolicy(d.Policy, "")
		row.Policy.Words = strconv.FormatInt(int64(d.Policy), 10)
	}
	return row
}

func packPolicy(v review.PolicyVersion, up string) views.Go {
	n := strconv.FormatInt(int64(v), 10)
	return views.Go{Href: up + review.PackPolicies + n + ".json", Words: "Policy " + n}
}

// page is the review, from its decision to its payloads.
func (p *packReview) page(frame views.PackPage) views.PackReviewPage {
	id := p.Review.ID
	out := views.PackReviewPage{PackPage: frame, Undecided: "No decision on it is on the record."}
	out.Title, out.Style = p.title(), "../"+review.PackStyle
	out.Identity = p.identity()
	for i := len(p.Decisions) - 1; i >= 0; i-- {
		out.Decisions = append(out.Decisions, p.decision(p.Decisions[i]))
	}
	if s := p.last(); s != nil {
		out.Findings = s.findings()
	}
	for i := len(p.stages) - 1; i >= 0; i-- {
		out.Stages = append(out.Stages, p.stages[i].link(id))
	}
	out.Trail = p.trail()
	for _, t := range p.Attachments {
		out.Attached = append(out.Attached, packAttached(t))
	}
	for _, b := range p.payloads {
		out.Payloads = append(out.Payloads, b.view())
	}
	out.Files = []views.Go{
		{Href: id.String() + ".json", Words: "This review as JSON"},
		{Href: "../" + review.PackEntries + id.String() + ".ndjson", Words: "Its entries, with the proof of each"},
	}
	return out
}

func (p *packReview) identity() views.Identity {
	r, d := p.Review, p.dossier()
	i := views.Identity{
		Path: []views.Go{{Href: "../" + review.PackIndex, Words: "Evidence pack"}, {Words: r.ID.String()}},
		Name: p.subject(), Prefix: r.ID.String(),
		Facts: subjectFacts(d),
	}
	if i.Name.IsZero() {
		i.Fallback = noName(d)
	}
	i.Status = p.row().Tag
	i.Facts = append(i.Facts,
		views.Fact{Term: typeWords(r.Root.Type), Value: mono(views.V(str(r.Root.ID).Text))},
		views.Fact{Term: "Opened", Value: views.Value{State: review.Present, Time: views.At(r.OpenedAt, always)}})
	if !r.ClosedAt.IsZero() {
		i.Facts = append(i.Facts, views.Fact{Term: views.ClosingWords(r.Closing), Value: views.Value{State: review.Present, Time: views.At(r.ClosedAt, always)}})
	}
	return i
}

func (p *packReview) decision(d review.Decision) views.PackDecision {
	standing := p.standing()
	out := views.PackDecision{
		Card:   decisionCards([]review.Decision{d}, p.book, "", always)[0],
		Policy: packPolicy(d.Policy, "../"),
		Rules:  "Compared by version " + short(d.Comparator) + " of the rules, decided under",
	}
	out.Card.Past = d.InEffect() && standing != nil && standing.Entry != d.Entry
	return out
}

// trail is every entry of the review, oldest last.
func (p *packReview) trail() views.Trail {
	b := reviewBuilder{file: store.ReviewFile{Review: p.Review, Entries: slices.Clone(p.Entries)}, now: always, read: &reading{}, rules: rules{book: p.book}}
	if s := p.last(); s != nil {
		b.file.Dossier, b.file.Found, b.file.Judged = s.file.Dossier, s.file.Found, s.file.Judged
	}
	slices.Reverse(b.file.Entries)
	t := b.trail()
	for i := range t.Entries {
		t.Entries[i].AsSeen = ""
		entry := b.file.Entries[i].ID
		if slices.ContainsFunc(p.stages, func(s packStage) bool { return s.Entry() == entry }) {
			t.Entries[i].AsSeen = packStageName(p.Review.ID, entry)
		}
	}
	return t
}

func (s *packStage) link(id review.ReviewID) views.PackStage {
	words := views.Plural(len(s.Entries), "entry rests", "entries rest") + " on it, entry "
	if len(s.Entries) > 1 {
		words += views.Number(int(s.Entries[0])) + " to "
	}
	words += views.Number(int(s.Entry())) + "."
	switch {
	case s.erased:
		words += " Some of it was erased since."
	case s.missing != "":
		words += " It cannot be shown: " + s.missing + "."
	}
	return views.PackStage{
		Page:  views.Go{Href: packStageName(id, s.Entry()), Words: "As it stood at entry " + views.Number(int(s.Entry()))},
		Words: words + " Digest ", Digest: groups(s.Digest),
	}
}

// findings are those that held at the stage, by party.
func (s *packStage) findings() []views.PackFinding {
	var out []views.PackFinding
	parties := review.Parties(s.file.Dossier)
	seen := map[review.EntryID]bool{}
	for _, f := range s.file.Found {
		if seen[f.Entry] {
			continue
		}
		seen[f.Entry] = true
		n := 0
		for _, other := range s.file.Found {
			if other.Entry == f.Entry {
				n++
			}
		}
		row := views.PackFinding{Fallback: "A party without a name", Matches: views.Plural(n, "match", "matches"), Finding: f.Finding, Reason: s.book.FindingReason(f.Policy, f.Reason),
			Note: prose(f.Note), By: whoWords(f.By, f.ByName, ""), At: views.At(f.At, always), Entry: views.Number(int(f.Entry))}
		for _, party := range parties {
			if slices.ContainsFunc(party.Matches, func(m review.Match) bool { return m.Key == f.Match }) {
				row.Party = str(party.Name)
			}
		}
		for _, q := range f.Premises {
			row.Premises = append(row.Premises, views.PackPremise{Words: views.PremiseWords(q), Ours: premiseValues(q, q.Subject), Theirs: premiseValues(q, q.Match)})
		}
		for _, m := range f.Missing {
			row.Premises = append(row.Premises, views.PackPremise{Words: "Missing: " + lowerFirst(views.FactWords(m))})
		}
		out = append(out, row)
	}
	return out
}

// page is the review as it stood.
func (s *packStage) page(p *packReview, frame views.PackPage) views.PackStagePage {
	id, entry := p.Review.ID, s.Entry()
	out := views.PackStagePage{PackPage: frame}
	out.Style = "../" + review.PackStyle
	out.Title = id.String() + " as it stood at entry " + views.Number(int(entry))
	back := views.Go{Href: id.String() + ".html", Words: "See the whole of " + id.String()}
	if s.missing != "" {
		out.Identity = views.Identity{Fallback: out.Title}
		out.Notices = []views.Notice{{Tone: views.ToneAttention, Strong: "It cannot be shown as it stood:", Text: s.missing + ".", To: back}}
		if !s.erased {
			out.Identity.Path = packPath(id, entry)
			return out
		}
	}
	b := seenBuilder(s.file, s.by, review.Colleague{}, rules{book: s.book})
	b.blind = true // what was found on the same party for others is not of this review
	whole := b.asSeenPage(s.file.Entry, s.by.Version, always)
	out.Identity = whole.Identity
	out.Identity.Prefix = id.String() + " as it stood:" // a printed page has no path above it
	out.Identity.Path, out.Identity.Facts = packPath(id, entry), subjectFacts(s.file.Dossier)
	out.Seen, out.Lead, out.None, out.Away = whole.Seen, whole.Lead, whole.None, whole.Away
	out.Seen.Now = back
	out.Parties, out.Dismissed = packParties(whole.Parties), packParties(whole.Dismissed)
	for _, r := range s.file.Dossier.Reports {
		out.Reports = append(out.Reports, packReport(r))
	}
	for _, state := range s.states {
		name := packName(state.Hash, state.Left)
		out.States = append(out.States, views.PackState{Ref: str(state.Ref.String()),
			File: views.Go{Href: "../" + review.PackStates + name, Words: state.Hash.String()}, Erased: state.Hash != state.Left})
	}
	return out
}

func packPath(id review.ReviewID, entry review.EntryID) []views.Go {
	return []views.Go{{Href: "../" + review.PackIndex, Words: "Evidence pack"}, {Href: id.String() + ".html", Words: id.String()},
		{Words: "As it stood at entry " + views.Number(int(entry))}}
}

// packParties unfolds parties, and cuts what leads to pages of docket.
func packParties(all []views.Party) []views.Party {
	for i := range all {
		p := &all[i]
		p.Keep, p.Page, p.Form, p.Hold, p.Undo, p.Again, p.Precedent, p.Unfold = nil, "", nil, nil, nil, nil, nil, true
		p.Matches = slices.Clone(p.Matches)
		for j := range p.Matches {
			m := &p.Matches[j]
			m.Details.Open = true
			if m.Comparison == nil {
				continue
			}
			c := *m.Comparison
			c.Rows = slices.Clone(c.Rows)
			for k := range c.Rows {
				c.Rows[k].Left.Rest, c.Rows[k].Right.Rest = views.Go{}, views.Go{}
			}
			m.Comparison = &c
		}
	}
	return all
}

func packReport(r review.Report) views.PackReport {
	out := views.PackReport{Words: str(views.KindWords(r.Kind)).Text, ID: str(r.Ref.ID), Capture: string(r.Capture)}
	var query string
	for _, q := range r.Query {
		if q.Value.Value != "" {
			query = join(", ", query, label(q.Key)+": "+q.Value.Value)
		}
	}
	out.Query = str(query)
	for _, run := range r.Runs {
		if t := views.At(run.CompletedAt, always); run.CompletedAt.Unix() > 0 {
			out.Ran = t
		}
	}
	if r.Kind.Screens() {
		out.Matches = views.Plural(len(r.Matches), "match", "matches") + ", " + views.Number(len(r.OpenMatches())) + " open"
	}
	return out
}

func (b packPayload) view() views.PackPayload {
	v := views.PackPayload{
		File: views.Go{Href: "../" + review.PackPayloads + b.name, Words: b.Hash.String()}, What: str(b.ReadAs),
		From: join(", ", str(b.Source).Text, str(b.About).Text), At: views.AtSecond(b.ReceivedAt, always), Bytes: views.Number(int(b.Bytes)),
	}
	if !b.ErasedAt.IsZero() {
		v.Erased = "personal data was erased on " + views.Day(b.ErasedAt, always).Words
	}
	return v
}

func packAttached(t review.Attachment) views.PackAttached {
	v := views.PackAttached{
		Name: str(t.Name), Kind: t.Media, Bytes: views.Number(t.Bytes), Hash: groups(t.Hash),
		By: whoWords(t.By, t.ByName, ""), At: views.At(t.At, always), Entry: views.Number(int(t.Entry)),
	}
	if v.Name.IsZero() {
		v.Name = views.S("A file without a name")
	}
	if t.Gone {
		v.Name, v.Erased = views.S("A file"), "erased: its bytes and its name are gone"
	} else {
		v.Href = "../" + review.PackAttachment(t.Hash.String(), t.Media)
	}
	return v
}

// stageError says why a stage cannot be shown as it stood; anything else is an error of ours.
func stageError(err error) (erased bool, missing string, _ error) {
	var digest *store.DigestError
	switch {
	case errors.Is(err, store.ErrErased):
		return true, "some of the evidence was erased since", nil
	case errors.As(err, &digest):
		return false, fmt.Sprintf("what is kept does not have the digest %s", digest.Recorded), nil
	}
	return false, "", err
}
