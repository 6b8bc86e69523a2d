package persona_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"docket/persona"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testSecret  = "wbhsec_00000000-0000-4000-8000-000000000000"
	otherSecret = "wbhsec_00000000-0000-4000-8000-000000000001"
	testBody    = `{"data":{"type":"event","id":"evt_TEST1","attributes":{"name":"transaction.status-updated"}}}`
	testMAC     = "3a60a91add95eced3d0d00d5e1702aa1bf8298d475fd36c85db2ff2745cabd5e"
)

var signedAt = time.Unix(1700000000, 0)

// signed is one set of a signature header.
func signed(secret string, at time.Time, body string) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "." + body))
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// secretID is how Verify names a secret.
func secretID(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])[:8]
}

func TestTheVectorOfTheRuleVerifies(t *testing.T) {
	t.Parallel()
	s := persona.NewSignatures([]string{testSecret}, persona.DefaultBack, persona.DefaultAhead)
	id, err := s.Verify([]string{"t=1700000000,v1=" + testMAC}, []byte(testBody), signedAt)
	require.NoError(t, err)
	assert.Equal(t, secretID(testSecret), id)
	assert.Len(t, id, 8)
}

func TestASignatureHoldsOrNot(t *testing.T) {
	t.Parallel()
	right := "t=1700000000,v1=" + testMAC
	wrong := "t=1700000000,v1=" + strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		headers []string
		body    string
		err     error
	}{
		"right":                           {headers: []string{right}},
		"parts the other way round":       {headers: []string{"v1=" + testMAC + ",t=1700000000"}},
		"upper-case hex":                  {headers: []string{"t=1700000000,v1=" + strings.ToUpper(testMAC)}},
		"another scheme beside":           {headers: []string{right + ",v2=abc"}},
		"two sets, first right":           {headers: []string{right + " " + wrong}},
		"two sets, second right":          {headers: []string{wrong + " " + right}},
		"a set that cannot be read":       {headers: []string{"v1 " + right}},
		"header twice":                    {headers: []string{wrong, right}},
		"eight sets, last right":          {headers: []string{strings.Repeat(wrong+" ", 7) + right}},
		"nine sets, first right":          {headers: []string{right + strings.Repeat(" "+wrong, 8)}, err: persona.ErrBadSignature},
		"a thousand sets":                 {headers: []string{strings.Repeat(right+" ", 1000)}, err: persona.ErrBadSignature},
		"a thousand headers":              {headers: slices.Repeat([]string{right}, 1000), err: persona.ErrBadSignature},
		"no header":                       {err: persona.ErrNoSignature},
		"empty header":                    {headers: []string{""}, err: persona.ErrNoSignature},
		"blank header":                    {headers: []string{"  ", " "}, err: persona.ErrNoSignature},
		"body changed by one byte":        {headers: []string{right}, body: strings.Replace(testBody, "TEST1", "TEST2", 1), err: persona.ErrBadSignature},
		"body cut":                        {headers: []string{right}, body: testBody[:len(testBody)-1], err: persona.ErrBadSignature},
		"body with a byte more":           {headers: []string{right}, body: testBody + "\n", err: persona.ErrBadSignature},
		"t changed":                       {headers: []string{"t=1700000001,v1=" + testMAC}, err: persona.ErrBadSignature},
		"t with a zero in front":          {headers: []string{"t=01700000000,v1=" + testMAC}, err: persona.ErrBadSignature},
		"t with a sign":                   {headers: []string{"t=+1700000000,v1=" + testMAC}, err: persona.ErrBadSignature},
		"t negative":                      {headers: []string{"t=-1700000000,v1=" + testMAC}, err: persona.ErrBadSignature},
		"t too large":                     {headers: []string{"t=99999999999999999999,v1=" + testMAC}, err: persona.ErrBadSignature},
		"t missing":                       {headers: []string{"v1=" + testMAC}, err: persona.ErrBadSignature},
		"t twice":                         {headers: []string{"t=1700000000," + right}, err: persona.ErrBadSignature},
		"odd-length hex":                  {headers: []string{"t=1700000000,v1=" + testMAC[:63]}, err: persona.ErrBadSignature},
		"short hex":                       {headers: []string{"t=1700000000,v1=" + testMAC[:62]}, err: persona.ErrBadSignature},
		"long hex":                        {headers: []string{"t=1700000000,v1=" + testMAC + "00"}, err: persona.ErrBadSignature},
		"no hex":                          {headers: []string{"t=1700000000,v1=" + strings.Repeat("z", 64)}, err: persona.ErrBadSignature},
		"v1 empty":                        {headers: []string{"t=1700000000,v1="}, err: persona.ErrBadSignature},
		"v1 missing":                      {headers: []string{"t=1700000000"}, err: persona.ErrBadSignature},
		"v1 twice":                        {headers: []string{right + ",v1=" + testMAC}, err: persona.ErrBadSignature},
		"the right one under another key": {headers: []string{"t=1700000000,v0=" + testMAC}, err: persona.ErrBadSignature},
		"sets parted by a comma":          {headers: []string{wrong + "," + right}, err: persona.ErrBadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := persona.NewSignatures([]string{testSecret}, persona.DefaultBack, persona.DefaultAhead)
			body := c.body
			if body == "" {
				body = testBody
			}
			id, err := s.Verify(c.headers, []byte(body), signedAt)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
				assert.Empty(t, id)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, secretID(testSecret), id)
		})
	}
}

