package persona_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
)

// assertNotIn prints and logs a value in every way and looks for what must not come out.
func assertNotIn(t *testing.T, v any, secrets ...string) {
	t.Helper()
	var all bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&all, verb+"\n", v)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&all, nil), slog.NewTextHandler(&all, nil)} {
		slog.New(h).Info("x", "v", v, slog.Group("g", "v", v))
	}
	if b, err := json.Marshal(v); err == nil {
		all.Write(b)
	}
	for _, s := range secrets {
		assert.NotContains(t, all.String(), s)
	}
}
