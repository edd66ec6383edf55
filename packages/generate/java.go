package main

import (
	"fmt"
	"regexp"
	"strings"
)

var wordStart = regexp.MustCompile(`_[a-z]`)

// camel is a name as Java writes it: delivery_id is deliveryId.
func camel(name string) string {
	return wordStart.ReplaceAllStringFunc(name, func(s string) string { return strings.ToUpper(s[1:]) })
}

// javaPath is the path of an operation as an expression.
func javaPath(o operation) string {
	made := fmt.Sprintf("%q", o.Path)
	for _, p := range o.Paths {
		made = strings.ReplaceAll(made, "{"+p+"}", `" + MockGitLab.encoded(`+camel(p)+`) + "`)
	}
	return strings.TrimSuffix(made, ` + ""`)
}
