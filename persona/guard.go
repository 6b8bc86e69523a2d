package persona

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errAddress says that a name led to an address that docket does not call.
var errAddress = errors.New("address not allowed")

// notPublic are the ranges that no host of Persona's lives in, beyond those that netip names
// itself: a name that leads there leads into somebody's own network.
// https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), // documentation
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), // reserved, broadcast
	netip.MustParsePrefix("::/96"),       // IPv4-compatible
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), // discard
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4: holds an IPv4 address
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"), // site-local
}

// nat64 is how an IPv6-only network reaches IPv4; the last four bytes are the address meant.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// isPublic says that an address is one of the open internet.
func isPublic(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// guard refuses a connection to anything but port 443 of a public address. It runs after the
// name was looked up and before the connection is made, for each address tried, so a name that
// answers differently the second time gets nowhere. With loopback, this machine itself is
// allowed too, on any port: tests and the demo talk to a stand-in there.
func guard(loopback bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		switch {
		case err != nil:
			return errAddress
		case loopback && to.Addr().Unmap().IsLoopback():
			return nil
		case to.Port() != 443 || !isPublic(to.Addr()):
			return errAddress
		}
		return nil
	}
}

// transport carries requests to hosts that guard lets pass: no proxy (it would look names up
// itself), bounded in every step.
func transport(dialer *net.Dialer) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxConnsPerHost:        8,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// doer is an HTTP client that follows no redirect: an answer that sends us elsewhere is the
// answer. Time is bounded by the context of each request.
func doer(t http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Outward is an HTTP client for addresses that the operator gave, which are not Persona's: it reaches
// public addresses at port 443 and this machine itself, nothing between, and follows no redirect.
// Time is bounded by the context of each request.
func Outward() *http.Client {
	return doer(transport(&net.Dialer{Timeout: 5 * time.Second, Control: guard(true)}))
}
