package views

import "docket/review"

// What the specimens' reasons are worded by.
var (
	galleryBook    = review.NewPolicyBook(1, review.DefaultPolicy())
	galleryReasons = NewReasons(review.DefaultPolicy().Findings)
)

func galleryChief(r review.Reason) string   { return galleryBook.FindingReason(1, r) }
func galleryDecided(r review.Reason) string { return galleryBook.DecisionReason(1, r) }