func TestASecretChangedByOneByteSignsNothing(t *testing.T) {
	t.Parallel()
	s := persona.NewSignatures([]string{otherSecret}, 0, 0)
	_, err := s.Verify([]string{"t=1700000000,v1=" + testMAC}, []byte(testBody), signedAt)
	assert.ErrorIs(t, err, persona.ErrBadSignature)
}

func TestWithoutASecretNothingVerifies(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][]string{nil, {""}, {"  ", "\n"}} {
		s := persona.NewSignatures(secrets, 0, 0)
		for _, key := range append(secrets, "") {
			_, err := s.Verify([]string{signed(key, signedAt, testBody)}, []byte(testBody), signedAt)
			assert.ErrorIs(t, err, persona.ErrBadSignature)
		}
	}
}

// While a secret is rotated Persona signs with both, and for a while either side may know only
// one of them.
func TestBothSecretsVerifyDuringRotation(t *testing.T) {
	t.Parallel()
	newest, old := otherSecret, testSecret
	byNew, byOld := signed(newest, signedAt, testBody), signed(old, signedAt.Add(-time.Second), testBody)
	for name, c := range map[string]struct {
		knows  []string
		header string
		by     string // "" when it does not verify
	}{
		"both know both":              {knows: []string{newest, old}, header: byNew + " " + byOld, by: newest},
		"the old one written first":   {knows: []string{newest, old}, header: byOld + " " + byNew, by: newest},
		"configured the other way":    {knows: []string{old, newest}, header: byNew + " " + byOld, by: old},
		"we know the old one only":    {knows: []string{old}, header: byNew + " " + byOld, by: old},
		"we know the new one only":    {knows: []string{newest}, header: byOld + " " + byNew, by: newest},
		"Persona has only the old":    {knows: []string{newest, old}, header: byOld, by: old},
		"Persona has dropped the old": {knows: []string{old}, header: byNew},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := persona.NewSignatures(c.knows, 0, 0).Verify([]string{c.header}, []byte(testBody), signedAt)
			if c.by == "" {
				assert.ErrorIs(t, err, persona.ErrBadSignature)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, secretID(c.by), id, "the first configured of those that signed")
		})
	}
}

func TestTheWindowOfASignature(t *testing.T) {
	t.Parallel()
	now := signedAt
	const none = time.Duration(0)
	for _, c := range []struct {
		at          time.Duration
		back, ahead time.Duration
		err         error
	}{
		{at: -51 * time.Hour, back: persona.DefaultBack, ahead: persona.DefaultAhead},
		{at: -72 * time.Hour, back: persona.DefaultBack, ahead: persona.DefaultAhead},
		{at: -72*time.Hour - time.Second, back: persona.DefaultBack, ahead: persona.DefaultAhead, err: persona.ErrStaleSignature},
		{at: -73 * time.Hour, back: persona.DefaultBack, ahead: persona.DefaultAhead, err: persona.ErrStaleSignature},
		{at: 10 * time.Minute, back: persona.DefaultBack, ahead: persona.DefaultAhead},
		{at: 11 * time.Minute, back: persona.DefaultBack, ahead: persona.DefaultAhead, err: persona.ErrStaleSignature},
		{at: -73 * time.Hour, back: none, ahead: none},
		{at: 11 * time.Minute, back: none, ahead: none},
		{at: -73 * time.Hour, back: none, ahead: persona.DefaultAhead},
		{at: 11 * time.Minute, back: none, ahead: persona.DefaultAhead, err: persona.ErrStaleSignature},
	} {
		s := persona.NewSignatures([]string{testSecret}, c.back, c.ahead)
		_, err := s.Verify([]string{signed(testSecret, now.Add(c.at), testBody)}, []byte(testBody), now)
		if c.err == nil {
			assert.NoError(t, err, c)
		} else {
			assert.ErrorIs(t, err, c.err, c)
		}
		// A wrong signature is wrong however old it is.
		_, err = s.Verify([]string{signed(otherSecret, now.Add(c.at), testBody)}, []byte(testBody), now)
		assert.ErrorIs(t, err, persona.ErrBadSignature)
	}
}

