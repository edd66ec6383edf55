package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

// controlCaller calls the control surface of a running mock, or that of one of its worlds.
type controlCaller struct {
	url       string // root of the mock
	root      string // relative root of the world; empty means that of the mock
	token     string // that the control surface demands; empty means none
	transport http.RoundTripper
}

// world is the caller for a world of the mock.
func (c controlCaller) world(name string) controlCaller {
	c.root = "/worlds/" + url.PathEscape(name)
	return c
}

// base is the base URL of the world.
func (c controlCaller) base() string { return strings.TrimRight(c.url, "/") + c.root }

// controlRequest is a call of an operation of the control surface.
type controlRequest struct {
	operation string
	path      map[string]string // parameters of the path
	body      any               // becomes JSON, but for bytes, which are YAML; nil is no body
}

// controlError is what a control surface refuses.
type controlError struct {
	status  int
	message string
}

// Error says why.
func (e *controlError) Error() string { return e.message }

// call makes a call and reads the response into what is given, unless that is nil. A refusal is a *controlError.
func (c controlCaller) call(ctx context.Context, asked controlRequest, into any) error {
	request, err := c.request(ctx, asked)
	if err != nil {
		return err
	}
	response, err := newClient(c.transport).Do(request)
	if err != nil {
		return fmt.Errorf("no mock answers at %s: %s; start one with statuschecks serve, or name it with --url", c.url,
			plainCause(err))
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, largestDelivery))
	if err != nil {
		return fmt.Errorf("read the response of the mock: %w", err)
	}
	var problem struct {
		Error string `json:"error"`
	}
	switch {
	case response.StatusCode >= http.StatusOK && response.StatusCode < http.StatusMultipleChoices:
		return c.read(text, into)
	case json.Unmarshal(text, &problem) == nil && problem.Error != "":
		return &controlError{response.StatusCode, printable(problem.Error)}
	}
	return c.noControl(response.Status)
}

// read reads a response.
func (c controlCaller) read(text []byte, into any) error {
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return c.noControl(err.Error())
	}
	return nil
}

func (c controlCaller) noControl(why string) error {
	return fmt.Errorf("what answers at %s is no mock with a control surface: %s", c.url, why)
}

func (c controlCaller) request(ctx context.Context, asked controlRequest) (*http.Request, error) {
	op := openapi.Control().Operation(asked.operation)
	path := op.Path
	for name, value := range asked.path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	kind, body := "application/json", []byte(nil)
	switch given := asked.body.(type) {
	case nil:
	case []byte:
		kind, body = "application/yaml", given
	default:
		var err error
		if body, err = json.Marshal(given); err != nil {
			return nil, fmt.Errorf("write the call to the mock: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, op.Method, c.base()+controlPath+path, bytes.NewReader(body))
	if err != nil {
		return nil, wrongUsage("--url: %w", err)
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		request.Header.Set("X-Control-Token", c.token)
	}
	return request, nil
}
