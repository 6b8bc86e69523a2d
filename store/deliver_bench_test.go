package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

// Eight clients deliver webhooks of 4 KB without signatures, each waiting for its answer; beside
// it the least that durable deliveries could be: one insert of the same bytes, callers sharing
// commits in the same way. Deliveries/s and the slowest of a hundred come from the clients' side.
func BenchmarkDeliver(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
		require.NoError(b, err)
		defer func() { require.NoError(b, db.Close()) }()
		_, err = db.Exec(`CREATE TABLE payload (id INTEGER PRIMARY KEY, body BLOB NOT NULL)`)
		require.NoError(b, err)
		s := &shared{insert: func(batch [][]byte) error {
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			stmt, err := tx.Prepare(`INSERT INTO payload (body) VALUES (?)`)
			if err != nil {
				return err
			}
			for _, body := range batch {
				if _, err := stmt.Exec(body); err != nil {
					return err
				}
			}
			return tx.Commit()
		}}
		clients(b, func(_ string, body []byte) error { return s.add(body) })
	})
	b.Run("store", func(b *testing.B) {
		db := storetest.Open(b)
		clients(b, func(event string, body []byte) error {
			_, err := db.Deliver(b.Context(), review.Receipt{Bytes: body, Event: event, Secret: "0a1b2c3d", Attempt: 1})
			return err
		})
		in, err := db.Intake(b.Context())
		require.NoError(b, err)
		require.GreaterOrEqual(b, in.Unread, b.N, "what was answered is there")
	})
}

// clients runs eight of them.
func clients(b *testing.B, deliver func(event string, body []byte) error) {
	b.Helper()
	const many = 8
	bodies := make([][]byte, 64)
	for i := range bodies {
		bodies[i] = storetest.Bulk(i)[:4096-len(mark(0))]
	}
	took := make([][]time.Duration, many)
	var next atomic.Int64
	before := processor(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for c := range many {
		all.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				event := mark(n)
				body := append([]byte(event), bodies[n%int64(len(bodies))]...)
				began := time.Now()
				if err := deliver(event, body); err != nil {
					b.Error(err)
					return
				}
				took[c] = append(took[c], time.Since(began))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	lasted := slices.Concat(took...)
	slices.Sort(lasted)
	b.ReportMetric(float64(len(lasted))/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric(float64(lasted[len(lasted)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(lasted[len(lasted)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64((processor(b)-before).Microseconds())/float64(len(lasted)), "cpu-µs/delivery")
}

func mark(n int64) string { return fmt.Sprintf("evt_%012d", n) }

// shared is the plainest way to share commits.
type shared struct {
	insert  func([][]byte) error
	mu      sync.Mutex
	bodies  [][]byte
	told    []chan error
	running bool
}

func (s *shared) add(body []byte) error {
	done := make(chan error, 1)
	s.mu.Lock()
	s.bodies, s.told = append(s.bodies, body), append(s.told, done)
	if !s.running {
		s.running = true
		go s.run()
	}
	s.mu.Unlock()
	return <-done
}

func (s *shared) run() {
	for {
		s.mu.Lock()
		bodies, told := s.bodies, s.told
		s.bodies, s.told = nil, nil
		s.running = len(bodies) > 0
		s.mu.Unlock()
		if len(bodies) == 0 {
			return
		}
		err := s.insert(bodies)
		for _, t := range told {
			t <- err
		}
	}
}
