package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// message is a delivery on its way to a service.
type message struct {
	request *http.Request
	body    []byte
	data    map[string]any // nil if the body is no object
}

func (m *message) get(path string) any {
	var value any = m.data
	for part := range strings.SplitSeq(path, ".") {
		o, _ := value.(map[string]any)
		value = o[part]
	}
	return value
}

// set changes the payload, with a signature that is right for it.
func (m *message) set(path string, value any) {
	holder, parts := m.data, strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		next, _ := holder[part].(map[string]any)
		if next == nil {
			return
		}
		holder = next
	}
	holder[parts[len(parts)-1]] = value
	wasRight := m.signedRightly()
	m.body, _ = json.Marshal(m.data)
	if wasRight {
		m.sign()
	}
}

func signatureOf(body []byte) string {
	mac := hmac.New(sha256.New, []byte(hush))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

const signatureName = "X-Gitlab-Signature"

func (m *message) signature() string     { return m.request.Header.Get(signatureName) }
func (m *message) signedRightly() bool   { return m.signature() == signatureOf(m.body) }
func (m *message) sign()                 { m.request.Header.Set(signatureName, signatureOf(m.body)) }
func (m *message) missign()              { m.request.Header.Set(signatureName, "wrong") }
func (m *message) is(action string) bool { return m.get("object_attributes.action") == action }

// incoming makes a defect of what comes in: look returns a status to answer with instead of the service, or 0.
func incoming(look func(m *message, s *Settings) int) func(http.Handler, *Settings) http.Handler {
	var mu sync.Mutex
	return func(service http.Handler, s *Settings) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			m := &message{request: r, body: bodyOf(&r.Body)}
			_ = json.Unmarshal(m.body, &m.data)
			mu.Lock()
			status := look(m, s)
			mu.Unlock()
			if status != 0 {
				w.WriteHeader(status)
				return
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(m.body)), int64(len(m.body))
			service.ServeHTTP(w, r)
		})
	}
}

// canonical is a service that checks the signature over another form of the body.
func canonical(form func([]byte) []byte) func(http.Handler, *Settings) http.Handler {
	return incoming(func(m *message, _ *Settings) int {
		if m.signature() == signatureOf(form(m.body)) {
			m.sign()
		} else {
			m.missign()
		}
		return 0
	})
}

// outgoing makes a defect of what goes out: after looks at a call and its answer, and gives another answer or the same.
func outgoing(after func(c *outcall) (*http.Response, error)) func(http.RoundTripper, *Settings) http.RoundTripper {
	return func(gitlab http.RoundTripper, s *Settings) http.RoundTripper {
		return trip(func(r *http.Request) (*http.Response, error) {
			c := &outcall{request: r, body: bodyOf(&r.Body), gitlab: gitlab, settings: s}
			response, err := c.again()
			c.response, c.err = response, err
			return after(c)
		})
	}
}

// outcall is a call of a service.
type outcall struct {
	request  *http.Request
	body     []byte
	gitlab   http.RoundTripper
	settings *Settings
	response *http.Response
	err      error
}

// again makes the call once more.
func (c *outcall) again() (*http.Response, error) {
	r := c.request.Clone(c.request.Context())
	r.Body = http.NoBody
	if c.body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.body)), int64(len(c.body))
	}
	return c.gitlab.RoundTrip(r)
}

// also makes another call to the same GitLab.
func (c *outcall) also(method, path string, body map[string]any) {
	text, _ := json.Marshal(body)
	r, _ := http.NewRequestWithContext(c.request.Context(), method, c.settings.API+path, bytes.NewReader(text))
	r.Header = http.Header{"Private-Token": {c.settings.Token}, "Content-Type": {"application/json"}}
	if response, err := c.gitlab.RoundTrip(r); err == nil {
		_ = response.Body.Close()
	}
}

func (c *outcall) status() int {
	if c.err != nil {
		return 0
	}
	return c.response.StatusCode
}

// finishes tells whether the call sets a status that is not pending, and was taken.
func (c *outcall) finishes() bool {
	return c.request.Method == http.MethodPost && bytes.Contains(c.body, []byte(`"passed"`)) &&
		c.status() == http.StatusCreated
}

// mergeRequest is the path of the merge request that the call is about.
func (c *outcall) mergeRequest() string {
	_, below, _ := strings.Cut(c.request.URL.Path, "/api/v4")
	parts := strings.Split(below, "/")
	return strings.Join(parts[:min(len(parts), 5)], "/")
}

