package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"docket/persona"
	"docket/review"
	"docket/views"
)

const (
	spareRows = 2  // empty rows for fields that nobody set up
	mostRows  = 30 // further fields that a form may send
	longRow   = 2_000
)

// screening is a form for a new screening as it was typed.
type screening struct {
	form     review.ScreeningForm
	rows     []string // NAME=VALUE, as typed
	problems []views.Problem
	notice   *views.Notice
}

// showScreen is the form for a new screening.
func (s *Server) showScreen(w http.ResponseWriter, r *http.Request) error {
	return s.renderScreen(w, r, http.StatusOK, screening{form: review.ScreeningForm{Key: rand.Text()}})
}

// screen asks Persona to screen somebody, and follows the transaction that it becomes.
func (s *Server) screen(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in, err := f.screening()
	if err != nil {
		return err
	}
	if err := s.connected(); err != nil {
		return err
	}
	if len(in.problems) > 0 {
		return s.renderScreen(w, r, http.StatusUnprocessableEntity, in)
	}
	id, err := s.live.Screen(r.Context(), in.form, string(me(r).ID))
	if err == nil || id != "" {
		seeOther(w, transactionHref(id)+"?asked=1")
		return nil // what failed after Persona had made it is made up for by itself
	}
	var invalid *review.Invalid
	var no *persona.Refused
	switch {
	case errors.As(err, &invalid):
		in.problems = problemList(invalid.Problems)
		return s.renderScreen(w, r, http.StatusUnprocessableEntity, in)
	case errors.As(err, &no):
		in.refused(no)
		return s.renderScreen(w, r, http.StatusUnprocessableEntity, in)
	case errors.Is(err, persona.ErrUnavailable):
		visitOf(r.Context()).err = err
		in.notice = &views.Notice{Tone: views.ToneAttention, News: true, Strong: "Persona did not answer.",
			Text: "Nobody knows yet whether the screening began. Send this form again: the same form screens once."}
		var fault *persona.Unavailable
		if errors.As(err, &fault) && fault.KeySpent {
			// Under this key Persona would give the same answer for ever.
			in.form.Key = rand.Text()
			in.notice.Strong, in.notice.Text = "Persona has a fault of its own.",
				"It may have begun the screening all the same: look for the person at Persona before you send this form again."
		}
		w.Header().Set("Retry-After", "5")
		return s.renderScreen(w, r, http.StatusServiceUnavailable, in)
	}
	return err
}

// screening reads the form. A further field that is no NAME=VALUE is a problem of its row; one
// without a value is left out.
func (f form) screening() (screening, error) {
	var in screening
	c := &in.form
	err := errors.Join(f.single("reference_id", &c.ReferenceID), f.single("name_first", &c.NameFirst), f.single("name_middle", &c.NameMiddle),
		f.single("name_last", &c.NameLast), f.single("birthdate", &c.Birthdate), f.single("address_country_code", &c.Country), f.single("key", &c.Key))
	if err != nil {
		return in, err
	}
	for _, v := range []*string{&c.ReferenceID, &c.NameFirst, &c.NameMiddle, &c.NameLast, &c.Birthdate, &c.Country} {
		*v = strings.Join(strings.Fields(*v), " ")
	}
	c.Country = strings.ToUpper(c.Country)
	if _, sent := f.values["key"]; !sent {
		c.Key = rand.Text() // a script's form, not our page's: each is a screening of its own
	}
	if len(c.Key) < 16 || len(c.Key) > 64 || len(f.values["field"]) > mostRows {
		return in, errMalformed
	}
	for i, row := range f.values["field"] {
		if len(row) > longRow {
			return in, errMalformed
		}
		row = strings.TrimSpace(row)
		in.rows = append(in.rows, row)
		name, value, ok := strings.Cut(row, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case row == "", ok && value == "":
		case !ok || name == "":
			in.problems = append(in.problems, views.Problem{Field: rowID(i), Text: "Write it as NAME=VALUE"})
		default:
			c.Fields = append(c.Fields, review.PushField{Key: name, Value: value})
		}
	}
	return in, nil
}

func rowID(i int) string { return "field-" + strconv.Itoa(i+1) }

