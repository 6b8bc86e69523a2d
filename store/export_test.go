package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"docket/review"
)

// Pools gives the two pools of connections by name.
func (db *DB) Pools() map[string]*sql.DB {
	return map[string]*sql.DB{"writer": db.writer, "reader": db.reader}
}

// PoolSizes gives how many connections each pool may hold open, idle ones included.
const PoolSize = readers

// ListQueries are the queries of lists and look-ups that must never scan a large table or sort
// one, with as many parameters as they have.
func ListQueries() map[string]string {
	return map[string]string{
		"walk oldest": walkOldest, "walk newest": walkNewest, "walk matches": walkMatches, "walk subject": walkSubject,
		"walk facet oldest": walkFacetOldest, "walk facet newest": walkFacetNewest, "walk taken": walkTaken,
		"decisions older": walkByTime.older, "decisions newer": walkByTime.newer, "decisions count": walkByTime.count,
		"decisions of one older": walkByWhom.older, "decisions of one newer": walkByWhom.newer, "decisions of one count": walkByWhom.count,
		"decisions by a facet older": walkByFacet.older, "decisions by a facet newer": walkByFacet.newer, "decisions by a facet count": walkByFacet.count,
		"decisions by time, a few": countByTime, "decisions of one, a few": countByWhom, "decisions by a facet, a few": countByFacet,
		"values of decisions": facetValues,
		"record":              entriesOlder, "record of one": entriesOlderBy, "accesses": accessOlder, "accesses of one": accessOlderBy,
		"exports since": exportsSince, "bonds": bondsSince, "reviews each": reviewsEach,
		"findings":   findingsOfReview,
		"deliveries": deliveriesAll, "deliveries absorbed": deliveriesAbsorbed, "deliveries kept": deliveriesKept,
		"deliveries quarantined": deliveriesQuarantined,
		"errands due":            errandsDue, "errands": errandsList,
		"pushes due": pushesDue, "push next": pushNext, "pushes of a review": pushesOfReview, "pushes": pushesInState, "pushes told": pushesTold,
	}
}

// BoundedQueries read so few rows that they may sort them, but must never scan a table.
func BoundedQueries() map[string]string {
	return map[string]string{"judged beside": judgedBeside, "looks": looksOfRoot, "due": dueOfClass,
		"record of a subject": entriesOlderOf, "accesses of a subject": accessOlderOf, "roots of a reference": rootsOfReference,
		"roots of an account": rootsOfAccount, "reviews of roots": recordReviews, "saved views": savedViews,
		"decisions found older": walkByReview.older, "decisions found newer": walkByReview.newer, "decisions found count": walkByReview.count}
}

// FacetPlan is a query on facets or counters with a step of its plan.
type FacetPlan struct {
	Query, Step string
	Sorts       bool // the few rows that it looks at
}

// FacetPlans are the queries on facets and counters.
func FacetPlans() map[string]FacetPlan {
	const seat = "SEARCH f USING PRIMARY KEY (place=? AND opened_at=? AND id=?)"
	return map[string]FacetPlan{
		"oldest":           {walkFacetOldest, "SEARCH q USING PRIMARY KEY (place=? AND (opened_at,id)>(?,?))", false},
		"newest":           {walkFacetNewest, "SEARCH q USING PRIMARY KEY (place=? AND (opened_at,id)<(?,?))", false},
		"matches":          {walkMatches, seat, false},
		"subject":          {walkSubject, seat, false},
		"taken":            {walkTaken, seat, false},
		"few by matches":   {walkFewMatches, "SEARCH q USING PRIMARY KEY (place=?)\n", true},
		"few by subject":   {walkFewSubject, "SEARCH q USING PRIMARY KEY (place=?)\n", true},
		"ages of a kind":   {kindAge, "SEARCH facet USING PRIMARY KEY (place=? AND opened_at<?)", false},
		"oldest of a kind": {kindOldest, "SEARCH facet USING PRIMARY KEY (place=?)", false},
		"counter":          {counterOf, "SEARCH counter USING INDEX sqlite_autoindex_counter_1 (state=? AND facet=? AND value=?)", false},
		"check":            {unseated, seat, false},
	}
}

// NameQueries are the queries that find rows by name.
func NameQueries() map[string]string {
	queries := map[string]string{"find": findBuckets, "resources": resourcesIn, "payloads": payloadsIn, "subjects": subjectsNamed, "whatever has an id": resourceNamed, "kept": keptIn, "holds": holdsOfSigns}
	for name, t := range map[string]printTable{"young": youngPrints, "old": oldPrints} {
		queries[name+" some"], queries[name+" between"], queries[name+" drop"] = t.some, t.between, t.drop
	}
	return queries
}

