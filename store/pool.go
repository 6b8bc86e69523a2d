package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"docket/review"
)

// The driver checks these keys before it applies any; `_pragma=` it would run unread.
var (
	writerKeys = url.Values{
		"_txlock": {"immediate"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"5000"},
		"_foreign_keys": {"1"}, "_defensive": {"1"}, "_dqs": {"0"},
	}
	bulkKeys     = with(writerKeys, "vfs", bufferedLog)
	backfillKeys = url.Values{
		"_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_defensive": {"1"}, "_dqs": {"0"}, "_synchronous": {"FULL"},
	}
	readerKeys = url.Values{
		"_busy_timeout": {"5000"}, "_foreign_keys": {"1"}, "_defensive": {"1"}, "_dqs": {"0"}, "_query_only": {"1"},
	}
)

func with(keys url.Values, key, value string) url.Values {
	keys = maps.Clone(keys)
	keys.Set(key, value)
	return keys
}

// Settings without such a key, run on each new connection and read back by a test. Memory is
// the sum over all connections; a map of the file instead would count as resident and spare
// little on a file that the system caches anyway.
var (
	writerPragmas = []string{
		`PRAGMA secure_delete = ON`, // what is erased leaves zeros
		`PRAGMA journal_size_limit = 67108864`,
		`PRAGMA wal_autocheckpoint = 4000`, // pages: 16 MB
		`PRAGMA cache_size = -65536`,       // KiB
		`PRAGMA temp_store = MEMORY`,
	}
	// A bulk of payloads touches index pages all over a large file. A larger cache spares reading
	// them again, a longer log writes a page that was changed ten times into the file once. A page
	// in memory takes twice its size: the allocator rounds it and its head up to a power of two.
	bulkPragmas = []string{
		`PRAGMA secure_delete = ON`,             // what is erased leaves zeros
		`PRAGMA wal_autocheckpoint = 131072`,    // 512 MB, most of it copied by then: from there on it is written over, which costs less than new pages
		`PRAGMA journal_size_limit = 805306368`, // above that, or what is to be written over would be cut off
		`PRAGMA cache_size = -98304`,
		`PRAGMA temp_store = MEMORY`,
	}
	readerPragmas = []string{
		`PRAGMA cache_size = -12288`,
		`PRAGMA temp_store = MEMORY`,
	}
)

func newPool(dsn string, size int, pragmas []string, wrap func(driver.Connector) driver.Connector) (*sql.DB, error) {
	inner, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	if wrap != nil {
		inner = wrap(inner)
	}
	db := sql.OpenDB(&connector{inner, pragmas})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size) // the default of 2 would open the others again and again
	return db, nil
}

// connector sets every new connection up.
type connector struct {
	driver.Connector
	pragmas []string
}

// Connect opens a connection and runs the settings that have no key of their own.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := inner.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the driver lost an interface"), inner.Close())
	}
	for _, p := range c.pragmas {
		if _, err := full.ExecContext(ctx, p, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", p, err), inner.Close())
		}
	}
	return &conn{fullConn: full, stmts: make(map[string]*stmt, 64)}, nil
}

// fullConn is what database/sql uses of the driver's connections.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is a connection that prepares each query once. Query texts are constants of this
// package, so the set is small and never cleaned.
type conn struct {
	fullConn
	stmts map[string]*stmt
}

type stmt struct {
	driver.Stmt
	exec  driver.StmtExecContext
	query driver.StmtQueryContext
	busy  bool // its rows are being read: the same query again, meanwhile, goes unprepared
}

func (c *conn) stmt(ctx context.Context, query string) (*stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	p, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	exec, ok1 := p.(driver.StmtExecContext)
	rows, ok2 := p.(driver.StmtQueryContext)
	if !ok1 || !ok2 {
		return nil, errors.Join(errors.New("the driver lost an interface"), p.Close())
	}
	s := &stmt{Stmt: p, exec: exec, query: rows}
	c.stmts[query] = s
	return s, nil
}

// ExecContext runs a statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.exec.ExecContext(ctx, laidOut(args))
}

// laidOut gives rows that are ready as the many arguments that they are.
func laidOut(args []driver.NamedValue) []driver.NamedValue {
	if len(args) == 1 {
		if rows, ok := args[0].Value.(rowValues); ok {
			return rows
		}
	}
	return args
}

// CheckNamedValue lets rows pass that are ready; with all others database/sql does as it would.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if _, ok := v.Value.(rowValues); ok {
		return nil
	}
	return driver.ErrSkip
}

// QueryContext runs a query.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	args = laidOut(args)
	if s.busy {
		return c.fullConn.QueryContext(ctx, query, args)
	}
	r, err := s.query.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &rows{r, s}, nil
}

// Close finalizes the prepared statements and closes the connection.
func (c *conn) Close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.fullConn.Close())...)
}

type rows struct {
	driver.Rows
	stmt *stmt
}

// Close gives the statement back.
func (r *rows) Close() error {
	r.stmt.busy = false
	return r.Rows.Close()
}

// createPrivate makes the file, readable by its owner only, before SQLite would make it for all.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the path is the operator's own
	if errors.Is(err, os.ErrExist) {
		return nil // never opened and closed here: that would drop SQLite's locks
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// ErrBusy says that another process held the database for too long; trying again may help.
var ErrBusy = errors.New("the database is busy")

// ErrFull says that the disk is full; nothing was recorded.
var ErrFull = errors.New("the disk is full")

// coded is an error of SQLite's.
type coded interface {
	error
	Code() int
}

// classify gives SQLite's errors our names, by code. Others pass as they are.
func classify(err error) error {
	var e coded
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return errors.Join(ErrBusy, err)
	case lib.SQLITE_FULL:
		return errors.Join(ErrFull, err)
	case lib.SQLITE_CONSTRAINT:
		if e.Code() == lib.SQLITE_CONSTRAINT_UNIQUE || e.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY {
			return errors.Join(review.ErrConflict, err)
		}
	}
	return err
}

func isIO(err error) bool {
	var e coded
	return errors.As(err, &e) && e.Code()&0xff == lib.SQLITE_IOERR
}
