package persona

import "strings"

// cutSecrets takes the query from every link to Persona's file hosts, in place, in all texts
// of a value. The query is a bearer secret that expires within hours: kept, it would leak, and
// it would make the same state look like a new one each time it is sent.
// https://docs.withpersona.com/downloading-files
func cutSecrets(n *node) {
	if n.kind == kindString {
		if strings.IndexByte(n.text, '?') >= 0 {
			n.text = cutSecret(n.text)
		}
		return
	}
	for i := range n.kids {
		cutSecrets(&n.kids[i])
	}
}

// cutSecret cleans one text, which may be a link or hold some.
func cutSecret(s string) string {
	from := 0
	for {
		i := strings.Index(s[from:], "://")
		if i < 0 {
			return s
		}
		start := from + i + len("://")
		end := len(s)
		if j := strings.IndexAny(s[start:], " \t\r\n\"'<>"); j >= 0 {
			end = start + j
		}
		link, query, found := strings.Cut(s[start:end], "?")
		from = end
		if !found || !secretHost(link, query) {
			continue
		}
		s = s[:start+len(link)] + s[end:]
		from = start + len(link)
	}
}

// secretHost says that the query of a link (without its scheme) opens a file.
func secretHost(link, query string) bool {
	host, _, _ := strings.Cut(link, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	if host == "files.withpersona.com" {
		return true
	}
	// A stand-in for Persona serves its files from this machine.
	if host != "withpersona.com" && !strings.HasSuffix(host, ".withpersona.com") && !isLoopback(host) {
		return false
	}
	query = strings.ToLower(query)
	return strings.Contains(query, "access_token=") || strings.Contains(query, "access-token=")
}
