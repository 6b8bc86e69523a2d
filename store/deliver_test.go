package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func receipt(event, bytes string) review.Receipt {
	return review.Receipt{Bytes: []byte(bytes), Event: event, Secret: "0a1b2c3d", Attempt: 1}
}

func deliver(t *testing.T, db *store.DB, r review.Receipt) review.Delivered {
	t.Helper()
	d, err := db.Deliver(t.Context(), r)
	require.NoError(t, err)
	return d
}

func deliveries(t *testing.T, db *store.DB, q review.DeliveryQuery) []review.Delivery {
	t.Helper()
	found, _, err := db.Deliveries(t.Context(), q)
	require.NoError(t, err)
	return found
}

func TestADeliveryIsKeptByteForByteAndWaitsToBeRead(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	r := receipt("evt_1", " {\"a\": \"\xff\x00é\"}\r\n")
	r.FirstAt = storetest.Start.Add(-time.Minute)
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, r))

	p, body, err := db.Payload(t.Context(), review.Sum(r.Bytes))
	require.NoError(t, err)
	assert.Equal(t, r.Bytes, body)
	assert.Equal(t, review.Payload{Hash: review.Sum(r.Bytes), Source: "webhook", About: "POST /hooks/persona",
		ReceivedAt: storetest.Start, Bytes: int64(len(r.Bytes))}, p)
	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Equal(t, []review.Hash{p.Hash}, unread)
	assert.Equal(t, []review.Delivery{{ID: 1, Event: "evt_1", Payload: p.Hash, Bytes: p.Bytes, ReceivedAt: storetest.Start,
		LastAt: storetest.Start, Secret: "0a1b2c3d", Attempt: 1, FirstAt: r.FirstAt, State: review.DeliveryKept}},
		deliveries(t, db, review.DeliveryQuery{}))
}

func TestARepeatCountsOnTheFirst(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	raw := string(storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(1))))
	deliver(t, db, receipt("evt_1", raw))
	_, err := db.Absorb(t.Context(), []review.Reading{storetest.Read([]byte(raw))})
	require.NoError(t, err)
	clock.Advance(time.Hour)
	again := receipt("evt_1", raw)
	again.Attempt = 3
	assert.Equal(t, review.Delivered{ID: 1}, deliver(t, db, again))
	clock.Advance(time.Hour)
	assert.Equal(t, review.Delivered{ID: 1}, deliver(t, db, receipt("evt_1", raw)), "a late first try takes nothing back")

	found := deliveries(t, db, review.DeliveryQuery{})
	require.Len(t, found, 1)
	assert.Equal(t, 2, found[0].Repeats)
	assert.Equal(t, 3, found[0].Attempt)
	assert.Equal(t, storetest.Start, found[0].ReceivedAt)
	assert.Equal(t, storetest.Start.Add(2*time.Hour), found[0].LastAt)
	assert.Equal(t, review.DeliveryAbsorbed, found[0].State)
	assert.Equal(t, "states", found[0].ReadAs)
	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Empty(t, unread, "what was absorbed is not absorbed again")
}

func TestAKnownEventWithOtherBytesIsSetAsideForGood(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	first := string(storetest.Payload(storetest.Transaction("txn_1", "approved", at(1))))
	other := string(storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(2))))
	deliver(t, db, receipt("evt_1", first))
	assert.Equal(t, review.Delivered{ID: 2, New: true, Clash: true}, deliver(t, db, receipt("evt_1", other)))
	assert.Equal(t, review.Delivered{ID: 2, Clash: true}, deliver(t, db, receipt("evt_1", other)))
	assert.Equal(t, review.Delivered{ID: 1}, deliver(t, db, receipt("evt_1", first)))

	check := func() {
		found := deliveries(t, db, review.DeliveryQuery{State: review.DeliveryQuarantined})
		require.Len(t, found, 1)
		assert.Equal(t, review.Sum([]byte(other)), found[0].Payload)
		assert.Equal(t, "delivery 1 brought the same event with other bytes before", found[0].Problem)
		lying, _, err := db.Quarantined(t.Context(), "", 10)
		require.NoError(t, err)
		require.Len(t, lying, 1)
		assert.Equal(t, found[0].Problem, lying[0].Quarantine)
	}
	check()
	require.ErrorIs(t, db.Requeue(t.Context(), review.Sum([]byte(other)), storetest.Colleague(t, db, review.RoleLead)), review.ErrConflict)
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	check()
	_, err := db.Absorb(t.Context(), []review.Reading{storetest.Read([]byte(other))})
	require.NoError(t, err)
	f, err := db.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	assert.Empty(t, f.Reviews, "what it says must not count")
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestADeliveryWithoutAnEventIsKnownByItsBytes(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, receipt("", "not an event")))
	assert.Equal(t, review.Delivered{ID: 2, New: true}, deliver(t, db, receipt("", "nor this")))
	assert.Equal(t, review.Delivered{ID: 1}, deliver(t, db, receipt("", "not an event")))
	long := strings.Repeat("e", 300)
	assert.Equal(t, review.Delivered{ID: 3, New: true}, deliver(t, db, receipt(long, "a")))
	assert.Equal(t, review.Delivered{ID: 4, New: true}, deliver(t, db, receipt(long, "b")), "an endless id names nothing")
}

