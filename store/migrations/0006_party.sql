-- Which listed party stands behind which match, across reviews: made, as the queue is.

-- A listed match is one match of a root that has a review, with the finding on it that holds. A
-- match that is judged stays here when its report does not give it any more, unless its root was
-- erased.
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
CREATE INDEX listed_of_party ON listed(own, seen_at, match, root, finding);              -- Party
CREATE INDEX listed_judged   ON listed(own, entry, subject, finding) WHERE finding <> ''; -- Precedents
CREATE INDEX listed_of_subject ON listed(subject, root) WHERE finding <> '';             -- ReviewFile: judged beside
CREATE INDEX listed_merged   ON listed(own, party, seen_at, match) WHERE own <> party;   -- Party: why they are one

-- Kin are two keys that stood together in one party, with how many matches say so: both ways.
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
