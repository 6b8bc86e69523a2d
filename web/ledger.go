package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

var ledgerNotices = map[string]views.Notice{
	"signed":  {Tone: views.ToneGood, News: true, Strong: "Signed.", Text: "It is brought to the keepers within seconds."},
	"same":    {News: true, Strong: "Nothing was added since the newest checkpoint.", Text: "It stands as it is."},
	"broken":  {Tone: views.ToneAttention, News: true, Strong: "Nothing was signed.", Text: "What does not prove is not signed."},
	"keyless": {Tone: views.ToneAttention, News: true, Strong: "Nothing was signed.", Text: "docket was started without a ledger key."},
}

// showLedger says how far the trail is proven, and where its checkpoints are.
func (s *Server) showLedger(w http.ResponseWriter, r *http.Request) error {
	state, err := s.db.Ledger(r.Context())
	if err != nil {
		return err
	}
	page := ledgerPage(state, s.now(), s.file)
	page.Shell = s.shell(r, "Ledger", views.PlaceLedger)
	page.Sign = leads.admits(me(r).Role)
	if n, ok := ledgerNotices[r.URL.Query().Get("done")]; ok {
		page.Notices = append(page.Notices, n)
	}
	return s.render(w, r, http.StatusOK, page)
}

// ledgerPage makes the page; file is the database's, "" when it is not to be named.
func ledgerPage(state review.LedgerState, now time.Time, file string) views.LedgerPage {
	p := views.LedgerPage{Lead: "Every entry of the trail is a leaf of one tree; a signed root says what the whole tree was.",
		Line: ledgerLine(state.Size, state.Verified, state.At, state.Break), Public: string(state.Public), Origin: state.Origin}
	name := "docket.db"
	if file != "" {
		name = filepath.Base(file)
	}
	p.Commands = fmt.Sprintf("docket verify --db %s --checkpoints KEPT.txt --key KEY.pub", name)
	for _, c := range state.Newest {
		row := views.CheckpointRow{ID: strconv.FormatInt(c.ID, 10), At: views.AtSecond(c.At, now), Entries: views.Number(int(c.Size)),
			Root: digits(c.Root), Why: views.CheckpointWords(c.Why)}
		for _, k := range c.Kept {
			line := views.KeptLine{Keeper: str(k.Keeper), Problem: k.Problem}
			if k.Problem != "" {
				line.Tried = views.AtSecond(k.At, now)
			}
			row.Kept = append(row.Kept, line)
		}
		p.Checkpoints = append(p.Checkpoints, row)
	}
	if len(p.Checkpoints) == 0 {
		p.Empty = &views.Empty{Head: "Nothing was signed yet", Text: "docket signs the ledger when it starts, when it grew, and on every export."}
		return p
	}
	p.Newest = views.Go{Href: "/ledger/checkpoint", Words: "The newest checkpoint"}
	if size := state.Newest[0].Size; size > 0 {
		p.Proof = views.Go{Href: "/ledger/proof/" + strconv.FormatInt(size, 10), Words: "The proof of entry " + views.Number(int(size))}
	}
	return p
}

// ledgerLine says whether the ledger is whole.
func ledgerLine(size, verified int64, at time.Time, broken *review.LedgerBreak) views.LedgerLine {
	switch {
	case broken != nil:
		text := strings.ToUpper(broken.Why[:1]) + broken.Why[1:] + "."
		if broken.Entry > 1 {
			text += " What stands before it is whole: " + views.Plural(int(broken.Entry)-1, "entry", "entries") + "."
		}
		return views.LedgerLine{Tone: views.ToneDanger, Head: "The ledger does not prove from entry " + views.Number(int(broken.Entry)) + " on",
			Text: text + " Nothing is signed until docket is started on a ledger that is whole."}
	case at.IsZero():
		return views.LedgerLine{Head: "The ledger has " + views.Plural(int(size), "entry", "entries"), Text: "Nobody has looked at it since docket started."}
	}
	return views.LedgerLine{Tone: views.ToneGood, Head: "The ledger is whole: " + views.Plural(int(verified), "entry", "entries"),
		Text: "Checked on " + at.UTC().Format("2 January 2006, 15:04:05") + " UTC. What is added is checked as it comes, and all of it once a day."}
}

// keptWords says where a checkpoint is.
func keptWords(c review.SignedCheckpoint) string {
	keepers := 0
	for _, k := range c.Kept {
		if k.Problem == "" {
			keepers++
		}
	}
	words := "The newest checkpoint, of " + views.Plural(int(c.Size), "entry", "entries") + ", "
	if keepers == 0 {
		return words + "has not left this machine."
	}
	return words + "is also kept in " + views.Plural(keepers, "place", "places") + " outside the database."
}

// ledgerFoot puts what was last found into the foot of a page.
func (s *Server) ledgerFoot(sh *views.Shell) {
	size, at, broken := s.db.LedgerWhole()
	switch {
	case broken != nil:
		sh.Ledger, sh.LedgerBroken = "Ledger does not prove from entry "+views.Number(int(broken.Entry))+" on", true
	case !at.IsZero():
		sh.Ledger = "Ledger whole at entry " + views.Number(int(size))
	}
}

// signCheckpoint signs what the ledger is now.
func (s *Server) signCheckpoint(w http.ResponseWriter, r *http.Request) error {
	done := "signed"
	if _, _, broken := s.db.LedgerWhole(); broken != nil {
		done = "broken"
	} else if made, err := s.db.Checkpoint(r.Context(), review.CheckpointAsked); errors.Is(err, review.ErrNoLedgerKey) {
		done = "keyless"
	} else if err != nil {
		return err
	} else if !made.Fresh {
		done = "same"
	}
	seeOther(w, "/ledger?done="+done)
	return nil
}

// giveCheckpoint gives the newest checkpoint as it was signed.
func (s *Server) giveCheckpoint(w http.ResponseWriter, r *http.Request) error {
	newest, err := s.db.NewestCheckpoint(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(newest.Note))
	return err
}

// entryProof is what GET /ledger/proof gives: the record in public, the way to a signed root, the root.
type entryProof struct {
	review.LedgerProof
	Checkpoint string              `json:"checkpoint"` // as signed, of the same size
	Public     review.LedgerPublic `json:"key"`        // whoever checks should have it from elsewhere
}

// giveProof gives the proof of one entry under the newest checkpoint. It opens nothing personal: what is
// sealed stays sealed.
func (s *Server) giveProof(w http.ResponseWriter, r *http.Request) error {
	entry, err := strconv.ParseInt(r.PathValue("entry"), 10, 64)
	if err != nil || strconv.FormatInt(entry, 10) != r.PathValue("entry") {
		return fmt.Errorf("entry: %w", review.ErrNotFound)
	}
	newest, err := s.db.NewestCheckpoint(r.Context())
	if err != nil {
		return err
	}
	if entry > newest.Size {
		return fmt.Errorf("entry %d is not signed yet: %w", entry, review.ErrNotFound)
	}
	proof, err := s.db.LedgerProof(r.Context(), review.EntryID(entry), newest.Size)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the record is given to the byte
	if err := enc.Encode(entryProof{proof, newest.Note, s.db.LedgerPublic()}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(b.Bytes())
	return err
}

// digits are the first of a digest, as people compare them.
func digits(h review.Hash) string {
	s := h.String()
	return s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:16]
}