// answered is an answer with a status and no more.
func (c *outcall) answered(status int) (*http.Response, error) {
	if c.err == nil {
		_ = c.response.Body.Close()
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: c.request,
	}, nil
}

// givesUpOn turns an answer into a refusal for good.
func givesUpOn(status int) func(http.RoundTripper, *Settings) http.RoundTripper {
	return outgoing(func(c *outcall) (*http.Response, error) {
		if c.status() == status {
			return c.answered(http.StatusTeapot)
		}
		return c.response, c.err
	})
}

// hammersOn makes a call again and again that is refused with a status.
func hammersOn(status int) func(http.RoundTripper, *Settings) http.RoundTripper {
	return outgoing(func(c *outcall) (*http.Response, error) {
		for n := 0; n < 60 && c.status() == status; n++ {
			_ = c.response.Body.Close()
			c.response, c.err = c.again()
		}
		return c.response, c.err
	})
}

func diesOfStatus(status int) func(http.RoundTripper, *Settings) http.RoundTripper {
	return diesMute(func(c *outcall) bool { return c.status() == status })
}

// diesMute makes no call any more once something has happened.
func diesMute(what func(c *outcall) bool) func(http.RoundTripper, *Settings) http.RoundTripper {
	var dead atomic.Bool
	return func(gitlab http.RoundTripper, s *Settings) http.RoundTripper {
		living := outgoing(func(c *outcall) (*http.Response, error) {
			if what(c) {
				dead.Store(true)
			}
			return c.response, c.err
		})(gitlab, s)
		return trip(func(r *http.Request) (*http.Response, error) {
			if dead.Load() {
				return nil, errors.New("dead")
			}
			return living.RoundTrip(r)
		})
	}
}

// fails answers 500 to deliveries of some kind.
func fails(when func(m *message) bool) func(http.Handler, *Settings) http.Handler {
	return incoming(func(m *message, _ *Settings) int {
		if when(m) {
			return http.StatusInternalServerError
		}
		return 0
	})
}

// refuses answers 400 to deliveries of some kind.
func refuses(when func(m *message) bool) func(http.Handler, *Settings) http.Handler {
	return incoming(func(m *message, _ *Settings) int {
		if when(m) {
			return http.StatusBadRequest
		}
		return 0
	})
}

// ignores answers 200 to deliveries of some kind and does nothing.
func ignores(when func(m *message) bool) func(http.Handler, *Settings) http.Handler {
	return incoming(func(m *message, _ *Settings) int {
		if when(m) {
			return http.StatusOK
		}
		return 0
	})
}

// remembersFirst takes the first value that it sees for that of all deliveries.
func remembersFirst(path string) func(http.Handler, *Settings) http.Handler {
	var first any
	return incoming(func(m *message, _ *Settings) int {
		if value := m.get(path); first == nil {
			first = value
		} else if value != nil {
			m.set(path, first)
		}
		return 0
	})
}

func has(m *message, key string) bool { return bytes.Contains(m.body, []byte(`"`+key+`"`)) }

// seenBefore tells whether a text came before.
func seenBefore() func(text string) bool {
	seen := map[string]bool{}
	return func(text string) bool {
		before := seen[text]
		seen[text] = true
		return before
	}
}

func onlyASCII(body []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r > 0x7f {
			return '?'
		}
		return r
	}, body)
}

func compact(body []byte) []byte {
	var out bytes.Buffer
	if json.Compact(&out, body) != nil {
		return body
	}
	return out.Bytes()
}

// unescaped writes escapes for what is not ASCII as the characters themselves.
func unescaped(body []byte) []byte {
	text := string(body)
	for {
		at := strings.Index(text, `\ud`)
		if at < 0 || at+12 > len(text) {
			break
		}
		text = text[:at] + plain(text[at:at+12]) + text[at+12:]
	}
	for from := 0; ; {
		at := strings.Index(text[from:], `\u`)
		if at < 0 || from+at+6 > len(text) {
			return []byte(text)
		}
		at += from
		text = text[:at] + plain(text[at:at+6]) + text[at+6:]
		from = at + 1
	}
}

func plain(escape string) string {
	var text string
	_ = json.Unmarshal([]byte(`"`+escape+`"`), &text)
	return text
}

func defects() []defect {
	return slices.Concat(signatureDefects(), deliveryDefects(), payloadDefects(), callDefects(), conductDefects())
}

