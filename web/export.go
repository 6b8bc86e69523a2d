package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/store"
)

// columns is the header of an export, and the keys of its objects.
var columns = []string{"review", "transaction", "reference_id", "subject", "opened_at", "decided_at", "outcome",
	"reason", "note", "decided_by", "decided_by_role", "approved_by", "approved_at", "matches", "false_positives",
	"true_matches", "cannot_tell", "policy_version", "comparator_version", "evidence", "entry", "entry_hash"}

// exportRow is one decision as it leaves docket. What docket does not have yet (a second
// person, versions of the policy, the ledger) is an empty text.
type exportRow struct {
	Review         string `json:"review"`
	Transaction    string `json:"transaction"`
	ReferenceID    string `json:"reference_id"`
	Subject        string `json:"subject"`
	OpenedAt       string `json:"opened_at"`
	DecidedAt      string `json:"decided_at"`
	Outcome        string `json:"outcome"`
	Reason         string `json:"reason"`
	Note           string `json:"note"`
	DecidedBy      string `json:"decided_by"`
	DecidedByRole  string `json:"decided_by_role"`
	ApprovedBy     string `json:"approved_by"`
	ApprovedAt     string `json:"approved_at"`
	Matches        int    `json:"matches"`
	FalsePositives int    `json:"false_positives"`
	TrueMatches    int    `json:"true_matches"`
	CannotTell     int    `json:"cannot_tell"`
	PolicyVersion  string `json:"policy_version"`
	Comparator     string `json:"comparator_version"`
	Evidence       string `json:"evidence"`
	Entry          int64  `json:"entry"`
	EntryHash      string `json:"entry_hash"`
}

func newExportRow(d store.DecisionRow) exportRow {
	if d.Transaction == "" {
		d.Reference = d.Root.String() // the columns are fixed; this leads back to the inquiry or case
	}
	return exportRow{
		Review: d.Review.String(), Transaction: string(d.Transaction), ReferenceID: d.Reference, Subject: d.Subject,
		OpenedAt: stamp(d.OpenedAt), DecidedAt: stamp(d.At), Outcome: string(d.Outcome), Reason: string(d.Reason),
		Note: d.Note, DecidedBy: string(d.By), DecidedByRole: string(d.ByRole), Matches: d.Tally.Matches,
		FalsePositives: d.Tally.FalsePositives, TrueMatches: d.Tally.TrueMatches, CannotTell: d.Tally.CannotTell,
		Comparator: d.Comparator, Evidence: d.Evidence.String(), Entry: int64(d.Entry),
	}
}

func (e exportRow) cells() []string {
	return []string{e.Review, e.Transaction, e.ReferenceID, e.Subject, e.OpenedAt, e.DecidedAt, e.Outcome, e.Reason,
		e.Note, e.DecidedBy, e.DecidedByRole, e.ApprovedBy, e.ApprovedAt, strconv.Itoa(e.Matches),
		strconv.Itoa(e.FalsePositives), strconv.Itoa(e.TrueMatches), strconv.Itoa(e.CannotTell), e.PolicyVersion,
		e.Comparator, e.Evidence, strconv.FormatInt(e.Entry, 10), e.EntryHash}
}

// stamp is RFC 3339 in UTC to the second; a zero time is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// WriteDecisions writes the decisions that a query leaves, oldest first and in constant memory.
// Format "csv" is RFC 4180 with CR LF, UTF-8, and cells that a spreadsheet would run defused;
// "ndjson" is one JSON object a line, in the order of the columns.
func WriteDecisions(ctx context.Context, w io.Writer, db *store.DB, q store.DecisionQuery, format string) error {
	err := writeRows(w, format, columns, func(write func(exported) error) error {
		return db.EachDecision(ctx, q, func(row store.DecisionRow) error { return write(newExportRow(row)) })
	})
	if err != nil {
		return fmt.Errorf("export decisions: %w", err)
	}
	return nil
}

// exported is one row: as JSON it is an object with the header's keys.
type exported interface{ cells() []string }

// writeRows writes the rows that each gives, in constant memory.
func writeRows(w io.Writer, format string, header []string, each func(write func(exported) error) error) error {
	buf := bufio.NewWriterSize(w, 32<<10)
	var write func(exported) error
	flush := buf.Flush
	switch format {
	case "csv":
		cw := csv.NewWriter(buf)
		cw.UseCRLF = true
		if err := cw.Write(header); err != nil {
			return err
		}
		write = func(e exported) error { return cw.Write(defused(e.cells())) }
		flush = func() error {
			cw.Flush() // into buf, which keeps its first error
			return buf.Flush()
		}
	case "ndjson":
		enc := json.NewEncoder(buf) // escapes < and >: harmless to whoever pastes a line into a page
		write = func(e exported) error { return enc.Encode(e) }
	default:
		return fmt.Errorf("format %q: choose csv or ndjson", format)
	}
	if err := each(write); err != nil {
		return err
	}
	return flush()
}

func defused(cells []string) []string {
	for i, c := range cells {
		cells[i] = defuse(c)
	}
	return cells
}

// defuse puts an apostrophe before a text that a spreadsheet would take for a formula, and
// makes NUL visible, which many readers stop at.
func defuse(s string) string {
	if s == "" {
		return s
	}
	switch r := []rune(s[:min(len(s), 4)])[0]; r {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		s = "'" + s
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// writeFor is how much longer an export may write after each part that went out.
const writeFor = 30 * time.Second

// exportDecisions streams the decisions that the filters leave, oldest first.
func (s *Server) exportDecisions(w http.ResponseWriter, r *http.Request) error {
	q, problems := decisionsQuery(r.URL.Query())
	if len(problems) > 0 {
		return errMalformed
	}
	q.After, q.Limit = "", 0
	format, media := "ndjson", "application/x-ndjson; charset=utf-8"
	if strings.HasSuffix(r.URL.Path, ".csv") {
		format, media = "csv", "text/csv; charset=utf-8; header=present"
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", `attachment; filename="decisions-`+s.now().UTC().Format("2006-01-02")+"."+format+`"`)
	h.Set("Content-Security-Policy", filePolicy)
	visitOf(r.Context()).event = "exported"
	return WriteDecisions(r.Context(), &patient{w: w, control: http.NewResponseController(w)}, s.db, q, format)
}

// patient pushes the write deadline on with each part, so that a long export to a slow reader
// goes on while one that nobody reads ends.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	// Not every writer has a deadline to move; then there is none to run into.
	_ = p.control.SetWriteDeadline(time.Now().Add(writeFor))
	return p.w.Write(b)
}
