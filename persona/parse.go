package persona

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep a payload may nest. Persona's own nest about 12 deep.
const MaxDepth = 64

// maxValues bounds what one payload may unfold to in memory: 32 MiB of "[[],[],…" would
// become gigabytes. Persona's payloads hold some 30 bytes per value.
const maxValues = 1 << 20

// fault is why a parse stopped.
type fault byte

const (
	faultNone fault = iota
	faultSyntax
	faultDepth
	faultValues
)

// parser builds nodes from JSON. It never panics, stops at what it cannot read, and lets some
// bad JSON through, but then it says so: where it has neither a fault nor a doubt, jsontext has
// none either. Strings without escapes share the source's memory.
type parser struct {
	src   string
	pos   int
	depth int
	count int
	fault fault
	judge bool   // keys that are there twice are looked for
	doubt bool   // something was met of which jsontext is the judge
	stack []node // values of the containers being read
	slab  []node // memory that finished containers are cut from
}

// parsers are kept for their memory, unless a large payload made it large.
var parsers = sync.Pool{New: func() any { return &parser{stack: make([]node, 0, 64)} }}

const keptNodes = 4096

// parse reads one JSON value. Give the parser back with done when nothing of the value is
// needed any more; texts may be kept.
func parse(src string) (node, *parser) { return parsed(src, false) }

// parseStrictly is parse of what nobody has judged yet: p.doubt when it may be bad JSON after
// all, or hold a key twice.
func parseStrictly(src string) (node, *parser) {
	root, p := parsed(src, true)
	p.space()
	p.doubt = p.doubt || p.pos < len(src)
	return root, p
}

func parsed(src string, judge bool) (node, *parser) {
	p := parsers.Get().(*parser)
	p.src, p.judge = src, judge
	p.value("", false)
	if p.fault != faultNone {
		return node{}, p
	}
	return p.stack[0], p
}

// done gives the parser back; every node that it made is gone.
func (p *parser) done() {
	clear(p.slab)
	slab := p.slab[:0]
	if cap(slab) > keptNodes {
		slab = nil
	}
	clear(p.stack[:cap(p.stack)])
	*p = parser{slab: slab, stack: p.stack[:0]}
	if cap(p.stack) <= keptNodes {
		parsers.Put(p)
	}
}

