package web

import (
	"net/http"
	"slices"
	"strconv"

	"docket/review"
	"docket/views"
)

// bulk is what gathers parties on one page: a kind of premise that each of them gives, or, with
// none, that each was cleared before and every reason still holds.
type bulk struct{ premise review.PremiseKind }

// bulkHeld is how a page of parties that were cleared before is asked for, and named in a form.
const bulkHeld = "held"

// bulkOf reads which page a name means, see bulk.name; false when there is none.
func bulkOf(name string) (bulk, bool) {
	k := review.PremiseKind(name)
	switch {
	case name == bulkHeld:
		return bulk{}, true
	case k != review.PremiseOther && slices.Contains(review.PremiseKinds(), k):
		return bulk{k}, true
	}
	return bulk{}, false
}

func (k bulk) held() bool { return k.premise == "" }

// name is what a form calls the page by.
func (k bulk) name() string {
	if k.held() {
		return bulkHeld
	}
	return string(k.premise)
}

func (b *reviewBuilder) bulkHref(k bulk) string {
	if k.held() {
		return b.href() + "/bulk?carry=" + bulkHeld
	}
	return b.href() + "/bulk?premise=" + string(k.premise)
}

// of is the reason of the kind between the subject and a party; false when there is none.
func (k bulk) of(g partyGroup) (review.Premise, bool) {
	i := slices.IndexFunc(g.apart, func(p review.Premise) bool { return p.Kind == k.premise })
	if i < 0 {
		return review.Premise{}, false
	}
	return g.apart[i], true
}

// gathers says that a party without a finding belongs on the page.
func (k bulk) gathers(g partyGroup) bool {
	if !g.asks() || len(g.found) > 0 {
		return false
	}
	if k.held() {
		return g.held()
	}
	_, ok := k.of(g)
	return ok
}

func (b *reviewBuilder) gathered(k bulk) []partyGroup {
	return slices.DeleteFunc(slices.Clone(b.groups), func(g partyGroup) bool { return !k.gathers(g) })
}

// bulkWays leads to the pages that spare something: what two parties or more share. What is weak
// by itself is not offered.
func (b *reviewBuilder) bulkWays() []views.Go {
	if !b.judges() {
		return nil
	}
	var ways []views.Go
	kinds := slices.DeleteFunc(review.PremiseKinds(), func(k review.PremiseKind) bool { return k == review.PremiseOther || k.Weak() })
	for _, k := range append(slices.Clone(kinds), "") {
		page := bulk{k}
		n := 0
		for _, g := range b.groups {
			if page.gathers(g) {
				n++
			}
		}
		switch {
		case n < 2:
		case page.held():
			ways = append(ways, views.Go{Href: b.bulkHref(page), Words: views.Number(n) + " parties were cleared before, and their reasons still hold: look at them on one page"})
		default:
			ways = append(ways, views.Go{Href: b.bulkHref(page), Words: views.PremiseSubject(k) + " on " + views.Number(n) + " parties: judge them on one page"})
		}
	}
	return ways
}

// showBulk lists the parties that one reason holds for, or those cleared before.
func (s *Server) showBulk(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	name := q.Get("premise")
	if !q.Has("premise") {
		name = q.Get("carry")
	}
	k, ok := bulkOf(name)
	if !ok || k.held() == q.Has("premise") {
		return review.ErrNotFound
	}
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	if b.file.Review.State != review.StateOpen {
		seeOther(w, reviewHref(id))
		return nil
	}
	return s.renderBulk(w, r, http.StatusOK, b, k)
}

// onlyTicked leaves of the earlier findings that a page of many sends those on the ticked parties: a
// page without a script sends all of them.
func (s *Server) onlyTicked(r *http.Request, id review.ReviewID, form *review.DispositionForm) error {
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.prepare()
	var carry []review.EntryID
	for _, g := range b.groups {
		if g.retest == nil || !slices.Contains(form.Carry, g.retest.Earlier.Entry) || slices.Contains(carry, g.retest.Earlier.Entry) {
			continue
		}
		if slices.ContainsFunc(g.open, func(m review.Match) bool { return slices.Contains(form.Matches, m.Key) }) {
			carry = append(carry, g.retest.Earlier.Entry)
		}
	}
	if len(carry) > 0 { // else it is for the rules to say what is wrong
		form.Carry = carry
	}
	return nil
}

