-- What findings rest on, and what people saw.

-- A premise is one checkable fact that a finding rests on: of all dispositions of one entry, which
-- are about one party. Both sides are as they stood; an erasure empties them, and nothing else
-- ever changes.
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

-- A look is a colleague who had a review open on some evidence, at the newest time. It is written
-- anew at most every ten minutes.
CREATE TABLE look (
  review    INTEGER NOT NULL REFERENCES review(id),
  colleague TEXT NOT NULL REFERENCES colleague(id),
  evidence  BLOB NOT NULL REFERENCES evidence(digest),
  at        INTEGER NOT NULL,
  PRIMARY KEY (review, colleague, evidence)
) STRICT, WITHOUT ROWID;
