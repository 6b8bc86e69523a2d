package sandbox

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Corpus are texts that break programs which trust what they are sent: markup, addresses that
// run, marks that turn or hide text, texts without end, formulas, and what databases, shells
// and file systems take for their own. Surrogates stand in their three-byte form; Poison
// writes them as the \u escapes in which they travel.
var Corpus = []string{
	// tags, attribute breakers, entities
	`<script>alert(1)</script>`, `</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
	`<svg/onload=alert(1)>`, `<!--`, `]]>`, `&lt;b&gt; &amp;amp; &#x3c;script&#x3e;`, `</textarea></title></style></main>`, "`${alert(1)}`", `{{.}} {% raw %} <%= 1 %>`,
	`<a href="https://example.org" style="position:fixed;inset:0">`, `<base href="https://evil.example/">`, `<meta http-equiv=refresh content=0>`,
	// addresses that run or lead elsewhere
	`javascript:alert(1)`, `JavaScript:alert(1)`, " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)", "java\rscript:alert(1)",
	"\x01javascript:alert(1)", `javascript&colon;alert(1)`, `javascript&#58;alert(1)`, `&#106;avascript:alert(1)`, `%6aavascript:alert(1)`, "javascript\u200b:alert(1)",
	`vbscript:msgbox(1)`, `data:text/html,<script>alert(1)</script>`, `data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`, `blob:https://evil.example/1`,
	`//evil.example/x`, `\\evil.example\x`, `/\evil.example`, `https:evil.example`, `https://good.example@evil.example/`, `http://[::1]/`, `https://xn--80ak6aa92e.example/`,
	// turned, hidden and joined text
	"\u202eneddih\u202c", "\u202aleft\u202b right\u202d over\u202c", "\u2066a\u2067b\u2068c", "\u2069\u2069pop", "zero\u200bwidth\u200c\u200d\u200e\u200f\u2060\ufeff",
	"tag\U000e0061\U000e0062\U000e007f", "Раypal of Аmerica", "Ωmega Ѕuspect", "\u034f\u180e\u3164", "a\u0338\u20ddb",
	"Z" + strings.Repeat("\u0301\u0316", 500), strings.Repeat("\u0e49", 40) + "ก",
	// no text at all, and too much of it
	"", " ", "\u00a0", "\u3000", "null", "undefined", "NaN", "0", "-0", "false", "[]", "{}", `""`,
	strings.Repeat("A", 10_000), strings.Repeat("Ж", 10_000), strings.Repeat("W ", 5_000), strings.Repeat("🏴‍☠️", 300), strings.Repeat("(", 300) + strings.Repeat(")", 300),
	// bytes that are no text
	"\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\xff\xfe", "caf\xe9", "\xc0\xaf", "\xed\xa0\x80", "\xed\xb0\x80\xed\xa0\x80", "\uffff\ufffe", "line\r\nSet-Cookie: a=b", "a\u2028b\u2029c", "\x7f\x80\u0085",
	"%0d%0aLocation:%20https://evil.example", "%00", "%252e%252e%252f",
	// formulas
	`=cmd|'/C calc'!A0`, `+1+1`, `-1+1`, `@SUM(1+1)`, "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1", `＝1+1`, `＋1`, `－1`, `＠SUM(1)`, `"=1+1"`, `,=1+1`, `;=1+1`, `a,"b"`, `a";"b`, `=HYPERLINK("https://evil.example")`,
	// paths and names of devices
	`../../../../etc/passwd`, `..\..\windows\win.ini`, `/dev/null`, `CON`, `aux.txt`, `NUL.`, `.`, `..`, `a/b`, `file:///etc/passwd`, `~root`, `$(id)`, "`id`", `;id|id&id`, `-rf`,
	// what a database or a search takes for its own
	`' OR '1'='1`, `'; DROP TABLE txn; --`, `"`, `""`, `'`, `''`, `%`, `_`, `*`, `"unbalanced`, `NEAR(a b)`, `a NEAR/2 b`, `a OR`, `AND`, `NOT`, `-a`, `^a`, `col:a`, `a* b*`, `(a`, `\`, `\\`, `\u0000`, `{a b}: c`,
	// numbers and times that are none
	`9007199254740993`, `1e400`, `-1e-400`, `99999999999999999999`, `0x10`, `١٢٣`, `2026-02-30`, `9999-12-31T23:59:59Z`, `0000-00-00`, `-0001-01-01`, `2026-11-20T12:00:00+99:99`,
}

// spared are the keys whose values place a resource among others: without them a payload
// would only ever reach quarantine.
var spared = map[string]bool{"type": true, "id": true, "status": true}

// Poison replaces the value of every string in a payload by s. Keys stay; so do types, ids and
// statuses, and every text that reads as an instant or a path of Persona's own, which tie the
// payload together.
func Poison(payload []byte, s string) []byte { return poison(payload, s, true, false) }

// PoisonAll is Poison that spares statuses and instants no more, only types and ids.
func PoisonAll(payload []byte, s string) []byte { return poison(payload, s, false, false) }

// PoisonKeys is Poison that also replaces the keys below fields, each by s and a number, for
// they are whatever an organisation configured.
func PoisonKeys(payload []byte, s string) []byte { return poison(payload, s, true, true) }

// Hostile are payloads in which every string is one of the corpus, in each of the three ways.
// Given none, it poisons the composed beginning of the generator.
func Hostile(payloads ...[]byte) [][]byte {
	if len(payloads) == 0 {
		payloads = slices.Collect(Payloads(Options{Transactions: composed, Seed: 1}))
	}
	out := make([][]byte, 0, len(payloads)+2*len(Corpus))
	for i := range max(len(payloads), len(Corpus)) {
		b, s := payloads[i%len(payloads)], Corpus[i%len(Corpus)]
		switch i % 4 {
		case 0:
			out = append(out, PoisonKeys(b, s))
		case 1:
			out = append(out, PoisonAll(b, s))
		default:
			out = append(out, Poison(b, s))
		}
	}
	return out
}

// poison walks the tokens of well-formed JSON.
func poison(b []byte, with string, keep, keys bool) []byte {
	out := make([]byte, 0, len(b)+len(b)/2)
	quoted := appendQuoted(nil, with)
	var stack []level
	key, isKey, n := "", false, 0
	for i := 0; i < len(b); {
		c := b[i]
		switch c {
		case '{', '[':
			stack = append(stack, level{object: c == '{', part: partOf(stack, key, c == '{'), key: key})
			isKey = c == '{'
			out = append(out, c)
			i++
		case '}', ']':
			stack = stack[:len(stack)-1]
			isKey = false
			out = append(out, c)
			i++
		case ',':
			isKey = len(stack) > 0 && stack[len(stack)-1].object
			if !isKey && len(stack) > 0 {
				key = stack[len(stack)-1].key
			}
			out = append(out, c)
			i++
		case '"':
			end := i + 1
			for b[end] != '"' {
				if b[end] == '\\' {
					end++
				}
				end++
			}
			end++
			text := b[i+1 : end-1]
			switch {
			case isKey:
				key = string(text)
				if keys && stack[len(stack)-1].part == members {
					out = appendQuoted(out, with+"-"+strconv.Itoa(n))
					n++
				} else {
					out = append(out, b[i:end]...)
				}
				isKey = false
			case key == "type" || key == "id" || keep && (spared[key] || tied(text)):
				out = append(out, b[i:end]...)
			default:
				out = append(out, quoted...)
			}
			i = end
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// part is what an object or array is to fields.
type part uint8

const (
	elsewhere part = iota
	members        // its keys are the organisation's own: fields itself, or a hash
	wrapper        // a type and a value
	wrappers       // an array of those
)

// level is one open object or array.
type level struct {
	object bool
	part   part
	key    string // under which it stands
}

// partOf says what the object or array is that opens under a key.
func partOf(stack []level, key string, object bool) part {
	parent := elsewhere
	if len(stack) > 0 {
		parent = stack[len(stack)-1].part
	}
	switch {
	case object && (parent == members || parent == wrappers):
		return wrapper
	case parent == wrapper && key == "value" && object:
		return members
	case parent == wrapper && key == "value":
		return wrappers
	case object && key == "fields":
		return members
	}
	return elsewhere
}

// tied says that a text is an instant, or a path of Persona's API, by which payloads find
// each other.
func tied(b []byte) bool {
	if bytes.HasPrefix(b, []byte("/api/")) {
		return true
	}
	return len(b) >= 20 && b[4] == '-' && b[7] == '-' && b[10] == 'T' && '0' <= b[0] && b[0] <= '9'
}
