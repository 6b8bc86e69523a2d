package web

import (
	"slices"
	"strings"

	"docket/review"
	"docket/views"
)

// premiseTicks are the reasons that a reviewer may tick: what the comparison with the whole party
// found, and what only a note can say. None is ticked.
func premiseTicks(found []review.Premise, c review.ComparedParty) []views.Tick {
	out := make([]views.Tick, 0, len(found)+1)
	for _, p := range found {
		out = append(out, views.Tick{Value: p.Key(), Words: views.PremiseWords(p), Hint: premiseHint(p, c)})
	}
	other := review.Premise{Kind: review.PremiseOther}
	return views.Keyed(append(out, views.Tick{Value: other.Key(), Words: views.PremiseWords(other), Hint: "Never carried over to a later run"}))
}

// missingTicks are the facts that would settle it, and what only a note can name. None is ticked.
func missingTicks(settle []review.Fact) []views.Tick {
	out := make([]views.Tick, 0, len(settle)+1)
	for _, f := range settle {
		out = append(out, views.Tick{Value: string(f), Words: views.FactWords(f)})
	}
	return views.Keyed(append(out, views.Tick{Value: string(review.FactOther), Words: views.FactWords(review.FactOther)}))
}

// ticked is boxes with those ticked again that were sent. The ones given stay as they are.
func ticked(all []views.Tick, sent []string) []views.Tick {
	out := slices.Clone(all)
	for i := range out {
		out[i].Ticked = slices.Contains(sent, out[i].Value)
	}
	return out
}

// premiseHint sets the values beside each other: "1986 here, 1979 on all 3 lists".
func premiseHint(p review.Premise, c review.ComparedParty) string {
	ours, theirs, where := premiseValues(p, p.Subject), premiseValues(p, p.Match), "there"
	if p.Attribute == review.AttributeName {
		ours, theirs = replacedParts(c.Rows)
	} else if n := listsThatSay(p, c.Party); n > 1 {
		where = "on all " + views.Number(n) + " lists"
	}
	hint := ours + " here, " + theirs + " " + where
	switch {
	case ours == "" || theirs == "":
		hint = ""
	case p.Kind.Weak():
		hint += ". Weak: a spelling or another name alone seldom sets two apart"
	case p.Kind == review.PremiseIdentifierApart:
		for _, row := range c.Rows {
			if row.Attribute == review.AttributeIdentifier {
				hint = join(". ", hint, strings.TrimSuffix(strings.Join(row.Notes, " "), "."))
			}
		}
	case p.Rule == "country-apart-untold":
		hint += ". Weak: it is not said what ties the party to its country"
	}
	return hint
}

// replacedParts are the parts of a name that stand against another one.
func replacedParts(rows []review.Comparison) (ours, theirs string) {
	var left, right []string
	for _, row := range rows {
		if row.Attribute != review.AttributeName {
			continue
		}
		for _, p := range row.Parts {
			if p.Kind == review.PairReplaced {
				left, right = append(left, clip(str(p.Subject).Text, longestID)), append(right, clip(str(p.Match).Text, longestID))
			}
		}
	}
	return strings.Join(left, " "), strings.Join(right, " ")
}

// listsThatSay counts the lists of a party when every match says the one value that a premise
// rests on; 0 when they do not agree, or say several.
func listsThatSay(p review.Premise, party review.Party) int {
	if len(p.Match) != 1 {
		return 0
	}
	var lists []string
	for i := range party.Matches {
		m := &party.Matches[i]
		if !says(m, p.Attribute) || len(m.Listings) == 0 {
			return 0
		}
		for _, l := range m.Listings {
			if name := l.Name + l.Slug; !slices.Contains(lists, name) {
				lists = append(lists, name)
			}
		}
	}
	return len(lists)
}

// says tells whether a match gives an attribute at all.
func says(m *review.Match, a review.Attribute) bool {
	switch a {
	case review.AttributeBirthdate:
		return len(m.Birthdates) > 0
	case review.AttributeCountry:
		return len(m.Countries) > 0
	case review.AttributeSex:
		return len(m.Sexes) > 0
	case review.AttributeKind:
		return m.Party != review.PartyUnknown
	case review.AttributeIdentifier:
		return len(m.Identifiers) > 0
	}
	return false
}

// fewPremiseValues is how many values of a side are written out.
const fewPremiseValues = 3

