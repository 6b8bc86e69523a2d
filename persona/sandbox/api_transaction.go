package sandbox

import (
	"slices"
	"strings"
	"time"
)

// schema is the fields that the organisation's transaction types have, with their kinds.
var schema = map[string]string{
	"name_first": "string", "name_middle": "string", "name_last": "string", "birthdate": "date",
	"address_street_1": "string", "address_street_2": "string", "address_city": "string", "address_subdivision": "string",
	"address_postal_code": "string", "address_country_code": "string",
	"tax_identification_number": "string", "document_number": "string", "email_address": "email-address", "phone_number": "string",
	"business_name": "string", "business_tax_identification_number": "string", "website": "string", "registration_number": "string",
	"crypto_address": "string", "currency": "choices", "product": "choices", "source_of_funds": "multi_choices",
	"expected_monthly_volume": "number", "terms_accepted": "boolean", "submitted_at": "datetime", "debug": "string",
	"external_reference": "string", "fallback_inquiry_id": "string",
	"review_decision": "string", "review_reason": "string", "review_note": "string", "reviewed_by": "string",
}

// maxText is the longest text that a field takes.
const maxText = 1024

// wrap checks what was sent for a field and gives it as it will be read.
func wrap(key string, v *node) (*node, *reply) {
	at := "/data/attributes/fields/" + key
	bad := func(words string) *reply { r := invalid(words, at); return &r }
	kind, ok := schema[key]
	if !ok {
		return nil, bad("Fields " + key + " is not a field of this transaction type")
	}
	null := v.kind == 0 && string(v.raw) == "null"
	isText := v.kind == 0 && len(v.raw) > 0 && v.raw[0] == '"'
	switch {
	case null:
	case kind == "boolean":
		if s := string(v.raw); s != "true" && s != "false" {
			return nil, bad("Fields " + key + " must be true or false")
		}
	case kind == "number":
		if v.kind != 0 || isText || string(v.raw) == "true" || string(v.raw) == "false" {
			return nil, bad("Fields " + key + " must be a number")
		}
	case kind == "multi_choices":
		if !v.is('[') {
			return nil, bad("Fields " + key + " must be an array")
		}
	case !isText:
		return nil, bad("Fields " + key + " must be a string")
	case len(v.str()) > maxText:
		return nil, bad("Fields " + key + " is too long (maximum is 1024 characters)")
	case kind == "date":
		if _, err := time.Parse(time.DateOnly, v.str()); err != nil {
			return nil, bad("Fields " + key + " is not a valid date")
		}
	case strings.HasSuffix(key, "country_code"):
		if s := v.str(); len(s) != 2 || s != strings.ToUpper(s) || s == "ZX" {
			return nil, bad("Selected country code invalid selected country code of " + s)
		}
	}
	return object().set("type", text(kind)).set("value", v), nil
}

// wrapAll checks the fields of a request.
func wrapAll(fields *node) (*node, *reply) {
	out := object()
	if fields == nil {
		return out, nil
	}
	if !fields.is('{') {
		r := badRequest("data.attributes.fields must be a hash")
		return nil, &r
	}
	for i, k := range fields.keys {
		w, bad := wrap(snakeOf(k), fields.kids[i])
		if bad != nil {
			return nil, bad
		}
		out.set(snakeOf(k), w)
	}
	return out, nil
}

func snakeOf(k string) string { return strings.ReplaceAll(kebabOf(k), "-", "_") }

// allowed refuses attributes that the endpoint does not have.
func allowed(attributes *node, names ...string) *reply {
	if attributes == nil {
		return nil
	}
	for _, k := range attributes.keys {
		if !slices.Contains(names, k) {
			r := badRequest("data.attributes." + k + " is not allowed")
			return &r
		}
	}
	return nil
}

