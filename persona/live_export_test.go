package persona

import (
	"context"
	"time"
)

// Waits has the pauses of a reconciliation told instead of slept.
func (l *Live) Waits(told func(time.Duration)) {
	l.wait = func(ctx context.Context, d time.Duration) bool {
		told(d)
		return ctx.Err() == nil
	}
}
