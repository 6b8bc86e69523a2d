package review

import (
	"bytes"
	"image"
	_ "image/jpeg" // image.DecodeConfig reads what may be attached
	_ "image/png"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Attachment is a file that a colleague added to a review.
type Attachment struct {
	Entry  EntryID
	Review ReviewID
	By     ColleagueID
	ByName string // as it was then
	At     time.Time
	Hash   Hash
	Media  string // by content: application/pdf, image/png or image/jpeg
	Bytes  int
	Name   string // as the sender called it; "" once erased
	Gone   bool   // it was erased; its bytes may be held still as what another review was given
}

// AttachmentForm is what a reviewer sends.
type AttachmentForm struct {
	Name string // as the browser says
	Body []byte
}

const (
	// MaxAttachment bounds a file that may be attached, in bytes.
	MaxAttachment = 20 << 20
	// maxPixels bounds a picture: a small file may unfold to many gigabytes in whoever opens it.
	maxPixels   = 50_000_000
	maxFileName = 200
)

// Check says of what kind a file is, by its content alone, or what is wrong with it. Of a picture no
// more than the head is read.
func (f AttachmentForm) Check() (media string, err error) {
	var inv Invalid
	switch {
	case len(f.Body) == 0:
		inv.Add("file", "Choose a file that is not empty")
	case len(f.Body) > MaxAttachment:
		inv.Add("file", "Choose a file of up to 20 MB")
	case bytes.HasPrefix(f.Body, []byte("%PDF-")):
		return "application/pdf", nil
	case bytes.HasPrefix(f.Body, []byte("\x89PNG\r\n\x1a\n")), bytes.HasPrefix(f.Body, []byte("\xff\xd8\xff")):
		c, format, err := image.DecodeConfig(bytes.NewReader(f.Body))
		switch {
		case err != nil:
			inv.Add("file", "This picture cannot be read: have it sent again")
		case c.Width <= 0 || c.Height <= 0 || int64(c.Width)*int64(c.Height) > maxPixels:
			inv.Add("file", "Choose a picture of up to 50 megapixels")
		default:
			return "image/" + format, nil
		}
	default:
		inv.Add("file", "Choose a PDF, a PNG or a JPEG: whatever its name says, this file is none of them")
	}
	return "", inv.OrNil()
}

// FileName is the name of a file as its sender called it, without folders and what cannot be seen.
func (f AttachmentForm) FileName() string {
	name := path.Base("/" + strings.ReplaceAll(strings.ToValidUTF8(f.Name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, name))
	for utf8.RuneCountInString(name) > maxFileName {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	if name == "/" || name == "." {
		return ""
	}
	return name
}
