package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"docket/persona"
	"docket/store"
)

type importCommand struct {
	database
	statuses
	JSON  bool     `help:"Print the counts as one JSON object."`
	Paths []string `arg:"" name:"path" help:"Files, folders, or - for stdin."`
}

// bulk lets a command that ends by itself spend memory: on the database's pages, and to
// collect garbage less often.
func bulk(o store.Options) store.Options {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(368 << 20)
	o.Bulk = true
	return o
}

// erase takes out what Persona says is gone. While a server reads, the log cannot be emptied: it
// does so itself.
func erase(ctx context.Context, db *store.DB) error {
	if _, err := db.Erase(ctx); err != nil {
		return err
	}
	if err := db.Scrub(ctx); err != nil && !errors.Is(err, store.ErrBusy) {
		return err
	}
	return nil
}

// closing closes what was opened in bulk, and makes what that meets the outcome of the command, unless it
// failed before.
func closing(db *store.DB, err *error) {
	var no refused
	if closed := db.Close(); closed != nil && (*err == nil || errors.As(*err, &no)) {
		*err = closed
	}
}

// toldReasons is how many refusals an import says one by one; all of them stand in quarantine.
const toldReasons = 100

func (c importCommand) Run(ctx context.Context, std streams) (err error) {
	for _, p := range c.Paths {
		if p != "-" {
			if _, err := os.Stat(p); err != nil {
				return misuse(fmt.Sprintf("%s: there is no such file or folder", p))
			}
		}
	}
	db, err := c.openReady(ctx, bulk(c.statuses.options()))
	if err != nil {
		return err
	}
	defer closing(db, &err)
	var stdin io.Reader
	if slices.Contains(c.Paths, "-") {
		stdin = interruptible(ctx, std.in)
	}
	bad := 0
	counts, err := persona.Import(ctx, db, c.Paths, persona.ImportOptions{Stdin: stdin, Report: func(path, reason string) {
		if bad++; bad <= toldReasons {
			fmt.Fprintln(std.err, oneLine(path+": "+reason))
		}
	}})
	if err == nil {
		err = erase(ctx, db)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(std.out).Encode(counts)
	} else {
		_, err = fmt.Fprintf(std.out, "%d payloads: %d new, %d known, %d in quarantine. %d resources, %d transactions, %d reviews opened.\n",
			counts.Payloads, counts.New, counts.Duplicate, counts.Quarantined, counts.Resources, counts.Transactions, counts.ReviewsOpened)
	}
	if bad > toldReasons {
		fmt.Fprintf(std.err, "… and %d more\n", bad-toldReasons)
	}
	if err == nil && bad > 0 {
		err = refused(fmt.Sprintf("%d could not be read and lie in quarantine; the rest is imported", bad))
	}
	return err
}
