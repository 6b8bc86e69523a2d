-- What stands between a finding and its effect: waiting for a customer, being handed to a lead, and
-- the files that were added on the way. What of it may be known to everyone stands in the detail of
-- the entry as well.

-- A second person agrees to what was judged, on the evidence on which it was judged.
CREATE TRIGGER approval_on_same_evidence BEFORE INSERT ON approval
WHEN new.answer = 'approve' AND
     (SELECT evidence FROM entry WHERE id = new.entry) IS NOT (SELECT evidence FROM entry WHERE id = new.decision)
BEGIN SELECT raise(ABORT, 'the evidence moved'); END;
CREATE TRIGGER approval_of_review BEFORE INSERT ON approval
WHEN NOT EXISTS (
  SELECT 1 FROM entry e JOIN decision d ON d.entry = new.decision
  WHERE e.id = new.entry AND e.review = d.review AND e.answers = d.entry AND e.by_ IS new.by_ AND e.at = new.at
  AND e.act = CASE new.answer WHEN 'approve' THEN 'approved' WHEN 'return' THEN 'returned' ELSE 'fell-back' END)
BEGIN SELECT raise(ABORT, 'an approval is what its entry says'); END;

-- A wait is a review that was parked until the customer answers or a day comes.
CREATE TABLE wait (
  entry   INTEGER PRIMARY KEY REFERENCES entry(id),
  review  INTEGER NOT NULL REFERENCES review(id),
  by_     TEXT NOT NULL REFERENCES colleague(id),
  at      INTEGER NOT NULL,
  until   INTEGER NOT NULL,   -- the customer is to be reminded then, and the review wakes
  missing TEXT NOT NULL       -- JSON: the facts that the customer was asked for
) STRICT;
CREATE INDEX wait_of_review ON wait(review, entry);
CREATE TRIGGER wait_holds BEFORE UPDATE ON wait BEGIN SELECT raise(ABORT, 'a wait is never changed'); END;
CREATE TRIGGER wait_stays BEFORE DELETE ON wait BEGIN SELECT raise(ABORT, 'a wait stays'); END;
CREATE TRIGGER wait_once BEFORE INSERT ON wait
WHEN EXISTS (SELECT 1 FROM wait w WHERE w.review = new.review AND NOT EXISTS (SELECT 1 FROM wake k WHERE k.wait = w.entry))
BEGIN SELECT raise(ABORT, 'this review waits already'); END;

-- A wake is the end of a wait.
CREATE TABLE wake (
  wait  INTEGER PRIMARY KEY REFERENCES wait(entry),
  entry INTEGER NOT NULL REFERENCES entry(id),
  at    INTEGER NOT NULL,
  why   TEXT NOT NULL CHECK (why IN ('asked','day','evidence','closed'))
) STRICT;
CREATE TRIGGER wake_holds BEFORE UPDATE ON wake BEGIN SELECT raise(ABORT, 'a wake is never changed'); END;
CREATE TRIGGER wake_stays BEFORE DELETE ON wake BEGIN SELECT raise(ABORT, 'a wake stays'); END;

-- An escalation is a review that was handed to a lead, or to whichever lead takes it.
CREATE TABLE escalation (
  entry  INTEGER PRIMARY KEY REFERENCES entry(id),
  review INTEGER NOT NULL REFERENCES review(id),
  by_    TEXT NOT NULL REFERENCES colleague(id),
  to_    TEXT REFERENCES colleague(id),   -- NULL: any lead
  at     INTEGER NOT NULL
) STRICT;
CREATE INDEX escalation_of_review ON escalation(review, entry);
CREATE INDEX escalation_to        ON escalation(to_, review);
CREATE TRIGGER escalation_holds BEFORE UPDATE ON escalation BEGIN SELECT raise(ABORT, 'an escalation is never changed'); END;
CREATE TRIGGER escalation_stays BEFORE DELETE ON escalation BEGIN SELECT raise(ABORT, 'an escalation stays'); END;

-- An attachment is a file that a colleague added to a review. The name that its sender gave it is
-- the note of its entry.
CREATE TABLE attachment (
  entry  INTEGER PRIMARY KEY REFERENCES entry(id),
  review INTEGER NOT NULL REFERENCES review(id),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),  -- of file; an erasure takes that away and leaves this
  media  TEXT NOT NULL CHECK (media IN ('application/pdf','image/png','image/jpeg')),
  size   INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_of_review ON attachment(review, entry);
CREATE INDEX attachment_of_file   ON attachment(sha256);
CREATE TRIGGER attachment_holds BEFORE UPDATE ON attachment BEGIN SELECT raise(ABORT, 'an attachment is never changed'); END;
CREATE TRIGGER attachment_stays BEFORE DELETE ON attachment BEGIN SELECT raise(ABORT, 'an attachment stays'); END;
