package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"docket/review"
	"docket/store"
)

type backupCommand struct {
	database
	Out string `arg:"" placeholder:"FILE" help:"The copy: a name that nothing has yet."`
}

func (c backupCommand) Run(ctx context.Context, std streams) error {
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	b, err := db.Backup(ctx, c.Out)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s: %d bytes, checked; the ledger has %d entries\n", c.Out, b.Bytes, b.Entries)
	return err
}

type restoreCommand struct {
	In string `arg:"" placeholder:"BACKUP" help:"A copy that docket backup made."`
	database
}

func (c restoreCommand) Run(ctx context.Context, std streams) error {
	b, err := store.Restore(ctx, c.In, c.DB)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, `%s: %d bytes, checked; it goes back to entry %d of the ledger.
What came later is not in it: have Persona send it again with docket sync, and compare docket verify with the newest checkpoint that left.
What two people erased since entry %d is there again: erase it again.
`, c.DB, b.Bytes, b.Entries, b.Entries)
	return err
}

type retentionCommand struct {
	database
	JSON bool `name:"json" help:"One subject a line, as JSON."`
}

// retentionPage is how many subjects are read at once.
const retentionPage = 100

// dueLine is one subject that may go, as --json says it.
type dueLine struct {
	Subject string                `json:"subject"`
	Class   review.RetentionClass `json:"class"`
	Since   string                `json:"since"`
	Due     string                `json:"due"`
	About   []review.Ref          `json:"about"`
	Reviews []string              `json:"reviews"`
	Asked   review.EntryID        `json:"asked,omitempty"`
	Goes    review.Goes           `json:"goes"`
}

// Run lists what may go and changes nothing.
func (c retentionCommand) Run(ctx context.Context, std streams) error {
	db, err := c.openWhole(ctx, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	now := time.Now().UTC()
	sums := map[review.RetentionClass]review.Goes{}
	for after := (store.DueCursor{}); ; {
		some, err := db.RetentionDue(ctx, now, after, retentionPage, true)
		if err != nil {
			return err
		}
		for _, d := range some {
			sum := sums[d.Class]
			sum.Add(d.Goes)
			sums[d.Class] = sum
			if err := c.line(std, d); err != nil {
				return err
			}
		}
		if len(some) < retentionPage {
			break
		}
		last := some[len(some)-1]
		after = store.DueCursor{Due: last.Due, Subject: last.Subject}
	}
	if c.JSON {
		return nil
	}
	counts, err := db.RetentionCounts(ctx, now)
	if err != nil {
		return err
	}
	for _, n := range counts {
		kept := fmt.Sprintf("kept %d days", n.Days)
		if n.Days == 0 {
			kept = "kept as long as the database"
		}
		if n.Class == review.RetainAccess {
			_, err = fmt.Fprintf(std.out, "%s: %d rows, %s; %d go by themselves\n", n.Class, n.All, kept, n.Due)
		} else {
			g := sums[n.Class]
			_, err = fmt.Fprintf(std.out, "%s: %d subjects, %s; %d on hold, %d may go: %d payloads, %d states, %d files, %d findings, %d values, %d texts, %d rows of search, %d bytes\n",
				n.Class, n.All, kept, n.Held, n.Due, g.Payloads, g.States, g.Files, g.Findings, g.Values, g.Texts, g.SearchRows, g.Bytes())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c retentionCommand) line(std streams, d store.DueSubject) error {
	l := dueLine{Subject: d.Subject.String(), Class: d.Class, Since: d.Ended.Format("2006-01-02T15:04:05.000Z07:00"), Due: d.Due.Format("2006-01-02T15:04:05.000Z07:00"),
		About: d.Roots, Reviews: []string{}, Asked: d.Asked, Goes: d.Goes}
	for _, id := range d.Reviews {
		l.Reviews = append(l.Reviews, id.String())
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(l)
	}
	_, err := fmt.Fprintf(std.out, "%s %s due %s: %s\n", l.Subject, d.Class, d.Due.Format("2006-01-02"), d.Roots[0])
	return err
}
