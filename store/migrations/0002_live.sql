-- What arrives by itself, what is to be fetched, and what Persona is to be told. All of it is
-- kept: nobody can make it again.

-- A delivery is one webhook receipt; its bytes are a payload like any other. A repeat of bytes
-- that are here counts on the first receipt.
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
CREATE UNIQUE INDEX delivery_event ON delivery(event) WHERE event IS NOT NULL AND clash = '';  -- the replay guard

-- What was asked for, so that an event that no webhook brought is taken in once.
CREATE INDEX payload_asked ON payload(event) WHERE source = 'api';  -- UnknownEvents

-- An hour is how many receipts one hour since 1970 brought.
CREATE TABLE delivery_hour (
  hour       INTEGER PRIMARY KEY,
  deliveries INTEGER NOT NULL,
  repeats    INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,   -- its newest receipt
  quiet      INTEGER NOT NULL    -- the longest time without any receipt that ended in it, in ms
) STRICT;

-- An errand is one thing to fetch from Persona, once per cause.
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
  problem TEXT NOT NULL,
  UNIQUE (kind, type, rid, cause)
) STRICT;
CREATE INDEX errand_due      ON errand(next_at, id) WHERE state = 'waiting';
CREATE INDEX errand_by_state ON errand(state, id);           -- the intake page

-- A file is our own copy of what one of Persona's links led to.
CREATE TABLE file (
  sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  media  TEXT NOT NULL,
  size   INTEGER NOT NULL,
  body   BLOB NOT NULL
) STRICT;

-- A file is known by the link, without its secret, under which a resource named it. Other bytes
-- under the same link are another file.
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

-- A push is one act at Persona that follows from a decision.
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
) STRICT;
CREATE INDEX push_due       ON push(next_at, id) WHERE state = 'waiting';
CREATE INDEX push_of_review ON push(review, id);
CREATE INDEX push_of_target ON push(rid, id) WHERE act IN ('status','inquiry','case');  -- echoes
CREATE INDEX push_by_state  ON push(state, id);                     -- the intake page
CREATE TRIGGER push_stays BEFORE DELETE ON push BEGIN SELECT raise(ABORT, 'a push stays'); END;

-- A live counter is how many errands or pushes are in a state.
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

-- A screening is a transaction that was asked for from here.
CREATE TABLE screening (
  key  TEXT PRIMARY KEY,         -- of the form: sending it twice screens once
  txn  TEXT NOT NULL,            -- Persona's id; '' until it answers
  by_  TEXT NOT NULL,            -- a colleague, or the command line
  at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX screening_of_txn ON screening(txn);
