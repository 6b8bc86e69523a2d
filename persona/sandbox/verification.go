package sandbox

import "time"

// verification and document name what hangs on the inquiry, from the inquiry's own id.
func (s *story) verification(kind string) ref {
	if kind == "verification/selfie" {
		return ref{kind, "ver_s" + s.inquiry.id[5:]}
	}
	return ref{kind, "ver_g" + s.inquiry.id[5:]}
}

func (s *story) document() ref { return ref{"document/government-id", "doc_" + s.inquiry.id[4:]} }

func (s *story) fileURL(name string) string {
	return fileHost + name + "?access_token=expired-" + s.inquiry.id[4:16]
}

type check struct {
	name, requirement string
	reason            string // of the failure, when this is the check that fails
}

var idChecks = []check{
	{"id_expired_detection", "required", ""}, {"id_compromised_detection", "required", "physical_tamper"},
	{"id_disallowed_country_detection", "required", ""}, {"id_portrait_detection", "required", ""},
	{"id_barcode_detection", "not_required", ""}, {"id_mrz_detection", "required", ""},
	{"id_fabrication_detection", "required", "possible_photo_of_printout"}, {"id_po_box_detection", "not_required", ""},
}

// governmentID writes the verification of an identity document, with its checks and photos.
func (s *story) governmentID(p *pen) {
	w := s.who
	begun := s.created.Add(-9 * time.Minute)
	finished := begun.Add(6 * time.Second)
	v := s.verification("verification/government-id")
	p.open("")
	p.str("type", v.kind)
	p.str("id", v.id)
	p.open("attributes")
	if s.failedID {
		p.str("status", "failed")
	} else {
		p.str("status", "passed")
	}
	p.at("created-at", begun)
	p.int("created-at-ts", int(begun.Unix()))
	p.at("submitted-at", begun)
	p.int("submitted-at-ts", int(begun.Unix()))
	p.at("completed-at", finished)
	p.int("completed-at-ts", int(finished.Unix()))
	p.null("redacted-at")
	p.opt("country-code", w.home.country)
	p.strs("tags")
	failing := -1
	if s.failedID {
		failing = [...]int{1, 6}[s.seedOf(9)%2]
	}
	p.list("checks")
	for i, c := range idChecks {
		p.open("")
		p.str("name", c.name)
		switch {
		case i == failing:
			p.str("status", "failed")
			p.strs("reasons", c.reason)
		case c.requirement == "not_required" && s.seedOf(uint64(20+i))%2 == 0:
			p.str("status", "not_applicable")
			p.strs("reasons")
		default:
			p.str("status", "passed")
			p.strs("reasons")
		}
		p.str("requirement", c.requirement)
		p.open("metadata")
		if c.name == "id_mrz_detection" {
			p.strs("mrz-lines-read", "1", "2")
		}
		p.shut()
		p.shut()
	}
	p.end()
	p.num("entity-confidence-score", 61+float64(s.seedOf(10)%3800)/100, 2)
	p.strs("entity-confidence-reasons", "generic")
	front := s.fileURL("id-front.jpg")
	p.str("front-photo-url", front)
	p.null("back-photo-url")
	p.list("photo-urls")
	p.open("")
	p.str("page", "front")
	p.str("url", front)
	p.str("normalized-url", s.fileURL("id-front-normalized.jpg"))
	p.strs("original-urls", front)
	p.int("byte-size", 1200000+int(s.seedOf(11)%1900000))
	p.str("filename", "id-front.jpg")
	p.shut()
	p.end()
	p.open("selfie-photo")
	p.str("url", s.fileURL("selfie-photo.jpg"))
	p.int("byte-size", 201105)
	p.str("filename", "selfie-photo.jpg")
	p.shut()
	p.str("selfie-photo-url", s.fileURL("selfie-photo.jpg"))
	p.null("video-url")
	p.str("id-class", "pp")
	p.str("capture-method", "manual")
	p.opt("name-first", w.first.plain)
	p.opt("name-middle", w.middle.plain)
	p.opt("name-last", w.last.plain)
	if w.culture.script == "latin" {
		p.nulls("native-name-first", "native-name-middle", "native-name-last")
	} else {
		p.str("native-name-first", w.first.native)
		p.opt("native-name-middle", w.middle.native)
		p.str("native-name-last", w.last.native)
	}
	p.nulls("native-name-title", "name-suffix")
	p.day("birthdate", w.birth)
	p.nulls("address-street-1", "address-street-2", "address-city", "address-subdivision", "address-postal-code")
	p.str("issuing-authority", "Passport Office "+w.home.city.plain)
	p.null("issuing-subdivision")
	p.opt("nationality", w.home.country)
	p.str("document-number", s.passport())
	p.null("visa-status")
	p.str("issue-date", s.created.AddDate(-4, -3, 0).Format(time.DateOnly))
	p.str("expiration-date", s.created.AddDate(5, 9, 0).Format(time.DateOnly))
	p.strs("designations")
	p.opt("birthplace", w.home.city.plain)
	p.nulls("endorsements", "height")
	p.str("sex", map[bool]string{true: "Male", false: "Female"}[w.male])
	p.nulls("restrictions", "vehicle-class")
	p.str("identification-number", s.passport())
	p.bool("from-reusable-persona", false)
	p.shut()
	p.open("relationships")
	p.rel("inquiry", s.inquiry)
	p.rel("template", ref{})
	p.rel("inquiry-template-version", ref{"inquiry-template-version", inqVersion})
	p.rel("inquiry-template", ref{"inquiry-template", inqTemplate})
	p.rel("transaction", ref{})
	p.rel("verification-template", ref{"verification-template/government-id", verTemplate})
	p.rel("verification-template-version", ref{"verification-template-version/government-id", verVersion})
	p.rel("document", s.document())
	p.rels("accounts", s.account)
	p.shut()
	p.shut()
}

