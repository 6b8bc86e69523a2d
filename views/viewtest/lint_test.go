package viewtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/views/viewtest"
)

const whole = `<!doctype html><html lang="en"><head><title>T</title></head><body><main id="main"><h1>One</h1>BODY</main></body></html>`

func TestAWellMadePageHasNoProblem(t *testing.T) {
	t.Parallel()
	assert.Empty(t, viewtest.Problems(strings.Replace(whole, "BODY", `<h2 id="a">Two</h2><a href="#a">a</a><a href="https://example.org" rel="noopener noreferrer">b</a>
		<label for="n">N</label><input id="n" name="n"><p>Write to noor@example.org</p>
		<table><caption>C</caption><thead><tr><th scope="col">H</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>`, 1)))
}

func TestTheLintFindsEachMistake(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<h1>Two</h1>`:                                    "2 h1",
		`<h3>Three</h3>`:                                  "right under an h1",
		`<h2></h2>`:                                       "without words",
		`<p id="a"></p><p id="a"></p>`:                    "twice",
		`<p id="a b"></p>`:                                "is no id",
		`<p aria-describedby="x"></p>`:                    "points at nothing",
		`<a href="/x" aria-current>x</a>`:                 "reads as false",
		`<a href="#x">x</a>`:                              "points at nothing",
		`<input name="n">`:                                "has no label",
		`<label for="n"> </label><input id="n" name="n">`: "has no label",
		`<label>N<input></label>`:                         "has no name",
		`<button></button>`:                               "without words",
		`<a>x</a>`:                                        "without href",
		`<form method="post" action="/x"></form>`:         "without a button",
		`<fieldset></fieldset>`:                           "without a legend",
		`<table><tbody></tbody></table>`:                  "without a caption",
		`<table><caption>C</caption><tbody><tr><th>x</th></tr></tbody></table>`:                                                         "without a scope",
		`<table><caption>C</caption><thead><tr><th scope="col">x</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>`: "2 cells under 1",
		`<p style="color:red">x</p>`:                                   "inline",
		`<script>1</script>`:                                           "inline",
		`<p onclick="x()">x</p>`:                                       "a handler",
		`<a href="javascript:alert(1)">x</a>`:                          "leaves the site",
		`<a href="//evil.example">x</a>`:                               "without a scheme",
		`<a href="https://example.org">x</a>`:                          "without noopener",
		`<form action="https://example.org"><button>x</button></form>`: "leaves the site",
		`<p><div>x</div></p>`:                                          "does not nest",
		`<span><ul><li>x</li></ul></span>`:                             "a block inside",
		`<a href="/x"><button>x</button></a>`:                          "nested",
		`<details><summary><p>x</p></summary></details>`:               "nested",
		`<label for="n">N</label><input id="n" name="n" else>`:         "became an attribute",
		`<details><p>x</p></details>`:                                  "without a summary",
		`<p>Opened @p.Opened.Time()</p>`:                               "unrendered",
		`<p>{ p.Name }</p>`:                                            "unrendered",
		`<p>%!d(string=x)</p>`:                                         "unrendered",
		`<p>⁇ frobnicated</p>`:                                         "unrendered",
	} {
		found := strings.Join(viewtest.Problems(strings.Replace(whole, "BODY", body, 1)), "\n")
		assert.Contains(t, found, want, body)
	}
	assert.Contains(t, strings.Join(viewtest.Problems("<p>x</p>"), "\n"), "no title")
	assert.Contains(t, strings.Join(viewtest.Problems("<p>x</p>"), "\n"), "no language")
}
