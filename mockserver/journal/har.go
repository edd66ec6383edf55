package journal

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// HAR is a journal as an HTTP Archive 1.2, which the developer tools of browsers open. Bodies are not in it: those of
// requests are there as parameters, those of responses as their sizes.
type HAR struct {
	Log HARLog `json:"log"`
}

// HARLog is what is in an archive.
type HARLog struct {
	Version string     `json:"version"`
	Creator HARCreator `json:"creator"`
	Entries []HAREntry `json:"entries"`
}

// HARCreator names what has written an archive.
type HARCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// HAREntry is one request with its response. A time is in milliseconds.
type HAREntry struct {
	Started    time.Time      `json:"startedDateTime"`
	Time       float64        `json:"time"`
	Request    HARRequest     `json:"request"`
	Response   HARResponse    `json:"response"`
	Cache      map[string]any `json:"cache"` // always empty
	Timings    HARTimings     `json:"timings"`
	Connection string         `json:"connection,omitempty"`
	Comment    string         `json:"comment,omitempty"`
}

// HARRequest is what was sent. A size is in bytes; -1 means that it is not known.
type HARRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []HARPair `json:"cookies"`
	Headers     []HARPair `json:"headers"`
	QueryString []HARPair `json:"queryString"`
	PostData    *HARPost  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int64     `json:"bodySize"`
}

// HARResponse is what came back.
type HARResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []HARPair  `json:"cookies"`
	Headers     []HARPair  `json:"headers"`
	Content     HARContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int64      `json:"bodySize"`
}

// HARPair is a header or a parameter.
type HARPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// HARPost are the parameters in the body of a request.
type HARPost struct {
	MimeType string    `json:"mimeType"`
	Params   []HARPair `json:"params"`
	Text     string    `json:"text"` // always empty
}

// HARContent is the body of a response.
type HARContent struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"` // in recordings of a proxy only
}

// HARTimings say what a request waited for, in milliseconds.
type HARTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// Archive writes entries as an HTTP Archive. Root is the URL that paths are below; version is that of the creator.
func Archive(entries []Entry, root, version string) HAR {
	har := HAR{HARLog{Version: "1.2", Creator: HARCreator{"statuschecks", version}, Entries: []HAREntry{}}}
	for i := range entries {
		har.Log.Entries = append(har.Log.Entries, archived(&entries[i], root))
	}
	return har
}

func archived(e *Entry, root string) HAREntry {
	milliseconds := float64(e.Took.Duration) / float64(time.Millisecond)
	started := e.Real
	if started.IsZero() {
		started = e.At
	}
	h := HAREntry{
		Started: started, Time: milliseconds, Timings: HARTimings{Wait: milliseconds}, Cache: map[string]any{},
		Request: requestOf(e, root), Response: HARResponse{
			Status: e.Status, StatusText: http.StatusText(e.Status), HTTPVersion: "HTTP/1.1", Cookies: []HARPair{},
			Headers: pairs(e.ResponseHeaders), RedirectURL: e.ResponseHeaders["Location"], HeadersSize: -1,
			Content: HARContent{Size: e.ResponseSize, MimeType: mimeType(e.ResponseHeaders)}, BodySize: e.ResponseSize,
		},
		Comment: commentOn(e),
	}
	if e.Connection > 0 {
		h.Connection = strconv.FormatInt(e.Connection, 10)
	}
	return h
}

func requestOf(e *Entry, root string) HARRequest {
	r := HARRequest{
		Method: e.Method, URL: e.URL, HTTPVersion: "HTTP/1.1", Cookies: []HARPair{}, Headers: pairs(e.RequestHeaders),
		QueryString: parameters(e.Query), HeadersSize: -1, BodySize: e.RequestSize,
	}
	if e.Kind == Call {
		r.URL = root + e.Path
		query := url.Values{}
		for _, p := range r.QueryString {
			query.Add(p.Name, p.Value)
		}
		if len(query) > 0 {
			r.URL += "?" + query.Encode()
		}
	}
	if len(e.Body) > 0 {
		r.PostData = &HARPost{MimeType: mimeType(e.RequestHeaders), Params: parameters(e.Body)}
	}
	return r
}

// commentOn is what an archive has no place of its own for.
func commentOn(e *Entry) string {
	text := e.Operation
	if e.Kind == Delivery {
		text = fmt.Sprintf("delivery %d, attempt %d", e.Attempt.Delivery, e.Attempt.Number)
	}
	for _, more := range []struct{ name, value string }{
		{"by", e.User}, {"with the token", e.Token}, {"reason:", e.Reason}, {"fault plan:", e.Fault},
	} {
		if more.value != "" {
			text += " " + more.name + " " + more.value
		}
	}
	return text
}

func mimeType(headers map[string]string) string {
	if kind := headers["Content-Type"]; kind != "" {
		return kind
	}
	return "x-unknown"
}

func pairs(headers map[string]string) []HARPair {
	list := []HARPair{}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		list = append(list, HARPair{name, headers[name]})
	}
	return list
}

// parameters are all values with their names, as in a query: each item of a list has the name of the list and [], each
// member of an object the name of the object and its own name in brackets.
func parameters(values map[string]any) []HARPair {
	list := []HARPair{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = appendParameter(list, name, values[name])
	}
	return list
}

func appendParameter(list []HARPair, name string, value any) []HARPair {
	switch v := value.(type) {
	case nil:
		return append(list, HARPair{name, ""})
	case []any:
		for _, item := range v {
			list = appendParameter(list, name+"[]", item)
		}
		return list
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			list = appendParameter(list, name+"["+key+"]", v[key])
		}
		return list
	}
	return append(list, HARPair{name, fmt.Sprint(value)})
}
