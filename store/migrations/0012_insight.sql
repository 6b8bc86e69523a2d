-- What the insights count. All of it is made from what is kept, by triggers, so that no act can forget
-- it; Check counts again.

-- A counted finding is a disposition with what counting needs besides: whether it holds, and the
-- lists that named its match when it was recorded.
CREATE TABLE counted (
  review INTEGER NOT NULL,
  match  TEXT NOT NULL,
  entry  INTEGER NOT NULL,
  holds  INTEGER NOT NULL CHECK (holds IN (0,1)),  -- nobody took it back, and it is the newest such
  lists  TEXT NOT NULL,                            -- JSON
  PRIMARY KEY (review, match, entry)
) STRICT, WITHOUT ROWID;

-- A decided review is one whose first decision took effect.
CREATE TABLE decided (
  review    INTEGER PRIMARY KEY,
  entry     INTEGER NOT NULL,  -- the decision
  at        INTEGER NOT NULL,  -- when it took effect: at once, or when the second person agreed
  opened_at INTEGER NOT NULL,  -- the review's
  policy    INTEGER NOT NULL,  -- version that the decision was made under
  kinds     TEXT NOT NULL      -- JSON: kinds of report that it had findings on then, in order
) STRICT;
CREATE INDEX decided_by_time ON decided(at, opened_at, policy, kinds);  -- Insights

-- A day counter is how many of something one day (UTC, since 1970) has:
--   opened    reviews, by the day on which they opened
--   left      reviews that Persona moved on, by the day
--   made      decisions, by the day on which they were made; key first or correction,
--             part effect, waiting, return or moved: what became of it
--   answered  second persons' answers, by the day; key the reason of the decision, part the answer
--   found     findings that hold, by the day on which they were recorded; key the kind of report, part the finding
--   listed    the same once for each list that named the match; key the list
--   missing   those that cannot tell; key the facts that were missing, as JSON
--   moved     on day 0, how often the times of a review were set anew: that and the newest entry tell
--             whether any of this is another than before
CREATE TABLE day_counter (
  what TEXT NOT NULL CHECK (what IN ('opened','left','made','answered','found','listed','missing','moved')),
  day  INTEGER NOT NULL,
  key  TEXT NOT NULL,
  part TEXT NOT NULL,
  n    INTEGER NOT NULL,
  PRIMARY KEY (what, day, key, part)
) STRICT, WITHOUT ROWID;

-- Findings.

CREATE TRIGGER counted_in AFTER INSERT ON counted WHEN new.holds = 1 BEGIN
  INSERT INTO day_counter SELECT 'found', e.at / 86400000, d.kind, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, 1
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'missing', e.at / 86400000, d.missing, '', 1
    FROM disposition d JOIN entry e ON e.id = d.entry
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry AND d.finding = 'cannot_tell'
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER counted_moves AFTER UPDATE OF holds ON counted WHEN old.holds <> new.holds BEGIN
  INSERT INTO day_counter SELECT 'found', e.at / 86400000, d.kind, d.finding, new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT DISTINCT 'listed', e.at / 86400000, j.value, d.finding, new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry JOIN json_each(new.lists) j
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
  INSERT INTO day_counter SELECT 'missing', e.at / 86400000, d.missing, '', new.holds - old.holds
    FROM disposition d JOIN entry e ON e.id = d.entry
    WHERE d.review = new.review AND d.match = new.match AND d.entry = new.entry AND d.finding = 'cannot_tell'
    ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;
CREATE TRIGGER disposition_counts AFTER INSERT ON disposition BEGIN
  UPDATE counted SET holds = 0 WHERE review = new.review AND match = new.match AND holds = 1;
  INSERT INTO counted VALUES (new.review, new.match, new.entry, 1,
    ifnull((SELECT l.lists FROM review r JOIN listed l ON l.root = r.root AND l.match = new.match WHERE r.id = new.review), '[]'));
END;
CREATE TRIGGER undone_counts AFTER INSERT ON entry WHEN new.undoes IS NOT NULL BEGIN
  UPDATE counted SET holds = 0 WHERE review = new.review AND entry = new.undoes AND holds = 1;
  UPDATE counted SET holds = 1 WHERE review = new.review AND holds = 0
    AND match IN (SELECT u.match FROM counted u WHERE u.review = new.review AND u.entry = new.undoes)
    AND entry = (SELECT max(x.entry) FROM counted x WHERE x.review = new.review AND x.match = counted.match
                 AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = x.entry));
END;

-- Decisions.

