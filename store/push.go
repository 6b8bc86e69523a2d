package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/review"
)

const (
	pushColumns = `
		p.id, p.review, p.decision, p.root_type, p.root_id, p.act, p.type, p.rid, p.part, p.value, p.before, p.fields, p.note, p.key,
		p.state, p.tries, p.at, p.next_at, p.sent_at, p.settled_at, p.problem, p.request, p.begun_at `
	// The head of each review's line: nothing before it waits or was refused. push_due, then
	// push_of_review for the rest of the line.
	pushHead = `p.state = 'waiting' AND NOT EXISTS (
		SELECT 1 FROM push b WHERE b.review = p.review AND b.id < p.id AND b.state IN ('waiting','refused')) `
	pushesDue      = `SELECT ` + pushColumns + `FROM push p INDEXED BY push_due WHERE p.next_at <= ?1 AND ` + pushHead + `ORDER BY p.next_at, p.id LIMIT ?2`
	pushNext       = `SELECT p.next_at FROM push p INDEXED BY push_due WHERE p.next_at >= 0 AND ` + pushHead + `ORDER BY p.next_at, p.id LIMIT 1`
	pushesOfReview = `SELECT ` + pushColumns + `FROM push p WHERE p.review = ?1 ORDER BY p.id`
	pushesInState  = `SELECT ` + pushColumns + `FROM push p WHERE p.state = ?1 AND p.id < ?2 ORDER BY p.id DESC LIMIT ?3` // push_by_state
)

// overtaken is the problem of a push that a later decision made idle.
const overtaken = "overtaken by a later decision"

// planPushes writes what follows from a decision at Persona. What earlier decisions on the root
// left untold, or what came out otherwise, is told no more: it would undo this one.
func (a *act) planPushes(c judgement, d review.Decision) error {
	if a.db.options.Pushes == nil {
		return nil
	}
	earlier, err := a.pushes(`
		SELECT `+pushColumns+`FROM review x JOIN review r ON r.root = x.root JOIN push p ON p.review = r.id
		WHERE x.id = ? AND p.state IN ('waiting','refused','diverged') ORDER BY p.id`, c.ID)
	if err != nil {
		return err
	}
	for _, p := range earlier {
		if _, err := a.exec(`UPDATE push SET state = 'dropped', settled_at = ?, problem = ? WHERE id = ?`, a.now.UnixMilli(), overtaken, p.ID); err != nil {
			return err
		}
	}
	t, err := a.telling()
	if err != nil {
		return err
	}
	for _, p := range a.follow(t, c, d, earlier) {
		fields, err := list(p.Fields)
		if err != nil {
			return err
		}
		if p.Key == "" {
			p.Key = rand.Text()
		}
		if p.Root.IsZero() {
			p.Root = c.Root
		}
		_, err = a.exec(`
			INSERT INTO push (review, decision, root_type, root_id, act, type, rid, part, value, before, fields, note, key,
			                  state, tries, at, next_at, problem, request)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?, '', '')`,
			c.ID, d.Entry, p.Root.Type, p.Root.ID, p.Act, p.Target.Type, p.Target.ID, p.Part, p.Value, p.Before, fields, p.Note, p.Key,
			a.now.UnixMilli(), a.now.UnixMilli())
		if err != nil {
			return fmt.Errorf("push %s: %w", p.Act, err)
		}
	}
	return nil
}

// follow is what follows from a decision, given what was overtaken. An earlier status that may have
// arrived all the same is answered by this decision's, even where Persona said that one last.
func (a *act) follow(t review.Telling, c judgement, d review.Decision, overtaken []review.Push) []review.Push {
	all := a.db.options.Pushes(t, c.Review, d, c.dossier, c.stands)
	isStatus := func(p review.Push) bool { return p.Act == review.PushStatus }
	for _, o := range overtaken {
		if !isStatus(o) || o.Tries == 0 && o.BegunAt.IsZero() || slices.ContainsFunc(all, isStatus) {
			continue
		}
		moved := c.dossier
		moved.Transaction.Status.Value = o.Value
		for _, p := range a.db.options.Pushes(t, c.Review, d, moved, c.stands) {
			if isStatus(p) {
				p.Before = "" // nobody knows: whatever comes back counts
				all = append(all, p)
			}
		}
	}
	return all
}

// DuePushes gives the pushes to be sent now: of each review the first that is not settled, and
// none where that one was refused.
func (db *DB) DuePushes(ctx context.Context, limit int) ([]review.Push, error) {
	return db.pushes(ctx, pushesDue, db.now().UnixMilli(), limit)
}

