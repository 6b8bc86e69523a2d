package web

import (
	"net/http"

	"docket/review"
	"docket/views"
)

// askPrecedents reads what was found for others on the parties that an open review asks a finding
// on. Of a closed one the page shows what was judged, and in a blind one everybody looks with
// their own eyes.
func (s *Server) askPrecedents(r *http.Request, b *reviewBuilder) error {
	if b.blind || b.stood != nil || b.file.Review.State == review.StateClosed {
		return nil
	}
	asked := make([][]review.PartyKey, len(b.read.parties))
	for i := range b.read.parties {
		asked[i] = b.read.parties[i].keys
	}
	found, err := s.db.Precedents(r.Context(), review.SubjectSign(b.file.Dossier), asked)
	if err != nil {
		return err
	}
	b.precedents = make([]*views.Precedent, len(found))
	for i, p := range found {
		if len(p.Judged) > 0 {
			b.precedents[i] = precedentOf(p, b.read.parties[i].compared)
		}
	}
	return nil
}

// precedent is what was found on a party for others; nil when nothing was, or nobody is to know.
func (b *reviewBuilder) precedent(g partyGroup) *views.Precedent {
	if g.number > len(b.precedents) || g.dismissed() {
		return nil
	}
	return b.precedents[g.number-1]
}

// precedentOf words what was found on a party for others.
func precedentOf(p review.Precedent, c review.ComparedParty) *views.Precedent {
	n := len(p.Judged)
	times := views.Plural(n, "time", "times")
	of := views.Number(n)
	if p.More {
		times, of = "more than "+times, "the newest "+of
	}
	out := &views.Precedent{
		Summary: "Judged " + times + " before, for other subjects",
		Party:   views.Go{Href: partyHref(c.Party.Key), Words: "All matches of this party"},
	}
	if n == 1 && !p.More {
		out.Summary = "Judged once before, for another subject"
	}
	var found []string
	for _, f := range review.Findings() {
		if k := p.Count(f); k > 0 {
			words := lowerFirst(views.FindingTag(f).Words) + " in " + views.Number(k)
			if len(found) == 0 {
				words += " of " + of
			}
			found = append(found, words)
		}
	}
	out.Found = capital(join(", ", found...)) + "."
	cleared := p.Count(review.FalsePositive)
	for _, q := range p.Against(c) {
		out.Reasons = append(out.Reasons, views.PrecedentReason{Kind: string(q.Kind), Standing: string(q.Here),
			Words: precedentTimes(q.Times, cleared) + views.PrecedentBecause(q.Kind) + ". " + views.PrecedentHere(q)})
	}
	return out
}

// precedentTimes says in how many of the false positives a reason was given.
func precedentTimes(n, of int) string {
	switch {
	case of == 1:
		return "Because "
	case n == of:
		return "Each time because "
	case n == 1:
		return "Once because "
	}
	return views.Number(n) + " times because "
}

func partyHref(key review.PartyKey) string { return "/parties/" + string(key) }
