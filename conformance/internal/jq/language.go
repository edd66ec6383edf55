package jq

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// functions are those that a filter can use, by name and number of arguments.
var functions = strings.Fields(`
	abs/0 add/0 all/0 all/1 all/2 any/0 any/1 any/2 arrays/0 ascii_downcase/0 ascii_upcase/0 booleans/0 capture/1
	capture/2 ceil/0 contains/1 del/1 empty/0 endswith/1 error/0 error/1 explode/0 first/0 first/1 flatten/0 flatten/1
	floor/0 from_entries/0 fromdate/0 fromjson/0 getpath/1 group_by/1 has/1 implode/0 in/1 inside/1 isempty/1
	iterables/0 join/1 keys/0 last/0 last/1 length/0 limit/2 ltrim/0 ltrimstr/1 map/1 map_values/1 match/1 match/2
	max/0 max_by/1 min/0 min_by/1 not/0 nth/1 nth/2 nulls/0 numbers/0 objects/0 path/1 paths/0 paths/1 range/1
	range/2 range/3 recurse/0 recurse/1 recurse/2 repeat/1 reverse/0 round/0 rtrim/0 rtrimstr/1 scalars/0 scan/1
	scan/2 select/1 skip/2 sort/0 sort_by/1 split/1 split/2 splits/1 splits/2 startswith/1 strings/0 sub/2 test/1
	test/2 to_entries/0 toboolean/0 todate/0 tojson/0 tonumber/0 tostring/0 trim/0 trimstr/1 trunc/0 type/0 unique/0
	unique_by/1 until/2 utf8bytelength/0 values/0 walk/1 while/2 with_entries/1 IN/1 IN/2`)

var formats = []string{"@text", "@json", "@html", "@uri", "@urid", "@csv", "@tsv", "@sh", "@base64", "@base64d"}

// leftOut are the functions of jq that a filter cannot use: those that look at what is around, that write, that make
// much of little, and those that nobody needs to look at an answer.
var leftOut = strings.Fields(`
	acos/0 acosh/0 add/1 asin/0 asinh/0 atan/0 atan2/2 atanh/0 bsearch/1 builtins/0 cbrt/0 combinations/0
	combinations/1 copysign/2 cos/0 cosh/0 debug/0 debug/1 delpaths/1 drem/2 env/0 erf/0 erfc/0 exp/0 exp10/0 exp2/0
	expm1/0 fabs/0 fdim/2 finites/0 fma/3 fmax/2 fmin/2 fmod/2 format/1 frexp/0 fromdateiso8601/0 fromstream/1 gamma/0
	get_search_list/0 gmtime/0 gsub/2 gsub/3 halt/0 halt_error/0 halt_error/1 hypot/2 index/1 indices/1 infinite/0
	input/0 input_filename/0 input_line_number/0 inputs/0 INDEX/1 INDEX/2 isfinite/0 isinfinite/0 isnan/0 isnormal/0
	j0/0 j1/0 jn/2 JOIN/2 JOIN/3 JOIN/4 ldexp/2 lgamma/0 localtime/0 log/0 log10/0 log1p/0 log2/0 logb/0 mktime/0
	modf/0 modulemeta/0 nan/0 nearbyint/0 nextafter/2 nexttoward/2 normals/0 now/0 pick/1 pow/2 remainder/2 rindex/1
	rint/0 scalb/2 scalbln/2 setpath/2 significand/0 sin/0 sinh/0 sqrt/0 stderr/0 strflocaltime/1 strftime/1
	strptime/1 sub/3 tan/0 tanh/0 tgamma/0 todateiso8601/0 tostream/0 transpose/0 truncate_stream/1 y0/0 y1/0 yn/2`)

// reading checks a filter that is parsed, and changes it so that its work is counted.
type reading struct {
	source string
	given  []string
	used   []string
	names  []Name
}

func (r *reading) query(q *gojq.Query) error {
	if err := visit(reflect.ValueOf(q), r.kind); err != nil {
		return err
	}
	return visit(reflect.ValueOf(q), r.part)
}

// visit calls a function for every part of a filter, the inner ones first.
func visit(v reflect.Value, part func(any) error) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if err := visit(v.Elem(), part); err != nil {
			return err
		}
		return part(v.Interface())
	case reflect.Struct:
		for i := range v.NumField() {
			if err := visit(v.Field(i), part); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := visit(v.Index(i), part); err != nil {
				return err
			}
		}
	}
	return nil
}

// kind refuses the kinds of parts that a filter here does not have.
func (r *reading) kind(part any) error {
	switch part := part.(type) {
	case *gojq.Import:
		return errors.New("a filter here is one on its own, without import and include")
	case *gojq.FuncDef:
		return fmt.Errorf("a filter here has no functions of its own: def %s", part.Name)
	case *gojq.Pattern:
		return r.binding(part.Name)
	case *gojq.PatternObject:
		return r.binding(part.Key)
	case *gojq.Query:
		if part.Op >= gojq.OpAssign {
			return fmt.Errorf("a filter here changes nothing: it cannot have %s; == compares", part.Op)
		}
	}
	return nil
}

