package sandbox

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// inflection is the spelling of the keys that a payload was sent with. It never touches
// values, nor the keys below fields.
type inflection uint8

const (
	kebab inflection = iota
	snake
	camel
)

// fileHost is where Persona serves files.
const fileHost = "https://files.withpersona.com/"

// instant is how Persona writes a time.
const instant = "2006-01-02T15:04:05.000Z"

// pen appends JSON to a buffer. Commas come by themselves: a value follows another one unless
// something has just been opened. An empty key writes an array item.
type pen struct {
	b     []byte
	style inflection
}

func (p *pen) comma() {
	if n := len(p.b); n > 0 {
		switch p.b[n-1] {
		case '{', '[', ':', '\n':
		default:
			p.b = append(p.b, ',')
		}
	}
}

// key writes an attribute's or relationship's key in the payload's spelling.
func (p *pen) key(k string) {
	p.comma()
	if k == "" {
		return
	}
	p.b = append(p.b, '"')
	switch p.style {
	case kebab:
		p.b = append(p.b, k...)
	case snake:
		for i := range len(k) {
			if k[i] == '-' {
				p.b = append(p.b, '_')
			} else {
				p.b = append(p.b, k[i])
			}
		}
	case camel:
		for i := 0; i < len(k); i++ {
			// A digit stays behind its dash: "address-street-1" is sent as "addressStreet-1".
			if k[i] == '-' && i+1 < len(k) && 'a' <= k[i+1] && k[i+1] <= 'z' {
				i++
				p.b = append(p.b, k[i]-'a'+'A')
			} else {
				p.b = append(p.b, k[i])
			}
		}
	}
	p.b = append(p.b, '"', ':')
}

// raw writes a key that no inflection touches: below fields, and the slugs of PEP sources.
func (p *pen) raw(k string) {
	p.comma()
	p.quote(k)
	p.b = append(p.b, ':')
}

func (p *pen) open(k string) { p.key(k); p.b = append(p.b, '{') }
func (p *pen) shut()         { p.b = append(p.b, '}') }
func (p *pen) list(k string) { p.key(k); p.b = append(p.b, '[') }
func (p *pen) end()          { p.b = append(p.b, ']') }

func (p *pen) null(k string) { p.key(k); p.b = append(p.b, "null"...) }

func (p *pen) nulls(keys ...string) {
	for _, k := range keys {
		p.null(k)
	}
}

func (p *pen) str(k, v string) { p.key(k); p.quote(v) }

// opt writes a text, or null when there is none.
func (p *pen) opt(k, v string) {
	if v == "" {
		p.null(k)
		return
	}
	p.str(k, v)
}

func (p *pen) bool(k string, v bool) { p.key(k); p.b = strconv.AppendBool(p.b, v) }
func (p *pen) int(k string, v int)   { p.key(k); p.b = strconv.AppendInt(p.b, int64(v), 10) }

func (p *pen) num(k string, v float64, digits int) {
	p.key(k)
	p.b = strconv.AppendFloat(p.b, v, 'f', digits, 64)
}

// at writes an instant, or null for the zero time.
func (p *pen) at(k string, t time.Time) {
	if t.IsZero() {
		p.null(k)
		return
	}
	p.key(k)
	p.b = append(p.b, '"')
	p.b = t.UTC().AppendFormat(p.b, instant)
	p.b = append(p.b, '"')
}

// day writes a date, or null for the zero time.
func (p *pen) day(k string, t time.Time) { p.opt(k, dayOf(t)) }

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func (p *pen) strs(k string, vs ...string) {
	p.list(k)
	for _, v := range vs {
		p.str("", v)
	}
	p.end()
}

// rel writes a relationship to one resource, or to none.
func (p *pen) rel(k string, to ref) {
	p.open(k)
	if to.id == "" {
		p.null("data")
	} else {
		p.open("data")
		p.str("type", to.kind)
		p.str("id", to.id)
		p.shut()
	}
	p.shut()
}

// rels writes a relationship to many.
func (p *pen) rels(k string, to ...ref) {
	p.open(k)
	p.list("data")
	for _, r := range to {
		p.open("")
		p.str("type", r.kind)
		p.str("id", r.id)
		p.shut()
	}
	p.end()
	p.shut()
}

// field writes one wrapped field of type string, null when there is no value.
func (p *pen) field(k, v string) { p.typed(k, "string", v) }

// typed writes one wrapped field whose value is a text.
func (p *pen) typed(k, kind, v string) {
	p.raw(k)
	p.b = append(p.b, '{')
	p.str("type", kind)
	p.opt("value", v)
	p.shut()
}

const hexDigits = "0123456789abcdef"

// quote writes a JSON string. Bytes that are no UTF-8 stay as they are, except that surrogates
// in their three-byte form become \u escapes, which is how they travel in JSON.
func (p *pen) quote(s string) { p.b = appendQuoted(p.b, s) }

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c != 0xED {
			i++
			continue
		}
		if c == 0xED {
			if _, n := utf8.DecodeRuneInString(s[i:]); n > 1 {
				i += n
				continue
			}
			if i+2 < len(s) && s[i+1] >= 0xA0 && s[i+1] < 0xC0 && s[i+2]&0xC0 == 0x80 {
				u := 0xD000 | int(s[i+1]&0x3F)<<6 | int(s[i+2]&0x3F)
				b = append(b, s[from:i]...)
				b = append(b, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
				i += 3
				from = i
				continue
			}
			i++
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		from = i
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}