func signatureDefects() []defect {
	const area = "service.signature."
	return []defect{
		{id: "takes-everything", caught: []string{
			area + "missing", area + "wrong", area + "changed", area + "half", area + "empty", area + "garbage",
		}, in: incoming(func(m *message, _ *Settings) int { m.sign(); return 0 })},
		{
			id: "takes-unsigned", caught: []string{area + "missing", area + "empty"},
			in: incoming(func(m *message, _ *Settings) int {
				if m.signature() == "" {
					m.sign()
				}
				return 0
			}),
		},
		{id: "takes-empty-header", caught: []string{area + "empty"}, in: incoming(func(m *message, _ *Settings) int {
			if values := m.request.Header[signatureName]; len(values) == 1 && values[0] == "" {
				m.sign()
			}
			return 0
		})},
		{id: "compares-beginnings", caught: []string{area + "half"}, in: incoming(func(m *message, _ *Settings) int {
			if s := m.signature(); s != "" && strings.HasPrefix(signatureOf(m.body), s) {
				m.sign()
			}
			return 0
		})},
		{id: "takes-no-hex", caught: []string{area + "garbage"}, in: incoming(func(m *message, _ *Settings) int {
			if _, err := hex.DecodeString(m.signature()); err != nil {
				m.sign()
			}
			return 0
		})},
		{
			id: "looks-only-at-the-length", caught: []string{area + "wrong", area + "changed"},
			in: incoming(func(m *message, _ *Settings) int {
				if len(m.signature()) == len(signatureOf(nil)) {
					m.sign()
				}
				return 0
			}),
		},
		{id: "signs-without-spaces", caught: []string{area + "spaces"}, in: canonical(compact)},
		{id: "signs-without-escapes", caught: []string{area + "escapes"}, in: canonical(unescaped)},
		{id: "signs-ascii", caught: []string{area + "unicode"}, in: canonical(onlyASCII)},
		{
			id: "wants-the-kind-first", caught: []string{area + "order", area + "spaces"},
			in: refuses(func(m *message) bool { return !bytes.HasPrefix(m.body, []byte(`{"object_kind"`)) }),
		},
		{
			id: "takes-little", caught: []string{area + "large"},
			in: refuses(func(m *message) bool { return len(m.body) > 100_000 }),
		},
		{
			id: "answers-and-works-on", caught: []string{area + "wrong", area + "missing"},
			in: func(service http.Handler, _ *Settings) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.WriteHeader(http.StatusOK)
					service.ServeHTTP(httpDiscard{}, r)
				})
			},
		},
	}
}

// httpDiscard forgets what is answered.
type httpDiscard struct{}

// Header is a header that nobody sees.
func (httpDiscard) Header() http.Header { return http.Header{} }

// Write forgets.
func (httpDiscard) Write(text []byte) (int, error) { return len(text), nil }

// WriteHeader forgets.
func (httpDiscard) WriteHeader(int) {}

func deliveryDefects() []defect {
	duplicate, commit := seenBefore(), seenBefore()
	var deliveries atomic.Int32
	var last time.Time
	return []defect{
		{id: "is-slow", caught: []string{"service.accepts"}, in: incoming(func(*message, *Settings) int {
			if deliveries.Add(1) > 2 { // the first look has two
				time.Sleep(3 * time.Second)
			}
			return 0
		})},
		{
			id: "answers-500", caught: []string{"service.accepts"},
			in: func(service http.Handler, _ *Settings) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.WriteHeader(http.StatusInternalServerError)
					service.ServeHTTP(httpDiscard{}, r)
				})
			},
		},
		{
			id: "ignores-retries", caught: []string{"service.retry", "service.retry-timeout"},
			in: ignores(func(m *message) bool { return m.data != nil && m.get("object_attributes.action") == nil }),
		},
		{
			id: "ignores-updates", caught: []string{"service.push"},
			in: ignores(func(m *message) bool { return m.is("update") }),
		},
		{
			id: "ignores-opening", caught: []string{"service.open"},
			in: ignores(func(m *message) bool { return m.is("open") }),
		},
		{
			id: "answers-a-commit-once", caught: []string{"service.retry", "service.retry-timeout"},
			in: ignores(func(m *message) bool {
				return commit(fmt.Sprint(m.get("object_attributes.last_commit.id"), m.get("external_approval_rule.id")))
			}),
		},
		{
			id: "fails-on-duplicates", caught: []string{"service.duplicate"},
			in: fails(func(m *message) bool { return duplicate(string(m.body)) }),
		},
		{
			id: "drops-while-busy", caught: []string{"service.pushes"}, out: givesUpOn(http.StatusConflict),
			in: ignores(func(m *message) bool {
				busy := m.is("update") && time.Since(last) < 500*time.Millisecond
				last = time.Now()
				return busy
			}),
		},
		{
			id: "fails-on-closed", caught: []string{"service.closed"},
			in: fails(func(m *message) bool { return m.is("close") }),
		},
		{
			id: "fails-on-merged", caught: []string{"service.merged"},
			in: fails(func(m *message) bool { return m.is("merge") }),
		},
		{
			id: "fails-on-approvals", caught: []string{"service.approvals"},
			in: fails(func(m *message) bool {
				return strings.HasPrefix(fmt.Sprint(m.get("object_attributes.action")), "appro")
			}),
		},
		{
			id: "takes-the-first-check", caught: []string{"service.two-checks"},
			in: remembersFirst("external_approval_rule.id"),
		},
		{id: "takes-the-first-project", caught: []string{"service.own-project"}, in: remembersFirst("project.id")},
		{id: "takes-id-for-iid", caught: []string{"service.open"}, in: incoming(func(m *message, _ *Settings) int {
			m.set("object_attributes.iid", m.get("object_attributes.id"))
			return 0
		})},
	}
}

