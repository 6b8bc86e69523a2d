package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/web"
)

type demoCommand struct {
	serving
	Transactions int    `default:"200" help:"How many synthetic transactions."`
	Seed         uint64 `default:"1" help:"Which ones: the same seed gives the same people."`
}

func (c demoCommand) Run(ctx context.Context, std streams) error {
	if !c.isLoopback() {
		return misuse(fmt.Sprintf("%s can be reached from other machines; the demo is for this one only", c.Addr))
	}
	dir, err := os.MkdirTemp("", "docket-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	password := os.Getenv("DOCKET_DEMO_PASSWORD")
	if password == "" {
		password = rand.Text()
	}
	d := demo{now: time.Now().UTC()}
	// What a person decided before the present happens first: the clock runs up to now.
	d.clock.Store(int64(-85 * 24 * time.Hour))
	file := keyed{database: database{DB: filepath.Join(dir, "demo.db")}}
	db, err := store.Open(ctx, file.DB, file.signing(store.Options{Hydrate: persona.Hydrate, Pushes: persona.Pushes, Reduce: persona.Reduce, Clock: d.time}))
	if err != nil {
		return err
	}
	defer db.Close()
	ln, err := c.listen()
	if err != nil {
		return err
	}
	world := sandbox.Options{Transactions: c.Transactions, Seed: c.Seed, Now: d.now}
	if err := d.fill(ctx, db, world, password); err != nil {
		return err
	}
	log := logger(std.err)
	up, err := d.standIn(db, world, "http://"+ln.Addr().String(), log)
	if err != nil {
		return err
	}
	defer up.close()
	if err := db.SetTelling(ctx, demoTelling, "admin"); err != nil {
		return err
	}
	if err := proposes(ctx, db); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "docket demo at http://%s\nSign in as reviewer, lead, auditor or admin; password: %s\n"+
		"To see matches come in, have Lazar Vintermoor screened under New screening.\nEverything here is invented and gone when you stop it (Ctrl C).\n",
		ln.Addr(), password)
	h := web.New(web.Options{DB: db, Live: up.live, Signatures: up.signatures, Clock: d.time, Log: log, Demo: true, Version: version()})
	kept := fileKeeper(filepath.Join(dir, "roots.txt"))
	return serve(ctx, ln, db, up.live, newWatch(db, []keeper{kept}, time.Minute, d.time, log), h, log, "", "")
}

// standIn is Persona's side of the demo: it answers docket's questions, and delivers to it.
type standIn struct {
	live       *persona.Live
	signatures *persona.Signatures
	close      func()
}

// demoTelling has everything told, so that it can be seen.
var demoTelling = review.Telling{Status: true, Fields: true, Matches: true, Inquiry: true, Case: true,
	Types:        []review.TypeTelling{{Approved: "approved", Declined: "declined", ReasonField: "review_reason", NoteField: "review_note", ByField: "reviewed_by"}},
	CaseApproved: "Approved", CaseDeclined: "Declined"}

func (d *demo) standIn(db *store.DB, world sandbox.Options, docket string, log *slog.Logger) (*standIn, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the stand-in for Persona: %w", err)
	}
	base := "http://" + ln.Addr().String()
	key, secret := "persona_sandbox_"+rand.Text(), "wbhsec_"+rand.Text()
	in := sandbox.NewStandIn(sandbox.StandInOptions{Key: key, Now: d.time, Speed: 20, Seed: world.Seed, Files: base + "/files/", Verify: base + "/verify",
		HookURL: docket + "/hooks/persona", Secrets: []string{secret}, Real: true})
	in.Adopt(world)
	in.AdoptSequels(world)
	in.AdoptPast(world, pastOf(world), func(id string) string { return d.stories[review.TransactionID(id)].status })
	server := &http.Server{Handler: in, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(ln) }()
	client, err := persona.NewClient(persona.ClientOptions{Key: key, BaseURL: base + "/api/v1", Loopback: true, FileHosts: []string{ln.Addr().String()}})
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	up := &standIn{signatures: persona.NewSignatures([]string{secret}, persona.DefaultBack, persona.DefaultAhead),
		live: persona.NewLive(persona.LiveOptions{DB: db, Client: client, Clock: d.time, Log: log, Files: true,
			TransactionType: sandbox.TypePerson, InquiryURL: base + "/verify"})}
	up.close = func() {
		_ = server.Close()
		in.Close()
		client.Close()
	}
	return up, nil
}

