package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// projections are all made tables without the numbers that depend on the order of arrival.
var projections = map[string]string{
	"snapshot": `SELECT r.rid, k.text, hex(s.sha256), s.at, s.event, s.speaks, hex(t.sha256), s.status, s.size
		FROM snapshot s JOIN resource r ON r.id = s.resource JOIN word k ON k.id = s.type JOIN keyset t ON t.id = s.keyset`,
	"sighting": `SELECT hex(s.sha256), hex(p.sha256), g.at, g.event FROM sighting g JOIN snapshot s ON s.id = g.snapshot JOIN payload p ON p.id = g.payload`,
	"link": `SELECT f.rid, ft.text, n.text, t.rid, tt.text FROM link l JOIN tie i ON i.id = l.tie JOIN resource f ON f.id = l.from_ JOIN resource t ON t.id = l.to_
		JOIN word n ON n.id = i.name JOIN word ft ON ft.id = i.from_type JOIN word tt ON tt.id = i.to_type`,
	"root": `SELECT r.rid, t.status, t.updated_at FROM root t JOIN resource r ON r.id = t.resource`,
	"kept": `SELECT r.rid, k.subject, k.reviews, k.open, k.declined, k.ended_at, EXISTS (SELECT 1 FROM kept_stale)
		FROM kept k JOIN resource r ON r.id = k.root`,
	"kept subject": `SELECT k.subject, k.class, k.since, k.held, (SELECT count(*) FROM kept o WHERE o.subject = k.subject),
		(SELECT min(o.root) FROM kept o WHERE o.subject = k.subject) = k.root FROM kept k WHERE k.class IS NOT NULL`,
	"review": `SELECT r.rid, v.opening, v.opened_at, v.state, v.closed_at, v.closing, v.left_status FROM review v JOIN resource r ON r.id = v.root`,
	"queue": `SELECT root_type, root_id, state, opening, opened_at, closed_at, closing, status, subject, subject_kind, subject_fold, reference, country,
		tags, tally, matches, answered, halted_since, why, outcome, inquiry, hex(evidence), facets, hex(words) FROM queue`,
	"facet":   `SELECT c.state, c.facet, c.value, f.opened_at, q.root_id FROM facet f JOIN queue q ON q.id = f.id LEFT JOIN counter c ON c.id = f.place`,
	"counter": `SELECT state, facet, value, n FROM counter`,
	"age":     `SELECT hour, n FROM age`,
	"payload": `SELECT hex(sha256), state, read_as, event, reason FROM payload`,
	"listed": `SELECT r.rid, l.match, l.own, l.party, l.grouped, l.name, l.born, l.what, l.kind, l.lists, l.state, l.seen_at, l.subject,
		v.opened_at, l.finding, l.entry FROM listed l JOIN resource r ON r.id = l.root JOIN review v ON v.id = l.review`,
	"kin": `SELECT own, other, n FROM kin`,
	"search": `SELECT q.root_id, q.state, d.id >> 60, (d.id >> 32 & 268435455) - (q.opened_at >> 14)
		FROM queue q JOIN search_docsize d ON (d.id & 4294967295) * iif(d.id >> 60 = 5, -1, 1) = q.id`,
}

// dump writes every projection of a database file as sorted lines.
func dump(t *testing.T, path string) string {
	t.Helper()
	db := raw(t, path)
	var out strings.Builder
	for _, table := range []string{"payload", "snapshot", "sighting", "link", "root", "review", "queue", "facet", "counter", "age", "listed", "kin", "search"} {
		rows, err := db.Query(`SELECT * FROM (` + projections[table] + `) ORDER BY ` + order(t, db, projections[table]))
		require.NoError(t, err, table)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			out.WriteString(table)
			for _, v := range values {
				fmt.Fprintf(&out, "\t%v", *v.(*any))
			}
			out.WriteByte('\n')
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return out.String()
}

// kept writes every row of live data.
func kept(t *testing.T, path string) string {
	t.Helper()
	db := raw(t, path)
	var out strings.Builder
	for _, table := range []string{"entry", "disposition", "premise", "decision", "look", "delivery", "delivery_hour", "signer", "errand", "file", "file_link", "attachment", "wait", "wake", "escalation", "approval", "push", "live_counter", "screening"} {
		rows, err := db.Query(`SELECT * FROM ` + table + ` ORDER BY 1, 2`)
		require.NoError(t, err, table)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			out.WriteString(table)
			for _, v := range values {
				fmt.Fprintf(&out, "\t%v", *v.(*any))
			}
			out.WriteByte('\n')
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return out.String()
}

// order names all columns of a query by number.
func order(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query(query + ` LIMIT 0`)
	require.NoError(t, err)
	columns, err := rows.Columns()
	require.NoError(t, err)
	require.NoError(t, rows.Close())
	numbers := make([]string, len(columns))
	for i := range numbers {
		numbers[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(numbers, ", ")
}

// raw opens the file of a store beside it.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}
