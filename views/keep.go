package views

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"sync"

	"github.com/a-h/templ"
)

// Keep holds the markup of a component that is shown again and again. It is replayed only
// while the struct that it was drawn from equals the one to be shown, in every field and all
// the way down: markup is a function of its struct, so what is replayed is what would be
// drawn. The comparison is short where both share their parts. nil keeps nothing.
//
// Two drawings are held: the one of whoever judges, with a form, and the one of the others.
type Keep[T any] struct {
	mu    sync.Mutex
	drawn [2]drawing[T] // the newest first
}

type drawing[T any] struct {
	of   T
	html []byte
}

// drafts are the buffers that markup is drawn into before it is known how long it is.
var drafts = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 32<<10)) }}

// show is the component as it is drawn from a struct. Nobody may change what the struct shares
// with others afterwards.
func (k *Keep[T]) show(of *T, draw templ.Component) templ.Component {
	if k == nil {
		return draw
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		html := k.find(of)
		if html == nil {
			b := drafts.Get().(*bytes.Buffer)
			defer func() {
				b.Reset()
				drafts.Put(b)
			}()
			if err := draw.Render(ctx, b); err != nil {
				return err
			}
			html = bytes.Clone(b.Bytes())
			k.put(*of, html)
		}
		_, err := w.Write(html)
		return err
	})
}

func (k *Keep[T]) find(of *T) []byte {
	k.mu.Lock()
	drawn := k.drawn
	k.mu.Unlock()
	for i := range drawn {
		if drawn[i].html != nil && reflect.DeepEqual(&drawn[i].of, of) {
			return drawn[i].html
		}
	}
	return nil
}

func (k *Keep[T]) put(of T, html []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drawn[0], k.drawn[1] = drawing[T]{of, html}, k.drawn[0]
}

// still is markup that never changes. Only once makes one: it holds nothing but what a
// component drew.
type still struct{ html string }

// once draws a component that depends on nothing but the program.
func once(c templ.Component) *still {
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		panic(err) // nothing in it can fail
	}
	return &still{b.String()}
}

// Render replays it.
func (s *still) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, s.html)
	return err
}

// text is a string as it stands between tags: { } would take it through package fmt, which
// costs two allocations each. For rows that a page has thousands of.
type text string

// Render writes the text, escaped as { } does.
func (t text) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, templ.EscapeString(t))
	return err
}
