package store

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

	"docket/review"
)

// DecisionQuery shapes the list of decisions. Its zero value is all that are in effect, newest first.
type DecisionQuery struct {
	From, To  time.Time // From is in, To is out; zero: unbounded
	Outcome   review.Outcome
	By        review.ColleagueID
	Reason    review.Reason
	Kind      review.ReportKind    // of a match that was judged
	List      string               // that a match that was judged is on, by its name
	Party     review.PartyKey      // of a match that was judged
	Policy    review.PolicyVersion // that it was made under; 0 any
	Second    SecondFilter
	Corrected CorrectedFilter
	Late      LateFilter
	Search    string // as in the queue
	After     string // cursor; "" the first page
	Limit     int    // 1 to 200; 0: 50
	Wide      bool   // Kinds, Lists and Parties of the rows are wanted
}

// SecondFilter narrows by a review.SecondState, or widens to every one. Its zero value is the decisions
// in effect: what exports give and figures count.
type SecondFilter string

// AnySecond are all decisions, those that wait for a second person and those that never took effect
// included.
const AnySecond SecondFilter = "any"

// CorrectedFilter narrows by corrections.
type CorrectedFilter string

const (
	CorrectedYes CorrectedFilter = "yes"        // a later one in effect corrects it
	CorrectedNo  CorrectedFilter = "no"         // none does
	Correction   CorrectedFilter = "correction" // it corrects another
)

// LateFilter narrows by the target of the policy that a decision was made under.
type LateFilter string

const (
	LateYes LateFilter = "yes" // more time than the target went by from opening the review
	LateNo  LateFilter = "no"
)

// The parameters of every query on decisions:
//
//	?1 ?2  from, to           ?8  kind            ?13 late
//	?3     outcome            ?9  list            ?14 wide
//	?4     colleague          ?10 party           ?15 ?16 what it walks: facet and value, or reviews as JSON
//	?5     match for search   ?11 second person   ?17 ?18 cursor: at, entry
//	?6     reason             ?12 corrected       ?19 limit
//	?7     policy
//
// A query walks what of its filters has the fewest rows: time (decision_by_time), one colleague
// (decision_by_whom), a facet (the key of decision_facet), or the few reviews that a text finds
// (decision_of_review). The other filters are looked up for each row on the way.
const (
	decisionSelect = `
		SELECT ` + decisionSelected + `,
		       w.text, t.rid, ifnull(q.reference, ''), ifnull(q.subject, ''), r.opened_at,
		       EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'corrected' AND x.value = 'yes' AND x.at = d.at AND x.entry = d.entry),
		       EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'late' AND x.value = 'yes' AND x.at = d.at AND x.entry = d.entry),
		       (SELECT substr(l.hashes, 1, 32) FROM leaf l WHERE l.entry = d.entry),
		       CASE WHEN ?14 THEN (SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = d.entry AND x.facet = 'kind') ELSE '[]' END,
		       CASE WHEN ?14 THEN (SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = d.entry AND x.facet = 'list') ELSE '[]' END,
		       CASE WHEN ?14 THEN (SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = d.entry AND x.facet = 'party') ELSE '[]' END `
	// The order of the joins is fixed: what is walked comes first, or a page would sort all decisions.
	decisionJoins = ` CROSS JOIN entry e ON e.id = d.entry` + decisionJoined + `CROSS JOIN review r ON r.id = d.review
		CROSS JOIN resource t ON t.id = r.root CROSS JOIN word w ON w.id = t.family LEFT JOIN queue q ON q.id = d.review `

	decisionWanted = ` (?3 = '' OR d.outcome = ?3) AND (?4 = '' OR d.by_ = ?4)
		AND (?5 = '' OR d.review IN (SELECT rowid & 4294967295 FROM search WHERE search MATCH ?5 AND rowid < 5764607523034234880))
		AND (?6 = '' OR EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'reason' AND x.value = ?6 AND x.at = d.at AND x.entry = d.entry))
		AND (?7 = 0 OR d.policy = ?7)
		AND (?8 = '' OR EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'kind' AND x.value = ?8 AND x.at = d.at AND x.entry = d.entry))
		AND (?9 = '' OR EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'list' AND x.value = ?9 AND x.at = d.at AND x.entry = d.entry))
		AND (?10 = '' OR EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'party' AND x.value = ?10 AND x.at = d.at AND x.entry = d.entry))
		AND (?11 = 'any' OR ?11 IN ('', 'none') AND d.second = 0
		     OR EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'second' AND x.at = d.at AND x.entry = d.entry
		                AND x.value = CASE ?11 WHEN '' THEN 'approve' WHEN 'agreed' THEN 'approve' WHEN 'returned' THEN 'return' ELSE ?11 END))
		AND (?12 = '' OR ?12 = 'correction' AND d.corrects IS NOT NULL OR ?12 <> 'correction' AND (?12 = 'yes') =
		     EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'corrected' AND x.value = 'yes' AND x.at = d.at AND x.entry = d.entry))
		AND (?13 = '' OR (?13 = 'yes') =
		     EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'late' AND x.value = 'yes' AND x.at = d.at AND x.entry = d.entry)) `

	decisionsByTime = ` FROM decision d`
	whereByTime     = ` WHERE d.at >= ?1 AND d.at < ?2 AND `
	whereByWhom     = ` WHERE d.by_ = ?4 AND d.at >= ?1 AND d.at < ?2 AND `
	olderByTime     = ` AND (d.at, d.entry) < (?17, ?18) ORDER BY d.at DESC, d.entry DESC LIMIT ?19`
	newerByTime     = ` AND (d.at, d.entry) > (?17, ?18) ORDER BY d.at, d.entry LIMIT ?19`

	decisionsByFacet = ` FROM decision_facet f CROSS JOIN decision d ON d.entry = f.entry`
	whereByFacet     = ` WHERE f.facet = ?15 AND f.value = ?16 AND f.at >= ?1 AND f.at < ?2 AND `
	olderByFacet     = ` AND (f.at, f.entry) < (?17, ?18) ORDER BY f.at DESC, f.entry DESC LIMIT ?19`
	newerByFacet     = ` AND (f.at, f.entry) > (?17, ?18) ORDER BY f.at, f.entry LIMIT ?19`

	decisionsByReview = ` FROM json_each(?16) j CROSS JOIN decision d ON d.review = j.value`

	decisionCount = `SELECT count(*) FROM (SELECT 1`
	decisionCap   = ` LIMIT ?17)`
)

