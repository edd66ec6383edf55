package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// failure is a refusal that happens before any rule of GitLab applies: for example, the body cannot be read, or a
// parameter is missing.
type failure struct {
	status int
	body   any
	reason string
	header http.Header
	stop   stop
}

func (f *failure) Error() string { return f.reason }

// errorBody is the shape of errors from Grape and from the router.
type errorBody struct {
	Error string `json:"error"`
}

// errorsBody is the shape of errors that an endpoint hands to Grape as a list.
type errorsBody struct {
	Error []string `json:"error"`
}

// messageBody is the shape of errors from GitLab itself: a text, a list of texts, or null.
type messageBody struct {
	Message any `json:"message"`
}

// tokenBody is the shape of errors about a token.
type tokenBody struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Scope       string `json:"scope,omitempty"`
}

func failed(status int, text, reason string) *failure {
	return &failure{status: status, body: errorBody{text}, reason: reason}
}

// refusalOf makes the response for the error of an operation.
func refusalOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var r *gitlab.Refusal
	if !errors.As(err, &r) {
		return &failure{
			status: http.StatusInternalServerError, body: messageBody{"500 Internal Server Error"},
			reason: err.Error(),
		}
	}
	p := presentations[r.Kind]
	f = &failure{status: p.status, body: p.body(r), reason: r.Reason}
	if r.Kind == gitlab.TokenExpired || r.Kind == gitlab.TokenRevoked {
		t := f.body.(tokenBody)
		f.header = http.Header{"Www-Authenticate": {fmt.Sprintf(`Bearer realm="Protected by OAuth 2.0", error="%s", `+
			`error_description="%s"`, t.Error, t.Description)}}
	}
	return f
}

type presentation struct {
	status int
	body   func(*gitlab.Refusal) any
}

func says(text string) func(*gitlab.Refusal) any {
	return func(*gitlab.Refusal) any { return messageBody{text} }
}

// saysWith appends the refusal's own text, if it has one.
func saysWith(text, separator string) func(*gitlab.Refusal) any {
	return func(r *gitlab.Refusal) any {
		if r.Text == "" {
			return messageBody{text}
		}
		return messageBody{text + separator + r.Text}
	}
}

// own returns exactly what the refusal carries: its messages as a list, or its text.
func own(r *gitlab.Refusal) any {
	if r.Messages != nil {
		return messageBody{r.Messages}
	}
	return messageBody{r.Text}
}

// presentations maps each kind of refusal to its status and body. The sources are lib/api/helpers.rb, lib/api/api.rb
// and lib/api/api_guard.rb.
var presentations = map[gitlab.Kind]presentation{
	gitlab.Unauthorized:         {http.StatusUnauthorized, saysWith("401 Unauthorized", " - ")},
	gitlab.Forbidden:            {http.StatusForbidden, saysWith("403 Forbidden", " - ")},
	gitlab.NotFound:             {http.StatusNotFound, notFound},
	gitlab.RecordNotFound:       {http.StatusNotFound, says("404 Not found")},
	gitlab.Hidden:               {http.StatusNotFound, func(*gitlab.Refusal) any { return messageBody{nil} }},
	gitlab.NotAllowed:           {http.StatusUnauthorized, notAllowed},
	gitlab.NotAllowedStatusless: {http.StatusInternalServerError, notAllowed},
	gitlab.StaleSHA: {
		http.StatusConflict,
		func(r *gitlab.Refusal) any { return messageBody{"SHA does not match HEAD of source branch: " + r.Text} },
	},
	gitlab.Invalid:       {http.StatusUnprocessableEntity, own},
	gitlab.Unprocessable: {http.StatusUnprocessableEntity, own},
	gitlab.Rejected: {
		http.StatusUnprocessableEntity,
		func(r *gitlab.Refusal) any { return errorBody{r.Text} },
	},
	gitlab.InvalidAttributes: {
		http.StatusUnprocessableEntity,
		func(r *gitlab.Refusal) any { return messageBody{r.Attributes} },
	},
	gitlab.BadRequest: {http.StatusBadRequest, saysWith("400 Bad request", " - ")},
	gitlab.BadValue:   {http.StatusBadRequest, own},
	gitlab.BadAttributes: {
		http.StatusBadRequest,
		func(r *gitlab.Refusal) any { return messageBody{r.Attributes} },
	},
	gitlab.LimitReached: {
		http.StatusForbidden,
		func(r *gitlab.Refusal) any { return errorsBody{r.Messages} },
	},
	gitlab.Conflict:         {http.StatusConflict, own},
	gitlab.MethodNotAllowed: {http.StatusMethodNotAllowed, says("405 Method Not Allowed")},
	gitlab.ConditionFailed:  {http.StatusPreconditionFailed, says("412 Precondition Failed")},
	gitlab.Broken:           {http.StatusInternalServerError, says("500 Internal Server Error")},
	gitlab.TokenExpired: {
		http.StatusUnauthorized,
		tokenSays("Token is expired. You can either do re-authorization or token refresh."),
	},
	gitlab.TokenRevoked: {
		http.StatusUnauthorized,
		tokenSays("Token was revoked. You have to re-authorize from the user."),
	},
	gitlab.InsufficientScope: {http.StatusForbidden, func(r *gitlab.Refusal) any {
		return tokenBody{"insufficient_scope", "The request requires higher privileges than provided by the access " +
			"token.", strings.Join(r.Messages, " ")}
	}},
}

func notAllowed(*gitlab.Refusal) any { return messageBody{[]string{"Not allowed"}} }

func notFound(r *gitlab.Refusal) any {
	if r.Text == "" {
		return messageBody{"404 Not Found"}
	}
	return messageBody{"404 " + r.Text + " Not Found"}
}

func tokenSays(description string) func(*gitlab.Refusal) any {
	return func(*gitlab.Refusal) any { return tokenBody{Error: "invalid_token", Description: description} }
}
