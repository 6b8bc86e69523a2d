-- How long records are kept, what keeps them longer, and how they go.

-- A kept root is a root with what says how long its subject is kept. Made from what else is there, by
-- writeKept. The roots of a subject are found by fingerprint (store/keptsubject.go); its first one, by
-- number, has what all of them say together.
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
-- By week: times come in no order in an import, and each would change a page of its own.
CREATE INDEX kept_due  ON kept(class, since / 604800000) WHERE held = 0 AND since IS NOT NULL;  -- dueOfClass
CREATE INDEX kept_held ON kept(class, since, subject) WHERE held = 1;                           -- RetentionHeld

-- A stale root is one whose row in kept is to be made again before its SQL transaction ends.
CREATE TABLE kept_stale (root INTEGER PRIMARY KEY) STRICT;
INSERT INTO kept_stale SELECT resource FROM root;
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


-- A hold is a lead's or an admin's word that nothing of a subject may go, for a court or an
-- authority. Why is the note of its entry.
CREATE TABLE hold (
  entry   INTEGER PRIMARY KEY REFERENCES entry(id),
  subject INTEGER NOT NULL,
  by_     TEXT NOT NULL REFERENCES colleague(id),
  at      INTEGER NOT NULL,
  lifted  INTEGER UNIQUE REFERENCES entry(id)   -- NULL: it holds
) STRICT;
CREATE INDEX hold_active     ON hold(entry) WHERE lifted IS NULL;
CREATE INDEX hold_of_subject ON hold(subject, entry);
-- A held root is one that the subject had when the hold was set: what became of the subject's sign
-- later, it is held.
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

-- An erasure request is one person's wish that some subjects' personal data go. In whose words is
-- the note of its entry.
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

-- An erasure subject is one subject of a request, and what became of it.
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

-- An erasure answer is what a second person said to a request; of many at once, one wins.
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

-- An erased root is a root that lost its personal data by such a request, with the entry that says so.
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

-- An erased entry is one whose words and match keys went, with the entry that names it as such.
CREATE TABLE erased_entry (
  entry INTEGER PRIMARY KEY REFERENCES entry(id),
  by_   INTEGER NOT NULL REFERENCES erased_root(entry)
) STRICT;
CREATE TRIGGER erased_entry_holds BEFORE UPDATE ON erased_entry BEGIN SELECT raise(ABORT, 'an erased entry is never changed'); END;
CREATE TRIGGER erased_entry_stays BEFORE DELETE ON erased_entry BEGIN SELECT raise(ABORT, 'an erased entry stays'); END;

-- The one way in which an entry, and a finding, ever changes.
DROP TRIGGER entry_holds;
CREATE TRIGGER entry_holds BEFORE UPDATE ON entry
WHEN NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = old.id) OR new.note <> '' OR new.status <> '' OR new.matches <> '[]' OR
  (new.id, new.review, new.at, new.act, new.by_, new.by_name, new.by_role, new.finding, new.outcome, new.reason, new.evidence, new.undoes,
   new.answers, new.detail, new.comparator, new.policy) IS NOT
  (old.id, old.review, old.at, old.act, old.by_, old.by_name, old.by_role, old.finding, old.outcome, old.reason, old.evidence, old.undoes,
   old.answers, old.detail, old.comparator, old.policy)
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;

DROP TRIGGER disposition_holds;
CREATE TRIGGER disposition_holds BEFORE UPDATE ON disposition
WHEN new.identity <> '' OR new.whose <> '' OR new.seen <> zeroblob(32)
  OR (new.review, new.entry, new.finding, new.kind, new.carries, new.missing) IS NOT
     (old.review, old.entry, old.finding, old.kind, old.carries, old.missing)
  OR (new.match, new.party) IS NOT (old.match, old.party) AND (
     new.party <> '' OR new.match NOT GLOB 'erased-[0-9][0-9][0-9][0-9][0-9][0-9]' OR NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = old.entry))
BEGIN SELECT raise(ABORT, 'a disposition is never changed'); END;

-- What Persona has erased waits while a hold keeps it, and what was erased may be sent again.
ALTER TABLE erasure ADD COLUMN held     INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0,1));
ALTER TABLE erasure ADD COLUMN again_at INTEGER;  -- when it was last sent again, NULL never
DROP INDEX erasure_due;
CREATE INDEX erasure_due   ON erasure(id) WHERE due = 1 AND held = 0;
CREATE INDEX erasure_held  ON erasure(id) WHERE held = 1;
CREATE INDEX erasure_again ON erasure(again_at) WHERE again_at IS NOT NULL;
