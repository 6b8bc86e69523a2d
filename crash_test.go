package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
)

var crashRounds = flag.Int("crash-rounds", 50, "how often the server is killed under a stream of deliveries")

const crashSecret = "wbhsec_11111111-2222-4333-8444-555555555555"

// built is the real binary, made once for all tests that run it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "docket-crash-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "docket")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := built(); err == nil && code == 0 {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process is one run of the real server.
type process struct {
	cmd  *exec.Cmd
	base string
	errs *bytes.Buffer
	done chan struct{}
}

// start runs docket serve on a database, under a wrapper such as strace when one is given.
func start(t *testing.T, db string, wrapper ...string) *process {
	t.Helper()
	bin, err := built()
	require.NoError(t, err)
	args := append(wrapper, bin, "serve", "--db", db, "--addr", "127.0.0.1:0")
	p := &process{cmd: exec.Command(args[0], args[1:]...), errs: &bytes.Buffer{}, done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "PERSONA_WEBHOOK_SECRET="+crashSecret)
	p.cmd.Stderr = p.errs
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // strace's child outlives strace
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	lines := bufio.NewReader(out)
	line, _ := lines.ReadString('\n')
	_, p.base, _ = strings.Cut(strings.TrimSpace(line), " at ") // "" when it did not come that far
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		_ = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the process at once, as a power switch would.
func (p *process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.done
}

// deliver posts one signed event and gives the status, 0 when the server did not answer.
func deliver(ctx context.Context, client *http.Client, base string, body []byte) int {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(crashSecret))
	fmt.Fprintf(mac, "%s.%s", at, body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/hooks/persona", bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Persona-Signature", "t="+at+",v1="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// event is the n-th delivery of a test: a transaction that waits for a person.
func event(n int) []byte {
	return fmt.Appendf(nil, `{"data":{"type":"event","id":"evt_%06d","attributes":{"name":"transaction.status-updated","created-at":"2026-03-01T09:00:00.000Z",`+
		`"payload":{"data":{"type":"transaction","id":"txn_%06d","attributes":{"status":"needs_review","reference-id":"ref-%d",`+
		`"created-at":"2026-03-01T08:00:00.000Z","updated-at":"2026-03-01T08:59:59.000Z","fields":{"name_first":{"type":"string","value":"Ruvan"},`+
		`"name_last":{"type":"string","value":"Okell%d"}}}}}}}}`, n, n, n, n)
}

// stream posts events from several senders until the server is gone, and gives those that were
// answered with 200. Each fourth is sent twice.
func stream(ctx context.Context, base string, next func() int) (acked []int) {
	var mu sync.Mutex
	var senders sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	for range 4 {
		senders.Go(func() {
			for ctx.Err() == nil {
				n := next()
				for range 1 + (n%4)/3 {
					switch deliver(ctx, client, base, event(n)) {
					case http.StatusOK:
						mu.Lock()
						acked = append(acked, n)
						mu.Unlock()
					case 0:
						return
					}
				}
			}
		})
	}
	senders.Wait()
	return acked
}

// deliveredOnce checks that each acknowledged event is there once.
func deliveredOnce(t *testing.T, db *store.DB, acked map[int]bool) {
	t.Helper()
	seen := map[string]int{}
	for after := ""; ; {
		page, next, err := db.Deliveries(t.Context(), review.DeliveryQuery{After: after, Limit: 500})
		require.NoError(t, err)
		for _, d := range page {
			seen[d.Event]++
		}
		if after = next; next == "" {
			break
		}
	}
	for n := range acked {
		require.Equal(t, 1, seen[fmt.Sprintf("evt_%06d", n)], "event %d", n)
	}
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
}

// absorbedOnce checks that each acknowledged event opened one review.
func absorbedOnce(t *testing.T, path string, acked map[int]bool) {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, persona.Recover(t.Context(), db))
	deliveredOnce(t, db, acked)
	for n := range acked {
		f, err := db.TransactionFile(t.Context(), review.TransactionID(fmt.Sprintf("txn_%06d", n)))
		require.NoError(t, err, "transaction of event %d", n)
		require.Len(t, f.Reviews, 1, "reviews of event %d", n)
		require.Len(t, f.Payloads, 1, "payloads of event %d", n)
	}
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	require.Empty(t, problems)
}

// counter gives 1, 2, 3, … to many.
func counter() func() int {
	var mu sync.Mutex
	n := 0
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		n++
		return n
	}
}

