package persona

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"docket/review"
)

// wrapped tells a field's value in its {type, value} wrapper from a bare one.
// https://docs.withpersona.com/inquiry-fields
func wrapped(n node) (tag string, value node, ok bool) {
	if n.kind != kindObject {
		return "", n, false
	}
	typ, v := n.like("type"), n.like("value")
	switch {
	case typ.kind == kindString && v.kind != kindAbsent:
		return typ.text, v, true
	case typ.kind == kindString && len(n.kids) == 1:
		return typ.text, node{}, true
	case v.kind != kindAbsent && len(n.kids) == 1:
		return "", v, true
	}
	return "", n, false
}

// field decodes one typed value, wrapped or bare. The tag guides, the shape decides: a value
// that does not fit its tag is still shown.
func field(key string, n node) review.Field {
	tag, v, ok := wrapped(n)
	if !ok {
		return bare(key, n)
	}
	f := review.Field{Key: key, Type: tag, State: presence(v)}
	if f.Type == "" {
		f.Type = kindName(v)
	}
	switch {
	case v.kind == kindObject && isFile(v):
		file := fileOf(v)
		f.File = &file
	case v.kind == kindObject && isRelation(v):
		f.Ref = relationRef(v)
	case tag == "json":
		f.Text, f.Items = bareParts(v)
	case v.kind == kindArray || v.kind == kindObject:
		f.Items = items(v)
	default:
		f.Text = words(v)
	}
	return f
}

// items decodes the items of an array or the members of a hash.
func items(v node) []review.Field {
	out := make([]review.Field, 0, len(v.kids))
	for _, k := range v.kids {
		out = append(out, field(k.key, k))
	}
	return out
}

// bare decodes a value without a wrapper, all the way down.
func bare(key string, n node) review.Field {
	f := review.Field{Key: key, Type: kindName(n), State: presence(n)}
	switch {
	case n.kind == kindObject && isFile(n):
		file := fileOf(n)
		f.File = &file
	case n.kind == kindObject && isRelation(n):
		f.Ref = relationRef(n)
	default:
		f.Text, f.Items = bareParts(n)
	}
	return f
}

func bareParts(n node) (string, []review.Field) {
	if n.kind != kindArray && n.kind != kindObject {
		return words(n), nil
	}
	out := make([]review.Field, 0, len(n.kids))
	for _, k := range n.kids {
		if _, _, ok := wrapped(k); ok {
			out = append(out, field(k.key, k))
		} else {
			out = append(out, bare(k.key, k))
		}
	}
	return "", out
}

func kindName(n node) string {
	switch n.kind {
	case kindNull:
		return "null"
	case kindTrue, kindFalse:
		return "boolean"
	case kindString:
		return "string"
	case kindNumber:
		return "number"
	case kindArray:
		return "array"
	case kindObject:
		return "object"
	}
	return ""
}

// isFile says that an object is Persona's file object: it names a link and says something
// about the file behind it.
func isFile(n node) bool {
	if n.like("url").kind != kindString && n.like("filename").kind != kindString {
		return false
	}
	for _, k := range n.kids {
		switch kebab(k.key) {
		case "filename", "byte-size", "mime-type", "page-count", "original-urls", "normalized-url", "page":
			return true
		}
	}
	return false
}

func fileOf(n node) review.File {
	f := review.File{Name: n.like("filename").str(), Media: n.like("mime-type").str()}
	f.Bytes, _ = strconv.ParseInt(n.like("byte-size").str(), 10, 64)
	f.Pages, _ = strconv.Atoi(n.like("page-count").str())
	link := fileAt(n.like("url").str())
	f.Host, f.Link = link.Host, link.Link
	if f.Name == "" {
		f.Name = link.Name
	}
	return f
}

// maxLink bounds the link that names a file, in bytes.
const maxLink = 1000

// fileAt is what a file's link alone tells: host, name and the link without its secret, never
// the secret.
func fileAt(link string) review.File {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return review.File{}
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" {
		name = ""
	}
	f := review.File{Name: name, Host: u.Host}
	if u.Scheme == "https" || u.Scheme == "http" {
		bare := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
		if s := bare.String(); len(s) <= maxLink {
			f.Link = s
		}
	}
	return f
}

// isRelation says that an object names another resource, as relation fields do, with Persona's
// class name ("Document::GovernmentId") where everything else has a type string.
func isRelation(n node) bool {
	return len(n.kids) == 2 && n.like("id").kind == kindString && n.like("type").kind == kindString &&
		(strings.Contains(n.like("type").text, "::") || strings.Contains(n.like("type").text, "/"))
}

func relationRef(n node) *review.Ref {
	words := strings.Split(n.like("type").text, "::")
	for i, w := range words {
		if w != "" && isUpper(w[0]) {
			words[i] = kebab(strings.ToLower(w[:1]) + w[1:])
		}
	}
	return &review.Ref{Type: strings.Join(words, "/"), ID: n.like("id").text}
}