func TestOneFreshSetIsEnough(t *testing.T) {
	t.Parallel()
	s := persona.NewSignatures([]string{testSecret, otherSecret}, time.Hour, time.Hour)
	stale, fresh := signed(testSecret, signedAt.Add(-2*time.Hour), testBody), signed(otherSecret, signedAt, testBody)
	id, err := s.Verify([]string{stale + " " + fresh}, []byte(testBody), signedAt)
	require.NoError(t, err)
	assert.Equal(t, secretID(otherSecret), id)
}

// The comparison must take the same time wherever two digests differ; what cannot be measured
// reliably in a test is read from the source.
func TestSignaturesAreComparedInConstantTime(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("signature.go")
	require.NoError(t, err)
	assert.Contains(t, string(src), "hmac.Equal(")
	_, verify, ok := strings.Cut(string(src), "func (s *Signatures) Verify(")
	require.True(t, ok)
	loop, _, ok := strings.Cut(verify, "\tswitch {")
	require.True(t, ok)
	_, loop, ok = strings.Cut(loop, "for _, set := range sets {")
	require.True(t, ok)
	for _, early := range []string{"return", "break", "continue", "bytes.Equal", "=="} {
		assert.NotContains(t, loop, early)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	s := persona.NewSignatures([]string{testSecret}, 0, 0)
	for _, v := range []any{s, *s, struct{ S *persona.Signatures }{s}, []any{s}} {
		assertNotIn(t, v, testSecret, hex.EncodeToString([]byte(testSecret)), fmt.Sprint([]byte(testSecret)))
	}
	_, err := s.Verify([]string{"t=1700000000,v1=" + testMAC[:62] + "00"}, []byte(testBody), signedAt)
	assertNotIn(t, err, testSecret, testMAC[:20], "evt_TEST1")
}

func FuzzSignatureHeader(f *testing.F) {
	for _, seed := range []string{"", " ", "t=1,v1=", "t=1700000000,v1=" + testMAC, "t=1700000000,v1=" + testMAC + " t=1,v1=00", ",,==", "t=,v1=,t=", "v1=" + testMAC} {
		f.Add(seed, "x")
	}
	s := persona.NewSignatures([]string{testSecret, otherSecret}, 0, 0)
	f.Fuzz(func(t *testing.T, header, body string) {
		id, err := s.Verify([]string{header, header}, []byte(body), signedAt)
		if err == nil {
			// Only who knows a secret gets here: the digest must be in the header.
			at, _, _ := strings.Cut(strings.TrimPrefix(header[strings.Index(header, "t="):], "t="), ",")
			n, _ := strconv.ParseInt(at, 10, 64)
			found := strings.Contains(strings.ToLower(header), signed(testSecret, time.Unix(n, 0), body)[len("t="+at+",v1="):])
			if !found && !strings.Contains(header, " ") {
				t.Fatalf("verified without a right digest: %q as %s", header, id)
			}
			return
		}
		if id != "" {
			t.Fatal("an error and a secret")
		}
		// Whatever stands around it, a right set holds as long as there are not too many.
		if strings.Count(header, " ") < 2 && len(strings.Fields(header)) < 3 {
			if _, err := s.Verify([]string{header + " " + signed(testSecret, signedAt, body)}, []byte(body), signedAt); err != nil {
				t.Fatalf("a right set did not hold beside %q: %v", header, err)
			}
		}
	})
}