// decisionWalk is the queries of one way to walk the decisions.
type decisionWalk struct{ older, newer, count string }

func walkOfDecisions(from, where, older, newer string) decisionWalk {
	return decisionWalk{
		older: decisionSelect + from + decisionJoins + where + decisionWanted + older,
		newer: decisionSelect + from + decisionJoins + where + decisionWanted + newer,
		count: decisionCount + from + where + decisionWanted + decisionCap,
	}
}

var (
	walkByTime   = walkOfDecisions(decisionsByTime, whereByTime, olderByTime, newerByTime)
	walkByWhom   = walkOfDecisions(decisionsByTime, whereByWhom, olderByTime, newerByTime)
	walkByFacet  = walkOfDecisions(decisionsByFacet, whereByFacet, olderByFacet, newerByFacet)
	walkByReview = walkOfDecisions(decisionsByReview, whereByTime, olderByTime, newerByTime)
)

const (
	// fewFound is how many reviews may be found by a text before their decisions are no longer sorted.
	fewFound = 1_000
	// fewRows is how far the rows of a filter are counted to find the one with the fewest.
	fewRows = 500

	decisionsFound = `SELECT DISTINCT rowid & 4294967295 FROM search WHERE search MATCH ?1 AND rowid < 5764607523034234880 LIMIT ?2`
	countByTime    = `SELECT count(*) FROM (SELECT 1 FROM decision d WHERE d.at >= ?1 AND d.at < ?2 LIMIT ?3)`
	countByWhom    = `SELECT count(*) FROM (SELECT 1 FROM decision d WHERE d.by_ = ?4 AND d.at >= ?1 AND d.at < ?2 LIMIT ?3)`
	countByFacet   = `SELECT count(*) FROM (SELECT 1 FROM decision_facet f WHERE f.facet = ?4 AND f.value = ?5 AND f.at >= ?1 AND f.at < ?2 LIMIT ?3)`
)

// decisionPlan is how one query is answered.
type decisionPlan struct {
	walk decisionWalk
	args []any // ?1 to ?16
}

// before are the arguments of the page that is older than a decision, and behind of the one that is newer.
// The cursor bounds the time as well: by a pair of values SQLite does not seek, and would walk all pages
// before this one again.
func (p decisionPlan) before(at, entry int64, limit int) []any {
	args := append(slices.Clone(p.args), at, entry, limit)
	if at < math.MaxInt64 {
		args[1] = min(args[1].(int64), at+1)
	}
	return args
}

func (p decisionPlan) behind(at, entry int64, limit int) []any {
	args := append(slices.Clone(p.args), at, entry, limit)
	args[0] = max(args[0].(int64), at)
	return args
}

