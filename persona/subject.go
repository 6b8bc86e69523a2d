package persona

import (
	"strings"

	"docket/review"
)

// querySubject is who a report screened, as its query tells.
func querySubject(kind review.ReportKind, ref review.Ref, query []review.QueryField) review.Subject {
	q := func(keys ...string) string {
		for _, k := range keys {
			if v := queryText(query, k); v != "" {
				return v
			}
		}
		return ""
	}
	s := review.Subject{From: ref.Type, Kind: review.PartyPerson, First: q("name-first"), Middle: q("name-middle"), Last: q("name-last")}
	s.Name = review.Name{Value: q("term", "business-name", "name")}
	if strings.HasPrefix(string(kind), "business-") || q("business-name") != "" {
		s.Kind = review.PartyBusiness
	}
	if b, ok := readDate(q("birthdate", "birthdate-year")); ok {
		s.Birthdate = b
	}
	if c := q("country-code", "address-country-code", "address-country"); c != "" {
		s.Countries = []review.Country{country(c, "address")}
	}
	if w := q("crypto-address"); w != "" {
		s.Kind, s.Wallets = review.PartyWallet, []review.Identifier{{Type: "crypto-address", Value: w}}
	}
	if s.FullName() == "" {
		s.Kind = review.PartyUnknown
	}
	return s
}

// fieldSubject is the subject as a transaction's, account's or inquiry's fields tell: the
// names that Persona's guides give them, in any spelling, or the nested name and address of
// accounts. https://docs.withpersona.com/integration-guide-reports-via-api
func fieldSubject(s *state) review.Subject {
	value := func(keys ...string) node {
		f, ok := s.field(keys...)
		if !ok {
			for _, k := range keys {
				if n := s.get(kebab(k)); n.kind != kindAbsent {
					return n // before API version 2025-10-27 they stood on the attributes too
				}
			}
		}
		if _, v, wrapped := wrapped(f); wrapped {
			return v
		}
		return f
	}
	inner := func(n node, keys ...string) string {
		for _, k := range keys {
			m := n.like(k)
			if _, v, ok := wrapped(m); ok {
				m = v
			}
			if v := m.str(); v != "" {
				return v
			}
		}
		return ""
	}
	out := review.Subject{From: s.ref.Type, Kind: review.PartyPerson,
		First: value("name_first").str(), Middle: value("name_middle").str(), Last: value("name_last").str()}
	name, address := value("name", "full_name"), value("address", "business_physical_address", "business_registered_address")
	out.Name.Value = name.str()
	if name.kind == kindObject && out.FullName() == "" {
		out.First, out.Middle, out.Last = inner(name, "first"), inner(name, "middle"), inner(name, "last")
	}
	if business := value("business_name").str(); business != "" {
		out.Kind, out.Name.Value = review.PartyBusiness, business
		out.First, out.Middle, out.Last = "", "", ""
	}
	if b, ok := birthdate(value("birthdate")); ok {
		out.Birthdate = b
	}
	code := value("address_country_code", "country_code", "business_address_country_code").str()
	if code == "" {
		code = inner(address, "country-code", "country")
	}
	if code != "" {
		out.Countries = []review.Country{country(code, "address")}
	}
	out.Identifiers = fieldNumbers(out.Kind, value)
	if out.FullName() == "" {
		out.Kind = review.PartyUnknown
	}
	return out
}

// subject says whom a transaction is about: as its own fields tell, else its reports, else
// its account or inquiry. Sex, further names and numbers come from identity documents that passed,
// wallets from the reports that searched them.
func subject(txn *state, reports []review.Report, records []*state) review.Subject {
	candidates := []review.Subject{fieldSubject(txn)}
	for _, r := range reports {
		candidates = append(candidates, r.Subject)
	}
	for _, family := range []string{"account", "inquiry"} {
		for _, s := range records {
			if s.ref.Family() == family {
				candidates = append(candidates, fieldSubject(s))
			}
		}
	}
	s := candidates[0]
	for _, c := range candidates {
		if c.FullName() != "" {
			s = c
			break
		}
	}
	who := newIdentity(s.FullName())
	for _, c := range candidates {
		if c.FullName() == "" || !who.has(c.FullName()) {
			continue // someone else, such as another person of the same business
		}
		if s.Birthdate == (review.Birthdate{}) {
			s.Birthdate = c.Birthdate
		}
		if len(s.Countries) == 0 {
			s.Countries = c.Countries
		}
		s.Identifiers = union(s.Identifiers, c.Identifiers)
	}
	for _, r := range reports {
		s.Wallets = union(s.Wallets, r.Subject.Wallets)
	}
	for _, v := range records {
		if s.Kind == review.PartyPerson && v.ref.Type == "verification/government-id" && review.NormalStatus(v.get("status").str()) == "passed" {
			fromDocument(&s, who, v)
		}
		if s.Kind == review.PartyBusiness && v.ref.Type == "verification/database-business" && review.NormalStatus(v.get("status").str()) == "passed" &&
			who.has(v.get("business-name").str()) {
			s.Identifiers = union(s.Identifiers, businessNumbers(v))
		}
	}
	return s
}

// fromDocument adds what a passed identity document tells.
func fromDocument(s *review.Subject, who identity, v *state) {
	if s.Sex == "" {
		s.Sex = sex(v.get("sex").str())
	}
	for _, prefix := range []string{"", "native-"} {
		var parts []string
		for _, k := range []string{"name-first", "name-middle", "name-last"} {
			if p := v.get(prefix + k).str(); p != "" {
				parts = append(parts, p)
			}
		}
		if name := strings.Join(parts, " "); name != "" && !who.has(name) {
			s.Others = addName(s.Others, review.Name{Value: name, Type: v.ref.Type})
		}
	}
	s.Identifiers = union(s.Identifiers, documentNumbers(v))
}
