package views

import (
	"strings"

	"docket/review"
)

// KindWords names a kind of report. Kinds are an open set: an unknown one is named by its own
// words, which is right and not odd.
func KindWords(k review.ReportKind) string {
	switch k {
	case review.KindWatchlist:
		return "Watchlist"
	case review.KindPEP:
		return "Politically exposed person"
	case review.KindAdverseMedia:
		return "Adverse media"
	case review.KindBusinessWatchlist:
		return "Business watchlist"
	case review.KindBusinessAdverseMedia:
		return "Business adverse media"
	case review.KindCryptoWatchlist:
		return "Crypto watchlist"
	case review.KindScreening:
		return "Screening"
	case "":
		return "Report"
	}
	return Label(string(k))
}

// KindShort is KindWords where room is short: a cell of the queue.
func KindShort(k review.ReportKind) string {
	switch k {
	case review.KindPEP:
		return "PEP"
	case review.KindBusinessAdverseMedia:
		return "Business media"
	case review.KindCryptoWatchlist:
		return "Crypto"
	}
	return KindWords(k)
}

// CheckTag words the result of one check of a verification; an open set.
func CheckTag(status string) Tag {
	switch status {
	case "passed":
		return Tag{"passed", ToneGood}
	case "failed":
		return Tag{"failed", ToneDanger}
	case "not_applicable":
		return Tag{"not applicable", ToneNone}
	case "":
		return Tag{"no result", ToneNone}
	}
	return Tag{strings.ReplaceAll(status, "_", " "), ToneNone}
}

// RunActWords says what someone did to a report at Persona; an open set.
func RunActWords(kind string) string {
	switch kind {
	case "dismiss":
		return "dismissed"
	case "review":
		return "reviewed"
	case "pause":
		return "paused"
	case "resume":
		return "resumed"
	case "":
		return "acted on"
	}
	return Label(kind)
}

// Label reads a raw key as words: "name-first" is "First name", "selfie_photo" is "Selfie
// photo". What it does not know keeps its own words.
func Label(key string) string {
	switch strings.ReplaceAll(key, "_", "-") {
	case "name-first":
		return "First name"
	case "name-middle":
		return "Middle name"
	case "name-last":
		return "Last name"
	case "name-full":
		return "Full name"
	case "term":
		return "Joined"
	case "birthdate":
		return "Birth date"
	case "birthdate-year":
		return "Birth year"
	case "country-code", "address-country-code":
		return "Country"
	case "address-street-1":
		return "Street"
	case "address-street-2":
		return "Street, second line"
	case "address-city":
		return "City"
	case "address-subdivision":
		return "Region"
	case "address-postal-code":
		return "Postal code"
	case "email-address":
		return "Email"
	case "phone-number":
		return "Phone"
	case "reference-id":
		return "Reference"
	case "identification-number":
		return "Id number"
	}
	words := strings.Join(strings.FieldsFunc(key, func(r rune) bool {
		return r == '-' || r == '_' || r == '.' || r == '/' || r == ' ' || r == ':'
	}), " ")
	if words == "" {
		return "Unnamed"
	}
	if c := words[0]; c >= 'a' && c <= 'z' {
		words = string(c-'a'+'A') + words[1:]
	}
	return words
}
