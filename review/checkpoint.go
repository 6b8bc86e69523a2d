package review

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says what a ledger was at one size: C2SP tlog-checkpoint without extensions
// (https://c2sp.org/tlog-checkpoint). Whoever keeps one outside the machine can tell later whether
// the ledger still begins with the same records.
type Checkpoint struct {
	Origin string // which ledger: "docket/" and 32 hex digits, drawn once for a database
	Size   int64  // how many entries
	Root   Hash   // of the RFC 6962 tree over their records
}

// Text is the body of the note: origin, size and root in base64, a line each.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

var errCheckpoint = errors.New("this is not a checkpoint")

// ParseCheckpoint reads the body of a note, to the byte what Text gives; anything else is an error.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] == "" {
		return Checkpoint{}, errCheckpoint
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != lines[1] {
		return Checkpoint{}, errCheckpoint
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(Hash{}) {
		return Checkpoint{}, errCheckpoint
	}
	return Checkpoint{lines[0], n, Hash(root)}, nil
}

// LedgerKey signs checkpoints. It prints as its public half.
type LedgerKey struct {
	signer note.Signer
	public LedgerPublic
}

// LedgerPublic is the public half of a key: a verifier key of the signed note format
// (https://c2sp.org/signed-note), "<origin>+<8 hex digits>+<base64>".
type LedgerPublic string

// NewLedgerKey draws an Ed25519 key for the ledger of an origin, and gives its private half as it is
// to be kept, one line in the format of golang.org/x/mod/sumdb/note.
func NewLedgerKey(random io.Reader, origin string) (private string, err error) {
	private, _, err = note.GenerateKey(random, origin)
	if err == nil {
		_, err = ParseLedgerKey(private) // the format has names that it can write and not read
	}
	if err != nil {
		return "", errors.New("ledger key: the origin cannot name a key")
	}
	return private, nil
}

// ParseLedgerKey reads a private key. Its errors say nothing of what was read.
func ParseLedgerKey(private string) (*LedgerKey, error) {
	private = strings.TrimSpace(private)
	s, err := note.NewSigner(private)
	if err != nil {
		return nil, errors.New("this is not the private key of a ledger")
	}
	// PRIVATE+KEY+<name>+<hash>+<base64 of the algorithm's number and the seed>
	seed, err := base64.StdEncoding.DecodeString(private[len("PRIVATE+KEY+")+len(s.Name())+len("+01234567+"):])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, errors.New("this is not the private key of a ledger")
	}
	public, err := note.NewEd25519VerifierKey(s.Name(), ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, errors.New("this is not the private key of a ledger")
	}
	return &LedgerKey{s, LedgerPublic(public)}, nil
}

// Public is the half that everybody may have.
func (k *LedgerKey) Public() LedgerPublic { return k.public }

// Origin is the ledger that the key is for.
func (k *LedgerKey) Origin() string { return k.signer.Name() }

// String is the public half.
func (k *LedgerKey) String() string { return string(k.public) }

// GoString is the public half.
func (k *LedgerKey) GoString() string { return string(k.public) }

// Sign writes a checkpoint as a signed note. A key signs only for its own ledger.
func (k *LedgerKey) Sign(c Checkpoint) (string, error) {
	if c.Origin != k.Origin() {
		return "", fmt.Errorf("the ledger key is for %s, this ledger is %s", k.Origin(), c.Origin)
	}
	msg, err := note.Sign(&note.Note{Text: c.Text()}, k.signer)
	return string(msg), err
}

// ParseLedgerPublic reads a public key; blanks around it do not count.
func ParseLedgerPublic(s string) (LedgerPublic, error) {
	s = strings.TrimSpace(s)
	if _, err := verifier(s); err != nil {
		return "", errors.New("this is not the public key of a ledger")
	}
	return LedgerPublic(s), nil
}

// verifier reads a public key in its one canonical form.
func verifier(s string) (note.Verifier, error) {
	v, err := note.NewVerifier(s)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(s[len(v.Name())+len("+01234567+"):])
	if err != nil {
		return nil, err
	}
	again, err := note.NewEd25519VerifierKey(v.Name(), key[1:])
	if err != nil || again != s {
		return nil, errors.New("the key is written in another way than keys are")
	}
	return v, nil
}

