package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// draw draws what of a decision that takes effect is looked at a second time. Each decision leaves one
// entry, whatever was drawn, so that no gap in the trail tells; it is about no review, so that it
// stands in no review's trail. Of a correction only the decision is drawn: its findings were before.
func (a *act) draw(c judgement, d review.Decision) error {
	s, err := a.sampling()
	if err != nil || s.Findings == 0 && s.Decisions == 0 {
		return err
	}
	version, err := a.policyVersion()
	if err != nil {
		return err
	}
	seed, err := a.drawSeed(version)
	if err != nil {
		return err
	}
	var cleared []review.EntryID
	kinds := map[review.EntryID]review.ReportKind{}
	for _, f := range c.stands {
		if d.Corrects == 0 && f.Finding == review.FalsePositive && slices.Contains(d.Matches, f.Match) {
			cleared = append(cleared, f.Entry)
			kinds[f.Entry] = f.Kind
		}
	}
	slices.Sort(cleared)
	cleared = slices.Compact(cleared)
	findings, decided := s.DrawIn(seed, cleared, d.Entry)
	entry, err := a.record(review.Entry{Act: review.ActSampled, Answers: d.Entry, Detail: map[string]string{
		"seed": seed.Commitment().String(), "one_finding_in": strconv.Itoa(s.Findings), "one_decision_in": strconv.Itoa(s.Decisions),
		"cleared": entryList(cleared), "drawn": entryList(findings), "decision_drawn": strconv.FormatBool(decided)}})
	if err != nil {
		return err
	}
	for _, f := range findings {
		if err := a.putSample(review.Sample{Kind: review.SampleFinding, Of: f, Decision: d.Entry, Review: d.Review}, entry, kinds[f], seed); err != nil {
			return err
		}
	}
	if decided {
		return a.putSample(review.Sample{Kind: review.SampleDecision, Of: d.Entry, Decision: d.Entry, Review: d.Review}, entry, "", seed)
	}
	return nil
}

