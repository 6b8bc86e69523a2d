package store

import "docket/review"

// policyVersion is the version of the policy in force.
func (a *act) policyVersion() review.PolicyVersion { return review.DefaultPolicy().Version }

// policy is the policy in force.
func (a *act) policy() (review.Policy, error) { return review.DefaultPolicy(), nil }
