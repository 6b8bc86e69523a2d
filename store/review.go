package store

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"time"

	"docket/review"
)

// reviewRow is one review with what reconciling it needs.
type reviewRow struct {
	review.Review
	decision review.EntryID // the one in effect, 0 none
	outcome  review.Outcome
	at       time.Time      // of the decision in effect
	closedAt time.Time      // when the first decision took effect; zero: none did
	pending  review.EntryID // the decision that waits for a second person, 0 none
	rests    review.Hash    // the evidence of that one, or of the wait
	wait     review.EntryID // why it is parked, 0 it is not
	judged   []review.MatchKey
	status   string               // that opened it, for the trail
	fresh    bool                 // to be inserted
	changed  bool                 // to be updated
	found    []review.Disposition // that hold
	answered int                  // open matches with a finding that stands
	reopened bool                 // to be told in the trail
	ended    bool                 // to be told in the trail: it closed from outside
	moved    bool                 // to be told in the trail: what it waited for is overtaken
}

// rootReviews is one root whose reviews are being reconciled.
type rootReviews struct {
	*node
	statuses review.Statuses // that count for roots of its family
	status   string          // newest, verbatim
	at       time.Time       // of the newest state
	entered  time.Time       // since when it has a status of that meaning
	episodes []review.Episode
	history  []review.StatusAt
	rows     []*reviewRow // by opening
	queued   bool         // the queue may hold rows of it
	summary  *summary
	found    []review.Disposition // that hold in any of its reviews
}

// reviewsPerRound bounds how many dossiers are in memory at once.
const reviewsPerRound = 64

// reconcile brings the reviews and queue rows of some roots up to their states, and
// says how many reviews it opened.
func (b *absorption) reconcile(roots []*node) (int, error) {
	all, err := b.loadReviews(roots)
	if err != nil {
		return 0, err
	}
	var busy, plain []*rootReviews
	for _, t := range all {
		if err := b.readStatus(t); err != nil {
			return 0, err
		}
		if len(t.episodes) > 0 || len(t.rows) > 0 || t.queued || t.statuses.IsFallback(t.status) {
			t.plan()
			busy = append(busy, t)
		} else if t.stirs {
			plain = append(plain, t)
		}
	}
	if err := b.statuses.flush(); err != nil {
		return 0, err
	}
	if err := b.retainPlain(plain); err != nil {
		return 0, err
	}
	for round := range slices.Chunk(busy, reviewsPerRound) {
		if err := b.summarize(round); err != nil {
			return 0, err
		}
	}
	var opened []*reviewRow
	ids := map[review.Ref]int64{}
	for _, t := range busy {
		for _, r := range t.rows {
			if r.fresh {
				opened = append(opened, r)
				ids[r.Root] = t.id
			}
		}
	}
	slices.SortFunc(opened, func(x, y *reviewRow) int {
		return cmp.Or(x.OpenedAt.Compare(y.OpenedAt), cmp.Compare(x.Root.ID, y.Root.ID))
	})
	if err := b.openReviews(opened, ids); err != nil {
		return 0, err
	}
	plain = plain[:0]
	for _, t := range busy {
		if len(t.rows) == 0 && !t.statuses.IsFallback(t.status) {
			plain = append(plain, t) // it only waited for an inquiry, and does no more
		} else {
			b.retain(t, t.summary.whose)
		}
		for _, r := range t.rows {
			if err := b.saveReview(r); err != nil {
				return 0, err
			}
		}
		if err := b.project(t); err != nil {
			return 0, err
		}
	}
	if err := b.retainPlain(plain); err != nil {
		return 0, err
	}
	if err := b.writeFreshKept(); err != nil {
		return 0, err
	}
	return len(opened), b.findable()
}

