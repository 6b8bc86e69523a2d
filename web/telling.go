package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"docket/review"
	"docket/views"
)

// The switches of what Persona is told, in the order in which it is done.
var tellingSwitches = []string{"matches", "fields", "status", "inquiry", "case"}

const (
	mostTypes    = 50
	longSpelling = 200
)

// showTelling is where an admin says what Persona is told once a decision is final.
func (s *Server) showTelling(w http.ResponseWriter, r *http.Request) error {
	t, err := s.db.Telling(r.Context())
	if err != nil {
		return err
	}
	return s.renderTelling(w, r, http.StatusOK, t, tellingDigest(t), nil)
}

// setTelling changes it. Two admins do not overwrite each other: the form names what it showed.
func (s *Server) setTelling(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	t, was, err := f.telling()
	if err != nil {
		return err
	}
	now, err := s.db.Telling(r.Context())
	if err != nil {
		return err
	}
	if was == tellingDigest(now) {
		err = s.db.ReplaceTelling(r.Context(), now, t, me(r).ID)
	} else {
		err = fmt.Errorf("set telling: %w", review.ErrConflict)
	}
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return s.renderTelling(w, r, http.StatusUnprocessableEntity, t, was, problemList(invalid.Problems))
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "Somebody changed it meanwhile",
			text: "What Persona is told was changed since you opened the page. Nothing of yours was kept. Look at it again first.",
			acts: []views.Go{{Href: "/admin/telling", Words: "See it as it is now"}}}
	case err != nil:
		return err
	}
	seeOther(w, "/admin/telling?done=kept")
	return nil
}

// telling reads the form: rows without anything in them are left out.
func (f form) telling() (t review.Telling, was string, err error) {
	on := map[string]string{}
	for _, name := range append(slices.Clone(tellingSwitches), "case_approved", "case_declined", "was") {
		var v string
		if err := f.single(name, &v); err != nil {
			return t, "", err
		}
		on[name] = strings.TrimSpace(v)
	}
	t.Status, t.Fields, t.Matches = on["status"] == "on", on["fields"] == "on", on["matches"] == "on"
	t.Inquiry, t.Case = on["inquiry"] == "on", on["case"] == "on"
	t.CaseApproved, t.CaseDeclined = on["case_approved"], on["case_declined"]
	n := len(f.values["type"])
	if n > mostTypes {
		return t, "", errMalformed
	}
	for i := range n {
		var tt review.TypeTelling
		for name, target := range map[string]*string{"type": &tt.Type, "approved": &tt.Approved, "declined": &tt.Declined,
			"reason_field": &tt.ReasonField, "note_field": &tt.NoteField, "by_field": &tt.ByField} {
			if len(f.values[name]) != n || len(f.values[name][i]) > longSpelling {
				return t, "", errMalformed
			}
			*target = strings.TrimSpace(f.values[name][i])
		}
		if tt != (review.TypeTelling{}) {
			t.Types = append(t.Types, tt)
		}
	}
	if len(t.CaseApproved)+len(t.CaseDeclined) > 2*longSpelling {
		return t, "", errMalformed
	}
	return t, on["was"], nil
}

// tellingDigest names one state of what is told.
func tellingDigest(t review.Telling) string {
	b, err := json.Marshal(t)
	if err != nil {
		return "" // strings and switches always marshal
	}
	return review.Sum(b).String()[:16]
}

func (s *Server) renderTelling(w http.ResponseWriter, r *http.Request, status int, t review.Telling, was string, problems []views.Problem) error {
	page := tellingPage(t, was, s.connection())
	page.Shell = s.shell(r, "What Persona is told", views.PlaceTelling)
	page.Shell.Problem = len(problems) > 0
	page.Problems = views.Problems{Head: "Nothing was changed yet", List: problems}
	if len(problems) == 0 && r.URL.Query().Get("done") == "kept" {
		page.Notices = append(page.Notices, views.Notice{Tone: views.ToneGood, News: true, Strong: "Kept.", Text: "It holds for decisions from now on."})
	}
	return s.render(w, r, status, page)
}

func tellingPage(t review.Telling, was string, c connection) views.TellingPage {
	p := views.TellingPage{Lead: "Nothing: every switch is off.",
		Form: views.TellingForm{Action: "/admin/telling", Was: was, CaseApproved: t.CaseApproved, CaseDeclined: t.CaseDeclined}}
	on := map[string]bool{"status": t.Status, "fields": t.Fields, "matches": t.Matches, "inquiry": t.Inquiry, "case": t.Case}
	n := 0
	for _, name := range tellingSwitches {
		sw := views.TellingWords(name)
		if sw.On = on[name]; sw.On {
			n++
		}
		p.Form.Switches = append(p.Form.Switches, sw)
	}
	if n > 0 {
		p.Lead = views.Number(n) + " of " + views.Number(len(tellingSwitches)) + " switched on."
	}
	if n > 0 && !c.Connected {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "docket is not connected to Persona.",
			Text: "What is switched on waits until an API key is set up."})
	}
	rest := false
	for i, tt := range t.Types {
		row := views.TellingType{ID: strconv.Itoa(i + 1), Words: str(tt.Type).Text, Type: tt.Type, Approved: tt.Approved, Declined: tt.Declined,
			ReasonField: tt.ReasonField, NoteField: tt.NoteField, ByField: tt.ByField}
		if tt.Type == "" {
			row.Words, rest = "Every type without a row of its own", true
		}
		p.Form.Types = append(p.Form.Types, row)
	}
	spare := views.TellingType{ID: strconv.Itoa(len(t.Types) + 1), Words: "Another type"}
	if !rest {
		spare.Words = "Every type without a row of its own, or another type"
	}
	p.Form.Types = append(p.Form.Types, spare)
	return p
}
