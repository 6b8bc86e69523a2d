package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// viaPage is how the trail says that something was asked for on a page.
const viaPage = "web"

// packTake offers the evidence pack of a review to those who may take it.
func (b *reviewBuilder) packTake() *views.PackTake {
	if !overseers.admits(b.me.Role) {
		return nil
	}
	return &views.PackTake{Action: b.href() + "/evidence.zip", Words: "Take the evidence pack of " + b.file.Review.ID.String(),
		Record: recordOf("review", b.file.Review.ID.String())}
}

// takeEvidence answers with the evidence pack of a review. It reads, as every export does: the entry
// that it adds says who took the pack and changes nothing that anyone decides on.
func (s *Server) takeEvidence(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	return s.sendEvidence(w, r, EvidenceAsk{Review: id})
}

// showEvidenceAsk asks for which days a pack is to be taken.
func (s *Server) showEvidenceAsk(w http.ResponseWriter, r *http.Request) error {
	page := views.PackAskPage{Shell: s.shell(r, "Evidence pack of a period", views.PlaceDecisions)}
	q := r.URL.Query()
	page.From, page.To = clip(str(q.Get("from")).Text, 20), clip(str(q.Get("to")).Text, 20)
	return s.render(w, r, http.StatusOK, page)
}

// takePeriod answers with the pack of a period, or of a sample of it.
func (s *Server) takePeriod(w http.ResponseWriter, r *http.Request) error {
	f := form{r.URL.Query()}
	page := views.PackAskPage{}
	for name, to := range map[string]*string{"from": &page.From, "to": &page.To, "sample": &page.Sample, "seed": &page.Seed} {
		if err := f.single(name, to); err != nil {
			return err
		}
	}
	ask, err := evidenceAsk(page)
	if err == nil {
		err = s.sendEvidence(w, r, ask)
	}
	var invalid *review.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	page.Shell = s.shell(r, "Evidence pack of a period", views.PlaceDecisions)
	page.Problem, page.Problems = true, views.Problems{Head: "No pack was taken", List: problemList(invalid.Problems)}
	for _, typed := range []*string{&page.From, &page.To, &page.Sample, &page.Seed} {
		*typed = clip(str(*typed).Text, 40)
	}
	return s.render(w, r, http.StatusUnprocessableEntity, page)
}

// evidenceAsk reads what was typed.
func evidenceAsk(p views.PackAskPage) (EvidenceAsk, error) {
	var inv review.Invalid
	ask := EvidenceAsk{Seed: strings.TrimSpace(p.Seed)}
	for _, d := range []struct {
		field, typed string
		to           *time.Time
	}{{"from", p.From, &ask.From}, {"to", p.To, &ask.To}} {
		if d.typed == "" {
			continue
		}
		var err error
		if *d.to, err = time.Parse(time.DateOnly, d.typed); err != nil {
			inv.Add(d.field, "Write the day as year-month-day, such as 2026-06-18")
		}
	}
	if typed := strings.TrimSpace(p.Sample); typed != "" {
		var err error
		if ask.Sample, err = strconv.Atoi(typed); err != nil || ask.Sample < 1 {
			inv.Add("sample", "Draw from 1 to "+views.Number(mostPacked)+" decisions")
		}
	}
	return ask, inv.OrNil()
}

// sendEvidence takes a pack and streams it. Until its first byte left, an error has its page.
func (s *Server) sendEvidence(w http.ResponseWriter, r *http.Request, ask EvidenceAsk) error {
	by := me(r).ID
	if !s.exports.begin(by) {
		return &told{err: &tooMany{wait: tryAgainIn}, head: "Other exports are running",
			text: "Two run at a time, and one of each colleague, so that the queue stays quick. Try again in a moment."}
	}
	defer s.exports.end(by)
	ask.By, ask.Via = by, viaPage
	if r.Method == http.MethodHead {
		return s.evidenceHead(w, r, ask) // nothing leaves, and nothing is on the trail
	}
	pack, err := TakeEvidence(r.Context(), s.db, ask)
	if errors.Is(err, review.ErrNoLedgerKey) {
		return &told{err: err, head: "Nothing can be signed here", text: "This docket runs without the key of its ledger, and a pack that is not signed proves nothing. Ask whoever runs it."}
	}
	if errors.Is(err, review.ErrPackFull) {
		return &told{err: err, head: "This does not go into one pack",
			text: "What this review rests on is larger than a file of this kind can be. No pack was taken, and the trail says of none."}
	}
	if errors.Is(err, review.ErrLedgerBroken) {
		return &told{err: err, head: "Nothing is signed now", text: "The ledger does not prove, and a pack of it would prove nothing. Ask whoever runs docket: the page of the ledger names the entry."}
	}
	if err != nil {
		return err
	}
	visitOf(r.Context()).event = "exported"
	h := w.Header()
	packHeader(h, pack)
	out := &patient{w: w, control: http.NewResponseController(w)}
	if err = pack.Write(r.Context(), out); err != nil && !out.began {
		h.Del("Content-Type")
		h.Del("Content-Disposition")
		if errors.Is(err, errErasedMeanwhile) {
			return &told{err: errors.Join(errBusy, err), head: "Something is being erased",
				text: "A pack would show a part of what was there before. Nothing left. Try again in a minute, when it is done."}
		}
	}
	return err
}

func packHeader(h http.Header, pack *Evidence) {
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+pack.Name()+`"`)
	h.Set("Content-Security-Policy", filePolicy)
}

// evidenceHead says what sendEvidence would answer, and takes no pack.
func (s *Server) evidenceHead(w http.ResponseWriter, r *http.Request, ask EvidenceAsk) error {
	size, err := s.db.LedgerSize(r.Context())
	if err != nil {
		return err
	}
	pack := &Evidence{db: s.db}
	if err := pack.choose(r.Context(), ask, review.EntryID(size)); err != nil {
		return err
	}
	packHeader(w.Header(), pack)
	return nil
}
