package store

// trailed compares the rows that stand beside entries with those entries: for each there is the other, and
// they name the same review, colleague and time. Findings, decisions and approvals are compared with the
// ledger.
func (c *checking) trailed() error {
	return c.read("trail", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"entry without the row that it tells of", `
				SELECT 'entry ' || e.id FROM entry e
				WHERE e.act IN ('waiting','woken','escalated','attached','examined','resolved','hold') AND NOT CASE e.act
				  WHEN 'waiting' THEN EXISTS (SELECT 1 FROM wait x WHERE x.entry = e.id)
				  WHEN 'woken' THEN EXISTS (SELECT 1 FROM wake x WHERE x.wait = e.answers AND x.entry = e.id)
				  WHEN 'escalated' THEN EXISTS (SELECT 1 FROM escalation x WHERE x.entry = e.id)
				  WHEN 'attached' THEN EXISTS (SELECT 1 FROM attachment x WHERE x.entry = e.id)
				  WHEN 'examined' THEN EXISTS (SELECT 1 FROM second_look x WHERE x.entry = e.id)
				  WHEN 'resolved' THEN EXISTS (SELECT 1 FROM resolution x WHERE x.entry = e.id)
				  ELSE EXISTS (SELECT 1 FROM hold x WHERE x.entry = e.id) OR EXISTS (SELECT 1 FROM hold x WHERE x.lifted = e.id) END`},
			{"row that its entry does not tell of", `
				SELECT x.what || ' of entry ' || x.entry FROM (
				  SELECT 'wait' AS what, 'waiting' AS act, entry, review, by_, at FROM wait UNION ALL
				  SELECT 'end of a wait', 'woken', k.entry, w.review, NULL, k.at FROM wake k JOIN wait w ON w.entry = k.wait UNION ALL
				  SELECT 'escalation', 'escalated', entry, review, by_, at FROM escalation UNION ALL
				  SELECT 'attachment', 'attached', entry, review, NULL, NULL FROM attachment UNION ALL
				  SELECT 'second look', 'examined', entry, NULL, by_, NULL FROM second_look WHERE entry IS NOT NULL UNION ALL
				  SELECT 'resolution', 'resolved', entry, NULL, NULL, NULL FROM resolution UNION ALL
				  SELECT 'hold', 'hold', entry, NULL, by_, at FROM hold UNION ALL
				  SELECT 'end of a hold', 'hold', lifted, NULL, NULL, NULL FROM hold WHERE lifted IS NOT NULL
				) x LEFT JOIN entry e ON e.id = x.entry
				WHERE e.act IS NOT x.act OR ifnull(x.review, e.review) IS NOT e.review OR ifnull(x.by_, e.by_) IS NOT e.by_ OR ifnull(x.at, e.at) IS NOT e.at`},
		} {
			if err := c.differ(a, q.what, q.query); err != nil {
				return err
			}
		}
		return nil
	})
}
