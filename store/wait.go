package store

import (
	"context"
	"strings"
	"time"

	"docket/review"
)

// Wait parks a review that the colleague holds until the customer answers: it wakes on its day, when
// something new arrives, or when somebody takes it up again (Wake). Findings stay.
func (db *DB) Wait(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.WaitForm) (review.Wait, error) {
	var made review.Wait
	err := db.write(ctx, "wait", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if err := review.CanDecide(r.Review, who, a.now); err != nil {
			return err
		}
		if err := form.Check(a.now); err != nil {
			return err
		}
		if form.Until.IsZero() {
			p, err := a.policy()
			if err != nil {
				return err
			}
			form.Until = a.now.Add(p.Times.Remind.Duration()).Truncate(24 * time.Hour)
			if !form.Until.After(a.now) {
				form.Until = form.Until.Add(24 * time.Hour)
			}
		}
		c, err := a.judgement(r, who)
		if err != nil {
			return err
		}
		if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
			return err
		}
		made = review.Wait{Review: id, By: by, ByName: who.Name, At: a.now, Until: form.Until, Missing: form.Missing, Note: form.Note}
		made.Entry, err = a.record(review.Entry{Review: id, Act: review.ActWaiting, By: by, Note: form.Note, Evidence: r.Evidence,
			Detail: map[string]string{"until": form.Until.UTC().Format(time.DateOnly), "missing": joinFacts(form.Missing)}})
		if err != nil {
			return err
		}
		missing, err := list(form.Missing)
		if err != nil {
			return err
		}
		_, err = a.exec(`INSERT INTO wait (entry, review, by_, at, until, missing) VALUES (?, ?, ?, ?, ?, ?)`,
			made.Entry, id, by, millis(a.now), millis(form.Until), missing)
		if err != nil {
			return err
		}
		return a.restate(c, standing{state: review.StateWaiting})
	})
	return made, err
}

func joinFacts(facts []review.Fact) string {
	words := make([]string, len(facts))
	for i, f := range facts {
		words[i] = string(f)
	}
	return strings.Join(words, ",")
}

// Wake takes up a review that waits; the colleague holds it then. review.ErrConflict when it does not
// wait.
func (db *DB) Wake(ctx context.Context, id review.ReviewID, by review.ColleagueID) error {
	return db.write(ctx, "wake", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if r.wait == 0 || r.State != review.StateWaiting {
			return review.ErrConflict
		}
		if err := a.wakeUp(r, who, review.WokenAsked); err != nil {
			return err
		}
		r.State = review.StateOpen
		return a.claim(&r.Review, who)
	})
}

// WakeDue wakes the reviews whose day has come, and says how many did.
func (db *DB) WakeDue(ctx context.Context) (int, error) {
	due := func(a *act) (ids []review.ReviewID, err error) {
		err = a.each(waitsDue, []any{millis(a.now), maxWoken}, func(scan func(...any) error) error {
			var id review.ReviewID
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
		return ids, err
	}
	var some []review.ReviewID
	err := db.read(ctx, "wake due", func(a *act) (err error) {
		some, err = due(a)
		return err
	})
	if err != nil || len(some) == 0 {
		return 0, err
	}
	n := 0
	err = db.write(ctx, "wake due", func(a *act) error {
		n = 0
		if err := a.whole(); err != nil {
			return err
		}
		ids, err := due(a)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, _, err := a.review(id)
			if err != nil {
				return err
			}
			if err := a.wakeUp(r, review.Colleague{}, review.WokenDay); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// maxWoken bounds how many reviews wake in one SQL transaction, while others wait to write.
const maxWoken = 50

const waitsDue = `
	SELECT w.review FROM review r JOIN wait w ON w.review = r.id
	WHERE r.state = 'waiting' AND w.until <= ? AND NOT EXISTS (SELECT 1 FROM wake k WHERE k.wait = w.entry) ORDER BY w.until, w.entry LIMIT ?`

// wakeUp ends a wait and opens the review.
func (a *act) wakeUp(r *reviewRow, who review.Colleague, why review.Woken) error {
	c, err := a.judgement(r, who)
	if err != nil {
		return err
	}
	if err := a.wake(r.Review, r.wait, who.ID, why); err != nil {
		return err
	}
	return a.restate(c, standing{state: review.StateOpen})
}

// wake writes how a wait ended, with its entry.
func (a *act) wake(r review.Review, wait review.EntryID, by review.ColleagueID, why review.Woken) error {
	entry, err := a.record(review.Entry{Review: r.ID, Act: review.ActWoken, By: by, Evidence: r.Evidence, Answers: wait,
		Detail: map[string]string{"why": string(why)}})
	if err != nil {
		return err
	}
	_, err = a.exec(`INSERT INTO wake (wait, entry, at, why) VALUES (?, ?, ?, ?)`, wait, entry, millis(a.now), why)
	return err
}

// waitOf gives the newest wait of a review as it stood when an entry was written; nil when there was
// none.
func (a *act) waitOf(id review.ReviewID, last review.EntryID) (*review.Wait, error) {
	var found *review.Wait
	err := a.each(`
		SELECT w.entry, w.review, w.by_, e.by_name, w.at, w.until, w.missing, e.note, ifnull(k.why, ''), k.at
		FROM wait w JOIN entry e ON e.id = w.entry LEFT JOIN wake k ON k.wait = w.entry AND k.entry <= ?2
		WHERE w.review = ?1 AND w.entry <= ?2 ORDER BY w.entry DESC LIMIT 1`, []any{id, last}, func(scan func(...any) error) error {
		found = &review.Wait{}
		w := found
		return scan(&w.Entry, &w.Review, &w.By, &w.ByName, timeColumn{&w.At}, timeColumn{&w.Until}, listColumn[review.Fact]{&w.Missing}, &w.Note,
			&w.Woken, timeColumn{&w.WokenAt})
	})
	return found, err
}
