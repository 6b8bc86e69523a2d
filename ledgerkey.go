package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"docket/review"
	"docket/store"
)

// keyed is a database whose ledger the command signs.
type keyed struct {
	database
	LedgerKey string `placeholder:"FILE" help:"The key that signs checkpoints of the ledger; made when there is none (default: beside the database, FILE.ledger.key). Whoever has it and the database can write history anew."`
}

// keyPath is where the private key is.
func (k keyed) keyPath() string {
	if k.LedgerKey != "" {
		return k.LedgerKey
	}
	return k.DB + ".ledger.key"
}

// publicPath is where the public half is written to, and looked for.
func (d database) publicPath() string { return d.DB + ".ledger.pub" }

// open opens the file, to sign with the key.
func (k keyed) open(ctx context.Context, mustExist bool, o store.Options) (*store.DB, error) {
	db, err := k.database.open(ctx, mustExist, k.signing(o))
	return k.published(db, err)
}

// openWhole is database.openWhole, to sign with the key.
func (k keyed) openWhole(ctx context.Context, o store.Options) (*store.DB, error) {
	db, err := k.database.openWhole(ctx, k.signing(o))
	return k.published(db, err)
}

// signing has the key looked for where it is, and made only for a ledger that none ever signed.
func (k keyed) signing(o store.Options) store.Options {
	o.LedgerKey, o.NewLedgerKey = k.key, k.newKey
	return o
}

// published writes the public half of the key of a database that is open beside it.
func (k keyed) published(db *store.DB, err error) (*store.DB, error) {
	if errors.Is(err, store.ErrOtherLedgerKey) {
		return nil, fmt.Errorf("the ledger of %s was signed with another key than what is in %s: put that key there, or name its file with --ledger-key", k.DB, k.keyPath())
	}
	if err != nil {
		return nil, err
	}
	public := string(db.LedgerPublic())
	have, err := os.ReadFile(k.publicPath())
	if err == nil && strings.TrimSpace(string(have)) == public {
		return db, nil
	}
	if err := os.WriteFile(k.publicPath(), []byte(public+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("public half of the ledger key: %w", err), db.Close())
	}
	return db, nil
}

// key reads the key for the ledger of an origin, nil when there is none.
func (k keyed) key(origin string) (*review.LedgerKey, error) {
	raw, err := os.ReadFile(k.keyPath())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return k.opened(origin, raw, err)
}

// newKey is key where there was none.
func (k keyed) newKey(origin string) (*review.LedgerKey, error) {
	raw, err := makeKey(k.keyPath(), origin)
	return k.opened(origin, raw, err)
}

func (k keyed) opened(origin string, raw []byte, err error) (*review.LedgerKey, error) {
	path := k.keyPath()
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("ledger key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("ledger key: %s can be read by others; chmod 600 it", path)
	}
	if len(raw) == 0 {
		return nil, fmt.Errorf("ledger key: %s is empty: docket was stopped as it made it, and signed nothing with it; remove the file and start again", path)
	}
	key, err := review.ParseLedgerKey(string(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if key.Origin() != origin {
		return nil, fmt.Errorf("%s is the key of another ledger (%s), this one is %s", path, key.Origin(), origin)
	}
	return key, nil
}

// makeKey draws a key and writes it where nothing is yet. It is on the disk, under its name, before
// anything is signed: a key that is lost signs never again.
func makeKey(path, origin string) (raw []byte, err error) {
	private, err := review.NewLedgerKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return os.ReadFile(path) // another process was first
	}
	if err != nil {
		return nil, err
	}
	if _, err = f.WriteString(private + "\n"); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(path)) // half a key would be in the way of a whole one
	}
	return []byte(private), nil
}

// syncDir makes the names in a folder durable.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// missingKey says that the key is no longer where it was: without it nothing is signed after a restart.
func (k keyed) missingKey() []string {
	if _, err := os.Stat(k.keyPath()); err != nil {
		return []string{"ledger key"}
	}
	return nil
}

type ledgerCommand struct {
	Key ledgerKeyCommand `cmd:"" help:"Print the public key of a ledger: give it to whoever is to check what docket says."`
}

type ledgerKeyCommand struct{ keyed }

func (c ledgerKeyCommand) Run(ctx context.Context, std streams) error {
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = fmt.Fprintln(std.out, db.LedgerPublic())
	return err
}
