package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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
	JSON   bool `name:"json" help:"One subject a line, as JSON."`
	DryRun bool `help:"Also list each thing that would go, and what stays and why. Nothing is changed with or without it."`
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
			if c.DryRun {
				if err := c.items(ctx, db, std, d.Subject); err != nil {
					return err
				}
			}
		}
		if len(some) < retentionPage {
			break
		}
		last := some[len(some)-1]
		after = store.DueCursor{Due: last.Due, Subject: last.Subject}
	}
	if c.DryRun {
		if err := c.held(ctx, db, std, now); err != nil {
			return err
		}
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

// goingLine is one thing that an erasure of a subject would take, or leave, as --dry-run --json says it: a
// line of its own behind the subject's.
type goingLine struct {
	Subject string           `json:"subject"`
	What    review.GoingKind `json:"what"`
	ID      string           `json:"id"`
	From    string           `json:"from,omitempty"`
	At      string           `json:"at,omitempty"`
	Count   int              `json:"count,omitempty"`
	Size    int64            `json:"size"`
	Left    int64            `json:"left"`
	Stays   string           `json:"stays,omitempty"`
}

// itemsPage is how many things are read at once.
const itemsPage = 200

func (c retentionCommand) items(ctx context.Context, db *store.DB, std streams, subject review.SubjectID) error {
	for after := (store.GoingCursor{}); ; {
		p, err := db.Going(ctx, subject, after, itemsPage)
		if errors.Is(err, review.ErrNotFound) {
			return nil // they went meanwhile
		}
		if err != nil {
			return err
		}
		for _, it := range p.Items {
			l := goingLine{Subject: subject.String(), What: it.What, ID: it.ID, From: it.From, Count: it.N, Size: it.Size, Left: it.Left, Stays: it.Stays}
			if !it.At.IsZero() {
				l.At = it.At.UTC().Format(millisecond)
			}
			if c.JSON {
				err = json.NewEncoder(std.out).Encode(l)
			} else {
				_, err = fmt.Fprintln(std.out, l.words())
			}
			if err != nil {
				return err
			}
		}
		if after = p.Next; after == (store.GoingCursor{}) {
			return nil
		}
	}
}

// words is the line for people.
func (l goingLine) words() string {
	words := []string{" ", string(l.What), l.ID}
	for _, w := range []string{l.From, l.At} {
		if w != "" {
			words = append(words, w)
		}
	}
	if l.Size > 0 {
		words = append(words, fmt.Sprintf("%d bytes, %d left", l.Size, l.Left))
	}
	if l.Stays != "" {
		words = append(words, "("+l.Stays+")")
	}
	return strings.Join(words, " ")
}

// keptLine is one subject whose time is over and who stays, as --dry-run --json says it.
type keptLine struct {
	Subject string                `json:"subject"`
	Class   review.RetentionClass `json:"class"`
	Due     string                `json:"due"`
	Stays   string                `json:"stays"`
}

func (c retentionCommand) held(ctx context.Context, db *store.DB, std streams, now time.Time) error {
	all, err := db.RetentionHeld(ctx, now)
	if err != nil {
		return err
	}
	for _, d := range all {
		l := keptLine{Subject: d.Subject.String(), Class: d.Class, Due: d.Due.Format(millisecond), Stays: "a legal hold keeps it"}
		if c.JSON {
			err = json.NewEncoder(std.out).Encode(l)
		} else {
			_, err = fmt.Fprintf(std.out, "%s %s due %s: stays, %s\n", l.Subject, l.Class, d.Due.Format(time.DateOnly), l.Stays)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// millisecond is how instants are written for machines.
const millisecond = "2006-01-02T15:04:05.000Z07:00"

func (c retentionCommand) line(std streams, d store.DueSubject) error {
	l := dueLine{Subject: d.Subject.String(), Class: d.Class, Since: d.Ended.Format(millisecond), Due: d.Due.Format(millisecond),
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
