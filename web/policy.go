package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showPolicy is the policy in force with all its versions; admins change it here, and a second one puts
// the change in force.
func (s *Server) showPolicy(w http.ResponseWriter, r *http.Request) error {
	return s.renderPolicy(w, r, http.StatusOK, nil, "", nil)
}

// renderPolicy sends it. Typed is what an admin typed, nil nothing yet.
func (s *Server) renderPolicy(w http.ResponseWriter, r *http.Request, status int, typed *policyTyped, more string, problems []views.Problem) error {
	all, err := s.db.Policies(r.Context())
	if err != nil {
		return err
	}
	people, err := s.db.Colleagues(r.Context())
	if err != nil {
		return err
	}
	page := policyPage(all, me(r), otherAdmins(people), typed, more, s.now())
	page.Shell = s.shell(r, "Policy", views.PlacePolicy)
	page.Shell.Problem = len(problems) > 0
	page.Problems = views.Problems{Head: "Nothing was proposed yet", List: problems}
	return s.render(w, r, status, page)
}

// proposePolicy keeps what was typed as the next version, for a second admin to put in force.
func (s *Server) proposePolicy(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	now, err := s.db.Policy(r.Context())
	if err != nil {
		return err
	}
	typed, err := f.policy(now)
	if err != nil {
		return err
	}
	var more string
	if err := f.single("more", &more); err != nil {
		return err
	}
	if more != "" {
		return s.renderPolicy(w, r, http.StatusOK, &typed, more, nil)
	}
	policy, rows := typed.policy()
	made, err := s.db.ProposePolicy(r.Context(), me(r).ID, policy, typed.note)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return s.renderPolicy(w, r, http.StatusUnprocessableEntity, &typed, "", rows.place(invalid.Problems))
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "The policy moved meanwhile",
			text: "Another version was proposed or put in force since you opened the page. Nothing of yours was kept. Look at it first.",
			acts: []views.Go{{Href: "/admin/policy", Words: "See the policy as it is now"}}}
	case err != nil:
		return err
	}
	seeOther(w, policyHref(made)+"?done=proposed")
	return nil
}

// showPolicyVersion is one version: what it says, otherwise than which, and what it would have changed.
func (s *Server) showPolicyVersion(w http.ResponseWriter, r *http.Request) error {
	version, err := policyVersion(r)
	if err != nil {
		return err
	}
	return s.renderPolicyVersion(w, r, http.StatusOK, version, nil)
}

func (s *Server) renderPolicyVersion(w http.ResponseWriter, r *http.Request, status int, version review.PolicyVersion, problems []views.Problem) error {
	all, err := s.db.Policies(r.Context())
	if err != nil {
		return err
	}
	people, err := s.db.Colleagues(r.Context())
	if err != nil {
		return err
	}
	b := policyBuilder{all: all, me: me(r), others: otherAdmins(people), now: s.now(), prove: s.mustProve(r)}
	if b.p = b.find(func(p store.PolicyRecord) bool { return p.Version == version }); b.p == nil {
		return fmt.Errorf("policy %d: %w", version, review.ErrNotFound)
	}
	if b.p.State == store.PolicyProposed {
		if b.replay, err = s.replay(r.Context(), b.p.Policy); err != nil {
			return err
		}
		if b.bound, err = s.db.BondedTo(r.Context(), b.p.ProposedBy); err != nil {
			return err
		}
	}
	page := b.page()
	page.Shell = s.shell(r, page.Head, views.PlacePolicy)
	page.Shell.Problem = len(problems) > 0
	page.Problems = views.Problems{Head: "Nothing was changed yet", List: problems}
	if r.URL.Query().Get("done") == b.p.State && len(problems) == 0 {
		page.Notices = append([]views.Notice{policyNews(b.p)}, page.Notices...)
	}
	return s.render(w, r, status, page)
}

