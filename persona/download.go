package persona

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// MaxFile is the largest file that is downloaded, in bytes. Persona's own limit for one is 10 MB
// unless a template says otherwise.
const MaxFile = 32 << 20

// fileTransport takes bytes as they are: what is unpacked on the way could be a bomb, and would
// not be the file.
func fileTransport(dialer *net.Dialer) *http.Transport {
	t := transport(dialer)
	t.DisableCompression = true
	return t
}

// Download fetches a file by its link, a secret that expires within hours, and says what it is
// by its content: image/jpeg, image/png, application/pdf, else application/octet-stream. Only
// Persona's file hosts are called, never with the API key. *Refused when the link is none of
// these, has expired (status 410, whatever the host called it), or leads elsewhere. https://docs.withpersona.com/downloading-files
func (c *Client) Download(ctx context.Context, link string) (body []byte, media string, err error) {
	u, ok := c.fileLink(link)
	if !ok {
		return nil, "", &Refused{Title: "the link does not lead to Persona's file host"}
	}
	body, err = c.download(ctx, u)
	if err = c.settle(ctx, c.fileBudget, "", err); err != nil {
		return nil, "", err
	}
	return body, mediaOf(body), nil
}

// fileLink reads a link if docket may call it.
func (c *Client) fileLink(link string) (*url.URL, bool) {
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Opaque != "" || len(link) > 8<<10 {
		return nil, false
	}
	host := strings.ToLower(u.Host)
	isLocal := c.loopback && isLoopback(u.Hostname())
	switch {
	case !isLocal && u.Scheme != "https", u.Scheme != "https" && u.Scheme != "http":
		return nil, false
	case !isLocal:
		host = strings.TrimSuffix(host, ":443")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, slices.Contains(c.fileHosts, host)
}

func (c *Client) download(ctx context.Context, u *url.URL) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.times.file)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Refused{Title: "the link cannot be called"}
	}
	req.Header.Set("User-Agent", "docket")
	resp, err := c.files.Do(req)
	if err != nil {
		return nil, unreached(err)
	}
	defer resp.Body.Close()
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500:
		return nil, &trouble{problem: fmt.Sprintf("Persona's file host has a fault of its own (%d)", code)}
	case code >= 400:
		return nil, &Refused{Status: http.StatusGone, Title: "Persona does not give the file out: its link has expired, or the file is gone"}
	case code >= 300:
		return nil, &Refused{Status: code, Title: "Persona's file host sends docket elsewhere, where it does not go"}
	case code != http.StatusOK:
		return nil, &trouble{problem: fmt.Sprintf("Persona's file host gave no file (%d)", code)}
	}
	body, err := readBody(resp, MaxFile)
	switch {
	case err == errTooLarge:
		return nil, &Refused{Status: resp.StatusCode, Title: "the file is " + tooLarge + ", which docket does not keep"}
	case err != nil:
		return nil, unreached(err)
	case len(body) == 0:
		return nil, &trouble{problem: "Persona's file host gave an empty file"}
	}
	return body, nil
}

// mediaOf says what a file is by how it begins; what it is said to be is never believed.
func mediaOf(b []byte) string {
	switch media := http.DetectContentType(b); media {
	case "image/jpeg", "image/png", "application/pdf":
		return media
	}
	return "application/octet-stream"
}
