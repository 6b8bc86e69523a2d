-- The access log, sealed: an entry of the trail speaks for every span of it.

-- A seal is a span of the access log that is counted no more, with what its entry of act 'seen' was made
-- from. Its rows go together, when their time of keeping has passed, and salt and hints with them.
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
CREATE UNIQUE INDEX access_seal_last ON access_seal(last);                         -- accessSealed
CREATE INDEX access_seal_due ON access_seal(until, entry) WHERE salt IS NOT NULL;  -- ExpireAccess
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
