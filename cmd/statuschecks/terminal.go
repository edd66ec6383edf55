package main

import (
	"io"
	"os"
	"strings"
)

// colored tells whether the report has colours: as --color says, else as the environment does, else on a terminal.
func (o *verifyOptions) colored(sys system, w io.Writer) bool {
	if o.color.value != "auto" {
		return o.color.value == "always"
	}
	switch {
	case sys.variable("NO_COLOR") != "":
		return false
	case sys.variable("CLICOLOR_FORCE") != "" && sys.variable("CLICOLOR_FORCE") != "0":
		return true
	case sys.variable("CLICOLOR") == "0" || sys.variable("TERM") == "dumb":
		return false
	}
	return isTerminal(w)
}

// variable is the value of an environment variable; empty when it is not set.
func (s system) variable(name string) string {
	for _, entry := range s.environ {
		if value, is := strings.CutPrefix(entry, name+"="); is {
			return value
		}
	}
	return ""
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && info.Mode()&os.ModeDevice != 0 &&
		file.Name() != os.DevNull
}
