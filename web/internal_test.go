package web

import (
	"encoding/base64"
	"io"
	"net/http"
	"strconv"

	"golang.org/x/crypto/argon2"

	"docket/review"
)

// What the tests of this package look at from inside.
var (
	LocalPath    = localPath
	CSVCell      = defuse
	Shown        = str
	Prose        = prose
	CountryName  = countryName
	ISODateWords = isoDateWords
	ByteSize     = byteSize
	ResourceHref = resourceHref
	ResourceRef  = resourceRef
	QueueQuery   = queueQuery
	QueueHref    = queueHref
	Pieces       = pieces
	StatusOf     = statusOf
	ErrMalformed = errMalformed
	ErrBusy      = errBusy
	ErrMethod    = errMethod
	FilePolicy   = filePolicy
	Policy       = contentPolicy
)

// RouteInfo is one line of the route table as the tests see it.
type RouteInfo struct {
	Method, Path string
	Who          string
}

// Routes is the table of a server.
func Routes(s *Server) []RouteInfo {
	var out []RouteInfo
	names := map[who]string{anyone: "anyone", visitor: "visitor", machine: "machine", signedIn: "signed-in",
		actor: "actor", leads: "leads", admins: "admins"}
	for _, rt := range s.routes() {
		out = append(out, RouteInfo{rt.method, rt.path, names[rt.who]})
	}
	return out
}

// Hash is a password's hash at the cost of the server, without the rules.
func Hash(password string) string { return hashPassword(password) }

// PanicsAt makes one path of a server panic, before or after its first byte.
func PanicsAt(s *Server, path string, late bool) {
	s.mux.Handle("GET "+path, s.serve(route{"GET", path, anyone, func(w http.ResponseWriter, r *http.Request) error {
		if late {
			_, _ = w.Write([]byte("the first half"))
		}
		panic("what a panic says may be anyone's name")
	}}))
}

// KeyOf is the key part of a PHC string at a cost of one's choice.
func KeyOf(password, salt string, passes, memory uint32) string {
	return base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(password), []byte(salt), passes, memory, 1, 32))
}

// The addresses of pages.
var (
	ReviewHref      = reviewHref
	TransactionHref = transactionHref
)

// Bare are the routes on whose pages no subject is named.
var Bare = bare

// WriteTexts writes the same row of texts some times; limit bounds the rows of a sheet, 0 does not.
func WriteTexts(w io.Writer, format string, texts []string, rows, limit int) error {
	columns := make([]column[[]string], len(texts))
	header := make([]string, len(texts))
	for i := range texts {
		header[i] = "column " + strconv.Itoa(i)
		columns[i] = column[[]string]{header[i], func(row []string) cell { return text(row[i]) }}
	}
	each := func(write func([]string) error) error {
		for range rows {
			if err := write(texts); err != nil {
				return err
			}
		}
		return nil
	}
	if limit == 0 {
		_, err := writeRows(w, format, columns, each)
		return err
	}
	sh := newXLSXSheet(w, header)
	sh.limit = limit
	if err := each(func(row []string) error { return sh.row([]cell{text(row[0])}) }); err != nil {
		return err
	}
	return sh.end()
}

// PackFits says whether a plan of so many files and bytes goes into one pack, of one review or, with 0, of
// several.
func PackFits(one review.ReviewID, files int, bytes int64) error {
	e := &Evidence{about: review.PackAbout{Review: one}, reviews: make([]review.ReviewID, 2)}
	return e.fits(&packPlan{files: files, bytes: bytes})
}

// HoldNothing has a pack stream from its first byte, as a large one does.
func HoldNothing(e *Evidence) { e.hold = 0 }
