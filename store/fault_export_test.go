package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// ErrCut is what a cut statement or commit answers.
var ErrCut = errors.New("the power went")

// Cuts fails each statement of each write transaction once, and each commit twice: first nothing is
// committed; then everything is, and the answer is an I/O error. Then the transaction passes, and the next
// one has its turn.
type Cuts struct {
	On      bool
	Made    int // cuts
	Passed  int // commits that took place
	next    int // statement that fails
	seen    int // statements of the running transaction
	refused bool
}

// Option puts them around a store's writer.
func (c *Cuts) Option(o *Options) {
	o.wrap = func(inner driver.Connector) driver.Connector { return cutConnector{inner, c} }
}

func (c *Cuts) statement() error {
	if !c.On {
		return nil
	}
	if c.seen++; c.seen < c.next {
		return nil
	}
	c.Made++
	c.next++
	return ErrCut
}

func (c *Cuts) commit(real func() error) error {
	switch {
	case !c.On:
		return real()
	case !c.refused:
		c.refused = true
		c.Made++
		return ErrCut
	}
	c.refused, c.next = false, 1
	c.Made++
	c.Passed++
	return errors.Join(real(), ErrCut, Coded(10))
}

type cutConnector struct {
	driver.Connector
	cuts *Cuts
}

func (c cutConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return cutConn{inner.(fullConn), c.cuts}, nil
}

type cutConn struct {
	fullConn
	cuts *Cuts
}

func (c cutConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.cuts.seen = 0
	tx, err := c.fullConn.BeginTx(ctx, o)
	return faultyTx{tx, c.cuts.commit}, err
}

func (c cutConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.fullConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return cutStmt{s, s.(driver.StmtExecContext), s.(driver.StmtQueryContext), c.cuts}, nil
}

func (c cutConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.cuts.statement(); err != nil {
		return nil, err
	}
	return c.fullConn.QueryContext(ctx, query, args)
}

type cutStmt struct {
	driver.Stmt
	exec  driver.StmtExecContext
	query driver.StmtQueryContext
	cuts  *Cuts
}

func (s cutStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.cuts.statement(); err != nil {
		return nil, err
	}
	return s.exec.ExecContext(ctx, args)
}

func (s cutStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.cuts.statement(); err != nil {
		return nil, err
	}
	return s.query.QueryContext(ctx, args)
}
