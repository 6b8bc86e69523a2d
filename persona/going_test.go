package persona_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// rows is what is there that an erasure could take: by kind and name, as it is.
func (d *eraseDesk) rows() map[string]string {
	d.t.Helper()
	db := d.sql()
	defer db.Close()
	all := map[string]string{}
	for kind, q := range map[review.GoingKind]string{
		review.GoingPayload: `SELECT lower(hex(sha256)), state || lower(hex(ifnull(left_sha256, sha256))) FROM payload`,
		review.GoingState: `SELECT lower(hex(s.sha256)) || ' ' || w.text || '/' || r.rid, '' FROM snapshot s JOIN resource r ON r.id = s.resource JOIN word w ON w.id = r.family
			WHERE NOT EXISTS (SELECT 1 FROM erased_state x WHERE x.left = s.sha256)`,
		review.GoingFile:    `SELECT lower(hex(sha256)), media FROM file`,
		review.GoingFinding: `SELECT entry, json_group_array(match || party || identity || whose || hex(seen)) FROM disposition GROUP BY entry`,
		review.GoingReasons: `SELECT entry, json_group_array(subject || listed) FROM premise GROUP BY entry`,
		review.GoingText:    `SELECT id, note || status || matches FROM entry`,
		review.GoingTold:    `SELECT type || '/' || rid || ' ' || act, part || before || fields || note || problem || request FROM push`,
		review.GoingSearch:  `SELECT root_type || '/' || root_id, subject || words || reference || tags FROM queue`,
	} {
		rows, err := db.QueryContext(d.t.Context(), q)
		require.NoError(d.t, err)
		for rows.Next() {
			var id, is string
			require.NoError(d.t, rows.Scan(&id, &is))
			all[string(kind)+" "+id] += is
		}
		require.NoError(d.t, rows.Err())
	}
	return all
}

// going is the whole list of a subject, page by page.
func (d *eraseDesk) going(id review.SubjectID, limit int) []review.Going {
	d.t.Helper()
	var all []review.Going
	for after := (store.GoingCursor{}); ; {
		p, err := d.db.Going(d.t.Context(), id, after, limit)
		require.NoError(d.t, err)
		require.LessOrEqual(d.t, len(p.Items), limit)
		all = append(all, p.Items...)
		if after = p.Next; after == (store.GoingCursor{}) {
			return all
		}
		again, err := store.ParseGoingCursor(after.String())
		require.NoError(d.t, err)
		require.Equal(d.t, after, again)
	}
}

// What the dry run lists is what the erasure then takes, row by row, and nothing else.
func TestTheDryRunListsWhatTheErasureTakes(t *testing.T) {
	t.Parallel()
	d, zq, mo, people := houseOf(t)
	d.take(`{"data": {"type": "nothing that is known", "about": "txn_zq"`) // unread, and it names them
	subject := d.subject(zq)
	count := d.dryRun(subject, d.subject(mo), people)
	_, err := d.db.Going(t.Context(), subject, store.GoingCursor{}, 10)
	assert.ErrorIs(t, err, review.ErrNotFound)
	for _, kind := range review.GoingKinds() {
		if kind != review.GoingReasons && kind != review.GoingShared {
			assert.NotZero(t, count[kind], "%s: nothing of this kind was tried", kind)
		}
	}
}

