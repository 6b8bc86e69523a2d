package web

import (
	"errors"
	"time"

	"docket/review"
	"docket/views"
)

// boundFor says what letting somebody in brings with it.
const boundFor = "For a day the two of you count as one person where two are needed."

// boundNotice says so on a page, to the one who would be the second person.
func boundNotice(name string, until, now time.Time) views.Notice {
	return views.Notice{Tone: views.ToneAttention, Strong: "You cannot be the second person before " + instant(until, now) + ".",
		Text: boundWords(str(name).Text)}
}

func boundWords(name string) string {
	return "One of you let the other in less than a day ago, themselves or by way of a third: with a new account, a role, a password or access given back. " +
		"For a day " + name + " and you count as one person. Somebody else can answer at once."
}

// notTwo says why an answer does not count, where the two may be one person; nil where that is not why.
func (s *Server) notTwo(err error, acts ...views.Go) error {
	var bound *review.BondError
	if !errors.As(err, &bound) {
		return nil
	}
	return &told{err: err, head: "It takes somebody else, or a day",
		text: boundWords("whoever asked") + " You can from " + instant(bound.Until, s.now()) + " on. Nothing was recorded.", acts: acts}
}