// putSample adds a sample. A finding that an earlier decision had drawn already stays as it was.
func (a *act) putSample(s review.Sample, drawn review.EntryID, kind review.ReportKind, seed review.Seed) error {
	what := "turn " + string(s.Kind)
	if s.Known != "" {
		what = "turn known"
	}
	_, err := a.exec(`
		INSERT INTO sample (kind, of, decision, review, drawn, known, turn, report, done) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
		s.Kind, s.Of, s.Decision, s.Review, drawn, s.Known, seed.Draw(what, int64(s.Of)).Turn(), kind)
	return err
}

func entryList(all []review.EntryID) string {
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = strconv.FormatInt(int64(e), 10)
	}
	return strings.Join(words, ",")
}

// drawSeed gives the seed of a version of the policy, and makes it when there is none.
func (a *act) drawSeed(version review.PolicyVersion) (review.Seed, error) {
	var raw []byte
	err := a.one(`SELECT seed FROM draw_seed WHERE policy = ?`, []any{version}, &raw)
	switch {
	case err == nil:
		return review.Seed(raw), nil
	case !errors.Is(err, review.ErrNotFound):
		return review.Seed{}, err
	}
	var seed review.Seed
	_, _ = rand.Read(seed[:]) // never fails: crypto/rand ends the program instead
	_, err = a.exec(`INSERT INTO draw_seed (policy, seed, made_at) VALUES (?, ?, ?)`, version, seed[:], millis(a.now))
	return seed, err
}

// sampling is how much is looked at twice now.
func (a *act) sampling() (review.Sampling, error) {
	p, err := a.policy()
	return p.Sampling, err
}

// MarkKnown makes a finding of the past one whose answer is known, to be mixed among the second looks:
// a lead or an admin says which finding is right, and why. The finding must hold, in a review that a
// decision closed. review.ErrConflict: it is marked already.
func (db *DB) MarkKnown(ctx context.Context, finding review.EntryID, by review.ColleagueID, answer review.Finding, why string) error {
	return db.write(ctx, "mark known", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		var inv review.Invalid
		if !slices.Contains(review.Findings(), answer) {
			inv.Add("answer", "Choose which finding is right")
		}
		if strings.TrimSpace(why) == "" {
			inv.Add("note", "Say how the answer is known")
		}
		s := review.Sample{Kind: review.SampleFinding, Of: finding, Known: answer}
		var kind review.ReportKind
		switch err := a.one(settledFinding, []any{finding}, &s.Review, &s.Decision, &kind); {
		case errors.Is(err, review.ErrNotFound):
			inv.Add("entry", "Enter the number of an entry that records a finding, in a review that a decision closed")
		case err != nil:
			return err
		}
		if err := inv.OrNil(); err != nil {
			return err
		}
		var have bool
		if err := a.one(`SELECT EXISTS (SELECT 1 FROM sample WHERE of = ? AND known <> '' AND withdrawn IS NULL)`, []any{finding}, &have); err != nil {
			return err
		}
		if have {
			return fmt.Errorf("entry %d: %w", finding, review.ErrConflict)
		}
		version, err := a.policyVersion()
		if err != nil {
			return err
		}
		seed, err := a.drawSeed(version)
		if err != nil {
			return err
		}
		entry, err := a.record(review.Entry{Review: s.Review, Act: review.ActSampled, By: by, Finding: answer, Note: why, Answers: finding,
			Detail: map[string]string{"known": string(answer)}})
		if err != nil {
			return err
		}
		return a.putSample(s, entry, kind, seed)
	})
}

// UnmarkKnown takes the mark back that MarkKnown made: the item is handed out no more, and what was
// answered at it counts no more. Any lead or admin may, and says why.
func (db *DB) UnmarkKnown(ctx context.Context, finding review.EntryID, by review.ColleagueID, why string) error {
	return db.write(ctx, "unmark known", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		var inv review.Invalid
		if strings.TrimSpace(why) == "" {
			inv.Add("note", "Say why the answer is not known after all")
		}
		var s review.Sample
		switch err := a.one(`SELECT id, review FROM sample WHERE of = ? AND known <> '' AND withdrawn IS NULL`, []any{finding}, &s.ID, &s.Review); {
		case errors.Is(err, review.ErrNotFound):
			inv.Add("entry", "Enter the number of a finding that is marked as known")
		case err != nil:
			return err
		}
		if err := inv.OrNil(); err != nil {
			return err
		}
		entry, err := a.record(review.Entry{Review: s.Review, Act: review.ActSampled, By: by, Note: why, Answers: finding,
			Detail: map[string]string{"known": "withdrawn"}})
		if err != nil {
			return err
		}
		_, err = a.exec(`UPDATE sample SET done = 1, withdrawn = ? WHERE id = ?`, entry, s.ID)
		return err
	})
}

// settledFinding reads a finding that holds in a review that is closed by the decision in effect.
const settledFinding = `
	SELECT d.review, (SELECT max(x.entry) FROM decision x WHERE x.review = d.review
	       AND (x.second = 0 OR EXISTS (SELECT 1 FROM approval p WHERE p.decision = x.entry AND p.answer = 'approve'))), min(d.kind)
	FROM disposition d JOIN review r ON r.id = d.review AND r.closing = 'decided'
	WHERE d.entry = ?1 AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = d.entry) GROUP BY d.review`

// Draws is what was drawn under one version of the policy.
type Draws struct {
	Policy     review.PolicyVersion
	Commitment review.Hash
	Seed       *review.Seed // nil while it is in use
	Decisions  int          // that took effect
	Cleared    int          // findings that were in the draw
	Findings   int          // of these, drawn
	Decided    int          // decisions drawn
	Wrong      int          // decisions of which the record says another draw than the seed gives
}

// redrawFor is the longest that drawing everything again may take.
const redrawFor = time.Minute

// Draws draws everything again and compares, newest version first: the record of who was drawn is what
// the seed says, and nobody chose.
func (db *DB) Draws(ctx context.Context) ([]Draws, error) {
	var all []Draws
	err := db.readWithin(ctx, redrawFor, "draws", func(a *act) error {
		now, err := a.policyVersion()
		if err != nil {
			return err
		}
		seeds := map[review.PolicyVersion]review.Seed{}
		err = a.each(`SELECT policy, seed FROM draw_seed ORDER BY policy DESC`, nil, func(scan func(...any) error) error {
			var d Draws
			var raw []byte
			if err := scan(&d.Policy, &raw); err != nil {
				return err
			}
			seed := review.Seed(raw)
			seeds[d.Policy], d.Commitment = seed, seed.Commitment()
			if d.Policy != now {
				d.Seed = &seed
			}
			all = append(all, d)
			return nil
		})
		if err != nil {
			return err
		}
		return a.each(`SELECT policy, answers, detail FROM entry WHERE act = 'sampled' AND by_ IS NULL`, nil, func(scan func(...any) error) error {
			var version review.PolicyVersion
			var decision review.EntryID
			var detail map[string]string
			if err := scan(&version, &decision, detailColumn{&detail}); err != nil {
				return err
			}
			i := slices.IndexFunc(all, func(d Draws) bool { return d.Policy == version })
			if i < 0 {
				all = append(all, Draws{Policy: version})
				i = len(all) - 1
			}
			all[i].add(seeds[version], decision, detail)
			return nil
		})
	})
	return all, err
}

// add counts one draw, and draws again.
func (d *Draws) add(seed review.Seed, decision review.EntryID, detail map[string]string) {
	var s review.Sampling
	s.Findings, _ = strconv.Atoi(detail["one_finding_in"])
	s.Decisions, _ = strconv.Atoi(detail["one_decision_in"])
	var cleared []review.EntryID
	for word := range strings.SplitSeq(detail["cleared"], ",") {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil {
			cleared = append(cleared, review.EntryID(n))
		}
	}
	findings, decided := s.DrawIn(seed, cleared, decision)
	d.Decisions++
	d.Cleared += len(cleared)
	d.Findings += len(findings)
	if decided {
		d.Decided++
	}
	if detail["seed"] != seed.Commitment().String() || detail["drawn"] != entryList(findings) || detail["decision_drawn"] != strconv.FormatBool(decided) {
		d.Wrong++
	}
}

// KnownItems is how many items there are whose answer is known, and how many of them one colleague
// marked. Which they are is told to nobody: they may yet be the one to look.
type KnownItems struct{ Items, Mine int }

// KnownItems counts the items whose answer is known.
func (db *DB) KnownItems(ctx context.Context, by review.ColleagueID) (KnownItems, error) {
	var k KnownItems
	err := db.read(ctx, "known items", func(a *act) error {
		return a.one(`SELECT count(*), ifnull(sum(e.by_ = ?), 0) FROM sample s JOIN entry e ON e.id = s.drawn WHERE s.known <> '' AND s.done = 0`, []any{by}, &k.Items, &k.Mine)
	})
	return k, err
}
