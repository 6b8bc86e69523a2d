package persona

import (
	"strings"

	"docket/review"
)

// fieldNumbers reads the numbers that fields give of a person or business: an account's list of
// documents, and the fields that Persona's guides name, in any spelling.
// https://docs.withpersona.com/accounts, https://docs.withpersona.com/integration-guide-kyb-via-api
func fieldNumbers(kind review.PartyKind, value func(keys ...string) node) []review.Identifier {
	var out []review.Identifier
	if kind == review.PartyBusiness {
		out = addNumber(out, "tax", value("business_tax_identification_number", "tax_identification_number").str(), "")
		return addNumber(out, "registration", value("business_registration_number", "registration_number").str(), "")
	}
	for _, it := range value("identification_numbers").items() {
		it = unwrapped(it)
		member := func(key string) string { return unwrapped(it.like(key)).str() }
		out = addNumber(out, member("identification-class"), member("identification-number"), member("issuing-country"))
	}
	out = addNumber(out, value("identification_class").str(), value("identification_number").str(), "")
	out = addNumber(out, "ssn", value("social_security_number").str(), "US")
	out = addNumber(out, "tax", value("tax_identification_number").str(), "")
	return addNumber(out, "document", value("document_number").str(), "")
}

// documentNumbers reads the numbers on an identity document that passed. On a passport both are
// numbers of the passport; on a card of identity the second one is the card's own.
// https://docs.withpersona.com/verification-types
func documentNumbers(v *state) []review.Identifier {
	class, country := v.get("id-class").str(), v.get("country-code").str()
	out := addNumber(nil, class, v.get("identification-number").str(), country)
	if number := v.get("document-number").str(); class == "pp" || number == v.get("identification-number").str() {
		return addNumber(out, class, number, country)
	}
	return addNumber(out, "document", v.get("document-number").str(), country)
}

// businessNumbers reads the number by which a register knows a business that was found in it.
func businessNumbers(v *state) []review.Identifier {
	return addNumber(nil, "registration", v.get("registration-number").str(), v.get("country-code").str())
}

// addNumber adds a number that can be read. Persona masks some, and who lacks the right to see
// them gets no more than that.
func addNumber(have []review.Identifier, kind, number, issuer string) []review.Identifier {
	number = strings.TrimSpace(number)
	if number == "" || strings.ContainsAny(number, "*•") {
		return have
	}
	c := country(issuer, "")
	if c.Code == "" {
		c.Code = c.Name
	}
	return union(have, []review.Identifier{{Type: kind, Value: number, Country: c.Code}})
}

// unwrapped is a value without its {type, value} wrapper.
func unwrapped(n node) node {
	if _, v, ok := wrapped(n); ok {
		return v
	}
	return n
}
