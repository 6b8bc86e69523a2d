package persona

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// split cuts a source into payloads, byte for byte: an array into its elements, NDJSON into
// its lines, anything else is one. It looks at brackets and quotes only; whether a payload is
// good JSON is for Read to say, so one bad payload does not spoil its neighbours.
func split(about string, r io.Reader, each func(about string, payload []byte) error) error {
	s := &splitter{about: about, in: bufio.NewReaderSize(r, 256<<10), each: each}
	err := s.run()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

type splitter struct {
	about string
	in    *bufio.Reader
	each  func(string, []byte) error
	part  chunk
	count int // payloads handed on
	line  int // lines that went by

	held      chunk // an object that the lines so far left open
	heldAbout string
	open      lexer
	strict    bool // the name says that a line is a payload
}

func (s *splitter) run() error {
	name := strings.ToLower(s.about)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	if ext := filepath.Ext(name); ext == ".ndjson" || ext == ".jsonl" {
		s.strict = true
		return s.lines()
	}
	first, err := s.first()
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case err != nil && s.about == "-":
		return nil // nothing on stdin
	case first == '[':
		return s.array()
	case first == '{':
		return s.object()
	}
	return s.rest()
}

// window is what is buffered, at least one byte.
func (s *splitter) window() ([]byte, error) {
	if s.in.Buffered() == 0 {
		if _, err := s.in.Peek(1); err != nil {
			return nil, s.wrap(err)
		}
	}
	return s.in.Peek(s.in.Buffered())
}

// wrap says whose error it is; the end and a broken packing are for the caller.
func (s *splitter) wrap(err error) error {
	var broken errBroken
	if errors.Is(err, io.EOF) || errors.As(err, &broken) {
		return err
	}
	return fmt.Errorf("%s: %w", s.about, err)
}

// take moves n bytes of the window into the payload being gathered.
func (s *splitter) take(window []byte, n int) {
	s.part.add(window[:n])
	s.skip(n)
}

func (s *splitter) skip(n int) {
	// n bytes are buffered, so nothing can go wrong.
	_, _ = s.in.Discard(n)
}

