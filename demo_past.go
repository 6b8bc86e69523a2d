package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
)

// happening is something that comes about at an instant of the past.
type happening struct {
	at time.Time
	do func() error
}

// past lets twelve weeks go by: reviews open and are decided, each in its time. What before brought
// comes a month ago, among them.
func (d *demo) past(ctx context.Context, db *store.DB, o sandbox.Options, hash string, before [][]byte) error {
	for _, p := range []review.Colleague{{ID: "yara", Name: "Yara Okonjo", Role: review.RoleReviewer}, {ID: "arvid", Name: "Arvid Sorensen", Role: review.RoleReviewer}} {
		if err := db.AddColleague(ctx, p, hash, ""); err != nil {
			return err
		}
	}
	d.stories = map[review.TransactionID]*pastStory{}
	var echoes [][]byte // what Persona makes of decisions comes with what comes next
	var all []happening
	for i, told := range sandbox.Past(o, pastOf(o)) {
		s := &pastStory{i: i}
		d.stories[review.TransactionID(told.Transaction)] = s
		all = append(all, happening{told.At.Add(time.Minute), func() error {
			if err := absorb(ctx, db, slices.Values(append(echoes, told.Payloads...))); err != nil {
				return err
			}
			echoes = nil
			f, err := db.TransactionFile(ctx, review.TransactionID(told.Transaction))
			if err == nil && len(f.Reviews) == 0 {
				err = fmt.Errorf("demo: %s did not open a review", told.Transaction)
			}
			if err == nil {
				s.review = f.Reviews[0].ID
			}
			return err
		}}, happening{atWork(told.At.Add(decidedAfter(i)), d.now), func() error {
			outcome, err := d.judgePast(ctx, db, s)
			if err != nil {
				return fmt.Errorf("demo: judge %s: %w", s.review, err)
			}
			s.status = map[review.Outcome]string{review.Approve: "approved", review.Decline: "declined"}[outcome]
			echoes = append(echoes, told.After(s.status, d.time())...)
			if i < 12 || i%2 == 0 {
				return nil // before there is something to look at twice, and on other days
			}
			d.pass(12 * time.Minute)
			return d.secondLook(ctx, db, []review.ColleagueID{"lead", "yara", "admin", "arvid", "reviewer"}[i%5], i%36 == 21)
		}})
	}
	all = append(all, happening{d.now.Add(-31 * 24 * time.Hour), func() error {
		if err := absorb(ctx, db, slices.Values(before)); err != nil {
			return err
		}
		return d.month(ctx, db)
	}})
	slices.SortStableFunc(all, func(x, y happening) int { return cmp.Compare(x.at.UnixNano(), y.at.UnixNano()) })
	for _, h := range all {
		d.pass(h.at.Sub(d.time()))
		if err := h.do(); err != nil {
			return err
		}
	}
	return absorb(ctx, db, slices.Values(echoes))
}

// pastStory is what became of one review of the past.
type pastStory struct {
	i      int
	review review.ReviewID
	status string // that the transaction has by now
}

// pastOf is how many reviews the past has: a small demo has a short one.
func pastOf(o sandbox.Options) int { return min(o.Transactions/2, 100) }

// decidedAfter is how long a review of the past waited: mostly hours or a day or two, seldom a week.
func decidedAfter(i int) time.Duration {
	hours := []int{3, 26, 7, 51, 18, 5, 74, 29, 11, 98, 4, 46, 22, 9, 121, 33, 6, 55, 14, 80, 27, 2, 148, 39, 8, 189}
	return time.Duration(hours[i*7%len(hours)])*time.Hour + time.Duration(i*17%60)*time.Minute
}

// atWork moves an instant to the next one at which people are at work, some hours before now at the latest.
func atWork(t, now time.Time) time.Time {
	switch h := t.Hour(); {
	case h < 7:
		t = t.Add(time.Duration(7-h) * time.Hour)
	case h >= 17:
		t = t.Add(time.Duration(31-h) * time.Hour)
	}
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.Add(24 * time.Hour)
	}
	if last := now.Add(-20 * time.Hour); t.After(last) {
		return last
	}
	return t
}

