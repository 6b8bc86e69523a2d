package persona

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"docket/store"
)

const (
	stageErase = "erase"

	// scrubEvery bounds how often the whole search index is written anew: erasures come in swarms.
	scrubEvery = 10 * time.Minute

	// expireEvery is how often the access log loses what the policy keeps no longer.
	expireEvery = 24 * time.Hour
)

// erase takes out of our copies what Persona says is gone. It runs at the start, after whatever
// was taken in, and once a minute, so that nothing depends on being woken.
func (l *Live) erase(ctx context.Context, _ *stageWork) (int, error) {
	n, err := l.db.Erase(ctx)
	if err != nil {
		return n, err
	}
	if n > 0 {
		l.log.LogAttrs(ctx, slog.LevelInfo, "erased", slog.Int("resources", n))
		return n, nil
	}
	if now := l.now(); l.expired.IsZero() || now.Sub(l.expired) >= expireEvery {
		if _, err := l.db.ExpireAccess(ctx); err != nil {
			return 0, err
		}
		l.expired = now
	}
	return 0, l.scrub(ctx)
}

// scrub cleans up behind erasures: at most every scrubEvery behind those of Persona, and at once when two
// people erased, for they were told that it is gone.
func (l *Live) scrub(ctx context.Context) error {
	some, whole, err := l.db.Scrubbing(ctx)
	if err != nil || !some {
		return err
	}
	now := l.now()
	if !whole && !l.scrubbed.IsZero() && now.Sub(l.scrubbed) < scrubEvery {
		return nil
	}
	switch err := l.db.Scrub(ctx); {
	case errors.Is(err, store.ErrBusy): // someone reads: the next minute is as good
		return nil
	case err != nil:
		return err
	}
	l.scrubbed = now
	return nil
}