// The same of somebody whose findings rest on values, and who is tied to what another is tied to too.
func TestTheDryRunKnowsWhatFindingsRestOnAndWhatIsShared(t *testing.T) {
	t.Parallel()
	d, zq, mo, people := houseOf(t)
	tied := strings.NewReplacer(`"matched-individuals"`, `"entities"`, `"birthdates":["1962-05-06"],"match-types"`, `"group-id":"grp_1","birthdates":["1950-08-22"],"match-types"`,
		`{"type":"account","id":"act_zs"}]`, `{"type":"account","id":"act_zs"},{"type":"document/generic","id":"doc_both"}]`, `{"type":"account","id":"act_zu"}]`, `{"type":"account","id":"act_zu"},{"type":"document/generic","id":"doc_both"}]`,
		"act_zt", "act_zs")
	for _, id := range []string{"zs", "zt", "zu"} {
		for _, p := range person(id, "Sorvane", "Quibblewick", "1962-05-06", "Brambleford", "order-"+id, "Zorwane Quibelwick") {
			d.take(tied.Replace(p))
		}
	}
	d.take(`{"data":{"type":"document/generic","id":"doc_both","attributes":{"status":"processed","created-at":"2026-06-10T08:00:00Z","redacted-at":null,"name":"both.pdf"}}}`)
	first, made := d.judge("txn_zs", people[0])
	second, _ := d.judge("txn_zt", people[0], made.Entry)
	for _, id := range []string{"zs", "zt"} {
		d.take(strings.NewReplacer("txn_zq", "txn_"+id, "order-zq-77", "order-"+id, "evt_zqgone", "evt_on"+id, "transaction.redacted", "transaction.status-updated",
			"needs_review", "approved", `"value":null`, `"value":"Sorvane"`).Replace(txnRedacted))
	}
	require.Equal(t, d.subject(first), d.subject(second))
	count := d.dryRun(d.subject(first), d.subject(mo), people)
	assert.NotZero(t, count[review.GoingReasons])
	assert.NotZero(t, count[review.GoingShared])
	require.NotZero(t, zq)
}

// dryRun erases a subject, and compares what went with what was listed before.
func (d *eraseDesk) dryRun(subject, bystander review.SubjectID, people [3]review.ColleagueID) map[review.GoingKind]int {
	t := d.t
	t.Helper()
	request := d.agreed(people[1], people[2], subject)
	listed := d.going(subject, 1_000)
	for _, limit := range []int{1, 3, 7} {
		assert.Equal(t, listed, d.going(subject, limit), "in pages of %d", limit)
	}
	_, subjects, _, err := d.db.ErasureRequest(t.Context(), request)
	require.NoError(t, err)
	goes := subjects[0].Goes
	other := d.going(bystander, 1_000)

	before := d.rows()
	d.erase()
	after := d.rows()
	took := map[string]bool{}
	for row, is := range before {
		if now, there := after[row]; !there || now != is {
			took[row] = true
		}
	}
	said := map[string]bool{}
	count := map[review.GoingKind]int{}
	for _, it := range listed {
		count[it.What]++
		row := string(it.What) + " " + it.ID
		switch it.What {
		case review.GoingUnread:
			row = string(review.GoingPayload) + " " + it.ID
		case review.GoingState, review.GoingTold:
			row += " " + it.From
		case review.GoingAttachment:
			row = string(review.GoingFile) + " " + it.ID
		case review.GoingShared:
			continue
		}
		switch it.What {
		case review.GoingFile, review.GoingAttachment:
			if it.Stays != "" {
				continue
			}
		case review.GoingPayload:
			assert.Less(t, it.Left, it.Size)
		}
		assert.Falsef(t, it.At.IsZero(), "%+v", it)
		said[row] = true
	}
	assert.Equal(t, took, said)
	for kind, n := range map[review.GoingKind]int{review.GoingTold: goes.Pushes,
		review.GoingSearch: goes.SearchRows, review.GoingAttachment: goes.Attachments} {
		assert.Equal(t, n, count[kind], kind)
	}
	left := slices.DeleteFunc(d.going(bystander, 1_000), func(it review.Going) bool { return it.What == review.GoingPayload })
	other = slices.DeleteFunc(other, func(it review.Going) bool { return it.What == review.GoingPayload })
	assert.Equal(t, other, left, "of another subject the same would go as before")
	for _, it := range listed {
		for _, words := range told("zq") {
			assert.NotContains(t, strings.ToLower(it.ID+it.From+it.Stays), strings.ToLower(words), "the list itself says nothing personal")
		}
	}
	d.clean()
	return count
}
