package review

import "fmt"

// ruleKindDiffers speaks where the two are not of one kind.
const ruleKindDiffers = "kind-differs"

// compareKind says that a person cannot be a vessel. Kinds that are equal have no row: of most
// parties the kind of report tells it. A list of which nobody is named is no party.
func compareKind(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeKind, Spoke: -1}
	if s.Kind == PartyUnknown || m.Party == PartyUnknown || s.Kind == PartyList || m.Party == PartyList || s.Kind == m.Party {
		return c
	}
	c.Subject, c.Match = []Side{{Value: string(s.Kind)}}, []Side{{Value: string(m.Party)}}
	c.Verdict, c.Rule = Conflict, ruleKindDiffers
	c.Words = fmt.Sprintf("The listed party is a %s; ours is a %s.", m.Party, s.Kind)
	return c
}
