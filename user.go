package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"docket/review"
	"docket/store"
	"docket/web"
)

type userCommand struct {
	Add      userAdd      `cmd:"" help:"Add a colleague."`
	List     userList     `cmd:"" help:"List colleagues."`
	Disable  userDisable  `cmd:"" help:"Disable a colleague: every session of theirs ends at once."`
	Password userPassword `cmd:"" help:"Set a colleague's password: every session of theirs ends at once."`
}

type userAdd struct {
	database
	passwordSource
	Name string `arg:"" help:"The sign-in name: lower-case letters, digits, dots, dashes."`
	Role string `required:"" enum:"reviewer,lead,auditor,admin" help:"reviewer, lead, auditor or admin."`
	Full string `name:"full-name" placeholder:"NAME" help:"How people call them; the sign-in name otherwise."`
}

func (c userAdd) Run(ctx context.Context, std streams) error {
	id, role, err := c.who()
	if err != nil {
		return err
	}
	db, err := c.open(ctx, false, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	hash, err := c.hash(ctx, id, std)
	if err != nil {
		return err
	}
	name := c.Full
	if name == "" {
		name = string(id)
	}
	err = db.AddColleague(ctx, review.Colleague{ID: id, Name: name, Role: role, Keys: true}, hash, "")
	if err == nil {
		fmt.Fprintf(std.out, "added %s as %s\n", id, role)
	}
	return err
}

func (c userAdd) who() (review.ColleagueID, review.Role, error) {
	id, err := colleagueID(c.Name)
	if err != nil {
		return "", "", err
	}
	role, err := review.ParseRole(c.Role)
	if err != nil {
		return "", "", misuse(err.Error())
	}
	return id, role, nil
}

func colleagueID(s string) (review.ColleagueID, error) {
	id, err := review.ParseColleagueID(s)
	if err != nil {
		return "", misuse(fmt.Sprintf("name %q: use lower-case letters, digits, dots or dashes, up to 64", s))
	}
	return id, nil
}

// passwordSource is where a password comes from: never a flag.
type passwordSource struct {
	PasswordFile string `placeholder:"FILE" help:"Read the password from the first line of a file; - is stdin. Asked for otherwise."`
}

// hash reads a password and makes it fit to store.
func (c passwordSource) hash(ctx context.Context, id review.ColleagueID, std streams) (string, error) {
	password, err := c.read(ctx, std)
	if err != nil {
		return "", err
	}
	hash, err := web.HashPassword(id, password)
	var inv *review.Invalid
	if errors.As(err, &inv) {
		return "", refused("password: " + inv.Problems[0].Text)
	}
	return hash, err
}

func (c passwordSource) read(ctx context.Context, std streams) (string, error) {
	var from io.Reader
	switch c.PasswordFile {
	case "-":
		from = interruptible(ctx, std.in)
	case "":
		in, ok := std.in.(*os.File)
		if !ok || !term.IsTerminal(int(in.Fd())) {
			return "", misuse("give the password by --password-file; - reads it from stdin")
		}
		fmt.Fprint(std.err, "Password: ")
		defer fmt.Fprintln(std.err)
		return prompt(ctx, int(in.Fd()))
	default:
		f, err := os.Open(c.PasswordFile)
		if err != nil {
			return "", misuse(err.Error())
		}
		defer f.Close()
		from = f
	}
	b, err := io.ReadAll(io.LimitReader(from, 4096))
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSuffix(line, "\r"), err
}

// prompt reads a line that the terminal does not show, until the context ends; the terminal is
// then as it was before.
func prompt(ctx context.Context, fd int) (string, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type answer struct {
		line []byte
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		typed <- answer{line, err}
	}()
	select {
	case a := <-typed:
		return string(a.line), a.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}

type userList struct {
	database
	JSON bool `name:"json" help:"Report as one JSON object."`
}

// colleagueLine is a colleague as --json says it.
type colleagueLine struct {
	Username string      `json:"username"`
	Name     string      `json:"name"`
	Role     review.Role `json:"role"`
	Disabled bool        `json:"disabled"`
	SignedIn *time.Time  `json:"signed_in_at"` // null: never
}

// listJSON writes colleagues as one JSON object.
func listJSON(w io.Writer, all []review.Colleague) error {
	lines := make([]colleagueLine, 0, len(all))
	for _, p := range all {
		l := colleagueLine{Username: string(p.ID), Name: p.Name, Role: p.Role, Disabled: p.Disabled}
		if at := p.SignedInAt.UTC(); !p.SignedInAt.IsZero() {
			l.SignedIn = &at
		}
		lines = append(lines, l)
	}
	return json.NewEncoder(w).Encode(map[string]any{"colleagues": lines})
}

func (c userList) Run(ctx context.Context, std streams) error {
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := db.Colleagues(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return listJSON(std.out, all)
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, p := range all {
		state, last := "active", "never signed in"
		if p.Disabled {
			state = "disabled"
		}
		if !p.SignedInAt.IsZero() {
			last = "signed in " + p.SignedInAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.ID, p.Role, state, last)
	}
	return w.Flush()
}

type userDisable struct {
	database
	Name string `arg:"" help:"Whom."`
}

func (c userDisable) Run(ctx context.Context, std streams) error {
	return c.change(ctx, c.Name, func(db *store.DB, id review.ColleagueID) error {
		return db.SetDisabled(ctx, id, true, "")
	})
}

type userPassword struct {
	database
	passwordSource
	Name string `arg:"" help:"Whose."`
}

func (c userPassword) Run(ctx context.Context, std streams) error {
	return c.change(ctx, c.Name, func(db *store.DB, id review.ColleagueID) error {
		if _, err := db.Colleague(ctx, id); err != nil {
			return err
		}
		hash, err := c.hash(ctx, id, std)
		if err != nil {
			return err
		}
		return db.SetPassword(ctx, id, hash, "")
	})
}

// change does something to one colleague.
func (d database) change(ctx context.Context, name string, do func(*store.DB, review.ColleagueID) error) error {
	id, err := colleagueID(name)
	if err != nil {
		return err
	}
	db, err := d.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	err = do(db, id)
	if errors.Is(err, review.ErrNotFound) {
		return refused(fmt.Sprintf("there is no colleague %s; docket user list shows them", id))
	}
	return err
}
