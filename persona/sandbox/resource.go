package sandbox

import "time"

// transaction writes the transaction as it stands. The key is "data", or empty in a list.
func (s *story) transaction(p *pen, key, status string, related bool) {
	s.stands = status
	p.open(key)
	p.str("type", "transaction")
	p.str("id", s.txn.id)
	p.open("attributes")
	p.str("status", status)
	p.opt("reference-id", s.reference)
	p.open("fields")
	s.fields(p)
	p.shut()
	p.strs("tags", s.tags...)
	p.at("created-at", s.created)
	p.at("updated-at", s.updated)
	p.shut()
	p.open("relationships")
	if status == "created" {
		p.rel("reviewer", ref{})
	} else {
		p.rel("reviewer", s.run)
	}
	p.rel("transaction-label", ref{})
	p.rel("transaction-type", ref{"transaction-type", typeOf[s.kind]})
	if related {
		to := make([]ref, 0, 8)
		to = append(to, s.account)
		if s.withForm {
			to = append(to, s.inquiry)
		}
		for _, r := range s.reports {
			to = append(to, r.ref)
		}
		p.rels("related-objects", to...)
	} else {
		p.rels("related-objects")
	}
	p.shut()
	p.shut()
}

// fields writes attributes.fields as the organisation configured it: snake_case keys that no
// inflection touches, every value wrapped with its type.
func (s *story) fields(p *pen) {
	w := s.who
	switch s.kind {
	case aPerson:
		p.field("name_first", w.spell(w.first))
		p.field("name_middle", w.spell(w.middle))
		p.field("name_last", w.spell(w.last))
		p.typed("birthdate", "date", dayOf(w.birth))
		s.addressFields(p, "address_")
		p.typed("email_address", "email-address", s.email)
		p.field("phone_number", s.phone)
		p.typed("product", "choices", [...]string{"current_account", "savings", "brokerage", "card"}[s.seedOf(1)%4])
		p.raw("source_of_funds")
		p.b = append(p.b, `{"type":"multi_choices","value":["salary"`...)
		if s.seedOf(2)%3 == 0 {
			p.b = append(p.b, `,"inheritance"`...)
		}
		p.b = append(p.b, `]}`...)
	case aBusiness:
		p.field("business_name", s.firm.name)
		p.field("business_tax_identification_number", s.firm.tax)
		p.raw("business_physical_address")
		p.b = append(p.b, `{"type":"hash","value":{`...)
		s.addressFields(p, "")
		p.b = append(p.b, `}}`...)
		p.raw("associated_people")
		p.b = append(p.b, `{"type":"array","value":[`...)
		for i, o := range s.owners {
			p.open("")
			p.str("type", "hash")
			p.open("value")
			p.field("name_first", o.first.latin)
			p.field("name_last", o.last.latin)
			p.typed("birthdate", "date", o.birth.Format(time.DateOnly))
			p.field("association", "director")
			p.raw("percentage_ownership")
			p.b = append(p.b, `{"type":"number","value":`...)
			p.b = append(p.b, []string{"51", "32.5", "12", "4.25"}[i%4]...)
			p.b = append(p.b, '}')
			p.shut()
			p.shut()
		}
		p.b = append(p.b, `]}`...)
		p.field("website", s.firm.site)
		p.field("address_country_code", s.firm.home.country)
	case aWallet:
		p.field("name_first", w.spell(w.first))
		p.field("name_last", w.spell(w.last))
		p.field("crypto_address", s.wallet)
		p.typed("currency", "choices", "XBT")
		p.field("address_country_code", w.home.country)
	}
	p.raw("expected_monthly_volume")
	p.b = append(p.b, `{"type":"number","value":`...)
	p.b = append(p.b, itoa(int(s.seedOf(3)%180)*250)...)
	p.b = append(p.b, '}')
	p.raw("terms_accepted")
	p.b = append(p.b, `{"type":"boolean","value":true}`...)
	p.typed("submitted_at", "datetime", s.created.Format(instant))
	p.field("fallback_inquiry_id", s.fallback)
}

// seedOf gives a number that stays the same for this transaction.
func (s *story) seedOf(n uint64) uint64 {
	x := (s.seed*0x9e3779b97f4a7c15 ^ uint64(s.i)) + n*0xbf58476d1ce4e5b9
	x ^= x >> 31
	x *= 0x94d049bb133111eb
	return x ^ x>>29
}

