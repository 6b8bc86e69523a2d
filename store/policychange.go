package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"docket/review"
)

// The states of a version of the policy.
const (
	PolicyProposed  = "proposed"  // waits for a second admin
	PolicyInForce   = "in_force"  // exactly one is
	PolicyReplaced  = "replaced"  // was in force
	PolicyWithdrawn = "withdrawn" // never was
)

// PolicyRecord is one version of the policy with what became of it. Its document never changes.
type PolicyRecord struct {
	review.Policy
	Document    []byte // canonical JSON, see review.Policy.Document
	Digest      review.Hash
	State       string             // Policy…
	ProposedBy  review.ColleagueID // "": it came with docket
	ProposedAt  time.Time
	Note        string
	AgreedBy    review.ColleagueID // who put it in force; "" nobody
	AgreedAt    time.Time          // in force from then on; zero never
	WithdrawnBy review.ColleagueID
	WithdrawnAt time.Time
	Names       map[review.ColleagueID]string // how those three are called
}

// Policies gives every version, newest first.
func (db *DB) Policies(ctx context.Context) ([]PolicyRecord, error) {
	return db.policyRecords(ctx, `SELECT `+policySelected+` FROM policy p ORDER BY p.version DESC`)
}

// PolicyRecord gives one version; review.ErrNotFound when there is none.
func (db *DB) PolicyRecord(ctx context.Context, version review.PolicyVersion) (PolicyRecord, error) {
	all, err := db.policyRecords(ctx, `SELECT `+policySelected+` FROM policy p WHERE p.version = ?`, version)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("policy %d: %w", version, review.ErrNotFound)
	}
	if err != nil {
		return PolicyRecord{}, err
	}
	return all[0], nil
}

const policySelected = `p.version, p.document, p.digest, p.state, p.note, p.proposed_by, p.proposed_at, p.agreed_by, p.agreed_at, p.withdrawn_by, p.withdrawn_at,
	(SELECT name FROM colleague WHERE id = p.proposed_by), (SELECT name FROM colleague WHERE id = p.agreed_by),
	(SELECT name FROM colleague WHERE id = p.withdrawn_by)`

