package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// strange is a program that serves something that is no sound GitLab until it is killed: strange KIND FILE [SERVER
// [NUMBER]]. It writes its URL to the file.
func strange() {
	if err := serveStrange(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serveStrange(args []string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := writeWhole(args[1], fmt.Appendf(nil, "{\"url\":\"http://%s\"}\n", listener.Addr()),
		forOwner); err != nil {
		return err
	}
	if args[0] == "none" {
		return listener.Close()
	}
	if args[0] == "garbage" {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return err
			}
			_, _ = connection.Write([]byte("220 mail.example.com ready\r\n"))
			_ = connection.Close()
		}
	}
	handler, err := strangeHandler(args)
	if err != nil {
		return err
	}
	return (&http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}).Serve(listener)
}

// strangeHandler answers as the kind says. With a server it hands requests on to it.
func strangeHandler(args []string) (http.Handler, error) {
	page := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, "<!DOCTYPE html><title>Sign in</title>")
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	switch args[0] {
	case "web":
		return page(http.StatusOK), nil
	case "json":
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_,
				_ = fmt.Fprint(w, `{"hello":"world"}`)
		}), nil
	case "elsewhere":
		return http.RedirectHandler("https://login.example.com/", http.StatusFound), nil
	case "silent":
		return http.HandlerFunc(hang), nil
	case "closing":
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), nil
	}
	upstream, err := url.Parse(args[2])
	if err != nil {
		return nil, err
	}
	sound := httputil.NewSingleHostReverseProxy(upstream)
	sound.Transport = wholly{&http.Transport{MaxIdleConnsPerHost: 16}}
	if args[0] == "calling-itself" {
		sound.ModifyResponse = renamed(args[3])
		return sound, nil
	}
	number, _ := strconv.Atoi(append(args, "0")[3])
	if args[0] == "hanging-on" {
		return hangingOn(sound, args[3], args[4], hang), nil
	}
	return strangeProxy(args[0], sound, int64(number), hang, page)
}

// wholly is a transport that has all of a request before it sends any of it, and all of an answer before it gives any
// of it on: a server that answers before it has read everything may close the connection under both.
type wholly struct{ http.RoundTripper }

func (w wholly) RoundTrip(r *http.Request) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.Body, out.ContentLength = http.NoBody, 0
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	response, err := w.RoundTripper.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	return response, nil
}

// hangingOn never answers requests of a method to paths that have a word in them.
func hangingOn(sound http.Handler, method, word string, hang http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == method && strings.Contains(r.URL.Path, word) {
			hang(w, r)
			return
		}
		sound.ServeHTTP(w, r)
	})
}

func strangeProxy(kind string, sound *httputil.ReverseProxy, number int64, hang http.HandlerFunc,
	page func(int) http.HandlerFunc,
) (http.Handler, error) {
	var seen atomic.Int64
	switch kind {
	case "falling-silent":
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) > number {
				hang(w, r)
				return
			}
			sound.ServeHTTP(w, r)
		}), nil
	case "going-down":
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) > number {
				page(http.StatusBadGateway)(w, r)
				return
			}
			sound.ServeHTTP(w, r)
		}), nil
	case "throttling":
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1)%number == 0 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			sound.ServeHTTP(w, r)
		}), nil
	case "misspelling":
		sound.ModifyResponse = misspell
		return sound, nil
	case "forgetful":
		sound.ModifyResponse = forget
		return sound, nil
	}
	return nil, fmt.Errorf("there is no strange server of the kind %q", kind)
}

// misspell changes one word of every answer about status checks.
func misspell(response *http.Response) error {
	if !strings.Contains(response.Request.URL.Path, "status_check") {
		return nil
	}
	return rewrite(response, regexp.MustCompile(`"status":"pending"`), `"status":"pendign"`)
}

// forget leaves one key out of every answer about status checks that has it.
func forget(response *http.Response) error {
	if !strings.Contains(response.Request.URL.Path, "status_check") {
		return nil
	}
	return rewrite(response, regexp.MustCompile(`,"hmac":(true|false)`), "")
}

// renamed has a server say that it is another release.
func renamed(version string) func(*http.Response) error {
	return func(response *http.Response) error {
		if !strings.HasSuffix(response.Request.URL.Path, "/version") {
			return nil
		}
		return rewrite(response, regexp.MustCompile(`"version":"[^"]*-ee"`), strconv.Quote("version")+":"+
			strconv.Quote(version))
	}
}

func rewrite(response *http.Response, what *regexp.Regexp, with string) error {
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil {
		return err
	}
	text := what.ReplaceAllLiteral(body.Bytes(), []byte(with))
	response.Body, response.ContentLength = nopCloser{bytes.NewReader(text)}, int64(len(text))
	response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	return nil
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

// satisfies is a program that holds a JSON file against a JSON Schema: satisfies SCHEMA FILE.
func satisfies() {
	if err := checkSchema(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func checkSchema(schemaFile, file string) error {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	return schema.Validate(value)
}

// until waits for a file to hold a text: until FILE TEXT. The file's name may be a pattern.
func until(ts *testscript.TestScript, _ bool, args []string) {
	for range 3000 {
		files, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil && bytes.Contains(data, []byte(args[1])) {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s did not hold %q within 30 seconds", args[0], args[1])
}
