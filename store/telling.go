package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"docket/review"
)

// Telling says what Persona is told; everything is off until somebody switches it on.
func (db *DB) Telling(ctx context.Context) (review.Telling, error) {
	var t review.Telling
	err := db.read(ctx, "telling", func(a *act) (err error) {
		t, err = a.telling()
		return err
	})
	return t, err
}

func (a *act) telling() (review.Telling, error) {
	var t review.Telling
	text, err := a.setting(settingTelling)
	if errors.Is(err, review.ErrNotFound) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &t)
	}
	return t, err
}

// SetTelling changes what Persona is told from the next decision on. Only admins may, or "" on
// the command line; the trail says what was changed.
func (db *DB) SetTelling(ctx context.Context, t review.Telling, by review.ColleagueID) error {
	return db.setTelling(ctx, t, by, nil)
}

// ReplaceTelling is SetTelling for somebody who had was before them; review.ErrConflict when that is not
// what Persona is told any more, and nothing is changed.
func (db *DB) ReplaceTelling(ctx context.Context, was, t review.Telling, by review.ColleagueID) error {
	return db.setTelling(ctx, t, by, &was)
}

func (db *DB) setTelling(ctx context.Context, t review.Telling, by review.ColleagueID, was *review.Telling) error {
	if err := t.Check(); err != nil {
		return err
	}
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return db.write(ctx, "set telling", func(a *act) error {
		if err := a.looksAfter(by); err != nil {
			return err
		}
		before, err := a.telling()
		if err != nil {
			return err
		}
		if was != nil && tellingDiff(*was, before) != "" {
			return review.ErrConflict
		}
		changed := tellingDiff(before, t)
		if changed == "" {
			return nil
		}
		if err := a.set(settingTelling, string(b)); err != nil {
			return err
		}
		_, err = a.record(review.Entry{Act: review.ActTelling, By: by, Status: changed})
		return err
	})
}

// tellingDiff says in words what differs, "" when nothing does.
func tellingDiff(before, after review.Telling) string {
	var out []string
	onOff := func(what string, was, is bool) {
		if was != is {
			out = append(out, what+" "+map[bool]string{true: "on", false: "off"}[is])
		}
	}
	spelling := func(what, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s: %q, was %q", what, is, was))
		}
	}
	onOff("status", before.Status, after.Status)
	onOff("fields", before.Fields, after.Fields)
	onOff("findings", before.Matches, after.Matches)
	onOff("inquiry", before.Inquiry, after.Inquiry)
	onOff("case", before.Case, after.Case)
	spelling("case approved", before.CaseApproved, after.CaseApproved)
	spelling("case declined", before.CaseDeclined, after.CaseDeclined)
	line := func(t review.Telling, kind string) review.TypeTelling {
		for _, tt := range t.Types {
			if tt.Type == kind {
				return tt
			}
		}
		return review.TypeTelling{}
	}
	var kinds []string
	for _, tt := range slices.Concat(before.Types, after.Types) {
		kinds = append(kinds, tt.Type)
	}
	slices.Sort(kinds)
	for _, kind := range slices.Compact(kinds) {
		was, is := line(before, kind), line(after, kind)
		of := " of " + kind
		if kind == "" {
			of = " of every other type"
		}
		spelling("approved"+of, was.Approved, is.Approved)
		spelling("declined"+of, was.Declined, is.Declined)
		spelling("field for the reason"+of, was.ReasonField, is.ReasonField)
		spelling("field for the note"+of, was.NoteField, is.NoteField)
		spelling("field for the name"+of, was.ByField, is.ByField)
	}
	return strings.Join(out, "; ")
}