func payloadDefects() []defect {
	return []defect{
		{
			id: "knows-all-keys", caught: []string{"service.payload.unknown-keys"},
			in: refuses(func(m *message) bool { return bytes.Contains(m.body, []byte(`"novelty":`)) }),
		},
		{
			id: "wants-new-keys", caught: []string{"service.payload.old-keys"},
			in: refuses(func(m *message) bool {
				return m.get("object_attributes") != nil && !has(m, "detailed_merge_status")
			}),
		},
		{
			id: "wants-a-picture", caught: []string{"service.payload.nulls"},
			in: fails(func(m *message) bool { return m.get("user") != nil && m.get("user.avatar_url") == nil }),
		},
		{
			id: "fails-on-people", caught: []string{"service.payload.people"},
			in: fails(func(m *message) bool { return has(m, "reviewers") }),
		},
		{
			id: "takes-the-source-project", caught: []string{"service.fork", "service.payload.fork"},
			in: incoming(func(m *message, _ *Settings) int {
				if id := m.get("object_attributes.source_project_id"); id != nil {
					m.set("project.id", id)
				}
				return 0
			}),
		},
		{
			id: "knows-all-actions", caught: []string{"service.payload.action"},
			in: refuses(func(m *message) bool { return m.is("novelty") }),
		},
		{
			id: "fails-on-no-json", caught: []string{"service.body.empty", "service.body.cut"},
			in: fails(func(m *message) bool { return !json.Valid(m.body) }),
		},
		{
			id: "fails-on-no-object", caught: []string{"service.body.list"},
			in: fails(func(m *message) bool { return json.Valid(m.body) && m.data == nil }),
		},
		{
			id: "fails-on-less", caught: []string{"service.body.bare", "service.body.nulls", "service.body.push"},
			in: fails(func(m *message) bool { return m.data != nil && m.get("object_attributes.last_commit") == nil }),
		},
	}
}

var commitName = regexp.MustCompile("[0-9a-f]{40}")

