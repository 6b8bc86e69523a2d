-- Instants are INTEGER unix milliseconds, UTC. Digests are 32-byte BLOBs.
--
-- Three kinds of tables:
--   kept       what nobody can make again: payloads, reviews, entries, findings, decisions, colleagues
--   dictionary words, ties, resources and snapshots: addressed by content, rows are only ever added
--   made       projections, which `rebuild` empties and makes again from the payloads
-- Tables filled by bulk imports name each other without REFERENCES: a look-up per row would cost
-- more than the row. Check looks for dangling ones.

---------------------------------------------------------------------------------------- capture

-- A payload is bytes exactly as they were received.
CREATE TABLE payload (
  id          INTEGER PRIMARY KEY,
  sha256      BLOB NOT NULL CHECK (length(sha256) = 32),  -- unique, see fingerprint
  source      TEXT NOT NULL,
  about       TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  size        INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('kept','absorbed','quarantined')),
  read_as     TEXT NOT NULL DEFAULT '',
  event       TEXT NOT NULL DEFAULT '',   -- Persona's event id
  reason      TEXT NOT NULL DEFAULT '',   -- why it lies in quarantine
  body        INTEGER NOT NULL,           -- where its bytes are
  start       INTEGER NOT NULL            -- from here, before compression
) STRICT;
CREATE INDEX payload_unread      ON payload(id) WHERE state = 'kept';         -- Unread
CREATE INDEX payload_quarantined ON payload(id) WHERE state = 'quarantined';  -- Quarantined

