package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"docket/review"
	"docket/store"
)

// wholeLedger is a database whose whole ledger is verified.
type wholeLedger struct {
	DB          string `name:"db" placeholder:"FILE" help:"A database: its whole ledger is verified."`
	Checkpoints string `placeholder:"FILE" help:"Checkpoints that were kept elsewhere, as --checkpoint-file or GET /ledger/checkpoint gave them: the ledger of --db must still be the one that they are of."`
}

// ledgerSaid is the report as --json gives it.
type ledgerSaid struct {
	Whole       bool           `json:"whole"`
	Origin      string         `json:"origin"`
	Entries     int64          `json:"entries"` // that were verified
	Root        review.Hash    `json:"root"`
	Erased      int64          `json:"erased_fields"`
	Checkpoints int            `json:"checkpoints"`
	Signed      bool           `json:"signatures_checked"`
	Entry       review.EntryID `json:"broken_entry,omitempty"`
	Why         string         `json:"why,omitempty"`
}

// verify verifies the ledger; key "" is the public key beside the database, if there is one.
func (c wholeLedger) verify(ctx context.Context, std streams, key review.LedgerPublic, asJSON bool) error {
	d := database{DB: c.DB}
	if key == "" {
		var err error
		if key, err = readKey(d.publicPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	check := store.LedgerCheck{Key: key}
	if c.Checkpoints != "" {
		if key == "" {
			return misuse("--checkpoints: name the public key that signed them with --key")
		}
		raw, err := os.ReadFile(c.Checkpoints)
		if err != nil {
			return err
		}
		for i, signed := range review.SplitNotes(string(raw)) {
			p, err := key.Open(signed)
			if err != nil {
				return refused(fmt.Sprintf("%s: number %d: %v", c.Checkpoints, i+1, err))
			}
			check.Checkpoints = append(check.Checkpoints, p)
		}
		if len(check.Checkpoints) == 0 {
			return misuse(fmt.Sprintf("--checkpoints: there is none in %s", c.Checkpoints))
		}
	}
	db, err := d.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	began := time.Now()
	check.Progress = func(done, all int64) {
		if time.Since(began) > 2*time.Second {
			fmt.Fprintf(std.err, "\r%d of %d entries", done, all)
		}
	}
	report, err := db.VerifyLedger(ctx, check)
	if time.Since(began) > 2*time.Second {
		fmt.Fprintln(std.err)
	}
	if err != nil {
		return err
	}
	if asJSON {
		said := ledgerSaid{Whole: report.Break == nil, Origin: report.Origin, Entries: report.Size, Root: report.Root, Erased: report.Erased,
			Checkpoints: report.Checkpoints, Signed: report.Signed}
		if b := report.Break; b != nil {
			said.Entry, said.Why = b.Entry, b.Why
		}
		if err := json.NewEncoder(std.out).Encode(said); err != nil {
			return err
		}
	}
	if report.Break != nil {
		return refused(fmt.Sprintf("the ledger of %s does not prove from %s", c.DB, report.Break.Error()))
	}
	if asJSON {
		return nil
	}
	signatures := "their signatures were not checked: no key was given"
	if report.Signed {
		signatures = "all signed by " + string(key)
	}
	_, err = fmt.Fprintf(std.out, "whole: %d entries, root %s, %d lawfully erased fields, %d checkpoints fit, %s\n",
		report.Size, report.Root, report.Erased, report.Checkpoints, signatures)
	return err
}