// PushesOf gives what Persona was or is to be told of a review, in the order in which it is told.
func (db *DB) PushesOf(ctx context.Context, id review.ReviewID) ([]review.Push, error) {
	return db.pushes(ctx, pushesOfReview, id)
}

// Pushes lists pushes by state, as Errands does errands.
func (db *DB) Pushes(ctx context.Context, states []review.PushState, after string, limit int) (found []review.Push, next string, err error) {
	return byState(states, after, limit,
		func(state review.PushState, below int64, limit int) ([]review.Push, error) {
			return db.pushes(ctx, pushesInState, state, below, limit)
		},
		func(p review.Push) (review.PushState, int64) { return p.State, int64(p.ID) })
}

// NextPush says when the next push is due, zero when none can be.
func (db *DB) NextPush(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := db.read(ctx, "next push", func(a *act) error {
		return a.each(pushNext, nil, func(scan func(...any) error) error { return scan(timeColumn{&at}) })
	})
	return at, err
}

func (db *DB) pushes(ctx context.Context, query string, args ...any) ([]review.Push, error) {
	var found []review.Push
	err := db.read(ctx, "pushes", func(a *act) (err error) {
		found, err = a.pushes(query, args...)
		return err
	})
	return found, err
}

func (a *act) pushes(query string, args ...any) ([]review.Push, error) {
	var found []review.Push
	err := a.each(query, args, func(scan func(...any) error) error {
		var p review.Push
		err := scan(&p.ID, &p.Review, &p.Decision, &p.Root.Type, &p.Root.ID, &p.Act, &p.Target.Type, &p.Target.ID, &p.Part, &p.Value,
			&p.Before, listColumn[review.PushField]{&p.Fields}, &p.Note, &p.Key, &p.State, &p.Tries, timeColumn{&p.At}, timeColumn{&p.NextAt},
			timeColumn{&p.SentAt}, timeColumn{&p.SettledAt}, &p.Problem, &p.Request, timeColumn{&p.BegunAt})
		found = append(found, p)
		return err
	})
	return found, err
}

// push reads one push; review.ErrNotFound when there is none.
func (a *act) push(id review.PushID) (review.Push, error) {
	found, err := a.pushes(`SELECT `+pushColumns+`FROM push p WHERE p.id = ?`, id)
	if err == nil && len(found) == 0 {
		err = review.ErrNotFound
	}
	if err != nil {
		return review.Push{}, err
	}
	return found[0], nil
}

// savePush writes what may change of a push.
func (a *act) savePush(p review.Push) error {
	_, err := a.exec(`
		UPDATE push SET key = ?, state = ?, tries = ?, next_at = ?, sent_at = ?, settled_at = ?, problem = ?, request = ?, begun_at = ? WHERE id = ?`,
		p.Key, p.State, p.Tries, p.NextAt.UnixMilli(), nullMillis(p.SentAt), nullMillis(p.SettledAt), p.Problem, p.Request, nullMillis(p.BegunAt), p.ID)
	return err
}

// BeginPush notes that an attempt at a push is about to begin. review.ErrConflict when it must not:
// it is not due any more, another one holds it back, a later decision overtook it, or another docket
// tells it right now. Whoever begins and never notes how it ended loses it after the lease; then
// BegunAt says that the attempt may have arrived.
func (db *DB) BeginPush(ctx context.Context, id review.PushID, lease time.Duration) error {
	return db.write(ctx, "begin push", func(a *act) error {
		n, err := a.changes(`UPDATE push AS p SET begun_at = ?1, next_at = ?2 WHERE p.id = ?3 AND p.next_at <= ?1 AND `+pushHead,
			a.now.UnixMilli(), a.now.Add(lease).UnixMilli(), id)
		if err != nil || n == 1 {
			return err
		}
		if _, err := a.push(id); err != nil {
			return err
		}
		return review.ErrConflict
	})
}

