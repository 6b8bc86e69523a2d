package persona

import (
	"net"
	"net/netip"
	"syscall"
	"time"
)

// Hurry makes a client give up soon, for servers that never answer.
func (c *Client) Hurry() { c.Wait(500 * time.Millisecond) }

// Wait says how long a client waits for one answer; between tries it loses no time.
func (c *Client) Wait(try time.Duration) {
	c.times = patience{try: try, call: 10 * try, file: try, budget: 50 * time.Millisecond, between: time.Millisecond}
}

// Resolve looks names up with r and hands each address that the guard let pass to seen instead
// of calling it.
func (c *Client) Resolve(r *net.Resolver, seen func(address string) error) {
	guard := c.dialer.Control
	c.dialer.Resolver = r
	c.dialer.Control = func(network, address string, conn syscall.RawConn) error {
		if err := guard(network, address, conn); err != nil {
			return err
		}
		return seen(address)
	}
}

// HasProxy says that some request could go through a proxy.
func (c *Client) HasProxy() bool {
	d := &net.Dialer{}
	return transport(d).Proxy != nil || fileTransport(d).Proxy != nil
}

// IsPublic says that an address is one of the open internet.
func IsPublic(address string) bool { return isPublic(netip.MustParseAddr(address)) }

// MaxEventID is how long an event's id may be.
const MaxEventID = maxEventID
