-- What is looked at twice, blind, and what came of it. All of it is kept. What the acts say for the
-- ledger stands in their entries: sampled, examined, resolved.

-- A draw seed is the secret of the draws under one version of the policy. The ledger holds a commitment to
-- it from the first draw on; it is shown once another seed has taken its place.
CREATE TABLE draw_seed (
  policy  INTEGER PRIMARY KEY,
  seed    BLOB NOT NULL CHECK (length(seed) = 32),
  made_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER draw_seed_holds BEFORE UPDATE ON draw_seed BEGIN SELECT raise(ABORT, 'a seed is never changed'); END;
CREATE TRIGGER draw_seed_stays BEFORE DELETE ON draw_seed BEGIN SELECT raise(ABORT, 'a seed stays'); END;

-- A sample is one finding or decision that is looked at a second time: drawn by lot, or one whose answer
-- is known.
CREATE TABLE sample (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('finding','decision')),
  of       INTEGER NOT NULL REFERENCES entry(id),     -- the finding or the decision
  decision INTEGER NOT NULL REFERENCES decision(entry),  -- with which it took effect
  review   INTEGER NOT NULL REFERENCES review(id),
  drawn    INTEGER NOT NULL REFERENCES entry(id),     -- 'sampled': the draw, or the mark
  known    TEXT NOT NULL CHECK (known IN ('','false_positive','true_match','cannot_tell')),  -- the answer; '' drawn by lot
  turn     INTEGER NOT NULL,                          -- in which they are handed out: tells nothing
  report   TEXT NOT NULL,                             -- kind of report that the finding is on; '' a decision
  done     INTEGER NOT NULL CHECK (done IN (0,1)),    -- it is handed out no more: answered, or its evidence is gone
  CHECK (known = '' OR kind = 'finding')
) STRICT;
CREATE UNIQUE INDEX sample_once  ON sample(of, known <> '');                 -- nothing is drawn twice, nor marked
CREATE INDEX sample_waiting      ON sample(known <> '', turn) WHERE done = 0;  -- TakeLook
CREATE INDEX sample_of_draw      ON sample(drawn);                            -- Agreement: drawn
CREATE TRIGGER sample_holds BEFORE UPDATE ON sample
WHEN (new.id, new.kind, new.of, new.decision, new.review, new.drawn, new.known, new.turn, new.report) IS NOT
     (old.id, old.kind, old.of, old.decision, old.review, old.drawn, old.known, old.turn, old.report) OR new.done < old.done
BEGIN SELECT raise(ABORT, 'a sample is never changed'); END;
CREATE TRIGGER sample_stays BEFORE DELETE ON sample BEGIN SELECT raise(ABORT, 'a sample stays'); END;

-- A second look is one colleague's look at a sample. Who had one never gets it again.
CREATE TABLE second_look (
  id       INTEGER PRIMARY KEY,
  token    TEXT NOT NULL UNIQUE,                     -- in its address
  sample   INTEGER NOT NULL REFERENCES sample(id),
  by_      TEXT NOT NULL REFERENCES colleague(id),
  taken_at INTEGER NOT NULL,
  until    INTEGER NOT NULL,                         -- unanswered, it lapses then
  left_at  INTEGER,                                  -- handed back
  entry    INTEGER UNIQUE REFERENCES entry(id),      -- 'examined': the answer
  differs  INTEGER CHECK (differs IN (0,1)),         -- from the first, or from the known answer
  UNIQUE (sample, by_),
  CHECK ((entry IS NULL) = (differs IS NULL)),
  CHECK (entry IS NULL OR left_at IS NULL)
) STRICT;
CREATE INDEX second_look_open    ON second_look(by_) WHERE entry IS NULL AND left_at IS NULL;  -- PendingLook
CREATE INDEX second_look_differs ON second_look(differs, id) WHERE differs = 1;                -- Disagreements
CREATE TRIGGER second_look_holds BEFORE UPDATE ON second_look
WHEN (new.id, new.token, new.sample, new.by_, new.taken_at, new.until) IS NOT (old.id, old.token, old.sample, old.by_, old.taken_at, old.until)
     OR old.entry IS NOT NULL OR old.left_at IS NOT NULL
BEGIN SELECT raise(ABORT, 'a second look is answered once'); END;
CREATE TRIGGER second_look_stays BEFORE DELETE ON second_look BEGIN SELECT raise(ABORT, 'a second look stays'); END;
CREATE TRIGGER second_look_by_another BEFORE INSERT ON second_look
WHEN new.by_ IN (SELECT e.by_ FROM sample s JOIN entry e ON e.id IN (s.of, s.decision, s.drawn) WHERE s.id = new.sample
                 UNION SELECT p.by_ FROM sample s JOIN approval p ON p.decision = s.decision WHERE s.id = new.sample AND p.by_ IS NOT NULL)
BEGIN SELECT raise(ABORT, 'nobody looks a second time at their own work'); END;
CREATE TRIGGER second_look_by_actor BEFORE INSERT ON second_look
WHEN NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.by_ AND disabled = 0 AND role IN ('reviewer','lead','admin'))
BEGIN SELECT raise(ABORT, 'a second look is a reviewer''s, a lead''s or an admin''s'); END;
CREATE TRIGGER second_look_answer BEFORE UPDATE OF entry ON second_look
WHEN new.entry IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM entry e JOIN sample s ON s.id = new.sample
  WHERE e.id = new.entry AND e.act = 'examined' AND e.by_ = new.by_ AND e.review = s.review AND e.answers = s.of)
BEGIN SELECT raise(ABORT, 'an answer is what its entry says'); END;
CREATE TRIGGER second_look_once BEFORE UPDATE OF entry ON second_look
WHEN new.entry IS NOT NULL AND EXISTS (
  SELECT 1 FROM second_look l JOIN sample s ON s.id = l.sample WHERE l.sample = new.sample AND s.known = '' AND l.entry IS NOT NULL)
BEGIN SELECT raise(ABORT, 'this sample is answered'); END;

-- A resolution is how a lead settled what two looks disagree on. It changes no decision.
CREATE TABLE resolution (
  look   INTEGER PRIMARY KEY REFERENCES second_look(id),
  entry  INTEGER NOT NULL UNIQUE REFERENCES entry(id),   -- 'resolved'
  upheld TEXT NOT NULL CHECK (upheld IN ('first','second','third'))
) STRICT;
CREATE TRIGGER resolution_holds BEFORE UPDATE ON resolution BEGIN SELECT raise(ABORT, 'a resolution is never changed'); END;
CREATE TRIGGER resolution_stays BEFORE DELETE ON resolution BEGIN SELECT raise(ABORT, 'a resolution stays'); END;
CREATE TRIGGER resolution_by_lead BEFORE INSERT ON resolution
WHEN NOT EXISTS (
  SELECT 1 FROM entry e JOIN colleague c ON c.id = e.by_ JOIN second_look l ON l.id = new.look JOIN sample s ON s.id = l.sample JOIN entry f ON f.id = s.of
  WHERE e.id = new.entry AND e.act = 'resolved' AND e.answers = l.entry AND c.disabled = 0 AND c.role IN ('lead','admin')
  AND c.id <> l.by_ AND c.id <> f.by_ AND l.differs = 1 AND s.known = '')
BEGIN SELECT raise(ABORT, 'a lead who is neither of the two settles a disagreement'); END;
