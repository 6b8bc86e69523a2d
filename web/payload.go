package web

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"docket/review"
	"docket/views"
)

// maxPayloads is how many payloads a page lists; the store gives no more.
const maxPayloads = 200

// payloads lists the bytes behind a page.
func payloads(list []review.Payload, now time.Time) views.Payloads {
	out := views.Payloads{Head: "Bytes exactly as received"}
	if len(list) >= maxPayloads {
		out.Head = "The newest " + views.Number(maxPayloads)
	}
	for _, p := range list {
		what := p.ReadAs
		if p.Quarantine != "" {
			what = "not read: " + p.Quarantine
		}
		if !p.ErasedAt.IsZero() {
			what = join("; ", what, "personal data erased here on "+instant(p.ErasedAt, now))
		}
		h := p.Hash.String()
		out.Rows = append(out.Rows, views.Payload{
			Href:    payloadHref(p.Hash),
			Address: h[:4] + " " + h[4:8] + " " + h[8:12] + " " + h[12:16],
			What:    str(what),
			Source:  join(", ", str(p.Source).Text, str(p.About).Text),
			Time:    views.AtSecond(p.ReceivedAt, now),
			Bytes:   views.Number(int(p.Bytes)),
		})
	}
	return out
}

// erasedHeader says since when a payload lacks personal data: what is given is what is left, and
// no longer has the digest that it is asked for by.
const erasedHeader = "Docket-Erased"

// showPayload gives the bytes exactly as received, or what an erasure left of them. They are other people's: a file to keep,
// never a page of ours, and no other site may draw them in.
func (s *Server) showPayload(w http.ResponseWriter, r *http.Request) error {
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
	p, body, err := s.db.Payload(r.Context(), hash)
	if err != nil {
		return err
	}
	h := w.Header()
	if !p.ErasedAt.IsZero() {
		if len(body) == 0 {
			return errErased
		}
		h.Set(erasedHeader, p.ErasedAt.UTC().Format(time.RFC3339))
	}
	h.Set("Content-Type", payloadType(body))
	h.Set("Content-Disposition", `attachment; filename="`+hash.String()[:16]+payloadExtension(body)+`"`)
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
	return nil
}

// payloadType says JSON only of what begins like it; a browser treats neither as a page.
func payloadType(body []byte) string {
	if looksLikeJSON(body) {
		return "application/json"
	}
	return "application/octet-stream"
}

func payloadExtension(body []byte) string {
	if looksLikeJSON(body) {
		return ".json"
	}
	return ".bin"
}

func looksLikeJSON(body []byte) bool {
	b := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}
