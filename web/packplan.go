package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"docket/review"
	"docket/store"
	"docket/views"
)

// packPlan is what the files of a pack will be, as far as it must be known before the first is written.
type packPlan struct {
	entries  map[review.ReviewID][]review.EntryID
	rows     []views.PackRow
	evidence map[review.Hash]review.ReviewID
	states   map[review.Hash]store.PackState
	payloads map[review.Hash]int64 // its bytes
	policies map[review.PolicyVersion]bool
	attached map[string]review.Attachment // by the name of the file
	others   []review.EntryID

	held  map[string]bool // everything in it that an erasure may take, and what one left of it
	files int             // how many, but for the policies
	bytes int64           // about
}

// What is allowed for what cannot be weighed before it is made.
const (
	packPageBytes  = 64 << 10 // of a page, beside what it shows of states
	packEntryBytes = 8 << 10  // of an entry: its line, and its place on pages
	packShown      = 4        // how many times the bytes of a state come again on pages and in JSON
)

// fits refuses what will not go into one pack before anything is on the trail and a byte has left:
// review.ErrPackFull of one review, *review.Invalid of more. How many files there will be is known, and the
// bytes of most of them; the rest is allowed for generously. What is larger all the same breaks off.
func (e *Evidence) fits(p *packPlan) error {
	if p.files+len(p.policies) <= review.MaxPackFiles && p.bytes <= review.MaxPackBytes {
		return nil
	}
	if e.about.Review != 0 {
		return fmt.Errorf("evidence pack: %w", review.ErrPackFull)
	}
	var inv review.Invalid
	inv.Add("to", "Choose fewer days, or a smaller sample: what "+views.Plural(len(e.reviews), "review rests", "reviews rest")+" on does not go into one pack")
	return inv.OrNil()
}

func (e *Evidence) plan(ctx context.Context) (*packPlan, error) {
	p := &packPlan{entries: map[review.ReviewID][]review.EntryID{}, evidence: map[review.Hash]review.ReviewID{}, states: map[review.Hash]store.PackState{},
		payloads: map[review.Hash]int64{}, policies: map[review.PolicyVersion]bool{}, attached: map[string]review.Attachment{}, held: map[string]bool{}}
	packed := map[review.EntryID]bool{}
	for _, id := range e.reviews {
		r, err := e.read(ctx, id)
		if err != nil {
			return nil, err
		}
		p.rows = append(p.rows, r.row())
		for _, entry := range r.Entries {
			p.entries[id] = append(p.entries[id], entry.ID)
			packed[entry.ID] = true
			p.policies[entry.Policy] = true
		}
		for _, s := range r.stages {
			if s.missing == "" || s.erased {
				p.evidence[s.Digest] = id
			}
			p.held["stage "+s.Digest.String()+" "+s.missing] = true
			for _, state := range s.states {
				p.bytes += packShown * int64(state.Bytes)
				p.states[state.Hash] = state
				p.held["state "+state.Hash.String()+" "+state.Left.String()] = true
			}
		}
		for _, b := range r.payloads {
			p.payloads[b.Hash] = b.Bytes
			p.held["payload "+b.Hash.String()+" "+b.left.String()] = true
		}
		for _, t := range r.Attachments {
			if !t.Gone {
				p.attached[review.PackAttachment(t.Hash.String(), t.Media)] = t
				p.held["file "+t.Hash.String()] = true
			}
		}
		p.files += 3 + len(r.stages) // entries, page and JSON
		p.bytes += int64(2+len(r.stages))*packPageBytes + int64(len(r.Entries))*packEntryBytes
	}
	p.weigh()
	if e.own != 0 && !packed[e.own] {
		p.others = append(p.others, e.own)
		packed[e.own] = true
	}
	about, err := e.db.PackPolicies(ctx, slices.Collect(maps.Keys(p.policies)), e.last)
	if err != nil {
		return nil, err
	}
	for _, id := range about {
		if !packed[id] {
			p.others = append(p.others, id)
			packed[id] = true
		}
	}
	erasers, err := e.db.PackErasers(ctx, e.last)
	if err != nil {
		return nil, err
	}
	for id, spans := range erasers {
		if !packed[id] && slices.ContainsFunc(spans, func(s review.EntrySpan) bool { return holdsAny(packed, s) }) {
			p.others = append(p.others, id)
		}
	}
	slices.Sort(p.others)
	return p, nil
}

// weigh adds up what is there once, however many reviews rest on it.
func (p *packPlan) weigh() {
	p.files += 7 + len(p.evidence) + len(p.states) + len(p.payloads) + len(p.attached) // index, style, checkpoint, key, other entries, manifest, its note
	for _, s := range p.states {
		p.bytes += int64(s.Bytes)
	}
	for _, n := range p.payloads {
		p.bytes += n
	}
	for _, t := range p.attached {
		p.bytes += int64(t.Bytes)
	}
}

