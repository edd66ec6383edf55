package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// limitTexts holds GitLab's messages for a JSON body that is too large.
var limitTexts = map[jsonFlaw]string{
	jsonTooDeep:         "Parameters nested too deeply",
	jsonArrayTooLarge:   "Array parameter too large",
	jsonObjectTooLarge:  "Hash parameter too large",
	jsonTooManyElements: "Too many total parameters",
}

// validateJSON checks a JSON body, for every method and path. It refuses a body that is too large and, since GitLab
// 18.6, a body that is not JSON.
func validateJSON(a *arrival) *reply {
	if !a.media.isJSON() || len(a.body) == 0 {
		return nil
	}
	limits := unlimitedJSON
	if a.has(gitlab.LimitsJSON) {
		limits = limitedJSON
	}
	a.json = scanJSON(a.body, limits)
	switch text, isLimit := limitTexts[a.json.flaw]; {
	case isLimit && a.has(gitlab.LimitsJSON):
		return early(http.StatusBadRequest, errorBody{text}, a.json.reason)
	case a.json.flaw >= jsonBareScalar && a.has(gitlab.NamesMalformedJSON):
		return early(http.StatusBadRequest, errorBody{"Invalid JSON format"}, a.json.reason)
	}
	return nil
}
