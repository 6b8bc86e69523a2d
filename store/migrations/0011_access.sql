-- What a decision is found by, beside its time and who made it: written when it is made, by the
-- triggers below, and never thrown away, for lists and matches move on and what a decision was about
-- does not. Values: the outcome; the main reason; the version of the policy; a kind of report, a list, a
-- key of a party of the matches that were judged; second: waiting, approve, return, moved, nothing
-- where no second person is asked for; corrected: yes of one that a later one in effect corrects,
-- correction of one that corrects; late: yes of one after the target of its policy.
CREATE TABLE decision_facet (
  facet TEXT NOT NULL CHECK (facet IN ('outcome','reason','policy','kind','list','party','second','corrected','late')),
  value TEXT NOT NULL,
  at    INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES decision(entry),
  PRIMARY KEY (facet, value, at, entry)
) STRICT, WITHOUT ROWID;
-- facetsOfDecision
CREATE INDEX decision_facet_of ON decision_facet(entry, facet, value) WHERE facet IN ('kind','list','party');

CREATE TRIGGER decision_found AFTER INSERT ON decision BEGIN
  INSERT INTO decision_facet (facet, value, at, entry) VALUES
    ('outcome', new.outcome, new.at, new.entry), ('policy', new.policy, new.at, new.entry);
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'reason', e.reason, new.at, new.entry FROM entry e WHERE e.id = new.entry;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'second', 'waiting', new.at, new.entry WHERE new.second = 1;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'corrected', 'correction', new.at, new.entry WHERE new.corrects IS NOT NULL;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'corrected', 'yes', d.at, d.entry FROM decision d WHERE d.entry = new.corrects AND new.second = 0;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'kind', l.kind, new.at, new.entry FROM entry e, json_each(e.matches) m, review r, listed l
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'list', s.value, new.at, new.entry FROM entry e, json_each(e.matches) m, review r, listed l, json_each(l.lists) s
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND s.value <> '';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'party', p.value, new.at, new.entry FROM entry e, json_each(e.matches) m, review r, listed l, json_each(json_array(l.own, l.party)) p
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT f.facet, f.value, new.at, new.entry FROM decision_facet f WHERE f.entry = new.corrects AND f.facet IN ('kind','list','party');
END;

CREATE TRIGGER decision_answered AFTER INSERT ON approval BEGIN
  DELETE FROM decision_facet WHERE facet = 'second' AND value = 'waiting' AND entry = new.decision
    AND at = (SELECT at FROM decision WHERE entry = new.decision);
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'second', new.answer, d.at, d.entry FROM decision d WHERE d.entry = new.decision;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'corrected', 'yes', c.at, c.entry FROM decision d JOIN decision c ON c.entry = d.corrects
    WHERE d.entry = new.decision AND new.answer = 'approve';
END;

-- A colleague who had personal data before them: one row for what comes within ten minutes of
-- the first time. Rows are removed when their time of keeping has passed, and changed only by counting.
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
CREATE INDEX access_by_time   ON access(first_at, id);                        -- accessOlder
CREATE INDEX access_by_whom   ON access(colleague, first_at, id);             -- accessOlderBy
CREATE INDEX access_of_object ON access(object, what, first_at, id);          -- accessOlderOf
CREATE INDEX access_of_review ON access(review, id) WHERE review IS NOT NULL; -- its foreign key
CREATE TRIGGER access_counts BEFORE UPDATE ON access
WHEN (new.id, new.colleague, new.what, new.object, new.review, new.first_at) IS NOT (old.id, old.colleague, old.what, old.object, old.review, old.first_at)
  OR new.last_at < old.last_at OR new.n < old.n
BEGIN SELECT raise(ABORT, 'an access is only counted'); END;

-- What a colleague did, what left, and what a reference is about: see recordpage.go.
CREATE INDEX entry_by_whom      ON entry(by_, id) WHERE by_ IS NOT NULL;
CREATE INDEX entry_exported     ON entry(id) WHERE act = 'exported';
CREATE INDEX queue_by_reference ON queue(reference) WHERE reference <> '';  -- also findSubject

-- A way to look at the decisions that somebody gave a name: filters, order of columns. No text that was
-- searched for is kept in it, for it may be a name.
CREATE TABLE saved_view (
  id     INTEGER PRIMARY KEY,
  owner  TEXT NOT NULL REFERENCES colleague(id),
  name   TEXT NOT NULL,
  query  TEXT NOT NULL,                                -- of the address, in its one written form
  shared INTEGER NOT NULL CHECK (shared IN (0,1)),     -- everybody sees it
  at     INTEGER NOT NULL,
  UNIQUE (owner, name)
) STRICT;
CREATE INDEX saved_view_shared ON saved_view(name, id) WHERE shared = 1;  -- savedViews
