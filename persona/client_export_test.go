package persona

import (
	"net"
	"net/netip"
	"syscall"
	"time"
)

// Hurry makes a client impatient, so that tests of hanging servers end soon.
func (c *Client) Hurry() {
	c.times = patience{try: 400 * time.Millisecond, call: 3 * time.Second, file: 400 * time.Millisecond,
		budget: 50 * time.Millisecond, between: time.Millisecond}
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
