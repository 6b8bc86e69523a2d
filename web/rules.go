package web

import (
	"context"
	"time"

	"docket/review"
	"docket/views"
)

// rules are the policy in force as pages need it: its book to word by, its spans, and the reasons that
// it offers for findings, drawn once.
type rules struct {
	book         review.PolicyBook
	target, warn time.Duration
	chief        *views.Reasons
}

// rules gives the rules of this moment.
func (s *Server) rules(ctx context.Context) (rules, error) {
	book, err := s.db.PolicyBook(ctx)
	if err != nil {
		return rules{}, err
	}
	now := book.Now()
	out := rules{book: book}
	out.target, out.warn = s.spans(now)
	last := s.offered.Load()
	if last == nil || last.version != now.Version {
		last = &offered{now.Version, views.NewReasons(now.Findings)}
		s.offered.Store(last)
	}
	out.chief = last.reasons
	return out, nil
}

// offered is the reasons for findings that one version of the policy offers.
type offered struct {
	version review.PolicyVersion
	reasons *views.Reasons
}

// spans are a policy's target and warning, where Options do not say otherwise.
func (s *Server) spans(p review.Policy) (target, warn time.Duration) {
	target, warn = p.Times.Target.Duration(), p.Times.Warning.Duration()
	if s.target != 0 {
		target = s.target
	}
	if s.warn != 0 {
		warn = s.warn
	}
	return target, warn
}
