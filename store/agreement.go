package store

import (
	"context"
	"errors"

	"docket/review"
)

// Agreement counts what the second looks of some days say of the first ones.
func (db *DB) Agreement(ctx context.Context, days review.DaySpan) (review.Agreement, error) {
	out := review.Agreement{Days: days}
	err := db.read(ctx, "agreement", func(a *act) error {
		counts, err := a.looksAnswered(days, "")
		if err != nil {
			return err
		}
		out.AddUp(counts)
		for _, c := range counts {
			out.Answered += c.N
		}
		from, to := millis(days.From.Start()), millis(days.To.Start())
		err = a.one(`
			SELECT (SELECT count(*) FROM sample s JOIN entry d ON d.id = s.drawn WHERE s.known = '' AND d.at >= ?1 AND d.at < ?2),
			       (SELECT count(*) FROM sample WHERE done = 0 AND (known <> '') = 0),
			       (SELECT count(*) FROM second_look l JOIN sample s ON s.id = l.sample WHERE l.differs = 1 AND s.known = ''
			        AND NOT EXISTS (SELECT 1 FROM resolution x WHERE x.look = l.id))`, []any{from, to}, &out.Drawn, &out.Waiting, &out.Unresolved)
		if err != nil {
			return err
		}
		return a.each(`SELECT x.upheld, count(*) FROM resolution x JOIN entry e ON e.id = x.entry WHERE e.at >= ? AND e.at < ? GROUP BY x.upheld`,
			[]any{from, to}, func(scan func(...any) error) error {
				var upheld review.Upheld
				var n int
				err := scan(&upheld, &n)
				switch upheld {
				case review.UpheldFirst:
					out.First = n
				case review.UpheldSecond:
					out.Second = n
				case review.UpheldThird:
					out.Third = n
				}
				return err
			})
	})
	return out, err
}

// OwnQuality is what second looks say of one colleague, to that colleague alone.
type OwnQuality struct {
	Answered int              // second looks that they answered
	Known    review.Share     // of those at items whose answer is known, answered right
	Mine     review.Agreement // of their own findings and decisions, what second looks came to
}

// OwnQuality counts the same for one colleague.
func (db *DB) OwnQuality(ctx context.Context, by review.ColleagueID, days review.DaySpan) (OwnQuality, error) {
	out := OwnQuality{Mine: review.Agreement{Days: days}}
	err := db.read(ctx, "own quality", func(a *act) error {
		given, err := a.looksAnswered(days, `AND l.by_ = ?3`, by)
		if err != nil {
			return err
		}
		var answers review.Agreement
		answers.AddUp(given)
		out.Known = answers.Known
		for _, c := range given {
			out.Answered += c.N
		}
		had, err := a.looksAnswered(days, `AND f.by_ = ?3 AND s.known = ''`, by)
		if err != nil {
			return err
		}
		out.Mine.AddUp(had)
		return nil
	})
	return out, err
}

func (a *act) looksAnswered(days review.DaySpan, besides string, args ...any) ([]review.AgreementCount, error) {
	var counts []review.AgreementCount
	err := a.each(`
		SELECT s.kind, s.known, s.report, f.reason, f.finding, e.finding, f.outcome, e.outcome, count(*)
		FROM second_look l JOIN entry e ON e.id = l.entry JOIN sample s ON s.id = l.sample JOIN entry f ON f.id = s.of
		WHERE e.at >= ?1 AND e.at < ?2 AND s.withdrawn IS NULL `+besides+`
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`,
		append([]any{millis(days.From.Start()), millis(days.To.Start())}, args...), func(scan func(...any) error) error {
			var c review.AgreementCount
			err := scan(&c.Kind, &c.Known, &c.Report, &c.Reason, &c.Findings[0], &c.Findings[1], &c.Outcomes[0], &c.Outcomes[1], &c.N)
			counts = append(counts, c)
			return err
		})
	return counts, err
}

// maxDisagreements bounds how many are listed.
const maxDisagreements = 100

