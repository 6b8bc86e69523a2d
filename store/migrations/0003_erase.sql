-- What Persona says is gone is gone here too: our copies lose the personal parts, what was decided
-- stays.

-- Of a payload that lost some: when, and what is left of it. Its digest and size stay those of what
-- came.
ALTER TABLE payload ADD COLUMN erased_at   INTEGER;
ALTER TABLE payload ADD COLUMN left_sha256 BLOB CHECK (length(left_sha256) = 32);
ALTER TABLE payload ADD COLUMN left_size   INTEGER;
ALTER TABLE payload ADD COLUMN searched    INTEGER NOT NULL DEFAULT 0;  -- one that nobody could read: for erasures up to this one

CREATE INDEX payload_of_body  ON payload(body);    -- what shares a frame with what is erased
CREATE INDEX snapshot_of_pack ON snapshot(pack);

-- An erasure is a resource whose personal data is gone at Persona: of its states up to a time, or
-- of all.
CREATE TABLE erasure (
  id        INTEGER PRIMARY KEY,
  resource  INTEGER NOT NULL UNIQUE REFERENCES resource(id),
  until     INTEGER NOT NULL,   -- its states up to here
  ground    TEXT NOT NULL,      -- what told: an event of Persona's, else the digest of a payload
  erased_at INTEGER,            -- when ours first were, NULL: not yet
  due       INTEGER NOT NULL CHECK (due IN (0,1))  -- there may be something to erase
) STRICT;
CREATE INDEX erasure_due ON erasure(id) WHERE due = 1;
CREATE TRIGGER erasure_stays BEFORE DELETE ON erasure BEGIN SELECT raise(ABORT, 'an erasure stays'); END;

-- An erased state is a state that lost its personal parts, by the digest it had, with the digest of
-- what is left. What is left is there too, as itself.
CREATE TABLE erased_state (
  resource INTEGER NOT NULL,
  sha256   BLOB NOT NULL,
  left     BLOB NOT NULL,
  PRIMARY KEY (resource, sha256)
) STRICT, WITHOUT ROWID;