// PushTried notes how an attempt to tell Persona ended, in the push and on the trail. What
// happened meanwhile stays: an echo that was faster than the answer, or a decision that overtook
// the push while it was under way (it then counts as sent if Persona took it, else as dropped).
func (db *DB) PushTried(ctx context.Context, id review.PushID, try review.PushTry) error {
	return db.write(ctx, "push tried", func(a *act) error {
		p, err := a.push(id)
		if err != nil {
			return err
		}
		p.Tries++
		p.BegunAt = time.Time{}
		if try.Key != "" {
			p.Key = try.Key
		}
		if try.Request != "" {
			p.Request = try.Request
		}
		open := p.State == review.PushWaiting || p.State == review.PushRefused
		how := "not taken yet"
		switch {
		case try.Sent:
			how = "taken"
			p.SentAt = a.now
			if open || p.State == review.PushDropped {
				p.State, p.SettledAt, p.Problem = review.PushSent, time.Time{}, ""
			}
			if try.Settled {
				how = "taken and confirmed"
				p.State, p.SettledAt, p.Problem = review.PushAcknowledged, a.now, ""
			}
		case try.Refused:
			how = "refused"
			if open {
				p.State, p.SettledAt, p.Problem = review.PushRefused, a.now, clipProblem(try.Problem)
			}
		case open:
			p.State, p.SettledAt, p.Problem, p.NextAt = review.PushWaiting, time.Time{}, clipProblem(try.Problem), try.Next
			if p.NextAt.IsZero() {
				p.NextAt = a.now
			}
		}
		if err := a.savePush(p); err != nil {
			return err
		}
		what := pushWords(p) + ": " + how
		if problem := cmp.Or(try.Trail, try.Problem); problem != "" {
			what += ": " + clipProblem(problem)
		}
		_, err = a.record(review.Entry{Review: p.Review, Act: review.ActPushed, Status: what})
		return err
	})
}

// RetryPush has a push tried again at once, with a new idempotency key: one that waits, was
// refused or diverged. Others are review.ErrConflict, and so are one that is under way and one whose
// decision was overtaken by a later one. Leads and admins may.
func (db *DB) RetryPush(ctx context.Context, id review.PushID, by review.ColleagueID) error {
	return db.settlePush(ctx, id, by, "to be told again", func(a *act, p *review.Push) error {
		if !p.BegunAt.IsZero() && p.NextAt.After(a.now) {
			return review.ErrConflict
		}
		overtaken := false
		err := a.one(`
			SELECT EXISTS (SELECT 1 FROM review x JOIN review r ON r.root = x.root JOIN decision d ON d.review = r.id
			  LEFT JOIN approval y ON y.decision = d.entry AND y.answer = 'approve'
			  WHERE x.id = ?1 AND (d.second = 0 OR y.entry IS NOT NULL)
			  AND ifnull(y.entry, d.entry) > (SELECT ifnull(max(z.entry), ?2) FROM approval z WHERE z.decision = ?2))`,
			[]any{p.Review, p.Decision}, &overtaken)
		if err != nil {
			return err
		}
		switch p.State {
		case review.PushWaiting, review.PushRefused, review.PushDiverged:
			if overtaken {
				return review.ErrConflict
			}
			p.State, p.NextAt, p.SettledAt, p.Key = review.PushWaiting, a.now, time.Time{}, rand.Text()
			return nil
		}
		return review.ErrConflict
	})
}

// DropPush gives a push up, so that those behind it go on. One that is acknowledged or dropped
// is review.ErrConflict. Leads and admins may.
func (db *DB) DropPush(ctx context.Context, id review.PushID, by review.ColleagueID) error {
	return db.settlePush(ctx, id, by, "given up", func(a *act, p *review.Push) error {
		switch p.State {
		case review.PushAcknowledged, review.PushDropped:
			return review.ErrConflict
		}
		p.State, p.SettledAt = review.PushDropped, a.now
		return nil
	})
}

func (db *DB) settlePush(ctx context.Context, id review.PushID, by review.ColleagueID, what string, change func(*act, *review.Push) error) error {
	return db.write(ctx, "settle push", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		p, err := a.push(id)
		if err != nil {
			return err
		}
		if err := change(a, &p); err != nil {
			return err
		}
		if err := a.savePush(p); err != nil {
			return err
		}
		_, err = a.record(review.Entry{Review: p.Review, Act: review.ActPushed, By: by, Status: pushWords(p) + ": " + what})
		return err
	})
}

// pushWords names a push on the trail: ids and spellings, no note and no field's value.
func pushWords(p review.Push) string {
	switch p.Act {
	case review.PushStatus:
		return "status " + p.Value
	case review.PushFields:
		keys := make([]string, len(p.Fields))
		for i, f := range p.Fields {
			keys[i] = f.Key
		}
		return "fields " + strings.Join(keys, ", ")
	case review.PushMatches:
		return "findings on " + p.Target.ID + ", " + strings.ReplaceAll(p.Value, "_", " ")
	case review.PushComment:
		return "comment on " + p.Target.ID
	case review.PushInquiry, review.PushCase:
		return string(p.Act) + " " + p.Target.ID + " " + p.Value
	}
	return string(p.Act)
}