// createTransaction begins a screening.
func (in *StandIn) createTransaction(c *call) reply {
	a := c.body.at("data", "attributes")
	if a == nil {
		return badRequest("data.attributes is missing")
	}
	if bad := allowed(a, "transaction-type-id", "reference-id", "fields", "tags"); bad != nil {
		return *bad
	}
	kind := slices.Index(typeOf[:], a.str("transaction-type-id"))
	switch {
	case a.str("transaction-type-id") == "":
		return badRequest("data.attributes.transaction-type-id is missing")
	case kind < 0:
		return problem(404, "Record not found", "data.attributes.transaction_type_id is not found", "")
	}
	fields, bad := wrapAll(a.at("fields"))
	if bad != nil {
		return *bad
	}
	value := func(k string) string { return fields.str(k, "value") }
	switch kind := subjectKind(kind); {
	case kind == aBusiness && value("business_name") == "":
		return invalid("Fields business_name can't be blank", "/data/attributes/fields/business_name")
	case kind == aWallet && value("crypto_address") == "":
		return invalid("Fields crypto_address can't be blank", "/data/attributes/fields/crypto_address")
	case kind == aPerson && value("name_first") == "" && value("name_last") == "":
		return invalid("Fields name_last can't be blank", "/data/attributes/fields/name_last")
	}
	t := in.screen(subjectKind(kind), value)
	for _, k := range []string{"fallback_inquiry_id"} {
		if fields.at(k) == nil {
			fields.set(k, object().set("type", text("string")).set("value", literal("null")))
		}
	}
	t.edit(func(n *node) {
		attributes := n.at("attributes").set("fields", fields)
		attributes.set("reference-id", literal("null"))
		if r := a.str("reference-id"); r != "" {
			attributes.set("reference-id", text(r))
		}
		attributes.set("tags", array())
		if tags := a.at("tags"); tags.is('[') {
			attributes.set("tags", tags)
		}
	})
	t.story.reference = a.str("reference-id")
	in.tell("transaction.created", t, nil)
	in.begin(t)
	r := in.ok(c, t)
	r.status = 201
	return r
}

// getTransaction answers with a transaction; fields that were written are confirmed by it.
func (in *StandIn) getTransaction(c *call) reply {
	delete(in.touched, c.id)
	return in.get("transaction")(c)
}

// statuses are those that the transaction types have.
var statuses = []string{"created", "approved", "declined", "errored", "pending_fallback_inquiry", "completed",
	"needs_review", "needs review", "Needs Review"}

// patchTransaction changes status, fields, reference and tags, and tells of it.
func (in *StandIn) patchTransaction(c *call) reply {
	t := in.thing("transaction", c.id)
	if t == nil {
		return notFound()
	}
	a := c.body.at("data", "attributes")
	if a == nil {
		return badRequest("data.attributes is missing")
	}
	if bad := allowed(a, "status", "fields", "reference-id", "label", "tags"); bad != nil {
		return *bad
	}
	fields, bad := wrapAll(a.at("fields"))
	if bad != nil {
		return *bad
	}
	status, was := a.str("status"), t.says("status")
	switch {
	case t.gone:
		return conflict("already redacted")
	case status != "" && !slices.Contains(statuses, status):
		return invalid("Status does not exist", "/data/attributes/status")
	case status != "" && in.touched[c.id]:
		return problem(409, "Stale object error", "The transaction was being modified", "")
	}
	t.edit(func(n *node) {
		attributes := n.at("attributes")
		have := attributes.at("fields")
		if have == nil {
			have = object()
			attributes.set("fields", have)
		}
		for i, k := range fields.keys {
			have.set(k, fields.kids[i])
		}
		if status != "" {
			attributes.set("status", text(status))
		}
		if r := a.at("reference-id"); r != nil {
			attributes.set("reference-id", r)
		}
		if tags := a.at("tags"); tags.is('[') {
			attributes.set("tags", tags)
		}
		attributes.set("updated-at", text(stamp(in.now())))
	})
	if len(fields.keys) > 0 {
		in.touched[c.id] = true
		in.tell("transaction.updated-fields", t, nil)
	}
	if status != "" && status != was {
		in.tell("transaction.status-updated", t, nil)
	}
	return in.ok(c, t)
}

// Change moves a transaction to a status from Persona's side, as a workflow or a person in
// the Dashboard does. It says whether there is such a transaction.
func (in *StandIn) Change(id, status string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.thing("transaction", id)
	if t == nil {
		return false
	}
	in.move(t, status)
	return true
}

// move gives a transaction a status and tells of it.
func (in *StandIn) move(t *thing, status string) {
	t.edit(func(n *node) {
		n.at("attributes").set("status", text(status)).set("updated-at", text(stamp(in.now())))
		if t.story != nil {
			n.at("relationships").set("reviewer", object().set("data", t.story.run.linkage()))
		}
	})
	in.tell("transaction.status-updated", t, nil)
}
