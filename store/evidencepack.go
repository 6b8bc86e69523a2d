package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"docket/review"
)

// PackReview is what an evidence pack tells of one review, as far as the entries go that one
// checkpoint covers.
type PackReview struct {
	Review    review.Review // as it stands now
	Entries   []review.Entry
	Decisions []review.Decision // oldest first, those that wait and those that were sent back too
	Stages    []PackStage       // oldest first

	Attachments []review.Attachment // oldest first
}

// PackStage is evidence on which somebody judged: the entries that rest on it, the last of which is
// the one to show it by.
type PackStage struct {
	Digest  review.Hash
	Entries []review.EntryID
}

// Entry is the last entry of the stage.
func (s PackStage) Entry() review.EntryID { return s.Entries[len(s.Entries)-1] }

// PackEvidence is what an evidence digest stands for.
type PackEvidence struct {
	Manifest []byte // JSON: every state by its digest, with the links between resources
	States   []PackState
}

// PackState is one state that evidence names.
type PackState struct {
	Ref      review.Ref
	At       time.Time   // the state's own newest time
	Hash     review.Hash // as evidence names it
	Left     review.Hash // of what is left of it; Hash itself when nothing was erased
	Payload  review.Hash // the first payload that carried it; zero when none does any more
	Bytes    int         // of what is left of it
	resource int64
}

// judging are the acts that rest on evidence which a person had before them.
var judging = []review.Act{review.ActDisposed, review.ActDecided, review.ActCorrected, review.ActApproved, review.ActReturned}

// PackReview reads a review for an evidence pack, up to an entry. A review on which nobody judged
// anything has one stage, the evidence of its last entry. review.ErrNotFound when it has no entry up
// to there.
func (db *DB) PackReview(ctx context.Context, id review.ReviewID, until review.EntryID) (PackReview, error) {
	var p PackReview
	err := db.read(ctx, "evidence pack", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		r, _, err := a.review(id)
		if err != nil {
			return err
		}
		p.Review = r.Review
		if p.Entries, err = a.entriesOfReview(id, until); err != nil {
			return err
		}
		if len(p.Entries) == 0 {
			return review.ErrNotFound
		}
		if p.Attachments, err = a.attachments(id, until); err != nil {
			return err
		}
		count, others, err := a.decisionsUntil(id, until)
		p.Decisions = slices.Concat(count, others)
		slices.SortFunc(p.Decisions, func(a, b review.Decision) int { return int(a.Entry - b.Entry) })
		return err
	})
	p.Stages = stagesOf(p.Entries)
	return p, err
}

func stagesOf(entries []review.Entry) []PackStage {
	var stages []PackStage
	for _, e := range entries {
		if e.Evidence.IsZero() || !slices.Contains(judging, e.Act) {
			continue
		}
		i := slices.IndexFunc(stages, func(s PackStage) bool { return s.Digest == e.Evidence })
		if i < 0 {
			stages, i = append(stages, PackStage{Digest: e.Evidence}), len(stages)
		}
		stages[i].Entries = append(stages[i].Entries, e.ID)
	}
	if len(stages) == 0 && len(entries) > 0 {
		last := entries[len(entries)-1]
		stages = []PackStage{{Digest: last.Evidence, Entries: []review.EntryID{last.ID}}}
	}
	slices.SortFunc(stages, func(a, b PackStage) int { return int(a.Entry() - b.Entry()) })
	return stages
}

// entriesOfReview gives all entries of one review up to one, oldest first.
func (a *act) entriesOfReview(id review.ReviewID, until review.EntryID) ([]review.Entry, error) {
	var all []review.Entry
	err := a.each(`
		SELECT `+entrySelected+`
		FROM entry e WHERE e.review = ? AND e.id <= ? ORDER BY e.id`, []any{id, until}, func(scan func(...any) error) error {
		var e review.Entry
		c := entryColumns{e: &e}
		err := scan(c.columns()...)
		c.settle()
		all = append(all, e)
		return err
	})
	return all, err
}

