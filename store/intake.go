package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"docket/review"
)

// How long it may be quiet is half as much again as the longest quiet of late, if enough came to
// say; less than the floor is never worth a word.
const (
	msPerHour   = 3_600_000
	hoursShown  = 48
	usualOver   = 7 * 24 // hours
	usualNeeds  = 20     // receipts within them
	usualFloor  = 15 * time.Minute
	intakeCount = 10_000 // quarantined payloads whose hours are told apart
)

// Intake sums up what arrives and what waits. It reads counters and hours, never the deliveries.
// Usual is 1.5 times the longest time without a delivery within the 7 days before the newest one,
// at least 15 minutes, and 0 when fewer than 20 came in them: a long outage stays late however
// long it lasts. Whoever looks on a first weekend is told of a quiet that the second finds usual.
func (db *DB) Intake(ctx context.Context) (review.Intake, error) {
	var in review.Intake
	err := db.read(ctx, "intake", func(a *act) error {
		last, err := a.lastDelivery()
		if err != nil {
			return err
		}
		if in.LastAt = instant(last); last != 0 {
			in.Quiet = max(0, a.now.Sub(in.LastAt))
		}
		if err := a.hours(&in); err != nil {
			return err
		}
		err = a.one(`SELECT (SELECT count(*) FROM payload WHERE state = 'kept'), (SELECT count(*) FROM payload WHERE state = 'quarantined')`,
			nil, &in.Unread, &in.Quarantined)
		if err != nil {
			return err
		}
		if err := a.liveCounts(&in); err != nil {
			return err
		}
		if err := a.signers(&in); err != nil {
			return err
		}
		in.Synced, err = a.synced()
		return err
	})
	if err != nil {
		return review.Intake{}, err
	}
	return in, nil
}

// hours reads the last 48 hours and how long it is usually quiet.
func (a *act) hours(in *review.Intake) error {
	this := a.now.UnixMilli() / msPerHour
	first := this - hoursShown + 1
	in.Hours = make([]review.HourCount, hoursShown)
	for i := range in.Hours {
		in.Hours[i].Hour = instant((first + int64(i)) * msPerHour)
	}
	week := in.LastAt.UnixMilli()/msPerHour - usualOver
	received, quiet := 0, int64(0)
	err := a.each(`SELECT hour, deliveries, repeats, quiet FROM delivery_hour WHERE hour > min(?1, ?2) AND hour <= ?3`, []any{week, first - 1, this},
		func(scan func(...any) error) error {
			var hour, silence int64
			var deliveries, repeats int
			err := scan(&hour, &deliveries, &repeats, &silence)
			if hour > week {
				received += deliveries + repeats
				quiet = max(quiet, silence)
			}
			if i := hour - first; i >= 0 {
				in.Hours[i].Deliveries, in.Hours[i].Repeats = deliveries, repeats
			}
			return err
		})
	if err != nil {
		return err
	}
	if received >= usualNeeds {
		in.Usual = max(usualFloor, time.Duration(quiet)*time.Millisecond*3/2)
	}
	return a.each(`
		SELECT d.at / 3600000, count(*) FROM (SELECT id FROM payload WHERE state = 'quarantined' ORDER BY id DESC LIMIT ?) p
		JOIN delivery d ON d.payload = p.id WHERE d.at >= ? GROUP BY 1`, []any{intakeCount, first * msPerHour},
		func(scan func(...any) error) error {
			var hour int64
			var n int
			err := scan(&hour, &n)
			if i := hour - first; i >= 0 && i < hoursShown {
				in.Hours[i].Quarantined = n
			}
			return err
		})
}

// signers reads which secrets signed: as many as were ever configured.
func (a *act) signers(in *review.Intake) error {
	return a.each(`SELECT secret, since, last_at FROM signer ORDER BY since DESC, secret`, nil, func(scan func(...any) error) error {
		var s review.Signer
		err := scan(&s.Secret, timeColumn{&s.Since}, timeColumn{&s.LastAt})
		in.Signers = append(in.Signers, s)
		return err
	})
}

// liveCounts reads how many errands and pushes are in which state.
func (a *act) liveCounts(in *review.Intake) error {
	return a.each(`SELECT what, state, n FROM live_counter`, nil, func(scan func(...any) error) error {
		var what, state string
		var n int
		err := scan(&what, &state, &n)
		switch e, p := review.ErrandState(state), review.PushState(state); {
		case what == "errand" && e == review.ErrandWaiting:
			in.Errands.Waiting = n
		case what == "errand" && e == review.ErrandDone:
			in.Errands.Done = n
		case what == "errand" && e == review.ErrandFailed:
			in.Errands.Failed = n
		case p == review.PushWaiting:
			in.Pushes.Waiting = n
		case p == review.PushSent:
			in.Pushes.Sent = n
		case p == review.PushRefused:
			in.Pushes.Refused = n
		case p == review.PushDiverged:
			in.Pushes.Diverged = n
		case p == review.PushAcknowledged, p == review.PushDropped:
			in.Pushes.Settled += n
		}
		return err
	})
}

// SetSynced remembers what the last reconciliation with Persona found.
func (db *DB) SetSynced(ctx context.Context, s review.Synced) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return db.write(ctx, "synced", func(a *act) error { return a.set(settingSynced, string(b)) })
}

func (a *act) synced() (review.Synced, error) {
	var s review.Synced
	text, err := a.setting(settingSynced)
	if errors.Is(err, review.ErrNotFound) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	return s, err
}
