package review

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"slices"
	"strings"
)

// An evidence pack is a zip file that leaves no choice to who writes it: files are stored, not
// compressed, in ascending order of their names, manifest.json and manifest.note behind them, with one
// time, no comments, no extra fields and nothing between. The same content is the same bytes, and a
// byte that is not what it must be is found. docs/ledger.md writes it out.

// The limits of a pack: those of a zip without its extension, so that every program opens it.
const (
	MaxPackFiles = 65_000
	MaxPackBytes = 1<<32 - 1
	maxPackName  = 200 // no name is longer
)

// What is read whole is at most this long.
const (
	maxPackSmall    = 64 << 10
	maxPackManifest = 32 << 20
	maxPackJSON     = 256 << 20
)

// ErrPackFull says that what was asked for does not go into one pack.
var ErrPackFull = errors.New("more than one pack can hold")

const (
	zipLocal    = 0x04034b50
	zipCentral  = 0x02014b50
	zipEnd      = 0x06054b50
	zipVersion  = 10       // needed to read what is only stored
	zipDay      = 1<<5 | 1 // 1 January 1980, the first that zip knows
	localSize   = 30
	centralSize = 46
	endSize     = 22
)

// PackFile is one file of a pack.
type PackFile struct {
	Name   string
	Size   int64
	crc    uint32
	header int64 // where its local header begins
}

func (f PackFile) local() []byte {
	b := make([]byte, 0, localSize+len(f.Name))
	b = binary.LittleEndian.AppendUint32(b, zipLocal)
	b = binary.LittleEndian.AppendUint16(b, zipVersion)
	b = f.common(b)
	return append(b, f.Name...)
}

func (f PackFile) central() []byte {
	b := make([]byte, 0, centralSize+len(f.Name))
	b = binary.LittleEndian.AppendUint32(b, zipCentral)
	b = binary.LittleEndian.AppendUint16(b, zipVersion) // made by: the least that can be said
	b = binary.LittleEndian.AppendUint16(b, zipVersion)
	b = f.common(b)
	b = append(b, make([]byte, 10)...) // no comment, disk 0, no attributes
	b = binary.LittleEndian.AppendUint32(b, uint32(f.header))
	return append(b, f.Name...)
}

// common is what both headers of a file hold, from the flags to the length of the extra field.
func (f PackFile) common(b []byte) []byte {
	b = append(b, 0, 0, 0, 0, 0, 0) // no flags, stored, midnight
	b = binary.LittleEndian.AppendUint16(b, zipDay)
	b = binary.LittleEndian.AppendUint32(b, f.crc)
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Size))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Size))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(f.Name)))
	return append(b, 0, 0)
}

func packEnd(files int, directory, size int64) []byte {
	b := make([]byte, 0, endSize)
	b = binary.LittleEndian.AppendUint32(b, zipEnd)
	b = append(b, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(files))
	b = binary.LittleEndian.AppendUint16(b, uint16(files))
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	b = binary.LittleEndian.AppendUint32(b, uint32(directory))
	return append(b, 0, 0)
}

// The two last files of a pack.
const (
	packManifest = "manifest.json"
	packNote     = "manifest.note"
)

// packOrder says whether a file may follow another: "" is before the first.
func packOrder(before, name string) bool {
	switch {
	case name == packNote:
		return before == packManifest
	case before == packNote:
		return false
	case name == packManifest:
		return before != packManifest
	}
	return before != packManifest && before < name
}

// packName matches every name that a pack may hold. The list is closed, so that no program that unpacks
// one writes anywhere else or finds two names that are one to it, and nothing travels along that no
// verifier has an opinion on.
var packName = regexp.MustCompile(packPattern(`^(?:attachments/H\.(?:pdf|png|jpeg)|checkpoint|entries/(?:R-N|other)\.ndjson|evidence/H\.json|index\.html|key\.pub|` +
	`manifest\.(?:json|note)|(?:payloads|states)/H(?:\.erased)?|policy/N\.json|reviews/R-N(?:\.html|\.json|-entry-N\.html)|style\.css)$`))

// packPattern spells out H, a digest, and N, a number that fits 64 bits.
func packPattern(s string) string {
	return strings.NewReplacer("H", "[0-9a-f]{64}", "N", "[1-9][0-9]{0,17}").Replace(s)
}

// packMost is how long a file may be.
func packMost(name string) int64 {
	switch {
	case name == packManifest:
		return maxPackManifest
	case name == PackCheckpoint, name == PackKey, name == packNote:
		return maxPackSmall
	case strings.HasSuffix(name, ".json"):
		return maxPackJSON
	}
	return MaxPackBytes
}

// packWriter writes the container.
type packWriter struct {
	w     io.Writer
	at    int64
	files []PackFile
}

