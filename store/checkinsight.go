package store

// insights compares what the insights count with what it is made from.
func (c *checking) insights() error {
	return c.read("insights", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"findings are not counted", `
				SELECT count(*) FROM disposition d WHERE NOT EXISTS (
				  SELECT 1 FROM counted x WHERE x.review = d.review AND x.match = d.match AND x.entry = d.entry)`},
			{"counted findings are none", `
				SELECT count(*) FROM counted x WHERE NOT EXISTS (
				  SELECT 1 FROM disposition d WHERE x.review = d.review AND x.match = d.match AND x.entry = d.entry)`},
			{"findings are wrongly said to hold, or not to", `
				SELECT count(*) FROM counted x WHERE x.holds <> (x.entry IS (
				  SELECT max(d.entry) FROM disposition d WHERE d.review = x.review AND d.match = x.match
				  AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = d.entry)))`},
			{"decided reviews are not as their decisions say", `
				SELECT count(*) FROM (
				  SELECT d.review, d.entry, ifnull(p.at, d.at) AS at, r.opened_at, d.policy
				  FROM decision d JOIN review r ON r.id = d.review LEFT JOIN approval p ON p.decision = d.entry
				  WHERE d.corrects IS NULL AND (d.second = 0 OR p.answer = 'approve')
				) x FULL JOIN decided y USING (review, entry, at, opened_at, policy) WHERE x.review IS NULL OR y.review IS NULL`},
			{"counters of days are not what is counted", `
				WITH held AS (
				  SELECT e.at / 86400000 AS day, d.kind, d.finding, d.missing, x.lists
				  FROM counted x JOIN disposition d ON d.review = x.review AND d.match = x.match AND d.entry = x.entry JOIN entry e ON e.id = x.entry
				  WHERE x.holds = 1),
				lines AS (SELECT row_number() OVER () AS line, * FROM held),
				anew AS (
				  SELECT 'found' AS what, day, kind AS key, finding AS part, count(*) AS n FROM held GROUP BY 2, 3, 4
				  UNION ALL
				  SELECT 'listed', day, list, finding, count(*) FROM (
				    SELECT DISTINCT l.line, l.day, l.finding, j.value AS list FROM lines l JOIN json_each(l.lists) j) GROUP BY 2, 3, 4
				  UNION ALL
				  SELECT 'missing', day, missing, '', count(*) FROM held WHERE finding = 'cannot_tell' GROUP BY 2, 3
				  UNION ALL
				  SELECT 'opened', opened_at / 86400000, '', '', count(*) FROM review GROUP BY 2
				  UNION ALL
				  SELECT 'left', closed_at / 86400000, '', '', count(*) FROM review WHERE closing = 'persona' GROUP BY 2
				  UNION ALL
				  SELECT 'made', d.at / 86400000, iif(d.corrects IS NULL, 'first', 'correction'),
				    CASE WHEN d.second = 0 OR p.answer = 'approve' THEN 'effect' WHEN p.answer IS NULL THEN 'waiting' ELSE p.answer END, count(*)
				  FROM decision d LEFT JOIN approval p ON p.decision = d.entry GROUP BY 2, 3, 4
				  UNION ALL
				  SELECT 'answered', p.at / 86400000, e.reason, p.answer, count(*) FROM approval p JOIN entry e ON e.id = p.decision GROUP BY 2, 3, 4)
				SELECT count(*) FROM anew x FULL JOIN (SELECT * FROM day_counter WHERE n <> 0 AND what <> 'moved') y USING (what, day, key, part, n)
				WHERE x.what IS NULL OR y.what IS NULL`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return err
			}
			if n > 0 {
				c.found("insights: %d × %s", n, q.what)
			}
		}
		return nil
	})
}
