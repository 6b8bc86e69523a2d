package persona

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"docket/review"
)

// ErrUnavailable says that Persona could not be asked, or gave no usable answer. Nothing is lost
// by it: whoever asked asks again later. It always comes as *Unavailable.
var ErrUnavailable = errors.New("persona unavailable")

// Unavailable is ErrUnavailable with what is known of it.
type Unavailable struct {
	After    time.Duration // not worth asking before
	Problem  string        // what was met, in words for people, without a full stop
	Request  string        // Persona's id of the request, "" when it gave none
	KeySpent bool          // Persona keeps this answer under the idempotency key: the next try needs another key
}

func (e *Unavailable) Error() string {
	s := "persona unavailable: " + e.Problem
	if e.Request != "" {
		s += " (request " + e.Request + ")"
	}
	return s
}

// Is makes errors.Is(err, ErrUnavailable) hold.
func (e *Unavailable) Is(target error) bool { return target == ErrUnavailable }

// Refused says that Persona understood and will not do it, or that docket knows so beforehand
// (Status 0): asking again brings the same until a person changes something.
type Refused struct {
	Status   int            // HTTP status; 0 when Persona was not asked
	Title    string         // what is wrong and what to do, in words for people, without a full stop
	Problems []RefusedField // what Persona said of single fields
	Request  string         // Persona's id of the request
}

// RefusedField is one thing that Persona did not like.
type RefusedField struct {
	Pointer string // where, as Persona wrote it: "/data/attributes/fields/birthdate"; "" when it did not say
	Field   string // the field it names: "birthdate"; "" when it names none
	Words   string // Persona's words; may repeat what was sent, so for pages only, never for logs
}

// ErrUnauthorized says that the key is not accepted, or not for this act. It always comes as
// *Refused with status 401 or 403.
var ErrUnauthorized = errors.New("persona does not accept the key")

// Error is for logs: where Persona saw a fault, never its words, which may repeat a name.
func (e *Refused) Error() string {
	s := "refused before asking Persona"
	if e.Status != 0 {
		s = fmt.Sprintf("persona refused with %d", e.Status)
	}
	for _, p := range e.Problems {
		if p.Pointer != "" {
			s += " " + p.Pointer
		}
	}
	if e.Request != "" {
		s += " (request " + e.Request + ")"
	}
	return s
}

// LogValue is Error.
func (e *Refused) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// LogValue leaves Persona's words out.
func (p RefusedField) LogValue() slog.Value { return slog.StringValue(p.Pointer) }

// Is makes errors.Is(err, ErrUnauthorized) hold for 401 and 403, and errors.Is(err,
// review.ErrNotFound) for 404.
func (e *Refused) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	case review.ErrNotFound:
		return e.Status == http.StatusNotFound
	}
	return false
}

// Sentence says everything to a person, for pages: what is wrong, Persona's own words, and what
// to do.
func (e *Refused) Sentence() string {
	var b strings.Builder
	b.WriteString(e.Title)
	for i, p := range e.Problems {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		if p.Field != "" && !strings.Contains(p.Words, p.Field) {
			b.WriteString(p.Field + ": ")
		}
		b.WriteString(p.Words)
	}
	return b.String()
}

// Invalid says the same to a screening form, each problem beside its field. It is nil when
// nothing on the form is to blame.
func (e *Refused) Invalid() error {
	if e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity && e.Status != 0 {
		return nil
	}
	var inv review.Invalid
	for _, p := range e.Problems {
		switch p.Field {
		case "reference_id", "name_first", "name_middle", "name_last", "birthdate", "address_country_code":
			inv.Add(p.Field, "Persona does not take this: "+p.Words)
		case "":
			inv.Add("fields", "Persona does not take this: "+p.Words)
		default:
			inv.Add("fields", "Persona does not take "+p.Field+": "+p.Words)
		}
	}
	return inv.OrNil()
}

// errorBody is what an error's body says. https://docs.withpersona.com/errors
type errorBody struct {
	title    string // the first error's, as Persona wrote it
	problems []RefusedField
}

const maxProblems = 20

// readErrors reads an error's body, if it is one. secrets are cut out of its words: a server
// that repeats our request to us must not get the key onto a page.
func readErrors(body []byte, secrets ...string) errorBody {
	root, p, refused := structure(body)
	if p != nil {
		defer p.done()
	}
	var out errorBody
	if refused != "" {
		return out
	}
	for i, e := range root.like("errors").items() {
		if i == maxProblems {
			break
		}
		title := outside(e.like("title").str(), secrets)
		words := outside(e.find("details", "detail").str(), secrets)
		if i == 0 {
			out.title = title
		}
		if words == "" {
			words = title
		}
		if words == "" {
			continue
		}
		pointer := outside(e.like("source").like("pointer").str(), secrets)
		out.problems = append(out.problems, RefusedField{Pointer: pointer, Field: fieldOf(pointer, words), Words: words})
	}
	return out
}

// fieldOf names the field that a pointer, or words that begin with a dotted path
// ("data.attributes.name is missing"), speak of; in the spelling of transaction fields.
func fieldOf(pointer, words string) string {
	last := pointer[strings.LastIndexByte(pointer, '/')+1:]
	if last == "" {
		path, _, _ := strings.Cut(words, " ")
		if !strings.HasPrefix(path, "data.attributes.") {
			return ""
		}
		last = path[strings.LastIndexByte(path, '.')+1:]
	}
	switch last {
	case "data", "attributes", "fields", "meta", "base":
		return ""
	}
	return strings.ReplaceAll(kebab(last), "-", "_")
}

// outside makes a text of Persona's fit to stand among ours: one line, bounded, no secrets.
func outside(s string, secrets []string) string {
	const most = 300
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, sealedWord)
		}
	}
	s = strings.TrimSpace(cutSecret(s))
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// has says that a title or one of the words holds a text, whatever its case.
func (e errorBody) has(text string) bool {
	return strings.Contains(strings.ToLower(e.title), text) || slices.ContainsFunc(e.problems, func(p RefusedField) bool {
		return strings.Contains(strings.ToLower(p.Words), text)
	})
}

// requestID takes Persona's id of a request if it looks like one.
func requestID(h http.Header) string {
	id := h.Get("Request-Id")
	if len(id) > 80 || strings.ContainsFunc(id, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return ""
	}
	return id
}
