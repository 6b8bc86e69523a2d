package store

import "docket/review"

// policyVersion is the version of the policy in force.
func (a *act) policyVersion() review.PolicyVersion { return review.DefaultPolicy().Version }