// policyNews is what the reader's own act has just led to.
func policyNews(p *store.PolicyRecord) views.Notice {
	which := "version " + versionWords(p.Version)
	n := views.Notice{Tone: views.ToneGood, News: true, Strong: "Recorded: " + which + " is withdrawn.", Text: "Another can be proposed now.", To: views.Go{Href: "/admin/policy", Words: "To the policy in force"}}
	switch p.State {
	case store.PolicyProposed:
		n = views.Notice{Tone: views.ToneGood, News: true, Strong: "Recorded: you propose " + which + ".", Text: "Nothing changes until another admin puts it in force."}
	case store.PolicyInForce:
		n.Strong, n.Text, n.To = "Recorded: "+which+" is in force.", "Every decision from now on is made under it.", views.Go{}
	}
	return n
}

// replay goes through the past, with the time that it takes.
func (s *Server) replay(ctx context.Context, p review.Policy) (*review.PolicyReplay, error) {
	out, err := s.db.ReplayPolicy(ctx, p)
	return &out, err
}

// enactPolicy puts a proposal in force.
func (s *Server) enactPolicy(w http.ResponseWriter, r *http.Request) error {
	version, f, err := policyForm(r)
	if err != nil {
		return err
	}
	var digest, password string
	if err := errors.Join(f.single("digest", &digest), f.single("password", &password)); err != nil {
		return err
	}
	shown, err := review.ParseHash(digest)
	if err != nil {
		return errMalformed
	}
	if s.mustProve(r) {
		met, err := s.prove(r, password)
		if err != nil {
			return err
		}
		if !met.fits() {
			return s.renderPolicyVersion(w, r, http.StatusUnprocessableEntity, version, []views.Problem{{Field: "password", Text: "Type the password that you sign in with now"}})
		}
	}
	if err := s.db.EnactPolicy(r.Context(), version, me(r).ID, shown); err != nil {
		if said := s.notTwo(err, views.Go{Href: policyHref(version), Words: "See it as it is now"}); said != nil {
			return said
		}
		return policyInTheWay(version, err)
	}
	seeOther(w, policyHref(version)+"?done=in_force")
	return nil
}

// withdrawPolicy takes a proposal back.
func (s *Server) withdrawPolicy(w http.ResponseWriter, r *http.Request) error {
	version, _, err := policyForm(r)
	if err != nil {
		return err
	}
	if err := s.db.WithdrawPolicy(r.Context(), version, me(r).ID); err != nil {
		return policyInTheWay(version, err)
	}
	seeOther(w, policyHref(version)+"?done=withdrawn")
	return nil
}

func policyInTheWay(version review.PolicyVersion, err error) error {
	see := []views.Go{{Href: policyHref(version), Words: "See it as it is now"}}
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return &told{err: errors.Join(review.ErrConflict, err), head: "This version cannot be put in force",
			text: "docket asks for more of a policy than when this one was proposed: " + invalid.Problems[0].Text + ". Withdraw it and propose another.", acts: see}
	case errors.Is(err, review.ErrStale):
		return &told{err: err, head: "This is not what you saw", text: "The document of this version is another one than your page showed. Nothing was changed. Read it again first.", acts: see}
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "It waits no more", text: "Somebody settled this proposal meanwhile. Nothing was changed.", acts: see}
	}
	return err
}

func policyHref(v review.PolicyVersion) string {
	return "/admin/policy/" + strconv.FormatInt(int64(v), 10)
}

// policyVersion reads which version a path names; one that cannot be read names nothing.
func policyVersion(r *http.Request) (review.PolicyVersion, error) {
	n, err := strconv.ParseInt(r.PathValue("version"), 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != r.PathValue("version") {
		return 0, fmt.Errorf("policy: %w", review.ErrNotFound)
	}
	return review.PolicyVersion(n), nil
}

func policyForm(r *http.Request) (review.PolicyVersion, form, error) {
	version, err := policyVersion(r)
	if err != nil {
		return 0, form{}, err
	}
	f, err := readForm(r)
	return version, f, err
}

// otherAdmins says which admins could be a second one.
func otherAdmins(people []review.Colleague) func(review.ColleagueID) []review.Colleague {
	return func(but review.ColleagueID) []review.Colleague {
		var out []review.Colleague
		for _, c := range people {
			if c.Role == review.RoleAdmin && !c.Disabled && c.ID != but {
				out = append(out, c)
			}
		}
		return out
	}
}
