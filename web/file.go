package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/persona"
	"docket/review"
	"docket/views"
)

// namedFile is a file that a resource names.
type namedFile struct {
	words string
	file  review.File
}

// filesOf are the files that a resource names, each link once, photos first.
func filesOf(res review.Resource) []namedFile {
	var all []namedFile
	add := func(words string, f review.File) {
		if !slices.ContainsFunc(all, func(n namedFile) bool { return n.file.Link == f.Link && (f.Link != "" || n.file.Name == f.Name) }) {
			all = append(all, namedFile{words, f})
		}
	}
	for _, p := range res.Photos {
		add(label(p.Page), p.File)
	}
	var walk func([]review.Field, string)
	walk = func(list []review.Field, above string) {
		for i, f := range list {
			words := above
			if f.Key != "" {
				words = label(f.Key)
			} else if len(list) > 1 {
				words = join(" ", above, strconv.Itoa(i+1))
			}
			if f.File != nil {
				add(words, *f.File)
			}
			walk(f.Items, words)
		}
	}
	walk(res.Fields, "File")
	walk(res.Attributes, "File")
	return all
}

// withFiles are those of some resources that name files, the attempts that passed first.
func withFiles(list []review.Resource) []review.Resource {
	var all []review.Resource
	for _, res := range list {
		if len(filesOf(res)) > 0 {
			all = append(all, res)
		}
	}
	slices.SortStableFunc(all, func(a, b review.Resource) int { return attemptRank(a) - attemptRank(b) })
	return all
}

// attemptRank ranks a resource by how it ended: what passed, what is open or does not end so, what
// failed.
func attemptRank(res review.Resource) int {
	switch review.NormalStatus(res.Status.Value) {
	case "passed":
		return 0
	case "failed", "requires_retry", "canceled", "skipped":
		return 2
	}
	return 1
}

// pictures are the photos and files of some resources; nil when they name none. Our own copies
// are drawn; where there is none, Persona's link expired long ago.
func (s *Server) pictures(r *http.Request, list []review.Resource) (*views.Pictures, error) {
	list = withFiles(list)
	if len(list) == 0 {
		return nil, nil
	}
	refs := make([]review.Ref, len(list))
	for i := range list {
		refs[i] = list[i].Ref
	}
	held, err := s.db.HeldFiles(r.Context(), refs)
	if err != nil {
		return nil, err
	}
	return picturesOf(list, held, me(r), s.connection()), nil
}

func picturesOf(list []review.Resource, held []review.HeldFile, reader review.Colleague, c connection) *views.Pictures {
	p := &views.Pictures{}
	copies, gone := 0, 0
	for i, res := range list {
		g := views.PictureGroup{At: strconv.Itoa(i + 1), Label: typeWords(res.Ref.Type), To: views.Go{Href: resourceHref(res.Ref), Words: str(res.Ref.ID).Text}}
		if res.Status.Value != "" {
			g.Tag = views.Tag{Words: openSet(res.Status.Value), Tone: statusTone(res.Status.Value)}
		}
		if n := len(res.Checks); n > 0 {
			passed := 0
			for _, ch := range res.Checks {
				if ch.Status == "passed" {
					passed++
				}
			}
			g.Words = views.Number(passed) + " of " + views.Plural(n, "check", "checks") + " passed"
		}
		missing := false
		for _, n := range filesOf(res) {
			pic := views.Picture{Words: n.words, Name: str(n.file.Name), About: fileWords(n.file), Gone: "link expired"}
			if pic.Words == "" {
				pic.Words = "File"
			}
			at := slices.IndexFunc(held, func(h review.HeldFile) bool { return h.Ref == res.Ref && h.Link == n.file.Link && h.Link != "" })
			if at >= 0 {
				h := held[at]
				copies++
				pic.Gone, pic.File, pic.About = "", fileHref(h.Hash), join(", ", h.Media, byteSize(h.Bytes))
				if isPicture(h.Media) {
					pic.Image = pic.File
				}
			} else {
				gone++
				missing = true
			}
			g.Photos = append(g.Photos, pic)
		}
		if missing && c.Connected && reader.Role.Acts() && persona.HasEndpoint(res.Ref) {
			g.Fetch = resourceHref(res.Ref) + "/fetch"
		}
		p.Groups = append(p.Groups, g)
	}
	p.Lead = join(", ", some(copies, "held here"), some(gone, "not held: Persona’s links expire"))
	if gone > 0 && !c.Connected {
		p.Hold = "Files cannot be fetched again: docket is not connected to Persona."
	}
	return p
}

// some counts, "" when there is nothing.
func some(n int, what string) string {
	if n == 0 {
		return ""
	}
	return views.Number(n) + " " + what
}

func fileHref(h review.Hash) string { return "/files/" + h.String() }

// isPicture says that a file, by its content, is of a kind that a browser may draw.
func isPicture(media string) bool { return media == "image/jpeg" || media == "image/png" }

// showFile gives our own copy of a file. A picture may be drawn in our pages; everything else is
// a file to keep, and nothing of it is ever a page.
func (s *Server) showFile(w http.ResponseWriter, r *http.Request) error {
	hash, err := review.ParseHash(r.PathValue("sha256"))
	if err != nil {
		return err
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		visitOf(r.Context()).event = "cross-site-refused"
		return errCrossSite
	}
	f, body, err := s.db.File(r.Context(), hash)
	if err != nil {
		return err
	}
	h := w.Header()
	media, name := heldMedia(f.Media)
	name = hash.String()[:16] + name
	disposition := "attachment"
	if isPicture(media) {
		disposition = "inline"
	}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", disposition, name))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
	return nil
}

// heldMedia is how a file is served, from a list of our own, and how its name ends.
func heldMedia(media string) (served, ending string) {
	switch media {
	case "image/jpeg":
		return media, ".jpg"
	case "image/png":
		return media, ".png"
	case "application/pdf":
		return media, ".pdf"
	}
	return "application/octet-stream", ".bin"
}

// fetchAgain wants a resource and its files asked for anew. It is done soon, by itself.
func (s *Server) fetchAgain(w http.ResponseWriter, r *http.Request) error {
	path, ok := strings.CutSuffix(r.URL.EscapedPath(), "/fetch")
	if !ok {
		return errMethod
	}
	ref, err := resourceRef(path)
	if err != nil {
		return err
	}
	if err := s.connected(); err != nil {
		return err
	}
	back := views.Go{Href: resourceHref(ref), Words: "Back to the resource"}
	if err := s.live.FetchAgain(r.Context(), ref, me(r).ID); err != nil {
		return answered(err, "Nothing will be fetched", back)
	}
	seeOther(w, back.Href+"?done=fetch")
	return nil
}

var fetchNotice = views.Notice{Tone: views.ToneGood, News: true, Strong: "It is being fetched.", Text: "Look again in a moment; what Persona gives is added here."}