func (s *story) addressFields(p *pen, prefix string) {
	at, w := s.home(), s.who
	p.field(prefix+"street_1", s.streetLine)
	p.field(prefix+"street_2", "")
	p.field(prefix+"city", w.spell(at.city))
	p.field(prefix+"subdivision", w.spell(at.region))
	p.field(prefix+"postal_code", s.postal)
	p.field(prefix+"country_code", at.country)
}

// accountItem writes the account, as it was before this transaction.
func (s *story) accountItem(p *pen) {
	w := s.who
	opened := s.created.Add(-time.Duration(2+s.seedOf(4)%3000) * time.Hour)
	p.open("")
	p.str("type", "account")
	p.str("id", s.account.id)
	p.open("attributes")
	p.opt("reference-id", s.reference)
	p.str("account-type-name", [...]string{aPerson: "Individual", aBusiness: "Business", aWallet: "Individual"}[s.kind])
	p.str("account-status", "active")
	p.at("created-at", opened)
	p.at("updated-at", s.created)
	p.null("redacted-at")
	p.open("fields")
	if s.kind == aBusiness {
		p.field("business_name", s.firm.name)
		p.field("registration_number", s.firm.number)
	} else {
		p.raw("name")
		p.b = append(p.b, `{"type":"hash","value":{`...)
		p.field("first", w.spell(w.first))
		p.field("middle", w.spell(w.middle))
		p.field("last", w.spell(w.last))
		p.b = append(p.b, `}}`...)
		p.typed("birthdate", "date", dayOf(w.birth))
	}
	p.raw("address")
	p.b = append(p.b, `{"type":"hash","value":{`...)
	s.addressFields(p, "")
	p.b = append(p.b, `}}`...)
	if s.kind == aPerson && s.seedOf(5)%2 == 0 {
		p.raw("identification_numbers")
		p.b = append(p.b, `{"type":"array","value":[{"type":"hash","value":{`...)
		p.field("identification_class", "pp")
		p.field("identification_number", s.passport())
		p.field("issuing_country", w.home.country)
		p.field("hashed_identification_number", "")
		p.b = append(p.b, `}}]}`...)
	}
	p.field("phone_number", s.phone)
	p.field("email_address", s.email)
	p.typed("selfie_photo", "file", "")
	p.shut()
	p.strs("tags")
	p.shut()
	p.open("relationships")
	p.rel("account-type", ref{"account-type", accountTypes[s.kind]})
	p.shut()
	p.shut()
}

// passport is the number of the subject's document, the same wherever it is written.
func (s *story) passport() string {
	n := s.seedOf(6)
	return string([]byte{byte('A' + n%26), byte('A' + n/26%26)}) + itoa(int(1000000+n/676%8999999))
}

// runItem writes the workflow run that moved the transaction.
func (s *story) runItem(p *pen) {
	p.open("")
	p.str("type", "workflow-run")
	p.str("id", s.run.id)
	p.open("attributes")
	p.str("status", "completed")
	p.at("created-at", s.created.Add(180*time.Millisecond))
	p.at("completed-at", s.updated)
	p.shut()
	p.shut()
}

// typeItem writes the transaction type with its schema.
func (s *story) typeItem(p *pen) {
	p.open("")
	p.str("type", "transaction-type")
	p.str("id", typeOf[s.kind])
	p.open("attributes")
	p.str("name", [...]string{aPerson: "Customer onboarding", aBusiness: "Business onboarding", aWallet: "Wallet payout"}[s.kind])
	since := time.Date(2025, 3, 14, 9, 26, 53, 589e6, time.UTC)
	p.at("created-at", since)
	p.at("updated-at", since.AddDate(0, 8, 2))
	p.list("field-schemas")
	for _, f := range [...][3]string{{"string", "name_first", "First name"}, {"string", "name_last", "Last name"},
		{"date", "birthdate", "Date of birth"}, {"choices", "product", "Product"}, {"string", "fallback_inquiry_id", "Fallback inquiry"}} {
		p.open("")
		p.str("type", f[0])
		p.raw("key")
		p.quote(f[1])
		p.str("label", f[2])
		p.null("default-value")
		p.open("config")
		p.bool("required", f[0] == "date")
		p.nulls("archived-at", "deactivated-at", "source-key-path")
		p.str("redaction-policy", "none")
		p.str("write-policy", "none")
		p.shut()
		p.shut()
	}
	p.end()
	p.shut()
	p.shut()
}