// demo fills a throwaway database.
type demo struct {
	now     time.Time
	clock   atomic.Int64                        // nanoseconds that the clock is behind
	stories map[review.TransactionID]*pastStory // of the past
}

func (d *demo) time() time.Time { return time.Now().Add(time.Duration(d.clock.Load())) }

// pass lets time go by, never beyond now and never back.
func (d *demo) pass(t time.Duration) { d.clock.Store(min(d.clock.Load()+max(int64(t), 0), 0)) }

func (d *demo) fill(ctx context.Context, db *store.DB, o sandbox.Options, password string) error {
	hash := web.HashDemoPassword(password)
	for _, p := range []review.Colleague{
		{ID: "reviewer", Name: "Noor Haddad", Role: review.RoleReviewer},
		{ID: "lead", Name: "Tomasz Lindqvist", Role: review.RoleLead},
		{ID: "auditor", Name: "Ilse Marchetti", Role: review.RoleAuditor},
		{ID: "admin", Name: "Sefa Tuilagi", Role: review.RoleAdmin},
	} {
		p.Keys = true
		if err := db.AddColleague(ctx, p, hash, ""); err != nil {
			return err
		}
	}
	if err := d.rates(ctx, db, hash); err != nil {
		return err
	}
	before, after := sandbox.Sequels(o)
	if err := d.past(ctx, db, o, hash, before); err != nil {
		return err
	}
	if err := d.secondLooks(ctx, db); err != nil {
		return err
	}
	if err := d.retained(ctx, db); err != nil {
		return err
	}
	d.clock.Store(int64(-7 * time.Hour)) // this morning's work happens before the doors open
	if err := absorb(ctx, db, sandbox.Payloads(o)); err != nil {
		return err
	}
	if err := d.work(ctx, db); err != nil {
		return err
	}
	if err := absorb(ctx, db, slices.Values(after)); err != nil {
		return err
	}
	_, err := db.WakeDue(ctx)
	return err
}

