package review

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"
)

// PackFormat names the format of evidence packs. A change of what a verifier must know gives it a new
// value.
const PackFormat = "docket evidence pack 1"

// The names of what every pack holds.
const (
	PackIndex      = "index.html"
	PackStyle      = "style.css"
	PackCheckpoint = "checkpoint"
	PackKey        = "key.pub"

	PackAttachments = "attachments/" // SHA-256.pdf, .png or .jpeg, see PackAttachment
	PackEntries     = "entries/"     // R-1042.ndjson, other.ndjson
	PackEvidence    = "evidence/"    // DIGEST.json: the states behind an evidence digest
	PackPayloads    = "payloads/"    // SHA-256, or SHA-256.erased
	PackPolicies    = "policy/"      // N.json
	PackReviews     = "reviews/"     // R-1042.html, R-1042.json, R-1042-entry-57.html
	PackStates      = "states/"      // SHA-256, or SHA-256.erased

	PackOther  = "other"   // entries about no review of the pack
	PackErased = ".erased" // behind a digest: what is left of what had it
)

// PackAbout says what a pack was asked to hold.
type PackAbout struct {
	Review     ReviewID `json:"review,omitzero"`     // one review
	From       string   `json:"from,omitzero"`       // else the decisions from this day, "" the first
	To         string   `json:"to,omitzero"`         // to this day, included, "" the last
	Decisions  int      `json:"decisions,omitzero"`  // how many decisions that are
	Sample     int      `json:"sample,omitzero"`     // so many of them drawn by lot, 0 all
	Seed       string   `json:"seed,omitzero"`       // of the lot: see PackLot
	Checkpoint int64    `json:"checkpoint,omitzero"` // entries that the checkpoint covers
}

// PackManifest lists the files of a pack, but for itself and its signature.
type PackManifest struct {
	Format   string             `json:"format"`
	Evidence string             `json:"evidence"` // how evidence was digested, see EvidenceVersion
	About    PackAbout          `json:"about"`
	Files    []PackManifestFile `json:"files"`
}

// PackManifestFile is one file.
type PackManifestFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  Hash   `json:"sha256"`
}

// PackEntry is one line of a file of entries: the record, what its commitments commit to, and the
// path from its leaf to the root of the checkpoint.
type PackEntry struct {
	Entry  EntryID             `json:"entry"`
	Record string              `json:"record"` // its bytes, see LedgerRecord
	Open   map[string]PackSeal `json:"open"`   // sealed field to value; an erased one is not there
	Path   []Hash              `json:"path"`
}

// PackSeal opens one commitment.
type PackSeal struct {
	Salt  Salt   `json:"salt"`
	Value string `json:"value"` // canonical JSON, as it was sealed
}

// AppendLine adds an entry as its line.
func (e PackEntry) AppendLine(out []byte) ([]byte, error) {
	if e.Open == nil {
		e.Open = map[string]PackSeal{}
	}
	if e.Path == nil {
		e.Path = []Hash{}
	}
	line, err := json.Marshal(e, json.Deterministic(true))
	return append(append(out, line...), '\n'), err
}

// PackAttachment is the name of the file that holds an attachment, by the digest and the media type that
// its entry recorded: what its sender called it has no say in it.
func PackAttachment(sum, media string) string {
	_, kind, _ := strings.Cut(media, "/")
	return PackAttachments + sum + "." + kind
}

// PackLot is the place of a decision in the lot for a sample: of all decisions that could be drawn,
// those with the smallest lots are.
func PackLot(seed string, decision EntryID) Hash {
	return Sum(fmt.Appendf(nil, "docket sample 1\x00%s\x00%d", seed, decision))
}

// PackWriter writes a pack: its files in ascending order of their names, then the manifest.
type PackWriter struct {
	zip      packWriter
	manifest PackManifest
}

// NewPackWriter begins a pack.
func NewPackWriter(w io.Writer, about PackAbout) *PackWriter {
	return &PackWriter{zip: packWriter{w: w}, manifest: PackManifest{Format: PackFormat, Evidence: EvidenceVersion, About: about}}
}

// Add writes one file. ErrPackFull when it does not go in any more.
func (p *PackWriter) Add(name string, body []byte) error {
	if name == packManifest || name == packNote {
		return fmt.Errorf("pack: %q is written at the end", name)
	}
	p.manifest.Files = append(p.manifest.Files, PackManifestFile{name, int64(len(body)), sha256.Sum256(body)})
	return p.zip.add(name, body)
}

// Close writes the manifest, its signature and the directory.
func (p *PackWriter) Close(key *LedgerKey) error {
	manifest, err := json.Marshal(p.manifest, jsontext.WithIndent(" "))
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	manifest = append(manifest, '\n')
	signed, err := key.signPack(manifest)
	if err != nil {
		return err
	}
	if err := errors.Join(p.zip.add(packManifest, manifest), p.zip.add(packNote, []byte(signed))); err != nil {
		return err
	}
	return p.zip.close()
}

// packText is what is signed of a manifest. Its first line keeps it apart from a checkpoint, which
// begins with an origin.
func packText(origin string, manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return PackFormat + "\n" + origin + "\n" + base64.StdEncoding.EncodeToString(sum[:]) + "\n"
}

func (k *LedgerKey) signPack(manifest []byte) (string, error) {
	signed, err := note.Sign(&note.Note{Text: packText(k.Origin(), manifest)}, k.signer)
	return string(signed), err
}

// openPack checks the signature of a manifest.
func (p LedgerPublic) openPack(signed, manifest []byte) error {
	v, err := note.NewVerifier(string(p))
	if err != nil {
		return errors.New("this is not the public key of a ledger")
	}
	text, _, ok := bytes.Cut(signed, []byte("\n\n"))
	n, err := note.Open(signed, note.VerifierList(v))
	switch {
	case err != nil:
		return errors.New("it is not signed by the key")
	case !ok || len(n.UnverifiedSigs) > 0 || len(n.Sigs) != 1 || string(text)+"\n" != n.Text || strings.Count(string(signed), "\n") != 5 || !strictly(n.Sigs[0]):
		return errors.New("it holds more than one signature")
	case n.Text != packText(p.Origin(), manifest):
		return errors.New("it signs another manifest than this one")
	}
	return nil
}

// strictly says that a signature is written in the one way that leaves no bit of its base64 open.
func strictly(s note.Signature) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(s.Base64)
	return err == nil
}
