package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"docket/review"
	"docket/views"
)

// maxName is the longest name of a colleague, in characters.
const maxName = 100

// showColleagues is where an admin looks after colleagues.
func (s *Server) showColleagues(w http.ResponseWriter, r *http.Request) error {
	page, err := s.colleaguesPage(r)
	if err != nil {
		return err
	}
	if n, ok := colleagueNotices[r.URL.Query().Get("done")]; ok {
		page.Notices = []views.Notice{{Tone: views.ToneGood, News: true, Strong: n}}
	}
	return s.render(w, r, http.StatusOK, page)
}

var colleagueNotices = map[string]string{
	"added":    "Added. Tell them the password yourself; it cannot be sent by mail. " + boundFor,
	"role":     "Role changed. It holds from the next request. " + boundFor,
	"disabled": "Disabled. Every session has ended.",
	"enabled":  "Enabled again. " + boundFor,
	"password": "Password set. Every session of theirs has ended. " + boundFor,
}

func (s *Server) colleaguesPage(r *http.Request) (views.ColleaguesPage, error) {
	all, err := s.db.Colleagues(r.Context())
	if err != nil {
		return views.ColleaguesPage{}, err
	}
	page := views.ColleaguesPage{
		Shell: s.shell(r, "Colleagues", views.PlaceColleagues),
		Add:   views.ColleagueForm{Action: "/admin/colleagues"},
	}
	off := 0
	for _, c := range all {
		base := "/admin/colleagues/" + url.PathEscape(string(c.ID))
		row := views.ColleagueRow{ID: string(c.ID), Name: str(c.Name), Role: c.Role, You: c.ID == me(r).ID,
			Disabled: c.Disabled, SignedIn: views.At(c.SignedInAt, s.now()), Record: recordOf("by", string(c.ID))}
		switch {
		case row.You: // one's own role and access are another admin's to change
		case c.Disabled:
			row.Enable = base + "/enable"
			off++
		default:
			row.SetRole, row.Disable, row.Password = base+"/role", base+"/disable", base+"/password"
		}
		page.Rows = append(page.Rows, row)
	}
	page.Lead = views.Plural(len(all), "colleague", "colleagues")
	if off > 0 {
		page.Lead += ", " + views.Number(off) + " may not sign in"
	}
	return page, nil
}

// newColleague reads the fields of a new colleague, and says what is wrong with them.
func newColleague(username, name, role, password string) (review.Colleague, []views.Problem) {
	var inv review.Invalid
	keep := func(err error) {
		var i *review.Invalid
		if errors.As(err, &i) {
			inv.Problems = append(inv.Problems, i.Problems...)
		}
	}
	c := review.Colleague{Name: strings.TrimSpace(name), Keys: true}
	var err error
	if c.ID, err = review.ParseColleagueID(strings.TrimSpace(username)); err != nil {
		keep(err)
	}
	switch shown := str(c.Name); {
	case c.Name == "":
		inv.Add("name", "Give the name that people call them by")
	case utf8.RuneCountInString(c.Name) > maxName:
		inv.Add("name", "Use a shorter name, up to 100 characters")
	case shown.Text != c.Name:
		inv.Add("name", "Type the name again: it has characters that cannot be seen")
	}
	if c.Role, err = review.ParseRole(role); err != nil {
		inv.Add("role", "Choose reviewer, lead, auditor or admin")
	}
	keep(CheckPassword(password, c))
	return c, problemList(inv.Problems)
}

// addColleague adds one.
func (s *Server) addColleague(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var username, name, role, password string
	if err := errors.Join(f.single("username", &username), f.single("name", &name), f.single("role", &role),
		f.single("password", &password)); err != nil {
		return err
	}
	refuse := func(problems []views.Problem) error {
		page, err := s.colleaguesPage(r)
		if err != nil {
			return err
		}
		page.Problem, page.Problems = true, views.Problems{Head: "Nobody was added", List: problems}
		page.Add = views.ColleagueForm{Action: page.Add.Action, Username: username, Name: name, Role: review.Role(role)}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	c, problems := newColleague(username, name, role, password)
	if len(problems) > 0 {
		return refuse(problems)
	}
	if may, err := s.proveForm(w, r, f, unproven{
		lead: "You are about to add " + str(c.Name).Text + " as " + oneOf(c.Role) + ".", secret: "Password for " + string(c.ID), back: withoutIt,
		kept: []views.Kept{{Name: "username", Value: username}, {Name: "name", Value: name}, {Name: "role", Value: role}}}); !may {
		return err
	}
	hash, err := s.hash(r, password)
	if err != nil {
		return err
	}
	err = s.db.AddColleague(r.Context(), c, hash, me(r).ID)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return refuse(problemList(invalid.Problems))
	case errors.Is(err, review.ErrConflict):
		return refuse([]views.Problem{{Field: "username", Text: "Choose another name: a colleague signs in with this one"}})
	case err != nil:
		return err
	}
	return s.colleagueDone(w, "added")
}

