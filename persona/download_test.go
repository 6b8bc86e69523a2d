package persona_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"docket/persona"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	t.Parallel()
	var asPNG, asJPEG bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, 2, 2))
	require.NoError(t, png.Encode(&asPNG, picture))
	require.NoError(t, jpeg.Encode(&asJPEG, picture, nil))
	for name, c := range map[string]struct{ body, said, want string }{
		"png":           {asPNG.String(), "text/html", "image/png"},
		"jpeg":          {asJPEG.String(), "", "image/jpeg"},
		"pdf":           {"%PDF-1.7\n", "image/png", "application/pdf"},
		"html":          {"<html><script>", "image/png", "application/octet-stream"},
		"svg":           {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, "image/svg+xml", "application/octet-stream"},
		"gif":           {"GIF89a", "image/gif", "application/octet-stream"},
		"anything else": {"\x00\x01", "application/pdf", "application/octet-stream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, says(200, c.body, "Content-Type", c.said))
			body, media, err := clientAt(t, server.URL).Download(t.Context(), server.URL+"/a.png?access_token=TOKEN#x")
			require.NoError(t, err)
			assert.Equal(t, c.body, string(body))
			assert.Equal(t, c.want, media)
			r := server.requests()[0]
			assert.Empty(t, r.Header.Get("Authorization"), "the key is not for file hosts")
			assert.Equal(t, "/a.png?access_token=TOKEN", r.RequestURI)
		})
	}
}

func TestOnlyPersonasFileHostIsCalled(t *testing.T) {
	t.Parallel()
	server := serve(t, says(200, "x"))
	c := clientAt(t, server.URL, func(o *persona.ClientOptions) { o.FileHosts = []string{"files.withpersona.com"} })
	for _, link := range []string{
		"", "a.png", "/a.png", "//files.withpersona.com/a.png", "http://files.withpersona.com/a.png?access_token=TOKEN",
		"https://files.withpersona.com.evil.example/a.png?access_token=TOKEN", "https://evil.example/files.withpersona.com?access_token=TOKEN",
		"https://files.withpersona.com@evil.example/a.png", "https://TOKEN@files.withpersona.com/a.png", "https://files.withpersona.com:8443/a.png",
		"https://files.withpersona.com./a.png", "https://xfiles.withpersona.com/a.png", "https://withpersona.com/a.png",
		"file:///etc/passwd", "javascript:alert(1)", "https:files.withpersona.com/a.png", "https://files.withpersona.com\\@evil.example/", "https://[::1]/a.png",
		server.URL + "/a.png?access_token=TOKEN", "https://files.withpersona.com/" + strings.Repeat("a", 9000),
	} {
		_, _, err := c.Download(t.Context(), link)
		var refused *persona.Refused
		require.ErrorAs(t, err, &refused, link)
		assert.Zero(t, refused.Status)
		assertNotIn(t, err, "TOKEN", "evil")
	}
	assert.Empty(t, server.requests())
}

func TestAFileThatDoesNotCome(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, says(200, "x"))
	t.Cleanup(func() { assert.Empty(t, elsewhere.requests()) })
	for name, c := range map[string]struct {
		does   http.HandlerFunc
		status int    // of a refusal, 0: unavailable
		words  string // of the problem
	}{
		"expired, by 403": {does: says(403, `<Error><Code>AccessDenied</Code></Error>`), status: 410, words: "its link has expired"},
		"expired, by 401": {does: says(401, ``), status: 410, words: "its link has expired"},
		"gone":            {does: says(404, ``), status: 410, words: "its link has expired"},
		"a redirect": {does: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
			status: 302, words: "sends docket elsewhere"},
		"too large":  {does: floods, status: 200, words: "larger than 32 MiB"},
		"announced":  {does: says(200, ``, "Content-Length", "100000000"), status: 200, words: "larger than 32 MiB"},
		"busy":       {does: says(429, ``), words: "(429)"},
		"broken":     {does: says(500, ``), words: "(500)"},
		"empty":      {does: says(200, ``), words: "an empty file"},
		"no content": {does: says(204, ``), words: "(204)"},
		"a part":     {does: says(206, `x`), words: "(206)"},
		"a hang":     {does: hangs, words: "did not answer in time"},
		"a drip":     {does: drips, words: "did not answer in time"},
		"a reset":    {does: resets, words: "broke off"},
		"cut short":  {does: says(200, `x`, "Content-Length", "9"), words: "broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, c.does)
			client := waitingFor(t, server.URL, c.words)
			body, _, err := client.Download(t.Context(), server.URL+"/a.png?access_token=TOKEN")
			assert.Nil(t, body)
			assertNotIn(t, err, "TOKEN", "a.png", "127.0.0.1")
			assert.Zero(t, client.State().LastFailed, "file hosts say nothing of the API")
			assert.Len(t, server.requests(), 1)
			if c.status == 0 {
				requireUnavailable(t, err, c.words)
				return
			}
			var refused *persona.Refused
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, c.status, refused.Status)
			assert.Contains(t, refused.Sentence(), c.words)
			assert.NotErrorIs(t, err, persona.ErrUnauthorized)
		})
	}
}

// A packed file is taken as it is: what is unpacked on the way could be a bomb.
func TestAPackedFileIsNotUnpacked(t *testing.T) {
	t.Parallel()
	require.NotEmpty(t, bomb())
	server := serve(t, bombs)
	body, media, err := patientAt(t, server.URL).Download(t.Context(), server.URL+"/a.png")
	require.NoError(t, err)
	assert.Equal(t, len(bomb()), len(body))
	assert.Equal(t, "application/octet-stream", media)
}
