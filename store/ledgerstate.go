package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"docket/review"
)

// ledgerMemory is what this process knows of the ledger without looking again.
type ledgerMemory struct {
	mu     sync.Mutex
	edge   frontier // up to here it was whole
	at     time.Time
	broken *review.LedgerBreak
}

func (m *ledgerMemory) remember(at time.Time, edge frontier, broken *review.LedgerBreak) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.edge, m.at, m.broken = edge.clone(), at, broken
}

func (m *ledgerMemory) recall() (frontier, time.Time, *review.LedgerBreak) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.edge.clone(), m.at, m.broken
}

// LedgerWhole says up to which entry the ledger was whole when this process last looked, and when; a
// break is what it found instead. The zero time: it has not looked yet. It costs nothing.
func (db *DB) LedgerWhole() (size int64, at time.Time, broken *review.LedgerBreak) {
	edge, at, broken := db.ledger.recall()
	return edge.size, at, broken
}

// VerifyTail verifies what was added to the ledger since it was last verified, by this or by
// VerifyLedger, and that nothing before was hashed anew; the first time, all of it. A break that was
// found stays until VerifyLedger finds none.
func (db *DB) VerifyTail(ctx context.Context, key review.LedgerPublic) error {
	from, _, broken := db.ledger.recall()
	if broken != nil {
		return nil
	}
	var same bool
	err := db.read(ctx, "verify tail", func(a *act) error {
		stored, err := a.frontierAt(from.size)
		same = err == nil && stored.root() == from.root()
		return nil //nolint:nilerr // a hash that is not there any more is what it looks for
	})
	if err != nil {
		return err
	}
	if !same {
		db.ledger.remember(db.now(), from, &review.LedgerBreak{Entry: review.EntryID(from.size), Why: "the tree up to it was hashed anew since it was last verified"})
		return nil
	}
	v := &ledgerVerifier{db: db, LedgerCheck: LedgerCheck{Key: key}, workers: 1, short: 2 * packSize}
	report, err := v.verify(ctx, from)
	if err != nil {
		return fmt.Errorf("verify tail: %w", err)
	}
	db.ledger.remember(db.now(), v.edge, report.Break)
	return nil
}
