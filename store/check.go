package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/review"
)

const (
	checkFor    = 10 * time.Minute // one step of Check at most
	checkBatch  = 500
	maxProblems = 100
)

// Check looks for damage: the file itself, references, bytes against digests, projections
// against what they are made from. It gives what it found in words without personal data, nothing
// when all is well, and the error when it could not look.
//
// Not compared, because nothing else in the file says it: settings, saved views, sessions, failed
// sign-ins and set-up tokens; claims; Persona's errands and what pushes and screenings came to; where
// checkpoints were kept; the seeds and lots of the second look (the entries of its answers are); what
// requests of erasure asked for, and what was erased, beyond what the ledger tells; how often somebody
// looked again; the kinds that a first decision had findings on (decided). Of a decision whose evidence
// was erased nobody can tell kind and party any more, and of one whose review turned out to have opened at
// another time, whether it was late. Without Options.Read, payloads are not read again, and what they say
// of states and ties is not compared.
func (db *DB) Check(ctx context.Context) ([]string, error) { return db.CheckAloud(ctx, nil) }

// CheckAloud is Check that says what it is at: the step, and how much of it is done; all is 0 where nobody
// knows beforehand. Progress may be nil.
func (db *DB) CheckAloud(ctx context.Context, progress func(step string, done, all int64)) ([]string, error) {
	c := &checking{db: db, ctx: ctx, progress: progress}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"file", c.file},
		{"references", c.references},
		{"rebuild", c.rebuilt},
		{"names", c.names},
		{"payloads", c.payloads},
		{"states", c.snapshots},
		{"readings", c.readings},
		{"layers", c.layers},
		{"counters", c.counters},
		{"facets", c.facets},
		{"insights", c.insights},
		{"listed matches", c.listed},
		{"queue", c.standing},
		{"reviews", c.reviews},
		{"decisions", c.decisions},
		{"evidence", c.evidence},
		{"retention", c.retention},
		{"looks", c.looks},
		{"trail", c.trailed},
		{"live", c.live},
		{"ledger", c.ledger},
	} {
		c.step, c.done, c.all = step.name, 0, 0
		c.tell(0)
		if err := step.do(); err != nil {
			return c.problems, fmt.Errorf("check: %w", err)
		}
	}
	return c.problems, nil
}

type checking struct {
	db        *DB
	ctx       context.Context
	progress  func(step string, done, all int64)
	step      string
	done, all int64
	problems  []string
}

// expect says how much there is to do in this step.
func (c *checking) expect(query string) error {
	return c.read(c.step, func(a *act) error {
		var n int64
		err := a.one(query, nil, &n)
		c.all += n
		return err
	})
}

// tell says that so much more is done.
func (c *checking) tell(more int) {
	c.done += int64(more)
	if c.progress != nil {
		c.progress(c.step, c.done, max(c.all, c.done))
	}
}

func (c *checking) found(format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, fmt.Sprintf(format, args...))
	}
}

// namedRows is how many of the rows that differ are named.
const namedRows = 3

