//go:build race

package review_test

func init() { patience = 20 }
