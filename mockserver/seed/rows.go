package seed

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Rows is everything that a mock has stored, row by row with ids and times, as an export tells it. In a document it
// takes the place of all else. It is read and written as YAML only.
type Rows struct{ all *gitlab.Rows }

// Equal says whether both are the same rows.
func (r Rows) Equal(other Rows) bool {
	return r.all == other.all || r.all != nil && other.all != nil && reflect.DeepEqual(*r.all, *other.all)
}

// ExactRows makes a document of what a mock has stored. It is for package mockserver.
func ExactRows(r gitlab.Rows) Document { return Document{Rows: Rows{&r}} }

// Stored are the rows of the document, if it has any. It is for package mockserver.
func (d Document) Stored() (rows gitlab.Rows, ok bool) {
	if d.Rows.all == nil {
		return gitlab.Rows{}, false
	}
	return *d.Rows.all, true
}

// rowKey is the key that a field of a row has in YAML: ProjectID is project_id.
func rowKey(field string) string {
	var b strings.Builder
	runes := []rune(field)
	for i, r := range runes {
		after := i > 0 && unicode.IsLower(runes[i-1])
		before := i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1]) &&
			!strings.HasSuffix(field[:i+2], "IDs") && !strings.HasSuffix(field[:i+2], "SHAs")
		if unicode.IsUpper(r) && (after || before) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// rowKeys are the keys of a row in the order of its fields.
func rowKeys(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = rowKey(t.Field(i).Name)
	}
	return keys
}

// rowWords are the words that a value of a row can have, by its type.
var rowWords = map[reflect.Type][]string{
	reflect.TypeFor[gitlab.Visibility]():        visibilities,
	reflect.TypeFor[gitlab.NamespaceKind]():     {string(gitlab.UserNamespace), string(gitlab.GroupNamespace)},
	reflect.TypeFor[gitlab.MergeRequestState](): states,
	reflect.TypeFor[gitlab.MergeStatus](): {
		string(gitlab.Unchecked), string(gitlab.Checking), string(gitlab.CanBeMerged), string(gitlab.CannotBeMerged),
		string(gitlab.PreparingStatus), string(gitlab.Recheck), string(gitlab.Rechecking),
	},
	reflect.TypeFor[gitlab.Status](): append(slices.Clone(statuses), string(gitlab.Approved)),
	reflect.TypeFor[gitlab.CIStatus](): {
		string(gitlab.CICreated), string(gitlab.CIPending), string(gitlab.CIRunning), string(gitlab.CISuccess),
		string(gitlab.CIFailed), string(gitlab.CICanceled), string(gitlab.CISkipped),
	},
	reflect.TypeFor[gitlab.CarStatus](): carStatuses,
	reflect.TypeFor[gitlab.WriteMode](): {string(gitlab.Maintenance), string(gitlab.ReadOnlyDatabase)},
	reflect.TypeFor[gitlab.TokenKind](): {
		string(gitlab.PersonalToken), string(gitlab.ProjectToken), string(gitlab.OAuthToken), string(gitlab.JobToken),
	},
	reflect.TypeFor[gitlab.DeliveryState](): {
		string(gitlab.Queued), string(gitlab.Delivered), string(gitlab.Blocked), string(gitlab.GaveUp),
	},
	reflect.TypeFor[gitlab.JobKind](): {
		string(gitlab.PrepareMergeRequest), string(gitlab.InsertPendingResponses),
		string(gitlab.RefreshMergeRequests), string(gitlab.CheckMergeability), string(gitlab.ExecuteHooks),
		string(gitlab.ProcessAutoMerge), string(gitlab.TimeOutResponse), string(gitlab.DestroyProject),
		string(gitlab.DestroyMarkedProject), string(gitlab.DestroyGroup), string(gitlab.ForkRepository),
		string(gitlab.ProcessPipeline),
		string(gitlab.UpdateHeadPipeline),
	},
}

// rows reads what a mock had stored.
func (d *decoder) rows(n *strictyaml.Node, to reflect.Value, path string) {
	if text, is := strings.CutPrefix(n.Text, asPacked); is && n.Kind == strictyaml.Text {
		d.packedRows(n, text, to, path)
		return
	}
	var all gitlab.Rows
	d.row(n, reflect.ValueOf(&all).Elem(), path)
	to.Set(reflect.ValueOf(Rows{&all}))
}

// row reads one value of a row, or a row, or a list of them.
func (d *decoder) row(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.begin(n, to, path) {
		return
	}
	switch to.Type() {
	case reflect.TypeFor[time.Duration]():
		d.length(n, to, path)
		return
	case reflect.TypeFor[gitlab.RateLimits]():
		d.rateLimits(n, to, path)
		return
	case reflect.TypeFor[gitlab.Choice]():
		if d.want(n, strictyaml.Boolean, path) {
			to.Set(reflect.ValueOf(gitlab.ChoiceOf(n.IsTrue())))
		}
		return
	}
	switch to.Kind() {
	case reflect.Struct:
		d.rowOf(n, to, path)
	case reflect.Array:
		d.digest(n, to, path)
	case reflect.Slice:
		d.rowList(n, to, path)
	case reflect.Map:
		d.entries(n, to, path, d.row)
	case reflect.String:
		d.rowText(n, to, path)
	case reflect.Bool:
		if d.want(n, strictyaml.Boolean, path) {
			to.SetBool(n.IsTrue())
		}
	case reflect.Interface:
		d.setting(n, to, path)
	case reflect.Float64:
		d.fraction(n, to, path)
	default:
		d.signed(n, to, path)
	}
}

// fraction reads a number that need not be whole.
func (d *decoder) fraction(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Number, path) {
		return
	}
	value, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		d.report(path, n.Place, "%s must be a number", keyOf(path))
		return
	}
	to.SetFloat(value)
}