func callDefects() []defect {
	const area = "service.trouble."
	list := []defect{
		{id: "gives-up-on-409", caught: []string{"service.conflict"}, out: givesUpOn(http.StatusConflict)},
		{id: "hammers-on-409", caught: []string{area + "409"}, out: hammersOn(http.StatusConflict)},
		{
			id: "leaves-the-head-pending", caught: []string{"service.conflict", "service.order"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.status() != http.StatusConflict {
					return c.response, c.err
				}
				text, _ := io.ReadAll(c.response.Body)
				var sent map[string]any
				_ = json.Unmarshal(c.body, &sent)
				if sent != nil {
					sent["status"], sent["sha"] = "pending", commitName.FindString(string(text))
					c.also(http.MethodPost, c.mergeRequest()+"/status_check_responses", sent)
				}
				return c.answered(http.StatusTeapot)
			}),
		},
		{id: "dies-of-409", caught: []string{"service.conflict"}, out: diesOfStatus(http.StatusConflict)},
		{id: "dies-of-404", caught: []string{"service.unknown-project"}, out: diesOfStatus(http.StatusNotFound)},
		{
			id: "hammers-on-404", caught: []string{"service.deleted", "service.unknown-project", area + "404"},
			out: hammersOn(http.StatusNotFound),
		},
		{id: "gives-up-on-429", caught: []string{area + "429"}, out: givesUpOn(http.StatusTooManyRequests)},
		{
			id: "ignores-retry-after", caught: []string{area + "retry-after"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.err == nil {
					c.response.Header.Del("Retry-After")
				}
				return c.response, c.err
			}),
		},
		{id: "gives-up-on-reset", caught: []string{area + "reset"}, out: givesUpOn(0)},
		{id: "dies-of-a-login-page", caught: []string{area + "login"}, out: diesMute(func(c *outcall) bool {
			return c.err == nil && strings.HasPrefix(c.response.Header.Get("Content-Type"), "text/html") &&
				c.status() == http.StatusOK
		})},
	}
	for status, caught := range map[int][]string{
		500: {area + "500"}, 502: {area + "502", area + "after"}, 503: {area + "503"},
	} {
		list = append(list, defect{id: fmt.Sprintf("gives-up-on-%d", status), caught: caught, out: givesUpOn(status)})
	}
	for _, status := range []int{401, 403, 422} {
		id := fmt.Sprint(status)
		list = append(list, defect{id: "hammers-on-" + id, caught: []string{area + id}, out: hammersOn(status)})
	}
	return append(list,
		defect{id: "hammers-on-503", caught: []string{area + "503-lasting"}, out: hammersOn(503)},
		defect{id: "gives-up-on-502-for-good", caught: []string{area + "502"}, out: diesOfStatus(502)})
}

func conductDefects() []defect {
	return []defect{
		{
			id: "ends-with-pending", caught: []string{"service.last"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.finishes() {
					response := c.response
					c.body = bytes.Replace(c.body, []byte(`"passed"`), []byte(`"pending"`), 1)
					if again, err := c.again(); err == nil {
						_ = again.Body.Close()
					}
					return response, nil
				}
				return c.response, c.err
			}),
		},
		{
			id: "never-finishes", caught: []string{"service.pending"},
			out: func(gitlab http.RoundTripper, s *Settings) http.RoundTripper {
				return trip(func(r *http.Request) (*http.Response, error) {
					body := bodyOf(&r.Body)
					if bytes.Contains(body, []byte(`"passed"`)) {
						return (&outcall{request: r, err: errors.New("none"), settings: s}).answered(http.StatusCreated)
					}
					return gitlab.RoundTrip(r)
				})
			},
		},
		{
			id: "edits-what-it-is-told-of", caught: []string{"service.loop"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.finishes() {
					c.also(http.MethodPut, c.mergeRequest(), map[string]any{"description": "checked"})
				}
				return c.response, c.err
			}),
		},
		{
			id: "reads-one-page", caught: []string{"service.lists"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.err == nil {
					c.response.Header.Del("X-Next-Page")
				}
				return c.response, c.err
			}),
		},
		{
			id: "comments-with-its-token", caught: []string{"service.secrets"},
			out: outgoing(func(c *outcall) (*http.Response, error) {
				if c.finishes() {
					c.also(http.MethodPost, c.mergeRequest()+"/notes", map[string]any{"body": "by " + c.settings.Token})
				}
				return c.response, c.err
			}),
		},
		{
			id: "logs-its-token", caught: []string{"service.secrets"},
			log: func(l *logtest.Buffer) { _, _ = io.WriteString(l, "the token is "+seed.DeveloperToken+"\n") },
		},
		{
			id: "answers-with-its-secret", caught: []string{"service.secrets", "service.secrets.refused"},
			in: func(service http.Handler, s *Settings) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Debug", s.Secret)
					service.ServeHTTP(w, r)
				})
			},
		},
		{
			id: "reads-everything-on-edits", caught: []string{"service.edit"},
			in: incoming(func(m *message, s *Settings) int {
				if m.is("update") && m.get("object_attributes.oldrev") == nil {
					for range 60 {
						r, _ := http.NewRequestWithContext(m.request.Context(), http.MethodGet, s.API+"/user", nil)
						r.Header.Set("Private-Token", s.Token)
						if response, err := s.Client.Do(r); err == nil {
							_ = response.Body.Close()
						}
					}
				}
				return 0
			}),
		},
	}
}