// loadReviews pairs roots with their reviews. Those without a new state of their own and
// without any row in the queue are left out: nothing of them can read otherwise.
func (b *absorption) loadReviews(roots []*node) ([]*rootReviews, error) {
	all := make([]*rootReviews, 0, len(roots))
	byID := make(map[int64]*rootReviews, len(roots))
	var ask []int64
	for _, n := range roots {
		t := &rootReviews{node: n, statuses: b.db.statuses.For(n.family)}
		byID[n.id] = t
		all = append(all, t)
		if !n.fresh {
			ask = append(ask, n.id)
		}
	}
	if len(ask) > 0 {
		if err := b.each(`SELECT q.root FROM json_each(?) j JOIN queue q ON q.root = j.value`, []any{numbers(ask)},
			func(scan func(...any) error) error {
				var root int64
				err := scan(&root)
				byID[root].queued = true
				return err
			}); err != nil {
			return nil, err
		}
		if err := b.reviewRows(ask, func(root int64, r *reviewRow) { byID[root].rows = append(byID[root].rows, r) }); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(t *rootReviews) bool { return !t.stirs && !t.queued && len(t.rows) == 0 }), nil
}

// reviewRows reads the reviews of some roots, in the order of their opening.
func (a *act) reviewRows(roots []int64, put func(root int64, r *reviewRow)) error {
	return a.each(`
		SELECT r.root, w.text, t.rid, r.id, r.opening, r.opened_at, r.state, r.closed_at, r.closing, r.left_status,
		       c.by_, p.name, c.at, c.until, d.entry, d.outcome, d.at, e.matches, q.evidence,
		       (SELECT min(ifnull(y.at, d.at)) FROM decision d LEFT JOIN approval y ON y.decision = d.entry WHERE d.review = r.id AND `+inEffect+`),
		       n.entry, v.entry, ifnull(o.evidence, u.evidence)
		FROM json_each(?) j JOIN review r ON r.root = j.value JOIN resource t ON t.id = r.root JOIN word w ON w.id = t.family
		LEFT JOIN claim c ON c.review = r.id LEFT JOIN colleague p ON p.id = c.by_
		LEFT JOIN decision d ON d.entry = (SELECT max(d.entry) FROM decision d WHERE d.review = r.id AND `+inEffect+`)
		LEFT JOIN entry e ON e.id = d.entry
		LEFT JOIN queue q ON q.id = r.id
		LEFT JOIN decision n ON n.entry = (
		  SELECT d.entry FROM decision d WHERE d.review = r.id AND d.second = 1 AND NOT EXISTS (SELECT 1 FROM approval y WHERE y.decision = d.entry))
		LEFT JOIN entry o ON o.id = n.entry
		LEFT JOIN wait v ON v.entry = (
		  SELECT w.entry FROM wait w WHERE w.review = r.id AND NOT EXISTS (SELECT 1 FROM wake k WHERE k.wait = w.entry))
		LEFT JOIN entry u ON u.id = v.entry
		ORDER BY r.root, r.opened_at, r.id`, []any{numbers(roots)}, func(scan func(...any) error) error {
		var root int64
		r := &reviewRow{}
		var by, name, outcome sql.NullString
		var entry, pending, wait sql.NullInt64
		var judged sql.NullString
		err := scan(&root, &r.Root.Type, &r.Root.ID, &r.ID, &r.Opening, timeColumn{&r.OpenedAt}, &r.State, timeColumn{&r.ClosedAt},
			&r.Closing, &r.LeftStatus, &by, &name, timeColumn{&r.Claim.At}, timeColumn{&r.Claim.Until},
			&entry, &outcome, timeColumn{&r.at}, &judged, hashColumn{&r.Evidence},
			timeColumn{&r.closedAt}, &pending, &wait, hashColumn{&r.rests})
		if err != nil {
			return err
		}
		r.Transaction = r.Root.Transaction()
		r.Claim.By, r.Claim.Name = review.ColleagueID(by.String), name.String
		r.decision, r.outcome = review.EntryID(entry.Int64), review.Outcome(outcome.String)
		r.pending, r.wait = review.EntryID(pending.Int64), review.EntryID(wait.Int64)
		put(root, r)
		return listColumn[review.MatchKey]{&r.judged}.Scan(judged.String)
	})
}