func TestADeliveryOfImportedBytesIsADelivery(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	raw := storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(1)))
	storetest.Import(t, db, raw)
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, receipt("evt_1", string(raw))))
	found := deliveries(t, db, review.DeliveryQuery{State: review.DeliveryAbsorbed})
	require.Len(t, found, 1)
	assert.Equal(t, review.Sum(raw), found[0].Payload)
}

func TestAThousandDeliveriesOfOneEventAreOne(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	var fresh atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 20 {
				d, err := db.Deliver(t.Context(), receipt("evt_1", "the same"))
				assert.NoError(t, err)
				if d.New {
					fresh.Add(1)
				}
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, fresh.Load())
	found := deliveries(t, db, review.DeliveryQuery{})
	require.Len(t, found, 1)
	assert.Equal(t, 999, found[0].Repeats)
	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Len(t, unread, 1)
}

func TestADeliveryWhoseCommitFailsIsRefusedAndStoredWhenItComesAgain(t *testing.T) {
	t.Parallel()
	var fail atomic.Bool
	db := storetest.Open(t, store.WithFaults(func(real func() error) error {
		if fail.Load() {
			return store.Coded(5) // SQLITE_BUSY
		}
		return real()
	}))
	fail.Store(true)
	_, err := db.Deliver(t.Context(), receipt("evt_1", "a"))
	require.ErrorIs(t, err, store.ErrBusy)
	assert.Empty(t, deliveries(t, db, review.DeliveryQuery{}), "nothing was recorded")
	fail.Store(false)
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, receipt("evt_1", "a")))
	assert.Len(t, deliveries(t, db, review.DeliveryQuery{}), 1)
	select {
	case <-db.Broken():
		assert.Fail(t, "a busy database is not broken")
	default:
	}
}

// After a failed flush nobody knows what is on disk: the store stops, and after a restart the
// delivery is there once whether the commit had come through or not.
func TestAfterAFailedFlushTheStoreStopsAndTheRedeliveryIsStoredOnce(t *testing.T) {
	t.Parallel()
	for name, reached := range map[string]bool{"the commit came through": true, "the commit did not": false} {
		path := filepath.Join(t.TempDir(), "docket.db")
		var fail atomic.Bool
		o := store.Options{Hydrate: storetest.Hydrate}
		store.WithFaults(func(real func() error) error {
			if !fail.Load() {
				return real()
			}
			if reached {
				assert.NoError(t, real())
			}
			return store.Coded(1034) // SQLITE_IOERR_FSYNC
		})(&o)
		db, err := store.Open(t.Context(), path, o)
		require.NoError(t, err)
		fail.Store(true)
		_, err = db.Deliver(t.Context(), receipt("evt_1", "a"))
		require.Error(t, err, name)
		select {
		case <-db.Broken():
		default:
			assert.Fail(t, "broken is not told", name)
		}
		fail.Store(false)
		_, err = db.Deliver(t.Context(), receipt("evt_2", "b"))
		require.Error(t, err, "%s: a broken store takes nothing more", name)
		require.NoError(t, db.Close())

		again := storetest.OpenFile(t, path)
		assert.Equal(t, review.Delivered{ID: 1, New: !reached}, deliver(t, again, receipt("evt_1", "a")), name)
		assert.Len(t, deliveries(t, again, review.DeliveryQuery{}), 1, name)
		problems, err := again.Check(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []string{"1 × payload that is kept but unread"}, problems, name)
	}
}

func TestAFullDiskIsSaidAndTheNextDeliveryIsStoredWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	writer := db.Pools()["writer"]
	var pages int
	require.NoError(t, writer.QueryRow(`PRAGMA page_count`).Scan(&pages))
	limit := func(n int) {
		_, err := writer.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, n))
		require.NoError(t, err)
	}
	limit(pages)
	noise := make([]byte, 64<<10)
	for i := range noise {
		noise[i] = byte(i * i >> 3 * (i >> 9))
	}
	big := string(noise)
	_, err := db.Deliver(t.Context(), receipt("evt_1", big))
	require.ErrorIs(t, err, store.ErrFull)
	require.NoError(t, db.Health(t.Context()), "reading goes on")
	assert.Empty(t, deliveries(t, db, review.DeliveryQuery{}))
	limit(1 << 20)
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, receipt("evt_1", big)))
}

