package sandbox

import "time"

// Heavy makes the payloads of one transaction that is as much as a page is asked to bear:
// three reports with fifty open matches between them, politically exposed persons with forty
// spellings or more, and listed parties on many lists.
func Heavy(seed uint64) [][]byte {
	var out [][]byte
	var s story
	s.reset(seed, 1<<40, DefaultNow, func(b []byte) bool {
		out = append(out, append([]byte(nil), b...))
		return true
	})
	s.review = "needs_review"
	s.tags = []string{"edd", "vip"}
	s.subject(aPerson, cultureOf("ukrainian"), false)
	s.settle(DefaultNow.Add(-50 * time.Hour))
	s.withForm = true
	s.spellings = 40
	s.crowded = true
	s.find(s.add("watchlist"), 20)
	s.find(s.add("politically-exposed-person"), 20)
	s.find(s.add("adverse-media"), 10)
	s.status(s.review, everything)
	return out
}