// judgePast decides a review as a colleague did in the past: mostly by what the comparison tells apart,
// else by a document; sometimes the match is true, sometimes nothing tells.
func (d *demo) judgePast(ctx context.Context, db *store.DB, s *pastStory) (review.Outcome, error) {
	by := []review.ColleagueID{"yara", "reviewer", "arvid", "lead", "reviewer", "yara", "arvid"}[s.i%7]
	if _, err := db.Claim(ctx, s.review, by, false); err != nil {
		return "", err
	}
	file, err := db.ReviewFile(ctx, s.review)
	if err != nil {
		return "", err
	}
	parties, err := review.CompareParties(file.Dossier, review.ComparatorVersion)
	if err != nil {
		return "", err
	}
	decision := review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Evidence: file.Review.Evidence.String()}
	if len(file.Dossier.OpenMatches()) == 0 {
		decision.Reason = review.ReasonNoMatch
	}
	for k, c := range parties {
		form := s.finding(c, k)
		if len(form.Matches) == 0 {
			continue
		}
		switch form.Finding {
		case review.TrueMatch:
			decision.Outcome, decision.Reason, decision.Note = review.Decline, review.ReasonTrueMatch, "The register names the same person; the address is the same."
		case review.CannotTell:
			if decision.Reason != review.ReasonTrueMatch {
				decision.Outcome, decision.Reason, decision.Note = review.Decline, review.ReasonCannotTell, "The customer did not send what was asked for."
			}
		}
		form.Evidence = decision.Evidence
		d.pass(2 * time.Minute)
		if _, err := db.Dispose(ctx, s.review, by, form); err != nil {
			return "", err
		}
	}
	d.pass(2 * time.Minute)
	made, err := db.Decide(ctx, s.review, by, decision)
	if err != nil || !made.Second {
		return decision.Outcome, err
	}
	if s.i%31 == 5 { // sent back once: then the note says what was missing
		d.pass(26 * time.Minute)
		back := review.ApprovalForm{Answer: review.AnswerReturn, Evidence: decision.Evidence, Note: "Say what was asked for, and when."}
		if _, err := db.Approve(ctx, s.review, "admin", back); err != nil {
			return "", err
		}
		decision.Note += " Asked by letter twice, two weeks apart."
		d.pass(31 * time.Minute)
		if _, err := db.Claim(ctx, s.review, by, false); err != nil {
			return "", err
		}
		if made, err = db.Decide(ctx, s.review, by, decision); err != nil {
			return "", err
		}
	}
	d.pass(19 * time.Minute)
	return decision.Outcome, agrees(ctx, db, made)
}

// finding is what was found of the k-th party of a review.
func (s *pastStory) finding(c review.ComparedParty, k int) review.DispositionForm {
	form := finding(c)
	switch {
	case k == 0 && s.i%19 == 4:
		form = review.DispositionForm{Matches: form.Matches, Finding: review.TrueMatch, Reason: review.ReasonDocument, Note: "The register gives the same birth date and address."}
	case form.Finding == review.CannotTell && (s.i+k)%3 != 0:
		notes := []string{"Passport read: another birthplace.", "The article shows a photograph; another person.", "The firm's register gives other parents' names.", "Identity card and selfie against the list's picture: another person."}
		form = review.DispositionForm{Matches: form.Matches, Finding: review.FalsePositive, Reason: review.ReasonDocument, Premises: []string{string(review.PremiseOther)},
			Note: notes[(s.i+k)%len(notes)]}
	}
	return form
}

// retained shows what becomes of subjects in the end: one is held, one is asked for and waits for a
// second person, and one is gone.
func (d *demo) retained(ctx context.Context, db *store.DB) error {
	var cleared []*pastStory
	for _, s := range d.stories {
		if s.status == "approved" {
			cleared = append(cleared, s)
		}
	}
	if len(cleared) < 3 {
		return nil // a small demo has nobody left for it
	}
	slices.SortFunc(cleared, func(x, y *pastStory) int { return cmp.Compare(x.i, y.i) })
	if i := slices.IndexFunc(cleared, func(s *pastStory) bool { return s.i%14 == 2 }); i > 0 { // found in the news: no list goes with it
		cleared[0], cleared[i] = cleared[i], cleared[0]
	}
	ask := func(s *pastStory, by review.ColleagueID, ground review.ErasureGround, words string) (review.EntryID, error) {
		subject, err := db.FindSubject(ctx, s.review.String())
		if err != nil {
			return 0, err
		}
		return db.AskErasure(ctx, by, review.ErasureForm{Subjects: []review.SubjectID{subject}, Ground: ground, Words: words})
	}
	if _, err := db.SetHold(ctx, "lead", review.HoldForm{Object: cleared[1].review.String(), Words: "The prosecutor's office asked in writing that everything about this customer be kept."}); err != nil {
		return fmt.Errorf("demo: hold: %w", err)
	}
	d.pass(17 * time.Minute)
	gone, err := ask(cleared[0], "admin", review.GroundMistake, "A test of our own with somebody else's papers: it should never have been screened.")
	if err != nil {
		return fmt.Errorf("demo: ask for an erasure: %w", err)
	}
	d.pass(3 * time.Hour)
	asked, _, _, err := db.ErasureRequest(ctx, gone)
	if err != nil {
		return err
	}
	if err := db.AnswerErasure(ctx, gone, "lead", review.ErasureAgree, asked.List.String(), ""); err != nil {
		return fmt.Errorf("demo: agree to an erasure: %w", err)
	}
	if _, err := db.Erase(ctx); err != nil {
		return err
	}
	cleared[0].status = "" // Persona has them no longer either
	d.pass(time.Hour)
	_, err = ask(cleared[2], "admin", review.GroundRequest, "The customer left and asks that we forget them; the account was never opened.")
	return err
}
