package store

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"

	"docket/review"
)

// PendingLook gives the second look that a colleague took and has not answered; review.ErrNotFound
// when there is none.
func (db *DB) PendingLook(ctx context.Context, by review.ColleagueID) (review.LookToken, error) {
	var token review.LookToken
	err := db.read(ctx, "pending look", func(a *act) (err error) {
		token, err = a.pendingLook(by)
		return err
	})
	return token, err
}

func (a *act) pendingLook(by review.ColleagueID) (token review.LookToken, err error) {
	err = a.one(`SELECT token FROM second_look WHERE by_ = ? AND entry IS NULL AND left_at IS NULL AND until > ? ORDER BY id DESC LIMIT 1`,
		[]any{by, millis(a.now)}, &token)
	return token, err
}

// TakeLook gives a colleague a second look: the one that they have not answered, else the next sample of
// work that they had no part in, or an item whose answer is known in its place. review.ErrNotFound:
// nothing waits that they could look at.
func (db *DB) TakeLook(ctx context.Context, by review.ColleagueID) (review.LookToken, error) {
	var token review.LookToken
	err := db.write(ctx, "take a second look", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		who, err := a.actor(by)
		if err != nil {
			return err
		}
		if err := review.CanExamine(who); err != nil {
			return err
		}
		if token, err = a.pendingLook(by); err == nil || !errors.Is(err, review.ErrNotFound) {
			return err
		}
		sample, err := a.nextSample(by)
		if err != nil {
			return err
		}
		token = review.LookToken(rand.Text())
		_, err = a.exec(`INSERT INTO second_look (token, sample, by_, taken_at, until) VALUES (?, ?, ?, ?, ?)`,
			token, sample, by, millis(a.now), millis(a.now.Add(review.LookHolds)))
		return err
	})
	return token, err
}

// Samples that a colleague can have the next second look at: of reviews whose root they never acted on
// nor had open, that nobody has answered or is at, and that they never had. Walks sample_waiting.
const (
	noPartIn = `
		AND NOT EXISTS (SELECT 1 FROM second_look l WHERE l.sample = s.id AND l.by_ = ?1)
		AND NOT EXISTS (SELECT 1 FROM review m JOIN review r ON r.root = m.root JOIN entry e ON e.review = r.id WHERE m.id = s.review AND e.by_ = ?1)
		AND NOT EXISTS (SELECT 1 FROM review m JOIN review r ON r.root = m.root JOIN look k ON k.review = r.id WHERE m.id = s.review AND k.colleague = ?1)
		AND NOT EXISTS (SELECT 1 FROM review m JOIN review r ON r.root = m.root JOIN access x ON x.review = r.id WHERE m.id = s.review AND x.colleague = ?1)
		ORDER BY s.turn LIMIT 20`
	drawnSamples = `
		SELECT s.id FROM sample s WHERE s.done = 0 AND (s.known <> '') = 0
		AND NOT EXISTS (SELECT 1 FROM second_look l WHERE l.sample = s.id AND l.left_at IS NULL AND l.until > ?2)` + noPartIn
	knownSamples = `SELECT s.id FROM sample s WHERE s.done = 0 AND (s.known <> '') = 1 AND ?2 > 0` + noPartIn
)

// nextSample picks what a colleague looks at. An item whose answer is known comes only where one that
// was drawn could have, so that no queue without work gives one away.
func (a *act) nextSample(by review.ColleagueID) (review.SampleID, error) {
	drawn, err := a.shownSample(drawnSamples, by)
	if err != nil {
		return 0, err
	}
	s, err := a.sampling()
	if err != nil {
		return 0, err
	}
	version, err := a.policyVersion()
	if err != nil {
		return 0, err
	}
	seed, err := a.drawSeed(version)
	if err != nil {
		return 0, err
	}
	var next int64
	if err := a.one(`SELECT ifnull(max(id), 0) + 1 FROM second_look`, nil, &next); err != nil {
		return 0, err
	}
	if !seed.Draw("known", next).OneIn(s.Known) {
		return drawn, nil
	}
	known, err := a.shownSample(knownSamples, by)
	if errors.Is(err, review.ErrNotFound) {
		return drawn, nil
	}
	return known, err
}

