package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
)

// secret reads a secret from the environment or from the file that NAME_FILE names, never from
// a flag: the command line is there for everyone to read.
func secret(name string) (string, error) {
	if path := os.Getenv(name + "_FILE"); path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", misuse(fmt.Sprintf("%s_FILE: %v", name, err))
		}
		return strings.TrimSpace(string(b)), nil
	}
	return strings.TrimSpace(os.Getenv(name)), nil
}

// webhooks is how deliveries are checked.
type webhooks struct {
	WebhookBack  time.Duration `default:"72h" help:"How old a delivery's signature may be; Persona retries for 51 hours. 0 takes any."`
	WebhookAhead time.Duration `default:"10m" help:"How far in the future it may be."`
}

// signatures is nil when no secret is configured: then no delivery is taken.
func (w webhooks) signatures() (*persona.Signatures, error) {
	all, err := secret("PERSONA_WEBHOOK_SECRET")
	if err != nil || all == "" {
		return nil, err
	}
	var secrets []string
	for s := range strings.SplitSeq(all, ",") {
		if s = strings.TrimSpace(s); s != "" {
			secrets = append(secrets, s)
		}
	}
	return persona.NewSignatures(secrets, w.WebhookBack, w.WebhookAhead), nil
}

// upstream is how docket reaches Persona.
type upstream struct {
	TransactionType string `placeholder:"TXNTP" help:"The transaction type (txntp_…) that a new screening is made of."`
}

// client is nil when there is no key: then nothing is asked and nothing is told.
func (u upstream) client(required bool) (*persona.Client, error) {
	key, err := secret("PERSONA_API_KEY")
	if err != nil {
		return nil, err
	}
	if key == "" {
		if required {
			return nil, misuse("there is no key: set PERSONA_API_KEY, or PERSONA_API_KEY_FILE to a file that holds it")
		}
		return nil, nil
	}
	base := os.Getenv("PERSONA_BASE_URL")
	at, err := url.Parse(base)
	if err != nil {
		return nil, misuse("PERSONA_BASE_URL is no address")
	}
	c, err := persona.NewClient(persona.ClientOptions{Key: key, BaseURL: base, Version: os.Getenv("PERSONA_VERSION"),
		Loopback: isLoopback(at.Host)}) // a stand-in on this machine
	if err != nil {
		return nil, misuse(err.Error())
	}
	return c, nil
}

// live opens a database and what works on it from Persona's side.
func (u upstream) live(ctx context.Context, d database, std streams) (*store.DB, *persona.Live, error) {
	client, err := u.client(true)
	if err != nil {
		return nil, nil, err
	}
	db, err := d.openWhole(ctx, store.Options{})
	if err != nil {
		return nil, nil, err
	}
	return db, persona.NewLive(persona.LiveOptions{DB: db, Client: client, Log: logger(std.err), TransactionType: u.TransactionType}), nil
}

type syncCommand struct {
	database
	upstream
	Since string `placeholder:"TIME" help:"Look back to this instant (2006-01-02 or RFC 3339); otherwise to the last sync, or 30 days."`
	JSON  bool   `help:"Print what was found as one JSON object."`
}

func (c syncCommand) Run(ctx context.Context, std streams) error {
	var since time.Time
	if c.Since != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, c.Since); err != nil {
			if since, err = time.Parse(time.DateOnly, c.Since); err != nil {
				return misuse("--since: write an instant such as 2026-03-01 or 2026-03-01T09:00:00Z")
			}
		}
	}
	db, live, err := c.live(ctx, c.database, std)
	if err != nil {
		return err
	}
	defer db.Close()
	found, err := live.Sync(ctx, since)
	if err != nil {
		return err
	}
	if err := live.Drain(ctx); err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(std.out).Encode(map[string]any{"since": found.Since.UTC().Format(time.RFC3339), "events": found.Events,
			"missed": found.Missed, "transactions": found.Transactions, "problem": found.Problem})
	} else {
		_, err = fmt.Fprintf(std.out, "since %s: %d events, %d of them missed until now; %d transactions fetched.\n",
			found.Since.UTC().Format(time.RFC3339), found.Events, found.Missed, found.Transactions)
	}
	if err == nil && found.Problem != "" {
		err = refused("the sync did not come to its end: " + found.Problem)
	}
	return err
}

