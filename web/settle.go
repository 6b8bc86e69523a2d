package web

import (
	"slices"
	"strings"

	"docket/review"
	"docket/views"
)

// mostSettlers is how many facts are named: the ones that decide most.
const mostSettlers = 3

// settleWords says what would settle one party.
func settleWords(facts []review.Fact) string {
	var s []string
	for _, f := range facts[:min(len(facts), mostSettlers)] {
		words := views.FactWords(f)
		if from := views.FactSource(f); from != "" {
			words += ": " + from
		}
		s = append(s, sentence(words))
	}
	return strings.Join(s, " ")
}

// settlePanel says what would settle the parties that still ask, and how to ask a customer for
// it; nil when nothing would.
func (b *reviewBuilder) settlePanel() *views.PanelSettle {
	if b.file.Review.State == review.StateClosed {
		return nil
	}
	var asking []int
	var ask []review.Fact
	number := map[review.PartyKey]int{}
	for _, g := range b.groups {
		if g.asks() && !g.held() {
			asking, number[g.Key] = append(asking, g.number), g.number
		}
		for _, f := range g.found {
			ask = append(ask, f.Missing...)
		}
	}
	all := b.read.settlers(asking)
	var out views.PanelSettle
	for i, s := range all {
		ask = append(ask, s.Fact)
		if i < mostSettlers {
			out.Lines = append(out.Lines, views.FactWords(s.Fact)+" would decide "+decides(s, len(asking), number)+".")
		}
	}
	out.Ask = b.askNote(ask)
	if len(out.Lines) == 0 && out.Ask == "" {
		return nil
	}
	return &out
}

// decides says which parties a fact would decide.
func decides(s review.Settler, of int, number map[review.PartyKey]int) string {
	switch n := len(s.Parties); n {
	case 1:
		return "party " + views.Number(number[s.Parties[0]])
	case of:
		return "all " + views.Number(n) + " parties that ask"
	default:
		return views.Number(n) + " of " + views.Number(of) + " parties that ask"
	}
}

// askNote is a note to the customer team that asks for facts. It names no list, no match and no
// reason beyond the usual check: whoever learns what they were compared with is warned.
func (b *reviewBuilder) askNote(facts []review.Fact) string {
	business := b.file.Dossier.Subject.Kind == review.PartyBusiness
	var lines []string
	for _, f := range facts {
		if words := views.FactAsk(f, business); words != "" && !slices.Contains(lines, "– "+words) {
			lines = append(lines, "– "+words)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	root := b.file.Dossier.Root()
	whom := "For the customer of " + rootWord(root.Ref) + " " + str(root.Ref.ID).Text
	if root.ReferenceID.Value != "" {
		whom = "For the customer with reference " + str(root.ReferenceID.Value).Text
	}
	return whom + ", please ask:\n\nTo complete the usual check of your details, please send us\n" + strings.Join(lines, "\n") +
		"\n\nA clear copy of an official document that shows this is enough."
}
