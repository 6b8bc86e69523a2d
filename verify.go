package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"docket/persona"
	"docket/review"
)

type verifyCommand struct {
	File string `arg:"" optional:"" placeholder:"FILE.zip" help:"An evidence pack. It is checked with nothing else: no database, no network."`
	wholeLedger
	Key  string `placeholder:"FILE" help:"The public key of the ledger, which you had from somebody else than the pack or the machine. Without it, the one in the pack or beside the database is taken, which proves less."`
	JSON bool   `name:"json" help:"Report as one JSON object."`
}

func (c verifyCommand) Run(ctx context.Context, std streams) error {
	key, err := readKey(c.Key)
	switch {
	case err != nil:
		return err
	case (c.File == "") == (c.DB == ""):
		return misuse("name an evidence pack, or a database by --db")
	case c.DB == "" && c.Checkpoints != "":
		return misuse("--checkpoints goes with --db")
	case c.DB != "":
		return c.wholeLedger.verify(ctx, std, key, c.JSON)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	report, err := review.VerifyPack(f, info.Size(), key)
	said := packSaid{File: c.File, KeyGiven: key != ""}
	if err == nil {
		said.EvidenceMade, said.EvidenceLeft, err = review.VerifyPackEvidence(f, info.Size(), persona.Hydrate)
	}
	var failure *review.PackFailure
	if err != nil && !errors.As(err, &failure) {
		return err
	}
	if c.JSON {
		if err := said.json(std.out, report, failure); err != nil {
			return err
		}
	} else if failure == nil {
		said.words(std.out, report)
	}
	if failure == nil && key == "" {
		fmt.Fprintln(std.err, "checked with the key inside the pack: that proves that nothing was changed since it was signed, not who signed it; give --key")
	}
	if failure != nil {
		return refused(c.File + " does not hold: " + failure.Error())
	}
	return nil
}

// readKey reads a public key from a file, "" from none.
func readKey(path string) (review.LedgerPublic, error) {
	if path == "" {
		return "", nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	key, err := review.ParseLedgerPublic(string(raw))
	if err != nil {
		return "", misuse(fmt.Sprintf("%s does not hold the public key of a ledger", path))
	}
	return key, nil
}

// packSaid is what is said of a pack beside its report.
type packSaid struct {
	File                       string
	KeyGiven                   bool
	EvidenceMade, EvidenceLeft int
}

func (s packSaid) words(w io.Writer, r review.PackReport) {
	fmt.Fprintf(w, "%s holds: %d reviews, %d entries, %d payloads, %d attachments, under a checkpoint of %d entries of %s\n",
		s.File, r.Reviews, r.Entries, r.Payloads, r.Attachments, r.Size, r.Origin)
	fmt.Fprintf(w, "root %s, evidence made again from its states: %d of %d\n", r.Root, s.EvidenceMade, s.EvidenceMade+s.EvidenceLeft)
	for _, e := range r.Erased {
		ground := ""
		if e.Ground != "" {
			ground = ", on the ground: " + oneLine(e.Ground)
		}
		by := e.Who
		if by == "" {
			by = "docket"
		}
		fmt.Fprintf(w, "entry %d: %s erased by %s, says entry %d%s\n", e.Entry, oneLine(strings.Join(e.Fields, ", ")), oneLine(by), e.By, ground)
	}
}

type packReportJSON struct {
	OK       bool             `json:"ok"`
	File     string           `json:"file"`
	Failure  *packFailureJSON `json:"failure,omitempty"`
	Origin   string           `json:"origin,omitempty"`
	Key      string           `json:"key,omitempty"`
	KeyGiven bool             `json:"key_given"`
	Size     int64            `json:"size"`
	Root     string           `json:"root,omitempty"`
	Reviews  int              `json:"reviews"`
	Entries  int              `json:"entries"`
	Payloads int              `json:"payloads"`
	Files    int              `json:"files"`
	Attached int              `json:"attachments"`
	Bytes    int64            `json:"bytes"`
	Evidence int              `json:"evidence"` // digests made again from their states
	Erased   []packErasedJSON `json:"erased"`
}

type packFailureJSON struct {
	File    string         `json:"file"`
	Line    int            `json:"line"`
	Entry   review.EntryID `json:"entry"`
	Problem string         `json:"problem"`
}

type packErasedJSON struct {
	Entry  review.EntryID `json:"entry"`
	Fields []string       `json:"fields"`
	SaidBy review.EntryID `json:"said_by"`
	By     string         `json:"by"`
	Ground string         `json:"ground"`
}

func (s packSaid) json(w io.Writer, r review.PackReport, failure *review.PackFailure) error {
	out := packReportJSON{OK: failure == nil, File: s.File, KeyGiven: s.KeyGiven, Erased: []packErasedJSON{}}
	if failure != nil {
		out.Failure = &packFailureJSON{failure.File, failure.Line, failure.Entry, failure.Problem}
		return json.NewEncoder(w).Encode(out)
	}
	out.Origin, out.Key, out.Size, out.Root = r.Origin, string(r.Key), r.Size, r.Root.String()
	out.Reviews, out.Entries, out.Payloads, out.Files, out.Bytes, out.Evidence = r.Reviews, r.Entries, r.Payloads, r.Files, r.Bytes, s.EvidenceMade
	out.Attached = r.Attachments
	for _, e := range r.Erased {
		out.Erased = append(out.Erased, packErasedJSON{e.Entry, e.Fields, e.By, e.Who, e.Ground})
	}
	return json.NewEncoder(w).Encode(out)
}
