-- What a bulk import has put off, so that not every commit of it writes to pages all over the file: of the
-- rows of a kind behind one there are no fingerprints, or facets, yet (store/putoff.go).
CREATE TABLE put_off (
  kind  INTEGER PRIMARY KEY CHECK (kind IN (0,1,3,4)),  -- fingerprints of payloads, of resources; facets of reviews, of fallback rows
  after INTEGER NOT NULL
) STRICT;
