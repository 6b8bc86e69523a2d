package web

import (
	"sync"

	"docket/review"
)

// shown keeps the dossiers of the last pages that went out, by the digest of their evidence.
// When evidence moves under a form, the page that says so can then show what stood on the
// form. It is a help, not a record: after a restart only the digests are left to compare.
type shown struct {
	mu    sync.Mutex
	ring  []review.Hash
	at    int
	pages map[review.Hash]review.Dossier
}

func newShown(n int) *shown {
	return &shown{ring: make([]review.Hash, n), pages: make(map[review.Hash]review.Dossier, n)}
}

func (s *shown) put(h review.Hash, d review.Dossier) {
	if h.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.pages[h]; ok {
		return
	}
	delete(s.pages, s.ring[s.at])
	s.ring[s.at] = h
	s.at = (s.at + 1) % len(s.ring)
	s.pages[h] = d
}

func (s *shown) get(h review.Hash) (review.Dossier, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.pages[h]
	return d, ok
}