// MakeSieveWhile makes one while something else happens.
func (db *DB) MakeSieveWhile(meanwhile func()) {
	made, err := db.readSieve(context.Background())
	meanwhile()
	db.sieve.adopt(made, err)
}

// BreakBackfill takes the file away from who copies a bulk import's log into it.
func (db *DB) BreakBackfill() error { return db.backfill.pool.Close() }

// SharedPages is how many pages all connections of the process hold together.
func SharedPages() int { return int(pageCaches.Fgrp.FnPurgeable) }

// SetYouth has fingerprints be young from a row on, and a slice of them move on with every so many rows.
func (db *DB) SetYouth(from, every int64) { db.youth = youth{from, [2]int64{every, every}} }

// SetSieve has a bulk import make a sieve from the first name on, and read up to so many rows of others to keep it.
func (db *DB) SetSieve(gap int64) { db.sieve.rules = sieveRules{every: 1 << 40, gap: gap} }

// MadeSieve waits for one that is being made, and says that there is one then.
func (db *DB) MadeSieve() bool {
	db.sieve.makers.Wait()
	db.sieve.mu.RLock()
	defer db.sieve.mu.RUnlock()
	return db.sieve.words != nil
}

// PutPrints adds fingerprints of rows, as those of kept roots.
func (db *DB) PutPrints(ctx context.Context, rows, prints []int64) error {
	return db.write(ctx, "put prints", func(a *act) error { return a.putPrints(ofKept, rows, prints) })
}

// DropPrint takes one back.
func (db *DB) DropPrint(ctx context.Context, row, print int64) error {
	return db.write(ctx, "drop print", func(a *act) error { return a.dropPrint(ofKept, row, print) })
}

// AgePrints moves a slice of them on.
func (db *DB) AgePrints(ctx context.Context, slice int64) error {
	return db.write(ctx, "age prints", func(a *act) error { return a.age(ofKept, slice) })
}

// Printed gives the rows of fingerprints, by place.
func (db *DB) Printed(ctx context.Context, prints []int64) (rows map[int][]int64, err error) {
	err = db.read(ctx, "printed", func(a *act) (err error) {
		rows, _, err = a.printed(ofKept, prints)
		return err
	})
	return rows, err
}

// Plan is SQLite's plan of a query, in one line per step.
func (db *DB) Plan(ctx context.Context, query string) (string, error) {
	params := make([]any, 20)
	for i := range params {
		params[i] = 1
	}
	n := 0
	for i := 1; i <= len(params); i++ {
		if strings.Contains(query, fmt.Sprintf("?%d", i)) {
			n = i
		}
	}
	rows, err := db.reader.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, params[:n]...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		plan = append(plan, detail)
	}
	return strings.Join(plan, "\n"), rows.Err()
}

// Facets, States, MatchQuery and Tokens are what tests compare with.
var (
	FacetNames = facetNames
	MatchQuery = matchQuery
	Tokens     = tokens
)

// PayloadStates are the states of a payload.
func PayloadStates() []string { return []string{payloadKept, payloadAbsorbed, payloadQuarantined} }

// QueueStates are the states of a row of the queue.
func QueueStates() []string { return statesOf("all") }

// Limits are the scopes of sign-in attempts.
func Limits() []string {
	var scopes []string
	for _, l := range attemptLimits() {
		scopes = append(scopes, l.scope)
	}
	return scopes
}

// UnkeptQueue is Queue without the pages that are kept in memory.
func (db *DB) UnkeptQueue(ctx context.Context, q review.QueueQuery) (review.QueuePage, error) {
	return db.queue(ctx, q)
}

// CrowdRow is a row of the queue that no payload stands behind.
type CrowdRow struct {
	ID                                 int64
	Transaction                        review.TransactionID
	State, Subject, Reference, Country string
	Tags                               []string
	Tally                              []review.KindCount
	OpenedAt                           time.Time
	Words                              string // in the order of the alphabet
}

// FillQueue writes rows of the queue alone, as project does.
func (db *DB) FillQueue(ctx context.Context, rows []CrowdRow) error {
	return db.write(ctx, "fill", func(a *act) error {
		b := newAbsorption(a)
		for _, r := range rows {
			s := &summary{subject: r.Subject, kind: review.PartyPerson, reference: r.Reference, country: r.Country, tags: r.Tags,
				tally: r.Tally, words: r.Words, why: review.WhyFirst}
			for _, t := range r.Tally {
				for range t.Open {
					s.open = append(s.open, openMatch{})
				}
			}
			s.facets = facetsOf(s)
			q := queueRow{summary: s, id: r.ID, root: r.ID, ref: r.Transaction.Ref(), state: r.State, opening: review.OpeningStatus,
				openedAt: r.OpenedAt, why: s.why}
			if r.State == string(review.StateClosed) {
				q.closedAt = r.OpenedAt.Add(time.Hour)
			}
			if err := b.putQueueRow(q, false); err != nil {
				return err
			}
		}
		return b.findable()
	})
}