// Origin is the ledger that the key is for.
func (p LedgerPublic) Origin() string {
	name, _, _ := strings.Cut(string(p), "+")
	return name
}

// Open checks the signature of a note and reads its checkpoint. Signatures of others on the note, such
// as witnesses', are let be; one of the key's must be there and right, and the origin the key's.
func (p LedgerPublic) Open(signed string) (Checkpoint, error) {
	v, err := verifier(string(p))
	if err != nil {
		return Checkpoint{}, errors.New("this is not the public key of a ledger")
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		var unsigned *note.UnverifiedNoteError
		if errors.As(err, &unsigned) {
			return Checkpoint{}, errors.New("the checkpoint is not signed by this key")
		}
		return Checkpoint{}, errors.New("the checkpoint's signature does not fit")
	}
	// The format lets the last letter of a signature's base64 vary in bits that mean nothing.
	if !strictly(n.Sigs[0]) {
		return Checkpoint{}, errors.New("the checkpoint's signature does not fit")
	}
	c, err := ParseCheckpoint(n.Text)
	if err == nil && c.Origin != p.Origin() {
		err = errors.New("the checkpoint is of another ledger than the key")
	}
	return c, err
}

// PeekCheckpoint reads the checkpoint of a note without looking at who signed it.
func PeekCheckpoint(signed string) (Checkpoint, error) {
	text, _, ok := strings.Cut(signed, "\n\n")
	if !ok {
		return Checkpoint{}, errCheckpoint
	}
	return ParseCheckpoint(text + "\n")
}

// SplitNotes cuts a text that holds one signed note after the other, with or without blank lines
// between. What is no note is given too, so that it is noticed.
func SplitNotes(s string) []string {
	var notes []string
	var b strings.Builder
	signatures, body := false, false
	end := func() {
		if b.Len() > 0 {
			notes = append(notes, b.String())
		}
		b.Reset()
		signatures, body = false, false
	}
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n") + "\n"
		switch signs := strings.HasPrefix(line, "— "); {
		case signatures && !signs:
			end()
		case signs:
			signatures = true
		}
		if line == "\n" && !body {
			continue
		}
		body = true
		b.WriteString(line)
	}
	end()
	return notes
}

// CheckInclusion holds a record against a checkpoint: the path leads from it, as leaf entry-1, to
// the root (RFC 6962 §2.1.1, the sibling of the leaf first).
func CheckInclusion(c Checkpoint, entry EntryID, record []byte, path []Hash) error {
	err := tlog.CheckRecord(hashesOut(path), c.Size, tlog.Hash(c.Root), int64(entry)-1, tlog.Hash(LeafHash(record)))
	if err != nil {
		return fmt.Errorf("entry %d: its record is not proven to be in the ledger of %d entries", entry, c.Size)
	}
	return nil
}

// CheckConsistency holds two checkpoints of one ledger against each other: the path proves that the
// newer begins with the records of the older (RFC 6962 §2.1.2). An empty ledger begins every other.
func CheckConsistency(older, newer Checkpoint, path []Hash) error {
	switch {
	case older.Origin != newer.Origin:
		return errors.New("the checkpoints are of two ledgers")
	case older.Size > newer.Size:
		return fmt.Errorf("a ledger of %d entries cannot begin with one of %d", newer.Size, older.Size)
	case older.Size == 0:
		if older.Root != EmptyRoot || len(path) != 0 {
			return errors.New("the checkpoint of no entries has another root than no entries have")
		}
		return nil
	}
	if err := tlog.CheckTree(hashesOut(path), newer.Size, tlog.Hash(newer.Root), older.Size, tlog.Hash(older.Root)); err != nil {
		return fmt.Errorf("the ledger of %d entries is not proven to begin with that of %d", newer.Size, older.Size)
	}
	return nil
}

// EmptyRoot is the root of no entries: the SHA-256 of nothing (RFC 6962 §2.1).
var EmptyRoot = Sum(nil)

func hashesOut(path []Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(path))
	for i, h := range path {
		out[i] = tlog.Hash(h)
	}
	return out
}
