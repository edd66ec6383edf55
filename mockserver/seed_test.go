package mockserver

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

func defaultSeedText(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("seed/default.yaml")
	assert.NilError(t, err)
	return text
}

// The default world is compiled in as Go, because reading YAML would take a good part of the time that a start may
// take. This holds it to its YAML; run with -update to write it anew.
func TestDefaultSeed_isThatOfItsYAML(t *testing.T) {
	t.Parallel()
	s, err := ParseSeed("default.yaml", defaultSeedText(t))
	assert.NilError(t, err)
	var b bytes.Buffer
	b.WriteString("// Code generated from seed/default.yaml by go test -run TestDefaultSeed -update; DO NOT " +
		"EDIT.\n\npackage mockserver\n\nimport \"time\"\n\n")
	b.WriteString("func defaultSeed() Seed {\n\treturn Seed")
	writeLiteral(&b, reflect.ValueOf(s))
	b.WriteString("\n}\n")
	source, err := format.Source(b.Bytes())
	assert.NilError(t, err)
	golden.Assert(t, string(source), "../seed_default.go")
	if !golden.FlagUpdate() {
		assert.DeepEqual(t, DefaultSeed(), s)
	}
}

// writeLiteral writes a value as Go source, without what is zero.
func writeLiteral(b *bytes.Buffer, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		at := v.Interface().(time.Time)
		fmt.Fprintf(b, "time.Date(%d, %d, %d, %d, %d, %d, %d, time.UTC)", at.Year(), at.Month(), at.Day(), at.Hour(),
			at.Minute(), at.Second(), at.Nanosecond())
	case v.Kind() == reflect.Pointer:
		b.WriteString("new(")
		writeLiteral(b, v.Elem())
		b.WriteString(")")
	case v.Kind() == reflect.Struct:
		b.WriteString("{\n")
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				b.WriteString(v.Type().Field(i).Name + ": ")
				if f := v.Field(i); f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[time.Time]() {
					b.WriteString(typeName(f.Type()))
				}
				writeLiteral(b, v.Field(i))
				b.WriteString(",\n")
			}
		}
		b.WriteString("}")
	case v.Kind() == reflect.Slice:
		b.WriteString(typeName(v.Type()) + "{\n")
		for i := range v.Len() {
			writeLiteral(b, v.Index(i))
			b.WriteString(",\n")
		}
		b.WriteString("}")
	default:
		if v.Kind() == reflect.String {
			b.WriteString(strconv.Quote(v.String()))
			return
		}
		fmt.Fprintf(b, "%#v", v.Interface())
	}
}

// typeName is a type as it is called within the package.
func typeName(t reflect.Type) string {
	return string(bytes.ReplaceAll([]byte(t.String()), []byte("mockserver."), nil))
}

func TestDefaultSeed_writtenAndReadIsTheSame(t *testing.T) {
	t.Parallel()
	again, err := ParseSeed("again.yaml", DefaultSeed().YAML())
	assert.NilError(t, err)
	assert.DeepEqual(t, again, DefaultSeed())
}

func BenchmarkParseSeed(b *testing.B) {
	text := defaultSeedText(b)
	for b.Loop() {
		if _, err := ParseSeed("default.yaml", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParseSeed(f *testing.F) {
	f.Add(defaultSeedText(f))
	f.Add([]byte(`{"users":[{"username":"a","tokens":[{"secret":"\u00e9\n"}]}]}`))
	f.Add([]byte("users: [{username: a, name: \"\\x01 \\u2028 \\U0001F600\"}]"))
	f.Add([]byte("licensed: false\nsettings: {deny_outbound: true}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseSeed("fuzz.yaml", text)
		if err != nil {
			return
		}
		again, err := ParseSeed("again.yaml", s.YAML())
		assert.NilError(t, err, "%s", s.YAML())
		assert.DeepEqual(t, again, s)
		assert.Equal(t, string(again.YAML()), string(s.YAML()))
	})
}

// Each file of testdata/seed is wrong in its own ways; all that is wrong with it is told at once.
func TestParseSeed_tellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/seed/*.yaml")
	assert.NilError(t, err)
	assert.Assert(t, len(files) > 10)
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			assert.NilError(t, err)
			s, err := ParseSeed(name, text)
			assert.Assert(t, err != nil, "nothing is wrong with it")
			golden.Assert(t, err.Error()+"\n", strings.TrimPrefix(strings.TrimSuffix(file, "yaml"), "testdata/")+
				"golden")
			assert.Assert(t, !strings.Contains(err.Error(), "hush"), "a secret is told")
			assert.DeepEqual(t, s, Seed{})
		})
	}
}

// TestParseSeed_refusesDepth holds that text which nests without end is refused at once, and that long texts which do
// not are read.
func TestParseSeed_refusesDepth(t *testing.T) {
	t.Parallel()
	steps, lists := strings.Builder{}, strings.Repeat("- ", 2000)
	for i := range 3000 {
		steps.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, text := range map[string]string{
		"brackets": "users: " + strings.Repeat("[", 200_000),
		"steps":    steps.String(), "dashes": lists,
	} {
		_, err := ParseSeed(name+".yaml", []byte(text))
		assert.ErrorContains(t, err, "the file nests more than 32 levels deep", name)
	}
	users := make([]string, 500)
	for i := range users {
		users[i] = fmt.Sprintf(`{"id":%d,"username":"user-%d","name":"x"}`, i+100, i)
	}
	_, err := ParseSeed("users.json", []byte(`{"users":[`+strings.Join(users, ",")+`]}`))
	assert.NilError(t, err)
}

// What a seed dates lies within what a clock can show, whatever it dates.
func TestParseSeed_times(t *testing.T) {
	t.Parallel()
	for text, where := range map[string]string{
		"users:\n  - {username: ada, created_at: 0001-01-02}\n":                                  "2:33: created_at",
		"users:\n  - {username: ada, created_at: 2200-01-01T00:00:00-00:01}\n":                   "2:33: created_at",
		"users:\n  - username: ada\n    tokens: [{secret: a, expires_on: 9999-12-31}]\n":         "3:38: expires_on",
		"users:\n  - username: ada\n    tokens: [{secret: a, expires_on: 1969-12-31}]\n":         "3:38: expires_on",
		"projects:\n  - {path: a/b, created_at: 9999-12-31T23:59:59Z}\nusers: [{username: a}]\n": "2:29: created_at",
	} {
		_, err := ParseSeed("seed", []byte(text))
		assert.ErrorContains(t, err, "seed:"+where+": the instant must lie between")
	}
	_, err := ParseSeed("seed", []byte("users: [{username: ada, created_at: 2199-12-31T23:59:59Z}]\n"))
	assert.NilError(t, err)
}

// TestParseSeed_manyProblemsOnOneLine holds that what is told does not grow with the number of problems, nor with the
// length of their line.
func TestParseSeed_manyProblemsOnOneLine(t *testing.T) {
	t.Parallel()
	_, err := ParseSeed("seed", []byte(`{"users":[`+strings.Repeat(`{"username":"u","nam":"U"},`, 500)+`]}`))
	assert.ErrorContains(t, err, "\nand ")
	assert.ErrorContains(t, err, " more\n")
	lines := strings.Split(err.Error(), "\n")
	assert.Equal(t, len(lines), 3*50+2)
	for _, line := range lines {
		assert.Assert(t, len(line) < 300, line)
	}
}
