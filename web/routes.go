package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/review"
	"docket/static"
)

// who may use a route.
type who uint8

const (
	anyone    who = iota // no session looked up, none needed
	visitor              // a session is looked up, none needed
	machine              // loopback, or the token
	signedIn             // any colleague
	actor                // reviewers, leads and admins: auditors read, never write
	overseers            // leads, admins and auditors: who look after what arrives
	leads                // leads and admins
	admins               // admins
)

// admits says whether a role may use a route.
func (w who) admits(role review.Role) bool {
	switch w {
	case anyone, visitor, machine, signedIn:
		return true
	case actor:
		return role.Acts()
	case overseers:
		return role == review.RoleLead || role == review.RoleAdmin || role == review.RoleAuditor
	case leads:
		return role == review.RoleLead || role == review.RoleAdmin
	case admins:
		return role == review.RoleAdmin
	}
	return false
}

// handler does its work, or returns why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// route is one line of the table.
type route struct {
	method, path string
	who          who
	handle       handler
}

func (rt route) pattern() string { return rt.method + " " + rt.path }

// routes is every route there is.
func (s *Server) routes() []route {
	table := []route{
		{"GET", "/healthz", anyone, s.healthz},
		{"GET", "/readyz", anyone, s.readyz},
		{"GET", "/metrics", machine, s.showMetrics},
		{"GET", "/static/", anyone, s.static},
		{"POST", "/csp", anyone, s.cspReport},
		{"POST", hookPath, anyone, s.hook},
		{"GET", "/login", visitor, s.showLogin},
		{"POST", "/login", visitor, s.login},
		{"POST", "/logout", visitor, s.logout},
		{"GET", "/setup", visitor, s.showSetUp},
		{"POST", "/setup", visitor, s.setUp},

		{"GET", "/{$}", signedIn, s.home},
		{"GET", "/reviews", signedIn, s.showQueue},
		{"POST", "/reviews/next", actor, s.takeNext},
		{"GET", "/reviews/{id}", signedIn, s.showReview},
		{"POST", "/reviews/{id}/claim", actor, s.claim},
		{"POST", "/reviews/{id}/release", actor, s.release},
		{"POST", "/reviews/{id}/notes", actor, s.addNote},
		{"POST", "/reviews/{id}/dispositions", actor, s.dispose},
		{"GET", "/reviews/{id}/bulk", signedIn, s.showBulk},
		{"POST", "/reviews/{id}/undo", actor, s.undo},
		{"GET", "/reviews/{id}/as-seen/{entry}", signedIn, s.showAsSeen},
		{"GET", "/reviews/{id}/decision", signedIn, s.showDecision},
		{"POST", "/reviews/{id}/decision", actor, s.decide},
		{"POST", "/reviews/{id}/corrections", leads, s.correct},
		{"POST", "/reviews/{id}/approval", leads, s.approve},
		{"POST", "/reviews/{id}/wait", actor, s.waitFor},
		{"POST", "/reviews/{id}/escalate", actor, s.escalate},
		{"POST", "/reviews/{id}/attachments", actor, s.attach},
		{"GET", "/reviews/{id}/evidence.zip", overseers, s.takeEvidence},
		{"GET", "/decisions/evidence", overseers, s.showEvidenceAsk},
		{"GET", "/decisions/evidence.zip", overseers, s.proven(s.takePeriod)},
		{"GET", "/transactions/{id}", signedIn, s.showTransaction},
		{"POST", "/transactions/{id}/link", actor, s.makeLink},
		{"GET", "/resources/{ref...}", signedIn, s.showResource},
		{"POST", "/resources/{ref...}", actor, s.fetchAgain}, // …/fetch
		{"GET", "/payloads/{sha256}", signedIn, s.showPayload},
		{"GET", "/files/{sha256}", signedIn, s.showFile},
		{"GET", "/parties/{key}", signedIn, s.showParty},
		{"GET", "/screen", actor, s.showScreen},
		{"POST", "/screen", actor, s.screen},
		{"GET", "/ledger", overseers, s.showLedger},
		{"GET", "/ledger/checkpoint", overseers, s.giveCheckpoint},
		{"GET", "/ledger/proof/{entry}", overseers, s.giveProof},
		{"POST", "/ledger/checkpoint", leads, s.signCheckpoint},
		{"GET", "/intake", overseers, s.showIntake},
		{"POST", "/intake/quarantine/{sha256}", leads, s.readAgain},
		{"POST", "/intake/errands/{id}", leads, s.retryErrand},
		{"POST", "/intake/pushes/{id}", leads, s.settlePush},
		{"POST", "/intake/sync", leads, s.syncNow},
		{"GET", "/retention", overseers, s.showRetention},
		{"GET", "/retention/subjects/{id}", overseers, s.showGoing},
		{"POST", "/retention/holds", leads, s.setHold},
		{"POST", "/retention/holds/{id}/lift", leads, s.liftHold},
		{"POST", "/retention/erasures", leads, s.askErasure},
		{"GET", "/retention/erasures/{id}", overseers, s.showErasure},
		{"POST", "/retention/erasures/{id}/agree", leads, s.agreeErasure},
		{"POST", "/retention/erasures/{id}/refuse", leads, s.refuseErasure},
		{"GET", "/decisions", signedIn, s.showDecisions},
		{"POST", "/decisions/views", actor, s.saveView},
		{"POST", "/decisions/views/{id}", actor, s.changeView},
		{"POST", "/decisions/views/{id}/remove", actor, s.removeView},
		{"GET", "/decisions.csv", signedIn, s.proven(s.exportDecisions)},
		{"GET", "/decisions.ndjson", signedIn, s.proven(s.exportDecisions)},
		{"GET", "/decisions.xlsx", signedIn, s.proven(s.exportDecisions)},
		{"GET", "/quality", signedIn, s.showQuality},
		{"GET", "/quality/next", actor, s.nextLook},
		{"POST", "/quality/next", actor, s.takeLook},
		{"GET", "/quality/looks/{token}", actor, s.showLook},
		{"POST", "/quality/looks/{token}", actor, s.examine},
		{"POST", "/quality/looks/{token}/leave", actor, s.leaveLook},
		{"GET", "/quality/disagreements/{id}", overseers, s.showDisagreement},
		{"POST", "/quality/disagreements/{id}", leads, s.resolve},
		{"POST", "/quality/known", leads, s.markKnown},
		{"POST", "/quality/known/withdraw", leads, s.unmarkKnown},
		{"GET", "/quality/draws", overseers, s.showDraws},
		{"GET", "/record", overseers, s.showRecord},
		{"GET", "/record.csv", overseers, s.proven(s.exportRecord)},
		{"GET", "/record.ndjson", overseers, s.proven(s.exportRecord)},
		{"GET", "/record.xlsx", overseers, s.proven(s.exportRecord)},
		{"GET", "/insights", overseers, s.showInsights},
		{"GET", "/insights.csv", overseers, s.exportInsights},
		{"POST", "/keys", signedIn, s.setKeys},
		{"GET", "/account", signedIn, s.showAccount},
		{"POST", "/account/password", signedIn, s.changePassword},
		{"GET", provePath, signedIn, s.showProve},
		{"POST", provePath, signedIn, s.proveAgain},
		{"GET", "/admin/telling", admins, s.showTelling},
		{"POST", "/admin/telling", admins, s.setTelling},
		{"GET", "/admin/policy", overseers, s.showPolicy},
		{"POST", "/admin/policy", admins, s.proposePolicy},
		{"GET", "/admin/policy/{version}", overseers, s.showPolicyVersion},
		{"POST", "/admin/policy/{version}/enact", admins, s.enactPolicy},
		{"POST", "/admin/policy/{version}/withdraw", admins, s.withdrawPolicy},
		{"GET", "/admin/colleagues", admins, s.showColleagues},
		{"POST", "/admin/colleagues", admins, s.addColleague},
		{"POST", "/admin/colleagues/{id}/role", admins, s.setRole},
		{"POST", "/admin/colleagues/{id}/disable", admins, s.disableColleague},
		{"POST", "/admin/colleagues/{id}/enable", admins, s.enableColleague},
		{"POST", "/admin/colleagues/{id}/password", admins, s.setPassword},
	}
	if s.demo {
		table = append(table,
			route{"GET", "/gallery", anyone, s.showGallery},
			route{"GET", "/gallery/{name}", anyone, s.showSpecimen})
	}
	return table
}

