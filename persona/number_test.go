package persona_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestASubjectsNumbersComeFromWhatNamesIt(t *testing.T) {
	t.Parallel()
	txn := func(fields string) string {
		return response(resource("transaction", "txn_1", `"status":"needs_review","fields":{`+fields+`}`))
	}
	about := to("transaction", "transaction", "txn_1")
	person := txn(`"name_first":{"type":"string","value":"Oran"},"name_last":{"type":"string","value":"Veld"},"tax_identification_number":{"type":"string","value":"5401887712"}`)
	account := func(name, numbers string) string {
		return response(resource("account", "act_1", `"fields":{"name":{"type":"hash","value":{"first":{"type":"string","value":"`+name+`"},"last":{"type":"string","value":"Veld"}}},
			"identification_numbers":`+numbers+`}`, about))
	}
	wrapped := `{"type":"array","value":[{"type":"hash","value":{"identification_class":{"type":"string","value":"pp"},"identification_number":{"type":"string","value":" N0449211 "},"issuing_country":{"type":"string","value":"kz"}}},
		{"type":"hash","value":{"identification_class":{"type":"string","value":"ssn"},"identification_number":{"type":"string","value":"*****1122"},"issuing_country":{"type":"string","value":"US"}}},
		{"type":"hash","value":{"identification_class":{"type":"string","value":"dl"},"identification_number":{"type":"string","value":null}}}]}`
	bare := `[{"identification_class":"pp","identification_number":"N0449211","issuing_country":"KZ"}]`
	document := func(status, more string) string {
		return response(resource("verification/government-id", "ver_1", `"status":"`+status+`","name-first":"Oran","name-last":"Veld","country-code":"KZ",`+more, about))
	}
	tax := review.Identifier{Type: "tax", Value: "5401887712"}
	passport := review.Identifier{Type: "pp", Value: "N0449211", Country: "KZ"}
	firm := txn(`"business_name":{"type":"string","value":"Northwind Logistics GmbH"},"business_tax_identification_number":{"type":"string","value":"DE811907980"}`)
	vat := review.Identifier{Type: "tax", Value: "DE811907980"}
	register := func(name, status string) string {
		return response(resource("verification/database-business", "ver_2", `"status":"`+status+`","business-name":"`+name+`","registration-number":"HRB 201144","country-code":"DE"`, about))
	}
	for what, c := range map[string]struct {
		payloads []string
		want     []review.Identifier
	}{
		"its own fields":            {[]string{person}, []review.Identifier{tax}},
		"its account":               {[]string{person, account("Oran", wrapped)}, []review.Identifier{tax, passport}},
		"its account, unwrapped":    {[]string{person, account("Oran", bare)}, []review.Identifier{tax, passport}},
		"somebody else's account":   {[]string{person, account("Edda", wrapped)}, []review.Identifier{tax}},
		"a passport that passed":    {[]string{person, document("passed", `"id-class":"pp","identification-number":"N0449211","document-number":"N0449211"`)}, []review.Identifier{tax, passport}},
		"a passport that failed":    {[]string{person, document("failed", `"id-class":"pp","identification-number":"N0449211"`)}, []review.Identifier{tax}},
		"both numbers of a card":    {[]string{person, document("passed", `"id-class":"id","identification-number":"860314300457","document-number":"AB 44120"`)}, []review.Identifier{tax, {Type: "id", Value: "860314300457", Country: "KZ"}, {Type: "document", Value: "AB 44120", Country: "KZ"}}},
		"the same number once":      {[]string{person, account("Oran", bare), document("passed", `"id-class":"pp","identification-number":"N0449211"`)}, []review.Identifier{tax, passport}},
		"a business":                {[]string{firm}, []review.Identifier{vat}},
		"a register that found it":  {[]string{firm, register("NORTHWIND LOGISTICS GMBH", "passed")}, []review.Identifier{vat, {Type: "registration", Value: "HRB 201144", Country: "DE"}}},
		"a register that did not":   {[]string{firm, register("Northwind Logistics GmbH", "failed")}, []review.Identifier{vat}},
		"a register's other entry":  {[]string{firm, register("Southwind Logistics GmbH", "passed")}, []review.Identifier{vat}},
		"a business and a passport": {[]string{firm, document("passed", `"id-class":"pp","identification-number":"N0449211"`)}, []review.Identifier{vat}},
	} {
		assert.Equal(t, c.want, hydrate(t, c.payloads...).Subject.Identifiers, what)
	}
}
