package sandbox

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// node is one JSON value whose members keep their order.
type node struct {
	kind byte // '{', '[', or 0 for a scalar
	raw  []byte
	keys []string
	kids []*node
}

// parse reads one JSON value.
func parse(b []byte) (*node, error) {
	d := jsontext.NewDecoder(bytes.NewReader(b))
	n, err := readNode(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return n, nil
}

func readNode(d *jsontext.Decoder) (*node, error) {
	switch k := d.PeekKind(); k {
	case '{', '[':
		if d.StackDepth() > 64 {
			return nil, errors.New("nested too deep")
		}
		if _, err := d.ReadToken(); err != nil {
			return nil, err
		}
		n := &node{kind: byte(k)}
		for d.PeekKind() != '}' && d.PeekKind() != ']' {
			if k == '{' {
				t, err := d.ReadToken()
				if err != nil {
					return nil, err
				}
				n.keys = append(n.keys, t.String())
			}
			kid, err := readNode(d)
			if err != nil {
				return nil, err
			}
			n.kids = append(n.kids, kid)
		}
		_, err := d.ReadToken()
		return n, err
	}
	v, err := d.ReadValue()
	return &node{raw: bytes.Clone(v)}, err
}

// known reads what we wrote ourselves.
func known(b []byte) *node {
	n, err := parse(b)
	if err != nil {
		panic("sandbox: our own JSON: " + err.Error())
	}
	return n
}

func text(s string) *node         { return &node{raw: appendQuoted(nil, s)} }
func literal(s string) *node      { return &node{raw: []byte(s)} }
func array(items ...*node) *node  { return &node{kind: '[', kids: items} }
func object() *node               { return &node{kind: '{'} }
func (n *node) is(kind byte) bool { return n != nil && n.kind == kind }

// at walks down by keys; nil when something on the way is missing.
func (n *node) at(path ...string) *node {
	for _, k := range path {
		if !n.is('{') {
			return nil
		}
		i := slices.Index(n.keys, k)
		if i < 0 {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

// set puts a member, in the place of an older one of that key.
func (n *node) set(key string, v *node) *node {
	if i := slices.Index(n.keys, key); i >= 0 {
		n.kids[i] = v
	} else {
		n.keys, n.kids = append(n.keys, key), append(n.kids, v)
	}
	return n
}

// drop takes a member away.
func (n *node) drop(key string) {
	if i := slices.Index(n.keys, key); i >= 0 {
		n.keys, n.kids = slices.Delete(n.keys, i, i+1), slices.Delete(n.kids, i, i+1)
	}
}

// str is the text at a path, "" when there is none.
func (n *node) str(path ...string) string {
	v := n.at(path...)
	if v == nil || v.kind != 0 || len(v.raw) == 0 || v.raw[0] != '"' {
		return ""
	}
	s, err := jsontext.AppendUnquote(nil, v.raw)
	if err != nil {
		return ""
	}
	return string(s)
}

// refs are the resources that a relationship links to.
func (n *node) refs(relationship string) []ref {
	data := n.at("relationships", relationship, "data")
	if data.is('{') {
		data = array(data)
	}
	if !data.is('[') {
		return nil
	}
	var out []ref
	for _, k := range data.kids {
		if r := (ref{k.str("type"), k.str("id")}); r.id != "" {
			out = append(out, r)
		}
	}
	return out
}

// linkage is how a relationship names a resource.
func (r ref) linkage() *node {
	return object().set("type", text(r.kind)).set("id", text(r.id))
}

// relate adds resources to a relationship of many, each once.
func (n *node) relate(relationship string, to ...ref) {
	rels := n.at("relationships")
	if rels == nil {
		rels = object()
		n.set("relationships", rels)
	}
	data := rels.at(relationship, "data")
	if !data.is('[') {
		data = array()
		rels.set(relationship, object().set("data", data))
	}
	have := n.refs(relationship)
	for _, r := range to {
		if !slices.Contains(have, r) {
			data.kids = append(data.kids, r.linkage())
		}
	}
}

// scribe writes nodes out the way a request or a webhook wants them.
type scribe struct {
	style inflection
	link  func(string) string // makes a fresh link of a file's address; nil leaves it
}

func (s scribe) bytes(n *node) []byte { return s.write(nil, n, false) }

// write appends a value. Below fields no key is inflected, nor are the slugs of PEP sources.
func (s scribe) write(b []byte, n *node, plainKeys bool) []byte {
	switch n.kind {
	case '{':
		b = append(b, '{')
		for i, k := range n.keys {
			if i > 0 {
				b = append(b, ',')
			}
			if plainKeys || s.style == kebab {
				b = appendQuoted(b, k)
			} else {
				b = appendQuoted(b, inflect(k, s.style))
			}
			b = append(b, ':')
			switch kid := n.kids[i]; {
			case k == "fields":
				b = s.write(b, kid, true)
			case k == "sources" && kid.is('{') && !plainKeys && allObjects(kid):
				b = s.sources(b, kid)
			default:
				b = s.write(b, kid, plainKeys)
			}
		}
		return append(b, '}')
	case '[':
		b = append(b, '[')
		for i, kid := range n.kids {
			if i > 0 {
				b = append(b, ',')
			}
			b = s.write(b, kid, plainKeys)
		}
		return append(b, ']')
	}
	if s.link != nil && bytes.HasPrefix(n.raw, []byte(`"`+fileHost)) {
		return appendQuoted(b, s.link(n.str()))
	}
	return append(b, n.raw...)
}

func (s scribe) sources(b []byte, n *node) []byte {
	b = append(b, '{')
	for i, k := range n.keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, k), ':')
		b = s.write(b, n.kids[i], false)
	}
	return append(b, '}')
}

func allObjects(n *node) bool {
	for _, k := range n.kids {
		if !k.is('{') {
			return false
		}
	}
	return true
}

// inflect spells one kebab key as the pen does.
func inflect(k string, style inflection) string {
	if !strings.Contains(k, "-") {
		return k
	}
	p := pen{style: style}
	p.key(k)
	return string(p.b[1 : len(p.b)-2])
}

// dash brings the keys of a request to kebab, except below fields.
func (n *node) dash() *node {
	for i, k := range n.keys {
		n.keys[i] = kebabOf(k)
		if n.keys[i] != "fields" {
			n.kids[i].dash()
		}
	}
	if n.kind == '[' {
		for _, k := range n.kids {
			k.dash()
		}
	}
	return n
}

func kebabOf(k string) string {
	var b strings.Builder
	for i, r := range k {
		switch {
		case r == '_':
			b.WriteByte('-')
		case 'A' <= r && r <= 'Z':
			if i > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