func (p *parser) stop(f fault) {
	if p.fault == faultNone {
		p.fault = f
	}
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// value reads one value and puts it on the stack under a key.
func (p *parser) value(key string, plainKey bool) {
	p.space()
	if p.pos >= len(p.src) {
		p.stop(faultSyntax)
		return
	}
	if p.count++; p.count > maxValues {
		p.stop(faultValues)
		return
	}
	n := node{key: key, plainKey: plainKey}
	switch c := p.src[p.pos]; {
	case c == '"':
		n.kind = kindString
		n.text, n.plain = p.str()
	case c == '{' || c == '[':
		n.kind, n.kids = kind(c), p.container(kind(c))
	case c == 'n':
		n.kind = p.literal("null", kindNull)
	case c == 't':
		n.kind = p.literal("true", kindTrue)
	case c == 'f':
		n.kind = p.literal("false", kindFalse)
	case c == '-' || isDigit(c):
		start := p.pos
		for p.pos++; p.pos < len(p.src) && numberByte(p.src[p.pos]); p.pos++ {
		}
		n.kind, n.text = kindNumber, p.src[start:p.pos]
		p.doubt = p.doubt || p.judge && !plainNumber(n.text)
	default:
		p.stop(faultSyntax)
	}
	p.stack = append(p.stack, n)
}

// plainNumber says that digits are a whole number or a decimal fraction as JSON writes them.
func plainNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := 0
	for whole < len(s) && isDigit(s[whole]) {
		whole++
	}
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	if whole == len(s) {
		return true
	}
	if s[whole] != '.' || whole+1 == len(s) {
		return false
	}
	for _, c := range []byte(s[whole+1:]) {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

func numberByte(c byte) bool {
	return isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'
}

func (p *parser) literal(word string, k kind) kind {
	if !strings.HasPrefix(p.src[p.pos:], word) {
		p.stop(faultSyntax)
	}
	p.pos += len(word)
	return k
}

// container reads the members or items of an object or array.
func (p *parser) container(k kind) []node {
	if p.depth++; p.depth > MaxDepth {
		p.stop(faultDepth)
		return nil
	}
	end := byte('}')
	if k == kindArray {
		end = ']'
	}
	p.pos++
	mark := len(p.stack)
	var met uint64 // a bit for each key: most keys need not be compared with those before them
	for p.fault == faultNone {
		p.space()
		if p.pos >= len(p.src) {
			p.stop(faultSyntax)
			return nil
		}
		if p.src[p.pos] == end {
			p.pos++
			p.depth--
			kids := p.keep(p.stack[mark:])
			p.stack = p.stack[:mark]
			return kids
		}
		if len(p.stack) > mark {
			if p.src[p.pos] != ',' {
				p.stop(faultSyntax)
				return nil
			}
			p.pos++
			p.space()
		}
		key, plain := "", false
		if k == kindObject {
			key, plain = p.member()
			if p.judge {
				p.judgeKey(key, mark, &met)
			}
		}
		p.value(key, plain)
	}
	return nil
}

// member reads a member's name and the colon.
func (p *parser) member() (key string, plain bool) {
	if p.pos >= len(p.src) || p.src[p.pos] != '"' {
		p.stop(faultSyntax)
		return "", false
	}
	key, plain = p.str()
	p.space()
	if p.pos >= len(p.src) || p.src[p.pos] != ':' {
		p.stop(faultSyntax)
		return "", false
	}
	p.pos++
	return key, plain
}

// manyKeys is how many members of one object are compared with each other here.
const manyKeys = 64

// judgeKey doubts an object that has the key already, or too many to tell.
func (p *parser) judgeKey(key string, mark int, met *uint64) {
	bit := keyBit(key)
	siblings := p.stack[mark:]
	switch {
	case p.doubt:
	case len(siblings) >= manyKeys:
		p.doubt = true
	case *met&bit != 0:
		for i := range siblings {
			p.doubt = p.doubt || siblings[i].key == key
		}
	}
	*met |= bit
}

// keyBit is one bit of 64 for a key. It need not be good: of siblings there are few.
func keyBit(key string) uint64 {
	n := len(key)
	if n == 0 {
		return 1
	}
	return 1 << ((n + 7*int(key[0]) + 13*int(key[n/2]) + 31*int(key[n-1])) % 64)
}

// keep copies finished values out of the stack, many containers to one allocation.
func (p *parser) keep(vs []node) []node {
	if len(vs) == 0 {
		return nil
	}
	if cap(p.slab)-len(p.slab) < len(vs) {
		p.slab = make([]node, 0, max(len(vs), 128, min(2*cap(p.slab), keptNodes)))
	}
	from := len(p.slab)
	p.slab = append(p.slab, vs...)
	return p.slab[from:len(p.slab):len(p.slab)]
}

// str reads the string that starts at pos; plain: it holds nothing that JSON escapes.
func (p *parser) str() (s string, plain bool) {
	p.pos++
	start := p.pos
	plain = true
	for i := plainTo(p.src, start); i < len(p.src); i = plainTo(p.src, i+1) {
		switch p.src[i] {
		case '"':
			p.pos = i + 1
			return p.src[start:i], plain
		case '\\':
			p.pos = i
			return p.escaped(start), false
		}
		p.doubt, plain = true, false
	}
	p.stop(faultSyntax)
	return "", false
}

// escaped reads on from the first backslash.
func (p *parser) escaped(start int) string {
	b := append(make([]byte, 0, p.pos-start+32), p.src[start:p.pos]...)
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		p.pos++
		switch {
		case c == '"':
			return string(b)
		case c != '\\':
			p.doubt = p.doubt || c < ' '
			b = append(b, c)
			continue
		case p.pos >= len(p.src):
			p.stop(faultSyntax)
			return ""
		}
		c = p.src[p.pos]
		p.pos++
		switch c {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			b = utf8.AppendRune(b, p.unicode())
		default:
			p.doubt = p.doubt || c != '"' && c != '\\' && c != '/'
			b = append(b, c)
		}
	}
	p.stop(faultSyntax)
	return ""
}

// unicode reads what follows \u. Half a surrogate pair becomes U+FFFD.
func (p *parser) unicode() rune {
	r := p.hex4()
	if !utf16.IsSurrogate(r) {
		return r
	}
	p.doubt = true
	if p.pos+1 < len(p.src) && p.src[p.pos] == '\\' && p.src[p.pos+1] == 'u' {
		back := p.pos
		p.pos += 2
		if pair := utf16.DecodeRune(r, p.hex4()); pair != utf8.RuneError {
			return pair
		}
		p.pos = back
	}
	return utf8.RuneError
}

func (p *parser) hex4() rune {
	if p.pos+4 > len(p.src) {
		p.stop(faultSyntax)
		return utf8.RuneError
	}
	v, err := strconv.ParseUint(p.src[p.pos:p.pos+4], 16, 32)
	if err != nil {
		p.stop(faultSyntax)
		return utf8.RuneError
	}
	p.pos += 4
	return rune(v)
}
