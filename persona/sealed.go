package persona

import (
	"fmt"
	"io"
	"log/slog"
)

// sealed goes into every type that holds a secret: however such a value is printed or logged,
// nothing of it comes out.
type sealed struct{}

const sealedWord = "[redacted]"

// Format prints the same for every verb.
func (sealed) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, sealedWord) }

// LogValue logs the same for every handler.
func (sealed) LogValue() slog.Value { return slog.StringValue(sealedWord) }

// MarshalText writes the same into JSON.
func (sealed) MarshalText() ([]byte, error) { return []byte(sealedWord), nil }