func absorb(ctx context.Context, db *store.DB, payloads iter.Seq[[]byte]) error {
	var arrivals []review.Arrival
	flush := func() error {
		err := persona.Absorb(ctx, db, arrivals)
		arrivals = arrivals[:0]
		return err
	}
	for p := range payloads {
		arrivals = append(arrivals, review.Arrival{Bytes: slices.Clone(p), Source: "demo", About: "synthetic"})
		if len(arrivals) == 200 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// month decides what had come in a month ago, so that there is something to remember.
func (d *demo) month(ctx context.Context, db *store.DB) error {
	page, err := db.Queue(ctx, review.QueueQuery{Limit: 100})
	if err != nil {
		return err
	}
	rows := slices.DeleteFunc(page.Rows, func(r review.QueueRow) bool { return d.stories[r.Transaction] != nil })
	for i, row := range rows {
		by := []review.ColleagueID{"lead", "reviewer"}[i%2]
		d.pass(row.OpenedAt.Add(2 * time.Minute).Sub(d.time())) // some come a little later
		if _, err := db.Claim(ctx, row.Review, by, false); err != nil {
			return fmt.Errorf("demo: claim %s: %w", row.Review, err)
		}
		d.pass(11 * time.Minute)
		if i == 0 { // asked then, and to be reminded by now
			if _, err := db.Wait(ctx, row.Review, by, review.WaitForm{Missing: []review.Fact{review.FactOther}, Note: "Asked for the passport by letter."}); err != nil {
				return fmt.Errorf("demo: park %s: %w", row.Review, err)
			}
			continue
		}
		if err := d.judge(ctx, db, row.Review, by, i); err != nil {
			return fmt.Errorf("demo: judge %s: %w", row.Review, err)
		}
	}
	return nil
}

// work lets two colleagues do a morning's work, so that every state can be seen.
func (d *demo) work(ctx context.Context, db *store.DB) error {
	page, err := db.Queue(ctx, review.QueueQuery{Limit: 100})
	if err != nil {
		return err
	}
	for i, row := range page.Rows {
		by := review.ColleagueID("reviewer")
		if i%3 == 1 {
			by = "lead"
		}
		if i%4 != 2 || row.OpenedAt.After(d.time()) { // which only came after the morning
			continue // left for whoever tries the demo
		}
		if _, err := db.Claim(ctx, row.Review, by, false); err != nil {
			return fmt.Errorf("demo: claim %s: %w", row.Review, err)
		}
		d.pass(9 * time.Minute)
		if err := d.judge(ctx, db, row.Review, by, i); err != nil {
			return fmt.Errorf("demo: judge %s: %w", row.Review, err)
		}
	}
	var taken []review.ReviewID // further down
	for _, row := range page.Rows[:min(len(page.Rows), 10)] {
		taken = append(taken, row.Review)
	}
	if err := d.between(ctx, db, taken); err != nil {
		return err
	}
	d.pass(24 * time.Hour)
	for i, by := range map[int]review.ColleagueID{3: "lead", 5: "reviewer", 9: "lead"} {
		if i < len(page.Rows) {
			if _, err := db.Claim(ctx, page.Rows[i].Review, by, false); err != nil {
				return fmt.Errorf("demo: claim %s: %w", page.Rows[i].Review, err)
			}
		}
	}
	return nil
}

// judge gives findings by what the comparison says, and decides where all are plain.
func (d *demo) judge(ctx context.Context, db *store.DB, id review.ReviewID, by review.ColleagueID, i int) error {
	file, err := db.ReviewFile(ctx, id)
	if err != nil {
		return err
	}
	evidence := file.Review.Evidence.String()
	if i%5 == 0 {
		if _, err := db.AddNote(ctx, id, by, "Asked the customer team for the passport that was read at sign-up."); err != nil {
			return err
		}
	}
	parties, err := review.CompareParties(file.Dossier, review.ComparatorVersion)
	if err != nil {
		return err
	}
	plain := true
	for _, c := range parties {
		form := finding(c)
		if len(form.Matches) == 0 {
			continue
		}
		form.Evidence = evidence
		plain = plain && form.Finding == review.FalsePositive
		if !plain && i%3 != 0 {
			continue // this one waits for whoever tries the demo
		}
		d.pass(3 * time.Minute)
		if _, err := db.Dispose(ctx, id, by, form); err != nil {
			return err
		}
	}
	d.pass(2 * time.Minute)
	decision := review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Evidence: evidence}
	switch {
	case file.Dossier.Untold():
		return db.Release(ctx, id, by)
	case len(file.Dossier.OpenMatches()) == 0:
		decision.Reason = review.ReasonNoMatch
	case !plain && i%3 == 0:
		decision = review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Evidence: evidence,
			Note: "The customer did not answer within the time set."}
	case !plain:
		return db.Release(ctx, id, by)
	}
	made, err := db.Decide(ctx, id, by, decision)
	if err != nil {
		return err
	}
	d.pass(time.Minute)
	return agrees(ctx, db, made)
}

// finding is what a colleague of the demo finds of a party: by what sets it apart, where
// something more than spelling does.
func finding(c review.ComparedParty) review.DispositionForm {
	form := review.DispositionForm{Finding: review.CannotTell, Reason: review.ReasonOther, Note: "Nothing that both sides give tells them apart.",
		Missing: review.SettleParty(c)}
	if len(form.Missing) == 0 {
		form.Missing = []review.Fact{review.FactOther}
	}
	for _, m := range c.Party.OpenMatches() {
		form.Matches = append(form.Matches, m.Key)
	}
	for _, p := range c.Premises() {
		if p.Kind.Weak() || p.Kind == review.PremiseKindApart {
			continue
		}
		if form.Finding != review.FalsePositive {
			form.Finding, form.Reason, form.Missing, form.Note = review.FalsePositive, review.Reason(p.Attribute), nil, "Compared with the identity card on file."
		}
		form.Premises = append(form.Premises, p.Key())
	}
	return form
}

// proposes leaves a changed policy to be read: with one admin it waits for a second.
func proposes(ctx context.Context, db *store.DB) error {
	p, err := db.Policy(ctx)
	if err != nil {
		return err
	}
	p.Checklist = []review.ChecklistItem{
		{Code: "id_read", Text: "Identity document read in full, front and back"},
		{Code: "listing_read", Text: "The listing itself read, not only its summary", Kind: review.KindWatchlist},
		{Code: "letter", Text: "Letter to the customer prepared", Outcome: review.Decline},
	}
	p.Second = append(p.Second, review.SecondReopened)
	p.Times.Target, p.Times.Warning = 3*24*60, 2*24*60
	_, err = db.ProposePolicy(ctx, "admin", p, "Three days instead of five, and a checklist: what the yearly audit asked for.")
	return err
}
