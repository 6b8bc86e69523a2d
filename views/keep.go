package views

import (
	"bytes"
	"context"
	"io"
	"reflect"
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

// show is the component as it is drawn from a struct. Nobody may change what the struct shares
// with others afterwards.
func (k *Keep[T]) show(of *T, draw templ.Component) templ.Component {
	if k == nil {
		return draw
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		html := k.find(of)
		if html == nil {
			var b bytes.Buffer
			if err := draw.Render(ctx, &b); err != nil {
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