func (db *DB) policyRecords(ctx context.Context, query string, args ...any) ([]PolicyRecord, error) {
	var all []PolicyRecord
	err := db.read(ctx, "policies", func(a *act) error {
		err := a.each(query, args, func(scan func(...any) error) error {
			var p PolicyRecord
			var proposed, agreed, withdrawn, proposedName, agreedName, withdrawnName sql.NullString
			err := scan(&p.Version, &p.Document, hashColumn{&p.Digest}, &p.State, &p.Note, &proposed, timeColumn{&p.ProposedAt},
				&agreed, timeColumn{&p.AgreedAt}, &withdrawn, timeColumn{&p.WithdrawnAt}, &proposedName, &agreedName, &withdrawnName)
			p.ProposedBy, p.AgreedBy, p.WithdrawnBy = review.ColleagueID(proposed.String), review.ColleagueID(agreed.String), review.ColleagueID(withdrawn.String)
			p.Names = map[review.ColleagueID]string{p.ProposedBy: proposedName.String}
			if agreed.Valid {
				p.Names[p.AgreedBy] = agreedName.String
			}
			if withdrawn.Valid {
				p.Names[p.WithdrawnBy] = withdrawnName.String
			}
			all = append(all, p)
			return err
		})
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].Policy, err = a.policyAt(all[i].Version); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// maxPolicyNote is the longest note on a proposal, in characters.
const maxPolicyNote = 2_000

// ProposePolicy keeps a changed policy as its next version, for a second admin to put in force. The
// Version of p is the one that it was made from: when that is in force no longer, or another proposal
// waits, the answer is review.ErrConflict. *review.Invalid also when nothing is changed. Only admins
// may.
func (db *DB) ProposePolicy(ctx context.Context, by review.ColleagueID, p review.Policy, note string) (review.PolicyVersion, error) {
	var made review.PolicyVersion
	err := db.write(ctx, "propose policy", func(a *act) error {
		if err := a.policyAdmin(by); err != nil {
			return err
		}
		now, err := a.policy()
		if err != nil {
			return err
		}
		var newest review.PolicyVersion
		var waits bool
		if err := a.one(`SELECT max(version), EXISTS (SELECT 1 FROM policy WHERE state = 'proposed') FROM policy`, nil, &newest, &waits); err != nil {
			return err
		}
		if waits || p.Version != now.Version {
			return review.ErrConflict
		}
		if err := checkProposal(now, p, note); err != nil {
			return err
		}
		made = newest + 1
		doc, digest := p.Document(), p.Digest()
		if _, err := a.exec(`INSERT INTO policy (version, document, digest, state, proposed_by, proposed_at, note) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			made, string(doc), digest[:], PolicyProposed, by, a.now.UnixMilli(), note); err != nil {
			return err
		}
		return a.tellPolicy(made, digest, PolicyProposed, by, note)
	})
	return made, err
}

func checkProposal(now, p review.Policy, note string) error {
	var inv *review.Invalid
	if err := p.Check(); err != nil && !errors.As(err, &inv) {
		return err
	}
	if inv == nil {
		inv = &review.Invalid{}
		if p.Digest() == now.Digest() {
			inv.Add("policy", "Change something first: this is the policy in force")
		}
	}
	switch {
	case strings.TrimSpace(note) == "":
		inv.Add("note", "Say why the policy shall change")
	case utf8.RuneCountInString(note) > maxPolicyNote:
		inv.Add("note", "Shorten the note to 2,000 characters")
	}
	return inv.OrNil()
}

// EnactPolicy puts a proposed version in force: by another admin than the one who proposed it, whose
// page showed this document. review.ErrStale: it showed another one. review.ErrConflict: it is not a
// proposal any more. review.ErrForbidden: not an admin, or the one who proposed it, or, as
// *review.BondError, somebody who may be that one by another name.
func (db *DB) EnactPolicy(ctx context.Context, version review.PolicyVersion, by review.ColleagueID, shown review.Hash) error {
	return db.write(ctx, "enact policy", func(a *act) error {
		digest, proposer, err := a.proposal(version, by)
		switch {
		case err != nil:
			return err
		case by == proposer:
			return review.ErrForbidden
		case shown != digest:
			return review.ErrStale
		}
		if err := a.mustBeTwo(proposer, by, review.BondedTo); err != nil {
			return err
		}
		p, err := a.policyAt(version)
		if err != nil {
			return err
		}
		if err := p.Check(); err != nil { // this docket may ask for more than the one it was proposed to
			return err
		}
		before, err := a.policyVersion()
		if err != nil {
			return err
		}
		// The entry is still under the rules by which it was put in force.
		if err := a.tellPolicy(version, digest, PolicyInForce, by, ""); err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE policy SET state = 'replaced' WHERE version = ?`, before); err != nil {
			return err
		}
		_, err = a.exec(`UPDATE policy SET state = 'in_force', agreed_by = ?, agreed_at = ? WHERE version = ?`, by, a.now.UnixMilli(), version)
		a.inForce = 0
		return err
	})
}

// WithdrawPolicy takes a proposed version back: any admin may, the one who proposed it too.
// review.ErrConflict: it is not a proposal any more.
func (db *DB) WithdrawPolicy(ctx context.Context, version review.PolicyVersion, by review.ColleagueID) error {
	return db.write(ctx, "withdraw policy", func(a *act) error {
		digest, _, err := a.proposal(version, by)
		if err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE policy SET state = 'withdrawn', withdrawn_by = ?, withdrawn_at = ? WHERE version = ?`,
			by, a.now.UnixMilli(), version); err != nil {
			return err
		}
		return a.tellPolicy(version, digest, PolicyWithdrawn, by, "")
	})
}

// proposal reads a version that still waits, for an admin who is about to act on it.
func (a *act) proposal(version review.PolicyVersion, by review.ColleagueID) (review.Hash, review.ColleagueID, error) {
	var digest review.Hash
	var proposer sql.NullString
	var state string
	if err := a.policyAdmin(by); err != nil {
		return digest, "", err
	}
	err := a.one(`SELECT digest, proposed_by, state FROM policy WHERE version = ?`, []any{version}, hashColumn{&digest}, &proposer, &state)
	if err == nil && state != PolicyProposed {
		err = review.ErrConflict
	}
	return digest, review.ColleagueID(proposer.String), err
}

// policyAdmin refuses whoever is no enabled admin at this moment; the command line has no say here, as
// nobody would stand behind it.
func (a *act) policyAdmin(by review.ColleagueID) error {
	who, err := a.actor(by)
	if err == nil && who.Role != review.RoleAdmin {
		err = review.ErrForbidden
	}
	return err
}

// replayFor is the longest that going through every past decision may take.
const replayFor = time.Minute

// replayKey is all that a replay depends on: which policy is in force is part of the past.
type replayKey struct {
	past
	proposed review.Hash
}

// ReplayPolicy goes through every decision in effect and every finding, in constant memory, and counts
// what would have been otherwise under another policy. The answer is kept while the
// past is the same; nobody changes it.
func (db *DB) ReplayPolicy(ctx context.Context, proposed review.Policy) (review.PolicyReplay, error) {
	var out review.PolicyReplay
	err := db.readWithin(ctx, replayFor, "replay policy", func(a *act) error {
		now, err := a.policy()
		if err != nil {
			return err
		}
		p, err := a.past()
		if err != nil {
			return err
		}
		k := replayKey{p, proposed.Digest()}
		var known bool
		if out, known = db.replayed.get(k); known {
			return nil
		}
		err = a.each(replayedDecisions, nil, func(scan func(...any) error) error {
			var d review.Decision
			var detail map[string]string
			var corrects sql.NullInt64
			var opened time.Time
			err := scan(&d.Outcome, &d.Reason, &d.Tally.Matches, &d.Tally.FalsePositives, &d.Tally.TrueMatches, &d.Tally.CannotTell,
				&d.Second, &corrects, timeColumn{&d.At}, detailColumn{&detail}, timeColumn{&opened})
			d.Corrects = review.EntryID(corrects.Int64)
			out.Add(now, proposed, review.PastDecision{Facts: review.PastFacts(d, detail), Second: d.Second,
				Waited: d.At.Sub(opened), First: d.Corrects == 0})
			return err
		})
		if err != nil {
			return err
		}
		err = a.each(`SELECT reason, count(*) FROM entry WHERE act = 'disposed' GROUP BY reason`, nil, func(scan func(...any) error) error {
			var reason review.Reason
			var n int
			err := scan(&reason, &n)
			out.AddFindings(proposed, reason, n)
			return err
		})
		if err == nil {
			db.replayed.put(k, out)
		}
		return err
	})
	return out, err
}

const replayedDecisions = `
	SELECT d.outcome, e.reason, d.matches, d.false_positives, d.true_matches, d.cannot_tell, d.second, d.corrects, d.at, e.detail, r.opened_at
	FROM decision d JOIN entry e ON e.id = d.entry JOIN review r ON r.id = d.review
	WHERE d.second = 0 OR EXISTS (SELECT 1 FROM approval p WHERE p.decision = d.entry AND p.answer = 'approve')`
