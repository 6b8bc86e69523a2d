// Command docket is an internal web app in which compliance reviewers judge screening
// matches. This file is the command line: flags and environment into values, values into a
// running server. `docket --help` says everything.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/alecthomas/kong"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
)

// The exit codes that scripts may rely on.
const (
	exitDone    = 0
	exitRefused = 1 // done, but something was refused
	exitUsage   = 2
	exitFailed  = 3 // could not run: database, network, disk
)

// refused is work that was done but for what it names.
type refused string

func (r refused) Error() string { return string(r) }

// misuse is a wrong use of the command line.
type misuse string

func (m misuse) Error() string { return string(m) }

type commands struct {
	Demo      demoCommand      `cmd:"" help:"Start a throwaway docket with synthetic reviews on this machine; nothing is left behind."`
	Serve     serveCommand     `cmd:"" help:"Serve a database."`
	Import    importCommand    `cmd:"" help:"Take in payloads from files, folders, NDJSON, .gz or .zst of these, or - for stdin."`
	Sync      syncCommand      `cmd:"" help:"Fetch from Persona what webhooks missed."`
	Screen    screenCommand    `cmd:"" help:"Have Persona screen a person."`
	User      userCommand      `cmd:"" help:"Look after colleagues."`
	Export    exportCommand    `cmd:"" help:"Write decisions for people and for machines."`
	Evidence  evidenceCommand  `cmd:"" help:"Write the evidence pack of a review, of a period or of a sample: one file that anybody can check."`
	Verify    verifyCommand    `cmd:"" help:"Check an evidence pack; says the first thing that does not fit."`
	Compare   compareCommand   `cmd:"" help:"Compare two names and say why, or a file of pairs."`
	Rebuild   rebuildCommand   `cmd:"" help:"Throw every projection away and make it again from the stored payloads."`
	Check     checkCommand     `cmd:"" help:"Check the file, the projections and the counters; says what does not fit."`
	Retention retentionCommand `cmd:"" help:"List what may be erased by now, and change nothing."`
	Backup    backupCommand    `cmd:"" help:"Copy the database into a new file while it is in use, and check the copy."`
	Restore   restoreCommand   `cmd:"" help:"Make a database of a backup, under a name that nothing has yet."`
	Generate  generateCommand  `cmd:"" help:"Write synthetic payloads as NDJSON: the same bytes for the same seed."`
	Ledger    ledgerCommand    `cmd:"" help:"The ledger of a database."`
	Version   versionCommand   `cmd:"" help:"Say the version of docket, Go and SQLite."`
}

func main() {
	syscall.Umask(0o077)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends what does not listen to the first
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run is main without the process: it answers the exit code.
func run(ctx context.Context, args []string, std streams) int {
	exited := -1
	parser, err := kong.New(&commands{}, kong.Name("docket"), kong.Writers(std.out, std.err),
		kong.Description("Judge screening matches, and remember why. Every flag has an environment twin, DOCKET_<FLAG>."),
		kong.DefaultEnvars("DOCKET"), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std))
	if err != nil {
		fmt.Fprintln(std.err, "docket:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help has answered
		return exited
	case err != nil:
		err = misuse(err.Error())
	default:
		err = command.Run()
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.New("stopped before the end; run it again for the rest")
	}
	var no refused
	var wrong misuse
	var inv *review.Invalid
	if errors.As(err, &inv) {
		err = refused(problems(err)) // what a person can mend is refused, and not a fault
	}
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		fmt.Fprintf(std.err, "docket: %s; see docket --help\n", oneLine(wrong.Error()))
		return exitUsage
	case errors.As(err, &no):
		fmt.Fprintln(std.err, "docket:", oneLine(no.Error()))
		return exitRefused
	}
	fmt.Fprintln(std.err, "docket:", oneLine(err.Error())+advice(err))
	return exitFailed
}

// oneLine keeps what errors and file names say on one line, and away from the terminal's
// controls.
func oneLine(s string) string {
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.Join(lines, "; "))
}

// advice is what to do about an error that the machine or another process made.
func advice(err error) string {
	switch {
	case errors.Is(err, store.ErrFull), errors.Is(err, syscall.ENOSPC):
		return "; make room and run it again"
	case errors.Is(err, store.ErrBusy):
		return "; another docket is writing: try again"
	case errors.Is(err, store.ErrRebuilding):
		return "; if none is running, run docket rebuild"
	}
	return ""
}

// interruptible reads in until the context ends: a read that waits for a terminal or a pipe
// cannot itself be called off.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	if in == nil {
		return nil
	}
	r, w := io.Pipe()
	context.AfterFunc(ctx, func() { w.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
	}()
	return r
}

// database is what every command that works on a file asks for.
type database struct {
	DB string `name:"db" required:"" placeholder:"FILE" help:"The database file."`
}

// open opens the file. A command that only reads or repairs names none that is not there.
func (d database) open(ctx context.Context, mustExist bool, o store.Options) (*store.DB, error) {
	if _, err := os.Stat(d.DB); mustExist && err != nil {
		return nil, fmt.Errorf("open %s: there is no such database; docket import or docket serve makes one", d.DB)
	}
	o.Hydrate, o.Pushes, o.Reduce, o.Read = persona.Hydrate, persona.Pushes, persona.Reduce, persona.Read
	db, err := store.Open(ctx, d.DB, o)
	if err != nil && advice(err) == "" {
		err = fmt.Errorf("%w; --db must name a docket database in a folder that docket may write to", err)
	}
	return db, err
}

