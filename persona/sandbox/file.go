package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// link makes a link that works for a while of one that was written when the file was made. Its
// token says whose file it is and until when, and is signed.
func (in *StandIn) link(old string) string {
	name, token, _ := strings.Cut(strings.TrimPrefix(old, fileHost), "?access_token=")
	whose := strings.TrimPrefix(token, "expired-")
	until := strconv.FormatInt(in.now().Add(in.o.FileFor).UnixMilli(), 36)
	if whose != "" && !strings.Contains(name, "/") { // a file of its own: many are called the same
		name = whose + "/" + name
	}
	return in.o.Files + name + "?access_token=" + whose + "." + until + "." + in.seal(name, whose, until)
}

func (in *StandIn) seal(name, whose, until string) string {
	m := hmac.New(sha256.New, []byte(in.o.Key))
	fmt.Fprintf(m, "%s\n%s\n%s", name, whose, until)
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// serveFile serves what a link leads to: no API key is asked for, as the link is enough.
func (in *StandIn) serveFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/files/")
	part := strings.Split(r.URL.Query().Get("access_token"), ".")
	refuse := func(status int, title string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(problem(status, title, "", "").body) // a client that left needs no answer
	}
	if len(part) != 3 || !hmac.Equal([]byte(part[2]), []byte(in.seal(name, part[0], part[1]))) {
		refuse(http.StatusForbidden, "Token is invalid")
		return
	}
	until, err := strconv.ParseInt(part[1], 36, 64)
	if err != nil || !in.Now().Before(time.UnixMilli(until)) {
		refuse(http.StatusForbidden, "Token is expired")
		return
	}
	body, media := picture(name, part[0])
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// picture draws a file: a card or a face for images, a page for PDF. The same name and owner
// give the same bytes.
func picture(name, whose string) (body []byte, media string) {
	h := fnv.New32a()
	h.Write([]byte(name + whose))
	n := h.Sum32()
	if path.Ext(name) == ".pdf" {
		return paper("Sandbox document " + whose), "application/pdf"
	}
	img := image.NewRGBA(image.Rect(0, 0, 240, 160))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	tone := color.RGBA{uint8(150 + n%60), uint8(150 + n>>8%60), uint8(150 + n>>16%60), 255}
	fill(img.Bounds(), tone)
	ink := color.RGBA{60, 66, 80, 255}
	if strings.Contains(name, "selfie") {
		disc(img, 120, 66, 36, color.RGBA{uint8(170 + n>>4%50), uint8(130 + n>>12%40), 110, 255})
		fill(image.Rect(70, 112, 170, 160), ink)
	} else {
		fill(image.Rect(14, 34, 78, 114), color.RGBA{235, 235, 230, 255})
		disc(img, 46, 66, 20, color.RGBA{uint8(170 + n>>4%50), uint8(130 + n>>12%40), 110, 255})
		for i := range 4 {
			fill(image.Rect(92, 40+i*18, 150+int(n>>(i*3)%70), 46+i*18), ink)
		}
		fill(image.Rect(14, 130, 226, 136), ink)
		fill(image.Rect(14, 142, 226, 148), ink)
	}
	var b bytes.Buffer
	if path.Ext(name) == ".png" {
		_ = png.Encode(&b, img) // a buffer takes everything
		return b.Bytes(), "image/png"
	}
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 80})
	return b.Bytes(), "image/jpeg"
}

func disc(img *image.RGBA, x, y, radius int, c color.Color) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if dx*dx+dy*dy <= radius*radius {
				img.Set(x+dx, y+dy, c)
			}
		}
	}
}

// paper writes a PDF of one page with one line.
func paper(line string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.4\n")
	content := "BT /F1 18 Tf 72 720 Td (" + line + ") Tj ET"
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}