func (s *Server) colleagueDone(w http.ResponseWriter, what string) error {
	seeOther(w, "/admin/colleagues?done="+what)
	return nil
}

// withoutIt leads back from the question for the password.
var withoutIt = views.Go{Href: "/admin/colleagues", Words: "Go back without it"}

// oneOf names one of a role in a sentence.
func oneOf(r review.Role) string {
	words := views.RoleWords(r)
	if strings.ContainsRune("aeiou", rune(words[0])) {
		return "an " + words
	}
	return "a " + words
}

// another reads which colleague a route is about. Nobody changes their own role or access:
// the last admin could lock everyone out.
func another(r *http.Request) (review.ColleagueID, error) {
	id, err := review.ParseColleagueID(r.PathValue("id"))
	if err != nil {
		return "", review.ErrNotFound
	}
	if id == me(r).ID {
		return "", &told{err: review.ErrForbidden, head: "Not for your own account",
			text: "Another admin can change your role or your access. Nothing was changed.",
			acts: []views.Go{{Href: "/admin/colleagues", Words: "Back to colleagues"}}}
	}
	return id, nil
}

// setRole changes what a colleague may do.
func (s *Server) setRole(w http.ResponseWriter, r *http.Request) error {
	id, err := another(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var name string
	if err := f.single("role", &name); err != nil {
		return err
	}
	role, err := review.ParseRole(name)
	if err != nil {
		return errMalformed
	}
	c, err := s.db.Colleague(r.Context(), id)
	if err != nil {
		return err
	}
	if may, err := s.proveForm(w, r, f, unproven{lead: "You are about to make " + str(c.Name).Text + " " + oneOf(role) + ".",
		kept: []views.Kept{{Name: "role", Value: name}}, back: withoutIt}); !may {
		return err
	}
	if err := s.db.SetRole(r.Context(), id, role, me(r).ID); err != nil {
		return err
	}
	return s.colleagueDone(w, "role")
}

// disableColleague ends a colleague's access.
func (s *Server) disableColleague(w http.ResponseWriter, r *http.Request) error {
	return s.setDisabled(w, r, true, "stop %s signing in", "disabled")
}

// enableColleague gives it back.
func (s *Server) enableColleague(w http.ResponseWriter, r *http.Request) error {
	return s.setDisabled(w, r, false, "let %s sign in again", "enabled")
}

func (s *Server) setDisabled(w http.ResponseWriter, r *http.Request, disabled bool, about, done string) error {
	id, err := another(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := s.db.Colleague(r.Context(), id)
	if err != nil {
		return err
	}
	if may, err := s.proveForm(w, r, f, unproven{lead: "You are about to " + fmt.Sprintf(about, str(c.Name).Text) + ".", back: withoutIt}); !may {
		return err
	}
	if err := s.db.SetDisabled(r.Context(), id, disabled, me(r).ID); err != nil {
		return err
	}
	return s.colleagueDone(w, done)
}

// setPassword gives a colleague a new password, which ends their sessions.
func (s *Server) setPassword(w http.ResponseWriter, r *http.Request) error {
	id, err := another(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var password string
	if err := f.single("password", &password); err != nil {
		return err
	}
	c, err := s.db.Colleague(r.Context(), id)
	if err != nil {
		return err
	}
	var invalid *review.Invalid
	if err := CheckPassword(password, c); errors.As(err, &invalid) {
		page, err := s.colleaguesPage(r)
		if err != nil {
			return err
		}
		page.Problem = true
		page.Problems = views.Problems{Head: "The password was not set", List: problemList(invalid.Problems), At: "-" + string(id)}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	if may, err := s.proveForm(w, r, f, unproven{lead: "You are about to set a password for " + str(c.Name).Text + ".",
		secret: "New password for " + string(id), back: withoutIt}); !may {
		return err
	}
	hash, err := s.hash(r, password)
	if err != nil {
		return err
	}
	if err := s.db.SetPassword(r.Context(), id, hash, me(r).ID); err != nil {
		return err
	}
	return s.colleagueDone(w, "password")
}
