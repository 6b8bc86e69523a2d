CREATE TABLE migration (
		  name       TEXT PRIMARY KEY,
		  sha256     TEXT NOT NULL,
		  applied_at INTEGER NOT NULL
		) STRICT, WITHOUT ROWID;

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
, erased_at   INTEGER, left_sha256 BLOB CHECK (length(left_sha256) = 32), left_size   INTEGER, searched    INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX payload_unread      ON payload(id) WHERE state = 'kept';

CREATE INDEX payload_quarantined ON payload(id) WHERE state = 'quarantined';

CREATE TABLE payload_body (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE word (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE resource (
  id     INTEGER PRIMARY KEY,
  rid    TEXT NOT NULL,
  family INTEGER NOT NULL   -- word; with rid unique, see fingerprint
) STRICT;

CREATE TABLE fingerprint (
  id     INTEGER PRIMARY KEY,  -- kind (0 payload, 1 resource, 2 kept) and the 48 bits that it begins with
  prints BLOB NOT NULL CHECK (length(prints) > 0 AND length(prints) % 11 = 0)
) STRICT;

CREATE TABLE fingerprint_young (
  id     INTEGER PRIMARY KEY,
  prints BLOB NOT NULL CHECK (length(prints) > 0 AND length(prints) % 11 = 0)
) STRICT;

CREATE TABLE keyset (
  id     INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  keys   BLOB NOT NULL   -- each key behind its length as a varint
) STRICT;

CREATE TABLE pack (
  id   INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

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

CREATE TABLE sighting (
  snapshot INTEGER NOT NULL,
  payload  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  event    INTEGER NOT NULL,
  PRIMARY KEY (snapshot, payload, at, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE tie (
  id        INTEGER PRIMARY KEY,
  name      INTEGER NOT NULL,   -- word: the relationship
  from_type INTEGER NOT NULL,   -- word
  to_type   INTEGER NOT NULL,   -- word: as named, "report" means any report
  UNIQUE (name, from_type, to_type)
) STRICT;

CREATE TABLE link (
  from_ INTEGER NOT NULL,   -- resource
  to_   INTEGER NOT NULL,   -- resource
  tie   INTEGER NOT NULL,
  PRIMARY KEY (from_, to_, tie)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_back ON link(to_, from_);

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

CREATE TABLE attempt (
  scope    TEXT NOT NULL CHECK (scope IN ('pair','address','account','all')),
  key      BLOB NOT NULL,      -- SHA-256 of what it counts: a mistyped name may be a password
  failures INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  until    INTEGER NOT NULL,   -- refuse before this
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE setup_token (
  hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
  until   INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE claim (
  review INTEGER PRIMARY KEY REFERENCES review(id),
  by_    TEXT NOT NULL REFERENCES colleague(id),
  at     INTEGER NOT NULL,
  until  INTEGER NOT NULL
) STRICT;

CREATE INDEX claim_by ON claim(by_, until);

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

CREATE UNIQUE INDEX entry_undoes ON entry(undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'an entry stays'); END;

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

CREATE INDEX disposition_carries ON disposition(carries) WHERE carries IS NOT NULL;

CREATE TRIGGER disposition_stays BEFORE DELETE ON disposition BEGIN SELECT raise(ABORT, 'a disposition stays'); END;

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

CREATE INDEX decision_by_time    ON decision(at, entry);

CREATE INDEX decision_by_whom    ON decision(by_, at, entry);

CREATE TRIGGER decision_holds BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;

CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'a decision stays'); END;

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

CREATE TRIGGER decision_once BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision d WHERE d.review = new.review AND d.corrects IS new.corrects
             AND NOT EXISTS (SELECT 1 FROM approval p WHERE p.decision = d.entry AND p.answer <> 'approve'))
BEGIN SELECT raise(ABORT, 'this review is decided'); END;

CREATE TABLE evidence (
  digest   BLOB PRIMARY KEY CHECK (length(digest) = 32),
  manifest BLOB NOT NULL   -- S2 of JSON
) STRICT, WITHOUT ROWID;

CREATE TRIGGER evidence_holds BEFORE UPDATE ON evidence BEGIN SELECT raise(ABORT, 'evidence is never changed'); END;

CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence BEGIN SELECT raise(ABORT, 'evidence stays'); END;

CREATE TABLE evidence_state (
  resource INTEGER NOT NULL,
  sha256   BLOB NOT NULL,
  PRIMARY KEY (resource, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE root (
  resource   INTEGER PRIMARY KEY,
  status     TEXT NOT NULL,      -- verbatim
  updated_at INTEGER NOT NULL
) STRICT;

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

CREATE INDEX queue_by_age     ON queue(state, opened_at, id);

CREATE INDEX queue_by_matches ON queue(state, calm, opened_at, id);

CREATE INDEX queue_by_subject ON queue(state, subject_fold, opened_at, id);

CREATE INDEX queue_of_root    ON queue(root);

CREATE TABLE counter (
  id    INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  facet TEXT NOT NULL CHECK (facet IN ('','kind','country','tag','kind+country','kind+tag','country+tag','kind+country+tag')),
  value TEXT NOT NULL,
  n     INTEGER NOT NULL,
  UNIQUE (state, facet, value)
) STRICT;

CREATE TABLE facet (
  place     INTEGER NOT NULL,   -- counter
  opened_at INTEGER NOT NULL,
  id        INTEGER NOT NULL,   -- queue
  PRIMARY KEY (place, opened_at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE age (
  hour INTEGER PRIMARY KEY,
  n    INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5(
  text, scope,
  content = '', contentless_delete = 1, detail = column, prefix = '2 3', tokenize = 'ascii'
);

CREATE TABLE delivery (
  id       INTEGER PRIMARY KEY,
  event    TEXT,                 -- Persona's event id; NULL: the bytes name none
  payload  INTEGER NOT NULL UNIQUE REFERENCES payload(id),
  at       INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,     -- newest receipt, repeats included
  secret   TEXT NOT NULL,        -- which secret signed it: a short digest
  attempt  INTEGER NOT NULL,
  first_at INTEGER,              -- when Persona first tried
  repeats  INTEGER NOT NULL,
  clash    TEXT NOT NULL         -- which delivery brought its event id with other bytes before, in words; '' none
) STRICT;

CREATE UNIQUE INDEX delivery_event ON delivery(event) WHERE event IS NOT NULL AND clash = '';

CREATE INDEX payload_asked ON payload(event) WHERE source = 'api';

CREATE TABLE delivery_hour (
  hour       INTEGER PRIMARY KEY,
  deliveries INTEGER NOT NULL,
  repeats    INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,   -- its newest receipt
  quiet      INTEGER NOT NULL    -- the longest time without any receipt that ended in it, in ms
) STRICT;

CREATE TABLE errand (
  id      INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('resource','history','files','follow')),
  type    TEXT NOT NULL,
  rid     TEXT NOT NULL,
  cause   TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('waiting','done','failed')),
  tries   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  problem TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, type, rid, cause)
) STRICT;

CREATE INDEX errand_due      ON errand(next_at, id) WHERE state = 'waiting';

CREATE INDEX errand_by_state ON errand(state, id);

CREATE TABLE file (
  sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  media  TEXT NOT NULL,
  size   INTEGER NOT NULL,
  body   BLOB NOT NULL
) STRICT;

CREATE TABLE file_link (
  type   TEXT NOT NULL,
  rid    TEXT NOT NULL,
  link   TEXT NOT NULL,
  name   TEXT NOT NULL,
  sha256 BLOB NOT NULL REFERENCES file(sha256),
  at     INTEGER NOT NULL,
  PRIMARY KEY (type, rid, link, sha256)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_link_of ON file_link(sha256);

CREATE TABLE push (
  id         INTEGER PRIMARY KEY,
  review     INTEGER NOT NULL REFERENCES review(id),
  decision   INTEGER NOT NULL REFERENCES entry(id),
  root_type  TEXT NOT NULL,
  root_id    TEXT NOT NULL,
  act        TEXT NOT NULL CHECK (act IN ('matches','fields','status','inquiry','case','comment')),
  type       TEXT NOT NULL,      -- of the target
  rid        TEXT NOT NULL,
  part       TEXT NOT NULL,
  value      TEXT NOT NULL,
  before     TEXT NOT NULL,
  fields     TEXT NOT NULL,      -- JSON
  note       TEXT NOT NULL,
  key        TEXT NOT NULL,      -- idempotency key of the next try
  state      TEXT NOT NULL CHECK (state IN ('waiting','sent','acknowledged','refused','diverged','dropped')),
  tries      INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  next_at    INTEGER NOT NULL,
  sent_at    INTEGER,
  settled_at INTEGER,
  problem    TEXT NOT NULL,
  request    TEXT NOT NULL
, begun_at INTEGER) STRICT;

CREATE INDEX push_due       ON push(next_at, id) WHERE state = 'waiting';

CREATE INDEX push_of_review ON push(review, id);

CREATE INDEX push_of_target ON push(rid, id) WHERE act IN ('status','inquiry','case');

CREATE INDEX push_by_state  ON push(state, id);

CREATE TRIGGER push_stays BEFORE DELETE ON push BEGIN SELECT raise(ABORT, 'a push stays'); END;

CREATE TABLE live_counter (
  what  TEXT NOT NULL CHECK (what IN ('errand','push')),
  state TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (what, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER errand_in AFTER INSERT ON errand BEGIN
  INSERT INTO live_counter VALUES ('errand', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER errand_moves AFTER UPDATE OF state ON errand WHEN old.state <> new.state BEGIN
  UPDATE live_counter SET n = n - 1 WHERE what = 'errand' AND state = old.state;
  INSERT INTO live_counter VALUES ('errand', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER errand_out AFTER DELETE ON errand BEGIN
  UPDATE live_counter SET n = n - 1 WHERE what = 'errand' AND state = old.state;
END;

CREATE TRIGGER push_in AFTER INSERT ON push BEGIN
  INSERT INTO live_counter VALUES ('push', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER push_moves AFTER UPDATE OF state ON push WHEN old.state <> new.state BEGIN
  UPDATE live_counter SET n = n - 1 WHERE what = 'push' AND state = old.state;
  INSERT INTO live_counter VALUES ('push', new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE screening (
  key  TEXT PRIMARY KEY,         -- of the form: sending it twice screens once
  txn  TEXT NOT NULL,            -- Persona's id; '' until it answers
  by_  TEXT NOT NULL,            -- a colleague, or the command line
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX screening_of_txn ON screening(txn);

CREATE INDEX payload_of_body  ON payload(body);

CREATE INDEX snapshot_of_pack ON snapshot(pack);

CREATE TABLE erasure (
  id        INTEGER PRIMARY KEY,
  resource  INTEGER NOT NULL UNIQUE REFERENCES resource(id),
  until     INTEGER NOT NULL,   -- its states up to here
  ground    TEXT NOT NULL,      -- what told: an event of Persona's, else the digest of a payload
  erased_at INTEGER,            -- when ours first were, NULL: not yet
  due       INTEGER NOT NULL CHECK (due IN (0,1))  -- there may be something to erase
, held     INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0,1)), again_at INTEGER) STRICT;

CREATE TRIGGER erasure_stays BEFORE DELETE ON erasure BEGIN SELECT raise(ABORT, 'an erasure stays'); END;

CREATE TABLE erased_state (
  resource INTEGER NOT NULL,
  sha256   BLOB NOT NULL,
  left     BLOB NOT NULL,
  PRIMARY KEY (resource, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE signer (
  secret  TEXT PRIMARY KEY,
  since   INTEGER NOT NULL,   -- its first receipt
  last_at INTEGER NOT NULL    -- its newest, repeats included
) STRICT, WITHOUT ROWID;

CREATE TABLE premise (
  entry      INTEGER NOT NULL REFERENCES entry(id),
  place      INTEGER NOT NULL,   -- from 0, in the order in which they were given
  kind       TEXT NOT NULL CHECK (kind IN ('birth-years-apart','birth-days-apart','countries-apart','sex-apart','kind-apart',
             'family-name-apart','name-parts-apart','identifiers-apart','died-before','other')),
  attribute  TEXT NOT NULL CHECK (attribute IN ('','name','birthdate','country','sex','kind','identifier')),
  amount     INTEGER NOT NULL,
  out_of     INTEGER NOT NULL,   -- of how many parts of a name the amount is
  subject    TEXT NOT NULL,      -- JSON: values on our side
  listed     TEXT NOT NULL,      -- JSON: values on the listed party's side
  rule       TEXT NOT NULL,
  comparator TEXT NOT NULL,
  PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER premise_holds BEFORE UPDATE ON premise
WHEN new.subject <> '[]' OR new.listed <> '[]' OR (new.entry, new.place, new.kind, new.attribute, new.amount, new.out_of, new.rule, new.comparator) IS NOT
     (old.entry, old.place, old.kind, old.attribute, old.amount, old.out_of, old.rule, old.comparator)
BEGIN SELECT raise(ABORT, 'a premise is never changed'); END;

CREATE TRIGGER premise_stays BEFORE DELETE ON premise BEGIN SELECT raise(ABORT, 'a premise stays'); END;

CREATE TABLE look (
  review    INTEGER NOT NULL REFERENCES review(id),
  colleague TEXT NOT NULL REFERENCES colleague(id),
  evidence  BLOB NOT NULL REFERENCES evidence(digest),
  at        INTEGER NOT NULL,
  PRIMARY KEY (review, colleague, evidence)
) STRICT, WITHOUT ROWID;

CREATE TABLE listed (
  root    INTEGER NOT NULL,  -- resource
  match   TEXT NOT NULL,
  own     TEXT NOT NULL,     -- key of the party, from this match alone
  party   TEXT NOT NULL,     -- key of the party that it was gathered into: its own, or another of that party's
  grouped TEXT NOT NULL,     -- why it was
  name    TEXT NOT NULL,
  born    TEXT NOT NULL,     -- JSON: birth dates
  what    TEXT NOT NULL,     -- person, business, …
  kind    TEXT NOT NULL,     -- of the report
  lists   TEXT NOT NULL,     -- JSON: names of lists
  state   TEXT NOT NULL CHECK (state IN ('open','dismissed','gone')),
  seen_at INTEGER NOT NULL,  -- first run that gave it, 0: none tells
  subject INTEGER NOT NULL,  -- the same for all roots of one subject
  review  INTEGER NOT NULL,  -- that the finding is of, else the root's newest
  finding TEXT NOT NULL CHECK (finding IN ('','false_positive','true_match','cannot_tell')),
  entry   INTEGER NOT NULL,  -- of the finding, 0 none
  PRIMARY KEY (root, match)
) STRICT, WITHOUT ROWID;

CREATE INDEX listed_of_party ON listed(own, seen_at, match, root, finding);

CREATE INDEX listed_judged   ON listed(own, entry, subject, finding) WHERE finding <> '';

CREATE INDEX listed_of_subject ON listed(subject, root) WHERE finding <> '';

CREATE INDEX listed_merged   ON listed(own, party, seen_at, match) WHERE own <> party;

CREATE TABLE kin (
  own   TEXT NOT NULL,
  other TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (own, other)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER listed_in AFTER INSERT ON listed WHEN new.own <> new.party BEGIN
  INSERT INTO kin VALUES (new.own, new.party, 1), (new.party, new.own, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER listed_out AFTER DELETE ON listed WHEN old.own <> old.party BEGIN
  UPDATE kin SET n = n - 1 WHERE (own, other) IN ((old.own, old.party), (old.party, old.own));
  DELETE FROM kin WHERE n = 0 AND (own, other) IN ((old.own, old.party), (old.party, old.own));
END;

CREATE TABLE policy (
  version      INTEGER PRIMARY KEY,
  document     TEXT NOT NULL,                                -- canonical JSON
  digest       BLOB NOT NULL CHECK (length(digest) = 32),
  state        TEXT NOT NULL CHECK (state IN ('proposed','in_force','replaced','withdrawn')),
  proposed_by  TEXT REFERENCES colleague(id),                -- NULL: it came with docket
  proposed_at  INTEGER NOT NULL,
  note         TEXT NOT NULL,
  agreed_by    TEXT REFERENCES colleague(id),                -- NULL: nobody agreed, or it came with docket
  agreed_at    INTEGER,                                      -- in force since
  withdrawn_by TEXT REFERENCES colleague(id),
  withdrawn_at INTEGER,
  CHECK ((state IN ('in_force','replaced')) = (agreed_at IS NOT NULL)),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((agreed_at IS NULL OR proposed_by IS NULL) = (agreed_by IS NULL)),
  CHECK (agreed_by IS NULL OR agreed_by <> proposed_by)      -- nobody is their own second person
) STRICT;

CREATE UNIQUE INDEX policy_alone ON policy(state) WHERE state IN ('proposed','in_force');

CREATE TRIGGER policy_stays BEFORE DELETE ON policy BEGIN SELECT raise(ABORT, 'a version of the policy stays'); END;

CREATE TRIGGER policy_holds BEFORE UPDATE ON policy
WHEN (new.version, new.document, new.digest, new.proposed_by, new.proposed_at, new.note) IS NOT
     (old.version, old.document, old.digest, old.proposed_by, old.proposed_at, old.note)
  OR (old.state, new.state) NOT IN (VALUES ('proposed','in_force'), ('proposed','withdrawn'), ('in_force','replaced'))
  OR old.state <> 'proposed' AND (new.agreed_by, new.agreed_at) IS NOT (old.agreed_by, old.agreed_at)
BEGIN SELECT raise(ABORT, 'a version of the policy is never changed'); END;

CREATE TRIGGER policy_follows BEFORE INSERT ON policy
WHEN new.version <> (SELECT ifnull(max(version), 0) + 1 FROM policy)
  OR (new.proposed_by IS NULL) <> (new.version = 1)
  OR new.state <> iif(new.version = 1, 'in_force', 'proposed')
BEGIN SELECT raise(ABORT, 'a policy is proposed first'); END;

CREATE TRIGGER policy_by_admin BEFORE INSERT ON policy
WHEN new.proposed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.proposed_by AND disabled = 0 AND role = 'admin')
BEGIN SELECT raise(ABORT, 'a policy is proposed by an admin'); END;

CREATE TRIGGER policy_agreed BEFORE UPDATE ON policy
WHEN new.state = 'in_force' AND (new.agreed_by IS NULL OR new.agreed_by = old.proposed_by
  OR NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.agreed_by AND disabled = 0 AND role = 'admin'))
BEGIN SELECT raise(ABORT, 'a policy is put in force by a second admin'); END;

CREATE TRIGGER approval_on_same_evidence BEFORE INSERT ON approval
WHEN new.answer = 'approve' AND
     (SELECT evidence FROM entry WHERE id = new.entry) IS NOT (SELECT evidence FROM entry WHERE id = new.decision)
BEGIN SELECT raise(ABORT, 'the evidence moved'); END;

CREATE TRIGGER approval_of_review BEFORE INSERT ON approval
WHEN NOT EXISTS (
  SELECT 1 FROM entry e JOIN decision d ON d.entry = new.decision
  WHERE e.id = new.entry AND e.review = d.review AND e.answers = d.entry AND e.by_ IS new.by_ AND e.at = new.at
  AND e.act = CASE new.answer WHEN 'approve' THEN 'approved' WHEN 'return' THEN 'returned' ELSE 'fell-back' END)
BEGIN SELECT raise(ABORT, 'an approval is what its entry says'); END;

CREATE TABLE wait (
  entry   INTEGER PRIMARY KEY REFERENCES entry(id),
  review  INTEGER NOT NULL REFERENCES review(id),
  by_     TEXT NOT NULL REFERENCES colleague(id),
  at      INTEGER NOT NULL,
  until   INTEGER NOT NULL,   -- the customer is to be reminded then, and the review wakes
  missing TEXT NOT NULL       -- JSON: the facts that the customer was asked for
) STRICT;

CREATE INDEX wait_of_review ON wait(review, entry);

CREATE TRIGGER wait_holds BEFORE UPDATE ON wait BEGIN SELECT raise(ABORT, 'a wait is never changed'); END;

CREATE TRIGGER wait_stays BEFORE DELETE ON wait BEGIN SELECT raise(ABORT, 'a wait stays'); END;

CREATE TRIGGER wait_once BEFORE INSERT ON wait
WHEN EXISTS (SELECT 1 FROM wait w WHERE w.review = new.review AND NOT EXISTS (SELECT 1 FROM wake k WHERE k.wait = w.entry))
BEGIN SELECT raise(ABORT, 'this review waits already'); END;

CREATE TABLE wake (
  wait  INTEGER PRIMARY KEY REFERENCES wait(entry),
  entry INTEGER NOT NULL REFERENCES entry(id),
  at    INTEGER NOT NULL,
  why   TEXT NOT NULL CHECK (why IN ('asked','day','evidence','closed'))
) STRICT;

CREATE TRIGGER wake_holds BEFORE UPDATE ON wake BEGIN SELECT raise(ABORT, 'a wake is never changed'); END;

CREATE TRIGGER wake_stays BEFORE DELETE ON wake BEGIN SELECT raise(ABORT, 'a wake stays'); END;

CREATE TABLE escalation (
  entry  INTEGER PRIMARY KEY REFERENCES entry(id),
  review INTEGER NOT NULL REFERENCES review(id),
  by_    TEXT NOT NULL REFERENCES colleague(id),
  to_    TEXT REFERENCES colleague(id),   -- NULL: any lead
  at     INTEGER NOT NULL
) STRICT;

CREATE INDEX escalation_of_review ON escalation(review, entry);

CREATE INDEX escalation_to        ON escalation(to_, review);

CREATE TRIGGER escalation_holds BEFORE UPDATE ON escalation BEGIN SELECT raise(ABORT, 'an escalation is never changed'); END;

CREATE TRIGGER escalation_stays BEFORE DELETE ON escalation BEGIN SELECT raise(ABORT, 'an escalation stays'); END;

CREATE TABLE attachment (
  entry  INTEGER PRIMARY KEY REFERENCES entry(id),
  review INTEGER NOT NULL REFERENCES review(id),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),  -- of file; an erasure takes that away and leaves this
  media  TEXT NOT NULL CHECK (media IN ('application/pdf','image/png','image/jpeg')),
  size   INTEGER NOT NULL
) STRICT;

CREATE INDEX attachment_of_review ON attachment(review, entry);

CREATE INDEX attachment_of_file   ON attachment(sha256);

CREATE TRIGGER attachment_holds BEFORE UPDATE ON attachment BEGIN SELECT raise(ABORT, 'an attachment is never changed'); END;

CREATE TRIGGER attachment_stays BEFORE DELETE ON attachment BEGIN SELECT raise(ABORT, 'an attachment stays'); END;

CREATE TABLE leaf (
  entry  INTEGER PRIMARY KEY REFERENCES entry(id),
  record BLOB NOT NULL,   -- canonical JSON
  salts  BLOB NOT NULL CHECK (length(salts) % 32 = 0),
  hashes BLOB NOT NULL CHECK (length(hashes) >= 32 AND length(hashes) % 32 = 0)
) STRICT;

CREATE TRIGGER leaf_holds BEFORE UPDATE ON leaf
WHEN (new.entry, new.record, new.hashes, length(new.salts)) IS NOT (old.entry, old.record, old.hashes, length(old.salts))
  OR EXISTS (
    SELECT 1 FROM json_each('[' || replace(hex(zeroblob(length(new.salts) / 32)), '00', '0,') || '0]') j  -- a row for each salt
    WHERE substr(new.salts, 1 + 32 * j.key, 32) NOT IN (substr(old.salts, 1 + 32 * j.key, 32), zeroblob(32)))
BEGIN SELECT raise(ABORT, 'a leaf is never changed'); END;

CREATE TRIGGER leaf_stays BEFORE DELETE ON leaf BEGIN SELECT raise(ABORT, 'a leaf stays'); END;

CREATE INDEX disposition_of_entry ON disposition(entry, match);

CREATE TABLE checkpoint (
  id   INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  note TEXT NOT NULL,        -- a signed note (C2SP tlog-checkpoint)
  at   INTEGER NOT NULL,
  why  TEXT NOT NULL CHECK (why IN ('asked','time','grown','exported','evidence','started','stopped'))
) STRICT;

CREATE TRIGGER checkpoint_holds BEFORE UPDATE ON checkpoint BEGIN SELECT raise(ABORT, 'a checkpoint is never changed'); END;

CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint BEGIN SELECT raise(ABORT, 'a checkpoint stays'); END;

CREATE TABLE keeping (
  checkpoint INTEGER NOT NULL REFERENCES checkpoint(id),
  keeper     TEXT NOT NULL,     -- a file, a command, an address, a file that a person took
  tries      INTEGER NOT NULL,
  at         INTEGER NOT NULL,  -- of the last try
  problem    TEXT NOT NULL,     -- of the last try; '': it is there
  PRIMARY KEY (checkpoint, keeper)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision_facet (
  facet TEXT NOT NULL CHECK (facet IN ('outcome','reason','policy','kind','list','party','second','corrected','late')),
  value TEXT NOT NULL,
  at    INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES decision(entry),
  PRIMARY KEY (facet, value, at, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX decision_facet_of ON decision_facet(entry, facet, value) WHERE facet IN ('kind','list','party');

CREATE TRIGGER decision_answered AFTER INSERT ON approval BEGIN
  DELETE FROM decision_facet WHERE facet = 'second' AND value = 'waiting' AND entry = new.decision
    AND at = (SELECT at FROM decision WHERE entry = new.decision);
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'second', new.answer, d.at, d.entry FROM decision d WHERE d.entry = new.decision;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'corrected', 'yes', c.at, c.entry FROM decision d JOIN decision c ON c.entry = d.corrects
    WHERE d.entry = new.decision AND new.answer = 'approve';
END;

CREATE TABLE access (
  id        INTEGER PRIMARY KEY,
  colleague TEXT NOT NULL REFERENCES colleague(id),
  what      TEXT NOT NULL CHECK (what IN ('queue','search','review','transaction','resource','payload','file','party','decisions','export','record','pages')),
  object    TEXT NOT NULL,                   -- which one; never a name or a text that somebody typed
  review    INTEGER REFERENCES review(id),   -- NULL: it belongs to none
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  CHECK (last_at >= first_at AND n > 0)
) STRICT;

CREATE INDEX access_by_time   ON access(first_at, id);

CREATE INDEX access_by_whom   ON access(colleague, first_at, id);

CREATE INDEX access_of_object ON access(object, what, first_at, id);

CREATE INDEX access_of_review ON access(review, id) WHERE review IS NOT NULL;

CREATE TRIGGER access_counts BEFORE UPDATE ON access
WHEN (new.id, new.colleague, new.what, new.object, new.review, new.first_at) IS NOT (old.id, old.colleague, old.what, old.object, old.review, old.first_at)
  OR new.last_at < old.last_at OR new.n < old.n
BEGIN SELECT raise(ABORT, 'an access is only counted'); END;

CREATE INDEX entry_by_whom      ON entry(by_, id) WHERE by_ IS NOT NULL;

CREATE INDEX entry_exported     ON entry(id) WHERE act = 'exported';

CREATE INDEX queue_by_reference ON queue(reference) WHERE reference <> '';

CREATE TABLE saved_view (
  id     INTEGER PRIMARY KEY,
  owner  TEXT NOT NULL REFERENCES colleague(id),
  name   TEXT NOT NULL,
  query  TEXT NOT NULL,                                -- of the address, in its one written form
  shared INTEGER NOT NULL CHECK (shared IN (0,1)),     -- everybody sees it
  at     INTEGER NOT NULL,
  UNIQUE (owner, name)
) STRICT;

CREATE INDEX saved_view_shared ON saved_view(name, id) WHERE shared = 1;

CREATE TABLE counted (
  review INTEGER NOT NULL,
  match  TEXT NOT NULL,
  entry  INTEGER NOT NULL,
  holds  INTEGER NOT NULL CHECK (holds IN (0,1)),  -- nobody took it back, and it is the newest such
  lists  TEXT NOT NULL,                            -- JSON
  PRIMARY KEY (review, match, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE decided (
  review    INTEGER PRIMARY KEY,
  entry     INTEGER NOT NULL,  -- the decision
  at        INTEGER NOT NULL,  -- when it took effect: at once, or when the second person agreed
  opened_at INTEGER NOT NULL,  -- the review's
  policy    INTEGER NOT NULL,  -- version that the decision was made under
  kinds     TEXT NOT NULL      -- JSON: kinds of report that it had findings on then, in order
) STRICT;

CREATE INDEX decided_by_time ON decided(at, opened_at, policy, kinds);

CREATE TABLE day_counter (
  what TEXT NOT NULL CHECK (what IN ('opened','left','made','answered','found','listed','missing','moved')),
  day  INTEGER NOT NULL,
  key  TEXT NOT NULL,
  part TEXT NOT NULL,
  n    INTEGER NOT NULL,
  PRIMARY KEY (what, day, key, part)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER counted_in AFTER INSERT ON counted WHEN new.holds = 1 BEGIN
  INSERT INTO day_counter SELECT 'found', e.at / 86400000, d.kind, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'missing', e.at / 86400000, d.missing, '', 1
    FROM disposition d JOIN entry e ON e.id = d.entry
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry AND d.finding = 'cannot_tell'
    ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER counted_moves AFTER UPDATE OF holds ON counted WHEN old.holds <> new.holds BEGIN
  INSERT INTO day_counter SELECT 'found', e.at / 86400000, d.kind, d.finding, new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT 'missing', e.at / 86400000, d.missing, '', new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry AND d.finding = 'cannot_tell'
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

CREATE TRIGGER disposition_counts AFTER INSERT ON disposition BEGIN
  UPDATE counted SET holds = 0 WHERE review = new.review AND match = new.match AND holds = 1;
  INSERT INTO counted VALUES (new.review, new.match, new.entry, 1,
    ifnull((SELECT l.lists FROM review r JOIN listed l ON l.root = r.root AND l.match = new.match WHERE r.id = new.review), '[]'));
END;

CREATE TRIGGER undone_counts AFTER INSERT ON entry WHEN new.undoes IS NOT NULL BEGIN
  UPDATE counted SET holds = 0 WHERE review = new.review AND entry = new.undoes AND holds = 1;
  UPDATE counted SET holds = 1 WHERE review = new.review AND holds = 0
    AND match IN (SELECT u.match FROM counted u WHERE u.review = new.review AND u.entry = new.undoes)
    AND entry = (SELECT max(x.entry) FROM counted x WHERE x.review = new.review AND x.match = counted.match
                 AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = x.entry));
END;

CREATE TRIGGER decision_counts AFTER INSERT ON decision BEGIN
  INSERT INTO day_counter VALUES ('made', new.at / 86400000, iif(new.corrects IS NULL, 'first', 'correction'), iif(new.second = 1, 'waiting', 'effect'), 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO decided SELECT new.review, new.entry, new.at, r.opened_at, new.policy,
      (SELECT json_group_array(k.kind) FROM (
         SELECT DISTINCT d.kind FROM counted c JOIN disposition d ON d.review = c.review AND d.match = c.match AND d.entry = c.entry
         WHERE c.review = new.review AND c.holds = 1 ORDER BY 1) k)
    FROM review r WHERE r.id = new.review AND new.second = 0 AND new.corrects IS NULL;
END;

CREATE TRIGGER approval_counts AFTER INSERT ON approval BEGIN
  INSERT INTO day_counter SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'), 'waiting', -1
    FROM decision d WHERE d.entry = new.decision ON CONFLICT DO UPDATE SET n = n - 1;
  INSERT INTO day_counter SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'), iif(new.answer = 'approve', 'effect', new.answer), 1
    FROM decision d WHERE d.entry = new.decision ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'answered', new.at / 86400000, e.reason, new.answer, 1
    FROM entry e WHERE e.id = new.decision ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO decided SELECT d.review, d.entry, new.at, r.opened_at, d.policy,
      (SELECT json_group_array(k.kind) FROM (
         SELECT DISTINCT x.kind FROM counted c JOIN disposition x ON x.review = c.review AND x.match = c.match AND x.entry = c.entry
         WHERE c.review = d.review AND c.holds = 1 ORDER BY 1) k)
    FROM decision d JOIN review r ON r.id = d.review WHERE d.entry = new.decision AND new.answer = 'approve' AND d.corrects IS NULL;
END;

CREATE TRIGGER review_counts AFTER INSERT ON review BEGIN
  INSERT INTO day_counter VALUES ('opened', new.opened_at / 86400000, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'left', new.closed_at / 86400000, '', '', 1 WHERE new.closing = 'persona' ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER review_reopens AFTER UPDATE OF opened_at ON review WHEN old.opened_at <> new.opened_at BEGIN
  UPDATE day_counter SET n = n - 1 WHERE what = 'opened' AND day = old.opened_at / 86400000;
  INSERT INTO day_counter VALUES ('opened', new.opened_at / 86400000, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE decided SET opened_at = new.opened_at WHERE review = new.id;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TRIGGER review_leaves AFTER UPDATE OF closing, closed_at ON review
WHEN (old.closing, old.closed_at) IS NOT (new.closing, new.closed_at) BEGIN
  UPDATE day_counter SET n = n - 1 WHERE old.closing = 'persona' AND what = 'left' AND day = old.closed_at / 86400000;
  INSERT INTO day_counter SELECT 'left', new.closed_at / 86400000, '', '', 1 WHERE new.closing = 'persona' ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE INDEX queue_halted ON queue(halted_since, root) WHERE halted_since IS NOT NULL AND state IN ('open','approval','waiting');

CREATE TABLE draw_seed (
  policy  INTEGER PRIMARY KEY,
  seed    BLOB NOT NULL CHECK (length(seed) = 32),
  made_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER draw_seed_holds BEFORE UPDATE ON draw_seed BEGIN SELECT raise(ABORT, 'a seed is never changed'); END;

CREATE TRIGGER draw_seed_stays BEFORE DELETE ON draw_seed BEGIN SELECT raise(ABORT, 'a seed stays'); END;

CREATE TABLE sample (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('finding','decision')),
  of       INTEGER NOT NULL REFERENCES entry(id),     -- the finding or the decision
  decision INTEGER NOT NULL REFERENCES decision(entry),  -- with which it took effect
  review   INTEGER NOT NULL REFERENCES review(id),
  drawn    INTEGER NOT NULL REFERENCES entry(id),     -- 'sampled': the draw, or the mark
  known    TEXT NOT NULL CHECK (known IN ('','false_positive','true_match','cannot_tell')),  -- the answer; '' drawn by lot
  turn     INTEGER NOT NULL,                          -- in which they are handed out: tells nothing
  report   TEXT NOT NULL,                             -- kind of report that the finding is on; '' a decision
  done     INTEGER NOT NULL CHECK (done IN (0,1)), withdrawn INTEGER REFERENCES entry(id),    -- it is handed out no more: answered, or its evidence is gone
  CHECK (known = '' OR kind = 'finding')
) STRICT;

CREATE INDEX sample_waiting      ON sample(known <> '', turn) WHERE done = 0;

CREATE INDEX sample_of_draw      ON sample(drawn);

CREATE TRIGGER sample_holds BEFORE UPDATE ON sample
WHEN (new.id, new.kind, new.of, new.decision, new.review, new.drawn, new.known, new.turn, new.report) IS NOT
     (old.id, old.kind, old.of, old.decision, old.review, old.drawn, old.known, old.turn, old.report) OR new.done < old.done
BEGIN SELECT raise(ABORT, 'a sample is never changed'); END;

CREATE TRIGGER sample_stays BEFORE DELETE ON sample BEGIN SELECT raise(ABORT, 'a sample stays'); END;

CREATE TABLE second_look (
  id       INTEGER PRIMARY KEY,
  token    TEXT NOT NULL UNIQUE,                     -- in its address
  sample   INTEGER NOT NULL REFERENCES sample(id),
  by_      TEXT NOT NULL REFERENCES colleague(id),
  taken_at INTEGER NOT NULL,
  until    INTEGER NOT NULL,                         -- unanswered, it lapses then
  left_at  INTEGER,                                  -- handed back
  entry    INTEGER UNIQUE REFERENCES entry(id),      -- 'examined': the answer
  differs  INTEGER CHECK (differs IN (0,1)),         -- from the first, or from the known answer
  UNIQUE (sample, by_),
  CHECK ((entry IS NULL) = (differs IS NULL)),
  CHECK (entry IS NULL OR left_at IS NULL)
) STRICT;

CREATE INDEX second_look_open    ON second_look(by_) WHERE entry IS NULL AND left_at IS NULL;

CREATE INDEX second_look_differs ON second_look(differs, id) WHERE differs = 1;

CREATE TRIGGER second_look_holds BEFORE UPDATE ON second_look
WHEN (new.id, new.token, new.sample, new.by_, new.taken_at, new.until) IS NOT (old.id, old.token, old.sample, old.by_, old.taken_at, old.until)
     OR old.entry IS NOT NULL OR old.left_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a second look is answered once'); END;

CREATE TRIGGER second_look_stays BEFORE DELETE ON second_look BEGIN SELECT raise(ABORT, 'a second look stays'); END;

CREATE TRIGGER second_look_by_another BEFORE INSERT ON second_look
WHEN new.by_ IN (SELECT e.by_ FROM sample s JOIN entry e ON e.id IN (s.of, s.decision, s.drawn) WHERE s.id = new.sample
                 UNION SELECT p.by_ FROM sample s JOIN approval p ON p.decision = s.decision WHERE s.id = new.sample AND p.by_ IS NOT NULL)
BEGIN SELECT raise(ABORT, 'nobody looks a second time at their own work'); END;

CREATE TRIGGER second_look_by_actor BEFORE INSERT ON second_look
WHEN NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('reviewer','lead','admin'))
BEGIN SELECT raise(ABORT, 'a second look is a reviewer''s, a lead''s or an admin''s'); END;

CREATE TRIGGER second_look_answer BEFORE UPDATE OF entry ON second_look
WHEN new.entry IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM entry e JOIN sample s ON s.id = new.sample
  WHERE e.id = new.entry AND e.act = 'examined' AND e.by_ = new.by_ AND e.review = s.review AND e.answers = s.of)
BEGIN SELECT raise(ABORT, 'an answer is what its entry says'); END;

CREATE TRIGGER second_look_once BEFORE UPDATE OF entry ON second_look
WHEN new.entry IS NOT NULL AND EXISTS (
  SELECT 1 FROM second_look l JOIN sample s ON s.id = l.sample WHERE l.sample = new.sample AND s.known = '' AND l.entry IS NOT NULL)
BEGIN SELECT raise(ABORT, 'this sample is answered'); END;

CREATE TABLE resolution (
  look   INTEGER PRIMARY KEY REFERENCES second_look(id),
  entry  INTEGER NOT NULL UNIQUE REFERENCES entry(id),   -- 'resolved'
  upheld TEXT NOT NULL CHECK (upheld IN ('first','second','third'))
) STRICT;

CREATE TRIGGER resolution_holds BEFORE UPDATE ON resolution BEGIN SELECT raise(ABORT, 'a resolution is never changed'); END;

CREATE TRIGGER resolution_stays BEFORE DELETE ON resolution BEGIN SELECT raise(ABORT, 'a resolution stays'); END;

CREATE TRIGGER resolution_by_lead BEFORE INSERT ON resolution
WHEN NOT EXISTS (
  SELECT 1 FROM entry e JOIN colleague c ON c.id = e.by_ JOIN second_look l ON l.id = new.look JOIN sample s ON s.id = l.sample JOIN entry f ON f.id = s.of
  WHERE e.id = new.entry AND e.act = 'resolved' AND e.answers = l.entry AND c.disabled = 0 AND c.role IN ('lead','admin')
  AND c.id <> l.by_ AND c.id <> f.by_ AND l.differs = 1 AND s.known = '')
BEGIN SELECT raise(ABORT, 'a lead who is neither of the two settles a disagreement'); END;

CREATE TABLE kept (
  root     INTEGER PRIMARY KEY,  -- resource
  subject  INTEGER NOT NULL,     -- see review.SubjectSign
  reviews  INTEGER NOT NULL,
  open     INTEGER NOT NULL CHECK (open IN (0,1)),      -- a review of it is not closed
  declined INTEGER NOT NULL CHECK (declined IN (0,1)),  -- a match is found true, or a decline took effect
  ended_at INTEGER NOT NULL,     -- its last close, else its newest state's own time
  -- Of the subject; NULL where another root is its first one.
  class    TEXT CHECK (class IN ('cleared','declined','unjudged')),
  since    INTEGER,                       -- its time runs from here; NULL: a review is open
  held     INTEGER CHECK (held IN (0,1)), -- a legal hold keeps it
  CHECK ((class IS NULL) = (held IS NULL)),
  CHECK (class IS NOT NULL OR since IS NULL)
) STRICT;

CREATE INDEX kept_due  ON kept(class, since / 604800000) WHERE held = 0 AND since IS NOT NULL;

CREATE INDEX kept_held ON kept(class, since, subject) WHERE held = 1;

CREATE TABLE kept_stale (root INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER review_kept AFTER INSERT ON review BEGIN INSERT OR IGNORE INTO kept_stale VALUES (new.root); END;

CREATE TRIGGER review_kept_on AFTER UPDATE OF state, closed_at ON review BEGIN INSERT OR IGNORE INTO kept_stale VALUES (new.root); END;

CREATE TRIGGER decision_kept AFTER INSERT ON decision BEGIN
  INSERT OR IGNORE INTO kept_stale SELECT root FROM review WHERE id = new.review;
END;

CREATE TRIGGER approval_kept AFTER INSERT ON approval BEGIN
  INSERT OR IGNORE INTO kept_stale SELECT r.root FROM decision d JOIN review r ON r.id = d.review WHERE d.entry = new.decision;
END;

CREATE TRIGGER counted_kept AFTER INSERT ON counted BEGIN
  INSERT OR IGNORE INTO kept_stale SELECT root FROM review WHERE id = new.review;
END;

CREATE TRIGGER counted_kept_on AFTER UPDATE OF holds ON counted BEGIN
  INSERT OR IGNORE INTO kept_stale SELECT root FROM review WHERE id = new.review;
END;

CREATE TABLE hold (
  entry   INTEGER PRIMARY KEY REFERENCES entry(id),
  subject INTEGER NOT NULL,
  by_     TEXT NOT NULL REFERENCES colleague(id),
  at      INTEGER NOT NULL,
  lifted  INTEGER UNIQUE REFERENCES entry(id)   -- NULL: it holds
) STRICT;

CREATE INDEX hold_active     ON hold(entry) WHERE lifted IS NULL;

CREATE INDEX hold_of_subject ON hold(subject, entry);

CREATE TABLE held_root (
  root INTEGER NOT NULL REFERENCES resource(id),
  hold INTEGER NOT NULL REFERENCES hold(entry),
  PRIMARY KEY (root, hold)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER hold_holds BEFORE UPDATE ON hold
WHEN old.lifted IS NOT NULL OR new.lifted IS NULL OR (new.entry, new.subject, new.by_, new.at) IS NOT (old.entry, old.subject, old.by_, old.at)
BEGIN SELECT raise(ABORT, 'a hold is only ever lifted, once'); END;

CREATE TRIGGER hold_stays BEFORE DELETE ON hold BEGIN SELECT raise(ABORT, 'a hold stays'); END;

CREATE TRIGGER hold_by_lead BEFORE INSERT ON hold
WHEN NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'a hold is set by a lead or an admin'); END;

CREATE TRIGGER hold_lifted_by_lead BEFORE UPDATE OF lifted ON hold
WHEN NOT EXISTS (SELECT 1 FROM entry e JOIN colleague c ON c.id = e.by_ WHERE e.id = new.lifted AND e.act = 'hold' AND e.answers = new.entry
                 AND c.disabled = 0 AND c.role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'a hold is lifted by a lead or an admin'); END;

CREATE TRIGGER held_root_holds BEFORE UPDATE ON held_root BEGIN SELECT raise(ABORT, 'a held root is never changed'); END;

CREATE TRIGGER held_root_stays BEFORE DELETE ON held_root BEGIN SELECT raise(ABORT, 'a held root stays'); END;

CREATE TABLE erasure_request (
  entry    INTEGER PRIMARY KEY REFERENCES entry(id),
  by_      TEXT NOT NULL REFERENCES colleague(id),
  at       INTEGER NOT NULL,
  ground   TEXT NOT NULL CHECK (ground IN ('retention-over','persons-request','order','captured-by-mistake')),
  subjects INTEGER NOT NULL CHECK (subjects BETWEEN 1 AND 500),
  list     BLOB NOT NULL CHECK (length(list) = 32)  -- digest of what would go, as it was asked for
) STRICT;

CREATE TRIGGER erasure_request_holds BEFORE UPDATE ON erasure_request BEGIN SELECT raise(ABORT, 'an erasure request is never changed'); END;

CREATE TRIGGER erasure_request_stays BEFORE DELETE ON erasure_request BEGIN SELECT raise(ABORT, 'an erasure request stays'); END;

CREATE TRIGGER erasure_request_by_lead BEFORE INSERT ON erasure_request
WHEN NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'an erasure is asked for by a lead or an admin'); END;

CREATE TABLE erasure_subject (
  request INTEGER NOT NULL REFERENCES erasure_request(entry),
  subject INTEGER NOT NULL,
  roots   TEXT NOT NULL,          -- JSON: its resources that reviews are about, as it was asked for
  state   TEXT NOT NULL CHECK (state IN ('asked','erased','kept')),  -- kept: a hold or an open review came between
  goes    TEXT NOT NULL,          -- JSON: what would go, counted as it was asked for
  PRIMARY KEY (request, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX erasure_subject_asked ON erasure_subject(subject, request) WHERE state = 'asked';

CREATE TRIGGER erasure_subject_holds BEFORE UPDATE ON erasure_subject
WHEN old.state <> 'asked' OR new.state = 'asked' OR (new.request, new.subject, new.roots, new.goes) IS NOT (old.request, old.subject, old.roots, old.goes)
  OR (SELECT answer FROM erasure_answer WHERE request = old.request) IS NOT 'agree'
BEGIN SELECT raise(ABORT, 'what an erasure is about is never changed'); END;

CREATE TRIGGER erasure_subject_stays BEFORE DELETE ON erasure_subject BEGIN SELECT raise(ABORT, 'what an erasure is about stays'); END;

CREATE TRIGGER erasure_subject_late BEFORE INSERT ON erasure_subject
WHEN (SELECT count(*) FROM erasure_subject WHERE request = new.request) >= (SELECT subjects FROM erasure_request WHERE entry = new.request)
BEGIN SELECT raise(ABORT, 'this request has its subjects'); END;

CREATE TABLE erasure_answer (
  request INTEGER PRIMARY KEY REFERENCES erasure_request(entry),
  entry   INTEGER NOT NULL UNIQUE REFERENCES entry(id),
  answer  TEXT NOT NULL CHECK (answer IN ('agree','refuse')),
  by_     TEXT NOT NULL REFERENCES colleague(id),
  at      INTEGER NOT NULL,
  list    BLOB NOT NULL          -- digest of what would go, as it was answered
) STRICT;

CREATE TRIGGER erasure_answer_holds BEFORE UPDATE ON erasure_answer BEGIN SELECT raise(ABORT, 'an answer is never changed'); END;

CREATE TRIGGER erasure_answer_stays BEFORE DELETE ON erasure_answer BEGIN SELECT raise(ABORT, 'an answer stays'); END;

CREATE TRIGGER erasure_answer_by_another BEFORE INSERT ON erasure_answer
WHEN new.answer = 'agree' AND new.by_ = (SELECT by_ FROM erasure_request WHERE entry = new.request)
BEGIN SELECT raise(ABORT, 'nobody is their own second person'); END;

CREATE TRIGGER erasure_answer_by_lead BEFORE INSERT ON erasure_answer
WHEN NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'an erasure is answered by a lead or an admin'); END;

CREATE TRIGGER erasure_answer_asked_by_lead BEFORE INSERT ON erasure_answer
WHEN new.answer = 'agree' AND NOT EXISTS (SELECT 1 FROM erasure_request q JOIN colleague c ON c.id = q.by_
  WHERE q.entry = new.request AND c.disabled = 0 AND c.role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'whoever asked for it may no longer'); END;

CREATE TRIGGER erasure_answer_on_same_list BEFORE INSERT ON erasure_answer
WHEN new.answer = 'agree' AND (
  new.list IS NOT (SELECT list FROM erasure_request WHERE entry = new.request) OR
  (SELECT count(*) FROM erasure_subject WHERE request = new.request) IS NOT (SELECT subjects FROM erasure_request WHERE entry = new.request))
BEGIN SELECT raise(ABORT, 'what would go has changed'); END;

CREATE TABLE erased_root (
  root    INTEGER NOT NULL REFERENCES resource(id),
  request INTEGER NOT NULL REFERENCES erasure_request(entry),
  entry   INTEGER NOT NULL UNIQUE REFERENCES entry(id),  -- erased
  at      INTEGER NOT NULL,
  PRIMARY KEY (root, request)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER erased_root_by_two BEFORE INSERT ON erased_root
WHEN (SELECT answer FROM erasure_answer WHERE request = new.request) IS NOT 'agree' OR (SELECT act FROM entry WHERE id = new.entry) IS NOT 'erased'
BEGIN SELECT raise(ABORT, 'an erasure needs two people'); END;

CREATE TRIGGER erased_root_on_hold BEFORE INSERT ON erased_root
WHEN EXISTS (SELECT 1 FROM held_root x JOIN hold h ON h.entry = x.hold WHERE x.root = new.root AND h.lifted IS NULL)
BEGIN SELECT raise(ABORT, 'a legal hold keeps it'); END;

CREATE TRIGGER erased_root_holds BEFORE UPDATE ON erased_root BEGIN SELECT raise(ABORT, 'an erased root is never changed'); END;

CREATE TRIGGER erased_root_stays BEFORE DELETE ON erased_root BEGIN SELECT raise(ABORT, 'an erased root stays'); END;

CREATE TRIGGER erased_root_kept AFTER INSERT ON erased_root BEGIN INSERT OR IGNORE INTO kept_stale VALUES (new.root); END;

CREATE TABLE erased_entry (
  entry INTEGER PRIMARY KEY REFERENCES entry(id),
  by_   INTEGER NOT NULL REFERENCES erased_root(entry)
) STRICT;

CREATE TRIGGER erased_entry_holds BEFORE UPDATE ON erased_entry BEGIN SELECT raise(ABORT, 'an erased entry is never changed'); END;

CREATE TRIGGER erased_entry_stays BEFORE DELETE ON erased_entry BEGIN SELECT raise(ABORT, 'an erased entry stays'); END;

CREATE TRIGGER entry_holds BEFORE UPDATE ON entry
WHEN NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = old.id) OR new.note <> '' OR new.status <> '' OR new.matches <> '[]' OR
  (new.id, new.review, new.at, new.act, new.by_, new.by_name, new.by_role, new.finding, new.outcome, new.reason, new.evidence, new.undoes,
   new.answers, new.detail, new.comparator, new.policy) IS NOT
  (old.id, old.review, old.at, old.act, old.by_, old.by_name, old.by_role, old.finding, old.outcome, old.reason, old.evidence, old.undoes,
   old.answers, old.detail, old.comparator, old.policy)
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;

CREATE TRIGGER disposition_holds BEFORE UPDATE ON disposition
WHEN new.identity <> '' OR new.whose <> '' OR new.seen <> zeroblob(32)
  OR (new.review, new.entry, new.finding, new.kind, new.carries, new.missing) IS NOT
     (old.review, old.entry, old.finding, old.kind, old.carries, old.missing)
  OR (new.match, new.party) IS NOT (old.match, old.party) AND (
     new.party <> '' OR new.match NOT GLOB 'erased-[0-9][0-9][0-9][0-9][0-9][0-9]' OR NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = old.entry))
BEGIN SELECT raise(ABORT, 'a disposition is never changed'); END;

CREATE INDEX erasure_due   ON erasure(id) WHERE due = 1 AND held = 0;

CREATE INDEX erasure_held  ON erasure(id) WHERE held = 1;

CREATE INDEX erasure_again ON erasure(again_at) WHERE again_at IS NOT NULL;

CREATE INDEX entry_bond ON entry(at) WHERE act = 'colleague';

CREATE VIEW bond AS
  SELECT by_ AS by_, detail ->> 'lets-in' AS whom, at AS at FROM entry WHERE act = 'colleague' AND by_ IS NOT NULL AND detail ->> 'lets-in' IS NOT NULL;

CREATE TRIGGER policy_by_two BEFORE UPDATE ON policy
WHEN new.state = 'in_force' AND EXISTS (
  SELECT 1 FROM bond t WHERE t.at > new.agreed_at - 86400000 AND (
    (t.by_, t.whom) IN ((old.proposed_by, new.agreed_by), (new.agreed_by, old.proposed_by))
    OR t.whom = old.proposed_by AND EXISTS (SELECT 1 FROM bond u WHERE u.by_ = t.by_ AND u.whom = new.agreed_by AND u.at > new.agreed_at - 86400000)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;

CREATE TRIGGER approval_by_two BEFORE INSERT ON approval
WHEN new.answer = 'approve' AND EXISTS (
  SELECT 1 FROM bond t JOIN decision d ON d.entry = new.decision
  WHERE t.at > new.at - 86400000 AND (t.by_, t.whom) IN ((d.by_, new.by_), (new.by_, d.by_)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;

CREATE TRIGGER erasure_answer_by_two BEFORE INSERT ON erasure_answer
WHEN new.answer = 'agree' AND EXISTS (
  SELECT 1 FROM bond t JOIN erasure_request q ON q.entry = new.request WHERE t.at > new.at - 86400000 AND (
    (t.by_, t.whom) IN ((q.by_, new.by_), (new.by_, q.by_))
    OR t.whom = q.by_ AND EXISTS (SELECT 1 FROM bond u WHERE u.by_ = t.by_ AND u.whom = new.by_ AND u.at > new.at - 86400000)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;

CREATE UNIQUE INDEX sample_once ON sample(of, known <> '') WHERE withdrawn IS NULL;

CREATE TRIGGER sample_withdrawn BEFORE UPDATE OF withdrawn ON sample
WHEN old.withdrawn IS NOT NULL OR new.done = 0 OR old.known = '' OR NOT EXISTS (
  SELECT 1 FROM entry e JOIN colleague c ON c.id = e.by_
  WHERE e.id = new.withdrawn AND e.act = 'sampled' AND e.answers = old.of AND c.disabled = 0 AND c.role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'a mark is taken back once, by a lead or an admin'); END;

CREATE INDEX review_closed     ON review(root, closed_at) WHERE closed_at IS NOT NULL;

CREATE INDEX decision_declines ON decision(review) WHERE outcome = 'decline';

CREATE INDEX disposition_true  ON disposition(review, match, entry) WHERE finding = 'true_match';

CREATE TRIGGER counted_forgets AFTER UPDATE OF lists ON counted WHEN old.lists <> new.lists BEGIN
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, -1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(old.lists) j
    WHERE old.holds = 1 AND d.review = old.review AND d.match = old.match AND d.entry = old.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE new.holds = 1 AND d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE TABLE access_seal (
  entry INTEGER PRIMARY KEY REFERENCES entry(id),
  first INTEGER NOT NULL,                      -- numbers of rows
  last  INTEGER NOT NULL,
  until INTEGER NOT NULL,                      -- the newest instant in its rows
  salt  BLOB CHECK (length(salt) = 32),        -- NULL: they went
  hints BLOB CHECK (length(hints) % 16 = 0),   -- number and hint of each row, 8 bytes each
  CHECK (first <= last),
  CHECK ((salt IS NULL) = (hints IS NULL))
) STRICT;

CREATE UNIQUE INDEX access_seal_last ON access_seal(last);

CREATE INDEX access_seal_due ON access_seal(until, entry) WHERE salt IS NOT NULL;

CREATE TRIGGER access_seal_stays BEFORE DELETE ON access_seal BEGIN SELECT raise(ABORT, 'a seal stays'); END;

CREATE TRIGGER access_seal_holds BEFORE UPDATE ON access_seal
WHEN (new.entry, new.first, new.last, new.until) IS NOT (old.entry, old.first, old.last, old.until) OR new.salt IS NOT NULL
BEGIN SELECT raise(ABORT, 'a seal only loses its rows'); END;

CREATE TRIGGER access_seal_follows BEFORE INSERT ON access_seal
WHEN new.first <= (SELECT max(last) FROM access_seal) BEGIN SELECT raise(ABORT, 'a seal comes behind the one before it'); END;

CREATE TRIGGER access_follows BEFORE INSERT ON access
WHEN new.id <= (SELECT max(last) FROM access_seal) BEGIN SELECT raise(ABORT, 'this span of the access log is sealed'); END;

CREATE TRIGGER access_holds BEFORE UPDATE ON access
WHEN old.id <= (SELECT max(last) FROM access_seal) BEGIN SELECT raise(ABORT, 'this span of the access log is sealed'); END;

CREATE TRIGGER access_stays BEFORE DELETE ON access
WHEN NOT EXISTS (SELECT 1 FROM access_seal s WHERE old.id <= s.last AND s.last = (SELECT min(last) FROM access_seal WHERE last >= old.id)
                 AND s.salt IS NULL)
BEGIN SELECT raise(ABORT, 'an access goes with the span that it is sealed in'); END;

CREATE TABLE put_off (
  kind  INTEGER PRIMARY KEY CHECK (kind IN (0,1,3,4)),  -- fingerprints of payloads, of resources; facets of reviews, of fallback rows
  after INTEGER NOT NULL
) STRICT;

CREATE TRIGGER decision_found AFTER INSERT ON decision BEGIN
  INSERT INTO decision_facet (facet, value, at, entry) VALUES
    ('outcome', new.outcome, new.at, new.entry), ('policy', new.policy, new.at, new.entry);
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'reason', e.reason, new.at, new.entry FROM entry e WHERE e.id = new.entry;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'second', 'waiting', new.at, new.entry WHERE new.second = 1;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'corrected', 'correction', new.at, new.entry WHERE new.corrects IS NOT NULL;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'corrected', 'yes', d.at, d.entry FROM decision d WHERE d.entry = new.corrects AND new.second = 0;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'kind', l.kind, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'list', s.value, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l CROSS JOIN json_each(l.lists) s
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone' AND s.value <> '';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'party', p.value, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l CROSS JOIN json_each(json_array(l.own, l.party)) p
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT f.facet, f.value, new.at, new.entry FROM decision_facet f WHERE f.entry = new.corrects AND f.facet IN ('kind','list','party');
END;