// FloorOfQueue reads what a page of the queue shows in the cheapest way there is.
func (db *DB) FloorOfQueue(ctx context.Context) error {
	return db.read(ctx, "floor", func(a *act) error {
		return a.each(`
			SELECT id, root_id, state, opening, opened_at, status, subject, subject_kind, reference, country, tags, tally, matches, why
			FROM queue WHERE state = 'open' ORDER BY opened_at, id LIMIT 25`, nil, func(scan func(...any) error) error {
			var id, opened, matches int64
			var s [11]string
			return scan(&id, &s[0], &s[1], &s[2], &opened, &s[3], &s[4], &s[5], &s[6], &s[7], &s[8], &s[9], &matches, &s[10])
		})
	})
}

// MaxReceipts is how many deliveries may wait.
const MaxReceipts = maxReceipts

// WithFaults lets tests come between the store and its writer's commits. Commit gets the real
// one and decides whether and when to run it; what it returns is what the store sees.
func WithFaults(commit func(real func() error) error) func(*Options) {
	return func(o *Options) {
		o.wrap = func(c driver.Connector) driver.Connector { return faultyConnector{c, commit} }
	}
}

// Coded is an error as SQLite gives it.
type Coded int

func (c Coded) Error() string { return fmt.Sprintf("SQLite error %d", int(c)) }

// Code is SQLite's number of it.
func (c Coded) Code() int { return int(c) }

type faultyConnector struct {
	driver.Connector
	commit func(func() error) error
}

func (c faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return faultyConn{inner.(fullConn), c.commit}, nil
}

type faultyConn struct {
	fullConn
	commit func(func() error) error
}

func (c faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.fullConn.BeginTx(ctx, o)
	return faultyTx{tx, c.commit}, err
}

type faultyTx struct {
	driver.Tx
	commit func(func() error) error
}

func (t faultyTx) Commit() error {
	ran := false
	err := t.commit(func() error { ran = true; return t.Tx.Commit() })
	if !ran {
		err = errors.Join(err, t.Rollback())
	}
	return err
}

// Waiting is how many deliveries wait for their commit.
func (db *DB) Waiting() int {
	db.receipts.mu.Lock()
	defer db.receipts.mu.Unlock()
	return len(db.receipts.waiting)
}

// MoveThrough takes a row of the queue through states, from the first to the last, in one act; "" is no
// place at all.
func (db *DB) MoveThrough(ctx context.Context, id review.ReviewID, states ...string) error {
	return db.write(ctx, "move", func(a *act) error {
		places := make([]*facetPlace, len(states))
		for i, state := range states {
			if state == "" {
				continue
			}
			p, err := a.facetPlace(int64(id))
			if err != nil {
				return err
			}
			p.state, places[i] = state, &p
		}
		for i := range places[1:] {
			a.moveFacets(int64(id), places[i], places[i+1])
		}
		return nil
	})
}

// SetPutOff has a bulk import put off no more than so many rows of a kind.
func (db *DB) SetPutOff(most int64) {
	for what := range db.putOff {
		db.putOff[what] = most
	}
}

// PrintAgain is the first step of a rebuild.
func (db *DB) PrintAgain(ctx context.Context) error {
	return db.write(ctx, "print again", (*act).printAgain)
}

// SetTail has tails keep so many rows in each half.
func (db *DB) SetTail(half int) {
	for kind := range db.tails {
		db.tails[kind].half = half
	}
}

// FindLateWhile says whether the tail leads to a resource, while something else happens as soon as it may.
func (db *DB) FindLateWhile(ctx context.Context, id string, meanwhile func()) (found bool, err error) {
	err = db.read(ctx, "find late", func(a *act) error {
		after, _, err := a.putOffBehind(delayedResources)
		if err != nil {
			return err
		}
		last, err := a.lastRow(ofResource)
		if err != nil {
			return err
		}
		return a.withTail(ofResource, after, last, func(t *tail) {
			done := make(chan struct{})
			go func() { defer close(done); meanwhile() }()
			select {
			case <-done:
			case <-time.After(50 * time.Millisecond): // it has to wait
			}
			found = len(t.rows(printOfID(id), after)) > 0
		})
	})
	return found, err
}

// ForgetNames is what an act does that is taken back.
func (db *DB) ForgetNames() { db.forgetNames() }
