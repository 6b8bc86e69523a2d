package review

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// LedgerProof is what proves one entry to anybody who has a checkpoint's public key.
type LedgerProof struct {
	Entry  EntryID         `json:"entry"`
	Record json.RawMessage `json:"record"` // the exact bytes of the leaf
	Size   int64           `json:"size"`   // of the ledger that the path leads to
	Root   Hash            `json:"root"`
	Path   []Hash          `json:"path"` // RFC 6962 audit path, the sibling of the leaf first
}

// Check holds the proof against a checkpoint of the same size.
func (p LedgerProof) Check(c Checkpoint) error {
	if p.Size != c.Size || p.Root != c.Root {
		return fmt.Errorf("entry %d: its proof is for another checkpoint", p.Entry)
	}
	r, err := ParseRecord(p.Record)
	if err != nil {
		return fmt.Errorf("entry %d: %w", p.Entry, err)
	}
	if r.Entry != p.Entry {
		return fmt.Errorf("entry %d: its record is that of entry %d", p.Entry, r.Entry)
	}
	return CheckInclusion(c, p.Entry, p.Record, p.Path)
}

// LedgerLeaf is a leaf with what its sealed fields still hold.
type LedgerLeaf struct {
	Entry  EntryID
	Record []byte
	Open   []Disclosure // sealed fields whose value and salt are there
	Erased []string     // sealed fields whose value and salt are gone
}

// Disclosure opens one sealed field to whoever reads it.
type Disclosure struct {
	Field string          `json:"field"`
	Salt  Salt            `json:"salt"`
	Value json.RawMessage `json:"value"` // canonical JSON
}

// Salt is 32 random bytes, in JSON lower-case hex.
type Salt [SaltSize]byte

// IsZero says that the salt was erased.
func (s Salt) IsZero() bool { return s == Salt{} }

// MarshalText writes hex.
func (s Salt) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }

// UnmarshalText reads hex.
func (s *Salt) UnmarshalText(b []byte) error {
	h, err := ParseHash(string(b))
	*s = Salt(h)
	return err
}

// Check holds a disclosure against the record that sealed the field.
func (d Disclosure) Check(r LedgerRecord) error {
	sum, ok := r.Sealed[d.Field]
	switch {
	case !ok:
		return fmt.Errorf("entry %d: its record seals no %s", r.Entry, d.Field)
	case d.Salt.IsZero() || Seal(d.Field, d.Salt, d.Value) != sum:
		return fmt.Errorf("entry %d: its %s is not what was sealed", r.Entry, d.Field)
	}
	return nil
}

// CheckpointWhy is what a checkpoint was made for.
type CheckpointWhy string

const (
	CheckpointAsked    CheckpointWhy = "asked"    // by a person
	CheckpointTime     CheckpointWhy = "time"     // the ledger grew, and the time had come
	CheckpointGrown    CheckpointWhy = "grown"    // by many entries
	CheckpointExported CheckpointWhy = "exported" // an export left
	CheckpointEvidence CheckpointWhy = "evidence" // an evidence pack left
	CheckpointStarted  CheckpointWhy = "started"  // docket started
	CheckpointStopped  CheckpointWhy = "stopped"  // docket stopped
)

// CheckpointWhys lists every value.
func CheckpointWhys() []CheckpointWhy {
	return []CheckpointWhy{CheckpointAsked, CheckpointTime, CheckpointGrown, CheckpointExported, CheckpointEvidence, CheckpointStarted, CheckpointStopped}
}

// SignedCheckpoint is a checkpoint that was made, with where it is kept.
type SignedCheckpoint struct {
	Checkpoint
	ID    int64
	Note  string // as signed
	At    time.Time
	Why   CheckpointWhy
	Kept  []Keeping
	Fresh bool // made just now: nothing had been signed for this state before
}

// Keeping is a checkpoint on its way to a keeper, or there.
type Keeping struct {
	Keeper  string // a file, a command, an address
	At      time.Time
	Tries   int
	Problem string // of the last try; "": it is there
}

// LedgerBreak is the first entry that does not fit, and why, in words without personal data.
type LedgerBreak struct {
	Entry EntryID
	Why   string
}

// Error says it in one line.
func (b *LedgerBreak) Error() string { return fmt.Sprintf("entry %d: %s", b.Entry, b.Why) }

// LedgerReport is what a verification found.
type LedgerReport struct {
	Checkpoint               // of the ledger as it was verified
	Erased      int64        // sealed fields whose values were lawfully erased
	Checkpoints int          // that were compared and fit
	Signed      bool         // their signatures were checked too
	Break       *LedgerBreak // nil: the ledger is whole
}

// LedgerState is what pages say of the ledger.
type LedgerState struct {
	Origin   string
	Size     int64
	Public   LedgerPublic // "" without a key
	Verified int64        // so many entries were whole when they were last looked at
	At       time.Time    // when; zero: not since docket started
	Break    *LedgerBreak // what that found
	Newest   []SignedCheckpoint
}

// ErrNoLedgerKey says that nothing can be signed.
var ErrNoLedgerKey = errors.New("there is no ledger key")

// ErrLedgerBroken says that the ledger was found not to prove, and that nothing is signed therefore.
var ErrLedgerBroken = errors.New("the ledger does not prove, and is not signed")
