package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"docket/review"
)

// policies are the versions that were read: a document never changes.
type policies struct {
	mu   sync.RWMutex
	book map[review.PolicyVersion]review.Policy
}

// Policy gives the policy in force.
func (db *DB) Policy(ctx context.Context) (review.Policy, error) {
	b, err := db.PolicyBook(ctx)
	return b.Now(), err
}

// PolicyBook gives every version together, to word by; kept until something is committed.
func (db *DB) PolicyBook(ctx context.Context) (review.PolicyBook, error) {
	return db.books.of(ctx, db, struct{}{}, func() (review.PolicyBook, error) {
		var book review.PolicyBook
		err := db.read(ctx, "policy", func(a *act) error {
			var all []review.Policy
			err := a.each(`SELECT version FROM policy ORDER BY version`, nil, func(scan func(...any) error) error {
				var p review.Policy
				err := scan(&p.Version)
				all = append(all, p)
				return err
			})
			if err != nil {
				return err
			}
			for i := range all {
				if all[i], err = a.policyAt(all[i].Version); err != nil {
					return err
				}
			}
			now, err := a.policyVersion()
			book = review.NewPolicyBook(now, all...)
			return err
		})
		return book, err
	})
}

// PolicyAt gives a version of the policy; review.ErrNotFound when there is none.
func (db *DB) PolicyAt(ctx context.Context, version review.PolicyVersion) (review.Policy, error) {
	var p review.Policy
	err := db.read(ctx, "policy", func(a *act) (err error) {
		p, err = a.policyAt(version)
		return err
	})
	return p, err
}

// policyVersion is the version of the policy in force, asked once in an act.
func (a *act) policyVersion() (review.PolicyVersion, error) {
	if a.inForce == 0 {
		if err := a.one(`SELECT version FROM policy WHERE state = 'in_force'`, nil, &a.inForce); err != nil {
			return 0, fmt.Errorf("policy in force: %w", err)
		}
	}
	return a.inForce, nil
}

// policy is the policy in force.
func (a *act) policy() (review.Policy, error) {
	v, err := a.policyVersion()
	if err != nil {
		return review.Policy{}, err
	}
	return a.policyAt(v)
}

// policyAt reads one version. A document that is not what its digest says is an error: no rule of it
// is to be trusted.
func (a *act) policyAt(version review.PolicyVersion) (review.Policy, error) {
	known := &a.db.policies
	known.mu.RLock()
	p, ok := known.book[version]
	known.mu.RUnlock()
	if ok {
		return p, nil
	}
	var document string
	var digest review.Hash
	var settled bool
	err := a.one(`SELECT document, digest, state <> 'proposed' FROM policy WHERE version = ?`, []any{version},
		&document, hashColumn{&digest}, &settled)
	if err != nil {
		return p, err
	}
	if review.Sum([]byte(document)) != digest {
		return p, fmt.Errorf("policy %d: its document is not what its digest says", version)
	}
	if p, err = review.ParsePolicy([]byte(document)); err != nil {
		return p, err
	}
	p.Version = version
	if settled { // what this very act proposes may yet be rolled back
		known.mu.Lock()
		defer known.mu.Unlock()
		if known.book == nil {
			known.book = map[review.PolicyVersion]review.Policy{}
		}
		known.book[version] = p
	}
	return p, nil
}

// loadPolicy gives a database that has no policy yet the one that docket comes with.
func (db *DB) loadPolicy(ctx context.Context) error {
	err := db.read(ctx, "policy", func(a *act) error {
		_, err := a.policyVersion()
		return err
	})
	if !errors.Is(err, review.ErrNotFound) {
		return err
	}
	return db.write(ctx, "first policy", func(a *act) error {
		p := review.DefaultPolicy()
		doc := p.Document()
		digest := review.Sum(doc)
		if _, err := a.exec(`
			INSERT INTO policy (version, document, digest, state, proposed_at, note, agreed_at) VALUES (1, ?, ?, 'in_force', ?, '', ?)`,
			string(doc), digest[:], a.now.UnixMilli(), a.now.UnixMilli()); err != nil {
			return err
		}
		return a.tellPolicy(1, digest, PolicyInForce, "", "")
	})
}

// tellPolicy adds what was done to a version to the trail, by the state that it is in now.
func (a *act) tellPolicy(version review.PolicyVersion, digest review.Hash, what string, by review.ColleagueID, note string) error {
	_, err := a.record(review.Entry{Act: review.ActPolicy, By: by, Note: note,
		Detail: map[string]string{"version": strconv.FormatInt(int64(version), 10), "digest": digest.String(), "what": what}})
	return err
}

// claimFor is how long a claim lasts from the last act: the policy says, where Options do not.
func (a *act) claimFor() (time.Duration, error) {
	if o := a.db.options.ClaimFor; o != 0 {
		return o, nil
	}
	p, err := a.policy()
	return p.Times.Claim.Duration(), err
}

// targets are how long a review may wait, and when it comes to be due soon.
func (a *act) targets() (target, warning time.Duration, err error) {
	o := a.db.options
	if o.Target == 0 || o.Warning == 0 {
		p, err := a.policy()
		if err != nil {
			return 0, 0, err
		}
		if o.Target == 0 {
			o.Target = p.Times.Target.Duration()
		}
		if o.Warning == 0 {
			o.Warning = p.Times.Warning.Duration()
		}
	}
	return o.Target, o.Warning, nil
}
