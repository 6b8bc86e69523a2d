package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"docket/review"
	"docket/views"
)

// earlierLook is evidence that a person judged or had before them.
type earlierLook struct {
	evidence review.Hash
	at       time.Time
	by       review.ColleagueID
	name     string
	review   review.ReviewID
	act      review.Act // of the entry; "" when the page was opened and no more
}

// earlierLooks are the looks of people at the root of a review, newest first: pages that were
// opened, and entries that were written. A refused decision rested on what was not so any more.
func (b *reviewBuilder) earlierLooks() []earlierLook {
	var all []earlierLook
	for _, l := range b.file.Looks {
		all = append(all, earlierLook{evidence: l.Evidence, at: l.At, by: l.By, name: l.ByName, review: l.Review})
	}
	for _, e := range b.file.Entries {
		if e.By != "" && !e.Evidence.IsZero() && e.Act != review.ActRefused {
			all = append(all, earlierLook{evidence: e.Evidence, at: e.At, by: e.By, name: e.ByName, review: e.Review, act: e.Act})
		}
	}
	slices.SortStableFunc(all, func(x, y earlierLook) int { return y.at.Compare(x.at) })
	return all
}

// since are the looks that the page is compared with: the reader's own last one in this review at
// other evidence than today's, and the last one of anybody in an earlier review of the root. Where
// there was neither, the last one of anybody else. last is when the reader saw today's evidence
// last, zero when this is the first time.
func (b *reviewBuilder) since() (own, before *earlierLook, last time.Time) {
	id, now := b.file.Review.ID, b.file.Review.Evidence
	earlier := map[review.ReviewID]bool{}
	for _, r := range b.file.Earlier {
		earlier[r.ID] = r.OpenedAt.Before(b.file.Review.OpenedAt)
	}
	var other *earlierLook
	for _, l := range b.earlierLooks() {
		switch mine, here := l.by == b.me.ID, l.review == id; {
		case here && mine && l.evidence == now:
			if last.IsZero() {
				last = l.at
			}
		case here && mine && own == nil:
			own = &l
		case here && !mine && l.evidence != now && other == nil:
			other = &l
		case earlier[l.review] && before == nil:
			before = &l
		}
	}
	if own == nil && before == nil {
		before = other
	}
	return own, before, last
}

// sinceWords is what changed since a look. words is nil when the evidence is still the same.
type sinceWords struct {
	earlierLook
	words *deltaWords
}

// changesSince works out what a page of an open review is compared with. Of what was erased
// nothing is compared: nothing is left of it to be shown.
func (s *Server) changesSince(r *http.Request, b *reviewBuilder) error {
	if b.file.Review.State == review.StateClosed || isErased(b.file.Dossier) {
		return nil
	}
	own, before, last := b.since()
	if own == nil { // else the comparison is with the reader's own last look already
		b.seenLast = last
	}
	for _, l := range []*earlierLook{own, before} {
		switch {
		case l == nil || own != nil && l != own && l.evidence == own.evidence:
		case l.evidence == b.file.Review.Evidence:
			b.moved = append(b.moved, sinceWords{earlierLook: *l})
		default:
			words, err := s.deltaSince(r, b, l.evidence)
			if err != nil {
				return err
			}
			if words != nil {
				b.moved = append(b.moved, sinceWords{*l, words})
			}
		}
	}
	return nil
}

// changed is the section of what changed since earlier looks, or since a closed review was judged; nil
// when nobody looked before.
func (b *reviewBuilder) changed() *views.Changes {
	if b.stood != nil {
		return b.stood.changes(b)
	}
	var c *views.Changes
	for _, m := range slices.Backward(b.moved) {
		one := b.changesOf(m)
		one.Further = c
		c = one
	}
	if c != nil && !b.seenLast.IsZero() {
		c.Lead += " Nothing since your own last look, " + b.momentWords(b.seenLast) + "."
	}
	return c
}