// openReady opens a file to work on it, and takes up what an earlier process left half done. A
// rebuild that was cut short is for the operator to run again: until then there is nothing to
// show.
func (d database) openReady(ctx context.Context, o store.Options) (*store.DB, error) {
	db, err := d.openWhole(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := persona.Recover(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openWhole is openReady for those who work with a persona.Live, which takes up by itself what
// was left, and plans what is to be asked for it.
func (d database) openWhole(ctx context.Context, o store.Options) (*store.DB, error) {
	db, err := d.open(ctx, false, o)
	if err != nil {
		return nil, err
	}
	if err := db.Health(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// statuses are the statuses that mean something; kept with the database.
type statuses struct {
	ReviewStatus   []string `placeholder:"STATUS" help:"Transaction statuses that wait for a person, however spelled; kept in the database (a new one: needs_review). Change them with rebuild."`
	FallbackStatus []string `placeholder:"STATUS" help:"Statuses that wait for the subject's inquiry (a new database: pending_fallback_inquiry)."`
	InquiryStatus  []string `placeholder:"STATUS" help:"Statuses of inquiries that wait for a person, such as needs_review (a new database: none, so that only transactions are reviewed). \"none\" ends it."`
	CaseStatus     []string `placeholder:"STATUS" help:"Statuses of Persona's cases that wait for a person, such as open (a new database: none). \"none\" ends it."`
}

// noStatus given as a status of inquiries or cases ends their being reviewed.
const noStatus = "none"

func (s statuses) options() store.Options {
	if len(s.ReviewStatus)+len(s.FallbackStatus)+len(s.InquiryStatus)+len(s.CaseStatus) == 0 {
		return store.Options{}
	}
	var set review.Statuses // what is nil stays as the database has it
	if len(s.ReviewStatus)+len(s.FallbackStatus) > 0 {
		set = review.DefaultStatuses()
	}
	for list, given := range map[*[]string][]string{&set.Review: s.ReviewStatus, &set.Fallback: s.FallbackStatus,
		&set.Inquiry: s.InquiryStatus, &set.Case: s.CaseStatus} {
		if len(given) > 0 {
			*list = []string{}
			for _, g := range given {
				if n := review.NormalStatus(g); n != noStatus || list == &set.Review || list == &set.Fallback {
					*list = append(*list, n)
				}
			}
		}
	}
	return store.Options{Statuses: &set}
}

type rebuildCommand struct {
	database
	statuses
}

func (c rebuildCommand) Run(ctx context.Context, std streams) (err error) {
	db, err := c.open(ctx, true, bulk(c.statuses.options()))
	if err != nil {
		return err
	}
	defer closing(db, &err)
	began := time.Now()
	return db.Rebuild(ctx, persona.Read, func(done, all int) {
		if time.Since(began) > 2*time.Second {
			fmt.Fprintf(std.err, "\r%d of %d payloads", done, all)
			if done == all {
				fmt.Fprintln(std.err)
			}
		}
	})
}

type checkCommand struct {
	database
	JSON bool `name:"json" help:"Report as one JSON object."`
}

// checkReport is what a check found, as --json says it.
type checkReport struct {
	OK       bool     `json:"ok"`
	Problems []string `json:"problems"`
}

func (c checkCommand) Run(ctx context.Context, std streams) error {
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	began, told := time.Now(), 0
	problems, err := db.CheckAloud(ctx, func(step string, done, all int64) {
		if time.Since(began) < 2*time.Second || !onTerminal(std.err) {
			return
		}
		line := step
		if all > 0 {
			line = fmt.Sprintf("%s: %d of %d", step, done, all)
		}
		fmt.Fprintf(std.err, "\r%-*s", told, line) // over what stood there
		told = len(line)
	})
	if told > 0 {
		fmt.Fprintln(std.err)
	}
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(std.err, p)
	}
	if c.JSON {
		err = json.NewEncoder(std.out).Encode(checkReport{len(problems) == 0, append([]string{}, problems...)})
	} else if len(problems) == 0 {
		_, err = fmt.Fprintln(std.out, "all is well in", c.DB)
	}
	if err == nil && len(problems) > 0 {
		err = refused(fmt.Sprintf("%d problems found in %s", len(problems), c.DB))
	}
	return err
}

type generateCommand struct {
	Transactions int    `required:"" help:"How many transactions."`
	Seed         uint64 `default:"1" help:"The same seed gives the same bytes."`
	Out          string `default:"-" placeholder:"FILE" help:"Where to; - is stdout."`
}

func (c generateCommand) Run(std streams) error {
	if c.Transactions < 1 {
		return misuse("--transactions: ask for at least one")
	}
	return writeOut(c.Out, std, func(w io.Writer) error {
		return sandbox.Generate(w, sandbox.Options{Transactions: c.Transactions, Seed: c.Seed})
	})
}

type versionCommand struct{}

func (versionCommand) Run(std streams) error {
	_, err := fmt.Fprintf(std.out, "docket %s, %s, SQLite %s\n", version(), runtime.Version(), store.SQLiteVersion())
	return err
}

// version is what was built: the module's version, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" || v == "(devel)" {
		return "from source"
	}
	return v
}
