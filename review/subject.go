package review

import "strings"

// Subject is the person or business examined, as far as something that Persona sent tells.
type Subject struct {
	Kind      PartyKind    `json:"kind,omitempty"`
	Name      Name         `json:"name,omitzero"` // as a whole
	First     string       `json:"first,omitempty"`
	Middle    string       `json:"middle,omitempty"`
	Last      string       `json:"last,omitempty"`
	Others    []Name       `json:"others,omitempty"` // other names, with where they come from in Type
	Birthdate Birthdate    `json:"birthdate,omitzero"`
	Countries []Country    `json:"countries,omitempty"`
	Sex       string       `json:"sex,omitempty"`
	Wallets   []Identifier `json:"wallets,omitempty"`
	From      string       `json:"from,omitempty"` // what told us: "transaction", "report/watchlist", "account", …
}

// FullName is the whole name, or its parts joined, or the wallet, or "".
func (s Subject) FullName() string {
	if s.Name.Value != "" {
		return s.Name.Value
	}
	var parts []string
	for _, p := range []string{s.First, s.Middle, s.Last} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if len(parts) > 0 {
		return strings.Join(parts, " ")
	}
	if len(s.Wallets) > 0 {
		return s.Wallets[0].Value
	}
	return ""
}

// CountryCode is the first country that has a code, "" when none has.
func (s Subject) CountryCode() string {
	for _, c := range s.Countries {
		if c.Code != "" {
			return c.Code
		}
	}
	return ""
}