// premiseValues writes the values of one side as a premise weighs them: of years apart, the years.
func premiseValues(p review.Premise, raw []string) string {
	few := fewPremiseValues
	if p.Attribute == review.AttributeName {
		few = 1
	}
	var all []string
	for _, v := range raw {
		w := clip(sideWords(p.Attribute, v).Text, longestID)
		switch {
		case p.Kind == review.PremiseYearsApart && len(v) == len("2006-01-02") && v[4] == '-':
			w = v[:4]
		case p.Attribute == review.AttributeCountry && codeOf(v) != "":
			w = countryName(v)
		}
		if w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	if left := len(all) - few; left > 0 {
		return strings.Join(all[:few], " or ") + " and " + views.Number(left) + " more"
	}
	return strings.Join(all, " or ")
}

// premiseWords words reasons in one line: "sex differs; birth year differs by 12".
func premiseWords(all []review.Premise) string {
	var words []string
	for _, p := range all {
		w := inLine(views.PremiseWords(p))
		if p.Kind == review.PremiseOther {
			w = "said in the note"
		}
		words = append(words, w)
	}
	return strings.Join(words, "; ")
}

// factWords words missing facts in one line.
func factWords(all []review.Fact) string {
	var words []string
	for _, f := range all {
		w := inLine(views.FactWords(f))
		if f == review.FactOther {
			w = "what the note names"
		}
		words = append(words, w)
	}
	return strings.Join(words, "; ")
}

// restsOn says what a finding rests on; "" when it names nothing but its main reason.
func restsOn(d review.Disposition) string {
	switch {
	case d.Finding == review.FalsePositive && len(d.Premises) > 0:
		return premiseWords(d.Premises)
	case d.Finding == review.CannotTell && len(d.Missing) > 0:
		return "missing: " + factWords(d.Missing)
	}
	return ""
}

// testedPremises shows reasons that were tested again.
func testedPremises(all []review.TestedPremise, note string) []views.TestedPremise {
	out := make([]views.TestedPremise, 0, len(all))
	for _, t := range all {
		shown := views.TestedPremise{Words: views.PremiseWords(t.Premise), Standing: t.Standing}
		if !t.Testable() {
			shown.Words, shown.Spoken = "What was said in the note", true
			if words := clip(str(note).Text, 200); words != "" {
				shown.Values = "“" + words + "”"
			}
		} else {
			shown.Values = testedValues(t)
		}
		out = append(out, shown)
	}
	return out
}

// testedValues sets values then and now beside each other; values that stayed stand once.
func testedValues(t review.TestedPremise) string {
	then := [2]string{premiseValues(t.Premise, t.Subject), premiseValues(t.Premise, t.Match)}
	now := [2]string{premiseValues(t.Premise, t.SubjectNow), premiseValues(t.Premise, t.MatchNow)}
	if then == now && t.Standing == review.Holds {
		return join(", ", then[0], then[1])
	}
	for i := range then {
		then[i], now[i] = together(then[i]), together(now[i])
	}
	return then[0] + " and " + then[1] + " then, " + now[0] + " and " + now[1] + " now"
}

// together is the values of one side as one thing, between an "and" and the next word.
func together(values string) string {
	switch {
	case values == "":
		return "nothing"
	case strings.Contains(values, " or "), strings.Contains(values, " and "):
		return "“" + values + "”"
	}
	return values
}

// inLine is words that begin a sentence, for the middle of one.
func inLine(words string) string {
	if rest, ok := strings.CutPrefix(words, "A "); ok {
		return "a " + rest
	}
	return lowerFirst(words)
}

// fewWords counts a few things in words.
func fewWords(n int) string {
	small := []string{"no", "one", "two", "three", "four", "five", "six"}
	if n >= 0 && n < len(small) {
		return small[n]
	}
	return views.Number(n)
}

// reasonsWords counts reasons: "for one reason", "for two reasons".
func reasonsWords(n int) string {
	if n == 1 {
		return "one reason"
	}
	return fewWords(n) + " reasons"
}

// allHold says that every reason that can be tested still holds.
func allHold(premises []review.TestedPremise) string {
	n := 0
	for _, p := range premises {
		if p.Testable() {
			n++
		}
	}
	switch n {
	case 1:
		return "its reason still holds"
	case 2:
		return "both reasons still hold"
	}
	return "all " + fewWords(n) + " reasons still hold"
}

// brokenWords is the head of what became of reasons that do not all hold.
func brokenWords(premises []review.TestedPremise) string {
	var broken, untestable []string
	for _, p := range premises {
		switch {
		case !p.Testable() || p.Standing == review.Holds:
		case p.Standing == review.Untestable:
			untestable = append(untestable, inLine(views.PremiseWords(p.Premise)))
		default:
			broken = append(broken, inLine(views.PremiseWords(p.Premise)))
		}
	}
	switch {
	case len(broken) == 1:
		return "A reason no longer holds: " + broken[0]
	case len(broken) > 1:
		return capital(fewWords(len(broken))) + " reasons no longer hold: " + strings.Join(broken, "; ")
	case len(untestable) == 1:
		return "A reason cannot be tested any more: " + untestable[0]
	case len(untestable) > 1:
		return capital(fewWords(len(untestable))) + " reasons cannot be tested any more: " + strings.Join(untestable, "; ")
	}
	return ""
}
