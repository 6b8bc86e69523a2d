package views

import "strings"

// Pictures are the photos and files behind the records of a page, those of the attempt that
// passed first.
type Pictures struct {
	Lead   string // "3 held here, 2 links expired"
	Groups []PictureGroup
	Hold   string // why nothing can be fetched again, "" when it can
}

// PictureGroup is the photos of one resource.
type PictureGroup struct {
	At     string // suffix of element ids
	Label  string // "Government id verification"
	To     Go     // its page
	Tag    Tag    // "passed"
	Words  string // "4 of 5 checks passed"
	Photos []Picture
	Fetch  string // POST: fresh links are asked for; "" nothing is missing, or the reader cannot
}

// Picture is one photo or file.
type Picture struct {
	Words string // "Front", also what stands in for the picture
	Name  Str
	About string // "image/jpeg, 210 KB"
	Image string // our own copy, drawn: "/files/…"; "" when it is no image or not held
	File  string // our own copy, to open or keep; "" not held
	Gone  string // when not held: "link expired"
}

// image is the address of our own copy; of nothing else a picture is ever drawn.
func (p Picture) image() string {
	digest, ok := strings.CutPrefix(p.Image, "/files/")
	if !ok || len(digest) != 64 || strings.Trim(digest, "0123456789abcdef") != "" {
		return ""
	}
	return p.Image
}

// none is what stands where a picture would.
func (p Picture) none() string {
	switch {
	case p.Gone != "":
		return p.Gone
	case p.File != "":
		return "held, not drawn"
	}
	return "link expired"
}