CREATE TRIGGER decision_counts AFTER INSERT ON decision BEGIN
  INSERT INTO day_counter VALUES ('made', new.at / 86400000, iif(new.corrects IS NULL, 'first', 'correction'), iif(new.second = 1, 'waiting', 'effect'), 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO decided SELECT new.review, new.entry, new.at, r.opened_at, new.policy,
      (SELECT json_group_array(k.kind) FROM (
         SELECT DISTINCT d.kind FROM counted c JOIN disposition d ON d.review = c.review AND d.match = c.match AND d.entry = c.entry
         WHERE c.review = new.review AND c.holds = 1 ORDER BY 1) k)
    FROM review r WHERE r.id = new.review AND new.second = 0 AND new.corrects IS NULL;
END;
CREATE TRIGGER approval_counts AFTER INSERT ON approval BEGIN
  INSERT INTO day_counter SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'), 'waiting', -1
    FROM decision d WHERE d.entry = new.decision ON CONFLICT DO UPDATE SET n = n - 1;
  INSERT INTO day_counter SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'), iif(new.answer = 'approve', 'effect', new.answer), 1
    FROM decision d WHERE d.entry = new.decision ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'answered', new.at / 86400000, e.reason, new.answer, 1
    FROM entry e WHERE e.id = new.decision ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO decided SELECT d.review, d.entry, new.at, r.opened_at, d.policy,
      (SELECT json_group_array(k.kind) FROM (
         SELECT DISTINCT x.kind FROM counted c JOIN disposition x ON x.review = c.review AND x.match = c.match AND x.entry = c.entry
         WHERE c.review = d.review AND c.holds = 1 ORDER BY 1) k)
    FROM decision d JOIN review r ON r.id = d.review WHERE d.entry = new.decision AND new.answer = 'approve' AND d.corrects IS NULL;
END;

-- Reviews.

CREATE TRIGGER review_counts AFTER INSERT ON review BEGIN
  INSERT INTO day_counter VALUES ('opened', new.opened_at / 86400000, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter SELECT 'left', new.closed_at / 86400000, '', '', 1 WHERE new.closing = 'persona' ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER review_reopens AFTER UPDATE OF opened_at ON review WHEN old.opened_at <> new.opened_at BEGIN
  UPDATE day_counter SET n = n - 1 WHERE what = 'opened' AND day = old.opened_at / 86400000;
  INSERT INTO day_counter VALUES ('opened', new.opened_at / 86400000, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
  UPDATE decided SET opened_at = new.opened_at WHERE review = new.id;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER review_leaves AFTER UPDATE OF closing, closed_at ON review
WHEN (old.closing, old.closed_at) IS NOT (new.closing, new.closed_at) BEGIN
  UPDATE day_counter SET n = n - 1 WHERE old.closing = 'persona' AND what = 'left' AND day = old.closed_at / 86400000;
  INSERT INTO day_counter SELECT 'left', new.closed_at / 86400000, '', '', 1 WHERE new.closing = 'persona' ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_counter VALUES ('moved', 0, '', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;

CREATE INDEX queue_halted ON queue(halted_since, root) WHERE halted_since IS NOT NULL AND state IN ('open','approval','waiting');  -- whom nobody watches

-- What is here already. Of findings that do not hold the lists are asked for too: an undoing may bring
-- them back.

INSERT INTO counted SELECT d.review, d.match, d.entry,
    d.entry IS (SELECT max(x.entry) FROM disposition x WHERE x.review = d.review AND x.match = d.match
                AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = x.entry)),
    ifnull((SELECT l.lists FROM review r JOIN listed l ON l.root = r.root AND l.match = d.match WHERE r.id = d.review), '[]')
  FROM disposition d;
INSERT INTO day_counter SELECT 'opened', opened_at / 86400000, '', '', count(*) FROM review GROUP BY 2;
INSERT INTO day_counter SELECT 'left', closed_at / 86400000, '', '', count(*) FROM review WHERE closing = 'persona' GROUP BY 2;
INSERT INTO day_counter SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'),
    CASE WHEN d.second = 0 OR p.answer = 'approve' THEN 'effect' WHEN p.answer IS NULL THEN 'waiting' ELSE p.answer END, count(*)
  FROM decision d LEFT JOIN approval p ON p.decision = d.entry GROUP BY 2, 3, 4;
INSERT INTO day_counter SELECT 'answered', p.at / 86400000, e.reason, p.answer, count(*)
  FROM approval p JOIN entry e ON e.id = p.decision GROUP BY 2, 3, 4;
INSERT INTO decided SELECT d.review, d.entry, ifnull(p.at, d.at), r.opened_at, d.policy,
    (SELECT json_group_array(k.kind) FROM (
       SELECT DISTINCT x.kind FROM counted c JOIN disposition x ON x.review = c.review AND x.match = c.match AND x.entry = c.entry
       WHERE c.review = d.review AND c.holds = 1 ORDER BY 1) k)
  FROM decision d JOIN review r ON r.id = d.review LEFT JOIN approval p ON p.decision = d.entry
  WHERE d.corrects IS NULL AND (d.second = 0 OR p.answer = 'approve');
