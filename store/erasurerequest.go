package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// ErasureRequest is one request to erase some subjects, and what became of it.
type ErasureRequest struct {
	Entry       review.EntryID
	Ground      review.ErasureGround
	Words       string // "" once erased
	By          review.ColleagueID
	ByName      string
	At          time.Time
	Subjects    int
	Goes        review.Goes // as it was asked for
	List        review.Hash
	Answer      review.ErasureAnswer // "" it waits for a second person
	AnswerEntry review.EntryID
	Answered    review.ColleagueID
	AnswerName  string
	AnsweredAt  time.Time
	AnswerSays  string // the words of a refusal; "" once erased
	Erased      int    // subjects that are
	Kept        int    // subjects that something came between
}

// Done says that nothing of it is left to be done.
func (r ErasureRequest) Done() bool {
	return r.Answer == review.ErasureRefuse || r.Answer == review.ErasureAgree && r.Erased+r.Kept == r.Subjects
}

// ErasureSubject is one subject of a request.
type ErasureSubject struct {
	Subject review.SubjectID
	Roots   []review.Ref
	Reviews []review.ReviewID
	State   string // asked, erased, kept
	Goes    review.Goes
}

// AskErasure asks that the personal data of some subjects go. Only leads and admins may, and nothing
// goes before another of them agrees. *review.Invalid: a subject is on hold, has an open review, is
// part of another request, or its earliest date of deletion has not come and that was the ground.
func (db *DB) AskErasure(ctx context.Context, by review.ColleagueID, form review.ErasureForm) (review.EntryID, error) {
	var entry review.EntryID
	form.Subjects = slices.Clone(form.Subjects)
	slices.Sort(form.Subjects)
	form.Subjects = slices.Compact(form.Subjects)
	err := db.write(ctx, "ask erasure", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		if _, err := a.lead(by); err != nil {
			return err
		}
		if err := form.Check(); err != nil {
			return err
		}
		plans, err := a.plans(form.Subjects)
		if err != nil {
			return err
		}
		if err := a.mayGo(plans, form.Ground); err != nil {
			return err
		}
		list, err := digestOf(plans)
		if err != nil {
			return err
		}
		detail := map[string]string{review.DetailErasure: "asked", review.DetailGround: string(form.Ground),
			"subjects": strconv.Itoa(len(plans)), "list": list.String()}
		if entry, err = a.record(review.Entry{Act: review.ActErasure, By: by, Note: strings.TrimSpace(form.Words), Detail: detail}); err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO erasure_request (entry, by_, at, ground, subjects, list) VALUES (?, ?, ?, ?, ?, ?)`,
			entry, by, a.now.UnixMilli(), form.Ground, len(plans), list[:]); err != nil {
			return err
		}
		for _, p := range plans {
			goes, err := json.Marshal(p.goes)
			if err != nil {
				return err
			}
			if _, err := a.exec(`INSERT INTO erasure_subject (request, subject, roots, state, goes) VALUES (?, ?, ?, 'asked', ?)`,
				entry, p.id, numbers(p.roots), string(goes)); err != nil {
				return err
			}
		}
		return nil
	})
	return entry, err
}

func (a *act) plans(subjects []review.SubjectID) ([]plan, error) {
	plans := make([]plan, 0, len(subjects))
	for _, id := range subjects {
		p, err := a.planOf(id)
		if errors.Is(err, review.ErrNotFound) {
			return nil, invalidSubject("Nobody is known as " + id.String() + ", or nothing of theirs is left")
		}
		if err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

func invalidSubject(text string) error {
	return &review.Invalid{Problems: []review.Problem{{Field: "subject", Text: text}}}
}

// mayGo says what stands in the way of a request.
func (a *act) mayGo(plans []plan, ground review.ErasureGround) error {
	policy, err := a.policy()
	if err != nil {
		return err
	}
	for _, p := range plans {
		who := p.refs[0].String()
		if p.blocked != "" {
			return invalidSubject(who + ": " + p.blocked)
		}
		var asked bool
		err := a.one(`
			SELECT EXISTS (SELECT 1 FROM erasure_subject s LEFT JOIN erasure_answer w ON w.request = s.request
			WHERE s.subject = ? AND s.state = 'asked' AND w.answer IS NOT 'refuse')`, []any{p.id}, &asked)
		if err != nil {
			return err
		}
		if asked {
			return invalidSubject(who + ": another request is about it already")
		}
		due := time.Time{}
		if keep := policy.Keeps(p.class); keep > 0 && p.ended > 0 {
			due = instant(p.ended).Add(keep)
		}
		if ground == review.GroundRetention && (due.IsZero() || due.After(a.now)) {
			return invalidSubject(who + ": its earliest date of deletion has not come; choose another ground if there is one")
		}
	}
	return nil
}

// AnswerErasure is what a second person says to a request: a lead or an admin who did not ask for it, and
// is not bound to who did (*review.BondError).
// Whoever asked may only take it back, which is a refusal. Agreeing names the list that the page
// showed; when what would go has changed since it was asked for, the answer is review.ErrStale and
// nothing is recorded. review.ErrConflict: it was answered before. Once agreed to, Erase does it: there
// is no way back.
func (db *DB) AnswerErasure(ctx context.Context, request review.EntryID, by review.ColleagueID, answer review.ErasureAnswer, list, words string) error {
	return db.write(ctx, "answer erasure", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		if _, err := a.lead(by); err != nil {
			return err
		}
		r, err := a.erasureRequest(request)
		if err != nil {
			return err
		}
		if r.Answer != "" {
			return review.ErrConflict
		}
		detail := map[string]string{review.DetailErasure: string(answer), review.DetailAsked: strconv.FormatInt(int64(request), 10)}
		switch answer {
		case review.ErasureAgree:
			if by == r.By {
				return review.ErrForbidden
			}
			if _, err := a.lead(r.By); errors.Is(err, review.ErrForbidden) { // whoever asked may no longer ask
				return review.ErrStale
			} else if err != nil {
				return err
			}
			if err := a.mustBeTwo(r.By, by, review.BondedTo); err != nil {
				return err
			}
			now, err := a.listNow(request, r.Ground)
			if err != nil {
				return err
			}
			if now != r.List || list != r.List.String() {
				return review.ErrStale
			}
			detail["list"] = list
		case review.ErasureRefuse:
			if err := (review.HoldForm{Object: "-", Words: words}).Check(); err != nil {
				return err
			}
		default:
			return &review.Invalid{Problems: []review.Problem{{Field: "answer", Text: "Choose to agree or to refuse"}}}
		}
		entry, err := a.record(review.Entry{Act: review.ActErasure, By: by, Note: strings.TrimSpace(words), Answers: request, Detail: detail})
		if err != nil {
			return err
		}
		_, err = a.exec(`INSERT INTO erasure_answer (request, entry, answer, by_, at, list) VALUES (?, ?, ?, ?, ?, ?)`,
			request, entry, answer, by, a.now.UnixMilli(), r.List[:])
		return err
	})
}

// listNow is the digest of what a request would take now; review.ErrStale when something stands in
// its way.
func (a *act) listNow(request review.EntryID, ground review.ErasureGround) (review.Hash, error) {
	ids, err := a.ids(`SELECT subject FROM erasure_subject WHERE request = ? ORDER BY subject`, request)
	if err != nil {
		return review.Hash{}, err
	}
	plans := make([]plan, 0, len(ids))
	for _, id := range ids {
		p, err := a.planOf(review.SubjectID(id))
		switch {
		case errors.Is(err, review.ErrNotFound), err == nil && p.blocked != "":
			return review.Hash{}, review.ErrStale
		case err != nil:
			return review.Hash{}, err
		}
		plans = append(plans, p)
	}
	return digestOf(plans)
}

const requestSelect = `
	SELECT q.entry, q.ground, e.note, q.by_, e.by_name, q.at, q.subjects, q.list, ifnull(w.answer, ''), ifnull(w.entry, 0), ifnull(w.by_, ''), ifnull(n.by_name, ''), w.at,
	  ifnull(n.note, ''),
	  (SELECT count(*) FROM erasure_subject s WHERE s.request = q.entry AND s.state = 'erased'),
	  (SELECT count(*) FROM erasure_subject s WHERE s.request = q.entry AND s.state = 'kept')
	FROM erasure_request q JOIN entry e ON e.id = q.entry LEFT JOIN erasure_answer w ON w.request = q.entry LEFT JOIN entry n ON n.id = w.entry `

// ErasureRequests lists requests, newest first.
func (db *DB) ErasureRequests(ctx context.Context, limit int) ([]ErasureRequest, error) {
	var all []ErasureRequest
	err := db.read(ctx, "erasure requests", func(a *act) (err error) {
		all, err = a.erasureRequests(requestSelect+`ORDER BY q.entry DESC LIMIT ?`, limit)
		return err
	})
	return all, err
}

// ErasureRequest gives a request with its subjects; review.ErrNotFound when there is none. Changed
// says that it waits and what would go is not what was asked for any more.
func (db *DB) ErasureRequest(ctx context.Context, request review.EntryID) (r ErasureRequest, subjects []ErasureSubject, changed bool, err error) {
	err = db.read(ctx, "erasure request", func(a *act) error {
		if r, err = a.erasureRequest(request); err != nil {
			return err
		}
		if subjects, err = a.erasureSubjects(request); err != nil || r.Answer != "" {
			return err
		}
		now, err := a.listNow(request, r.Ground)
		changed = err == nil && now != r.List || errors.Is(err, review.ErrStale)
		if changed {
			return nil
		}
		return err
	})
	return r, subjects, changed, err
}

func (a *act) erasureRequest(request review.EntryID) (ErasureRequest, error) {
	all, err := a.erasureRequests(requestSelect+`WHERE q.entry = ?`, request)
	if err != nil {
		return ErasureRequest{}, err
	}
	if len(all) == 0 {
		return ErasureRequest{}, review.ErrNotFound
	}
	return all[0], nil
}

func (a *act) erasureRequests(query string, args ...any) ([]ErasureRequest, error) {
	var all []ErasureRequest
	err := a.each(query, args, func(scan func(...any) error) error {
		var r ErasureRequest
		err := scan(&r.Entry, &r.Ground, &r.Words, &r.By, &r.ByName, timeColumn{&r.At}, &r.Subjects, hashColumn{&r.List}, &r.Answer, &r.AnswerEntry, &r.Answered,
			&r.AnswerName, timeColumn{&r.AnsweredAt}, &r.AnswerSays, &r.Erased, &r.Kept)
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := a.each(`SELECT goes FROM erasure_subject WHERE request = ?`, []any{all[i].Entry}, func(scan func(...any) error) error {
			var raw string
			var g review.Goes
			if err := scan(&raw); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(raw), &g)
			all[i].Goes.Add(g)
			return err
		}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (a *act) erasureSubjects(request review.EntryID) ([]ErasureSubject, error) {
	var all []ErasureSubject
	var roots [][]int64
	err := a.each(`SELECT subject, roots, state, goes FROM erasure_subject WHERE request = ? ORDER BY subject`, []any{request},
		func(scan func(...any) error) error {
			var s ErasureSubject
			var of, goes string
			if err := scan(&s.Subject, &of, &s.State, &goes); err != nil {
				return err
			}
			var ids []int64
			err := errors.Join(json.Unmarshal([]byte(of), &ids), json.Unmarshal([]byte(goes), &s.Goes))
			all, roots = append(all, s), append(roots, ids)
			return err
		})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Roots, err = a.refs(roots[i]); err != nil {
			return nil, err
		}
		_, reviews, err := a.newestOf(roots[i])
		if err != nil {
			return nil, err
		}
		for _, id := range reviews {
			all[i].Reviews = append(all[i].Reviews, review.ReviewID(id))
		}
	}
	return all, nil
}

// ErasedReview says by which request two people had the personal data of a review erased.
type ErasedReview struct {
	Request  review.EntryID
	Entry    review.EntryID // erased
	At       time.Time
	Ground   review.ErasureGround
	AskedBy  string // names
	AgreedBy string
}

// ErasedBy gives the newest erasure by two people of what a review is about; nil when there was none.
func (db *DB) ErasedBy(ctx context.Context, id review.ReviewID) (*ErasedReview, error) {
	var found *ErasedReview
	err := db.read(ctx, "erased by", func(a *act) error {
		var e ErasedReview
		err := a.one(`
			SELECT x.request, x.entry, x.at, q.ground, e.by_name, n.by_name
			FROM review r JOIN erased_root x ON x.root = r.root JOIN erasure_request q ON q.entry = x.request JOIN entry e ON e.id = q.entry
			JOIN erasure_answer w ON w.request = q.entry JOIN entry n ON n.id = w.entry
			WHERE r.id = ? ORDER BY x.entry DESC LIMIT 1`, []any{id}, &e.Request, &e.Entry, timeColumn{&e.At}, &e.Ground, &e.AskedBy, &e.AgreedBy)
		if errors.Is(err, review.ErrNotFound) {
			return nil
		}
		found = &e
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("erased by: %w", err)
	}
	return found, nil
}

// SentAgain says how many resources that were erased by two people Persona has sent again since a
// time, and when last: it was never told to erase them.
func (db *DB) SentAgain(ctx context.Context, since time.Time) (n int, last time.Time, err error) {
	err = db.read(ctx, "sent again", func(a *act) error {
		var at sql.NullInt64
		err := a.one(`SELECT count(*), max(again_at) FROM erasure WHERE again_at IS NOT NULL AND again_at >= ?`, []any{since.UnixMilli()}, &n, &at)
		last = instant(at.Int64)
		return err
	})
	return n, last, err
}
