package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
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
		"walk facet oldest": walkFacetOldest, "walk facet newest": walkFacetNewest, "walk count": walkCount, "walk taken": walkTaken,
		"decisions older": decisionsOlder, "decisions newer": decisionsNewer,
		"decisions of one older": decisionsOlderBy, "decisions of one newer": decisionsNewerBy, "decisions count": decisionsCount,
	}
}

// Plan is SQLite's plan of a query, in one line per step.
func (db *DB) Plan(ctx context.Context, query string) (string, error) {
	params := make([]any, 10)
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
