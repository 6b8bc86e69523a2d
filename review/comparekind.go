package review

import "fmt"

// ruleKindDiffers speaks where the two are not of one kind.
const ruleKindDiffers = "kind-differs"

// kindWords are the kinds that can be set apart. A list of which nobody is named is no party.
var kindWords = map[PartyKind]string{PartyPerson: "a person", PartyBusiness: "a business", PartyVessel: "a vessel", PartyWallet: "a wallet"}

// compareKind says that a person cannot be a vessel. Kinds that are equal have no row: of most
// parties the kind of report tells it.
func compareKind(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeKind, Spoke: -1}
	ours, theirs := kindWords[s.Kind], kindWords[m.Party]
	if ours == "" || theirs == "" || ours == theirs {
		return c
	}
	c.Subject, c.Match = []Side{{Value: string(s.Kind)}}, []Side{{Value: string(m.Party)}}
	c.Verdict, c.Rule = Conflict, ruleKindDiffers
	c.Words = fmt.Sprintf("The listed party is %s; ours is %s.", theirs, ours)
	return c
}
