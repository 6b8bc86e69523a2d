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
	decision review.EntryID // the one that holds, 0 none
	outcome  review.Outcome
	at       time.Time // of the decision that holds
	judged   []review.MatchKey
	status   string // that opened it, for the trail
	fresh    bool   // to be inserted
	changed  bool   // to be updated
	reopened bool   // to be told in the trail
	ended    bool   // to be told in the trail: it closed from outside
}

// txnReviews is one transaction whose reviews are being reconciled.
type txnReviews struct {
	*node
	status   string    // newest, verbatim
	at       time.Time // of the newest state
	entered  time.Time // since when it has a status of that meaning
	episodes []review.Episode
	history  []review.StatusAt
	rows     []*reviewRow // by opening
	queued   bool         // the queue may hold rows of it
	summary  *summary
}

// reviewsPerRound bounds how many dossiers are in memory at once.
const reviewsPerRound = 64

// reconcile brings the reviews and queue rows of some transactions up to their states, and
// says how many reviews it opened.
func (b *absorption) reconcile(txns []*node) (int, error) {
	all, err := b.loadReviews(txns)
	if err != nil {
		return 0, err
	}
	var busy []*txnReviews
	for _, t := range all {
		if err := b.readStatus(t); err != nil {
			return 0, err
		}
		if len(t.episodes) > 0 || len(t.rows) > 0 || t.queued || b.db.statuses.IsFallback(t.status) {
			t.plan(b.db.statuses)
			busy = append(busy, t)
		}
	}
	var fresh []*txnReviews
	for round := range slices.Chunk(busy, reviewsPerRound) {
		if err := b.summarize(round); err != nil {
			return 0, err
		}
	}
	var opened []*reviewRow
	for _, t := range busy {
		for _, r := range t.rows {
			if r.fresh {
				opened = append(opened, r)
				fresh = append(fresh, t)
			}
		}
	}
	slices.SortFunc(opened, func(x, y *reviewRow) int {
		return cmp.Or(x.OpenedAt.Compare(y.OpenedAt), cmp.Compare(x.Transaction, y.Transaction))
	})
	ids := make(map[review.TransactionID]int64, len(fresh))
	for _, t := range fresh {
		ids[review.TransactionID(t.rid)] = t.id
	}
	for _, r := range opened {
		if err := b.openReview(r, ids[r.Transaction]); err != nil {
			return 0, err
		}
	}
	for _, t := range busy {
		for _, r := range t.rows {
			if err := b.saveReview(r); err != nil {
				return 0, err
			}
		}
		if err := b.project(t); err != nil {
			return 0, err
		}
	}
	return len(opened), b.findable()
}

// loadReviews pairs transactions with their reviews. Those without a new state of their own and
// without any row in the queue are left out: nothing of them can read otherwise.
func (b *absorption) loadReviews(txns []*node) ([]*txnReviews, error) {
	all := make([]*txnReviews, 0, len(txns))
	byID := make(map[int64]*txnReviews, len(txns))
	var ask []int64
	for _, n := range txns {
		t := &txnReviews{node: n}
		byID[n.id] = t
		all = append(all, t)
		if !n.fresh {
			ask = append(ask, n.id)
		}
	}
	if len(ask) > 0 {
		if err := b.each(`SELECT q.txn FROM json_each(?) j JOIN queue q ON q.txn = j.value`, []any{numbers(ask)},
			func(scan func(...any) error) error {
				var txn int64
				err := scan(&txn)
				byID[txn].queued = true
				return err
			}); err != nil {
			return nil, err
		}
		if err := b.reviewRows(ask, func(txn int64, r *reviewRow) { byID[txn].rows = append(byID[txn].rows, r) }); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(t *txnReviews) bool { return !t.stirs && !t.queued && len(t.rows) == 0 }), nil
}

// reviewRows reads the reviews of some transactions, in the order of their opening.
func (a *act) reviewRows(txns []int64, put func(txn int64, r *reviewRow)) error {
	return a.each(`
		SELECT r.txn, t.rid, r.id, r.opening, r.opened_at, r.state, r.closed_at, r.closing, r.left_status,
		       c.by_, p.name, c.at, c.until, d.entry, d.outcome, d.at, e.matches, q.evidence
		FROM json_each(?) j JOIN review r ON r.txn = j.value JOIN resource t ON t.id = r.txn
		LEFT JOIN claim c ON c.review = r.id LEFT JOIN colleague p ON p.id = c.by_
		LEFT JOIN decision d ON d.entry = (SELECT max(x.entry) FROM decision x WHERE x.review = r.id)
		LEFT JOIN entry e ON e.id = d.entry
		LEFT JOIN queue q ON q.id = r.id
		ORDER BY r.txn, r.opened_at, r.id`, []any{numbers(txns)}, func(scan func(...any) error) error {
		var txn int64
		r := &reviewRow{}
		var by, name, outcome sql.NullString
		var entry sql.NullInt64
		var judged sql.NullString
		err := scan(&txn, &r.Transaction, &r.ID, &r.Opening, timeColumn{&r.OpenedAt}, &r.State, timeColumn{&r.ClosedAt},
			&r.Closing, &r.LeftStatus, &by, &name, timeColumn{&r.Claim.At}, timeColumn{&r.Claim.Until},
			&entry, &outcome, timeColumn{&r.at}, &judged, hashColumn{&r.Evidence})
		if err != nil {
			return err
		}
		r.Claim.By, r.Claim.Name = review.ColleagueID(by.String), name.String
		r.decision, r.outcome = review.EntryID(entry.Int64), review.Outcome(outcome.String)
		put(txn, r)
		return listColumn[review.MatchKey]{&r.judged}.Scan(judged.String)
	})
}

