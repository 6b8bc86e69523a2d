package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"

	"docket/review"
)

// Deliveries with a state are found from the payloads in that state, of which there are few,
// unless the state is the one in which all end.
const (
	deliverySelect = `
		SELECT d.id, p.id, d.event, p.read_as, p.sha256, p.size, d.at, d.last_at, d.secret, d.attempt, d.first_at, d.repeats, p.state,
		       CASE d.clash WHEN '' THEN p.reason ELSE d.clash END `
	deliveriesAll = deliverySelect + `
		FROM delivery d JOIN payload p ON p.id = d.payload WHERE d.id < ?1 ORDER BY d.id DESC LIMIT ?2`
	deliveriesAbsorbed = deliverySelect + `
		FROM delivery d CROSS JOIN payload p ON p.id = d.payload WHERE d.id < ?1 AND p.state = 'absorbed' ORDER BY d.id DESC LIMIT ?2`
	deliveriesKept = deliverySelect + `
		FROM payload p CROSS JOIN delivery d ON d.payload = p.id WHERE p.state = 'kept' AND p.id < ?1 ORDER BY p.id DESC LIMIT ?2`
	deliveriesQuarantined = deliverySelect + `
		FROM payload p CROSS JOIN delivery d ON d.payload = p.id WHERE p.state = 'quarantined' AND p.id < ?1 ORDER BY p.id DESC LIMIT ?2`
)

// Deliveries lists webhook receipts, newest first, with the cursor of the next page ("" on the
// last). A cursor that is none, or a state that is none, is review.ErrNotFound.
func (db *DB) Deliveries(ctx context.Context, q review.DeliveryQuery) (found []review.Delivery, next string, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 200)
	query := deliveriesAll
	byPayload := false
	switch q.State {
	case "":
	case review.DeliveryAbsorbed:
		query = deliveriesAbsorbed
	case review.DeliveryKept:
		query, byPayload = deliveriesKept, true
	case review.DeliveryQuarantined:
		query, byPayload = deliveriesQuarantined, true
	default:
		return nil, "", review.ErrNotFound
	}
	after := int64(math.MaxInt64)
	if q.After != "" {
		if after, err = strconv.ParseInt(q.After, 10, 64); err != nil {
			return nil, "", review.ErrNotFound
		}
	}
	var last int64
	err = db.read(ctx, "deliveries", func(a *act) error {
		return a.each(query, []any{after, limit + 1}, func(scan func(...any) error) error {
			var d review.Delivery
			var payload int64
			var event sql.NullString
			err := scan(&d.ID, &payload, &event, &d.ReadAs, hashColumn{&d.Payload}, &d.Bytes, timeColumn{&d.ReceivedAt}, timeColumn{&d.LastAt},
				&d.Secret, &d.Attempt, timeColumn{&d.FirstAt}, &d.Repeats, &d.State, &d.Problem)
			d.Event = event.String
			if len(found) == limit {
				next = strconv.FormatInt(last, 10)
				return err
			}
			if last = int64(d.ID); byPayload {
				last = payload
			}
			found = append(found, d)
			return err
		})
	})
	if err != nil {
		return nil, "", err
	}
	return found, next, nil
}

// Requeue takes a payload out of quarantine so that it is read again: a newer docket may be able
// to. review.ErrNotFound when there is none such, review.ErrConflict when it does not lie in
// quarantine or lies there because it clashes with another delivery. Leads and admins may.
func (db *DB) Requeue(ctx context.Context, hash review.Hash, by review.ColleagueID) error {
	return db.write(ctx, "requeue", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		id, err := a.payloadID(hash)
		if err != nil {
			return err
		}
		n, err := a.changes(`
			UPDATE payload SET state = 'kept', reason = '', read_as = '', event = ''
			WHERE id = ? AND state = 'quarantined' AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.payload = payload.id AND d.clash <> '')`, id)
		if err != nil || n == 1 {
			return err
		}
		return errors.Join(review.ErrConflict, errors.New("it does not wait to be read again"))
	})
}
