package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// subjectFacts say who was examined.
func subjectFacts(d review.Dossier) []views.Fact {
	s := d.Subject
	var facts []views.Fact
	kind := views.PartyKindWords(s.Kind)
	if s.Kind == review.PartyUnknown {
		kind = "Subject"
	}
	switch {
	case !s.Birthdate.From.IsZero() || s.Birthdate.Raw != "":
		facts = append(facts, views.Fact{Term: kind + ", born", Value: views.Value{State: review.Present,
			Str: views.S(birthWords(s.Birthdate)), Note: birthNote(s.Birthdate)}})
	case s.Kind == review.PartyBusiness || s.Kind == review.PartyWallet:
		facts = append(facts, views.Fact{Term: "Subject", Value: views.V(strings.ToLower(kind))})
	default:
		facts = append(facts, views.Fact{Term: kind + ", born", Value: views.Value{State: review.Absent}})
	}
	var countries []string
	for _, c := range s.Countries {
		if w := countryWords(c); w != "" && !slices.Contains(countries, w) {
			countries = append(countries, w)
		}
	}
	country := views.Value{State: review.Absent}
	if len(countries) > 0 {
		country = views.V(strings.Join(countries, ", "))
	}
	facts = append(facts, views.Fact{Term: "Country", Value: country})
	return append(facts, views.Fact{Term: "Reference", Value: mono(textValue(d.Root().ReferenceID))})
}

func (b *reviewBuilder) identity() views.Identity {
	f := b.file
	id := views.Identity{
		Path:   []views.Go{{Href: "/reviews", Words: "Queue"}, {Words: f.Review.ID.String()}},
		Name:   str(f.Dossier.Subject.FullName()),
		Status: b.status(),
		Claim:  b.claim(),
		Facts:  subjectFacts(f.Dossier),
	}
	if id.Name.Text == "" {
		id.Fallback = noName(f.Dossier)
	}
	if f.Review.State == review.StateOpen && f.Open > 0 {
		id.Place = views.Number(f.Ahead+1) + " of " + views.Number(f.Open) + " in the queue"
	}
	if f.Previous > 0 {
		id.Previous = reviewHref(f.Previous)
	}
	if f.Next > 0 {
		id.Next = reviewHref(f.Next)
	}
	id.Facts = append(id.Facts, b.waiting(), views.Fact{Term: "Here because", Value: views.V(b.because())})
	root := f.Dossier.Root()
	id.Facts = append(id.Facts, views.Fact{Term: "At Persona", Value: mono(textValue(b.today().Root().Status))},
		views.Fact{Term: typeWords(f.Review.Root.Type), Value: views.Value{State: review.Present,
			To: views.Go{Href: refHref(f.Review.Root), Words: rootName(f.Review.Root, root.Name.Value)}}})
	if tags := root.Tags; len(tags) > 0 {
		shown := make([]string, len(tags))
		for i, t := range tags {
			shown[i] = str(t).Text
		}
		id.Facts = append(id.Facts, views.Fact{Term: "Tags", Value: views.V(strings.Join(shown, ", "))})
	}
	for i, e := range f.Earlier {
		if i == 3 {
			break // the root's page has them all
		}
		id.Facts = append(id.Facts, views.Fact{Term: "Other review", Value: views.Value{State: review.Present,
			To: views.Go{Href: reviewHref(e.ID), Words: e.ID.String()}, Note: b.otherWords(e)}})
	}
	return id
}

// rootWord is what a review is about, in the middle of a sentence: "transaction".
func rootWord(ref review.Ref) string {
	switch ref.Type {
	case review.RootInquiry, review.RootCase:
		return ref.Type
	}
	return review.RootTransaction
}

// rootName is what people call what a review is about: a case has a name, all else its id.
func rootName(ref review.Ref, name string) string {
	if name == "" {
		name = ref.ID
	}
	return str(name).Text
}

// otherWords says how another review of the root stands.
func (b *reviewBuilder) otherWords(e review.Review) string {
	if e.State != review.StateClosed {
		return "open"
	}
	return strings.ToLower(views.ClosingWords(e.Closing)) + " on " + views.Day(e.ClosedAt, b.now).Words
}

func (b *reviewBuilder) status() views.Tag {
	r := b.file.Review
	if r.State == review.StateClosed {
		if len(b.file.Decisions) > 0 {
			return views.OutcomeTag(b.file.Decisions[0].Outcome)
		}
		return views.Tag{Words: views.ClosingWords(r.Closing)}
	}
	if d := givenBack(b.file.Proposed, b.file.Decisions); d != nil && r.State == review.StateOpen {
		return views.AnswerTag(d.Approval.Answer)
	}
	return views.StateTag(r.State, r.Claim.Active(b.now))
}

