-- The ledger: every entry of the trail as a leaf of one tree, and what it was signed as.

-- A leaf is the record of one entry (docs/ledger.md), the salts of its sealed fields one after the
-- other in the order of their names, and the hashes that it completed in the tree, its own first. It
-- is written in the same SQL transaction as the entry. An erasure turns salts to zeros; nothing else
-- ever changes.
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

CREATE INDEX disposition_of_entry ON disposition(entry, match);  -- what an entry's record covers

-- A checkpoint is what the ledger was at one size, as it was signed.
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

-- A keeping is a checkpoint on its way to one keeper outside this machine's database, or there.
CREATE TABLE keeping (
  checkpoint INTEGER NOT NULL REFERENCES checkpoint(id),
  keeper     TEXT NOT NULL,     -- a file, a command, an address, a file that a person took
  tries      INTEGER NOT NULL,
  at         INTEGER NOT NULL,  -- of the last try
  problem    TEXT NOT NULL,     -- of the last try; '': it is there
  PRIMARY KEY (checkpoint, keeper)
) STRICT, WITHOUT ROWID;
