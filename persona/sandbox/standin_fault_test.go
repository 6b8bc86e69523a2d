package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFaultDoesWhatItIsCalled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(b)
	defer server.Close()
	call := func(method, path, body string) (*http.Response, []byte, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, server.URL+"/api/v1"+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+key)
		res, err := server.Client().Do(r)
		if err != nil {
			return nil, nil, err
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		return res, answer, err
	}
	made := func() int { return len(b.ask("GET", "/transactions?page[size]=100", "").at("data").([]any)) }
	create := `{"data":{"attributes":{"transaction-type-id":"` + sandbox.TypePerson + `","fields":{"name_last":"Nobody"}}}}`

	b.Fail(sandbox.Fault{Kind: sandbox.FaultLimit, Times: 1}, sandbox.Fault{Kind: sandbox.FaultMute, Times: 1})
	res, _, err := call("GET", "/transactions", "")
	require.NoError(t, err)
	assert.Equal(t, 429, res.StatusCode)
	assert.Equal(t, "0", res.Header.Get("RateLimit-Remaining"))
	res, _, err = call("GET", "/transactions", "")
	require.NoError(t, err)
	assert.Equal(t, 429, res.StatusCode)
	assert.Empty(t, res.Header.Get("RateLimit-Reset"))

	b.Fail(sandbox.Fault{Kind: sandbox.FaultError, Status: 503, Method: "POST", Prefix: "/transactions", Times: 1})
	res, _, err = call("GET", "/transactions", "")
	require.NoError(t, err)
	assert.Equal(t, 200, res.StatusCode, "another method")
	res, _, err = call("POST", "/transactions", create)
	require.NoError(t, err)
	assert.Equal(t, 503, res.StatusCode)
	assert.Zero(t, made(), "nothing was done")

	for _, kind := range []sandbox.FaultKind{sandbox.FaultHang, sandbox.FaultReset} {
		b.Fail(sandbox.Fault{Kind: kind, Method: "POST", Times: 1})
		_, _, err = call("POST", "/transactions", create)
		require.Error(t, err, "%s", kind)
		assert.Zero(t, made(), "nothing was done")
	}
	b.Fail(sandbox.Fault{Kind: sandbox.FaultLost, Method: "POST", Times: 1})
	_, _, err = call("POST", "/transactions", create)
	require.Error(t, err)
	assert.Equal(t, 1, made(), "it was done")

	b.Fail(sandbox.Fault{Kind: sandbox.FaultBroken, Method: "POST", Times: 1})
	res, answer, err := call("POST", "/transactions", create)
	require.NoError(t, err)
	assert.Equal(t, 201, res.StatusCode)
	assert.False(t, json.Valid(answer))
	assert.Equal(t, 2, made(), "it was done")

	b.Fail(sandbox.Fault{Kind: sandbox.FaultError})
	for range 3 {
		res, _, err = call("GET", "/transactions", "")
		require.NoError(t, err)
		assert.Equal(t, 500, res.StatusCode)
	}
	b.Heal()
	assert.Equal(t, 2, made())
	var faults []sandbox.FaultKind
	for _, r := range b.Requests() {
		if r.Fault != "" {
			faults = append(faults, r.Fault)
		}
	}
	assert.Equal(t, []sandbox.FaultKind{"limit", "mute", "error", "hang", "reset", "lost", "broken", "error", "error", "error"}, faults)
}

func TestCloseLetsHangingRequestsGo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(b)
	defer server.Close()
	b.Fail(sandbox.Fault{Kind: sandbox.FaultHang})
	ended := make(chan error)
	go func() {
		res, err := server.Client().Get(server.URL + "/api/v1/events")
		if err == nil {
			res.Body.Close()
		}
		ended <- err
	}()
	require.Eventually(t, func() bool { return len(b.Requests()) == 1 }, 5*time.Second, time.Millisecond)
	b.Close()
	<-ended
}