// signed reads a whole number that may be below zero.
func (d *decoder) signed(n *strictyaml.Node, to reflect.Value, path string) {
	if d.want(n, strictyaml.Number, path) {
		d.whole(n, to, path, strings.TrimPrefix(n.Text, "-"))
	}
}

func (d *decoder) rowOf(n *strictyaml.Node, to reflect.Value, path string) {
	if n.Kind == strictyaml.Empty || !d.want(n, strictyaml.Mapping, path) {
		return
	}
	keys := rowKeys(to.Type())
	for _, p := range n.Pairs {
		below := path + "." + p.Key
		i := slices.Index(keys, p.Key)
		if i < 0 {
			d.report(below, p.Place, "%s has no key %q%s", rowName(path), p.Key, strictyaml.Suggest(p.Key, keys,
				"; it has "))
			d.wrong.HideAfter(p)
			continue
		}
		d.row(p.Value, to.Field(i), below)
	}
}

// rowName is what a row at a path is called in messages.
func rowName(path string) string {
	if path == "rows" {
		return "rows"
	}
	table, _, _ := strings.Cut(path[strings.LastIndexByte(path, '.')+1:], "[")
	return "a row of " + table
}

func (d *decoder) rowList(n *strictyaml.Node, to reflect.Value, path string) {
	if to.Type().Elem().Kind() == reflect.Uint8 {
		var text string
		d.rowText(n, reflect.ValueOf(&text).Elem(), path)
		to.SetBytes([]byte(text))
		return
	}
	d.list(n, to, path, d.row)
}

// rateLimits reads rate limits as settings have them, by their names.
func (d *decoder) rateLimits(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.List, path) {
		return
	}
	var limits gitlab.RateLimits
	for i, item := range n.Items {
		below := path + "[" + strconv.Itoa(i) + "]"
		if d.places[below] = item.Place; !d.want(item, strictyaml.Text, below) {
			continue
		}
		if err := limits.ParseRateLimit(item.Text); err != nil {
			d.report(below, item.Place, "%s", err)
		}
	}
	to.Set(reflect.ValueOf(limits))
}

// inBase64 is what text begins with that YAML cannot hold as it is. Text that begins so by itself is written so too.
const inBase64 = "base64:"

func (d *decoder) rowText(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Text, path) {
		return
	}
	text := d.unencoded(n, path)
	if words := rowWords[to.Type()]; words != nil && !slices.Contains(words, text) {
		d.report(path, n.Place, "%s cannot be %q%s", keyOf(path), text, strictyaml.Suggest(text, words, "; it can be "))
		return
	}
	to.SetString(text)
}

// unencoded is the text of a node as it was before textOf.
func (d *decoder) unencoded(n *strictyaml.Node, path string) string {
	encoded, is := strings.CutPrefix(n.Text, inBase64)
	if !is {
		return n.Text
	}
	plain, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		d.report(path, n.Place, "%s is not base64 behind %s", keyOf(path), inBase64)
	}
	return string(plain)
}

func (d *decoder) digest(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Text, path) {
		return
	}
	sum, err := hex.DecodeString(n.Text)
	if err != nil || len(sum) != to.Len() {
		d.wrong.Hide(n.Place)
		d.report(path, n.Place, "%s must be a SHA-256 in %d hexadecimal digits", keyOf(path), 2*to.Len())
		return
	}
	reflect.Copy(to, reflect.ValueOf(sum))
}

func (d *decoder) length(n *strictyaml.Node, to reflect.Value, path string) {
	if !d.want(n, strictyaml.Text, path) {
		return
	}
	length, err := time.ParseDuration(n.Text)
	if err != nil {
		d.report(path, n.Place, "%s must be a duration as 300ms", keyOf(path))
		return
	}
	to.SetInt(int64(length))
}

// setting reads the value of a setting as requests bring it.
func (d *decoder) setting(n *strictyaml.Node, to reflect.Value, path string) {
	switch n.Kind {
	case strictyaml.Boolean:
		to.Set(reflect.ValueOf(n.IsTrue()))
	case strictyaml.Number:
		var whole int64
		d.signed(n, reflect.ValueOf(&whole).Elem(), path)
		to.Set(reflect.ValueOf(whole))
	case strictyaml.List:
		texts := make([]string, len(n.Items))
		for i, item := range n.Items {
			texts[i] = d.unencoded(item, path+"["+strconv.Itoa(i)+"]")
		}
		to.Set(reflect.ValueOf(texts))
	default:
		to.Set(reflect.ValueOf(d.unencoded(n, path)))
	}
}

// rowOf is a value of a row as it is written.
func rowOf(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case time.Duration:
		return x.String()
	case gitlab.Choice:
		return x == gitlab.Yes
	case gitlab.RateLimits:
		return rowOf(reflect.ValueOf(x.Texts()))
	case []byte:
		return textOf(string(x))
	}
	switch v.Kind() {
	case reflect.Interface:
		return rowOf(v.Elem())
	case reflect.Struct:
		return structOf(v, rowKeys(v.Type()), rowOf)
	case reflect.Array, reflect.Slice:
		if v.Kind() == reflect.Array {
			return fmt.Sprintf("%x", v.Interface())
		}
		return listOf(v, rowOf)
	case reflect.Map:
		return mapOf(v, rowOf)
	case reflect.String:
		return textOf(v.String())
	}
	return v.Interface()
}

// textOf returns text in a form that YAML can hold, whatever it holds.
func textOf(text string) string {
	if !utf8.ValidString(text) || strings.HasPrefix(text, inBase64) {
		return inBase64 + base64.StdEncoding.EncodeToString([]byte(text))
	}
	return text
}