func TestWhatWasAcknowledgedSurvivesTheEndOfTheProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	next := counter()
	acked := map[int]bool{}
	dice := rand.New(rand.NewPCG(7, uint64(*crashRounds)))
	for round := range *crashRounds {
		p := start(t, path)
		require.NotEmpty(t, p.base, "round %d: %s", round, p.errs)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		time.AfterFunc(time.Duration(5+dice.IntN(150))*time.Millisecond, func() { _ = p.cmd.Process.Kill() })
		for _, n := range stream(ctx, p.base, next) {
			acked[n] = true
		}
		cancel()
		<-p.done
		if every := max(10, *crashRounds/5); round%every == every-1 || round == *crashRounds-1 {
			absorbedOnce(t, path, acked)
		}
	}
	require.NotEmpty(t, acked)
	t.Logf("%d rounds, %d deliveries acknowledged", *crashRounds, len(acked))
}

// served makes a database by serving it for a moment.
func served(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docket.db")
	p := start(t, path)
	require.NotEmpty(t, p.base, p.errs)
	p.kill()
	return path
}

// traceable skips a test where strace is not here, or may not trace.
func traceable(t *testing.T) {
	t.Helper()
	if err := exec.Command("strace", "-f", "-e", "trace=none", "true").Run(); err != nil {
		if os.Getenv("DOCKET_STRACE") == "required" {
			t.Fatal("strace is required and does not run:", err)
		}
		t.Skip("needs strace, which is not here or may not trace; .ci/run makes it mandatory")
	}
}

// strace gives the arguments with which it runs a command and makes a system call fail.
func strace(inject string, command ...string) []string {
	call, _, _ := strings.Cut(inject, ":")
	return append([]string{"-f", "-qq", "-o", os.DevNull, "-e", "trace=" + call, "-e", "inject=" + inject}, command...)
}

// faulty runs the server under strace, which makes a system call fail.
func faulty(t *testing.T, db string, inject string) *process {
	t.Helper()
	traceable(t)
	return start(t, db, append([]string{"strace"}, strace(inject)...)...)
}

func TestADiskThatCannotFlushIsNotTrusted(t *testing.T) {
	t.Parallel()
	path := served(t)
	acked := map[int]bool{}
	next := counter()
	stopped := 0
	for when := range 8 {
		p := faulty(t, path, fmt.Sprintf("fsync:error=EIO:when=%d+", 3+4*when))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		client := &http.Client{Timeout: 5 * time.Second}
		for ctx.Err() == nil && p.base != "" {
			n := next()
			status := deliver(ctx, client, p.base, event(n))
			if status == http.StatusOK {
				acked[n] = true
				continue
			}
			assert.Contains(t, []int{0, http.StatusServiceUnavailable}, status)
			break
		}
		cancel()
		select {
		case <-p.done:
			stopped++
			assert.Contains(t, p.errs.String(), "docket: ", "it says why it stopped")
			assert.Equal(t, exitFailed, p.cmd.ProcessState.ExitCode())
		case <-time.After(10 * time.Second):
			p.kill()
		}
	}
	require.Positive(t, stopped, "no fault was met")
	absorbedOnce(t, path, acked)
}

func TestAFullDiskIsSaidAndWorkGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	path := served(t)
	acked := map[int]bool{}
	next := counter()
	// Each thread of the process counts for itself: from its 60th write on 40 fail.
	p := faulty(t, path, "pwrite64:error=ENOSPC:when=60..100")
	require.NotEmpty(t, p.base, p.errs)
	client := &http.Client{Timeout: 5 * time.Second}
	refused, after := 0, 0
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline) && after < 20; {
		n := next()
		switch status := deliver(t.Context(), client, p.base, event(n)); status {
		case http.StatusOK:
			acked[n] = true
			if refused > 0 {
				after++
			}
		case http.StatusServiceUnavailable:
			refused++
		default:
			require.Equal(t, http.StatusServiceUnavailable, status, p.errs.String())
		}
	}
	require.Positive(t, refused, "no fault was met")
	require.Equal(t, 20, after, "it takes deliveries again")
	p.kill()
	absorbedOnce(t, path, acked)
}