// refused puts what Persona said beside the fields that it was about. The form gets a new key:
// under the old one Persona would only repeat its answer.
func (in *screening) refused(no *persona.Refused) {
	in.form.Key = rand.Text()
	for _, p := range no.Problems {
		in.problems = append(in.problems, views.Problem{Field: in.fieldOf(p), Text: "Persona does not take this: " + str(p.Words).Text})
	}
	if len(in.problems) == 0 {
		in.problems = []views.Problem{{Text: str(no.Sentence()).Text}}
	}
}

// fieldOf finds the field of the form that Persona named, "fields" when the form has none of
// that name.
func (in *screening) fieldOf(p persona.RefusedField) string {
	name := p.Field
	if name == "" {
		name = p.Pointer[strings.LastIndexByte(p.Pointer, '/')+1:]
	}
	plain := strings.ReplaceAll(name, "-", "_")
	switch plain {
	case "reference_id", "name_first", "name_middle", "name_last", "birthdate", "address_country_code":
		return plain
	}
	for i, row := range in.rows {
		key, _, _ := strings.Cut(row, "=")
		if key = strings.TrimSpace(key); key != "" && strings.ReplaceAll(key, "-", "_") == plain {
			return rowID(i)
		}
	}
	return "fields"
}

func (s *Server) renderScreen(w http.ResponseWriter, r *http.Request, status int, in screening) error {
	page := screenPage(s.connection(), s.screenFields, in)
	page.Shell = s.shell(r, "New screening", views.PlaceScreen)
	page.Problem = len(in.problems) > 0
	return s.render(w, r, status, page)
}

func screenPage(c connection, known []string, in screening) views.ScreenPage {
	p := views.ScreenPage{Lead: "Persona makes a transaction and screens it; docket follows it from here."}
	if in.notice != nil {
		p.Notices = append(p.Notices, *in.notice)
	} else if c.failing() {
		p.Notices = append(p.Notices, c.unreachable())
	}
	switch {
	case !c.Connected:
		p.Hold = &views.Hold{Text: notConnectedWords}
		return p
	case !c.CanScreen:
		p.Hold = &views.Hold{Text: "No transaction type is set up for new screenings. Whoever looks after docket can name one."}
		return p
	}
	p.Problems = views.Problems{Head: "Nobody was screened yet", List: in.problems}
	p.Form = &views.ScreenForm{Action: "/screen", Key: in.form.Key, ReferenceID: in.form.ReferenceID, NameFirst: in.form.NameFirst,
		NameMiddle: in.form.NameMiddle, NameLast: in.form.NameLast, Birthdate: in.form.Birthdate, Country: in.form.Country,
		Countries: countryOptions(), Fields: screenRows(known, in.rows), Act: "Screen this person"}
	switch c.Environment {
	case persona.Sandbox:
		p.Lead = "At Persona’s sandbox: a transaction is made and screened there, and docket follows it from here."
		p.Form.Consequence, p.Form.Act = "A transaction is made at Persona’s sandbox. Nobody real is screened. It is recorded with your name.", "Screen in the sandbox"
	case persona.Production:
		p.Form.Consequence = "A real person is screened, and Persona may bill it. It is recorded with your name."
	default:
		p.Form.Consequence = "The key does not say whether it is the sandbox’s: a real person may be screened, and Persona may bill it. It is recorded with your name."
	}
	return p
}

// screenRows are the rows of further fields: those typed, else one for each that is set up, and
// some to spare.
func screenRows(known, typed []string) []views.ScreenField {
	rows := typed
	if len(rows) == 0 {
		for _, name := range known {
			rows = append(rows, name+"=")
		}
		rows = append(rows, make([]string, spareRows)...)
	}
	out := make([]views.ScreenField, len(rows))
	for i, row := range rows {
		out[i] = views.ScreenField{ID: rowID(i), Value: row, Label: "Another field"}
		if i < len(known) {
			out[i].Label = label(known[i])
		} else if i > len(known) {
			out[i].Label += " " + strconv.Itoa(i-len(known)+1)
		}
	}
	return out
}

// countryOptions are the countries' codes with their names, by name, offered while typing.
var countryOptions = sync.OnceValue(func() []views.Option {
	names := regions()
	all := make([]views.Option, 0, len(names))
	for code, name := range names {
		if r, err := language.ParseRegion(code); err != nil || r.Canonicalize() != r {
			continue // a country that is called by another code now
		}
		all = append(all, views.Option{Value: code, Words: name})
	}
	slices.SortFunc(all, func(a, b views.Option) int { return strings.Compare(a.Words, b.Words) })
	return all
})
