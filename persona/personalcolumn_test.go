package persona_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/s2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// inWords columns hold words of or about a person: the house has planted some in each.
	inWords = "words"
	// asKey columns hold what a person, a match or a listed party can be found out by: of what the house
	// puts into each, an erasure leaves less.
	asKey = "key"
)

// personalColumns are the columns that hold anything of a subject. What is neither words nor key is the
// reason why nothing of it need go, or where else it is shown to go.
var personalColumns = map[string]string{
	"attachment.sha256":        "the digest of a whole file: whoever can guess that has the file",
	"counted.match":            asKey,
	"counter.value":            inWords,
	"decision_facet.value":     asKey,
	"disposition.identity":     "TestWhatTwoPeopleErasedIsInNoPackNoExportAndNoLog plants it, and has it named as erased",
	"disposition.match":        asKey,
	"disposition.party":        asKey,
	"disposition.seen":         asKey,
	"disposition.whose":        asKey,
	"entry.matches":            asKey,
	"entry.note":               inWords,
	"entry.status":             "emptied with the note of the same entry",
	"file.body":                inWords,
	"file.sha256":              asKey,
	"file_link.link":           inWords,
	"file_link.name":           inWords,
	"file_link.sha256":         asKey,
	"kin.other":                "made of listed, which it goes with: check makes it again and compares",
	"kin.own":                  "made of listed, which it goes with: check makes it again and compares",
	"leaf.salts":               asKey,
	"listed.born":              "TestWhatTwoPeopleErasedIsInNoPackNoExportAndNoLog plants it, and looks into the bytes of the file",
	"listed.match":             asKey,
	"listed.name":              "TestWhatTwoPeopleErasedIsInNoPackNoExportAndNoLog plants it, and looks into the bytes of the file",
	"listed.own":               asKey,
	"listed.party":             asKey,
	"pack.body":                inWords,
	"payload.about":            "an address or the name of a file that somebody imported: who names a file after a person must erase the file as well",
	"fingerprint.prints":       "some bits of digests: whoever can guess what they are of has it",
	"fingerprint_young.prints": "some bits of digests: whoever can guess what they are of has it",
	"payload.sha256":           "the digest of a whole payload: whoever can guess that has the payload",
	"payload_body.body":        inWords,
	"premise.listed":           "TestWhatAFindingRestsOnGoesWithThePerson plants it",
	"premise.subject":          "TestWhatAFindingRestsOnGoesWithThePerson plants it",
	"push.before":              "what Persona had before, emptied with the row's other words",
	"push.fields":              inWords,
	"push.note":                "emptied with the row's other words, which are planted in its fields",
	"push.part":                "a match as Persona names it, emptied with the row's other words",
	"push.problem":             "what Persona answered, emptied with the row's other words",
	"push.request":             asKey,
	"queue.country":            "a country alone names nobody, and both people of the house have the same",
	"queue.facets":             inWords,
	"queue.reference":          inWords,
	"queue.subject":            inWords,
	"queue.subject_fold":       inWords,
	"queue.tags":               inWords,
	"queue.words":              asKey,
	"saved_view.name":          "a colleague's own words on a filter, which they remove themselves",
	"saved_view.query":         "a colleague's own filter, which they remove themselves",
	"snapshot.sha256":          "the digest of a whole state: whoever can guess that has the state",
}