// A full disk must not keep anybody from deciding: what comes by itself stops before.
func TestTheLastOfTheDiskIsLeftForDecisions(t *testing.T) {
	t.Parallel()
	var short atomic.Bool
	db := storetest.Open(t, func(o *store.Options) {
		o.Room = func() error {
			if short.Load() {
				return errors.New("1 byte is free")
			}
			return nil
		}
	})
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	short.Store(true)
	_, err := db.Deliver(t.Context(), receipt("evt_1", "one"))
	require.ErrorIs(t, err, store.ErrFull)
	require.ErrorIs(t, db.KeepFile(t.Context(), review.HeldFile{Ref: ref("document", "doc_1"), Link: "l", Media: "image/png"}, []byte("png")), store.ErrFull)
	require.ErrorIs(t, db.Room(), store.ErrFull)
	decided(t, db, id, anna, review.Approve)
	short.Store(false)
	require.NoError(t, db.Room())
	assert.Equal(t, review.Delivered{ID: 1, New: true}, deliver(t, db, receipt("evt_1", "one")))
}

// gate lets commits through only while it is open, and counts them.
type gate struct {
	mu      sync.Mutex
	commits atomic.Int32
	waiting chan struct{} // told when a commit stands before the gate
}

func newGate() *gate { return &gate{waiting: make(chan struct{}, 1)} }

func (g *gate) option() func(*store.Options) {
	return store.WithFaults(func(real func() error) error {
		select {
		case g.waiting <- struct{}{}:
		default:
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		g.commits.Add(1)
		return real()
	})
}

// shut closes the gate and starts a delivery that stands before it.
func (g *gate) shut(t *testing.T, db *store.DB) (first <-chan error) {
	t.Helper()
	g.mu.Lock()
	select {
	case <-g.waiting:
	default:
	}
	done := make(chan error, 1)
	go func() {
		_, err := db.Deliver(context.WithoutCancel(t.Context()), receipt("evt_first", "first"))
		done <- err
	}()
	select {
	case <-g.waiting:
	case err := <-done:
		require.FailNow(t, "it did not come as far as its commit", "%v", err)
	}
	return done
}

func TestDeliveriesShareCommitsAndTooManyAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	g := newGate()
	db := storetest.Open(t, g.option())
	first := g.shut(t, db)
	before := g.commits.Load()

	var taken, busy atomic.Int32
	var all sync.WaitGroup
	for i := range store.MaxReceipts + 40 {
		all.Go(func() {
			_, err := db.Deliver(t.Context(), receipt(fmt.Sprintf("evt_%d", i), fmt.Sprintf("bytes %d", i)))
			switch {
			case err == nil:
				taken.Add(1)
			case errors.Is(err, store.ErrBusy):
				if busy.Add(1) == 40 {
					g.mu.Unlock()
				}
			default:
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	require.NoError(t, <-first)
	assert.EqualValues(t, 40, busy.Load())
	assert.EqualValues(t, store.MaxReceipts, taken.Load())
	assert.EqualValues(t, 1+store.MaxReceipts/256, g.commits.Load()-before, "256 share a commit")
	in, err := db.Intake(t.Context())
	require.NoError(t, err)
	assert.Equal(t, store.MaxReceipts+1, in.Unread)
}

func TestAReceiptWhoseCallerWaitsNoLongerIsStoredAllTheSame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	g := newGate()
	o := store.Options{Hydrate: storetest.Hydrate}
	g.option()(&o)
	db, err := store.Open(t.Context(), path, o)
	require.NoError(t, err)
	first := g.shut(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan error, 1)
	go func() {
		_, err := db.Deliver(ctx, receipt("evt_2", "two"))
		given <- err
	}()
	for db.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	require.ErrorIs(t, <-given, context.Canceled)
	g.mu.Unlock()
	require.NoError(t, <-first)
	require.NoError(t, db.Close(), "closing waits for what is under way")
	assert.Len(t, deliveries(t, storetest.OpenFile(t, path), review.DeliveryQuery{}), 2)

	_, err = storetest.Open(t).Deliver(ctx, receipt("evt_3", "three"))
	require.ErrorIs(t, err, context.Canceled)
}

func TestWhoWaitsBehindAFailedFlushIsRefusedAndNotForgotten(t *testing.T) {
	t.Parallel()
	var fail atomic.Bool
	before, on := make(chan struct{}), make(chan struct{})
	db := storetest.Open(t, store.WithFaults(func(real func() error) error {
		if !fail.Load() {
			return real()
		}
		before <- struct{}{}
		<-on
		return store.Coded(1034) // SQLITE_IOERR_FSYNC
	}))
	fail.Store(true)
	answers := make(chan error, 2)
	send := func(event string) {
		_, err := db.Deliver(context.WithoutCancel(t.Context()), receipt(event, event))
		answers <- err
	}
	go send("evt_1")
	<-before
	go send("evt_2")
	for db.Waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	close(on)
	for range 2 {
		select {
		case err := <-answers:
			require.Error(t, err)
		case <-time.After(10 * time.Second):
			require.FailNow(t, "nobody answered")
		}
	}
}