// readStatus reads the statuses of a root and writes its newest one, many at once.
func (b *absorption) readStatus(t *rootReviews) error {
	if err := b.readHistory(t); err != nil || !t.stirs {
		return err
	}
	if !t.reviewed() {
		_, err := b.exec(`DELETE FROM root WHERE resource = ?`, t.id)
		return err
	}
	return b.statuses.add(t.id, t.status, millis(t.at))
}

// reviewed says that roots of its family are reviewed, or that this one was once.
func (t *rootReviews) reviewed() bool {
	return t.family == familyTransaction || len(t.statuses.Review) > 0 || len(t.rows) > 0
}

// ref names the root.
func (n *node) ref() review.Ref { return review.Ref{Type: n.family, ID: n.rid} }

// readHistory reads the statuses of a root, from memory when it is new.
func (a *act) readHistory(t *rootReviews) error {
	points := sortPoints(t.points)
	if !t.fresh {
		var err error
		if points, err = a.statusPoints(t.id); err != nil {
			return err
		}
	}
	t.follow(points)
	return nil
}

// follow puts the statuses of a root in its history, in their order.
func (t *rootReviews) follow(points []statusPoint) {
	t.history = history(points)
	t.episodes = t.statuses.Episodes(t.history)
	if n := len(points); n > 0 {
		t.status, t.at = points[n-1].status, t.history[n-1].At
		t.entered = t.at
		for i := n - 1; i >= 0 && t.statuses.IsFallback(points[i].status); i-- {
			t.entered = t.history[i].At
		}
	}
}

// plan gives every episode its review and every review its state. A review belongs to the last
// episode that began no later than it, so a late arrival that splits an episode leaves the
// review with the first part, as a timely one would have.
func (t *rootReviews) plan() {
	of := make([][]*reviewRow, len(t.episodes))
	for _, r := range t.rows {
		if i := t.episodeOf(r, of); i >= 0 {
			of[i] = append(of[i], r)
		} else if r.decision == 0 {
			r.close(t.at, t.status) // its episode is gone: the statuses that count have changed
		}
	}
	for i, e := range t.episodes {
		if len(of[i]) == 0 {
			r := &reviewRow{fresh: true, status: t.statusAt(e.Opened)}
			r.Root, r.Transaction = t.ref(), t.ref().Transaction()
			r.Opening, r.State = review.OpeningStatus, review.StateOpen
			r.OpenedAt = e.Opened
			of[i] = append(of[i], r)
			t.rows = append(t.rows, r)
		}
		if r := of[i][0]; r.Opening == review.OpeningStatus && !r.OpenedAt.Equal(e.Opened) {
			r.OpenedAt, r.changed = e.Opened, true
		}
		for _, r := range of[i] {
			switch {
			case r.decision != 0:
			case e.Closed.IsZero():
				r.reopen(t.status)
			default:
				r.close(e.Closed, e.Left)
			}
		}
	}
	t.sortRows()
}

func (t *rootReviews) sortRows() {
	slices.SortStableFunc(t.rows, func(x, y *reviewRow) int { return x.OpenedAt.Compare(y.OpenedAt) })
}

// episodeOf finds the episode of a review, -1 when there is none. Of episodes that began at one
// instant each gets one.
func (t *rootReviews) episodeOf(r *reviewRow, of [][]*reviewRow) int {
	last := -1
	for i, e := range t.episodes {
		if e.Opened.After(r.OpenedAt) {
			break
		}
		if last >= 0 && len(of[last]) == 0 && t.episodes[last].Opened.Equal(e.Opened) {
			break
		}
		last = i
	}
	if last < 0 && len(t.episodes) > 0 {
		return 0 // an earlier beginning was unsaid
	}
	return last
}

func (t *rootReviews) statusAt(at time.Time) string {
	for _, h := range t.history {
		if h.At.Equal(at) && t.statuses.IsReview(h.Status) {
			return h.Status
		}
	}
	return t.status
}

