package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"docket/review"
	"docket/store"
)

// stamp is RFC 3339 in UTC to the second; a zero time is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// WriteDecisions writes the decisions that a query leaves, oldest first and in constant memory, and
// says how many: in the columns of some names, those of a plain export for none. The formats are
// "csv" (RFC 4180 with CR LF, UTF-8, and cells that a spreadsheet would run defused), "ndjson" (one JSON
// object a line, in the order of the columns, texts as they are) and "xlsx".
func WriteDecisions(ctx context.Context, w io.Writer, db *store.DB, q store.DecisionQuery, format string, columns ...string) (int, error) {
	q.After, q.Limit, q.Wide = "", 0, isWide(columns)
	rows, err := writeRows(w, format, columnsOf(columns), func(write func(store.DecisionRow) error) error {
		return db.EachDecision(ctx, q, write)
	})
	if err != nil {
		return rows, fmt.Errorf("export decisions: %w", err)
	}
	return rows, nil
}

// exportDecisions streams the decisions that the filters leave, oldest first.
func (s *Server) exportDecisions(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q, columns, problems := decisionsQuery(values)
	if len(problems) > 0 {
		return errMalformed
	}
	filter, err := s.filterWords(r.Context(), values)
	if err != nil {
		return err
	}
	return s.export(w, r, "decisions", filter, func(out io.Writer, format string) (int, error) {
		return WriteDecisions(r.Context(), out, s.db, q, format, columns...)
	})
}

const (
	// exportsAtOnce bounds how many run at the same time: each takes one of the store's readers
	// now and then, and the queue needs them.
	exportsAtOnce = 2
	// writeFor is how much longer an export may write after each part that went out.
	writeFor = 30 * time.Second
	// tryAgainIn is what is said to whom there is no room for.
	tryAgainIn = 30 * time.Second
)

// export streams a file in the format that its address ends with, and has it on the trail.
func (s *Server) export(w http.ResponseWriter, r *http.Request, what, filter string, write func(io.Writer, string) (int, error)) error {
	by := me(r).ID
	if !s.exports.begin(by) {
		return &told{err: &tooMany{wait: tryAgainIn}, head: "Other exports are running",
			text: "Two run at a time, and one of each colleague, so that the queue stays quick. Try again in a moment."}
	}
	defer s.exports.end(by)
	format := r.URL.Path[strings.LastIndexByte(r.URL.Path, '.')+1:]
	h := w.Header()
	h.Set("Content-Type", mediaOf(format))
	h.Set("Content-Disposition", `attachment; filename="`+what+`-`+s.now().UTC().Format("2006-01-02")+"."+format+`"`)
	h.Set("Content-Security-Policy", filePolicy)
	if r.Method == http.MethodHead {
		return nil // nothing leaves, and nothing is on the trail
	}
	visitOf(r.Context()).event = "exported"
	out := &patient{w: w, control: http.NewResponseController(w)}
	rows, err := write(out, format)
	if err != nil && !out.began {
		h.Del("Content-Type")
		return err
	}
	if !out.began {
		w.WriteHeader(http.StatusOK) // nothing to write, and that is a whole answer
	}
	// What left is on the trail also when it did not leave whole.
	_, marked := s.db.Exported(context.WithoutCancel(r.Context()),
		store.Export{What: what, Format: format, Rows: rows, Filter: filter, Via: "web", By: by, Broken: err != nil})
	return errors.Join(err, marked)
}

func mediaOf(format string) string {
	switch format {
	case formatCSV:
		return "text/csv; charset=utf-8; header=present"
	case formatXLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/x-ndjson; charset=utf-8"
}

// exports are the files that are being written.
type exports struct {
	mu sync.Mutex
	by map[review.ColleagueID]bool
}

func (e *exports) begin(by review.ColleagueID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.by[by] || len(e.by) >= exportsAtOnce {
		return false
	}
	if e.by == nil {
		e.by = map[review.ColleagueID]bool{}
	}
	e.by[by] = true
	return true
}

func (e *exports) end(by review.ColleagueID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.by, by)
}

// patient pushes the write deadline on with each part, so that a long export to a slow reader
// goes on while one that nobody reads ends.
type patient struct {
	w       io.Writer
	control *http.ResponseController
	began   bool
}

func (p *patient) Write(b []byte) (int, error) {
	// Not every writer has a deadline to move; then there is none to run into.
	_ = p.control.SetWriteDeadline(time.Now().Add(writeFor))
	p.began = true
	return p.w.Write(b)
}