type screenCommand struct {
	database
	upstream
	ReferenceID        string            `name:"reference-id" help:"Your own id of the person, recorded at Persona."`
	NameFirst          string            `help:"First name."`
	NameMiddle         string            `help:"Middle name."`
	NameLast           string            `help:"Last name."`
	Birthdate          string            `placeholder:"YYYY-MM-DD" help:"Birth date."`
	AddressCountryCode string            `placeholder:"CC" help:"Country of the address, two letters."`
	Field              map[string]string `placeholder:"K=V" help:"A further field of the transaction type."`
	Wait               bool              `help:"Wait until Persona has come to a status that does not change by itself."`
	For                time.Duration     `default:"5m" help:"How long --wait waits."`
	JSON               bool              `help:"Print the transaction as one JSON object."`
}

func (c screenCommand) Run(ctx context.Context, std streams) error {
	form := review.ScreeningForm{ReferenceID: c.ReferenceID, NameFirst: c.NameFirst, NameMiddle: c.NameMiddle, NameLast: c.NameLast,
		Birthdate: c.Birthdate, Country: strings.ToUpper(c.AddressCountryCode), Key: rand.Text()}
	for k, v := range c.Field {
		form.Fields = append(form.Fields, review.PushField{Key: k, Value: v})
	}
	if err := form.Check(time.Now()); err != nil {
		return misuse(problems(err))
	}
	db, live, err := c.live(ctx, c.database, std)
	if err != nil {
		return err
	}
	defer db.Close()
	id, err := live.Screen(ctx, form, "")
	if err != nil {
		var no *persona.Refused
		var inv *review.Invalid
		if errors.As(err, &no) || errors.As(err, &inv) {
			return refused("Persona did not take it: " + problems(err))
		}
		return err
	}
	if c.Wait {
		waiting, cancel := context.WithTimeout(ctx, c.For)
		defer cancel()
		if err := settled(waiting, db, live, id); err != nil && waiting.Err() == nil {
			return err
		}
	}
	file, err := db.TransactionFile(ctx, id)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	err = nil
	status, reviews := file.Dossier.Transaction.Status.Value, []string{}
	for _, r := range file.Reviews {
		reviews = append(reviews, r.ID.String())
	}
	if c.JSON {
		err = json.NewEncoder(std.out).Encode(map[string]any{"transaction": id, "status": status, "reviews": reviews})
	} else {
		_, err = fmt.Fprintln(std.out, strings.Join(append([]string{string(id), cmp.Or(status, "status not told yet")}, reviews...), " "))
	}
	if err == nil && c.Wait && persona.Moving(status) {
		err = refused(fmt.Sprintf("%s is still %s after %s; docket serve goes on watching it", id, status, c.For))
	}
	return err
}

// settled waits until a transaction's status no longer moves by itself.
func settled(ctx context.Context, db *store.DB, live *persona.Live, id review.TransactionID) error {
	for {
		if err := live.Drain(ctx); err != nil {
			return err
		}
		f, err := db.TransactionFile(ctx, id)
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return err
		}
		if err == nil && !persona.Moving(f.Dossier.Transaction.Status.Value) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// problems says what is wrong with a form, on one line.
func problems(err error) string {
	var no *persona.Refused
	if errors.As(err, &no) {
		words := []string{no.Title}
		for _, p := range no.Problems {
			words = append(words, strings.TrimSpace(p.Field+" "+p.Words))
		}
		return strings.Join(words, "; ")
	}
	var inv *review.Invalid
	if !errors.As(err, &inv) {
		return err.Error()
	}
	var words []string
	for _, p := range inv.Problems {
		words = append(words, p.Text)
	}
	return strings.Join(words, "; ")
}