// part checks the names in a part, and has it count its work.
func (r *reading) part(part any) error {
	switch part := part.(type) {
	case *gojq.ObjectKeyVal:
		if part.Key == Variables {
			return errNameless
		}
		if strings.HasPrefix(part.Key, "$") {
			return r.variable(part.Key)
		}
	case *gojq.Func:
		if strings.HasPrefix(part.Name, "$") {
			return r.variable(part.Name)
		}
		return r.function(part)
	case *gojq.Term:
		return r.term(part)
	case *gojq.Query:
		count(part)
	}
	return nil
}

var errNameless = errors.New(Variables + " needs the name of a variable behind it, as in $variables.check.qa.id")

// binding refuses that a given name gets another value.
func (r *reading) binding(name string) error {
	if name == account || slices.Contains(r.given, name) || name == Variables {
		return fmt.Errorf("the name %s is taken", name)
	}
	return nil
}

func (r *reading) variable(name string) error {
	if name == account || name == "$ENV" {
		return fmt.Errorf("variable not defined: %s", name)
	}
	if slices.Contains(r.given, name) && !slices.Contains(r.used, name) {
		r.used = append(r.used, name)
	}
	return nil
}

func (r *reading) function(f *gojq.Func) error {
	called := f.Name + "/" + strconv.Itoa(len(f.Args))
	if !slices.Contains(functions, called) {
		return r.unknown(f.Name, called)
	}
	if slices.Contains(squared, called) {
		f.Args[0] = counting(weighFunction, f.Args[0])
	}
	if slices.Contains(compared, called) {
		for i := range f.Args {
			f.Args[i] = then(f.Args[i], counting(madeFunction))
		}
	}
	return nil
}

var chain = lazy.Regexp(`^[\w.\[\]]+$`)

// unknown says what is wrong with a function, and what somebody may have meant who writes another language.
func (r *reading) unknown(name, called string) error {
	if slices.Contains(leftOut, called) {
		return fmt.Errorf("jq's %s cannot be used here", called)
	}
	var names []string
	for _, known := range functions {
		known, _, _ = strings.Cut(known, "/")
		names = append(names, known)
	}
	hint := strictyaml.DidYouMean(name, names)
	switch {
	case name == "value":
		hint = ": the value itself is a dot"
	case name == "variable":
		hint = ": variables are written as in $variables.check.qa.id"
	case name == "len":
		hint = ": it is . | length"
	case slices.Contains(r.given, "$"+name):
		hint = fmt.Sprintf(": write $%s", name)
	case name == "body" || name == "status" || name == "headers":
		hint = ": a filter begins with a dot, as in ." + name
		if chain().MatchString(r.source) {
			hint = ": a filter begins with a dot: ." + r.source
		}
	case slices.Contains(names, name):
		hint = " with so many arguments; they are parted by semicolons"
	}
	return fmt.Errorf("there is no function %s%s", called, hint)
}

// term reads the variables' names: $variables.check[$key].id becomes a call with the parts of the name.
func (r *reading) term(t *gojq.Term) error {
	if t.Type == gojq.TermTypeFormat && !slices.Contains(formats, t.Format) {
		return fmt.Errorf("there is no format %s%s", t.Format, strictyaml.DidYouMean(t.Format, formats))
	}
	if t.Func == nil || t.Func.Name != Variables || !slices.Contains(r.given, Variables) {
		return nil
	}
	var name []string
	args, open := []*gojq.Query{variableNamed(account)}, false
	for len(t.SuffixList) > 0 && t.SuffixList[0].Index != nil && !t.SuffixList[0].Index.IsSlice && len(args) < 20 {
		key, text, fixed := keyOf(t.SuffixList[0].Index)
		if open = open || !fixed; !open {
			name = append(name, text)
		}
		args, t.SuffixList = append(args, key), t.SuffixList[1:]
	}
	if len(args) == 1 {
		return errNameless
	}
	r.names = append(r.names, Name{Text: strings.Join(name, "."), Open: open})
	t.Func = &gojq.Func{Name: lookupFunction, Args: args}
	return nil
}

// keyOf is the key of an index as a filter, and as a text if it is written out.
func keyOf(i *gojq.Index) (key *gojq.Query, text string, fixed bool) {
	switch {
	case i.Name != "":
		return textQuery(i.Name), i.Name, true
	case i.Str != nil:
		return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeString, Str: i.Str}}, i.Str.Str, i.Str.Queries == nil
	}
	if t := i.Start.Term; t != nil && len(t.SuffixList) == 0 {
		switch {
		case t.Type == gojq.TermTypeString:
			return i.Start, t.Str.Str, t.Str.Queries == nil
		case t.Type == gojq.TermTypeNumber:
			return i.Start, t.Number, true
		}
	}
	return i.Start, "", false
}