func (b *reviewBuilder) changesOf(m sinceWords) *views.Changes {
	who := whoWords(m.by, m.name, b.me.ID).Text
	if m.by == b.me.ID {
		who = "you"
	}
	then := capital(b.momentWords(m.at))
	left := then + ", when " + who + " looked"
	switch {
	case m.act == review.ActDecided || m.act == review.ActCorrected:
		left = then + ", when " + m.review.String() + " was decided"
	case m.act == review.ActDisposed:
		left = then + ", when " + who + " recorded a finding"
	}
	c := &views.Changes{Head: "What changed since " + b.momentWords(m.at), Lead: "Compared with what " + who + " had on screen."}
	if m.words == nil || m.words.empty() {
		c.Lead = "Nothing: the evidence is what " + who + " had on screen."
		return c
	}
	c.Lead += " " + capital(m.words.lead()) + "."
	c.Table, c.Left = m.words.table("What changed between "+b.momentWords(m.at)+" and now", left, "Now"), m.words.leftWords()
	return c
}

// momentWords writes a past instant as people speak of it: "today, 09:02 UTC", "3 March".
func (b *reviewBuilder) momentWords(t time.Time) string {
	if t.UTC().Format(time.DateOnly) != b.now.UTC().Format(time.DateOnly) {
		return views.Day(t, b.now).Words
	}
	return "today, " + clock(t).Words + " UTC"
}

// deltas keeps in words what changed between evidence that people saw and the evidence of the
// pages that were looked at last: old evidence is read and compared once, and not again for every
// page of a review.
type deltas struct {
	mu   sync.Mutex
	keys []deltaKey // the oldest first
	held map[deltaKey]*deltaWords
}

// deltaKey is everything that the words hang on: both digests, the edition of the dossier, the year,
// which decides how a day is written, and how what Persona is told stands, where that is set apart.
type deltaKey struct {
	then, now review.Hash
	edition   int64
	year      int
	pushes    string
}

// mostDeltas is how many are kept. One is at most some sixty rows.
const mostDeltas = 256

func newDeltas() *deltas { return &deltas{held: map[deltaKey]*deltaWords{}} }

// get gives what is kept under a key; nil may be kept too.
func (c *deltas) get(key deltaKey) (*deltaWords, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	words, ok := c.held[key]
	return words, ok
}

func (c *deltas) put(key deltaKey, words *deltaWords) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.held[key]; ok {
		return
	}
	if len(c.keys) >= mostDeltas {
		delete(c.held, c.keys[0])
		c.keys = c.keys[1:]
	}
	c.keys, c.held[key] = append(c.keys, key), words
}

// deltaSince says what changed since some evidence of the review's root; nil when that cannot be
// had as it was.
func (s *Server) deltaSince(r *http.Request, b *reviewBuilder, then review.Hash) (*deltaWords, error) {
	key := deltaKey{then, b.file.Review.Evidence, b.file.Edition, b.now.UTC().Year(), ""}
	if words, ok := s.deltas.get(key); ok {
		return words, nil
	}
	d, err := s.db.AsSeen(r.Context(), then)
	if errors.Is(err, review.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var words *deltaWords
	if review.Evidence(d) == then && d.Root().Ref == b.file.Review.Root {
		w := deltaOf(d, b.file.Dossier, b.read.all(), b.now)
		w.parties = nil // they hold on to both dossiers
		words = &w
	}
	s.deltas.put(key, words)
	return words, nil
}

// all are the parties of a reading, in the order of the page.
func (r *reading) all() []review.Party {
	parties := make([]review.Party, len(r.parties))
	for i := range r.parties {
		parties[i] = r.parties[i].Party
	}
	return parties
}

// looked records which evidence the reader had on the page that was just sent, also where they left
// before it had come whole. Nothing that is recorded rests on it: when it cannot be written, the page was
// still shown.
func (s *Server) looked(r *http.Request, b *reviewBuilder) {
	known := func(l review.Look) bool {
		return l.Review == b.file.Review.ID && l.By == b.me.ID && l.Evidence == b.file.Review.Evidence && b.now.Sub(l.At) < review.LookEvery
	}
	if r.Method == http.MethodHead || b.file.Review.State == review.StateClosed || slices.ContainsFunc(b.file.Looks, known) {
		return
	}
	if err := s.db.Look(context.WithoutCancel(r.Context()), b.file.Review.ID, b.me.ID, b.file.Review.Evidence); err != nil {
		s.log.Error("look", "request", visitOf(r.Context()).id, "error", err)
	}
}
