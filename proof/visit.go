package proof

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
)

// visit is one request on its way to the good server and, once that has answered, its answer. An alteration changes
// either.
type visit struct {
	server  *Server
	request *http.Request
	op      string            // operationId, of the control surface too; empty for what is no operation
	path    map[string]string // the variables of its path
	body    []byte            // of the request
	input   *object           // the body as a JSON object; nil when it is none
	control bool              // it is about the control surface

	status int // 0 until there is an answer
	header http.Header
	answer []byte
}

func (s *Server) visit(r *http.Request) *visit {
	body, _ := io.ReadAll(r.Body)
	v := &visit{server: s, request: r, body: body, path: map[string]string{}, header: http.Header{}}
	if strings.Contains(r.Header.Get("Content-Type"), "json") {
		v.input, _ = parse(body).(*object)
	}
	for _, doc := range []*openapi.Document{openapi.GitLab(), openapi.Control()} {
		if op := openapitest.Find(doc, r.Method, r.URL.EscapedPath()); op != nil {
			v.op, v.control = op.ID, doc == openapi.Control()
			v.path = variables(op.Root()+op.Path, r.URL.EscapedPath())
			break
		}
	}
	return v
}

// variables are the parts of a path that stand where a template has names.
func variables(template, path string) map[string]string {
	found := map[string]string{}
	parts := strings.Split(strings.TrimSuffix(path, ".json"), "/")
	for i, name := range strings.Split(template, "/") {
		if strings.HasPrefix(name, "{") && i < len(parts) {
			found[strings.Trim(name, "{}")], _ = url.PathUnescape(parts[i])
		}
	}
	return found
}

// pass lets the good server answer the request as it is by now.
func (v *visit) pass() {
	answer := httptest.NewRecorder()
	v.server.good.ServeHTTP(answer, v.outgoing())
	v.status, v.header, v.answer = answer.Code, answer.Header(), answer.Body.Bytes()
	v.server.memory.learn(v)
	if v.method() != http.MethodGet {
		v.server.memory.hide(v.answered())
	}
}

// told is every parameter that the request gives, wherever it stands, but for its path.
func (v *visit) told() *object {
	told := of()
	forms := []url.Values{v.request.URL.Query()}
	if form, err := url.ParseQuery(string(v.body)); err == nil {
		forms = append(forms, form)
	}
	for _, form := range forms {
		for name, values := range form {
			told.Set(name, values[len(values)-1])
		}
	}
	if v.input != nil {
		for _, name := range v.input.Keys {
			told.Set(name, v.input.Get(name))
		}
	}
	return told
}

func (v *visit) outgoing() *http.Request {
	r := v.request.Clone(v.request.Context())
	r.Body = io.NopCloser(bytes.NewReader(v.body))
	if r.ContentLength >= 0 {
		r.ContentLength = int64(len(v.body))
	}
	if len(v.body) == 0 {
		r.Body = http.NoBody
	}
	r.RequestURI = r.URL.RequestURI()
	return r
}

// answered is the answer's JSON value.
func (v *visit) answered() any { return parse(v.answer) }

// say answers, instead of what there was.
func (v *visit) say(status int, body string) {
	v.status, v.answer = status, []byte(body)
	v.header.Del("Etag")
	v.header.Del("Content-Type")
	v.header.Set("Cache-Control", "no-cache")
	if body != "" {
		v.header.Set("Content-Type", "application/json")
	}
}

// succeeded tells whether the good server did what it was asked to.
func (v *visit) succeeded() bool { return v.status >= 200 && v.status < 300 }

// method is the request's verb.
func (v *visit) method() string { return v.request.Method }

// token is what the caller signed in with.
func (v *visit) token() string { return v.request.Header.Get("Private-Token") }

// signIn puts another token in the caller's place.
func (v *visit) signIn(token string) { v.request.Header.Set("Private-Token", token) }

// given is a parameter, from wherever it is given; nil when it is not.
func (v *visit) given(name string) any {
	if value, ok := v.path[name]; ok {
		return value
	}
	if v.input != nil {
		if value, ok := v.input.Members[name]; ok {
			return value
		}
	}
	form := v.request.URL.Query()
	if strings.Contains(v.request.Header.Get("Content-Type"), "urlencoded") {
		if values, err := url.ParseQuery(string(v.body)); err == nil {
			form = values
		}
	}
	if values, ok := form[name]; ok {
		return values[len(values)-1]
	}
	return nil
}

// give sets a parameter of the JSON body.
func (v *visit) give(name string, value any) {
	if v.input != nil {
		v.input.Set(name, value)
		v.body = encode(v.input)
	}
}

// withhold takes a parameter out of the JSON body.
func (v *visit) withhold(name string) {
	if v.input != nil {
		v.input.Drop(name)
		v.body = encode(v.input)
	}
}

// query changes the request's query.
func (v *visit) query(change func(url.Values)) {
	values := v.request.URL.Query()
	change(values)
	u := *v.request.URL
	u.RawQuery = values.Encode()
	v.request.URL = &u
}

// project is the id of the project that the request is about; 0 when it names none that is known.
func (v *visit) project() int64 {
	id := v.path["id"]
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		return number
	}
	return v.server.memory.projectAt(id)
}

// role is the caller's, as the suite calls it.
func (v *visit) role() string { return v.server.memory.roleOf(v.token(), v.project()) }

// mr is the merge request that the request is about.
func (v *visit) mr() string { return v.path["merge_request_iid"] }

// check is the external status check that the request is about, in the path or as a parameter.
func (v *visit) check() string {
	for _, name := range []string{"check_id", "external_status_check_id"} {
		if value := text(v.given(name)); value != "" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// ask makes a request of its own to the good server, signed in as the creator of the visit's project. The parameters of
// the visit's path are known; further ones come as name and value by turns.
func (v *visit) ask(op string, parameters ...any) *visit {
	return v.askAs(v.server.memory.creator(v.project()), op, parameters...)
}

func (v *visit) askAs(token, op string, parameters ...any) *visit {
	operation := openapi.GitLab().Operation(op)
	with := of(parameters...)
	path, query, body := operation.Root()+operation.Path, url.Values{}, of()
	for _, name := range with.Keys {
		value := with.Members[name]
		switch filled := strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(text(value))); {
		case filled != path:
			path = filled
		case operation.Method == http.MethodGet:
			query.Set(name, text(value))
		default:
			body.Set(name, value)
		}
	}
	for name, value := range v.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	r := httptest.NewRequest(operation.Method, "http://"+v.request.Host+path+"?"+query.Encode(),
		bytes.NewReader(encode(body)))
	r.Header.Set("Content-Type", "application/json")
	asked := v.server.visit(r)
	asked.signIn(token)
	asked.pass()
	return asked
}

// write sends the answer.
func (v *visit) write(w http.ResponseWriter) {
	for name, values := range v.header {
		w.Header()[name] = values
	}
	if w.Header().Get("Content-Length") != "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(v.answer)))
	}
	w.WriteHeader(v.status)
	if v.method() != http.MethodHead {
		_, _ = w.Write(v.answer)
	}
}