// serve makes a handler of a route: who is it, may they, do it, and what went wrong.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).route = r.Pattern
		if err := s.admit(rt, w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

var errSignIn = errors.New("no session")

func (s *Server) admit(rt route, w http.ResponseWriter, r *http.Request) error {
	switch rt.who {
	case anyone:
		return rt.handle(w, r)
	case machine:
		if !s.isMachine(r) {
			return review.ErrNotFound
		}
		return rt.handle(w, r)
	}
	if err := s.identify(r); err != nil {
		return err
	}
	if rt.who != visitor {
		v := visitOf(r.Context())
		if !v.signedIn() {
			return errSignIn
		}
		if !rt.who.admits(v.session.Colleague.Role) {
			v.event = "refused"
			return review.ErrForbidden
		}
	}
	if err := s.blindfold(rt, r); err != nil {
		return err
	}
	if rt.who == visitor {
		return rt.handle(w, r)
	}
	return s.witnessed(rt, w, r)
}

// toLogin sends a visitor to sign in and back. What was posted is lost, so the way back is the
// page that the form stood on.
func (s *Server) toLogin(w http.ResponseWriter, r *http.Request) {
	next := afterSignIn
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		next = localPath(r.URL.RequestURI())
	} else if id, ok := strings.CutPrefix(r.URL.Path, "/reviews/"); ok {
		if id, _, _ := strings.Cut(id, "/"); id != "next" {
			next = localPath("/reviews/" + url.PathEscape(id))
		}
	}
	seeOther(w, "/login?next="+url.QueryEscape(next))
}

// seeOther answers 303. Written by hand because http.Redirect writes a body of its own.
func seeOther(w http.ResponseWriter, target string) {
	w.Header().Set("Location", target)
	w.WriteHeader(http.StatusSeeOther)
}

// unknown answers what no route does: 405 when another method would be answered, else 404.
func (s *Server) unknown(w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.mux.Handler(probe); pattern != "/" && pattern != "" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 || slices.Contains(allowed, r.Method) {
		return review.ErrNotFound
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return errMethod
}

func (s *Server) home(w http.ResponseWriter, _ *http.Request) error {
	seeOther(w, "/reviews")
	return nil
}

// static serves the style sheets and scripts, which are the same for everyone.
func (s *Server) static(w http.ResponseWriter, r *http.Request) error {
	staticFiles.ServeHTTP(w, r)
	return nil
}

var staticFiles = static.Handler()