// shownSample is the first of those that a query gives whose evidence is still whole.
func (a *act) shownSample(query string, by review.ColleagueID) (review.SampleID, error) {
	var ids []review.SampleID
	err := a.each(query, []any{by, millis(a.now)}, func(scan func(...any) error) error {
		var id review.SampleID
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		_, _, err := a.sampleShown(id)
		var gone *DigestError
		switch {
		case errors.Is(err, ErrErased), errors.As(err, &gone), errors.Is(err, review.ErrNotFound):
			if _, err := a.exec(`UPDATE sample SET done = 1 WHERE id = ?`, id); err != nil {
				return 0, err
			}
		default:
			return id, err
		}
	}
	return 0, review.ErrNotFound
}

// sampleShown reads a sample as the second person gets to see it.
func (a *act) sampleShown(id review.SampleID) (review.Sample, review.SecondLook, error) {
	s := review.Sample{ID: id}
	var l review.SecondLook
	if err := a.one(`SELECT kind, of, decision, review, known FROM sample WHERE id = ?`, []any{id}, &s.Kind, &s.Of, &s.Decision, &s.Review, &s.Known); err != nil {
		return s, l, err
	}
	e := review.Entry{ID: s.Of}
	if err := a.one(`SELECT evidence, comparator, matches FROM entry WHERE id = ?`, []any{s.Of},
		hashColumn{&e.Evidence}, &e.Comparator, listColumn[review.MatchKey]{&e.Matches}); err != nil {
		return s, l, err
	}
	r, _, err := a.review(s.Review)
	if err != nil {
		return s, l, err
	}
	b, erased, err := a.bundleBehind(r.Review, e)
	if err != nil {
		return s, l, err
	}
	l = review.SecondLook{Kind: s.Kind, Dossier: a.db.options.Hydrate(b), Comparator: e.Comparator, Matches: e.Matches}
	switch rebuilt := review.Evidence(l.Dossier); {
	case erased:
		return s, l, ErrErased
	case rebuilt != e.Evidence:
		return s, l, &DigestError{s.Of, e.Evidence, rebuilt}
	}
	_, err = l.Compared()
	return s, l, err
}

// lookAt reads a second look of a colleague that waits for its answer. review.ErrNotFound: it is not
// theirs, or there is none; review.ErrConflict: it was answered or handed back, or it lapsed.
func (a *act) lookAt(token review.LookToken, by review.ColleagueID) (id int64, s review.Sample, l review.SecondLook, err error) {
	if err := a.whole(); err != nil {
		return 0, s, l, err
	}
	var open bool
	var sample review.SampleID
	l.Token = token
	err = a.one(`SELECT id, sample, until, entry IS NULL AND left_at IS NULL AND until > ?3 FROM second_look WHERE token = ?1 AND by_ = ?2`,
		[]any{token, by, millis(a.now)}, &id, &sample, timeColumn{&l.Until}, &open)
	if err != nil {
		return 0, s, l, err
	}
	if !open {
		return 0, s, l, review.ErrConflict
	}
	until := l.Until
	s, l, err = a.sampleShown(sample)
	l.Token, l.Until = token, until
	return id, s, l, err
}

// SecondLook gives what a colleague looks at a second time: nothing of the first look is in it.
// review.ErrNotFound: it is not theirs; review.ErrConflict: it waits for no answer any more; ErrErased: what
// it was about was erased since.
func (db *DB) SecondLook(ctx context.Context, token review.LookToken, by review.ColleagueID) (review.SecondLook, error) {
	var l review.SecondLook
	err := db.read(ctx, "second look", func(a *act) (err error) {
		_, _, l, err = a.lookAt(token, by)
		return err
	})
	return l, err
}

// Examine records the answer of a second look, once. It changes no finding and no decision.
func (db *DB) Examine(ctx context.Context, token review.LookToken, by review.ColleagueID, form review.ExamineForm) error {
	return db.write(ctx, "examine", func(a *act) error {
		who, err := a.actor(by)
		if err != nil {
			return err
		}
		if err := review.CanExamine(who); err != nil {
			return err
		}
		id, s, l, err := a.lookAt(token, by)
		if err != nil {
			return err
		}
		policy, err := a.policy()
		if err != nil {
			return err
		}
		made, err := form.Check(policy, l)
		if err != nil {
			return err
		}
		first, err := a.firstSaid(s)
		if err != nil {
			return err
		}
		detail := map[string]string{"sample": strconv.FormatInt(int64(s.ID), 10)}
		if len(made.Premises) > 0 {
			detail["premises"] = joined(made.Premises)
		}
		if len(made.Missing) > 0 {
			detail["missing"] = joined(made.Missing)
		}
		e := review.Entry{Review: s.Review, Act: review.ActExamined, By: by, Finding: made.Finding, Outcome: made.Outcome, Reason: made.Reason,
			Note: made.Note, Answers: s.Of, Detail: detail}
		if err := a.one(`SELECT evidence, matches FROM entry WHERE id = ?`, []any{s.Of}, hashColumn{&e.Evidence}, listColumn[review.MatchKey]{&e.Matches}); err != nil {
			return err
		}
		entry, err := a.record(e)
		if err != nil {
			return err
		}
		differs := !first.Same(review.Argument{Finding: made.Finding, Outcome: made.Outcome})
		if s.Known != "" {
			differs = made.Finding != s.Known
		}
		n, err := a.changes(`UPDATE second_look SET entry = ?, differs = ? WHERE id = ? AND entry IS NULL AND left_at IS NULL`, entry, differs, id)
		if err != nil {
			return err
		}
		if n != 1 {
			return review.ErrConflict
		}
		if s.Known != "" {
			return nil // others get it too
		}
		_, err = a.exec(`UPDATE sample SET done = 1 WHERE id = ?`, s.ID)
		return err
	})
}

// LeaveLook hands a second look back. Its colleague does not get it again.
func (db *DB) LeaveLook(ctx context.Context, token review.LookToken, by review.ColleagueID) error {
	return db.write(ctx, "leave a second look", func(a *act) error {
		if _, err := a.actor(by); err != nil {
			return err
		}
		n, err := a.changes(`UPDATE second_look SET left_at = ? WHERE token = ? AND by_ = ? AND entry IS NULL AND left_at IS NULL`, millis(a.now), token, by)
		if err == nil && n == 0 {
			return review.ErrNotFound
		}
		return err
	})
}

// firstSaid reads what was said of a sample the first time.
func (a *act) firstSaid(s review.Sample) (review.Argument, error) {
	said, err := a.argument(s.Of)
	if err != nil || s.Kind == review.SampleDecision {
		return said, err
	}
	err = a.one(`SELECT missing FROM disposition WHERE entry = ? AND review = ? LIMIT 1`, []any{s.Of, s.Review}, listColumn[review.Fact]{&said.Missing})
	if err != nil {
		return said, err
	}
	premises, err := a.premises([]int64{int64(s.Of)})
	for _, p := range premises[s.Of] {
		said.Premises = append(said.Premises, p.Kind)
	}
	return said, err
}

// argument reads what one entry says of a sample; premises and facts from its detail.
func (a *act) argument(entry review.EntryID) (review.Argument, error) {
	said := review.Argument{Entry: entry}
	var detail map[string]string
	err := a.one(`SELECT ifnull(by_, ''), by_name, at, finding, outcome, reason, policy, note, detail FROM entry WHERE id = ?`, []any{entry},
		&said.By, &said.ByName, timeColumn{&said.At}, &said.Finding, &said.Outcome, &said.Reason, &said.Policy, &said.Note, detailColumn{&detail})
	said.Premises, said.Missing = split[review.PremiseKind](detail["premises"]), split[review.Fact](detail["missing"])
	return said, err
}

// joined and split put codes into one text and out again; no code has a comma.
func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, v := range all {
		words[i] = string(v)
	}
	return strings.Join(words, ",")
}

func split[T ~string](text string) []T {
	if text == "" {
		return nil
	}
	var all []T
	for _, word := range slices.Collect(strings.SplitSeq(text, ",")) {
		all = append(all, T(word))
	}
	return all
}