// PackEvidence gives what a digest stands for that an entry of a review names. review.ErrNotFound when
// it was never kept; errors of states that are gone.
func (db *DB) PackEvidence(ctx context.Context, id review.ReviewID, digest review.Hash) (PackEvidence, error) {
	var p PackEvidence
	err := db.read(ctx, "packed evidence", func(a *act) error {
		m, err := a.manifestBehind(id, digest)
		if err != nil {
			return err
		}
		for _, e := range m.Resources {
			states, err := a.packStates(e)
			if err != nil {
				return err
			}
			p.States = append(p.States, states...)
		}
		p.Manifest, err = json.Marshal(m)
		return err
	})
	return p, err
}

// manifestBehind gives the manifest that was kept, else that of what the review rests on now when
// that has the digest still.
func (a *act) manifestBehind(id review.ReviewID, digest review.Hash) (manifest, error) {
	m, err := a.manifest(digest)
	if !errors.Is(err, review.ErrNotFound) {
		return m, err
	}
	now, err := a.evidenceNow(id)
	if err != nil {
		return manifest{}, err
	}
	if now != digest {
		return manifest{}, review.ErrNotFound
	}
	root, ref, err := a.rootOf(id)
	if err != nil {
		return manifest{}, err
	}
	b, err := a.bundle(root, ref)
	return manifestOf(b.Bundle), err
}

// packStates finds the states of one resource, and what carried each first.
func (a *act) packStates(e manifestEntry) ([]PackState, error) {
	named := slices.Concat(e.Layers, e.History)
	hashes, err := hashList(named)
	if err != nil {
		return nil, err
	}
	resource, err := a.resourceID(e.Ref.Family(), e.Ref.ID)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return nil, err
	}
	states := make([]PackState, len(named))
	found := 0
	err = a.each(`
		SELECT j.key, s.sha256, s.size, (SELECT p.sha256 FROM sighting g JOIN payload p ON p.id = g.payload WHERE g.snapshot = s.id ORDER BY p.id LIMIT 1)
		FROM json_each(?1) j JOIN snapshot s ON s.resource = ?2 AND s.sha256 = ifnull((
		  SELECT x.left FROM erased_state x WHERE x.resource = ?2 AND x.sha256 = unhex(j.value) AND NOT EXISTS (
		    SELECT 1 FROM snapshot n WHERE n.resource = ?2 AND n.sha256 = x.sha256)), unhex(j.value))`, []any{hashes, resource}, func(scan func(...any) error) error {
		var i int
		s := PackState{Ref: e.Ref, resource: resource}
		if err := scan(&i, hashColumn{&s.Left}, &s.Bytes, hashColumn{&s.Payload}); err != nil {
			return err
		}
		found++
		s.Hash, s.At = named[i].Snapshot, instant(named[i].At)
		states[i] = s
		return nil
	})
	if err == nil && found < len(named) {
		err = fmt.Errorf("%s: %w", e.Ref, errStateGone)
	}
	return states, err
}

// StateBytes gives the bytes of a state, or what is left of it: canonical JSON whose SHA-256 is
// s.Left.
func (db *DB) StateBytes(ctx context.Context, s PackState) ([]byte, error) {
	var body []byte
	err := db.read(ctx, "state", func(a *act) error {
		var pack int64
		var start, size int
		if err := a.one(`SELECT pack, start, size FROM snapshot WHERE resource = ? AND sha256 = ?`,
			[]any{s.resource, s.Left[:]}, &pack, &start, &size); err != nil {
			return err
		}
		raw, err := a.unpacked([]int64{pack})
		if err != nil {
			return err
		}
		body, err = cut(raw[pack], start, size)
		return err
	})
	if err == nil && review.Sum(body) != s.Left {
		err = errors.New("state: its bytes do not have its digest")
	}
	return body, err
}

// DecidedReview is one decision that a pack of a period or of a sample may be about.
type DecidedReview struct {
	Entry  review.EntryID
	Review review.ReviewID
}

