package conformance

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

// Exit codes of a run, for commands.
const (
	ExitConformant    = 0 // every must scenario of the selection ran and held
	ExitNotConformant = 1 // a must scenario did not hold
	ExitNotJudged     = 2 // the target could not be judged, or not in full
	ExitUsage         = 3 // wrong options or scenario files
)

// TroubleKind says why a target cannot be judged.
type TroubleKind string

// The kinds of trouble with a target.
const (
	Unreachable  TroubleKind = "unreachable"
	BadTLS       TroubleKind = "tls"
	BadToken     TroubleKind = "token"
	NotGitLab    TroubleKind = "not-gitlab"
	NotJSON      TroubleKind = "not-json"
	WrongPath    TroubleKind = "wrong-path"
	Unlicensed   TroubleKind = "unlicensed"
	TooOld       TroubleKind = "too-old"
	NoPermission TroubleKind = "no-permission"
	LostData     TroubleKind = "lost-data"
	Interrupted  TroubleKind = "interrupted"
)

// TargetError explains in one paragraph why the target cannot be judged, and what to do.
type TargetError struct {
	Kind    TroubleKind
	Message string
	Err     error // the cause; may be nil
}

// Error returns the paragraph.
func (e *TargetError) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *TargetError) Unwrap() error { return e.Err }

// UsageError is a mistake in the options.
type UsageError struct {
	Message string
}

// Error says what is wrong and what is allowed.
func (e *UsageError) Error() string { return e.Message }

func usage(format string, args ...any) error {
	return &UsageError{Message: fmt.Sprintf(format, args...)}
}

// ExitCode returns the exit code for an error of this package: ExitUsage for wrong options and scenario files,
// ExitConformant for nil, and ExitNotJudged for all other errors.
func ExitCode(err error) int {
	var load *scenario.LoadError
	var wrong *UsageError
	switch {
	case err == nil:
		return ExitConformant
	case errors.As(err, &load), errors.As(err, &wrong):
		return ExitUsage
	}
	return ExitNotJudged
}

// connectionTrouble explains why no answer came.
func connectionTrouble(err error, address string) *TargetError {
	var known *TargetError
	if errors.As(err, &known) {
		return known
	}
	host := address
	if u, parseErr := url.Parse(address); parseErr == nil {
		host = u.Host
	}
	cause := rootCause(err)
	var unknownAuthority x509.UnknownAuthorityError
	var wrongHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &record):
		return trouble(BadTLS, err, "%s does not speak TLS on this port (%s). Use http:// if the server has no "+
			"certificate, or the port that has one.", host, cause)
	case errors.As(err, &unknownAuthority), errors.As(err, &wrongHost), errors.As(err, &invalid),
		errors.As(err, &verification):
		return trouble(BadTLS, err, "the certificate of %s cannot be trusted: %s. Give the authority that signed it,"+
			" or use the name that the certificate is for.", host, cause)
	case errors.Is(err, syscall.ECONNREFUSED):
		return trouble(Unreachable, err, "nothing listens at %s: the connection was refused. Check host and port, "+
			"and that the server is up.", host)
	case isUnknownHost(err):
		return trouble(Unreachable, err, "the host of %s is unknown: %s. Check the spelling and the name server.", host,
			cause)
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		return trouble(Unreachable, err, "%s did not answer in time. Check host, port and proxy, and that the "+
			"server is not overloaded.", host)
	case errors.Is(err, context.Canceled):
		return trouble(Interrupted, err, "the run was interrupted.")
	}
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return trouble(BadTLS, err, "%s speaks plain HTTP, not TLS. Use http:// in the address.", host)
	}
	if speaksOtherwise(err) {
		return trouble(NotGitLab, err, "what listens at %s does not speak HTTP. Give host and port of the GitLab "+
			"instance. If its other answers are HTTP, it left the body of an earlier request unread, or sent more "+
			"than it said it would.", host)
	}
	return trouble(Unreachable, err, "no answer from %s: %s. Check host, port and scheme, and that the server is up.",
		host, cause)
}

