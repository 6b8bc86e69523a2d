-- What keeps two people two, two processes from doing one thing twice, and a mark that was a mistake.

-- A bond is that a colleague let another in: added them, gave them a role, a password, or their access back.
-- The entries of it are the record. For a day (review.BondLasts) nobody is the second person of whom they are
-- bound to. For policies and erasures, two whom one person let in are bound as well; for a decision they are
-- not, or no team could work on the day that it begins. The store follows longer chains too.
CREATE INDEX entry_bond ON entry(at) WHERE act = 'colleague';  -- bondsSince
CREATE VIEW bond AS
  SELECT by_ AS by_, detail ->> 'lets-in' AS whom, at AS at FROM entry WHERE act = 'colleague' AND by_ IS NOT NULL AND detail ->> 'lets-in' IS NOT NULL;
CREATE TRIGGER policy_by_two BEFORE UPDATE ON policy
WHEN new.state = 'in_force' AND EXISTS (
  SELECT 1 FROM bond t WHERE t.at > new.agreed_at - 86400000 AND (
    (t.by_, t.whom) IN ((old.proposed_by, new.agreed_by), (new.agreed_by, old.proposed_by))
    OR t.whom = old.proposed_by AND EXISTS (SELECT 1 FROM bond u WHERE u.by_ = t.by_ AND u.whom = new.agreed_by AND u.at > new.agreed_at - 86400000)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;
CREATE TRIGGER approval_by_two BEFORE INSERT ON approval
WHEN new.answer = 'approve' AND EXISTS (
  SELECT 1 FROM bond t JOIN decision d ON d.entry = new.decision
  WHERE t.at > new.at - 86400000 AND (t.by_, t.whom) IN ((d.by_, new.by_), (new.by_, d.by_)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;
CREATE TRIGGER erasure_answer_by_two BEFORE INSERT ON erasure_answer
WHEN new.answer = 'agree' AND EXISTS (
  SELECT 1 FROM bond t JOIN erasure_request q ON q.entry = new.request WHERE t.at > new.at - 86400000 AND (
    (t.by_, t.whom) IN ((q.by_, new.by_), (new.by_, q.by_))
    OR t.whom = q.by_ AND EXISTS (SELECT 1 FROM bond u WHERE u.by_ = t.by_ AND u.whom = new.by_ AND u.at > new.at - 86400000)))
BEGIN SELECT raise(ABORT, 'who let the other in is no second person yet'); END;

-- Whose an errand is while it runs: of two processes on one file, one runs it. next_at is until when.
ALTER TABLE errand ADD COLUMN holder TEXT NOT NULL DEFAULT '';  -- '' nobody's

-- A mark of a finding as one whose answer is known can be taken back, with the entry that says so: it is
-- handed out no more, and what was answered at it counts no more.
ALTER TABLE sample ADD COLUMN withdrawn INTEGER REFERENCES entry(id);  -- 'sampled'; NULL: it stands
DROP INDEX sample_once;
CREATE UNIQUE INDEX sample_once ON sample(of, known <> '') WHERE withdrawn IS NULL;  -- nothing is drawn twice, nor marked
CREATE TRIGGER sample_withdrawn BEFORE UPDATE OF withdrawn ON sample
WHEN old.withdrawn IS NOT NULL OR new.done = 0 OR old.known = '' OR NOT EXISTS (
  SELECT 1 FROM entry e JOIN colleague c ON c.id = e.by_
  WHERE e.id = new.withdrawn AND e.act = 'sampled' AND e.answers = old.of AND c.disabled = 0 AND c.role IN ('lead','admin'))
BEGIN SELECT raise(ABORT, 'a mark is taken back once, by a lead or an admin'); END;

-- How long a root is kept is read again whenever a review of it changes: also of one with thousands.
CREATE INDEX review_closed     ON review(root, closed_at) WHERE closed_at IS NOT NULL;           -- writeKeptRoots
CREATE INDEX decision_declines ON decision(review) WHERE outcome = 'decline';                    -- the same
CREATE INDEX disposition_true  ON disposition(review, match, entry) WHERE finding = 'true_match';  -- the same

-- Which lists named a match goes when what was found on it is erased, or when what it rested on was: the
-- exports cannot tell either, and figures add up. What was found, on which kind of report and when stays.
CREATE TRIGGER counted_forgets AFTER UPDATE OF lists ON counted WHEN old.lists <> new.lists BEGIN
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, -1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(old.lists) j
    WHERE old.holds = 1 AND d.review = old.review AND d.match = old.match AND d.entry = old.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE new.holds = 1 AND d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
UPDATE counted SET lists = '[]' WHERE lists <> '[]' AND match GLOB 'erased-[0-9][0-9][0-9][0-9][0-9][0-9]';