// Disagreements lists what two say different things of: what no lead has settled first, then the
// newest, at most a hundred.
func (db *DB) Disagreements(ctx context.Context) ([]review.Disagreement, error) {
	var all []review.Disagreement
	err := db.read(ctx, "disagreements", func(a *act) error {
		var ids []review.DisagreementID
		err := a.each(`
			SELECT l.id FROM second_look l JOIN sample s ON s.id = l.sample AND s.known = '' LEFT JOIN resolution x ON x.look = l.id
			WHERE l.differs = 1 ORDER BY x.entry IS NOT NULL, l.id DESC LIMIT ?`, []any{maxDisagreements}, func(scan func(...any) error) error {
			var id review.DisagreementID
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			d, err := a.disagreement(id)
			if err != nil {
				return err
			}
			all = append(all, d)
		}
		return nil
	})
	return all, err
}

// Disagreement gives one with what both looked at; review.ErrNotFound when there is none. With ErrErased
// come the arguments alone: what they were about was erased.
func (db *DB) Disagreement(ctx context.Context, id review.DisagreementID) (review.Disagreement, review.SecondLook, error) {
	var d review.Disagreement
	var l review.SecondLook
	err := db.read(ctx, "disagreement", func(a *act) (err error) {
		if err := a.whole(); err != nil {
			return err
		}
		if d, err = a.disagreement(id); err != nil {
			return err
		}
		_, l, err = a.sampleShown(d.Sample.ID)
		return err
	})
	return d, l, err
}

func (a *act) disagreement(id review.DisagreementID) (review.Disagreement, error) {
	d := review.Disagreement{ID: id}
	var second review.EntryID
	s := &d.Sample
	err := a.one(`
		SELECT s.id, s.kind, s.of, s.decision, s.review, l.entry, ifnull((SELECT q.subject FROM queue q WHERE q.id = s.review), '')
		FROM second_look l JOIN sample s ON s.id = l.sample WHERE l.id = ? AND l.differs = 1 AND s.known = ''`, []any{id},
		&s.ID, &s.Kind, &s.Of, &s.Decision, &s.Review, &second, &d.Subject)
	if err != nil {
		return d, err
	}
	if d.First, err = a.firstSaid(*s); err != nil {
		return d, err
	}
	if d.Second, err = a.argument(second); err != nil {
		return d, err
	}
	r := &d.Resolution
	err = a.one(`
		SELECT x.entry, x.upheld, e.finding, e.outcome, e.note, e.by_, e.by_name, e.at
		FROM resolution x JOIN entry e ON e.id = x.entry WHERE x.look = ?`, []any{id},
		&r.Entry, &r.Upheld, &r.Finding, &r.Outcome, &r.Note, &r.By, &r.ByName, timeColumn{&r.At})
	if errors.Is(err, review.ErrNotFound) {
		err = nil
	}
	return d, err
}

// Resolve settles a disagreement: a lead who is neither of the two says who is right. It changes no
// finding and no decision. review.ErrConflict: it is settled already.
func (db *DB) Resolve(ctx context.Context, id review.DisagreementID, by review.ColleagueID, form review.ResolveForm) error {
	return db.write(ctx, "resolve", func(a *act) error {
		who, err := a.actor(by)
		if err != nil {
			return err
		}
		d, err := a.disagreement(id)
		if err != nil {
			return err
		}
		if err := d.CanResolve(who); err != nil {
			return err
		}
		if d.Resolution.Entry != 0 {
			return review.ErrConflict
		}
		made, err := form.Check(d)
		if err != nil {
			return err
		}
		e := review.Entry{Review: d.Sample.Review, Act: review.ActResolved, By: by, Finding: made.Finding, Outcome: made.Outcome, Note: made.Note,
			Answers: d.Second.Entry, Detail: map[string]string{"upheld": string(made.Upheld)}}
		if err := a.one(`SELECT evidence FROM entry WHERE id = ?`, []any{d.Sample.Of}, hashColumn{&e.Evidence}); err != nil {
			return err
		}
		entry, err := a.record(e)
		if err != nil {
			return err
		}
		_, err = a.exec(`INSERT INTO resolution (look, entry, upheld) VALUES (?, ?, ?)`, id, entry, made.Upheld)
		return err
	})
}
