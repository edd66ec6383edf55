package seed

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	// asPacked is what rows begin with that are one text, as they would be too large otherwise: base64 of what gzip
	// makes of JSON.
	asPacked = "packed:"
	// largestPlain is up to which size rows are written so that people can read them, in bytes.
	largestPlain = MaxSize
	// largestUnpacked is up to which size rows are read, in bytes.
	largestUnpacked = 1 << 30
)

// pack writes rows as one text.
func pack(r *gitlab.Rows) (string, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	var small bytes.Buffer
	w := gzip.NewWriter(&small) // whose head has no time
	_, err = w.Write(text)
	if err := errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	return asPacked + base64.StdEncoding.EncodeToString(small.Bytes()), nil
}

// unpack reads what pack has written, without its beginning.
func unpack(text string) (*gitlab.Rows, error) {
	small, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("they are not in base64")
	}
	r, err := gzip.NewReader(bytes.NewReader(small))
	if err != nil {
		return nil, errors.New("they are not in gzip's format")
	}
	plain, err := io.ReadAll(io.LimitReader(r, largestUnpacked+1))
	if err != nil {
		return nil, errors.New("they are cut or damaged")
	}
	if len(plain) > largestUnpacked {
		return nil, fmt.Errorf("they are larger than %d MiB", largestUnpacked>>20)
	}
	rows := &gitlab.Rows{}
	if err := json.Unmarshal(plain, rows); err != nil {
		return nil, errors.New("they are not rows of this version of statuschecks")
	}
	return rows, nil
}

// packedRows reads rows that are one text.
func (d *decoder) packedRows(n *strictyaml.Node, text string, to reflect.Value, path string) {
	rows, err := unpack(text)
	if err != nil {
		d.wrong.Hide(n.Place)
		d.report(path, n.Place, "the packed rows cannot be read: %s; export them again", err)
		return
	}
	to.Set(reflect.ValueOf(Rows{rows}))
}
