package viewtest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// Problems says what is wrong with a whole page, nothing when it is well made:
// one h1, a title and a language; unique ids, and every reference points at something; fields
// labelled, buttons and links named; tables with caption and scoped headers; headings without
// a gap; nothing inline, no address that runs; nothing nested that HTML does not nest; no text
// that looks like an unrendered call.
func Problems(page string) []string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return []string{"cannot be read: " + err.Error()}
	}
	l := &lint{doc: doc, ids: map[string]int{}}
	l.frame()
	l.references()
	l.fields()
	l.tables()
	l.headings()
	l.inline()
	l.nesting(page)
	l.words()
	return l.found
}

type lint struct {
	doc   *goquery.Document
	ids   map[string]int
	found []string
}

func (l *lint) add(format string, args ...any) {
	l.found = append(l.found, fmt.Sprintf(format, args...))
}

func (l *lint) each(selector string, f func(*goquery.Selection)) {
	l.doc.Find(selector).Each(func(_ int, s *goquery.Selection) { f(s) })
}

func (l *lint) frame() {
	if n := l.doc.Find("h1").Length(); n != 1 {
		l.add("%d h1 instead of one", n)
	}
	if n := l.doc.Find("main#main").Length(); n != 1 {
		l.add("%d main#main instead of one", n)
	}
	if Text(l.doc.Find("head title")) == "" {
		l.add("no title")
	}
	if l.doc.Find("html").AttrOr("lang", "") == "" {
		l.add("no language")
	}
}

// references: each id once, each for, aria-…, #fragment and popovertarget at an id.
func (l *lint) references() {
	l.each("[id]", func(s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if id == "" || strings.ContainsAny(id, " \t\n\"'<>") {
			l.add("id %q is no id", id)
		}
		if l.ids[id]++; l.ids[id] == 2 {
			l.add("id %q twice", id)
		}
	})
	for _, attr := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget"} {
		l.each("["+attr+"]", func(s *goquery.Selection) {
			for id := range strings.FieldsSeq(s.AttrOr(attr, "")) {
				if l.ids[id] == 0 {
					l.add("%s=%q points at nothing", attr, id)
				}
			}
		})
	}
	l.each("*", func(s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(a.Key, "aria-") && a.Val == "" {
				l.add("%s has no value, which reads as false: %s", a.Key, outer(s))
			}
		}
	})
	l.each("a[href^='#']", func(s *goquery.Selection) {
		if id := s.AttrOr("href", "")[1:]; l.ids[id] == 0 {
			l.add("href=%q points at nothing", "#"+id)
		}
	})
}

func (l *lint) fields() {
	l.each("input, select, textarea", func(s *goquery.Selection) {
		switch s.AttrOr("type", "") {
		case "hidden", "submit", "button":
			return
		}
		id := s.AttrOr("id", "")
		labelled := s.AttrOr("aria-label", "") != "" || s.AttrOr("aria-labelledby", "") != "" || s.Closest("label").Length() > 0 ||
			id != "" && l.doc.Find("label").FilterFunction(func(_ int, x *goquery.Selection) bool { return x.AttrOr("for", "") == id && Text(x) != "" }).Length() > 0
		if !labelled {
			l.add("field %q (id %q) has no label", s.AttrOr("name", ""), id)
		}
		if s.AttrOr("name", "") == "" {
			l.add("field id %q has no name", id)
		}
	})
	l.each("button, a, summary", func(s *goquery.Selection) {
		if Text(s) == "" && s.AttrOr("aria-label", "") == "" {
			l.add("<%s> without words: %s", goquery.NodeName(s), outer(s))
		}
	})
	l.each("img", func(s *goquery.Selection) {
		if s.AttrOr("alt", "") == "" {
			l.add("a picture without words: %s", outer(s))
		}
	})
	l.each("a", func(s *goquery.Selection) {
		if _, ok := s.Attr("href"); !ok {
			l.add("a link without href: %s", outer(s))
		}
	})
	l.each("form", func(s *goquery.Selection) {
		if m := s.AttrOr("method", "get"); m == "post" && s.Find("button, input[type=submit]").Length() == 0 {
			l.add("a form without a button: %s", s.AttrOr("action", ""))
		}
	})
	l.each("fieldset", func(s *goquery.Selection) {
		if s.ChildrenFiltered("legend").Length() != 1 {
			l.add("a fieldset without a legend")
		}
	})
}