// close ends an undecided review from outside.
func (r *reviewRow) close(at time.Time, left string) {
	if at.Before(r.OpenedAt) {
		at = r.OpenedAt
	}
	if r.State == review.StateClosed && r.ClosedAt.Equal(at) && r.LeftStatus == left {
		return
	}
	r.ended = r.State != review.StateClosed
	r.State, r.Closing, r.ClosedAt, r.LeftStatus, r.changed = review.StateClosed, review.ClosingPersona, at, left, true
	r.Claim = review.Claim{}
}

// reopen takes back a close from outside.
func (r *reviewRow) reopen(status string) {
	if r.State != review.StateClosed {
		return
	}
	r.reopened, r.status = true, status
	r.State, r.Closing, r.ClosedAt, r.LeftStatus, r.changed = review.StateOpen, review.ClosingNone, time.Time{}, "", true
}

// overtake ends what a review waits for, a second person or the customer, when it closed or when its
// evidence is not what it was then. What was decided goes back to who decided it; a correction leaves
// the review as the earlier decision closed it.
func (r *reviewRow) overtake(evidence review.Hash) {
	if r.pending == 0 && r.wait == 0 || r.State != review.StateClosed && r.rests == evidence {
		return
	}
	r.moved, r.changed = true, true
	switch {
	case r.State == review.StateClosed:
	case r.decision != 0:
		r.State, r.Closing, r.ClosedAt = review.StateClosed, review.ClosingDecided, r.closedAt
	default:
		r.State = review.StateOpen
	}
}

// comeBack opens a review of a running episode that was decided, when there is an open match
// that the decision never saw.
func (t *rootReviews) comeBack() {
	n := len(t.episodes)
	if n == 0 || !t.episodes[n-1].Closed.IsZero() || len(t.rows) == 0 {
		return
	}
	last := t.rows[len(t.rows)-1]
	if last.decision == 0 {
		return
	}
	var since time.Time
	for _, m := range t.summary.open {
		if !slices.Contains(last.judged, m.key) && (since.IsZero() || m.at.After(since)) {
			since = m.at
		}
	}
	if since.IsZero() {
		return
	}
	if since.Before(last.at) {
		since = last.at
	}
	r := &reviewRow{fresh: true, status: t.status}
	r.Root, r.Transaction = last.Root, last.Transaction
	r.Opening, r.State, r.OpenedAt = review.OpeningMatches, review.StateOpen, since
	t.rows = append(t.rows, r)
	t.sortRows()
}

// saveReview writes what reconciling changed of a review that was there.
func (a *act) saveReview(r *reviewRow) error {
	if !r.changed || r.fresh {
		return nil
	}
	_, err := a.exec(`UPDATE review SET opened_at = ?, state = ?, closed_at = ?, closing = ?, left_status = ? WHERE id = ?`,
		millis(r.OpenedAt), r.State, nullMillis(r.ClosedAt), r.Closing, r.LeftStatus, r.ID)
	if err != nil {
		return err
	}
	if r.moved {
		if err := a.tellOvertaken(r); err != nil {
			return err
		}
	}
	switch {
	case r.ended:
		if _, err := a.exec(`DELETE FROM claim WHERE review = ?`, r.ID); err != nil {
			return err
		}
		_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewClosed, Status: r.LeftStatus, Evidence: r.Evidence})
	case r.reopened:
		_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewOpened, Status: r.status, Evidence: r.Evidence, Detail: r.opened()})
	}
	return err
}

// review reads one review and the row of its root; review.ErrNotFound when there is none.
func (a *act) review(id review.ReviewID) (*reviewRow, int64, error) {
	var root int64
	if err := a.one(`SELECT root FROM review WHERE id = ?`, []any{id}, &root); err != nil {
		return nil, 0, err
	}
	var found *reviewRow
	err := a.reviewRows([]int64{root}, func(_ int64, r *reviewRow) {
		if r.ID == id {
			found = r
		}
	})
	if err == nil && found == nil {
		err = errors.New("a review that cannot be read")
	}
	return found, root, err
}
