package web

import (
	"net/http"
	"net/url"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showDecisions is the audit list.
func (s *Server) showDecisions(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q, columns, problems := decisionsQuery(values)
	status, page := http.StatusOK, views.DecisionsPage{}
	var err error
	if len(problems) > 0 {
		// The form comes back with what can be read of it, and no list.
		status = http.StatusUnprocessableEntity
		page, err = s.decisionsForm(r, values, q, columns)
		page.Problem, page.Problems = true, views.Problems{Head: "The list cannot be made", List: problems}
		page.Empty = &views.Empty{Head: "Nothing is listed yet", Acts: []views.Go{{Href: "/decisions", Words: "Show all decisions"}}}
	} else {
		page, err = s.decisionsPage(r, values, q, columns)
	}
	if err != nil {
		return err
	}
	return s.render(w, r, status, page)
}

// decisionsPage is the list that an address asks for, with every decision unless it says which of
// those with a second person are wanted: exports give those in effect.
func (s *Server) decisionsPage(r *http.Request, values url.Values, q store.DecisionQuery, columns []string) (views.DecisionsPage, error) {
	ctx := r.Context()
	page, err := s.decisionsForm(r, values, q, columns)
	if err != nil {
		return page, err
	}
	leaving := q
	if !values.Has("second") || values.Get("second") == "" {
		q.Second = store.AnySecond
	}
	rows, next, total, err := s.db.Decisions(ctx, q)
	if err != nil {
		return page, err
	}
	effect := total
	if q.Second != leaving.Second {
		if effect, err = s.db.CountDecisions(ctx, leaving); err != nil {
			return page, err
		}
	}
	book, err := s.db.PolicyBook(ctx)
	if err != nil {
		return page, err
	}
	b := decisionsBuilder{values: values, query: q, columns: pageColumns(columns), book: book, me: me(r), now: s.now()}
	b.fill(&page, rows, next, total, effect)
	return page, nil
}

// decisionsForm is the page without the list: filters, columns, saved views.
func (s *Server) decisionsForm(r *http.Request, values url.Values, q store.DecisionQuery, columns []string) (views.DecisionsPage, error) {
	ctx := r.Context()
	b := filterBuilder{values: values, query: q, columns: columns, me: me(r)}
	var err error
	if b.people, err = s.db.Colleagues(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.book, err = s.db.PolicyBook(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.reasons, err = s.db.DecisionReasons(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.kinds, err = s.db.DecisionKinds(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.lists, err = s.db.DecisionLists(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.policies, err = s.db.DecisionPolicies(ctx); err != nil {
		return views.DecisionsPage{}, err
	}
	if b.saved, err = s.db.SavedViews(ctx, b.me.ID); err != nil {
		return views.DecisionsPage{}, err
	}
	page := b.build(s.shell(r, "Decisions", views.PlaceDecisions))
	state, err := s.db.Ledger(ctx)
	if err != nil {
		return page, err
	}
	page.Ledger = ledgerLine(state.Size, state.Verified, state.At, state.Break)
	if len(state.Newest) > 0 && state.Break == nil {
		page.Ledger.Text += " " + keptWords(state.Newest[0])
	}
	if overseers.admits(b.me.Role) {
		page.Ledger.To = views.Go{Href: "/ledger", Words: "Open the ledger"}
	}
	return page, nil
}

// saveView keeps the filters and columns of a page under a name.
func (s *Server) saveView(w http.ResponseWriter, r *http.Request) error {
	f, err := readViewForm(r)
	if err != nil {
		return err
	}
	_, err = s.db.SaveView(r.Context(), review.SavedView{Owner: me(r).ID, Name: f.name, Query: f.query.Encode(), Shared: f.shared})
	return s.viewDone(w, r, f, 0, err)
}

// changeView gives a view another name, and shares it or not.
func (s *Server) changeView(w http.ResponseWriter, r *http.Request) error {
	f, err := readViewForm(r)
	if err != nil {
		return err
	}
	id, err := viewID(r)
	if err != nil {
		return err
	}
	return s.viewDone(w, r, f, id, s.db.ChangeView(r.Context(), id, me(r).ID, f.name, f.shared))
}

// removeView removes a view.
func (s *Server) removeView(w http.ResponseWriter, r *http.Request) error {
	f, err := readViewForm(r)
	if err != nil {
		return err
	}
	id, err := viewID(r)
	if err != nil {
		return err
	}
	return s.viewDone(w, r, f, id, s.db.RemoveView(r.Context(), id, me(r).ID))
}
