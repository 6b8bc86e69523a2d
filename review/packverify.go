package review

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// PackReport says what was found to be so of a pack.
type PackReport struct {
	About       PackAbout
	Origin      string
	Key         LedgerPublic
	Size        int64 // entries that the checkpoint covers
	Root        Hash
	Reviews     int
	Entries     int
	Payloads    int
	Attachments int
	Files       int
	Bytes       int64
	Erased      []PackErasure
}

// PackErasure is sealed fields of which the value was erased, lawfully: a later entry says so.
type PackErasure struct {
	Entry  EntryID
	Fields []string
	By     EntryID // the entry that says so
	Who    string  // whose erasure it was: who asked for it and who agreed; "" docket itself, as Persona told
	Ground string  // what its record gives as the ground, "" nothing
}

// PackFailure is the first thing of a pack that is not as it must be.
type PackFailure struct {
	File    string  // "" the container
	Line    int     // of a file of entries; 0 the file as a whole
	Entry   EntryID // 0 none
	Problem string
}

// Error says where, and what.
func (f *PackFailure) Error() string {
	s := f.File
	if f.Line > 0 {
		s += fmt.Sprintf(", line %d", f.Line)
	}
	if f.Entry > 0 {
		s += fmt.Sprintf(", entry %d", f.Entry)
	}
	if s == "" {
		return f.Problem
	}
	return s + ": " + f.Problem
}

// maxPackLine bounds a line of entries, without its end.
const maxPackLine = 16 << 20

// VerifyPack checks an evidence pack with a public key, "" the one that it brings along, and nothing
// else: no database, no network. *PackFailure names the first thing that does not fit; other errors
// are of reading.
func VerifyPack(r io.ReaderAt, size int64, key LedgerPublic) (PackReport, error) {
	zip, err := openPack(r, size)
	if err != nil {
		return PackReport{}, err
	}
	v := packVerifier{zip: zip, records: map[EntryID]packRecord{}, byFile: map[string][]EntryID{}, sums: map[string]Hash{}}
	v.report.Files, v.report.Bytes = len(zip.files), size
	for _, step := range []func() error{func() error { return v.key(key) }, v.checkpoint, v.entries, v.erasures, v.manifest, v.policies, v.attached, v.paired, v.states, v.rendered} {
		if err := step(); err != nil {
			return PackReport{}, err
		}
	}
	return v.report, nil
}

type packVerifier struct {
	zip     *packReader
	report  PackReport
	at      Checkpoint
	records map[EntryID]packRecord
	byFile  map[string][]EntryID // ascending
	sums    map[string]Hash      // of the policies
	erased  []packErased
	missing []packMissing
}

// packRecord is what is kept of a record for later: what the pages and the other files must agree with.
type packRecord struct {
	file     string
	decision *LedgerDecision
	approval *LedgerApproval
	evidence string
	act      Act
	policy   PolicyVersion
	detail   map[string]string // of those acts alone that bring a file along
}

type packErased struct {
	by     EntryID
	who    string
	ground string
	spans  []EntrySpan
}

type packMissing struct {
	file   string
	line   int
	entry  EntryID
	fields []string
}

func (v *packVerifier) key(given LedgerPublic) error {
	raw, err := v.zip.whole(PackKey)
	if err != nil {
		return err
	}
	own, err := ParseLedgerPublic(string(raw))
	switch {
	case err != nil || string(raw) != string(own)+"\n":
		return &PackFailure{File: PackKey, Problem: "this is not the public key of a ledger"}
	case given != "" && given != own:
		return &PackFailure{File: PackKey, Problem: "it is not the key that was given: the pack is of another ledger, or somebody made it anew"}
	}
	v.report.Key, v.report.Origin = own, own.Origin()
	return nil
}

func (v *packVerifier) checkpoint() error {
	raw, err := v.zip.whole(PackCheckpoint)
	if err != nil {
		return err
	}
	if v.at, err = v.report.Key.Open(string(raw)); err != nil {
		return &PackFailure{File: PackCheckpoint, Problem: err.Error()}
	}
	v.report.Size, v.report.Root = v.at.Size, v.at.Root
	return nil
}

