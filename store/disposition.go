package store

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"docket/review"
)

// Dispose records one finding on one or many matches of a review that the colleague holds, with
// what it rests on: one entry for each listed party that the matches name.
func (db *DB) Dispose(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DispositionForm) ([]review.Disposition, error) {
	var made []review.Disposition
	err := db.write(ctx, "dispose", func(a *act) error {
		c, err := a.judge(id, by, form.Evidence)
		if err != nil {
			return err
		}
		var earlier []review.Disposition
		if len(form.Carry) > 0 {
			if earlier, err = a.judged(c.root, id, math.MaxInt64); err != nil {
				return err
			}
		}
		policy, err := a.policy()
		if err != nil {
			return err
		}
		grounds, err := form.Grounds(policy, c.dossier, earlier, c.stands)
		if err != nil {
			return err
		}
		if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
			return err
		}
		if err := a.renew(c.Review, by); err != nil {
			return err
		}
		for _, g := range grounds {
			some, err := a.dispose(c, g, form.Note)
			if err != nil {
				return err
			}
			made = append(made, some...)
		}
		return a.answer(c)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// dispose records the finding on one party.
func (a *act) dispose(c judgement, g review.Ground, note string) ([]review.Disposition, error) {
	policy, err := a.policyVersion()
	if err != nil {
		return nil, err
	}
	entry, err := a.record(review.Entry{Review: c.ID, Act: review.ActDisposed, By: c.who.ID, Finding: g.Finding,
		Reason: g.Reason, Note: note, Matches: g.Matches, Evidence: c.Evidence})
	if err != nil {
		return nil, err
	}
	missing, err := list(g.Missing)
	if err != nil {
		return nil, err
	}
	var carries any
	if g.Carries != 0 {
		carries = g.Carries
	}
	made := make([]review.Disposition, 0, len(g.Matches))
	for i := range g.Party.Matches {
		m := &g.Party.Matches[i]
		if !slices.Contains(g.Matches, m.Key) {
			continue
		}
		d := review.Disposition{Entry: entry, Review: c.ID, Match: m.Key, Finding: g.Finding, Reason: g.Reason, Note: note,
			By: c.who.ID, ByName: c.who.Name, At: a.now, Evidence: c.Evidence, Party: g.Party.Key, Identity: m.Identity, Kind: m.Kind,
			Whose: review.Whose(g.Subject), Premises: g.Premises, Missing: g.Missing, Carries: g.Carries, Seen: g.Seen,
			Comparator: review.ComparatorVersion, Policy: policy}
		if _, err := a.exec(`
			INSERT INTO disposition (review, match, entry, finding, kind, identity, whose, party, seen, carries, missing)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			d.Review, d.Match, d.Entry, d.Finding, d.Kind, d.Identity, d.Whose, d.Party, d.Seen[:], carries, missing); err != nil {
			return nil, err
		}
		made = append(made, d)
	}
	return made, a.putPremises(entry, g.Premises)
}

// answer puts the findings that hold by now where they are looked for: into the queue how many open
// matches have one that stands, and beside the listed matches.
func (a *act) answer(c judgement) error {
	found, err := a.findings(c.ID)
	if err != nil {
		return err
	}
	stands, _ := review.StillStanding(c.dossier, c.parties, found)
	if _, err := a.exec(`UPDATE queue SET answered = ? WHERE id = ?`, len(c.open)-len(review.Unanswered(c.open, stands)), c.ID); err != nil {
		return err
	}
	return a.relist(c.ID)
}

// judgement is a review with what someone who judges it must have in hand.
type judgement struct {
	*reviewRow
	root    int64
	who     review.Colleague
	bundle  bundle
	dossier review.Dossier
	parties []review.Party
	open    []review.Match
	found   []review.Disposition
	stands  []review.Disposition // of these, what the evidence has not left behind
}

// judge reads a review for someone who is about to judge: they must hold it, and the evidence
// that their page showed must be the evidence that now holds, else review.ErrStale.
func (a *act) judge(id review.ReviewID, by review.ColleagueID, evidence string) (judgement, error) {
	r, who, err := a.reviewFor(id, by)
	if err != nil {
		return judgement{}, err
	}
	if err := review.CanDecide(r.Review, who, a.now); err != nil {
		return judgement{}, err
	}
	if err := review.CheckEvidence(evidence, r.Evidence); err != nil {
		return judgement{}, err
	}
	return a.judgement(r, who)
}

func (a *act) judgement(r *reviewRow, who review.Colleague) (judgement, error) {
	root, ref, err := a.rootOf(r.ID)
	if err != nil {
		return judgement{}, err
	}
	b, err := a.bundle(root, ref)
	if err != nil {
		return judgement{}, err
	}
	found, err := a.findings(r.ID)
	if err != nil {
		return judgement{}, err
	}
	d := a.db.options.Hydrate(b.Bundle)
	c := judgement{reviewRow: r, root: root, who: who, bundle: b, dossier: d, parties: review.Parties(d), open: d.OpenMatches(), found: found}
	c.stands, _ = review.StillStanding(d, c.parties, found)
	return c, nil
}

// maxJudged bounds how many earlier findings are read beside a review.
const maxJudged = 1_000

// judged gives the newest finding on each match in the other reviews of a root, and in those of other
// roots of the same subject (see review.SubjectSign), as it stood when an entry was written; the
// newest first.
func (a *act) judged(root int64, besides review.ReviewID, last review.EntryID) ([]review.Disposition, error) {
	return a.dispositions(judgedBeside, root, besides, last, maxJudged)
}

// judgedBeside walks listed_of_subject: the newest hundred roots, and of these the newest hundred
// reviews. A match that was erased is known by its key alone.
const judgedBeside = `
	SELECT ` + dispositionSelected + `
	FROM (
	  SELECT review, match, max(entry) AS entry, finding, kind, identity, whose, party, seen, carries, missing -- of the row with the greatest
	  FROM disposition x WHERE review IN (
	    SELECT r.id FROM (
	      SELECT ?1 AS root UNION
	      SELECT root FROM (
	        SELECT DISTINCT o.root FROM listed o
	        WHERE o.subject = (SELECT l.subject FROM listed l WHERE l.root = ?1 LIMIT 1) AND o.finding <> '' ORDER BY o.root DESC LIMIT 100)
	    ) t JOIN review r ON r.root = t.root WHERE r.id <> ?2 ORDER BY r.id DESC LIMIT 100)
	  AND entry <= ?3 AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = x.entry AND u.id <= ?3)
	  GROUP BY kind, identity, whose, iif(identity = '', match, '')
	) d JOIN entry e ON e.id = d.entry
	ORDER BY d.entry DESC LIMIT ?4`

// findings gives the finding that holds for each match of a review: the newest that nobody took
// back.
func (a *act) findings(id review.ReviewID) ([]review.Disposition, error) {
	return a.findingsUntil(id, math.MaxInt64)
}

// findingsUntil gives the same as it stood when an entry was written, that one included.
func (a *act) findingsUntil(id review.ReviewID, last review.EntryID) ([]review.Disposition, error) {
	return a.dispositions(findingsOfReview, id, last)
}

const findingsOfReview = `SELECT ` + dispositionSelected + ` FROM disposition d JOIN entry e ON e.id = d.entry
	WHERE d.review = ?1 AND d.entry = (
	  SELECT max(x.entry) FROM disposition x WHERE x.review = ?1 AND x.match = d.match AND x.entry <= ?2
	  AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = x.entry AND u.id <= ?2))
	ORDER BY d.match`

// dispositionSelected is what is read of dispositions with their entries.
const dispositionSelected = `
	d.review, d.match, d.entry, d.finding, d.kind, d.identity, d.whose, d.party, d.seen, d.carries, d.missing,
	e.reason, e.note, e.by_, e.by_name, e.at, e.evidence, e.comparator, e.policy`

// dispositions reads what a query of dispositionSelected gives, with premises.
func (a *act) dispositions(query string, args ...any) ([]review.Disposition, error) {
	var found []review.Disposition
	var entries []int64
	err := a.each(query, args, func(scan func(...any) error) error {
		var d review.Disposition
		row := dispositionColumns{d: &d}
		err := scan(row.columns()...)
		row.settle()
		if d.Finding == review.FalsePositive {
			entries = append(entries, int64(d.Entry))
		}
		found = append(found, d)
		return err
	})
	if err != nil || len(entries) == 0 {
		return found, err
	}
	slices.Sort(entries)
	premises, err := a.premises(slices.Compact(entries))
	for i := range found {
		found[i].Premises = premises[found[i].Entry]
	}
	return found, err
}

// dispositionColumns reads what dispositionSelected selects.
type dispositionColumns struct {
	d       *review.Disposition
	carries sql.NullInt64
}

func (c *dispositionColumns) columns() []any {
	d := c.d
	return []any{&d.Review, &d.Match, &d.Entry, &d.Finding, &d.Kind, &d.Identity, &d.Whose, &d.Party, hashColumn{&d.Seen}, &c.carries,
		listColumn[review.Fact]{&d.Missing}, &d.Reason, &d.Note, &d.By, &d.ByName, timeColumn{&d.At}, hashColumn{&d.Evidence}, &d.Comparator, &d.Policy}
}

func (c *dispositionColumns) settle() { c.d.Carries = review.EntryID(c.carries.Int64) }
