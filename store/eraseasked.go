package store

import (
	"errors"
	"slices"
	"strconv"

	"docket/review"
)

// eraseAsked erases one subject that two people agreed on: what colleagues wrote and found goes here
// and now, with the entry that says so; what Persona sent goes by the rounds behind it, which this
// makes due. some: it did one, and there may be more.
func (a *act) eraseAsked() (some bool, err error) {
	var request review.EntryID
	var s subject
	err = a.one(`
		SELECT s.request, s.subject FROM erasure_subject s INDEXED BY erasure_subject_asked JOIN erasure_answer w ON w.request = s.request
		WHERE s.state = 'asked' AND w.answer = 'agree' ORDER BY s.request, s.subject LIMIT 1`, nil, &request, &s.id)
	if errors.Is(err, review.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s, err = a.subjectOf(s.id)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return false, err
	}
	blocked := "nothing of theirs is left"
	if err == nil {
		// What came between agreeing and now keeps them: it needs two people to look again.
		if blocked, err = a.blocked(s); err != nil {
			return false, err
		}
	}
	state := "erased"
	if blocked != "" {
		state = "kept"
	} else if err := a.eraseSubject(request, s); err != nil {
		return false, err
	}
	_, err = a.exec(`UPDATE erasure_subject SET state = ? WHERE request = ? AND subject = ?`, state, request, s.id)
	return true, err
}

func (a *act) eraseSubject(request review.EntryID, s subject) error {
	r, err := a.erasureRequest(request)
	if err != nil {
		return err
	}
	g, _, err := a.goes(s)
	if err != nil {
		return err
	}
	if err := a.makeDue(request, s); err != nil {
		return err
	}
	refs, err := a.refs(s.roots)
	if err != nil {
		return err
	}
	for i, root := range s.roots {
		newest, reviews, err := a.newestOf([]int64{root})
		if err != nil {
			return err
		}
		entries, err := a.entriesWithWords(reviews)
		if err != nil {
			return err
		}
		detail := map[string]string{review.DetailGround: string(r.Ground), review.DetailAsked: strconv.FormatInt(int64(request), 10),
			review.DetailAskedBy: string(r.By), review.DetailAgreed: string(r.Answered), review.DetailRoots: refs[i].String(),
			review.DetailSubject: s.id.String()}
		if i == 0 {
			more, err := a.entriesBeside(request, s)
			if err != nil {
				return err
			}
			entries = append(entries, more...)
			for name, n := range map[string]int{"resources": g.Resources, "payloads": g.Payloads, "states": g.States, "files": g.Files,
				"findings": g.Findings, "values": g.Values, "texts": g.Texts, "pushes": g.Pushes} {
				detail[name] = strconv.Itoa(n)
			}
		}
		if len(entries) > 0 {
			detail[review.DetailEntries] = review.EntrySpans(entries)
		}
		told, err := a.record(review.Entry{Review: newest, Act: review.ActErased, Answers: r.AnswerEntry, Detail: detail})
		if err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO erased_root (root, request, entry, at) VALUES (?, ?, ?, ?)`, root, request, told, a.now.UnixMilli()); err != nil {
			return err
		}
		if err := a.eraseWords(told, entries, reviews); err != nil {
			return err
		}
	}
	return a.mustScrub(scrubWhole)
}

// makeDue has the rounds of Erase take what Persona sent of a subject: all that is theirs alone. An
// account can be filled again, as Persona has it.
func (a *act) makeDue(request review.EntryID, s subject) error {
	all, err := a.belongings(s)
	if err != nil {
		return err
	}
	ground := byTwo + strconv.FormatInt(int64(request), 10)
	for _, b := range all {
		if err := a.putErasure(b.id, b.ref.ErasedUntil(a.now.UnixMilli()), ground); err != nil {
			return err
		}
		// One that Persona had told of is ours from here on, and looked at again.
		if _, err := a.exec(`UPDATE erasure SET due = 1, held = 0, ground = ? WHERE resource = ?`, ground, b.id); err != nil {
			return err
		}
	}
	return nil
}

// entriesWithWords gives the entries of some reviews that hold anything a person wrote, or that tells
// of one.
func (a *act) entriesWithWords(reviews []int64) ([]review.EntryID, error) {
	return a.entryIDs(`
		SELECT e.id FROM json_each(?) j JOIN entry e ON e.review = j.value
		WHERE e.note <> '' OR e.status <> '' OR e.matches <> '[]'
		  OR EXISTS (SELECT 1 FROM disposition d WHERE d.entry = e.id)
		  OR EXISTS (SELECT 1 FROM premise p WHERE p.entry = e.id)
		  OR EXISTS (SELECT 1 FROM attachment t WHERE t.entry = e.id)
		ORDER BY e.id`, numbers(reviews))
}

// entriesBeside gives the entries about a subject that stand in no review of theirs, or of which each
// subject has a part: why they were on hold, and why they were to be erased.
func (a *act) entriesBeside(request review.EntryID, s subject) ([]review.EntryID, error) {
	return a.entryIDs(`
		SELECT e.id FROM entry e WHERE e.note <> '' AND NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = e.id) AND e.id IN (
		  SELECT ?1 UNION SELECT w.entry FROM erasure_answer w WHERE w.request = ?1
		  UNION SELECT q.request FROM erasure_subject q WHERE q.subject = ?2
		  UNION SELECT w.entry FROM erasure_subject q JOIN erasure_answer w ON w.request = q.request WHERE q.subject = ?2
		  UNION SELECT h.entry FROM hold h WHERE h.subject = ?2 UNION SELECT h.lifted FROM hold h WHERE h.subject = ?2
		  UNION SELECT x.hold FROM json_each(?3) j JOIN held_root x ON x.root = j.value
		  UNION SELECT h.lifted FROM json_each(?3) j JOIN held_root x ON x.root = j.value JOIN hold h ON h.entry = x.hold)
		ORDER BY e.id`, request, s.id, numbers(s.roots))
}

func (a *act) entryIDs(query string, args ...any) ([]review.EntryID, error) {
	ids, err := a.ids(query, args...)
	all := make([]review.EntryID, len(ids))
	for i, id := range ids {
		all[i] = review.EntryID(id)
	}
	return all, err
}

// eraseWords empties what some entries, with all that hangs on them, say of a person. Told is the entry
// that names them.
func (a *act) eraseWords(told review.EntryID, entries []review.EntryID, reviews []int64) error {
	ids := make([]int64, len(entries))
	for i, id := range entries {
		ids[i] = int64(id)
	}
	these, of := numbers(ids), numbers(reviews)
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO erased_entry (entry, by_) SELECT value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`, []any{told, these}},
		{`UPDATE entry SET note = '', status = '', matches = '[]' WHERE id IN (SELECT value FROM json_each(?)) AND (note <> '' OR status <> '' OR matches <> '[]')`,
			[]any{these}},
		{`UPDATE premise SET subject = '[]', listed = '[]' WHERE entry IN (SELECT value FROM json_each(?)) AND (subject <> '[]' OR listed <> '[]')`, []any{these}},
		{`UPDATE push SET part = '', before = '', fields = '[]', note = '', problem = '', request = '' WHERE review IN (SELECT value FROM json_each(?))`, []any{of}},
		{`DELETE FROM decision_facet WHERE facet IN ('list','party') AND entry IN (SELECT d.entry FROM json_each(?) j JOIN decision d ON d.review = j.value)`, []any{of}},
		{`UPDATE sample SET done = 1 WHERE done = 0 AND review IN (SELECT value FROM json_each(?))`, []any{of}},
	} {
		if _, err := a.exec(q.query, q.args...); err != nil {
			return err
		}
	}
	for _, id := range reviews {
		if err := a.eraseMatches(id); err != nil {
			return err
		}
	}
	if err := a.eraseAttached(these); err != nil {
		return err
	}
	_, err := a.unseal(entries)
	return err
}