// readStatus reads the statuses of a transaction and writes its newest one.
func (b *absorption) readStatus(t *txnReviews) error {
	if err := b.readHistory(t); err != nil || !t.stirs {
		return err
	}
	_, err := b.exec(`
		INSERT INTO txn (resource, status, updated_at) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET status = excluded.status, updated_at = excluded.updated_at`, t.id, t.status, millis(t.at))
	return err
}

// readHistory reads the statuses of a transaction, from memory when it is new.
func (a *act) readHistory(t *txnReviews) error {
	points := sortPoints(t.points)
	if !t.fresh {
		var err error
		if points, err = a.statusPoints(t.id); err != nil {
			return err
		}
	}
	t.history = history(points)
	t.episodes = a.db.statuses.Episodes(t.history)
	if n := len(points); n > 0 {
		t.status, t.at = points[n-1].status, t.history[n-1].At
		t.entered = t.at
		for i := n - 1; i >= 0 && a.db.statuses.IsFallback(points[i].status); i-- {
			t.entered = t.history[i].At
		}
	}
	return nil
}

// plan gives every episode its review and every review its state. A review belongs to the last
// episode that began no later than it, so a late arrival that splits an episode leaves the
// review with the first part, as a timely one would have.
func (t *txnReviews) plan(statuses review.Statuses) {
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
			r := &reviewRow{fresh: true, status: t.statusAt(e.Opened, statuses)}
			r.Transaction, r.Opening, r.State = review.TransactionID(t.rid), review.OpeningStatus, review.StateOpen
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

func (t *txnReviews) sortRows() {
	slices.SortStableFunc(t.rows, func(x, y *reviewRow) int { return x.OpenedAt.Compare(y.OpenedAt) })
}

// episodeOf finds the episode of a review, -1 when there is none. Of episodes that began at one
// instant each gets one.
func (t *txnReviews) episodeOf(r *reviewRow, of [][]*reviewRow) int {
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

func (t *txnReviews) statusAt(at time.Time, statuses review.Statuses) string {
	for _, h := range t.history {
		if h.At.Equal(at) && statuses.IsReview(h.Status) {
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

// comeBack opens a review of a running episode that was decided, when there is an open match
// that the decision never saw.
func (t *txnReviews) comeBack() {
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
	r.Transaction, r.Opening, r.State, r.OpenedAt = last.Transaction, review.OpeningMatches, review.StateOpen, since
	t.rows = append(t.rows, r)
	t.sortRows()
}

// openReview inserts a new review.
func (a *act) openReview(r *reviewRow, txn int64) error {
	id, err := a.insert(`
		INSERT INTO review (txn, opening, opened_at, state, closed_at, closing, left_status) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		txn, r.Opening, millis(r.OpenedAt), r.State, nullMillis(r.ClosedAt), r.Closing, r.LeftStatus)
	if err != nil {
		return err
	}
	r.ID = review.ReviewID(id)
	_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewOpened, Status: r.status})
	if err == nil && r.ended {
		_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewClosed, Status: r.LeftStatus})
	}
	return err
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
	switch {
	case r.ended:
		if _, err := a.exec(`DELETE FROM claim WHERE review = ?`, r.ID); err != nil {
			return err
		}
		_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewClosed, Status: r.LeftStatus})
	case r.reopened:
		_, err = a.record(review.Entry{Review: r.ID, Act: review.ActReviewOpened, Status: r.status})
	}
	return err
}

// review reads one review; review.ErrNotFound when there is none.
func (a *act) review(id review.ReviewID) (*reviewRow, int64, error) {
	var txn int64
	if err := a.one(`SELECT txn FROM review WHERE id = ?`, []any{id}, &txn); err != nil {
		return nil, 0, err
	}
	var found *reviewRow
	err := a.reviewRows([]int64{txn}, func(_ int64, r *reviewRow) {
		if r.ID == id {
			found = r
		}
	})
	if err == nil && found == nil {
		err = errors.New("a review that cannot be read")
	}
	return found, txn, err
}
