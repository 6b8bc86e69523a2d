-- Which webhook secrets are in use, and which pushes are under way.

-- A signer is a webhook secret that signed receipts, by its short digest.
CREATE TABLE signer (
  secret  TEXT PRIMARY KEY,
  since   INTEGER NOT NULL,   -- its first receipt
  last_at INTEGER NOT NULL    -- its newest, repeats included
) STRICT, WITHOUT ROWID;
INSERT INTO signer SELECT secret, min(at), max(last_at) FROM delivery GROUP BY secret;

-- Of a push: since when an attempt is under way whose end nobody has noted.
ALTER TABLE push ADD COLUMN begun_at INTEGER;
