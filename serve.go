package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"docket/persona"
	"docket/store"
	"docket/web"
)

// serving is what demo and serve share.
type serving struct {
	Addr string `default:"127.0.0.1:8080" help:"Where to listen."`
}

// onTerminal says that a person reads what is written.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// logger writes JSON for machines and plain lines for people.
func logger(w io.Writer) *slog.Logger {
	if onTerminal(w) {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// listen opens the port before anything is promised.
func (s serving) listen() (net.Listener, error) {
	ln, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w; choose another address with --addr", err)
	}
	return ln, nil
}

// isLoopback says that only this machine can reach the address.
func (s serving) isLoopback() bool { return isLoopback(s.Addr) }

// isLoopback says that a host, with or without its port, is this machine.
func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// serve answers requests until the process is told to stop, then finishes what it began.
// It also ends when the database can no longer be trusted to write, so that a supervisor
// starts it afresh and SQLite recovers.
func serve(ctx context.Context, ln net.Listener, db *store.DB, live *persona.Live, ledger *watch, h *web.Server, log *slog.Logger, cert, key string) error {
	// Pages come and go by the hundred kilobytes: collecting their garbage less often costs
	// little memory, and the limit keeps a burst (exports, password hashing) from growing the
	// heap for good. SQLite's caches come on top of it, about 110 MB at most.
	debug.SetGCPercent(300)
	debug.SetMemoryLimit(110 << 20)
	server := web.NewHTTPServer(ln.Addr().String(), h, log)
	failed := make(chan error, 2)
	working, rest := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { wakeDue(working, db, log) })
	work.Go(func() {
		if err := live.Run(working); err != nil && working.Err() == nil {
			failed <- err
		}
	})
	work.Go(func() { ledger.run(working) })
	defer work.Wait()
	defer h.Close()
	defer rest()
	go func() {
		if cert != "" {
			failed <- server.ServeTLS(ln, cert, key)
		} else {
			failed <- server.Serve(ln)
		}
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-db.Broken():
		return errors.Join(errors.New("serve: a write failed and its outcome is unknown; start docket again"), server.Close())
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}

type serveCommand struct {
	keyed
	leaving
	statuses
	serving
	webhooks
	upstream
	ScreenField []string      `placeholder:"KEY" help:"A further field that New screening offers, by its key at Persona; repeatable."`
	FetchFiles  bool          `help:"Fetch photos and documents behind Persona's expiring links as soon as they are named, and keep them."`
	SyncEvery   time.Duration `default:"15m" help:"How often to look at Persona for what webhooks missed; negative: never."`
	InquiryURL  string        `placeholder:"URL" help:"Where subjects finish an inquiry, when your organisation has an address of its own for it."`
	HookLimit   int64         `default:"1572864" help:"The largest delivery that is taken, in bytes."`
	TLSCert     string        `name:"tls-cert" type:"existingfile" and:"tls" help:"Certificate chain, PEM."`
	TLSKey      string        `name:"tls-key" type:"existingfile" and:"tls" help:"Its private key, PEM."`
	Reserve     uint64        `default:"268435456" help:"Free bytes on the disk below which no delivery is taken and nothing is fetched: what is left is for decisions and for making room."`
	BehindProxy []string      `placeholder:"PREFIX" help:"Networks of a proxy that serves TLS in front of docket and whose X-Forwarded-For is believed."`
	ClaimFor    time.Duration `placeholder:"DURATION" help:"How long a claim lasts from the last act, whatever the policy says."`
}

func (c serveCommand) Run(ctx context.Context, std streams) error {
	var proxies []netip.Prefix
	for _, p := range c.BehindProxy {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return misuse(fmt.Sprintf("--behind-proxy %q: write a network such as 10.1.2.0/24", p))
		}
		proxies = append(proxies, prefix)
	}
	secure := c.TLSCert != "" || len(proxies) > 0
	if !c.isLoopback() && !secure {
		return misuse(fmt.Sprintf("%s can be reached from other machines: give --tls-cert and --tls-key, or --behind-proxy", c.Addr))
	}
	signatures, err := c.signatures()
	if err != nil {
		return err
	}
	client, err := c.client(false)
	if err != nil {
		return err
	}
	keepers, err := c.keepers()
	if err != nil {
		return err
	}
	metrics, err := secret("DOCKET_METRICS_TOKEN")
	if err != nil {
		return err
	}
	log := logger(std.err)
	options := c.statuses.options()
	options.ClaimFor = c.ClaimFor
	options.Room = func() error { return c.room(c.Reserve) }
	db, err := c.openWhole(ctx, options)
	if err != nil {
		return err
	}
	defer db.Close()
	ln, err := c.listen()
	if err != nil {
		return err
	}
	base := "http://" + ln.Addr().String()
	if secure {
		base = "https://" + ln.Addr().String()
	}
	fmt.Fprintln(std.out, "docket serves", c.DB, "at", base)
	colleagues, err := db.Colleagues(ctx)
	if err != nil {
		return err
	}
	if len(colleagues) == 0 {
		token, err := db.SetUpToken(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.out, "There is no colleague yet. Make the first admin within 30 minutes, once:\n%s/setup?token=%s\n", base, token)
	}
	live := persona.NewLive(persona.LiveOptions{DB: db, Client: client, Log: log, Files: c.FetchFiles,
		TransactionType: c.TransactionType, Poll: c.SyncEvery, InquiryURL: c.InquiryURL})
	h := web.New(web.Options{DB: db, Live: live, Signatures: signatures, HookLimit: c.HookLimit, ScreenFields: c.ScreenField, Log: log, TLS: secure, Proxies: proxies, Version: version(), File: c.DB, Ready: func(context.Context) []string { return append(c.lacks(c.Reserve), c.missingKey()...) },
		MetricsToken: metrics})
	return serve(ctx, ln, db, live, newWatch(db, keepers, c.CheckpointEvery, time.Now, log), h, log, c.TLSCert, c.TLSKey)
}

// room says that less than so many bytes are free on the disk of the database, or that nobody knows.
func (d database) room(reserve uint64) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(d.DB), &fs); err != nil {
		return fmt.Errorf("free space: %w", err)
	}
	if free := fs.Bavail * uint64(fs.Bsize); free < reserve {
		return fmt.Errorf("%d bytes are free, %d are kept in reserve", free, reserve)
	}
	return nil
}

// lacks names what the disk lacks.
func (d database) lacks(reserve uint64) []string {
	if d.room(reserve) != nil {
		return []string{"disk space"}
	}
	return nil
}
