package persona

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// eachPath hands on every payload in files, folders and stdin ("-").
func eachPath(paths []string, stdin io.Reader, each func(about string, payload []byte) error) error {
	for _, p := range paths {
		if p == "-" {
			if stdin == nil {
				stdin = strings.NewReader("")
			}
			if err := eachPayload("-", stdin, nil, each); err != nil {
				return err
			}
			continue
		}
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			if err := eachInFile(p, each); err != nil {
				return err
			}
			continue
		}
		err = filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case path != p && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir() || !holdsPayloads(d.Name()):
				return nil
			}
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				return err // a link to a folder is not followed, and a pipe may never speak
			}
			return eachInFile(path, each)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// holdsPayloads says that a folder's file is taken, by its name.
func holdsPayloads(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	return slices.Contains([]string{".json", ".ndjson", ".jsonl"}, filepath.Ext(name))
}

func eachInFile(path string, each func(string, []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return eachPayload(path, f, f, each)
}

// errBroken is why a source stopped giving bytes before its end. The payloads before are fine.
type errBroken struct{ error }

// eachPayload hands on the payloads of one source, unpacking it when it is packed: told by its
// first bytes, not by its name. again reads the source once more from its start, nil when
// that cannot be done. A packed source that breaks off is itself kept, since what it was to
// say is lost otherwise.
func eachPayload(about string, r io.Reader, again io.ReadSeeker, each func(string, []byte) error) error {
	source := bufio.NewReaderSize(r, 256<<10) // of a size that split reads from it directly
	magic, err := source.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", about, err)
	}
	packed := &head{r: source}
	in := bufio.NewReaderSize(packed, 64<<10)
	var unpacked io.Reader = in
	switch {
	case bytes.HasPrefix(magic, gzipMagic):
		unpacked = &lazy{open: func() (io.Reader, error) { return gzip.NewReader(in) }}
	case bytes.HasPrefix(magic, zstdMagic):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return fmt.Errorf("%s: %w", about, err)
		}
		defer z.Close()
		unpacked = z
	default:
		return split(about, source, each)
	}
	err = split(about, &marked{unpacked}, each)
	var broken errBroken
	if !errors.As(err, &broken) {
		return err
	}
	if packed.err != nil {
		return fmt.Errorf("%s: %w", about, packed.err) // the disk, not the packing
	}
	if again != nil {
		if _, err := again.Seek(0, io.SeekStart); err == nil {
			raw, err := io.ReadAll(io.LimitReader(again, MaxPayload+1))
			if err == nil && len(raw) <= MaxPayload {
				return each(about, raw)
			}
			packed = &head{r: io.MultiReader(bytes.NewReader(raw), again)}
		}
	}
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return fmt.Errorf("%s: %w", about, err)
	}
	return each(about, packed.record(cutPacked))
}

// lazy opens a reader at the first read, so that a bad header is found where bad content is.
type lazy struct {
	open func() (io.Reader, error)
	r    io.Reader
}

func (l *lazy) Read(b []byte) (int, error) {
	if l.r == nil {
		r, err := l.open()
		if err != nil {
			return 0, err
		}
		l.r = r
	}
	return l.r.Read(b)
}

// marked marks the errors of unpacking.
type marked struct{ r io.Reader }

func (m *marked) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = errBroken{err}
	}
	return n, err
}
