package store

import (
	"context"
	"fmt"
	"sync"
)

// memo keeps answers that everybody asks for again and again, such as the first page of the
// queue. An answer holds until any connection of any process commits, and no longer than the
// second it was given in, since claims end and reviews grow older without a commit.
type memo[K comparable, V any] struct {
	mu      sync.Mutex
	version int64
	second  int64
	answers map[K]V
}

// maxAnswers bounds what a memo keeps; pages asked for once in a while need no memory.
const maxAnswers = 256

// of gives the kept answer, or works it out.
func (m *memo[K, V]) of(ctx context.Context, db *DB, key K, work func() (V, error)) (V, error) {
	version, err := db.version(ctx)
	if err != nil {
		var none V
		return none, fmt.Errorf("version: %w", classify(err))
	}
	second := db.now().Unix()
	m.mu.Lock()
	answer, known := m.answers[key]
	known = known && m.version == version && m.second == second
	m.mu.Unlock()
	if known {
		return answer, nil
	}
	// Whoever commits while this works makes another version, so a late answer is never kept
	// as a fresh one.
	answer, err = work()
	if err != nil {
		return answer, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.version != version || m.second != second || len(m.answers) >= maxAnswers {
		m.version, m.second, m.answers = version, second, make(map[K]V)
	}
	m.answers[key] = answer
	return answer, nil
}

// version is a number that changes with every commit of any connection or process, as SQLite
// counts them for a connection that never writes (PRAGMA data_version).
func (db *DB) version(ctx context.Context) (int64, error) {
	var n int64
	err := db.watcher.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n)
	return n, err
}

// kept keeps answers for good: their keys name all that they depend on, such as the newest entry. What is
// given out is shared: nobody changes it.
type kept[K comparable, V any] struct {
	mu      sync.Mutex
	answers map[K]V
}

// maxKept bounds how many are kept: a handful of periods, or proposals, at one newest entry.
const maxKept = 16

func (m *kept[K, V]) get(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.answers[k]
	return v, ok
}

func (m *kept[K, V]) put(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers == nil || len(m.answers) >= maxKept {
		m.answers = make(map[K]V, maxKept)
	}
	m.answers[k] = v
}