// impersonalColumns hold nothing of a subject: codes, times, versions, Persona's ids, digests of what is
// none of theirs, and what is of colleagues.
var impersonalColumns = map[string]string{
	"access":          "colleague what object",
	"access_seal":     "hints salt",
	"approval":        "answer by_",
	"attachment":      "media",
	"attempt":         "scope key",
	"checkpoint":      "root note why",
	"claim":           "by_",
	"colleague":       "id name role password",
	"counted":         "lists",
	"counter":         "state facet",
	"day_counter":     "what key part",
	"decided":         "kinds",
	"decision":        "by_ outcome comparator",
	"decision_facet":  "facet",
	"delivery":        "event secret clash",
	"disposition":     "finding kind missing",
	"draw_seed":       "seed",
	"entry":           "act by_ by_name by_role finding outcome reason evidence detail comparator",
	"erased_state":    "sha256 left",
	"erasure":         "ground",
	"erasure_answer":  "answer by_ list",
	"erasure_request": "by_ ground list",
	"erasure_subject": "roots state goes",
	"errand":          "kind type rid cause state problem holder",
	"escalation":      "by_ to_",
	"evidence":        "digest manifest",
	"evidence_state":  "sha256",
	"file":            "media",
	"file_link":       "type rid",
	"hold":            "by_",
	"keeping":         "keeper problem",
	"kept":            "class",
	"keyset":          "sha256 keys",
	"leaf":            "record hashes",
	"listed":          "grouped what kind lists state finding",
	"live_counter":    "what state",
	"look":            "colleague evidence",
	"migration":       "name sha256",
	"payload":         "source state read_as event reason left_sha256",
	"policy":          "document digest state proposed_by note agreed_by withdrawn_by",
	"premise":         "kind attribute rule comparator",
	"push":            "root_type root_id act type rid value key state",
	"queue":           "root_type root_id state opening closing status subject_kind tally why outcome inquiry evidence",
	"resolution":      "upheld",
	"resource":        "rid",
	"review":          "opening state closing left_status",
	"root":            "status",
	"sample":          "kind known report",
	"saved_view":      "owner",
	"screening":       "key txn by_",
	"second_look":     "token by_",
	"session":         "id_hash colleague browser ended_why",
	"setting":         "name value",
	"setup_token":     "hash",
	"signer":          "secret",
	"snapshot":        "status",
	"wait":            "by_ missing",
	"wake":            "why",
	"word":            "text",
}

// values are what a column holds, what is compressed in it included.
func values(t *testing.T, db *sql.DB, name string) map[string]bool {
	t.Helper()
	table, column, _ := strings.Cut(name, ".")
	rows, err := db.QueryContext(t.Context(), `SELECT DISTINCT `+column+` FROM `+table+` WHERE `+column+` IS NOT NULL`)
	require.NoError(t, err)
	defer rows.Close()
	all := map[string]bool{}
	for rows.Next() {
		var v []byte
		require.NoError(t, rows.Scan(&v))
		raw, err := s2.Decode(nil, v)
		if err != nil {
			raw = nil
		}
		all[string(v)+string(raw)] = true
	}
	require.NoError(t, rows.Err())
	return all
}

// Whoever adds a column says whether it holds anything personal, and then has the erasure take it.
func TestEveryColumnIsPersonalOrNotAndWhatIsPersonalIsErased(t *testing.T) {
	t.Parallel()
	d, zq, _, people := houseOf(t)
	db := d.sql()
	defer db.Close()
	db.SetMaxOpenConns(1)
	all := column(t, db, `
		SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'search%' AND t.name NOT LIKE 'sqlite_%' AND c.type NOT IN ('INTEGER', 'REAL') ORDER BY 1`)
	var classified []string
	for name := range personalColumns {
		classified = append(classified, name)
	}
	for table, columns := range impersonalColumns {
		for c := range strings.FieldsSeq(columns) {
			classified = append(classified, table+"."+c)
		}
	}
	slices.Sort(classified)
	require.Equal(t, all, classified, "say of each column whether it is personal; of the search index, everywhere looks into its words")

	before := map[string]map[string]bool{}
	for name, how := range personalColumns {
		if how == inWords || how == asKey {
			before[name] = values(t, db, name)
		}
	}
	holds := func(v string) bool {
		return slices.ContainsFunc(told("zq"), func(s string) bool { return strings.Contains(v, s) })
	}
	d.agreed(people[1], people[2], d.subject(zq))
	d.erase()
	for name, was := range before {
		now := values(t, db, name)
		some, gone := false, false
		for v := range was {
			some, gone = some || holds(v), gone || !now[v]
		}
		assert.True(t, gone, "%s: nothing in it went", name)
		if personalColumns[name] == inWords {
			assert.True(t, some, "%s: nothing was planted in it", name)
		}
	}
	for _, name := range all { // also of those that are said to be none of theirs
		for v := range values(t, db, name) {
			assert.False(t, holds(v), "%s still tells", name)
		}
	}
}
