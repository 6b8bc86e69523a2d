package persona_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"docket/persona"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

func TestOnlyTheOpenInternetIsCalled(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"35.232.44.140": true, "8.8.8.8": true, "2600:1901:0:1234::1": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true,
		"127.0.0.1": false, "127.255.255.254": false, "::1": false, "::ffff:127.0.0.1": false, "::127.0.0.1": false,
		"0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "::ffff:10.0.0.1": false,
		"169.254.169.254": false, "::ffff:169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "2600::1%eth0": false,
		"100.64.0.1": false, "100.127.255.255": false, "100.128.0.1": true,
		"224.0.0.1": false, "239.1.1.1": false, "255.255.255.255": false, "240.0.0.1": false, "ff02::1": false,
		"fc00::1": false, "fd12:3456::1": false, "fec0::1": false,
		"192.0.2.1": false, "198.51.100.1": false, "203.0.113.1": false, "198.18.0.1": false, "192.0.0.1": false,
		"2001:db8::1": false, "2002:7f00:1::": false, "2001::1": false, "100::1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a00:1": false, "64:ff9b:1::1": false,
	} {
		assert.Equal(t, want, persona.IsPublic(address), address)
	}
}

// nameserver answers the n-th question for an IPv4 address with the n-th list, the last one for
// good.
type nameserver struct {
	mu      sync.Mutex
	asked   int
	answers [][]string
}

func (n *nameserver) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.serve(theirs)
		return ours, nil
	}}
}

// serve speaks DNS as over TCP: each message after its length.
func (n *nameserver) serve(c net.Conn) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		raw := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, raw); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(raw); err != nil || len(m.Questions) != 1 {
			return
		}
		reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			for _, a := range n.next() {
				reply.Answers = append(reply.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
				})
			}
		}
		out, err := reply.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(binary.BigEndian.AppendUint16(nil, uint16(len(out)))); err != nil {
			return
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}

func (n *nameserver) next() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	return n.answers[min(n.asked, len(n.answers))-1]
}

// calls are the addresses that the guard let pass; nothing is really called.
type calls struct {
	mu   sync.Mutex
	made []string
}

var errNotCalled = errors.New("not called in tests")

func (c *calls) seen(address string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = append(c.made, address)
	return errNotCalled
}

func (c *calls) took() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.made)
}

// A name that is checked once and called twice can answer differently the second time: so the
// address itself is checked, each time, between the look-up and the call.
func TestANameThatAnswersDifferentlyTheSecondTimeGetsNowhere(t *testing.T) {
	t.Parallel()
	const public, inside = "93.184.215.14", "127.0.0.1"
	for name, answers := range map[string][][]string{
		"public first, then loopback": {{public}, {inside}},
		"both at once":                {{public, inside}},
		"the link-local metadata":     {{public}, {"169.254.169.254"}},
		"a private network":           {{public}, {"10.1.2.3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := persona.NewClient(persona.ClientOptions{Key: testKey, BaseURL: "https://api.rebound.example.test/api/v1", FileHosts: []string{"files.rebound.example.test"}})
			require.NoError(t, err)
			c.Wait(patiently)
			names, made := &nameserver{answers: answers}, &calls{}
			c.Resolve(names.resolver(), made.seen)
			for range 3 {
				_, err = c.Resource(t.Context(), txnRef)
				require.ErrorIs(t, err, persona.ErrUnavailable)
				assertNotIn(t, err, testKey, public, inside, "rebound")
				_, _, err = c.Download(t.Context(), "https://files.rebound.example.test/a.png?access_token=TOKEN")
				require.ErrorIs(t, err, persona.ErrUnavailable)
				assertNotIn(t, err, "TOKEN", "rebound")
			}
			assert.NotEmpty(t, made.took(), "the public address was let pass")
			for _, address := range made.took() {
				assert.Equal(t, public+":443", address)
			}
		})
	}
}

// The same name, for a client that may call this machine: the guard alone makes the difference.
func TestLoopbackIsCalledOnlyWhenAllowed(t *testing.T) {
	t.Parallel()
	for _, isAllowed := range []bool{false, true} {
		c, err := persona.NewClient(persona.ClientOptions{Key: testKey, BaseURL: "https://api.rebound.example.test/api/v1", Loopback: isAllowed})
		require.NoError(t, err)
		c.Wait(patiently)
		made := &calls{}
		c.Resolve((&nameserver{answers: [][]string{{"127.0.0.1"}}}).resolver(), made.seen)
		_, err = c.Resource(t.Context(), txnRef)
		u := requireUnavailable(t, err, "could not be reached")
		assert.Equal(t, isAllowed, len(made.took()) > 0)
		assert.Equal(t, !isAllowed, u.Problem == "Persona could not be reached: its name leads to an address that docket does not call")
	}
}

func TestAnotherPortIsNotCalled(t *testing.T) {
	t.Parallel()
	c, err := persona.NewClient(persona.ClientOptions{Key: testKey, FileHosts: []string{"files.rebound.example.test:8443"}})
	require.NoError(t, err)
	c.Wait(patiently)
	made := &calls{}
	c.Resolve((&nameserver{answers: [][]string{{"93.184.215.14"}}}).resolver(), made.seen)
	_, _, err = c.Download(t.Context(), "https://files.rebound.example.test:8443/a.png")
	require.ErrorIs(t, err, persona.ErrUnavailable)
	assert.Empty(t, made.took())
}

func TestANameThatNobodyKnows(t *testing.T) {
	t.Parallel()
	c, err := persona.NewClient(persona.ClientOptions{Key: testKey, BaseURL: "https://api.rebound.example.test/api/v1"})
	require.NoError(t, err)
	c.Wait(patiently)
	c.Resolve((&nameserver{answers: [][]string{nil}}).resolver(), (&calls{}).seen)
	_, err = c.Resource(t.Context(), txnRef)
	requireUnavailable(t, err, "its name could not be looked up")
}