func (p *packWriter) add(name string, body []byte) error {
	before := ""
	if n := len(p.files); n > 0 {
		before = p.files[n-1].Name
	}
	if !packName.MatchString(name) || !packOrder(before, name) {
		return fmt.Errorf("pack: %q may not follow %q", name, before)
	}
	f := PackFile{Name: name, Size: int64(len(body)), crc: crc32.ChecksumIEEE(body), header: p.at}
	if f.Size > packMost(name) {
		return fmt.Errorf("pack: %s: %w", name, ErrPackFull)
	}
	// Room is left for the directory and the manifest, which come last.
	if p.at+f.Size+int64(len(p.files)+2)*(2*maxPackName+centralSize+localSize) > MaxPackBytes || len(p.files) >= MaxPackFiles {
		return fmt.Errorf("pack: %w", ErrPackFull)
	}
	p.files = append(p.files, f)
	if err := p.write(f.local()); err != nil {
		return err
	}
	return p.write(body)
}

func (p *packWriter) write(b []byte) error {
	n, err := p.w.Write(b)
	p.at += int64(n)
	return err
}

func (p *packWriter) close() error {
	directory := p.at
	for _, f := range p.files {
		if err := p.write(f.central()); err != nil {
			return err
		}
	}
	return p.write(packEnd(len(p.files), directory, p.at-directory))
}

// packReader reads the container. It is not more lenient than packWriter.
type packReader struct {
	r     io.ReaderAt
	files []PackFile
	named map[string]int // place in files
}

// openPack reads the directory of a pack and holds every byte around the files to what it must
// be; the files themselves it does not read.
func openPack(r io.ReaderAt, size int64) (*packReader, error) {
	broken := func(file, problem string) (*packReader, error) {
		return nil, &PackFailure{File: file, Problem: problem}
	}
	if size < endSize || size > MaxPackBytes {
		return broken("", "this is no evidence pack: its size cannot be one's")
	}
	end := make([]byte, endSize)
	if err := readAt(r, end, size-endSize); err != nil {
		return nil, err
	}
	n, length, directory := int(binary.LittleEndian.Uint16(end[10:])), int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if !slices.Equal(end, packEnd(n, directory, length)) || directory+length+endSize != size || n > MaxPackFiles || length > int64(n)*(centralSize+maxPackName) {
		return broken("", "the end of the file is not that of an evidence pack: it was cut, or something was added")
	}
	raw := make([]byte, length)
	if err := readAt(r, raw, directory); err != nil {
		return nil, err
	}
	p := &packReader{r: r, files: make([]PackFile, 0, n), named: make(map[string]int, n)}
	at, before := int64(0), ""
	for i := range n {
		if len(raw) < centralSize || len(raw) < centralSize+int(binary.LittleEndian.Uint16(raw[28:])) {
			return broken("", fmt.Sprintf("the directory breaks off at file %d", i+1))
		}
		f := PackFile{Name: string(raw[centralSize : centralSize+int(binary.LittleEndian.Uint16(raw[28:]))]),
			Size: int64(binary.LittleEndian.Uint32(raw[24:])), crc: binary.LittleEndian.Uint32(raw[16:]), header: at}
		switch want := f.central(); {
		case !packName.MatchString(f.Name):
			return broken("", fmt.Sprintf("file %d of the directory has a name that no evidence pack holds", i+1))
		case f.Size > packMost(f.Name):
			return broken(f.Name, "it is too large")
		case !packOrder(before, f.Name):
			return broken(f.Name, "it is not in its place: files are missing, doubled or in another order")
		case !slices.Equal(raw[:len(want)], want):
			return broken(f.Name, "its line of the directory was changed")
		default:
			raw = raw[len(want):]
		}
		head := make([]byte, localSize+len(f.Name))
		if at+int64(len(head))+f.Size > directory {
			return broken(f.Name, "it runs into the directory")
		}
		if err := readAt(r, head, at); err != nil {
			return nil, err
		}
		if !slices.Equal(head, f.local()) {
			return broken(f.Name, "what stands before it was changed")
		}
		at, before = at+int64(len(head))+f.Size, f.Name
		p.named[f.Name] = len(p.files)
		p.files = append(p.files, f)
	}
	if len(raw) > 0 || at != directory || before != packNote {
		return broken("", "the directory does not cover all of the file")
	}
	return p, nil
}

// open reads one file, from its first byte to its last.
func (p *packReader) open(f PackFile) *io.SectionReader {
	return io.NewSectionReader(p.r, f.header+localSize+int64(len(f.Name)), f.Size)
}

// find gives a file by its name.
func (p *packReader) find(name string) (PackFile, bool) {
	i, ok := p.named[name]
	if !ok {
		return PackFile{}, false
	}
	return p.files[i], true
}

func (p *packReader) has(name string) bool {
	_, ok := p.named[name]
	return ok
}

// whole reads one of the files that are read whole.
func (p *packReader) whole(name string) ([]byte, error) {
	f, ok := p.find(name)
	if !ok || f.Size > maxPackJSON {
		return nil, &PackFailure{File: name, Problem: "it is not there"}
	}
	b := make([]byte, f.Size)
	if err := readAt(p.r, b, f.header+localSize+int64(len(f.Name))); err != nil {
		return nil, err
	}
	return b, nil
}

// readAt fills b.
func readAt(r io.ReaderAt, b []byte, at int64) error {
	if n, err := r.ReadAt(b, at); n < len(b) {
		return fmt.Errorf("read the pack: %w", err)
	}
	return nil
}
