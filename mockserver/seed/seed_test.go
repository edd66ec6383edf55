package seed

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
	text, err := os.ReadFile("default.yaml")
	assert.NilError(t, err)
	return text
}

// The default world is compiled in as Go code, because reading YAML would take much of the time that a start may take.
// This test compares it with its YAML. Run it with -update to rewrite the code.
func TestDefault_matchesItsYAML(t *testing.T) {
	t.Parallel()
	s, err := Parse("default.yaml", defaultSeedText(t))
	assert.NilError(t, err)
	var b bytes.Buffer
	b.WriteString("// Code generated from default.yaml by go test -run TestDefault -update; DO NOT " +
		"EDIT.\n\npackage seed\n\nimport \"time\"\n\n")
	b.WriteString("func defaultDocument() Document {\n\treturn Document")
	writeLiteral(&b, reflect.ValueOf(s))
	b.WriteString("\n}\n")
	source, err := format.Source(b.Bytes())
	assert.NilError(t, err)
	golden.Assert(t, string(source), "../default.go")
	if !golden.FlagUpdate() {
		assert.DeepEqual(t, Default(), s)
	}
}

// writeLiteral writes a value as Go source, without zero values.
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
	return string(bytes.ReplaceAll([]byte(t.String()), []byte("seed."), nil))
}

func TestDefault_writtenAndReadIsTheSame(t *testing.T) {
	t.Parallel()
	again, err := Parse("again.yaml", Default().YAML())
	assert.NilError(t, err)
	assert.DeepEqual(t, again, Default())
}

func TestDefault_tokensAreTheConstants(t *testing.T) {
	t.Parallel()
	var secrets []string
	for _, c := range Default().Tokens() {
		secrets = append(secrets, c.Secret)
	}
	assert.DeepEqual(t, secrets, []string{
		AdminToken, OwnerToken, MaintainerToken, DeveloperToken, ReporterToken, PlannerToken, GuestToken, StrangerToken,
	})
}

// Text stays the same when it is written and read, as a value and as a key, even if YAML could read it as something
// else.
func TestDocument_textWrittenAndReadIsTheSame(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"a", " ", "\n", "\t", "\r", `"`, "'", ":", "#", "-", `\`, "{", "[", "|", ">", "&", "*", "!", "%", "@", "`", "?",
		",", "0", "1_0", "0x1", ".", "~", "=", "<<", "---", "null", "yes", "2020-01-01", "é", "\u0085", "\u2028",
		"\x01",
	}
	for _, a := range pieces {
		for _, b := range pieces {
			d := Document{
				Users: []User{{Username: "a"}},
				Projects: []Project{{Path: "a/b", Branches: []Branch{{
					Name: "main", Commits: []Commit{{Message: "m", Files: map[string]string{a + b: b + a}}},
				}}}},
			}
			again, err := Parse("again.yaml", d.YAML())
			assert.NilError(t, err)
			assert.DeepEqual(t, again, d)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	text := defaultSeedText(b)
	for b.Loop() {
		if _, err := Parse("default.yaml", text); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(defaultSeedText(f))
	f.Add([]byte(`{"users":[{"username":"a","tokens":[{"secret":"\u00e9\n"}]}]}`))
	f.Add([]byte("users: [{username: a, name: \"\\x01 \\u2028 \\U0001F600\"}]"))
	f.Add([]byte("licensed: false\nsettings: {deny_outbound: true}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse("fuzz.yaml", text)
		if err != nil {
			return
		}
		again, err := Parse("again.yaml", s.YAML())
		assert.NilError(t, err, "%s", s.YAML())
		assert.DeepEqual(t, again, s)
		assert.Equal(t, string(again.YAML()), string(s.YAML()))
	})
}

// Each file of testdata is wrong in its own ways; all that is wrong with it is told at once.
func TestParse_reportsAllProblems(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.yaml")
	assert.NilError(t, err)
	assert.Assert(t, len(files) > 10)
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			assert.NilError(t, err)
			s, err := Parse(name, text)
			assert.Assert(t, err != nil, "nothing is wrong with it")
			golden.Assert(t, err.Error()+"\n", strings.TrimPrefix(strings.TrimSuffix(file, "yaml"), "testdata/")+
				"golden")
			assert.Assert(t, !strings.Contains(err.Error(), "hush"), "a secret is told")
			assert.DeepEqual(t, s, Document{})
		})
	}
}

// TestParse_refusesDepth holds that text which nests without end is refused at once, and that long texts which do
// not are read.
func TestParse_refusesDepth(t *testing.T) {
	t.Parallel()
	steps, lists := strings.Builder{}, strings.Repeat("- ", 2000)
	for i := range 3000 {
		steps.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	for name, text := range map[string]string{
		"brackets": "users: " + strings.Repeat("[", 200_000),
		"steps":    steps.String(), "dashes": lists,
	} {
		_, err := Parse(name+".yaml", []byte(text))
		assert.ErrorContains(t, err, "the file nests more than 32 levels deep", name)
	}
	users := make([]string, 500)
	for i := range users {
		users[i] = fmt.Sprintf(`{"id":%d,"username":"user-%d","name":"x"}`, i+100, i)
	}
	_, err := Parse("users.json", []byte(`{"users":[`+strings.Join(users, ",")+`]}`))
	assert.NilError(t, err)
}

// What a seed dates lies within what a clock can show, whatever it dates.
func TestParse_times(t *testing.T) {
	t.Parallel()
	for text, where := range map[string]string{
		"users:\n  - {username: ada, created_at: 0001-01-02}\n":                                  "2:33: created_at",
		"users:\n  - {username: ada, created_at: 2200-01-01T00:00:00-00:01}\n":                   "2:33: created_at",
		"users:\n  - username: ada\n    tokens: [{secret: a, expires_on: 9999-12-31}]\n":         "3:38: expires_on",
		"users:\n  - username: ada\n    tokens: [{secret: a, expires_on: 1969-12-31}]\n":         "3:38: expires_on",
		"projects:\n  - {path: a/b, created_at: 9999-12-31T23:59:59Z}\nusers: [{username: a}]\n": "2:29: created_at",
	} {
		_, err := Parse("seed", []byte(text))
		assert.ErrorContains(t, err, "seed:"+where+": the instant must lie between")
	}
	_, err := Parse("seed", []byte("users: [{username: ada, created_at: 2199-12-31T23:59:59Z}]\n"))
	assert.NilError(t, err)
}

// TestParse_manyProblemsOnOneLine holds that what is told does not grow with the number of problems, nor with the
// length of their line.
func TestParse_manyProblemsOnOneLine(t *testing.T) {
	t.Parallel()
	_, err := Parse("seed", []byte(`{"users":[`+strings.Repeat(`{"username":"u","nam":"U"},`, 500)+`]}`))
	assert.ErrorContains(t, err, "\nand ")
	assert.ErrorContains(t, err, " more\n")
	lines := strings.Split(err.Error(), "\n")
	assert.Equal(t, len(lines), 3*50+2)
	for _, line := range lines {
		assert.Assert(t, len(line) < 300, line)
	}
}
