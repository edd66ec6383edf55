package mockserver

import (
	"errors"
	"io"
	"net/http"
)

const (
	// maxBody is how large a request's body may be, in bytes.
	maxBody = 32 << 20
	// firstBytes are read before there is room for the whole body: who only says that one will come gets no memory.
	firstBytes = 256 << 10
)

// read takes in the body: one of JSON as it is, a form as its parameters, of any other only how long it is. What is
// more than there may be of a form is skipped, so that it costs nothing, and still answered.
func (a *arrival) read() *reply {
	a.media = mediaOf(a.request.Header)
	body := &countingReader{from: http.MaxBytesReader(nil, a.request.Body, maxBody)}
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
			"the body is larger than this server reads")
	case err != nil:
		return early(http.StatusBadRequest, errorBody{"400 Bad Request"}, "the body ended too early")
	case a.size == 0:
		a.form, a.formErr = nil, nil
	}
	return nil
}

// countingReader knows how much was read.
type countingReader struct {
	from io.Reader
	n    int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.n += int64(n)
	return n, err
}

// readAll reads all there is, a large body into one piece of memory. The length is what was announced; less than came
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
	// less than there is room for; a body that was cut off fails when the rest is read
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return whole[:n+more], err
}
