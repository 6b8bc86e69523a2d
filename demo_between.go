package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"time"

	"docket/review"
	"docket/store"
)

// between shows what stands between a finding and its effect: second persons asked, one who returned
// a decision, one whose evidence moved, customers who were asked, a lead who was called, a file.
func (d *demo) between(ctx context.Context, db *store.DB, besides []review.ReviewID) error {
	page, err := db.Queue(ctx, review.QueueQuery{Sort: review.SortNewest, Assignee: "free", Limit: 100})
	if err != nil {
		return err
	}
	steps := []func(context.Context, *store.DB, review.ReviewID) error{
		func(ctx context.Context, db *store.DB, id review.ReviewID) error {
			return d.declines(ctx, db, id, "reviewer")
		},
		func(ctx context.Context, db *store.DB, id review.ReviewID) error {
			return d.declines(ctx, db, id, "admin")
		},
		d.returned, d.fellBack, d.parked, d.escalated, d.attached,
	}
	for _, row := range page.Rows {
		if len(steps) == 0 {
			return nil
		}
		if row.Matches == 0 || row.Transaction == "" || row.Answered > 0 || slices.Contains(besides, row.Review) || row.OpenedAt.After(d.time()) {
			continue
		}
		d.pass(4 * time.Minute)
		if err := steps[0](ctx, db, row.Review); err != nil {
			return fmt.Errorf("demo: %s: %w", row.Review, err)
		}
		steps = steps[1:]
	}
	return nil // a small demo has no review left for some of them
}

// declines has somebody decline a review, which then waits for a second person.
func (d *demo) declines(ctx context.Context, db *store.DB, id review.ReviewID, by review.ColleagueID) error {
	if _, err := db.Claim(ctx, id, by, false); err != nil {
		return err
	}
	file, err := db.ReviewFile(ctx, id)
	if err != nil {
		return err
	}
	evidence := file.Review.Evidence.String()
	for _, p := range review.Parties(file.Dossier) {
		form := review.DispositionForm{Finding: review.TrueMatch, Reason: review.ReasonDocument, Note: "The register names the same person.", Evidence: evidence}
		for _, m := range p.OpenMatches() {
			form.Matches = append(form.Matches, m.Key)
		}
		if len(form.Matches) == 0 {
			continue
		}
		if _, err := db.Dispose(ctx, id, by, form); err != nil {
			return err
		}
	}
	d.pass(3 * time.Minute)
	_, err = db.Decide(ctx, id, by, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch,
		Note: "Same name, same year, and the register gives the same address.", Evidence: evidence})
	return err
}

// agrees has a second person agree to what waits for one.
func agrees(ctx context.Context, db *store.DB, made review.Decision) error {
	if !made.Second {
		return nil
	}
	by := review.ColleagueID("lead")
	if made.By == by {
		by = "admin"
	}
	_, err := db.Approve(ctx, made.Review, by, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: made.Evidence.String()})
	return err
}

func (d *demo) returned(ctx context.Context, db *store.DB, id review.ReviewID) error {
	if err := d.declines(ctx, db, id, "reviewer"); err != nil {
		return err
	}
	file, err := db.ReviewFile(ctx, id)
	if err != nil {
		return err
	}
	d.pass(5 * time.Minute)
	_, err = db.Approve(ctx, id, "lead", review.ApprovalForm{Answer: review.AnswerReturn, Evidence: file.Review.Evidence.String(),
		Note: "The register gives a birth year only. Ask for the document before we decline."})
	return err
}

// fellBack has the evidence of a decision move while it waits: Persona tags the transaction.
func (d *demo) fellBack(ctx context.Context, db *store.DB, id review.ReviewID) error {
	if err := d.declines(ctx, db, id, "reviewer"); err != nil {
		return err
	}
	file, err := db.ReviewFile(ctx, id)
	if err != nil {
		return err
	}
	d.pass(time.Minute)
	for _, p := range file.Payloads {
		_, body, err := db.Payload(ctx, p.Hash)
		if err != nil {
			return err
		}
		moved, ok := tagged(body, string(file.Review.Transaction), d.time())
		if !ok {
			continue
		}
		return absorb(ctx, db, func(yield func([]byte) bool) { yield(moved) })
	}
	return errors.New("no payload holds the transaction")
}

// tagged gives a transaction as it is sent once somebody at Persona put a tag on it.
func tagged(payload []byte, id string, at time.Time) ([]byte, bool) {
	var whole any
	if json.Unmarshal(payload, &whole) != nil {
		return nil, false
	}
	var found map[string]any
	var look func(any)
	look = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if attributes, ok := v["attributes"].(map[string]any); ok && v["id"] == id && v["type"] == "transaction" && attributes["status"] != nil {
				found = map[string]any{"type": v["type"], "id": id, "attributes": attributes}
				if v["relationships"] != nil {
					found["relationships"] = v["relationships"]
				}
				return
			}
			for _, inner := range v {
				look(inner)
			}
		case []any:
			for _, inner := range v {
				look(inner)
			}
		}
	}
	look(whole)
	if found == nil {
		return nil, false
	}
	attributes := found["attributes"].(map[string]any)
	tags, _ := attributes["tags"].([]any)
	attributes["tags"], attributes["updated-at"] = append(tags, "second-look"), at.Format(time.RFC3339Nano)
	moved, err := json.Marshal(map[string]any{"data": found})
	return moved, err == nil
}

// parked has a review wait for the customer.
func (d *demo) parked(ctx context.Context, db *store.DB, id review.ReviewID) error {
	if _, err := db.Claim(ctx, id, "reviewer", false); err != nil {
		return err
	}
	_, err := db.Wait(ctx, id, "reviewer", review.WaitForm{Missing: []review.Fact{review.FactBirthdaySubject}, Note: "Letter sent by the customer team."})
	return err
}

// escalated has a reviewer call a lead.
func (d *demo) escalated(ctx context.Context, db *store.DB, id review.ReviewID) error {
	if _, err := db.Claim(ctx, id, "reviewer", false); err != nil {
		return err
	}
	_, err := db.Escalate(ctx, id, "reviewer", review.EscalationForm{To: "lead", Note: "The two lists contradict each other. Which of them do we follow?"})
	return err
}

// attached has a reviewer add a scan.
func (d *demo) attached(ctx context.Context, db *store.DB, id review.ReviewID) error {
	if _, err := db.Claim(ctx, id, "reviewer", false); err != nil {
		return err
	}
	scan, err := letter()
	if err != nil {
		return err
	}
	_, err = db.Attach(ctx, id, "reviewer", review.AttachmentForm{Name: "employer-letter.png", Body: scan})
	return err
}

// letter draws what looks like a letter from afar.
func letter() ([]byte, error) {
	page := image.NewGray(image.Rect(0, 0, 420, 594))
	for y := range 594 {
		for x := range 420 {
			ink := y > 90 && y < 480 && y%18 < 3 && x > 50 && x < 370-(y*37)%90
			shade := uint8(250)
			if ink || y > 40 && y < 56 && x > 50 && x < 180 {
				shade = 90
			}
			page.SetGray(x, y, color.Gray{shade})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, page)
	return b.Bytes(), err
}