// planDecisions chooses what to walk; none says that nothing can fit.
func (a *act) planDecisions(q DecisionQuery) (p decisionPlan, none bool, err error) {
	from, to := Span{q.From, q.To}.bounds()
	match := ""
	if q.Search != "" {
		if match = matchQuery(q.Search, facet{}); match == "" {
			return p, true, nil
		}
	}
	p.walk = walkByTime
	p.args = []any{from, to, string(q.Outcome), string(q.By), match, string(q.Reason), int64(q.Policy), string(q.Kind), q.List, string(q.Party),
		string(q.Second), string(q.Corrected), string(q.Late), q.Wide, "", ""}
	if match != "" {
		var found []int64
		err := a.each(decisionsFound, []any{match, fewFound + 1}, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			found = append(found, id)
			return err
		})
		if err != nil || len(found) == 0 {
			return p, true, err
		}
		if len(found) <= fewFound {
			ids, err := json.Marshal(found)
			p.walk, p.args[4], p.args[15] = walkByReview, "", string(ids)
			return p, false, err
		}
	}
	facets := q.facets()
	if len(facets) == 0 && q.By == "" {
		return p, false, nil
	}
	fewest := 0
	if err := a.one(countByTime, []any{from, to, fewRows}, &fewest); err != nil {
		return p, false, err
	}
	if q.By != "" {
		n := 0
		if err := a.one(countByWhom, []any{from, to, fewRows, string(q.By)}, &n); err != nil {
			return p, false, err
		}
		if n <= fewest {
			p.walk, fewest = walkByWhom, n
		}
	}
	for _, f := range facets {
		n := 0
		if err := a.one(countByFacet, []any{from, to, fewRows, f.Name, f.Value}, &n); err != nil {
			return p, false, err
		}
		// Where none is rare, the first one named narrows most.
		if n < fewest || n == fewest && fewest == fewRows && p.args[14] == "" && q.By == "" {
			p.walk, fewest, p.args[14], p.args[15] = walkByFacet, n, f.Name, f.Value
		}
	}
	return p, false, nil
}

// facets are the filters that have rows of their own in decision_facet, what narrows most first.
func (q DecisionQuery) facets() []facet {
	var all []facet
	add := func(name, value string) {
		if value != "" {
			all = append(all, facet{name, value})
		}
	}
	add("party", string(q.Party))
	add("list", q.List)
	switch q.Second {
	case SecondFilter(review.SecondAgreed):
		add("second", string(review.AnswerApprove))
	case SecondFilter(review.SecondReturned):
		add("second", string(review.AnswerReturn))
	case SecondFilter(review.SecondWaiting), SecondFilter(review.SecondMoved):
		add("second", string(q.Second))
	}
	if q.Corrected == CorrectedYes || q.Corrected == Correction {
		add("corrected", string(q.Corrected))
	}
	if q.Late == LateYes {
		add("late", "yes")
	}
	add("kind", string(q.Kind))
	if q.Policy != 0 {
		add("policy", strconv.FormatInt(int64(q.Policy), 10))
	}
	add("reason", string(q.Reason))
	add("outcome", string(q.Outcome))
	return all
}

// start is the cursor of the first page, or of the page behind a decision; review.ErrNotFound when
// that is none.
func (a *act) start(after string) (at, entry int64, err error) {
	at, entry = int64(math.MaxInt64), int64(math.MaxInt64)
	if after == "" {
		return at, entry, nil
	}
	if entry, err = strconv.ParseInt(after, 10, 64); err != nil {
		return 0, 0, review.ErrNotFound
	}
	return at, entry, a.one(`SELECT at FROM decision WHERE entry = ?`, []any{entry}, &at)
}

const facetValues = `SELECT min(value) FROM decision_facet WHERE facet = ?1 AND value > ?2`

// DecisionLists gives the names of lists that decisions were about, in the order of their bytes, at most
// 200; so do the others.
func (db *DB) DecisionLists(ctx context.Context) ([]string, error) {
	return db.facetValues(ctx, "list")
}

// DecisionKinds gives the kinds of report that decisions were about.
func (db *DB) DecisionKinds(ctx context.Context) ([]string, error) {
	return db.facetValues(ctx, "kind")
}

// DecisionReasons gives the main reasons that decisions were made for.
func (db *DB) DecisionReasons(ctx context.Context) ([]string, error) {
	return db.facetValues(ctx, "reason")
}

// facetValues leaps from value to value: there are few, of many rows.
func (db *DB) facetValues(ctx context.Context, name string) (values []string, err error) {
	err = db.read(ctx, "values of decisions", func(a *act) error {
		for last := ""; len(values) < 200; {
			var next *string
			if err := a.one(facetValues, []any{name, last}, &next); err != nil || next == nil {
				return err
			}
			last = *next
			values = append(values, last)
		}
		return nil
	})
	return values, err
}

// markLate notes of a decision that more time than the target of its policy went by since its review
// opened.
func (a *act) markLate(d review.Decision, opened time.Time, p review.Policy) error {
	if a.now.Sub(opened) <= p.Times.Target.Duration() {
		return nil
	}
	_, err := a.exec(`INSERT INTO decision_facet (facet, value, at, entry) VALUES ('late', 'yes', ?, ?)`, a.now.UnixMilli(), d.Entry)
	return err
}

// DecisionPolicies gives the versions of the policy that decisions were made under, oldest first.
func (db *DB) DecisionPolicies(ctx context.Context) ([]review.PolicyVersion, error) {
	values, err := db.facetValues(ctx, "policy")
	if err != nil {
		return nil, err
	}
	versions := make([]review.PolicyVersion, 0, len(values))
	for _, v := range values {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, err
		}
		versions = append(versions, review.PolicyVersion(n))
	}
	slices.Sort(versions)
	return versions, nil
}