// differ runs a query that names each row that differs, and tells how many and the first of them.
func (c *checking) differ(a *act, what, query string, args ...any) error {
	n, first := 0, []string{}
	err := a.each(query, args, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		if n++; n <= namedRows {
			first = append(first, name)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	c.several(n, what, first)
	return nil
}

// several tells of rows that differ, the first of them by name.
func (c *checking) several(n int, what string, first []string) {
	switch {
	case n > namedRows:
		c.found("%d × wrong: %s: %s, …", n, what, strings.Join(first[:min(namedRows, len(first))], ", "))
	case n > 0:
		c.found("%d × wrong: %s: %s", n, what, strings.Join(first, ", "))
	}
}

func (c *checking) read(what string, fn func(*act) error) error {
	return c.db.readWithin(c.ctx, checkFor, what, fn)
}

func (c *checking) file() error {
	return c.read("integrity", func(a *act) error {
		// FTS5 notices only when a cursor opens that another connection has changed the index;
		// without one its part of the check may look for what is long gone.
		var n int
		if err := a.one(`SELECT count(*) FROM search WHERE search MATCH '"a"' AND rowid = 0`, nil, &n); err != nil {
			return err
		}
		return a.each(`PRAGMA integrity_check(20)`, nil, func(scan func(...any) error) error {
			var line string
			err := scan(&line)
			if line != "ok" {
				c.found("SQLite: %s", line)
			}
			return err
		})
	})
}

func (c *checking) references() error {
	return c.read("references", func(a *act) error {
		err := a.each(`SELECT "table", rowid, parent FROM pragma_foreign_key_check()`, nil, func(scan func(...any) error) error {
			var table, parent string
			var row any
			err := scan(&table, &row, &parent)
			c.found("%s: row %v names no row of %s", table, row, parent)
			return err
		})
		if err != nil {
			return err
		}
		for _, q := range []struct{ what, query string }{
			{"payload without bytes", `SELECT count(*) FROM payload p WHERE NOT EXISTS (SELECT 1 FROM payload_body b WHERE b.id = p.body)`},
			{"snapshot without bytes", `SELECT count(*) FROM snapshot s WHERE NOT EXISTS (SELECT 1 FROM pack p WHERE p.id = s.pack)`},
			{"snapshot of no resource", `SELECT count(*) FROM snapshot s WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = s.resource)`},
			{"sighting of no snapshot", `SELECT count(*) FROM sighting g WHERE NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.id = g.snapshot)`},
			{"sighting in no payload", `SELECT count(*) FROM sighting g WHERE NOT EXISTS (SELECT 1 FROM payload p WHERE p.id = g.payload)`},
			{"link from no resource", `SELECT count(*) FROM link l WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = l.from_)`},
			{"link to no resource", `SELECT count(*) FROM link l WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.id = l.to_)`},
			{"link of no tie", `SELECT count(*) FROM link l WHERE NOT EXISTS (SELECT 1 FROM tie i WHERE i.id = l.tie)`},
			{"payload that is kept but unread", `SELECT count(*) FROM payload WHERE state = 'kept'`},
			{"state behind evidence that is gone", `SELECT count(*) FROM evidence_state e WHERE NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.resource = e.resource AND s.sha256 = e.sha256)`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return err
			}
			if n > 0 {
				c.found("%d × %s", n, q.what)
			}
		}
		return nil
	})
}

func (c *checking) rebuilt() error {
	return c.read("rebuild", func(a *act) error {
		unfinished, err := a.rebuilding()
		if unfinished {
			c.found("a rebuild was cut short: run it again")
		}
		return err
	})
}

// bodies compares stored bytes with their digests, in short reads: rows first, then the frames
// that they lie in.
func (c *checking) bodies(what, table, query, frames string) error {
	if err := c.expect(`SELECT count(*) FROM ` + table); err != nil {
		return err
	}
	for after := int64(0); ; {
		type row struct {
			id, frame   int64
			hash        review.Hash
			start, size int
		}
		var rows []row
		var of []int64 // the frames
		bodies, within := map[int64][]byte{}, map[int64][]int{}
		err := c.read(what, func(a *act) error {
			err := a.each(query, []any{after, checkBatch}, func(scan func(...any) error) error {
				var r row
				err := scan(&r.id, hashColumn{&r.hash}, &r.frame, &r.start, &r.size)
				if _, met := within[r.frame]; !met {
					of = append(of, r.frame)
				}
				within[r.frame] = append(within[r.frame], len(rows))
				rows = append(rows, r)
				return err
			})
			if err != nil || len(rows) == 0 {
				return err
			}
			return a.bodies(frames, of, func(id int64, frame []byte) error {
				bodies[id] = frame
				return nil
			})
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		bad := make([]bool, len(rows))
		parallel(len(of), func(f int) {
			raw, broken := unzip(bodies[of[f]])
			for _, i := range within[of[f]] {
				body, err := cut(raw, rows[i].start, rows[i].size)
				bad[i] = broken != nil || err != nil || review.Sum(body) != rows[i].hash
			}
		})
		for i, b := range bad {
			if b {
				c.found("%s %s: its bytes do not have its digest", what, rows[i].hash)
			}
		}
		after = rows[len(rows)-1].id
		c.tell(len(rows))
	}
}

func (c *checking) payloads() error {
	return c.bodies("payload", `payload`, `
		SELECT id, ifnull(left_sha256, sha256), body, start, ifnull(left_size, size) FROM payload WHERE id > ? ORDER BY id LIMIT ?`,
		`SELECT id, body FROM payload_body WHERE id IN (SELECT value FROM json_each(?))`)
}

func (c *checking) snapshots() error {
	return c.bodies("snapshot", `snapshot`, `
		SELECT id, sha256, pack, start, size FROM snapshot WHERE id > ? ORDER BY id LIMIT ?`,
		`SELECT id, body FROM pack WHERE id IN (SELECT value FROM json_each(?))`)
}

// layers compares each resource's newest state, its place in time and what speaks with the
// sightings and the sets of keys.
func (c *checking) layers() error {
	return c.read("layers", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"snapshot that stands elsewhere than its sightings say", `
				SELECT count(*) FROM snapshot s WHERE s.at IS NOT NULL AND (s.at, s.event) IS NOT (
				  SELECT g.at, g.event FROM sighting g WHERE g.snapshot = s.id ORDER BY g.at DESC, g.event DESC LIMIT 1)`},
			{"resource whose newest state does not speak", `
				SELECT count(*) FROM snapshot s WHERE s.at IS NOT NULL AND s.speaks = 0 AND NOT EXISTS (
				  SELECT 1 FROM snapshot n WHERE n.resource = s.resource AND n.type = s.type AND n.speaks = 1)`},
			{"root whose status is not that of its newest state", `
				SELECT count(*) FROM root t WHERE t.status <> '' AND NOT EXISTS (
				  SELECT 1 FROM snapshot s WHERE s.resource = t.resource AND s.status = t.status)`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return err
			}
			if n > 0 {
				c.found("%d × %s", n, q.what)
			}
		}
		return nil
	})
}

func (c *checking) counters() error {
	return c.read("counters", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"counter of a state", `
				SELECT count(*) FROM (
				  SELECT state, n FROM counter WHERE facet = '' EXCEPT SELECT state, count(*) FROM queue GROUP BY state)`},
			{"state without its counter", `
				SELECT count(*) FROM (
				  SELECT state, count(*) FROM queue GROUP BY state EXCEPT SELECT state, n FROM counter WHERE facet = '')`},
			{"counter of a facet", `
				SELECT count(*) FROM (
				  SELECT id, n FROM counter WHERE facet <> '' EXCEPT SELECT place, count(*) FROM facet GROUP BY place)`},
			{"facet without its counter", `
				SELECT count(*) FROM (
				  SELECT place, count(*) FROM facet GROUP BY place EXCEPT SELECT id, n FROM counter WHERE facet <> '')`},
			{"facet of another row", `
				SELECT count(*) FROM facet f LEFT JOIN queue q ON q.id = f.id LEFT JOIN counter c ON c.id = f.place
				WHERE q.id IS NULL OR q.state IS NOT c.state OR q.opened_at <> f.opened_at`},
			{"hour of opening", `
				SELECT count(*) FROM (
				  SELECT hour, n FROM age EXCEPT SELECT opened_at / 3600000, count(*) FROM queue WHERE state = 'open' GROUP BY 1)`},
			{"hour without its counter", `
				SELECT count(*) FROM (
				  SELECT opened_at / 3600000, count(*) FROM queue WHERE state = 'open' GROUP BY 1 EXCEPT SELECT hour, n FROM age)`},
			{"review whose row in the queue says otherwise", `
				SELECT count(*) FROM review r LEFT JOIN queue q ON q.id = r.id
				WHERE q.id IS NULL OR q.state <> r.state OR q.opened_at <> r.opened_at OR q.closed_at IS NOT r.closed_at`},
			{"row of the queue without a review", `
				SELECT count(*) FROM queue q WHERE q.id > 0 AND NOT EXISTS (SELECT 1 FROM review r WHERE r.id = q.id)`},
			{"row of the queue that search does not know", `
				SELECT abs((SELECT count(*) FROM queue) - (SELECT count(*) FROM search_docsize))`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return fmt.Errorf("%s: %w", q.what, err)
			}
			if n > 0 {
				c.found("%d × wrong: %s", n, q.what)
			}
		}
		return nil
	})
}

// ledger verifies the whole ledger, signatures too where there is a key.
func (c *checking) ledger() error {
	report, err := c.db.VerifyLedger(c.ctx, LedgerCheck{Key: c.db.LedgerPublic()})
	if report.Break != nil {
		c.found("the ledger does not prove from %s", report.Break.Error())
	}
	return err
}
