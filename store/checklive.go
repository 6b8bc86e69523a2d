package store

import (
	"fmt"

	"docket/review"
)

// live checks what arrived by itself and what is told: receipts against payloads and hours,
// pushes against decisions, counters, and files against their digests.
func (c *checking) live() error {
	err := c.read("live", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"delivery of no payload", `SELECT count(*) FROM delivery d WHERE NOT EXISTS (SELECT 1 FROM payload p WHERE p.id = d.payload)`},
			{"delivery that clashes and waits to be read", `
				SELECT count(*) FROM delivery d JOIN payload p ON p.id = d.payload WHERE d.clash <> '' AND p.state = 'kept'`},
			{"hour of deliveries that counts otherwise", `
				SELECT count(*) FROM (
				  SELECT hour, deliveries FROM delivery_hour WHERE deliveries > 0 EXCEPT SELECT at / 3600000, count(*) FROM delivery GROUP BY 1)`},
			{"hour of deliveries that is not counted", `
				SELECT count(*) FROM (
				  SELECT at / 3600000, count(*) FROM delivery GROUP BY 1 EXCEPT SELECT hour, deliveries FROM delivery_hour)`},
			{"repeat that no hour counts", `
				SELECT abs(ifnull((SELECT sum(repeats) FROM delivery), 0) - ifnull((SELECT sum(repeats) FROM delivery_hour), 0))`},
			{"secret that signed and is not known", `
				SELECT count(*) FROM (SELECT DISTINCT secret FROM delivery EXCEPT SELECT secret FROM signer)`},
			{"counter of errands", `
				SELECT count(*) FROM (
				  SELECT state, n FROM live_counter WHERE what = 'errand' AND n <> 0 EXCEPT SELECT state, count(*) FROM errand GROUP BY state)`},
			{"state of errands without its counter", `
				SELECT count(*) FROM (
				  SELECT state, count(*) FROM errand GROUP BY state EXCEPT SELECT state, n FROM live_counter WHERE what = 'errand')`},
			{"counter of pushes", `
				SELECT count(*) FROM (
				  SELECT state, n FROM live_counter WHERE what = 'push' AND n <> 0 EXCEPT SELECT state, count(*) FROM push GROUP BY state)`},
			{"state of pushes without its counter", `
				SELECT count(*) FROM (
				  SELECT state, count(*) FROM push GROUP BY state EXCEPT SELECT state, n FROM live_counter WHERE what = 'push')`},
			{"push of no review", `SELECT count(*) FROM push p WHERE NOT EXISTS (SELECT 1 FROM review r WHERE r.id = p.review)`},
			{"push that follows from no decision on its review", `
				SELECT count(*) FROM push p WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.entry = p.decision AND d.review = p.review AND ` + inEffect + `)`},
			{"file that no link names", `SELECT count(*) FROM file f 
				WHERE NOT EXISTS (SELECT 1 FROM file_link l WHERE l.sha256 = f.sha256) AND NOT EXISTS (SELECT 1 FROM attachment t WHERE t.sha256 = f.sha256)`},
			{"review that waits for a second person without a decision that does", `
				SELECT count(*) FROM review r WHERE (r.state = 'approval') <> EXISTS (
				  SELECT 1 FROM decision d WHERE d.review = r.id AND d.second = 1 AND NOT EXISTS (SELECT 1 FROM approval y WHERE y.decision = d.entry))`},
			{"review that is closed by no decision in effect", `
				SELECT count(*) FROM review r WHERE r.state <> 'approval' AND (r.closing = 'decided') <> EXISTS (
				  SELECT 1 FROM decision d WHERE d.review = r.id AND ` + inEffect + `)`},
			{"review that waits for the customer since nobody knows when", `
				SELECT count(*) FROM review r WHERE (r.state = 'waiting') <> EXISTS (
				  SELECT 1 FROM wait w WHERE w.review = r.id AND NOT EXISTS (SELECT 1 FROM wake k WHERE k.wait = w.entry))`},
			{"decision whose second person is who made it", `
				SELECT count(*) FROM approval y JOIN decision d ON d.entry = y.decision WHERE y.by_ = d.by_ OR d.second = 0`},
		} {
			var n int
			if err := a.one(q.query, nil, &n); err != nil {
				return fmt.Errorf("%s: %w", q.what, err)
			}
			if n > 0 {
				c.found("%d × %s", n, q.what)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.files()
}

// files compares the bytes of files with their digests, one at a time: each may be large.
func (c *checking) files() error {
	for after := []byte{}; ; {
		var hash review.Hash
		var body []byte
		var size int
		found := false
		err := c.read("files", func(a *act) error {
			return a.each(`SELECT sha256, size, body FROM file WHERE sha256 > ? ORDER BY sha256 LIMIT 1`, []any{after}, func(scan func(...any) error) error {
				found = true
				return scan(hashColumn{&hash}, &size, &body)
			})
		})
		if err != nil || !found {
			return err
		}
		if len(body) != size || review.Sum(body) != hash {
			c.found("file %s: its bytes do not have its digest", hash)
		}
		after = hash[:]
	}
}
