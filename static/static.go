// Package static is the bytes that browsers fetch unchanged: one stylesheet, joined from css/
// in a written order, the script modules of js/ and the icon. Every address holds a digest of
// all of it, so that an answer may be kept for a year and a new build is a new address.
// Everything here is the same for everyone and is served without a session.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed css js img
var files embed.FS

// sheets is the order of the stylesheets: frames first, then components, the printed page last.
// A sheet that is not named here is not served; a test says so.
var sheets = []string{
	"layers", "reset", "tokens", "base", "layout",
	"shell", "menu", "button", "key", "tag", "tabs", "form", "filters", "table", "notice", "empty", "hold", "fold", "facts",
	"queue", "identity", "progress", "party", "match", "verdict", "compare", "changes", "premise", "finding", "bulk", "precedent", "panel",
	"report", "runs", "resource", "file", "trail", "ledger", "decision", "decisions", "told", "screen", "follow", "intake", "telling", "policy", "colleague", "quality", "chart", "login",
	"print",
}

// asset is one file as it is served.
type asset struct {
	media   string
	body    []byte
	gzipped []byte
	etag    string
}

// all holds every asset by its path below /static/DIGEST/.
var all, digest = load()

// CSS is the address of the stylesheet.
func CSS() string { return address("docket.css") }

// JS is the address of the module that a page loads; it imports the others from beside it.
func JS() string { return address("main.js") }

// Icon is the address of the icon.
func Icon() string { return address("icon.svg") }

func address(name string) string { return "/static/" + digest + "/" + name }

// Stylesheet is the stylesheet itself, for pages that are read away from docket.
func Stylesheet() []byte { return bytes.Clone(all["docket.css"].body) }

// Handler serves /static/. Anything whose digest is not this build's is 404: an old page may
// ask for an old file, and must not get a new one in its place for a year.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, "/static/"+digest+"/")
		a, known := all[name]
		if !ok || !known {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.media)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		body, etag := a.body, a.etag
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == "" {
			h.Set("Content-Encoding", "gzip")
			body, etag = a.gzipped, a.etag+"-gzip"
		}
		h.Set("ETag", `"`+etag+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// load joins, compresses and hashes once, at start. What is embedded cannot be missing, so a
// failure is a broken build.
func load() (map[string]asset, string) {
	bodies := map[string][]byte{"docket.css": stylesheet(), "icon.svg": read("img/icon.svg")}
	scripts, err := fs.Glob(files, "js/*.js")
	if err != nil {
		panic(err)
	}
	sum := sha256.New()
	for _, s := range scripts { // sorted by Glob
		bodies[path.Base(s)] = read(s)
		sum.Write(bodies[path.Base(s)])
	}
	sum.Write(bodies["docket.css"])
	sum.Write(bodies["icon.svg"])

	assets := make(map[string]asset, len(bodies))
	for name, body := range bodies {
		own := sha256.Sum256(body)
		assets[name] = asset{media: media(name), body: body, gzipped: squeeze(body), etag: hex.EncodeToString(own[:12])}
	}
	return assets, hex.EncodeToString(sum.Sum(nil)[:8])
}

func stylesheet() []byte {
	var b bytes.Buffer
	for _, s := range sheets {
		b.Write(read("css/" + s + ".css"))
	}
	return b.Bytes()
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}

func squeeze(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid constant
	if _, err := z.Write(body); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func media(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}
