package static_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Contrast is held by arithmetic: each pair of intents that meets on a page, in both schemes,
// by the definition of WCAG 2.2 (1.4.3 text, 1.4.11 edges of controls), the colours converted
// from OKLCH as https://www.w3.org/TR/css-color-4/#color-conversion-code gives it.
func TestColoursContrastInBothSchemes(t *testing.T) {
	t.Parallel()
	tokens := readTokens(t)
	pairs := []struct {
		ink, surface string
		least        float64
	}{
		{"--ink", "--surface", 7}, {"--ink", "--surface-raised", 7}, {"--ink", "--surface-sunken", 7},
		{"--ink-quiet", "--surface", 4.5}, {"--ink-quiet", "--surface-raised", 4.5}, {"--ink-quiet", "--surface-sunken", 4.5},
		{"--ink-quiet", "--accent-surface", 4.5}, {"--ink", "--accent-surface", 4.5},
		{"--ink-on-accent", "--accent", 4.5}, {"--accent", "--surface", 4.5}, {"--accent", "--surface-raised", 4.5}, {"--accent", "--accent-surface", 4.5},
		{"--differ", "--surface", 4.5}, {"--differ", "--differ-surface", 4.5}, {"--surface-raised", "--differ", 4.5}, {"--surface-raised", "--ink", 4.5},
		{"--tone-quiet-ink", "--tone-quiet-surface", 4.5}, {"--tone-attention-ink", "--tone-attention-surface", 4.5},
		{"--tone-danger-ink", "--tone-danger-surface", 4.5}, {"--tone-good-ink", "--tone-good-surface", 4.5},
		{"--tone-attention-ink", "--surface", 4.5}, {"--tone-danger-ink", "--surface", 4.5}, {"--tone-danger-ink", "--surface-raised", 4.5}, {"--tone-good-ink", "--surface", 4.5},
		{"--accent", "--tone-danger-surface", 4.5}, {"--ink", "--tone-attention-surface", 4.5}, {"--accent", "--tone-attention-surface", 4.5},
		{"--focus", "--surface", 3}, {"--focus", "--surface-raised", 3}, {"--line-control", "--surface", 3}, {"--line-control", "--surface-raised", 3},
		{"--chart-1", "--surface", 3}, {"--chart-2", "--surface", 3}, {"--chart-attention", "--surface", 3}, {"--chart-danger", "--surface", 3}, {"--chart-1", "--chart-2", 1.5},
	}
	for _, scheme := range []int{0, 1} {
		for _, p := range pairs {
			a, b := luminance(t, tokens, p.ink, scheme), luminance(t, tokens, p.surface, scheme)
			ratio := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
			assert.GreaterOrEqual(t, ratio, p.least, "%s on %s in the %s scheme is %.2f : 1", p.ink, p.surface, []string{"light", "dark"}[scheme], ratio)
		}
	}
}

func readTokens(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("css/tokens.css")
	require.NoError(t, err)
	screen, _, _ := strings.Cut(string(b), "@media print")
	tokens := map[string]string{}
	for _, m := range regexp.MustCompile(`(--[a-z0-9-]+): ([^;]+);`).FindAllStringSubmatch(screen, -1) {
		tokens[m[1]] = m[2]
	}
	return tokens
}

var (
	reference = regexp.MustCompile(`^var\((--[a-z0-9-]+)\)$`)
	schemes   = regexp.MustCompile(`^light-dark\((var\([^)]*\)|oklch\([^)]*\)), (var\([^)]*\)|oklch\([^)]*\))\)$`)
	oklch     = regexp.MustCompile(`^oklch\(([0-9.]+) ([0-9.]+) ([0-9.]+)\)$`)
)

func luminance(t *testing.T, tokens map[string]string, value string, scheme int) float64 {
	t.Helper()
	for range 6 {
		if v, ok := tokens[value]; ok {
			value = v
		}
		if m := reference.FindStringSubmatch(value); m != nil {
			value = m[1]
		}
		if m := schemes.FindStringSubmatch(value); m != nil {
			value = m[1+scheme]
		}
		if m := oklch.FindStringSubmatch(value); m != nil {
			return relative(number(t, m[1]), number(t, m[2]), number(t, m[3]))
		}
	}
	require.Fail(t, "no colour", value)
	return 0
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return f
}

// relative is the relative luminance of an OKLCH colour.
func relative(lightness, chroma, hue float64) float64 {
	h := hue * math.Pi / 180
	a, b := chroma*math.Cos(h), chroma*math.Sin(h)
	cube := func(x float64) float64 { return x * x * x }
	l := cube(lightness + 0.3963377774*a + 0.2158037573*b)
	m := cube(lightness - 0.1055613458*a - 0.0638541728*b)
	s := cube(lightness - 0.0894841775*a - 1.2914855480*b)
	clamp := func(x float64) float64 { return math.Min(math.Max(x, 0), 1) }
	red := clamp(4.0767416621*l - 3.3077115913*m + 0.2309699292*s)
	green := clamp(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s)
	blue := clamp(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s)
	return 0.2126*red + 0.7152*green + 0.0722*blue
}