func (s *Server) renderBulk(w http.ResponseWriter, r *http.Request, status int, b *reviewBuilder, k bulk) error {
	page := b.bulkPage(k)
	page.Shell = s.shell(r, page.Head+", "+b.title(), views.PlaceQueue)
	page.Problem = len(b.typed.problems) > 0
	return s.render(w, r, status, page)
}

func (b *reviewBuilder) bulkPage(k bulk) views.BulkPage {
	b.prepare()
	id := b.identity()
	id.Path = []views.Go{{Href: "/reviews", Words: "Queue"}, {Href: b.href(), Words: b.file.Review.ID.String()}, {Words: "Judge together"}}
	id.Prefix, id.Place, id.Previous, id.Next, id.Claim = "Judge together:", "", "", "", views.Claim{}
	p := views.BulkPage{Main: b.main(), Identity: id, Held: k.held(), Lead: "Tick the parties that you looked at. Each is recorded for itself",
		Back: views.Go{Href: b.href(), Words: "Go back to the review"}}
	groups := b.gathered(k)
	on := " on " + views.Plural(len(groups), "party", "parties")
	switch {
	case len(groups) == 0:
		p.Head, p.Lead, p.None = "No party is left to judge together", "", "Every party that this would gather has a finding, or gives the reason no more."
		return p
	case k.held():
		p.Head, p.Lead = views.Plural(len(groups), "party was", "parties were")+" cleared before", "Every reason was tested again and still holds. "+p.Lead
	default:
		p.Head = views.PremiseSubject(k.premise) + on
	}
	for _, g := range groups {
		p.Rows = append(p.Rows, b.bulkRow(k, g))
	}
	if !b.judges() {
		p.Hold = b.decisionHold()
		return p
	}
	p.Form = &views.BulkForm{Action: b.href() + "/dispositions", Evidence: b.file.Review.Evidence.String(), Premise: string(k.premise),
		Back: k.name(), Act: "Record a false positive on each ticked party"}
	if !k.held() {
		p.Form.Reasons = b.chief
	} else {
		p.Form.Act = "Clear each ticked party again for the same reasons"
		for _, g := range groups {
			if c := strconv.FormatInt(int64(g.retest.Earlier.Entry), 10); !slices.Contains(p.Form.Carries, c) {
				p.Form.Carries = append(p.Form.Carries, c)
			}
		}
	}
	if t := b.typed.finding; t != nil {
		p.Form.Reason, p.Form.Note, p.Form.Problems = t.Reason, t.Note, problemList(b.typed.problems)
		p.Problems = views.Problems{List: p.Form.Problems}
	}
	return p
}

func (b *reviewBuilder) bulkRow(k bulk, g partyGroup) views.BulkRow {
	r := views.BulkRow{Number: views.Number(g.number), Name: str(g.Name), Kinds: join(", ", kindsOf(g.Matches), views.Plural(len(g.open), "match", "matches")),
		Href: b.href() + partyAnchor(g.number), Verdicts: verdicts(g.compared.Subject, g.compared.Rows)}
	if r.Name.Text == "" {
		r.Fallback = partyFallback(g.Party)
	}
	for i := range g.open {
		m := &g.open[i]
		box := views.BulkBox{ID: "box-" + strconv.Itoa(g.number) + "-" + strconv.Itoa(i+1), Match: string(m.Key)}
		if len(g.open) > 1 {
			box.Words = matchLabel(g.Party, m)
		}
		box.Ticked = b.typed.finding != nil && slices.Contains(b.typed.finding.Matches, m.Key)
		r.Boxes = append(r.Boxes, box)
	}
	if k.held() {
		r.Since = "Cleared " + clearedBy(g.retest.Earlier, b.me.ID, b.now) + "."
		r.Premises = testedPremises(g.retest.Premises, g.retest.Earlier.Note)
		return r
	}
	p, _ := k.of(g)
	r.Apart = views.PremiseWords(p)
	if r.Ours, r.Theirs = bulkValues(p, p.Subject), bulkValues(p, p.Match); p.Attribute == review.AttributeName {
		r.Ours, r.Theirs = replacedParts(g.compared.Rows)
	}
	return r
}

// bulkValues writes one side's values as they stand, not only what the reason weighs of them.
func bulkValues(p review.Premise, raw []string) string {
	p.Kind = "" // years apart are shown with the days, where there are any
	return premiseValues(p, raw)
}
