package persona

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
)

// How packed bytes begin.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// maxHead is how much is kept of what is too large, or too broken, to be kept whole.
const maxHead = 64 << 10

// chunk is the bytes of one payload as they come in. Beyond MaxPayload it keeps the head and
// the digest only, so that no input needs more memory than one payload.
type chunk struct {
	buf  []byte
	size int64
	sum  hash.Hash // running since the chunk became too large
}

func (c *chunk) add(b []byte) {
	c.size += int64(len(b))
	switch {
	case c.sum != nil:
		c.sum.Write(b)
	case c.size <= MaxPayload:
		c.buf = append(c.buf, b...)
	default:
		c.sum = sha256.New()
		c.sum.Write(c.buf)
		c.sum.Write(b)
		c.buf = bytes.Clone(append(c.buf, b...)[:maxHead])
	}
}

// take hands over what was gathered, or the record of what was too large, and starts anew.
func (c *chunk) take() []byte {
	b := c.buf
	if c.sum != nil {
		b = headRecord(tooLarge, c.buf, c.size, c.sum.Sum(nil))
	}
	*c = chunk{}
	return b
}

// head reads through and remembers the start and the digest of what passed.
type head struct {
	r     io.Reader
	start []byte
	size  int64
	sum   hash.Hash
	err   error // an error of the reader itself
}

func (h *head) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	if h.sum == nil {
		h.sum = sha256.New()
	}
	h.sum.Write(b[:n])
	h.size += int64(n)
	if room := maxHead - len(h.start); room > 0 {
		h.start = append(h.start, b[:min(n, room)]...)
	}
	if err != nil && err != io.EOF {
		h.err = err
	}
	return n, err
}

func (h *head) record(why string) []byte {
	if h.sum == nil {
		h.sum = sha256.New()
	}
	return headRecord(why, h.start, h.size, h.sum.Sum(nil))
}

// The reasons for keeping a head alone.
const (
	tooLarge  = "larger than 32 MiB"
	cutPacked = "packed, and cannot be unpacked to its end"
)

const headMark = "docket kept the first "

// headRecord is what is kept of bytes that are not kept whole: a line that says so, then their
// start. Read knows it again, so that a rebuild gives the same reason.
func headRecord(why string, start []byte, size int64, sum []byte) []byte {
	line := fmt.Sprintf("%s%d of %d bytes with SHA-256 %x: %s\n", headMark, len(start), size, sum, why)
	return append([]byte(line), start...)
}

// readHead gives the reason out of a head's record; false: the bytes are none.
func readHead(raw []byte) (string, bool) {
	line, _, ok := bytes.Cut(raw, []byte("\n"))
	if !ok || len(line) > 200 || !bytes.HasPrefix(line, []byte(headMark)) {
		return "", false
	}
	f := strings.Fields(strings.TrimPrefix(string(line), headMark))
	if len(f) < 7 {
		return "", false
	}
	size, err := strconv.ParseInt(f[2], 10, 64)
	sum, sumErr := hex.DecodeString(strings.TrimSuffix(f[6], ":"))
	_, why, _ := strings.Cut(string(line), ": ")
	if err != nil || sumErr != nil || len(sum) != sha256.Size || why != tooLarge && why != cutPacked {
		return "", false
	}
	return fmt.Sprintf("%s: of its %d bytes only the start is kept (SHA-256 of the whole %x)", why, size, sum), true
}