func (b *reviewBuilder) waiting() views.Fact {
	r := b.file.Review
	if r.State == review.StateClosed {
		return views.Fact{Term: "Closed", Value: timeValue(r.ClosedAt, b.now)}
	}
	waited := b.now.Sub(r.OpenedAt)
	tag := views.Tag{Words: views.Age(waited)}
	switch {
	case waited > b.target:
		tag.Tone, tag.Words = views.ToneDanger, tag.Words+", "+views.Age(waited-b.target)+" over target"
	case waited >= b.warn:
		tag.Tone, tag.Words = views.ToneAttention, tag.Words+", due in "+views.Age(b.target-waited)
	default:
		return views.Fact{Term: "Waiting", Value: views.Value{State: review.Present, Time: views.Since(r.OpenedAt, b.now)}}
	}
	return views.Fact{Term: "Waiting", Value: views.Value{State: review.Present, Tag: tag}}
}

// because says in one line why the review is here.
func (b *reviewBuilder) because() string {
	d := b.file.Dossier
	var counts []string
	for _, k := range review.ScreeningKinds() {
		n := 0
		for _, r := range d.Reports {
			if r.Kind == k {
				n += openCount(r)
			}
		}
		if n > 0 {
			counts = append(counts, views.Number(n)+" "+lowerFirst(views.KindShort(k)))
		}
	}
	what := strings.Join(counts, ", ")
	if what != "" {
		what += " open"
	}
	switch {
	case b.file.Review.Opening == review.OpeningMatches:
		return join(": ", views.OpeningWords(review.OpeningMatches), what)
	case hasEarlier(b.file):
		return join(": ", views.WhyWords(review.WhyAgain), what)
	case what != "":
		return what
	case isErased(d):
		return views.WhyWords(review.WhyErased)
	case slices.ContainsFunc(d.Reports, review.Report.Untold):
		return views.WhyWords(review.WhyNoDetails)
	case slices.ContainsFunc(d.Reports, func(r review.Report) bool { return r.Capture == review.CaptureErrored }):
		return views.WhyWords(review.WhyErrored)
	case slices.ContainsFunc(d.Records, failedCheck):
		return views.WhyWords(review.WhyFailed)
	case len(d.Reports) == 0:
		return views.WhyWords(review.WhyNothing)
	}
	return views.WhyWords(review.WhyNoMatch)
}

// hasEarlier says that the root was reviewed before this time.
func hasEarlier(f store.ReviewFile) bool {
	return slices.ContainsFunc(f.Earlier, func(e review.Review) bool { return e.OpenedAt.Before(f.Review.OpenedAt) })
}

func failedCheck(r review.Resource) bool {
	return slices.ContainsFunc(r.Checks, func(c review.Check) bool { return c.Status == "failed" })
}

// lowerFirst lowers the first letter, unless the word is all capitals.
func lowerFirst(s string) string {
	if len(s) > 1 && (s[1] >= 'a' && s[1] <= 'z' || strings.HasPrefix(s, "A ")) {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func (b *reviewBuilder) claim() views.Claim {
	r := b.file.Review
	if r.State == review.StateClosed {
		return views.Claim{}
	}
	active, acts := r.Claim.Active(b.now), b.me.Role.Acts()
	switch {
	case r.State == review.StateApproval:
		return views.Claim{Words: "With any lead but the one who asked"}
	case r.State == review.StateWaiting:
		return views.Claim{Words: "With the customer"}
	case active && r.Claim.By == b.me.ID:
		return views.Claim{Words: "Claimed by you until", Until: clock(r.Claim.Until), Release: b.href() + "/release"}
	case active:
		c := views.Claim{Words: "With " + str(r.Claim.Name).Text + " until", Until: clock(r.Claim.Until)}
		if takesOver(b.me.Role) {
			c.TakeOver = b.href() + "/claim"
		}
		return c
	case acts:
		return views.Claim{Words: "Nobody has it", Claim: b.href() + "/claim"}
	}
	return views.Claim{Words: "Nobody has it"}
}

// takesOver says that a role may claim what somebody else holds.
func takesOver(role review.Role) bool { return leads.admits(role) }

// clock is an instant of today: "10:02 UTC".
func clock(t time.Time) views.Time {
	t = t.UTC()
	return views.Time{Datetime: t.Format(time.RFC3339), Words: t.Format("15:04"), Zone: "UTC"}
}