func trouble(kind TroubleKind, err error, format string, args ...any) *TargetError {
	return &TargetError{Kind: kind, Message: fmt.Sprintf(format, args...), Err: err}
}

// rootCause is the innermost message: the layers around it repeat method and address.
func rootCause(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns)
}

// speaksOtherwise says that bytes came which are no HTTP, after the request or before it, as from a mail server that
// greets. net/http has no types for these.
func speaksOtherwise(err error) bool {
	return strings.Contains(err.Error(), "malformed HTTP") || strings.Contains(err.Error(), "readLoopPeekFailLocked")
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// strangeAnswer explains an answer to GET /version that no GitLab gives.
func strangeAnswer(a *answer, address string) *TargetError {
	if known := declinedAtDoor(a, address, "GET /version"); known != nil {
		return known
	}
	if slices.Contains(absentStatuses, a.status) {
		return trouble(WrongPath, nil, "%s has no GitLab API: GET /version answered %d. Give the instance's root or "+
			"its /api/v4; GitLab under a relative path needs that path, as in https://example.com/gitlab. A server "+
			"that tells no version is judged with --assume-version %s.", address, a.status, release.Reference)
	}
	return trouble(NotGitLab, nil, "%s is no GitLab: GET /version answered %d without a version. Give the address "+
		"of a GitLab instance or of its /api/v4.", address, a.status)
}

// nobodysToken explains an answer to GET /user that does not tell whose the token is.
func nobodysToken(a *answer, address string) *TargetError {
	if known := declinedAtDoor(a, address, "GET /user"); known != nil {
		return known
	}
	return trouble(NotGitLab, nil, "%s does not say whose the token is: GET /user answered %d. Every server needs "+
		"this operation to be judged; without it the address is perhaps not that of the API.", address, a.status)
}

// declinedAtDoor explains an answer that says nothing about the operation asked for: it comes from what stands before
// it.
func declinedAtDoor(a *answer, address, asked string) *TargetError {
	const letThrough = "a proxy or a sign-in page in between must let API calls through."
	switch {
	case a.status == 401 || a.status == 403:
		return trouble(BadToken, nil, "%s does not take the token: it answered %d to %s. Give a personal "+
			"access token with the scope api that is neither expired nor revoked.", address, a.status, asked)
	case a.status == 429:
		return trouble(Unreachable, nil, "%s still asks to slow down after %d attempts at %s (429). Try again later, "+
			"or raise its limit.", address, maxRetries+1, asked)
	case a.status >= 300 && a.status < 400:
		return trouble(WrongPath, nil, "%s answered %s with %d and sends elsewhere, to %s. If the API is there, "+
			"give that address; "+letThrough, address, asked, a.status, orUnknown(a.header.Get("Location")))
	case a.status >= 500 && a.status != 501:
		return trouble(Unreachable, nil, "%s answered %s with status %d. Try again when the server is "+
			"healthy.", address, asked, a.status)
	case looksLikeHTML(a):
		return trouble(NotJSON, nil, "%s answered %s with a web page (status %d), not with JSON. Give the "+
			"address of the GitLab instance itself or of its /api/v4; "+letThrough, address, asked, a.status)
	case a.status == 200 && !a.isJSON:
		return trouble(NotJSON, nil, "%s answered %s with something that is no JSON (status 200). Give the address "+
			"of the GitLab instance itself or of its /api/v4.", address, asked)
	}
	return nil
}

func orUnknown(text string) string {
	if text == "" {
		return "an address that it does not name"
	}
	return text
}

func looksLikeHTML(a *answer) bool {
	return strings.Contains(a.header.Get("Content-Type"), "html") || strings.HasPrefix(strings.TrimSpace(string(a.raw)),
		"<")
}
