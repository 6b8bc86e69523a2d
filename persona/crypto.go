package persona

import "docket/review"

// crypto reads the matches of report/crypto-address-watchlist: one per list on which the
// address stands, with the party behind it and that party's other wallets.
// https://help.withpersona.com/articles/562IPh6XJ91ekE3kAEOrLj/
func crypto(report review.Ref, address string, get func(string) node) ([]review.Match, review.Presence) {
	result := get("result")
	var matches []review.Match
	for _, l := range result.items() {
		of := listMatches(l, "", review.PartyUnknown)
		for _, m := range of {
			// The address is what was searched: it is the identity, unless two parties share it.
			if len(of) == 1 {
				m.Identity = m.Listings[0].Slug + "|" + address
			} else {
				m.Identity += "|" + address
			}
			if len(m.Names) == 0 && address != "" {
				m.Party = review.PartyWallet
				m.Identifiers = []review.Identifier{{Type: "crypto-address", Value: address}}
			}
			matches = append(matches, m)
		}
	}
	return byIdentity(report, matches), presence(result)
}

// wallets reads the addresses of a listed party.
func wallets(n node) []review.Identifier {
	var out []review.Identifier
	for _, it := range n.items() {
		w := review.Identifier{Type: it.get("type").str(), Value: it.find("address", "value").str()}
		if it.kind == kindString {
			w = review.Identifier{Value: it.text}
		}
		if w.Type == "" {
			w.Type = "crypto-address"
		}
		if w.Value != "" {
			out = union(out, []review.Identifier{w})
		}
	}
	return out
}
