package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"docket/review"
	"docket/views"
)

// viewForm is a name for a way to look at the decisions. Who only reads sends none: a view of
// theirs is an address, which writes nothing.
type viewForm struct {
	name   string
	shared bool
	query  url.Values // filters and columns of the page that it stood on, without what was searched for
}

func readViewForm(r *http.Request) (viewForm, error) {
	f, err := readForm(r)
	if err != nil {
		return viewForm{}, err
	}
	var v viewForm
	var shared, query string
	if err := errors.Join(f.single("name", &v.name), f.single("shared", &shared), f.single("query", &query)); err != nil {
		return viewForm{}, err
	}
	values, err := url.ParseQuery(query)
	if err != nil || len(query) > 4_000 {
		return viewForm{}, errMalformed
	}
	if _, _, problems := decisionsQuery(values); len(problems) > 0 {
		return viewForm{}, errMalformed
	}
	v.shared, v.query = shared == "yes", viewQuery(values)
	return v, nil
}

// viewQuery is what a view keeps of an address: not the text that was searched for, which may be a
// name that has to go one day.
func viewQuery(q url.Values) url.Values {
	v := decisionsAddress(q)
	v.Del("q")
	return v
}

func viewID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, review.ErrNotFound
	}
	return id, nil
}

// viewDone goes back to the page, or shows it again with what is wrong with the name: that of a new
// view, or another one of the view with an id.
func (s *Server) viewDone(w http.ResponseWriter, r *http.Request, f viewForm, id int64, err error) error {
	var invalid *review.Invalid
	if !errors.As(err, &invalid) {
		if err != nil {
			return err
		}
		seeOther(w, decisionsHref("/decisions", f.query, ""))
		return nil
	}
	q, columns, _ := decisionsQuery(f.query)
	page, err := s.decisionsPage(r, f.query, q, columns)
	if err != nil {
		return err
	}
	page.Problem, page.Problems = true, views.Problems{Head: "The view was not kept"}
	problem, field := invalid.Problems[0].Text, "name"
	page.Saved.Open = true
	own := slices.IndexFunc(page.Saved.Views, func(v views.SavedView) bool { return id != 0 && v.ID == strconv.FormatInt(id, 10) })
	if own < 0 {
		page.Saved.Name, page.Saved.Problem = str(f.name).Text, problem
	} else {
		page.Saved.Views[own].Typed, page.Saved.Views[own].Problem = str(f.name).Text, problem
		field += "-" + page.Saved.Views[own].ID
	}
	page.Problems.List = []views.Problem{{Field: field, Text: problem}}
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}
