package seed

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Whatever the rows hold, in each field of each table, is read as it was written.
func TestRows_writtenAndReadAreTheSame(t *testing.T) {
	t.Parallel()
	for _, setting := range []any{
		"base64:aGVsbG8=", "", "1", "true", "\xff", true, int64(math.MinInt64), int64(math.MaxInt64), int64(0),
		[]string{"base64:a", "", "~", "\xff"},
		[]string{},
	} {
		f := filler{setting: setting}
		var rows gitlab.Rows
		f.fill(t, reflect.ValueOf(&rows).Elem(), "rows")
		read := decoded(t, ExactRows(rows).YAML())
		assert.DeepEqual(t, read, rows)
	}
}

// decoded reads the rows of a document, without the rules for what rows belong to.
func decoded(t *testing.T, text []byte) gitlab.Rows {
	t.Helper()
	d := &decoder{
		wrong: strictyaml.NewProblems("rows", text), places: map[string]strictyaml.Place{}, unread: map[string]bool{},
	}
	var s Document
	d.decode(strictyaml.Read(d.wrong, text, fileFormat), reflect.ValueOf(&s).Elem(), "")
	assert.NilError(t, newError("rows", d.wrong.Sorted()))
	rows, is := s.Stored()
	assert.Assert(t, is)
	return rows
}

// filler gives each value something of its own that is not its zero.
type filler struct {
	count   int
	setting any
}

func (f *filler) fill(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	f.count++
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 1000*f.count, time.UTC)))
		return
	case reflect.TypeFor[gitlab.Choice]():
		v.Set(reflect.ValueOf(gitlab.ChoiceOf(f.count%2 == 0)))
		return
	case reflect.TypeFor[gitlab.RateLimits]():
		v.Set(reflect.ValueOf(gitlab.RateLimits{1: {Requests: f.count, Period: time.Minute}}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			f.fill(t, v.Index(i), path)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range 3 {
			value := reflect.New(v.Type().Elem()).Elem()
			if i > 0 { // zero is a value in a map
				f.fill(t, value, path)
			}
			key := strings.ToValidUTF8(fmt.Sprintf("%s %d", f.text(), i), "?")
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), orSetting(value, f.setting))
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(f.setting))
	case reflect.String:
		v.SetString(f.text())
		if words := rowWords[v.Type()]; words != nil {
			v.SetString(words[f.count%len(words)])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(float64(f.count) / 8)
	case reflect.Uint8:
		v.SetUint(uint64(f.count%255 + 1))
	default:
		assert.Assert(t, v.CanInt(), "%s is a %s: say how rows hold it", path, v.Type())
		v.SetInt(int64(f.count))
	}
}

// orSetting is the value, or the setting where the value may be anything and is nothing.
func orSetting(value reflect.Value, setting any) reflect.Value {
	if value.Kind() == reflect.Interface && value.IsNil() {
		return reflect.ValueOf(setting)
	}
	return value
}

// text is one of the texts that are hard to write.
func (f *filler) text() string {
	hard := slices.Concat([]string{"\xff\xfe", "base64:", "base64:a", "~", "null", "1e3", "- a", "a: b", "a #b"},
		[]string{" a ", "\u2028\u0085\x01\ufeff", "'\"\\", "{{a}}", "*a", "&a", "!a", "%a", "2026-01-02", "<<"})
	return hard[f.count%len(hard)] + fmt.Sprint(f.count)
}
