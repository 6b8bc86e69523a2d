// Package views is every word and tag that a person sees: one struct per page or component,
// with its markup as methods. A page embeds [Shell] and is drawn by [Layout], the one place
// that has <html>.
//
// Fields are what is shown: finished words, URLs and flags. Builders fill them; markup loops,
// branches on a flag or an enum, and places text. It never compares times, counts, sorts or
// builds a URL from parts. How an enum is worded and toned lives here (words.go), and so does
// how an instant, an age and a number are written (time.go).
//
// Text that came from outside is a [Str]: its builder has cut hidden characters out and says
// which. An address that came from outside is a [Link], and only http and https become one.
package views
