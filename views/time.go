package views

import (
	"strconv"
	"time"
)

// Time is an instant, a day or an age as it is shown: <time datetime>words zone</time>.
type Time struct {
	Datetime string // RFC 3339 in UTC, or YYYY-MM-DD; "" draws the words alone
	Words    string // "18 June, 09:41", "12 July", "6 days 4 h"
	Zone     string // "UTC" for an instant, "" otherwise
}

// IsZero says that there is nothing to draw.
func (t Time) IsZero() bool { return t == Time{} }

// At writes an instant to the minute: "18 June, 09:41 UTC", with the year when it is not now's.
// A zero instant gives a zero Time.
func At(t, now time.Time) Time { return at(t, now, "2 January, 15:04", "2 January 2006, 15:04") }

// AtSecond writes an instant to the second, for the trail: "18 June, 09:41:07 UTC".
func AtSecond(t, now time.Time) Time {
	return at(t, now, "2 January, 15:04:05", "2 January 2006, 15:04:05")
}

func at(t, now time.Time, near, far string) Time {
	if t.IsZero() {
		return Time{}
	}
	t = t.UTC()
	layout := near
	if t.Year() != now.UTC().Year() {
		layout = far
	}
	return Time{Datetime: t.Format(time.RFC3339), Words: t.Format(layout), Zone: "UTC"}
}

// Day writes the day of an instant: "12 July", with the year when it is not now's.
func Day(t, now time.Time) Time {
	d := at(t, now, "2 January", "2 January 2006")
	d.Zone = ""
	return d
}

// Since writes how long ago an instant was, in two units: "6 days 4 h".
func Since(t, now time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{Datetime: t.UTC().Format(time.RFC3339), Words: Age(now.Sub(t))}
}

// Age writes a duration in its two largest units: "6 days 4 h", "1 day 3 h", "3 h 20 min",
// "5 min", "under a minute". A negative one is "under a minute".
func Age(d time.Duration) string {
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	var b []byte
	unit := func(n int, one, many string) {
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(n), 10)
		if n == 1 {
			b = append(b, one...)
		} else {
			b = append(b, many...)
		}
	}
	switch {
	case d < time.Minute:
		return "under a minute"
	case days > 0:
		unit(days, " day", " days")
		if hours > 0 {
			unit(hours, " h", " h")
		}
	case hours > 0:
		unit(hours, " h", " h")
		if minutes > 0 {
			unit(minutes, " min", " min")
		}
	default:
		unit(minutes, " min", " min")
	}
	return string(b)
}

// Number writes a count with thousands apart: "1,284".
func Number(n int) string {
	s := strconv.Itoa(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural is a count with its noun: Plural(1, "match", "matches") is "1 match".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

func (t Time) text() string {
	if t.Zone == "" {
		return t.Words
	}
	return t.Words + " " + t.Zone
}