func (l *lint) tables() {
	l.each("table", func(s *goquery.Selection) {
		if Text(s.ChildrenFiltered("caption")) == "" {
			l.add("a table without a caption")
		}
	})
	l.each("th", func(s *goquery.Selection) {
		if !slices.Contains([]string{"col", "row", "colgroup", "rowgroup"}, s.AttrOr("scope", "")) {
			l.add("th %q without a scope", Text(s))
		}
	})
	l.each("table", func(s *goquery.Selection) {
		cols := 0
		s.Find("thead th").Each(func(int, *goquery.Selection) { cols++ })
		s.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			n := 0
			row.ChildrenFiltered("th, td").Each(func(_ int, cell *goquery.Selection) {
				span := 1
				if c := cell.AttrOr("colspan", ""); c != "" {
					_, _ = fmt.Sscan(c, &span) // a colspan that is no number counts as one
				}
				n += span
			})
			if n != cols {
				l.add("a row of %d cells under %d headings: %s", n, cols, Text(row))
			}
		})
	})
}

func (l *lint) headings() {
	last := 0
	l.each("main h1, main h2, main h3, main h4, main h5", func(s *goquery.Selection) {
		level := int(goquery.NodeName(s)[1] - '0')
		if last > 0 && level > last+1 {
			l.add("h%d %q right under an h%d", level, Text(s), last)
		}
		last = level
		if Text(s) == "" {
			l.add("an h%d without words", level)
		}
	})
}

// inline: nothing that the Content-Security-Policy forbids or that would run.
func (l *lint) inline() {
	l.each("style, script:not([src]), iframe, object, embed, base, meta[http-equiv]:not([http-equiv=Content-Security-Policy]), [style], [srcdoc], [formaction], [target]", func(s *goquery.Selection) {
		l.add("inline or foreign: %s", outer(s))
	})
	l.each("*", func(s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if strings.HasPrefix(strings.ToLower(a.Key), "on") {
				l.add("a handler in the markup: %s", outer(s))
			}
			if a.Key == "if" || a.Key == "else" {
				l.add("a condition that became an attribute: %s", outer(s))
			}
		}
	})
	for _, attr := range []string{"href", "src", "action"} {
		l.each("["+attr+"]", func(s *goquery.Selection) {
			v := s.AttrOr(attr, "")
			u, err := url.Parse(v)
			switch {
			case err != nil:
				l.add("%s=%q is no address", attr, v)
			case strings.HasPrefix(v, "//"), strings.HasPrefix(v, `\`):
				l.add("%s=%q leaves the site without a scheme", attr, v)
			case u.Scheme == "":
			case attr != "href" || goquery.NodeName(s) != "a" || u.Scheme != "http" && u.Scheme != "https":
				l.add("%s=%q of a <%s> leaves the site", attr, v, goquery.NodeName(s))
			case s.AttrOr("rel", "") != "noopener noreferrer":
				l.add("href=%q without noopener noreferrer", v)
			}
		})
	}
}

// nesting: what the parser had to close, move or make is not what was written.
func (l *lint) nesting(page string) {
	written := map[string]int{}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		t := z.Next()
		if t == html.ErrorToken {
			break
		}
		if t == html.StartTagToken || t == html.SelfClosingTagToken {
			name, _ := z.TagName()
			written[string(name)]++
		}
	}
	for name, n := range written {
		if got := l.doc.Find(name).Length(); got != n {
			l.add("%d <%s> written and %d read: something is nested that HTML does not nest", n, name, got)
		}
	}
	l.each("p p, p div, p ul, p details, p section, form form, a a, button button, a button, button a, label label, h1 div, h2 div, h3 div, summary details, summary p, summary div", func(s *goquery.Selection) {
		l.add("nested: %s", outer(s))
	})
	l.each("bdi, span, b, q, h1, h2, h3, h4, caption, label, button, a", func(s *goquery.Selection) {
		if s.Find("div, p, details, ul, ol, dl, table, section, form").Length() > 0 {
			l.add("a block inside <%s>: %s", goquery.NodeName(s), outer(s))
		}
	})
	l.each("details", func(s *goquery.Selection) {
		if s.ChildrenFiltered("summary").Length() != 1 {
			l.add("a fold without a summary")
		}
	})
}

// unrendered is text that was meant to be drawn: a component call in running text, an
// expression that was not closed, a Go value printed raw.
var unrendered = regexp.MustCompile(`(?:^|[\s>(])@[a-zA-Z]+[.(]|\{ ?[a-z]+\.[A-Z]|%!|<nil>|\b0x[0-9a-f]{8,16}\b|⁇`)

func (l *lint) words() {
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode && unrendered.MatchString(n.Data) {
			l.add("looks unrendered: %q", strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	l.each("body", func(s *goquery.Selection) { walk(s.Nodes[0]) })
}

func outer(s *goquery.Selection) string {
	h, err := goquery.OuterHtml(s.First())
	if err != nil {
		return err.Error()
	}
	if len(h) > 200 {
		h = h[:200] + "…"
	}
	return h
}
