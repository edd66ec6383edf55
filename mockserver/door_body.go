package mockserver

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

const (
	// maxBody is the largest body of a request, in bytes.
	maxBody = 32 << 20
	// firstBytes is how much of a body is read before memory for the whole body is reserved. A client that only
	// announces a large body gets no memory.
	firstBytes = 256 << 10
)

// read reads the body. It keeps JSON as it is, and the parameters of a form. Of any other body it keeps only the
// length. It skips what exceeds the limit of a form, so that a large form costs no memory and still gets a response.
func (a *arrival) read() *reply {
	a.media = mediaOf(a.request.Header)
	if a.request.Body == http.NoBody {
		return nil
	}
	a.content.from = http.MaxBytesReader(nil, a.request.Body, maxBody)
	body := &a.content
	switch {
	case a.media.isJSON():
		a.body, _ = readAll(body, a.request.ContentLength)
	case a.media.kind == formMedia:
		a.form, a.repeated, a.formErr = readFormBody(body, a.request.ContentLength)
	case a.media.kind == multipartMedia:
		a.form, a.formErr = readMultipart(body, a.media.boundary)
	}
	_, err := io.Copy(io.Discard, body) // an error while reading comes again
	a.size = body.n
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return early(http.StatusRequestEntityTooLarge, errorBody{"413 Request Entity Too Large"},
			fmt.Sprintf("the body is larger than %d bytes", maxBody))
	case err != nil:
		return early(http.StatusBadRequest, errorBody{"400 Bad Request"}, "the body ended before it was complete")
	case a.size == 0:
		a.form, a.formErr = nil, nil
	}
	return nil
}

// countingReader counts the bytes that were read.
type countingReader struct {
	from io.Reader
	n    int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n += int64(n)
	return n, err
}

// readAll reads everything, a large body into one piece of memory. The length is the announced one; a negative length
// means that it is unknown.
func readAll(from io.Reader, length int64) ([]byte, error) {
	first, err := io.ReadAll(io.LimitReader(from, firstBytes))
	if err != nil || len(first) < firstBytes {
		return first, err
	}
	if length <= firstBytes || length > maxBody {
		length = maxBody
	}
	whole := make([]byte, length)
	n := copy(whole, first)
	more, err := io.ReadFull(from, whole[n:])
	// the body may be shorter than announced; a body that was cut off fails when the rest is read
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return whole[:n+more], err
}
