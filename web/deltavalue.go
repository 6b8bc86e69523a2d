package web

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// longestValue is how much of one value stands in a row of changes, in bytes.
const longestValue = 300

// said is a value in words as one side of a change shows it.
func said(words string) views.Side {
	if words == "" {
		return views.Side{None: notGiven}
	}
	return views.Side{Str: views.S(words)}
}

// changedSide is a value that the other side does not have.
func changedSide(words string) views.Side {
	s := said(words)
	s.Pieces = differing(words)
	return s
}

// short is text from outside for a row of changes. What was cut out of it is said, for it may be
// all that changed.
func short(s string) string {
	out := str(s)
	text := clip(out.Text, longestValue)
	if len(out.Notes) > 0 {
		text = join(" ", text, "("+strings.Join(out.Notes, ", ")+")")
	}
	return text
}

// valueWords words any value that a dossier holds. A type that it does not know is counted, not
// spelled out.
func valueWords(v any, now time.Time) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return short(v)
	case bool:
		return yesNo(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return instant(v, now)
	case review.Text:
		if v.State == review.Present {
			return short(v.Value)
		}
		return views.PresenceWords(v.State)
	case review.Flag:
		if v.State == review.Present {
			return yesNo(v.Value)
		}
		return views.PresenceWords(v.State)
	case review.Presence:
		if v == review.Present {
			return "sent"
		}
		return views.PresenceWords(v)
	case review.Capture:
		return lowerFirst(views.CaptureTag(v).Words)
	case review.PartyKind:
		return strings.ToLower(views.PartyKindWords(v))
	case review.Birthdate:
		return birthWords(v)
	case review.Ref:
		return refWords(v)
	case review.Country:
		return countryWords(v)
	case review.Name:
		return short(v.Value)
	case review.Identifier:
		return join(" ", openSet(v.Type), short(v.Value))
	case review.Field:
		return fieldWords(v, now)
	case review.QueryField:
		return shown(queryValue(v))
	case review.Listing:
		return listingWords(v, now)
	case review.Position:
		p := position(v)
		return join(", ", short(p.Title.Text), p.Words)
	case review.Article:
		return join(", ", short(v.Title), short(v.Date))
	case review.Associate:
		return join(", ", short(v.Name), openSet(v.Relationship))
	case review.Source:
		return join(", ", short(v.Name), short(v.URL))
	case review.Relation:
		return views.Plural(len(v.Refs), "resource", "resources")
	case review.Check:
		return join(", ", openSet(v.Status), openSet(v.Requirement))
	case review.Photo:
		return join(", ", short(v.File.Name), fileWords(v.File))
	case review.File:
		return join(", ", short(v.Name), fileWords(v))
	case review.Ignored:
		return join(", ", short(v.What), short(v.Reason), by(v.By))
	case review.RunAct:
		return join(", ", openSet(v.Type), by(v.By))
	case review.Resource:
		return join(", ", refWords(v.Ref), lowerFirst(views.CaptureTag(v.Capture).Words))
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return openSet(clip(r.String(), longestValue))
	case reflect.Slice:
		return views.Plural(r.Len(), "value", "values")
	case reflect.Pointer:
		if !r.IsNil() {
			return valueWords(r.Elem().Interface(), now)
		}
	case reflect.Struct:
		return "given"
	}
	return ""
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func refWords(r review.Ref) string {
	if r.IsZero() {
		return ""
	}
	return typeWords(r.Type) + " " + clip(str(r.ID).Text, longestID)
}

// shown is what a value reads as in one line.
func shown(v views.Value) string {
	switch {
	case v.State != review.Present:
		return views.PresenceWords(v.State)
	case v.Time.Words != "":
		return join(" ", v.Time.Words, v.Time.Zone)
	case v.To.Words != "":
		return v.To.Words
	case v.Link.URL != "":
		return clip(v.Link.URL, longestValue)
	}
	return join(", ", clip(v.Str.Text, longestValue), v.Note)
}

func fieldWords(f review.Field, now time.Time) string {
	if len(f.Items) > 0 {
		return views.Plural(len(f.Items), "value", "values")
	}
	return shown(fieldValue(f, now))
}

func listingWords(l review.Listing, now time.Time) string {
	w := listing(l, now)
	return join(", ", short(w.Name.Text), w.Ended.Words)
}