// EachDecided gives the decisions made in a span (To is out), up to an entry, in the order of their
// entries.
func (db *DB) EachDecided(ctx context.Context, s Span, until review.EntryID, give func(DecidedReview)) error {
	from, to := s.bounds()
	for after := review.EntryID(0); ; {
		n := 0
		err := db.read(ctx, "decided", func(a *act) error {
			return a.each(`
				SELECT entry, review FROM decision WHERE entry > ? AND entry <= ? AND at >= ? AND at < ? ORDER BY entry LIMIT ?`,
				[]any{after, until, from, to, recordStep}, func(scan func(...any) error) error {
					var d DecidedReview
					err := scan(&d.Entry, &d.Review)
					n, after = n+1, d.Entry
					give(d)
					return err
				})
		})
		if err != nil || n < recordStep {
			return err
		}
	}
}

// PackLeaf is one entry for a pack: its leaf opened, and the path to the root of the checkpoint.
func (db *DB) PackLeaves(ctx context.Context, entries []review.EntryID, size int64, give func(review.PackEntry) error) error {
	for len(entries) > 0 {
		some := entries[:min(recordStep, len(entries))]
		entries = entries[len(some):]
		leaves, err := db.LedgerLeaves(ctx, some)
		if err != nil {
			return err
		}
		paths := make([][]review.Hash, len(leaves))
		err = db.read(ctx, "ledger paths", func(a *act) error {
			for i, l := range leaves {
				path, err := tlog.ProveRecord(size, int64(l.Entry)-1, a)
				if err != nil {
					return err
				}
				paths[i] = hashesIn(path)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, l := range leaves {
			e := review.PackEntry{Entry: l.Entry, Record: string(l.Record), Open: map[string]review.PackSeal{}, Path: paths[i]}
			for _, d := range l.Open {
				e.Open[d.Field] = review.PackSeal{Salt: d.Salt, Value: string(d.Value)}
			}
			if err := give(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// PackErasers gives the entries that say what was erased, up to one, with the entries they name.
func (db *DB) PackErasers(ctx context.Context, until review.EntryID) (map[review.EntryID][]review.EntrySpan, error) {
	found := map[review.EntryID][]review.EntrySpan{}
	err := db.read(ctx, "erasers", func(a *act) error {
		return a.each(`SELECT id, detail FROM entry WHERE act = ? AND id <= ?`, []any{review.ActErased, until}, func(scan func(...any) error) error {
			var id review.EntryID
			var detail map[string]string
			if err := scan(&id, detailColumn{&detail}); err != nil {
				return err
			}
			spans, err := review.ParseEntrySpans(detail[review.DetailEntries])
			if len(spans) > 0 {
				found[id] = spans
			}
			return err
		})
	})
	return found, err
}

// PackPolicies gives the entries about some versions of the policy, up to one.
func (db *DB) PackPolicies(ctx context.Context, versions []review.PolicyVersion, until review.EntryID) ([]review.EntryID, error) {
	var found []review.EntryID
	err := db.read(ctx, "policy entries", func(a *act) error {
		return a.each(`SELECT id, detail FROM entry WHERE act = ? AND id <= ? ORDER BY id`, []any{review.ActPolicy, until}, func(scan func(...any) error) error {
			var id review.EntryID
			var detail map[string]string
			if err := scan(&id, detailColumn{&detail}); err != nil {
				return err
			}
			if slices.ContainsFunc(versions, func(v review.PolicyVersion) bool { return strconv.FormatInt(int64(v), 10) == detail["version"] }) {
				found = append(found, id)
			}
			return nil
		})
	})
	return found, err
}

// SignPack ends a pack with its manifest, signed with the ledger's key; review.ErrNoLedgerKey without
// one.
func (db *DB) SignPack(w *review.PackWriter) error {
	if db.key == nil {
		return fmt.Errorf("evidence pack: %w", review.ErrNoLedgerKey)
	}
	return w.Close(db.key)
}
