package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// kindsOf says what surfaced a party: "Watchlist and adverse media".
func kindsOf(matches []review.Match) string {
	var kinds []string
	for _, m := range matches {
		if k := str(views.KindWords(m.Kind)).Text; !slices.Contains(kinds, k) {
			if len(kinds) > 0 {
				k = strings.ToLower(k[:1]) + k[1:]
			}
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	switch n := len(kinds); n {
	case 0, 1, 2:
		return strings.Join(kinds, " and ")
	default:
		return strings.Join(kinds[:n-1], ", ") + " and " + kinds[n-1]
	}
}

// mostLists is how many lists stand beside a party's name; the rest are in the details.
const mostLists = 6

func partyLists(matches []review.Match) []views.Link {
	var out []views.Link
	var seen []string
	for _, m := range matches {
		for _, l := range m.Listings {
			name := l.Name
			if name == "" {
				name = l.Slug
			}
			if name == "" || slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			if len(out) < mostLists {
				one := link(name, l.URL)
				one.Words = str(name).Text
				out = append(out, one)
			}
		}
	}
	return out
}

// otherScripts gives the party's name in up to two other scripts.
func otherScripts(g review.Party) []views.Str {
	if g.Name == "" {
		return nil
	}
	var out []views.Str
	seen := []int{scriptOf(g.Name), -1}
	for _, m := range g.Matches {
		for _, n := range m.Names {
			if sc := scriptOf(n.Value); !slices.Contains(seen, sc) && len(out) < 2 {
				seen = append(seen, sc)
				out = append(out, str(n.Value))
			}
		}
	}
	return out
}

// lead says when the party came up, and why its matches are taken for one.
func (b *partyBuilder) lead(g review.Party) string {
	var s []string
	if at := firstSeen(g.Matches); !at.IsZero() {
		if at.Equal(b.lastRun(g)) && b.ranBefore(g, at) {
			s = append(s, "New on the run of "+views.Day(at, b.now).Words+".")
		} else {
			s = append(s, "First found on "+views.Day(at, b.now).Words+".")
		}
	}
	if who := b.otherSubject(g); who != "" {
		s = append(s, "About "+who+", who was screened in the same "+rootWord(b.dossier.Root().Ref)+".")
	}
	if g.GroupedBy != "" {
		s = append(s, "Taken for one party: "+g.GroupedBy+".")
	}
	return strings.Join(s, " ")
}

// otherSubject names who was screened when that is not the dossier's own subject: an owner
// or officer of a business, say.
func (b *partyBuilder) otherSubject(g review.Party) string {
	s := b.subjectOf(&g.Matches[0])
	name := s.FullName()
	own := append([]review.Name{{Value: b.dossier.Subject.FullName()}}, b.dossier.Subject.Others...)
	if name == "" || own[0].Value == "" || len(s.Wallets) > 0 || slices.ContainsFunc(own, func(n review.Name) bool {
		return review.SameName(n.Value, name)
	}) {
		return ""
	}
	return join(", ", str(name).Text, bornOn(s.Birthdate))
}

func bornOn(b review.Birthdate) string {
	if w := birthWords(b); w != "" {
		return "born " + w
	}
	return ""
}

func firstSeen(matches []review.Match) time.Time {
	var at time.Time
	for i := range matches {
		if seen := matches[i].FirstSeen; !seen.IsZero() && (at.IsZero() || seen.Before(at)) {
			at = seen
		}
	}
	return at
}

func (b *partyBuilder) lastRun(g review.Party) time.Time {
	var at time.Time
	for i := range b.dossier.Reports {
		r := &b.dossier.Reports[i]
		for j := range g.Matches {
			if r.Ref == g.Matches[j].Report && r.CompletedAt.After(at) {
				at = r.CompletedAt
			}
		}
	}
	return at
}

// ranBefore says that a report of the party finished a run before an instant.
func (b *partyBuilder) ranBefore(g review.Party, at time.Time) bool {
	for i := range b.dossier.Reports {
		r := &b.dossier.Reports[i]
		for j := range g.Matches {
			if r.Ref == g.Matches[j].Report && slices.ContainsFunc(r.Runs, func(run review.Run) bool {
				return !run.CompletedAt.IsZero() && run.CompletedAt.Before(at)
			}) {
				return true
			}
		}
	}
	return false
}
