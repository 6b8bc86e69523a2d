package persona

import (
	"context"
	"errors"
	"slices"
	"time"

	"docket/review"
)

const (
	maxRoots    = 50               // roots looked at for news of one resource: a case may name thousands
	askedLately = 10 * time.Minute // what an answer makes us want is not wanted twice within this time
)

// plan wants what the roots behind some resources lack. It is called after news was
// taken in. When the news is the answer to an errand, nothing that was asked for just now is wanted
// again, so that answers that stay thin in ever new ways make no endless chain. What could not be
// planned for is remembered, and planned for later.
func (l *Live) plan(ctx context.Context, refs []review.Ref, answered bool) error {
	if l.client == nil || len(refs) == 0 {
		return nil
	}
	err := l.planNow(ctx, refs, answered)
	if err != nil {
		l.owe(refs)
	}
	return err
}

func (l *Live) planNow(ctx context.Context, refs []review.Ref, answered bool) error {
	roots, err := l.roots(ctx, refs)
	if err != nil {
		return err
	}
	var wants []review.Errand
	for _, root := range roots {
		some, err := l.lacking(ctx, root)
		if err != nil {
			return err
		}
		wants = append(wants, some...)
	}
	if answered {
		wants = slices.DeleteFunc(wants, l.askedLately)
	}
	if len(wants) == 0 {
		return nil
	}
	added, err := l.db.Want(ctx, wants)
	if err == nil && added > 0 {
		l.Wake()
	}
	return err
}

// mostOwed bounds what is remembered of news that nobody could plan for, in resources.
const mostOwed = 50_000

// owe remembers news that could not be planned for: the store was busy, or being rebuilt.
func (l *Live) owe(refs []review.Ref) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, ref := range refs {
		if len(l.owed) < mostOwed {
			l.owed[ref] = true
		}
	}
}

// planOwed plans for it, some at a time.
func (l *Live) planOwed(ctx context.Context) error {
	for {
		l.mu.Lock()
		var refs []review.Ref
		for ref := range l.owed {
			if len(refs) < batchSize {
				refs = append(refs, ref)
				delete(l.owed, ref)
			}
		}
		l.mu.Unlock()
		if len(refs) == 0 {
			return nil
		}
		if err := l.plan(ctx, refs, false); err != nil {
			return err // they are owed again
		}
	}
}

// planAgain plans for the newest deliveries and answers, in case docket stopped after taking them
// in and before it could plan: that is one batch of each at most.
func (l *Live) planAgain(ctx context.Context) error {
	if l.client == nil {
		return nil
	}
	newest, _, err := l.db.Deliveries(ctx, review.DeliveryQuery{State: review.DeliveryAbsorbed, Limit: batchSize})
	if err != nil {
		return err
	}
	hashes, err := l.db.Recent(ctx, sourceAPI, batchSize)
	if err != nil {
		return err
	}
	for _, d := range newest {
		hashes = append(hashes, d.Payload)
	}
	var readings []review.Reading
	for _, h := range hashes {
		_, raw, err := l.db.Payload(ctx, h)
		if err != nil {
			continue
		}
		r := readSafely(raw)
		l.remember(raw, r)
		readings = append(readings, r)
	}
	return l.plan(ctx, refsOf(readings), false)
}

// lacking is what one root wants.
func (l *Live) lacking(ctx context.Context, ref review.Ref) ([]review.Errand, error) {
	f, err := l.db.RootFile(ctx, ref)
	if errors.Is(err, review.ErrNotFound) {
		if ref.Type != review.RootTransaction {
			return nil, nil // whoever names it asks for it
		}
		return []review.Errand{{Kind: review.ErrandResource, Ref: ref, Cause: causeAbsent, State: review.ErrandWaiting}}, nil
	}
	if err != nil {
		return nil, err
	}
	status, counts := f.Dossier.Root().Status.Value, l.db.Statuses().For(ref.Type)
	if !l.o.Everything && len(f.Reviews) == 0 && !counts.IsReview(status) && !counts.IsFallback(status) {
		return nil, nil // no person is asked to look at it
	}
	wants := Missing(f.Dossier)
	if l.o.Files {
		some, err := l.lackingFiles(ctx, f.Dossier)
		if err != nil {
			return nil, err
		}
		wants = append(wants, some...)
	}
	return wants, nil
}

// roots are the transactions that some resources belong to, over inquiries and cases too, and
// these themselves where they are reviewed.
func (l *Live) roots(ctx context.Context, refs []review.Ref) ([]review.Ref, error) {
	found := map[review.Ref]bool{}
	var out []review.Ref
	added := 0 // for the resource at hand
	statuses := l.db.Statuses()
	// add says that there is nothing to follow beyond.
	add := func(ref review.Ref) bool {
		txn := ref.Type == review.RootTransaction
		if ref.ID == "" || !txn && len(statuses.For(ref.Type).Review) == 0 {
			return false
		}
		if !found[ref] && added < maxRoots {
			found[ref] = true
			out = append(out, ref)
			added++
		}
		return txn
	}
	seen := map[review.Ref]bool{}
	var follow func(ref review.Ref, hops int) error
	follow = func(ref review.Ref, hops int) error {
		if seen[ref] || add(ref) || !tiesUp(ref) {
			return nil
		}
		seen[ref] = true
		f, err := l.db.ResourceFile(ctx, ref)
		if errors.Is(err, review.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, link := range f.Links {
			other := link.From
			if other.ID == ref.ID {
				other = link.To
			}
			if add(other) || hops == 0 || other.Family() != "inquiry" && other.Family() != "case" && other.Family() != "report" {
				continue
			}
			if err := follow(other, hops-1); err != nil {
				return err
			}
		}
		return nil
	}
	for _, ref := range refs {
		added = 0
		if err := follow(ref, 1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tiesUp says that news of this resource can change what a transaction lacks. An account is
// named by everything its holder ever did, and lacks nothing itself.
func tiesUp(ref review.Ref) bool {
	switch ref.Family() {
	case "report", "inquiry", "case", "verification", "document", "selfie", typeRun, typeAct:
		return true
	}
	return false
}

// askedLately says that an errand of this kind for this resource was done just now.
func (l *Live) askedLately(e review.Errand) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.known[errandKey{e.Kind, e.Ref}]
	return ok && l.now().Sub(at) < askedLately
}

func (l *Live) asked(e review.Errand) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.known) > 10_000 {
		for k, at := range l.known {
			if now.Sub(at) >= askedLately {
				delete(l.known, k)
			}
		}
	}
	l.known[errandKey{e.Kind, e.Ref}] = now
}
