package review

import (
	"slices"
	"strings"
	"time"
)

// Subject is the person or business examined, as far as something that Persona sent tells.
type Subject struct {
	Kind        PartyKind    `json:"kind,omitempty"`
	Name        Name         `json:"name,omitzero"` // as a whole
	First       string       `json:"first,omitempty"`
	Middle      string       `json:"middle,omitempty"`
	Last        string       `json:"last,omitempty"`
	Others      []Name       `json:"others,omitempty"` // other names, with where they come from in Type
	Birthdate   Birthdate    `json:"birthdate,omitzero"`
	Countries   []Country    `json:"countries,omitempty"`
	Sex         string       `json:"sex,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"` // numbers of documents and registers
	Wallets     []Identifier `json:"wallets,omitempty"`
	From        string       `json:"from,omitempty"` // what told us: "transaction", "report/watchlist", "account", …
	// AsOf is when the report was made that the subject is compared in, zero when that is unknown:
	// nobody in it can be born later. Dossier.SubjectOf derives it; it is no evidence of its own.
	AsOf time.Time `json:"-" evidence:"-"`
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

// SubjectOf is whom a report is about, and so whom its matches are compared with: whoever its
// query names, completed by what else is known of the same person or business. Of a report that
// came without its query it is whom the dossier is about, unless that cannot be or several were
// examined and nothing tells whose report it is: nobody's match is ever compared with another.
func (d Dossier) SubjectOf(r Report) Subject {
	known := d.Subject
	if len(d.Examined) > 1 {
		known = Subject{}
		for _, e := range d.Examined {
			if slices.Contains(e.Of, r.Ref) {
				known = e.Subject
			}
		}
	}
	s := r.Subject
	switch {
	case r.Subject.FullName() != "":
		s = r.Subject.completed(known)
	case r.Kind.Fits(known.Kind):
		s = known
	}
	s.AsOf = r.CompletedAt
	return s
}

// completed adds to who was screened what the rest of a dossier tells of the same person: a
// report's query seldom has a sex, an identity card has.
func (s Subject) completed(known Subject) Subject {
	if Fold(s.FullName()) != Fold(known.FullName()) {
		return s // someone else in the same transaction
	}
	if s.Kind == PartyUnknown {
		s.Kind = known.Kind
	}
	if s.Birthdate.From.IsZero() {
		s.Birthdate = known.Birthdate
	}
	if len(s.Countries) == 0 {
		s.Countries = known.Countries
	}
	if s.Sex == "" {
		s.Sex = known.Sex
	}
	if len(s.Others) == 0 {
		s.Others = known.Others
	}
	if len(s.Identifiers) == 0 {
		s.Identifiers = known.Identifiers
	}
	if len(s.Wallets) == 0 {
		s.Wallets = known.Wallets
	}
	return s
}