// first takes what stands before the first byte that means something, and gives that byte.
func (s *splitter) first() (byte, error) {
	for {
		w, err := s.window()
		if err != nil {
			return 0, err
		}
		if s.part.size == 0 && bytes.HasPrefix(w, []byte("\ufeff")) {
			s.take(w, 3)
			continue
		}
		i := bytes.IndexFunc(w, func(r rune) bool { return !isSpace(byte(r)) || r > 0x7f })
		if i >= 0 {
			s.take(w, i)
			return w[i], nil
		}
		s.take(w, len(w))
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// emit hands on what was gathered.
func (s *splitter) emit(about string) error {
	s.count++
	return s.each(about, s.part.take())
}

func (s *splitter) nth() string { return fmt.Sprintf("%s#%d", s.about, s.count+1) }

// rest takes all that is left as one payload.
func (s *splitter) rest() error {
	for {
		w, err := s.window()
		if errors.Is(err, io.EOF) {
			return s.emit(s.about)
		}
		if err != nil {
			return err
		}
		s.take(w, len(w))
	}
}

// lines takes each line as a payload, or as an array of them; blank ones say nothing.
// Unless the name says NDJSON, an object that a line leaves open goes on over the next lines,
// until it closes or another object begins at the start of a line.
func (s *splitter) lines() error {
	for {
		w, err := s.window()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		i := bytes.IndexByte(w, '\n')
		if err == nil && i < 0 {
			s.take(w, len(w))
			continue
		}
		if i > 0 {
			s.part.add(w[:i])
		}
		s.skip(i + 1)
		if s.line++; s.part.size > 0 {
			if emitted := s.oneLine(); emitted != nil {
				return emitted
			}
		}
		if err != nil {
			if failed := s.closeHeld(); failed != nil {
				return failed
			}
			return err
		}
	}
}

func (s *splitter) oneLine() error {
	about := fmt.Sprintf("%s:%d", s.about, s.line)
	b := bytes.TrimSuffix(s.part.take(), []byte("\r"))
	trimmed := bytes.TrimSpace(b)
	if s.held.size > 0 {
		if b[0] != '{' {
			s.held.add([]byte("\n"))
			s.held.add(b)
			if s.open.line(b) {
				return nil
			}
			return s.closeHeld()
		}
		if err := s.closeHeld(); err != nil {
			return err
		}
	}
	switch {
	case len(trimmed) == 0:
		return nil
	case !s.strict && (trimmed[0] == '{' || trimmed[0] == '[') && s.open.line(b):
		s.heldAbout = about
		s.held.add(b)
		return nil
	}
	return s.whole(about, b)
}

// whole hands on one object, or the elements of one array.
func (s *splitter) whole(about string, b []byte) error {
	trimmed := bytes.TrimSpace(b)
	if trimmed[0] != '[' {
		s.count++
		return s.each(about, b)
	}
	inner := &splitter{about: about, in: bufio.NewReader(bytes.NewReader(trimmed)), each: s.each}
	if _, err := inner.first(); err != nil {
		return err
	}
	if err := inner.array(); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// closeHeld hands on the object or array that the lines so far left open.
func (s *splitter) closeHeld() error {
	s.open = lexer{}
	if s.held.size == 0 {
		return nil
	}
	return s.whole(s.heldAbout, s.held.take())
}

// array takes each element of the array that begins here. What stands outside the brackets is
// no payload, unless it means something.
func (s *splitter) array() error {
	s.part.take()
	s.skip(1)
	var l lexer
	some := false // the list has an element that was not handed on yet
	for {
		w, err := s.window()
		if errors.Is(err, io.EOF) {
			if s.part.size > 0 {
				if err := s.element(); err != nil {
					return err
				}
			}
			if l.depth > 0 || l.inString {
				return nil // the element was cut, and tells
			}
			// The list never ends: its bracket goes to quarantine and says so.
			s.part.add([]byte("["))
			return s.emit(s.nth())
		}
		if err != nil {
			return err
		}
		from := 0
		for i, c := range w {
			if l.depth > 0 || l.inString || c != ',' && c != ']' {
				if !some && isSpace(c) {
					from = i + 1
					continue
				}
				some = true
				l.step(c)
				continue
			}
			s.part.add(w[from:i])
			from = i + 1
			if c == ',' || some {
				if !some {
					s.part.add([]byte(",")) // nothing between two commas
				}
				if err := s.element(); err != nil {
					return err
				}
				some = false
			}
			if c == ']' {
				s.skip(i + 1)
				return s.tail()
			}
		}
		s.part.add(w[from:])
		s.skip(len(w))
	}
}

// element hands on one element without the space after it.
func (s *splitter) element() error {
	about := s.nth()
	s.count++
	return s.each(about, bytes.TrimRight(s.part.take(), " \t\r\n"))
}

// tail looks behind the array: anything but space there is a payload that cannot be read.
func (s *splitter) tail() error {
	if _, err := s.first(); err != nil {
		return err
	}
	return s.rest()
}

// object takes the object that begins here. When it stands alone the source is one payload;
// when more follows on lines of their own, the source is NDJSON under another name.
func (s *splitter) object() error {
	var l lexer
	for {
		w, err := s.window()
		if errors.Is(err, io.EOF) {
			return s.emit(s.about)
		}
		if err != nil {
			return err
		}
		for i, c := range w {
			if c == '\n' && (l.depth == 0 || l.broken) {
				s.take(w, i)
				return s.after()
			}
			if c == '\n' {
				s.line++
				// A raw line end inside a string is an error; so is an object that begins
				// where neither list, member nor comma asks for one.
				l.suspect = l.inString || l.last != ',' && l.last != '[' && l.last != ':' && l.last != '{'
			} else if l.suspect {
				l.suspect = false
				if c == '{' {
					s.take(w, i)
					if err := s.emit(s.about + ":1"); err != nil {
						return err
					}
					return s.lines()
				}
			}
			l.step(c)
		}
		s.take(w, len(w))
	}
}

// after decides, at the end of the line on which the first object closed.
func (s *splitter) after() error {
	var gap chunk
	for {
		w, err := s.window()
		if errors.Is(err, io.EOF) {
			s.part.add(gap.buf)
			return s.emit(s.about)
		}
		if err != nil {
			return err
		}
		for i, c := range w {
			if isSpace(c) {
				continue
			}
			s.line += bytes.Count(gap.buf, []byte("\n")) + bytes.Count(w[:i], []byte("\n"))
			s.skip(i)
			if err := s.emit(s.about + ":1"); err != nil {
				return err
			}
			return s.lines()
		}
		gap.add(w)
		s.skip(len(w))
	}
}

// lexer follows brackets and quotes.
type lexer struct {
	depth                              int
	inString, escaped, broken, suspect bool
	last                               byte // the last byte outside strings that is no space
}

func (l *lexer) step(c byte) {
	switch {
	case l.escaped:
		l.escaped = false
	case l.inString:
		switch c {
		case '\\':
			l.escaped = true
		case '"':
			l.inString, l.last = false, c
		}
	case isSpace(c):
	default:
		switch c {
		case '"':
			l.inString = true
		case '{', '[':
			l.depth++
		case '}', ']':
			if l.depth--; l.depth < 0 {
				l.depth, l.broken = 0, true
			}
		}
		l.last = c
	}
}

// line follows one line and says whether it leaves an object open. A string cannot go on over
// a line's end, so a line that leaves one open is cut short.
func (l *lexer) line(b []byte) bool {
	depth, inString := l.depth, false
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i, inString = afterString(b, i+1) // the line's end when it stays open
		case '{', '[':
			depth++
		case '}', ']':
			depth = max(depth-1, 0)
		}
	}
	*l = lexer{}
	if depth > 0 && !inString {
		l.depth = depth
		return true
	}
	return false
}

// afterString is where the string ends in which i lies; open: it does not. A quote ends it unless an odd
// number of backslashes stands before it.
func afterString(b []byte, i int) (end int, open bool) {
	for start := i; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return len(b), true
		}
		i += n
		slash := i
		for slash > start && b[slash-1] == '\\' {
			slash--
		}
		if (i-slash)%2 == 0 {
			return i, false
		}
	}
}