-- A payload body is the bytes of payloads that came together, one behind the other, as one S2
-- block.
CREATE TABLE payload_body (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

-- A word is a name that comes again and again: a resource type, its family, a relationship.
CREATE TABLE word (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- A resource is one object at Persona, received or only named. It is known by the family of its
-- type ("report"), because some of Persona's links name no more than that.
CREATE TABLE resource (
  id     INTEGER PRIMARY KEY,
  rid    TEXT NOT NULL,
  family INTEGER NOT NULL   -- word; with rid unique, see fingerprint
) STRICT;

-- A fingerprint is some bits of a digest of what names a row: of a payload's bytes, of a resource's
-- id, of whom a kept root is about. Rows are found by it and then told apart by the whole name. Many
-- are packed in one bucket (store/printbucket.go): all of those of its kind from its number up to the next
-- bucket's. New ones are young, which is a small table, and move on from there in slices
-- (store/fingerprint.go).
CREATE TABLE fingerprint (
  id     INTEGER PRIMARY KEY,  -- kind (0 payload, 1 resource, 2 kept) and the 48 bits that it begins with
  prints BLOB NOT NULL CHECK (length(prints) > 0 AND length(prints) % 11 = 0)
) STRICT;
CREATE TABLE fingerprint_young (
  id     INTEGER PRIMARY KEY,
  prints BLOB NOT NULL CHECK (length(prints) > 0 AND length(prints) % 11 = 0)
) STRICT;

-- A keyset is the sorted list of facts that some states speak of.
CREATE TABLE keyset (
  id     INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  keys   BLOB NOT NULL   -- each key behind its length as a varint
) STRICT;

-- A pack is states that came together, one behind the other, as one S2 block: they are alike.
CREATE TABLE pack (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

-- A snapshot is one state of a resource as canonical JSON, addressed by its digest. The same
-- state seen ten times is one row, at the newest place in time that any payload gave it.
CREATE TABLE snapshot (
  id       INTEGER PRIMARY KEY,
  resource INTEGER NOT NULL,
  sha256   BLOB NOT NULL CHECK (length(sha256) = 32),
  type     INTEGER NOT NULL,     -- word
  at       INTEGER,              -- the state's own newest time; NULL: no payload gives it any more, evidence names it
  event    INTEGER NOT NULL,     -- time of the carrying event, 0 when none
  speaks   INTEGER NOT NULL CHECK (speaks IN (0,1)),  -- it holds a fact that no newer state mentions
  keyset   INTEGER NOT NULL,
  status   TEXT NOT NULL,        -- of what can be the root of a review, verbatim
  pack     INTEGER NOT NULL,     -- where its bytes are
  start    INTEGER NOT NULL,     -- from here, before compression
  size     INTEGER NOT NULL,
  UNIQUE (resource, sha256)
) STRICT;

-- A sighting says which payload carried which snapshot, and when by Persona's clocks.
CREATE TABLE sighting (
  snapshot INTEGER NOT NULL,
  payload  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  event    INTEGER NOT NULL,
  PRIMARY KEY (snapshot, payload, at, event)
) STRICT, WITHOUT ROWID;

-- A tie is how one resource names another: the relationship, and the types that it gives to both.
CREATE TABLE tie (
  id        INTEGER PRIMARY KEY,
  name      INTEGER NOT NULL,   -- word: the relationship
  from_type INTEGER NOT NULL,   -- word
  to_type   INTEGER NOT NULL,   -- word: as named, "report" means any report
  UNIQUE (name, from_type, to_type)
) STRICT;

-- A link is what some state of one resource said of another. Links are never taken back: a thin
-- copy that leaves one out does not deny it. What everyone names (a template, a user) is in the
-- states alone: nobody follows it.
CREATE TABLE link (
  from_ INTEGER NOT NULL,   -- resource
  to_   INTEGER NOT NULL,   -- resource
  tie   INTEGER NOT NULL,
  PRIMARY KEY (from_, to_, tie)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_back ON link(to_, from_);  -- who names this resource

------------------------------------------------------------------------------------ colleagues

-- A colleague may sign in.
CREATE TABLE colleague (
  id           TEXT PRIMARY KEY,
  name         TEXT NOT NULL,
  role         TEXT NOT NULL CHECK (role IN ('reviewer','lead','auditor','admin')),
  disabled     INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0,1)),
  keys         INTEGER NOT NULL DEFAULT 1 CHECK (keys IN (0,1)),  -- single-key shortcuts on
  password     TEXT NOT NULL,        -- a PHC string, "" when none is set
  created_at   INTEGER NOT NULL,
  signed_in_at INTEGER
) STRICT, WITHOUT ROWID;

-- A session is one signed-in browser. The cookie's value is not in it, only its SHA-256.
CREATE TABLE session (
  id_hash   BLOB PRIMARY KEY CHECK (length(id_hash) = 32),
  colleague TEXT NOT NULL REFERENCES colleague(id),
  began_at  INTEGER NOT NULL,   -- the absolute limit counts from here
  seen_at   INTEGER NOT NULL,   -- the idle limit counts from here; written at most once a minute
  proved_at INTEGER NOT NULL,   -- last time a password was checked
  browser   TEXT NOT NULL,
  ended_at  INTEGER,            -- NULL while alive
  ended_why TEXT CHECK (ended_why IN ('signed_out','replaced','ended_by_self','ended_by_admin','disabled','password_changed')),
  CHECK ((ended_at IS NULL) = (ended_why IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_colleague ON session(colleague) WHERE ended_at IS NULL;

-- An attempt counts failed sign-ins of late under one key: an account, an address, both, or all.
CREATE TABLE attempt (
  scope    TEXT NOT NULL CHECK (scope IN ('pair','address','account','all')),
  key      BLOB NOT NULL,      -- SHA-256 of what it counts: a mistyped name may be a password
  failures INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  until    INTEGER NOT NULL,   -- refuse before this
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

-- A set-up token lets the first admin in, once.
CREATE TABLE setup_token (
  hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
  until   INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- A setting is one value that the database must remember between runs.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

---------------------------------------------------------------------------------------- reviews

-- A review is one episode of human work on a root: a transaction, an inquiry or a case. Its number is
-- never used again.
CREATE TABLE review (
  id          INTEGER PRIMARY KEY,
  root        INTEGER NOT NULL REFERENCES resource(id),
  opening     TEXT NOT NULL CHECK (opening IN ('status','matches')),
  opened_at   INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('open','approval','waiting','closed')),
  closed_at   INTEGER,
  closing     TEXT NOT NULL CHECK (closing IN ('','decided','persona')),
  left_status TEXT NOT NULL,    -- what Persona moved on to, when closing is persona
  CHECK ((state = 'closed') = (closing <> '')),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
) STRICT;
CREATE INDEX review_of_root ON review(root, opened_at, id);
CREATE TRIGGER review_stays BEFORE DELETE ON review BEGIN SELECT raise(ABORT, 'a review stays'); END;

-- A claim is who works on a review. It holds only until its time, which every act moves on.
CREATE TABLE claim (
  review INTEGER PRIMARY KEY REFERENCES review(id),
  by_    TEXT NOT NULL REFERENCES colleague(id),
  at     INTEGER NOT NULL,
  until  INTEGER NOT NULL
) STRICT;
CREATE INDEX claim_by ON claim(by_, until);  -- the queue of one colleague

-- An entry is one line of the trail.
CREATE TABLE entry (
  id       INTEGER PRIMARY KEY,
  review   INTEGER REFERENCES review(id),
  at       INTEGER NOT NULL,
  act      TEXT NOT NULL CHECK (act IN ('opened-review','closed-review','claimed','released','noted','disposed','decided','corrected','refused','colleague',
           'screened','linked','pushed','echoed','diverged','telling','undone','erased','approved','returned','fell-back','waiting','woken',
           'escalated','attached','seen','sampled','examined','resolved','policy','exported','hold','erasure')),
  by_      TEXT REFERENCES colleague(id),  -- NULL when docket itself acted
  by_name  TEXT NOT NULL,                  -- as it was then
  by_role  TEXT NOT NULL,
  finding  TEXT NOT NULL CHECK (finding IN ('','false_positive','true_match','cannot_tell')),
  outcome  TEXT NOT NULL CHECK (outcome IN ('','approve','decline')),
  reason   TEXT NOT NULL,
  note     TEXT NOT NULL,
  matches  TEXT NOT NULL,                  -- JSON array of match keys
  status   TEXT NOT NULL,
  evidence BLOB CHECK (length(evidence) = 32),  -- of the review as it stood; NULL when about none
  undoes     INTEGER REFERENCES entry(id),      -- the finding that it takes back
  answers    INTEGER REFERENCES entry(id),      -- the entry that a second person answered, or that was drawn
  detail     TEXT NOT NULL,                     -- JSON object of strings: what else the act says; never personal data
  comparator TEXT NOT NULL,                     -- version of the rules in force; '' when about no review
  policy     INTEGER NOT NULL,                  -- version of the policy in force
  CHECK ((act = 'undone') = (undoes IS NOT NULL)),
  CHECK ((review IS NULL) = (evidence IS NULL)),
  CHECK ((review IS NULL) = (comparator = ''))
) STRICT;
CREATE INDEX entry_of_review ON entry(review, id);
CREATE UNIQUE INDEX entry_undoes ON entry(undoes) WHERE undoes IS NOT NULL;  -- of many at once, one wins; what was taken back
CREATE TRIGGER entry_holds BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'an entry stays'); END;

-- A disposition is the finding on one match. Of those that nobody took back, the newest one of a
-- match in a review holds.
CREATE TABLE disposition (
  review   INTEGER NOT NULL REFERENCES review(id),
  match    TEXT NOT NULL,
  entry    INTEGER NOT NULL REFERENCES entry(id),
  finding  TEXT NOT NULL CHECK (finding IN ('false_positive','true_match','cannot_tell')),
  kind     TEXT NOT NULL,                              -- of the report
  identity TEXT NOT NULL,                              -- the same match in another report of that kind; '' once erased
  whose    TEXT NOT NULL,                              -- whom the report was about; '' once erased
  party    TEXT NOT NULL,                              -- key of the listed party, as its matches were gathered then
  seen     BLOB NOT NULL CHECK (length(seen) = 32),    -- digest of subject and party alone
  carries  INTEGER REFERENCES entry(id),               -- the earlier finding whose premises were taken over
  missing  TEXT NOT NULL,                              -- JSON: the facts that would have settled it
  PRIMARY KEY (review, match, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX disposition_carries ON disposition(carries) WHERE carries IS NOT NULL;  -- erasing what was taken over
CREATE TRIGGER disposition_holds BEFORE UPDATE ON disposition
WHEN new.identity <> '' OR new.whose <> '' OR (new.review, new.match, new.entry, new.finding, new.kind, new.party, new.seen, new.carries, new.missing) IS NOT
     (old.review, old.match, old.entry, old.finding, old.kind, old.party, old.seen, old.carries, old.missing)
BEGIN SELECT raise(ABORT, 'a disposition is never changed'); END;
CREATE TRIGGER disposition_stays BEFORE DELETE ON disposition BEGIN SELECT raise(ABORT, 'a disposition stays'); END;

-- A decision is the outcome of one review; a later one on the same review corrects it.
CREATE TABLE decision (
  entry           INTEGER PRIMARY KEY REFERENCES entry(id),
  review          INTEGER NOT NULL REFERENCES review(id),
  at              INTEGER NOT NULL,
  by_             TEXT NOT NULL REFERENCES colleague(id),
  outcome         TEXT NOT NULL CHECK (outcome IN ('approve','decline')),
  matches         INTEGER NOT NULL,
  false_positives INTEGER NOT NULL,
  true_matches    INTEGER NOT NULL,
  cannot_tell     INTEGER NOT NULL,
  comparator      TEXT NOT NULL,
  policy          INTEGER NOT NULL,               -- version that it was made under
  second          INTEGER NOT NULL CHECK (second IN (0,1)),  -- it takes effect only when a second person agrees
  corrects        INTEGER REFERENCES entry(id)    -- the decision that it corrects
) STRICT;
CREATE INDEX decision_of_review ON decision(review, entry);
CREATE INDEX decision_by_time    ON decision(at, entry);              -- Decisions
CREATE INDEX decision_by_whom    ON decision(by_, at, entry);         -- … of one colleague
CREATE TRIGGER decision_holds BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'a decision stays'); END;

-- An approval is how the second person answered a decision that needed one, or that the evidence
-- moved before anybody did.
CREATE TABLE approval (
  entry    INTEGER PRIMARY KEY REFERENCES entry(id),
  decision INTEGER NOT NULL UNIQUE REFERENCES decision(entry),  -- of many answers at once, one wins
  answer   TEXT NOT NULL CHECK (answer IN ('approve','return','moved')),
  by_      TEXT REFERENCES colleague(id),                       -- NULL: the evidence moved
  at       INTEGER NOT NULL,
  CHECK ((answer = 'moved') = (by_ IS NULL))
) STRICT;
CREATE TRIGGER approval_holds BEFORE UPDATE ON approval BEGIN SELECT raise(ABORT, 'an approval is never changed'); END;
CREATE TRIGGER approval_stays BEFORE DELETE ON approval BEGIN SELECT raise(ABORT, 'an approval stays'); END;
CREATE TRIGGER approval_needed BEFORE INSERT ON approval
WHEN (SELECT second FROM decision WHERE entry = new.decision) IS NOT 1
BEGIN SELECT raise(ABORT, 'this decision asks for no second person'); END;
CREATE TRIGGER approval_by_another BEFORE INSERT ON approval
WHEN new.by_ = (SELECT by_ FROM decision WHERE entry = new.decision)
BEGIN SELECT raise(ABORT, 'nobody is their own second person'); END;
CREATE TRIGGER approval_by_lead BEFORE INSERT ON approval
WHEN new.by_ IS NOT NULL AND NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'a second person is a lead or an admin'); END;

-- Of many decisions at once, one wins: a review has one that holds or waits, and each is corrected once.
CREATE TRIGGER decision_once BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision d WHERE d.review = new.review AND d.corrects IS new.corrects
             AND NOT EXISTS (SELECT 1 FROM approval p WHERE p.decision = d.entry AND p.answer <> 'approve'))
BEGIN SELECT raise(ABORT, 'this review is decided'); END;

-- Evidence is the list of snapshots behind a digest, so that the page can be shown as it was.
CREATE TABLE evidence (
  digest   BLOB PRIMARY KEY CHECK (length(digest) = 32),
  manifest BLOB NOT NULL   -- S2 of JSON
) STRICT, WITHOUT ROWID;
CREATE TRIGGER evidence_holds BEFORE UPDATE ON evidence BEGIN SELECT raise(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence BEGIN SELECT raise(ABORT, 'evidence stays'); END;

-- An evidence state is a snapshot that some evidence names: it stays through every rebuild.
CREATE TABLE evidence_state (
  resource INTEGER NOT NULL,
  sha256   BLOB NOT NULL,
  PRIMARY KEY (resource, sha256)
) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------- made: projections

-- A root is a resource that was received and that reviews can be about, with its newest status: every
-- transaction, and inquiries and cases where these are reviewed.
CREATE TABLE root (
  resource   INTEGER PRIMARY KEY,
  status     TEXT NOT NULL,      -- verbatim
  updated_at INTEGER NOT NULL
) STRICT;

-- A queue row is one line of the queue: a review, or a transaction that waits for its subject.
CREATE TABLE queue (
  id           INTEGER PRIMARY KEY,   -- the review's number; minus the resource's for the fallback tab
  root         INTEGER NOT NULL,      -- resource
  root_type    TEXT NOT NULL,         -- transaction, inquiry or case
  root_id      TEXT NOT NULL,         -- Persona's id
  state        TEXT NOT NULL CHECK (state IN ('open','approval','waiting','closed','fallback')),
  opening      TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  closed_at    INTEGER,
  closing      TEXT NOT NULL,
  status       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_fold TEXT NOT NULL,         -- for A to Z
  reference    TEXT NOT NULL,
  country      TEXT NOT NULL,
  tags         TEXT NOT NULL,         -- JSON
  tally        TEXT NOT NULL,         -- JSON
  matches      INTEGER NOT NULL,
  calm         INTEGER NOT NULL AS (-matches) VIRTUAL, -- ascending, it is "most matches first"
  answered     INTEGER NOT NULL,
  halted_since INTEGER,
  why          TEXT NOT NULL CHECK (why IN ('','first','again','new-match','no-details','errored','no-match','list-only','failed','nothing','erased')),
  outcome      TEXT NOT NULL,
  inquiry      TEXT NOT NULL,
  evidence     BLOB NOT NULL,
  facets       TEXT NOT NULL,         -- JSON: what is in facet for this row
  words        BLOB NOT NULL          -- digest of what is in search for this row
) STRICT;
CREATE INDEX queue_by_age     ON queue(state, opened_at, id);        -- oldest, newest
CREATE INDEX queue_by_matches ON queue(state, calm, opened_at, id);  -- most matches first
CREATE INDEX queue_by_subject ON queue(state, subject_fold, opened_at, id);  -- A to Z
CREATE INDEX queue_of_root    ON queue(root);

-- A counter is how many queue rows a state has: in all (facet ""), with one value that they can be
-- filtered by, or with one choice of several values together. It exists as long as it has rows, and
-- its number with it. Every act moves counters, facets and ages once, with all rows that it moved
-- (store/counter.go).
CREATE TABLE counter (
  id    INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  facet TEXT NOT NULL CHECK (facet IN ('','kind','country','tag','kind+country','kind+tag','country+tag','kind+country+tag')),
  value TEXT NOT NULL,
  n     INTEGER NOT NULL,
  UNIQUE (state, facet, value)
) STRICT;

-- A facet is a queue row that a counter with a value counts, in the order of age. It is numbers
-- alone: there are several of them to a queue row.
CREATE TABLE facet (
  place     INTEGER NOT NULL,   -- counter
  opened_at INTEGER NOT NULL,
  id        INTEGER NOT NULL,   -- queue
  PRIMARY KEY (place, opened_at, id)
) STRICT, WITHOUT ROWID;

-- An age is how many open reviews were opened within one hour since 1970.
CREATE TABLE age (
  hour INTEGER PRIMARY KEY,
  n    INTEGER NOT NULL
) STRICT;

-- The search index of the queue: rowid is the row's state, age and number (store/index.go), text what
-- people look for (folded by us, so that it only has to be cut at ASCII signs), scope the facets.
CREATE VIRTUAL TABLE search USING fts5(
  text, scope,
  content = '', contentless_delete = 1, detail = column, prefix = '2 3', tokenize = 'ascii'
);