// selfie writes the selfie verification.
func (s *story) selfie(p *pen) {
	begun := s.created.Add(-6 * time.Minute)
	finished := begun.Add(11 * time.Second)
	v := s.verification("verification/selfie")
	p.open("")
	p.str("type", v.kind)
	p.str("id", v.id)
	p.open("attributes")
	p.str("status", "passed")
	p.at("created-at", begun)
	p.int("created-at-ts", int(begun.Unix()))
	p.at("submitted-at", begun)
	p.int("submitted-at-ts", int(begun.Unix()))
	p.at("completed-at", finished)
	p.int("completed-at-ts", int(finished.Unix()))
	p.null("redacted-at")
	p.opt("country-code", s.who.home.country)
	p.strs("tags")
	p.list("checks")
	for _, name := range []string{"selfie_id_comparison", "selfie_pose_detection", "selfie_liveness_detection"} {
		p.open("")
		p.str("name", name)
		p.str("status", "passed")
		p.strs("reasons")
		p.str("requirement", "required")
		p.open("metadata")
		p.shut()
		p.shut()
	}
	p.end()
	p.str("capture-method", "autocapture")
	p.str("center-photo-url", s.fileURL("selfie-center.jpg"))
	p.nulls("left-photo-url", "right-photo-url")
	p.list("photo-urls")
	p.open("")
	p.str("page", "center_photo")
	p.str("url", s.fileURL("selfie-center.jpg"))
	p.int("byte-size", 316802)
	p.str("filename", "selfie-center.jpg")
	p.shut()
	p.end()
	p.null("video-url")
	p.num("document-similarity-score", 71+float64(s.seedOf(12)%2700)/100, 2)
	p.nulls("selfie-similarity-score-left", "selfie-similarity-score-right", "center-photo-face-coordinates")
	p.strs("entity-confidence-reasons")
	p.bool("from-reusable-persona", false)
	p.shut()
	p.open("relationships")
	p.rel("inquiry", s.inquiry)
	p.rel("inquiry-template", ref{"inquiry-template", inqTemplate})
	p.rel("transaction", ref{})
	p.rels("accounts", s.account)
	p.shut()
	p.shut()
}