// eraseMatches takes what a match and its party can be found out by out of a review's findings, and with
// it which lists named it. Of which finding is on the same match as which, and of their order, nothing is
// lost.
func (a *act) eraseMatches(id int64) error {
	if _, err := a.exec(`UPDATE counted SET lists = '[]' WHERE review = ? AND lists <> '[]'`, id); err != nil {
		return err
	}
	var keys []review.MatchKey
	if err := a.each(`SELECT DISTINCT match FROM disposition WHERE review = ? ORDER BY match`, []any{id}, func(scan func(...any) error) error {
		var k review.MatchKey
		err := scan(&k)
		keys = append(keys, k)
		return err
	}); err != nil {
		return err
	}
	if !slices.ContainsFunc(keys, func(k review.MatchKey) bool { return !k.Erased() }) {
		return nil
	}
	first := 0 // erased before: a later review of theirs went by a request of its own
	for _, k := range keys {
		if k.Erased() {
			first++
		}
	}
	n := first
	for _, k := range keys {
		if k.Erased() {
			continue
		}
		n++
		to := review.ErasedMatch(n)
		if _, err := a.exec(`UPDATE disposition SET match = ?3, party = '', identity = '', whose = '', seen = zeroblob(32) WHERE review = ?1 AND match = ?2`, id, k, to); err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE counted SET match = ?3 WHERE review = ?1 AND match = ?2`, id, k, to); err != nil {
			return err
		}
	}
	return nil
}

// eraseAttached removes the files that some entries attached.
func (a *act) eraseAttached(entries string) error {
	var hashes [][]byte
	err := a.each(`SELECT t.sha256 FROM attachment t WHERE t.entry IN (SELECT value FROM json_each(?))`, []any{entries}, func(scan func(...any) error) error {
		var h []byte
		err := scan(&h)
		hashes = append(hashes, h)
		return err
	})
	for _, h := range hashes {
		if err == nil {
			err = a.dropFile(h)
		}
	}
	return err
}
