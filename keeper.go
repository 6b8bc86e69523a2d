package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"docket/persona"
	"docket/store"
)

// A keeper keeps checkpoints where whoever holds this machine cannot change them.
type keeper interface {
	// String names the keeper for people, without secrets.
	String() string
	// keep hands a signed note over. Its error is shown: it holds no secret.
	keep(ctx context.Context, signed string) error
}

// leaving is where checkpoints go.
type leaving struct {
	keeping
	CheckpointEvery time.Duration `default:"15m" help:"How often the ledger is signed when it grew; also after 1,000 entries, on exports, and at the end."`
}

// keepers gives who keeps checkpoints; none is a valid answer.
func (l leaving) keepers() ([]keeper, error) {
	if l.CheckpointEvery <= 0 {
		return nil, misuse("--checkpoint-every: give a time such as 15m")
	}
	return l.keeping.keepers()
}

// keeping is who keeps checkpoints. Commands that sign one know it too, so that it leaves at once.
type keeping struct {
	CheckpointFile    string   `placeholder:"FILE" help:"Append each checkpoint of the ledger to this file, best on a disk of another machine."`
	CheckpointCommand []string `placeholder:"WORD" sep:"none" help:"Run this with each checkpoint on its standard input; repeat the flag for each further argument. No shell is involved."`
	CheckpointWebhook string   `placeholder:"URL" help:"Post each checkpoint to this https address."`
}

func (l keeping) keepers() ([]keeper, error) {
	var all []keeper
	if l.CheckpointFile != "" {
		all = append(all, fileKeeper(l.CheckpointFile))
	}
	if len(l.CheckpointCommand) > 0 {
		path, err := exec.LookPath(l.CheckpointCommand[0])
		if err != nil {
			return nil, misuse(fmt.Sprintf("--checkpoint-command: %s is no program here", l.CheckpointCommand[0]))
		}
		all = append(all, commandKeeper{path, l.CheckpointCommand})
	}
	if l.CheckpointWebhook != "" {
		u, err := url.Parse(l.CheckpointWebhook)
		switch {
		case err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Opaque != "":
			return nil, misuse("--checkpoint-webhook: write an address such as https://keeper.example/roots")
		case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Host)):
			return nil, misuse("--checkpoint-webhook: the address must begin with https://, or be of this machine")
		}
		all = append(all, webhookKeeper{u, persona.Outward()})
	}
	return all, nil
}

// bring hands the keepers what a command signed. It fails nothing: what does not leave now is said, noted
// in the database, and tried again by docket serve.
func (l keeping) bring(ctx context.Context, db *store.DB, keepers []keeper, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin+lastWords)
	defer cancel()
	bringAll(ctx, feed(db, keepers, time.Now, log))
}

// keepWithin is how long a keeper may take.
const keepWithin = 30 * time.Second

// fileKeeper appends to a file.
type fileKeeper string

func (k fileKeeper) String() string { return "file " + string(k) }

func (k fileKeeper) keep(_ context.Context, signed string) (err error) {
	f, err := os.OpenFile(string(k), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return shortly(err)
	}
	defer func() { err = errors.Join(err, shortly(f.Close())) }()
	if _, err := f.WriteString(signed + "\n"); err != nil {
		return shortly(err)
	}
	return shortly(f.Sync())
}

// shortly is what went wrong without the path, which the keeper's name says.
func shortly(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// commandKeeper runs a program.
type commandKeeper struct {
	path string
	argv []string
}

func (k commandKeeper) String() string { return "command " + k.argv[0] }

// keep runs the program with the note on its standard input and nothing of docket's secrets around
// it.
func (k commandKeeper) keep(ctx context.Context, signed string) error {
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, k.path, k.argv[1:]...) //nolint:gosec // the operator's own words, and no shell
	cmd.Stdin = strings.NewReader(signed)
	cmd.Env = []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "HOME", "TZ", "SSH_AUTH_SOCK"} {
		if v, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("it did not end within %s", keepWithin)
	case err != nil:
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			return fmt.Errorf("it ended with %s", ended)
		}
		return errors.New("it could not be run")
	}
	return nil
}

// webhookKeeper posts to an address.
type webhookKeeper struct {
	to     *url.URL
	client *http.Client
}

func (k webhookKeeper) String() string { return "address " + k.to.Scheme + "://" + k.to.Host }

func (k webhookKeeper) keep(ctx context.Context, signed string) error {
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, k.to.String(), bytes.NewReader([]byte(signed)))
	if err != nil {
		return errors.New("the address cannot be asked")
	}
	r.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := k.client.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("it did not answer within %s", keepWithin)
		}
		return errors.New("it cannot be reached") // the error would name the whole address, and what is secret in it
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("it answered %d", answer.StatusCode)
	}
	return nil
}