// holdsAny says that a pack holds an entry of a span.
func holdsAny(packed map[review.EntryID]bool, s review.EntrySpan) bool {
	if int64(s.Last-s.First) < int64(len(packed)) {
		for id := s.First; id <= s.Last; id++ {
			if packed[id] {
				return true
			}
		}
		return false
	}
	for id := range packed {
		if s.First <= id && id <= s.Last {
			return true
		}
	}
	return false
}

// errErasedMeanwhile says that something was erased while a pack was written: it would show a part of what
// was there before, under a checkpoint that does not say that it went.
var errErasedMeanwhile = errors.New("something was erased while the pack was written: take it again")

const (
	// packHeld is how much a pack may weigh that is made whole before its first byte leaves.
	packHeld = 16 << 20
	// packTakes is how often a pack is taken anew when something is erased while it is made.
	packTakes = 3
)

// Write writes the pack. The same database under the same checkpoint is the same bytes. When it breaks
// off, whoever's fault that is, the trail says so, and how many bytes had left; the entry that says that
// the pack was taken stands, since what did leave may have been read. What is erased meanwhile never makes
// a pack that does not verify: a small one is taken anew, with what there is then, and a large one, of
// which a part has left, breaks off.
func (e *Evidence) Write(ctx context.Context, w io.Writer) error {
	for take := 1; ; take++ {
		out := &meter{w: w}
		err := e.write(ctx, out)
		if err == nil {
			return nil
		}
		if now, other := e.db.Erasures(ctx); other == nil && now != e.erasures && out.err == nil {
			err = errors.Join(errErasedMeanwhile, err) // what was not to be found any more
		}
		x := e.export()
		x.Broken, x.Answers, x.Bytes = true, e.own, out.n
		_, marked := e.db.Exported(context.WithoutCancel(ctx), x)
		if marked != nil || !errors.Is(err, errErasedMeanwhile) || out.n > 0 || take == packTakes {
			return errors.Join(err, marked)
		}
		again, err := TakeEvidence(ctx, e.db, e.ask)
		if err != nil {
			return err
		}
		again.hold = e.hold
		*e = *again
	}
}

// untouched says that nothing of what a plan holds was erased since anything of it was read: with one
// look when nothing at all was, else by planning it again. Erasures of others are frequent.
func (e *Evidence) untouched(ctx context.Context, plan *packPlan) (bool, error) {
	now, err := e.db.Erasures(ctx)
	if err != nil || now == e.erasures {
		return err == nil, err
	}
	e.one = nil
	again, err := e.plan(ctx)
	if err != nil {
		return false, err
	}
	packed := map[review.EntryID]bool{}
	for _, ids := range plan.entries {
		for _, id := range ids {
			packed[id] = true
		}
	}
	erasers, err := e.db.PackErasers(ctx, math.MaxInt64)
	if err != nil || !maps.Equal(plan.held, again.held) {
		return false, err
	}
	for id, spans := range erasers {
		if id > e.last && slices.ContainsFunc(spans, func(s review.EntrySpan) bool { return holdsAny(packed, s) }) {
			return false, nil
		}
	}
	e.erasures = now
	return true, nil
}

// meter counts what goes through it.
type meter struct {
	w   io.Writer
	n   int64
	err error // of whom it goes to
}

func (c *meter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n, c.err = c.n+int64(n), err
	return n, err
}

func (e *Evidence) write(ctx context.Context, w io.Writer) error {
	plan := e.planned
	if e.planned = nil; plan != nil {
		plan.others = append(plan.others, e.own) // the only entry since, and the newest
	} else {
		var err error
		if plan, err = e.plan(ctx); err != nil {
			return fmt.Errorf("evidence pack: %w", err)
		}
	}
	to, held := w, &bytes.Buffer{}
	if plan.bytes <= e.hold {
		to = held
	}
	p := &packing{Evidence: e, plan: plan, w: review.NewPackWriter(to, e.about)}
	for _, step := range []func(context.Context) error{p.attachedFiles, p.checkpointFile, p.entryFiles, p.evidenceFiles, p.indexPage, p.keyFile, p.payloadFiles,
		p.policyFiles, p.reviewFiles, p.stateFiles, p.styleFile} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("evidence pack: %w", err)
		}
	}
	if whole, err := e.untouched(ctx, plan); err != nil {
		return fmt.Errorf("evidence pack: %w", err)
	} else if !whole {
		return errErasedMeanwhile
	}
	if err := e.db.SignPack(p.w); err != nil {
		return err
	}
	_, err := held.WriteTo(w)
	return err
}
