package store

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/s2"
)

// maxBody bounds what one block may unpack to: the database may have been written to by others.
const maxBody = 1 << 30

// zip compresses bytes into one block of S2, an extension of Snappy
// (https://pkg.go.dev/github.com/klauspost/compress/s2). It takes a quarter of the time of the quickest
// zstd and a tenth more room; compressing was an eighth of an import. Nothing in a block tells
// damage: every digest does.
func zip(b []byte) []byte {
	scratch := zipped.Get().(*[]byte)
	if n := s2.MaxEncodedLen(len(b)); cap(*scratch) < n {
		*scratch = make([]byte, n)
	}
	out := bytes.Clone(s2.Encode((*scratch)[:cap(*scratch)], b))
	if cap(*scratch) <= 4*frameSize {
		zipped.Put(scratch)
	}
	return out
}

// zipped are buffers to compress into before the length is known.
var zipped = sync.Pool{New: func() any { b := make([]byte, s2.MaxEncodedLen(frameSize)); return &b }}

func unzip(b []byte) ([]byte, error) {
	n, err := s2.DecodedLen(b)
	if err == nil && n > maxBody {
		err = errors.New("too large")
	}
	var out []byte
	if err == nil {
		out, err = s2.Decode(nil, b)
	}
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return out, nil
}