// entries holds every record against the checkpoint, and what is shown of it against the record.
func (v *packVerifier) entries() error {
	for _, f := range v.zip.files {
		if !strings.HasPrefix(f.Name, PackEntries) {
			continue
		}
		about := strings.TrimSuffix(strings.TrimPrefix(f.Name, PackEntries), ".ndjson")
		var of ReviewID
		if about != PackOther {
			id, err := ParseReviewID(about)
			if err != nil || id.String() != about {
				return &PackFailure{File: f.Name, Problem: "no review has that name"}
			}
			of = id
		}
		lines := bufio.NewReaderSize(v.zip.open(f), 64<<10)
		before := EntryID(0)
		for n := 1; ; n++ {
			line, err := packLine(lines)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return v.orRead(&PackFailure{File: f.Name, Line: n, Problem: "it is no line of entries"}, err)
			}
			e, problem := v.entry(f.Name, n, line, of)
			if problem == "" && e <= before {
				problem = "it is not behind the line before it"
			}
			if problem != "" {
				return &PackFailure{File: f.Name, Line: n, Entry: max(0, e), Problem: problem}
			}
			before = e
		}
	}
	v.report.Entries = len(v.records)
	return nil
}

// orRead is a failure, unless the file could not be read at all.
func (v *packVerifier) orRead(f *PackFailure, err error) error {
	if errors.Is(err, errPackLine) {
		return f
	}
	return fmt.Errorf("read the pack: %w", err)
}

var errPackLine = errors.New("no line")

// packLine reads one line without its end.
func packLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil, io.EOF
		case errors.Is(err, io.EOF) || len(line) > maxPackLine+1:
			return nil, errPackLine
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// entry checks one line, and says which entry it is and what is wrong with it, "" nothing.
func (v *packVerifier) entry(file string, n int, line []byte, of ReviewID) (EntryID, string) {
	var e PackEntry
	if err := json.Unmarshal(line, &e, json.RejectUnknownMembers(true)); err != nil || e.Open == nil || e.Path == nil {
		return 0, "it cannot be read as an entry"
	}
	raw := []byte(e.Record)
	r, err := ParseRecord(raw)
	switch {
	case e.Entry < 1:
		return 0, "it is of no entry"
	case err != nil:
		return e.Entry, "its record cannot be read"
	case r.Entry != e.Entry:
		return e.Entry, fmt.Sprintf("its record is that of entry %d", r.Entry)
	case of != 0 && r.Review != of:
		return e.Entry, "its record is of another review"
	}
	if had, twice := v.records[e.Entry]; twice {
		return e.Entry, "it is in " + had.file + " already"
	}
	if CheckInclusion(v.at, e.Entry, raw, e.Path) != nil {
		return e.Entry, "its record is not the one that the checkpoint covers"
	}
	var gone []string
	for _, name := range r.SealedNames() {
		open, ok := e.Open[name]
		if !ok {
			gone = append(gone, name)
			continue
		}
		if Seal(name, open.Salt, []byte(open.Value)) != r.Sealed[name] {
			return e.Entry, fmt.Sprintf("its %s is not the one that was sealed", name)
		}
	}
	if len(e.Open)+len(gone) != len(r.Sealed) {
		return e.Entry, "it shows a field that its record does not seal"
	}
	if len(gone) > 0 {
		v.missing = append(v.missing, packMissing{file, n, e.Entry, gone})
	}
	if r.Act == ActErased && r.Detail[DetailEntries] != "" {
		spans, err := ParseEntrySpans(r.Detail[DetailEntries])
		if err != nil {
			return e.Entry, "it does not say which entries were erased"
		}
		v.erased = append(v.erased, packErased{e.Entry, erasedBy(r), r.Detail[DetailGround], spans})
	}
	kept := packRecord{file: file, decision: r.Decision, approval: r.Approval, evidence: r.Evidence, act: r.Act, policy: r.Policy}
	if r.Act == ActPolicy || r.Act == ActAttached {
		kept.detail = r.Detail
	}
	v.records[e.Entry] = kept
	v.byFile[file] = append(v.byFile[file], e.Entry)
	return e.Entry, ""
}

// erasedBy says whose erasure it was.
func erasedBy(r LedgerRecord) string {
	if asked, agreed := r.Detail[DetailAskedBy], r.Detail[DetailAgreed]; asked != "" && agreed != "" {
		return asked + " and " + agreed
	}
	return string(r.By)
}

