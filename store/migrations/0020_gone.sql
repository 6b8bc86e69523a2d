-- A correction is not found by what a later review found on a match that its report does not give any more: its own
-- evidence tells nothing of that match, and what it corrects tells for it.
DROP TRIGGER decision_found;
CREATE TRIGGER decision_found AFTER INSERT ON decision BEGIN
  INSERT INTO decision_facet (facet, value, at, entry) VALUES
    ('outcome', new.outcome, new.at, new.entry), ('policy', new.policy, new.at, new.entry);
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'reason', e.reason, new.at, new.entry FROM entry e WHERE e.id = new.entry;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'second', 'waiting', new.at, new.entry WHERE new.second = 1;
  INSERT INTO decision_facet (facet, value, at, entry) SELECT 'corrected', 'correction', new.at, new.entry WHERE new.corrects IS NOT NULL;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'corrected', 'yes', d.at, d.entry FROM decision d WHERE d.entry = new.corrects AND new.second = 0;
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'kind', l.kind, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'list', s.value, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l CROSS JOIN json_each(l.lists) s
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone' AND s.value <> '';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT 'party', p.value, new.at, new.entry FROM entry e CROSS JOIN json_each(e.matches) m CROSS JOIN review r CROSS JOIN listed l CROSS JOIN json_each(json_array(l.own, l.party)) p
    WHERE e.id = new.entry AND r.id = new.review AND l.root = r.root AND l.match = m.value AND l.state <> 'gone';
  INSERT OR IGNORE INTO decision_facet (facet, value, at, entry)
    SELECT f.facet, f.value, new.at, new.entry FROM decision_facet f WHERE f.entry = new.corrects AND f.facet IN ('kind','list','party');
END;