// erasures holds every field that is not shown against the entries that say what was erased.
func (v *packVerifier) erasures() error {
	for _, m := range v.missing {
		i := v.eraserOf(m.entry)
		if i < 0 {
			return &PackFailure{File: m.file, Line: m.line, Entry: m.entry, Problem: fmt.Sprintf("its %s is not shown, and no entry says that it was erased", m.fields[0])}
		}
		x := v.erased[i]
		v.report.Erased = append(v.report.Erased, PackErasure{m.entry, m.fields, x.by, x.who, x.ground})
	}
	return nil
}

// eraserOf finds the erasure that took an entry, -1 when none did.
func (v *packVerifier) eraserOf(entry EntryID) int {
	return slices.IndexFunc(v.erased, func(x packErased) bool {
		return x.by > entry && slices.ContainsFunc(x.spans, func(s EntrySpan) bool { return s.First <= entry && entry <= s.Last })
	})
}

func (v *packVerifier) manifest() error {
	raw, err := v.zip.whole(packManifest)
	if err != nil {
		return err
	}
	signed, err := v.zip.whole(packNote)
	if err != nil {
		return err
	}
	if err := v.report.Key.openPack(signed, raw); err != nil {
		return &PackFailure{File: packNote, Problem: err.Error()}
	}
	var m PackManifest
	if err := json.Unmarshal(raw, &m, json.RejectUnknownMembers(true)); err != nil || m.Format != PackFormat {
		return &PackFailure{File: packManifest, Problem: "it is not a manifest of a kind that this docket knows"}
	}
	if m.About.Checkpoint != v.at.Size {
		return &PackFailure{File: PackCheckpoint, Problem: "the pack was made under another checkpoint"}
	}
	v.report.About = m.About
	have := v.zip.files[:len(v.zip.files)-2]
	for i, want := range m.Files {
		switch {
		case i == len(have) || have[i].Name != want.Name:
			return &PackFailure{File: want.Name, Problem: "the manifest names it, and it is not in its place"}
		case have[i].Size != want.Size:
			return &PackFailure{File: want.Name, Problem: "it is not as long as the manifest says"}
		}
	}
	if len(have) > len(m.Files) {
		return &PackFailure{File: have[len(m.Files)].Name, Problem: "the manifest does not name it"}
	}
	return v.bytes(m)
}

// bytes reads every byte of every file.
func (v *packVerifier) bytes(m PackManifest) error {
	buf := make([]byte, 64<<10)
	for i, f := range v.zip.files {
		crc, sum := crc32.NewIEEE(), sha256.New()
		if _, err := io.CopyBuffer(onlyWriter{io.MultiWriter(crc, sum)}, v.zip.open(f), buf); err != nil {
			return fmt.Errorf("read the pack: %w", err)
		}
		var got Hash
		sum.Sum(got[:0])
		if i < len(m.Files) && got != m.Files[i].Sum {
			return &PackFailure{File: f.Name, Problem: "its bytes are not those that the manifest names"}
		}
		if crc.Sum32() != f.crc {
			return &PackFailure{File: f.Name, Problem: "its checksum in the zip is not that of its bytes"}
		}
		dir, name, _ := strings.Cut(f.Name, "/")
		switch dir + "/" {
		case PackPayloads, PackStates, PackAttachments:
			if hash, kind, _ := strings.Cut(name, "."); "."+kind != PackErased && hash != got.String() {
				return &PackFailure{File: f.Name, Problem: "its bytes do not have the digest that is its name"}
			}
		case PackPolicies:
			v.sums[f.Name] = got
		}
		switch dir + "/" {
		case PackPayloads:
			v.report.Payloads++
		case PackAttachments:
			v.report.Attachments++
		}
	}
	return nil
}

// onlyWriter hides every other way to write, so that the buffer is used.
type onlyWriter struct{ io.Writer }

// ReadPack gives one file of a pack, for those who look further than VerifyPack does.
// ErrNotFound when there is none of that name.
func ReadPack(r io.ReaderAt, size int64, name string) ([]byte, error) {
	zip, err := openPack(r, size)
	if err != nil {
		return nil, err
	}
	if !zip.has(name) {
		return nil, fmt.Errorf("%s: %w", name, ErrNotFound)
	}
	return zip.whole(name)
}
